//! What can go wrong with the store, by what its caller can do about it.

/// Why the store did not do what it was asked to. Not finding something is no error: that is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk is full: free some space; nothing of the transaction was kept.
    #[error("the disk that holds the database is full; nothing of this change was kept")]
    DiskFull,
    /// Reading or writing the file failed: check the disk; nothing of the transaction was kept.
    #[error("the database file could not be read or written: {0}")]
    Disk(String),
    /// The file is no database, or is damaged: restore a backup, or run `verify` to learn how far it goes.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// A row with this key exists. The node asks before it writes, so this is a race or a mistake.
    #[error("there is such a row already: {0}")]
    Exists(String),
    /// Positions of a collection grow; this one would lie behind its last.
    #[error("position {added} of collection {collection} does not come after {last}")]
    NotIncreasing {
        /// The collection.
        collection: i64,
        /// The position that was asked for.
        added: i64,
        /// The last one given.
        last: i64,
    },
    /// Something names a record, a collection or a class that is not there.
    #[error("there is no {0}")]
    Missing(String),
    /// The file was written by a later version of the program: use that version.
    #[error(
        "the database has schema {found}, and this program knows up to {known}: use a newer one"
    )]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// Somebody else holds the database locked for longer than the store waits.
    #[error("the database is in use by another program")]
    Busy,
    /// The engine refused a statement: a mistake in this crate.
    #[error("the database engine refused: {0}")]
    Engine(rusqlite::Error),
}

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let Some(code) = error.sqlite_error_code() else {
            return Self::Engine(error);
        };
        match code {
            Code::DiskFull => Self::DiskFull,
            Code::SystemIoFailure | Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied => {
                Self::Disk(error.to_string())
            }
            Code::DatabaseCorrupt | Code::NotADatabase => Self::Damaged(error.to_string()),
            Code::ConstraintViolation => Self::Exists(error.to_string()),
            Code::DatabaseBusy | Code::DatabaseLocked => Self::Busy,
            _ => Self::Engine(error),
        }
    }
}
