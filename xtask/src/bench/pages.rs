//! Pages of a node with many records: how long each kind takes alone, and for 200 people who are there at once.
//!
//! Each request carries the session of another person who signed in; what they see is decided for each of them.

mod house;
mod visits;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::program::{cargo, succeeds};
use crate::workspace;

/// How much is measured.
struct Plan {
    objects: u64,
    people: usize,
    rounds: usize,
    seconds: u64,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Self {
            objects: 100_000,
            people: 200,
            rounds: 100,
            seconds: 30,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            let number: u64 = value
                .parse()
                .with_context(|| format!("{value:?} is no number"))?;
            match option.as_str() {
                "--objects" => plan.objects = number.max(1_000),
                "--people" => plan.people = usize::try_from(number.clamp(1, 1_000))?,
                "--rounds" => plan.rounds = usize::try_from(number.max(5))?,
                "--seconds" => plan.seconds = number.max(1),
                other => bail!("bench pages does not know {other}"),
            }
        }
        Ok(plan)
    }
}

/// `bench pages [--objects N] [--people N] [--rounds N] [--seconds N]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::of(arguments)?;
    if !succeeds(&mut cargo(&[
        "build",
        "--profile",
        "fast",
        "--locked",
        "--package",
        "entente",
    ]))? {
        return Ok(ExitCode::FAILURE);
    }
    let folder = workspace::target().join("bench/pages");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    println!("machine's load before: {}", super::load_of_machine());
    let house = house::House::start(&folder, plan.objects, plan.people)?;
    println!(
        "{} records, {} people signed in, {:.0} MiB VmRSS\n",
        plan.objects,
        plan.people,
        house.server.rss()
    );
    let mut good = visits::alone(&house, plan.rounds)?;
    good &= visits::together(&house, plan.seconds)?;
    println!(
        "\n{:.0} MiB VmRSS afterwards; machine's load after: {}",
        house.server.rss(),
        super::load_of_machine()
    );
    Ok(match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
