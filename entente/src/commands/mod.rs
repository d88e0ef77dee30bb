//! The command line: every command, where it runs, and with which code the process ends.
//!
//! A command on a node runs in this process with the node's folder locked, or, while the node serves, in the serving process by way
//! of the control socket. Its code is the same in both, and sees its caller as a [`Console`] only.

mod demo;
mod guide;
mod init;
mod label;
mod names;
mod read;
mod restore;
mod serve;
mod verify;

pub(crate) use read::unpacked;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use node::Node;
use node::chance::{Random as _, SystemRandom};
use node::clock::SystemClock;
use node::config::Config;
use node::folder::Folder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::console::{Console, Exit, Progress, Terminal, Unit};
use crate::control::{self, Call};
use crate::logging::Logging;
use crate::serve::pages::Pages;
use crate::settings;

/// Run a node that keeps cyber-cooperation records and exchanges them under its own release rules.
#[derive(Debug, Parser)]
#[command(
    name = "entente",
    version,
    arg_required_else_help = true,
    term_width = 100,
    after_help = settings::ENVIRONMENT
)]
struct CommandLine {
    /// Answer with one JSON document, for programs.
    #[arg(long, global = true, display_order = 900)]
    json: bool,
    #[command(flatten)]
    logging: Logging,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Serve(serve::Args),
    Read(read::Args),
    Demo(demo::Args),
    #[command(flatten)]
    OnNode(OnNode),
    Restore(restore::Args),
    Verify(verify::Args),
}

/// A command on the node in a folder, whether that serves or not.
trait NodeCommand: Serialize + DeserializeOwned {
    /// The node's folder.
    fn folder(&self) -> &Path;

    /// The files of the caller that it reads and writes.
    fn files(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Whether it takes a secret from the caller's standard input.
    fn takes_secret(&self) -> bool {
        false
    }

    /// Does it without the node, where it is about one that cannot be opened; `None` where it needs the node.
    fn run_closed(&self, _: &mut Terminal) -> Option<Result<Exit>> {
        None
    }

    /// Does it with the pages of a node that serves; `None` where it does without them.
    fn run_serving(&self, _: &Node, _: &Pages, _: &mut dyn Console) -> Option<Result<Exit>> {
        None
    }

    /// Does it.
    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit>;
}

/// Declares a module for each command on a node, and the choice among them.
macro_rules! commands_on_a_node {
    ($($module:ident: $variant:ident),+ $(,)?) => {
        $(mod $module;)+

        #[derive(Debug, Subcommand, Serialize, Deserialize)]
        enum OnNode {
            $($variant($module::Args),)+
        }

        impl OnNode {
            fn folder(&self) -> &Path {
                match self { $(Self::$variant(command) => command.folder(),)+ }
            }

            fn files(&self) -> Vec<PathBuf> {
                match self { $(Self::$variant(command) => command.files(),)+ }
            }

            fn run_closed(&self, terminal: &mut Terminal) -> Option<Result<Exit>> {
                match self { $(Self::$variant(command) => command.run_closed(terminal),)+ }
            }

            fn run_serving(&self, node: &Node, pages: &Pages, console: &mut dyn Console) -> Option<Result<Exit>> {
                match self { $(Self::$variant(command) => command.run_serving(node, pages, console),)+ }
            }

            fn takes_secret(&self) -> bool {
                match self { $(Self::$variant(command) => command.takes_secret(),)+ }
            }

            fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
                match self { $(Self::$variant(command) => command.run(node, console),)+ }
            }
        }
    };
}

commands_on_a_node! {
    health: Health,
    import: Import,
    export: Export,
    collection: Collection,
    circle: Circle,
    participant: Participant,
    user: User,
    access: Access,
    dialogues: Dialogues,
    peer: Peer,
    sync: Sync,
    bundle: Bundle,
    awaiting: Awaiting,
    quarantine: Quarantine,
    clearance: Clearance,
    explain: Explain,
    backup: Backup,
    key: Key,
    erase: Erase,
    spill: Spill,
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let line = CommandLine::from_arg_matches(&guide::guided(CommandLine::command()).get_matches())
        .unwrap_or_else(|error| error.exit());
    let mut terminal = Terminal::new(line.json);
    let ended = line
        .logging
        .start(matches!(line.command, Command::Serve(_)))
        .and_then(|()| run(line.command, &mut terminal));
    let exit = ended.unwrap_or_else(|error| {
        if !is_closed_pipe(&error) {
            terminal.fail(&error);
        }
        Exit::NotTried
    });
    ExitCode::from(exit.code())
}

/// Whoever read our output has read enough, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let cause = error.root_cause().downcast_ref::<std::io::Error>();
    cause.is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

fn run(command: Command, terminal: &mut Terminal) -> Result<Exit> {
    match command {
        Command::Init(arguments) => arguments.run(terminal),
        Command::Serve(arguments) => arguments.run(terminal),
        Command::Demo(arguments) => arguments.run(terminal),
        Command::Read(arguments) => arguments.run(terminal),
        Command::OnNode(command) => on_node(command, terminal),
        Command::Restore(arguments) => arguments.run(terminal),
        Command::Verify(arguments) => arguments.run(terminal),
    }
}

/// Lets the serving process run the command; where none serves, runs it here.
fn on_node(command: OnNode, terminal: &mut Terminal) -> Result<Exit> {
    let folder = Folder::open(command.folder())?;
    if let Some(ended) = command.run_closed(terminal) {
        return ended;
    }
    if matches!(command, OnNode::Import(_) | OnNode::Backup(_)) {
        terminal.stop_when_asked()?;
    }
    let call = Call {
        command: serde_json::to_value(&command)
            .context("the command line has a name that is not UTF-8")?,
        files: command.files(),
        secret: command.takes_secret(),
    };
    if let Some(exit) = control::call(&folder.control(), &call, terminal)? {
        return Ok(exit);
    }
    let node = open(folder.root(), settings::load(folder.root())?)?;
    let ended = command.run(&node, terminal);
    node.close();
    ended
}

/// Opens the node for this process alone.
fn open(folder: &Path, config: Config) -> Result<Node> {
    let node = Node::open(
        folder,
        Some(config),
        Arc::new(SystemClock),
        Box::new(SystemRandom::new()?),
    )?;
    crate::desks::declare(&node);
    Ok(node)
}

/// Shows how far work has come that is told in stages.
struct Meter<'a> {
    what: &'static str,
    console: &'a mut dyn Console,
}

fn meter<'a>(what: &'static str, console: &'a mut dyn Console) -> Meter<'a> {
    Meter { what, console }
}

impl Meter<'_> {
    fn show(&mut self, stage: &str, done: u64, total: u64) {
        // A caller that has gone is noticed where the work is written.
        let _ = self.console.progress(&Progress {
            what: format!("{}: {stage}", self.what),
            done,
            total: (total > 0).then_some(total),
            unit: Unit::Pieces,
            detail: String::new(),
        });
    }
}

/// The node that a command is about, where it needs nothing more.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
struct Place {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
}

/// Whoever gives commands: the one who holds the node's folder, by the name that the system knows them by.
fn operator(node: &Node) -> node::Actor {
    node.at_terminal("operator")
}

/// A time as people and programs read it: RFC 3339, in UTC.
fn stamp(micros: i64) -> String {
    stix::Timestamp::from_micros(micros).as_str().to_owned()
}

/// The same for people: to the minute.
fn minute(micros: i64) -> String {
    let stamp = stamp(micros);
    let (day, time) = (
        stamp.get(..10).unwrap_or(&stamp),
        stamp.get(11..16).unwrap_or_default(),
    );
    format!("{day} {time} UTC")
}

/// A random UUID (RFC 9562, version 4).
fn new_uuid() -> Result<String> {
    let bytes = SystemRandom::new()?.bytes();
    Ok(uuid::Builder::from_random_bytes(bytes)
        .into_uuid()
        .to_string())
}
