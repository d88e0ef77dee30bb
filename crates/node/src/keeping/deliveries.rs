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
        let texts = [&next.viewer, &next.purpose, &next.filter, &next.outcome];
        // Lines had no person once: those that have none are digested as they were then.
        let person = Some(&next.person).filter(|person| !person.is_empty());
        for text in texts.into_iter().chain(person) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn line(person: &str) -> LedgerEntry {
        LedgerEntry {
            id: 1,
            viewer: "v".into(),
            person: person.into(),
            collection: 1,
            purpose: "poll".into(),
            outcome: "taken by feed".into(),
            high: 10,
            records: 1,
            first_at: 5,
            last_at: 6,
            ..LedgerEntry::default()
        }
    }

    #[test]
    fn a_line_without_a_person_is_digested_as_it_was_before_lines_had_one() {
        let before = "4a14e5ddd27acb54a865f39e05b839abbff799b1a782fdc3c7fc9dfb042d045d";
        assert_eq!(Settled::default().and(&line("")).hash, before);
        let (one, other) = (line("a"), line("b"));
        let hashes = [&one, &other].map(|line| Settled::default().and(line).hash);
        assert!(hashes[0] != before && hashes[0] != hashes[1]);
    }
}
