//! The database's file: whether its end was cut off within a page. The engine takes such a page as if its rest were empty, which it may be.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::Result;

/// Whether the last page is neither whole nor in the write-ahead log beside it, as it is where a full disk or a kill ended its way from there.
pub(super) fn is_cut(database: &Path) -> Result<bool> {
    let file = File::open(database)?;
    let mut size = [0; 2];
    if file.read_exact_at(&mut size, 16).is_err() {
        return Ok(true);
    }
    let page = match u16::from_be_bytes(size) {
        1 => 65_536,
        size => u64::from(size),
    };
    let long = file.metadata()?.len();
    if page == 0 || long.is_multiple_of(page) {
        return Ok(page == 0);
    }
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    match File::open(log) {
        Ok(log) => Ok(!holds(&log, long / page + 1, page)?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Whether the write-ahead log has a page, by its number. A frame is 24 bytes and the page; those of a run before this one have other salts.
fn holds(log: &File, number: u64, page: u64) -> Result<bool> {
    let mut log = BufReader::new(log);
    let mut head = [0; 32];
    if log.read_exact(&mut head).is_err() {
        return Ok(false);
    }
    let number = u32::try_from(number)?.to_be_bytes();
    loop {
        let (mut pages, mut salts) = ([0; 8], [0; 16]);
        for part in [&mut pages[..], &mut salts[..]] {
            match log.read_exact(part) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        if salts.first_chunk::<8>() != head[16..].first_chunk() {
            return Ok(false);
        }
        if pages.first_chunk() == Some(&number) {
            return Ok(true);
        }
        log.seek_relative(i64::try_from(page)?)?;
    }
}
