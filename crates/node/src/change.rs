//! What every change can do: find the next position, keep what is not admitted, look up who is who.

use crate::gaps::{NewPending, NewQuarantined, WriteGaps as _};
use anyhow::Result;

use crate::accept::Lot;
use crate::reading::Good;
use crate::register::Definitions;
use crate::submission::Channel;
use crate::writer::Change;

/// Gaps between positions are below this many microseconds: wide enough that a neighbour's value tells nothing, narrow enough that
/// the busiest import does not outrun the clock.
const GAP: u64 = 16;
/// How much of a broken object the quarantine keeps.
const EXCERPT: usize = 4_096;

impl Change<'_, '_> {
    /// The next position of a collection: after its last, not before the clock, at a random distance.
    pub(crate) fn next_position(&mut self, collection: i64) -> Result<i64> {
        let last = self.txn.last_added(collection)?;
        let gap = 1 + i64::try_from(self.chance.below(GAP))?;
        Ok(last.max(self.now).saturating_add(gap))
    }

    /// Markings as the author wrote them.
    pub(crate) fn definitions(&mut self) -> Definitions<'_> {
        Definitions {
            register: self.register,
            look: self.txn,
        }
    }

    /// Reads the register anew, after a change to it.
    pub(crate) fn reload(&mut self) -> Result<()> {
        *self.register = self.register.reload(self.txn)?;
        *self.reloaded = true;
        Ok(())
    }

    /// Keeps reason, hash and beginning of what cannot be a record.
    pub(crate) fn quarantine(
        &mut self,
        channel: &Channel,
        reason: &str,
        body: &[u8],
    ) -> Result<()> {
        use sha2::Digest;
        let head = body.get(..body.len().min(EXCERPT)).unwrap_or(body);
        let hash: [u8; 32] = sha2::Sha256::digest(body).into();
        self.txn.quarantine(&NewQuarantined {
            channel: &channel.to_string(),
            reason,
            pointer: "",
            hash: &hash,
            size: body.len(),
            head,
            arrived: self.now,
        })?;
        Ok(())
    }

    /// Keeps what a person has to decide about, and says under which number.
    pub(crate) fn keep_waiting(
        &mut self,
        lot: &Lot,
        good: &Good,
        code: &str,
        reason: &str,
    ) -> Result<i64> {
        let version = good
            .header
            .version()
            .map_or_else(String::new, |version| version.version_key());
        Ok(self.txn.keep_pending(&NewPending {
            object: good.header.id.as_str(),
            version: &version,
            channel: &lot.channel.to_string(),
            submitter: lot.submitter.as_str(),
            reason: &format!("{code}: {reason}"),
            context: &serde_json::to_vec(&lot.context())?,
            hash: &good.hash,
            body: &good.body,
            arrived: self.now,
        })?)
    }
}
