//! `cargo xtask test`: sets up, checks, tests, and ends with one line that counts. Nothing that did not run counts as passed.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use self::tally::Tally;
use crate::program::{cargo, command, quietly_succeeds, shown_and_kept, succeeds};
use crate::setup;
use crate::workspace::{self, Package};

mod browser;
mod tally;

/// Where nextest reports to, as .config/nextest.toml says.
const REPORT: &str = "nextest/default/junit.xml";

struct Options {
    quick: bool,
    names: Vec<String>,
}

pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut options = Options {
        quick: false,
        names: Vec::new(),
    };
    for argument in arguments {
        match argument.as_str() {
            "--quick" => options.quick = true,
            other if other.starts_with('-') => {
                bail!("test does not know {other:?}; it takes --quick and names")
            }
            name => options.names.push(name.to_owned()),
        }
    }
    let packages = workspace::packages()?;
    let mut run = Run {
        total: Tally::default(),
        started: Instant::now(),
    };
    if !options.quick {
        run.step("set-up", || {
            Ok(Tally {
                skipped: setup::prepare(&packages),
                ..Tally::default()
            })
        })?;
    }
    if options.names.is_empty() {
        run.step("fmt", || check(&["fmt", "--all", "--check"]))?;
        run.step("clippy", || {
            check(&[
                "clippy",
                "--workspace",
                "--all-targets",
                "--quiet",
                "--",
                "--deny",
                "warnings",
            ])
        })?;
    }
    if options.names.is_empty() && !options.quick {
        run.step("deny", deny)?;
        run.step("service", service)?;
        run.step("doc tests", doc_tests)?;
    }
    let (browser, names): (Vec<String>, Vec<String>) =
        options.names.drain(..).partition(|name| name == "browser");
    let all = names.is_empty() && browser.is_empty();
    options.names = names;
    if all || !options.names.is_empty() {
        run.step("tests", || tests(&options, &packages))?;
    }
    if (all && !options.quick) || !browser.is_empty() {
        run.step("browser", || browser::run(!all))?;
    }
    Ok(run.finish())
}

struct Run {
    total: Tally,
    started: Instant,
}

impl Run {
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Tally>) -> Result<()> {
        println!("== {name}");
        let started = Instant::now();
        let tally = work()?;
        println!("== {name}: {:.1} s\n", started.elapsed().as_secs_f64());
        self.total.add(tally);
        Ok(())
    }

    fn finish(self) -> ExitCode {
        println!("after {:.0} s", self.started.elapsed().as_secs_f64());
        print!("{}", self.total);
        if self.total.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn check(arguments: &[&str]) -> Result<Tally> {
    let name = arguments.first().copied().unwrap_or_default();
    Ok(Tally::one(name, succeeds(&mut cargo(arguments))?))
}

/// Licences, bans, duplicates, sources. Advisories need their database, and are asked for where it can be fetched.
fn deny() -> Result<Tally> {
    let Some(program) = setup::cargo_deny() else {
        return Ok(Tally::skip(
            "deny: cargo-deny is not installed and could not be",
        ));
    };
    let arguments = [
        "--offline",
        "--all-features",
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ];
    Ok(Tally::one(
        "deny",
        succeeds(&mut command(program, &arguments))?,
    ))
}

/// How much of the machine the unit leaves open to the node: at most 1.5 of 10.
fn service() -> Result<Tally> {
    if !quietly_succeeds(&mut command("systemd-analyze", &["--version"])) {
        return Ok(Tally::skip("service: systemd-analyze is not installed"));
    }
    let arguments = [
        "security",
        "--offline=true",
        "--threshold=15",
        "--no-pager",
        "dist/entente.service",
    ];
    let (shown, passed) = shown_and_kept(&mut command("systemd-analyze", &arguments))?;
    Ok(Tally::one(
        "service",
        passed && shown.contains("Overall exposure level"),
    ))
}

fn doc_tests() -> Result<Tally> {
    let (printed, passed) = shown_and_kept(&mut cargo(&[
        "test",
        "--workspace",
        "--doc",
        "--",
        "--show-output",
    ]))?;
    Ok(tally::of_libtest(&printed).or_failure("doc tests", passed))
}

fn tests(options: &Options, packages: &[Package]) -> Result<Tally> {
    let ours = |name: &&String| {
        packages
            .iter()
            .any(|package| package.is_ours && package.name == **name)
    };
    let (chosen, filters): (Vec<&String>, Vec<&String>) = options.names.iter().partition(ours);
    let mut arguments: Vec<&str> = Vec::new();
    for package in &chosen {
        arguments.extend(["--package", package.as_str()]);
    }
    if chosen.is_empty() {
        arguments.push("--workspace");
    }
    arguments.push("--no-fail-fast");
    if quietly_succeeds(&mut cargo(&["nextest", "--version"])) {
        with_nextest(options, arguments, &filters)
    } else {
        with_cargo(options, arguments, &filters)
    }
}

fn with_nextest<'a>(
    options: &Options,
    arguments: Vec<&'a str>,
    filters: &[&'a String],
) -> Result<Tally> {
    let report = workspace::target().join(REPORT);
    if report.exists() {
        std::fs::remove_file(&report)?;
    }
    let mut run = cargo(&[
        "nextest",
        "run",
        "--status-level",
        "slow",
        "--no-tests",
        "fail",
        // Examples run for nobody here; clippy has compiled them.
        "--lib",
        "--bins",
        "--tests",
    ]);
    run.args(arguments).args(filters);
    if options.quick {
        run.args(["--filterset", "not (package(entente) and kind(test))"]);
    }
    let passed = succeeds(&mut run)?;
    let report = std::fs::read_to_string(&report).unwrap_or_default();
    Ok(tally::of_nextest(&report).or_failure("tests", passed))
}

fn with_cargo<'a>(
    options: &Options,
    arguments: Vec<&'a str>,
    filters: &[&'a String],
) -> Result<Tally> {
    let mut run = cargo(&["test"]);
    run.args(arguments);
    // Whole-node stories are the integration tests of one package; cargo can't leave out just those.
    run.args(if options.quick {
        &["--lib", "--bins"][..]
    } else {
        &["--tests"]
    });
    run.arg("--").arg("--show-output").args(filters);
    let (printed, passed) = shown_and_kept(&mut run)?;
    Ok(tally::of_libtest(&printed).or_failure("tests", passed))
}
