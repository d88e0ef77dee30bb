//! Looking things up that are no records: words, classes, counters. Invariant: nothing here returns the content of a record.

use std::sync::Arc;

use policy::Class;

use crate::db::Db;
use crate::error::{Error, Result};
use crate::shared::Shared;
use crate::sql::records;

/// A connection with what the process knows: the part that writing and reading have in common.
#[derive(Debug)]
pub struct Look {
    db: Db,
    shared: Arc<Shared>,
    /// Words seen while writing may be rolled back: they are not remembered.
    remembers: bool,
}

/// The store's number for an object: the number of its first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectNo(pub i64);

impl Look {
    pub(crate) fn new(db: Db, shared: Arc<Shared>, remembers: bool) -> Self {
        Self {
            db: db.tells(Arc::clone(shared.damage())),
            shared,
            remembers,
        }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// A value that the node keeps under a name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn meta(&self, name: &str) -> Result<Option<Vec<u8>>> {
        self.db.one(records::META, [name], |row| row.get(0))
    }

    /// A number kept under a name.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>> {
        let Some(value) = self.meta(name)? else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&value);
        text.parse()
            .map(Some)
            .map_err(|_| Error::Damaged(format!("{name} is no number")))
    }

    /// How many records there are, which is the number that the next one gets.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn records(&self) -> Result<i64> {
        Ok(self
            .db
            .one(records::COUNT_RECORDS, [], |row| row.get(0))?
            .unwrap_or(0))
    }

    /// The class of a number.
    ///
    /// # Errors
    /// [`Error::Damaged`] if its text is no class.
    pub fn class(&self, id: i64) -> Result<Option<Class>> {
        let label = self
            .db
            .one(records::LABEL_OF_CLASS, [id], |row| row.get::<_, String>(0))?;
        let parse =
            |label: String| Class::parse(&label).map_err(|error| Error::Damaged(error.to_string()));
        label.map(parse).transpose()
    }

    /// Every class, with its number.
    ///
    /// # Errors
    /// [`Error::Damaged`] if one cannot be read any more.
    pub fn classes(&self) -> Result<Vec<(i64, Class)>> {
        let mut classes = Vec::new();
        self.db.each(records::CLASSES_AFTER, [i64::MIN], |row| {
            let (id, label): (i64, String) = (row.get(0)?, row.get(1)?);
            let class = Class::parse(&label).map_err(|error| Error::Damaged(error.to_string()))?;
            classes.push((id, class));
            Ok(true)
        })?;
        Ok(classes)
    }

    /// The text of a word.
    pub(crate) fn word(&self, id: i64) -> Result<Arc<str>> {
        if let Some(text) = self.shared.word(id) {
            return Ok(text);
        }
        let text = self
            .db
            .one(records::TEXT_OF_WORD, [id], |row| row.get::<_, String>(0))?;
        let text: Arc<str> = text
            .ok_or_else(|| Error::Damaged(format!("word {id} is missing")))?
            .into();
        if self.remembers {
            self.shared.learn(id, Arc::clone(&text));
        }
        Ok(text)
    }

    /// The number of a word, if it was ever used.
    pub(crate) fn word_number(&self, text: &str) -> Result<Option<i64>> {
        self.db.one(records::WORD_OF_TEXT, [text], |row| row.get(0))
    }
}
