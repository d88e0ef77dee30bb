//! The book of cases: kept in the store, changed in one transaction with its line of the trail, seen by whoever may see the records.
//!
//! Invariant: who may do something is looked up on the loaded case inside the transaction that does it: the person's session and roles,
//! the records' labels, the delegation, and what was done since the page was read.

use anyhow::{Context, Result};
use policy::{Purpose, Released, Viewer, decide};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use stix::{ObjectId, Timestamp};
use store::{Local, Look};

use super::act::{Act, Forbidden, Hand};
use super::case::{Awaits, Case, SilenceState, State, StepKind};
use super::holding::end_what_is_over;
use super::mandate::Lapse;
use super::release::release;
use crate::node::Node;
use crate::overview::Stood;
use crate::pending::Pending;
use crate::relabel::label_of;
use crate::seal::read_label;
use crate::users::{Actor, Refused, Right};
use crate::writer::Change;

/// Under which room the cases are kept, and which kinds there are.
const ROOM: &str = "clearance";
const OPEN: &str = "open";
const CLOSED: &str = "closed";
const LAST: &str = "clearance.last";
/// How many open cases there may be at once, and are gone through.
const MOST: usize = 10_000;
/// How many records of a case have to be visible to whoever gives a step. All of them have had one label.
const LOOKED_AT: usize = 500;
/// How many records are shown of a case.
const SHOWN: usize = 20;

/// A case with those of its records that the viewer may see.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The case.
    pub case: Case,
    /// Its first records.
    pub records: Vec<Stood>,
}

/// A step that somebody may give now, for themselves or as a deputy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The step's place in the case.
    pub step: usize,
    /// The delegation by which they may, and who gave it.
    pub delegation: Option<(u64, String)>,
}

/// Cases, and what the organ laid down about them.
#[derive(Clone, Copy)]
pub struct Clearance<'a> {
    pub(super) node: &'a Node,
}

impl Node {
    /// Clearance: what leaves, by whose word.
    #[must_use]
    pub fn clearance(&self) -> Clearance<'_> {
        Clearance { node: self }
    }
}

fn read(local: &Local) -> Result<Case> {
    serde_json::from_slice(&local.value).with_context(|| format!("case {} is damaged", local.name))
}

fn name(number: u64) -> String {
    format!("{number:020}")
}

/// All open cases, the oldest first.
pub(super) fn open_cases(look: &Look) -> Result<Vec<Case>> {
    look.locals(ROOM, OPEN, "", MOST)?
        .iter()
        .map(read)
        .collect()
}

fn find(look: &Look, number: u64) -> Result<Option<Case>> {
    let open = look.local(ROOM, OPEN, &name(number))?;
    let kept = match open {
        Some(open) => Some(open),
        None => look.local(ROOM, CLOSED, &name(number))?,
    };
    kept.as_ref().map(read).transpose()
}

/// Writes a case where it belongs.
pub(super) fn put(change: &mut Change<'_, '_>, case: &Case) -> Result<()> {
    let kind = if case.is_over() {
        change.txn.drop_local(ROOM, OPEN, &name(case.number))?;
        CLOSED
    } else {
        OPEN
    };
    change.txn.put_local(&Local {
        room: ROOM.to_owned(),
        kind: kind.to_owned(),
        name: name(case.number),
        changed: change.now,
        value: serde_json::to_vec(case)?,
    })?;
    Ok(())
}

pub(super) fn next_number(change: &mut Change<'_, '_>) -> Result<u64> {
    let last = match change.txn.meta(LAST)? {
        Some(text) => {
            serde_json::from_slice(&text).context("the number of the last case is damaged")?
        }
        None => 0_u64,
    };
    change
        .txn
        .set_meta(LAST, &serde_json::to_vec(&(last + 1))?)?;
    Ok(last + 1)
}

/// What the trail says of a case: its number; and bound to it by a hash, everything that was done so far, words included.
pub(super) fn told(case: &Case, mut detail: Value) -> Result<(String, Value)> {
    if let Value::Object(fields) = &mut detail {
        let hash = hex::encode(Sha256::digest(serde_json::to_vec(case)?));
        fields.insert("records".to_owned(), json!(case.count()));
        fields.insert("asked_by".to_owned(), json!(case.asked_by));
        fields.insert("case_sha256".to_owned(), json!(hash));
    }
    Ok((format!("case {}", case.number), detail))
}

impl Act {
    /// The right that it takes; whose step it is comes on top.
    #[must_use]
    pub fn right(&self) -> Right {
        match self {
            Self::Sign { .. } => Right::Release,
            Self::Withdraw => Right::Stop,
            _ => Right::Read,
        }
    }

    fn step(&self) -> Option<usize> {
        match self {
            Self::Visa { step, .. } | Self::Sign { step, .. } | Self::Refuse { step } => {
                Some(*step)
            }
            _ => None,
        }
    }

    /// Whether a step is given by it, which somebody answers for.
    fn is_given(&self) -> bool {
        matches!(self, Self::Visa { .. } | Self::Sign { .. })
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Visa { .. } => "clearance.visa",
            Self::Sign { .. } => "clearance.sign",
            Self::Refuse { .. } => "clearance.refuse",
            Self::TakeBack { .. } => "clearance.take-back",
            Self::Withdraw => "clearance.withdraw",
            Self::BeginSilence { .. } => "clearance.silence",
            Self::Break => "clearance.break",
            Self::Extend { .. } => "clearance.extend",
            Self::Reserve => "clearance.reserve",
            Self::WantBy { .. } => "clearance.wanted",
        }
    }
}

/// Whether somebody may see the records of a case.
fn sees(change: &Change<'_, '_>, case: &Case, viewer: &Viewer) -> Result<bool> {
    let at = Timestamp::from_micros(change.now);
    for recno in case.numbers().take(LOOKED_AT) {
        let label = label_of(change, recno)?;
        if !decide(viewer, &label, Purpose::Show, &at).is_granted() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who acts: for themselves, or by a delegation that covers it and whose giver could do it.
fn hand(
    change: &Change<'_, '_>,
    case: &Case,
    act: &Act,
    delegation: Option<u64>,
    by: &Actor,
) -> Result<Hand> {
    let mut hand = Hand {
        person: by.person.to_string(),
        instead_of: None,
        releases: by.may(Right::Release),
        stops: by.may(Right::Stop),
    };
    let Some(number) = delegation else {
        return Ok(hand);
    };
    let rules = change.register.rules();
    let given = rules
        .delegations
        .iter()
        .find(|given| given.number == number && by.is(&given.to));
    let given = given.ok_or(Forbidden::Delegation(Lapse::None))?;
    let step = act.step().and_then(|step| case.steps.get(step));
    let step = step.ok_or(Forbidden::Delegation(Lapse::OutOfScope))?;
    given
        .covers(case, step, change.now)
        .map_err(Forbidden::Delegation)?;
    let right = match step.kind {
        StepKind::Visa => Right::Read,
        StepKind::Signature => Right::Release,
    };
    let giver =
        ObjectId::parse(&given.from).map_err(|_| Forbidden::Delegation(Lapse::GiverMayNot))?;
    let viewer = change
        .register
        .viewer(change.register.home(), Some(&giver), false);
    if !change.has_right(&given.from, right)? || !sees(change, case, &viewer)? {
        return Err(Forbidden::Delegation(Lapse::GiverMayNot).into());
    }
    hand.instead_of = Some(given.from.clone());
    Ok(hand)
}

/// What goes along with an act.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// In words.
    pub words: String,
    /// How much had [happened](Case::happened) to the case when its page was read. A step is not given without.
    pub seen: Option<usize>,
    /// The delegation by which a deputy acts.
    pub delegation: Option<u64>,
}

impl Clearance<'_> {
    /// Does something about a case. What it completes is carried out in the same commit, unless a delay runs or it is long.
    ///
    /// # Errors
    /// [`Refused`] by roles and sessions; [`Forbidden`] by the case, for what may not be seen as for what is absent; those of the storage.
    pub fn act(&self, number: u64, act: Act, said: Said, by: &Actor) -> Pending<Case> {
        let by = by.clone();
        self.node.change(move |change| {
            let right = act.right();
            change.authorize(&by, right)?;
            // A program says nothing to a case for somebody who gave it leave to read only.
            if by.scope().is_some_and(|scope| !scope.covers(Right::Decide)) {
                return Err(Refused::NotAllowed(Right::Decide).into());
            }
            if by.is_at_terminal() && act != Act::Withdraw {
                return Err(Refused::NotAllowed(right).into());
            }
            end_what_is_over(change)?;
            let mut case = find(change.txn, number)?.ok_or(Forbidden::Absent)?;
            let home = change.register.home().clone();
            let viewer = change
                .register
                .viewer(&home, Some(&by.person), by.viewer.machine);
            let blind = act == Act::Withdraw && (by.is_at_terminal() || !by.may(Right::Read));
            if !blind && !sees(change, &case, &viewer)? {
                return Err(Forbidden::Absent.into());
            }
            let now = change.now;
            if case.turn(now) {
                super::release::by_itself(change, "clearance.silence-passed", &case)?;
            }
            let changed = |seen: usize| seen != case.happened();
            if !case.is_over() && said.seen.is_some_and(changed) {
                return Err(Forbidden::Changed.into());
            }
            let hand = hand(change, &case, &act, said.delegation, &by)?;
            case.act(&act, &hand, &said.words, now)?;
            // What nobody read gets no step: it may be more by now than they know of.
            if act.is_given() && said.seen.is_none() {
                return Err(Forbidden::Unseen.into());
            }
            let step = act.step().and_then(|step| case.steps.get(step));
            let detail =
                json!({ "step": step.map(|step| &step.name), "instead_of": hand.instead_of });
            let (subject, detail) = told(&case, detail)?;
            change.note(&by, act.name(), &subject, &detail)?;
            if case.is_due(now) {
                release(change, &mut case)?;
            }
            put(change, &case)?;
            Ok(case)
        })
    }

    /// The open cases, for the operator's commands: numbers and times, no content.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn open_cases(&self) -> Result<Vec<Case>> {
        open_cases(&*self.node.read()?)
    }

    /// The open cases whose records the viewer may see, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn open_to(&self, viewer: &Viewer) -> Result<Vec<Released<Seen>>> {
        let cases = self.open_cases()?;
        self.seen(viewer, cases)
    }

    /// The open cases that wait for somebody, by number. Quick: it is asked for on every page.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn awaiting(&self, by: &Actor) -> Result<Released<Vec<u64>>> {
        let mut waiting: Vec<Released<u64>> = Vec::new();
        for case in self.open_cases()? {
            if !self.waits_for(&case, by) {
                continue;
            }
            let stood = self
                .node
                .numbered(&by.viewer, Purpose::Show, case.numbers(), 1)?;
            let number = case.number;
            waiting.extend(stood.into_iter().map(|stood| stood.map(|_| number)));
        }
        Ok(waiting.into_iter().collect())
    }

    /// The cases that are over and whose records the viewer may see, the newest first, at most so many.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn over_to(&self, viewer: &Viewer, most: usize) -> Result<Vec<Released<Seen>>> {
        let kept = self.node.read()?.locals(ROOM, CLOSED, "", MOST)?;
        let mut over = Vec::new();
        for local in kept.iter().rev() {
            if over.len() >= most {
                break;
            }
            over.extend(self.seen(viewer, vec![read(local)?])?);
        }
        Ok(over)
    }

    /// One case, if the viewer may see its records.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn case(&self, viewer: &Viewer, number: u64) -> Result<Option<Released<Seen>>> {
        let case = find(&*self.node.read()?, number)?;
        Ok(self.seen(viewer, case.into_iter().collect())?.pop())
    }

    /// The records of a case that come after so many, as far as the viewer may see them; and how many numbers of it were gone through.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn records(
        &self,
        viewer: &Viewer,
        case: &Case,
        after: usize,
    ) -> Result<(Released<Vec<Stood>>, usize)> {
        let numbers: Vec<i64> = case.numbers().skip(after).take(SHOWN).collect();
        let through = after.saturating_add(numbers.len());
        let stood = self.node.numbered(viewer, Purpose::Show, numbers, SHOWN)?;
        Ok((stood.into_iter().collect(), through))
    }

    /// The open cases about an object.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn about(&self, viewer: &Viewer, id: &ObjectId) -> Result<Vec<Released<Seen>>> {
        let reader = self.node.read()?;
        let Some(object) = reader.object_no(id)? else {
            return Ok(Vec::new());
        };
        let versions = reader.versions_of(object)?;
        let mut cases = open_cases(&reader)?;
        drop(reader);
        let is_of = |case: &Case, recno: i64| {
            case.records
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&recno))
        };
        cases.retain(|case| versions.iter().any(|version| is_of(case, version.recno)));
        self.seen(viewer, cases)
    }

    /// The open case in which the newest version of an object waits inside the house for a label. What is said anew meanwhile asks for
    /// the same: under the label that it has until then, it would take away what others have of it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn asked_for(&self, viewer: &Viewer, id: &ObjectId) -> Result<Option<Released<Case>>> {
        let reader = self.node.read()?;
        let newest = match reader.object_no(id)? {
            Some(object) => reader.latest_of(object)?,
            None => None,
        };
        let Some(newest) = newest else {
            return Ok(None);
        };
        let mut cases = open_cases(&reader)?;
        drop(reader);
        let home = self.node.register();
        let inside = |case: &Case| {
            read_label(&case.held).is_some_and(|held| {
                let organ = Some(home.home());
                !held.leaves(&held.inside(|person| home.organ_of_person(person) == organ))
            })
        };
        let waits = |case: &Case| case.numbers().any(|one| one == newest.recno);
        cases.retain(|case| case.label.is_some() && waits(case) && inside(case));
        let asked = self.seen(viewer, cases)?.pop();
        Ok(asked.map(|seen| seen.map(|seen| seen.case)))
    }

    fn seen(&self, viewer: &Viewer, cases: Vec<Case>) -> Result<Vec<Released<Seen>>> {
        let mut all = Vec::new();
        for case in cases {
            let stood = self
                .node
                .numbered(viewer, Purpose::Show, case.numbers(), SHOWN)?;
            if stood.is_empty() {
                continue;
            }
            let stood: Released<Vec<Stood>> = stood.into_iter().collect();
            all.push(stood.map(|records| Seen { case, records }));
        }
        Ok(all)
    }

    /// The steps that somebody may give now, as far as the case and the rules tell. What is done is checked again where it is done.
    #[must_use]
    pub fn turns(&self, case: &Case, by: &Actor) -> Vec<Turn> {
        if case.is_over() {
            return Vec::new();
        }
        let now = self.node.now();
        let register = self.node.register();
        let delegations = &register.rules().delegations;
        let mut turns = Vec::new();
        for (place, step) in case
            .steps
            .iter()
            .enumerate()
            .filter(|(_, step)| step.given.is_none())
        {
            let may = match step.kind {
                StepKind::Visa => by.may(Right::Read),
                StepKind::Signature => by.may(Right::Release) && case.awaits() == Awaits::Signature,
            };
            let others = (case.public || case.four_eyes) && by.is(&case.asked_by);
            if !may || others {
                continue;
            }
            let own = Hand {
                person: by.person.to_string(),
                instead_of: None,
                releases: by.may(Right::Release),
                stops: false,
            };
            if step.is_for(&own) {
                turns.push(Turn {
                    step: place,
                    delegation: None,
                });
                continue;
            }
            let given = delegations.iter().find(|given| {
                let askers = (case.public || case.four_eyes) && given.from == case.asked_by;
                by.is(&given.to) && !askers && given.covers(case, step, now).is_ok()
            });
            turns.extend(given.map(|given| Turn {
                step: place,
                delegation: Some((given.number, given.from.clone())),
            }));
        }
        turns
    }

    /// Whether a case waits for somebody: a step of theirs, a silence in which they are asked by name, a broken silence of theirs.
    #[must_use]
    pub fn waits_for(&self, case: &Case, by: &Actor) -> bool {
        let asked = case.silence.as_ref().is_some_and(|silence| {
            let named = silence.of.contains(&by.person);
            let said = case
                .events
                .iter()
                .any(|event| event.by.as_deref() == Some(by.person.as_str()));
            silence.state == SilenceState::Running
                && named
                && !said
                && self.node.now() < silence.until
        });
        let broken =
            case.state == State::Open && case.awaits() == Awaits::Broken && by.is(&case.asked_by);
        asked || broken || !self.turns(case, by).is_empty()
    }
}
