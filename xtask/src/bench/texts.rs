//! Many texts taken in at once, as a browser brings them: in portions, tried, read - and the program killed in the midst of each.
//!
//! What must hold: it goes on by itself where it was, and in the end each text was read once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::desk::{built, entered, serve};
use super::http::Connection;
use super::pages::house::AT;
use super::process::Server;
use crate::program::succeeds;
use crate::workspace;

/// Files of one request, as the page sends them.
const PORTION: usize = 50;
/// The mark between the parts of a form.
const MARK: &str = "a-mark-that-no-text-has";
/// How long nothing may happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// `bench texts [--texts N] [--profile NAME]`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let (mut texts, mut profile) = (1_000, "fast");
    for pair in arguments.chunks(2) {
        match pair {
            [option, value] if option == "--texts" => texts = value.parse()?,
            [option, value] if option == "--profile" => profile = value,
            other => bail!("bench texts does not know {other:?}"),
        }
    }
    let folder = workspace::target().join("bench/texts");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let Some((program, scale)) = built(profile)? else {
        return Ok(ExitCode::FAILURE);
    };
    let node = folder.join("node");
    if !succeeds(Command::new(scale).arg("1").arg(&node))? {
        bail!("the node could not be filled");
    }
    println!("machine's load before: {}", super::load_of_machine());
    let (server, cookie) = entered(&program, &node)?;
    let mut run = Run {
        program: &program,
        node: &node,
        server: Some(server),
        cookie,
        texts,
    };
    let begun = Instant::now();
    let intake = run.bring()?;
    println!("| {texts} texts | seconds |\n|---|---|");
    println!(
        "| brought, {PORTION} a request | {:.1} |",
        begun.elapsed().as_secs_f64()
    );
    run.followed(&intake, "tried")?;
    run.press(&format!("{intake}/take"))?;
    run.followed(&intake, "read")?;
    let page = run.page(&intake)?;
    let section = page.split("id=\"taken\"").nth(1).unwrap_or_default();
    let links = section.split("href=\"/dialogues/readings/").skip(1);
    let readings: BTreeSet<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    println!(
        "\n{} of {texts} texts read, each once; machine's load after: {}",
        readings.len(),
        super::load_of_machine()
    );
    Ok(match readings.len() == texts {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// A node that takes texts in, and somebody who looks on.
struct Run<'a> {
    program: &'a Path,
    node: &'a Path,
    server: Option<Server>,
    cookie: String,
    texts: usize,
}

impl Run<'_> {
    fn page(&self, path: &str) -> Result<String> {
        let answer = Connection::open(AT, &self.cookie)?.get(path)?;
        if answer.status != 200 {
            bail!("{path} answered {}", answer.status);
        }
        Ok(String::from_utf8_lossy(&answer.body).into_owned())
    }

    fn press(&self, path: &str) -> Result<()> {
        let kind = "application/x-www-form-urlencoded";
        let answer = Connection::open(AT, &self.cookie)?.post(path, kind, b"")?;
        if answer.status != 303 {
            bail!("{path} answered {}", answer.status);
        }
        Ok(())
    }

    /// Brings all of them, in portions; the address of the intake.
    fn bring(&self) -> Result<String> {
        let mut visitor = Connection::open(AT, &self.cookie)?;
        let mut intake = String::new();
        let mut from = 0;
        while from < self.texts {
            let to = (from + PORTION).min(self.texts);
            let begun = intake.rsplit('/').next().unwrap_or_default();
            let mut body = field("begun", begun);
            if to < self.texts {
                body += &field("more", "yes");
            }
            for n in from..to {
                body += &format!(
                    "--{MARK}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{n}.txt\"\r\nContent-Type: text/plain\r\n\r\n{}\r\n",
                    text(n)
                );
            }
            body += &format!("--{MARK}--\r\n");
            let kind = format!("multipart/form-data; boundary={MARK}");
            let answer = visitor.post("/dialogues/readings/files", &kind, body.as_bytes())?;
            let way = answer.header("location");
            intake = way
                .with_context(|| format!("texts were not taken: {}", answer.status))?
                .to_owned();
            from = to;
        }
        Ok(intake)
    }

    /// Looks on until this step is through; on the way the program is killed once.
    fn followed(&mut self, intake: &str, step: &str) -> Result<()> {
        let begun = Instant::now();
        let (mut cut, mut last, mut moved) = (None, 0, Instant::now());
        loop {
            let page = self.page(intake)?;
            let done = done(&page);
            if page.contains("class=\"go\" href") && done >= self.texts {
                let at = cut.context("it was through before it could be cut short")?;
                println!(
                    "| {step}, the program killed after {at} and started again | {:.1} |",
                    begun.elapsed().as_secs_f64()
                );
                return Ok(());
            }
            if done != last {
                (last, moved) = (done, Instant::now());
            }
            if moved.elapsed() > PATIENCE {
                bail!("{step}: {done} of {}, and no more", self.texts);
            }
            if cut.is_none() && done >= self.texts / 3 {
                if let Some(server) = self.server.take() {
                    server.kill()?;
                }
                self.server = Some(serve(self.program, self.node)?);
                let after = self::done(&self.page(intake)?);
                if after < done {
                    bail!("{step}: {done} before it was killed, {after} after");
                }
                cut = Some(done);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// How far the page says it has come.
fn done(page: &str) -> usize {
    let value = page.split("<progress value=\"").nth(1);
    let value = value.and_then(|rest| rest.split('"').next());
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}

fn field(name: &str, value: &str) -> String {
    format!("--{MARK}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

/// A statement of a series, of some 2.5 kB.
fn text(n: usize) -> String {
    let said: Vec<String> = (0..18)
        .map(|c| format!("Both sides will carry out item {c} of the plan of the {n}th meeting by 31 December 2027, and report on it."))
        .collect();
    format!(
        "Joint elements of the {n}th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/2019\n\nThe European Union and Japan held a meeting of \
         their Cyber Dialogue in Brussels on 11 June 2019.\n{}\n",
        said.join("\n")
    )
}
