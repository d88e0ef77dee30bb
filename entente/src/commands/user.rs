//! `entente user`: the persons of this node's participant.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use node::Node;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, stamp};
use crate::console::{Console, Exit, table};

/// Add persons of this node's participant and list them. A label can name them; TLP:RED is for named persons only.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente user add /var/lib/entente \"Ada Lind\" --role \"duty officer\"")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Add a person, and print the identity.
    Add(Add),
    /// List the persons.
    #[command(after_help = "Example:\n  entente user list /var/lib/entente --json")]
    List(Place),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente user add /var/lib/entente \"Ada Lind\" --role \"duty officer\"")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The person's name.
    name: String,
    /// What the person does.
    #[arg(long, default_value = "")]
    role: String,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Add(add) => &add.dir,
            What::List(place) => &place.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Add(add) => {
                let person = node.add_person(&add.name, &add.role).wait()?;
                let answer = json!({ "id": person.id, "name": person.name });
                console.answer(&answer, |_| format!("{} is {}", person.name, person.id))?;
            }
            What::List(_) => list(node, console)?,
        }
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let all = node.persons()?;
    let described: Vec<Value> = all
        .iter()
        .map(|person| {
            json!({
                "id": person.id,
                "name": person.name,
                "role": person.role,
                "organ": person.organ,
                "created": stamp(person.created),
                "closed": person.closed.map(stamp),
            })
        })
        .collect();
    console.answer(&described, |_| {
        let rows: Vec<_> = all.iter().map(|person| [person.name.clone(), person.role.clone(), person.id.clone()]).collect();
        table(["name", "role", "id"], &rows)
    })
}
