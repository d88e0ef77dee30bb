//! Many nodes on one machine, each a process of its own and a peer of every other: how soon a record is with all for whom it is
//! labeled, and that it is with nobody else.

mod deliveries;
mod federation;

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::program::{cargo, succeeds};
use crate::workspace;

/// How much is measured.
struct Plan {
    nodes: usize,
    seconds: u64,
    rate: u64,
    fresh: bool,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Self {
            nodes: 40,
            seconds: 60,
            rate: 2,
            fresh: false,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            if option == "--fresh" {
                plan.fresh = true;
                continue;
            }
            let value = arguments
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            let number: u64 = value
                .parse()
                .with_context(|| format!("{value:?} is no number"))?;
            match option.as_str() {
                "--nodes" => plan.nodes = usize::try_from(number.clamp(2, 200))?,
                "--seconds" => plan.seconds = number.max(1),
                "--rate" => plan.rate = number.max(1),
                other => bail!("bench peers does not know {other}"),
            }
        }
        Ok(plan)
    }
}

/// `bench peers [--nodes N] [--seconds N] [--rate N] [--fresh]`. The nodes of the last run are used again unless told otherwise.
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
    let folder = workspace::target().join(format!("bench/peers/{}", plan.nodes));
    if plan.fresh {
        let _ = fs::remove_dir_all(&folder);
    }
    fs::create_dir_all(&folder)?;
    let federation = federation::Federation::start(&folder, plan.nodes)?;
    // What was left over from the time that they were stopped is exchanged first.
    std::thread::sleep(Duration::from_secs(5));
    println!("machine's load before: {}", super::load_of_machine());
    println!("\n| what | figure |\n|---|---|");
    let idle = federation.cpu_during(Duration::from_secs(10))?;
    println!(
        "| {} nodes, each a peer of each other, at rest | {:.1} ms CPU per second and node, {:.0} MiB VmRSS in all |",
        plan.nodes,
        idle / 10.0 / plan.nodes as f64 * 1e3,
        federation.rss()
    );
    let good = deliveries::run(&federation, &folder, plan.seconds, plan.rate)?;
    println!("\nmachine's load after: {}", super::load_of_machine());
    Ok(match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
