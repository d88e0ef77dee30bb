//! TAXII beside nginx on the same bytes: what is taken in per second of processor, what is given back, and how fast single answers come.
//!
//! nginx serves from files what our node answered, so that both sides send the same bodies over the same loopback in the same minutes.
//! No question is asked twice before our node has forgotten its answer, and nginx has a file for each.

mod answers;
mod files;
mod ingest;
mod others;
mod ours;
mod pull;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::program::{cargo, quietly_succeeds, succeeds};
use crate::workspace;

/// What there is to measure, in order.
const PARTS: [&str; 4] = ["sealed", "pull", "answers", "others"];

/// How much is measured.
struct Plan {
    objects: u64,
    seconds: u32,
    rounds: usize,
    only: Vec<String>,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Self {
            objects: 100_000,
            seconds: 2,
            rounds: 3,
            only: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            let number = || {
                value
                    .parse::<u32>()
                    .with_context(|| format!("{value:?} is no number"))
            };
            match option.as_str() {
                "--objects" => plan.objects = number()?.max(5_000).into(),
                "--seconds" => plan.seconds = number()?.max(1),
                "--rounds" => plan.rounds = number()?.max(1) as usize,
                "--only" => plan.only = value.split(',').map(str::to_owned).collect(),
                other => bail!("bench taxii does not know {other}"),
            }
        }
        Ok(plan)
    }

    fn has(&self, part: &str) -> bool {
        self.only.is_empty()
            || self
                .only
                .iter()
                .any(|one| one == part || one.starts_with(&format!("{part}=")))
    }

    /// Whether an answer of this name is to be measured: `answers=NAME` chooses one by a part of its name.
    fn has_answer(&self, name: &str) -> bool {
        let mut chosen = self
            .only
            .iter()
            .filter_map(|one| one.strip_prefix("answers="))
            .peekable();
        chosen.peek().is_none() || chosen.any(|part| name.contains(part))
    }
}

/// `bench taxii [--objects N] [--seconds N] [--rounds N] [--only PART,..]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::of(arguments)?;
    if let Some(unknown) = plan.only.iter().find(|one| {
        let part = one.split('=').next().unwrap_or_default();
        !PARTS.contains(&part)
    }) {
        bail!(
            "bench taxii has no part {unknown:?}; it has {}",
            PARTS.join(", ")
        );
    }
    for program in ["nginx", "wrk"] {
        install(program)?;
    }
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
    let folder = workspace::target().join("bench/taxii");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("www"))?;
    println!("machine's load before: {}", super::load_of_machine());
    let ours = ours::Ours::start(&folder)?;
    println!("\n| what | figure |\n|---|---|");
    ingest::run(&ours, plan.objects)?;
    let pages = pull::run(&ours, &folder)?;
    let nginx = files::start(&folder)?;
    if plan.has("pull") {
        pull::beside(&ours, &pages, plan.rounds)?;
    }
    if plan.has("answers") {
        answers::run(&plan, &ours, &nginx, &folder, &pages)?;
    }
    if plan.has("sealed") {
        println!("\n| what | figure |\n|---|---|");
        ingest::sealed(&ours, &folder, plan.objects / 5)?;
    }
    if plan.has("others") {
        others::run(&ours, &folder)?;
    }
    println!("\nmachine's load after: {}", super::load_of_machine());
    Ok(ExitCode::SUCCESS)
}

fn install(program: &str) -> Result<()> {
    if quietly_succeeds(Command::new(program).arg("-v"))
        || Path::new("/usr/sbin").join(program).exists()
    {
        return Ok(());
    }
    let installed = Command::new("apt-get")
        .args(["install", "-y", "-q", program])
        .stdout(Stdio::null())
        .status();
    if !installed.is_ok_and(|status| status.success()) {
        bail!("this measurement needs {program}: install it and try again");
    }
    Ok(())
}

/// The middle of some figures.
fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}
