//! Those who sign in: logins, what they sign in with, and how often it failed. Invariant: of a secret there is a hash here, or a text
//! enciphered above; and a login is never deleted, because the audit trail names it.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::people;
use crate::write::WriteTxn;

/// That a person signs in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// The person's STIX identity.
    pub person: String,
    /// The name to sign in with, folded.
    pub name: String,
    /// Roles, in the node's words.
    pub roles: String,
    /// Invited, active, suspended: the node's words.
    pub state: String,
    /// The language of pages; empty: as the browser says.
    pub language: String,
    /// An address for mail, by which a provider of identities may know the person.
    pub email: Option<String>,
    /// Since when.
    pub created: i64,
    /// When it was last changed.
    pub changed: i64,
}

/// Something to sign in with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    /// Its number; given by the store.
    pub id: i64,
    /// Whose.
    pub person: String,
    /// Of which kind, in the node's words.
    pub kind: String,
    /// What its owner calls it.
    pub label: String,
    /// By what it is found; unique within its kind.
    pub lookup: String,
    /// What proves it, in the node's own writing.
    pub secret: Vec<u8>,
    /// When it was made.
    pub created: i64,
    /// When it was last used; of a code by time, the step that was used.
    pub used: Option<i64>,
}

fn login(row: &Row<'_>) -> rusqlite::Result<Login> {
    Ok(Login {
        person: row.get(0)?,
        name: row.get(1)?,
        roles: row.get(2)?,
        state: row.get(3)?,
        language: row.get(4)?,
        email: row.get(5)?,
        created: row.get(6)?,
        changed: row.get(7)?,
    })
}

fn credential(row: &Row<'_>) -> rusqlite::Result<Credential> {
    Ok(Credential {
        id: row.get(0)?,
        person: row.get(1)?,
        kind: row.get(2)?,
        label: row.get(3)?,
        lookup: row.get(4)?,
        secret: row.get(5)?,
        created: row.get(6)?,
        used: row.get(7)?,
    })
}

impl Look {
    /// All who sign in, by name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn logins(&self) -> Result<Vec<Login>> {
        self.db().all(people::LOGINS, [], login)
    }

    /// How a person signs in, if at all.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn login(&self, person: &str) -> Result<Option<Login>> {
        self.db().one(people::LOGIN, [person], login)
    }

    /// Who signs in under this name.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn login_named(&self, name: &str) -> Result<Option<Login>> {
        self.db().one(people::LOGIN_NAMED, [name], login)
    }

    /// What a person can sign in with.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn credentials_of(&self, person: &str) -> Result<Vec<Credential>> {
        self.db().all(people::CREDENTIALS_OF, [person], credential)
    }

    /// The credential of a kind that is found by this.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn credential_by(&self, kind: &str, lookup: &str) -> Result<Option<Credential>> {
        self.db()
            .one(people::CREDENTIAL_BY, (kind, lookup), credential)
    }

    /// How often signing in under a name has failed from a place, and when last.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn attempts(&self, name: &str, origin: &str) -> Result<Option<(i64, i64)>> {
        self.db().one(people::ATTEMPT, (name, origin), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// When each program was last let in, as far as that was noted.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn access_uses(&self) -> Result<Vec<(String, i64)>> {
        self.db().all(people::ACCESS_USES, [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }
}

impl WriteTxn<'_> {
    /// Adds a login, or changes everything but since when.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if another person signs in with this name.
    pub fn put_login(&mut self, login: &Login) -> Result<()> {
        self.move_generation();
        let row = (
            &login.person,
            &login.name,
            &login.roles,
            &login.state,
            &login.language,
            &login.email,
            login.created,
            login.changed,
        );
        self.db().run(people::PUT_LOGIN, row)?;
        Ok(())
    }

    /// Adds something to sign in with; its number.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if one of its kind is found by the same.
    pub fn add_credential(&mut self, new: &Credential) -> Result<i64> {
        let id = self.next_number("credential")?;
        let row = (
            id,
            &new.person,
            &new.kind,
            &new.label,
            &new.lookup,
            &new.secret,
            new.created,
        );
        self.db().run(people::ADD_CREDENTIAL, row)?;
        Ok(id)
    }

    /// Notes that a credential was used, and what it is from now on.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn use_credential(&mut self, id: i64, secret: &[u8], used: i64) -> Result<()> {
        self.db().run(people::USE_CREDENTIAL, (secret, used, id))?;
        Ok(())
    }

    /// Removes one credential of a person. Returns whether there was one.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_credential(&mut self, id: i64, person: &str) -> Result<bool> {
        Ok(self.db().run(people::DROP_CREDENTIAL, (id, person))? > 0)
    }

    /// Removes all credentials of a kind. Returns how many.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_credentials(&mut self, person: &str, kind: &str) -> Result<usize> {
        self.db().run(people::DROP_CREDENTIALS, (person, kind))
    }

    /// Notes how often signing in under a name has failed from a place; none: forgets it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_attempts(
        &mut self,
        name: &str,
        origin: &str,
        failures: Option<(i64, i64)>,
    ) -> Result<()> {
        match failures {
            Some((failures, last)) => self
                .db()
                .run(people::PUT_ATTEMPT, (name, origin, failures, last))?,
            None => self.db().run(people::DROP_ATTEMPT, (name, origin))?,
        };
        Ok(())
    }

    /// Notes that a program was let in.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn use_access(&mut self, name: &str, at: i64) -> Result<()> {
        self.db().run(people::USE_ACCESS, (name, at))?;
        Ok(())
    }

    /// Forgets what is over: sessions and codes that ended before one time, attempts before another.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_past_sign_ins(&mut self, over: i64, attempts: i64) -> Result<usize> {
        Ok(self.db().run(people::DROP_SESSIONS, [over])?
            + self.db().run(people::DROP_ONCE, [over])?
            + self.db().run(people::DROP_ATTEMPTS, [attempts])?)
    }
}
