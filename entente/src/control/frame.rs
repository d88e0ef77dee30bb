//! One frame of the control socket: a kind, a length, so many bytes. Invariant: memory follows what comes, never what is announced.

use std::io::{self, Read, Write};

/// Bytes of a file that travel in one frame.
pub(super) const CHUNK: usize = 256 << 10;

/// What travels.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// `M`: a message in JSON.
    Message(Vec<u8>),
    /// `B`: a part of a file.
    Bytes(Vec<u8>),
}

/// Why there is no frame.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// The other side is gone, or the system failed.
    #[error("the other side has gone")]
    Stream(#[from] io::Error),
    /// It announces too much.
    #[error("a frame of {length} bytes came where at most {most} may")]
    TooLarge {
        /// What is announced.
        length: usize,
        /// What may be.
        most: usize,
    },
    /// It is neither a message nor bytes.
    #[error("a frame of an unknown kind came")]
    Unknown,
}

/// Reads one; a message has at most `most` bytes.
pub(super) fn read(stream: &mut impl Read, most: usize) -> Result<Frame, Error> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    let most = match kind {
        b'M' => most,
        b'B' => CHUNK,
        _ => return Err(Error::Unknown),
    };
    if length > most {
        return Err(Error::TooLarge { length, most });
    }
    let mut bytes = Vec::with_capacity(length.min(CHUNK));
    if stream.take(length as u64).read_to_end(&mut bytes)? < length {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(match kind {
        b'M' => Frame::Message(bytes),
        _ => Frame::Bytes(bytes),
    })
}

/// Writes one.
pub(super) fn write(stream: &mut impl Write, frame: &Frame) -> Result<(), Error> {
    let (kind, bytes) = match frame {
        Frame::Message(bytes) => (b'M', bytes),
        Frame::Bytes(bytes) => (b'B', bytes),
    };
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    let [a, b, c, d] = length.to_be_bytes();
    stream.write_all(&[kind, a, b, c, d])?;
    Ok(stream.write_all(bytes)?)
}

#[cfg(test)]
#[path = "../../../crates/stix/fuzz/mutations.rs"]
mod mutations;
#[cfg(test)]
#[path = "../../fuzz/promises.rs"]
mod promises;

/// The fuzz target without a fuzzer.
#[test]
fn frames_hold_what_they_promise_for_any_bytes() {
    let fuzz = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    mutations::replay(&fuzz, "frame", promises::frame);
}
