//! Objects by their ids, in memory. Invariant: what it says was committed, and an object that has several versions is known to have them before any
//! snapshot has the second.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{PoisonError, RwLock};

use sha2::{Digest, Sha256};
use stix::ObjectId;

use crate::error::Result;
use crate::look::{Look, ObjectNo};
use crate::names::Short;
use crate::sql::records;

/// Up to how many objects are held, about 30 bytes each: beyond that the table is asked.
const MOST: usize = 450_000;

/// How many records are read in one go, for what was there before this process.
const PORTION: i64 = 4_096;

/// 128 bits of the SHA-256 of an id: as good as the id.
pub(crate) type IdKey = [u8; 16];

/// What is known of the objects of a store.
#[derive(Debug, Default)]
pub(crate) struct Objects(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    objects: HashMap<IdKey, u32, Spreading>,
    /// Those that have more than one record.
    several: HashSet<u32, Spreading>,
    /// How many records there were before this process.
    before: i64,
    /// How many of those were looked at.
    read: i64,
    /// Whether they are too many.
    full: bool,
}

pub(crate) fn key_of(id: &ObjectId) -> IdKey {
    key_of_text(id.as_str())
}

fn key_of_text(id: &str) -> IdKey {
    let digest = Sha256::digest(id.as_bytes());
    let mut key = IdKey::default();
    key.iter_mut()
        .zip(digest.iter())
        .for_each(|(to, from)| *to = *from);
    key
}

impl Objects {
    /// So many records are there before this process writes any; `None` if nothing is to be held.
    pub(crate) fn begin(&self, before: Option<i64>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.before = before.unwrap_or(0);
        known.full = before.is_none();
    }

    /// The object of an id, if it has one record only. `None` says nothing.
    pub(crate) fn only_record_of(&self, id: &ObjectId) -> Option<ObjectNo> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if known.full || known.read < known.before {
            return None;
        }
        let object = known.objects.get(&key_of(id))?;
        (!known.several.contains(object)).then_some(ObjectNo(i64::from(*object)))
    }

    /// New objects were committed.
    pub(crate) fn add(&self, objects: &[(IdKey, i64)]) {
        if !objects.is_empty() {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            objects
                .iter()
                .for_each(|(key, object)| known.add(*key, *object));
        }
    }

    /// Further versions of objects are about to be committed.
    pub(crate) fn add_several(&self, objects: &[i64]) {
        if !objects.is_empty() {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            objects.iter().for_each(|object| known.add_several(*object));
        }
    }

    /// Reads a portion of what was there before this process; `false` when nothing is left.
    pub(crate) fn learn(&self, look: &Look) -> Result<bool> {
        let (from, before, full) = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            (known.read, known.before, known.full)
        };
        if full || from >= before {
            return Ok(false);
        }
        let to = before.min(from + PORTION);
        let (mut objects, mut several, mut names) = (Vec::new(), Vec::new(), Vec::new());
        look.db().each(records::NAMES_FROM, (from, to), |row| {
            let (recno, object): (i64, i64) = (row.get(0)?, row.get(1)?);
            let text = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?);
            let (id, version) = (text(2)?, text(3)?);
            if recno == object {
                objects.push((key_of_text(id), object));
            } else {
                several.push(object);
            }
            let short = Short::of(id, version);
            names.extend(short.map(|(kind, short)| (recno, kind.to_owned(), short)));
            Ok(true)
        })?;
        let names = names
            .iter()
            .map(|(recno, kind, short)| (*recno, &**kind, *short));
        look.shared().names().add(names);
        self.add_several(&several);
        self.add(&objects);
        self.0.write().unwrap_or_else(PoisonError::into_inner).read = to;
        Ok(to < before)
    }
}

impl Known {
    fn add(&mut self, key: IdKey, object: i64) {
        let there = u32::try_from(object).ok().filter(|_| self.has_room());
        if let Some(object) = there {
            self.objects.insert(key, object);
        }
    }

    fn add_several(&mut self, object: i64) {
        let there = u32::try_from(object).ok().filter(|_| self.has_room());
        if let Some(object) = there {
            self.several.insert(object);
        }
    }

    /// Forgets everything once it is too much.
    fn has_room(&mut self) -> bool {
        if self.objects.len() + self.several.len() >= MOST {
            self.full = true;
        }
        if self.full {
            self.objects = HashMap::default();
            self.several = HashSet::default();
        }
        !self.full
    }
}

/// For maps whose keys nobody chooses.
type Spreading = BuildHasherDefault<Spread>;

/// Spreads numbers that follow one another. Nobody chooses them, so nobody can make them collide.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let number = part
                .iter()
                .fold(0, |number, byte| number << 8 | u64::from(*byte));
            self.write_u64(number);
        }
    }

    fn write_u64(&mut self, number: u64) {
        let mixed = (self.0 ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}
