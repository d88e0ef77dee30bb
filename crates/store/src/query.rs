//! What a viewer asks for, and the page that answers. Invariant: nothing here can hold what was not asked for.

use stix::{ObjectId, Timestamp};

use crate::records::Spec;

/// After how many bytes of content a page ends unless another bound is set: more than a thousand records of usual size have.
pub const PAGE_BYTES: usize = 4 << 20;

/// A question to a collection. All parts must hold; within a list, any one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageQuery {
    /// The collection.
    pub collection: i64,
    /// Only what stands beyond this position.
    pub after: i64,
    /// At most so many.
    pub limit: usize,
    /// No further row once their contents have this many bytes, so that a page of large records stays one that can be held.
    pub bytes: usize,
    /// Only these objects; empty: all.
    pub ids: Vec<ObjectId>,
    /// Only these types; empty: all.
    pub kinds: Vec<String>,
    /// Which versions.
    pub versions: Versions,
    /// Only versions that follow one of these specifications; empty: all.
    pub specs: Vec<Spec>,
    /// Of each object, only versions that follow the newest specification that the viewer sees one of. Not looked at where `specs` are
    /// named.
    pub newest_spec: bool,
}

impl PageQuery {
    /// The newest version of everything in the collection.
    #[must_use]
    pub fn of(collection: i64, limit: usize) -> Self {
        Self {
            collection,
            after: 0,
            limit,
            bytes: PAGE_BYTES,
            ids: Vec::new(),
            kinds: Vec::new(),
            versions: Versions::default(),
            specs: Vec::new(),
            newest_spec: false,
        }
    }
}

/// Which versions of an object: those named by any part. First and last are those among the versions that the viewer may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Versions {
    /// All of them.
    pub all: bool,
    /// The oldest.
    pub first: bool,
    /// The newest.
    pub last: bool,
    /// Those of these instants, however spelled.
    pub at: Vec<Timestamp>,
}

impl Default for Versions {
    /// The newest alone (TAXII 2.1 §3.4.1).
    fn default() -> Self {
        Self {
            all: false,
            first: false,
            last: true,
            at: Vec::new(),
        }
    }
}

impl Versions {
    /// Every version.
    #[must_use]
    pub fn all() -> Self {
        Self {
            all: true,
            first: false,
            last: false,
            at: Vec::new(),
        }
    }

    /// Whether it asks for the newest alone.
    pub(crate) fn is_last(&self) -> bool {
        self.last && !self.all && !self.first && self.at.is_empty()
    }

    /// Whether the instant of a version's key is asked for.
    pub(crate) fn names(&self, version: &str) -> bool {
        let instant = version
            .split_once(' ')
            .map_or(version, |(instant, _)| instant);
        self.at.iter().any(|time| time.sortable() == instant)
    }
}

/// What answers a question, in the order of positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether the same question has a further row for this viewer.
    pub more: bool,
}

/// A record with its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its place, in microseconds; for a read outside a collection, when it was accepted.
    pub added: i64,
    /// Its number.
    pub recno: i64,
    /// The object's id.
    pub id: String,
    /// `modified` or `created` as written.
    pub version: String,
    /// Which specification it follows.
    pub spec: Spec,
    /// The exact bytes.
    pub body: Vec<u8>,
}

/// A record by name only: manifests and lists of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its place.
    pub added: i64,
    /// Its number.
    pub recno: i64,
    /// The object's id.
    pub id: String,
    /// `modified` or `created` as written.
    pub version: String,
    /// Which specification it follows.
    pub spec: Spec,
}
