//! What our signed records have in common: who says it, by which key, when, and the signature. Invariant: the key and the time stand in the
//! statement that is signed, so that neither can be exchanged.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::Value;
use stix::{ObjectId, Timestamp};

use super::{Members, Record, SealError, Statement, same_key};
use crate::clock::Micros;
use crate::keys::KeyId;

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    by: ObjectId,
    key: KeyId,
    made: Timestamp,
    signature: [u8; 64],
}

impl Signed {
    /// Signs what `statement` says, by the seal key.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub(crate) fn sign(
        by: &ObjectId,
        key: &SigningKey,
        made: Micros,
        statement: impl FnOnce(&Self) -> Result<Statement, SealError>,
    ) -> Result<Self, SealError> {
        let id = KeyId::seal(&key.verifying_key());
        Self::sign_as(id, by, key, made, statement)
    }

    /// The same by a key of another use, under its identifier.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub(crate) fn sign_as(
        id: KeyId,
        by: &ObjectId,
        key: &SigningKey,
        made: Micros,
        statement: impl FnOnce(&Self) -> Result<Statement, SealError>,
    ) -> Result<Self, SealError> {
        let mut signed = Self {
            by: by.clone(),
            key: id,
            made: Timestamp::from_micros(made),
            signature: [0; 64],
        };
        signed.signature = statement(&signed)?.sign(key);
        Ok(signed)
    }

    /// Who says it.
    pub(crate) fn by(&self) -> &ObjectId {
        &self.by
    }

    /// The key that it says it is signed with.
    pub(crate) fn key(&self) -> &KeyId {
        &self.key
    }

    /// When it was made.
    pub(crate) fn made(&self) -> &Timestamp {
        &self.made
    }

    /// The lines of key and time.
    pub(crate) fn lines(&self, statement: Statement) -> Result<Statement, SealError> {
        statement
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())
    }

    /// Whether the seal key `key` signed the statement.
    ///
    /// # Errors
    /// Says what does not fit.
    pub(crate) fn check(&self, key: &VerifyingKey, statement: &Statement) -> Result<(), SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.verify(key, statement)
    }

    /// Whether the signature is by `key`, whatever it is called.
    ///
    /// # Errors
    /// [`SealError::Forged`].
    pub(crate) fn verify(
        &self,
        key: &VerifyingKey,
        statement: &Statement,
    ) -> Result<(), SealError> {
        statement.verify(key, &self.signature)
    }

    /// The record of this type: always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub(crate) fn record(
        &self,
        kind: &'static str,
        fields: Value,
        statement: &Statement,
    ) -> Result<String, SealError> {
        let record = Record {
            kind,
            author: &self.by,
            made: &self.made,
            markings: &[],
            key: &self.key,
            fields,
        };
        record.compose(statement, &self.signature)
    }

    /// Reads it from a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`].
    pub(crate) fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            by: members.id("created_by_ref")?,
            key: members.key()?,
            made: members.time("created")?,
            signature: members.signature()?,
        })
    }
}
