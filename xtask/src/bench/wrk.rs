//! Requests per second by Debian's `wrk`, which is small enough to leave the processor to the server.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::program::output;

/// What one run showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Requests per second.
    pub(crate) rate: f64,
    /// The latency that 99 of 100 requests stay below, in milliseconds.
    pub(crate) p99: f64,
}

/// Asks for one address again and again over some connections.
pub(crate) fn load(url: &str, token: Option<&str>, connections: u32, seconds: u32) -> Result<Load> {
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
    let printed = output(command.arg(url))?;
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
    let rate = value("Requests/sec:")
        .and_then(|rate| rate.parse().ok())
        .context("wrk printed no rate")?;
    let p99 = value("99%")
        .and_then(|time| milliseconds(&time))
        .context("wrk printed no latency")?;
    Ok(Load { rate, p99 })
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
