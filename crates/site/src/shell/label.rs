//! A label as it is written on pages: its TLP in capitals and the name of its color.

use std::fmt;

use policy::Label;

/// `TLP:AMBER`, and the name of its color. It writes itself, as the banner of FIRST: black ground, capitals.
#[derive(Debug, Clone)]
pub struct Tlp {
    /// As it is written.
    pub text: String,
    /// The name of its color.
    pub class: &'static str,
}

impl Tlp {
    /// How a TLP is written.
    pub fn of(tlp: policy::Tlp) -> Self {
        let color = match tlp.name() {
            "CLEAR" => "clear",
            "GREEN" => "green",
            "RED" => "red",
            _ => "amber",
        };
        Self {
            text: tlp.to_string(),
            class: color,
        }
    }

    /// The stricter of two. What is no TLP counts as the strictest (rule 3).
    pub(crate) fn or_stricter(self, other: Self) -> Self {
        let strict = |one: &Self| one.text.parse().unwrap_or(policy::Tlp::Red);
        if strict(&other) > strict(&self) {
            other
        } else {
            self
        }
    }

    /// Whether what is shown under the first label may say what stands under the second: both together go as far, to the same, and as long.
    pub(crate) fn serves(shown: &Label, said: &Label) -> bool {
        policy::combine([shown, said]).is_some_and(|both| both == *shown)
    }

    /// Rule 5: the strictest of these labels. What shows no record is for this node's own people.
    pub fn strictest<'a>(labels: impl IntoIterator<Item = &'a Label>) -> Self {
        let label = policy::combine(labels);
        Self::of(label.map_or(policy::Tlp::AmberStrict, |label| label.class.tlp()))
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, class } = self;
        write!(f, "<strong class=\"tlp {class}\">{text}</strong>")
    }
}

impl askama::filters::HtmlSafe for Tlp {}
