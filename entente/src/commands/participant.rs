//! `entente participant`: who is known here, and what they are to each other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::{Subcommand, ValueEnum};
use node::{Kind, Node, Participant};
use serde::{Deserialize, Serialize};

use super::{Place, names};
use crate::console::{Console, Exit, table};

/// Keep the list of States, organizations, organs and clients. Being known gives no right to anything.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente participant add /var/lib/entente Belmark --kind state --country XB
  entente participant list /var/lib/entente")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Note a participant, or say more about one that is known.
    Add(Add),
    /// List the participants, by name.
    #[command(after_help = "Example:\n  entente participant list /var/lib/entente --json")]
    List(Place),
}

/// Note a participant, or say more about one that is known.
///
/// A label that names a State means the organ that the State designated for the record's desk: say so with --competent-for.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente participant add /var/lib/entente Belmark --kind state --country XB
  entente participant add /var/lib/entente \"CSIRT of Belmark\" --kind organ \\
      --of Belmark --competent-for incidents")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Its name.
    name: String,
    /// What it is; an organization if nothing is said and it is new.
    #[arg(long)]
    kind: Option<KindName>,
    /// The State or organization that it is an organ of.
    #[arg(long, value_name = "P")]
    of: Option<String>,
    /// Its country, as two letters of ISO 3166-1.
    #[arg(long, value_name = "XX", value_parser = super::init::country)]
    country: Option<String>,
    /// A desk for which its State designated it, or `all`; may be repeated.
    #[arg(long, value_name = "DESK", requires = "of", value_parser = desk)]
    competent_for: Vec<String>,
    /// For a client of this node's participant: a desk that it needs to know, or `all`; may be repeated.
    #[arg(long, value_name = "DESK", value_parser = desk)]
    needs_to_know: Vec<String>,
}

/// What a participant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
enum KindName {
    /// A State as a whole.
    State,
    /// A regional or international organization.
    #[value(alias = "organization")]
    Organisation,
    /// A ministry, agency, CSIRT or mission.
    Organ,
    /// A constituent that this node's participant serves.
    Client,
}

/// Every desk, in the register's writing.
const EVERY_DESK: &str = "";

fn desk(text: &str) -> Result<String, String> {
    if text == "all" {
        return Ok(EVERY_DESK.to_owned());
    }
    super::collection::desk(text)
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
            What::Add(add) => add.run(node, console)?,
            What::List(_) => {
                let all = node.participants();
                console.answer(&all, |all| {
                    let rows: Vec<_> = all.iter().map(|participant| row(node, participant)).collect();
                    table(["name", "kind", "of", "country", "id"], &rows)
                })?;
            }
        }
        Ok(Exit::Done)
    }
}

impl Add {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let known = node.participant(&self.name);
        let mut participant = match known {
            Some(known) => known,
            None => {
                ensure!(!self.name.trim().is_empty(), "a participant has a name");
                Participant::new(node.new_identity()?, self.name.trim(), Kind::Organisation)
            }
        };
        if let Some(kind) = self.kind {
            participant.kind = match kind {
                KindName::State => Kind::State,
                KindName::Organisation => Kind::Organisation,
                KindName::Organ => Kind::Organ,
                KindName::Client => Kind::Client,
            };
        }
        if let Some(country) = self.country {
            participant.country = Some(country);
        }
        let parent = self.of.as_deref().map(|name| names::participant(node, name)).transpose()?;
        if let Some(parent) = &parent {
            ensure!(parent.id != participant.id, "{} is no organ of itself", participant.name);
            participant.organ_of = Some(parent.id.clone());
            participant.kind = Kind::Organ;
        }
        if participant.kind == Kind::Organ {
            ensure!(participant.organ_of.is_some(), "an organ belongs to a State or organization: name it with --of");
        }
        if participant.kind == Kind::Client {
            ensure!(
                !self.needs_to_know.is_empty(),
                "a client sees what it needs to know: name the desks with --needs-to-know, or all"
            );
            let desks = self.needs_to_know.into_iter().filter(|desk| desk != EVERY_DESK).collect::<BTreeSet<_>>();
            participant.client_of.insert(node.home().id.clone(), desks);
        } else {
            ensure!(self.needs_to_know.is_empty(), "only a client needs to know by desk: say --kind client");
        }
        let added = node.add_participant(participant, &super::operator(node)).wait()?;
        if let Some(mut parent) = parent.filter(|_| !self.competent_for.is_empty()) {
            parent.designated.extend(self.competent_for.into_iter().map(|desk| (desk, added.id.clone())));
            node.add_participant(parent, &super::operator(node)).wait()?;
        }
        console.answer(&added, |added| format!("{} is {}", added.name, added.id))
    }
}

fn row(node: &Node, participant: &Participant) -> [String; 5] {
    let kind = serde_json::to_value(participant.kind).ok();
    let parent = participant.organ_of.as_ref().and_then(|id| node.participant(id.as_str()));
    let of = parent.map_or_else(String::new, |parent| {
        let desks: Vec<&str> = parent
            .designated
            .iter()
            .filter(|(_, organ)| **organ == participant.id)
            .map(|(desk, _)| if desk == EVERY_DESK { "all" } else { desk.as_str() })
            .collect();
        if desks.is_empty() { parent.name.clone() } else { format!("{}, competent for {}", parent.name, desks.join(", ")) }
    });
    [
        participant.name.clone(),
        kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().to_owned(),
        of,
        participant.country.clone().unwrap_or_default(),
        participant.id.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use policy::Desk;

    use super::*;

    #[test]
    fn desks_are_named_or_all() {
        assert_eq!(desk("all").unwrap(), "");
        for known in Desk::ALL {
            assert_eq!(desk(known.as_str()).unwrap(), known.as_str());
        }
        assert!(desk("sport").unwrap_err().contains("dialogues"));
    }
}
