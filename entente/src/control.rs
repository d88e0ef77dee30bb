//! How commands reach a node that serves: `DIR/control.sock`, and what is said over it.
//!
//! The caller sends one [`Hello`] with its command; the node runs it and asks the caller for everything that is the caller's: lines
//! shown, files read and written, a secret. Each frame is a kind (`M` a JSON message, `B` bytes), a length of four bytes, big endian,
//! and that many bytes. Neither side trusts the other's lengths, and a caller opens nothing but the files on its own command line.

mod client;
mod frame;
mod server;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use anyhow::{Result, anyhow, bail};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::console::{Exit, Progress};

pub(crate) use client::{Call, call};
use frame::{CHUNK, Frame};
pub(crate) use server::{Control, Handler};

/// Both sides speak the same one, or nothing is tried.
const PROTOCOL: u32 = 1;
/// The most bytes of a message that the node takes from a caller.
const MOST_FROM_CALLER: usize = 1 << 20;
/// The most bytes of a message that a caller takes from the node: an answer in one document.
const MOST_FROM_NODE: usize = 64 << 20;

/// The first message of a caller.
#[derive(Debug, Serialize, Deserialize)]
struct Hello {
    protocol: u32,
    program: String,
    json: bool,
    command: Value,
}

/// What the node says and asks.
#[derive(Debug, Serialize, Deserialize)]
enum Say {
    Line(String),
    Note(String),
    Document(Value),
    Progress(Progress),
    /// Open the file and call it by this number; answered by [`Answer::Opened`].
    Open(u32, PathBuf),
    /// Send the next chunk; answered by a frame of bytes, empty at the end.
    Read(u32),
    /// Make the file and call it by this number; answered by [`Answer::Ready`].
    Create(u32, PathBuf),
    /// A frame of bytes follows, which belongs into the file; answered by [`Answer::Ready`].
    Write(u32),
    /// The file is complete; answered by [`Answer::Ready`].
    Finish(u32),
    /// The file will not be read or completed; not answered.
    Drop(u32),
    /// Answered by a frame of bytes.
    Secret,
    /// The command has ended.
    End(Exit),
    /// The command ended early: what happened, then each cause.
    Failed(Vec<String>),
}

/// What a caller answers. Instead of an expected frame of bytes, [`Answer::Failed`] may come.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Opened(Option<u64>),
    Ready,
    Failed(Vec<String>),
}

/// An error as it travels.
fn causes(error: &anyhow::Error) -> Vec<String> {
    error.chain().map(ToString::to_string).collect()
}

/// The error that has travelled.
fn error_of(causes: Vec<String>) -> anyhow::Error {
    let mut causes = causes.into_iter().rev();
    let innermost = causes
        .next()
        .unwrap_or_else(|| "no reason given".to_owned());
    causes.fold(anyhow!(innermost), anyhow::Error::context)
}

/// One side of a connection.
struct Wire {
    stream: UnixStream,
    most: usize,
}

impl Wire {
    fn new(stream: UnixStream, most: usize) -> Self {
        Self { stream, most }
    }

    fn send(&mut self, message: &impl Serialize) -> Result<()> {
        self.write(&Frame::Message(serde_json::to_vec(message)?))
    }

    fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.write(&Frame::Bytes(bytes.to_vec()))
    }

    fn write(&mut self, frame: &Frame) -> Result<()> {
        frame::write(&mut &self.stream, frame).map_err(ended)
    }

    fn receive<T: DeserializeOwned>(&mut self) -> Result<T> {
        match self.frame()? {
            Frame::Message(message) => Ok(serde_json::from_slice(&message)?),
            Frame::Bytes(_) => bail!("bytes came where a message was due"),
        }
    }

    fn frame(&mut self) -> Result<Frame> {
        frame::read(&mut &self.stream, self.most).map_err(ended)
    }
}

/// The other side has hung up.
#[derive(Debug, thiserror::Error)]
#[error("the other side has gone")]
struct Gone;

fn ended(error: frame::Error) -> anyhow::Error {
    match error {
        frame::Error::Stream(error) => gone(error),
        error => error.into(),
    }
}

fn gone(error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => {
            Gone.into()
        }
        _ => error.into(),
    }
}

/// A path of a socket that fits into the 108 bytes that the system has for it, however deep the folder lies.
struct SocketPath {
    short: PathBuf,
    _folder: Option<std::fs::File>,
}

impl SocketPath {
    fn of(path: &std::path::Path) -> io::Result<Self> {
        use std::os::fd::AsRawFd;
        const LONGEST: usize = 100;
        if path.as_os_str().len() <= LONGEST {
            return Ok(Self {
                short: path.to_owned(),
                _folder: None,
            });
        }
        let folder = std::fs::File::open(path.parent().unwrap_or(std::path::Path::new(".")))?;
        let number = folder.as_raw_fd();
        let name = path.file_name().unwrap_or_default();
        Ok(Self {
            short: PathBuf::from(format!("/proc/self/fd/{number}")).join(name),
            _folder: Some(folder),
        })
    }
}
