//! Every view of the dialogues desk on a node with many commitments: how long the server takes for each, in all its filters.
//!
//! Which views there are says the desk itself, by its list of addresses (`desks/dialogues/examples/scale`): none is left out.

mod views;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use self::views::View;
use super::pages::house::AT;
use super::pages::people::invited;
use super::process::Server;
use crate::program::{cargo, output, succeeds};
use crate::workspace;

/// Who looks.
const PERSON: &str = "Ilse Varnholt";

/// How much is measured.
struct Plan {
    commitments: u64,
    rounds: usize,
    /// How everything is built.
    profile: String,
    /// Whether the node is asked that the last run has left.
    again: bool,
}

impl Plan {
    fn of(arguments: &[String]) -> Result<Self> {
        let mut plan = Self {
            commitments: 100_000,
            rounds: 100,
            profile: "fast".to_owned(),
            again: false,
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            if option == "--again" {
                plan.again = true;
                continue;
            }
            let value = arguments
                .next()
                .with_context(|| format!("{option} needs a value"))?;
            let number = || -> Result<u64> {
                let number = value.parse();
                number.with_context(|| format!("{value:?} is no number"))
            };
            match option.as_str() {
                "--commitments" => plan.commitments = number()?,
                "--rounds" => plan.rounds = usize::try_from(number()?.max(5))?,
                "--profile" => plan.profile.clone_from(value),
                other => bail!("bench desk does not know {other}"),
            }
        }
        Ok(plan)
    }
}

/// `bench desk [--commitments N] [--rounds N] [--profile NAME] [--again]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let plan = Plan::of(arguments)?;
    let folder = workspace::target().join("bench/desk");
    let (node, listed) = (folder.join("node"), folder.join("views.json"));
    let Some((program, scale)) = built(&plan.profile)? else {
        return Ok(ExitCode::FAILURE);
    };
    if !plan.again {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let mut fill = Command::new(scale);
        fill.arg(plan.commitments.to_string());
        fill.args([&node, &listed]);
        if !succeeds(&mut fill)? {
            bail!("the node could not be filled");
        }
    }
    println!("machine's load before: {}", super::load_of_machine());
    let (server, cookie) = entered(&program, &node)?;
    rests(&server)?;
    let good = views::ask(&server, &cookie, &View::listed(&listed)?, plan.rounds)?;
    println!(
        "\n{:.0} MiB VmRSS afterwards; machine's load after: {}",
        server.rss(),
        super::load_of_machine()
    );
    Ok(match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Waits until the node has nothing of its own to do: after a first start it takes facets and words from all that it holds.
fn rests(server: &Server) -> Result<()> {
    let begun = Instant::now();
    loop {
        let before = server.cpu(None)?;
        std::thread::sleep(Duration::from_secs(3));
        if server.cpu(None)? - before < 0.1 {
            return Ok(());
        }
        if begun.elapsed() > Duration::from_secs(1_200) {
            bail!("the node does not come to rest");
        }
    }
}

/// The program, and what fills a node; `None` where they could not be built.
pub(super) fn built(profile: &str) -> Result<Option<(PathBuf, PathBuf)>> {
    let build = ["build", "--locked", "--profile", profile, "--package"];
    let both = succeeds(cargo(&build).arg("entente"))?
        && succeeds(cargo(&build).args(["dialogues", "--example", "scale"]))?;
    let folder = workspace::target().join(match profile {
        "dev" => "debug",
        other => other,
    });
    let paths = (folder.join("entente"), folder.join("examples/scale"));
    Ok(both.then_some(paths))
}

/// Serves a node.
pub(super) fn serve(program: &Path, node: &Path) -> Result<Server> {
    let mut command = Command::new(program);
    command
        .args(["--log", "error", "serve"])
        .arg(node)
        .args(["--listen", AT])
        .stdout(Stdio::null());
    Server::start(&mut command, AT)
}

/// A serving node, and the session of somebody who may see all of the desk.
pub(super) fn entered(program: &Path, node: &Path) -> Result<(Server, String)> {
    let started = Instant::now();
    let server = serve(program, node)?;
    println!("started in {:.2} s", started.elapsed().as_secs_f64());
    // It takes commands a little after it answers.
    while !node.join("control.sock").exists() && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut add = Command::new(program);
    add.args(["user", "add"]).arg(node);
    // Of a node that is asked again, somebody else each time.
    add.arg(format!("{PERSON} {}", std::process::id()));
    for role in ["reader", "editor", "releaser"] {
        add.args(["--role", role]);
    }
    let cookie = invited(&output(&mut add)?).context("nobody came in")?;
    Ok((server, cookie))
}
