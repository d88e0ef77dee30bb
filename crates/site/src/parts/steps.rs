//! Things that take more than one step: what a second person has to agree to, work that takes its time, a file that is tried first; and
//! what stands where there is nothing yet.
//!
//! Invariant: nothing here moves by itself; what a button says is what is done.

use askama::Template;

use super::form::{Field, Form};
use crate::locale::Words;
use crate::shell::failure::Failure;
use crate::shell::frame::Link;
use crate::shell::visitor::Visitor;

/// A button that does one thing, with what goes along.
#[derive(Debug, Clone)]
pub struct Action {
    /// Where it is sent to, by POST.
    pub path: String,
    /// Its verb, in the visitor's language.
    pub verb: String,
    /// Names and values that go along.
    pub carried: Vec<(String, String)>,
    /// Whether it is what one comes for; the others are quieter.
    pub main: bool,
}

impl Action {
    /// What one comes for.
    pub fn main(path: impl Into<String>, verb: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            verb: verb.into(),
            carried: Vec::new(),
            main: true,
        }
    }

    /// What one may do instead.
    pub fn other(path: impl Into<String>, verb: impl Into<String>) -> Self {
        Self {
            main: false,
            ..Self::main(path, verb)
        }
    }

    /// With something that goes along.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.carried.push((name.into(), value.into()));
        self
    }
}

/// What awaits a second person: who asked, what for, how it stands, and what the visitor may do about it. It writes itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/second.html")]
pub struct SecondPerson {
    title: String,
    /// Who will see it then, as sentences.
    told: String,
    facts: Vec<(String, String)>,
    actions: Vec<Action>,
    /// Why the visitor may not decide, if so.
    barred: Option<String>,
}

impl askama::filters::HtmlSafe for SecondPerson {}

impl SecondPerson {
    /// What is asked, and what would come of it.
    pub fn of(title: impl Into<String>, told: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            told: told.into(),
            facts: Vec::new(),
            actions: Vec::new(),
            barred: None,
        }
    }

    /// With a fact: asked by whom, on what day, not before when.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// With something that the visitor may do.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// The visitor may not decide, and why: one's own request needs somebody else.
    #[must_use]
    pub fn barred(mut self, why: impl Into<String>) -> Self {
        self.barred = Some(why.into());
        self
    }
}

/// Work that takes its time: how much is done, and how to stop it without harm. It writes itself; a script looks again by itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/progress.html")]
pub struct Progress {
    name: String,
    done: u64,
    all: Option<u64>,
    since: String,
    told: String,
    stop: Option<Action>,
    ended: Option<Link>,
    words: Words,
}

impl askama::filters::HtmlSafe for Progress {}

impl Progress {
    /// Work by its name; `all` where that is known; `since` in words.
    pub fn of(
        words: &Words,
        name: impl Into<String>,
        done: u64,
        all: Option<u64>,
        since: impl Into<String>,
    ) -> Self {
        let told = match all {
            Some(all) => words.t2("progress-of", "n", done, "all", all),
            None => words.t1("progress-so-far", "n", done),
        };
        Self {
            name: name.into(),
            done,
            all,
            since: since.into(),
            told,
            stop: None,
            ended: None,
            words: words.clone(),
        }
    }

    /// It can be stopped: what is done stays done.
    #[must_use]
    pub fn stopped_by(mut self, action: Action) -> Self {
        self.stop = Some(action);
        self
    }

    /// It has ended, and where the result is.
    #[must_use]
    pub fn ended(mut self, result: Link) -> Self {
        self.ended = Some(result);
        self
    }
}

/// What would become of one thing in a file.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What.
    pub name: String,
    /// The sign and the word: `good` added, `wait` awaits, `bad` refused, `off` already held.
    pub state: (&'static str, String),
    /// Why, where that isn't plain.
    pub why: String,
}

/// A file that was tried and not taken yet: what would come of each thing in it, then the button. It writes itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/trial.html")]
pub struct Trial {
    told: String,
    tried: Vec<Tried>,
    actions: Vec<Action>,
    words: Words,
}

impl askama::filters::HtmlSafe for Trial {}

impl Trial {
    /// What would become of each; `told` sums it up.
    pub fn of(words: &Words, told: impl Into<String>, tried: Vec<Tried>) -> Self {
        Self {
            told: told.into(),
            tried,
            actions: Vec::new(),
            words: words.clone(),
        }
    }

    /// With what the visitor may do now.
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

/// A form that takes a file: it is tried first.
///
/// # Errors
/// When the storage fails.
pub fn file_form(
    visitor: &Visitor,
    name: &str,
    action: &str,
    label: &str,
    hint: &str,
) -> Result<Form, Failure> {
    let field = Field::new("file", label, super::form::Input::File).hint(hint);
    let verb = visitor.words.t("trial-try");
    Ok(Form::new(visitor, name, action, verb)?.long().field(field))
}

/// What stands where there is nothing yet: what this is for, and the first thing to do. It writes itself.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<div class="nothing"><p>{{ sentence }}</p>{% if let Some(way) = way %}<p><a class="go" href="{{ way.path }}">{{ way.name }}</a></p>{% endif %}</div>"#
)]
pub struct Nothing {
    sentence: String,
    way: Option<Link>,
}

impl askama::filters::HtmlSafe for Nothing {}

impl Nothing {
    /// What this is for, and the first thing to do.
    pub fn yet(sentence: impl Into<String>, way: Option<Link>) -> Self {
        Self {
            sentence: sentence.into(),
            way,
        }
    }
}

/// An address that stays: to be quoted, with a button that copies it. It writes itself.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<p class="permalink"><span class="meta">{{ name }}</span> <a class="code" href="{{ path }}" data-copy>{{ path }}</a> <button type="button" class="quiet" hidden data-copies="{{ done }}">{{ copy }}</button></p>"#
)]
pub struct Permalink {
    path: String,
    name: String,
    copy: String,
    done: String,
}

impl askama::filters::HtmlSafe for Permalink {}

impl Permalink {
    /// The address of something on this node, from its root.
    pub fn to(words: &Words, path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            name: words.t("permalink-name"),
            copy: words.t("permalink-copy"),
            done: words.t("permalink-copied"),
        }
    }
}
