//! The nodes: made, introduced to each other as people would by the command line, and served.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bench::http::Connection;
use crate::bench::process::Server;
use crate::program::output;
use crate::workspace;

/// The port of the first node.
const FIRST: usize = 7500;
/// What the nodes speak.
const MEDIA: &str = "application/taxii+json;version=2.1";

/// One node.
pub(super) struct Member {
    pub(super) folder: PathBuf,
    pub(super) name: String,
    /// The id of its participant.
    pub(super) id: String,
    at: String,
    /// The secret of a program of its own participant, which reads.
    secret: String,
}

impl Member {
    /// A connection of its own program.
    pub(super) fn connect(&self) -> Result<Connection> {
        Connection::open(
            &self.at,
            &format!(
                "Authorization: Bearer {}\r\nAccept: {MEDIA}\r\n",
                self.secret
            ),
        )
    }
}

/// All of them, at work.
pub(super) struct Federation {
    pub(super) members: Vec<Member>,
    servers: Vec<Server>,
}

pub(super) fn entente() -> PathBuf {
    workspace::target().join("fast/entente")
}

fn run(arguments: &[&str]) -> Result<String> {
    output(Command::new(entente()).args(arguments))
}

impl Federation {
    pub(super) fn start(folder: &Path, count: usize) -> Result<Self> {
        let ready = folder.join("ready");
        if !ready.exists() {
            let began = Instant::now();
            make(folder, count)?;
            fs::write(&ready, "")?;
            eprintln!(
                "{count} nodes introduced to each other in {:.0} s",
                began.elapsed().as_secs_f64()
            );
        }
        let members: Vec<Member> = (0..count)
            .map(|number| member(folder, number))
            .collect::<Result<_>>()?;
        let mut servers = Vec::new();
        for member in &members {
            let mut command = Command::new(entente());
            command
                .args(["--log", "error", "serve"])
                .arg(&member.folder)
                .args(["--listen", &member.at])
                .stdout(Stdio::null());
            servers.push(Server::start(&mut command, &member.at)?);
        }
        Ok(Self { members, servers })
    }

    /// CPU seconds of all nodes while we wait.
    pub(super) fn cpu_during(&self, time: Duration) -> Result<f64> {
        let before = self.cpu()?;
        std::thread::sleep(time);
        Ok(self.cpu()? - before)
    }

    /// CPU seconds of all nodes so far.
    pub(super) fn cpu(&self) -> Result<f64> {
        self.servers.iter().map(|server| server.cpu(None)).sum()
    }

    /// Their memory in MiB.
    pub(super) fn rss(&self) -> f64 {
        self.servers.iter().map(Server::rss).sum()
    }
}

fn name(number: usize) -> String {
    format!("State {number:02}")
}

fn place(number: usize) -> String {
    format!("127.0.0.1:{}", FIRST + number)
}

fn member(folder: &Path, number: usize) -> Result<Member> {
    let node = folder.join(number.to_string());
    let granted = fs::read(folder.join(format!("{number}.access")))?;
    let granted: Value = serde_json::from_slice(&granted)?;
    let text =
        |value: &Value| Ok::<_, anyhow::Error>(value.as_str().context("no text")?.to_owned());
    Ok(Member {
        name: name(number),
        at: place(number),
        id: text(&granted["participant"]["id"])?,
        secret: text(&granted["secret"])?,
        folder: node,
    })
}

/// Makes the nodes, and lets each confirm each other by its words. Several at a time: most of it is waiting for the disk.
fn make(folder: &Path, count: usize) -> Result<()> {
    each(count, |number| {
        let node = folder.join(number.to_string());
        let _ = fs::remove_dir_all(&node);
        let node = node.to_string_lossy();
        let name = name(number);
        run(&["init", &node, "--participant", &name])?;
        let access = ["access", "add", &node, "bench", "--participant", &name];
        let granted = run(&[&access[..], &["--read", "situation", "--json"]].concat())?;
        fs::write(folder.join(format!("{number}.access")), granted)?;
        let file = folder.join(format!("{number}.introduction"));
        let address = format!("http://{}", place(number));
        let to = file.to_string_lossy();
        let introduce = ["peer", "introduce", &node, "--address", &address];
        let made = run(&[&introduce[..], &["--output", &to, "--json"]].concat())?;
        fs::write(folder.join(format!("{number}.words")), made)?;
        Ok(())
    })?;
    each(count, |number| {
        let node = folder.join(number.to_string());
        let node = node.to_string_lossy();
        for other in (0..count).filter(|other| *other != number) {
            let file = folder.join(format!("{other}.introduction"));
            run(&["peer", "add", &node, &file.to_string_lossy()])?;
            let made = fs::read(folder.join(format!("{other}.words")))?;
            let made: Value = serde_json::from_slice(&made)?;
            let words = made["words"]["english"].as_str().context("no words")?;
            let words: Vec<&str> = words.split(' ').collect();
            let called = name(other);
            run(&[&["peer", "confirm", &node, &called][..], &words].concat())?;
        }
        Ok(())
    })
}

fn each(count: usize, work: impl Fn(usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let worker = || -> Result<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return Ok(());
                }
                work(number)?;
            }
        };
        let workers = [(); 8].map(|()| scope.spawn(worker));
        for worker in workers {
            match worker.join() {
                Ok(done) => done?,
                Err(_) => bail!("making the nodes failed"),
            }
        }
        Ok(())
    })
}
