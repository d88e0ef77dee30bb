//! Where records stand for those who poll, held against the log: a place is given in the commit that takes the record, so it lies behind
//! all places that were given before in its collection, and right behind the time of acceptance, which the leaf binds.
//!
//! A place that was given later, by a looser label or in another collection, is in no leaf: only that the first one is there is proven.

use anyhow::Result;
use store::Look;

use super::marks::Marks;
use super::report::{Area, Finding, Report};
use crate::clock::{Micros, SECOND};

/// How far behind the time of acceptance, or the place before, a place may lie: gaps are smaller by far, but what was only tried in the
/// same commit leaves room as well.
const ROOM: Micros = SECOND;

/// The last place of the collection that is being gone through.
struct Before {
    collection: i64,
    added: i64,
    /// The newest record that was placed when it was taken.
    newest: i64,
}

/// Looks at the places of all records, present and past.
pub(super) fn check(look: &Look, report: &mut Report) -> Result<()> {
    let (mut placed, mut fits) = (Marks::default(), Marks::default());
    let mut before: Option<Before> = None;
    let mut last = -1;
    look.each_place(|place| {
        let mut known = match before.take() {
            Some(known) if known.collection == place.collection => known,
            _ => Before {
                collection: place.collection,
                added: i64::MIN,
                newest: -1,
            },
        };
        placed.put(place.recno);
        last = last.max(place.recno);
        let earliest = known.added.max(place.accepted);
        let right_behind = earliest < place.added && place.added <= earliest.saturating_add(ROOM);
        if right_behind && place.recno > known.newest {
            fits.put(place.recno);
            known.newest = place.recno;
        }
        known.added = place.added;
        before = Some(known);
    })?;
    for recno in (0..=last).filter(|recno| placed.has(*recno) && !fits.has(*recno)) {
        let what = "it does not stand where it was placed when it was taken: behind what was taken before, at the time of acceptance";
        report.find(Finding::at(Area::Position, recno, what));
    }
    Ok(())
}
