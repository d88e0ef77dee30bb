//! What came of objects that arrived in several lots, counted in the words of lists and bundles.
//!
//! Invariant: each count is of what the lists show afterwards. What came twice waits once, and what waited for a seal that came later does
//! not wait.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use stix::{ObjectId, Timestamp};
use store::Look;

use crate::submission::{Outcome, Receipt};

/// The counts so far. They are kept where the rest is to come another day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Arrivals {
    /// Objects that became records, or are here already.
    pub(crate) accepted: usize,
    pub(crate) known: usize,
    pub(crate) refused: usize,
    /// Seals and labels among what became a record,
    pub(crate) beside: usize,
    /// and among what was here already.
    pub(crate) beside_known: usize,
    /// What waits, by its number: id and version.
    waits: BTreeMap<i64, (Option<String>, Option<String>)>,
    /// What would wait, of lots that were only tried.
    would_wait: usize,
}

impl Arrivals {
    /// Counts a lot.
    pub(crate) fn add(&mut self, receipt: &Receipt) {
        for line in &receipt.lines {
            let beside = usize::from(line.id.as_deref().is_some_and(goes_beside));
            match line.outcome {
                Outcome::Accepted => {
                    self.accepted += 1;
                    self.beside += beside;
                }
                Outcome::Known => {
                    self.known += 1;
                    self.beside_known += beside;
                }
                Outcome::Refused { .. } => self.refused += 1,
                Outcome::Awaiting { number, .. } => {
                    let named = || (line.id.clone(), line.version.clone());
                    self.waits.entry(number).or_insert_with(named);
                }
            }
        }
    }

    /// The lot that was counted last was only tried: its numbers mean nothing any more.
    pub(crate) fn only_tried(&mut self) {
        self.would_wait += std::mem::take(&mut self.waits).len();
    }

    /// How many of them still await a decision; what does not any more, because its seal came after it, counts as accepted.
    ///
    /// # Errors
    /// Those of the storage.
    pub(crate) fn settle(&mut self, look: &Look) -> Result<usize> {
        let mut awaiting = self.would_wait;
        for (number, (id, version)) in std::mem::take(&mut self.waits) {
            if look.pending(number)?.is_some() {
                awaiting += 1;
            } else if is_here(look, id.as_deref(), version.as_deref())? {
                self.accepted += 1;
                self.beside += usize::from(id.as_deref().is_some_and(goes_beside));
            }
        }
        Ok(awaiting)
    }
}

/// Whether an object goes beside another for its sake: a seal, or how a copy is handled.
pub(crate) fn goes_beside(id: &str) -> bool {
    matches!(id.split_once("--"), Some(("seal" | "handling", _)))
}

fn is_here(look: &Look, id: Option<&str>, version: Option<&str>) -> Result<bool> {
    let id = id.and_then(|id| ObjectId::parse(id).ok());
    let Some(object) = id.map(|id| look.object_no(&id)).transpose()?.flatten() else {
        return Ok(false);
    };
    match version.and_then(|at| Timestamp::parse(at).ok()) {
        Some(version) => Ok(look.find_version(object, &version.version_key())?.is_some()),
        None => Ok(!look.versions_of(object)?.is_empty()),
    }
}
