//! The node's side of the control socket: who may command, and a console whose terminal and files are the caller's.
//!
//! Each caller has a thread. One that dies, stalls or lies ends its own command and nothing else.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::Uid;
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    Answer, CHUNK, Frame, Gone, Hello, MOST_FROM_CALLER, PROTOCOL, Say, SocketPath, Wire, causes,
    error_of,
};
use crate::console::{Console, Exit, Progress, Sink, Source};

/// Commands that run at a time; one more is told to wait.
const MOST_CALLERS: usize = 64;
/// How long a caller may take to say what it wants.
const PATIENCE_FOR_HELLO: Duration = Duration::from_secs(10);

/// Runs the command that a caller sent.
pub(crate) type Handler = dyn Fn(Value, &mut dyn Console) -> Result<Exit> + Send + Sync;

/// A control socket that is open until [`close`](Self::close).
pub(crate) struct Control {
    path: PathBuf,
    /// The socket that callers are accepted from: how its thread is woken, whatever has become of its name.
    accepting: UnixListener,
    callers: Arc<Callers>,
    listening: JoinHandle<()>,
}

/// Who is connected, to end or to wait for.
#[derive(Default)]
struct Callers {
    state: Mutex<State>,
    one_left: Condvar,
}

#[derive(Default)]
struct State {
    closing: bool,
    next: u64,
    connected: HashMap<u64, UnixStream>,
}

impl Callers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody is connected, or until the time is over; whether nobody is.
    fn wait(&self, patience: Duration) -> bool {
        let end = Instant::now() + patience;
        let mut state = self.state();
        while !state.connected.is_empty() {
            let Some(left) = end.checked_duration_since(Instant::now()) else {
                return false;
            };
            let waited = self.one_left.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

/// Takes a caller off the list when its thread ends, in whatever way.
struct Connected {
    callers: Arc<Callers>,
    number: u64,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.callers.state().connected.remove(&self.number);
        self.callers.one_left.notify_all();
    }
}

impl Control {
    /// Opens the socket; who can connect to it afterwards is answered. A socket that an ended process left is replaced.
    pub(crate) fn open(path: &Path, handler: Arc<Handler>) -> Result<Self> {
        let listener = bind(path).with_context(|| format!("could not open {}", path.display()))?;
        let accepting = listener.try_clone()?;
        let callers = Arc::new(Callers::default());
        let listening = thread::Builder::new().name("control".to_owned()).spawn({
            let callers = Arc::clone(&callers);
            move || listen(&listener, &callers, &handler)
        })?;
        Ok(Self {
            path: path.to_owned(),
            accepting,
            callers,
            listening,
        })
    }

    /// Takes no more callers, gives those that are there `patience` to finish, then hangs up on the rest and waits for their ends.
    pub(crate) fn close(self, patience: Duration) {
        self.callers.state().closing = true;
        // Wakes the thread that accepts, also when somebody has removed the name that callers connect to.
        let _ = rustix::net::shutdown(&self.accepting, rustix::net::Shutdown::Both);
        let _ = fs::remove_file(&self.path);
        let _ = self.listening.join();
        if !self.callers.wait(patience) {
            for stream in self.callers.state().connected.values() {
                let _ = stream.shutdown(Shutdown::Both);
            }
            self.callers.wait(patience);
        }
    }
}

/// Makes the socket under another name and gives it its own when only its owner can use it.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let unfinished = path.with_extension("new");
    let _ = fs::remove_file(&unfinished);
    let listener = UnixListener::bind(&SocketPath::of(&unfinished)?.short)?;
    fs::set_permissions(&unfinished, fs::Permissions::from_mode(0o600))?;
    fs::rename(&unfinished, path)?;
    Ok(listener)
}

fn listen(listener: &UnixListener, callers: &Arc<Callers>, handler: &Arc<Handler>) {
    for stream in listener.incoming() {
        if callers.state().closing {
            return;
        }
        let started = stream
            .map_err(Into::into)
            .and_then(|stream| start(stream, callers, handler));
        if let Err(error) = started {
            tracing::warn!(
                error = format!("{error:#}"),
                "a caller of a command was not served"
            );
        }
    }
}

fn start(stream: UnixStream, callers: &Arc<Callers>, handler: &Arc<Handler>) -> Result<()> {
    let own = rustix::process::geteuid();
    let peer = rustix::net::sockopt::socket_peercred(&stream)?.uid;
    let mut wire = Wire::new(stream.try_clone()?, MOST_FROM_CALLER);
    if !may_command(peer, own) {
        let reason = "this node takes commands from its own user and from root only; run the command as that user";
        let _ = wire.send(&Say::Failed(vec![reason.to_owned()]));
        bail!(
            "user {peer} asked, who may not command this node",
            peer = peer.as_raw()
        );
    }
    let connected = {
        let mut state = callers.state();
        if state.connected.len() >= MOST_CALLERS {
            let reason = "the node is busy with many commands; try again when some have ended";
            let _ = wire.send(&Say::Failed(vec![reason.to_owned()]));
            bail!("{MOST_CALLERS} commands run already");
        }
        let number = state.next;
        state.next += 1;
        state.connected.insert(number, stream);
        Connected {
            callers: Arc::clone(callers),
            number,
        }
    };
    let handler = Arc::clone(handler);
    thread::Builder::new()
        .name("command".to_owned())
        .spawn(move || {
            let _connected = connected;
            if let Err(error) = converse(wire, &*handler) {
                tracing::info!(
                    error = format!("{error:#}"),
                    "a command ended with its caller"
                );
            }
        })?;
    Ok(())
}

/// The node's own user, and root, who could become that user anyway.
pub(super) fn may_command(peer: Uid, own: Uid) -> bool {
    peer == own || peer.is_root()
}

fn converse(mut wire: Wire, handler: &Handler) -> Result<()> {
    wire.stream.set_read_timeout(Some(PATIENCE_FOR_HELLO))?;
    let hello: Hello = wire.receive().context("no command came")?;
    wire.stream.set_read_timeout(None)?;
    let wire = Arc::new(Mutex::new(wire));
    let mut console = Caller {
        wire: Arc::clone(&wire),
        json: hello.json,
        files: 0,
    };
    let ended = if hello.protocol == PROTOCOL {
        handler(hello.command, &mut console)
    } else {
        Err(anyhow::anyhow!(
            "the node that serves is entente {}, this is {}; restart the node, or use the program that it runs",
            env!("CARGO_PKG_VERSION"),
            hello.program
        ))
    };
    let mut wire = locked(&wire);
    match ended {
        Ok(exit) => wire.send(&Say::End(exit)),
        Err(error) if error.is::<Gone>() => Err(error),
        Err(error) => wire.send(&Say::Failed(causes(&error))),
    }
}

/// The caller, as the command sees it.
struct Caller {
    wire: Arc<Mutex<Wire>>,
    json: bool,
    files: u32,
}

fn locked(wire: &Mutex<Wire>) -> MutexGuard<'_, Wire> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Says something that is answered by a message.
fn ask(wire: &Mutex<Wire>, say: &Say) -> Result<Answer> {
    let mut wire = locked(wire);
    wire.send(say)?;
    answer(wire.receive()?)
}

/// Says something that is answered by bytes.
fn fetch(wire: &Mutex<Wire>, say: &Say) -> Result<Vec<u8>> {
    let mut wire = locked(wire);
    wire.send(say)?;
    match wire.frame()? {
        Frame::Bytes(bytes) => Ok(bytes),
        Frame::Message(message) => {
            answer(serde_json::from_slice(&message)?)?;
            bail!("a message came where bytes were due")
        }
    }
}

fn answer(answer: Answer) -> Result<Answer> {
    match answer {
        Answer::Failed(causes) => Err(error_of(causes)),
        answer => Ok(answer),
    }
}

impl Caller {
    fn say(&self, say: &Say) -> Result<()> {
        locked(&self.wire).send(say)
    }

    fn file(&mut self) -> CallersFile {
        self.files += 1;
        CallersFile {
            wire: Arc::clone(&self.wire),
            number: self.files,
            bytes: Vec::new(),
            from: 0,
            ended: false,
        }
    }
}

impl Console for Caller {
    fn wants_json(&self) -> bool {
        self.json
    }

    fn line(&mut self, text: &str) -> Result<()> {
        self.say(&Say::Line(text.to_owned()))
    }

    fn document(&mut self, value: Value) -> Result<()> {
        self.say(&Say::Document(value))
    }

    fn note(&mut self, text: &str) -> Result<()> {
        self.say(&Say::Note(text.to_owned()))
    }

    fn progress(&mut self, progress: &Progress) -> Result<()> {
        self.say(&Say::Progress(progress.clone()))
    }

    fn open(&mut self, path: &Path) -> Result<Source> {
        let file = self.file();
        match ask(&self.wire, &Say::Open(file.number, path.to_owned()))? {
            Answer::Opened(size) => Ok(Source {
                reader: Box::new(file),
                size,
            }),
            _ => bail!("the caller gave another answer than was due"),
        }
    }

    fn create(&mut self, path: &Path) -> Result<Box<dyn Sink>> {
        let file = self.file();
        ask(&self.wire, &Say::Create(file.number, path.to_owned()))?;
        Ok(Box::new(file))
    }

    fn secret(&mut self) -> Result<Zeroizing<String>> {
        let bytes = Zeroizing::new(fetch(&self.wire, &Say::Secret)?);
        Ok(Zeroizing::new(std::str::from_utf8(&bytes)?.to_owned()))
    }
}

/// A file of the caller. Reading fetches chunk by chunk; writing gathers a chunk and sends it.
struct CallersFile {
    wire: Arc<Mutex<Wire>>,
    number: u32,
    bytes: Vec<u8>,
    from: usize,
    ended: bool,
}

impl Read for CallersFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.from == self.bytes.len() && !self.ended {
            self.bytes = fetch(&self.wire, &Say::Read(self.number)).map_err(io::Error::other)?;
            self.from = 0;
            self.ended = self.bytes.is_empty();
        }
        let rest = &self.bytes[self.from..];
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        self.from += count;
        Ok(count)
    }
}

impl CallersFile {
    fn send(&mut self) -> Result<()> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let mut wire = locked(&self.wire);
        wire.send(&Say::Write(self.number))?;
        wire.send_bytes(&self.bytes)?;
        answer(wire.receive()?)?;
        self.bytes.clear();
        Ok(())
    }
}

impl Write for CallersFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.bytes.len();
        let count = room.min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..count]);
        if self.bytes.len() == CHUNK {
            self.send().map_err(io::Error::other)?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send().map_err(io::Error::other)
    }
}

impl Sink for CallersFile {
    fn finish(mut self: Box<Self>) -> Result<()> {
        self.send()?;
        ensure!(!self.ended, "the file was completed before");
        self.ended = true;
        ask(&self.wire, &Say::Finish(self.number)).map(drop)
    }
}

impl Drop for CallersFile {
    fn drop(&mut self) {
        // The caller may have gone; then it has dropped the file itself.
        let _ = locked(&self.wire).send(&Say::Drop(self.number));
    }
}
