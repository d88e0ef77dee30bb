//! Persons who use this node, and the keys that identities are bound to. Invariant: neither is deleted; both end.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// Somebody who signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The person's STIX identity.
    pub id: String,
    /// The organ.
    pub organ: String,
    /// The name to sign in with.
    pub name: String,
    /// What the person may do on this node, in the node's words.
    pub role: String,
    /// What else the node knows, in its own writing.
    pub profile: String,
    /// The password's hash; `None` if there is another way to sign in.
    pub secret: Option<String>,
    /// Since when.
    pub created: i64,
    /// Until when.
    pub closed: Option<i64>,
}

/// An identity's seal key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// The participant or person.
    pub identity: String,
    /// The public key.
    pub key: Vec<u8>,
    /// Introduced, confirmed, revoked: the node's words.
    pub state: String,
    /// Since when.
    pub since: i64,
    /// Until when.
    pub until: Option<i64>,
    /// How it was confirmed, by whom, in the node's own writing.
    pub profile: String,
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        organ: row.get(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
        profile: row.get(4)?,
        secret: row.get(5)?,
        created: row.get(6)?,
        closed: row.get(7)?,
    })
}

fn binding(row: &Row<'_>) -> rusqlite::Result<Binding> {
    Ok(Binding {
        identity: row.get(0)?,
        key: row.get(1)?,
        state: row.get(2)?,
        since: row.get(3)?,
        until: row.get(4)?,
        profile: row.get(5)?,
    })
}

impl Look {
    /// All persons, also those who left.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn persons(&self) -> Result<Vec<Person>> {
        self.db().all(registers::PERSONS, [], person)
    }

    /// The person of this id or sign-in name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn person(&self, name: &str) -> Result<Option<Person>> {
        self.db().one(registers::PERSON, [name], person)
    }

    /// The keys that an identity has and had, the oldest first.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn bindings_of(&self, identity: &str) -> Result<Vec<Binding>> {
        self.db().all(registers::BINDINGS_OF, [identity], binding)
    }

    /// The identities that a key is or was bound to.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn bindings_of_key(&self, key: &[u8]) -> Result<Vec<Binding>> {
        self.db().all(registers::BINDINGS_OF_KEY, [key], binding)
    }

    /// All bindings.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn bindings(&self) -> Result<Vec<Binding>> {
        self.db().all(registers::BINDINGS, [], binding)
    }
}

impl WriteTxn<'_> {
    /// Adds a person, or changes everything but since when.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if another person signs in with this name.
    pub fn put_person(&mut self, person: &Person) -> Result<()> {
        self.move_generation();
        let row = (
            &person.id,
            &person.organ,
            &person.name,
            &person.role,
            &person.profile,
            &person.secret,
            person.created,
            person.closed,
        );
        self.db().run(registers::PUT_PERSON, row)?;
        Ok(())
    }

    /// Adds a binding, or changes the one of this identity and beginning.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_binding(&mut self, binding: &Binding) -> Result<()> {
        self.move_generation();
        let Binding {
            identity,
            key,
            state,
            since,
            until,
            profile,
        } = binding;
        self.db().run(
            registers::PUT_BINDING,
            (identity, key, state, since, until, profile),
        )?;
        Ok(())
    }
}
