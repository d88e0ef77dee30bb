//! What the routes ask of a node, and nothing else. Invariant: content leaves it as [`Released`] only.

use std::sync::Arc;

use anyhow::Result;
use node::access::{Access, Credentials};
use node::submission::Submission;
use policy::Released;
use stix::ObjectId;
use store::{Mention, Page, PageQuery, Record, Versions};

use super::add::Accepted;

/// A node as the wire sees it. Reads are short and may block; changes answer when they are on disk.
pub trait Host: Clone + Send + Sync + 'static {
    /// What the node calls itself.
    fn title(&self) -> String;

    /// The key of page tokens: the same after a restart and in every process of a node.
    fn token_key(&self) -> [u8; 32];

    /// Now, in microseconds.
    fn now(&self) -> i64;

    /// The access of credentials that were verified lately. Never slow.
    fn recall(&self, shown: &Credentials) -> Option<Arc<Access>>;

    /// Verifies credentials, which may take a slow hash.
    fn verify(&self, shown: &Credentials) -> Result<Option<Arc<Access>>>;

    /// The collections that exist for this access, always in the same order.
    fn collections(&self, access: &Access) -> Result<Vec<Shelf>>;

    /// The collection of this id or alias, if it exists for this access.
    fn collection(&self, access: &Access, name: &str) -> Result<Option<Shelf>>;

    /// Records, in the order of their positions.
    fn page(&self, access: &Access, query: &PageQuery) -> Result<Released<Page<Record>>>;

    /// The same without contents.
    fn manifest(&self, access: &Access, query: &PageQuery) -> Result<Released<Page<Mention>>>;

    /// Whether the access may see any version of an object in a collection.
    fn knows(&self, access: &Access, collection: i64, id: &ObjectId) -> Result<bool>;

    /// Lets objects in, and keeps the outcome for the access at least 24 hours.
    fn accept(
        &self,
        access: &Arc<Access>,
        submission: Submission,
    ) -> impl Future<Output = Result<Accepted>> + Send;

    /// The outcome of an earlier submission of this access, as it stands now.
    fn accepted(&self, access: &Access, id: &str) -> Result<Option<Accepted>>;

    /// Takes versions of an object out of a collection; whether there were any that the access may see.
    fn remove(
        &self,
        access: &Arc<Access>,
        collection: &Shelf,
        id: &ObjectId,
        versions: &Versions,
    ) -> impl Future<Output = Result<bool>> + Send;
}

/// A collection as one access sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    /// The store's number for it.
    pub number: i64,
    /// Its id, a UUID.
    pub id: String,
    /// Its short name, which serves wherever the id does.
    pub alias: Option<String>,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether the access may read it.
    pub can_read: bool,
    /// Whether the access may add to it.
    pub can_write: bool,
}
