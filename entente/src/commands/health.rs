//! `entente health`: whether the node can do its work, part by part, with a remedy where it cannot.

use std::path::Path;

use anyhow::Result;
use node::Node;
use node::health::{Finding, Grade};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Place;
use crate::console::{Console, Exit, table};

/// Say whether the node can do its work: its folder, database, disk, clock and jobs, and what to do where something is not well.
///
/// Ends with 0 when all is well, 1 when anything is not.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente health /var/lib/entente --json")]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.place.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let found = node.health();
        let worst = found.iter().map(Finding::grade).max().unwrap_or(Grade::Pass);
        let lines = found.iter().map(line).collect::<Vec<_>>();
        let answer = json!({ "status": worst.as_str(), "parts": lines });
        console.answer(&answer, |_| {
            let rows = found.iter().map(|one| [one.part.as_str().to_owned(), one.grade().as_str().to_owned(), one.told()]);
            let mut text = table(["part", "state", "what was found"], &rows.collect::<Vec<_>>());
            for remedy in found.iter().filter_map(|one| Some((one.part, one.remedy()?))) {
                text.push_str(&format!("\n{}: {}", remedy.0.as_str(), remedy.1));
            }
            text
        })?;
        Ok(if worst == Grade::Pass { Exit::Done } else { Exit::Incomplete })
    }
}

fn line(one: &Finding) -> Value {
    json!({ "part": one.part.as_str(), "status": one.grade().as_str(), "told": one.told(), "remedy": one.remedy() })
}
