//! A server that is measured: started on loopback, stopped when it is dropped, its work read from `/proc`.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::http::Connection;

/// A running server.
pub(crate) struct Server {
    child: Child,
}

impl Server {
    /// Starts it, and waits until something answers at `host`.
    pub(crate) fn start(command: &mut Command, host: &str) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("could not start {command:?}"))?;
        let mut server = Self { child };
        let until = Instant::now() + Duration::from_secs(60);
        while Connection::open(host, "").is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("{command:?} ended with {status}");
            }
            if Instant::now() > until {
                bail!("{command:?} does not answer at {host}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// Ends it without warning, as a power cut would.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// CPU seconds of the process and its children so far; with a name, those of its threads of that name only.
    pub(crate) fn cpu(&self, thread: Option<&str>) -> Result<f64> {
        let mut ticks = 0;
        for pid in family(self.child.id()) {
            let Some(wanted) = thread else {
                // The whole process, threads that have ended included.
                let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
                ticks += ticks_of(&stat.unwrap_or_default());
                continue;
            };
            let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
                continue;
            };
            for task in tasks.flatten() {
                let path = task.path();
                let name = std::fs::read_to_string(path.join("comm")).unwrap_or_default();
                if name.trim_end() == wanted {
                    ticks +=
                        ticks_of(&std::fs::read_to_string(path.join("stat")).unwrap_or_default());
                }
            }
        }
        Ok(f64::from(u32::try_from(ticks)?) / 100.0)
    }

    /// Resident memory in MiB, of the process and its children.
    pub(crate) fn rss(&self) -> f64 {
        let kib: f64 = family(self.child.id())
            .into_iter()
            .filter_map(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok())
            .filter_map(|status| {
                let line = status
                    .lines()
                    .find(|line| line.starts_with("VmRSS"))?
                    .to_owned();
                line.split_whitespace().nth(1)?.parse::<f64>().ok()
            })
            .sum();
        kib / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its number may be another's by now.
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        for pid in family(self.child.id()) {
            let _ = Command::new("kill").arg(pid.to_string()).status();
        }
        let _ = self.child.wait();
    }
}

/// User and system ticks in a line of `stat`.
fn ticks_of(stat: &str) -> u64 {
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<u64> = after
        .split_whitespace()
        .map(|field| field.parse().unwrap_or(0))
        .collect();
    fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)
}

/// The process and all below it.
fn family(root: u32) -> Vec<u32> {
    let mut all = vec![root];
    let mut at = 0;
    while let Some(pid) = all.get(at).copied() {
        at += 1;
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        all.extend(
            children
                .split_whitespace()
                .filter_map(|child| child.parse::<u32>().ok()),
        );
    }
    all
}
