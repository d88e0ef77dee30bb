//! Trail marks: how far the audit trail went, and the hash of its last line, as a signed record in the log. Invariant: it says nothing of what
//! the lines say. Peers co-sign the log: who writes the trail anew, or cuts it, contradicts what they have signed.

use anyhow::Result;
use serde_json::{Value, json};

use crate::keeping::own::note_for_itself;
use crate::node::Node;
use crate::pending::Pending;
use crate::seal::{Members, Says, SealError, Signed, Signer, Statement};

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
pub type TrailMark = Signed<Marked>;

impl Says for Marked {
    const KIND: &'static str = "trail-mark";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-trail-mark/v1")
            .line("line", &self.line.to_string())?
            .line("hash", &self.hash)?
            .line("holder", signer.by().as_str())?;
        signer.lines(statement)
    }

    fn fields(&self) -> Value {
        json!({ "line": self.line.to_string(), "line_hash": self.hash })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            line: members.parsed("line")?,
            hash: members.text("line_hash")?,
        })
    }
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
            let mark = TrailMark::sign(says, &home, &change.keys.seal, change.now)?;
            note_for_itself(change, &mark.record()?)?;
            Ok(change.txn.set_meta(MARKED, number.as_bytes())?)
        })
    }
}
