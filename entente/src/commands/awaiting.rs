//! `entente awaiting`: what is well formed and waits for a person's decision.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Subcommand;
use node::Node;
use node::waiting::Decided;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, names, stamp};
use crate::console::{Console, Exit, table};

/// Rows that are read at a time.
const PAGE: usize = 500;

/// List what awaits a decision, admit it or discard it. Nothing waits for ever in silence.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente awaiting list /var/lib/entente
  entente awaiting admit /var/lib/entente 3 4 5")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// List what awaits a decision, and why, the oldest first.
    #[command(after_help = "Example:\n  entente awaiting list /var/lib/entente --json")]
    List(Place),
    /// Let it in. That loosens nothing: its label is what its author and its path say.
    #[command(after_help = "Example:\n  entente awaiting admit /var/lib/entente 3 4 5")]
    Admit(Numbers),
    /// Let it go.
    #[command(after_help = "Example:\n  entente awaiting discard /var/lib/entente 6")]
    Discard(Numbers),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct Numbers {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The numbers, as the list shows them.
    #[arg(required_unless_present = "all", value_name = "NUMBER")]
    numbers: Vec<i64>,
    /// Everything that awaits a decision now.
    #[arg(long, conflicts_with = "numbers")]
    all: bool,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::List(place) => &place.dir,
            What::Admit(numbers) | What::Discard(numbers) => &numbers.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::List(_) => list(node, console),
            What::Admit(numbers) => numbers.decide(node, Decided::Admit, console),
            What::Discard(numbers) => numbers.decide(node, Decided::Discard, console),
        }
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let (mut described, mut rows, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let page = node.awaiting(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for waiting in page {
            let from = names::identity(node, &waiting.submitter);
            rows.push([waiting.id.to_string(), stamp(waiting.arrived), from.clone(), waiting.object.clone(), waiting.reason.clone()]);
            described.push(json!({
                "number": waiting.id,
                "object": waiting.object,
                "reason": waiting.reason,
                "channel": waiting.channel,
                "submitter": { "id": waiting.submitter, "name": from },
                "arrived": stamp(waiting.arrived),
                "bytes": waiting.body.len(),
            }));
        }
    }
    console.answer(&described, |all: &Vec<Value>| {
        if all.is_empty() { "Nothing awaits a decision.".to_owned() } else { table(["number", "arrived", "from", "object", "why"], &rows) }
    })?;
    Ok(Exit::Done)
}

impl Numbers {
    fn decide(self, node: &Node, decided: Decided, console: &mut dyn Console) -> Result<Exit> {
        let numbers = if self.all { all(node)? } else { self.numbers };
        ensure!(!numbers.is_empty(), "nothing awaits a decision");
        let done = if decided == Decided::Admit { "admitted" } else { "discarded" };
        let (mut answers, mut exit) = (Vec::new(), Exit::Done);
        for number in numbers {
            let ended = node.decide(number, decided, &super::operator(node)).and_then(node::Pending::wait);
            answers.push(match ended {
                Ok(_) => json!({ "number": number, "outcome": done }),
                Err(error) => {
                    exit = Exit::Incomplete;
                    json!({ "number": number, "outcome": "undecided", "reason": format!("{error:#}") })
                }
            });
        }
        console.answer(&answers, |answers| {
            let line = |answer: &Value| match answer["reason"].as_str() {
                None => format!("{} {done}", answer["number"]),
                Some(reason) => format!("{} is as it was: {reason}", answer["number"]),
            };
            answers.iter().map(line).collect::<Vec<_>>().join("\n")
        })?;
        Ok(exit)
    }
}

/// The numbers of everything that waits now.
fn all(node: &Node) -> Result<Vec<i64>> {
    let mut numbers = Vec::new();
    loop {
        let page = node.awaiting(numbers.last().copied().unwrap_or(0), PAGE)?;
        if page.is_empty() {
            return Ok(numbers);
        }
        numbers.extend(page.iter().map(|waiting| waiting.id));
    }
}
