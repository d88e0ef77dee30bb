//! Silence procedures that run now: on which text, and when the time is over. Invariant: what a side broke, or what is over, is not in it.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Label, Released};
use stix::ObjectId;

use super::Register;
use crate::records::Silence;
use crate::rules::silence::Standing;

/// How many steps with a time ahead are looked at.
const MOST: usize = 100;
/// How far ahead a time may lie, in microseconds.
const AHEAD: i64 = 365 * 86_400_000_000;

/// A round under silence.
#[derive(Debug, Clone)]
pub struct Running {
    /// The draft, by its first round.
    pub draft: ObjectId,
    /// The round.
    pub round: ObjectId,
    /// What the text is to become.
    pub title: String,
    /// Who began it.
    pub by: String,
    /// Until when, in microseconds.
    pub until: i64,
    /// When its last step was taken, in microseconds.
    pub changed: i64,
    /// The labels of what this is known from.
    pub labels: Vec<Label>,
}

impl Register<'_> {
    /// The silence procedures that run at a time, the first to end first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn silences(&self, now: i64) -> Result<Released<Vec<Running>>> {
        let steps = self.between::<Silence>("silence.until", (now, now + AHEAD), MOST)?;
        let drafts: BTreeSet<String> = steps
            .as_ref()
            .map(|all| all.iter().map(|one| one.what.draft_ref.clone()).collect())
            .into_inner();
        let mut all = Vec::new();
        for draft in drafts {
            let Ok(draft) = draft.parse::<ObjectId>() else {
                continue;
            };
            if let Some(rounds) = self.draft(&draft)? {
                all.push(rounds.map(|rounds| {
                    let taken = rounds.silences.iter().map(|one| one.created.micros()).max();
                    let running = rounds.all.iter().filter_map(|round| {
                        let one = rounds.procedure(&round.id, now)?;
                        (one.standing == Standing::Running).then(|| Running {
                            draft: draft.clone(),
                            round: round.id.clone(),
                            title: round.what.title.clone(),
                            by: one.by,
                            until: one.until,
                            changed: taken.unwrap_or_default(),
                            labels: round
                                .label
                                .iter()
                                .chain(rounds.silences.iter().filter_map(|one| one.label.as_ref()))
                                .cloned()
                                .collect(),
                        })
                    });
                    running.collect::<Vec<Running>>()
                }));
            }
        }
        let all: Released<Vec<Vec<Running>>> = all.into_iter().collect();
        Ok(all.map(|all| {
            let mut all: Vec<Running> = all.into_iter().flatten().collect();
            all.sort_by_key(|one| one.until);
            all
        }))
    }
}
