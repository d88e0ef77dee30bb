//! Withdrawals: an author asks those who took versions of its objects to stop releasing them (rule 8). Invariant: identifiers and versions
//! only, no content, no label, no reason.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::{Value, json};
use stix::{Limits, Object, ObjectId, Timestamp};

use super::{Members, Record, SealError, Statement, same_key, version_text};
use crate::clock::Micros;
use crate::keys::KeyId;

/// One version that is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The object.
    pub object: ObjectId,
    /// The version as its author wrote it; `None` withdraws an object without times.
    pub version: Option<Timestamp>,
}

/// A signed request to stop releasing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    author: ObjectId,
    items: Vec<Withdrawn>,
    key: KeyId,
    made: Timestamp,
    markings: Vec<ObjectId>,
    signature: [u8; 64],
}

impl Withdrawal {
    /// How many versions one request may name: as many references as an object may have.
    pub const MOST: usize = 5_000;

    /// Withdraws these versions. `markings` are those of the request itself.
    ///
    /// # Errors
    /// [`SealError::Unfit`] when there are none, or more than [`Withdrawal::MOST`].
    pub fn make(
        author: &ObjectId,
        items: Vec<Withdrawn>,
        markings: Vec<ObjectId>,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let mut withdrawal = Self {
            author: author.clone(),
            items,
            key: KeyId::seal(&key.verifying_key()),
            made: Timestamp::from_micros(made),
            markings,
            signature: [0; 64],
        };
        withdrawal.signature = withdrawal.statement()?.sign(key);
        Ok(withdrawal)
    }

    /// Who withdraws. The caller compares it with the authors of the objects: nobody withdraws what is another's.
    pub fn author(&self) -> &ObjectId {
        &self.author
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        &self.made
    }

    /// What is withdrawn, if the author's key signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, key: &VerifyingKey) -> Result<&[Withdrawn], SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.statement()?.verify(key, &self.signature)?;
        Ok(&self.items)
    }

    /// The record: one object of type `withdrawal`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let items = self.items.iter().map(|item| match &item.version {
            Some(version) => {
                json!({ "object_ref": item.object.as_str(), "object_version": version.as_str() })
            }
            None => json!({ "object_ref": item.object.as_str() }),
        });
        let record = Record {
            kind: "withdrawal",
            author: &self.author,
            made: &self.made,
            markings: &self.markings,
            key: &self.key,
            fields: json!({ "withdrawn": items.collect::<Vec<Value>>() }),
        };
        let record = record.compose(&self.statement()?, &self.signature)?;
        stix::check(record.as_bytes(), &Limits::default())
            .map_err(|problems| SealError::NotCanonical(problems.to_string()))?;
        Ok(record)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Withdrawal::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "withdrawal")?;
        let items = members.items("withdrawn").map(|item| {
            Ok(Withdrawn {
                object: item.id("object_ref")?,
                version: item.version("object_version")?,
            })
        });
        let withdrawal = Self {
            author: members.id("created_by_ref")?,
            items: items.collect::<Result<_, SealError>>()?,
            key: members.key()?,
            made: members.time("created")?,
            markings: record.header().object_marking_refs.clone(),
            signature: members.signature()?,
        };
        members.is(&withdrawal.record()?)?;
        Ok(withdrawal)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        if self.items.is_empty() || self.items.len() > Self::MOST {
            return Err(SealError::Unfit("withdrawn"));
        }
        let begin = Statement::new("entente-withdrawal/v1")
            .line("author", self.author.as_str())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())?;
        let add = |statement: Statement, item: &Withdrawn| {
            let version = version_text(item.version.as_ref());
            statement.line("withdrawn", &format!("{} {version}", item.object))
        };
        self.items
            .iter()
            .try_fold(begin, add)?
            .markings(&self.markings)
    }
}
