//! The real program: commands that end, and a node that serves until it is stopped or killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::wire::{Caller, basic};

/// No command takes longer than this, on a machine busy with other work.
const PATIENCE: Duration = Duration::from_secs(300);

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    for variable in ["LISTEN", "ADDRESS", "PROXY", "LOG", "LOG_FORMAT"] {
        command.env_remove(format!("ENTENTE_{variable}"));
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A node in a folder of its own, which goes with it.
pub(crate) struct Home {
    folder: TempDir,
    recovery: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::of("Ministry of Foreign Affairs of Arland")
    }

    pub(crate) fn of(participant: &str) -> Self {
        let mut home = Self {
            folder: tempfile::tempdir().unwrap(),
            recovery: String::new(),
        };
        let made = home
            .run(&["init", "DIR", "--participant", participant, "--json"])
            .with(0)
            .json();
        home.recovery = made["recovery_key"].as_str().unwrap().to_owned();
        home
    }

    /// The key that its backups open with.
    pub(crate) fn recovery(&self) -> &str {
        &self.recovery
    }

    /// The node's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// A file beside it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command, with the node's folder for `DIR`.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary();
        for argument in arguments {
            if *argument == "DIR" {
                command.arg(self.dir())
            } else {
                command.arg(argument)
            };
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let child = self.command(arguments).spawn().unwrap();
        finished(child, &arguments.join(" "))
    }

    /// Lets a program in, and says with which secret.
    pub(crate) fn let_in(
        &self,
        name: &str,
        participant: &str,
        read: &[&str],
        write: &[&str],
    ) -> Access {
        let mut arguments = vec![
            "access",
            "add",
            "DIR",
            name,
            "--participant",
            participant,
            "--json",
        ];
        for (option, collections) in [("--read", read), ("--write", write)] {
            for collection in collections {
                arguments.extend([option, collection]);
            }
        }
        let granted = self.run(&arguments).with(0).json();
        Access {
            name: name.to_owned(),
            secret: granted["secret"].as_str().unwrap().to_owned(),
        }
    }

    /// Serves the node at a port that the system chooses.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_with(&[])
            .unwrap_or_else(|error| panic!("the node did not start: {error}"))
    }

    pub(crate) fn serve_with(&self, more: &[&str]) -> Result<Serving, String> {
        let arguments = [&["serve", "DIR", "--listen", "127.0.0.1:0", "--json"], more].concat();
        Serving::of(self.command(&arguments).spawn().unwrap())
    }
}

/// Runs a command to its end that reads a text.
pub(crate) fn reading(arguments: &[&str], input: &str) -> Ended {
    let mut command = binary();
    let mut child = command
        .args(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    finished(child, &arguments.join(" "))
}

/// Waits for the end of a command, which has one: it is killed when it takes longer than any may, and its test fails.
fn finished(child: Child, command: &str) -> Ended {
    let (id, (end, waited)) = (child.id(), channel());
    let waiting = std::thread::spawn(move || {
        let output = child.wait_with_output();
        let _ = end.send(());
        output
    });
    let late = waited.recv_timeout(PATIENCE).is_err();
    if late {
        let pid = i32::try_from(id)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        let _ = rustix::process::kill_process(pid.unwrap(), rustix::process::Signal::KILL);
    }
    let ended = ended(waiting.join().unwrap().unwrap());
    assert!(!late, "`{command}` did not end in {PATIENCE:?}: {ended:#?}");
    ended
}

fn ended(output: std::process::Output) -> Ended {
    Ended {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What a program shows to be let in.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) name: String,
    pub(crate) secret: String,
}

/// A node that serves; it is killed when this is dropped.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) address: String,
    log: Option<JoinHandle<String>>,
}

impl Serving {
    fn of(mut child: Child) -> Result<Self, String> {
        let mut log = child.stderr.take().unwrap();
        // Read all the time: a full pipe would hold the node up.
        let log = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let _ = log.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        let (said, saying) = channel();
        let out = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(out).read_line(&mut line);
            said.send(read.map(|_| line))
        });
        let Ok(line) = saying.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            let log = log.join().unwrap_or_default();
            return Err(format!("it said nothing in {PATIENCE:?}: {log}"));
        };
        let line = line.map_err(|error| error.to_string())?;
        let Ok(said) = serde_json::from_str::<Value>(&line) else {
            let ended = child.wait();
            return Err(format!(
                "{ended:?}: {line}{}",
                log.join().unwrap_or_default()
            ));
        };
        let address = said["listening"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .trim_start_matches("https://")
            .to_owned();
        Ok(Self {
            child,
            address,
            log: Some(log),
        })
    }

    /// Somebody who shows no credentials.
    pub(crate) fn anybody(&self) -> Caller {
        Caller {
            address: self.address.clone(),
            authorization: None,
        }
    }

    /// A program with access.
    pub(crate) fn caller(&self, access: &Access) -> Caller {
        Caller {
            authorization: Some(basic(&access.name, &access.secret)),
            ..self.anybody()
        }
    }

    /// Kills it, as kill -9 does.
    pub(crate) fn kill(&mut self) -> ExitStatus {
        let _ = self.child.kill();
        self.child.wait().unwrap()
    }

    /// Asks it to stop, and returns what it logged.
    pub(crate) fn stop(mut self) -> String {
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::TERM,
        )
        .unwrap();
        let ended = self.child.wait().unwrap();
        let log = self
            .log
            .take()
            .map(|log| log.join().unwrap())
            .unwrap_or_default();
        assert_eq!(ended.code(), Some(0), "{log}");
        log
    }

    /// The memory that it holds, in bytes (VmRSS).
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            << 10
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
