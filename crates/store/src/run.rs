//! Records in the order in which they came, from either end, for a viewer: lists of everything, a page at a time.
//!
//! Invariant: what is hidden leaves no trace: neither a gap, nor a page that is shorter, nor a further page with nothing on it.

use policy::{Purpose, Released, Viewer};
use stix::Timestamp;

use crate::error::Result;
use crate::query::Record;
use crate::read::Reader;
use crate::sql::{positions, records};

/// How many rows are read at a time.
const PORTION: i64 = 512;

/// What of all records is listed, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunQuery {
    /// Only beyond the record of this number, in the direction of the list.
    pub after: Option<i64>,
    /// The newest first.
    pub down: bool,
    /// At most so many records.
    pub limit: usize,
    /// Only these types; empty: all but those of `without`.
    pub kinds: Vec<String>,
    /// Not these types.
    pub without: Vec<String>,
    /// Only what stands in this collection.
    pub collection: Option<i64>,
}

/// A page of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The records, each the newest version of its object that the viewer may see.
    pub rows: Vec<Record>,
    /// From where to go on, if there is more.
    pub next: Option<i64>,
}

/// A row on the way: number, class, type, times.
type Passing = (i64, i64, i64, Option<i64>, Option<i64>);

impl Reader<'_> {
    /// Records in the order in which they came.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn run(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &RunQuery,
    ) -> Result<Released<Run>> {
        let asking = self.asking(viewer, purpose, at)?;
        let numbers = |names: &[String]| -> Result<Vec<i64>> {
            let mut all = Vec::new();
            for name in names {
                all.extend(self.word_number(name)?);
            }
            Ok(all)
        };
        let (kinds, without) = (numbers(&query.kinds)?, numbers(&query.without)?);
        let wanted = |kind: i64| {
            (query.kinds.is_empty() || kinds.contains(&kind)) && !without.contains(&kind)
        };
        let (sql, start) = if query.down {
            (records::PASSING_DOWN, i64::MAX)
        } else {
            (records::PASSING_UP, -1)
        };
        let mut after = query.after.unwrap_or(start);
        let mut released: Vec<Released<Record>> = Vec::new();
        let (mut last, mut next) = (after, None);
        'all: loop {
            let rows: Vec<Passing> = self.db().all(sql, (after, PORTION), |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })?;
            let ended = i64::try_from(rows.len()).unwrap_or(i64::MAX) < PORTION;
            for (recno, class, kind, embargo, expires) in rows {
                after = recno;
                if !wanted(kind)
                    || !asking.sees(class, (embargo, expires))
                    || !self.stands_in(query.collection, recno)?
                    || !self.is_newest(&asking, recno)?
                {
                    continue;
                }
                if released.len() >= query.limit {
                    next = Some(last);
                    break 'all;
                }
                last = recno;
                released.extend(self.record_for(&asking, recno)?);
            }
            if ended {
                break;
            }
        }
        let rows: Released<Vec<Record>> = released.into_iter().collect();
        Ok(rows.map(|rows| Run { rows, next }))
    }

    fn stands_in(&self, collection: Option<i64>, recno: i64) -> Result<bool> {
        let Some(collection) = collection else {
            return Ok(true);
        };
        let found = self
            .db()
            .one(positions::OF_RECORD_IN, (recno, collection), |_| Ok(()))?;
        Ok(found.is_some())
    }
}
