//! `entente publication`: publishing takes two persons and a delay.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use node::Node;
use node::publication::Request;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, stamp};
use crate::console::{Console, Exit, table};

/// List what waits to be published, or cancel it.
///
/// Until a second person has agreed and the delay is over, it is seen where it comes from and by nobody else. Agreeing is done on the
/// node's pages, by somebody who signed in and may release: whoever holds the terminal alone publishes nothing.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente publication list /var/lib/entente
  entente publication cancel /var/lib/entente 2")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// List what waits to be published.
    #[command(after_help = "Example:\n  entente publication list /var/lib/entente --json")]
    List(Place),
    /// Cancel; the records stay where they are.
    Cancel(Cancel),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente publication cancel /var/lib/entente 2")]
struct Cancel {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Its number, as the list shows it.
    number: u64,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::List(place) => &place.dir,
            What::Cancel(cancel) => &cancel.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::List(_) => list(node, console)?,
            What::Cancel(cancel) => {
                node.cancel(cancel.number, &super::operator(node)).wait()?;
                let answer = json!({ "number": cancel.number, "outcome": "cancelled" });
                console.answer(&answer, |_| format!("{} is cancelled; nothing of it was published.", cancel.number))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let all = node.publications()?;
    let described: Vec<Value> = all.iter().map(|request| describe(node, request)).collect();
    console.answer(&described, |_| {
        if all.is_empty() {
            return "Nothing waits to be published.".to_owned();
        }
        let rows: Vec<_> = all
            .iter()
            .map(|request| {
                [
                    request.number.to_string(),
                    request.count().to_string(),
                    stamp(request.asked_at),
                    super::names::identity(node, &request.asked_by),
                    request.agreed_by.as_deref().map_or_else(|| "a second person".to_owned(), |_| "the delay".to_owned()),
                    request.not_before.map_or_else(String::new, stamp),
                ]
            })
            .collect();
        table(["number", "records", "asked", "by", "waits for", "until"], &rows)
    })
}

fn describe(node: &Node, request: &Request) -> Value {
    json!({
        "number": request.number,
        "records": request.count(),
        "asked_by": super::names::identity(node, &request.asked_by),
        "asked_at": stamp(request.asked_at),
        "agreed_by": request.agreed_by.as_deref().map(|id| super::names::identity(node, id)),
        "not_before": request.not_before.map(stamp),
    })
}
