//! Facets: typed values of records that can be asked for. Invariant: a facet lives and goes with its record.

use crate::error::Result;
use crate::sql::registers;
use crate::write::WriteTxn;

impl WriteTxn<'_> {
    pub(crate) fn drop_facets(&mut self, recno: i64) -> Result<()> {
        self.db().run(registers::DROP_FACETS, [recno])?;
        Ok(())
    }
}
