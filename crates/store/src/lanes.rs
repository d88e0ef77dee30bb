//! Positions held in memory, lane by lane, so that a page asks the engine for none. Invariant: a view of an epoch holds what the table
//! of positions holds in every snapshot of that epoch; a snapshot of an epoch that nobody holds is asked itself.

mod of_records;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::binary_heap::{BinaryHeap, PeekMut};
use std::sync::Arc;

use crate::shared::LaneKey;

use of_records::OfRecords;

/// How many positions lie together: what a commit copies of each lane that it changes.
const TOGETHER: usize = 512;

/// Below how many two neighbors are put together again.
const FEW: usize = TOGETHER / 4;

/// All positions, as of an epoch. Changing it copies what changes; whoever holds it keeps what it held.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lanes {
    collections: BTreeMap<i64, Arc<Shelf>>,
    /// How many positions there are.
    held: usize,
}

/// One collection.
#[derive(Clone, Debug, Default)]
struct Shelf {
    lanes: BTreeMap<LaneKey, Arc<Lane>>,
    /// The lanes that there are or were, by number.
    numbered: Arc<Vec<LaneKey>>,
    of_records: OfRecords,
}

/// Positions of one collection, class, kind and rank, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lane {
    number: usize,
    stretches: Vec<Arc<Stretch>>,
    /// The last position of each stretch, side by side, so that seeking reads no stretch but one.
    lasts: Vec<i64>,
}

#[derive(Clone, Debug, Default)]
struct Stretch {
    places: Vec<Entry>,
    /// Embargo and expiry of those that have either, by position.
    times: Vec<(i64, Times)>,
}

/// Embargo and expiry.
pub(crate) type Times = (Option<i64>, Option<i64>);

/// A position without its lane, in sixteen bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    added: i64,
    recno: u32,
    spec: u16,
    timed: bool,
}

/// A position in its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stood {
    pub(crate) added: i64,
    pub(crate) recno: i64,
    pub(crate) spec: i64,
    pub(crate) times: Times,
}

/// What a transaction did to positions, in the order in which it did it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Move {
    /// One was put.
    Put(i64, LaneKey, Stood),
    /// One was taken away.
    Taken(i64, LaneKey, i64),
    /// One came to another rank.
    Ranked(i64, LaneKey, i64, i64),
}

impl Lanes {
    /// The same after what a transaction did; `None` if it does not fit what is held, or does not fit in here.
    pub(crate) fn after(&self, moves: &[Move]) -> Option<Self> {
        let mut next = self.clone();
        for step in moves {
            match *step {
                Move::Put(collection, lane, stood) => next.put(collection, lane, stood)?,
                Move::Taken(collection, lane, added) => {
                    next.take(collection, lane, added)?;
                }
                Move::Ranked(collection, lane, added, rank) => {
                    let stood = next.take(collection, lane, added)?;
                    next.put(collection, (lane.0, lane.1, rank), stood)?;
                }
            }
        }
        Some(next)
    }

    /// How many positions there are.
    pub(crate) fn held(&self) -> usize {
        self.held
    }

    /// Puts a position; `None` if it cannot be held, or something stands there.
    pub(crate) fn put(&mut self, collection: i64, lane: LaneKey, stood: Stood) -> Option<()> {
        let entry = Entry {
            added: stood.added,
            recno: u32::try_from(stood.recno).ok()?,
            spec: u16::try_from(stood.spec).ok()?,
            timed: stood.times != (None, None),
        };
        let shelf = Arc::make_mut(self.collections.entry(collection).or_default());
        let numbered = &mut shelf.numbered;
        let into = shelf.lanes.entry(lane).or_insert_with(|| {
            let known = numbered.iter().position(|key| *key == lane);
            let number = known.unwrap_or_else(|| {
                Arc::make_mut(numbered).push(lane);
                numbered.len() - 1
            });
            Arc::new(Lane {
                number,
                ..Lane::default()
            })
        });
        let into = Arc::make_mut(into);
        into.put(entry, stood.times)?;
        let number = into.number;
        shelf.of_records.put(entry, number);
        self.held += 1;
        Some(())
    }

    fn take(&mut self, collection: i64, key: LaneKey, added: i64) -> Option<Stood> {
        let shelf = Arc::make_mut(self.collections.get_mut(&collection)?);
        let lane = Arc::make_mut(shelf.lanes.get_mut(&key)?);
        let stood = lane.take(added)?;
        if lane.stretches.is_empty() {
            shelf.lanes.remove(&key);
        }
        shelf.of_records.take(stood.recno, added);
        self.held -= 1;
        Some(stood)
    }

    /// Positions beyond `after` in the lanes that `fits` names, the first of all first.
    pub(crate) fn beyond(
        &self,
        collection: i64,
        after: i64,
        mut fits: impl FnMut(LaneKey) -> bool,
    ) -> Merged<'_> {
        let shelf = self.collections.get(&collection);
        let wanted = shelf.into_iter().flat_map(|shelf| shelf.lanes.iter());
        let wanted = wanted.filter(|(key, _)| fits(**key));
        Merged {
            heads: wanted
                .filter_map(|(key, lane)| Head::beyond(*key, lane, after))
                .collect(),
        }
    }
}

impl Lanes {
    /// Where a record stands in a collection, if that is one place only and in a lane that `fits` names.
    pub(crate) fn of_record(
        &self,
        collection: i64,
        recno: i64,
        mut fits: impl FnMut(LaneKey) -> bool,
    ) -> Option<(LaneKey, Stood)> {
        let shelf = self.collections.get(&collection)?;
        let (added, number, spec) = shelf.of_records.get(recno)?;
        let key = *shelf.numbered.get(number).filter(|key| fits(**key))?;
        let Some(spec) = spec else {
            let stood = shelf.lanes.get(&key)?.get(added)?;
            return (stood.recno == recno).then_some((key, stood));
        };
        let stood = Stood {
            added,
            recno,
            spec,
            times: (None, None),
        };
        Some((key, stood))
    }
}

impl PartialEq for Shelf {
    /// What else there is follows from the lanes, as far as it is known.
    fn eq(&self, other: &Self) -> bool {
        self.lanes == other.lanes
    }
}

impl PartialEq for Lane {
    /// Where it is cut does not count.
    fn eq(&self, other: &Self) -> bool {
        fn all(lane: &Lane) -> impl Iterator<Item = Stood> {
            let places = lane.stretches.iter();
            places.flat_map(|part| part.places.iter().map(|entry| part.stood(entry)))
        }
        all(self).eq(all(other))
    }
}

impl Lane {
    fn get(&self, added: i64) -> Option<Stood> {
        let stretch = self.stretches.get(self.stretch_of(added))?;
        let at = stretch.places.binary_search_by_key(&added, |e| e.added);
        Some(stretch.stood(stretch.places.get(at.ok()?)?))
    }

    /// The stretch in which a position stands, or would.
    fn stretch_of(&self, added: i64) -> usize {
        self.lasts.partition_point(|last| *last < added)
    }

    fn put(&mut self, entry: Entry, times: Times) -> Option<()> {
        let at = self.stretch_of(entry.added);
        if at == self.stretches.len() {
            // Beyond all: where it still fits, or in a new one.
            match self.stretches.last_mut() {
                Some(last) if last.places.len() < TOGETHER => {
                    Arc::make_mut(last).put(entry, times)?;
                    self.ended(at.checked_sub(1)?);
                }
                _ => {
                    let mut new = Stretch::default();
                    new.put(entry, times)?;
                    self.stretches.push(Arc::new(new));
                    self.lasts.push(entry.added);
                }
            }
            return Some(());
        }
        let stretch = Arc::make_mut(self.stretches.get_mut(at)?);
        stretch.put(entry, times)?;
        if stretch.places.len() > 2 * TOGETHER {
            let rest = stretch.split();
            self.lasts.insert(at + 1, rest.last()?);
            self.stretches.insert(at + 1, Arc::new(rest));
        }
        self.ended(at);
        Some(())
    }

    fn take(&mut self, added: i64) -> Option<Stood> {
        let at = self.stretch_of(added);
        let stretch = Arc::make_mut(self.stretches.get_mut(at)?);
        let stood = stretch.take(added)?;
        let left = stretch.places.len();
        if left == 0 {
            self.stretches.remove(at);
            self.lasts.remove(at);
            return Some(stood);
        }
        if left < FEW
            && let Some(next) = self.stretches.get(at + 1).cloned()
            && next.places.len() < TOGETHER
        {
            if let Some(stretch) = self.stretches.get_mut(at) {
                let stretch = Arc::make_mut(stretch);
                stretch.places.extend_from_slice(&next.places);
                stretch.times.extend_from_slice(&next.times);
            }
            self.stretches.remove(at + 1);
            self.lasts.remove(at + 1);
        }
        self.ended(at);
        Some(stood)
    }

    /// Notes where a stretch ends now.
    fn ended(&mut self, at: usize) {
        let last = self.stretches.get(at).and_then(|part| part.last());
        if let (Some(last), Some(noted)) = (last, self.lasts.get_mut(at)) {
            *noted = last;
        }
    }
}

impl Stretch {
    fn last(&self) -> Option<i64> {
        self.places.last().map(|entry| entry.added)
    }

    fn put(&mut self, entry: Entry, times: Times) -> Option<()> {
        let Err(at) = self.places.binary_search_by_key(&entry.added, |e| e.added) else {
            return None;
        };
        if self.places.capacity() == self.places.len() {
            self.places.reserve_exact(self.places.len().clamp(4, FEW));
        }
        self.places.insert(at, entry);
        if entry.timed {
            let at = self
                .times
                .partition_point(|(added, _)| *added < entry.added);
            self.times.insert(at, (entry.added, times));
        }
        Some(())
    }

    fn take(&mut self, added: i64) -> Option<Stood> {
        let at = self.places.binary_search_by_key(&added, |e| e.added).ok()?;
        let stood = self.stood(self.places.get(at)?);
        self.places.remove(at);
        self.times.retain(|(of, _)| *of != added);
        Some(stood)
    }

    fn split(&mut self) -> Self {
        let places = self.places.split_off(self.places.len() / 2);
        let first = places.first().map_or(i64::MAX, |entry| entry.added);
        let at = self.times.partition_point(|(added, _)| *added < first);
        Self {
            places,
            times: self.times.split_off(at),
        }
    }

    fn stood(&self, entry: &Entry) -> Stood {
        let times = if entry.timed {
            let found = self.times.binary_search_by_key(&entry.added, |(at, _)| *at);
            let times = found.ok().and_then(|at| self.times.get(at));
            times.map_or((None, None), |(_, times)| *times)
        } else {
            (None, None)
        };
        Stood {
            added: entry.added,
            recno: i64::from(entry.recno),
            spec: i64::from(entry.spec),
            times,
        }
    }
}

/// Positions of several lanes in one order.
pub(crate) struct Merged<'a> {
    heads: BinaryHeap<Head<'a>>,
}

/// What comes next in a lane. The one that comes first is the greatest.
struct Head<'a> {
    added: i64,
    key: LaneKey,
    here: &'a Stretch,
    at: usize,
    then: &'a [Arc<Stretch>],
}

impl<'a> Head<'a> {
    fn beyond(key: LaneKey, lane: &'a Lane, after: i64) -> Option<Self> {
        let first = lane.stretch_of(after.saturating_add(1));
        let (here, then) = lane.stretches.get(first..)?.split_first()?;
        let at = here.places.partition_point(|entry| entry.added <= after);
        Some(Self {
            added: here.places.get(at)?.added,
            key,
            here,
            at,
            then,
        })
    }

    /// Goes one further; `false` at the end.
    fn on(&mut self) -> bool {
        self.at += 1;
        if self.at >= self.here.places.len() {
            let Some((here, then)) = self.then.split_first() else {
                return false;
            };
            (self.here, self.then, self.at) = (here, then, 0);
        }
        let next = self.here.places.get(self.at);
        self.added = next.map_or(self.added, |entry| entry.added);
        next.is_some()
    }
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.added.cmp(&self.added)
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.added == other.added
    }
}

impl Eq for Head<'_> {}

impl Iterator for Merged<'_> {
    type Item = (LaneKey, Stood);

    fn next(&mut self) -> Option<Self::Item> {
        let mut head = self.heads.peek_mut()?;
        let stood = head.here.stood(head.here.places.get(head.at)?);
        let key = head.key;
        if !head.on() {
            PeekMut::pop(head);
        }
        Some((key, stood))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step() -> impl Strategy<Value = (u8, i64, i64, i64)> {
        (0..8_u8, 0..3_i64, 0..3_i64, any::<prop::sample::Index>())
            .prop_map(|(what, class, rank, at)| (what, class, rank, at.index(1 << 20) as i64))
    }

    /// What it should hold: collection and position, with lane and rest.
    type Model = BTreeMap<(i64, i64), (LaneKey, Stood)>;

    fn all(lanes: &Lanes, model: &Model) {
        assert_eq!(lanes.held(), model.len());
        for collection in 0..2 {
            for after in [i64::MIN, 0, 500, 5_000, i64::MAX] {
                for class in 0..3 {
                    let fits = |key: LaneKey| key.0 != class;
                    let found: Vec<_> = lanes.beyond(collection, after, fits).collect();
                    let expected: Vec<_> = model
                        .iter()
                        .filter(|((of, added), (key, _))| {
                            *of == collection && *added > after && fits(*key)
                        })
                        .map(|(_, found)| *found)
                        .collect();
                    assert_eq!(found, expected);
                }
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        /// Many together, so that stretches are cut and joined; and whoever held an earlier state keeps it.
        #[test]
        fn what_is_held_is_what_was_put(steps in prop::collection::vec(step(), 1..4_000)) {
            let (mut lanes, mut model) = (Lanes::default(), Model::new());
            let mut kept = None;
            for (number, steps) in steps.chunks(97).enumerate() {
                let mut moves = Vec::new();
                for (what, class, rank, at) in steps {
                    let collection = at % 2;
                    let near = model.range((collection, at % 9_973)..).next().map(|(k, v)| (*k, *v));
                    match (what, near) {
                        (0..2, Some((place, (key, _)))) => {
                            model.remove(&place);
                            moves.push(Move::Taken(place.0, key, place.1));
                        }
                        (2..4, Some((place, (key, stood)))) if key.2 != *rank => {
                            model.insert(place, ((key.0, key.1, *rank), stood));
                            moves.push(Move::Ranked(place.0, key, place.1, *rank));
                        }
                        _ if !model.contains_key(&(collection, at % 9_973)) => {
                            let times = (at % 5 == 0).then_some(*at);
                            let stood = Stood { added: at % 9_973, recno: at % 4_096, spec: 21, times: (times, None) };
                            let key = (*class, at % 2, *rank);
                            model.insert((collection, stood.added), (key, stood));
                            moves.push(Move::Put(collection, key, stood));
                        }
                        _ => {}
                    }
                }
                lanes = lanes.after(&moves).expect("it fits");
                if number == 3 {
                    kept = Some((lanes.clone(), model.clone()));
                }
            }
            all(&lanes, &model);
            if let Some((lanes, model)) = kept {
                all(&lanes, &model);
            }
            let mut loaded = Lanes::default();
            for ((collection, _), (key, stood)) in &model {
                loaded.put(*collection, *key, *stood).expect("it fits");
            }
            prop_assert!(loaded == lanes);
            let mut of_records: BTreeMap<(i64, i64), Vec<(LaneKey, Stood)>> = BTreeMap::new();
            for ((collection, _), (key, stood)) in &model {
                of_records.entry((*collection, stood.recno)).or_default().push((*key, *stood));
            }
            let fits = |key: LaneKey| key.0 != 1;
            for collection in 0..2 {
                for recno in 0..4_096 {
                    let all = of_records.get(&(collection, recno)).map_or(&[][..], Vec::as_slice);
                    let found = lanes.of_record(collection, recno, fits);
                    let expected = all.first().filter(|(key, _)| fits(*key)).copied();
                    // It may not know; what it knows is right, and of what never moved it knows.
                    prop_assert!(found.is_none() || all.len() == 1 && found == expected);
                    let loaded = loaded.of_record(collection, recno, fits);
                    prop_assert!(all.len() != 1 || loaded == expected);
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_held() {
        let stood = Stood {
            added: 1,
            recno: 1,
            spec: 21,
            times: (None, None),
        };
        let one = Lanes::default()
            .after(&[Move::Put(1, (1, 1, 1), stood)])
            .unwrap();
        assert!(
            one.after(&[Move::Put(1, (1, 1, 1), stood)]).is_none(),
            "twice"
        );
        assert!(
            one.after(&[Move::Taken(1, (1, 1, 0), 1)]).is_none(),
            "not there"
        );
        let large = Stood {
            recno: 1 << 40,
            added: 2,
            ..stood
        };
        assert!(
            one.after(&[Move::Put(1, (1, 1, 1), large)]).is_none(),
            "too large a number"
        );
    }
}
