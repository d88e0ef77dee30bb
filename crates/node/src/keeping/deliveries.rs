//! How far the delivery ledger is settled: a digest of its lines, each over the one before, which the marks of the trail take into the log.
//! Invariant: a line that is settled never grows; what its reader takes afterwards begins another.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{LedgerEntry, Look, WriteTxn};

use crate::clock::Micros;
use crate::node::Node;
use crate::pending::Pending;
use crate::writer::Change;

const SETTLED: &str = "ledger.settled";
/// How many lines are settled at a time, so that writers wait for milliseconds only.
pub(crate) const TOGETHER: i64 = 5_000;

/// Up to which line the ledger is settled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The number of the last line.
    pub line: i64,
    /// The digest over it and all before it, as lower-case hexadecimal; empty before the first.
    pub hash: String,
}

impl Settled {
    /// How far it is.
    pub(crate) fn read(look: &Look) -> Result<Self> {
        Ok(match look.meta(SETTLED)? {
            Some(json) => serde_json::from_slice(&json)?,
            None => Self::default(),
        })
    }

    /// With the next line.
    pub(crate) fn and(&self, next: &LedgerEntry) -> Self {
        let mut hash = Sha256::new();
        hash.update(&self.hash);
        for number in [
            next.id,
            next.collection,
            next.low,
            next.high,
            next.records,
            next.first_at,
            next.last_at,
        ] {
            hash.update(number.to_be_bytes());
        }
        for text in [&next.viewer, &next.purpose, &next.filter, &next.outcome] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        Self {
            line: next.id,
            hash: hex::encode(hash.finalize()),
        }
    }
}

/// Writes lines down. One that goes on from what its reader took after `turned`, and is not settled, grows instead.
pub(crate) fn note_taken<'e>(
    txn: &mut WriteTxn<'_>,
    lines: impl IntoIterator<Item = &'e LedgerEntry>,
    turned: Micros,
) -> Result<()> {
    // Where that cannot be read any more, no line grows; what was taken is noted all the same.
    let settled = Settled::read(txn).map_or(i64::MAX, |settled| settled.line);
    Ok(txn.note(lines, turned, settled)?)
}

impl Change<'_, '_> {
    /// Settles some more lines; how far it is now, and whether there are more.
    pub(super) fn settle_ledger(&mut self) -> Result<(Settled, bool)> {
        let before = Settled::read(self.txn)?;
        let lines = self.txn.ledger_after(before.line, TOGETHER)?;
        let more = i64::try_from(lines.len())? == TOGETHER;
        let now = lines
            .iter()
            .fold(before.clone(), |last, line| last.and(line));
        if now != before {
            self.txn.set_meta(SETTLED, &serde_json::to_vec(&now)?)?;
        }
        Ok((now, more))
    }
}

impl Node {
    /// Settles some more lines of the ledger; whether there are more. What is settled is on disk: who is cut short goes on from there.
    pub(crate) fn settle_ledger(&self) -> Pending<bool> {
        self.change(|change| Ok(change.settle_ledger()?.1))
    }
}
