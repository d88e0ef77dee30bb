//! Finding an object by its id. Invariant: a key is only a hint; what it leads to is compared with the id.

use rusqlite::Row;
use sha2::{Digest, Sha256};
use stix::ObjectId;

use crate::error::Result;
use crate::look::{Look, ObjectNo};
use crate::read::NOWHERE;
use crate::sql::records;
use crate::write::WriteTxn;

/// How many keys the filter learns at the start of a transaction, until it knows all: a few milliseconds' worth.
const LEARNED: i64 = 16_384;

impl Look {
    /// The number of an object that is here.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn object_no(&self, id: &ObjectId) -> Result<Option<ObjectNo>> {
        for object in self.keyed(id)? {
            let same = |row: &Row<'_>| Ok(row.get_ref(0)?.as_str()? == id.as_str());
            if self.db().one(records::ID_OF_OBJECT, [object.0], same)? == Some(true) {
                return Ok(Some(object));
            }
        }
        Ok(None)
    }

    /// The objects that may have this id, for whoever compares it. [`NOWHERE`] if there is none: what is not here is looked
    /// for as far as what is hidden, so that both take the same time.
    pub(crate) fn objects_like(&self, id: &ObjectId) -> Result<Vec<ObjectNo>> {
        let mut found = self.keyed(id)?;
        if found.is_empty() {
            found.push(NOWHERE);
        }
        Ok(found)
    }

    fn keyed(&self, id: &ObjectId) -> Result<Vec<ObjectNo>> {
        let mut found = Vec::new();
        self.db()
            .each(records::OBJECTS_OF_HASH, [key_of(id)], |row| {
                found.push(ObjectNo(row.get(0)?));
                Ok(true)
            })?;
        Ok(found)
    }
}

impl WriteTxn<'_> {
    /// The number of an object that is here: [`Look::object_no`], at little cost where there is none.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn object_no(&self, id: &ObjectId) -> Result<Option<ObjectNo>> {
        if self.shared().keys().denies(key_of(id)) {
            return Ok(None);
        }
        Look::object_no(self, id)
    }

    /// The key of a new object, for finding it by its id.
    pub(crate) fn add_object_key(&mut self, id: &ObjectId, object: ObjectNo) -> Result<()> {
        let key = key_of(id);
        self.db().run(records::ADD_OBJECT_KEY, (key, object.0))?;
        self.shared().keys().add(key);
        self.keys_new += 1;
        Ok(())
    }

    /// Teaches the filter a portion of the keys that were there before this process.
    pub(crate) fn learn_keys(&self) -> Result<()> {
        let mut keys = self.shared().keys();
        if keys.is_full() {
            keys.begin(self.room()?);
        }
        let Some(from) = keys.wants() else {
            return Ok(());
        };
        if from == i64::MIN {
            keys.begin(self.room()?);
            for key in self.db().all(records::NEW_KEYS, [], |row| row.get(0))? {
                keys.add(key);
            }
        }
        let portion = self.db().all(records::KEYS_FROM, (from, LEARNED), |row| {
            row.get::<_, i64>(0)
        })?;
        for key in &portion {
            keys.add(*key);
        }
        // The last key may be there again, for another object.
        let full = i64::try_from(portion.len()).unwrap_or(0) == LEARNED;
        keys.learned(portion.last().copied().filter(|_| full));
        Ok(())
    }

    fn room(&self) -> Result<usize> {
        Ok(usize::try_from(self.records()?).unwrap_or(0))
    }
}

/// 48 bits of the SHA-256 of an id: short enough for a narrow index, too long to be steered.
fn key_of(id: &ObjectId) -> i64 {
    let digest = Sha256::digest(id.as_str().as_bytes());
    digest
        .iter()
        .take(6)
        .fold(0, |key, byte| key << 8 | i64::from(*byte))
}
