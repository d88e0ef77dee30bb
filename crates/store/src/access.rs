//! Machine access and the statuses of what came through it. Invariant: a status is found only by the access that posted.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// What a program signs in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Its name.
    pub name: String,
    /// The participant it acts for.
    pub participant: String,
    /// The person it is bound to.
    pub person: Option<String>,
    /// The password's hash, salt and parameters included.
    pub secret: String,
    /// Which collections it reads and writes, in the node's own writing.
    pub rights: String,
    /// When it was made.
    pub created: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

fn access(row: &Row<'_>) -> rusqlite::Result<Access> {
    Ok(Access {
        name: row.get(0)?,
        participant: row.get(1)?,
        person: row.get(2)?,
        secret: row.get(3)?,
        rights: row.get(4)?,
        created: row.get(5)?,
        revoked: row.get(6)?,
    })
}

impl Look {
    /// Every access, also those revoked.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn accesses(&self) -> Result<Vec<Access>> {
        self.db().all(registers::ACCESSES, [], access)
    }

    /// The access of this name, also if it is revoked.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn access(&self, name: &str) -> Result<Option<Access>> {
        self.db().one(registers::ACCESS, [name], access)
    }

    /// A status, for the access that posted (TAXII 2.1 §4.3).
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn status(&self, id: &str, access: &str) -> Result<Option<Vec<u8>>> {
        self.db()
            .one(registers::STATUS, (id, access), |row| row.get(0))
    }
}

impl WriteTxn<'_> {
    /// Adds an access.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if the name was ever used.
    pub fn add_access(&mut self, new: &Access) -> Result<()> {
        self.move_generation();
        let row = (
            &new.name,
            &new.participant,
            &new.person,
            &new.secret,
            &new.rights,
            new.created,
        );
        self.db().run(registers::ADD_ACCESS, row)?;
        Ok(())
    }

    /// Revokes an access. Returns whether there was one.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn revoke_access(&mut self, name: &str, at: i64) -> Result<bool> {
        self.move_generation();
        Ok(self.db().run(registers::REVOKE_ACCESS, (at, name))? > 0)
    }

    /// Keeps the status of a request, for the access that made it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_status(&mut self, id: &str, access: &str, at: i64, body: &[u8]) -> Result<()> {
        self.db()
            .run(registers::PUT_STATUS, (id, access, at, body))?;
        Ok(())
    }

    /// Forgets statuses older than that. Returns how many.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_statuses(&mut self, before: i64) -> Result<usize> {
        self.db().run(registers::DROP_STATUSES, [before])
    }
}
