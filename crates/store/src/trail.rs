//! The audit trail: who changed what, through what, when. Invariant: lines are added at the end and never changed; what a line's hash
//! covers is decided above.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::people;
use crate::write::WriteTxn;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailLine {
    /// Its number: they follow each other without a gap.
    pub number: i64,
    /// When.
    pub at: i64,
    /// Who.
    pub person: String,
    /// What they were called then.
    pub name: String,
    /// Through a session, a token, the terminal: the node's words.
    pub through: String,
    /// What was done, in the node's words.
    pub action: String,
    /// To whom or what.
    pub subject: String,
    /// More, in the node's own writing; never content, never a secret.
    pub detail: String,
    /// Over this line and the hash of the one before.
    pub hash: Vec<u8>,
}

fn line(row: &Row<'_>) -> rusqlite::Result<TrailLine> {
    Ok(TrailLine {
        number: row.get(0)?,
        at: row.get(1)?,
        person: row.get(2)?,
        name: row.get(3)?,
        through: row.get(4)?,
        action: row.get(5)?,
        subject: row.get(6)?,
        detail: row.get(7)?,
        hash: row.get(8)?,
    })
}

impl Look {
    /// The last line.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn last_trail(&self) -> Result<Option<TrailLine>> {
        self.db().one(people::LAST_TRAIL, [], line)
    }

    /// Lines before a number, the newest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn trail_before(&self, number: i64, most: i64) -> Result<Vec<TrailLine>> {
        self.db().all(people::TRAIL_BEFORE, (number, most), line)
    }

    /// Lines after a number, the oldest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn trail_after(&self, number: i64, most: i64) -> Result<Vec<TrailLine>> {
        self.db().all(people::TRAIL_AFTER, (number, most), line)
    }

    /// Lines about a subject before a number, the newest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn trail_of(&self, subject: &str, number: i64, most: i64) -> Result<Vec<TrailLine>> {
        self.db()
            .all(people::TRAIL_OF, (subject, number, most), line)
    }
}

impl WriteTxn<'_> {
    /// Adds a line.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if there is one of this number.
    pub fn add_trail(&mut self, new: &TrailLine) -> Result<()> {
        let row = (
            new.number,
            new.at,
            &new.person,
            &new.name,
            &new.through,
            &new.action,
            &new.subject,
            &new.detail,
            &new.hash,
        );
        self.db().run(people::ADD_TRAIL, row)?;
        Ok(())
    }
}
