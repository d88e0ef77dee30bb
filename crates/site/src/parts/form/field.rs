//! One field of a form: what it asks, how it is answered, what stands in it, what is wrong with that.

use crate::locale::Words;
use crate::parts::day::DayRead;
use crate::shell::shown::shown_lines;

/// How a field is answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// One line.
    Line,
    /// Several lines, as many as given to begin with.
    Lines(u8),
    /// A day, in figures as nobody mistakes them.
    Day,
    /// A day and a time.
    Moment,
    /// A number.
    Number,
    /// An address of mail.
    Mail,
    /// Something that is never shown nor kept; its name begins with `secret`.
    Secret,
    /// One of a few, all of which are seen.
    One(Vec<Choice>),
    /// One of many.
    List(Vec<Choice>),
    /// Any of a few.
    Any(Vec<Choice>),
    /// Yes, or nothing.
    Tick,
    /// A file.
    File,
    /// Several files; or a folder with all that is in it, where the browser knows how.
    Files {
        /// Whether a folder is chosen.
        folder: bool,
    },
    /// Not asked, but told: who will see what is sent, if that is known; see [`label_fields`](crate::Visitor::label_fields).
    Who(Option<String>),
    /// Not asked: it goes along.
    Carried,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub name: String,
    /// What it means, if the name doesn't say it.
    pub hint: String,
}

impl Choice {
    /// One choice.
    pub fn new(value: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            name: name.into(),
            hint: String::new(),
        }
    }

    /// With what it means.
    #[must_use]
    pub fn meaning(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) input: Input,
    pub(super) value: Vec<String>,
    /// What stood in it before it was filled with what was typed.
    pub(super) stood: Vec<String>,
    pub(super) error: Option<String>,
    /// Whether it never has anything to begin with.
    pub(super) fresh: bool,
    /// Whether more than one line was sent for one.
    pub(super) broken: bool,
    pub(super) optional: bool,
    pub(super) complete: &'static str,
    pub(super) lang: String,
    /// What its own button says, which looks for what was typed into it; and the field that shows what is found.
    pub(super) find: Option<(String, String)>,
}

impl Field {
    /// A field by its name and what it asks.
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: String::new(),
            input,
            value: Vec::new(),
            stood: Vec::new(),
            error: None,
            fresh: false,
            broken: false,
            optional: false,
            complete: "off",
            lang: String::new(),
            find: None,
        }
    }

    /// Something that goes along unasked. It comes back from the browser: check it like anything else that was sent.
    pub fn carried(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, String::new(), Input::Carried).with(value)
    }

    /// With what stands in it to begin with.
    #[must_use]
    pub fn with(mut self, value: impl Into<String>) -> Self {
        self.value = vec![value.into()];
        self
    }

    /// With all that is chosen to begin with.
    #[must_use]
    pub fn with_all(mut self, values: Vec<String>) -> Self {
        self.value = values;
        self
    }

    /// Without one of the things to choose.
    #[must_use]
    pub fn except(mut self, value: &str) -> Self {
        if let Input::One(all) | Input::List(all) | Input::Any(all) = &mut self.input {
            all.retain(|choice| choice.value != value);
        }
        self
    }

    /// With a sentence on how to answer it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Without these among what may be chosen.
    #[must_use]
    pub fn never(mut self, values: &[&str]) -> Self {
        if let Input::One(choices) | Input::List(choices) | Input::Any(choices) = &mut self.input {
            choices.retain(|choice| !values.contains(&choice.value.as_str()));
        }
        self
    }

    /// It may stay empty, and says so.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// It is about what is done this time: nothing that is recorded stands in it to begin with.
    #[must_use]
    pub fn fresh(mut self) -> Self {
        self.fresh = true;
        self
    }

    /// What a browser may fill in: a token of HTML's `autocomplete`.
    #[must_use]
    pub fn completes(mut self, token: &'static str) -> Self {
        self.complete = token;
        self
    }

    /// The language that its content is in.
    #[must_use]
    pub fn in_language(mut self, tag: impl Into<String>) -> Self {
        self.lang = tag.into();
        self
    }

    /// With a button of its own, which sends the form to look for what was typed into the field; another shows what is found. See
    /// [`Typed::looks`](super::Typed::looks).
    #[must_use]
    pub fn finding(mut self, verb: impl Into<String>, shows: &str) -> Self {
        let shows = Self::new(shows, "", Input::Line).id();
        self.find = Some((verb.into(), shows));
        self
    }

    /// What stood in it, as one reads it: choices by their names.
    pub(super) fn read(&self) -> Vec<String> {
        let choices: &[Choice] = match &self.input {
            Input::One(choices) | Input::List(choices) | Input::Any(choices) => choices,
            _ => &[],
        };
        let named = |value: &String| {
            let choice = choices.iter().find(|choice| choice.value == *value);
            choice.map_or_else(|| shown_lines(value), |choice| choice.name.clone())
        };
        let told = self.stood.iter().filter(|value| !value.trim().is_empty());
        told.map(named).collect()
    }

    /// Where it stands on the page. Attributes that list ids do so between blanks.
    pub(super) fn id(&self) -> String {
        format!("f-{}", self.name.replace(char::is_whitespace, "_"))
    }

    pub(super) fn first(&self) -> &str {
        self.value.first().map_or("", String::as_str)
    }

    pub(super) fn has(&self, value: &str) -> bool {
        self.value.iter().any(|own| own == value)
    }

    /// The ids of what describes it, for `aria-describedby`.
    pub(super) fn described(&self) -> String {
        let id = self.id();
        let hint = (!self.hint.is_empty()).then(|| format!("{id}-hint"));
        let form = self.form().map(|_| format!("{id}-form"));
        let error = self.error.as_ref().map(|_| format!("{id}-error"));
        let all = hint.into_iter().chain(form).chain(error);
        all.collect::<Vec<_>>().join(" ")
    }

    /// The key of how it is to be written, where that is not free.
    pub(super) fn form(&self) -> Option<&'static str> {
        match self.input {
            Input::Day => Some("form-day-hint"),
            Input::Moment => Some("form-moment-hint"),
            _ => None,
        }
    }

    /// A day in figures beside which it is read in words.
    pub(super) fn read_of(&self, words: &Words) -> DayRead {
        DayRead::of(words, &self.id(), self.first())
    }

    /// What an `input` element for several files has besides.
    pub(super) fn several(&self) -> &'static str {
        match self.input {
            Input::Files { folder: true } => " multiple webkitdirectory",
            Input::Files { folder: false } => " multiple",
            _ => "",
        }
    }

    /// The type of an `input` element.
    pub(super) fn kind(&self) -> &'static str {
        match self.input {
            Input::Number => "number",
            Input::Mail => "email",
            Input::Secret => "password",
            Input::File | Input::Files { .. } => "file",
            _ => "text",
        }
    }
}
