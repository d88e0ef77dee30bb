//! What a table is narrowed by: a field of its form, a parameter of its address, a phrase of its sentence.

use crate::locale::Words;
use crate::parts::day::{DayAsked, is_day};
use crate::parts::form::Choice;
use crate::shell::visitor::Visitor;

/// How a filter is set.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Words that are looked for.
    Words,
    /// A day.
    Day,
    /// One of these.
    One(Vec<Choice>),
    /// Any of these.
    Any(Vec<Choice>),
}

/// A filter.
#[derive(Debug, Clone)]
pub struct Filter {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) shape: Shape,
    /// The key of its phrase, with a place `$value`: `by { $value }`.
    phrase: &'static str,
    pub(super) value: Vec<String>,
    /// What stands in the field of a day, though it be none.
    typed: String,
}

impl Filter {
    /// A filter by its parameter, its label, the key of its phrase (`by { $value }`), and how it is set.
    pub fn new(
        name: &'static str,
        label: impl Into<String>,
        phrase: &'static str,
        shape: Shape,
    ) -> Self {
        Self {
            name,
            label: label.into(),
            shape,
            phrase,
            value: Vec::new(),
            typed: String::new(),
        }
    }

    pub(super) fn read(mut self, visitor: &Visitor) -> Self {
        self.value = visitor.all_asked(self.name);
        if matches!(self.shape, Shape::Day) {
            self.typed = self.value.first().cloned().unwrap_or_default();
            self.value.retain(|value| is_day(value));
        }
        if let Shape::One(choices) | Shape::Any(choices) = &self.shape {
            // What can't be chosen is not asked for.
            self.value
                .retain(|value| choices.iter().any(|choice| choice.value == *value));
        }
        self
    }

    /// What it says in the sentence, if it is set.
    pub(super) fn phrase(&self, words: &Words) -> Option<String> {
        if self.value.is_empty() {
            return None;
        }
        let names: Vec<String> = self
            .value
            .iter()
            .map(|value| match &self.shape {
                Shape::One(choices) | Shape::Any(choices) => choices
                    .iter()
                    .find(|choice| choice.value == *value)
                    .map_or_else(|| value.clone(), |choice| choice.name.clone()),
                Shape::Day => words.date_of(value).unwrap_or_else(|| value.clone()),
                Shape::Words => crate::shown(value),
            })
            .collect();
        Some(words.t1(self.phrase, "value", words.either(&names)))
    }

    /// The field of a day.
    pub(super) fn day(&self, words: &Words) -> DayAsked {
        let id = format!("by-{}", self.name);
        DayAsked::new(words, self.name, id, &self.label, &self.typed)
    }

    /// Whether what was typed is nothing that can be asked for.
    pub(super) fn is_wrong(&self) -> bool {
        matches!(self.shape, Shape::Day) && self.value.is_empty() && !self.typed.is_empty()
    }

    pub(super) fn has(&self, value: &str) -> bool {
        self.value.iter().any(|own| own == value)
    }

    pub(super) fn first(&self) -> &str {
        self.value.first().map_or("", String::as_str)
    }
}
