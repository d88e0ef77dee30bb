//! Reading for a viewer. Invariant: every record that leaves passes `Reach::release`, after being sought in the viewer's classes
//! alone: what is hidden is not even read, so it costs no time and moves no count.

use std::ops::{ControlFlow, Deref};
use std::sync::Arc;

use policy::{Purpose, Released, Viewer};
use rusqlite::Row;
use stix::{ObjectId, Timestamp};

use crate::error::{Error, Result};
use crate::lanes::Lanes;
use crate::look::{Look, ObjectNo};
use crate::positions::{Stand, stand};
use crate::query::{Mention, Page, PageQuery, Record};
use crate::records::{Spec, version_text};
use crate::shared::Reached;
use crate::sources::Slot;
use crate::sql::{positions, records};
use crate::store::Borrowed;

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

/// The number of no object.
pub(crate) const NOWHERE: ObjectNo = ObjectNo(-1);

/// From how many records on, whose numbers follow one another, they are read in one go.
const RUN: usize = 3;

/// The same columns of one record, and of all from one number to another.
pub(crate) type OneOrRun = (&'static str, &'static str);

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
    /// With a connection whose view is that of now.
    pub(crate) fn of(borrowed: Borrowed<'s>) -> Self {
        Self { borrowed }
    }

    /// All positions as this sees them, if they are held in memory.
    pub(crate) fn held(&self) -> Option<&Lanes> {
        self.borrowed.sight().held.as_deref()
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
        let of = (records::RECORD, records::RECORDS);
        self.fill(&asking, slots, query, of, (record_at, weigh))
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
        let of = (records::MENTION, records::MENTIONS);
        self.fill(&asking, slots, query, of, (mention_at, |_| 0))
    }

    /// The same from the other end, the last position first: those before `before`, whatever the query is after.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn manifest_down(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        (query, before): (&PageQuery, i64),
    ) -> Result<Released<Page<Mention>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let slots = self.slots_down(&asking, query, before)?;
        let of = (records::MENTION, records::MENTIONS);
        self.fill(&asking, slots, query, of, (mention_at, |_| 0))
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
        let newest = match self.object_no(id)? {
            Some(object) => self.newest(&asking, object)?,
            None => None,
        };
        newest.map_or(Ok(None), |stand| {
            self.fetch(&asking, &Slot::of(&stand), records::RECORD, record_at)
        })
    }

    /// The newest version of an object that the viewer may see.
    pub(crate) fn newest(&self, asking: &Asking<'_>, object: ObjectNo) -> Result<Option<Stand>> {
        let mut newest = None;
        self.db()
            .each(positions::ANYWHERE_DOWN, [object.0], |row| {
                let found = stand(row)?;
                if asking.sees(found.class, (found.embargo, found.expires)) {
                    newest = Some(found);
                }
                Ok(newest.is_none())
            })?;
        Ok(newest)
    }

    /// The object of a record.
    pub(crate) fn object_of(&self, recno: i64) -> Result<Option<ObjectNo>> {
        self.db()
            .one(positions::OBJECT_AND_VERSION, [recno], |row| {
                row.get(0).map(ObjectNo)
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
        let Some(object) = self.object_of(recno)? else {
            return Ok(false);
        };
        let newest = self.newest(asking, object)?;
        Ok(newest.is_some_and(|newest| newest.recno == recno))
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
        let mut seen = false;
        for object in self.objects_like(id)? {
            let named = (object.0, id.as_str(), collection);
            self.db().each(positions::OF_NAMED_DOWN, named, |row| {
                let found = stand(row)?;
                seen |= asking.sees(found.class, (found.embargo, found.expires));
                Ok(!seen)
            })?;
        }
        Ok(seen)
    }

    /// The rows of the slots, each released; `more` if there is one beyond a limit.
    pub(crate) fn fill<T>(
        &self,
        asking: &Asking<'_>,
        mut slots: Vec<Slot>,
        query: &PageQuery,
        of: OneOrRun,
        (read, weigh): Reading<T>,
    ) -> Result<Released<Page<T>>> {
        let mut more = slots.len() > query.limit;
        slots.truncate(query.limit);
        let mut bytes = 0_usize;
        let released = Vec::with_capacity(slots.len());
        let released = self.fold(&slots, of, released, |mut released, slot, row| {
            if bytes >= query.bytes {
                more = true;
                return Ok(ControlFlow::Break(released));
            }
            let value = read(slot, row)?;
            bytes = bytes.saturating_add(weigh(&value));
            released.extend(asking.release(slot.class, slot.times(), value));
            Ok(ControlFlow::Continue(released))
        })?;
        let rows: Released<Vec<T>> = released.into_iter().collect();
        Ok(rows.map(|rows| Page { rows, more }))
    }

    /// The records of the slots, in their order, each added to what they become together. Only what the slots name is read.
    pub(crate) fn fold<A>(
        &self,
        slots: &[Slot],
        (one, run): OneOrRun,
        begin: A,
        mut add: impl FnMut(A, &Slot, &Row<'_>) -> Result<ControlFlow<A, A>>,
    ) -> Result<A> {
        let mut all = begin;
        let connection = self.db().connection();
        let (mut one, mut run) = (
            connection.prepare_cached(one)?,
            connection.prepare_cached(run)?,
        );
        let follows = |a: &Slot, b: &Slot| a.recno.checked_add(1) == Some(b.recno);
        for slots in slots.chunk_by(follows) {
            if let ([first, .., last], true) = (slots, slots.len() >= RUN) {
                let mut rows = run.query((first.recno, last.recno))?;
                for slot in slots {
                    let row = rows.next()?.ok_or_else(|| missing(slot))?;
                    match add(all, slot, row)? {
                        ControlFlow::Continue(next) => all = next,
                        ControlFlow::Break(end) => return Ok(end),
                    }
                }
                continue;
            }
            for slot in slots {
                let mut rows = one.query([slot.recno])?;
                let row = rows.next()?.ok_or_else(|| missing(slot))?;
                match add(all, slot, row)? {
                    ControlFlow::Continue(next) => all = next,
                    ControlFlow::Break(end) => return Ok(end),
                }
            }
        }
        Ok(all)
    }

    pub(crate) fn fetch<T>(
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

fn missing(slot: &Slot) -> Error {
    Error::Damaged(format!("record {} is missing", slot.recno))
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
