//! Collections: what is polled under one name. Invariant: a collection's number and id are for good; its last position only grows.

use rusqlite::Row;

use crate::error::{Error, Result};
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// A collection to be made.
#[derive(Clone, Debug, Default)]
pub struct NewCollection<'a> {
    /// Its id, a UUID.
    pub uuid: &'a str,
    /// Another name that serves wherever the id does.
    pub alias: Option<&'a str>,
    /// Its title.
    pub title: &'a str,
    /// What it is for.
    pub description: Option<&'a str>,
    /// The desk whose records it holds.
    pub desk: Option<&'a str>,
    /// The default label of what comes into it, in the node's own writing.
    pub terms: Option<&'a str>,
}

/// A collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Its number.
    pub id: i64,
    /// Its id, a UUID.
    pub uuid: String,
    /// Another name.
    pub alias: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// The desk whose records it holds.
    pub desk: Option<String>,
    /// The default label of what comes into it, in the node's own writing.
    pub terms: Option<String>,
    /// Whether it still takes records.
    pub open: bool,
    /// Its last position, as of the last commit.
    pub last: i64,
}

fn collection(row: &Row<'_>) -> rusqlite::Result<Collection> {
    Ok(Collection {
        id: row.get(0)?,
        uuid: row.get(1)?,
        alias: row.get(2)?,
        title: row.get(3)?,
        description: row.get(4)?,
        desk: row.get(5)?,
        terms: row.get(6)?,
        open: row.get(7)?,
        last: row.get(8)?,
    })
}

impl Look {
    /// All collections, in the order in which they were made.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn collections(&self) -> Result<Vec<Collection>> {
        self.db().all(registers::COLLECTIONS, [], collection)
    }

    /// The collection of this id or alias.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn collection(&self, name: &str) -> Result<Option<Collection>> {
        self.db()
            .one(registers::COLLECTION_NAMED, [name], collection)
    }
}

impl WriteTxn<'_> {
    /// Makes a collection; its number.
    ///
    /// # Errors
    /// [`Error::Exists`] if its id or alias is taken.
    pub fn add_collection(&mut self, new: &NewCollection<'_>) -> Result<i64> {
        let last: i64 = self
            .db()
            .one(registers::LAST_COLLECTION, [], |row| row.get(0))?
            .unwrap_or(0);
        let NewCollection {
            uuid,
            alias,
            title,
            description,
            desk,
            terms,
        } = *new;
        for name in [Some(uuid), alias].into_iter().flatten() {
            if self.collection(name)?.is_some() {
                return Err(Error::Exists(format!("a collection {name}")));
            }
        }
        let row = (last + 1, uuid, alias, title, description, desk, terms);
        self.db().run(registers::ADD_COLLECTION, row)?;
        self.move_generation();
        Ok(last + 1)
    }

    /// Changes everything of a collection but its number, its id and its last position.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such collection; [`Error::Exists`] if its alias is taken.
    pub fn change_collection(&mut self, to: &Collection) -> Result<()> {
        let row = (
            &to.alias,
            &to.title,
            &to.description,
            &to.desk,
            &to.terms,
            i64::from(to.open),
            to.id,
        );
        self.move_generation();
        match self.db().run(registers::CHANGE_COLLECTION, row)? {
            0 => Err(Error::Missing(format!("collection {}", to.uuid))),
            _ => Ok(()),
        }
    }
}
