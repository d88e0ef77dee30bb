//! What the clock does about cases: deadlines that pass, delays that end, and carrying out what nothing stands against.
//!
//! Invariant: a release gives a label only to what was not tightened, revoked or taken away since the case was opened.

use anyhow::{Context, Result};
use policy::Change as Compared;
use serde_json::json;

use super::book::{open_cases, put, told};
use super::case::{Case, State};
use super::holding::end_what_is_over;
use crate::node::Node;
use crate::pending::Pending;
use crate::relabel::{label_of, relabel};
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
        for recno in numbers.iter().take(PORTION) {
            if stays(change, *recno, &held)? {
                case.left += 1;
            } else {
                relabel(change, *recno, &label)?;
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
fn stays(change: &mut Change<'_, '_>, recno: i64, held: &policy::Label) -> Result<bool> {
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
