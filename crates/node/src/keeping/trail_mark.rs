//! Trail marks: how far the audit trail went, and the hash of its last line, as a signed record in the log. Invariant: it says nothing of what
//! the lines say. Peers co-sign the log: who writes the trail anew, or cuts it, contradicts what they have signed.

use anyhow::Result;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId};

use crate::accept::insert_own;
use crate::clock::Micros;
use crate::keys::KeyId;
use crate::node::Node;
use crate::pending::Pending;
use crate::seal::{Members, SealError, Signed, Statement};

/// Up to which line the trail is marked.
const MARKED: &str = "trail.marked";

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The number of the last line.
    pub line: u64,
    /// Its hash, which covers all before it, as lower-case hexadecimal.
    pub hash: String,
}

/// A mark, signed by the node's seal key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailMark {
    says: Marked,
    signed: Signed,
}

impl TrailMark {
    /// Signs a mark.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        says: Marked,
        holder: &ObjectId,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let signed = Signed::sign(holder, key, made, |signed| statement(&says, signed))?;
        Ok(Self { says, signed })
    }

    /// Whose trail.
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
    pub fn check(&self, key: &VerifyingKey) -> Result<&Marked, SealError> {
        self.signed
            .check(key, &statement(&self.says, &self.signed)?)?;
        Ok(&self.says)
    }

    /// The record: one object of type `trail-mark`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let fields = json!({ "line": says.line.to_string(), "line_hash": says.hash });
        let statement = statement(says, &self.signed)?;
        self.signed.record("trail-mark", fields, &statement)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`TrailMark::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "trail-mark")?;
        let line = members.text("line")?;
        let mark = Self {
            says: Marked {
                line: line.parse().map_err(|_| members.malformed())?,
                hash: members.text("line_hash")?,
            },
            signed: Signed::read(&members)?,
        };
        members.is(&mark.record()?)?;
        Ok(mark)
    }
}

fn statement(says: &Marked, signed: &Signed) -> Result<Statement, SealError> {
    let statement = Statement::new("entente-trail-mark/v1")
        .line("line", &says.line.to_string())?
        .line("hash", &says.hash)?
        .line("holder", signed.by().as_str())?;
    signed.lines(statement)
}

impl Node {
    /// Puts into the log how far the audit trail goes, if it has grown since the last mark.
    pub fn mark_trail(&self) -> Pending<()> {
        self.change(|change| {
            let Some(last) = change.txn.last_trail()? else {
                return Ok(());
            };
            let number = last.number.to_string();
            if change.txn.meta(MARKED)?.as_deref() == Some(number.as_bytes()) {
                return Ok(());
            }
            let home = change.register.home().clone();
            let says = Marked {
                line: u64::try_from(last.number)?,
                hash: hex::encode(&last.hash),
            };
            let mark = TrailMark::make(says, &home, &change.keys.seal, change.now)?;
            let origin = policy::Origin {
                author: Some(home.clone()),
                writer: None,
                holder: home,
                bringer: None,
            };
            let nobody = change.register.nobody(&origin, None);
            insert_own(change, &mark.record()?, &nobody, None)?;
            Ok(change.txn.set_meta(MARKED, number.as_bytes())?)
        })
    }
}
