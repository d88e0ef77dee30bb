//! Pages of a node with many records: how long each kind takes alone, and for 200 people who are there at once.
//!
//! Each request comes in the session of another person; what it shows is decided anew each time.

pub(super) mod house;
pub(super) mod people;
pub(super) mod visits;

use std::fs;
use std::path::PathBuf;
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
    /// A program that is there already, instead of one that is built for this.
    program: Option<PathBuf>,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Self {
            objects: 100_000,
            people: 200,
            rounds: 100,
            seconds: 30,
            program: None,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            if option == "--program" {
                plan.program = Some(PathBuf::from(value));
                continue;
            }
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

/// `bench pages [--objects N] [--people N] [--rounds N] [--seconds N] [--program FILE]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::of(arguments)?;
    let program = match &plan.program {
        Some(program) => program.clone(),
        None => {
            let build = [
                "build",
                "--profile",
                "fast",
                "--locked",
                "--package",
                "entente",
            ];
            if !succeeds(&mut cargo(&build))? {
                return Ok(ExitCode::FAILURE);
            }
            workspace::target().join("fast/entente")
        }
    };
    let folder = workspace::target().join("bench/pages");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    println!("machine's load before: {}", super::load_of_machine());
    let house = house::House::start(&program, &folder, plan.objects, plan.people)?;
    println!(
        "{} records, {} people, {:.0} MiB VmRSS\n",
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
