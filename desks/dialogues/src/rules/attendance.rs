//! Who took part when. Invariant: a person is one name on one side; two spellings are two until somebody says otherwise.

use std::collections::BTreeMap;

use crate::records::{Piece, Session};

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
