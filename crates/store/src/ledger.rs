//! The delivery ledger: who took what, or was refused. Invariant: it is written with what was read, and never rewritten to say less.

use std::collections::BTreeMap;

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::queues;
use crate::write::WriteTxn;

/// How many entries that follow each other are a sheet, as the statements have it.
const SHEET: i64 = 64;

/// How long one entry of a peer's may go on, in microseconds: to the minute it says when something was fetched.
const MINUTE: i64 = 60_000_000;
/// What a peer reads for, in the node's writing.
const BY_A_PEER: &str = "relay";

/// A viewer took, or was kept from, what stands in a stretch of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its number here; given by the store.
    pub id: i64,
    /// Who, in the node's writing.
    pub viewer: String,
    /// For which person, in the node's writing; empty for none in particular.
    pub person: String,
    /// From which collection.
    pub collection: i64,
    /// What for.
    pub purpose: String,
    /// Under which filter, in the node's writing; empty for none.
    pub filter: String,
    /// What became of it: taken, or the reason it was withheld.
    pub outcome: String,
    /// Beyond this position,
    pub low: i64,
    /// up to this one.
    pub high: i64,
    /// So many records.
    pub records: i64,
    /// First,
    pub first_at: i64,
    /// and last.
    pub last_at: i64,
}

impl LedgerEntry {
    /// On which sheet of its collection it stands.
    #[must_use]
    pub fn sheet(&self) -> (i64, i64) {
        (self.collection, self.id / SHEET)
    }
}

/// Collection and number of a sheet; the lowest and the highest position of its entries.
pub type Sheet = ((i64, i64), (i64, i64));

fn entry(row: &Row<'_>) -> rusqlite::Result<LedgerEntry> {
    Ok(LedgerEntry {
        id: row.get(0)?,
        viewer: row.get(1)?,
        collection: row.get(2)?,
        purpose: row.get(3)?,
        filter: row.get(4)?,
        outcome: row.get(5)?,
        low: row.get(6)?,
        high: row.get(7)?,
        records: row.get(8)?,
        first_at: row.get(9)?,
        last_at: row.get(10)?,
        person: row.get(11)?,
    })
}

impl Look {
    /// Entries, the newest first, of one viewer or of all, before the number `before`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn ledger(
        &self,
        viewer: Option<&str>,
        before: i64,
        limit: i64,
    ) -> Result<Vec<LedgerEntry>> {
        match viewer {
            Some(viewer) => self
                .db()
                .all(queues::LEDGER_OF, (viewer, before, limit), entry),
            None => self.db().all(queues::LEDGER, (before, limit), entry),
        }
    }

    /// Entries after the number `after`, the oldest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn ledger_after(&self, after: i64, limit: i64) -> Result<Vec<LedgerEntry>> {
        self.db().all(queues::LEDGER_AFTER, (after, limit), entry)
    }

    /// Each sheet, by collection and number, with the stretch in which [`Look::takers`] looks into it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn ledger_sheets(&self) -> Result<Vec<Sheet>> {
        self.db().all(queues::LEDGER_SHEETS, [], |row| {
            Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
        })
    }

    /// Entries whose stretch holds a position: whoever of them reaches the record's class took it. See [`Look::places`].
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn takers(&self, collection: i64, added: i64) -> Result<Vec<LedgerEntry>> {
        self.db().all(queues::TAKERS, (collection, added), entry)
    }
}

impl WriteTxn<'_> {
    /// Notes stretches. Where the viewer's last entry for a collection ends where a stretch begins, is like it, and began after `turned`,
    /// that grows instead: no entry says of one time what may have been another's. Up to the number `settled` none grows. Where they are many, they are noted in the order in
    /// which they stand in their collections, so that few sheets cover a place.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn note<'e>(
        &mut self,
        entries: impl IntoIterator<Item = &'e LedgerEntry>,
        turned: i64,
        settled: i64,
    ) -> Result<()> {
        let mut entries: Vec<&LedgerEntry> = entries.into_iter().collect();
        if entries.is_empty() {
            return Ok(());
        }
        if entries.len() as i64 > SHEET {
            entries.sort_by_key(|entry| (entry.collection, entry.high));
        }
        let number = self.db().one(queues::LAST_LEDGER, [], |row| row.get(0))?;
        let mut number: i64 = number.unwrap_or(0);
        let mut sheets = BTreeMap::new();
        let mut last_of: BTreeMap<(&str, i64), LedgerEntry> = BTreeMap::new();
        for new in entries {
            let key = (new.viewer.as_str(), new.collection);
            let last = match last_of.remove(&key) {
                Some(last) => Some(last),
                None => self.db().one(queues::LEDGER_BEFORE, key, entry)?,
            };
            let written = match last.filter(|last| last.id > settled && last.grows_by(new, turned))
            {
                Some(mut last) => {
                    last.high = new.high;
                    last.records += new.records;
                    last.first_at = last.first_at.min(new.first_at);
                    last.last_at = last.last_at.max(new.last_at);
                    let (from, to) = (last.first_at, last.last_at);
                    let grown = (last.high, last.records, from, to, last.id);
                    self.db().run(queues::EXTEND_LEDGER, grown)?;
                    last
                }
                None => {
                    number += 1;
                    let new = LedgerEntry {
                        id: number,
                        ..new.clone()
                    };
                    self.add(&new)?;
                    new
                }
            };
            let (low, high) = sheets
                .entry(written.sheet())
                .or_insert((written.low, written.high));
            (*low, *high) = (written.low.min(*low), written.high.max(*high));
            last_of.insert(key, written);
        }
        for ((collection, sheet), (low, high)) in sheets {
            let covered = (collection, sheet, low, high);
            self.db().run(queues::WIDEN_SHEET, covered)?;
        }
        Ok(())
    }

    fn add(&self, new: &LedgerEntry) -> Result<()> {
        let LedgerEntry {
            id,
            viewer,
            person,
            collection,
            purpose,
            filter,
            outcome,
            low,
            high,
            records,
            first_at,
            last_at,
        } = new;
        let row = (
            id, viewer, collection, purpose, filter, outcome, low, high, records, first_at,
            last_at, person,
        );
        self.db().run(queues::ADD_LEDGER, row)?;
        Ok(())
    }
}

impl LedgerEntry {
    /// Whether a further stretch of the same viewer and collection makes this entry longer.
    fn grows_by(&self, new: &Self, turned: i64) -> bool {
        self.high == new.low
            && self.person == new.person
            && self.first_at > turned
            && (self.purpose != BY_A_PEER || new.last_at.saturating_sub(self.first_at) < MINUTE)
            && self.purpose == new.purpose
            && self.filter == new.filter
            && self.outcome == new.outcome
    }
}
