//! A round in preparation: our side's changes before they are put forward. It is kept on this node and is no record.
//! Invariant: it names the rounds that it takes up; two people who change it at once hear of each other.

use anyhow::{Context, Result};
use node::Node;
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use super::ink::{Glyph, glyphs, inked, parted};
use super::rounds::{Rounds, joined};
use crate::DESK;
use crate::records::{Draft, Passage, Piece, Received};
use crate::rules::taken::is_being_done;

/// Under which kind it is kept.
const KIND: &str = "round";

/// A round in preparation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bench {
    /// The draft, by its first round.
    pub draft: String,
    /// The rounds that it takes up.
    pub takes_up: Vec<String>,
    /// Its number.
    pub round: u32,
    /// Whose round it is.
    pub side: String,
    /// What it says so far.
    pub passages: Vec<Passage>,
    /// How often it was changed.
    pub revision: u32,
    /// How many passages were added, for their names.
    pub added: u32,
    /// How it came in, where it came as a file. It is then put forward as it came, or not at all.
    pub received: Option<Received>,
    /// What to know about the file, each with how often.
    #[serde(default)]
    pub found: Vec<(String, u32)>,
    /// Since when it is being put forward, in microseconds: meanwhile nobody changes it, or puts it forward again.
    #[serde(default)]
    pub sending: Option<i64>,
}

impl Bench {
    /// Begun from rounds that nothing follows yet; several are taken up together.
    pub fn begun(draft: &ObjectId, heads: &[&Piece<Draft>], side: &str) -> Self {
        let mut passages: Vec<Passage> = Vec::new();
        for (place, head) in heads.iter().enumerate() {
            passages = if place == 0 {
                head.what.passages.clone()
            } else {
                joined(&passages, &head.what.passages)
            };
        }
        let newest = heads.iter().map(|head| head.what.round).max().unwrap_or(0);
        Self {
            draft: draft.to_string(),
            takes_up: heads.iter().map(|head| head.id.to_string()).collect(),
            round: newest + 1,
            side: side.to_owned(),
            passages,
            revision: 0,
            added: 0,
            received: None,
            found: Vec::new(),
            sending: None,
        }
    }

    /// With a number that no round had, one that was withdrawn neither.
    #[must_use]
    pub fn numbered(mut self, rounds: &Rounds) -> Self {
        let withdrawn = rounds.withdrawn.iter().map(|one| one.what.round + 1);
        self.round = withdrawn.fold(self.round, u32::max);
        self
    }

    /// A name that no passage has, also not one that the other side adds in the same round.
    pub fn fresh(&mut self, parties: &[String]) -> String {
        self.added += 1;
        let side = parties.iter().position(|party| *party == self.side);
        let letter = side
            .and_then(|place| u8::try_from(place).ok())
            .filter(|place| *place < 26)
            .map_or('z', |place| char::from(b'a' + place));
        format!("{}{letter}-{}", self.round, self.added)
    }

    /// Puts a passage in the place of another, in as many parts as its line feeds make of it.
    pub fn put(&mut self, mark: &str, new: Option<Passage>, parties: &[String]) {
        let Some(place) = self.place(mark) else {
            return;
        };
        let parts = match new {
            None => Vec::new(),
            Some(passage) => {
                let mut own = self.clone();
                let parts = parted(&passage, &mut || own.fresh(parties));
                self.added = own.added;
                parts
            }
        };
        self.passages.splice(place..=place, parts);
    }

    /// Adds a passage after another; first of all where there is no such passage.
    pub fn add(&mut self, after: &str, passage: Passage) {
        let place = self.place(after).map_or(0, |place| place + 1);
        self.passages.insert(place, passage);
    }

    /// Joins a passage with the next one.
    pub fn join(&mut self, mark: &str) {
        let Some(place) = self.place(mark) else {
            return;
        };
        if place + 1 >= self.passages.len() {
            return;
        }
        let next = self.passages.remove(place + 1);
        let Some(passage) = self.passages.get_mut(place) else {
            return;
        };
        let mut all = glyphs(passage);
        all.push(Glyph {
            letter: ' ',
            ink: super::ink::Ink::default(),
        });
        all.extend(glyphs(&next));
        let mut own = passage.clone();
        own.joins_by = next.joins_by;
        own.remarks.extend(next.remarks);
        if let Some(new) = inked(&own, &all) {
            *passage = new;
        }
    }

    /// A passage by its name.
    pub fn passage(&self, mark: &str) -> Option<&Passage> {
        self.passages.get(self.place(mark)?)
    }

    fn place(&self, mark: &str) -> Option<usize> {
        self.passages
            .iter()
            .position(|passage| passage.mark.as_deref() == Some(mark))
    }

    /// Keeps it, one revision further, in place of the one that it was made from; a new one where none is in preparation.
    ///
    /// # Errors
    /// [`node::Meanwhile`] when somebody has changed that, or is putting it forward; [`node::Above`]; those of the storage.
    pub fn save(&mut self, node: &Node) -> Result<()> {
        for passage in &self.passages {
            let remarks = passage.remarks.iter().map(|remark| &remark.words);
            for words in std::iter::once(&passage.words).chain(remarks) {
                node.may_hold(words)?;
            }
        }
        let before = self.revision;
        let now = node.now();
        let still = move |there: Option<&[u8]>| match there {
            None => before == 0,
            Some(there) => serde_json::from_slice::<Self>(there)
                .is_ok_and(|there| there.revision == before && !there.is_being_sent(now)),
        };
        let new = Self {
            revision: before + 1,
            sending: None,
            ..self.clone()
        };
        let kept = serde_json::to_vec(&new)?;
        node.keep_if(DESK, KIND, &self.draft, still, kept).wait()?;
        *self = new;
        Ok(())
    }

    fn is_being_sent(&self, now: i64) -> bool {
        self.sending.is_some_and(|since| is_being_done(since, now))
    }

    /// Takes it to put it forward, as it was read: nobody else takes or changes it until it is let go of or given back.
    ///
    /// # Errors
    /// [`node::Meanwhile`] when somebody has changed it, or is putting it forward; those of the storage.
    pub(crate) fn take(&self, node: &Node) -> Result<()> {
        let (own, now) = (self.clone(), node.now());
        if own.is_being_sent(now) {
            return Err(node::Meanwhile.into());
        }
        let taken = Self {
            sending: Some(now),
            ..self.clone()
        };
        let still = move |there: Option<&[u8]>| {
            there.is_some_and(|there| {
                serde_json::from_slice::<Self>(there).is_ok_and(|there| there == own)
            })
        };
        let kept = serde_json::to_vec(&taken)?;
        node.keep_if(DESK, KIND, &self.draft, still, kept).wait()
    }

    /// Gives it back as it was, since it could not be put forward.
    pub(super) fn give_back(&self, node: &Node) -> Result<()> {
        node.keep(DESK, KIND, &self.draft, serde_json::to_vec(self)?)
            .wait()
    }

    /// The round that it went out as, where the program ended between that and letting go of it.
    pub fn went_out_as<'r>(&self, node: &Node, rounds: &'r Rounds) -> Option<&'r Piece<Draft>> {
        let home = &node.home().id;
        let (first, second) = (self.takes_up.first(), self.takes_up.get(1));
        let is_it = |one: &&Piece<Draft>| {
            one.author == *home
                && one.what.round == self.round
                && one.what.side == self.side
                && one.what.follows_ref.as_ref() == first
                && one.what.also_follows_ref.as_ref() == second
                && one.what.received == self.received
                && one.what.passages == self.passages
        };
        // It may have been withdrawn since: it went out nevertheless.
        let out = rounds.all.iter().chain(&rounds.withdrawn).find(is_it);
        out.filter(|_| !self.is_being_sent(node.now()))
    }

    /// The one of a draft, if one is in preparation.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn load(node: &Node, draft: &ObjectId) -> Result<Option<Self>> {
        let Some(kept) = node.kept(DESK, KIND, draft.as_str())? else {
            return Ok(None);
        };
        Ok(Some(
            serde_json::from_slice(&kept.value).context("a round in preparation is damaged")?,
        ))
    }

    /// Lets go of it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn let_go(node: &Node, draft: &ObjectId) -> Result<()> {
        node.let_go(DESK, KIND, draft.as_str()).wait().map(|_| ())
    }
}
