//! Withdrawals: an author asks those who have a record to stop releasing it (rule 8).

use anyhow::Result;

use crate::seal::Withdrawal;
use crate::writer::Change;

/// Stops releasing what its author withdraws.
pub(crate) fn honor(_change: &mut Change<'_, '_>, _withdrawal: &Withdrawal) -> Result<()> {
    Ok(())
}
