//! What awaits a decision, and what was malformed. Invariant: neither is a record; both are for those who decide, and none is
//! dropped in silence.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::queues;
use crate::write::WriteTxn;

/// How much of something malformed is kept.
pub const HEAD: usize = 4096;

/// A well-formed object that was not admitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Its number here; given by the store.
    pub id: i64,
    /// The object's id.
    pub object: String,
    /// Its version's key.
    pub version: String,
    /// How it came.
    pub channel: String,
    /// The participant that brought it.
    pub submitter: String,
    /// Why it waits: the node's code.
    pub reason: String,
    /// What the node needs to admit it after all, in its own writing.
    pub context: Vec<u8>,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
    /// Its bytes.
    pub body: Vec<u8>,
    /// When it came.
    pub arrived: i64,
}

/// One that was not admitted, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// Its number here.
    pub id: i64,
    /// The object's id.
    pub object: String,
    /// Why it waits.
    pub reason: String,
}

/// Something malformed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarantined {
    /// Its number here; given by the store.
    pub id: i64,
    /// How it came.
    pub channel: String,
    /// What is wrong: the code of the rule.
    pub reason: String,
    /// Where.
    pub pointer: String,
    /// SHA-256 of its bytes.
    pub hash: Vec<u8>,
    /// How many bytes it had.
    pub size: i64,
    /// The first of them, up to [`HEAD`]; none if the channel's quota of bytes is used up.
    pub head: Vec<u8>,
    /// The ids that stand in it behind those, with a blank between them.
    pub names: String,
    /// When it came.
    pub arrived: i64,
}

/// How much one channel may have in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// So many items; what comes beyond is only counted.
    pub items: i64,
    /// So many bytes of them; what comes beyond keeps reason, place and hash.
    pub bytes: i64,
}

/// What a channel has in quarantine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantineUse {
    /// The channel.
    pub channel: String,
    /// How many items.
    pub items: i64,
    /// Of how many bytes.
    pub bytes: i64,
    /// How many came beyond the quota, of which nothing else is known.
    pub beyond: i64,
    /// When the last came.
    pub last: i64,
}

fn pending(row: &Row<'_>) -> rusqlite::Result<Pending> {
    Ok(Pending {
        id: row.get(0)?,
        object: row.get(1)?,
        version: row.get(2)?,
        channel: row.get(3)?,
        submitter: row.get(4)?,
        reason: row.get(5)?,
        context: row.get(6)?,
        hash: row.get(7)?,
        body: row.get(8)?,
        arrived: row.get(9)?,
    })
}

fn quarantined(row: &Row<'_>) -> rusqlite::Result<Quarantined> {
    Ok(Quarantined {
        id: row.get(0)?,
        channel: row.get(1)?,
        reason: row.get(2)?,
        pointer: row.get(3)?,
        hash: row.get(4)?,
        size: row.get(5)?,
        head: row.get(6)?,
        arrived: row.get(7)?,
        names: row.get(8)?,
    })
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

impl Look {
    /// What awaits a decision, beyond the number `after`. For those who decide: it carries no release.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn pendings(&self, after: i64, limit: usize) -> Result<Vec<Pending>> {
        self.db()
            .all(queues::PENDINGS, (after, bound(limit)), pending)
    }

    /// One that awaits a decision.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn pending(&self, id: i64) -> Result<Option<Pending>> {
        self.db().one(queues::PENDING, [id], pending)
    }

    /// What awaits a decision of one object, the oldest version first: the numbers, and the hashes of the bytes.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn pending_of(&self, object: &str) -> Result<Vec<(i64, Vec<u8>)>> {
        self.db().all(queues::PENDING_OF_OBJECT, [object], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// The number under which these bytes of a version await a decision.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn same_pending(&self, object: &str, version: &str, hash: &[u8]) -> Result<Option<i64>> {
        let same = (object, version, hash);
        self.db().one(queues::SAME_PENDING, same, |row| row.get(0))
    }

    /// Whether anything that this participant brought of a version awaits a decision.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn is_pending_from(&self, object: &str, version: &str, submitter: &str) -> Result<bool> {
        let named = (object, version, submitter);
        let found: Option<i64> = self
            .db()
            .one(queues::PENDING_FROM, named, |row| row.get(0))?;
        Ok(found.is_some())
    }

    /// What awaits a decision of what came through one channel, beyond the number `after`, without its bytes.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn pending_by(&self, channel: &str, after: i64, limit: usize) -> Result<Vec<Waits>> {
        let row = |row: &Row<'_>| {
            Ok(Waits {
                id: row.get(0)?,
                object: row.get(1)?,
                reason: row.get(2)?,
            })
        };
        self.db()
            .all(queues::PENDING_BY, (channel, after, bound(limit)), row)
    }

    /// How much of what came through one channel awaits a decision for a reason that begins so: objects, and their bytes.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn count_pending_by(&self, channel: &str, reason: &str) -> Result<(i64, i64)> {
        let params = (channel, format!("{reason}%"));
        let counted = self.db().one(queues::COUNT_PENDING_BY, params, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(counted.unwrap_or_default())
    }

    /// How many await a decision.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn count_pending(&self) -> Result<i64> {
        Ok(self
            .db()
            .one(queues::COUNT_PENDING, [], |row| row.get(0))?
            .unwrap_or(0))
    }

    /// What is in quarantine, beyond the number `after`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn quarantine(&self, after: i64, limit: usize) -> Result<Vec<Quarantined>> {
        self.db()
            .all(queues::QUARANTINES, (after, bound(limit)), quarantined)
    }

    /// What each channel has in quarantine, and how much came beyond its quota.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn quarantine_use(&self) -> Result<Vec<QuarantineUse>> {
        self.db().all(queues::QUARANTINE_USES, [], |row| {
            Ok(QuarantineUse {
                channel: row.get(0)?,
                items: row.get(1)?,
                bytes: row.get(2)?,
                beyond: row.get(3)?,
                last: row.get(4)?,
            })
        })
    }
}

impl WriteTxn<'_> {
    /// Lets an object wait; its number. The same bytes of the same version wait once.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn add_pending(&mut self, new: &Pending) -> Result<i64> {
        if let Some(id) = self.same_pending(&new.object, &new.version, &new.hash)? {
            return Ok(id);
        }
        let id = self.next_number("pending")?;
        let Pending {
            id: _,
            object,
            version,
            channel,
            submitter,
            reason,
            context,
            hash,
            body,
            arrived,
        } = new;
        let row = (
            id, object, version, channel, submitter, reason, context, hash, body, arrived,
        );
        self.db().run(queues::ADD_PENDING, row)?;
        Ok(id)
    }

    /// It was decided. Returns whether it still waited.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_pending(&mut self, id: i64) -> Result<bool> {
        Ok(self.db().run(queues::DROP_PENDING, [id])? > 0)
    }

    /// Keeps something malformed within its channel's quota; its number, or `None` if it was only counted.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn add_quarantine(&mut self, new: &Quarantined, quota: Quota) -> Result<Option<i64>> {
        let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let used = self
            .db()
            .one(queues::QUARANTINE_USE, [&new.channel], read)?;
        let (items, bytes) = used.unwrap_or_default();
        if items >= quota.items {
            self.use_quarantine(&new.channel, (0, 0, 1), new.arrived)?;
            return Ok(None);
        }
        let head = new.head.get(..HEAD.min(new.head.len())).unwrap_or_default();
        let head = if bytes + bound(head.len()) > quota.bytes {
            &[]
        } else {
            head
        };
        let id = self.next_number("quarantine")?;
        let Quarantined {
            id: _,
            channel,
            reason,
            pointer,
            hash,
            size,
            head: _,
            names,
            arrived,
        } = new;
        let row = (
            id, channel, reason, pointer, hash, size, head, arrived, names,
        );
        self.db().run(queues::ADD_QUARANTINE, row)?;
        self.use_quarantine(channel, (1, bound(head.len()), 0), *arrived)?;
        Ok(Some(id))
    }

    /// Discards an item, by somebody's decision. Returns whether it was there.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_quarantine(&mut self, id: i64, at: i64) -> Result<bool> {
        let Some(item) = self.db().one(queues::QUARANTINE, [id], quarantined)? else {
            return Ok(false);
        };
        self.db().run(queues::DROP_QUARANTINE, [id])?;
        self.use_quarantine(&item.channel, (-1, -bound(item.head.len()), 0), at)?;
        Ok(true)
    }

    fn use_quarantine(&mut self, channel: &str, more: (i64, i64, i64), at: i64) -> Result<()> {
        self.db().run(
            queues::USE_QUARANTINE,
            (channel, more.0, more.1, more.2, at),
        )?;
        Ok(())
    }
}
