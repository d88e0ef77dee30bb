//! Requests per second by Debian's `wrk`, which is small enough to leave the processor to the server.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program::output;
use crate::workspace;

/// What one run showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Requests that were answered.
    pub(crate) requests: f64,
    /// Requests per second.
    pub(crate) rate: f64,
    /// The latency that half of the requests stay below, in milliseconds.
    pub(crate) p50: f64,
    /// The latency that 99 of 100 requests stay below, in milliseconds.
    pub(crate) p99: f64,
}

/// Asks for the paths of a list, one after another and from the start again, over some connections.
pub(crate) fn load(
    url: &str,
    list: &Path,
    token: Option<&str>,
    connections: u32,
    seconds: u32,
) -> Result<Load> {
    let script = workspace::root().join("xtask/src/bench/wrk.lua");
    let mut command = Command::new("wrk");
    let threads = connections.min(2).to_string();
    command.args([
        "--threads",
        &threads,
        "--connections",
        &connections.to_string(),
    ]);
    command.args(["--duration", &format!("{seconds}s"), "--latency"]);
    if let Some(token) = token {
        command.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    command.arg("--script").arg(script).arg(url);
    let printed = output(command.arg("--").arg(list).arg(&threads))?;
    if let Some(line) = printed
        .lines()
        .find(|line| line.contains("Non-2xx") || line.contains("Socket errors"))
    {
        bail!("{url}: {}", line.trim());
    }
    let value = |start: &str| {
        let line = printed
            .lines()
            .map(str::trim)
            .find(|line| line.starts_with(start))?;
        line.split_whitespace().last().map(str::to_owned)
    };
    let latency = |percent| {
        let time = value(percent).and_then(|time| milliseconds(&time));
        time.context("wrk printed no latency")
    };
    let requests = printed.lines().find_map(|line| {
        let (requests, _) = line.trim().split_once(" requests in ")?;
        requests.parse().ok()
    });
    Ok(Load {
        requests: requests.context("wrk printed no number of requests")?,
        rate: value("Requests/sec:")
            .and_then(|rate| rate.parse().ok())
            .context("wrk printed no rate")?,
        p50: latency("50%")?,
        p99: latency("99%")?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let split = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1000.0,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}
