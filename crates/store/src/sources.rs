//! Positions in their order, from where they are: lanes side by side, lanes in portions, or the whole collection.
//!
//! Invariant: whatever they come from, each comes once and in order; nothing is decided here about who may see it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::LazyLock;

use rusqlite::Rows;

use crate::error::Result;
use crate::lanes::Stood;
use crate::look::Look;
use crate::positions::Stand;
use crate::query::PageQuery;
use crate::shared::LaneKey;
use crate::sql::positions;

/// Up to how many lanes are read side by side, a row at a time, so that none is read that is not needed.
pub(crate) const SIDE_BY_SIDE: usize = 8;

/// A text for each lane: of one text, a connection keeps one prepared statement only.
pub(crate) static LANES: LazyLock<Vec<String>> = LazyLock::new(|| {
    (1..=SIDE_BY_SIDE)
        .map(|place| format!("{} -- {place}", positions::LANE_ON))
        .collect()
});

/// A position that may be part of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    pub(crate) added: i64,
    pub(crate) recno: i64,
    pub(crate) class: i64,
    pub(crate) kind: i64,
    pub(crate) rank: i64,
    pub(crate) spec: i64,
    embargo: Option<i64>,
    expires: Option<i64>,
}

impl Slot {
    pub(crate) fn of(stand: &Stand) -> Self {
        Self {
            added: stand.added,
            recno: stand.recno,
            class: stand.class,
            kind: stand.kind,
            rank: stand.rank,
            spec: stand.spec,
            embargo: stand.embargo,
            expires: stand.expires,
        }
    }

    #[cfg(test)]
    pub(crate) fn at(recno: i64) -> Self {
        let stood = Stood {
            added: recno,
            recno,
            spec: 0,
            times: (None, None),
        };
        Self::stood(((0, 0, 0), stood))
    }

    pub(crate) fn stood(((class, kind, rank), stood): (LaneKey, Stood)) -> Self {
        let (embargo, expires) = stood.times;
        Self {
            added: stood.added,
            recno: stood.recno,
            class,
            kind,
            rank,
            spec: stood.spec,
            embargo,
            expires,
        }
    }

    pub(crate) fn times(&self) -> (Option<i64>, Option<i64>) {
        (self.embargo, self.expires)
    }
}

/// Lanes that are read side by side: of each, the row that comes next.
#[derive(Default)]
pub(crate) struct Heads<'s> {
    lanes: Vec<(Slot, Rows<'s>, LaneKey)>,
}

impl<'s> Heads<'s> {
    pub(crate) fn begin(&mut self, mut rows: Rows<'s>, key: LaneKey) -> Result<()> {
        if let Some(row) = rows.next()? {
            let slot = read_slot(row, key)?;
            self.lanes.push((slot, rows, key));
        }
        Ok(())
    }

    pub(crate) fn next(&mut self) -> Result<Option<Slot>> {
        let first = self
            .lanes
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, (slot, ..))| slot.added);
        let Some((at, (head, rows, key))) = first else {
            return Ok(None);
        };
        let slot = *head;
        match rows.next()? {
            Some(row) => *head = read_slot(row, *key)?,
            None => drop(self.lanes.swap_remove(at)),
        }
        Ok(Some(slot))
    }
}

/// Positions in order, from lanes or from the whole collection, read in portions.
pub(crate) enum Source {
    Lanes {
        lanes: Vec<Lane>,
        heads: BinaryHeap<Reverse<(i64, usize)>>,
        portion: usize,
    },
    Whole {
        lane: Lane,
        portion: usize,
    },
}

pub(crate) struct Lane {
    key: LaneKey,
    ready: VecDeque<Slot>,
    after: i64,
    done: bool,
}

impl Lane {
    fn new(key: LaneKey, after: i64) -> Self {
        Self {
            key,
            ready: VecDeque::new(),
            after,
            done: false,
        }
    }

    fn took(&mut self, slots: Vec<Slot>, portion: usize) {
        self.done = slots.len() < portion;
        if let Some(last) = slots.last() {
            self.after = last.added;
        }
        self.ready.extend(slots);
    }
}

impl Source {
    pub(crate) fn whole(query: &PageQuery, enough: usize) -> Self {
        Self::Whole {
            lane: Lane::new((0, 0, 0), query.after),
            portion: enough.clamp(16, 1_024),
        }
    }

    pub(crate) fn lanes(
        look: &Look,
        query: &PageQuery,
        keys: Vec<LaneKey>,
        enough: usize,
    ) -> Result<Self> {
        let share = if keys.len() > 1 {
            2 * enough / keys.len()
        } else {
            enough
        };
        let portion = share.clamp(8, 1_024);
        let mut lanes: Vec<Lane> = keys
            .into_iter()
            .map(|key| Lane::new(key, query.after))
            .collect();
        let mut heads = BinaryHeap::with_capacity(lanes.len());
        for (at, lane) in lanes.iter_mut().enumerate() {
            refill_lane(look, query.collection, lane, portion)?;
            heads.extend(lane.ready.front().map(|slot| Reverse((slot.added, at))));
        }
        Ok(Self::Lanes {
            lanes,
            heads,
            portion,
        })
    }

    pub(crate) fn next(&mut self, look: &Look, query: &PageQuery) -> Result<Option<Slot>> {
        match self {
            Self::Lanes {
                lanes,
                heads,
                portion,
            } => {
                let Some(Reverse((_, at))) = heads.pop() else {
                    return Ok(None);
                };
                let Some(lane) = lanes.get_mut(at) else {
                    return Ok(None);
                };
                let slot = lane.ready.pop_front();
                if lane.ready.is_empty() && !lane.done {
                    refill_lane(look, query.collection, lane, *portion)?;
                }
                heads.extend(lane.ready.front().map(|slot| Reverse((slot.added, at))));
                Ok(slot)
            }
            Self::Whole { lane, portion } => {
                if lane.ready.is_empty() && !lane.done {
                    let limit = i64::try_from(*portion).unwrap_or(i64::MAX);
                    let slots = look.db().all(
                        positions::ALONG,
                        (query.collection, lane.after, limit),
                        |row| read_slot(row, (row.get(5)?, row.get(6)?, row.get(7)?)),
                    )?;
                    lane.took(slots, *portion);
                }
                Ok(lane.ready.pop_front())
            }
        }
    }
}

fn refill_lane(look: &Look, collection: i64, lane: &mut Lane, portion: usize) -> Result<()> {
    let (class, kind, rank) = lane.key;
    let limit = i64::try_from(portion).unwrap_or(i64::MAX);
    let params = (collection, class, kind, rank, lane.after, limit);
    let slots = look
        .db()
        .all(positions::LANE, params, |row| read_slot(row, lane.key))?;
    lane.took(slots, portion);
    Ok(())
}

pub(crate) fn read_slot(
    row: &rusqlite::Row<'_>,
    (class, kind, rank): LaneKey,
) -> rusqlite::Result<Slot> {
    Ok(Slot {
        added: row.get(0)?,
        recno: row.get(1)?,
        class,
        kind,
        rank,
        spec: row.get(2)?,
        embargo: row.get(3)?,
        expires: row.get(4)?,
    })
}
