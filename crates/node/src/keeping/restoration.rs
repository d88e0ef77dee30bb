//! Restorations: a node says that it was restored from a backup, and that its log goes on under another name, so that nobody takes what it
//! has lost for a lie. Signed by the seal key.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId};
use tlog::{Hash, Origin};

use crate::clock::Micros;
use crate::seal::{Members, SealError, Signed, Statement};

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
    signed: Signed,
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
        let signed = Signed::sign(participant, key, made, |signed| statement(&says, signed))?;
        Ok(Self { says, signed })
    }

    /// Whose node.
    pub fn participant(&self) -> &ObjectId {
        self.signed.by()
    }

    /// What it says, if `key` signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, key: &VerifyingKey) -> Result<&Restored, SealError> {
        self.signed
            .check(key, &statement(&self.says, &self.signed)?)?;
        Ok(&self.says)
    }

    /// The record: one object of type `restoration`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let fields = json!({
            "old_log": says.old.as_str(),
            "new_log": says.new.as_str(),
            "log_size": says.size.to_string(),
            "log_root": says.root.to_string(),
        });
        let statement = statement(says, &self.signed)?;
        self.signed.record("restoration", fields, &statement)
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
            signed: Signed::read(&members)?,
        };
        members.is(&restoration.record()?)?;
        Ok(restoration)
    }
}

fn statement(says: &Restored, signed: &Signed) -> Result<Statement, SealError> {
    let statement = Statement::new("entente-restoration/v1")
        .line("participant", signed.by().as_str())?
        .line("old-log", says.old.as_str())?
        .line("new-log", says.new.as_str())?
        .line("size", &says.size.to_string())?
        .line("root", &says.root.to_string())?;
    signed.lines(statement)
}
