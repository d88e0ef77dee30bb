//! Records in the order in which they came, from either end, for a viewer: lists of everything, a page at a time.
//!
//! Invariant: what is hidden leaves no trace: neither a gap, nor a page that is shorter, nor a further page with nothing on it.

use std::collections::VecDeque;

use policy::{Purpose, Released, Viewer};
use stix::Timestamp;

use crate::error::Result;
use crate::query::Record;
use crate::read::{Asking, Reader};
use crate::sql::{positions, records};

/// How many rows are read at a time at most, and at first besides those asked for.
const PORTION: usize = 512;
const FIRST: usize = 16;

/// In up to how many classes each type is sought by itself when all types are asked for; whoever reaches more sees most of what passes.
const FEW_CLASSES: usize = 16;

/// Up to how many rows of one type and class are read at a time: the fewer, the more there are of both.
const OF_KIND: usize = 32;

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

fn passing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Passing> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
    ))
}

/// Where the rows come from: all that there are, or those of some types in some classes.
enum Source {
    All { portion: usize },
    Lanes { lanes: Vec<Lane>, portion: i64 },
}

/// The records of one class and type.
struct Lane {
    class: i64,
    kind: i64,
    rows: VecDeque<Passing>,
    /// After which record the next are read; none once it has ended.
    after: Option<i64>,
}

impl Lane {
    /// The number of its next record.
    fn next(&mut self, reader: &Reader<'_>, portion: i64, down: bool) -> Result<Option<i64>> {
        if self.rows.is_empty()
            && let Some(after) = self.after
        {
            let sql = if down {
                records::OF_KIND_DOWN
            } else {
                records::OF_KIND_UP
            };
            let asked = (self.class, self.kind, after, portion);
            self.rows.extend(reader.db().all(sql, asked, passing)?);
            let whole = i64::try_from(self.rows.len()) == Ok(portion);
            self.after = self.rows.back().map(|row| row.0).filter(|_| whole);
        }
        Ok(self.rows.front().map(|row| row.0))
    }
}

impl Source {
    /// The rows that follow one, at least one if there is any.
    fn portion(&mut self, reader: &Reader<'_>, after: i64, down: bool) -> Result<Vec<Passing>> {
        match self {
            Self::All { portion } => {
                let sql = if down {
                    records::PASSING_DOWN
                } else {
                    records::PASSING_UP
                };
                let most = i64::try_from(*portion).unwrap_or(i64::MAX);
                *portion = portion.saturating_mul(2).min(PORTION);
                reader.db().all(sql, (after, most), passing)
            }
            Self::Lanes { lanes, portion } => {
                let mut nearest: Option<(i64, usize)> = None;
                for (place, lane) in lanes.iter_mut().enumerate() {
                    let Some(recno) = lane.next(reader, *portion, down)? else {
                        continue;
                    };
                    let nearer = |(least, _)| if down { recno > least } else { recno < least };
                    if nearest.is_none_or(nearer) {
                        nearest = Some((recno, place));
                    }
                }
                let lane = nearest.and_then(|(_, place)| lanes.get_mut(place));
                Ok(lane
                    .and_then(|lane| lane.rows.pop_front())
                    .into_iter()
                    .collect())
            }
        }
    }
}

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
        let without = self.numbers(&query.without)?;
        let start = if query.down { i64::MAX } else { -1 };
        let mut after = query.after.unwrap_or(start);
        let mut source = self.source(&asking, query, &without, after)?;
        let mut released: Vec<Released<Record>> = Vec::new();
        let (mut last, mut next) = (after, None);
        'all: loop {
            let rows = source.portion(self, after, query.down)?;
            if rows.is_empty() {
                break;
            }
            for (recno, class, kind, embargo, expires) in rows {
                after = recno;
                if without.contains(&kind)
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
        }
        let rows: Released<Vec<Record>> = released.into_iter().collect();
        Ok(rows.map(|rows| Run { rows, next }))
    }

    /// The numbers of words that were ever used.
    fn numbers(&self, names: &[String]) -> Result<Vec<i64>> {
        let mut all = Vec::new();
        for name in names {
            all.extend(self.word_number(name)?);
        }
        Ok(all)
    }

    /// Seeks what is asked for where that is little, by type or by the viewer's classes; else all that passes is looked at.
    fn source(
        &self,
        asking: &Asking<'_>,
        query: &RunQuery,
        without: &[i64],
        after: i64,
    ) -> Result<Source> {
        let mut places: Vec<(i64, i64)> = Vec::new();
        if !query.kinds.is_empty() {
            for kind in self.numbers(&query.kinds)? {
                places.extend(asking.reach.classes().map(|class| (class, kind)));
            }
        } else if asking.reach.classes().nth(FEW_CLASSES).is_none() {
            for class in asking.reach.classes() {
                let mut last = i64::MIN;
                while let Some(kind) = self
                    .db()
                    .one(records::NEXT_KIND, (class, last), |row| row.get(0))?
                {
                    last = kind;
                    places.push((class, kind));
                }
            }
        } else {
            return Ok(Source::All {
                portion: query.limit.saturating_add(FIRST).min(PORTION),
            });
        }
        let wanted = places
            .into_iter()
            .filter(|(_, kind)| !without.contains(kind));
        let lanes: Vec<Lane> = wanted
            .map(|(class, kind)| Lane {
                class,
                kind,
                rows: VecDeque::new(),
                after: Some(after),
            })
            .collect();
        let each = query.limit.saturating_mul(2) / lanes.len().max(1);
        let portion = i64::try_from(each.clamp(2, OF_KIND)).unwrap_or(2);
        Ok(Source::Lanes { lanes, portion })
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
