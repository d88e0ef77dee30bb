//! Whether the node can do its work, and what to do where it cannot: found by looking, not by waiting until a change fails.
//!
//! Invariant: looking costs a few system calls, so that anybody may ask at any time. What costs more is done by the jobs, which leave
//! here what they found.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};

use crate::clock::{Micros, SECOND};
use crate::folder::Folder;
use crate::node::Node;

/// How far the clock may go back before it is worth a word: a time server's correction is less.
const BACK: Micros = 60 * SECOND;
/// How long the jobs may be at one piece of work.
const AT_ONE_PIECE: Micros = 120 * SECOND;
/// How long jobs may fail, as they do while a disk is full, before it is more than that.
const FAILING: Micros = 60 * SECOND;
/// There is little room where there are not so many times the reserve.
const LITTLE: u64 = 4;
/// How every SQLite database begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// The latest time that this node has known, as it keeps it.
const LATEST: &str = "node.latest";

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The folder and the files that the node opened in it.
    Folder,
    /// The database, as the engine finds it.
    Database,
    /// Whether changes reach the disk.
    Storage,
    /// Room on the disk.
    Room,
    /// The clock.
    Clock,
    /// What the node does by itself.
    Jobs,
}

/// How it is; the words of health+json.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Well.
    Pass,
    /// The node does its work, and somebody should look.
    Warn,
    /// The node does not do its work.
    Fail,
}

/// What was found about one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is as it should be.
    Well,
    /// There is this much room, in bytes: enough.
    Enough(u64),
    /// There is little: bytes left.
    Little(u64),
    /// The reserve is begun: bytes left.
    NoRoom(u64),
    /// The folder, or a file that the node opened in it, is not there any more.
    Gone(String),
    /// Another file lies where the node opened one.
    Replaced(String),
    /// This peer has had what is not here: the folder is an older copy of itself.
    Older(String),
    /// The engine, or the file itself, says that the database is damaged.
    Damaged(String),
    /// The last change could not be written.
    Unwritten(String),
    /// The clock is behind a time that this node has known already, by so many microseconds.
    Behind(Micros),
    /// The jobs have been at the same piece of work since then.
    Stuck(Micros),
    /// The jobs have been failing since then, for this reason.
    Failing(Micros, String),
}

/// An amount of bytes in the unit that it is read in, cut to one decimal where that says more: `137 MiB`, `57.3 GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Less than a gibibyte.
    Mebibytes(u64),
    /// Less than a hundred gibibytes, in tenths of one.
    Tenths(u16),
    /// As much, or more.
    Gibibytes(u64),
}

impl Size {
    /// Of so many bytes.
    #[must_use]
    pub fn of(bytes: u64) -> Self {
        let mebibytes = bytes >> 20;
        if mebibytes < 1024 {
            return Self::Mebibytes(mebibytes);
        }
        let tenths = mebibytes.saturating_mul(10) / 1024;
        match u16::try_from(tenths) {
            Ok(few @ ..1000) => Self::Tenths(few),
            _ => Self::Gibibytes(tenths / 10),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mebibytes(n) => write!(f, "{n} MiB"),
            Self::Tenths(n) if n % 10 > 0 => write!(f, "{}.{} GiB", n / 10, n % 10),
            Self::Tenths(n) => write!(f, "{} GiB", n / 10),
            Self::Gibibytes(n) => write!(f, "{n} GiB"),
        }
    }
}

/// One part and what was found about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which part.
    pub part: Part,
    /// What was found.
    pub found: Found,
}

impl Part {
    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Database => "database",
            Self::Storage => "storage",
            Self::Room => "room",
            Self::Clock => "clock",
            Self::Jobs => "jobs",
        }
    }
}

impl Grade {
    /// Its name for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

impl Finding {
    /// How serious it is.
    #[must_use]
    pub fn grade(&self) -> Grade {
        match &self.found {
            Found::Well | Found::Enough(_) => Grade::Pass,
            Found::Little(_) | Found::Older(_) | Found::Behind(_) => Grade::Warn,
            _ => Grade::Fail,
        }
    }

    /// In words.
    #[must_use]
    pub fn told(&self) -> String {
        let size = |bytes: &u64| Size::of(*bytes);
        match &self.found {
            Found::Well => "well".to_owned(),
            Found::Enough(bytes) => format!("{} are free", size(bytes)),
            Found::Little(bytes) => format!("little room: {} are free", size(bytes)),
            Found::NoRoom(bytes) => format!("no room: {} are free", size(bytes)),
            Found::Gone(what) => {
                format!("{what:?} is not there any more; the node has it open still")
            }
            Found::Replaced(what) => format!("{what:?} is not what the node has open"),
            Found::Older(peer) => {
                format!("{peer} has had records of this node that are not here")
            }
            Found::Damaged(why) | Found::Unwritten(why) => why.clone(),
            Found::Behind(by) => format!(
                "the clock is {} seconds behind a time that this node has known",
                by / SECOND
            ),
            Found::Stuck(_) => "at one piece of work for more than two minutes".to_owned(),
            Found::Failing(_, why) => format!("failing for more than a minute: {why}"),
        }
    }

    /// What to do, where something is to be done.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match &self.found {
            Found::Well | Found::Enough(_) => return None,
            Found::Little(_) | Found::NoRoom(_) => {
                "Free space on the disk of the node's folder. What was acknowledged is stored."
            }
            Found::Gone(_) | Found::Replaced(_) => {
                "Nothing new is taken. Put the very folder back where it was; if it is lost, stop the node and restore a backup."
            }
            Found::Older(_) => {
                "If this is an older copy of the folder, stop the node and serve the newest. If there is none, take a backup of this one, restore it and serve that: it says so to peers."
            }
            Found::Damaged(_) => {
                "Stop the node, keep its folder as it is, run `entente verify` on it, and restore a backup into another folder."
            }
            Found::Unwritten(_) => {
                "Free space on its disk, or give back the right to write. The node resumes by itself; what was acknowledged is stored."
            }
            Found::Behind(_) => {
                "Set the clock, by a time server. If the time before was the wrong one, this ends when the clock has reached it."
            }
            Found::Stuck(_) | Found::Failing(..) => {
                "Read the journal of the node for what failed, and restart it. No record is at risk: search, checkpoints and what is due wait."
            }
        })
    }
}

/// The files that were opened, by device and inode: a path alone would be true of whatever lies there now.
#[derive(Debug)]
pub(crate) struct Ground {
    files: Vec<(PathBuf, (u64, u64))>,
}

fn identity_of(path: &Path) -> io::Result<(u64, u64)> {
    fs::metadata(path).map(|data| (data.dev(), data.ino()))
}

impl Ground {
    /// What lies in the folder now, which is held and open.
    pub(crate) fn of(folder: &Folder) -> Result<Self> {
        let files = [folder.root().to_owned(), folder.lock(), folder.database()];
        let files = files.into_iter().map(|path| {
            let identity = identity_of(&path)
                .with_context(|| format!("{} could not be looked at", path.display()))?;
            Ok((path, identity))
        });
        Ok(Self {
            files: files.collect::<Result<_>>()?,
        })
    }

    /// What is not as it was opened.
    pub(crate) fn lost(&self) -> Option<Found> {
        self.files.iter().find_map(|(path, opened)| {
            let named = || path.display().to_string();
            match identity_of(path) {
                Ok(now) if now == *opened => None,
                Ok(_) => Some(Found::Replaced(named())),
                Err(_) => Some(Found::Gone(named())),
            }
        })
    }

    /// Refuses to go on where what would be written could not be found again.
    pub(crate) fn stands(&self) -> Result<()> {
        match self.lost() {
            None => Ok(()),
            Some(found) => {
                let finding = Finding {
                    part: Part::Folder,
                    found,
                };
                bail!("{}; nothing of this change was kept", finding.told())
            }
        }
    }
}

/// What the jobs leave for whoever asks.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    /// When the jobs last began a piece of work; 0 while none run here.
    beat: AtomicI64,
    /// Since when they fail, and why.
    failing: Mutex<Option<(Micros, String)>>,
    /// The latest time that was known.
    latest: AtomicI64,
    /// The peer that has had what is not here.
    older_than: Mutex<Option<String>>,
}

impl Pulse {
    /// As it was left in the database.
    pub(crate) fn load(look: &store::Look) -> Result<Self> {
        let kept = look.meta(LATEST)?;
        let latest = kept.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
        Ok(Self {
            latest: AtomicI64::new(latest.unwrap_or(0)),
            ..Self::default()
        })
    }

    /// The jobs begin a piece of work.
    pub(crate) fn beat(&self, now: Micros) {
        self.beat.store(now, Ordering::Release);
        self.latest.fetch_max(now, Ordering::AcqRel);
    }

    /// A peer has had what is not here; whether that is news.
    pub(crate) fn is_older_than(&self, peer: &str) -> bool {
        let mut older = self
            .older_than
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        older.replace(peer.to_owned()).is_none()
    }

    fn older(&self) -> Option<Found> {
        let older = self
            .older_than
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        older.clone().map(Found::Older)
    }

    /// The jobs run no longer.
    pub(crate) fn stop(&self) {
        self.beat.store(0, Ordering::Release);
    }

    /// How a round of the jobs ended.
    pub(crate) fn ended(&self, now: Micros, outcome: Result<(), &anyhow::Error>) {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        *failing = match outcome {
            Ok(()) => None,
            Err(error) => {
                let since = failing.take().map_or(now, |(since, _)| since);
                Some((since, format!("{error:#}")))
            }
        };
    }

    fn jobs(&self, now: Micros) -> Found {
        let failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let beat = self.beat.load(Ordering::Acquire);
        match &*failing {
            Some((since, why)) if now.saturating_sub(*since) > FAILING => {
                Found::Failing(*since, why.clone())
            }
            _ if beat != 0 && now.saturating_sub(beat) > AT_ONE_PIECE => Found::Stuck(beat),
            _ => Found::Well,
        }
    }
}

impl Node {
    /// How everything is that the node needs for its work, part by part.
    pub fn health(&self) -> Vec<Finding> {
        let now = self.now();
        let pulse = &self.inner.pulse;
        let behind = pulse.latest.load(Ordering::Acquire).saturating_sub(now);
        let folder = self.inner.ground.lost().unwrap_or(Found::Well);
        // Where the folder is lost, a path says nothing of the file that is open.
        let database = match &folder {
            Found::Well => self.database(),
            _ => self
                .inner
                .store
                .damage()
                .map_or(Found::Well, Found::Damaged),
        };
        let folder = match folder {
            Found::Well => pulse.older().unwrap_or(Found::Well),
            lost => lost,
        };
        let found = [
            (Part::Folder, folder),
            (Part::Database, database),
            (
                Part::Storage,
                self.storage_trouble().map_or(Found::Well, Found::Unwritten),
            ),
            (
                Part::Room,
                room(self.folder().root(), self.config().limits.reserve_bytes),
            ),
            (
                Part::Clock,
                if behind > BACK {
                    Found::Behind(behind)
                } else {
                    Found::Well
                },
            ),
            (Part::Jobs, pulse.jobs(now)),
        ];
        let finding = |(part, found)| Finding { part, found };
        found.into_iter().map(finding).collect()
    }

    fn database(&self) -> Found {
        if let Some(why) = self.inner.store.damage() {
            return Found::Damaged(why);
        }
        let mut head = [0; MAGIC.len()];
        let read =
            File::open(self.folder().database()).and_then(|file| file.read_exact_at(&mut head, 0));
        match read {
            Ok(()) if head == *MAGIC => Found::Well,
            Ok(()) => Found::Damaged("the file begins like no database".to_owned()),
            Err(error) => Found::Damaged(format!("the file cannot be read: {error}")),
        }
    }

    /// Writes down what time it is, which is also the proof that changes reach the disk.
    pub(crate) fn keep_time(&self) -> crate::Pending<()> {
        let latest = self.inner.pulse.latest.load(Ordering::Acquire);
        self.change(move |change| {
            let text = latest.max(change.now).to_string();
            Ok(change.txn.set_meta(LATEST, text.as_bytes())?)
        })
    }
}

/// How much room there is, by what an ordinary process may take.
fn room(folder: &Path, reserve: u64) -> Found {
    let Ok(disk) = rustix::fs::statvfs(folder) else {
        // That the folder is gone is said where it belongs.
        return Found::Well;
    };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free {
        free if free < reserve => Found::NoRoom(free),
        free if free < reserve.saturating_mul(LITTLE) => Found::Little(free),
        free => Found::Enough(free),
    }
}

#[cfg(test)]
mod tests;
