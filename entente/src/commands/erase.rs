//! `entente erase`: a content goes for good, by two persons; the log still verifies.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ArgGroup;
use node::Node;
use node::keeping::{ErasureRequest, Removed};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

use super::{names, stamp};
use crate::console::{Console, Exit, table};

/// Erase a record's content for good: one person asks, a second agrees.
///
/// It goes from the database, the search and the quarantine. That there was something, and why it went, stays in the log, which
/// still verifies. Who had taken it is asked to stop releasing it.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(
    after_help = "Examples:
  entente erase /var/lib/entente report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11 \\
      --reason \"names a source\" --by \"Ada Lind\"
  entente erase /var/lib/entente --list
  entente erase /var/lib/entente --agree 1 --by \"Bo Holm\"",
    group(ArgGroup::new("what").args(["record", "agree", "cancel", "list"]).required(true))
)]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Ask for this record to be erased, by its id.
    #[arg(requires_all = ["reason", "by"])]
    record: Option<String>,
    /// Only this version, as its author wrote it; every version if none is named.
    #[arg(long, value_name = "TIME", requires = "record")]
    version: Option<String>,
    /// Why, in one line. It becomes part of the log.
    #[arg(long, value_name = "R", requires = "record")]
    reason: Option<String>,
    /// Who asks or agrees: a person of this node.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Agree to what somebody else asked: it is erased at once.
    #[arg(long, value_name = "NUMBER", requires = "by")]
    agree: Option<u64>,
    /// Erase nothing of it.
    #[arg(long, value_name = "NUMBER")]
    cancel: Option<u64>,
    /// List what is asked to be erased.
    #[arg(long)]
    list: bool,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let by = self.by.as_deref().map(|name| names::person(node, name)).transpose()?;
        let by = by.map(|person| person.name).unwrap_or_default();
        if let Some(record) = &self.record {
            let object = record_id(record)?;
            let version = self.version.as_deref().map(str::parse::<Timestamp>).transpose();
            let version = version.context("a version is a time, as its author wrote it: 2026-01-01T00:00:00.000Z")?;
            let reason = self.reason.unwrap_or_default();
            let request = node.ask_erasure(&object, version.as_ref(), &reason, &node.at_terminal(&by)).wait()?;
            console.answer(&describe(&request), |_| {
                format!(
                    "{by} asks for {} to be erased. Nothing is erased before somebody else agrees:\n  entente erase DIR --agree {} --by PERSON",
                    versions(request.records.len()),
                    request.number
                )
            })?;
        } else if let Some(number) = self.agree {
            let removed = node.agree_erasure(number, &node.at_terminal(&by))?;
            report(node, &removed, console)?;
        } else if let Some(number) = self.cancel {
            node.cancel_erasure(number, &node.at_terminal(&by)).wait()?;
            console.answer(&json!({ "number": number, "outcome": "cancelled" }), |_| format!("{number} is cancelled; nothing was erased."))?;
        } else {
            list(node, console)?;
        }
        Ok(Exit::Done)
    }
}

/// The id of a record, as people copy it.
pub(super) fn record_id(text: &str) -> Result<ObjectId> {
    let looks = || format!("{text:?} is no id of a record; ids look like report--1f2e0d00-6c2b-4d4c-9c1e-3f8f5f2f7a11");
    text.trim().parse().with_context(looks)
}

fn versions(count: usize) -> String {
    if count == 1 { "1 version".to_owned() } else { format!("{count} versions") }
}

fn describe(request: &ErasureRequest) -> Value {
    json!({
        "number": request.number,
        "record": request.object.as_str(),
        "versions": request.records.len(),
        "reason": request.reason,
        "asked_by": request.asked_by,
        "asked_at": stamp(request.asked_at),
    })
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let all = node.erasure_requests()?;
    let described: Vec<Value> = all.iter().map(describe).collect();
    console.answer(&described, |_| {
        if all.is_empty() {
            return "Nothing is asked to be erased.".to_owned();
        }
        let rows: Vec<_> = all
            .iter()
            .map(|request| {
                [
                    request.number.to_string(),
                    request.object.to_string(),
                    request.records.len().to_string(),
                    request.asked_by.clone(),
                    stamp(request.asked_at),
                    request.reason.clone(),
                ]
            })
            .collect();
        table(["number", "record", "versions", "asked by", "at", "reason"], &rows)
    })
}

/// What went, and what could not be reached.
pub(super) fn report(node: &Node, removed: &Removed, console: &mut dyn Console) -> Result<()> {
    let taken_by: Vec<String> = removed.taken_by.iter().map(|id| names::identity(node, id)).collect();
    let mut answer = serde_json::to_value(removed)?;
    answer["taken_by"] = json!(taken_by);
    console.answer(&answer, |_| {
        let mut text = format!("The content of {} of {} is gone; the log still verifies.\n", versions(removed.records.len()), removed.object);
        for (count, from) in [(removed.awaiting, "what awaited a decision"), (removed.quarantined, "the quarantine")] {
            if count > 0 {
                text.push_str(&format!("{count} went from {from}.\n"));
            }
        }
        if !removed.emptied {
            text.push_str("A reader kept the write-ahead file busy: run `entente verify` later, and stop and start the node to empty it.\n");
        }
        if !taken_by.is_empty() {
            text.push_str(&format!("Taken before by {}.\n", taken_by.join(", ")));
        }
        for out in &removed.out_of_reach {
            text.push_str(&format!("Out of reach: {out}\n"));
        }
        text
    })
}
