//! `entente user`: the persons of this node's participant.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Subcommand;
use node::Node;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::ObjectId;

use super::{Place, names, stamp};
use crate::console::{Console, Exit, table};
use crate::serve::pages::Pages;

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
    /// Let somebody in who has lost the way: an address that opens the pages once. The node must be serving.
    Recover(Recover),
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

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente user recover /var/lib/entente \"Ada Lind\"")]
struct Recover {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The person; nobody in particular if none is named.
    name: Option<String>,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Add(add) => &add.dir,
            What::Recover(recover) => &recover.dir,
            What::List(place) => &place.dir,
        }
    }

    fn run_serving(&self, node: &Node, pages: &Pages, console: &mut dyn Console) -> Option<Result<Exit>> {
        match &self.what {
            What::Recover(recover) => Some(recover.run(node, pages, console)),
            _ => None,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Add(add) => {
                let person = node.add_person(&add.name, &add.role).wait()?;
                let answer = json!({ "id": person.id, "name": person.name });
                console.answer(&answer, |_| format!("{} is {}", person.name, person.id))?;
            }
            What::Recover(_) => bail!("the node does not serve, so there are no pages to open; begin with `entente serve`"),
            What::List(_) => list(node, console)?,
        }
        Ok(Exit::Done)
    }
}

impl Recover {
    fn run(&self, node: &Node, pages: &Pages, console: &mut dyn Console) -> Result<Exit> {
        let person = self.name.as_deref().map(|name| names::person(node, name)).transpose()?;
        let id = person.as_ref().map(|person| person.id.parse::<ObjectId>()).transpose()?;
        let link = pages.sign_in(id);
        let answer = json!({ "sign_in": link, "name": person.map(|person| person.name) });
        console.answer(&answer, |_| format!("Open this on the node's machine; it works once:\n  {link}"))?;
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
