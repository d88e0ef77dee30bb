//! `entente sync`: exchange with peers now, rather than at the next poll.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use node::Node;
use node::peers::{Peer, State, Synced};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use taxii::wire::Peers;

use super::{bundle, peer};
use crate::console::{Console, Exit, Progress, Unit};

/// Exchange with the peers now: take what is new, give what they cannot fetch, compare the heads of the logs.
///
/// A node that serves does so by itself. Ends with 1 when a peer could not be reached; what it gave before is kept.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente sync /var/lib/entente
  entente sync /var/lib/entente Belmark")]
pub(crate) struct Args {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// One peer, by the name or id of its participant; all confirmed ones if none is named.
    peer: Option<String>,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        &self.dir
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        let peers: Vec<Peer> = match &self.peer {
            Some(name) => vec![peer::find(node, name)?],
            None => node.peers()?.into_iter().filter(|peer| peer.state == State::Confirmed).collect(),
        };
        ensure!(!peers.is_empty(), "there is no confirmed peer; `entente peer introduce` begins");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("could not begin to call")?;
        let wire = Peers::new(node.config().proxy.clone(), node.clock());
        let (mut told, mut exit) = (Vec::new(), Exit::Done);
        for (done, peer) in peers.iter().enumerate() {
            console.progress(&Progress {
                what: "Exchanging".to_owned(),
                done: done as u64,
                total: Some(peers.len() as u64),
                unit: Unit::Pieces,
                detail: peer.name.clone(),
            })?;
            node.compare_heads_next(&peer.participant);
            let went = runtime.block_on(node.sync(&wire, &peer.participant));
            if went.is_err() {
                exit = Exit::Incomplete;
            }
            told.push(describe(peer, &went));
        }
        console.answer(&told, |told| told.iter().map(in_words).collect::<Vec<_>>().join("\n"))?;
        Ok(exit)
    }
}

fn describe(peer: &Peer, went: &Result<Synced>) -> Value {
    let mut told = json!({ "peer": peer.participant.as_str(), "name": peer.name });
    match went {
        Ok(synced) => {
            told["accepted"] = json!(synced.accepted);
            told["records"] = json!(synced.accepted - synced.beside);
            told["beside"] = json!(synced.beside);
            told["known"] = json!(synced.known);
            told["awaiting"] = json!(synced.awaiting);
            told["refused"] = json!(synced.refused);
            told["given"] = json!(synced.given);
            told["more"] = json!(synced.more);
            told["calls_out_only"] = json!(peer.addresses.is_empty());
        }
        Err(error) => told["error"] = json!(format!("{error:#}")),
    }
    told
}

fn in_words(told: &Value) -> String {
    let name = told["name"].as_str().unwrap_or_default();
    if let Some(error) = told["error"].as_str() {
        return format!("{name}: the exchange stopped: {error}. It is tried again by itself while the node serves.");
    }
    if told["calls_out_only"] == true {
        return format!("{name}: it only calls others; it takes and gives when it calls.");
    }
    let count = |field: &str| told[field].as_u64().unwrap_or_default();
    let mut text = format!("{name}: {} accepted", bundle::records(count("records"), count("beside")));
    for (field, what) in [("awaiting", "awaiting a decision"), ("refused", "refused"), ("given", "given")] {
        if told[field] != 0 {
            text.push_str(&format!(", {} {what}", told[field]));
        }
    }
    if told["more"] == true {
        text.push_str("; there is more behind much that was here already, and the next exchange goes on");
    }
    text + "."
}
