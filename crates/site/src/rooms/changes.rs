//! What changed in this version, for those who run and use the node: the changelog, in English, and in French where it was translated.
//! `GET /changes`.
//!
//! Invariant: what is shown is what the program was built with; a line without a translation stands in English and says so.

use askama::Template;
use axum::response::Response;

use crate::locale::Voice;
use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::frame::Frame;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::Visitor;

const ENGLISH: &str = include_str!("../../../../CHANGELOG.md");
const FRENCH: &str = include_str!("changes/fr.md");

pub(crate) struct Changes;

impl Desk for Changes {
    fn name(&self) -> &'static str {
        "changes"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/changes",
            key: "changes-title",
            letter: 'n',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/changes", Who::SignedIn, show)
    }
}

#[derive(Template)]
#[template(path = "rooms/changes/show.html")]
struct Show {
    frame: Frame,
    program: String,
    versions: Vec<Version>,
}

/// A version and what changed in it.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    name: String,
    changes: Vec<Change>,
}

/// A change: its text in pieces, those set as code marked; and the language if it isn't the reader's.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    pieces: Vec<(bool, String)>,
    lang: &'static str,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let words = &visitor.words;
            let mut versions = versions(words.voice());
            for version in &mut versions {
                if version.name == "Unreleased" {
                    version.name = words.t("changes-unreleased");
                }
            }
            visitor.page("changes-title", nothing(), |(), frame| {
                Ok(Show {
                    program: env!("CARGO_PKG_VERSION").to_owned(),
                    versions,
                    frame,
                })
            })
        })
        .await
}

fn versions(voice: Voice) -> Vec<Version> {
    let french = (voice == Voice::French).then(|| translations(FRENCH));
    let mut versions: Vec<Version> = Vec::new();
    for (name, text) in entries(ENGLISH) {
        if versions.last().is_none_or(|last| last.name != name) {
            versions.push(Version {
                name,
                changes: Vec::new(),
            });
        }
        let translated = french.as_ref().map(|all| {
            let found = all
                .iter()
                .find(|(begin, _)| text.starts_with(begin.as_str()));
            found.map(|(_, french)| french.clone())
        });
        let change = match translated {
            None | Some(None) => Change {
                lang: if french.is_some() { "en" } else { "" },
                pieces: pieces(&text),
            },
            Some(Some(french)) => Change {
                lang: "",
                pieces: pieces(&french),
            },
        };
        if let Some(version) = versions.last_mut() {
            version.changes.push(change);
        }
    }
    versions
}

/// The entries of a changelog, each with the version that it stands under.
fn entries(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    let (mut version, mut open) = (String::new(), false);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("## ") {
            (version, open) = (name.trim().to_owned(), false);
        } else if let Some(entry) = line.strip_prefix("- ") {
            all.push((version.clone(), entry.trim().to_owned()));
            open = true;
        } else if line.starts_with("  ") && open {
            if let Some((_, entry)) = all.last_mut() {
                entry.push(' ');
                entry.push_str(line.trim());
            }
        } else {
            open = false;
        }
    }
    all
}

/// Translations: how the English entry begins, and the French one.
fn translations(text: &str) -> Vec<(String, String)> {
    let mut begins = None;
    let mut all = Vec::new();
    for line in text.lines() {
        if let Some(english) = line.strip_prefix("> ") {
            begins = Some(english.trim().to_owned());
        } else if let Some(english) = begins.take_if(|_| !line.trim().is_empty()) {
            all.push((english, line.trim().to_owned()));
        }
    }
    all
}

/// A text between whose backticks code stands.
fn pieces(text: &str) -> Vec<(bool, String)> {
    let parts = text.split('`').enumerate();
    parts
        .filter(|(_, part)| !part.is_empty())
        .map(|(place, part)| (place % 2 == 1, part.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_changelog_is_read_whole() {
        let listed = ENGLISH
            .lines()
            .filter(|line| line.starts_with("- "))
            .count();
        let read: usize = versions(Voice::English)
            .iter()
            .map(|one| one.changes.len())
            .sum();
        assert!(listed > 20 && read == listed, "{read} of {listed}");
        let one = |text: &str| ("1.0".to_owned(), text.to_owned());
        assert_eq!(
            entries("## 1.0\n\nWords.\n\n- one\n  goes on.\n- two\n\n  apart"),
            [one("one goes on."), one("two")]
        );
        assert_eq!(
            pieces("`a` and b"),
            [(true, "a".to_owned()), (false, " and b".to_owned())]
        );
    }

    #[test]
    fn each_translation_is_one_of_an_entry_that_is_there() {
        let english = entries(ENGLISH);
        let french = translations(FRENCH);
        assert!(french.len() > 20);
        for (begins, text) in &french {
            let found = english
                .iter()
                .filter(|(_, entry)| entry.starts_with(begins));
            assert_eq!(found.count(), 1, "{begins}");
            assert!(!text.contains('\''), "typographic apostrophes: {text}");
        }
    }
}
