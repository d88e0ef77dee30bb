//! `entente demo`: three invented participants with a node each, ready to be looked at.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use node::chance::SystemRandom;
use node::clock::SystemClock;
use node::config::Config;
use node::users::Once;
use node::{New, Node};
use serde_json::json;

use super::serve::{Serving, ToldToStop, Work};
use crate::console::{Console, Exit, Terminal};
use crate::demo::introducing::{Reachable, introduce};
use crate::demo::loading::{self, Names};
use crate::demo::place::{Place, address};
use crate::demo::{PARTIES, Party};

/// How long what is under way may take to end.
const PATIENCE: Duration = Duration::from_secs(5);

/// Run three invented participants, each with its own node on this machine, and sample records under every label.
///
/// It prints an address and a sign-in link for each, and runs until it is interrupted. Run again, it goes on with what is there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  entente demo
  entente verify entente-demo/kestria")]
pub(crate) struct Args {
    /// The demo's folder; it is made if it is not there.
    #[arg(default_value = "entente-demo")]
    dir: PathBuf,
    /// Start over: empty the folder first, if it is the demo's own.
    #[arg(long)]
    fresh: bool,
}

/// One party's node at work.
struct Running {
    party: &'static Party,
    folder: PathBuf,
    node: Node,
    serving: Serving,
    work: Work,
}

impl Args {
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit> {
        let mut place = Place::open(&self.dir, self.fresh)?;
        let moved = place.ports::<{ PARTIES.len() }>()?;
        let mut nodes = Vec::new();
        for (party, port) in PARTIES.iter().zip(place.memory.ports.clone()) {
            nodes.push(open(&place, party, port)?);
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()?;
        let ended = runtime.block_on(async {
            let mut told = ToldToStop::new()?;
            let mut running = Vec::new();
            for (party, node) in PARTIES.iter().zip(&nodes) {
                running.push(Running::start(party, place.node(party.key), node).await?);
            }
            // Commits are waited for, and the roster of a circle travels as it would between capitals: the nodes serve meanwhile.
            tokio::task::block_in_place(|| make_ready(&mut place, moved, &nodes, terminal))?;
            tokio::task::block_in_place(|| announce(&running, terminal))?;
            told.wait().await;
            for one in running {
                one.stop().await?;
            }
            Ok(Exit::Done)
        });
        for node in &nodes {
            node.close();
        }
        runtime.shutdown_timeout(PATIENCE);
        ended
    }
}

/// Does what is left to do before the nodes are worth looking at.
fn make_ready(
    place: &mut Place,
    moved: bool,
    nodes: &[Node],
    terminal: &mut Terminal,
) -> Result<()> {
    if !place.memory.loaded {
        terminal.note(
            "Making three nodes, introducing them to each other and loading their records.",
        )?;
        fill(nodes, terminal)?;
        place.memory.loaded = true;
        place.remember()?;
    } else if moved {
        terminal.note("Their ports have changed: the nodes introduce themselves anew.")?;
        introduce(&reachable(nodes))?;
    }
    Ok(())
}

/// Opens a party's node on its port, and makes it first where there is none.
fn open(place: &Place, party: &Party, port: u16) -> Result<Node> {
    let folder = place.node(party.key);
    if !folder.join("config.toml").exists() {
        let new = New {
            participant: party.name.to_owned(),
            kind: party.kind,
            organ_of: party.of.map(str::to_owned),
            country: None,
        };
        // Nobody restores a demo: its recovery key is shown to nobody.
        let _recovery = Node::create(&folder, &new, &SystemClock, &mut SystemRandom::new()?)?;
    }
    let config = Config {
        listen: address(port),
        address: Some(format!("http://{}", address(port))),
        poll_seconds: 5,
        checkpoint_seconds: 5,
        ..Config::default()
    };
    // `entente serve` on this folder shall find the node where its peers do.
    let text = toml::to_string_pretty(&config).context("the configuration could not be written")?;
    std::fs::write(folder.join("config.toml"), text)?;
    super::open(&folder, config)
}

fn reachable(nodes: &[Node]) -> Vec<Reachable<'_>> {
    let address = |node: &Node| node.config().address.clone().unwrap_or_default();
    nodes
        .iter()
        .map(|node| Reachable {
            node,
            address: address(node),
        })
        .collect()
}

/// Introduces the nodes, and gives each its persons and records.
fn fill(nodes: &[Node], terminal: &mut Terminal) -> Result<()> {
    let mut names = Names::new();
    for (party, node) in PARTIES.iter().zip(nodes) {
        node.complete_set_up().wait()?;
        names.insert(format!("@{}", party.key), node.home().id.to_string());
        loading::persons(node, party, &mut names)?;
    }
    for compared in introduce(&reachable(nodes))? {
        terminal.note(&format!(
            "  {} and {} compared their words ({} ...). Between real nodes, two people read them to each other.",
            compared.one,
            compared.other,
            compared.words.split(' ').take(3).collect::<Vec<_>>().join(" ")
        ))?;
    }
    loading::circle(nodes, &mut names)?;
    for (party, node) in PARTIES.iter().zip(nodes) {
        loading::load(node, party, &mut names)?;
        dialogues::sample::invented(node, party.key, &mut names)?;
    }
    if let Some(first) = nodes.first() {
        loading::bring(first, &names)?;
    }
    Ok(())
}

fn announce(running: &[Running], terminal: &mut Terminal) -> Result<()> {
    let mut all = Vec::new();
    for one in running {
        let (reader, link) = one.sign_in()?;
        if terminal.wants_json() {
            all.push(json!({
                "participant": one.party.name, "address": one.serving.pages(), "folder": one.folder, "reader": reader, "sign_in": link,
            }));
            continue;
        }
        terminal.line("")?;
        terminal.line(&format!("{}  {}", one.serving.pages(), one.party.name))?;
        terminal.line(&format!("  {}", one.party.about))?;
        terminal.line(&format!("  sign in once, as {reader}: {link}"))?;
    }
    if terminal.wants_json() {
        return terminal.document(json!({ "nodes": all }));
    }
    terminal.line("")?;
    if let Some((one, second)) = running.first().and_then(|one| Some((one, one.person(1)?))) {
        terminal.line(&format!(
            "Some things take two persons. In another browser, be the second: entente user recover {} {:?} --once",
            one.folder.display(),
            second.name
        ))?;
    }
    terminal.line("All of it is invented. Ctrl-C stops the nodes; run it again to go on, or with --fresh to start over.")
}

impl Running {
    async fn start(party: &'static Party, folder: PathBuf, node: &Node) -> Result<Self> {
        let serving = Serving::start(node).await?;
        Ok(Self {
            party,
            folder,
            work: Work::start(node, &serving)?,
            serving,
            node: node.clone(),
        })
    }

    /// Who signs in at this node, and the link that does it once.
    fn sign_in(&self) -> Result<(String, String)> {
        let person = self.person(0).context("a party of the demo has nobody")?;
        let id = person.id.parse()?;
        let operator = super::operator(&self.node);
        let code = self.node.one_time(&id, Once::Link, &operator).wait()?;
        Ok((
            person.name,
            format!("{}{}", self.serving.pages(), code.path()),
        ))
    }

    fn person(&self, place: usize) -> Option<store::Person> {
        let (_, name, _) = self.party.persons.get(place)?;
        let persons = self.node.persons().ok()?;
        persons.into_iter().find(|person| person.name == *name)
    }

    async fn stop(self) -> Result<()> {
        self.work.end(self.serving).await
    }
}
