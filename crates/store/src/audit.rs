//! Reading everything for verification, also what is damaged. Invariant: nothing is repaired, nothing is skipped in silence, and
//! memory does not grow with the number of records.

use std::path::Path;
use std::sync::Arc;

use rusqlite::Row;
use rusqlite::types::FromSql;
use stix::Timestamp;

use crate::error::Result;
use crate::log::{Checkpoint, checkpoint};
use crate::look::Look;
use crate::sql::{audit, records};
use crate::store::{Options, Store};

/// A row of the table of records as it stands there, whether it makes sense or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audited {
    /// Its number and log leaf.
    pub recno: i64,
    /// The number of its object's first record.
    pub object: i64,
    /// The object's id.
    pub id: String,
    /// The version's key.
    pub version: String,
    /// The object's type.
    pub kind: Option<Arc<str>>,
    /// Which specification it follows: 0, 20, 21 or 99.
    pub spec: i64,
    /// Whom it names as author.
    pub author: Option<Arc<str>>,
    /// How it came.
    pub channel: Option<Arc<str>>,
    /// Whether it revokes: 0 or 1.
    pub revoked: i64,
    /// Whether it carries a seal: 0 or 1.
    pub sealed: i64,
    /// Its class.
    pub class: i64,
    /// Not before then.
    pub embargo: Option<Timestamp>,
    /// Not from then on.
    pub expiry: Option<Timestamp>,
    /// When it was accepted.
    pub accepted: i64,
    /// SHA-256 of its bytes, as it is said to be.
    pub hash: Vec<u8>,
    /// What hides the hash in the log.
    pub salt: Option<Vec<u8>>,
    /// The bytes.
    pub body: Option<Vec<u8>>,
    /// Columns that hold nothing of their kind, or a number of a word that is not there.
    pub unread: Vec<&'static str>,
}

/// A place that a record has or had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The collection.
    pub collection: i64,
    /// The place.
    pub added: i64,
    /// The record.
    pub recno: i64,
    /// When that was accepted.
    pub accepted: i64,
}

/// A place where a record stands under another label than its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The record.
    pub recno: i64,
    /// The class of the place.
    pub class: i64,
    /// Not before then.
    pub embargo: Option<Timestamp>,
    /// Not from then on.
    pub expiry: Option<Timestamp>,
    /// Whether these are not the times of the record.
    pub own_times: bool,
}

/// In which way places and objects do not fit their records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A record with content never stood in any collection.
    Unplaced,
    /// A position has another type than its record, or its record is not there.
    PlacedOtherwise,
    /// A position is in a collection or of a class that does not exist, or beyond the collection's last.
    PlacedNowhere,
    /// A position says that its version is the newest of its object and it is not, or the other way about.
    RankedWrong,
    /// A record is said to be a version of another object than its id says.
    OfOtherObject,
}

impl Misfit {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unplaced,
        Self::PlacedOtherwise,
        Self::PlacedNowhere,
        Self::RankedWrong,
        Self::OfOtherObject,
    ];

    fn sql(self) -> &'static str {
        match self {
            Self::Unplaced => audit::UNPLACED,
            Self::PlacedOtherwise => audit::PLACED_OTHERWISE,
            Self::PlacedNowhere => audit::PLACED_NOWHERE,
            Self::RankedWrong => audit::RANKED_WRONG,
            Self::OfOtherObject => audit::OF_OTHER_OBJECT,
        }
    }
}

impl Store {
    /// Opens a database only to look at it: nothing is made, migrated or remembered, also when another process writes it.
    ///
    /// # Errors
    /// As [`Store::open`]; also when the schema is older than this program's.
    pub fn inspect(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_to_look(path.as_ref(), Options::default())
    }
}

impl Look {
    /// Rows from a number on: at most `rows` of them, and no more after `bytes` bytes of content.
    ///
    /// # Errors
    /// [`Error::Damaged`](crate::Error::Damaged) when the engine cannot go on at the first of them; rows before are given.
    pub fn audited_from(&self, recno: i64, rows: usize, bytes: usize) -> Result<Vec<Audited>> {
        let mut found = Vec::new();
        let mut taken = 0_usize;
        let read = self.db().each(audit::EVERY_RECORD, [recno], |row| {
            let row = self.audited(row)?;
            taken = taken.saturating_add(row.body.as_ref().map_or(0, Vec::len));
            found.push(row);
            Ok(found.len() < rows && taken < bytes)
        });
        match read {
            Err(error) if found.is_empty() => Err(error),
            _ => Ok(found),
        }
    }

    fn audited(&self, row: &Row<'_>) -> Result<Audited> {
        let mut unread = Vec::new();
        let mut columns = Columns {
            row,
            unread: &mut unread,
        };
        let mut audited = Audited {
            recno: row.get(0)?,
            object: columns.of(1, "object"),
            id: columns.of(2, "id"),
            version: columns.of(3, "version"),
            spec: columns.of(5, "spec"),
            revoked: columns.of(8, "revoked"),
            sealed: columns.of(9, "sealed"),
            class: columns.of(10, "class"),
            embargo: columns
                .of::<Option<i64>>(11, "embargo")
                .map(Timestamp::from_micros),
            expiry: columns
                .of::<Option<i64>>(12, "expires")
                .map(Timestamp::from_micros),
            accepted: columns.of(13, "accepted"),
            hash: columns.of(14, "hash"),
            salt: columns.of(15, "salt"),
            body: columns.of(16, "body"),
            ..Audited::default()
        };
        let kind = Some(columns.of::<i64>(4, "kind"));
        let author = columns.of::<Option<i64>>(6, "author");
        let channel = Some(columns.of::<i64>(7, "channel"));
        for (name, number, text) in [
            ("kind", kind, &mut audited.kind),
            ("author", author, &mut audited.author),
            ("channel", channel, &mut audited.channel),
        ] {
            let Some(number) = number else { continue };
            match self.word(number) {
                Ok(word) => *text = Some(word),
                Err(_) => unread.push(name),
            }
        }
        audited.unread = unread;
        Ok(audited)
    }

    /// Every class, as its text stands there.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn class_texts(&self) -> Result<Vec<(i64, String)>> {
        self.db().all(records::CLASSES_AFTER, [i64::MIN], |row| {
            let text: Vec<u8> = match row.get_ref(1)? {
                rusqlite::types::ValueRef::Text(text) | rusqlite::types::ValueRef::Blob(text) => {
                    text.to_vec()
                }
                _ => Vec::new(),
            };
            Ok((row.get(0)?, String::from_utf8_lossy(&text).into_owned()))
        })
    }

    /// Every checkpoint that is kept, by log and size.
    ///
    /// # Errors
    /// Those of the engine and of `visit`.
    pub fn each_checkpoint(&self, mut visit: impl FnMut(Checkpoint) -> Result<()>) -> Result<()> {
        self.db().each(audit::EVERY_CHECKPOINT, [], |row| {
            visit(checkpoint(row)?)?;
            Ok(true)
        })
    }

    /// The values kept under names that begin with `prefix`, which ends with `/`.
    ///
    /// # Errors
    /// Those of the engine and of `visit`.
    pub fn each_meta(
        &self,
        prefix: &str,
        mut visit: impl FnMut(&str, &[u8]) -> Result<()>,
    ) -> Result<()> {
        // The character after `/` is `0`.
        let end = format!("{}0", prefix.trim_end_matches('/'));
        self.db().each(audit::METAS, [prefix, &end], |row| {
            visit(&row.get::<_, String>(0)?, &row.get::<_, Vec<u8>>(1)?)?;
            Ok(true)
        })
    }

    /// Every place that a record has or had, by collection and place.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn each_place(&self, mut visit: impl FnMut(Placed)) -> Result<()> {
        self.db().each(audit::EVERY_PLACE, [], |row| {
            visit(Placed {
                collection: row.get(0)?,
                added: row.get(1)?,
                recno: row.get(2)?,
                accepted: row.get(3)?,
            });
            Ok(true)
        })
    }

    /// Records that stand somewhere in another class or with other times than their own.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn each_apart(&self, mut visit: impl FnMut(Apart)) -> Result<()> {
        self.db().each(audit::PLACED_APART, [], |row| {
            let time = |at: usize| {
                let micros: rusqlite::Result<Option<i64>> = row.get(at);
                micros.map(|micros| micros.map(Timestamp::from_micros))
            };
            visit(Apart {
                recno: row.get(0)?,
                class: row.get(1)?,
                embargo: time(2)?,
                expiry: time(3)?,
                own_times: row.get(4)?,
            });
            Ok(true)
        })
    }

    /// The records that do not fit their places in this way, with their types.
    ///
    /// # Errors
    /// Those of the engine.
    pub fn misfits(
        &self,
        misfit: Misfit,
        mut visit: impl FnMut(i64, Option<Arc<str>>),
    ) -> Result<()> {
        self.db().each(misfit.sql(), [], |row| {
            let kind: Option<i64> = row.get(1)?;
            let kind = kind.and_then(|kind| self.word(kind).ok());
            visit(row.get(0)?, kind);
            Ok(true)
        })
    }
}

/// Reads columns, and notes those that hold nothing of their kind.
struct Columns<'r, 's> {
    row: &'r Row<'s>,
    unread: &'r mut Vec<&'static str>,
}

impl Columns<'_, '_> {
    fn of<T: FromSql + Default>(&mut self, at: usize, name: &'static str) -> T {
        self.row.get(at).unwrap_or_else(|_| {
            self.unread.push(name);
            T::default()
        })
    }
}
