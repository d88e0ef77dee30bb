//! TLP is not classification: what is marked above the node's ceiling is refused before it is stored (rule 10).
//!
//! Invariant: whoever asks keeps nothing of what this room refuses: no quarantine, no log, no excerpt in an answer.

use stix::{Kind, Object, View};

use crate::config::Ceiling;
use crate::node::Node;
use crate::seal::RECORDS_EXTENSION_ID;

/// Marked with a classification that this node may not hold: nothing of it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is marked with a classification that this node may not hold; nothing of it was kept")]
pub struct Above;

impl Node {
    /// The words by which text is known that is above the ceiling: whoever keeps what somebody typed or brought asks them first.
    pub fn ceiling(&self) -> Banner {
        self.banner().clone()
    }

    /// Lets text through that may be kept here.
    ///
    /// # Errors
    /// [`Above`].
    pub fn may_hold(&self, text: &str) -> Result<(), Above> {
        match self.banner().marks(text) {
            true => Err(Above),
            false => Ok(()),
        }
    }
}

/// The ceiling with its words folded, ready to compare.
#[derive(Debug, Clone)]
pub struct Banner {
    words: Vec<String>,
    properties: Vec<String>,
}

impl Banner {
    pub(crate) fn new(ceiling: &Ceiling) -> Self {
        let mut words: Vec<String> = ceiling.words.iter().map(|word| fold(word)).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            words,
            properties: ceiling.properties.clone(),
        }
    }

    /// No ceiling.
    pub(crate) fn none() -> Self {
        Self {
            words: Vec::new(),
            properties: Vec::new(),
        }
    }

    /// Whether the object carries a classification above the ceiling: as a property, on its own or in an extension, as a marking
    /// statement, or as the first or last line of a text.
    pub(crate) fn is_above(&self, object: &Object<'_>) -> bool {
        let view = object.view();
        let own = view
            .member("extensions")
            .and_then(|all| all.member(RECORDS_EXTENSION_ID));
        // What is ours keeps its words in members of its own.
        if own.is_some() && self.is_within(view) {
            return true;
        }
        view.members().any(|(key, value)| match &*key {
            "extensions" => value
                .members()
                .any(|(_, extension)| self.carries(extension)),
            "definition" => value
                .member("statement")
                .is_some_and(|text| self.is_banner(text)),
            "description" | "name" | "content" | "abstract" | "statement" | "labels" => {
                self.is_marked(value)
            }
            // What is said anew in other languages, or why somebody thinks so.
            "contents" | "explanation" => self.is_within(value),
            _ => self.is_property(&key) && self.is_banner(value),
        })
    }

    /// Whether a text has a banner: alone on its first or last line.
    pub fn marks(&self, text: &str) -> bool {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next();
        first.is_some_and(|line| self.is_alone(line))
            || lines.next_back().is_some_and(|line| self.is_alone(line))
    }

    /// Whether anything that is said in it, however deep, has a banner.
    fn is_within(&self, value: View<'_>) -> bool {
        match value.kind() {
            Kind::Object => value.members().any(|(key, within)| {
                self.is_within(within) || (self.is_property(&key) && self.is_banner(within))
            }),
            Kind::List => value.items().any(|item| self.is_within(item)),
            _ => value.string().is_some_and(|text| self.marks(&text)),
        }
    }

    fn carries(&self, extension: View<'_>) -> bool {
        extension.kind() == Kind::Object
            && extension
                .members()
                .any(|(key, value)| self.is_property(&key) && self.is_banner(value))
    }

    fn is_property(&self, key: &str) -> bool {
        self.properties
            .iter()
            .any(|property| property.eq_ignore_ascii_case(key))
    }

    fn is_banner(&self, value: View<'_>) -> bool {
        value.string().is_some_and(|text| self.begins(&text))
    }

    /// A banner stands alone on the first or the last line of a text that has several, or is one of its labels.
    fn is_marked(&self, value: View<'_>) -> bool {
        if value.kind() == Kind::List {
            return value
                .items()
                .any(|item| item.string().is_some_and(|text| self.is_alone(&text)));
        }
        value.string().is_some_and(|text| self.marks(&text))
    }

    fn begins(&self, text: &str) -> bool {
        let text = fold(text);
        self.words.iter().any(|word| {
            text.strip_prefix(word.as_str())
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
    }

    /// The words and nothing but caveats after them, such as `SECRET//NOFORN` or `SECRET DÉFENSE – SPÉCIAL FRANCE`, in capitals.
    fn is_alone(&self, line: &str) -> bool {
        let line = line.trim().trim_matches(|c: char| !c.is_alphanumeric());
        line.chars().count() <= 80 && !line.chars().any(char::is_lowercase) && self.begins(line)
    }
}

/// Capitals without accents, single blanks.
fn fold(text: &str) -> String {
    let plain = text.chars().flat_map(char::to_uppercase).map(|c| match c {
        'À' | 'Â' | 'Ä' => 'A',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'Î' | 'Ï' => 'I',
        'Ô' | 'Ö' => 'O',
        'Ù' | 'Û' | 'Ü' => 'U',
        'Ç' => 'C',
        '_' | '-' | '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    });
    plain
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use stix::Limits;

    #[test]
    fn what_is_above_is_seen_and_what_is_not_is_left_alone() {
        let banner = Banner::new(&Ceiling::default());
        for (rest, above) in [
            (r#""x":1"#, false),
            (r#""classification":"SECRET""#, true),
            (r#""classification":"secret-defense""#, true),
            (r#""classification":"Très secret""#, true),
            (r#""classification":"UNCLASSIFIED""#, false),
            (r#""classification":"RESTRICTED""#, false),
            (
                r#""extensions":{"extension-definition--a":{"x_classification":"NATO SECRET"}}"#,
                true,
            ),
            (r#""description":"SECRET//NOFORN\nThe pump failed.""#, true),
            (
                r#""description":"The pump failed.\nSECRET DÉFENSE – SPÉCIAL FRANCE""#,
                true,
            ),
            (
                r#""description":"Secret keys are rotated every year.""#,
                false,
            ),
            (r#""description":"A secret""#, false),
            (r#""name":"SECRETARIAT OF THE UNION""#, false),
            (r#""labels":["SECRET"]"#, true),
            (r#""labels":["phishing"]"#, false),
        ] {
            let raw = format!(
                r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000000",{rest}}}"#
            );
            let object = stix::check(raw.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(banner.is_above(&object), above, "{rest}");
        }
    }
}
