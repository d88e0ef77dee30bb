//! The real binary, started for a story: commands that end, and a node that serves until the story is over.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ended {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Fails the story unless the command ended with this code.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }
}

pub(crate) fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    for variable in ["LISTEN", "ADDRESS", "PROXY", "LOG", "LOG_FORMAT"] {
        command.env_remove(format!("ENTENTE_{variable}"));
    }
    command.stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn entente(arguments: &[&str]) -> Ended {
    ended(binary().args(arguments).output().unwrap())
}

/// Runs a command to its end, with this on its standard input.
pub(crate) fn entente_reading(arguments: &[&str], input: &[u8]) -> Ended {
    let mut child = binary()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writing.join().unwrap();
    ended(output)
}

fn ended(output: Output) -> Ended {
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A node in a folder of its own, which goes with the story.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let home = Self::empty();
        home.run(&[
            "init",
            "DIR",
            "--participant",
            "Ministry of Foreign Affairs of Arland",
            "--of",
            "Arland",
            "--country",
            "XA",
        ])
        .with(0);
        home
    }

    /// The node of a State.
    pub(crate) fn called(participant: &str) -> Self {
        let home = Self::empty();
        home.run(&["init", "DIR", "--participant", participant])
            .with(0);
        home
    }

    /// A place for a node that is not made yet.
    pub(crate) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The node's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// A file beside the node's folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes a line of the node's configuration.
    pub(crate) fn configure(&self, line: &str, with: &str) {
        let path = self.dir().join("config.toml");
        let before = std::fs::read_to_string(&path).unwrap();
        assert!(before.contains(line), "{before}");
        std::fs::write(&path, before.replace(line, with)).unwrap();
    }

    /// Runs a command, with the node's folder for `DIR`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let dir = self.dir();
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|argument| {
                if *argument == "DIR" {
                    text(&dir)
                } else {
                    argument
                }
            })
            .collect();
        entente(&arguments)
    }

    /// Serves the node at a port that the system chooses.
    pub(crate) fn serve(&self) -> Serving {
        Serving::start(&self.dir())
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A node that serves, until it is stopped or dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
    pub(crate) set_up_code: Option<String>,
    lines: BufReader<std::process::ChildStderr>,
}

impl Serving {
    fn start(dir: &Path) -> Self {
        let mut child = binary()
            .args(["serve", text(dir), "--listen", "127.0.0.1:0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let Ok(said) = serde_json::from_str::<Value>(&line) else {
            let mut error = String::new();
            let _ = lines.read_to_string(&mut error);
            panic!("the node did not start: {line}{error}");
        };
        let address = said["listening"]
            .as_str()
            .unwrap()
            .trim_start_matches("http://")
            .trim_start_matches("https://")
            .to_owned();
        let set_up_code = said["set_up_code"].as_str().map(str::to_owned);
        Self {
            child,
            address,
            set_up_code,
            lines,
        }
    }

    /// Asks it to stop, and returns with which code it did and what it logged.
    pub(crate) fn stop(mut self, signal: rustix::process::Signal) -> (Option<i32>, String) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
        let mut log = String::new();
        self.lines.read_to_string(&mut log).unwrap();
        (self.child.wait().unwrap().code(), log)
    }

    /// A request without credentials; the status and the whole answer.
    pub(crate) fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = request.replace(
            "HEAD",
            &format!("HTTP/1.1\r\nHost: {}\r\nConnection: close", self.address),
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer[9..12].parse().unwrap(), answer)
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!("GET {path} HEAD\r\n\r\n"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
