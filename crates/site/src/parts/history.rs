//! The versions of something, the newest first, each with what changed in it; and what people said of it.

use askama::Template;

use super::difference::Difference;
use crate::locale::Words;
use crate::shell::label::Tlp;

/// One version.
#[derive(Debug, Clone)]
pub struct Version {
    /// When, as the language writes it.
    pub when: String,
    /// By whom.
    pub who: String,
    /// Where it can be read whole, if it can.
    pub path: Option<String>,
    /// Its state in a word, with its sign, if it has one: revoked, awaiting.
    pub state: Option<(&'static str, String)>,
    /// What changed: the name of the property, and the difference.
    pub changes: Vec<(String, Difference)>,
}

/// All versions: a part that writes itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/history.html")]
pub struct History {
    versions: Vec<Version>,
    words: Words,
}

impl askama::filters::HtmlSafe for History {}

impl History {
    /// The versions, the newest first.
    pub fn of(words: &Words, versions: Vec<Version>) -> Self {
        Self {
            versions,
            words: words.clone(),
        }
    }
}

/// A comment or an opinion, released to whoever reads the page.
#[derive(Debug, Clone)]
pub struct Comment {
    /// Who says it.
    pub who: String,
    /// When, as the language writes it.
    pub when: String,
    /// What.
    pub text: String,
    /// The tag of its language, or nothing.
    pub lang: String,
    /// Who may see it.
    pub label: Tlp,
    /// For an opinion: the word for it, `agrees` say. All have the same size and color.
    pub stance: Option<String>,
    /// Where it stands by itself, if it does.
    pub path: Option<String>,
    /// Of which version it was said, where there are several: `on version 2, two versions ago` say.
    pub on: Option<String>,
}

/// Comments and opinions, by date: a part that writes itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/comments.html")]
pub struct Comments {
    comments: Vec<Comment>,
    words: Words,
}

impl askama::filters::HtmlSafe for Comments {}

impl Comments {
    /// In the order given.
    pub fn of(words: &Words, comments: Vec<Comment>) -> Self {
        Self {
            comments,
            words: words.clone(),
        }
    }
}
