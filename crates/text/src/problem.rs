//! What went wrong in a reading, and why it found what it found.
//! Invariant: a problem never stops a reading that can go on; it stands beside the result.

use serde::Serialize;

/// A range of the source in code points, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// Something that the reader of the result should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A short code that stays the same.
    pub code: &'static str,
    /// The same in words.
    pub message: String,
    /// Where, if it is one place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// Why something was found: for `--explain`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What was found.
    pub what: String,
    /// The rule, as its data file has it.
    pub rule: String,
    /// The words that triggered it.
    pub cue: String,
    /// Where they stand.
    pub span: Span,
    /// 0 to 1.
    pub confidence: f32,
}

/// Why a document could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A language for which there are no files.
    Language(String),
    /// The file is not what its format says, or is damaged.
    Damaged(String),
    /// The file unpacks to more than is allowed.
    TooLarge(String),
    /// There is no text in it, for example a scanned page.
    Empty,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Language(name) => write!(
                f,
                "the text is in {name}; only English and French can be read"
            ),
            Failure::Damaged(why) => write!(f, "the file cannot be read: {why}"),
            Failure::TooLarge(why) => write!(f, "the file is too large: {why}"),
            Failure::Empty => f.write_str("the file holds no text"),
        }
    }
}

impl std::error::Error for Failure {}
