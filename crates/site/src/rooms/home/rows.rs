//! The rows of the page: plain values, made by [`Gatherer`](super::gather::Gatherer) and written by the template.

use super::texts::Text;
use crate::shell::label::Tlp;

/// A record on the list.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub anchor: String,
    pub kind: String,
    pub title: Text,
    pub label: Tlp,
    pub states: Vec<String>,
    pub author: Option<String>,
    pub channel: String,
    pub accepted: String,
    pub who: String,
    pub id: String,
    pub version: String,
}

/// A record that another list points to.
#[derive(Debug, Clone)]
pub(crate) struct Pointer {
    pub anchor: String,
    pub title: Text,
    pub label: Tlp,
    pub when: String,
}

/// What is withheld for one reason.
#[derive(Debug, Clone)]
pub(crate) struct Because {
    pub reason: &'static str,
    pub records: Vec<Pointer>,
}

/// A peer, what it was given and what not.
#[derive(Debug, Clone)]
pub(crate) struct Peer {
    pub anchor: String,
    pub name: String,
    pub addresses: String,
    pub state: &'static str,
    pub last_contact: String,
    pub last_error: Option<String>,
    pub next_try: String,
    pub taken: String,
    pub log_size: String,
    pub inconsistent: bool,
    pub ledger: Option<String>,
    pub given: Vec<Pointer>,
    pub open: Vec<Pointer>,
    pub withheld: Vec<Because>,
}

/// A circle that the node knows the roster of.
#[derive(Debug, Clone)]
pub(crate) struct Circle {
    pub name: String,
    pub keeper: String,
    pub members: String,
}

/// A collection and how much of it the reader may see.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub number: i64,
    pub title: String,
    pub alias: String,
    pub count: String,
    pub listed: bool,
}

/// Records of one collection.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub title: String,
    pub alias: String,
    pub records: Vec<Row>,
}

/// The rows of what waits and of what was malformed, and its like.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub number: i64,
    pub kind: String,
    pub object: String,
    pub why: String,
    pub from: String,
    pub arrived: String,
}

/// See [`Waiting`].
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    pub number: i64,
    pub why: String,
    pub from: String,
    pub arrived: String,
    pub size: String,
    pub hash: String,
}

/// A publication that is pending.
#[derive(Debug, Clone)]
pub(crate) struct Publication {
    pub number: u64,
    pub count: i64,
    pub by: String,
    pub at: String,
    pub stands: String,
}

/// The head of the log.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub size: String,
    pub root: String,
    pub signed: String,
    pub issued: String,
    pub note: String,
}
