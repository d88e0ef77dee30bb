//! Opening a bundle: refused as a whole, with the reason, or taken object by object like anything from a peer.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write};
use std::ops::Range;
use std::path::PathBuf;

use anyhow::Result;
use bytes::Bytes;
use policy::Desk;
use serde::Serialize;
use sha2::{Digest, Sha256};
use stix::ObjectId;
use store::Look;

use super::frames::frame;
use super::state::{Opening, State};
use super::{Header, LARGEST, Receipt, spool_file};
use crate::arrivals::Arrivals;
use crate::folder::Folder;
use crate::keeping::known::follow_rotations;
use crate::node::Node;
use crate::peers::quota::accept_within;
use crate::submission::{Channel, Line, Marking, Submission};

/// Objects are taken so many at a time,
const TOGETHER: usize = 1_000;
/// or so many bytes.
const BYTES: usize = 8 << 20;

/// Where a bundle's content lies while it is opened.
const SPOOL: &str = ".bundle.opening";

/// What came of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// Who sealed it.
    pub from: ObjectId,
    /// What became of its objects; it goes back with the next bundle.
    #[serde(flatten)]
    pub receipt: Receipt,
    /// How many bundles of ours it confirms.
    pub confirmed: usize,
}

/// Why a bundle was not opened. Nothing of it was taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is something else, or its beginning is damaged.
    #[error("this is no bundle, or its beginning is damaged")]
    NoBundle,
    /// No key of this node opens it.
    #[error("this bundle is encrypted to another node, or to a key that this one no longer has")]
    OtherNode,
    /// The header names somebody else.
    #[error("this bundle is addressed to {0}, not to this node's participant")]
    OtherAddressee(ObjectId),
    /// The sender is no peer.
    #[error("the sender {0} is no peer of this node: add and confirm it first")]
    UnknownSender(ObjectId),
    /// The exchange with the sender was stopped, or has not begun.
    #[error("{name} is {state}: its bundles are not opened")]
    NotExchanging {
        /// The sender's name.
        name: String,
        /// How far it has come.
        state: &'static str,
    },
    /// The signature is not the sender's.
    #[error("the signature is not that of the sender's key: {0}")]
    Forged(String),
    /// It was opened before.
    #[error("bundle {number} was opened before; the last one was {last}")]
    Replayed {
        /// Its number.
        number: u64,
        /// The number of the last one.
        last: u64,
    },
    /// One or more before it are missing.
    #[error(
        "{} missing before this one: keep it and open what is missing first, or open it over the gap (--over-gap); \
         it repeats everything that was not confirmed",
        missing(*first, *last)
    )]
    Gap {
        /// The first that is missing,
        first: u64,
        /// and the last.
        last: u64,
    },
    /// It does not follow the one that was opened before it.
    #[error(
        "this bundle does not follow the one that was opened before it: the sender may have gone back to an older state; \
         ask, and open it over the gap (--over-gap) if that is so"
    )]
    OtherLine,
    /// It was changed, or cut off.
    #[error("the bundle was changed or cut off on its way: ask for it anew")]
    Damaged,
    /// It is larger than it says, or than anything that is opened here.
    #[error("the bundle is larger than is opened here")]
    TooLarge,
}

fn missing(first: u64, last: u64) -> String {
    match first == last {
        true => format!("bundle {first} is"),
        false => format!("bundles {first} to {last} are"),
    }
}

pub(super) struct Unpacked {
    path: PathBuf,
    file: File,
}

/// A bundle's objects while they are taken, or tried.
pub(super) struct Taking {
    collection: String,
    lot: Vec<u8>,
    objects: Vec<Range<usize>>,
    /// It is a trial; how many of its problems are listed.
    trial: Option<usize>,
    receipt: Receipt,
    came: Arrivals,
    /// So many objects were taken when it was opened before, and are passed over.
    behind: u64,
    pub(super) problems: Vec<Line>,
}

impl Taking {
    fn of(header: &Header, line: &str) -> Self {
        Self {
            collection: Desk::Situation.as_str().to_owned(),
            lot: Vec::new(),
            objects: Vec::new(),
            trial: None,
            receipt: Receipt {
                number: header.number,
                digest: Header::digest(line),
                taken: 0,
                beside: 0,
                awaiting: 0,
                refused: 0,
                opened: None,
            },
            came: Arrivals::default(),
            behind: 0,
            problems: Vec::new(),
        }
    }

    /// Goes on where the same bundle was broken off.
    fn go_on(&mut self, state: State) {
        let before = state
            .opening
            .filter(|before| before.digest == self.receipt.digest);
        if let Some(before) = before {
            (self.behind, self.came) = (before.objects, before.came);
        }
    }

    /// Nothing is taken; so many problems are listed.
    pub(super) fn trial(header: &Header, line: &str, listed: usize) -> Self {
        Self {
            trial: Some(listed),
            ..Self::of(header, line)
        }
    }

    /// The receipt, once all of it was taken or tried.
    pub(super) fn counted(&mut self, look: &Look) -> Result<Receipt> {
        let came = &mut self.came;
        let awaiting = came.settle(look)?;
        Ok(Receipt {
            taken: (came.accepted + came.known) as u64,
            beside: (came.beside + came.beside_known) as u64,
            awaiting: awaiting as u64,
            refused: came.refused as u64,
            ..self.receipt.clone()
        })
    }
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes what a bundle left that was being opened when the process was killed: its content, readable. To be called by whoever holds the
/// folder.
pub(crate) fn forget_spool(folder: &Folder) {
    let _ = fs::remove_file(folder.root().join(SPOOL));
}

impl Node {
    /// Opens a bundle. With `over_gap`, missing ones before it are passed over.
    ///
    /// # Errors
    /// [`Refused`] when nothing of it was taken; otherwise those of the storage, and it can be opened again.
    pub fn open_bundle(&self, input: impl Read, over_gap: bool) -> Result<Opened> {
        let (header, line, mut plain) = self.unlock(input, over_gap)?;
        let content = self.unpack(&header, &mut plain)?;
        let mut taking = Taking::of(&header, &line);
        self.take_content(&header, content, &mut taking)?;
        let receipt = taking.counted(&*self.read()?)?;
        self.note_opened(header, receipt)
    }

    pub(super) fn check(
        &self,
        header: &Header,
        line: &str,
        signature: &str,
        over_gap: bool,
    ) -> Result<()> {
        let register = self.register();
        if header.to != self.home().id {
            return Err(Refused::OtherAddressee(header.to.clone()).into());
        }
        let known = register.peer(&header.from);
        let known = known.ok_or_else(|| Refused::UnknownSender(header.from.clone()))?;
        if !known.is_active() {
            let (name, state) = (known.name.clone(), known.state.as_str());
            return Err(Refused::NotExchanging { name, state }.into());
        }
        let key = register.key(&header.from);
        let key = key.ok_or_else(|| Refused::UnknownSender(header.from.clone()))?;
        let key = follow_rotations(&header.from, key, &header.rotations);
        header
            .verify(line, signature, &key)
            .map_err(|error| Refused::Forged(error.to_string()))?;
        if header.bytes > LARGEST {
            return Err(Refused::TooLarge.into());
        }
        let state = State::read(&*self.read()?, &header.from)?;
        let (number, last) = (header.number, state.opened);
        if number <= last {
            return Err(Refused::Replayed { number, last }.into());
        }
        if over_gap {
            return Ok(());
        }
        if number > last + 1 {
            return Err(Refused::Gap {
                first: last + 1,
                last: number - 1,
            }
            .into());
        }
        let expected = if last == 0 {
            "-"
        } else {
            state.opened_digest.as_str()
        };
        if header.previous != expected {
            return Err(Refused::OtherLine.into());
        }
        Ok(())
    }

    /// The whole content, held against the header before anything of it is looked at.
    pub(super) fn unpack(&self, header: &Header, plain: impl Read) -> Result<Unpacked> {
        let path = self.folder().root().join(SPOOL);
        let file = spool_file(&path)?;
        let mut content = Unpacked { path, file };
        let (read, sha256) = spool(plain, header.bytes, &content.file)?;
        if read > header.bytes {
            return Err(Refused::TooLarge.into());
        }
        if read < header.bytes || sha256 != header.sha256 {
            return Err(Refused::Damaged.into());
        }
        content.file.rewind()?;
        Ok(content)
    }

    pub(super) fn take_content(
        &self,
        header: &Header,
        content: Unpacked,
        taking: &mut Taking,
    ) -> Result<()> {
        let mut input = BufReader::new(&content.file);
        taking.go_on(State::read(&*self.read()?, &header.from)?);
        let mut passed = taking.behind;
        while let Some((kind, frame)) = frame(&mut input, self.limits().object)? {
            if kind == b'C' {
                self.take_objects(&header.from, taking)?;
                let named = std::str::from_utf8(&frame).unwrap_or_default();
                taking.collection = match self.collection(named)? {
                    Some(_) => named.to_owned(),
                    None => Desk::Situation.as_str().to_owned(),
                };
                continue;
            }
            if passed > 0 {
                passed -= 1;
                continue;
            }
            let start = taking.lot.len();
            taking.lot.extend_from_slice(&frame);
            taking.objects.push(start..taking.lot.len());
            if taking.objects.len() >= TOGETHER || taking.lot.len() >= BYTES {
                self.take_objects(&header.from, taking)?;
            }
        }
        self.take_objects(&header.from, taking)
    }

    fn take_objects(&self, from: &ObjectId, taking: &mut Taking) -> Result<()> {
        if taking.objects.is_empty() {
            return Ok(());
        }
        let objects = u64::try_from(taking.objects.len())?;
        let submission = Submission {
            bytes: Bytes::from(std::mem::take(&mut taking.lot)),
            objects: std::mem::take(&mut taking.objects),
            channel: Channel::Bundle(from.clone()),
            submitter: from.clone(),
            person: None,
            collection: taking.collection.clone(),
            marking: Marking::default(),
        };
        let Some(room) = taking.trial else {
            return self.take_lot(from, submission, objects, taking);
        };
        let taken = self.rehearse(submission)?;
        taking.came.add(&taken);
        taking.came.only_tried();
        let problems = taken
            .lines
            .into_iter()
            .filter(|line| !line.outcome.is_success());
        let room = room.saturating_sub(taking.problems.len());
        taking.problems.extend(problems.take(room));
        Ok(())
    }

    /// Takes some objects, and notes in the same commit that they were.
    fn take_lot(
        &self,
        from: &ObjectId,
        submission: Submission,
        objects: u64,
        taking: &mut Taking,
    ) -> Result<()> {
        let (lot, from) = (self.lot(submission)?, from.clone());
        let mut opening = Opening {
            digest: taking.receipt.digest.clone(),
            objects: taking.behind.saturating_add(objects),
            came: taking.came.clone(),
        };
        let taken = self.change(move |change| {
            let receipt = accept_within(change, &lot)?;
            opening.came.add(&receipt);
            let mut state = State::read(change.txn, &from)?;
            state.opening = Some(opening.clone());
            state.write(change, &from)?;
            Ok(opening)
        });
        let opening = taken.wait()?;
        (taking.behind, taking.came) = (opening.objects, opening.came);
        Ok(())
    }

    fn note_opened(&self, header: Header, receipt: Receipt) -> Result<Opened> {
        let done = self.change(move |change| {
            let mut state = State::read(change.txn, &header.from)?;
            let before = state.on_the_way.len();
            for confirmed in &header.receipts {
                state.confirm(change, &header.from, confirmed)?;
            }
            let confirmed = before - state.on_the_way.len();
            state.note_opened(receipt.clone(), change.now);
            state.write(change, &header.from)?;
            Ok(Opened {
                from: header.from,
                receipt,
                confirmed,
            })
        });
        done.wait()
    }
}

/// Copies at most one byte more than there should be, to notice it; how many it were, and their digest.
fn spool(plain: impl Read, bytes: u64, file: &File) -> Result<(u64, String)> {
    let mut hashing = Hashing {
        hash: Sha256::new(),
        out: BufWriter::new(file),
    };
    let read = io::copy(&mut plain.take(bytes.saturating_add(1)), &mut hashing);
    let read = read.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull => anyhow::Error::from(error),
        _ => Refused::Damaged.into(),
    })?;
    hashing.out.flush()?;
    Ok((read, hex::encode(hashing.hash.finalize())))
}

struct Hashing<W> {
    hash: Sha256,
    out: W,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
