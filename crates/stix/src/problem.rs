//! What is wrong with an input, where, and by which rule. Invariant: a message never repeats more than 80 characters of the input.

use std::fmt;

/// The rule that an input broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// Not JSON (RFC 8259).
    Json,
    /// Not UTF-8, or half of a surrogate pair (RFC 7493 §2.1).
    Encoding,
    /// The same key twice in one object (RFC 7493 §2.3).
    DuplicateKey,
    /// Nested too deeply.
    Depth,
    /// Too many bytes.
    Size,
    /// Too many objects in one envelope or bundle.
    Count,
    /// Too many references in one object.
    References,
    /// A number that no double can hold, such as `1e999`.
    Number,
    /// Neither an envelope, nor a bundle, nor an object.
    Container,
    /// A required property is missing.
    Required,
    /// A property has the wrong JSON type.
    Type,
    /// Not an identifier (STIX 2.1 §2.9).
    Identifier,
    /// Not a timestamp (STIX 2.1 §2.16).
    Timestamp,
    /// `id` and `type` name different types.
    TypeMismatch,
    /// A value that the standard does not allow in this place.
    Value,
    /// A property that the standard does not know here.
    UnknownProperty,
    /// A reference to a type of object that the standard does not allow here.
    ReferenceType,
    /// Not a STIX pattern (STIX 2.1 §9).
    Pattern,
}

impl Rule {
    /// The short code that logs, receipts and JSON output carry; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Encoding => "encoding",
            Self::DuplicateKey => "duplicate-key",
            Self::Depth => "depth",
            Self::Size => "size",
            Self::Count => "count",
            Self::References => "references",
            Self::Number => "number",
            Self::Container => "container",
            Self::Required => "required",
            Self::Type => "type",
            Self::Identifier => "identifier",
            Self::Timestamp => "timestamp",
            Self::TypeMismatch => "type-mismatch",
            Self::Value => "value",
            Self::UnknownProperty => "unknown-property",
            Self::ReferenceType => "reference-type",
            Self::Pattern => "pattern",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One thing that is wrong: where, by which rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// JSON pointer (RFC 6901) into the input; empty for the whole of it.
    pub pointer: String,
    /// The rule broken.
    pub rule: Rule,
    /// One English sentence without a trailing dot.
    pub message: String,
}

impl Problem {
    /// A problem at `pointer`.
    #[must_use]
    pub fn new(pointer: impl Into<String>, rule: Rule, message: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            rule,
            message: message.into(),
        }
    }

    /// The same problem seen from outside: `prefix` (a JSON pointer such as `/objects/7`) comes before its pointer.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            write!(f, "{} [{}]", self.message, self.rule)
        } else {
            write!(f, "{}: {} [{}]", self.pointer, self.message, self.rule)
        }
    }
}

impl std::error::Error for Problem {}

/// Why an object was refused: at least one [`Problem`], the first in the text first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// All of them, or `None` when there are none.
    #[must_use]
    pub fn from_vec(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self(problems))
    }

    /// The list itself.
    #[must_use]
    pub fn into_vec(self) -> Vec<Problem> {
        self.0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl std::ops::Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The beginning of `text` for a message: at most 80 characters, controls and directional marks made visible.
pub(crate) fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == 60 || out.len() > 70 {
            out.push('…');
            break;
        }
        let hidden = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if hidden {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}
