//! `cargo xtask`: the chores of the project, each one command that sets up what it needs and says at the end what came of it.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod demo;
mod dist;
mod program;
mod setup;
mod test;
mod tidy;
mod workspace;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [--fresh]            build the node and run three of them, peered and filled with sample records, until interrupted
  test [--quick] [NAME...]  set up, then every check and every test; with names, only the tests of these packages or names;
                            browser names those of the pages in a browser
  tidy                      the rules of the tree alone: arrows, rooms, openings, traces, links
  bench [NAME [ARG...]]     measure; without a name, list what can be measured
  dist                      build the release, check its size, print its SHA-256

Example: cargo xtask test policy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.split_first() {
        Some((command, rest)) => run(command, rest),
        None => Ok(usage()),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &str, rest: &[String]) -> Result<ExitCode> {
    match command {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "tidy" => tidy::run(),
        "bench" => bench::run(rest),
        "dist" => dist::run(),
        "help" | "--help" | "-h" => Ok(usage()),
        other => bail!("there is no command {other:?}\n\n{USAGE}"),
    }
}

fn usage() -> ExitCode {
    println!("{USAGE}");
    ExitCode::SUCCESS
}
