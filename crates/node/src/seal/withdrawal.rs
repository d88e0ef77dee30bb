//! Withdrawals: an author asks those who took versions of its objects to stop releasing them (rule 8). Invariant: identifiers and versions
//! only, no content, no label, no reason.

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

use super::{Members, Says, SealError, Signed, Signer, Statement, version_text};
use crate::clock::Micros;

/// One version that is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The object.
    pub object: ObjectId,
    /// The version as its author wrote it; `None` withdraws an object without times.
    pub version: Option<Timestamp>,
}

/// A signed request to stop releasing. Nobody withdraws what is another's: who takes one compares [`Signed::by`] with the objects' authors.
pub type Withdrawal = Signed<Withdrawing>;

/// What a withdrawal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawing {
    /// What is withdrawn.
    pub items: Vec<Withdrawn>,
    markings: Vec<ObjectId>,
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
        Self::sign(Withdrawing { items, markings }, author, key, made)
    }
}

impl Says for Withdrawing {
    const KIND: &'static str = "withdrawal";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        if self.items.is_empty() || self.items.len() > Withdrawal::MOST {
            return Err(SealError::Unfit("withdrawn"));
        }
        let begin = Statement::new("entente-withdrawal/v1").line("author", signer.by().as_str())?;
        let add = |statement: Statement, item: &Withdrawn| {
            let version = version_text(item.version.as_ref());
            statement.line("withdrawn", &format!("{} {version}", item.object))
        };
        self.items
            .iter()
            .try_fold(signer.lines(begin)?, add)?
            .markings(&self.markings)
    }

    fn fields(&self) -> Value {
        let items = self.items.iter().map(|item| match &item.version {
            Some(version) => {
                json!({ "object_ref": item.object.as_str(), "object_version": version.as_str() })
            }
            None => json!({ "object_ref": item.object.as_str() }),
        });
        json!({ "withdrawn": items.collect::<Vec<Value>>() })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        let items = members.items("withdrawn").map(|item| {
            Ok(Withdrawn {
                object: item.id("object_ref")?,
                version: item.version("object_version")?,
            })
        });
        Ok(Self {
            items: items.collect::<Result<_, SealError>>()?,
            markings: members.markings()?,
        })
    }

    fn markings(&self) -> &[ObjectId] {
        &self.markings
    }
}
