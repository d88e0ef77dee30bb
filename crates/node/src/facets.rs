//! Facets: the typed values by which records are found, declared per type and taken from them when they are accepted.
//!
//! Invariant: facets are computed from the bytes alone and can always be computed anew; when the declarations change, all records are
//! gone through again in the background. The facets of [`awaiting`] go by the bytes of several records.

pub mod awaiting;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use sha2::{Digest, Sha256};
use stix::{Object, Timestamp, View};
use store::Facet;

use self::awaiting::Awaiting;
use crate::node::Node;
use crate::pending::Pending;
use crate::relabel::good;
use crate::writer::Change;

/// A value that records of a type are found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The type of the records.
    pub kind: &'static str,
    /// The facet's name.
    pub name: &'static str,
    /// Where the value stands: a JSON pointer, in which `*` stands for each entry of a list.
    pub pointer: &'static str,
    /// How it is compared.
    pub form: Form,
}

/// How the values of a facet are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As text, byte for byte.
    Text,
    /// As a moment, in microseconds.
    Time,
    /// The same the other way round: the latest comes first.
    TimeBack,
    /// As text, byte for byte, then by the moment that stands at this pointer: of what has the same text, the earliest first.
    TextThenTime(&'static str),
    /// As text, byte for byte, with each text that stands at this pointer: found by both.
    TextWithText(&'static str),
}

const fn text(kind: &'static str, name: &'static str, pointer: &'static str) -> Declared {
    Declared {
        kind,
        name,
        pointer,
        form: Form::Text,
    }
}

/// The facets of the node's own records and of the STIX types that every desk uses. Desks add theirs.
pub const DECLARED: &[Declared] = &[
    text("seal", "about", "/object_ref"),
    text("handling", "about", "/object_ref"),
    text("withdrawal", "about", "/withdrawn/*/object_ref"),
    text("note", "about", "/object_refs/*"),
    text("opinion", "about", "/object_refs/*"),
    text("language-content", "about", "/object_ref"),
    text("sighting", "about", "/sighting_of_ref"),
    Declared {
        kind: "report",
        name: "published",
        pointer: "/published",
        form: Form::Time,
    },
];

/// One record has at most so many values of one facet.
const MOST: usize = 1_000;
/// How many records are gone through in one commit.
const PORTION: usize = 500;
/// Which declarations the facets in the store follow, and from which record on they have still to be taken anew.
const FOLLOWS: &str = "facets.follow";

/// What is declared in this process: the node's own facets and those of its desks, and what leaves by a signature alone. Shared with
/// the writing thread.
#[derive(Debug, Clone)]
pub(crate) struct Declarations {
    facets: Arc<RwLock<Arc<[Declared]>>>,
    signed: Arc<RwLock<BTreeSet<&'static str>>>,
    awaiting: Arc<RwLock<Arc<[Awaiting]>>>,
}

impl Default for Declarations {
    fn default() -> Self {
        Self {
            facets: Arc::new(RwLock::new(DECLARED.into())),
            signed: Arc::default(),
            awaiting: Arc::new(RwLock::new([].into())),
        }
    }
}

impl Declarations {
    /// Adds a desk's; the same twice counts once.
    fn add(&self, more: &[Declared]) {
        let mut held = self.facets.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = held.to_vec();
        for declared in more {
            if !all.contains(declared) {
                all.push(*declared);
            }
        }
        *held = all.into();
    }

    /// Whether records of a type leave by a signature alone.
    pub(crate) fn leaves_signed(&self, kind: &str) -> bool {
        let signed = self.signed.read().unwrap_or_else(PoisonError::into_inner);
        signed.contains(kind)
    }

    /// What records keep while nothing answers them.
    pub(crate) fn awaiting(&self) -> Arc<[Awaiting]> {
        let held = self.awaiting.read();
        Arc::clone(&held.unwrap_or_else(PoisonError::into_inner))
    }

    /// As they are now.
    pub(crate) fn all(&self) -> Arc<[Declared]> {
        Arc::clone(&self.facets.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether records of a type have any.
pub(crate) fn has(all: &[Declared], kind: &str) -> bool {
    all.iter().any(|declared| declared.kind == kind)
}

/// The values of an object's facets.
pub(crate) fn of(all: &[Declared], object: &Object<'_>) -> Vec<(&'static str, Value)> {
    let kind = object.header().type_name();
    let mut values = Vec::new();
    for declared in all.iter().filter(|declared| declared.kind == kind) {
        let mut found = Vec::new();
        walk(object.view(), declared.pointer, &mut found);
        if let Form::TextWithText(pointer) = declared.form {
            let mut others = Vec::new();
            walk(object.view(), pointer, &mut others);
            let others: Vec<_> = others.into_iter().filter_map(View::string).collect();
            let texts = found.into_iter().filter_map(View::string);
            let pairs = texts.flat_map(|text| {
                let with = |other: &Cow<'_, str>| Value::Text(both(&text, other));
                others.iter().map(with).collect::<Vec<_>>()
            });
            values.extend(pairs.take(MOST).map(|value| (declared.name, value)));
            continue;
        }
        let read = found.into_iter().take(MOST).filter_map(|value| {
            let text = value.string()?;
            Some(match declared.form {
                Form::Text | Form::TextWithText(_) => Value::Text(text.into_owned()),
                Form::Time => Value::Time(Timestamp::parse(&text).ok()?.micros()),
                Form::TimeBack => Value::Time(-Timestamp::parse(&text).ok()?.micros()),
                Form::TextThenTime(pointer) => {
                    Value::Text(within(&text, &moment(object.view(), pointer)?))
                }
            })
        });
        values.extend(read.map(|value| (declared.name, value)));
    }
    values
}

/// The value of a [`Form::TextThenTime`].
#[must_use]
pub fn within(text: &str, moment: &Timestamp) -> String {
    format!("{text} {}", moment.sortable())
}

/// The value of a [`Form::TextWithText`].
#[must_use]
pub fn both(text: &str, other: &str) -> String {
    format!("{text} {other}")
}

/// The first moment that stands at a pointer.
fn moment(view: View<'_>, pointer: &str) -> Option<Timestamp> {
    let mut found = Vec::new();
    walk(view, pointer, &mut found);
    Timestamp::parse(&found.first()?.string()?).ok()
}

/// A facet's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Time(i64),
}

fn walk<'a>(view: View<'a>, pointer: &str, found: &mut Vec<View<'a>>) {
    let Some(rest) = pointer.strip_prefix('/') else {
        found.push(view);
        return;
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (step, rest) = rest.split_at(end);
    if step == "*" {
        for item in view.items() {
            walk(item, rest, found);
        }
    } else if let Some(member) = view.member(step) {
        walk(member, rest, found);
    }
}

/// Stores the values of a record's facets.
pub(crate) fn put(
    change: &mut Change<'_, '_>,
    recno: i64,
    values: &[(&'static str, Value)],
) -> Result<()> {
    let facets: Vec<(&str, Facet<'_>)> = values
        .iter()
        .map(|(name, value)| {
            let facet = match value {
                Value::Text(text) => Facet::Text(text),
                Value::Time(micros) => Facet::Number(*micros),
            };
            (*name, facet)
        })
        .collect();
    Ok(change.txn.put_facets(recno, &facets)?)
}

/// What the declarations come to, as a name for them.
fn declarations(all: &[Declared], awaiting: &[Awaiting]) -> String {
    let awaiting: Vec<_> = awaiting.iter().map(Awaiting::named).collect();
    match awaiting.is_empty() {
        true => hex::encode(Sha256::digest(format!("{all:?}"))),
        false => hex::encode(Sha256::digest(format!("{all:?} {awaiting:?}"))),
    }
}

impl Node {
    /// Makes a desk's facets known, right after the node was opened and before anything comes in.
    pub fn declare(&self, facets: &[Declared]) {
        self.inner.declarations.add(facets);
    }

    /// Makes known which facets of a desk records keep only while no other answers them, right after the node was opened.
    pub fn declare_awaiting(&self, more: &[Awaiting]) {
        let held = &self.inner.declarations.awaiting;
        let mut held = held.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = held.to_vec();
        for awaiting in more {
            if all.iter().all(|known| known.named() != awaiting.named()) {
                all.push(*awaiting);
            }
        }
        *held = all.into();
    }

    /// Makes known of which types nothing of ours leaves without somebody's signature, whatever steps the organ has defined and
    /// whatever it has authorized beforehand.
    pub fn declare_signed(&self, kinds: &[&'static str]) {
        let signed = &self.inner.declarations.signed;
        let mut signed = signed.write().unwrap_or_else(PoisonError::into_inner);
        signed.extend(kinds);
    }

    /// Takes facets anew where the declarations have changed, a portion at a time; says whether there is more to do.
    pub(crate) fn follow_declarations(&self) -> Result<Option<Pending<bool>>> {
        let all = self.inner.declarations.all();
        let wanted = declarations(&all, &self.inner.declarations.awaiting());
        let reader = self.read()?;
        let follows = reader
            .meta(FOLLOWS)?
            .map(String::from_utf8)
            .transpose()?
            .unwrap_or_default();
        drop(reader);
        let (known, from) = follows.split_once(' ').unwrap_or((&follows, ""));
        if known == wanted && from.is_empty() {
            return Ok(None);
        }
        let from: i64 = if known == wanted { from.parse()? } else { 0 };
        Ok(Some(self.change(move |change| {
            let mut last = from;
            let kept = change.txn.kept_from(from, PORTION)?;
            let whole = kept.len() < PORTION;
            for record in kept {
                last = record.held.recno + 1;
                if has(&all, &record.held.kind)
                    && !record.held.erased
                    && let Some(good) = good(change, record.held.recno)?
                {
                    put(
                        change,
                        record.held.recno,
                        &good
                            .with_object(|object| of(&all, object))
                            .unwrap_or_default(),
                    )?;
                    awaiting::changed(change, record.held.recno)?;
                }
            }
            let follows = if whole {
                wanted
            } else {
                format!("{wanted} {last}")
            };
            change.txn.set_meta(FOLLOWS, follows.as_bytes())?;
            Ok(!whole)
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_taken_from_where_they_stand() {
        let id = "note--00000000-0000-4000-8000-000000000001";
        let take = |rest: &str, kind: &str| {
            let text = format!(
                r#"{{"type":"{kind}","id":"{}",{rest}}}"#,
                id.replace("note", kind)
            );
            of(
                DECLARED,
                &stix::check(text.as_bytes(), &stix::Limits::default()).unwrap(),
            )
        };
        let about = |id: &str| ("about", Value::Text(id.to_owned()));
        assert_eq!(
            take(&format!(r#""object_refs":["{id}","x"]"#), "note"),
            [about(id), about("x")]
        );
        assert_eq!(
            take(r#""withdrawn":[{"object_ref":"a"},{"b":1}]"#, "withdrawal"),
            [about("a")]
        );
        assert_eq!(
            take(r#""published":"1970-01-01T00:00:01Z""#, "report"),
            [("published", Value::Time(1_000_000))]
        );
        let within = [Declared {
            form: Form::TextThenTime("/published"),
            ..text("report", "report.name", "/name")
        }];
        let written = r#"{"type":"report","id":"report--00000000-0000-4000-8000-000000000001","name":"b","published":"2026-01-01T00:00:00Z"}"#;
        let object = stix::check(written.as_bytes(), &stix::Limits::default()).unwrap();
        let value = Value::Text("b 2026-01-01T00:00:00".to_owned());
        assert_eq!(of(&within, &object), [("report.name", value)]);
        let pairs = [Declared {
            form: Form::TextWithText("/name"),
            ..text("report", "report.of", "/labels/*")
        }];
        let written = written.replace(r#""name""#, r#""labels":["x",1,"y"],"name""#);
        let object = stix::check(written.as_bytes(), &stix::Limits::default()).unwrap();
        let pair = |value: &str| ("report.of", Value::Text(value.to_owned()));
        assert_eq!(of(&pairs, &object), [pair("x b"), pair("y b")]);
        assert_eq!(take(r#""published":"soon""#, "report"), []);
        assert_eq!(take(r#""object_refs":{}"#, "note"), []);
        assert_eq!(take(r#""object_refs":["x"]"#, "tool"), []);
    }
}
