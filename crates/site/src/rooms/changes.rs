//! What changed in this version, for those who run and use the node: the changelog, in English and in French.
//! `GET /changes`. It is long: the newest version stands open as a list of subjects, each a link to what stands folded below.
//!
//! Invariant: what is shown is what the program was built with, and both languages say the same things in the same order.

use askama::Template;
use axum::response::Response;

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
    /// The language that it is kept in.
    lang: &'static str,
    versions: Vec<Version>,
}

/// A version, and what changed in it by subject.
#[derive(Debug, PartialEq, Eq)]
struct Version {
    name: String,
    subjects: Vec<Subject>,
}

/// What changed on one subject: each change its text in pieces, those set as code marked.
#[derive(Debug, PartialEq, Eq)]
struct Subject {
    name: String,
    /// Where on the page it stands.
    at: String,
    changes: Vec<Vec<(bool, String)>>,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let words = &visitor.words;
            let (lang, text) = match words.language() {
                "fr" => ("fr", FRENCH),
                _ => ("en", ENGLISH),
            };
            let mut versions = versions(text);
            for version in &mut versions {
                if version.name == "Unreleased" {
                    version.name = words.t("changes-unreleased");
                }
            }
            visitor.page("changes-title", nothing(), |(), frame| {
                Ok(Show {
                    program: env!("CARGO_PKG_VERSION").to_owned(),
                    lang,
                    versions,
                    frame,
                })
            })
        })
        .await
}

/// A changelog: versions, in them subjects, in them entries that go on in indented lines. Other paragraphs are left out.
fn versions(text: &str) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    for block in blocks(text) {
        if let Some(name) = block.strip_prefix("## ") {
            versions.push(Version {
                name: name.to_owned(),
                subjects: Vec::new(),
            });
            continue;
        }
        let number = versions.len();
        let Some(version) = versions.last_mut() else {
            continue;
        };
        if let Some(name) = block.strip_prefix("### ") {
            let at = version.subjects.len();
            version.subjects.push(Subject {
                name: name.to_owned(),
                at: format!("v{number}-{at}"),
                changes: Vec::new(),
            });
        } else if let (Some(entry), Some(subject)) =
            (block.strip_prefix("- "), version.subjects.last_mut())
        {
            subject.changes.push(pieces(entry));
        }
    }
    versions
}

/// Lines, those that begin with two spaces joined to the one before.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        match blocks.last_mut() {
            Some(block) if line.starts_with("  ") && block.starts_with("- ") => {
                block.push(' ');
                block.push_str(line.trim());
            }
            _ => blocks.push(line.trim().to_owned()),
        }
    }
    blocks
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
    fn a_changelog_is_read() {
        let read =
            versions("# Log\n\n## 1.0\n\nWords.\n\n### One\n\n- `a` and\n  b\n- c\n\n  apart\n");
        let piece = |code: bool, text: &str| (code, text.to_owned());
        let one = Subject {
            name: "One".to_owned(),
            at: "v1-0".to_owned(),
            changes: vec![
                vec![piece(true, "a"), piece(false, " and b")],
                vec![piece(false, "c")],
            ],
        };
        assert_eq!(
            read,
            [Version {
                name: "1.0".to_owned(),
                subjects: vec![one],
            }]
        );
    }

    #[test]
    fn both_languages_have_every_entry() {
        let listed = ENGLISH
            .lines()
            .filter(|line| line.starts_with("- "))
            .count();
        let shape = |text: &str| {
            let code = |change: &Vec<(bool, String)>| {
                let mut code: Vec<String> = change
                    .iter()
                    .filter(|(code, _)| *code)
                    .map(|(_, text)| text.clone())
                    .collect();
                code.sort();
                code
            };
            versions(text)
                .into_iter()
                .flat_map(|version| version.subjects)
                .map(|subject| subject.changes.iter().map(code).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        let (english, french) = (shape(ENGLISH), shape(FRENCH));
        assert_eq!(english.iter().map(Vec::len).sum::<usize>(), listed);
        assert!(listed > 20);
        assert_eq!(english, french, "entry by entry, the words set as code");
        assert!(!FRENCH.contains('\''), "typographic apostrophes");
    }
}
