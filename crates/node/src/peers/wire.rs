//! What the exchange asks of the wire, and nothing else: the crate that speaks HTTP implements it, tests put something worse in its place.

use std::future::Future;
use std::ops::Range;
use std::pin::Pin;

use anyhow::Result;
use bytes::Bytes;
use stix::ObjectId;

use crate::keys;

/// What comes back over the wire. An error is for people: what happened, where.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A node that is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The participant whose node it is.
    pub participant: ObjectId,
    /// Where it listens: scheme, host and port.
    pub address: String,
    /// The key by which its connection proves itself.
    pub pin: keys::Pin,
    /// What shows it who we are; the same for some minutes.
    pub token: String,
}

/// A collection of another node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// Its id there.
    pub id: String,
    /// Its short name there.
    pub alias: Option<String>,
    /// Whether we may take from it.
    pub can_read: bool,
    /// Whether we may give to it.
    pub can_write: bool,
}

/// A page of another node's collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The bytes that hold the objects.
    pub bytes: Bytes,
    /// Where in them each lies.
    pub objects: Vec<Range<usize>>,
    /// From where to go on, once this page is on disk; opaque.
    pub cursor: String,
    /// Whether there is more now.
    pub more: bool,
    /// What was wrong with the answer, although these objects could be read: shown with the peer, once the page is kept.
    pub trouble: Option<String>,
}

/// A head of another node's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The signed checkpoint.
    pub note: String,
    /// That it extends the one that was asked from; empty when none was.
    pub proof: Vec<tlog::Hash>,
}

/// A way to other nodes.
pub trait Wire: Send + Sync + 'static {
    /// The collections that we see there.
    fn collections<'a>(&'a self, to: &'a Destination) -> Answer<'a, Vec<Shelf>>;

    /// What a collection has beyond `cursor`, every version, in the order of positions; at most about `limit` records.
    fn page<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        cursor: Option<&'a str>,
        limit: usize,
    ) -> Answer<'a, Batch>;

    /// Gives objects to a collection; returns when each of them has been decided about there.
    fn give<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        objects: Vec<Bytes>,
    ) -> Answer<'a, ()>;

    /// Says "look".
    fn poke<'a>(&'a self, to: &'a Destination) -> Answer<'a, ()>;

    /// The newest head that it shows, with the proof that it extends the one of size `from`; `None` when it shows none yet.
    fn head<'a>(&'a self, to: &'a Destination, from: Option<u64>) -> Answer<'a, Option<Head>>;

    /// Hands over our cosignature of one of its heads: a checkpoint with our line added.
    fn cosigned<'a>(&'a self, to: &'a Destination, note: String) -> Answer<'a, ()>;
}
