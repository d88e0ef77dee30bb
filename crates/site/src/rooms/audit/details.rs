//! What a line of the audit trail says besides who did what: name by name, in the reader's words; and what it was done to.
//!
//! Invariant: a name or a value without words stands as it was written, and an export has all of it as it was written.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::locale::Words;
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// Signs of a hash that are shown: enough to tell one from another.
const HASH: usize = 12;

/// The names of details that the node writes.
const NAMES: [&str; 50] = [
    "alias",
    "asked_by",
    "begins",
    "by",
    "case_sha256",
    "counter",
    "days",
    "desks",
    "email",
    "ended",
    "ends",
    "four_eyes",
    "from",
    "function",
    "given",
    "instead_of",
    "issuer",
    "kind",
    "kinds",
    "label",
    "login",
    "made",
    "member",
    "method",
    "metrics",
    "name",
    "new_keys",
    "number",
    "participant",
    "passkey",
    "publications",
    "read",
    "reads",
    "reason",
    "records",
    "roles",
    "scope",
    "session",
    "sessions",
    "standing",
    "state",
    "step",
    "steps",
    "to",
    "token",
    "who",
    "words",
    "write",
    "writes",
    "line",
];

/// What one of a kind of things is called by its number.
const NUMBERED: [&str; 5] = ["case", "delegation", "quarantine", "record", "standing"];

/// How a reader is told of details.
pub(super) struct Details<'d> {
    words: &'d Words,
    wording: &'d Wording<'d>,
    /// What collections are called, by their ids.
    collections: HashMap<String, String>,
}

impl<'d> Details<'d> {
    /// In a visitor's words.
    pub(super) fn of(visitor: &'d Visitor, wording: &'d Wording<'d>) -> Result<Self, Failure> {
        let collections = visitor.node().collections()?.into_iter();
        Ok(Self {
            words: &visitor.words,
            wording,
            collections: collections.map(|one| (one.id, one.title)).collect(),
        })
    }

    /// The details, name by name.
    pub(super) fn told(&self, detail: &str) -> String {
        let Ok(Value::Object(members)) = serde_json::from_str(detail) else {
            return shown(detail);
        };
        self.all(&members)
    }

    fn all(&self, members: &Map<String, Value>) -> String {
        let named = |name: &str| members.get(name).is_some_and(|value| !is_nothing(value));
        let said = members.iter().filter_map(|(name, value)| {
            // How many there are is told by their names, where these stand beside; digests are for proofs, not for readers.
            if name == node::users::PROOF || named(&format!("{name}s")) && value.is_number() {
                return None;
            }
            let value = self.value(name, value)?;
            let name = match NAMES.contains(&name.as_str()) {
                true => self
                    .words
                    .t(&format!("audit-detail-{}", name.replace('_', "-"))),
                false => shown(name),
            };
            Some(format!("{name}{} {value}", self.words.t("format-colon")))
        });
        let said: Vec<String> = said.collect();
        said.join(&self.words.t("properties-next"))
    }

    /// A value; what says nothing is left out.
    fn value(&self, name: &str, value: &Value) -> Option<String> {
        let words = self.words;
        if is_nothing(value) {
            return None;
        }
        Some(match value {
            Value::Null => return None,
            Value::Bool(true) if name == "email" => words.t("audit-changed"),
            Value::Bool(true) => words.t("properties-yes"),
            Value::Bool(false) => words.t("properties-no"),
            Value::Number(number) => match (name, number.as_i64()) {
                ("begins" | "ends" | "made" | "ended" | "given", Some(at)) => words.moment(at),
                (_, Some(number)) => words.figure(number),
                _ => number.to_string(),
            },
            Value::String(text) => self.text(name, text),
            Value::Array(two) if is_change(name, two) => {
                let mut sides = two.iter().map(|side| {
                    let said = self.value(name, side);
                    said.unwrap_or_else(|| words.t("audit-nothing"))
                });
                let (was, is) = (sides.next(), sides.next());
                words.t2(
                    "audit-was-is",
                    "was",
                    was.unwrap_or_default(),
                    "is",
                    is.unwrap_or_default(),
                )
            }
            Value::Array(all) => {
                let all: Vec<String> = all.iter().filter_map(|one| self.value(name, one)).collect();
                words.list(&all)
            }
            Value::Object(members) => format!("({})", self.all(members)),
        })
    }

    fn text(&self, name: &str, text: &str) -> String {
        let words = self.words;
        let worded = |key: String| words.has(&key).then(|| words.t(&key));
        let found = match name {
            "roles" => {
                let roles: Vec<String> = text
                    .split(',')
                    .map(str::trim)
                    .map(|role| worded(format!("role-{role}")).unwrap_or_else(|| shown(role)))
                    .collect();
                Some(words.list(&roles))
            }
            "state" => worded(format!("audit-state-{text}")),
            "method" => worded(format!("method-{text}")).map(lowered),
            "scope" => worded(format!("account-scope-{text}")).map(lowered),
            "kind" => worded(format!("audit-kind-{}", text.replace(' ', "-"))),
            "asked_by" if text == "local" => Some(words.t("audit-node")),
            "reads" | "writes" => self.collections.get(text).map(|name| shown(name)),
            "kinds" => Some(self.wording.kind(text)),
            "desks" => worded(format!("clearance-desk-{text}")),
            "step" | "steps" => worded(format!("clearance-step-{text}")),
            "case_sha256" => Some(format!("{}…", text.chars().take(HASH).collect::<String>())),
            _ if text.starts_with("identity--") => Some(self.wording.name(text)),
            _ => None,
        };
        found.unwrap_or_else(|| shown(text))
    }
}

/// What something was done to, where it is known by a number, or is the node itself; `None` for what is known otherwise.
pub(super) fn subject(words: &Words, subject: &str) -> Option<String> {
    match subject.split_once(' ') {
        Some((kind, number)) if NUMBERED.contains(&kind) => {
            Some(words.t1(&format!("audit-on-{kind}"), "n", shown(number)))
        }
        None if subject == "clearance" => Some(words.t("audit-on-steps")),
        _ => None,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether two values are one before and one after.
fn is_change(name: &str, two: &[Value]) -> bool {
    matches!(name, "roles" | "state" | "function" | "name")
        && two.len() == 2
        && two.iter().all(Value::is_string)
}

/// As it stands inside a sentence.
fn lowered(text: String) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;
    use crate::shell::site::LOCALES;

    #[test]
    fn every_name_has_words_in_every_language() {
        let locales = Locales::new([&LOCALES], false);
        for words in locales.all() {
            for name in NAMES {
                let key = format!("audit-detail-{}", name.replace('_', "-"));
                assert!(words.has(&key), "{}: {key}", words.tag());
            }
            for kind in NUMBERED {
                let told = subject(&words, &format!("{kind} 7"));
                assert!(told.is_some_and(|told| told.contains('7')), "{kind}");
            }
        }
    }
}
