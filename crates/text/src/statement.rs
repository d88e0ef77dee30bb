//! What a reading gives: the record `entente-statement/1`, field for field as it is written to JSON.
//! Invariant: offsets are Unicode code points of the decoded source, end exclusive, and `text` is the untouched source between them.

use serde::Serialize;

/// The name of the record format.
pub const SCHEMA: &str = "entente-statement/1";

/// One text, read.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Statement {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The name of the document, without folder and extension.
    pub doc: String,
    /// ISO 639-1 code of the language.
    pub language: String,
    /// The document's own title.
    pub title: Option<String>,
    /// What sort of text this is.
    pub kind: Kind,
    /// When and where the parties met.
    pub event: Event,
    /// The date of the dateline.
    pub published: Option<String>,
    /// The series of meetings to which this one belongs.
    pub series: Series,
    /// Those who hold the dialogue or adopt the text.
    pub parties: Vec<String>,
    /// Those who are called observers.
    pub observers: Vec<String>,
    /// Persons named in the text.
    pub persons: Vec<Person>,
    /// Bodies, treaties and initiatives: a registry id, or the name as printed.
    pub mentions: Vec<String>,
    /// The meeting that the text announces.
    pub next_meeting: Option<NextMeeting>,
    /// Every clause of the body.
    pub statements: Vec<Clause>,
}

/// The genre of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A joint account of a dialogue in the third person.
    #[default]
    DialogueStatement,
    /// One side's news, or a text that quotes officials.
    PressRelease,
    /// An adopted text that speaks as "we".
    Declaration,
    /// The account of an exercise or a scenario discussion.
    ExerciseReport,
}

/// Time and place of the meeting, as far as the body says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Event {
    /// First day: ISO, perhaps partial.
    pub start: Option<String>,
    /// Last day.
    pub end: Option<String>,
    /// English name of the city.
    pub place: Option<String>,
}

/// A series of meetings and the place of this one in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Series {
    /// Party ids, sorted and joined, then `:cyber-dialogue`.
    pub id: Option<String>,
    /// 1 for the first meeting.
    pub ordinal: Option<u32>,
}

/// A person and what the text says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name as printed, without honorific.
    pub name: String,
    /// The office as printed.
    pub role: Option<String>,
    /// The participant for whom they speak.
    pub side: Option<String>,
}

/// The next meeting, as announced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NextMeeting {
    /// English name of the city.
    pub place: Option<String>,
    /// ISO, perhaps partial, `~` for about.
    pub date: Option<String>,
    /// Its number in the series.
    pub ordinal: Option<u32>,
}

/// What a clause does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Takes on a future act of its own.
    Commitment,
    /// States again what was held before.
    Reaffirmation,
    /// Judges, values, asserts a norm.
    Position,
    /// Tells a fact.
    Report,
    /// Wants others to act.
    Invitation,
    /// Is pleased.
    Welcome,
}

impl Act {
    /// The act of that name in data files and records.
    pub fn named(name: &str) -> Option<Act> {
        Some(match name {
            "commitment" => Act::Commitment,
            "reaffirmation" => Act::Reaffirmation,
            "position" => Act::Position,
            "report" => Act::Report,
            "invitation" => Act::Invitation,
            "welcome" => Act::Welcome,
            _ => return None,
        })
    }
}

/// One clause of the body with one act.
#[derive(Clone, Debug, Serialize)]
pub struct Clause {
    /// `s01`, `s02`, in the order of the text.
    pub id: String,
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The source between them.
    pub text: String,
    /// What it does.
    pub act: Act,
    /// Who does it.
    pub actors: Vec<String>,
    /// What it is about, one to five registry topics.
    pub topics: Vec<String>,
    /// 1 weak, 2 middle, 3 firm.
    pub strength: u8,
    /// The time given for the act.
    pub due: Option<String>,
    /// For whom it is done.
    pub beneficiary: Option<String>,
    /// The person quoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
}
