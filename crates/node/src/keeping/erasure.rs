//! Erasures: that the content of a record was taken away, by whom and why, as a signed record. Invariant: it says nothing of the content,
//! and enough to check what is left: [`Erased::leaf_digest`] binds name, version, hash, label, door and time of the record that was.

use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

use crate::seal::{Members, Says, SealError, Signed, Signer, Statement, version_text};

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
pub type Erasure = Signed<Erased>;

impl Says for Erased {
    const KIND: &'static str = "erasure";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-erasure/v1")
            .line("object", self.object.as_str())?
            .line("version", version_text(self.version.as_ref()))?
            .line("leaf", &self.leaf.to_string())?
            .line("leaf-digest", &self.leaf_digest)?
            .line("cause", self.cause.name())?
            .line("reason", &self.reason)?
            .line("asked-by", &self.asked_by)?
            .line("agreed-by", self.agreed_by.as_deref().unwrap_or("-"))?
            .line("holder", signer.by().as_str())?;
        signer.lines(statement)
    }

    fn fields(&self) -> Value {
        json!({
            "object_ref": self.object.as_str(),
            "object_version": self.version.as_ref().map(Timestamp::as_str),
            "leaf": self.leaf.to_string(),
            "leaf_digest": self.leaf_digest,
            "cause": self.cause.name(),
            "reason": self.reason,
            "asked_by": self.asked_by,
            "agreed_by": self.agreed_by,
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            object: members.id("object_ref")?,
            version: members.version("object_version")?,
            leaf: members.parsed("leaf")?,
            leaf_digest: members.text("leaf_digest")?,
            cause: Cause::parse(&members.text("cause")?).ok_or_else(|| members.malformed())?,
            reason: members.text("reason")?,
            asked_by: members.text("asked_by")?,
            agreed_by: members.optional("agreed_by")?,
        })
    }
}
