//! What a command sees of the person or program that called it: lines, one JSON document, progress, files, a secret.
//!
//! Invariant: a command touches neither the terminal nor the caller's files itself, so that it runs alike in the caller's
//! process and, over the control socket, in the node's.

mod progress;
mod stop;
mod terminal;

use std::fmt;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

pub(crate) use stop::INTERRUPTED;
pub(crate) use terminal::Terminal;

/// The fewest bytes of a secret that somebody chose.
pub(crate) const SHORTEST_SECRET: usize = 8;
/// The most bytes of a secret on standard input.
pub(crate) const LONGEST_SECRET: usize = 1024;

/// How a command ended; its number is the process's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Exit {
    /// Everything that was asked for was done.
    Done,
    /// It was tried, and something was not accepted, not found or not right.
    Incomplete,
    /// Nothing was tried.
    NotTried,
}

impl Exit {
    /// 0, 1 or 2.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Incomplete => 1,
            Self::NotTried => 2,
        }
    }
}

/// How far long work has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What is going on, as `Importing`.
    pub(crate) what: String,
    /// How much is done.
    pub(crate) done: u64,
    /// Of how much, where that is known.
    pub(crate) total: Option<u64>,
    /// What is counted.
    pub(crate) unit: Unit,
    /// More in words, as `1,200 accepted`.
    pub(crate) detail: String,
}

/// What progress counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Unit {
    /// Bytes, shown as KiB and MiB.
    Bytes,
    /// Anything else.
    Pieces,
}

/// A file of the caller, or its standard input, to read from.
pub(crate) struct Source {
    /// Its bytes.
    pub(crate) reader: Box<dyn Read + Send>,
    /// How many there are, where that is known.
    pub(crate) size: Option<u64>,
}

/// A file of the caller, or its standard output, to write to.
///
/// It appears under its name when [`finish`](Self::finish) has returned, whole and on disk; dropped before, it leaves nothing.
pub(crate) trait Sink: Write + Send {
    /// Completes the file.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// The caller of a command.
pub(crate) trait Console {
    /// Whether the caller wants one JSON document instead of lines.
    fn wants_json(&self) -> bool;

    /// A line of the answer, for people.
    fn line(&mut self, text: &str) -> Result<()>;

    /// The answer, for programs: at most once.
    fn document(&mut self, value: Value) -> Result<()>;

    /// What the caller should know or do beside the answer; it goes where errors go.
    fn note(&mut self, text: &str) -> Result<()>;

    /// How far the work has come. Fails when the caller has gone, which is how long work learns to stop.
    fn progress(&mut self, progress: &Progress) -> Result<()>;

    /// Opens a file that the command line names; `-` is standard input.
    fn open(&mut self, path: &Path) -> Result<Source>;

    /// Makes a file that the command line names, readable by its owner only; `-` is standard output. Replaces nothing.
    fn create(&mut self, path: &Path) -> Result<Box<dyn Sink>>;

    /// A secret from standard input, without its trailing newline.
    fn secret(&mut self) -> Result<Zeroizing<String>>;
}

impl dyn Console + '_ {
    /// The answer in the form that the caller wants: `value`, or what `lines` writes.
    pub(crate) fn answer<T: Serialize>(
        &mut self,
        value: &T,
        lines: impl FnOnce(&T) -> String,
    ) -> Result<()> {
        if self.wants_json() {
            return self.document(serde_json::to_value(value)?);
        }
        let text = lines(value);
        text.lines().try_for_each(|line| self.line(line))
    }
}

/// Text from records or other people, made safe to show: control and direction characters become visible.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if deceives(character) {
                write!(f, "\\u{{{:x}}}", u32::from(character))?;
            } else {
                fmt::Write::write_char(f, character)?;
            }
        }
        Ok(())
    }
}

/// Whether a terminal would obey this character, or show the others in another order because of it.
fn deceives(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// A table for people: the columns as wide as what stands in them, two spaces between.
pub(crate) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let shown: Vec<[String; N]> = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| Shown(cell).to_string()))
        .collect();
    let mut widths = head.map(|cell| cell.chars().count());
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in std::iter::once(&head.map(str::to_owned)).chain(&shown) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_a_reader_is_made_visible() {
        for (text, shown) in [
            ("Ministère", "Ministère"),
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("\u{202e}txt.exe", "\\u{202e}txt.exe"),
            ("two\nlines", "two\\u{a}lines"),
        ] {
            assert_eq!(Shown(text).to_string(), shown);
        }
    }

    #[test]
    fn columns_stand_under_their_heads() {
        let rows = [
            ["situation".to_owned(), "TLP:AMBER".to_owned()],
            ["é".to_owned(), "-".to_owned()],
        ];
        assert_eq!(
            table(["name", "label"], &rows),
            "name       label\nsituation  TLP:AMBER\né          -\n"
        );
    }
}
