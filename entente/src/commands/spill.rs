//! `entente spill`: what slipped above the ceiling goes at once, with a report.

use std::path::{Path, PathBuf};

use anyhow::Result;
use node::Node;
use serde::{Deserialize, Serialize};

use super::{erase, names};
use crate::console::{Console, Exit};

/// Remove what is marked above this node's ceiling, at once: every version, also where it awaits a decision or lies in quarantine.
///
/// The report says what went, who had taken it and what could not be reached.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente spill /var/lib/entente report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11 --by \"Ada Lind\"")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The record's id.
    record: String,
    /// Who reports it: a person of this node.
    #[arg(long, value_name = "PERSON")]
    by: String,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let object = erase::record_id(&self.record)?;
        let by = names::person(node, &self.by)?;
        let removed = node.spill(&object, &node.at_terminal(&by.name))?;
        tracing::warn!(spill.records = removed.records.len(), "content above the ceiling was removed");
        erase::report(node, &removed, console)?;
        Ok(Exit::Done)
    }
}
