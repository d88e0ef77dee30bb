//! Reads that run while a commit is made: they saw what was before it, and are noted after it.
//!
//! Invariant: whoever may have got a record from where it stood is asked to withdraw it, whichever of the two came first to the ledger.
//! Commits are counted ([`Pace::reached`](crate::news::Pace::reached)) rather than timed, since a clock may stand still or go back.

use std::collections::VecDeque;

use store::LedgerEntry;

use crate::clock::{Micros, SECOND};
use crate::withdrawal::Moved;

/// For how long after a commit a read may still be noted that began before it. The slowest page is written out long before.
const LONGEST: Micros = 120 * SECOND;
/// How many records that left their places are remembered at most; each is a few hundred bytes.
const MOST: usize = 50_000;

/// What the last commits took away.
#[derive(Debug, Default)]
pub(crate) struct Late {
    moved: VecDeque<(u64, Micros, Moved)>,
    /// When somebody last left a circle, and how far the commits were after it.
    left: Option<(u64, Micros)>,
}

impl Late {
    /// A commit is on disk, after which the count is `reached`: what it took away, and when somebody last left a circle.
    pub(crate) fn keep(&mut self, reached: u64, at: Micros, moved: Vec<Moved>, left: Micros) {
        self.moved
            .extend(moved.into_iter().map(|moved| (reached, at, moved)));
        let old = |(_, then, _): &(u64, Micros, Moved)| *then < at.saturating_sub(LONGEST);
        while self.moved.len() > MOST || self.moved.front().is_some_and(old) {
            self.moved.pop_front();
        }
        if left > Micros::MIN && self.left.is_none_or(|(_, before)| before != left) {
            self.left = Some((reached, left));
        }
    }

    /// The lines as they are written: a read that began before somebody left a circle was that of a member.
    pub(crate) fn lines(&self, mut lines: Vec<(u64, LedgerEntry)>) -> Vec<(u64, LedgerEntry)> {
        if let Some((reached, left)) = self.left {
            for (_, line) in lines.iter_mut().filter(|(began, _)| *began < reached) {
                line.first_at = line.first_at.min(left);
            }
        }
        lines
    }

    /// Of these lines, those that began before something left a place that they cover.
    pub(crate) fn missed(&self, lines: &[(u64, LedgerEntry)]) -> Vec<(LedgerEntry, Moved)> {
        let mut missed = Vec::new();
        for (began, line) in lines {
            let since = self.moved.iter().rev();
            for (_, _, moved) in since.take_while(|(reached, ..)| began < reached) {
                let covers = moved.before.iter().any(|place| {
                    place.collection == line.collection
                        && line.low < place.added
                        && place.added <= line.high
                });
                if covers {
                    missed.push((line.clone(), moved.clone()));
                }
            }
        }
        missed
    }
}
