//! `cargo xtask bench`: the list of what can be measured; each measurement is a module of its own under `bench/`.

mod desk;
mod http;
mod pages;
mod peers;
mod process;
mod synthetic;
mod taxii;
mod texts;
mod wrk;

use std::process::ExitCode;

use anyhow::{Result, bail};

struct Bench {
    name: &'static str,
    measures: &'static str,
    run: fn(&[String]) -> Result<ExitCode>,
}

/// To add one: write `bench/NAME.rs` with a `pub(crate) fn run(arguments: &[String]) -> Result<ExitCode>`, add its line here,
/// and its results with their command to docs/benchmarks.md.
const BENCHES: &[Bench] = &[
    Bench {
        name: "desk",
        measures: "every view of the dialogues desk with 100,000 commitments, and the brief: desk [--commitments N] [--rounds N] [--profile NAME] [--again]",
        run: desk::run,
    },
    Bench {
        name: "pages",
        measures: "each kind of page on a node with many records, alone and for 200 people at once: pages [--objects N] [--people N] [--rounds N] [--seconds N] [--program FILE]",
        run: pages::run,
    },
    Bench {
        name: "peers",
        measures: "forty nodes on this machine: how soon a record is with all it is for, and that it is nowhere else: peers [--nodes N] [--seconds N] [--rate N] [--fresh]",
        run: peers::run,
    },
    Bench {
        name: "taxii",
        measures: "taking in, pulling, and single answers, beside nginx on the same bytes: taxii [--objects N] [--seconds N] [--rounds N] [--only sealed,pull,answers=NAME,others]",
        run: taxii::run,
    },
    Bench {
        name: "texts",
        measures: "a thousand texts taken in at once, the program killed in the midst and started again: texts [--texts N] [--profile NAME]",
        run: texts::run,
    },
];

/// The load average, which tells how much of the machine was ours.
fn load_of_machine() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", list(BENCHES));
        return Ok(ExitCode::SUCCESS);
    };
    match BENCHES.iter().find(|bench| bench.name == name) {
        Some(bench) => (bench.run)(rest),
        None => bail!("there is no measurement {name:?}\n{}", list(BENCHES)),
    }
}

fn list(benches: &[Bench]) -> String {
    benches
        .iter()
        .map(|bench| format!("{:12} {}\n", bench.name, bench.measures))
        .collect()
}
