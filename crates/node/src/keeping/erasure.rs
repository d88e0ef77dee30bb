//! Erasures: that the content of a record was taken away, by whom and why, as a signed record. Invariant: it says nothing of the content,
//! and enough to check what is left: [`Erasure::leaf_digest`] binds name, version, hash, label, door and time of the record that was.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId, Timestamp};

use crate::clock::Micros;
use crate::keys::KeyId;
use crate::seal::{Members, SealError, Signed, Statement, version_text};

/// Why a content went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Two persons wanted it to.
    Erased,
    /// It was above the ceiling.
    Spilled,
}

impl Cause {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::Spilled => "spilled",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Erased, Self::Spilled];
        all.into_iter().find(|cause| cause.name() == name)
    }
}

/// What an erasure says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The object.
    pub object: ObjectId,
    /// Its version, where it has one of its own.
    pub version: Option<Timestamp>,
    /// The record's leaf in the log.
    pub leaf: u64,
    /// What the leaf bound besides the salt, as lower-case hexadecimal.
    pub leaf_digest: String,
    /// Why.
    pub cause: Cause,
    /// In words.
    pub reason: String,
    /// Who asked.
    pub asked_by: String,
    /// Who agreed; an erasure has somebody, a spill need not.
    pub agreed_by: Option<String>,
}

/// An erasure, signed by the node's seal key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    says: Erased,
    signed: Signed,
}

impl Erasure {
    /// Signs an erasure.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        says: Erased,
        holder: &ObjectId,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let signed = Signed::sign(holder, key, made, |signed| statement(&says, signed))?;
        Ok(Self { says, signed })
    }

    /// Whose node erased.
    pub fn holder(&self) -> &ObjectId {
        self.signed.by()
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        self.signed.key()
    }

    /// What it says, if `key` signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, key: &VerifyingKey) -> Result<&Erased, SealError> {
        self.signed
            .check(key, &statement(&self.says, &self.signed)?)?;
        Ok(&self.says)
    }

    /// The record: one object of type `erasure`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let fields = json!({
            "object_ref": says.object.as_str(),
            "object_version": says.version.as_ref().map(Timestamp::as_str),
            "leaf": says.leaf.to_string(),
            "leaf_digest": says.leaf_digest,
            "cause": says.cause.name(),
            "reason": says.reason,
            "asked_by": says.asked_by,
            "agreed_by": says.agreed_by,
        });
        let statement = statement(says, &self.signed)?;
        self.signed.record("erasure", fields, &statement)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Erasure::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "erasure")?;
        let leaf = members.text("leaf")?;
        let erasure = Self {
            says: Erased {
                object: members.id("object_ref")?,
                version: members.version("object_version")?,
                leaf: leaf.parse().map_err(|_| members.malformed())?,
                leaf_digest: members.text("leaf_digest")?,
                cause: Cause::parse(&members.text("cause")?).ok_or_else(|| members.malformed())?,
                reason: members.text("reason")?,
                asked_by: members.text("asked_by")?,
                agreed_by: members.optional("agreed_by")?,
            },
            signed: Signed::read(&members)?,
        };
        members.is(&erasure.record()?)?;
        Ok(erasure)
    }
}

fn statement(says: &Erased, signed: &Signed) -> Result<Statement, SealError> {
    let statement = Statement::new("entente-erasure/v1")
        .line("object", says.object.as_str())?
        .line("version", version_text(says.version.as_ref()))?
        .line("leaf", &says.leaf.to_string())?
        .line("leaf-digest", &says.leaf_digest)?
        .line("cause", says.cause.name())?
        .line("reason", &says.reason)?
        .line("asked-by", &says.asked_by)?
        .line("agreed-by", says.agreed_by.as_deref().unwrap_or("-"))?
        .line("holder", signed.by().as_str())?;
    signed.lines(statement)
}
