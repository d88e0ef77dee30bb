//! Which round follows which, and where two sides wrote the next one at the same time. Invariant: both stay; taken up together, nothing that
//! one of them has is missing from what comes of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use node::ledger::INTO_A_FILE;
use policy::Released;
use stix::ObjectId;

use super::compare::{Cut, Step, letters, steps};
use super::ink::{Glyph, glyphs, inked};
use crate::names;
use crate::records::{Draft, Passage, Piece, Session, Silence, SilenceAct};
use crate::register::{InName, Register};
use crate::rules::silence::{self, Procedure, stands};

/// How many rounds of a draft are read.
const MOST: usize = 500;

type Drafts = Vec<Piece<Draft>>;

impl Register<'_> {
    /// The rounds of a draft in their order, with what sides did in silence procedures; `None` where there are none. What was withdrawn
    /// stands apart: the draft goes on from the round before.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn draft(&self, id: &ObjectId) -> Result<Option<Released<Rounds>>> {
        let all = self.having::<Draft>("draft.of", id.as_str(), MOST)?;
        let (all, asked_back) = self.standing_rounds(all)?;
        let withdrawn = self.withdrawn::<Draft>("draft.of", id.as_str(), MOST)?;
        let silences = self.having::<Silence>("silence.draft", id.as_str(), MOST)?;
        if all.as_ref().map(Vec::is_empty).into_inner() {
            return Ok(None);
        }
        let silences = silences.map(|steps| self.parted(steps));
        let silences = silences
            .zip(all.as_ref())
            .map(|((steps, in_name), rounds)| (self.as_named(rounds, steps), in_name));
        let (steps, _) = silences.as_ref().into_inner();
        let waiting = self.waiting(steps)?;
        let heard = self.heard(all.as_ref().into_inner(), steps)?;
        Ok(Some(all.zip(silences).zip(withdrawn.zip(asked_back)).map(
            |((mut all, (silences, in_name)), (mut withdrawn, asked_back))| {
                withdrawn.extend(asked_back);
                for some in [&mut all, &mut withdrawn] {
                    in_order(some);
                }
                Rounds {
                    all,
                    withdrawn,
                    silences,
                    in_name,
                    waiting,
                    heard,
                }
            },
        )))
    }

    /// The rounds that stand, and those that their authors asked us to withdraw. What a round that stands was made from stays.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn standing_rounds(
        &self,
        all: Released<Drafts>,
    ) -> Result<(Released<Drafts>, Released<Drafts>)> {
        let home = &self.node().home().id;
        let theirs = all.as_ref().into_inner().iter();
        let theirs = theirs.filter(|one| one.author != *home);
        let asked = self.node().asked_back(theirs.map(|one| &one.id))?;
        let both = all.map(|all| {
            // From those that stand back: what one that is asked back was made from is kept by nothing.
            let (mut kept, mut open) = (BTreeSet::new(), Vec::new());
            open.extend(all.iter().filter(|one| !asked.contains_key(&one.id)));
            while let Some(one) = open.pop() {
                let before = [&one.what.follows_ref, &one.what.also_follows_ref];
                for id in before.into_iter().flatten() {
                    if kept.insert(id.clone()) {
                        open.extend(all.iter().filter(|one| one.id.as_str() == id));
                    }
                }
            }
            let goes =
                |one: &Piece<Draft>| asked.contains_key(&one.id) && !kept.contains(one.id.as_str());
            all.into_iter().partition::<Vec<_>, _>(goes)
        });
        let stay = both.as_ref().map(|(_, stay)| stay.clone());
        Ok((stay, both.map(|(asked, _)| asked)))
    }

    /// The newest round of each draft that is in the making for a session or a series, by the facet of either. Where a later round took the
    /// text to a session that the viewer does not see, it stays with the last one that they do. A draft of which no round stands is none.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn in_the_making(
        &self,
        facet: &str,
        id: &ObjectId,
        most: usize,
    ) -> Result<Released<Drafts>> {
        let found = self.having::<Draft>(facet, id.as_str(), most)?;
        let known: BTreeSet<ObjectId> = found
            .as_ref()
            .map(|all| all.iter().map(draft_of).collect())
            .into_inner();
        let mut newest = Vec::new();
        for draft in known {
            let all = self.having::<Draft>("draft.of", draft.as_str(), MOST)?;
            let (all, _) = self.standing_rounds(all)?;
            let all = all.map(|mut all| {
                in_order(&mut all);
                all
            });
            let session = self.session_seen(all.as_ref().into_inner())?;
            newest.push(all.map(|mut all| {
                let (series, _) = made_for(&all);
                let is_for = [series, session.as_deref()].contains(&Some(id.as_str()));
                all.pop().filter(|_| is_for)
            }));
        }
        let newest: Released<Vec<Option<Piece<Draft>>>> = newest.into_iter().collect();
        Ok(newest.map(|all| all.into_iter().flatten().collect()))
    }

    /// The last session that rounds were made for and the viewer sees.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn session_seen(&self, all: &[Piece<Draft>]) -> Result<Option<String>> {
        for session in all
            .iter()
            .rev()
            .filter_map(|one| one.what.session_ref.as_ref())
        {
            let Ok(id) = session.parse::<ObjectId>() else {
                continue;
            };
            if self.one::<Session>(&id)?.is_some() {
                return Ok(Some(session.clone()));
            }
        }
        Ok(None)
    }

    /// The steps with their side as the text names it, where they name it by the id of a participant of it.
    fn as_named(
        &self,
        rounds: &[Piece<Draft>],
        mut steps: Vec<Piece<Silence>>,
    ) -> Vec<Piece<Silence>> {
        for step in &mut steps {
            let of = step.what.round_ref.as_str();
            let round = rounds.iter().find(|round| round.id.as_str() == of);
            let parties = round.map_or(&[][..], |round| &round.what.parties);
            if parties.contains(&step.what.side) {
                continue;
            }
            let own = parties.iter().find(|party| {
                let called = names::participants(self.node(), party);
                called.iter().any(|one| one.id.as_str() == step.what.side)
            });
            if let Some(party) = own {
                step.what.side.clone_from(party);
            }
        }
        steps
    }

    /// Since when each side could know of each step, and by when it had it.
    fn heard(
        &self,
        rounds: &[Piece<Draft>],
        steps: &[Piece<Silence>],
    ) -> Result<BTreeMap<ObjectId, Vec<Heard>>> {
        let node = self.node();
        let ours = names::ours(node);
        let peers: BTreeSet<ObjectId> = node
            .peers()?
            .into_iter()
            .map(|one| one.participant)
            .collect();
        let mut heard = BTreeMap::new();
        for step in steps {
            let round = rounds
                .iter()
                .find(|round| round.id.as_str() == step.what.round_ref);
            let mut sides = Vec::new();
            for side in round.map_or(&[][..], |round| &round.what.parties) {
                let own = ours.contains(side);
                let by_us = step.author == node.home().id;
                if own == by_us {
                    // What one of the others gave another, that one's node knows, and we do not.
                    let of_others = !own && *side != step.what.side;
                    sides.extend(of_others.then(|| Heard::elsewhere(side)));
                    continue;
                }
                if own {
                    let since = node.open_since(&step.id, &node.home_viewer())?;
                    sides.push(Heard::since(side, since));
                    continue;
                }
                let called = names::participants(node, side);
                let mut all = Vec::new();
                for one in &called {
                    let open = node.open_since(&step.id, &node.viewer_of(&one.id, true))?;
                    // Who has no node here gets it by hand once it is released.
                    all.push(match peers.contains(&one.id) {
                        true => self.fetched(side, &step.id, &one.id, open)?,
                        false => Heard::since(side, open),
                    });
                }
                // One of its organs is enough.
                let known = all.iter().filter_map(|one| one.known).min();
                let had = all.iter().filter_map(|one| one.had).min();
                let one = Heard {
                    known,
                    had,
                    ..Heard::since(side, None)
                };
                sides.extend((!called.is_empty()).then_some(one));
            }
            heard.insert(step.id.clone(), sides);
        }
        Ok(heard)
    }

    /// When another's node fetched a step, as far as our ledger says: a line of it has a first and a last moment.
    fn fetched(
        &self,
        side: &str,
        step: &ObjectId,
        by: &ObjectId,
        open: Option<i64>,
    ) -> Result<Heard> {
        let lines = self.node().takers(step)?;
        let lines: Vec<_> = lines
            .iter()
            .filter(|one| one.viewer == by.as_str() && one.purpose != INTO_A_FILE)
            .collect();
        let first = lines.iter().map(|line| line.first_at).min();
        Ok(Heard {
            side: side.to_owned(),
            known: open.map(|open| first.map_or(open, |first| first.max(open))),
            had: lines.iter().map(|line| line.last_at).min(),
            elsewhere: false,
        })
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
    /// Those that were withdrawn by the sides that had put them forward, or that they asked us to withdraw.
    pub withdrawn: Vec<Piece<Draft>>,
    /// What sides did in silence procedures.
    pub silences: Vec<Piece<Silence>>,
    /// What others wrote in the names of sides.
    pub in_name: Vec<InName>,
    /// Those of them that wait for their release: nobody else has them, and they count for nothing yet.
    pub waiting: BTreeSet<ObjectId>,
    /// Since when each side could know of each of them, and had it.
    pub heard: BTreeMap<ObjectId, Vec<Heard>>,
}

/// What this node knows of when a side came to know of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The side.
    pub side: String,
    /// Not before this; `None` where it could not so far.
    pub known: Option<i64>,
    /// By this moment it had it; `None` where this is not known.
    pub had: Option<i64>,
    /// Another gave it to that side: its node knows when, and we do not.
    pub elsewhere: bool,
}

impl Heard {
    fn since(side: &str, since: Option<i64>) -> Self {
        Self {
            side: side.to_owned(),
            known: since,
            had: since,
            elsewhere: false,
        }
    }

    fn elsewhere(side: &str) -> Self {
        Self {
            elsewhere: true,
            ..Self::since(side, None)
        }
    }
}

/// The latest of some moments, where there is one of each side that this node knows of; the beginning where there is no other side.
fn last_of(heard: &[Heard], begun: i64, moment: fn(&Heard) -> Option<i64>) -> Option<i64> {
    let own = heard.iter().filter(|one| !one.elsewhere);
    let moments: Option<Vec<i64>> = own.map(moment).collect();
    Some(
        moments?
            .into_iter()
            .max()
            .map_or(begun, |last| last.max(begun)),
    )
}

impl Rounds {
    /// Those that no other round follows, the newest first: more than one where sides wrote at the same time.
    pub fn heads(&self) -> Vec<&Piece<Draft>> {
        let every = || self.all.iter().chain(&self.withdrawn);
        let mut followed: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&Piece<Draft>> = self.all.iter().collect();
        // What a round followed that was withdrawn since is followed by it as well.
        while let Some(one) = open.pop() {
            let before = [&one.what.follows_ref, &one.what.also_follows_ref];
            for id in before.into_iter().flatten() {
                if followed.insert(id) && self.round(id).is_none() {
                    open.extend(every().filter(|one| one.id.as_str() == id));
                }
            }
        }
        let mut heads: Vec<&Piece<Draft>> = self
            .all
            .iter()
            .filter(|one| !followed.contains(one.id.as_str()))
            .collect();
        heads.sort_by_key(|one| (std::cmp::Reverse(one.what.round), one.created.micros()));
        heads
    }

    /// Those that stand and follow a round, at once or by way of what was withdrawn.
    pub fn after(&self, id: &ObjectId) -> Vec<&Piece<Draft>> {
        let every = || self.all.iter().chain(&self.withdrawn);
        let (mut seen, mut open) = (BTreeSet::new(), vec![id.as_str()]);
        while let Some(before) = open.pop() {
            let follows = every().filter(|one| {
                let refs = [&one.what.follows_ref, &one.what.also_follows_ref];
                refs.into_iter().flatten().any(|id| id == before)
            });
            for one in follows {
                // What stands is followed no further: it hangs there by itself.
                if seen.insert(one.id.as_str()) && self.round(one.id.as_str()).is_none() {
                    open.push(one.id.as_str());
                }
            }
        }
        let all = self.all.iter();
        all.filter(|one| seen.contains(one.id.as_str())).collect()
    }

    /// The newest round.
    pub fn newest(&self) -> Option<&Piece<Draft>> {
        self.heads().first().copied()
    }

    /// The series and the session that the text is made for: a side's program that names neither in its round takes them from nobody.
    pub fn made_for(&self) -> (Option<&str>, Option<&str>) {
        made_for(&self.all)
    }

    /// The silence procedure on a round as it stands at a time. What waits for its release is not in it: nobody could answer it.
    pub fn procedure(&self, round: &ObjectId, now: i64) -> Option<Procedure> {
        let steps: Vec<silence::Step<'_>> = self
            .gone()
            .map(|one| {
                let heard = self.heard.get(&one.id).map_or(&[][..], Vec::as_slice);
                let at = one.created.micros();
                silence::Step {
                    at,
                    known: last_of(heard, at, |one| one.known),
                    had: last_of(heard, at, |one| one.had),
                    what: &one.what,
                }
            })
            .collect();
        let parties = self.round(round.as_str());
        let parties = parties.map_or(&[][..], |round| &round.what.parties);
        stands(round.as_str(), parties, &steps, now)
    }

    /// What sides did, without what waits for its release.
    fn gone(&self) -> impl Iterator<Item = &Piece<Silence>> {
        let gone = self.silences.iter();
        gone.filter(|one| !self.waiting.contains(&one.id))
    }

    /// The step by which a procedure was begun.
    pub fn begun(&self, one: &Procedure) -> Option<&Piece<Silence>> {
        self.gone().nth(one.begun)
    }

    /// What this node knows of when the sides came to know that a procedure runs.
    pub fn heard_of(&self, one: &Procedure) -> &[Heard] {
        let begun = self.begun(one);
        let heard = begun.and_then(|begun| self.heard.get(&begun.id));
        heard.map_or(&[], Vec::as_slice)
    }

    /// What our side wants to do in the procedure on a round, and has not been let do yet.
    pub fn held_back(&self, round: &ObjectId) -> Vec<SilenceAct> {
        let of = self
            .silences
            .iter()
            .filter(|one| one.what.round_ref == round.as_str() && self.waiting.contains(&one.id));
        of.map(|one| one.what.act).collect()
    }

    /// Those of some that were withdrawn.
    pub fn withdrawn_of<'r>(&'r self, ids: &'r [String]) -> impl Iterator<Item = &'r Piece<Draft>> {
        let all = self.withdrawn.iter();
        all.filter(|one| ids.iter().any(|id| *id == one.id.as_str()))
    }

    /// A round by its id.
    pub fn round(&self, id: &str) -> Option<&Piece<Draft>> {
        self.all.iter().find(|one| one.id.as_str() == id)
    }
}

/// The draft of a round, by its first one: the first round names itself, or nothing.
pub fn draft_of(round: &Piece<Draft>) -> ObjectId {
    let of = round.what.draft_ref.as_deref();
    let of = of.and_then(|of| ObjectId::parse(of).ok());
    of.unwrap_or_else(|| round.id.clone())
}

/// By their numbers, then by time.
fn in_order(rounds: &mut [Piece<Draft>]) {
    let place = |one: &Piece<Draft>| (one.what.round, one.created.micros());
    rounds.sort_by(|a, b| (place(a), &a.id).cmp(&(place(b), &b.id)));
}

/// The series and the session that rounds in their order are made for: what the newest says that says it.
pub(crate) fn made_for(rounds: &[Piece<Draft>]) -> (Option<&str>, Option<&str>) {
    let newest_first = || rounds.iter().rev().map(|one| &one.what);
    (
        newest_first().find_map(|what| what.dialogue_ref.as_deref()),
        newest_first().find_map(|what| what.session_ref.as_deref()),
    )
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
