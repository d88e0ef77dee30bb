//! What is one though two wrote it down: series that somebody said are one, their sessions, and texts. Invariant: it is read as one and
//! nothing else; each record stays as its author wrote it, and what one author wrote twice is two.

use std::collections::{BTreeMap, BTreeSet};

use stix::ObjectId;

use super::wording::shared;
use crate::records::{Dialogue, Piece, Session, Text};

/// How many of the words of two texts have to be in both, in percent, for one that somebody typed or cut otherwise.
const CLOSE: u32 = 80;
/// How long a date is that names a day.
const DAY: usize = "2027-06-30".len();

/// As which record each is read. What nobody said anything of is read as itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Same(BTreeMap<String, String>);

impl Same {
    /// Of pairs: the one that stands for both, and the other.
    pub fn of<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut same = Self::default();
        for (stands, other) in pairs {
            same.join(stands, other);
        }
        same
    }

    fn join(&mut self, stands: &str, other: &str) {
        let [stands, other] = [stands, other].map(|id| self.read_as(id).to_owned());
        if stands == other {
            return;
        }
        for as_which in self.0.values_mut().filter(|one| **one == other) {
            as_which.clone_from(&stands);
        }
        self.0.insert(other, stands);
    }

    /// With more of it.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        for (other, stands) in &more.0 {
            self.join(stands, other);
        }
        self
    }

    /// As which one this is read.
    pub fn read_as<'s>(&'s self, id: &'s str) -> &'s str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// Whether it stands for itself.
    pub fn stands(&self, id: &str) -> bool {
        !self.0.contains_key(id)
    }

    /// All that are read as the same as this one, itself among them.
    pub fn all(&self, id: &str) -> BTreeSet<String> {
        let stands = self.read_as(id);
        let others = self.0.iter().filter(|(_, one)| *one == stands);
        let others = others.map(|(other, _)| other.clone());
        others.chain([stands.to_owned()]).collect()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether two series look like one: the same parties, and no key that says otherwise.
pub fn looks_like(one: &Dialogue, other: &Dialogue) -> bool {
    let parties = |what: &Dialogue| what.parties.iter().cloned().collect::<BTreeSet<_>>();
    let keys = one.key.as_ref().zip(other.key.as_ref());
    parties(one) == parties(other) && keys.is_none_or(|(one, other)| one == other)
}

/// Which sessions of a series, each written down by another participant, are one: of one number; where one has no number, of one day. Ours
/// stands for the others, else the first that was entered.
pub fn sessions(all: &[Piece<Session>], home: &ObjectId) -> Same {
    let mut series: BTreeMap<&str, Vec<&Piece<Session>>> = BTreeMap::new();
    for one in all {
        series.entry(&one.what.dialogue_ref).or_default().push(one);
    }
    let mut same = Same::default();
    for mut own in series.into_values() {
        let authors: BTreeSet<&ObjectId> = own.iter().map(|one| &one.author).collect();
        if authors.len() < 2 {
            continue;
        }
        own.sort_by_key(|one| (one.author != *home, one.created.micros(), one.id.clone()));
        let mut standing: Vec<&Piece<Session>> = Vec::new();
        for one in own {
            let found = standing
                .iter()
                .find(|other| other.author != one.author && is_one(&other.what, &one.what));
            match found {
                Some(other) => same.join(other.id.as_str(), one.id.as_str()),
                None => standing.push(one),
            }
        }
    }
    same
}

fn is_one(one: &Session, other: &Session) -> bool {
    if let Some((one, other)) = one.ordinal.zip(other.ordinal) {
        return one == other;
    }
    let day = |what: &Session| what.start.clone().filter(|start| start.len() == DAY);
    day(one).is_some_and(|own| Some(own) == day(other))
}

/// Whether two authors entered the same text: word for word; or one that is agreed or joint, of the same parties, day and language, with
/// nearly the same words.
pub fn is_same_text(one: &Piece<Text>, other: &Piece<Text>) -> bool {
    if one.author == other.author {
        return false;
    }
    let (a, b) = (&one.what, &other.what);
    let parties = |what: &Text| what.parties.iter().cloned().collect::<BTreeSet<_>>();
    a.normal == b.normal
        || !(a.standing.is_one_sided() || b.standing.is_one_sided())
            && one.lang == other.lang
            && a.published == b.published
            && parties(a) == parties(b)
            && shared(&a.content, &b.content) >= CLOSE
}
