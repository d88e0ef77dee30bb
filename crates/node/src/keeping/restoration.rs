//! Restorations: a node says that it was restored from a backup, and that its log goes on under another name, so that nobody takes what it
//! has lost for a lie. Signed by the seal key.

use serde_json::{Value, json};
use tlog::{Hash, Origin};

use crate::seal::{Members, Says, SealError, Signed, Signer, Statement};

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
pub type Restoration = Signed<Restored>;

impl Says for Restored {
    const KIND: &'static str = "restoration";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-restoration/v1")
            .line("participant", signer.by().as_str())?
            .line("old-log", self.old.as_str())?
            .line("new-log", self.new.as_str())?
            .line("size", &self.size.to_string())?
            .line("root", &self.root.to_string())?;
        signer.lines(statement)
    }

    fn fields(&self) -> Value {
        json!({
            "old_log": self.old.as_str(),
            "new_log": self.new.as_str(),
            "log_size": self.size.to_string(),
            "log_root": self.root.to_string(),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            old: members.parsed("old_log")?,
            new: members.parsed("new_log")?,
            size: members.parsed("log_size")?,
            root: members.parsed("log_root")?,
        })
    }
}
