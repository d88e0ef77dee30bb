//! Reading for a viewer. Invariant: every record that leaves passes `Reach::release`, after being sought in the viewer's classes
//! alone: what is hidden is not even read, so it costs no time and moves no count.

use std::ops::Deref;
use std::sync::Arc;

use policy::{Purpose, Released, Viewer};
use rusqlite::Row;
use stix::{ObjectId, Timestamp};

use crate::error::Result;
use crate::look::{Look, ObjectNo};
use crate::merge::Slot;
use crate::positions::{Stand, stand};
use crate::query::{Mention, Page, PageQuery, Record};
use crate::records::{Spec, version_text};
use crate::shared::Reached;
use crate::sql::{positions, records};
use crate::store::Borrowed;
use crate::write::GENERATION;

/// The store as it was when this was made. What can be looked up without a viewer is looked up through it as well.
pub struct Reader<'s> {
    borrowed: Borrowed<'s>,
}

impl Deref for Reader<'_> {
    type Target = Look;

    fn deref(&self) -> &Look {
        self.borrowed.look()
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        // A failed end of a read leaves nothing behind; a connection that is still in a transaction is not reused.
        let _ = self.db().run("COMMIT", []);
    }
}

/// The number of no object.
pub(crate) const NOWHERE: ObjectNo = ObjectNo(-1);

/// How a row becomes a value, and how many bytes it weighs.
type Reading<T> = (fn(&Slot, &Row<'_>) -> rusqlite::Result<T>, fn(&T) -> usize);

/// Who asks: what it reaches, and when.
pub(crate) struct Asking<'a> {
    pub(crate) reach: Arc<Reached>,
    pub(crate) at: &'a Timestamp,
}

impl Asking<'_> {
    /// The only way from a row to a released value.
    pub(crate) fn release<T>(
        &self,
        class: i64,
        (embargo, expires): (Option<i64>, Option<i64>),
        value: T,
    ) -> Option<Released<T>> {
        let (embargo, expiry) = (
            embargo.map(Timestamp::from_micros),
            expires.map(Timestamp::from_micros),
        );
        let portion = self.reach.portion(class)?;
        portion.release(&class, (embargo.as_ref(), expiry.as_ref()), self.at, value)
    }

    /// Whether the viewer may have what stands there.
    pub(crate) fn sees(&self, class: i64, times: (Option<i64>, Option<i64>)) -> bool {
        self.release(class, times, ()).is_some()
    }
}

impl<'s> Reader<'s> {
    pub(crate) fn begin(borrowed: Borrowed<'s>) -> Result<Self> {
        let reader = Self { borrowed };
        reader.db().run("BEGIN", [])?;
        // The snapshot is taken with the first row that is read: here, before anything is looked up that writers foresee.
        reader.meta(GENERATION)?;
        Ok(reader)
    }

    pub(crate) fn asking<'a>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &'a Timestamp,
    ) -> Result<Asking<'a>> {
        let reach = self.shared().reach(self, viewer, purpose)?;
        Ok(Asking { reach, at })
    }

    /// Records of a collection, in the order of their positions.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn page(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &PageQuery,
    ) -> Result<Released<Page<Record>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let slots = self.slots(&asking, query)?;
        let weigh = |record: &Record| record.body.len();
        self.fill(&asking, slots, query, records::RECORD, (record_at, weigh))
    }

    /// The same without contents (TAXII 2.1 §5.3); with one id and all versions, also the list of versions (§5.8).
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn manifest(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &PageQuery,
    ) -> Result<Released<Page<Mention>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let slots = self.slots(&asking, query)?;
        self.fill(&asking, slots, query, records::MENTION, (mention_at, |_| 0))
    }

    /// The newest version of an object that the viewer may see, in whatever collection it stands or in none.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn object(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        id: &ObjectId,
    ) -> Result<Option<Released<Record>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let mut newest: Option<Stand> = None;
        if let Some(object) = self.object_no(id)? {
            self.db()
                .each(positions::ANYWHERE_DOWN, [object.0], |row| {
                    let found = stand(row)?;
                    if asking.sees(found.class, (found.embargo, found.expires)) {
                        newest = Some(found);
                    }
                    Ok(newest.is_none())
                })?;
        }
        newest.map_or(Ok(None), |stand| {
            self.fetch(&asking, &Slot::of(&stand), records::RECORD, record_at)
        })
    }

    /// A record by its number, if the viewer may see it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn record(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        recno: i64,
    ) -> Result<Option<Released<Record>>> {
        let asking = self.asking(viewer, purpose, at)?;
        self.record_for(&asking, recno)
    }

    pub(crate) fn record_for(
        &self,
        asking: &Asking<'_>,
        recno: i64,
    ) -> Result<Option<Released<Record>>> {
        let found = self.db().one(positions::ANYWHERE, [recno], stand)?;
        found.map_or(Ok(None), |stand| {
            self.fetch(asking, &Slot::of(&stand), records::RECORD, record_at)
        })
    }

    /// Whether a record is the newest version of its object that the viewer may see.
    pub(crate) fn is_newest(&self, asking: &Asking<'_>, recno: i64) -> Result<bool> {
        let object = self
            .db()
            .one(positions::OBJECT_AND_VERSION, [recno], |row| {
                row.get::<_, i64>(0)
            })?;
        let mut newest = None;
        self.db().each(positions::ANYWHERE_DOWN, [object], |row| {
            let found = stand(row)?;
            if asking.sees(found.class, (found.embargo, found.expires)) {
                newest = Some(found.recno);
            }
            Ok(newest.is_none())
        })?;
        Ok(newest == Some(recno))
    }

    /// Whether the viewer may see any version of the object in the collection: what tells an empty answer from an unknown id.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn knows(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        collection: i64,
        id: &ObjectId,
    ) -> Result<bool> {
        let asking = self.asking(viewer, purpose, at)?;
        // What is not here is looked for as far as what is hidden, so that both take the same time.
        let object = self.object_no(id)?.unwrap_or(NOWHERE);
        let mut seen = false;
        self.db()
            .each(positions::OF_OBJECT_DOWN, (object.0, collection), |row| {
                let found = stand(row)?;
                seen = asking.sees(found.class, (found.embargo, found.expires));
                Ok(!seen)
            })?;
        Ok(seen)
    }

    /// The rows of the slots, each released; `more` if there is one beyond a limit.
    pub(crate) fn fill<T>(
        &self,
        asking: &Asking<'_>,
        mut slots: Vec<Slot>,
        query: &PageQuery,
        sql: &str,
        (read, weigh): Reading<T>,
    ) -> Result<Released<Page<T>>> {
        let mut more = slots.len() > query.limit;
        slots.truncate(query.limit);
        let mut bytes = 0_usize;
        let mut statement = self.db().connection().prepare_cached(sql)?;
        let mut released = Vec::with_capacity(slots.len());
        for slot in &slots {
            if bytes >= query.bytes {
                more = true;
                break;
            }
            let value = statement.query_row([slot.recno], |row| read(slot, row))?;
            bytes = bytes.saturating_add(weigh(&value));
            released.extend(asking.release(slot.class, slot.times(), value));
        }
        let rows: Released<Vec<T>> = released.into_iter().collect();
        Ok(rows.map(|rows| Page { rows, more }))
    }

    fn fetch<T>(
        &self,
        asking: &Asking<'_>,
        slot: &Slot,
        sql: &str,
        read: fn(&Slot, &Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<Released<T>>> {
        let value = self.db().one(sql, [slot.recno], |row| read(slot, row))?;
        Ok(value.and_then(|value| asking.release(slot.class, slot.times(), value)))
    }
}

pub(crate) fn record_at(slot: &Slot, row: &Row<'_>) -> rusqlite::Result<Record> {
    let Mention {
        added,
        recno,
        id,
        version,
        spec,
    } = mention_at(slot, row)?;
    let body = row.get_ref(3)?.as_blob()?.to_vec();
    Ok(Record {
        added,
        recno,
        id,
        version,
        spec,
        body,
    })
}

pub(crate) fn mention_at(slot: &Slot, row: &Row<'_>) -> rusqlite::Result<Mention> {
    Ok(Mention {
        added: slot.added,
        recno: slot.recno,
        id: row.get_ref(0)?.as_str()?.to_owned(),
        version: version_text(row.get_ref(1)?.as_str()?),
        spec: Spec::of(row.get(2)?),
    })
}
