//! Texts whose changed form took their place, and what they say. Invariant: nobody takes away by a text of theirs what another wrote: a
//! changed form counts where it is of the same author, or ours; and whoever does not see it sees what it changed as it stood.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::Released;
use stix::ObjectId;

use super::{Known, Register};
use crate::records::{Commitment, Piece, Text};
use crate::rules::due::{Due, due};
use crate::rules::wording::closeness;

/// How many changed forms are gathered.
const MOST: usize = 2_000;
/// How close words have to be, in percent, to be the same clause in another form of a text.
const SAME: u32 = 50;

/// The texts of statements.
fn texts_of(said: &[Piece<Commitment>]) -> BTreeSet<String> {
    let texts = said.iter().filter_map(|one| one.what.text_ref.clone());
    texts.collect()
}

impl Register<'_> {
    /// The changed forms of these texts.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn replacing(&self, texts: &BTreeSet<String>) -> Result<Released<Vec<Piece<Text>>>> {
        let found = self.any::<Text>("text.replaces", texts, MOST)?;
        let before = found.as_ref().map(|all| {
            let before = all.iter().filter_map(|one| one.what.replaces_ref.as_ref());
            before.filter_map(|id| id.parse().ok()).collect()
        });
        let before: BTreeSet<ObjectId> = before.into_inner();
        let before = self.ones::<Text>(&before)?;
        let home = &self.node().home().id;
        Ok(found.zip(before).map(|(mut found, before)| {
            found.retain(|one| {
                let of = |other: &&Piece<Text>| {
                    one.what.replaces_ref.as_deref() == Some(other.id.as_str())
                };
                let other = before.iter().find(of);
                one.author == *home || other.is_some_and(|other| other.author == one.author)
            });
            found
        }))
    }

    /// The changed forms of the texts of these statements.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn newer(
        &self,
        said: Released<&[Piece<Commitment>]>,
    ) -> Result<Released<Vec<Piece<Text>>>> {
        self.replacing(&said.map(texts_of).into_inner())
    }

    /// Of these statements those whose text stands in no changed form.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn in_force(
        &self,
        said: Released<Vec<Piece<Commitment>>>,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        let newer = self.newer(said.as_ref().map(Vec::as_slice))?;
        Ok(said.zip(newer).map(|(mut said, newer)| {
            said.retain(|one| in_place_of(&newer, one).is_none());
            said
        }))
    }
}

/// The changed form of the text of a statement.
fn in_place_of<'t>(newer: &'t [Piece<Text>], said: &Piece<Commitment>) -> Option<&'t Piece<Text>> {
    let text = said.what.text_ref.as_ref()?;
    newer
        .iter()
        .find(|one| one.what.replaces_ref.as_ref() == Some(text))
}

impl Known {
    /// The changed form of a text.
    pub fn newer_than(&self, text: &ObjectId) -> Option<&Piece<Text>> {
        let mut newer = self.newer.iter();
        newer.find(|one| one.what.replaces_ref.as_deref() == Some(text.as_str()))
    }

    /// The changed form of the text of a statement: it stands no more as it was said there.
    pub fn replaced_by(&self, said: &Piece<Commitment>) -> Option<&Piece<Text>> {
        in_place_of(&self.newer, said)
    }

    /// How a commitment stands to its date, now. What was replaced is settled.
    pub fn due(&self, said: &Piece<Commitment>, now: i64) -> Due {
        match self.replaced_by(said) {
            Some(_) => Due::Settled,
            None => due(&said.what, &self.followed(&said.id), now),
        }
    }

    /// The clause of another form of its text that is closest to a statement, where it is close at all.
    pub fn in_text(&self, text: &str, said: &Piece<Commitment>) -> Option<&Piece<Commitment>> {
        let there = self.commitments.iter();
        there
            .filter(|other| other.what.text_ref.as_deref() == Some(text))
            .map(|other| (closeness(&other.what.words, &said.what.words), other))
            .max_by_key(|(close, _)| *close)
            .filter(|(close, _)| *close >= SAME)
            .map(|(_, other)| other)
    }
}
