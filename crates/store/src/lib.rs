//! The only SQL: records, what viewers poll, and everything else a node remembers.
//!
//! It keeps rows and holds no rules. Who may admit, revise or release is decided above and in `policy`; time, chance and the log
//! are passed in. One writer makes changes in transactions that are on disk when they return; readers see snapshots and never
//! wait for it. Every read of a record names a [`policy::Viewer`], a [`policy::Purpose`] and the time, and returns
//! [`policy::Released`].
//!
//! It is not a query language: a question that nobody asks has no method. To add one, write its text in `sql`, where
//! `tests/postgres.rs` finds it, and a typed method beside its rows.
//!
//! ```
//! use store::{Options, Store};
//! # let folder = tempfile::tempdir().unwrap();
//! let store = Store::open(folder.path().join("node.db"), Options::default())?;
//! store.write(|txn| txn.set_meta("greeting", b"bonjour"))?;
//! assert_eq!(store.read()?.meta("greeting")?.as_deref(), Some(&b"bonjour"[..]));
//! # Ok::<(), store::Error>(())
//! ```

mod access;
mod audit;
mod circles;
mod collections;
mod connection;
mod db;
mod dialect;
mod error;
mod facets;
mod filter;
mod jobs;
mod keys;
mod lanes;
mod ledger;
mod list;
mod locals;
mod log;
mod look;
mod merge;
mod names;
mod objects;
mod peers;
mod pending;
mod people;
mod persons;
mod positions;
mod query;
mod read;
mod records;
mod run;
mod schema;
mod search;
mod sessions;
mod shared;
mod sources;
mod splice;
mod sql;
mod store;
mod texts;
mod trail;
mod withdrawals;
mod words;
mod write;

pub use access::Access;
pub use audit::{Apart, Audited, Misfit, Placed};
pub use circles::{Circle, Stay};
pub use collections::{Collection, NewCollection};
pub use error::{Error, Result};
pub use facets::{Facet, FacetQuery, Found, Hit, Span, Value};
pub use jobs::Job;
pub use ledger::{LedgerEntry, Sheet};
pub use list::{List, Listed, Named};
pub use locals::Local;
pub use log::Checkpoint;
pub use look::{Look, ObjectNo};
pub use peers::Peer;
pub use pending::{HEAD, Pending, QuarantineUse, Quarantined, Quota, Waits};
pub use people::{Credential, Login};
pub use persons::{Binding, Person};
pub use positions::{NewPosition, Place};
pub use query::{Mention, PAGE_BYTES, Page, PageQuery, Record, Versions};
pub use read::Reader;
pub use records::{Came, Held, Kept, Labeled, NewRecord, Spec};
pub use run::{Run, RunQuery};
pub use search::Indexed;
pub use sessions::{Once, Session, Token};
pub use splice::Spliced;
pub use store::{Options, Store};
pub use texts::{Engine, schema_texts, statement_texts};
pub use trail::TrailLine;
pub use withdrawals::Withdrawal;
pub use write::WriteTxn;
