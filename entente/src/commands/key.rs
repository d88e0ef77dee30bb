//! `entente key`: the four keys of a node: shown, rotated, revoked, recovered.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum};
use node::Node;
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::keeping::{Renewed, recover_keys};
use node::keys::{self, Recovery, Use, Why};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::Timestamp;

use super::{Place, stamp};
use crate::console::{Console, Exit, Terminal, table};

/// How many records are listed at a time.
const LISTED: usize = 200;

/// Look after the four keys: seal, log, bundle and TLS.
///
/// Rotate them as a habit. Revoke one that is stolen, at once. Recover all of them, with the recovery key, when they are lost.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente key rotate /var/lib/entente
  entente key revoke /var/lib/entente seal --because stolen --since 2026-11-20T08:00:00Z
  entente key revoke /var/lib/entente --key ID --because stolen       one that went before
  entente key recover /var/lib/entente < recovery.key")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Show the public halves, by which names they are known, and which keys went before them.
    #[command(after_help = "Example:\n  entente key list /var/lib/entente")]
    List(Place),
    /// Take new keys into use, signed by the old ones; peers follow by themselves.
    Rotate(Rotate),
    /// List what came under a key of a participant that was revoked, since it is not to be relied on: the last first.
    Sealed(Sealed),
    /// Say that a key is not to be relied on any more, and take a new one into use; or that one that went before is not.
    Revoke(Revoke),
    /// Take four new keys into use with the recovery key, which comes on standard input. The node must not be running.
    #[command(after_help = "Example:\n  entente key recover /var/lib/entente < recovery.key")]
    Recover(Place),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente key rotate /var/lib/entente tls --host node.arland.example")]
struct Rotate {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The key; all four if none is named.
    key: Option<Name>,
    /// A name or address for the TLS certificate; may be repeated. Peers do not look at it, browsers do.
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente key revoke /var/lib/entente seal --because stolen --since 2026-11-20T08:00:00Z
  entente key revoke /var/lib/entente --key ID --because stolen")]
struct Revoke {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The key that is in use.
    #[arg(required_unless_present = "id", conflicts_with = "id")]
    key: Option<Name>,
    /// Any key that this node has or had, by its identifier: `entente key list` shows them.
    #[arg(long = "key", value_name = "ID")]
    id: Option<String>,
    /// Why.
    #[arg(long, value_name = "WHY")]
    because: Because,
    /// Since when it is not to be relied on, in UTC; now if nothing is said.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// A name or address for the TLS certificate; may be repeated.
    #[arg(long, value_name = "HOST")]
    host: Vec<String>,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente key sealed /var/lib/entente Belmark seal:1f0c...")]
struct Sealed {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Whose key it was.
    participant: String,
    /// The key, by its identifier: the page of the participant shows it.
    id: String,
    /// Go on before this number, which the page before ends with.
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
}

/// One of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
enum Name {
    /// What this node says is sealed with it.
    Seal,
    /// The heads of the log are signed with it.
    Log,
    /// Bundles to this node are encrypted to it.
    Bundle,
    /// Connections to this node prove themselves with it.
    Tls,
}

impl Name {
    fn key(self) -> Use {
        match self {
            Self::Seal => Use::Seal,
            Self::Log => Use::Log,
            Self::Bundle => Use::Bundle,
            Self::Tls => Use::Tls,
        }
    }
}

/// Why a key is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
enum Because {
    /// Somebody else has it: nothing that it signed since counts.
    Stolen,
    /// Nobody has it any more.
    Lost,
    /// It has done its service.
    Retired,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::List(place) | What::Recover(place) => &place.dir,
            What::Rotate(rotate) => &rotate.dir,
            What::Sealed(sealed) => &sealed.dir,
            What::Revoke(revoke) => &revoke.dir,
        }
    }

    fn run_closed(&self, terminal: &mut Terminal) -> Option<Result<Exit>> {
        match &self.what {
            What::Recover(place) => Some(recover(&place.dir, terminal)),
            _ => None,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::List(_) => list(node, console)?,
            What::Rotate(rotate) => {
                let keys = rotate.key.map_or(Use::ALL.to_vec(), |name| vec![name.key()]);
                let mut renewed = Vec::new();
                for key in keys {
                    renewed.push(node.rotate_key(key, &rotate.host)?);
                }
                report(&renewed, console)?;
            }
            What::Sealed(sealed) => sealed.run(node, console)?,
            What::Revoke(revoke) => revoke.run(node, console)?,
            What::Recover(_) => anyhow::bail!("the node is running; stop it, and recover its keys then"),
        }
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let public = keys::load(&node.folder().keys())?.public();
    let mut described: Vec<Value> = Use::ALL
        .iter()
        .map(|key| json!({ "use": key.name(), "id": public.id(*key).as_str(), "public": public.text(*key) }))
        .collect();
    let former = node.former_keys()?;
    described.extend(
        former
            .iter()
            .map(|key| json!({ "use": key.key_use, "id": key.id, "public": key.text, "until": stamp(key.until), "why": key.why })),
    );
    console.answer(&described, |_| {
        let present = Use::ALL
            .iter()
            .map(|key| [public.id(*key).as_str().to_owned(), public.text(*key), "in use".to_owned()]);
        let before = former
            .iter()
            .map(|key| [key.id.clone(), key.text.clone(), format!("{}, until {}", key.why, stamp(key.until))]);
        let rows: Vec<_> = present.chain(before).collect();
        table(["key", "public half", ""], &rows)
    })
}

impl Sealed {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let whose = node.participant(&self.participant).with_context(|| format!("there is no participant {:?}", self.participant))?;
        let came = node.came_under(&whose.id, &self.id, self.before, LISTED)?;
        let came = came.with_context(|| format!("no key {} of {} was revoked", self.id, whose.name))?;
        console.answer(&came, |came| {
            let rows: Vec<_> = came.records.iter().map(|one| [one.id.clone(), stamp(one.accepted)]).collect();
            let mut text = format!("Not to be relied on since {}.\n{}", stamp(came.since), table(["record", "came"], &rows));
            if let Some(next) = came.next {
                text.push_str(&format!("There may be more: --before {next}\n"));
            }
            text
        })
    }
}

impl Revoke {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let since = match &self.since {
            None => node.now(),
            Some(text) => {
                let since: Timestamp = text.parse().with_context(|| format!("{text:?} is no time; a time looks like 2026-11-20T08:00:00Z"))?;
                since.micros()
            }
        };
        let why = match self.because {
            Because::Stolen => Why::Stolen,
            Because::Lost => Why::Lost,
            Because::Retired => Why::Retired,
        };
        let renewed = match (&self.id, self.key) {
            (Some(id), _) => node.revoke_key_called(id, why, since, &self.host)?,
            (None, Some(key)) => node.revoke_key(key.key(), why, since, &self.host)?,
            (None, None) => anyhow::bail!("say which key: one of the four, or --key with an identifier"),
        };
        report(&[renewed], console)
    }
}

fn report(renewed: &[Renewed], console: &mut dyn Console) -> Result<()> {
    console.answer(&renewed, |renewed| {
        let mut text = String::new();
        for key in *renewed {
            if key.former {
                text.push_str(&format!("{}: {} is revoked. What it sealed counts no more, here and at peers, unless it was there in time.\n", key.key_use, key.old));
                continue;
            }
            text.push_str(&format!("{}: {} takes the place of {}. ", key.key_use, key.new, key.old));
            text.push_str(if key.peers_follow {
                "Peers follow by themselves.\n"
            } else {
                "Peers have let go of the old one: introduce this node anew, and compare the words.\n"
            });
        }
        text
    })?;
    if renewed.iter().any(|key| key.key_use == Use::Tls.name() && !key.former) {
        console.note("The new certificate is shown from the next connection on; nothing is restarted.")?;
    }
    Ok(())
}

fn recover(dir: &Path, terminal: &mut Terminal) -> Result<Exit> {
    let typed = terminal.ask("Recovery key").context("the recovery key is wanted on standard input")?;
    let recovery = Recovery::read(&typed).context("this is no recovery key; it is the line that `entente init` printed, and begins with AGE-SECRET-KEY-")?;
    let recovered = recover_keys(dir, &recovery, Arc::new(SystemClock), Box::new(SystemRandom::new()?))?;
    let console: &mut dyn Console = terminal;
    console.answer(&recovered, |recovered| {
        let mut text: String = recovered.keys.values().map(|id| format!("{id} is in use.\n")).collect();
        text.push_str("Peers confirm the new keys by words: introduce this node anew with `entente peer introduce`. They suspend it, take the file with\n`entente peer add --new-keys`, and confirm.\n");
        text
    })?;
    Ok(Exit::Done)
}
