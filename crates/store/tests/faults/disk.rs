//! A disk that exists in memory only, and on which everything can go wrong: what was written and not synced is dropped, torn or
//! kept in any order when the power goes; any call can fail.
//!
//! Invariant: what was synced is kept. Sectors that were not written are not changed.

use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard};
use std::time::Duration;

use sqlite_vfs::{DatabaseHandle, LockKind, OpenAccess, OpenOptions, Vfs, wip};

/// The name under which SQLite finds these disks. A file belongs to the disk that its path begins with: `disk/file`.
pub(crate) const NAME: &str = "faults";

const SECTOR: usize = 512;

/// What goes wrong, and at which call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// From this call on nothing works: the power is gone.
    PowerCut,
    /// This call fails: the disk is full.
    Full,
    /// This call fails: input or output.
    Io,
    /// From this call on, every write fails: the disk stays full.
    StaysFull,
}

#[derive(Default)]
pub(crate) struct Disk {
    files: HashMap<String, File>,
    /// How many calls were made.
    pub(crate) calls: u64,
    fault: Option<(u64, Fault)>,
    dead: bool,
}

#[derive(Default)]
struct File {
    /// What is there after a power cut for certain.
    synced: Vec<u8>,
    /// What the program sees.
    seen: Vec<u8>,
    /// What happened since the last sync.
    since: Vec<Change>,
}

enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

impl Change {
    /// Applies those sectors that `keeps` says were kept.
    fn apply(&self, to: &mut Vec<u8>, mut keeps: impl FnMut() -> bool) {
        match self {
            Self::Write(offset, bytes) => {
                for (at, sector) in sectors(*offset, bytes) {
                    if keeps() {
                        let end = at + sector.len();
                        if to.len() < end {
                            to.resize(end, 0);
                        }
                        to[at..end].copy_from_slice(sector);
                    }
                }
            }
            Self::Length(length) => {
                if keeps() {
                    to.resize(*length, 0);
                }
            }
        }
    }
}

/// The parts of a write that fall into one sector each.
fn sectors(offset: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    std::iter::from_fn(move || {
        if start >= bytes.len() {
            return None;
        }
        let at = offset + start;
        let end = bytes.len().min(start + SECTOR - at % SECTOR);
        let part = (at, &bytes[start..end]);
        start = end;
        Some(part)
    })
}

static DISKS: LazyLock<Arc<Mutex<HashMap<String, Disk>>>> = LazyLock::new(|| {
    let disks = Arc::new(Mutex::new(HashMap::new()));
    sqlite_vfs::register(NAME, Disks(Arc::clone(&disks)), false).unwrap();
    disks
});

fn disks() -> MutexGuard<'static, HashMap<String, Disk>> {
    DISKS.lock().unwrap()
}

/// An empty disk of this name.
pub(crate) fn format(name: &str) {
    disks().insert(name.to_owned(), Disk::default());
}

/// The disk is gone.
pub(crate) fn scrap(name: &str) {
    disks().remove(name);
}

/// Something will go wrong at the `at`-th call from now.
pub(crate) fn plan(name: &str, at: u64, fault: Fault) {
    let mut disks = disks();
    let disk = disks.get_mut(name).unwrap();
    disk.fault = Some((disk.calls + at, fault));
}

/// Nothing goes wrong any more. The power is back.
pub(crate) fn repair(name: &str) {
    let mut disks = disks();
    let disk = disks.get_mut(name).unwrap();
    disk.fault = None;
    disk.dead = false;
}

/// How many calls the disk has served.
pub(crate) fn calls(name: &str) -> u64 {
    disks()[name].calls
}

/// The power goes and comes back: of what was not synced, `keeps` decides for each sector.
pub(crate) fn cut_power(name: &str, mut keeps: impl FnMut() -> bool) {
    let mut disks = disks();
    for file in disks.get_mut(name).unwrap().files.values_mut() {
        let mut left = std::mem::take(&mut file.synced);
        for change in file.since.drain(..) {
            change.apply(&mut left, &mut keeps);
        }
        file.seen.clone_from(&left);
        file.synced = left;
    }
}

impl Disk {
    /// One call more; whether it goes well.
    fn call(&mut self, writes: bool) -> Result<(), Error> {
        self.calls += 1;
        let (at, fault) = self.fault.unwrap_or((u64::MAX, Fault::Io));
        match fault {
            Fault::PowerCut if self.calls >= at => {
                self.dead = true;
                Err(ErrorKind::Other.into())
            }
            // The layer above takes this kind for a full disk.
            Fault::StaysFull if self.calls >= at && writes => Err(ErrorKind::WriteZero.into()),
            Fault::Full if self.calls == at && writes => Err(ErrorKind::WriteZero.into()),
            Fault::Full | Fault::Io if self.calls == at => Err(ErrorKind::Other.into()),
            _ => Ok(()),
        }
    }
}

/// All disks, as SQLite sees them.
struct Disks(Arc<Mutex<HashMap<String, Disk>>>);

impl Disks {
    fn with<T>(
        &self,
        path: &str,
        work: impl FnOnce(&mut Disk, &str) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (disk, file) = path.split_once('/').ok_or(ErrorKind::NotFound)?;
        let mut disks = self.0.lock().unwrap();
        work(disks.get_mut(disk).ok_or(ErrorKind::NotFound)?, file)
    }
}

impl Vfs for Disks {
    type Handle = Handle;

    fn open(&self, path: &str, options: OpenOptions) -> Result<Handle, Error> {
        self.with(path, |disk, file| {
            disk.call(false)?;
            let makes = matches!(options.access, OpenAccess::Create | OpenAccess::CreateNew);
            if !makes && !disk.files.contains_key(file) {
                return Err(ErrorKind::NotFound.into());
            }
            disk.files.entry(file.to_owned()).or_default();
            Ok(())
        })?;
        Ok(Handle {
            disks: Self(Arc::clone(&self.0)),
            path: path.to_owned(),
            lock: LockKind::None,
        })
    }

    fn delete(&self, path: &str) -> Result<(), Error> {
        self.with(path, |disk, file| {
            // Only the power may go here: the layer above gives SQLite a wrong code for any other failure of a deletion.
            if disk.call(true).is_err() && disk.dead {
                return Err(ErrorKind::Other.into());
            }
            disk.files.remove(file);
            Ok(())
        })
    }

    fn exists(&self, path: &str) -> Result<bool, Error> {
        self.with(path, |disk, file| Ok(disk.files.contains_key(file)))
    }

    fn temporary_name(&self) -> String {
        "memory/temporary".to_owned()
    }

    fn random(&self, buffer: &mut [i8]) {
        // The salts of the write-ahead file; the same in every run, so that every run can be repeated.
        buffer.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
    }

    fn sleep(&self, duration: Duration) -> Duration {
        duration
    }
}

/// An open file.
pub(crate) struct Handle {
    disks: Disks,
    path: String,
    lock: LockKind,
}

impl Handle {
    fn with<T>(
        &self,
        writes: bool,
        work: impl FnOnce(&mut File) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.disks.with(&self.path, |disk, file| {
            disk.call(writes)?;
            work(disk.files.get_mut(file).ok_or(ErrorKind::NotFound)?)
        })
    }
}

impl DatabaseHandle for Handle {
    type WalIndex = NoSharedMemory;

    fn size(&self) -> Result<u64, Error> {
        self.with(false, |file| Ok(file.seen.len() as u64))
    }

    fn read_exact_at(&mut self, buffer: &mut [u8], offset: u64) -> Result<(), Error> {
        self.with(false, |file| {
            let offset = offset as usize;
            let there = file.seen.get(offset..).unwrap_or_default();
            let (read, missing) = buffer.split_at_mut(there.len().min(buffer.len()));
            read.copy_from_slice(&there[..read.len()]);
            missing.fill(0);
            if missing.is_empty() {
                Ok(())
            } else {
                Err(ErrorKind::UnexpectedEof.into())
            }
        })
    }

    fn write_all_at(&mut self, bytes: &[u8], offset: u64) -> Result<(), Error> {
        self.with(true, |file| {
            let change = Change::Write(offset as usize, bytes.to_vec());
            change.apply(&mut file.seen, || true);
            file.since.push(change);
            Ok(())
        })
    }

    fn sync(&mut self, _data_only: bool) -> Result<(), Error> {
        self.with(true, |file| {
            for change in file.since.drain(..) {
                change.apply(&mut file.synced, || true);
            }
            Ok(())
        })
    }

    fn set_len(&mut self, size: u64) -> Result<(), Error> {
        self.with(true, |file| {
            file.seen.resize(size as usize, 0);
            file.since.push(Change::Length(size as usize));
            Ok(())
        })
    }

    fn lock(&mut self, lock: LockKind) -> Result<bool, Error> {
        self.lock = lock;
        Ok(true)
    }

    fn reserved(&mut self) -> Result<bool, Error> {
        Ok(false)
    }

    fn current_lock(&self) -> Result<LockKind, Error> {
        Ok(self.lock)
    }

    fn wal_index(&self, _readonly: bool) -> Result<NoSharedMemory, Error> {
        Err(ErrorKind::Unsupported.into())
    }
}

/// One connection holds the file by itself, so the index of the write-ahead file lies in its own memory.
pub(crate) struct NoSharedMemory;

impl wip::WalIndex for NoSharedMemory {
    fn enabled() -> bool {
        false
    }

    fn map(&mut self, _region: u32) -> Result<[u8; 32768], Error> {
        Err(ErrorKind::Unsupported.into())
    }

    fn lock(
        &mut self,
        _locks: std::ops::Range<u8>,
        _lock: wip::WalIndexLock,
    ) -> Result<bool, Error> {
        Err(ErrorKind::Unsupported.into())
    }

    fn delete(self) -> Result<(), Error> {
        Ok(())
    }
}
