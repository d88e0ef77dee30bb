//! Full-text search. Invariant: an erased record leaves no words behind.

use crate::error::Result;
use crate::sql::registers;
use crate::write::WriteTxn;

impl WriteTxn<'_> {
    pub(crate) fn drop_search(&mut self, recno: i64) -> Result<()> {
        self.db().run(registers::DROP_SEARCH_AGAIN, [recno])?;
        Ok(())
    }
}
