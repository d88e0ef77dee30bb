//! What a text says, as it was read or corrected: the form in which examples for the reader of texts are annotated.
//! Invariant: offsets are Unicode code points of the reading's text, end exclusive.

use serde::{Deserialize, Serialize};

/// A text, read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The name of the form.
    pub schema: String,
    /// The name of the document.
    pub doc: String,
    /// Its language.
    pub language: String,
    /// Its title.
    pub title: Option<String>,
    /// Its genre.
    pub kind: String,
    /// When and where it was.
    pub event: HeardEvent,
    /// The date of the dateline.
    pub published: Option<String>,
    /// The series.
    pub series: HeardSeries,
    /// Who holds the dialogue.
    pub parties: Vec<String>,
    /// Who observes.
    pub observers: Vec<String>,
    /// Who is named.
    pub persons: Vec<HeardPerson>,
    /// Bodies, treaties and initiatives.
    pub mentions: Vec<String>,
    /// The next meeting.
    pub next_meeting: Option<HeardNext>,
    /// The clauses of the body.
    pub statements: Vec<Said>,
}

/// Time and place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardEvent {
    /// First day.
    pub start: Option<String>,
    /// Last day.
    pub end: Option<String>,
    /// City.
    pub place: Option<String>,
}

/// The series and the number in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardSeries {
    /// Its key.
    pub id: Option<String>,
    /// The number.
    pub ordinal: Option<u32>,
}

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardPerson {
    /// The name.
    pub name: String,
    /// The office.
    pub role: Option<String>,
    /// The side.
    pub side: Option<String>,
}

/// The next meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeardNext {
    /// Where.
    pub place: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Its number.
    pub ordinal: Option<u32>,
}

/// A clause.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `s01`, in the order of the text.
    pub id: String,
    /// First code point.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The words.
    pub text: String,
    /// What they do.
    pub act: String,
    /// Who does it.
    pub actors: Vec<String>,
    /// What it is about.
    pub topics: Vec<String>,
    /// 1 to 3.
    pub strength: u32,
    /// By when.
    pub due: Option<String>,
    /// For whom.
    pub beneficiary: Option<String>,
    /// The person quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// Set by a person who leaves the clause out of the register; no part of an annotated example.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
}

impl Heard {
    /// As an annotated example: what the register leaves out is still part of the text.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn annotation(&self) -> anyhow::Result<String> {
        let mut example = self.clone();
        for said in &mut example.statements {
            said.left_out = false;
        }
        Ok(serde_json::to_string_pretty(&example)?)
    }
}
