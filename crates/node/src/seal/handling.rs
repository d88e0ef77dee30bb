//! Handling records: the label that a holder put on its copy of somebody else's object (rule 6). Invariant: bound to that copy only.

use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::Label;
use serde_json::json;
use stix::{Object, ObjectId, Timestamp};

use super::{Members, Record, SealError, Statement, digest, label_text, same_key, version_text};
use crate::clock::Micros;
use crate::keys::KeyId;

/// A holder's label for one copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handling {
    object: ObjectId,
    version: Option<Timestamp>,
    sha256: String,
    label: String,
    holder: ObjectId,
    key: KeyId,
    made: Timestamp,
    markings: Vec<ObjectId>,
    signature: [u8; 64],
}

impl Handling {
    /// Labels this copy. `markings` are those of the handling record itself.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        copy: &Object<'_>,
        label: &Label,
        holder: &ObjectId,
        markings: Vec<ObjectId>,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let mut handling = Self {
            object: copy.header().id.clone(),
            version: copy.header().version().cloned(),
            sha256: digest(copy.raw().as_bytes()),
            label: label_text(label),
            holder: holder.clone(),
            key: KeyId::seal(&key.verifying_key()),
            made: Timestamp::from_micros(made),
            markings,
            signature: [0; 64],
        };
        handling.signature = handling.statement()?.sign(key);
        Ok(handling)
    }

    /// The object that it is about.
    pub fn object(&self) -> &ObjectId {
        &self.object
    }

    /// Its version.
    pub fn version(&self) -> Option<&Timestamp> {
        self.version.as_ref()
    }

    /// Whose label it is.
    pub fn holder(&self) -> &ObjectId {
        &self.holder
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// When it was made; of several by one holder the last counts.
    pub fn made(&self) -> &Timestamp {
        &self.made
    }

    /// Whether it is about bytes with this SHA-256, in lower-case hexadecimal.
    pub(crate) fn is_about(&self, sha256: &str) -> bool {
        self.sha256 == sha256
    }

    /// Whether `key` signed it. What it says about a copy is for [`Handling::check`].
    ///
    /// # Errors
    /// When another key signed it, or none.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.statement()?.verify(key, &self.signature)
    }

    /// The label for this copy, if the holder's key signed it for exactly these bytes.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, copy: &Object<'_>, key: &VerifyingKey) -> Result<Label, SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.statement()?.verify(key, &self.signature)?;
        let header = copy.header();
        let version = version_text(header.version());
        if header.id != self.object || version != version_text(self.version.as_ref()) {
            return Err(SealError::OtherObject(format!("{} {version}", header.id)));
        }
        if digest(copy.raw().as_bytes()) != self.sha256 {
            return Err(SealError::ContentChanged);
        }
        super::read_label(&self.label).ok_or(SealError::Malformed("handling"))
    }

    /// The record: one object of type `handling`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let fields = json!({
            "object_ref": self.object.as_str(),
            "object_version": self.version.as_ref().map(Timestamp::as_str),
            "sha256": self.sha256,
            "label": self.label,
        });
        let record = Record {
            kind: "handling",
            author: &self.holder,
            made: &self.made,
            markings: &self.markings,
            key: &self.key,
            fields,
        };
        record.compose(&self.statement()?, &self.signature)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Handling::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "handling")?;
        let handling = Self {
            object: members.id("object_ref")?,
            version: members.version("object_version")?,
            sha256: members.text("sha256")?,
            label: members.text("label")?,
            holder: members.id("created_by_ref")?,
            key: members.key()?,
            made: members.time("created")?,
            markings: record.header().object_marking_refs.clone(),
            signature: members.signature()?,
        };
        members.is(&handling.record()?)?;
        Ok(handling)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        Statement::new("entente-handling/v1")
            .line("object", self.object.as_str())?
            .line("version", version_text(self.version.as_ref()))?
            .line("sha256", &self.sha256)?
            .line("label", &self.label)?
            .line("holder", self.holder.as_str())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())?
            .markings(&self.markings)
    }
}
