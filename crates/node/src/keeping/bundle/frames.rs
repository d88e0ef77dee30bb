//! The frames of a bundle's content, read. Invariant: no length is believed: memory follows what comes, and is bounded by the largest object.

use std::io::{self, BufRead, Read};

use anyhow::{Context, Result, anyhow};

use super::{FORM, FRAME, HEADER, Header, NAME, Refused};

/// The three lines at the beginning: the header as it reads, its line, its signature. Nothing is verified yet.
///
/// # Errors
/// [`Refused::NoBundle`] when it is not the beginning of a bundle; [`Refused::Damaged`] when what is encrypted to us does not decrypt.
pub fn beginning(plain: &mut impl BufRead) -> Result<(Header, String, String), Refused> {
    let mut lines = [String::new(), String::new(), String::new()];
    for line in &mut lines {
        let mut limited = Read::take(&mut *plain, HEADER);
        let mut bytes = Vec::new();
        // What was changed on its way fails here, wherever the change is: it decrypts by pieces of 64 KiB.
        let read = limited.read_until(b'\n', &mut bytes);
        read.map_err(|_| Refused::Damaged)?;
        *line = String::from_utf8(bytes).map_err(|_| Refused::NoBundle)?;
        if line.pop() != Some('\n') {
            return Err(Refused::NoBundle);
        }
    }
    let [form, line, signature] = lines;
    let header = serde_json::from_str(&line).map_err(|_| Refused::NoBundle)?;
    match form == FORM {
        true => Ok((header, line, signature)),
        false => Err(Refused::NoBundle),
    }
}

/// The next frame, its kind and content; `None` at the end. Of an object larger than `most`, one byte more than that.
///
/// # Errors
/// [`Refused::Damaged`] when a frame is of no kind, or is cut off.
pub fn frame(input: &mut impl Read, most: usize) -> Result<Option<(u8, Vec<u8>)>> {
    let mut start = [0; FRAME];
    let damaged = |_| anyhow!(Refused::Damaged);
    let mut first = [0];
    if input
        .read(&mut first)
        .context("the content cannot be read")?
        == 0
    {
        return Ok(None);
    }
    if let Some(rest) = start.get_mut(1..) {
        input.read_exact(rest).map_err(damaged)?;
    }
    let [kind] = first;
    let [_, a, b, c, d] = start;
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    let most = match kind {
        b'O' => most,
        b'C' => NAME,
        _ => return Err(Refused::Damaged.into()),
    };
    // What is larger than an object may be is read over, and counted as refused by a body that is none.
    let mut content = vec![0; length.min(most.saturating_add(1))];
    input.read_exact(&mut content).map_err(damaged)?;
    let rest = (length - content.len()) as u64;
    let skipped = io::copy(&mut input.take(rest), &mut io::sink())?;
    if skipped < rest {
        return Err(Refused::Damaged.into());
    }
    Ok(Some((kind, content)))
}
