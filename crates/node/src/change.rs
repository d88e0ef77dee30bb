//! What every change can do: find the next position, keep what is not admitted, look up who is who.

use anyhow::Result;
use sha2::{Digest, Sha256};
use store::{Pending, Quarantined, Quota};

use crate::accept::Lot;
use crate::gained;
use crate::markings::Definitions;
use crate::reading::Good;
use crate::submission::Channel;
use crate::writer::Change;

/// Gaps between positions are below this many microseconds: wide enough that a neighbour's value tells nothing, narrow enough that
/// the busiest import does not outrun the clock.
const GAP: u64 = 16;
/// How much of a broken object the quarantine keeps.
const EXCERPT: usize = 4_096;
/// How many broken objects of one channel the quarantine lists; beyond that it counts.
const MOST_QUARANTINED: i64 = 10_000;

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
            markings: self.markings,
            look: self.txn,
        }
    }

    /// Reads the register anew, after a change to it. Who reaches more by it finds that at the end of its collections.
    pub(crate) fn reload(&mut self) -> Result<()> {
        let now = self.register.reload(self.txn)?;
        let before = std::mem::replace(self.register, now);
        *self.reloaded = true;
        gained::note(self, &before)
    }

    /// Keeps reason, hash and beginning of what cannot be a record.
    pub(crate) fn quarantine(
        &mut self,
        channel: &Channel,
        reason: &str,
        body: &[u8],
    ) -> Result<()> {
        let hash = Sha256::digest(body).to_vec();
        let new = Quarantined {
            channel: channel.to_string(),
            reason: reason.to_owned(),
            hash,
            size: i64::try_from(body.len())?,
            head: body.get(..body.len().min(EXCERPT)).unwrap_or(body).to_vec(),
            names: ids_behind(body, EXCERPT).join(" "),
            arrived: self.now,
            ..Quarantined::default()
        };
        let quota = Quota {
            items: MOST_QUARANTINED,
            bytes: self.limits.quarantine,
        };
        self.txn.add_quarantine(&new, quota)?;
        Ok(())
    }

    /// Whether a copy of this version waits already that the same participant brought, whatever its bytes.
    pub(crate) fn waits(&self, lot: &Lot, good: &Good) -> Result<bool> {
        let id = good.header.id.as_str();
        let submitter = lot.submitter.as_str();
        Ok(self
            .txn
            .is_pending_from(id, &version_key(good), submitter)?)
    }

    /// Keeps what a person has to decide about, and says under which number.
    pub(crate) fn keep_waiting(
        &mut self,
        lot: &Lot,
        good: &Good,
        code: &str,
        reason: &str,
    ) -> Result<i64> {
        let new = Pending {
            object: good.header.id.to_string(),
            version: version_key(good),
            channel: lot.channel.to_string(),
            submitter: lot.submitter.to_string(),
            reason: format!("{code}: {reason}"),
            context: serde_json::to_vec(&lot.context())?,
            hash: good.hash.to_vec(),
            body: good.body.to_vec(),
            arrived: self.now,
            ..Pending::default()
        };
        Ok(self.txn.add_pending(&new)?)
    }
}

fn version_key(good: &Good) -> String {
    let version = good.header.version();
    version.map_or_else(String::new, |version| version.version_key())
}

/// The longest id that is looked for, and how many are kept: an object has one, and what is broken may have some more.
const LONGEST_ID: usize = 128;
const MOST_IDS: usize = 16;

/// The ids that broken bytes give themselves, of those that end behind a place.
fn ids_behind(body: &[u8], place: usize) -> Vec<String> {
    const KEY: &[u8] = b"\"id\"";
    let mut found = Vec::new();
    let mut at = place.saturating_sub(LONGEST_ID);
    while let Some(rest) = body.get(at..)
        && let Some(key) = rest.windows(KEY.len()).position(|part| part == KEY)
        && found.len() < MOST_IDS
    {
        at += key + KEY.len();
        let value = body.get(at..).unwrap_or_default().trim_ascii_start();
        let value = value.strip_prefix(b":").unwrap_or_default();
        let value = value.trim_ascii_start().strip_prefix(b"\"");
        let value = value.unwrap_or_default();
        let end = value.iter().take(LONGEST_ID).position(|sign| *sign == b'"');
        let id = end.and_then(|end| value.get(..end));
        let id = id.and_then(|id| std::str::from_utf8(id).ok());
        found.extend(id.filter(|id| id.contains("--")).map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_behind_a_place_and_not_in_what_is_no_id() {
        let body = br#"{"id":"tool--1","a":"....................","id" : "tool--2","id":7,"id":"x","id":"tool--3"#;
        assert_eq!(ids_behind(body, 0), ["tool--1", "tool--2"]);
        let long = format!(r#"{{"name":"{}","id":"tool--4","#, "x".repeat(500));
        assert_eq!(ids_behind(long.as_bytes(), 400), ["tool--4"]);
        assert_eq!(ids_behind(long.as_bytes(), 700), [""; 0]);
        assert_eq!(ids_behind(b"", 0), [""; 0]);
        let many = r#""id":"tool--5","#.repeat(100);
        assert_eq!(ids_behind(many.as_bytes(), 0).len(), MOST_IDS);
    }
}
