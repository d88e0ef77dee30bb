//! Bundles: what a peer may have, carried by hand where there is no network. Encrypted to the receiving node, signed inside by the seal key,
//! numbered, and receipted by the next bundle the other way.
//!
//! Invariant: nothing of a bundle is taken before all of it is known to be whole, from a confirmed peer, to this node, and new. Each bundle
//! repeats what no receipt has confirmed, so a lost one costs a passage, not a record.
//!
//! Inside the age file: a line that names the form, the header, its signature, then frames of one byte (`C` collection, `O` object), a
//! length of four bytes and the content.

pub mod frames;
mod header;
mod open;
mod passage;
mod seal;
mod state;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

pub use header::{Header, Receipt};
pub(crate) use open::forget_spool;
pub use open::{Opened, Refused};
pub use passage::{OnTheWay, Passage, Tried};
pub use seal::Sealed;

/// The first line.
const FORM: &str = "entente-bundle/1";
/// A header with its receipts is no longer than this.
const HEADER: u64 = 256 * 1024;
/// The content of a bundle is no larger than this: more than any medium's worth of records.
const LARGEST: u64 = 4 << 30;
/// The longest frame but objects.
const NAME: usize = 256;
/// What comes before the content of a frame.
const FRAME: usize = 5;

/// A new file for what a bundle holds, for its owner only. One that a crash has left is in nobody's use.
fn spool_file(path: &Path) -> io::Result<File> {
    let _ = fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true).mode(0o600);
    options.open(path)
}
