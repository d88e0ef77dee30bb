//! From a document to meaning: HTML, PDF and DOCX to text, and diplomatic prose to who promised what.
//!
//! It is a set of small stages, each with its table of examples: decode, layout, language, segment, clause, act, name, date,
//! person, party, event, topic. It is *not* a language model, learns nothing and guesses nothing that the text does not print.
//! What it knows of a language stands in `data/<language>/*.txt`, of names in `data/names/*.txt`.
//!
//! ```
//! let text = "The EU and Japan met in Brussels on 11 June 2019. They agreed to meet again in Tokyo in 2020.";
//! let reading = text::read(text.as_bytes(), &text::Options::named("example")).unwrap();
//! assert_eq!(reading.statement.statements[1].act, text::Act::Commitment);
//! ```
//!
//! Pure: no files, network, clock or randomness. PDF and DOCX parsers are others' code; run [`read`] for them in a process of
//! limited memory and time, as `entente read` does.

mod about;
mod act;
mod actor;
mod attendance;
mod beneficiary;
mod body;
mod bystander;
mod calendar;
mod clause;
mod column;
mod context;
mod coordinate;
mod date;
mod decode;
mod delegation;
mod document;
mod docx;
mod due;
mod english;
mod event;
mod format;
mod french;
mod future;
mod genre;
mod given;
mod hash;
mod html;
mod inflect;
mod interview;
mod language;
mod layout;
mod lead;
mod lexicon;
mod line;
mod meeting;
mod name;
mod news;
mod observer;
mod office;
mod party;
mod pattern;
mod pdf;
mod person;
mod place;
mod predicate;
mod problem;
mod quotation;
mod record;
mod roster;
mod segment;
mod series;
mod side;
mod signatory;
mod signature;
mod statement;
mod title;
mod token;
mod topic;

pub use format::Format;
pub use name::{bodies, state_codes, state_named};
pub use problem::{Failure, Finding, Problem, Span};
pub use statement::{Act, Clause, Event, Kind, NextMeeting, Person, SCHEMA, Series, Statement};

/// Bytes of text that are read as one statement at most.
const LONGEST: usize = 4 << 20;

/// How to read a document.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Its format; guessed from the bytes when not given.
    pub format: Option<Format>,
    /// Its name, without folder and extension; becomes `doc`.
    pub name: String,
}

impl Options {
    /// Options for a document of that name, the format guessed.
    #[must_use]
    pub fn named(name: &str) -> Options {
        Options {
            format: None,
            name: name.to_owned(),
        }
    }
}

/// A document, read.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Reading {
    /// The record.
    pub statement: Statement,
    /// What the reader of the record should know.
    pub problems: Vec<Problem>,
    /// Why each thing was found.
    pub findings: Vec<Finding>,
    /// The text to which spans refer: the decoded source of plain text, else the readable text.
    #[serde(skip)]
    pub text: String,
}

/// Reads a document.
///
/// # Errors
/// When there is no text in it, it is in a language that has no files here, or the file is damaged or too large.
pub fn read(bytes: &[u8], options: &Options) -> Result<Reading, Failure> {
    let mut problems = Vec::new();
    let text = format::text(bytes, options.format, &mut problems)?;
    read_text(text, &options.name, problems)
}

/// Reads a text that was taken out of its file already.
///
/// # Errors
/// When it is empty or in a language that has no files here.
pub fn read_text(text: String, name: &str, mut problems: Vec<Problem>) -> Result<Reading, Failure> {
    if !text.chars().any(char::is_alphanumeric) {
        return Err(Failure::Empty);
    }
    if text.len() > LONGEST {
        return Err(Failure::TooLarge(format!(
            "its text is longer than {} MiB; a statement is a few pages",
            LONGEST >> 20
        )));
    }
    let lexicon = language::detect(&text).map_err(Failure::Language)?;
    let outcome = record::read(&text, lexicon, name);
    problems.extend(outcome.problems);
    Ok(Reading {
        statement: outcome.statement,
        problems,
        findings: outcome.findings,
        text,
    })
}

/// The readable text of a document, with its layout cleaned.
///
/// # Errors
/// When there is no text in it, or the file is damaged or too large.
pub fn plain(bytes: &[u8], format: Option<Format>) -> Result<String, Failure> {
    format::text(bytes, format, &mut Vec::new())
}
