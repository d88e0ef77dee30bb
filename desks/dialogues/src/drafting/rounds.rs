//! Which round follows which, and where two sides wrote the next one at the same time. Invariant: both stay; taken up together, nothing that
//! one of them has is missing from what comes of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use policy::{Released, Viewer};
use stix::ObjectId;

use super::compare::{Cut, Step, letters, steps};
use super::ink::{Glyph, glyphs, inked};
use crate::names;
use crate::records::{Draft, Passage, Piece, Silence, SilenceAct};
use crate::register::Register;
use crate::rules::silence::{self, Procedure, stands};

/// How many rounds of a draft are read.
const MOST: usize = 500;

impl Register<'_> {
    /// The rounds of a draft in their order, with what sides did in silence procedures; `None` where there are none.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn draft(&self, id: &ObjectId) -> Result<Option<Released<Rounds>>> {
        let all = self.having::<Draft>("draft.of", id.as_str(), MOST)?;
        let silences = self.having::<Silence>("silence.draft", id.as_str(), MOST)?;
        if all.as_ref().map(Vec::is_empty).into_inner() {
            return Ok(None);
        }
        let waiting = self.waiting(silences.as_ref().into_inner())?;
        let known = self.known(all.as_ref().into_inner(), silences.as_ref().into_inner())?;
        Ok(Some(all.zip(silences).map(|(mut all, silences)| {
            all.sort_by(|a, b| {
                (a.what.round, a.created.micros(), &a.id).cmp(&(
                    b.what.round,
                    b.created.micros(),
                    &b.id,
                ))
            });
            Rounds {
                all,
                silences,
                waiting,
                known,
            }
        })))
    }

    /// Since when every side could know of each step; a step that a side could not know of so far is not in it.
    fn known(
        &self,
        rounds: &[Piece<Draft>],
        steps: &[Piece<Silence>],
    ) -> Result<BTreeMap<ObjectId, i64>> {
        let (node, ours) = (self.node(), names::ours(self.node()));
        let mut known = BTreeMap::new();
        for step in steps {
            let at = step.created.micros();
            let round = rounds
                .iter()
                .find(|round| round.id.as_str() == step.what.round_ref);
            let mut since = Some(at);
            for side in round.map_or(&[][..], |round| &round.what.parties) {
                let own = ours.contains(side);
                // Of our own steps the others know once they could have them; of theirs we know once they came in. What one of them
                // gave another, they know.
                let by_us = step.author == node.home().id;
                if own == by_us {
                    continue;
                }
                let viewers: Vec<Viewer> = if own {
                    vec![node.home_viewer()]
                } else {
                    let called = names::participants(node, side).into_iter();
                    called.map(|one| node.viewer_of(&one.id, true)).collect()
                };
                // Who is no participant here gets it by hand.
                if viewers.is_empty() {
                    continue;
                }
                let mut first: Option<i64> = None;
                for viewer in &viewers {
                    let open = node.open_since(&step.id, viewer)?;
                    first = first.into_iter().chain(open).min();
                }
                since = since.and_then(|since| Some(since.max(first?)));
            }
            known.extend(since.map(|since| (step.id.clone(), since)));
        }
        Ok(known)
    }

    /// The steps of ours that others don't have yet: their case is open.
    fn waiting(&self, silences: &[Piece<Silence>]) -> Result<BTreeSet<ObjectId>> {
        let home = &self.node().home().id;
        let mut waiting = BTreeSet::new();
        for own in silences.iter().filter(|one| one.author == *home) {
            if self.waits(&own.id)? {
                waiting.insert(own.id.clone());
            }
        }
        Ok(waiting)
    }
}

/// The rounds of a draft.
#[derive(Debug, Clone)]
pub struct Rounds {
    /// In the order of their numbers, then of time; never empty.
    pub all: Vec<Piece<Draft>>,
    /// What sides did in silence procedures.
    pub silences: Vec<Piece<Silence>>,
    /// Those of them that wait for their release: nobody else has them, and they count for nothing yet.
    pub waiting: BTreeSet<ObjectId>,
    /// Since when every side could know of each of them; one that a side could not know of so far is not in it.
    pub known: BTreeMap<ObjectId, i64>,
}

impl Rounds {
    /// Those that no other round follows, the newest first: more than one where sides wrote at the same time.
    pub fn heads(&self) -> Vec<&Piece<Draft>> {
        let followed = |id: &str| {
            self.all.iter().any(|one| {
                one.what.follows_ref.as_deref() == Some(id)
                    || one.what.also_follows_ref.as_deref() == Some(id)
            })
        };
        let mut heads: Vec<&Piece<Draft>> = self
            .all
            .iter()
            .filter(|one| !followed(one.id.as_str()))
            .collect();
        heads.sort_by_key(|one| (std::cmp::Reverse(one.what.round), one.created.micros()));
        heads
    }

    /// The newest round.
    pub fn newest(&self) -> Option<&Piece<Draft>> {
        self.heads().first().copied()
    }

    /// The silence procedure on a round as it stands at a time. What waits for its release is not in it: nobody could answer it.
    pub fn procedure(&self, round: &ObjectId, now: i64) -> Option<Procedure> {
        let gone = self.silences.iter();
        let gone = gone.filter(|one| !self.waiting.contains(&one.id));
        let steps: Vec<silence::Step<'_>> = gone
            .map(|one| silence::Step {
                at: one.created.micros(),
                known: self.known.get(&one.id).copied(),
                what: &one.what,
            })
            .collect();
        stands(round.as_str(), &steps, now)
    }

    /// What our side wants to do in the procedure on a round, and has not been let do yet.
    pub fn held_back(&self, round: &ObjectId) -> Vec<SilenceAct> {
        let of = self
            .silences
            .iter()
            .filter(|one| one.what.round_ref == round.as_str() && self.waiting.contains(&one.id));
        of.map(|one| one.what.act).collect()
    }

    /// A round by its id.
    pub fn round(&self, id: &str) -> Option<&Piece<Draft>> {
        self.all.iter().find(|one| one.id.as_str() == id)
    }
}

/// Two rounds that follow the same one, as one: what is open in either is open.
pub fn joined(one: &[Passage], other: &[Passage]) -> Vec<Passage> {
    let marks = |all: &[Passage]| -> Vec<String> {
        all.iter()
            .map(|passage| {
                passage
                    .mark
                    .clone()
                    .unwrap_or_else(|| passage.words.clone())
            })
            .collect()
    };
    steps(&marks(one), &marks(other))
        .into_iter()
        .filter_map(|step| match step {
            Step::Both(i, j) => both(&one[i], &other[j]),
            Step::First(i) => Some(one[i].clone()),
            Step::Second(j) => Some(other[j].clone()),
        })
        .collect()
}

fn both(one: &Passage, other: &Passage) -> Option<Passage> {
    let (a, b) = (glyphs(one), glyphs(other));
    let of = |all: &[Glyph]| all.iter().map(|glyph| glyph.letter).collect::<Vec<char>>();
    // Where what is open begins and ends, a word does too.
    let cut = |all: &[Glyph]| -> Vec<bool> {
        let open = |glyph: &Glyph| (glyph.ink.in_by.clone(), glyph.ink.out_by.clone());
        (0..all.len())
            .map(|at| at > 0 && open(&all[at]) != open(&all[at - 1]))
            .collect()
    };
    let (first, second) = ((of(&a), cut(&a)), (of(&b), cut(&b)));
    let all: Vec<Glyph> = letters(
        Cut {
            letters: &first.0,
            before: &first.1,
        },
        Cut {
            letters: &second.0,
            before: &second.1,
        },
    )
    .into_iter()
    .map(|step| match step {
        Step::Both(i, j) => {
            let mut glyph = a[i].clone();
            let theirs = &b[j].ink;
            // Where one of them had it settled, it is settled; what either would have otherwise is open.
            if glyph.ink.in_by != theirs.in_by && glyph.ink.in_by.is_some() {
                glyph.ink.in_by = glyph.ink.in_by.filter(|_| theirs.in_by.is_some());
            }
            glyph.ink.out_by = glyph.ink.out_by.or_else(|| theirs.out_by.clone());
            glyph.ink.held_by = glyph.ink.held_by.or_else(|| theirs.held_by.clone());
            for side in &theirs.agreed_by {
                if !glyph.ink.agreed_by.contains(side) {
                    glyph.ink.agreed_by.push(side.clone());
                }
            }
            glyph
        }
        Step::First(i) => a[i].clone(),
        Step::Second(j) => b[j].clone(),
    })
    .collect();
    let mut passage = one.clone();
    for remark in &other.remarks {
        if !passage.remarks.contains(remark) {
            passage.remarks.push(remark.clone());
        }
    }
    passage.joins_by = passage.joins_by.or_else(|| other.joins_by.clone());
    inked(&passage, &all)
}

/// The text as it would read if everything put forward were taken: a paragraph each, with its name.
pub fn reads(passages: &[Passage]) -> Vec<(String, String)> {
    passages
        .iter()
        .filter(|passage| passage.state != crate::records::PassageState::Deleted)
        .map(|passage| {
            (
                passage.mark.clone().unwrap_or_default(),
                passage.words.clone(),
            )
        })
        .collect()
}

/// Which passage of one round is which of another: by name, in the order of both.
pub fn paired<'p>(
    earlier: &'p [Passage],
    later: &'p [Passage],
) -> Vec<(Option<&'p Passage>, Option<&'p Passage>)> {
    let marks = |all: &[Passage]| -> Vec<Option<String>> {
        all.iter().map(|passage| passage.mark.clone()).collect()
    };
    steps(&marks(earlier), &marks(later))
        .into_iter()
        .map(|step| match step {
            Step::Both(i, j) => (earlier.get(i), later.get(j)),
            Step::First(i) => (earlier.get(i), None),
            Step::Second(j) => (None, later.get(j)),
        })
        .collect()
}
