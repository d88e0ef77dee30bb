//! A tar archive of few files, written and read as a stream (POSIX ustar; sizes beyond 8 GiB in the base-256 form that every tar reads),
//! so that a backup can be opened with `age` and `tar` alone.

use std::io::{self, Read, Write};

const BLOCK: usize = 512;
/// Where a header has what: offset and length.
const MODE: (usize, usize) = (100, 8);
const SIZE: (usize, usize) = (124, 12);
const SUM: (usize, usize) = (148, 8);

/// Writes one file.
pub(super) fn put(
    out: &mut dyn Write,
    name: &str,
    size: u64,
    content: &mut dyn Read,
) -> io::Result<()> {
    out.write_all(&header(name, size)?)?;
    let copied = io::copy(&mut content.take(size), out)?;
    if copied != size {
        return Err(io::Error::other(format!(
            "{name} became shorter while it was read"
        )));
    }
    out.write_all(zeros(size))
}

/// Ends the archive.
pub(super) fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])
}

/// The next file's name and size; `None` at the end. Its content has to be read next, then [`skip`] over what fills its block.
pub(super) fn next(input: &mut dyn Read) -> io::Result<Option<(String, u64)>> {
    let mut header = [0; BLOCK];
    input.read_exact(&mut header)?;
    if header == [0; BLOCK] {
        return Ok(None);
    }
    let field = |(at, length): (usize, usize)| header.get(at..at + length).unwrap_or_default();
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the archive is damaged");
    if octal(field(SUM)) != Some(sum(&header)) {
        return Err(damaged());
    }
    let size = match field(SIZE) {
        [0x80, .., a, b, c, d, e, f, g, h] => u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
        text => octal(text).ok_or_else(damaged)?,
    };
    let name = field((0, 100))
        .split(|byte| *byte == 0)
        .next()
        .unwrap_or_default();
    let name = std::str::from_utf8(name).map_err(|_| damaged())?;
    Ok(Some((name.to_owned(), size)))
}

/// Reads over what fills the last block of a file.
pub(super) fn skip(input: &mut dyn Read, size: u64) -> io::Result<()> {
    io::copy(&mut input.take(zeros(size).len() as u64), &mut io::sink()).map(|_| ())
}

fn zeros(size: u64) -> &'static [u8] {
    const ZEROS: [u8; BLOCK] = [0; BLOCK];
    let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    let fill = if over == 0 { 0 } else { BLOCK - over };
    ZEROS.get(..fill).unwrap_or_default()
}

fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut header = [0; BLOCK];
    let mut set = |at: usize, bytes: &[u8]| match header.get_mut(at..at + bytes.len()) {
        Some(field) => field.copy_from_slice(bytes),
        None => debug_assert!(false, "a field lies within the header"),
    };
    if name.len() >= 100 {
        return Err(io::Error::other(
            "the name of a file in a backup is too long",
        ));
    }
    set(0, name.as_bytes());
    set(MODE.0, b"0000600\0");
    set(108, b"0000000\0");
    set(116, b"0000000\0");
    if size < 1 << 33 {
        set(SIZE.0, format!("{size:011o}\0").as_bytes());
    } else {
        set(SIZE.0, &[0x80]);
        set(SIZE.0 + 4, &size.to_be_bytes());
    }
    set(136, b"00000000000\0");
    set(156, b"0");
    set(257, b"ustar\x0000");
    let sum = sum(&header);
    if let Some(field) = header.get_mut(SUM.0..SUM.0 + SUM.1) {
        field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    Ok(header)
}

/// The sum of a header's bytes, its own field taken as blanks.
fn sum(header: &[u8; BLOCK]) -> u64 {
    let bytes = header.iter().enumerate().map(|(at, byte)| match at {
        148..156 => u64::from(b' '),
        _ => u64::from(*byte),
    });
    bytes.sum()
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches(['\0', ' ']), 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_comes_back() {
        let mut archive = Vec::new();
        for (name, content) in [("a", &b""[..]), ("keys/seal", b"x"), ("b", &[7; 1024])] {
            put(&mut archive, name, content.len() as u64, &mut { content }).unwrap();
        }
        end(&mut archive).unwrap();
        let mut input = &archive[..];
        let mut names = Vec::new();
        while let Some((name, size)) = next(&mut input).unwrap() {
            let mut content = Vec::new();
            Read::take(&mut input, size)
                .read_to_end(&mut content)
                .unwrap();
            skip(&mut input, size).unwrap();
            names.push((name, content.len()));
        }
        assert_eq!(
            names,
            [("a".into(), 0), ("keys/seal".into(), 1), ("b".into(), 1024)]
        );
        let large = header("x", 1 << 34).unwrap();
        assert_eq!(next(&mut &large[..]).unwrap(), Some(("x".into(), 1 << 34)));
        let mut damaged = header("x", 1).unwrap();
        damaged[0] ^= 1;
        assert!(next(&mut &damaged[..]).is_err());
        let short: &[u8] = b"x";
        assert!(put(&mut Vec::new(), "a", 2, &mut { short }).is_err());
    }
}
