//! What a desk keeps on this node only. Invariant: it is no record, so no read of records reaches it.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// Something that is kept here and goes nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    /// Whose it is: a desk's name.
    pub room: String,
    /// What sort of thing it is.
    pub kind: String,
    /// Its name among its kind.
    pub name: String,
    /// When it was last written.
    pub changed: i64,
    /// What it says, in its owner's own writing.
    pub value: Vec<u8>,
}

fn local(row: &Row<'_>) -> rusqlite::Result<Local> {
    Ok(Local {
        room: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        changed: row.get(3)?,
        value: row.get(4)?,
    })
}

impl Look {
    /// One of them.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn local(&self, room: &str, kind: &str, name: &str) -> Result<Option<Local>> {
        self.db().one(registers::LOCAL, (room, kind, name), local)
    }

    /// Those of a kind whose names come after `after`, by name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn locals(&self, room: &str, kind: &str, after: &str, most: usize) -> Result<Vec<Local>> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        self.db()
            .all(registers::LOCALS, (room, kind, after, most), local)
    }
}

impl WriteTxn<'_> {
    /// Writes it, in place of what was there.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_local(&mut self, new: &Local) -> Result<()> {
        let row = (&new.room, &new.kind, &new.name, new.changed, &new.value);
        self.db().run(registers::PUT_LOCAL, row)?;
        Ok(())
    }

    /// Takes it away; says whether it was there.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_local(&mut self, room: &str, kind: &str, name: &str) -> Result<bool> {
        Ok(self.db().run(registers::DROP_LOCAL, (room, kind, name))? > 0)
    }
}
