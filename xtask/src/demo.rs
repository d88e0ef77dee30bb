//! `cargo xtask demo`: three nodes of three invented participants on loopback, from a fresh clone in one command.

use std::os::unix::process::CommandExt;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::program::{cargo, command, succeeds};
use crate::workspace;

const FOLDER: &str = "target/demo";

/// Builds the node and becomes it, so that an interrupt reaches the nodes and nothing stands between them and the terminal.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    if let Some(other) = arguments.iter().find(|argument| *argument != "--fresh") {
        bail!("demo does not know {other:?}; it takes --fresh, which starts over");
    }
    eprintln!("Building the node; the first time this takes some minutes.");
    // The development build: an optimised one takes twice as long to make, and nobody waits for the pages of three small nodes.
    if !succeeds(&mut cargo(&["build", "--package", "entente"]))? {
        return Ok(ExitCode::FAILURE);
    }
    let binary = workspace::target().join("debug/entente");
    let error = command(&binary, &["demo", FOLDER]).args(arguments).exec();
    Err(error).with_context(|| format!("could not start {}", binary.display()))
}
