//! Records on their way: each is accepted by one node, for some others. Where and when each arrived is read from the nodes' own
//! manifests afterwards, so that measuring costs the nodes nothing; some are watched from outside as well.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::federation::{Federation, Member, entente};
use crate::bench::synthetic::Dice;

/// The collection that takes them.
const SHELF: &str = "/taxii2/root/collections/situation/";
/// The longest that is waited for one.
const PATIENCE: Duration = Duration::from_secs(30);

/// One record.
struct Sent {
    id: String,
    author: usize,
    to: BTreeSet<usize>,
}

/// Says whether all arrived where they belong and nowhere else.
pub(super) fn run(federation: &Federation, folder: &Path, seconds: u64, rate: u64) -> Result<bool> {
    let members = &federation.members;
    let cpu = federation.cpu()?;
    let began = Instant::now();
    let mut dice = Dice::new(number_of_run(folder)?);
    let watched = Mutex::new(Vec::new());
    let sent = std::thread::scope(|scope| {
        let mut sent = Vec::new();
        let mut running = Vec::new();
        for number in 0..seconds * rate {
            let due = Duration::from_millis(number * 1000 / rate);
            std::thread::sleep(due.saturating_sub(began.elapsed()));
            let one = draw(&mut dice, members.len());
            let file = folder.join(format!("record-{number}.json"));
            fs::write(&file, note(&one, members))?;
            let (author, to) = (one.author, one.to.clone());
            let watching = one.to.iter().nth(dice.next() as usize % one.to.len());
            let watching = watching.and_then(|at| members.get(*at));
            let id = one.id.clone();
            let watched = &watched;
            running.push(scope.spawn(move || -> Result<()> {
                let author = members.get(author).context("no such node")?;
                import(author, &file, to.iter().filter_map(|at| members.get(*at)))?;
                let accepted = Instant::now();
                if let Some(member) = watching {
                    watch(member, &id)?;
                    if let Ok(mut watched) = watched.lock() {
                        watched.push(accepted.elapsed().as_secs_f64() * 1e3);
                    }
                }
                Ok(())
            }));
            sent.push(one);
        }
        for one in running {
            match one.join() {
                Ok(done) => done?,
                Err(_) => bail!("sending a record failed"),
            }
        }
        Ok(sent)
    })?;
    let took = began.elapsed().as_secs_f64();
    let cpu = federation.cpu()? - cpu;
    let watched = watched.into_inner().unwrap_or_default();
    let (arrived, missing, astray) = gather(federation, &sent)?;
    println!(
        "| records sent, {rate} a second from random nodes to random others | {} in {took:.0} s, {} deliveries |",
        sent.len(),
        arrived.len() + missing
    );
    println!(
        "| accepted by the author's node until accepted by each cleared peer's | p50 {:.0} ms, p99 {:.0} ms, longest {:.0} ms |",
        part(&arrived, 50),
        part(&arrived, 99),
        part(&arrived, 100)
    );
    println!(
        "| the author's command returned until readable at a cleared peer, one watched per record | p50 {:.0} ms, p99 {:.0} ms, longest {:.0} ms |",
        part(&watched, 50),
        part(&watched, 99),
        part(&watched, 100)
    );
    println!("| not arrived; at a node that they are not for | {missing}; {astray} |");
    println!(
        "| CPU meanwhile | {:.1} ms per second and node, {:.1} ms per delivery |",
        cpu / took / members.len() as f64 * 1e3,
        cpu / arrived.len().max(1) as f64 * 1e3
    );
    println!(
        "| VmRSS of all nodes afterwards | {:.0} MiB |",
        federation.rss()
    );
    Ok(missing == 0 && astray == 0)
}

/// Grows with each run over the same nodes, which keep the records of earlier ones.
fn number_of_run(folder: &Path) -> Result<u64> {
    let file = folder.join("runs");
    let before = fs::read_to_string(&file).unwrap_or_default();
    let number = before.trim().parse().unwrap_or(0) + 1;
    fs::write(file, format!("{number}\n"))?;
    Ok(number)
}

/// A record of a random node for up to a quarter of the others, at least one.
fn draw(dice: &mut Dice, nodes: usize) -> Sent {
    let mut below = |most: usize| dice.next() as usize % most.max(1);
    let author = below(nodes);
    let many = 1 + below((nodes / 4).max(1));
    let mut to = BTreeSet::new();
    while to.len() < many.min(nodes - 1) {
        let at = below(nodes);
        if at != author {
            to.insert(at);
        }
    }
    Sent {
        id: format!("note--{}", dice.uuid()),
        author,
        to,
    }
}

/// It names its author, so that the node seals it.
fn note(sent: &Sent, members: &[Member]) -> String {
    let author = members.get(sent.author).map_or("", |member| &member.id);
    format!(
        r#"{{"type":"note","spec_version":"2.1","id":"{}","created_by_ref":"{author}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"One of many.","object_refs":["{author}"]}}"#,
        sent.id
    )
}

fn import<'m>(author: &Member, file: &Path, to: impl Iterator<Item = &'m Member>) -> Result<()> {
    let mut command = Command::new(entente());
    command
        .arg("import")
        .arg(&author.folder)
        .arg(file)
        .args(["--tlp", "AMBER"])
        .stdout(Stdio::null());
    for member in to {
        command.args(["--for", &member.name]);
    }
    let status = command.status()?;
    ensure!(status.success(), "a record was not accepted: {status}");
    fs::remove_file(file)?;
    Ok(())
}

/// Asks until it is there.
fn watch(member: &Member, id: &str) -> Result<()> {
    let mut connection = member.connect()?;
    let until = Instant::now() + PATIENCE;
    while connection.get(&format!("{SHELF}objects/{id}/"))?.status != 200 {
        if Instant::now() > until {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Milliseconds of each delivery, how many are missing, and how many are where they should not be.
fn gather(federation: &Federation, sent: &[Sent]) -> Result<(Vec<f64>, usize, usize)> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut held = Vec::new();
        for member in &federation.members {
            held.push(manifest(member)?);
        }
        let at = |node: usize, id: &str| held.get(node).and_then(|held| held.get(id)).copied();
        let (mut times, mut missing, mut astray) = (Vec::new(), 0, 0);
        for one in sent {
            let accepted =
                at(one.author, &one.id).context("an author's node has lost its record")?;
            for node in 0..held.len() {
                match (at(node, &one.id), one.to.contains(&node)) {
                    (Some(arrived), true) => times.push((arrived - accepted) as f64 / 1e3),
                    (None, true) => missing += 1,
                    (Some(_), false) if node != one.author => astray += 1,
                    _ => {}
                }
            }
        }
        if missing == 0 || Instant::now() > until {
            return Ok((times, missing, astray));
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// When each object came to a node, in microseconds.
fn manifest(member: &Member) -> Result<BTreeMap<String, i64>> {
    let mut connection = member.connect()?;
    let mut held = BTreeMap::new();
    let mut next = String::new();
    loop {
        let answer = connection.get(&format!("{SHELF}manifest/?limit=1000{next}"))?;
        ensure!(
            answer.status == 200,
            "a manifest was not given: {}",
            answer.status
        );
        let page: Value = serde_json::from_slice(&answer.body)?;
        for record in page["objects"].as_array().into_iter().flatten() {
            let text = |name: &str| record[name].as_str().context("a record without a name");
            held.insert(text("id")?.to_owned(), micros(text("date_added")?)?);
        }
        match page["next"].as_str() {
            Some(token) => next = format!("&next={token}"),
            None => return Ok(held),
        }
    }
}

/// Microseconds since the month began: dates of one run are compared with each other only.
fn micros(date: &str) -> Result<i64> {
    let part = |range: std::ops::Range<usize>| -> Result<i64> {
        let digits = date.get(range).context("a date that is cut short")?;
        Ok(digits.parse()?)
    };
    let seconds = ((part(8..10)? * 24 + part(11..13)?) * 60 + part(14..16)?) * 60 + part(17..19)?;
    Ok(seconds * 1_000_000 + part(20..26)?)
}

/// The value that so many of a hundred do not pass.
fn part(figures: &[f64], hundredths: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * hundredths).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
