//! What the log keeps here: its tiles, and checkpoints of ours and of peers. Invariant: the store does not know what they mean.

use rusqlite::Row;

use crate::error::{Error, Result};
use crate::look::Look;
use crate::sql::records;
use crate::write::WriteTxn;

/// A signed checkpoint, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose log.
    pub origin: String,
    /// Its size then.
    pub size: u64,
    /// The signed note.
    pub note: Vec<u8>,
    /// When it was signed or came.
    pub at: i64,
}

pub(crate) fn checkpoint(row: &Row<'_>) -> rusqlite::Result<Checkpoint> {
    let size = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
    Ok(Checkpoint {
        origin: row.get(0)?,
        size,
        note: row.get(2)?,
        at: row.get(3)?,
    })
}

fn number(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(|_| Error::Missing(format!("leaf or tile {number}")))
}

impl Look {
    /// One stored tile of the log: its hashes.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn tile(&self, level: u8, at: u64) -> Result<Option<Vec<u8>>> {
        self.db()
            .one(records::TILE, (level, number(at)?), |row| row.get(0))
    }

    /// The newest checkpoint of a log.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn last_checkpoint(&self, origin: &str) -> Result<Option<Checkpoint>> {
        self.db()
            .one(records::LAST_CHECKPOINT, [origin], checkpoint)
    }

    /// The checkpoint of a log at one size.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn checkpoint_at(&self, origin: &str, size: u64) -> Result<Option<Checkpoint>> {
        self.db()
            .one(records::CHECKPOINT_AT, (origin, number(size)?), checkpoint)
    }
}

impl WriteTxn<'_> {
    /// Stores a tile of the log, in place of a narrower one.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_tile(&mut self, level: u8, at: u64, hashes: &[u8]) -> Result<()> {
        self.db()
            .run(records::PUT_TILE, (level, number(at)?, hashes))?;
        Ok(())
    }

    /// Keeps a checkpoint, in place of one of the same size.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_checkpoint(&mut self, new: &Checkpoint) -> Result<()> {
        self.db().run(
            records::PUT_CHECKPOINT,
            (&new.origin, number(new.size)?, &new.note, new.at),
        )?;
        Ok(())
    }
}
