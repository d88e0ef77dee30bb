//! `entente participant`: who is known here.

use std::path::Path;

use anyhow::Result;
use clap::Subcommand;
use node::{Node, Participant};
use serde::{Deserialize, Serialize};

use super::Place;
use crate::console::{Console, Exit, table};

/// Show the States, organizations and organs that this node knows. Being known gives no right to anything.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente participant list /var/lib/entente")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// List the participants, by name.
    #[command(after_help = "Example:\n  entente participant list /var/lib/entente --json")]
    List(Place),
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        let What::List(place) = &self.what;
        &place.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let all = node.participants();
        console.answer(&all, |all| {
            let rows: Vec<_> = all.iter().map(|participant| row(node, participant)).collect();
            table(["name", "kind", "of", "country", "id"], &rows)
        })?;
        Ok(Exit::Done)
    }
}

fn row(node: &Node, participant: &Participant) -> [String; 5] {
    let kind = serde_json::to_value(participant.kind).ok();
    let parent = participant.organ_of.as_ref().and_then(|id| node.participant(id.as_str()));
    [
        participant.name.clone(),
        kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned(),
        parent.map_or_else(String::new, |parent| parent.name),
        participant.country.clone().unwrap_or_default(),
        participant.id.to_string(),
    ]
}
