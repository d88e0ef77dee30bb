//! A connection from its opening on: pragmas, tables brought up to date, views taken, positions read into memory. Invariant: what writes
//! waits for the disk, and what only reads cannot write.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::db::Db;
use crate::dialect::SQLITE;
use crate::error::{Error, Result};
use crate::lanes::{Lanes, Stood};
use crate::look::Look;
use crate::schema;
use crate::sql::positions;
use crate::store::Options;
use crate::write::EPOCH;

/// Bytes of a page of a new database. Records of a page of an answer lie in few such pages, and each costs a call of the system to read.
const PAGE: u32 = 16 * 1024;

pub(crate) fn connect(path: &Path, options: &Options, writes: bool) -> Result<Db> {
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags |= if writes || options.exclusive {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection = match &options.vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs.as_str())?,
        None => Connection::open_with_flags(path, flags)?,
    };
    // Plans don't depend on the values that are bound; otherwise a statement over a table with a partial index would be
    // prepared anew for each.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    let cache = if writes {
        options.writer_cache_kib
    } else {
        options.reader_cache_kib
    };
    let mut pragmas = String::new();
    if options.exclusive {
        // Before anything that looks into the file, which would ask for shared memory.
        pragmas.push_str("PRAGMA locking_mode = EXCLUSIVE;");
    }
    pragmas.push_str(&format!(
        "PRAGMA cache_size = -{cache}; PRAGMA temp_store = MEMORY;"
    ));
    if writes {
        // secure_delete: what is erased is overwritten, and so are the places from which rows were moved.
        pragmas.push_str(&format!(
            "PRAGMA page_size = {PAGE}; PRAGMA synchronous = {}; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = {};",
            if options.durable { "FULL" } else { "OFF" },
            options.wal_autocheckpoint,
        ));
    } else {
        pragmas.push_str("PRAGMA query_only = ON;");
    }
    connection.execute_batch(&pragmas)?;
    if writes {
        let mode: String =
            connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
        if mode != "wal" {
            // Without it readers would wait for the writer, and what follows counts on it.
            return Err(Error::Disk(format!(
                "no write-ahead file can be made beside it, only {mode}"
            )));
        }
    }
    Ok(Db::new(connection))
}

const VERSION: &str = "PRAGMA user_version";

/// The schema found and the newest one known.
pub(crate) fn versions(db: &Db) -> Result<(i64, i64)> {
    let found = db.one(VERSION, [], |row| row.get::<_, i64>(0))?;
    let known = i64::try_from(schema::MIGRATIONS.len()).unwrap_or(i64::MAX);
    Ok((found.unwrap_or(0), known))
}

pub(crate) fn migrate(db: &Db) -> Result<()> {
    let (found, known) = versions(db)?;
    if found > known {
        return Err(Error::Newer { found, known });
    }
    if found == known {
        return Ok(());
    }
    let applied = usize::try_from(found).unwrap_or(0);
    let made = (|| {
        db.batch("BEGIN IMMEDIATE")?;
        for statement in schema::spoken(SQLITE, applied) {
            db.batch(&statement)?;
        }
        db.batch(&format!("PRAGMA user_version = {known}; COMMIT"))
    })();
    if made.is_err() {
        // The transaction may have ended with the error; what matters is the error.
        let _ = db.batch("ROLLBACK");
    }
    made
}

/// Takes a view of what is committed, and tells its epoch. It is taken with the first row that is read: here, before anything is looked
/// up that writers foresee.
pub(crate) fn view(look: &Look) -> Result<i64> {
    look.db().run("BEGIN", [])?;
    let epoch = look.number(EPOCH);
    if epoch.is_err() {
        let _ = look.db().run("COMMIT", []);
    }
    Ok(epoch?.unwrap_or(0))
}

/// Reads all positions into memory, with the writer's connection: nothing changes meanwhile.
pub(crate) fn hold(writer: &Look) -> Result<()> {
    let most = writer.shared().most_held();
    let epoch = writer.number(EPOCH)?.unwrap_or(0);
    let mut lanes = Lanes::default();
    let mut fit = true;
    writer.db().each(positions::EVERY, [], |row| {
        let stood = Stood {
            added: row.get(4)?,
            recno: row.get(5)?,
            spec: row.get(6)?,
            times: (row.get(7)?, row.get(8)?),
        };
        let lane = (row.get(1)?, row.get(2)?, row.get(3)?);
        fit = lanes.held() < most && lanes.put(row.get(0)?, lane, stood).is_some();
        Ok(fit)
    })?;
    writer
        .shared()
        .hold(epoch, (fit && most > 0).then_some(lanes));
    give_memory_back(writer.db())
}

/// Gives back what a connection keeps of the database in memory: after reading much that won't be needed soon.
pub(crate) fn give_memory_back(db: &Db) -> Result<()> {
    db.batch("PRAGMA shrink_memory")
}
