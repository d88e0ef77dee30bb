//! Where each record stands, if that is one place: what is asked for by name needs no search of a lane. Invariant: what it says of a record is
//! what its lane says; where there was ever more than one place it says nothing.

use std::sync::Arc;

use super::{Entry, TOGETHER};

/// The position of each record in a collection and the number of its lane, for those that have just one or had just one at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct OfRecords(Vec<Option<Arc<Portion>>>);

#[derive(Clone, Debug)]
struct Portion {
    added: [i64; TOGETHER],
    lanes: [u16; TOGETHER],
    specs: [u16; TOGETHER],
}

/// No position.
const NOWHERE: i64 = i64::MIN;
/// More than one, now or before: the table knows.
const SEVERAL: i64 = i64::MAX;
/// In the place of a specification: it has times, which stand in its lane.
const TIMED: u16 = u16::MAX;

impl OfRecords {
    /// The position, the number of its lane, and the specification where there are no times.
    pub(super) fn get(&self, recno: i64) -> Option<(i64, usize, Option<i64>)> {
        let recno = usize::try_from(recno).ok()?;
        let portion = self.0.get(recno / TOGETHER)?.as_ref()?;
        let added = *portion.added.get(recno % TOGETHER)?;
        let lane = *portion.lanes.get(recno % TOGETHER)?;
        let spec = *portion.specs.get(recno % TOGETHER)?;
        let spec = (spec != TIMED).then(|| i64::from(spec));
        (added != NOWHERE && added != SEVERAL).then_some((added, lane.into(), spec))
    }

    fn at(&mut self, recno: usize) -> Option<(&mut i64, &mut u16, &mut u16)> {
        let portion = recno / TOGETHER;
        if portion >= self.0.len() {
            self.0.resize(portion + 1, None);
        }
        let portion = self.0.get_mut(portion)?;
        let portion = portion.get_or_insert_with(|| {
            Arc::new(Portion {
                added: [NOWHERE; TOGETHER],
                lanes: [0; TOGETHER],
                specs: [0; TOGETHER],
            })
        });
        let portion = Arc::make_mut(portion);
        let added = portion.added.get_mut(recno % TOGETHER)?;
        let lane = portion.lanes.get_mut(recno % TOGETHER)?;
        Some((added, lane, portion.specs.get_mut(recno % TOGETHER)?))
    }

    pub(super) fn put(&mut self, entry: Entry, lane: usize) {
        if let Some((at, of, spec)) = self.at(entry.recno as usize) {
            let said = if entry.timed { TIMED } else { entry.spec };
            match u16::try_from(lane) {
                Ok(lane) if *at == NOWHERE => (*at, *of, *spec) = (entry.added, lane, said),
                _ => *at = SEVERAL,
            }
        }
    }

    pub(super) fn take(&mut self, recno: i64, added: i64) {
        let at = usize::try_from(recno).ok().and_then(|recno| self.at(recno));
        if let Some((at, ..)) = at.filter(|(at, ..)| **at == added) {
            *at = NOWHERE;
        }
    }
}
