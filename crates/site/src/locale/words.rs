//! The words of one language, as templates and handlers ask for them.

use std::fmt;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// Stands in a formatted number for the language's sign between thousands, until the language is known.
pub(super) const GROUP: char = '\u{f8f0}';
/// The same for its decimal sign.
const DECIMAL: char = '\u{f8f1}';

pub(super) struct Bundle {
    pub(super) tag: String,
    pub(super) direction: String,
    pub(super) group: String,
    pub(super) decimal: String,
    pub(super) fluent: FluentBundle<FluentResource>,
}

/// One language. All clones are one.
#[derive(Clone)]
pub struct Words {
    own: Arc<Bundle>,
    english: Arc<Bundle>,
}

/// Something that a text has a place for.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    /// A number, which chooses between singular and plural and is written as the language has it.
    Number(f64),
    /// A text, which stands as it is.
    Text(String),
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl From<$number> for Arg {
            fn from(number: $number) -> Self {
                Self::Number(number as f64)
            }
        }
        impl From<&$number> for Arg {
            fn from(number: &$number) -> Self {
                Self::Number(*number as f64)
            }
        }
    )* };
}
numbers!(usize, u64, i64, u32, i32, u16, u8, f64);

macro_rules! texts {
    ($($text:ty),*) => { $(
        impl From<$text> for Arg {
            fn from(text: $text) -> Self {
                Self::Text(text.to_string())
            }
        }
    )* };
}
texts!(
    &str,
    &&str,
    String,
    &String,
    &&String,
    crate::Tlp,
    &crate::Tlp
);

impl Words {
    pub(super) fn new(own: Arc<Bundle>, english: Arc<Bundle>) -> Self {
        Self { own, english }
    }

    /// A language without words.
    pub(super) fn none() -> Self {
        let none = Arc::new(Bundle {
            tag: "und".to_owned(),
            direction: "ltr".to_owned(),
            group: String::new(),
            decimal: ".".to_owned(),
            fluent: FluentBundle::new_concurrent(Vec::new()),
        });
        Self::new(Arc::clone(&none), none)
    }

    /// The tag of the language, as `lang` attributes have it.
    pub fn tag(&self) -> &str {
        &self.own.tag
    }

    /// `ltr` or `rtl`.
    pub fn direction(&self) -> &str {
        &self.own.direction
    }

    /// The language without its place or script: of `fr-CA`, `fr`.
    pub fn language(&self) -> &str {
        self.tag().split('-').next().unwrap_or_default()
    }

    /// Whether there is a text of this key, in this language or in the one that stands in for it.
    pub fn has(&self, key: &str) -> bool {
        self.own.fluent.has_message(key) || self.english.fluent.has_message(key)
    }

    /// A text.
    pub fn t(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// A text with one place.
    pub fn t1(&self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        self.with(key, &[(name, value.into())])
    }

    /// A text with two places.
    pub fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl Into<Arg>,
        name2: &str,
        value2: impl Into<Arg>,
    ) -> String {
        self.with(key, &[(name, value.into()), (name2, value2.into())])
    }

    /// A text with three places.
    #[expect(
        clippy::too_many_arguments,
        reason = "three pairs read better in a template than a list of pairs"
    )]
    pub fn t3(
        &self,
        key: &str,
        name: &str,
        value: impl Into<Arg>,
        name2: &str,
        value2: impl Into<Arg>,
        name3: &str,
        value3: impl Into<Arg>,
    ) -> String {
        self.with(
            key,
            &[
                (name, value.into()),
                (name2, value2.into()),
                (name3, value3.into()),
            ],
        )
    }

    /// A text with its places filled. A key that no language has is shown in marks, so that it is seen.
    pub fn with(&self, key: &str, places: &[(&str, Arg)]) -> String {
        let mut args = FluentArgs::with_capacity(places.len());
        for (name, value) in places {
            let value: FluentValue<'_> = match value {
                Arg::Number(number) => FluentNumber::new(*number, Default::default()).into(),
                Arg::Text(text) => FluentValue::String(text.as_str().into()),
            };
            args.set(*name, value);
        }
        let written = written(&self.own, key, &args).or_else(|| written(&self.english, key, &args));
        written.map_or_else(|| format!("⟨{key}⟩"), |text| self.figures(text))
    }

    /// A number as the language writes it.
    pub fn figure(&self, number: impl Into<Arg>) -> String {
        match number.into() {
            Arg::Number(value) => self.figures(digits(value)),
            Arg::Text(text) => text,
        }
    }

    fn figures(&self, text: String) -> String {
        if text.contains([GROUP, DECIMAL]) {
            text.replace(GROUP, &self.own.group)
                .replace(DECIMAL, &self.own.decimal)
        } else {
            text
        }
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.tag()).finish()
    }
}

fn written(bundle: &Bundle, key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let pattern = bundle.fluent.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = bundle
        .fluent
        .format_pattern(pattern, Some(args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(key, language = bundle.tag, ?errors, "locale.unfilled");
    }
    Some(text.into_owned())
}

/// How fluent writes a number of ours: with placeholders for the language's signs, which it doesn't pass on.
pub(super) fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(digits(number.value)),
        _ => None,
    }
}

fn digits(value: f64) -> String {
    let plain = format!("{value}");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) => ("\u{2212}", whole),
        None => ("", whole),
    };
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(DECIMAL);
        text.push_str(fraction);
    }
    text
}
