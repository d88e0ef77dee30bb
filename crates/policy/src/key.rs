//! Class keys: the one canonical text of a class, which the store keeps. Invariant: `parse` takes nothing but what `key` writes.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use stix::ObjectId;

use crate::clause::{Caveats, Clause, Origin};
use crate::label::Class;
use crate::member::{Desk, Member};
use crate::tlp::{Pap, Tlp};

/// A text that is no class key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadKey(String);

impl Class {
    /// The canonical text: one line, clauses joined by `" & "`, each a TLP name and `name=value` fields that are not empty.
    ///
    /// ```
    /// use policy::{Class, Clause, Tlp};
    /// let organ = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5".parse()?;
    /// let class = Class::of(Clause::own(Tlp::Amber, organ));
    /// assert_eq!(
    ///     class.key(),
    ///     "AMBER by=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5 \
    ///      author=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5 \
    ///      holder=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
    /// );
    /// assert_eq!(Class::parse(&class.key()), Ok(class));
    /// # Ok::<(), stix::IdError>(())
    /// ```
    #[must_use]
    pub fn key(&self) -> String {
        self.clauses()
            .map(clause_key)
            .collect::<Vec<_>>()
            .join(" & ")
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`BadKey`] for anything that [`key`](Self::key) would not write: another order, another spelling, a field that is unknown.
    pub fn parse(key: &str) -> Result<Self, BadKey> {
        let bad = || BadKey(key.to_owned());
        let clauses = key
            .split(" & ")
            .map(read_clause)
            .collect::<Option<Vec<_>>>()
            .ok_or_else(bad)?;
        let class = Self::all_of(clauses).ok_or_else(bad)?;
        if class.key() == key {
            Ok(class)
        } else {
            Err(bad())
        }
    }
}

impl fmt::Display for BadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no release class in its canonical form", self.0)
    }
}

impl std::error::Error for BadKey {}

fn clause_key(clause: &Clause) -> String {
    let mut key = clause.tlp.name().to_owned();
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            key.push_str(&format!(" {name}={value}"));
        }
    };
    let Clause {
        tlp: _,
        audience,
        granted,
        by,
        desk,
        origin,
        caveats,
    } = clause;
    let Origin {
        author,
        writer,
        holder,
        bringer,
    } = origin;
    let Caveats {
        exercise,
        originator_consent,
        pap,
        chatham_house,
    } = caveats;
    field("by", by.as_ref().map(ObjectId::to_string));
    field("author", author.as_ref().map(ObjectId::to_string));
    field("writer", writer.as_ref().map(ObjectId::to_string));
    field("holder", Some(holder.to_string()));
    field("bringer", bringer.as_ref().map(ObjectId::to_string));
    field("for", members_key(audience));
    field("granted", members_key(granted));
    field("desk", desk.map(|desk| desk.as_str().to_owned()));
    field("exercise", exercise.as_ref().map(ObjectId::to_string));
    field("consent", originator_consent.then(|| "asked".to_owned()));
    field("pap", (*pap != Pap::Clear).then(|| pap.name().to_owned()));
    field("chatham", chatham_house.then(|| "house".to_owned()));
    key
}

fn members_key(members: &BTreeSet<Member>) -> Option<String> {
    (!members.is_empty()).then(|| {
        members
            .iter()
            .map(Member::to_string)
            .collect::<Vec<_>>()
            .join(",")
    })
}

fn read_clause(text: &str) -> Option<Clause> {
    let mut words = text.split(' ');
    let tlp = Tlp::from_str(words.next()?).ok()?;
    let (mut by, mut author, mut writer, mut holder, mut bringer) = (None, None, None, None, None);
    let (mut audience, mut granted, mut desk) = (BTreeSet::new(), BTreeSet::new(), None);
    let mut caveats = Caveats::NONE;
    for word in words {
        let (name, value) = word.split_once('=')?;
        let id = || ObjectId::from_str(value).ok();
        match name {
            "by" => by = Some(id()?),
            "author" => author = Some(id()?),
            "writer" => writer = Some(id()?),
            "holder" => holder = Some(id()?),
            "bringer" => bringer = Some(id()?),
            "for" => audience = read_members(value)?,
            "granted" => granted = read_members(value)?,
            "desk" => desk = Some(Desk::parse(value)?),
            "exercise" => caveats.exercise = Some(id()?),
            "consent" => caveats.originator_consent = true,
            "pap" => caveats.pap = value.parse().ok()?,
            "chatham" => caveats.chatham_house = true,
            _ => return None,
        }
    }
    let origin = Origin {
        author,
        writer,
        holder: holder?,
        bringer,
    };
    Some(Clause {
        tlp,
        audience,
        granted,
        by,
        desk,
        origin,
        caveats,
    })
}

fn read_members(text: &str) -> Option<BTreeSet<Member>> {
    text.split(',').map(|member| member.parse().ok()).collect()
}
