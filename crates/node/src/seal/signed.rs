//! What our signed records have in common: who says it, by which key, when, and the signature. Invariant: the key and the time stand in the
//! statement that is signed, so that neither can be exchanged; and a record that is read is exactly what would be written of it.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::Value;
use stix::{Object, ObjectId, Timestamp};

use super::{Members, Record, SealError, Statement, same_key};
use crate::clock::Micros;
use crate::keys::KeyId;

/// What one type of signed record says: from this description follow its statement, its record, and how it is read.
pub trait Says: Sized {
    /// The type of the record.
    const KIND: &'static str;

    /// The text that is signed; the lines of key and time are [`Signer::lines`].
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    fn statement(&self, signer: &Signer) -> Result<Statement, SealError>;

    /// The members of the record beside those that all have; a null is left out.
    fn fields(&self) -> Value;

    /// Reads it from them.
    ///
    /// # Errors
    /// [`SealError::Malformed`].
    fn read(members: &Members<'_>) -> Result<Self, SealError>;

    /// The markings of the record itself.
    fn markings(&self) -> &[ObjectId] {
        &[]
    }

    /// What the key that signs it is called.
    fn key_id(&self, key: &VerifyingKey) -> KeyId {
        KeyId::seal(key)
    }

    /// What has to hold beside the signature.
    ///
    /// # Errors
    /// Says what does not fit.
    fn holds(&self, _signer: &Signer, _statement: &Statement) -> Result<(), SealError> {
        Ok(())
    }
}

/// Who says something, by which key, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    by: ObjectId,
    key: KeyId,
    made: Timestamp,
}

impl Signer {
    /// Who says it.
    pub(crate) fn by(&self) -> &ObjectId {
        &self.by
    }

    /// The key that it says it is signed with.
    pub(crate) fn key(&self) -> &KeyId {
        &self.key
    }

    /// The lines of key and time.
    pub(crate) fn lines(&self, statement: Statement) -> Result<Statement, SealError> {
        statement
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())
    }
}

/// A signed record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<S> {
    says: S,
    signer: Signer,
    signature: [u8; 64],
}

impl<S: Says> Signed<S> {
    /// Signs what `says` says.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn sign(says: S, by: &ObjectId, key: &SigningKey, made: Micros) -> Result<Self, SealError> {
        Self::sign_with(says, by, key, made, |_, _| ())
    }

    /// The same, with what follows from the statement and stands beside it.
    pub(crate) fn sign_with(
        mut says: S,
        by: &ObjectId,
        key: &SigningKey,
        made: Micros,
        beside: impl FnOnce(&mut S, &Statement),
    ) -> Result<Self, SealError> {
        let signer = Signer {
            by: by.clone(),
            key: says.key_id(&key.verifying_key()),
            made: Timestamp::from_micros(made),
        };
        let statement = says.statement(&signer)?;
        beside(&mut says, &statement);
        let signature = statement.sign(key);
        Ok(Self {
            says,
            signer,
            signature,
        })
    }

    /// Who says it. The caller compares it with whoever may say such a thing.
    pub fn by(&self) -> &ObjectId {
        &self.signer.by
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        &self.signer.key
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        &self.signer.made
    }

    /// What it says, unverified until [`Signed::check`] has passed.
    pub(crate) fn says(&self) -> &S {
        &self.says
    }

    /// What it says, if `key` signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, key: &VerifyingKey) -> Result<&S, SealError> {
        same_key(&self.signer.key, self.says.key_id(key))?;
        let statement = self.says.statement(&self.signer)?;
        statement.verify(key, &self.signature)?;
        self.says.holds(&self.signer, &statement)?;
        Ok(&self.says)
    }

    /// Whether `key` signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        self.check(key).map(drop)
    }

    /// The record: one object of its type, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let record = Record {
            kind: S::KIND,
            author: &self.signer.by,
            made: &self.signer.made,
            markings: self.says.markings(),
            key: &self.signer.key,
            fields: self.says.fields(),
        };
        record.compose(&self.says.statement(&self.signer)?, &self.signature)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Signed::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, S::KIND)?;
        let signed = Self {
            says: S::read(&members)?,
            signer: Signer {
                by: members.id("created_by_ref")?,
                key: members.key()?,
                made: members.time("created")?,
            },
            signature: members.signature()?,
        };
        members.is(&signed.record()?)?;
        Ok(signed)
    }
}
