//! The delivery ledger: who took what, or was refused. Invariant: it is written with what was read, and never rewritten to say less.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::queues;
use crate::write::WriteTxn;

/// A viewer took, or was kept from, what stands in a stretch of a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its number here; given by the store.
    pub id: i64,
    /// Who, in the node's writing.
    pub viewer: String,
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

    /// Entries whose stretch holds a position: whoever of them reaches the record's class took it. See [`Look::places`].
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn takers(&self, collection: i64, added: i64) -> Result<Vec<LedgerEntry>> {
        self.db().all(queues::TAKERS, (collection, added), entry)
    }
}

impl WriteTxn<'_> {
    /// Notes a stretch. If the viewer's last entry for this collection ends where it begins, is like it, and began after `turned`, that
    /// grows instead: no entry says of one time what may have been another's.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn note(&mut self, new: &LedgerEntry, turned: i64) -> Result<()> {
        // Of many lines in one transaction, most follow one of the same viewer: that one was just written.
        let same =
            |last: &LedgerEntry| last.viewer == new.viewer && last.collection == new.collection;
        let before = match self.last_line.take().filter(same) {
            Some(last) => Some(last),
            None => {
                let key = (&new.viewer, new.collection);
                self.db().one(queues::LEDGER_BEFORE, key, entry)?
            }
        };
        if let Some(mut last) = before {
            let like = last.purpose == new.purpose
                && last.filter == new.filter
                && last.outcome == new.outcome;
            if like && last.high == new.low && last.first_at > turned {
                self.db().run(
                    queues::EXTEND_LEDGER,
                    (new.high, new.records, new.last_at, last.id),
                )?;
                last.high = new.high;
                self.last_line = Some(last);
                return Ok(());
            }
        }
        let last = match self.lines {
            Some(last) => last,
            None => {
                let last = self.db().one(queues::LAST_LEDGER, [], |row| row.get(0))?;
                last.unwrap_or(0)
            }
        };
        let LedgerEntry {
            viewer,
            collection,
            purpose,
            filter,
            outcome,
            low,
            high,
            records,
            first_at,
            last_at,
            ..
        } = new;
        let row = (
            last + 1,
            viewer,
            collection,
            purpose,
            filter,
            outcome,
            low,
            high,
            records,
            first_at,
            last_at,
        );
        self.db().run(queues::ADD_LEDGER, row)?;
        self.lines = Some(last + 1);
        self.last_line = Some(LedgerEntry {
            id: last + 1,
            ..new.clone()
        });
        Ok(())
    }
}
