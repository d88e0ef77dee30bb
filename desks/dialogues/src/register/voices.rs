//! Whose word a record is. Invariant: what somebody writes in the name of another is parted from what sides say before anything is made of
//! it, and stays to be shown as what it is.

use std::collections::BTreeMap;

use policy::Label;
use stix::ObjectId;

use super::Register;
use crate::names;
use crate::records::{AppraisalReply, Consent, FollowUp, Piece, Silence};
use crate::rules::speaking::speaks;

/// A record by which a side says something.
pub trait ForSide {
    /// The side.
    fn side(&self) -> &str;

    /// What it is about.
    fn about(&self) -> &str;

    /// In which words.
    fn words(&self) -> Option<&str>;
}

impl ForSide for FollowUp {
    fn side(&self) -> &str {
        &self.side
    }

    fn about(&self) -> &str {
        &self.about_ref
    }

    fn words(&self) -> Option<&str> {
        self.account.as_deref()
    }
}

impl ForSide for Consent {
    fn side(&self) -> &str {
        &self.side
    }

    fn about(&self) -> &str {
        &self.about_ref
    }

    fn words(&self) -> Option<&str> {
        None
    }
}

impl ForSide for AppraisalReply {
    fn side(&self) -> &str {
        &self.side
    }

    fn about(&self) -> &str {
        &self.about_ref
    }

    fn words(&self) -> Option<&str> {
        Some(&self.words)
    }
}

impl ForSide for Silence {
    fn side(&self) -> &str {
        &self.side
    }

    fn about(&self) -> &str {
        &self.round_ref
    }

    fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

/// What somebody wrote in the name of a side that is not theirs: it counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InName {
    /// The record.
    pub id: ObjectId,
    /// Who wrote it.
    pub by: ObjectId,
    /// The side in whose name.
    pub side: String,
    /// What it is about.
    pub about_ref: String,
    /// Its words, where it has some.
    pub words: Option<String>,
    /// Its label.
    pub label: Option<Label>,
}

impl InName {
    fn of<T: ForSide>(piece: &Piece<T>) -> Self {
        Self {
            id: piece.id.clone(),
            by: piece.author.clone(),
            side: piece.what.side().to_owned(),
            about_ref: piece.what.about().to_owned(),
            words: piece.what.words().map(str::to_owned),
            label: piece.label.clone(),
        }
    }
}

impl Register<'_> {
    /// What sides say, and what others wrote in their names.
    pub fn parted<T: ForSide>(&self, all: Vec<Piece<T>>) -> (Vec<Piece<T>>, Vec<InName>) {
        let mut counts = self.counting();
        let (own, in_name): (Vec<_>, Vec<_>) = all.into_iter().partition(|piece| counts(piece));
        (own, in_name.iter().map(InName::of).collect())
    }

    /// Tells of records by which sides say something which of them count: those that their own side wrote, or this node entered.
    pub fn counting<T: ForSide>(&self) -> impl FnMut(&Piece<T>) -> bool {
        let (node, mut known) = (self.node(), BTreeMap::new());
        move |piece| {
            let (home, side) = (&node.home().id, piece.what.side());
            // Most of what is read is our own, or each side's by its id: nobody is looked up for that.
            speaks(&piece.author, home, side, &[]) || {
                let called: &Vec<ObjectId> = known.entry(side.to_owned()).or_insert_with(|| {
                    let called = names::participants(node, side);
                    called.into_iter().map(|one| one.id).collect()
                });
                speaks(&piece.author, home, side, called)
            }
        }
    }
}
