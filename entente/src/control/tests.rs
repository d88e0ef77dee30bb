//! The control socket with a toy command at one end: files both ways, a secret, errors, and callers that die or lie.

use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::server::may_command;
use super::*;
use crate::console::{Console, Sink, Source, Terminal, Unit};

const PATIENCE: Duration = Duration::from_secs(20);

/// A command that does what its arguments say.
fn toy(command: Value, console: &mut dyn Console) -> Result<Exit> {
    let path = |name: &str| PathBuf::from(command[name].as_str().unwrap_or_default());
    match command["do"].as_str() {
        Some("copy") => {
            let mut source = console.open(&path("from"))?;
            let mut sink = console.create(&path("to"))?;
            let done = io::copy(&mut source.reader, &mut sink)?;
            console.progress(&Progress {
                what: "Copying".to_owned(),
                done,
                total: source.size,
                unit: Unit::Bytes,
                detail: String::new(),
            })?;
            sink.finish()?;
            console.line("copied")?;
            Ok(Exit::Done)
        }
        Some("half") => {
            let mut sink = console.create(&path("to"))?;
            sink.write_all(b"half")?;
            sink.flush()?;
            bail!("it stopped in the middle")
        }
        Some("secret") => {
            let secret = console.secret()?;
            console
                .document(json!({ "bytes": secret.len(), "wants_json": console.wants_json() }))?;
            Ok(Exit::Incomplete)
        }
        Some("note") => {
            console.note("by the way")?;
            Ok(Exit::Done)
        }
        Some("fail") => Err(anyhow!("no such file")
            .context("the key could not be read")
            .context("nothing was sealed")),
        Some("panic") => panic!("the toy breaks"),
        _ => bail!("not a toy command"),
    }
}

fn open(dir: &Path) -> (PathBuf, Control) {
    let path = dir.join("control.sock");
    let control = Control::open(&path, Arc::new(toy)).unwrap();
    (path, control)
}

/// A caller that keeps what it is told; its files are real ones.
struct Kept {
    said: Vec<String>,
    secret: Option<&'static str>,
    files: Terminal,
}

impl Kept {
    fn new() -> Self {
        Self {
            said: Vec::new(),
            secret: None,
            files: Terminal::new(true),
        }
    }
}

impl Console for Kept {
    fn wants_json(&self) -> bool {
        true
    }
    fn line(&mut self, text: &str) -> Result<()> {
        self.said.push(format!("line {text}"));
        Ok(())
    }
    fn document(&mut self, value: Value) -> Result<()> {
        self.said.push(format!("document {value}"));
        Ok(())
    }
    fn note(&mut self, text: &str) -> Result<()> {
        self.said.push(format!("note {text}"));
        Ok(())
    }
    fn progress(&mut self, progress: &Progress) -> Result<()> {
        self.said.push(format!(
            "progress {} of {:?}",
            progress.done, progress.total
        ));
        Ok(())
    }
    fn open(&mut self, path: &Path) -> Result<Source> {
        self.files.open(path)
    }
    fn create(&mut self, path: &Path) -> Result<Box<dyn Sink>> {
        self.files.create(path)
    }
    fn secret(&mut self) -> Result<Zeroizing<String>> {
        self.secret
            .map(|text| Zeroizing::new(text.to_owned()))
            .context("no secret came")
    }
}

fn ask(socket: &Path, command: Value, files: &[&Path], caller: &mut Kept) -> Result<Option<Exit>> {
    let files = files.iter().map(|path| (*path).to_owned()).collect();
    call(
        socket,
        &Call {
            command,
            files,
            secret: caller.secret.is_some(),
        },
        caller,
    )
}

#[test]
fn files_stream_both_ways_and_appear_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, control) = open(dir.path());
    for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
        let (from, to) = (
            dir.path().join("from"),
            dir.path().join(format!("to-{size}")),
        );
        let bytes: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
        fs::write(&from, &bytes).unwrap();
        let mut caller = Kept::new();
        let command = json!({ "do": "copy", "from": from, "to": to });
        let ended = ask(&socket, command, &[&from, &to], &mut caller).unwrap();
        assert_eq!(ended, Some(Exit::Done));
        assert_eq!(
            caller.said,
            [
                format!("progress {size} of Some({size})"),
                "line copied".to_owned()
            ]
        );
        assert!(fs::read(&to).unwrap() == bytes, "{size} bytes differ");
    }
    let to = dir.path().join("broken");
    let error = ask(
        &socket,
        json!({ "do": "half", "to": to }),
        &[&to],
        &mut Kept::new(),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "it stopped in the middle");
    let names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        !names
            .iter()
            .any(|name| name.to_string_lossy().starts_with("broken")),
        "{names:?}"
    );
    control.close(PATIENCE);
}

#[test]
fn answers_notes_errors_and_exits_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, control) = open(dir.path());
    let mut caller = Kept {
        secret: Some("correct horse"),
        ..Kept::new()
    };
    assert_eq!(
        ask(&socket, json!({ "do": "secret" }), &[], &mut caller).unwrap(),
        Some(Exit::Incomplete)
    );
    assert_eq!(
        ask(&socket, json!({ "do": "note" }), &[], &mut caller).unwrap(),
        Some(Exit::Done)
    );
    assert_eq!(
        caller.said,
        [
            r#"document {"bytes":13,"wants_json":true}"#,
            "note by the way"
        ]
    );

    let error = ask(&socket, json!({ "do": "fail" }), &[], &mut caller).unwrap_err();
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    assert_eq!(
        chain,
        [
            "nothing was sealed",
            "the key could not be read",
            "no such file"
        ]
    );
    let missing = dir.path().join("missing");
    let command = json!({ "do": "copy", "from": missing, "to": "-" });
    let error = ask(&socket, command, &[&missing], &mut caller).unwrap_err();
    assert!(
        error.to_string().contains("missing could not be opened"),
        "{error}"
    );
    control.close(PATIENCE);
}

#[test]
fn the_node_gets_no_file_and_no_secret_that_the_command_line_does_not_name() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, control) = open(dir.path());
    let private = dir.path().join("private");
    fs::write(&private, "x").unwrap();
    for command in [
        json!({ "do": "copy", "from": private, "to": "-" }),
        json!({ "do": "half", "to": dir.path().join("planted") }),
        json!({ "do": "secret" }),
    ] {
        let error = ask(
            &socket,
            command.clone(),
            &[Path::new("-")],
            &mut Kept::new(),
        )
        .unwrap_err();
        assert!(
            error.to_string().starts_with("the node asked for"),
            "{command}: {error}"
        );
    }
    assert!(!dir.path().join("planted").exists());
    control.close(PATIENCE);
}

#[test]
fn where_nobody_serves_the_caller_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let absent = dir.path().join("control.sock");
    let nobody = |path: &Path| ask(path, json!({}), &[], &mut Kept::new()).unwrap();
    assert_eq!(nobody(&absent), None);
    // What a killed node leaves behind.
    drop(std::os::unix::net::UnixListener::bind(&absent).unwrap());
    assert!(absent.exists());
    assert_eq!(nobody(&absent), None);

    let (socket, control) = open(dir.path());
    assert_eq!(
        fs::metadata(&socket).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(ask(&socket, json!({ "do": "note" }), &[], &mut Kept::new()).is_ok());
    control.close(PATIENCE);
    assert!(!socket.exists());
}

#[test]
fn a_folder_may_lie_deeper_than_a_socket_address_is_long() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a".repeat(90)).join("b".repeat(90));
    fs::create_dir_all(&deep).unwrap();
    let (socket, control) = open(&deep);
    assert_eq!(
        ask(&socket, json!({ "do": "note" }), &[], &mut Kept::new()).unwrap(),
        Some(Exit::Done)
    );
    control.close(PATIENCE);
}

#[test]
fn callers_that_die_or_lie_harm_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, control) = open(dir.path());
    let connect = || UnixStream::connect(&socket).unwrap();
    let hello = |command: Value| {
        let hello = Hello {
            protocol: PROTOCOL,
            program: "0".to_owned(),
            json: false,
            command,
        };
        serde_json::to_vec(&hello).unwrap()
    };
    let frame = |kind: u8, bytes: &[u8]| {
        let mut frame = vec![kind];
        frame.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        frame.extend(bytes);
        frame
    };
    // One connects and leaves; one leaves in the middle of a frame.
    drop(connect());
    connect().write_all(b"M\0\0").unwrap();
    // Lengths that nobody means, garbage, bytes first, another protocol.
    let other = br#"{"protocol":9,"program":"9.9.9","json":false,"command":null}"#;
    for bytes in [
        vec![b'M', 0xff, 0xff, 0xff, 0xff],
        vec![b'B', 0x7f, 0xff, 0xff, 0xff],
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        frame(b'M', b"{}"),
        frame(b'B', b"bytes"),
        frame(b'M', other),
    ] {
        let mut stream = connect();
        stream.write_all(&bytes).unwrap();
        let mut said = Vec::new();
        // It hangs up, by a reset where something was left unread.
        let _ = stream.read_to_end(&mut said);
        assert_eq!(!said.is_empty(), bytes.ends_with(other));
    }
    // One dies while its file is read, one while the node waits for an answer to its chunk.
    for command in [
        json!({ "do": "copy", "from": "x", "to": "y" }),
        json!({ "do": "half", "to": "y" }),
    ] {
        let mut wire = Wire::new(connect(), MOST_FROM_NODE);
        wire.stream
            .write_all(&frame(b'M', &hello(command)))
            .unwrap();
        wire.receive::<Say>().unwrap();
    }
    // A command that breaks ends its own caller's wait only.
    let error = ask(&socket, json!({ "do": "panic" }), &[], &mut Kept::new()).unwrap_err();
    assert!(error.to_string().contains("without an answer"), "{error}");

    assert_eq!(
        ask(&socket, json!({ "do": "note" }), &[], &mut Kept::new()).unwrap(),
        Some(Exit::Done)
    );
    control.close(PATIENCE);
}

#[test]
fn closing_waits_for_commands_and_ends_those_that_stall() {
    let dir = tempfile::tempdir().unwrap();
    let (begun, begins) = mpsc::channel();
    let (let_go, wait) = mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let handler = move |command: Value, console: &mut dyn Console| {
        begun.send(()).unwrap();
        match command["do"].as_str() {
            // Works until it is let go.
            Some("work") => wait.lock().unwrap().recv().unwrap(),
            // Waits for a caller that never answers.
            _ => drop(console.secret()?),
        }
        Ok(Exit::Done)
    };
    let socket = dir.path().join("control.sock");
    let control = Control::open(&socket, Arc::new(handler)).unwrap();
    let working = std::thread::spawn({
        let socket = socket.clone();
        move || ask(&socket, json!({ "do": "work" }), &[], &mut Kept::new()).unwrap()
    });
    begins.recv().unwrap();
    let closing = std::thread::spawn(move || control.close(PATIENCE));
    let_go.send(()).unwrap();
    closing.join().unwrap();
    assert_eq!(working.join().unwrap(), Some(Exit::Done));

    let (begun, begins) = mpsc::channel();
    let handler = move |_: Value, console: &mut dyn Console| {
        begun.send(()).unwrap();
        console.secret().map(|_| Exit::Done)
    };
    let control = Control::open(&socket, Arc::new(handler)).unwrap();
    let mut stalled = Wire::new(UnixStream::connect(&socket).unwrap(), MOST_FROM_NODE);
    let hello = Hello {
        protocol: PROTOCOL,
        program: "0".to_owned(),
        json: false,
        command: Value::Null,
    };
    stalled.send(&hello).unwrap();
    begins.recv().unwrap();
    control.close(Duration::from_millis(50));
    while stalled.receive::<Say>().is_ok() {}
}

#[test]
fn a_socket_that_somebody_removed_can_still_be_closed() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, control) = open(dir.path());
    fs::remove_file(&socket).unwrap();
    let (closed, told) = mpsc::channel();
    std::thread::spawn(move || {
        control.close(PATIENCE);
        closed.send(()).unwrap();
    });
    told.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn another_user_may_not_command() {
    let uid = rustix::process::Uid::from_raw;
    for (peer, own, may) in [
        (1000, 1000, true),
        (0, 1000, true),
        (1001, 1000, false),
        (65534, 1000, false),
        (1000, 0, false),
    ] {
        assert_eq!(may_command(uid(peer), uid(own)), may, "{peer} to {own}");
    }
}
