//! `entente bundle`: what a peer may have, carried by hand where there is no network.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use node::Node;
use serde::{Deserialize, Serialize};

use super::{names, peer};
use crate::console::{Console, Exit};

/// Exchange with a peer over a medium: sealed, encrypted to its node, numbered and receipted.
///
/// Each bundle repeats what no receipt has confirmed, so that a lost one costs a passage and no record.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente bundle seal /var/lib/entente Belmark /media/usb/for-belmark.bundle
  entente bundle open /var/lib/entente /media/usb/from-belmark.bundle")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Seal what a peer may have and has not confirmed into a file.
    Seal(Seal),
    /// Open a bundle. It is refused as a whole, with the reason, or taken like anything from a peer.
    Open(Open),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente bundle seal /var/lib/entente Belmark /media/usb/for-belmark.bundle")]
struct Seal {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The peer, by the name or id of its participant.
    peer: String,
    /// The file to make; `-` is standard output.
    file: PathBuf,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente bundle open /var/lib/entente /media/usb/from-belmark.bundle")]
struct Open {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The bundle; `-` is standard input.
    file: PathBuf,
    /// Open it although bundles before it are missing. It repeats everything that was not confirmed.
    #[arg(long)]
    over_gap: bool,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Seal(seal) => &seal.dir,
            What::Open(open) => &open.dir,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        match &self.what {
            What::Seal(seal) => vec![seal.file.clone()],
            What::Open(open) => vec![open.file.clone()],
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Seal(seal) => seal.run(node, console),
            What::Open(open) => open.run(node, console),
        }
    }
}

/// How many, in the same words where a bundle is sealed and where it is opened.
pub(super) fn records(records: u64, beside: u64) -> String {
    let mut text = match records {
        1 => "1 record".to_owned(),
        records => format!("{records} records"),
    };
    match beside {
        0 => {}
        1 => text.push_str(" with 1 seal or label"),
        beside => text.push_str(&format!(" with {beside} seals and labels")),
    }
    text
}

impl Seal {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let peer = peer::find(node, &self.peer)?;
        let mut sink = console.create(&self.file)?;
        let sealed = node.seal_bundle(&peer.participant, BufWriter::with_capacity(256 << 10, &mut sink))?;
        sink.finish()?;
        let said = format!("Bundle {} for {}: {}.", sealed.number, peer.name, records(sealed.records, sealed.beside));
        if self.file == Path::new("-") {
            // Standard output is the file.
            console.note(&said)?;
        } else {
            console.answer(&sealed, |_| format!("{said} It is in {}, and opens at its node only.", self.file.display()))?;
        }
        Ok(Exit::Done)
    }
}

impl Open {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let source = console.open(&self.file)?;
        let opened = node.open_bundle(source.reader, self.over_gap)?;
        console.answer(&opened, |opened| {
            let receipt = &opened.receipt;
            let taken = records(receipt.records(), receipt.beside);
            let mut text = format!("Bundle {} of {}: {taken} taken", receipt.number, names::identity(node, opened.from.as_str()));
            for (count, what) in [(receipt.awaiting, "awaiting a decision"), (receipt.refused, "refused")] {
                if count > 0 {
                    text.push_str(&format!(", {count} {what}"));
                }
            }
            text.push_str(".\nThe receipt goes back with the next bundle that is sealed for it.");
            text
        })?;
        let complete = opened.receipt.awaiting + opened.receipt.refused == 0;
        Ok(if complete { Exit::Done } else { Exit::Incomplete })
    }
}
