//! What verification says: findings, each with its place, and what was looked at.

use std::fmt;

use serde::Serialize;

/// What of a record, or of the node, is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// The bytes of the object.
    Body,
    /// The hash of these bytes.
    Hash,
    /// The salt of the leaf.
    Salt,
    /// The object's id, or its number.
    Id,
    /// The version's key.
    Version,
    /// The door through which it came.
    Channel,
    /// The time at which it was accepted.
    Accepted,
    /// The label that it was taken with, or has.
    Label,
    /// What is kept beside the object to find it: type, author, specification, revocation.
    Header,
    /// Something that the leaf binds; it cannot be told what.
    Leaf,
    /// A signature: seal, handling, erasure.
    Seal,
    /// A hash of the tree.
    Tile,
    /// The signed head of the log.
    Head,
    /// The number of records.
    Count,
    /// Where a record stands for those who poll.
    Position,
    /// The content is gone without an erasure in the log, or there is one and the content is back.
    Erasure,
    /// A checkpoint that is kept, of this log or a peer's, or a peer's line under one of ours.
    Checkpoint,
    /// A line of the audit trail.
    Trail,
    /// A line of the ledger of deliveries.
    Deliveries,
    /// What a person, a program or a peer may.
    Rights,
    /// With what a person or a program comes in.
    SignIn,
    /// Who belongs to a circle.
    Circle,
    /// What awaits a decision, or is in quarantine.
    Waiting,
    /// The node's own keys and names, or those of its peers.
    Keys,
    /// The database file.
    Database,
}

impl Area {
    /// Whether the records and their log are whole all the same: what people may, sign in with or took was changed past the node.
    #[must_use]
    pub fn leaves_records_whole(self) -> bool {
        matches!(self, Self::Rights | Self::SignIn | Self::Deliveries)
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What.
    pub area: Area,
    /// The record's number, which is its leaf in the log.
    pub leaf: Option<i64>,
    /// The object's id.
    pub id: Option<String>,
    /// The version's key.
    pub version: Option<String>,
    /// In words.
    pub what: String,
}

impl Finding {
    /// One that is about the node.
    pub(crate) fn new(area: Area, what: impl Into<String>) -> Self {
        Self {
            area,
            leaf: None,
            id: None,
            version: None,
            what: what.into(),
        }
    }

    /// One that is about a record.
    pub(crate) fn at(area: Area, leaf: i64, what: impl Into<String>) -> Self {
        Self {
            leaf: Some(leaf),
            ..Self::new(area, what)
        }
    }

    pub(crate) fn named(mut self, id: &str, version: &str) -> Self {
        self.id = (!id.is_empty()).then(|| id.to_owned());
        self.version = (!version.is_empty()).then(|| version.to_owned());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(leaf) = self.leaf {
            write!(out, "record {leaf}")?;
            if let Some(id) = &self.id {
                write!(out, ", {id}")?;
            }
            if let Some(version) = &self.version {
                // The key ends with how finely the time was written.
                let time = version.split(' ').next().unwrap_or(version);
                write!(out, ", version {time}Z")?;
            }
            write!(out, ": ")?;
        }
        out.write_str(&self.what)
    }
}

/// The seals that were met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Seals {
    /// Signed by the key of the author that they name.
    pub good: u64,
    /// By an author whose key is not here.
    pub unknown: u64,
    /// That do not verify, and did not when their record was taken: a person admitted it all the same.
    pub broken: u64,
}

/// Lines that no mark in the log covers yet: they fit each other, and nothing shows that one of them was changed or cut off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Unmarked {
    /// Of the audit trail.
    pub trail: u64,
    /// Of the ledger of deliveries: those since the last mark, and those that are not settled yet.
    pub deliveries: u64,
}

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many leaves the signed head says that there are.
    pub size: u64,
    /// Its root, in base64.
    pub root: String,
    /// When the head was signed, in seconds since 1970.
    pub signed: Option<u64>,
    /// How many leaves were recomputed.
    pub leaves: u64,
    /// How many contents are erased.
    pub erased: u64,
    /// Bytes of content.
    pub bytes: u64,
    /// Seals.
    pub seals: Seals,
    /// What the log does not speak of yet.
    pub unmarked: Unmarked,
    /// What is wrong; empty when nothing is.
    pub findings: Vec<Finding>,
    /// How many more were found than are listed.
    pub more: u64,
    /// The proof that this log contradicts the checkpoint that it was held against, for anybody who has the log's key.
    pub proof: Option<String>,
}

impl Report {
    /// A damaged disk needs no longer list than this.
    pub const MOST: usize = 1000;

    /// Whether all is as it was signed.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn find(&mut self, finding: Finding) {
        if self.findings.contains(&finding) {
            return;
        }
        if self.findings.len() < Self::MOST {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// How far verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being looked at.
    pub stage: &'static str,
    /// So many records or pages are done,
    pub done: u64,
    /// of so many; 0 when that is not known.
    pub total: u64,
}
