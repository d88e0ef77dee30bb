//! Ids and versions of records in memory, 27 bytes each, so that a manifest asks the engine for nothing. Invariant: what is held here gives
//! back both as they were written; what would not is not held, and is read.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use stix::Timestamp;

use crate::error::Result;
use crate::list::Named;
use crate::read::Reader;
use crate::records::{Spec, version_text, write_version};
use crate::sources::Slot;
use crate::sql::records;

/// How many records' names lie together.
const TOGETHER: usize = 512;

/// Of up to how many records names are held: 13 MiB.
const MOST: usize = 500_000;

/// The names of a process.
#[derive(Debug, Default)]
pub(crate) struct Names(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the number of the record.
    portions: Vec<Option<Box<Portion>>>,
    kinds: Kinds,
    held: usize,
}

/// Types by number.
type Kinds = Arc<Vec<Box<str>>>;

/// The number of a type, and the rest of a name.
type Numbered = (u16, Short);

#[derive(Debug)]
struct Portion {
    uuids: [u128; TOGETHER],
    /// The instant of the version, in microseconds.
    instants: [i64; TOGETHER],
    kinds: [u16; TOGETHER],
    /// One more than the digits that the version has after the point; nothing: not held.
    digits: [u8; TOGETHER],
}

/// A name without what repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short {
    uuid: u128,
    instant: i64,
    digits: u8,
}

impl Short {
    /// The name of an id and a version's key, with the type; `None` if it would not give back both as they are.
    pub(crate) fn of<'a>(id: &'a str, version: &str) -> Option<(&'a str, Self)> {
        let (kind, uuid) = id.split_once("--")?;
        let digits = uuid.chars().filter(|digit| *digit != '-').take(32);
        let uuid = digits.fold(0, |uuid, digit| {
            uuid << 4 | u128::from(digit.to_digit(16).unwrap_or(0))
        });
        let version = version_text(version);
        let instant = Timestamp::parse(&version).ok()?.micros();
        let digits = version
            .split_once('.')
            .map_or(0, |(_, rest)| rest.len() - 1);
        let short = Self {
            uuid,
            instant,
            digits: u8::try_from(digits).ok()?,
        };
        let mut text = Text::default();
        let same = short.write(kind, &mut text) == (id, &version);
        same.then_some((kind, short))
    }

    /// Id and version as they were written.
    fn write<'t>(&self, kind: &str, text: &'t mut Text) -> (&'t str, &'t str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut uuid = *b"--00000000-0000-0000-0000-000000000000";
        let mut places = uuid.iter_mut().skip(2).filter(|place| **place != b'-');
        for byte in self.uuid.to_be_bytes() {
            for digit in [byte >> 4, byte & 15] {
                if let (Some(place), Some(hex)) = (places.next(), HEX.get(usize::from(digit))) {
                    *place = *hex;
                }
            }
        }
        text.id.clear();
        text.id.push_str(kind);
        text.id.extend(uuid.map(char::from));
        text.version.clear();
        let instant = Timestamp::text_of(self.instant);
        let end = match self.digits {
            0 => 19,
            some => 20 + usize::from(some).min(6),
        };
        let instant = instant.iter().take(end).copied().map(char::from);
        text.version.extend(instant.chain(['Z']));
        (&text.id, &text.version)
    }
}

/// Where names are written, one after another.
#[derive(Debug, Default)]
struct Text {
    id: String,
    version: String,
}

impl Names {
    /// Of new records, with their types.
    pub(crate) fn add<'a>(&self, names: impl Iterator<Item = (i64, &'a str, Short)>) {
        let mut known = self.known();
        names.for_each(|(recno, kind, short)| known.add(recno, kind, short));
    }

    /// What is erased leaves.
    pub(crate) fn forget(&self, recnos: &[i64]) {
        let mut known = self.known();
        for recno in recnos {
            let (portion, at) = place(*recno);
            let portion = known.portions.get_mut(portion).and_then(Option::as_mut);
            if let Some(portion) = portion
                && let (Some(digits), Some(uuid)) =
                    (portion.digits.get_mut(at), portion.uuids.get_mut(at))
            {
                (*digits, *uuid) = (0, 0);
            }
        }
    }

    fn known(&self) -> RwLockWriteGuard<'_, Known> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those of some records, as far as they are held, with their types.
    fn find(&self, slots: &[Slot]) -> (Vec<Option<Numbered>>, Kinds) {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = slots.iter().map(|slot| known.get(slot.recno)).collect();
        (found, Arc::clone(&known.kinds))
    }
}

fn place(recno: i64) -> (usize, usize) {
    let recno = usize::try_from(recno).unwrap_or(usize::MAX);
    (recno / TOGETHER, recno % TOGETHER)
}

impl Known {
    fn get(&self, recno: i64) -> Option<Numbered> {
        let (portion, at) = place(recno);
        let portion = self.portions.get(portion)?.as_ref()?;
        let short = Short {
            uuid: *portion.uuids.get(at)?,
            instant: *portion.instants.get(at)?,
            digits: portion.digits.get(at)?.checked_sub(1)?,
        };
        Some((*portion.kinds.get(at)?, short))
    }

    fn add(&mut self, recno: i64, kind: &str, short: Short) {
        let (portion, at) = place(recno);
        let Some(kind) = self.kind(kind).filter(|_| self.held < MOST) else {
            return;
        };
        if portion >= self.portions.len() {
            // Numbers are given without a gap: never far beyond the last.
            self.portions.resize_with(portion + 1, || None);
        }
        let Some(portion) = self.portions.get_mut(portion) else {
            return;
        };
        let portion = portion.get_or_insert_with(|| {
            Box::new(Portion {
                uuids: [0; TOGETHER],
                instants: [0; TOGETHER],
                kinds: [0; TOGETHER],
                digits: [0; TOGETHER],
            })
        });
        if let (Some(uuid), Some(instant), Some(of), Some(digits)) = (
            portion.uuids.get_mut(at),
            portion.instants.get_mut(at),
            portion.kinds.get_mut(at),
            portion.digits.get_mut(at),
        ) {
            self.held += usize::from(*digits == 0);
            (*uuid, *instant, *of, *digits) = (short.uuid, short.instant, kind, short.digits + 1);
        }
    }

    fn kind(&mut self, name: &str) -> Option<u16> {
        let known = self.kinds.iter().position(|kind| **kind == *name);
        let number = known.unwrap_or_else(|| {
            Arc::make_mut(&mut self.kinds).push(name.into());
            self.kinds.len() - 1
        });
        u16::try_from(number).ok()
    }
}

impl Reader<'_> {
    /// The name of each slot's record, in the order of the slots, each added to what they become together.
    pub(crate) fn named<A>(
        &self,
        slots: &[Slot],
        begin: A,
        mut add: impl FnMut(A, &Slot, Named<'_>) -> A,
    ) -> Result<A> {
        let (found, kinds) = self.shared().names().find(slots);
        let (mut all, mut text) = (begin, Text::default());
        let pairs: Vec<(&Slot, Option<Numbered>)> = slots.iter().zip(found).collect();
        for part in pairs.chunk_by(|a, b| a.1.is_some() == b.1.is_some()) {
            let mut unknown = Vec::new();
            for (slot, short) in part {
                let kind = short.and_then(|(kind, _)| kinds.get(usize::from(kind)));
                let (Some((_, short)), Some(kind)) = (short, kind) else {
                    unknown.push(**slot);
                    continue;
                };
                let (id, version) = short.write(kind, &mut text);
                all = add(all, slot, named(slot, id, version));
            }
            let of = (records::MENTION, records::MENTIONS);
            all = self.fold(&unknown, of, all, |before, slot, row| {
                let read = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
                let (id, key) = (read(0)?, read(1)?);
                text.version.clear();
                write_version(key, &mut text.version);
                let named = named(slot, id, &text.version);
                Ok(ControlFlow::Continue(add(before, slot, named)))
            })?;
        }
        Ok(all)
    }
}

fn named<'a>(slot: &Slot, id: &'a str, version: &'a str) -> Named<'a> {
    Named {
        added: slot.added,
        id,
        version,
        spec: Spec::of(slot.spec),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

    #[test]
    fn names_are_given_back_as_they_were_written_or_not_held() {
        let versions = [
            ("2017-06-01T00:00:00Z", true),
            ("2017-06-01T00:00:00.000Z", true),
            ("2024-05-01T12:00:00.1Z", true),
            ("2024-05-01T12:00:00.100Z", true),
            ("2024-05-01T12:00:00.123456Z", true),
            ("2024-05-01T12:00:00.1234567Z", false),
            ("2024-05-01T12:00:00.1234560000Z", false),
            ("2016-12-31T23:59:60Z", false),
            ("0001-01-01T00:00:00Z", true),
            ("9999-12-31T23:59:59.999999Z", true),
        ];
        let ids = [
            (format!("indicator--{UUID}"), true),
            (format!("x-mitre-tactic--{UUID}"), true),
            (format!("indicator--{}", UUID.to_uppercase()), false),
            (format!("indicator--{}", UUID.replace('-', "")), false),
            (format!("in--dicator--{UUID}"), false),
            ("indicator--1".to_owned(), false),
        ];
        for (id, plain) in &ids {
            for (version, held) in versions {
                let Ok(at) = version.parse::<Timestamp>() else {
                    continue;
                };
                let short = Short::of(id, &at.version_key());
                assert_eq!(short.is_some(), *plain && held, "{id} {version}");
                if let Some((kind, short)) = short {
                    let mut text = Text::default();
                    assert_eq!(short.write(kind, &mut text), (&**id, version));
                }
            }
        }
    }

    #[test]
    fn what_is_held_is_found_until_it_is_erased() {
        let names = Names::default();
        let id = format!("tool--{UUID}");
        let (kind, short) = Short::of(&id, "2024-01-01T00:00:00 03").unwrap();
        names.add(
            [0, 3, 511, 512, 5_000]
                .map(|recno| (recno, kind, short))
                .into_iter(),
        );
        let found = |recnos: &[i64]| -> Vec<bool> {
            let slots: Vec<Slot> = recnos.iter().map(|recno| Slot::at(*recno)).collect();
            let (found, kinds) = names.find(&slots);
            let kept = |one: &Numbered| one.1.uuid == short.uuid && &*kinds[0] == "tool";
            found
                .iter()
                .map(|one| one.as_ref().is_some_and(kept))
                .collect()
        };
        assert_eq!(
            found(&[0, 1, 3, 511, 512, 513, 5_000, 50_000, -1]),
            [true, false, true, true, true, false, true, false, false]
        );
        names.forget(&[3, 50_000]);
        assert_eq!(found(&[0, 3, 511]), [true, false, true]);
    }
}
