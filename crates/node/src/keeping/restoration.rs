//! Restorations: a node says that it was restored from a backup, and that its log goes on under another name, so that nobody takes what it
//! has lost for a lie. Signed by the seal key.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId, Timestamp};
use tlog::{Hash, Origin};

use crate::clock::Micros;
use crate::keys::KeyId;
use crate::seal::{Members, Record, SealError, Statement, same_key};

/// What a restoration says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The name that the log had.
    pub old: Origin,
    /// The name under which it goes on.
    pub new: Origin,
    /// How many leaves the backup had: those that the two have in common,
    pub size: u64,
    /// and their root.
    pub root: Hash,
}

/// A signed restoration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    says: Restored,
    participant: ObjectId,
    key: KeyId,
    made: Timestamp,
    signature: [u8; 64],
}

impl Restoration {
    /// Signs one.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        says: Restored,
        participant: &ObjectId,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let mut restoration = Self {
            says,
            participant: participant.clone(),
            key: KeyId::seal(&key.verifying_key()),
            made: Timestamp::from_micros(made),
            signature: [0; 64],
        };
        restoration.signature = restoration.statement()?.sign(key);
        Ok(restoration)
    }

    /// Whose node.
    pub fn participant(&self) -> &ObjectId {
        &self.participant
    }

    /// What it says, if `key` signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, key: &VerifyingKey) -> Result<&Restored, SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.statement()?.verify(key, &self.signature)?;
        Ok(&self.says)
    }

    /// The record: one object of type `restoration`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let record = Record {
            kind: "restoration",
            author: &self.participant,
            made: &self.made,
            markings: &[],
            key: &self.key,
            fields: json!({
                "old_log": says.old.as_str(),
                "new_log": says.new.as_str(),
                "log_size": says.size.to_string(),
                "log_root": says.root.to_string(),
            }),
        };
        record.compose(&self.statement()?, &self.signature)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Restoration::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "restoration")?;
        let malformed = || members.malformed();
        let origin = |name| Origin::new(&members.text(name)?).map_err(|_| malformed());
        let restoration = Self {
            says: Restored {
                old: origin("old_log")?,
                new: origin("new_log")?,
                size: members.text("log_size")?.parse().map_err(|_| malformed())?,
                root: members.text("log_root")?.parse().map_err(|_| malformed())?,
            },
            participant: members.id("created_by_ref")?,
            key: members.key()?,
            made: members.time("created")?,
            signature: members.signature()?,
        };
        members.is(&restoration.record()?)?;
        Ok(restoration)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        let says = &self.says;
        Statement::new("entente-restoration/v1")
            .line("participant", self.participant.as_str())?
            .line("old-log", says.old.as_str())?
            .line("new-log", says.new.as_str())?
            .line("size", &says.size.to_string())?
            .line("root", &says.root.to_string())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())
    }
}
