//! Who took part when. Invariant: a person is one name on one side; two spellings are two until somebody says otherwise.

use std::collections::BTreeMap;

use crate::records::{Attendance, Piece, Session};

/// The office and session of each time that a person took part.
type Times<'a> = Vec<(Option<&'a str>, &'a Piece<Session>)>;

/// A person and the sessions at which they were, in the order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took<'a> {
    /// The name.
    pub name: &'a str,
    /// The side.
    pub side: Option<&'a str>,
    /// The office and session of each time.
    pub at: Times<'a>,
}

/// What the record calls whoever chairs for a side.
pub const CHAIR: &str = "chair";

/// Who chaired for a side, where that is known.
pub fn chair_of<'a>(session: &'a Session, side: &str) -> Option<&'a Attendance> {
    session.persons.iter().find(|person| {
        person.side.as_deref() == Some(side) && person.function.as_deref() == Some(CHAIR)
    })
}

/// Whoever is named chairs for a side from now on, and nobody else does; with no name, nobody does. Whoever did took part all the same.
pub fn chaired(persons: &mut Vec<Attendance>, side: &str, (name, office): (&str, &str)) {
    let mut before = None;
    for person in persons.iter_mut() {
        if person.side.as_deref() == Some(side) && person.function.as_deref() == Some(CHAIR) {
            person.function = None;
            before = Some(person.name.clone());
        }
    }
    if name.is_empty() {
        return;
    }
    let office = Some(office.to_owned()).filter(|office| !office.is_empty());
    let known = persons
        .iter_mut()
        .find(|person| person.name == name && person.side.as_deref().is_none_or(|own| own == side));
    match known {
        Some(person) => {
            person.side = Some(side.to_owned());
            // The office of somebody who was known before is left as it was, unless another is written.
            if office.is_some() || before.as_deref() == Some(name) {
                person.role = office;
            }
            person.function = Some(CHAIR.to_owned());
        }
        None => persons.push(Attendance {
            name: name.to_owned(),
            role: office,
            side: Some(side.to_owned()),
            function: Some(CHAIR.to_owned()),
        }),
    }
}

/// Everybody of some sessions, by side and name.
pub fn took_part(sessions: &[Piece<Session>]) -> Vec<Took<'_>> {
    let mut all: BTreeMap<(Option<&str>, &str), Times<'_>> = BTreeMap::new();
    for session in sessions {
        for person in &session.what.persons {
            all.entry((person.side.as_deref(), person.name.as_str()))
                .or_default()
                .push((person.role.as_deref(), session));
        }
    }
    all.into_iter()
        .map(|((side, name), mut at)| {
            at.sort_by(|a, b| a.1.what.starts.cmp(&b.1.what.starts));
            Took { name, side, at }
        })
        .collect()
}
