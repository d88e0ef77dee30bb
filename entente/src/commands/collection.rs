//! `entente collection`: what is polled under one name.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use node::{Collection, NewOwnCollection, Node};
use policy::Desk;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, label};
use crate::console::{Console, Exit, table};

/// Add collections and list them. Every node begins with one for each desk.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente collection add /var/lib/entente advisories --desk situation --tlp AMBER --for Belmark
  entente collection list /var/lib/entente")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Add a collection, and print its id.
    Add(Add),
    /// List the collections.
    #[command(after_help = "Example:\n  entente collection list /var/lib/entente --json")]
    List(Place),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente collection add /var/lib/entente advisories --desk situation --tlp AMBER --for Belmark")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// A short name, which serves wherever the id does.
    name: String,
    /// A title for people; the name if none is given.
    #[arg(long)]
    title: Option<String>,
    /// What it is for.
    #[arg(long)]
    description: Option<String>,
    /// The desk that its records belong to.
    #[arg(long, value_parser = desk)]
    desk: Option<String>,
    #[command(flatten)]
    label: label::Chosen,
}

pub(super) fn desk(text: &str) -> Result<String, String> {
    match Desk::parse(text) {
        Some(desk) => Ok(desk.as_str().to_owned()),
        None => Err(format!("the desks are {}", Desk::ALL.map(Desk::as_str).join(", "))),
    }
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
            What::Add(add) => add.run(node, console),
            What::List(_) => list(node, console),
        }
    }
}

impl Add {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let new = NewOwnCollection {
            alias: self.name,
            title: self.title,
            description: self.description,
            desk: self.desk.as_deref().and_then(Desk::parse),
            marking: self.label.marking(node)?,
        };
        let added = node.found_collection(new, &super::operator(node)).wait()?;
        console.answer(&describe(node, &added), |_| format!("{} is collection {}", added.alias.as_deref().unwrap_or(&added.title), added.id))?;
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let all = node.collections()?;
    let described: Vec<Value> = all.iter().map(|collection| describe(node, collection)).collect();
    console.answer(&described, |_| {
        let rows: Vec<_> = all
            .iter()
            .map(|collection| {
                [
                    collection.alias.clone().unwrap_or_default(),
                    collection.id.clone(),
                    collection.desk.map_or("-", Desk::as_str).to_owned(),
                    label::in_words(node, &collection.terms).unwrap_or_else(|| "-".to_owned()),
                    collection.title.clone(),
                ]
            })
            .collect();
        table(["name", "id", "desk", "default label", "title"], &rows)
    })?;
    Ok(Exit::Done)
}

fn describe(node: &Node, collection: &Collection) -> Value {
    json!({
        "id": collection.id,
        "alias": collection.alias,
        "title": collection.title,
        "description": collection.description,
        "desk": collection.desk.map(Desk::as_str),
        "default_label": label::in_words(node, &collection.terms),
    })
}
