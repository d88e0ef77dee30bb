//! Positions: where a record stands in what viewers poll. Invariant: `added` grows within a collection and is never rewritten;
//! an object whose visibility depends on the viewer or the time has rank [`TANGLED`] in all its rows, and no other has.

use rusqlite::Row;
use stix::Timestamp;

use crate::error::{Error, Result};
use crate::lanes::{Move, Stood};
use crate::look::{Look, ObjectNo};
use crate::records::{Spec, ceiling};
use crate::sql::{positions, records};
use crate::write::WriteTxn;

/// An older version of an object of one class without times.
pub(crate) const OLDER: i64 = 0;
/// The newest version of such an object.
pub(crate) const LATEST: i64 = 1;
/// A version of an object of several classes or specifications, or with embargo or expiry: which is the last depends on viewer, question
/// and time.
pub(crate) const TANGLED: i64 = 2;

/// Up to how many positions an object may have to be looked at again after a change of label.
const SETTLED: usize = 64;

/// A place for a record in a collection.
#[derive(Clone, Debug)]
pub struct NewPosition<'a> {
    /// The collection.
    pub collection: i64,
    /// The record.
    pub recno: i64,
    /// Its object.
    pub object: ObjectNo,
    /// The object's type.
    pub kind: &'a str,
    /// Which specification it follows.
    pub spec: Spec,
    /// To whom it is given here: the record's class or, for a later grant, one for those it is granted to.
    pub class: i64,
    /// Not before then.
    pub embargo: Option<&'a Timestamp>,
    /// Not from then on.
    pub expiry: Option<&'a Timestamp>,
    /// Its place, in microseconds: greater than all of the collection before it.
    pub added: i64,
}

/// Where a record stands, or stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The collection.
    pub collection: i64,
    /// To whom it is or was given there.
    pub class: i64,
    /// Its place.
    pub added: i64,
    /// Not before then, in microseconds: a place has times of its own, as it has a class of its own.
    pub embargo: Option<i64>,
    /// Not from then on.
    pub expires: Option<i64>,
    /// When it was taken away.
    pub removed: Option<i64>,
}

/// A position of an object, with the version that has it.
#[derive(Clone, Debug)]
pub(crate) struct Stand {
    pub(crate) recno: i64,
    pub(crate) version: String,
    pub(crate) class: i64,
    pub(crate) kind: i64,
    pub(crate) rank: i64,
    pub(crate) added: i64,
    pub(crate) spec: i64,
    pub(crate) embargo: Option<i64>,
    pub(crate) expires: Option<i64>,
}

/// Reads the columns of `OF_OBJECT_*` and `ANYWHERE_*`.
pub(crate) fn stand(row: &Row<'_>) -> rusqlite::Result<Stand> {
    Ok(Stand {
        recno: row.get(0)?,
        version: row.get(1)?,
        class: row.get(2)?,
        kind: row.get(3)?,
        rank: row.get(4)?,
        added: row.get(5)?,
        spec: row.get(6)?,
        embargo: row.get(7)?,
        expires: row.get(8)?,
    })
}

/// Under which name it is remembered that something expires by the clock.
const TIMED: &str = "store.timed";

impl Look {
    /// Where a record stands and stood: who may have taken it, by the ledger's intervals.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn places(&self, recno: i64) -> Result<Vec<Place>> {
        let mut places = self.db().all(positions::PAST_OF_RECORD, [recno], |row| {
            Ok(Place {
                collection: row.get(0)?,
                class: row.get(1)?,
                added: row.get(2)?,
                embargo: row.get(4)?,
                expires: row.get(5)?,
                removed: row.get(3)?,
            })
        })?;
        places.extend(self.db().all(positions::OF_RECORD, [recno], |row| {
            Ok(Place {
                collection: row.get(0)?,
                class: row.get(1)?,
                added: row.get(4)?,
                embargo: row.get(6)?,
                expires: row.get(7)?,
                removed: None,
            })
        })?);
        places.sort_by_key(|place| (place.collection, place.added));
        Ok(places)
    }

    /// Some of what stands in a collection in a class, no further than a position: the record and its place.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn standing_up_to(
        &self,
        collection: i64,
        class: i64,
        up_to: i64,
        limit: usize,
    ) -> Result<Vec<(i64, i64)>> {
        let lane =
            |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?));
        let mut last = (collection, class, i64::MIN, i64::MIN);
        let mut found: Vec<(i64, i64)> = Vec::new();
        while found.len() < limit {
            let next = self.db().one(positions::NEXT_LANE, last, lane)?;
            let Some(next) = next.filter(|next| (next.0, next.1) == (collection, class)) else {
                break;
            };
            let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
            let beginning = (collection, class, next.2, next.3, i64::MIN, left);
            let rows = self.db().all(positions::LANE, beginning, |row| {
                Ok((row.get(1)?, row.get(0)?))
            })?;
            found.extend(rows.into_iter().filter(|(_, added)| *added <= up_to));
            last = next;
        }
        Ok(found)
    }

    /// What has left a stretch of a collection since a time, with its records.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn left_since(
        &self,
        collection: i64,
        (low, high): (i64, i64),
        since: i64,
    ) -> Result<Vec<(i64, Place)>> {
        let params = (collection, low, high, since);
        self.db().all(positions::LEFT_SINCE, params, |row| {
            let place = Place {
                collection: row.get(1)?,
                class: row.get(2)?,
                added: row.get(3)?,
                embargo: row.get(5)?,
                expires: row.get(6)?,
                removed: row.get(4)?,
            };
            Ok((row.get(0)?, place))
        })
    }

    /// Whether anything was ever given a position that ends one day.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn expires_anything(&self) -> Result<bool> {
        Ok(self.meta(TIMED)?.is_some())
    }

    /// Records that stand somewhere under an embargo that is over by `until`, with its end, in that order beyond `after`: each gets a new
    /// position there, or nobody who polls hears of it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn embargo_over(
        &self,
        after: (i64, i64),
        until: i64,
        limit: usize,
    ) -> Result<Vec<(i64, i64)>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params = (after.0, after.1, until, limit);
        let mut over = self.db().all(positions::EMBARGO_OVER, params, |row| {
            Ok((row.get(1)?, row.get(0)?))
        })?;
        over.dedup();
        Ok(over)
    }

    fn newest_stand(&self, object: ObjectNo, collection: i64) -> Result<Option<Stand>> {
        self.db()
            .one(positions::OF_OBJECT_DOWN, (object.0, collection), stand)
    }
}

impl WriteTxn<'_> {
    /// Puts a record into a collection, for those whom the class admits. A position that it has there in the same class is
    /// taken away; the new one counts.
    ///
    /// # Errors
    /// [`Error::NotIncreasing`] if `added` is not beyond the collection's last; [`Error::Missing`] without collection or record.
    pub fn put_position(&mut self, new: &NewPosition<'_>) -> Result<()> {
        self.advance(new.collection, new.added)?;
        let kind = self.intern_word(new.kind)?;
        let timed = new.embargo.is_some() || new.expiry.is_some();
        if new.expiry.is_some() && !self.expires_anything()? {
            self.set_meta(TIMED, b"1")?;
        }
        let alone = match &mut self.brand_new {
            Some((recno, collections))
                if *recno == new.recno && !collections.contains(&new.collection) =>
            {
                collections.push(new.collection);
                true
            }
            _ => false,
        };
        let rank = match (timed, alone) {
            (true, true) => TANGLED,
            (false, true) => LATEST,
            (_, false) => self.rank_among_others(new, timed)?,
        };
        let (lane, spec) = ((new.class, kind, rank), new.spec.number());
        let (embargo, expires) = (new.embargo.map(ceiling), new.expiry.map(ceiling));
        self.db().run(
            positions::ADD_POSITION,
            (
                new.collection,
                new.class,
                kind,
                rank,
                new.added,
                new.recno,
                spec,
                embargo,
                expires,
            ),
        )?;
        self.reached(new.collection, lane, new.added);
        let stood = Stood {
            added: new.added,
            recno: new.recno,
            spec,
            times: (embargo, expires),
        };
        self.moved(Move::Put(new.collection, lane, stood));
        Ok(())
    }

    fn rank_among_others(&mut self, new: &NewPosition<'_>, timed: bool) -> Result<i64> {
        let own = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(3)?));
        for (class, added) in
            self.db()
                .all(positions::OF_RECORD_IN, (new.recno, new.collection), own)?
        {
            if class == new.class {
                self.remove_position(new.collection, added, new.added)?;
            }
        }
        let Some(other) = self.newest_stand(new.object, new.collection)? else {
            return Ok(if timed { TANGLED } else { LATEST });
        };
        if other.rank == TANGLED {
            return Ok(TANGLED);
        }
        if timed || other.class != new.class || other.spec != new.spec.number() {
            self.tangle(new.object, new.collection)?;
            return Ok(TANGLED);
        }
        let version = self
            .db()
            .one(positions::OBJECT_AND_VERSION, [new.recno], |row| {
                row.get::<_, String>(1)
            })?;
        let version = version.ok_or_else(|| Error::Missing(format!("record {}", new.recno)))?;
        if version < other.version {
            return Ok(OLDER);
        }
        self.set_rank(new.collection, &other, OLDER)?;
        Ok(LATEST)
    }

    fn tangle(&mut self, object: ObjectNo, collection: i64) -> Result<()> {
        for other in self
            .db()
            .all(positions::OF_OBJECT_DOWN, (object.0, collection), stand)?
        {
            self.set_rank(collection, &other, TANGLED)?;
        }
        Ok(())
    }

    fn set_rank(&mut self, collection: i64, of: &Stand, rank: i64) -> Result<()> {
        if of.rank != rank {
            self.db().run(
                positions::SET_RANK,
                (rank, collection, of.class, of.kind, of.rank, of.added),
            )?;
            self.reached(collection, (of.class, of.kind, rank), of.added);
            let lane = (of.class, of.kind, of.rank);
            self.moved(Move::Ranked(collection, lane, of.added, rank));
        }
        Ok(())
    }

    /// Takes a position away. What stood there is remembered without its content, for those who ask who took it.
    ///
    /// # Errors
    /// [`Error::Missing`] if nothing stands there.
    pub fn remove_position(&mut self, collection: i64, added: i64, at: i64) -> Result<()> {
        let read = |row: &Row<'_>| {
            Ok((
                (row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?),
                row.get::<_, i64>(3)?,
                (row.get::<_, Option<i64>>(4)?, row.get::<_, Option<i64>>(5)?),
            ))
        };
        let found = self
            .db()
            .one(positions::POSITION_AT, (collection, added), read)?;
        let (lane, recno, (embargo, expires)) =
            found.ok_or_else(|| Error::Missing(format!("position {added}")))?;
        self.remove_position_row((collection, lane, added))?;
        self.db().run(
            positions::KEEP_PAST,
            (recno, collection, added, lane.0, at, embargo, expires),
        )?;
        self.brand_new = None;
        if lane.2 == LATEST {
            let object = self
                .db()
                .one(positions::OBJECT_AND_VERSION, [recno], |row| row.get(0))?;
            let object = ObjectNo(
                object.ok_or_else(|| Error::Damaged(format!("record {recno} is missing")))?,
            );
            if let Some(next) = self.newest_stand(object, collection)?
                && next.rank == OLDER
            {
                self.set_rank(collection, &next, LATEST)?;
            }
        }
        Ok(())
    }

    /// Takes an object, or one version of it, out of a collection. Returns how many positions went.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn remove_from(
        &mut self,
        collection: i64,
        object: ObjectNo,
        version: Option<&str>,
        at: i64,
    ) -> Result<usize> {
        let mut stands = self
            .db()
            .all(positions::OF_OBJECT_UP, (object.0, collection), stand)?;
        stands.retain(|stand| version.is_none_or(|version| stand.version == version));
        for stand in &stands {
            self.remove_position(collection, stand.added, at)?;
        }
        Ok(stands.len())
    }

    /// Gives a record another label, stricter or looser: its old positions but those that stay are taken away at once, and in each of its
    /// collections it gets a new one, for which `added` is asked. Search and facets follow the record.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such record; else as [`put_position`](Self::put_position).
    pub fn relabel(
        &mut self,
        recno: i64,
        (class, embargo, expiry): (i64, Option<&Timestamp>, Option<&Timestamp>),
        at: i64,
        stays: impl Fn(&Place) -> bool,
        mut added: impl FnMut(i64, i64) -> i64,
    ) -> Result<Vec<Place>> {
        let held = self
            .held_record(recno)?
            .ok_or_else(|| Error::Missing(format!("record {recno}")))?;
        self.db().run(
            records::SET_LABEL,
            (class, embargo.map(ceiling), expiry.map(ceiling), recno),
        )?;
        self.search_again(recno)?;
        self.class_facets(recno, class)?;
        let old = self.places(recno)?;
        let mut collections: Vec<i64> = Vec::new();
        for place in old.iter().filter(|place| place.removed.is_none()) {
            if !stays(place) {
                self.remove_position(place.collection, place.added, at)?;
            }
            if !collections.contains(&place.collection) {
                collections.push(place.collection);
            }
        }
        let mut new = Vec::new();
        for collection in collections {
            let added = added(collection, self.last_added(collection)?);
            self.put_position(&NewPosition {
                collection,
                recno,
                object: held.object,
                kind: &held.kind,
                spec: held.spec,
                class,
                embargo,
                expiry,
                added,
            })?;
            self.settle(held.object, collection)?;
            new.push(Place {
                collection,
                class,
                added,
                embargo: embargo.map(ceiling),
                expires: expiry.map(ceiling),
                removed: None,
            });
        }
        Ok(new)
    }

    /// An object that has come to be of one class again, without times, needs no resolving.
    fn settle(&mut self, object: ObjectNo, collection: i64) -> Result<()> {
        let mut stands = Vec::new();
        self.db()
            .each(positions::OF_OBJECT_DOWN, (object.0, collection), |row| {
                stands.push(stand(row)?);
                Ok(stands.len() <= SETTLED)
            })?;
        let Some(first) = stands.first() else {
            return Ok(());
        };
        let plain = stands.len() <= SETTLED
            && stands.iter().all(|s| {
                let alike = s.class == first.class && s.spec == first.spec;
                alike && s.embargo.is_none() && s.expires.is_none()
            });
        if plain && first.rank == TANGLED {
            for (at, stand) in stands.iter().enumerate() {
                self.set_rank(collection, stand, if at == 0 { LATEST } else { OLDER })?;
            }
        }
        Ok(())
    }
}
