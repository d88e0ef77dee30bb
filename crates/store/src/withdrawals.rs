//! Withdrawals for those who took a record, and markings that records refer to and that are not here yet.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::queues;
use crate::write::WriteTxn;

/// A request to stop releasing something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawal {
    /// Its number here; given by the store.
    pub id: i64,
    /// The object.
    pub object: String,
    /// The version's key; `None` for all versions.
    pub version: Option<String>,
    /// The participant that is asked.
    pub recipient: String,
    /// The signed request.
    pub note: Vec<u8>,
    /// When it was made.
    pub made: i64,
    /// When it was delivered: whoever is asked had it.
    pub delivered: Option<i64>,
}

fn withdrawal(row: &Row<'_>) -> rusqlite::Result<Withdrawal> {
    Ok(Withdrawal {
        id: row.get(0)?,
        object: row.get(1)?,
        version: row.get(2)?,
        recipient: row.get(3)?,
        note: row.get(4)?,
        made: row.get(5)?,
        delivered: row.get(6)?,
    })
}

impl Look {
    /// Withdrawals for a participant, beyond the number `after`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn withdrawals_for(
        &self,
        recipient: &str,
        after: i64,
        limit: i64,
    ) -> Result<Vec<Withdrawal>> {
        self.db().all(
            queues::WITHDRAWALS_FOR,
            (recipient, after, limit),
            withdrawal,
        )
    }

    /// Withdrawals for a participant below the number `before`, the latest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn latest_withdrawals_for(
        &self,
        recipient: &str,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Withdrawal>> {
        self.db().all(
            queues::LATEST_WITHDRAWALS_FOR,
            (recipient, before, limit),
            withdrawal,
        )
    }

    /// Withdrawals of an object.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn withdrawals_of(&self, object: &str) -> Result<Vec<Withdrawal>> {
        self.db().all(queues::WITHDRAWALS_OF, [object], withdrawal)
    }

    /// Records that refer to a marking that was not here, beyond the number `after`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn unresolved_by(&self, marking: &str, after: i64, limit: i64) -> Result<Vec<i64>> {
        self.db()
            .all(queues::UNRESOLVED_BY, (marking, after, limit), |row| {
                row.get(0)
            })
    }

    /// The markings that a record refers to and that were not here.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn unresolved_of(&self, recno: i64) -> Result<Vec<String>> {
        self.db()
            .all(queues::UNRESOLVED_OF, [recno], |row| row.get(0))
    }
}

impl WriteTxn<'_> {
    /// Adds a withdrawal; its number.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn add_withdrawal(&mut self, new: &Withdrawal) -> Result<i64> {
        let last: i64 = self
            .db()
            .one(queues::LAST_WITHDRAWAL, [], |row| row.get(0))?
            .unwrap_or(0);
        let row = (
            last + 1,
            &new.object,
            &new.version,
            &new.recipient,
            &new.note,
            new.made,
        );
        self.db().run(queues::ADD_WITHDRAWAL, row)?;
        Ok(last + 1)
    }

    /// It was delivered.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn deliver_withdrawal(&mut self, id: i64, at: i64) -> Result<()> {
        self.db().run(queues::DELIVER_WITHDRAWAL, (at, id))?;
        Ok(())
    }

    /// A record refers to a marking that is not here.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn add_unresolved(&mut self, marking: &str, recno: i64) -> Result<()> {
        self.db().run(queues::ADD_UNRESOLVED, (marking, recno))?;
        Ok(())
    }

    /// The marking is here now, and the record was labeled anew.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn resolved(&mut self, marking: &str, recno: i64) -> Result<()> {
        self.db().run(queues::RESOLVED, (marking, recno))?;
        Ok(())
    }
}
