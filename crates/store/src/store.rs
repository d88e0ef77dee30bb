//! The store itself: one writing connection, a pool of reading ones. Invariant: what `write` returned is on disk.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use policy::{Purpose, Viewer};
use rusqlite::Connection;

use crate::connection::{connect, give_memory_back, hold, migrate, versions, view};
use crate::error::{Error, Result};
use crate::lanes::Lanes;
use crate::look::Look;
use crate::read::Reader;
use crate::shared::{LaneKey, Shared};
use crate::write::WriteTxn;

/// How a store is opened. The default is what a node uses.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of a registered SQLite file layer; `None` is the operating system's.
    pub vfs: Option<String>,
    /// The page cache of the writing connection, in KiB.
    pub writer_cache_kib: u32,
    /// The page cache of each reading connection, in KiB.
    pub reader_cache_kib: u32,
    /// How many reading connections are kept for reuse; more are opened when needed.
    pub readers_kept: usize,
    /// After how many pages in the write-ahead file the writer itself moves them into the database. The node calls
    /// [`Store::checkpoint`] before that, off the writer's thread.
    pub wal_autocheckpoint: u32,
    /// Up to how many positions are held in memory, about 16 bytes each, so that pages ask the engine for none; beyond that none is held.
    pub positions_held: usize,
    /// How many new object keys gather before they are merged into the large index.
    pub keys_gathered: u32,
    /// One connection only, which holds the file by itself: for file layers without shared memory. Reads wait for writes.
    pub exclusive: bool,
    /// Whether a commit waits for the disk. Only a test that shows why ever says no.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            vfs: None,
            writer_cache_kib: 4 * 1024,
            reader_cache_kib: 1_024,
            readers_kept: 8,
            wal_autocheckpoint: 4_000,
            positions_held: 2_000_000,
            keys_gathered: 48_000,
            exclusive: false,
            durable: true,
        }
    }
}

/// Up to how many records are read into memory before a store is open: a fraction of a tenth of a second.
const HELD_AT_ONCE: i64 = 150_000;

/// The same for ids, which lie farther apart.
const LEARNED_AT_ONCE: i64 = 10_000;

/// How many pages of the file a backup copies at a time: a mebibyte.
const COPIED_TOGETHER: i32 = 64;

/// The records of a node and everything else it remembers. Cheap to clone; all clones are one store.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    options: Options,
    writer: Mutex<Look>,
    idle: Mutex<Idle>,
    shared: Arc<Shared>,
    /// How many commits this process has made, if all that change the file are its own: then a view that was taken after the last
    /// one is that of now, and serves the next reader as well.
    commits: Option<AtomicU64>,
}

/// Connections that nobody reads with.
#[derive(Debug, Default)]
struct Idle {
    looks: Vec<Viewing>,
    /// Whether views must end at once, because somebody waits for it.
    hurried: usize,
}

/// A connection, and after how many commits its view was taken, if it has one.
#[derive(Debug)]
pub(crate) struct Viewing {
    look: Look,
    taken: Option<u64>,
    sight: Sight,
}

/// What is known of a view.
#[derive(Debug, Default)]
pub(crate) struct Sight {
    /// All positions as it has them, if they are held in memory.
    pub(crate) held: Option<Arc<Lanes>>,
}

impl Sight {
    /// Takes a view.
    fn of(look: &Look) -> Result<Self> {
        let epoch = view(look)?;
        let held = look.shared().held(epoch);
        Ok(Self { held })
    }
}

impl Store {
    /// Opens the database at `path`, makes it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Newer`] if a later program wrote it; [`Error::Damaged`] or [`Error::Disk`] if it cannot be read.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let shared = Arc::new(Shared::holding_up_to(options.positions_held));
        let writer = Look::new(connect(&path, &options, true)?, Arc::clone(&shared), false);
        migrate(writer.db())?;
        shared.load(&writer)?;
        let records = writer.records()?;
        if records <= HELD_AT_ONCE {
            hold(&writer)?;
        }
        let held = (options.positions_held > 0).then_some(records);
        shared.objects().begin(held);
        if records <= LEARNED_AT_ONCE {
            while shared.objects().learn(&writer)? {}
        }
        let inner = Inner {
            path,
            options,
            writer: Mutex::new(writer),
            idle: Mutex::default(),
            shared,
            commits: Some(AtomicU64::new(0)),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    pub(crate) fn open_to_look(path: &Path, options: Options) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let look = Look::new(connect(path, &options, false)?, Arc::clone(&shared), true);
        let (found, known) = versions(look.db())?;
        if found != known {
            return Err(Error::Newer { found, known });
        }
        let inner = Inner {
            path: path.to_path_buf(),
            options,
            writer: Mutex::new(look),
            idle: Mutex::default(),
            shared,
            commits: None,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Makes changes together: all of them or, if `change` fails, none. When this returns they are on disk.
    ///
    /// # Errors
    /// Whatever `change` returns, or the store's own error at commit; then nothing was kept.
    pub fn write<T, E: From<Error>>(
        &self,
        change: impl FnOnce(&mut WriteTxn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let look = self.writer();
        // The write-ahead file begins anew only while nobody has a view of it.
        let _hurry = Hurry::begin(self);
        let mut txn = WriteTxn::begin(&look, self.inner.options.keys_gathered)?;
        match change(&mut txn) {
            Ok(value) => {
                txn.commit()?;
                if let Some(commits) = &self.inner.commits {
                    commits.fetch_add(1, Ordering::AcqRel);
                }
                Ok(value)
            }
            Err(error) => {
                txn.undo();
                Err(error)
            }
        }
    }

    /// A view of the store as it is now, which later writes do not change. Cheap; drop it soon.
    ///
    /// # Errors
    /// [`Error::Disk`] if a connection is needed and cannot be opened.
    pub fn read(&self) -> Result<Reader<'_>> {
        if self.inner.options.exclusive {
            let look = self.writer();
            let sight = Sight::of(&look)?;
            return Ok(Reader::of(Borrowed::Writer(look, sight)));
        }
        self.view(false)
    }

    /// A view of what stands in the file now, also where it was written there past this store. Within a write it is what stood before.
    ///
    /// # Errors
    /// [`Error::Disk`] if a connection is needed and cannot be opened.
    pub fn read_anew(&self) -> Result<Reader<'_>> {
        self.view(true)
    }

    fn view(&self, anew: bool) -> Result<Reader<'_>> {
        let idle = lock(&self.inner.idle).looks.pop();
        let mut viewing = match idle {
            Some(viewing) => viewing,
            None => Viewing {
                look: self.another(false)?,
                taken: None,
                sight: Sight::default(),
            },
        };
        // Before the view is taken: one that is newer than it says is only taken once more.
        let now = self.commits();
        if anew || viewing.taken.is_none() || viewing.taken != now {
            viewing.end();
            viewing.sight = Sight::of(&viewing.look)?;
            viewing.taken = now;
        }
        Ok(Reader::of(Borrowed::Pooled(Some(viewing), self)))
    }

    /// Holds positions and ids of objects in memory, if they aren't yet and are not too many. Writers wait while positions are read, half a
    /// second for a million.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn hold(&self) -> Result<()> {
        let shared = &self.inner.shared;
        if self.inner.commits.is_none() {
            return Ok(());
        }
        if !shared.has_held() {
            hold(&self.writer())?;
        }
        let reader = self.read()?;
        let mut learned = false;
        while shared.objects().learn(&reader)? {
            learned = true;
        }
        if learned {
            give_memory_back(reader.db())?;
        }
        Ok(())
    }

    fn commits(&self) -> Option<u64> {
        let commits = self.inner.commits.as_ref()?;
        Some(commits.load(Ordering::Acquire))
    }

    /// Moves what the write-ahead file holds into the database, as far as readers allow, beside the writer. Returns whether
    /// all of it was moved.
    ///
    /// # Errors
    /// [`Error::Disk`] or [`Error::DiskFull`]; nothing is lost by it.
    pub fn checkpoint(&self) -> Result<bool> {
        self.checkpoint_as("PASSIVE")
    }

    /// Moves all of it and empties the write-ahead file: after an erasure, so that no copy stays there. Waits for readers.
    ///
    /// # Errors
    /// As [`checkpoint`](Self::checkpoint); [`Error::Busy`] if readers stayed for too long.
    pub fn empty_wal(&self) -> Result<()> {
        if self.checkpoint_as("TRUNCATE")? {
            Ok(())
        } else {
            Err(Error::Busy)
        }
    }

    fn checkpoint_as(&self, mode: &str) -> Result<bool> {
        let run = |look: &Look| {
            let sql = format!("PRAGMA wal_checkpoint({mode})");
            let read = |row: &rusqlite::Row<'_>| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                ))
            };
            let (busy, pages, moved) = look.db().one(&sql, [], read)?.unwrap_or_default();
            Ok(busy == 0 && pages == moved)
        };
        let _hurry = Hurry::begin(self);
        if self.inner.options.exclusive || mode == "TRUNCATE" {
            return run(&self.writer());
        }
        run(&self.another(true)?)
    }

    /// The size of the write-ahead file in bytes, by which the node decides when to checkpoint.
    pub fn wal_bytes(&self) -> u64 {
        let mut path = self.inner.path.clone().into_os_string();
        path.push("-wal");
        std::fs::metadata(path).map_or(0, |data| data.len())
    }

    /// Writes a consistent copy to `target`, which must not exist, while reads and writes go on.
    ///
    /// `progress` is told how many pages are left and how many there are.
    ///
    /// # Errors
    /// [`Error::DiskFull`] and [`Error::Disk`] for the copy; the store itself is untouched.
    pub fn backup(&self, target: &Path, mut progress: impl FnMut(u64, u64)) -> Result<()> {
        let source = self.another(false)?;
        let mut copy = Connection::open(target)?;
        {
            // One snapshot for the whole copy, so that writers never make it start again.
            source.db().batch("BEGIN")?;
            source
                .db()
                .one("SELECT count(*) FROM meta", [], |row| row.get::<_, i64>(0))?;
            let backup = rusqlite::backup::Backup::new(source.db().connection(), &mut copy)?;
            loop {
                let step = backup.step(COPIED_TOGETHER)?;
                let left = backup.progress();
                progress(
                    u64::try_from(left.remaining).unwrap_or(0),
                    u64::try_from(left.pagecount).unwrap_or(0),
                );
                match step {
                    rusqlite::backup::StepResult::Done => break,
                    rusqlite::backup::StepResult::More => {}
                    _ => std::thread::yield_now(),
                }
            }
        }
        source.db().batch("COMMIT")?;
        copy.close().map_err(|(_, error)| Error::from(error))
    }

    /// What the engine finds wrong with the file, in its words; empty if nothing. Reads all of it.
    ///
    /// # Errors
    /// [`Error::Damaged`] if it cannot even be looked through.
    pub fn integrity(&self) -> Result<Vec<String>> {
        let reader = self.read()?;
        let found = reader.db().all("PRAGMA integrity_check(100)", [], |row| {
            row.get::<_, String>(0)
        })?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    /// What the engine said when it first met a damaged page, if it did since the store was opened.
    pub fn damage(&self) -> Option<String> {
        self.inner.shared.damage().get().cloned()
    }

    /// Grows whenever classes, collections, circles, access or persons change: what was computed from them is then stale.
    pub fn generation(&self) -> u64 {
        self.inner.shared.generation()
    }

    /// Whether it is plain, without reading, that a collection has nothing for a viewer beyond a position.
    pub fn nothing_beyond(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        collection: i64,
        after: i64,
    ) -> bool {
        let shared = &self.inner.shared;
        shared.known_reach(viewer, purpose).is_some_and(|reach| {
            let reached = |(class, ..): LaneKey| reach.reaches(class);
            shared.lanes(collection, after, reached).0.is_empty()
        })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    fn writer(&self) -> MutexGuard<'_, Look> {
        lock(&self.inner.writer)
    }

    fn another(&self, writes: bool) -> Result<Look> {
        let connection = connect(&self.inner.path, &self.inner.options, writes)?;
        Ok(Look::new(connection, Arc::clone(&self.inner.shared), true))
    }

    fn give_back(&self, mut viewing: Viewing) {
        let mut idle = lock(&self.inner.idle);
        let current = viewing.taken.is_some() && viewing.taken == self.commits();
        if idle.hurried > 0 || !current {
            viewing.end();
        }
        if idle.looks.len() < self.inner.options.readers_kept {
            idle.looks.push(viewing);
        }
    }
}

/// While it lasts no idle connection keeps its view.
struct Hurry<'s>(&'s Store);

impl<'s> Hurry<'s> {
    fn begin(store: &'s Store) -> Self {
        let mut idle = lock(&store.inner.idle);
        idle.hurried += 1;
        idle.looks.iter_mut().for_each(Viewing::end);
        Self(store)
    }
}

impl Drop for Hurry<'_> {
    fn drop(&mut self) {
        lock(&self.0.inner.idle).hurried -= 1;
    }
}

impl Viewing {
    /// Ends its view. A failed end of a read leaves nothing behind; a connection that is still in a transaction is not reused.
    fn end(&mut self) {
        if !self.look.db().connection().is_autocommit() {
            let _ = self.look.db().run("COMMIT", []);
        }
        self.taken = None;
        self.sight = Sight::default();
    }
}

/// A connection for as long as a reader needs it.
pub(crate) enum Borrowed<'s> {
    /// From the pool, to which it returns.
    Pooled(Option<Viewing>, &'s Store),
    /// The only one there is.
    Writer(MutexGuard<'s, Look>, Sight),
}

impl Borrowed<'_> {
    pub(crate) fn look(&self) -> &Look {
        match self {
            Self::Pooled(Some(viewing), _) => &viewing.look,
            Self::Pooled(None, _) => unreachable!("taken only when dropped"),
            Self::Writer(look, _) => look,
        }
    }

    /// What is known of the view.
    pub(crate) fn sight(&self) -> &Sight {
        match self {
            Self::Pooled(Some(viewing), _) => &viewing.sight,
            Self::Pooled(None, _) => unreachable!("taken only when dropped"),
            Self::Writer(_, sight) => sight,
        }
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        match self {
            Self::Pooled(viewing, store) => {
                if let Some(viewing) = viewing.take() {
                    store.give_back(viewing);
                }
            }
            Self::Writer(look, _) => {
                let _ = look.db().run("COMMIT", []);
            }
        }
    }
}

/// The mutex's content, whatever happened to a thread that held it: a transaction that was cut short is rolled back by the next.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
