//! Trail marks: how far the audit trail went and the delivery ledger was settled, with the hashes of their last lines, and what peers had
//! co-signed of the log, as a signed record in it. Invariant: it says nothing of what the lines say. Peers co-sign the log: who writes
//! trail or ledger anew, or cuts them, or takes a co-signature away, contradicts what they have signed.

use serde_json::{Value, json};
use stix::ObjectId;

use crate::keeping::deliveries::Settled;
use crate::keeping::own::note_for_itself;
use crate::node::Node;
use crate::peers::witness;
use crate::pending::Pending;
use crate::seal::{Members, Says, SealError, Signed, Signer, Statement};

/// Up to which lines trail and ledger are marked.
const MARKED: &str = "trail.marked";

/// What a mark says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The number of the trail's last line.
    pub line: u64,
    /// Its hash, which covers all before it, as lower-case hexadecimal.
    pub hash: String,
    /// How far the ledger was settled, if it had any line.
    pub ledger: Option<Settled>,
    /// The peers that had co-signed the log, each with the size of the newest checkpoint that it did so.
    pub cosigned: Vec<(ObjectId, u64)>,
}

/// A mark, signed by the node's seal key.
pub type TrailMark = Signed<Marked>;

impl Says for Marked {
    const KIND: &'static str = "trail-mark";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let mut statement = Statement::new("entente-trail-mark/v1")
            .line("line", &self.line.to_string())?
            .line("hash", &self.hash)?;
        if let Some(ledger) = &self.ledger {
            statement = statement
                .line("ledger-line", &ledger.line.to_string())?
                .line("ledger-hash", &ledger.hash)?;
        }
        for (peer, size) in &self.cosigned {
            statement = statement.line("cosigned", &format!("{peer} {size}"))?;
        }
        signer.lines(statement.line("holder", signer.by().as_str())?)
    }

    fn fields(&self) -> Value {
        let cosigned = self.cosigned.iter();
        let cosigned =
            cosigned.map(|(peer, size)| json!({ "peer": peer.as_str(), "size": size.to_string() }));
        let cosigned: Vec<Value> = cosigned.collect();
        json!({
            "line": self.line.to_string(),
            "line_hash": self.hash,
            "ledger_line": self.ledger.as_ref().map(|ledger| ledger.line.to_string()),
            "ledger_hash": self.ledger.as_ref().map(|ledger| &ledger.hash),
            "cosigned": (!cosigned.is_empty()).then_some(cosigned),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        let ledger = match members.optional("ledger_line")? {
            Some(_) => Some(Settled {
                line: members.parsed("ledger_line")?,
                hash: members.text("ledger_hash")?,
            }),
            None => None,
        };
        let cosigned = members
            .items("cosigned")
            .map(|item| Ok((item.id("peer")?, item.parsed("size")?)));
        Ok(Self {
            line: members.parsed("line")?,
            hash: members.text("line_hash")?,
            ledger,
            cosigned: cosigned.collect::<Result<_, SealError>>()?,
        })
    }
}

impl Node {
    /// Puts into the log how far the audit trail goes and the delivery ledger is settled, if either has grown since the last mark, and what
    /// peers have co-signed. It settles a portion of the ledger; whether there is more of it.
    pub fn mark_trail(&self) -> Pending<bool> {
        self.change(|change| {
            let Some(last) = change.txn.last_trail()? else {
                return Ok(false);
            };
            let (settled, more) = change.settle_ledger()?;
            let reached = format!("{} {}", last.number, settled.line);
            if change.txn.meta(MARKED)?.as_deref() == Some(reached.as_bytes()) {
                return Ok(more);
            }
            let says = Marked {
                line: u64::try_from(last.number)?,
                hash: hex::encode(&last.hash),
                ledger: (settled.line > 0).then_some(settled),
                cosigned: witness::sizes(change.txn)?,
            };
            let home = change.register.home().clone();
            let mark = TrailMark::sign(says, &home, &change.keys.seal, change.now)?;
            note_for_itself(change, &mark.record()?)?;
            change.txn.set_meta(MARKED, reached.as_bytes())?;
            Ok(more)
        })
    }
}
