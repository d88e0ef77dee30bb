//! What the clock does about cases: deadlines that pass, delays that end, and carrying out what nothing stands against.
//!
//! Invariant: a release gives a label only to what was not tightened, corrected, revoked or taken away since the case was opened.

use anyhow::{Context, Result};
use policy::{Change as Compared, Label};
use serde_json::json;
use stix::{ObjectId, Timestamp};

use super::book::{open_cases, put, told};
use super::case::{Case, State};
use super::holding::end_what_is_over;
use crate::node::Node;
use crate::pending::Pending;
use crate::relabel::{good, label_of, newer_than, relabel};
use crate::seal::read_label;
use crate::writer::Change;

/// How many records get their label in one commit.
const PORTION: usize = 500;

impl Node {
    /// Does what is due: ends silences and delegations by the clock, and carries out one case, or a portion of it. Says whether to ask
    /// again at once.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn carry_out(&self) -> Pending<bool> {
        self.change(|change| {
            end_what_is_over(change)?;
            let now = change.now;
            for mut case in open_cases(change.txn)? {
                let turned = case.turn(now);
                if turned {
                    by_itself(change, "clearance.silence-passed", &case)?;
                }
                if case.is_due(now) {
                    release(change, &mut case)?;
                    put(change, &case)?;
                    return Ok(true);
                }
                if turned {
                    put(change, &case)?;
                }
            }
            Ok(false)
        })
    }
}

/// A line of the trail for what nobody did.
pub(super) fn by_itself(change: &mut Change<'_, '_>, action: &str, case: &Case) -> Result<()> {
    let (subject, detail) = told(case, json!({}))?;
    let nobody = (String::new(), "node".to_owned(), "clock".to_owned());
    change.note_as(nobody, action, &subject, &detail)
}

/// Gives the next records of a case their label; the last portion ends it.
pub(super) fn release(change: &mut Change<'_, '_>, case: &mut Case) -> Result<()> {
    if let Some(label) = &case.label {
        let label = read_label(label).context("the label of a case is damaged")?;
        let held = read_label(&case.held).context("the label of a case is damaged")?;
        let from = case.next;
        let numbers: Vec<i64> = case
            .numbers()
            .filter(|number| *number >= from)
            .take(PORTION + 1)
            .collect();
        let mut waiting = None;
        for recno in numbers.iter().take(PORTION) {
            let wider = match stays(change, *recno, &held)? {
                true => None,
                false => governed(change, *recno, &label, &mut waiting)?,
            };
            match wider {
                Some(wider) => relabel(change, *recno, &wider)?,
                None => case.left += 1,
            }
        }
        if let Some(next) = numbers.get(PORTION) {
            case.next = *next;
            return Ok(());
        }
    }
    case.released(change.now);
    debug_assert_eq!(case.state, State::Released);
    by_itself(change, "clearance.release", case)
}

/// Whether a record is left as it is: erased, revoked, or under a tighter label than when it was asked for.
fn stays(change: &mut Change<'_, '_>, recno: i64, held: &Label) -> Result<bool> {
    let Some(record) = change
        .txn
        .held_record(recno)?
        .filter(|record| !record.erased)
    else {
        return Ok(true);
    };
    let newest = change.txn.latest_of(record.object)?;
    if newest.is_some_and(|newest| newest.recno != recno && newest.revoked) {
        return Ok(true);
    }
    let compared = policy::compare(held, &label_of(change, recno)?);
    Ok(matches!(compared, Compared::Tighter | Compared::Mixed))
}

/// What a label comes to for a version of which there are newer ones: they govern it, those that wait by what they wait for (rule 8).
/// `None` where it lets in nobody whom the version's own does not.
fn governed(
    change: &Change<'_, '_>,
    recno: i64,
    label: &Label,
    waiting: &mut Option<Vec<Case>>,
) -> Result<Option<Label>> {
    let looked = good(change, recno)?;
    let version = looked
        .as_ref()
        .and_then(|good| good.header.version().cloned());
    let record = change.txn.held_record(recno)?;
    let Some((version, record)) = version.zip(record) else {
        return Ok(Some(label.clone()));
    };
    let at = Timestamp::from_micros(change.now);
    let mut governed = label.clone();
    for newer in newer_than(change, record.object, &version)? {
        let cases = match waiting {
            Some(cases) => cases,
            None => waiting.insert(open_cases(change.txn)?),
        };
        let own = label_of(change, newer)?;
        let home = change.register.home();
        let ours = |person: &ObjectId| change.register.organ_of_person(person) == Some(home);
        // What is out and is to go further governs by what it has.
        let theirs = match asked_for(cases, newer) {
            Some(asked) if !own.leaves(&own.inside(ours)) => asked,
            _ => own,
        };
        if governed.widens(&theirs, &at) {
            governed = policy::retroactive(&governed, &theirs);
        }
    }
    let nothing = governed != *label && !governed.leaves(&label_of(change, recno)?);
    Ok((!nothing).then_some(governed))
}

/// The label that a version waits for.
fn asked_for(cases: &[Case], recno: i64) -> Option<Label> {
    let mut about = cases
        .iter()
        .filter(|case| case.numbers().any(|one| one == recno));
    about.find_map(Case::label)
}
