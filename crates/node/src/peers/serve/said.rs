//! Under which label a record is given to somebody at a place, and since when that has been said.
//!
//! Invariant: whoever is let in at a place hears the label and the times of that place and of no other that does not let them in; and a label
//! that takes the place of another is dated later than it.

use std::cmp::Reverse;

use anyhow::{Context, Result};
use policy::{Label, Purpose};
use store::{Held, Place, Reader};

use super::Asked;
use crate::again::place_label;
use crate::clock::Micros;
use crate::seal::label_text;

/// A label, and its date.
pub(super) struct Said {
    pub label: Label,
    pub made: Micros,
}

/// What is said of a record where it is given: the label of that place; where it lets them in at several, the least strict of them.
pub(super) fn said_at(
    reader: &Reader<'_>,
    asked: &Asked<'_>,
    held: &Held,
    added: i64,
    asked_back: Micros,
) -> Result<Said> {
    let places = reader.places(held.recno)?;
    // It may have been put forward, or taken away, since the page was read.
    let here = places
        .iter()
        .find(|place| place.collection == asked.collection && place.added == added);
    let here = here.with_context(|| format!("record {} never stood there", held.recno))?;
    let mut doors = vec![(label_at(reader, here)?, here)];
    let others = places.iter().filter(|other| other.removed.is_none());
    for other in others.filter(|other| !is_alike(other, here)) {
        let label = label_at(reader, other)?;
        if policy::decide(asked.viewer, &label, Purpose::Relay, &asked.at).is_granted() {
            doors.push((label, other));
        }
    }
    let wide = policy::least_strict(doors.iter().map(|(label, _)| label.clone()));
    doors.retain(|(label, _)| wide.contains(label));
    // Neither contains the other: the one that lasts, and the same one at whichever of these places.
    let own = |label: &Label, place: &Place| {
        place.class == held.class && label.embargo == held.embargo && label.expiry == held.expiry
    };
    let best = doors.into_iter().min_by_key(|(label, place)| {
        let ends = place.expires.unwrap_or(Micros::MAX);
        (Reverse(ends), !own(label, place), label_text(label))
    });
    let (label, place) = best.context("a place has no label")?;
    let made = since(&places, place, asked_back);
    Ok(Said { label, made })
}

pub(super) fn label_at(reader: &Reader<'_>, place: &Place) -> Result<Label> {
    let class = reader.class(place.class)?.context("a class is missing")?;
    Ok(place_label(class, place))
}

/// Whether a record stands, or stood, at two places under the same label.
fn is_alike(one: &Place, other: &Place) -> bool {
    let label = |place: &Place| (place.class, place.embargo, place.expires);
    label(one) == label(other)
}

/// The first of the positions that the record had under the label of a place and no other since: it was only put forward again. What was asked
/// back, and what was under embargo, is said anew.
fn since(places: &[Place], place: &Place, asked_back: Micros) -> Micros {
    let mut before: Vec<&Place> = places
        .iter()
        .filter(|other| other.added <= place.added && *other != place)
        .collect();
    before.sort_unstable_by_key(|other| Reverse(other.added));
    let same = before.into_iter().take_while(|other| {
        is_alike(other, place)
            && other.added > asked_back
            && place.embargo.is_none_or(|embargo| other.added >= embargo)
    });
    same.last().map_or(place.added, |first| first.added)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(added: i64, class: i64, embargo: Option<i64>) -> Place {
        Place {
            collection: 1,
            class,
            added,
            embargo,
            expires: None,
            removed: None,
        }
    }

    #[test]
    fn a_label_is_dated_by_the_first_position_that_it_had_without_a_break() {
        let dated =
            |places: &[Place], asked_back| since(places, places.last().unwrap(), asked_back);
        let never = Micros::MIN;
        let moved = [at(10, 1, None), at(20, 1, None), at(30, 1, None)];
        assert_eq!(dated(&moved, never), 10);
        assert_eq!(dated(&moved[..1], never), 10);
        // Said anew to those of whom it was asked back.
        assert_eq!(dated(&moved, 15), 20);
        assert_eq!(dated(&moved, 25), 30);
        // What comes again after another label is later than that.
        let back = [at(10, 1, None), at(20, 2, None), at(30, 1, None)];
        assert_eq!(dated(&back, never), 30);
        // Under embargo nobody heard it.
        let opened = [
            at(10, 1, Some(25)),
            at(30, 1, Some(25)),
            at(40, 1, Some(25)),
        ];
        assert_eq!(dated(&opened, never), 30);
        // Another label at the same time, in another collection.
        let mut other = at(30, 2, None);
        other.collection = 2;
        assert_eq!(dated(&[at(10, 1, None), other, at(30, 1, None)], never), 30);
    }
}
