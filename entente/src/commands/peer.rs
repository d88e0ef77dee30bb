//! `entente peer`: the nodes of other participants. Two people confirm them, by reading a few words to each other.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::Subcommand;
use node::Node;
use node::keys::{Introduction, Words};
use node::peers::{Peer, State};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, names, stamp};
use crate::console::{Console, Exit, table};

/// Introduce nodes to each other, and list those that are. Being a peer gives no right to anything: labels decide.
///
/// Each side sends the other its introduction, adds the one that it got, and both call each other on a number that they know
/// already: each reads its own words aloud, the other types what it hears.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente peer introduce /var/lib/entente \\
      --address https://node.arland.example > arland.introduction
  entente peer add /var/lib/entente belmark.introduction
  entente peer confirm /var/lib/entente Belmark ocean table winter lemon proud visit")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// Write this node's introduction, to be sent to others, and show the words to read aloud.
    Introduce(Introduce),
    /// Take the introduction of another node. Nothing in it is believed before its words are confirmed.
    Add(Add),
    /// Confirm a peer by the words that its people read aloud.
    Confirm(Confirm),
    /// List the peers, and how each is doing.
    #[command(after_help = "Example:\n  entente peer list /var/lib/entente --json")]
    List(Place),
    /// Stop the exchange with a peer at once, in both directions.
    #[command(after_help = "Example:\n  entente peer suspend /var/lib/entente Belmark")]
    Suspend(One),
    /// Go on with it where it was stopped.
    #[command(after_help = "Example:\n  entente peer resume /var/lib/entente Belmark")]
    Resume(One),
    /// End it for good. What came from the peer stays, and nobody else can claim its identity.
    #[command(after_help = "Example:\n  entente peer forget /var/lib/entente Belmark")]
    Forget(One),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente peer introduce /var/lib/entente \\
      --address https://node.arland.example > arland.introduction")]
struct Introduce {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// An address under which others reach this node; may be repeated. The configured one if none is given, else those of the
    /// introduction before.
    #[arg(long, value_name = "URL")]
    address: Vec<String>,
    /// This node is reached by nobody: it calls others, and gives and takes then.
    #[arg(long, conflicts_with = "address")]
    calls_out_only: bool,
    /// The file to make; standard output if none is named.
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente peer add /var/lib/entente belmark.introduction")]
struct Add {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The introduction that the other side sent; `-` is standard input.
    file: PathBuf,
    /// Its people say, on a number that you know, that they lost their keys: once the words are confirmed, those of the file count.
    /// It has to be suspended.
    #[arg(long)]
    new_keys: bool,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente peer confirm /var/lib/entente Belmark ocean table winter lemon proud visit")]
struct Confirm {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The peer, by the name or id of its participant.
    peer: String,
    /// The six words that its people read aloud, in English or French.
    #[arg(required = true, value_name = "WORD")]
    words: Vec<String>,
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct One {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// The peer, by the name or id of its participant.
    peer: String,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::Introduce(introduce) => &introduce.dir,
            What::Add(add) => &add.dir,
            What::Confirm(confirm) => &confirm.dir,
            What::List(place) => &place.dir,
            What::Suspend(one) | What::Resume(one) | What::Forget(one) => &one.dir,
        }
    }

    fn files(&self) -> Vec<PathBuf> {
        match &self.what {
            What::Introduce(introduce) => vec![introduce.output.clone()],
            What::Add(add) => vec![add.file.clone()],
            _ => Vec::new(),
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::Introduce(introduce) => introduce.run(node, console)?,
            What::Add(add) => add.run(node, console)?,
            What::Confirm(confirm) => confirm.run(node, console)?,
            What::List(_) => list(node, console)?,
            What::Suspend(one) => {
                let peer = find(node, &one.peer)?;
                node.suspend_peer(&peer.participant, &super::operator(node)).wait()?;
                say(node, &peer, "nothing is exchanged any more until it is resumed", console)?;
            }
            What::Resume(one) => {
                let peer = find(node, &one.peer)?;
                node.resume_peer(&peer.participant, &super::operator(node)).wait()?;
                say(node, &peer, "the exchange goes on", console)?;
            }
            What::Forget(one) => {
                let peer = find(node, &one.peer)?;
                node.forget_peer(&peer.participant, &super::operator(node)).wait()?;
                say(node, &peer, "it is forgotten; what came from it stays", console)?;
            }
        }
        Ok(Exit::Done)
    }
}

impl Introduce {
    /// What was said once stands until somebody says otherwise: a node whose keys have changed is reached where it was.
    fn addresses(&self, node: &Node) -> Result<Vec<String>> {
        if self.calls_out_only || !self.address.is_empty() {
            return Ok(self.address.clone());
        }
        if let Some(address) = &node.config().address {
            return Ok(vec![address.clone()]);
        }
        let before = node.own_introduction()?;
        let before = before.and_then(|file| Introduction::read(file.as_bytes()).ok());
        Ok(before.map_or_else(Vec::new, |before| before.addresses().to_vec()))
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let addresses = self.addresses(node)?;
        let outbound_only = addresses.is_empty();
        let introduction = node.introduce(addresses, &super::operator(node)).wait()?;
        let mut sink = console.create(&self.output)?;
        sink.write_all(introduction.file().as_bytes())?;
        sink.finish()?;
        let words = node.own_words()?;
        let in_words = words.map_or_else(String::new, |words| aloud(&words));
        if self.output == Path::new("-") {
            console.note("Send this file to the other side, and read to them when you call:")?;
            for line in in_words.lines() {
                console.note(line)?;
            }
        } else {
            let answer = json!({ "file": self.output, "words": words.as_ref().map(spelled) });
            console.answer(&answer, |_| {
                format!("{} is made. Send it to the other side, and read to them when you call:\n{in_words}", self.output.display())
            })?;
        }
        if outbound_only {
            console.note("No address is named, so this node only calls others. If others shall call it, set `address` in config.toml or give --address.")?;
        }
        Ok(())
    }
}

fn aloud(words: &Words) -> String {
    format!("  {}\n  {}", words.in_english(), words.in_french())
}

fn spelled(words: &Words) -> Value {
    json!({ "english": words.in_english(), "french": words.in_french() })
}

impl Add {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let mut file = Vec::new();
        let most = Introduction::MOST_BYTES as u64;
        console.open(&self.file)?.reader.take(most + 1).read_to_end(&mut file)?;
        ensure!(file.len() as u64 <= most, "{} is no introduction: it has more than {most} bytes", self.file.display());
        let by = super::operator(node);
        let added = if self.new_keys { node.add_peer_anew(&file, &by)? } else { node.add_peer(&file, &by)? };
        let answer = json!({
            "participant": added.participant.as_str(),
            "name": added.name,
            "state": State::Introduced,
            "read_aloud": added.ours.as_ref().map(spelled),
        });
        console.answer(&answer, |_| {
            let ours = match &added.ours {
                Some(ours) => format!("Read to them:\n{}\n", aloud(ours)),
                None => "Send them this node's introduction, too: `entente peer introduce`.\n".to_owned(),
            };
            format!(
                "{} calls itself {}. Nothing in the file is believed yet.\n\
                 Call the other side on a number that you know already. {ours}\
                 Then type the six words that they read to you:\n  entente peer confirm DIR {:?} WORDS",
                added.participant, added.name, added.name
            )
        })
    }
}

impl Confirm {
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<()> {
        let peer = find(node, &self.peer)?;
        let peer = node.confirm_peer(&peer.participant, &self.words.join(" "), &super::operator(node))?;
        let meant = node.participants().into_iter().filter(|known| known.id != peer.participant && known.designated.get("") == Some(&peer.participant));
        for known in meant {
            console.note(&format!("{} ({}), which was noted here by hand, is meant by it: what is labeled for the one is for the other.", known.name, known.id))?;
        }
        say(node, &peer, "it is who it says it is; the nodes exchange from now on what labels allow", console)
    }
}

/// The peer of this name or id.
pub(super) fn find(node: &Node, name: &str) -> Result<Peer> {
    let wanted = name.trim().to_lowercase();
    let mut peers = node.peers()?;
    let is_meant = |peer: &Peer| peer.participant.as_str() == name || peer.name.to_lowercase() == wanted;
    match peers.iter().filter(|peer| is_meant(peer)).count() {
        0 => {
            let known = peers.into_iter().map(|peer| peer.name);
            bail!("no peer is called {name:?}{}", names::offer(name, known))
        }
        1 => {
            peers.retain(is_meant);
            Ok(peers.remove(0))
        }
        _ => bail!("several peers are called {name:?}: name the one that is meant by its id, as `entente peer list` shows it"),
    }
}

fn say(node: &Node, peer: &Peer, what: &str, console: &mut dyn Console) -> Result<()> {
    let state = node.peer(&peer.participant)?.map(|now| now.state);
    let answer = json!({ "participant": peer.participant.as_str(), "name": peer.name, "state": state });
    console.answer(&answer, |_| format!("{}: {what}.", peer.name))
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let peers = node.peers()?;
    let described = peers
        .iter()
        .map(|peer| {
            let mut described = serde_json::to_value(peer)?;
            for name in ["last_contact", "next_try"] {
                if let Some(at) = described[name].as_i64() {
                    described[name] = Value::from(stamp(at));
                }
            }
            Ok(described)
        })
        .collect::<Result<Vec<Value>>>()?;
    console.answer(&described, |_| {
        if peers.is_empty() {
            return "There are no peers; `entente peer introduce` begins.".to_owned();
        }
        let rows: Vec<_> = peers
            .iter()
            .map(|peer| {
                [
                    peer.name.clone(),
                    if peer.inconsistent.is_some() { "its log contradicts itself".to_owned() } else { peer.state.as_str().to_owned() },
                    peer.last_contact.map_or_else(|| "never".to_owned(), stamp),
                    peer.taken.to_string(),
                    peer.last_error.clone().unwrap_or_default(),
                ]
            })
            .collect();
        let mut text = table(["name", "state", "last heard", "records taken", "trouble"], &rows);
        for (peer, log) in peers.iter().filter_map(|peer| Some((peer, peer.log_renamed.as_ref()?))) {
            text.push_str(&format!("\n{} was restored from a backup: its log goes on as {log}.", peer.name));
            if let Some(lost) = peer.log_lost {
                text.push_str(&format!(" Of what the log had shown here, the last {lost} are not in it any more: ask its people whether they were lost."));
            }
        }
        text
    })
}
