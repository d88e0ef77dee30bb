//! What lasts for a while once somebody has signed in: sessions, tokens, codes that work once. Invariant: of a secret there is only its
//! hash here, and of what is over the end stands beside it.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::people;
use crate::write::WriteTxn;

/// Somebody is signed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Its number; given by the store.
    pub id: i64,
    /// SHA-256 of its secret.
    pub secret: Vec<u8>,
    /// Who.
    pub person: String,
    /// With what, in the node's words.
    pub method: String,
    /// From where, for its owner to recognize.
    pub origin: String,
    /// Since when.
    pub created: i64,
    /// When it was last used.
    pub seen: i64,
    /// When it ends whatever happens.
    pub expires: i64,
    /// When it was ended.
    pub ended: Option<i64>,
}

/// A secret by which a program acts for a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Token {
    /// Its number; given by the store.
    pub id: i64,
    /// SHA-256 of the secret.
    pub secret: Vec<u8>,
    /// Whose.
    pub person: String,
    /// What its owner calls it.
    pub name: String,
    /// What it is for, in the node's words.
    pub scope: String,
    /// When it was made.
    pub created: i64,
    /// When it ends.
    pub expires: i64,
    /// When it was last used.
    pub used: Option<i64>,
    /// When it was revoked.
    pub revoked: Option<i64>,
}

/// A code or link that works once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Once {
    /// SHA-256 of it.
    pub secret: Vec<u8>,
    /// For what, in the node's words.
    pub kind: String,
    /// For whom.
    pub person: Option<String>,
    /// When it was made.
    pub created: i64,
    /// Until when it works.
    pub expires: i64,
    /// When it was used.
    pub used: Option<i64>,
}

fn session(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: row.get(0)?,
        secret: row.get(1)?,
        person: row.get(2)?,
        method: row.get(3)?,
        origin: row.get(4)?,
        created: row.get(5)?,
        seen: row.get(6)?,
        expires: row.get(7)?,
        ended: row.get(8)?,
    })
}

fn token(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        id: row.get(0)?,
        secret: row.get(1)?,
        person: row.get(2)?,
        name: row.get(3)?,
        scope: row.get(4)?,
        created: row.get(5)?,
        expires: row.get(6)?,
        used: row.get(7)?,
        revoked: row.get(8)?,
    })
}

fn once(row: &Row<'_>) -> rusqlite::Result<Once> {
    Ok(Once {
        secret: row.get(0)?,
        kind: row.get(1)?,
        person: row.get(2)?,
        created: row.get(3)?,
        expires: row.get(4)?,
        used: row.get(5)?,
    })
}

impl Look {
    /// The session of this hash, also one that is over.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn session_by(&self, secret: &[u8]) -> Result<Option<Session>> {
        self.db().one(people::SESSION_BY, [secret], session)
    }

    /// A session by its number.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn session(&self, id: i64) -> Result<Option<Session>> {
        self.db().one(people::SESSION, [id], session)
    }

    /// The sessions of a person that were not ended.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn sessions_of(&self, person: &str) -> Result<Vec<Session>> {
        self.db().all(people::SESSIONS_OF, [person], session)
    }

    /// The token of this hash, also one that is over.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn token_by(&self, secret: &[u8]) -> Result<Option<Token>> {
        self.db().one(people::TOKEN_BY, [secret], token)
    }

    /// A token by its number.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn token(&self, id: i64) -> Result<Option<Token>> {
        self.db().one(people::TOKEN, [id], token)
    }

    /// The tokens of a person, also those revoked.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn tokens_of(&self, person: &str) -> Result<Vec<Token>> {
        self.db().all(people::TOKENS_OF, [person], token)
    }

    /// The one-time codes for a person that were not used.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn onces_of(&self, person: &str) -> Result<Vec<Once>> {
        self.db().all(people::ONCES_OF, [person], once)
    }

    /// The one-time code of this hash, also one that was used.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn once(&self, secret: &[u8]) -> Result<Option<Once>> {
        self.db().one(people::ONCE, [secret], once)
    }
}

impl WriteTxn<'_> {
    /// Begins a session; its number.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if the secret is in use.
    pub fn add_session(&mut self, new: &Session) -> Result<i64> {
        let id = self.next_number("session")?;
        let row = (
            id,
            &new.secret,
            &new.person,
            &new.method,
            &new.origin,
            new.created,
            new.seen,
            new.expires,
        );
        self.db().run(people::ADD_SESSION, row)?;
        Ok(id)
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn see_session(&mut self, id: i64, at: i64) -> Result<()> {
        self.db().run(people::SEE_SESSION, (at, id))?;
        Ok(())
    }

    /// Ends a session. Returns whether it went on.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn end_session(&mut self, id: i64, at: i64) -> Result<bool> {
        Ok(self.db().run(people::END_SESSION, (at, id))? > 0)
    }

    /// Ends all sessions of a person but one. Returns how many went on.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn end_sessions(&mut self, person: &str, but: i64, at: i64) -> Result<usize> {
        self.db().run(people::END_SESSIONS, (at, person, but))
    }

    /// Adds a token; its number.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if the secret is in use.
    pub fn add_token(&mut self, new: &Token) -> Result<i64> {
        let id = self.next_number("token")?;
        let row = (
            id,
            &new.secret,
            &new.person,
            &new.name,
            &new.scope,
            new.created,
            new.expires,
        );
        self.db().run(people::ADD_TOKEN, row)?;
        Ok(id)
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn use_token(&mut self, id: i64, at: i64) -> Result<()> {
        self.db().run(people::USE_TOKEN, (at, id))?;
        Ok(())
    }

    /// Revokes a token. Returns whether it worked until now.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn revoke_token(&mut self, id: i64, at: i64) -> Result<bool> {
        Ok(self.db().run(people::REVOKE_TOKEN, (at, id))? > 0)
    }

    /// Revokes all tokens of a person. Returns how many.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn revoke_tokens(&mut self, person: &str, at: i64) -> Result<usize> {
        self.db().run(people::REVOKE_TOKENS, (at, person))
    }

    /// Adds a one-time code.
    ///
    /// # Errors
    /// [`Error::Exists`](crate::Error::Exists) if there is one of this hash.
    pub fn add_once(&mut self, new: &Once) -> Result<()> {
        let row = (
            &new.secret,
            &new.kind,
            &new.person,
            new.created,
            new.expires,
        );
        self.db().run(people::ADD_ONCE, row)?;
        Ok(())
    }

    /// Uses a one-time code up. Returns whether it was unused.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn use_once(&mut self, secret: &[u8], at: i64) -> Result<bool> {
        Ok(self.db().run(people::USE_ONCE, (at, secret))? > 0)
    }

    /// Removes the codes of a kind for a person. Returns how many.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_once_of(&mut self, person: &str, kind: &str) -> Result<usize> {
        self.db().run(people::DROP_ONCE_OF, (person, kind))
    }
}
