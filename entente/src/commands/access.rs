//! `entente access`: the programs that may come in.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Subcommand;
use node::{Kind, NewAccess, Node, Participant};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, names, operator, stamp};
use crate::console::{Console, Exit, table};

/// Give programs access, list it and take it away.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente access add /var/lib/entente feed-reader --participant Belmark --read situation
  entente access revoke /var/lib/entente feed-reader")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Let a program in, and print its secret, once.
    Add(Add),
    /// List the programs, and what each may read and write.
    #[command(after_help = "Example:\n  entente access list /var/lib/entente --json")]
    List(Place),
    /// Shut a program out, from its next request on.
    Revoke(Revoke),
}

/// Let a program in, and print its secret, once.
///
/// The program acts for a participant and gets what that may have, from the collections named. It comes with its name and secret
/// under HTTP Basic, or with the secret alone under Bearer. TLP:RED goes to a program only when it is bound to a person.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente access add /var/lib/entente feed-reader --participant Belmark \\
      --read situation --read incidents
  entente access add /var/lib/entente prometheus --participant Arland --metrics
  pwgen 40 1 | entente access add /var/lib/entente sensor --participant Arland \\
      --write situation --password-stdin")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The program's name.
    name: String,
    /// The participant that it acts for. One that this node has not heard of is noted, without a right to anything else.
    #[arg(long, value_name = "P")]
    participant: String,
    /// A collection that it may read; may be repeated.
    #[arg(long, value_name = "C")]
    read: Vec<String>,
    /// A collection that it may write to; may be repeated.
    #[arg(long, value_name = "C")]
    write: Vec<String>,
    /// It may read the figures of the process, `/metrics`, from wherever it comes.
    #[arg(long)]
    metrics: bool,
    /// The person that it is bound to.
    #[arg(long, value_name = "P")]
    person: Option<String>,
    /// Take the secret from standard input, at least 8 bytes; a trailing newline is not part of it.
    #[arg(long)]
    password_stdin: bool,
}

/// Shut a program out, from its next request on.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente access revoke /var/lib/entente feed-reader")]
struct Revoke {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The program's name.
    name: String,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Add(add) => &add.dir,
            What::List(place) => &place.dir,
            What::Revoke(revoke) => &revoke.dir,
        }
    }

    fn takes_secret(&self) -> bool {
        matches!(&self.what, What::Add(add) if add.password_stdin)
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Add(add) => add.run(node, console),
            What::List(_) => list(node, console),
            What::Revoke(revoke) => revoke.run(node, console),
        }
    }
}

impl Add {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        ensure!(
            !self.read.is_empty() || !self.write.is_empty() || self.metrics,
            "{:?} could read and write nothing; name collections with --read and --write, or let it read figures with --metrics",
            self.name
        );
        for name in self.read.iter().chain(&self.write) {
            names::collection(node, name)?;
        }
        let secret = if self.password_stdin { Some(console.secret()?) } else { None };
        let chosen = secret.is_some();
        let participant = named_or_new(node, &self.participant, console)?;
        let granted = node
            .add_access(
                NewAccess {
                name: self.name,
                participant: participant.id.to_string(),
                person: self.person,
                read: self.read,
                write: self.write,
                metrics: self.metrics,
                secret: secret.map(|secret| secret.as_str().to_owned()),
            },
                &operator(node),
            )?
            .wait()?;
        let mut answer = json!({ "name": granted.name, "participant": granted.participant });
        if !chosen {
            answer["secret"] = Value::from(granted.secret.as_str());
        }
        console.answer(&answer, |_| {
            let mut text = format!("{} may come in for {}.\n", granted.name, granted.participant.name);
            if !chosen {
                text.push_str(&format!("Secret: {}\nIt is shown once and kept nowhere; copy it now.\n", granted.secret));
            }
            text
        })?;
        Ok(Exit::Done)
    }
}

/// The participant of this name; one that nobody here has heard of is noted.
fn named_or_new(node: &Node, name: &str, console: &mut dyn Console) -> Result<Participant> {
    if let Some(known) = node.participant(name) {
        return Ok(known);
    }
    ensure!(!name.starts_with("identity--"), "no participant has the id {name}; name it, and it is noted");
    let participant = Participant::new(node.new_identity()?, name.trim(), Kind::Organisation);
    let participant = node.add_participant(participant, &super::operator(node)).wait()?;
    console.note(&format!(
        "{} was not known here and has been noted as {}. Was another one meant? `entente participant list` shows who is known.",
        participant.name, participant.id
    ))?;
    Ok(participant)
}

fn list(node: &Node, console: &mut dyn Console) -> Result<Exit> {
    let collections = node.collections()?;
    let mut described = Vec::new();
    let mut rows = Vec::new();
    for access in node.accesses()? {
        let rights: Rights = serde_json::from_str(&access.rights)?;
        // In the order in which the collections were made.
        let named = |ids: &[String]| -> Vec<String> {
            collections
                .iter()
                .filter(|collection| ids.contains(&collection.id))
                .map(|collection| collection.alias.as_ref().unwrap_or(&collection.id).clone())
                .collect()
        };
        let (mut read, write) = (named(&rights.read), named(&rights.write));
        let of_collections = read.clone();
        read.extend(rights.metrics.then(|| "/metrics".to_owned()));
        let participant = node.participant(&access.participant).map_or_else(|| access.participant.clone(), |known| known.name);
        rows.push([
            access.name.clone(),
            participant.clone(),
            read.join(", "),
            write.join(", "),
            access.revoked.map_or_else(String::new, |at| format!("revoked {}", stamp(at))),
        ]);
        described.push(json!({
            "name": access.name,
            "participant": { "id": access.participant, "name": participant },
            "person": access.person,
            "read": of_collections,
            "write": write,
            "metrics": rights.metrics,
            "created": stamp(access.created),
            "revoked": access.revoked.map(stamp),
        }));
    }
    console.answer(&described, |_| table(["name", "participant", "reads", "writes", ""], &rows))?;
    Ok(Exit::Done)
}

/// What a program may do, as the node keeps it.
#[derive(Deserialize)]
struct Rights {
    read: Vec<String>,
    write: Vec<String>,
    #[serde(default)]
    metrics: bool,
}

impl Revoke {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let revoked = node.revoke_access(&self.name, &operator(node)).wait()?;
        ensure!(revoked, "no program called {:?} may come in; `entente access list` shows those that may", self.name);
        console.answer(&json!({ "revoked": self.name }), |_| format!("{} is shut out.", self.name))?;
        Ok(Exit::Done)
    }
}
