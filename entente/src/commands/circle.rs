//! `entente circle`: named sets of participants or persons. Their names and members are for their members alone.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::Subcommand;
use node::{Circle, Node};
use policy::Member;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, names};
use crate::console::{Console, Exit, table};

/// Make circles, and say who belongs to them. A label that names a circle means those who belonged to it then.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente circle add /var/lib/entente North Belmark Corvenia
  entente circle join /var/lib/entente North Delmara")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Make a circle; its members' nodes get the roster.
    #[command(after_help = "Example:\n  entente circle add /var/lib/entente North Belmark Corvenia")]
    Add(Named),
    /// Let somebody in; of what was given to the circle before, a newcomer sees nothing.
    #[command(after_help = "Example:\n  entente circle join /var/lib/entente North Delmara")]
    Join(Named),
    /// Take somebody out: nothing more is released to them through the circle.
    #[command(after_help = "Example:\n  entente circle leave /var/lib/entente North Delmara")]
    Leave(Named),
    /// Say whose a circle is that several participants say they keep: until then nothing is released through it.
    #[command(after_help = "Example:\n  entente circle settle /var/lib/entente North Belmark")]
    Settle(Settled),
    /// List the circles whose rosters are here.
    #[command(after_help = "Example:\n  entente circle list /var/lib/entente --json")]
    List(Place),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct Named {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The circle.
    circle: String,
    /// Participants or persons, by name or id.
    #[arg(required = true)]
    members: Vec<String>,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct Settled {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The circle.
    circle: String,
    /// The participant that keeps it, by name or id.
    keeper: String,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Add(named) | What::Join(named) | What::Leave(named) => &named.dir,
            What::Settle(settled) => &settled.dir,
            What::List(place) => &place.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let circle = match &self.what {
            What::Add(named) => node.add_circle(&named.circle, named.members(node)?, &super::operator(node)).wait()?,
            What::Join(named) => named.change(node, |id, member| node.join_circle(id, member, &super::operator(node)).wait())?,
            What::Leave(named) => named.change(node, |id, member| node.leave_circle(id, &member, &super::operator(node)).wait())?,
            What::Settle(settled) => {
                let keeper = names::participant(node, &settled.keeper)?.id;
                let id = named(node, &settled.circle)?.id;
                node.settle_circle(&id, &keeper, &super::operator(node)).wait()?
            }
            What::List(_) => return list(node, console),
        };
        console.answer(&describe(node, &circle), |_| {
            format!("{} ({}): {}", circle.name, circle.id.as_str(), members(node, &circle).join(", "))
        })?;
        Ok(Exit::Done)
    }
}

impl Named {
    fn members(&self, node: &Node) -> Result<Vec<Member>> {
        self.members.iter().map(|name| names::member(node, name)).collect()
    }

    fn change(&self, node: &Node, make: impl Fn(&policy::CircleId, Member) -> Result<Circle>) -> Result<Circle> {
        let mut circle = named(node, &self.circle)?;
        for member in self.members(node)? {
            circle = make(&circle.id, member)?;
        }
        Ok(circle)
    }
}

/// The circle of this name or id.
fn named(node: &Node, name: &str) -> Result<Circle> {
    let known = node.circles();
    if let Some(circle) = known.iter().find(|circle| circle.name == name || circle.id.as_str() == name) {
        return Ok(circle.clone());
    }
    let known = known.into_iter().map(|circle| circle.name);
    bail!("no circle is called {name:?}{}", names::offer(name, known))
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let all = node.circles();
    let described: Vec<Value> = all.iter().map(|circle| describe(node, circle)).collect();
    console.answer(&described, |_| {
        let rows: Vec<_> = all
            .iter()
            .map(|circle| {
                let mut keepers = vec![names::identity(node, circle.owner.as_str())];
                keepers.extend(circle.claimed_by.iter().map(|id| names::identity(node, id.as_str())));
                let id = circle.id.as_str().to_owned();
                [circle.name.clone(), keepers.join(" or "), id, members(node, circle).join(", ")]
            })
            .collect();
        table(["name", "kept by", "id", "members"], &rows)
    })?;
    Ok(Exit::Done)
}

fn describe(node: &Node, circle: &Circle) -> Value {
    json!({
        "id": circle.id.as_str(),
        "name": circle.name,
        "owner": circle.owner,
        "epoch": circle.epoch,
        "claimed_by": circle.claimed_by,
        "members": members(node, circle),
    })
}

/// The members by name, where it is known.
fn members(node: &Node, circle: &Circle) -> Vec<String> {
    let members = circle.members.iter();
    members.map(|(member, _)| names::of(node, member)).collect()
}
