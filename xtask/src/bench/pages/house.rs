//! The node that is visited: with records that a program brought, versions of one, and people who signed in.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::people::{ROLES, entered, invited};
use crate::bench::http::Connection;
use crate::bench::process::Server;
use crate::bench::synthetic::{Dice, envelope};
use crate::program::output;

/// Where it listens.
pub(in crate::bench) const AT: &str = "127.0.0.1:7481";
const MEDIA: &str = "application/taxii+json;version=2.1";
/// Objects of one request.
const BATCH: u64 = 500;
/// Who comes in at the demo's first node by a link from the terminal.
const PERSON: &str = "Ilse Varnholt";
/// The one record with several versions.
pub(super) const REPORT: &str = "report--00000000-0000-4000-8000-000000000001";

/// A serving node and those who are in it.
pub(super) struct House {
    pub(super) server: Server,
    /// The sessions in which pages are read.
    pub(super) readers: Vec<String>,
    /// One more, for pages of administrators.
    pub(super) administrator: String,
}

impl House {
    pub(super) fn start(binary: &Path, folder: &Path, objects: u64, people: usize) -> Result<Self> {
        // The first node of the demo: set up, with its peers, which are not there, and its records.
        let node = demo(binary, &folder.join("demo"))?;
        let node = node.to_string_lossy();
        let run = |arguments: &[&str]| output(Command::new(binary).args(arguments));
        run(&["participant", "add", &node, "Belmark", "--kind", "state"])?;
        let granted = run(&[
            "access",
            "add",
            &node,
            "feed",
            "--participant",
            "Belmark",
            "--write",
            "situation",
            "--json",
        ])?;
        let granted: Value = serde_json::from_str(&granted)?;
        let secret = granted["secret"].as_str().context("no secret")?.to_owned();
        run(&[
            "collection",
            "add",
            &node,
            "shared",
            "--tlp",
            "AMBER",
            "--for",
            "Belmark",
        ])?;
        let mut command = Command::new(binary);
        command
            .args(["--log", "error", "serve", &node, "--listen", AT])
            .stdout(Stdio::null());
        let started = Instant::now();
        let server = Server::start(&mut command, AT)?;
        println!("started in {:.2} s", started.elapsed().as_secs_f64());
        // It takes commands a little after it answers.
        let control = Path::new(&*node).join("control.sock");
        while !control.exists() && started.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let printed = run(&["user", "recover", &node, PERSON, "--once"])?;
        let administrator = entered(&printed)?;
        let mut readers = Vec::with_capacity(people);
        for (number, roles) in (1..=people).zip(ROLES.iter().cycle()) {
            let name = format!("Visitor {number}");
            let mut arguments = vec!["user", "add", &*node, &*name];
            arguments.extend(roles.iter().flat_map(|role| ["--role", *role]));
            readers.push(
                invited(&run(&arguments)?).with_context(|| format!("{name} did not come in"))?,
            );
        }
        println!("{people} people came in, each by their own password");
        for modified in 1..=3 {
            let file = folder.join("report.json");
            fs::write(&file, report(modified).to_string())?;
            run(&[
                "import",
                &node,
                &file.to_string_lossy(),
                "--collection",
                "shared",
                "--tlp",
                "AMBER",
            ])?;
        }
        let house = Self {
            server,
            readers,
            administrator,
        };
        house.fill(&secret, objects)?;
        Ok(house)
    }

    fn fill(&self, secret: &str, objects: u64) -> Result<()> {
        let head = format!("Authorization: Bearer {secret}\r\nAccept: {MEDIA}\r\n");
        let mut connection = Connection::open(AT, &head)?;
        let mut dice = Dice::new(45);
        let started = Instant::now();
        for from in (0..objects).step_by(usize::try_from(BATCH)?) {
            let body = envelope(&mut dice, from, BATCH.min(objects - from), None);
            let path = "/taxii2/root/collections/situation/objects/";
            let answer = connection.post(path, MEDIA, body.as_bytes())?;
            if answer.status != 202 {
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                bail!("an envelope was not taken: {} {said:.400}", answer.status);
            }
        }
        println!(
            "{objects} objects taken in in {:.0} s",
            started.elapsed().as_secs_f64()
        );
        // The search follows: what came last is found when all is.
        let last = format!("/search?q={}", objects - 1);
        let until = Instant::now() + Duration::from_secs(1_200);
        let mut visitor = Connection::open(AT, &self.administrator)?;
        let mut behind: String = String::new();
        while Instant::now() < until {
            let page = visitor.get("/status")?;
            let text = String::from_utf8_lossy(&page.body).into_owned();
            let row = text.split("<tr>").find(|row| row.contains("to be indexed"));
            let digits = row.map(|row| row.split("to be indexed").nth(1).unwrap_or_default());
            let digits = digits.map(|rest| rest.split('<').next().unwrap_or_default());
            let digits = digits.map(|text| text.chars().filter(char::is_ascii_digit).collect());
            behind = digits.unwrap_or_else(|| "many".to_owned());
            if behind == "0" {
                visitor.get(&last)?;
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(500));
        }
        bail!("the search did not catch up: {behind} records wait")
    }
}

/// Makes the demo and stops it; the folder of its first node.
fn demo(binary: &Path, folder: &Path) -> Result<PathBuf> {
    let mut child = Command::new(binary)
        .arg("demo")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let printed = child.stdout.take().context("the demo prints nothing")?;
    let ready = BufReader::new(printed)
        .lines()
        .map_while(Result::ok)
        .any(|line| line.contains("Ctrl-C"));
    let _ = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    child.wait()?;
    if !ready {
        bail!("the demo did not start");
    }
    let first = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .find(|entry| entry.file_name().to_string_lossy().starts_with("valmora"))
        .context("the demo has no first node")?;
    Ok(first.path())
}

fn report(modified: u32) -> Value {
    json!({
        "type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000",
        "objects": [{
            "type": "report", "spec_version": "2.1", "id": REPORT,
            "created": "2026-01-01T00:00:00.000Z", "modified": format!("2026-01-0{modified}T00:00:00.000Z"),
            "name": "What the harbour saw", "published": "2026-01-01T00:00:00Z", "report_types": ["threat-report"],
            "description": format!("It stopped {modified} times, as the port authority says in its account of the week."),
            "object_refs": ["identity--00000000-0000-4000-8000-00000000000a"],
        }],
    })
}
