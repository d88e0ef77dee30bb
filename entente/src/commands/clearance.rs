//! `entente clearance`: what waits to leave, and stopping it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use node::Node;
use node::clearance::{Act, Awaits, Case, Said, StepKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Place, stamp};
use crate::console::{Console, Exit, table};

/// List what waits to be sent to others or published, or withdraw it.
///
/// Until its steps are given and its delay is over, it is seen where it comes from and by nobody else. Visas and signatures are given on
/// the node's pages, by somebody who signed in: whoever holds the terminal alone releases nothing.
#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Examples:
  entente clearance list /var/lib/entente
  entente clearance withdraw /var/lib/entente 2")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand, Serialize, Deserialize)]
enum What {
    /// List the open cases.
    #[command(after_help = "Example:\n  entente clearance list /var/lib/entente --json")]
    List(Place),
    /// Withdraw a case; the records stay where they are.
    Withdraw(Withdraw),
}

#[derive(Debug, clap::Args, Serialize, Deserialize)]
#[command(after_help = "Example:
  entente clearance withdraw /var/lib/entente 2")]
struct Withdraw {
    /// The node's folder.
    #[serde(skip)]
    dir: PathBuf,
    /// Its number, as the list shows it.
    number: u64,
}

impl super::NodeCommand for Args {
    fn folder(&self) -> &Path {
        match &self.what {
            What::List(place) => &place.dir,
            What::Withdraw(withdraw) => &withdraw.dir,
        }
    }

    fn run(self, node: &Node, console: &mut dyn Console) -> Result<Exit> {
        match self.what {
            What::List(_) => list(node, console)?,
            What::Withdraw(Withdraw { number, .. }) => {
                let by = super::operator(node);
                let acted = node
                    .clearance()
                    .act(number, Act::Withdraw, Said::default(), &by);
                acted.wait()?;
                let answer = json!({ "number": number, "outcome": "withdrawn" });
                console.answer(&answer, |_| format!("{number} is withdrawn; nothing of it was released."))?;
            }
        }
        Ok(Exit::Done)
    }
}

fn list(node: &Node, console: &mut dyn Console) -> Result<()> {
    let all = node.clearance().open_cases()?;
    let described: Vec<Value> = all.iter().map(|case| describe(node, case)).collect();
    console.answer(&described, |_| {
        if all.is_empty() {
            return "Nothing waits to be cleared.".to_owned();
        }
        let rows: Vec<_> = all
            .iter()
            .map(|case| {
                [
                    case.number.to_string(),
                    case.count().to_string(),
                    if case.public { "everybody" } else { "others" }.to_owned(),
                    stamp(case.asked_at),
                    super::names::identity(node, &case.asked_by),
                    waits_for(case).to_owned(),
                    until(case).map_or_else(String::new, stamp),
                ]
            })
            .collect();
        table(["number", "records", "for", "asked", "by", "waits for", "until"], &rows)
    })
}

fn waits_for(case: &Case) -> &'static str {
    match case.awaits() {
        Awaits::Visas => "visas",
        Awaits::Silence => "the end of a silence",
        Awaits::Broken => "what becomes of a broken silence",
        Awaits::Signature => "a signature",
        Awaits::Delay => "the delay",
        Awaits::Nothing => "nothing more",
    }
}

/// The end of what runs.
fn until(case: &Case) -> Option<i64> {
    match case.awaits() {
        Awaits::Silence => case.silence.as_ref().map(|silence| silence.until),
        _ => case.not_before,
    }
}

fn describe(node: &Node, case: &Case) -> Value {
    let steps = case.steps.iter().map(|step| {
        json!({
            "name": step.name,
            "kind": match step.kind { StepKind::Visa => "visa", StepKind::Signature => "signature" },
            "given_by": step.given.as_ref().map(|given| super::names::identity(node, &given.by)),
        })
    });
    json!({
        "number": case.number,
        "records": case.count(),
        "public": case.public,
        "asked_by": super::names::identity(node, &case.asked_by),
        "asked_at": stamp(case.asked_at),
        "waits_for": waits_for(case),
        "steps": steps.collect::<Vec<_>>(),
        "not_before": case.not_before.map(stamp),
    })
}
