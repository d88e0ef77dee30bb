//! What is taken in over TAXII per second of the server's processor, and whether that stays so as the node grows.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::Value;

use super::median;
use super::ours::{MEDIA, Ours};
use crate::bench::synthetic::{Dice, envelope};
use crate::program::output;
use crate::workspace;

/// Objects of one request.
const BATCH: u64 = 500;

/// What our own participant says, which the node seals with a record beside each: imported from a file, since what a program sends
/// in its name has to come sealed.
pub(super) fn sealed(ours: &Ours, folder: &Path, objects: u64) -> Result<()> {
    let file = folder.join("sealed.json");
    let mut dice = Dice::new(44);
    fs::write(&file, envelope(&mut dice, 0, objects, Some(&ours.author)))?;
    let (cpu, search) = (ours.server.cpu(None)?, ours.server.cpu(Some("jobs"))?);
    let mut command = Command::new(workspace::target().join("fast/entente"));
    let printed = output(
        command
            .arg("import")
            .arg(folder.join("node"))
            .arg(&file)
            .args(["--collection", "sealed", "--json"]),
    )?;
    let receipt: Value = serde_json::from_str(&printed)?;
    if receipt["accepted"] != objects {
        bail!("not all was accepted: {printed:.400}");
    }
    std::thread::sleep(Duration::from_millis(1500));
    let (cpu, search) = (
        ours.server.cpu(None)? - cpu,
        ours.server.cpu(Some("jobs"))? - search,
    );
    println!(
        "| sealed and taken in, durable, per server CPU-second without the search job, and with it | {:.0} and {:.0} of {objects} objects |",
        objects as f64 / (cpu - search),
        objects as f64 / cpu
    );
    Ok(())
}

pub(super) fn run(ours: &Ours, objects: u64) -> Result<()> {
    let path = format!("{}objects/", ours.collection);
    let mut connection = ours.writing()?;
    let mut dice = Dice::new(42);
    let (cpu, search) = (ours.server.cpu(None)?, ours.server.cpu(Some("jobs"))?);
    let started = Instant::now();
    let mut batches = Vec::new();
    let mut busy = Duration::ZERO;
    for from in (0..objects).step_by(BATCH as usize) {
        let body = envelope(&mut dice, from, BATCH.min(objects - from), None);
        let sent = Instant::now();
        let answer = connection.post(&path, MEDIA, body.as_bytes())?;
        busy += sent.elapsed();
        batches.push(sent.elapsed().as_secs_f64() * 1000.0);
        let status: Value = serde_json::from_slice(&answer.body)?;
        if answer.status != 202 || status["failure_count"] != 0 || status["pending_count"] != 0 {
            bail!(
                "an envelope was not taken: {} {:.400}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
    }
    let took = started.elapsed();
    // The index is at most a second behind: what is left of its work belongs to the figure.
    std::thread::sleep(Duration::from_millis(1500));
    let (cpu, search) = (
        ours.server.cpu(None)? - cpu,
        ours.server.cpu(Some("jobs"))? - search,
    );
    let count = objects as f64;
    println!(
        "| taken in, durable, per server CPU-second without the search job | {:.0} objects |",
        count / (cpu - search)
    );
    println!(
        "| the search job besides, CPU per object | {:.1} µs |",
        search / count * 1e6
    );
    println!(
        "| taken in per second, one sender, waiting for each answer | {:.0} objects of {:.0} while the generator ran |",
        count / busy.as_secs_f64(),
        count / took.as_secs_f64()
    );
    let tenth = (batches.len() / 10).max(1);
    let part = |range: &[f64]| median(range.iter().copied());
    let (first, last) = (
        part(&batches[..tenth]),
        part(&batches[batches.len() - tenth..]),
    );
    println!(
        "| median envelope of {BATCH}, first tenth, last tenth, ratio | {first:.1} ms, {last:.1} ms, {:.2} |",
        last / first
    );
    println!(
        "| VmRSS with {objects} objects | {:.0} MiB |",
        ours.server.rss()
    );
    Ok(())
}
