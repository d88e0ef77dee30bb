//! `entente quarantine`: what was malformed, as far as it is kept: its reason, its hash and its beginning.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use node::Node;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, stamp};
use crate::console::{Console, Exit, table};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// Show what arrived malformed: its reason, its hash and its first 4 KiB, under a quota.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente quarantine list /var/lib/entente
  entente quarantine show /var/lib/entente 7")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// List what is in quarantine, and why, the oldest first.
    #[command(after_help = "Example:\n  entente quarantine list /var/lib/entente --json")]
    List(Place),
    /// Show one with its beginning.
    #[command(after_help = "Example:\n  entente quarantine show /var/lib/entente 7")]
    Show(Number),
    /// Let one go.
    #[command(after_help = "Example:\n  entente quarantine discard /var/lib/entente 7")]
    Discard(Number),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct Number {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Its number, as the list shows it.
    number: i64,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::List(place) => &place.dir,
            What::Show(number) | What::Discard(number) => &number.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::List(_) => list(node, console),
            What::Show(number) => number.show(node, console),
            What::Discard(number) => number.discard(node, console),
        }
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let (mut described, mut rows, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = node.quarantine(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for item in page {
            rows.push([item.id.to_string(), stamp(item.arrived), item.channel.clone(), item.size.to_string(), item.reason.clone()]);
            described.push(describe(&item));
        }
    }
    console.answer(&described, |all: &Vec<Value>| {
        if all.is_empty() { "The quarantine is empty.".to_owned() } else { table(["number", "arrived", "channel", "bytes", "why"], &rows) }
    })?;
    Ok(Exit::Done)
}

fn describe(item: &store::Quarantined) -> Value {
    json!({
        "number": item.id,
        "arrived": stamp(item.arrived),
        "channel": item.channel,
        "reason": item.reason,
        "pointer": item.pointer,
        "sha256": hex(&item.hash),
        "bytes": item.size,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Number {
    fn show(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let found = node.quarantine(self.number - 1, 1)?.into_iter().find(|item| item.id == self.number);
        let item = found.with_context(|| format!("nothing is in quarantine under {}; `entente quarantine list` shows what is", self.number))?;
        let beginning = String::from_utf8_lossy(&item.head).into_owned();
        let mut answer = describe(&item);
        answer["beginning"] = Value::from(beginning.as_str());
        console.answer(&answer, |_| {
            format!(
                "Number:  {}\nArrived: {}\nChannel: {}\nReason:  {}\nBytes:   {}\nSHA-256: {}\n\n{beginning}",
                item.id,
                stamp(item.arrived),
                item.channel,
                item.reason,
                item.size,
                hex(&item.hash)
            )
        })?;
        Ok(Exit::Done)
    }

    fn discard(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let discarded = node.discard_quarantined(self.number, &super::operator(node)).wait()?;
        anyhow::ensure!(discarded, "nothing is in quarantine under {}; `entente quarantine list` shows what is", self.number);
        console.answer(&json!({ "number": self.number, "outcome": "discarded" }), |_| format!("{} discarded", self.number))?;
        Ok(Exit::Done)
    }
}
