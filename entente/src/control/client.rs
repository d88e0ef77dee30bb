//! The caller's side of the control socket: shows what the node says, and reads and writes the files that the command line names.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Read};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::{
    Answer, CHUNK, Frame, Gone, Hello, MOST_FROM_NODE, PROTOCOL, Say, SocketPath, Wire, causes,
    error_of,
};
use crate::console::{Console, Exit, INTERRUPTED, Sink, Source};

/// A command for a node that serves, and what it may use of the caller's.
pub(crate) struct Call {
    /// The command with its arguments.
    pub(crate) command: Value,
    /// The files that it may read and write; `-` is a standard stream.
    pub(crate) files: Vec<PathBuf>,
    /// Whether it may ask for a secret from standard input.
    pub(crate) secret: bool,
}

/// Lets the node behind `socket` run the command. `None` when no node serves there.
pub(crate) fn call(socket: &Path, call: &Call, console: &mut dyn Console) -> Result<Option<Exit>> {
    let stream = match UnixStream::connect(SocketPath::of(socket)?.short) {
        Ok(stream) => stream,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| {
                format!("the node's control socket {} could not be used; run the command as the node's user", socket.display())
            });
        }
    };
    let mut wire = Wire::new(stream, MOST_FROM_NODE);
    let hello = Hello {
        protocol: PROTOCOL,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        json: console.wants_json(),
        command: call.command.clone(),
    };
    // A node that refuses us at once closes before it has read this; what it said is still there.
    let _ = wire.send(&hello);
    let mut hands = Hands {
        call,
        console,
        read: HashMap::new(),
        written: HashMap::new(),
    };
    loop {
        let said = wire.receive::<Say>().map_err(|error| {
            let what = if error.is::<Gone>() {
                "the node ended the command without an answer; its log says why, and what it had accepted is kept"
            } else {
                "the node could not be understood"
            };
            error.context(what)
        })?;
        match said {
            Say::End(exit) => return Ok(Some(exit)),
            Say::Failed(causes) => return Err(error_of(causes)),
            said => hands.serve(said, &mut wire)?,
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotFound | ErrorKind::ConnectionRefused
    )
}

/// What the caller does for the node.
struct Hands<'a> {
    call: &'a Call,
    console: &'a mut dyn Console,
    read: HashMap<u32, Source>,
    written: HashMap<u32, Box<dyn Sink>>,
}

impl Hands<'_> {
    fn serve(&mut self, said: Say, wire: &mut Wire) -> Result<()> {
        match said {
            Say::Line(text) => self.console.line(&text),
            Say::Note(text) => self.console.note(&text),
            Say::Document(value) => self.console.document(value),
            Say::Progress(progress) => self.console.progress(&progress),
            Say::Drop(number) => {
                self.read.remove(&number);
                self.written.remove(&number);
                Ok(())
            }
            Say::Open(number, path) => {
                let opened = self.open(number, &path);
                reply(wire, opened.map(Answer::Opened))
            }
            Say::Read(number) => match self.chunk(number) {
                Ok(bytes) => wire.send_bytes(&bytes),
                Err(error) => reply(wire, Err(error)),
            },
            Say::Create(number, path) => {
                let created = self.create(number, &path);
                reply(wire, created.map(|()| Answer::Ready))
            }
            Say::Write(number) => {
                let Frame::Bytes(bytes) = wire.frame()? else {
                    bail!("the node could not be understood: bytes were due");
                };
                let written = self.write(number, &bytes);
                reply(wire, written.map(|()| Answer::Ready))
            }
            Say::Finish(number) => {
                let sink = self.written.remove(&number).context("no such file");
                reply(
                    wire,
                    sink.and_then(|sink| sink.finish()).map(|()| Answer::Ready),
                )
            }
            Say::Secret => match self.secret() {
                Ok(secret) => wire.send_bytes(secret.as_bytes()),
                Err(error) => reply(wire, Err(error)),
            },
            Say::End(_) | Say::Failed(_) => bail!("the command had ended"),
        }
    }

    /// A node that was taken over must not read its operator's files through the operator's hands.
    fn is_ours(&self, path: &Path) -> Result<()> {
        ensure!(
            self.call.files.iter().any(|file| file == path),
            "the node asked for {}, which the command line does not name",
            path.display()
        );
        Ok(())
    }

    fn open(&mut self, number: u32, path: &Path) -> Result<Option<u64>> {
        self.is_ours(path)?;
        let source = self.console.open(path)?;
        let size = source.size;
        self.read.insert(number, source);
        Ok(size)
    }

    fn chunk(&mut self, number: u32) -> Result<Vec<u8>> {
        let source = self.read.get_mut(&number).context("no such file")?;
        let mut bytes = Vec::new();
        source
            .reader
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut bytes)
            .map(|_| ())
            .or_else(|error| match error.to_string() == INTERRUPTED {
                // What was read before counts; the next question finds the same.
                true if !bytes.is_empty() => Ok(()),
                true => bail!(INTERRUPTED),
                false => Err(error).context("the file could not be read on"),
            })?;
        Ok(bytes)
    }

    fn create(&mut self, number: u32, path: &Path) -> Result<()> {
        self.is_ours(path)?;
        let sink = self.console.create(path)?;
        self.written.insert(number, sink);
        Ok(())
    }

    fn write(&mut self, number: u32, bytes: &[u8]) -> Result<()> {
        let sink = self.written.get_mut(&number).context("no such file")?;
        sink.write_all(bytes)
            .context("the file could not be written")
    }

    fn secret(&mut self) -> Result<zeroize::Zeroizing<String>> {
        ensure!(
            self.call.secret,
            "the node asked for a secret, which the command line does not offer"
        );
        self.console.secret()
    }
}

fn reply(wire: &mut Wire, answer: Result<Answer>) -> Result<()> {
    wire.send(&answer.unwrap_or_else(|error| Answer::Failed(causes(&error))))
}
