//! What the routes ask of a node, and nothing else. Invariant: content leaves it as [`Released`] only.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::Result;
use node::ledger::Taken;
use node::users::{Patience, Try};
use node::{Access, Collection, Credentials, Node, Removal, Submission};
use policy::{Purpose, Released};
use stix::ObjectId;
use store::{List, Listed, PageQuery, Spliced, Versions};

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

    /// Verifies those credentials that take no slow hash; `None` where they are wrong, or may take one.
    fn verify_quickly(&self, shown: &Credentials) -> Result<Option<Arc<Access>>>;

    /// Whether somebody may now try a secret for a name.
    ///
    /// # Errors
    /// After which time again.
    fn begin_try(&self, name: &str, from: Option<IpAddr>) -> Result<Try, Patience>;

    /// Verifies credentials, which may take a slow hash.
    fn verify(&self, shown: &Credentials) -> Result<Option<Arc<Access>>>;

    /// The collections that exist for this access, always in the same order.
    fn collections(&self, access: &Access) -> Result<Vec<Shelf>>;

    /// The collection of this id or alias, if it exists for this access.
    fn collection(&self, access: &Access, name: &str) -> Result<Option<Shelf>>;

    /// Records, in the order of their positions, as one text that begins with `open`. `asked` is the address's query,
    /// for the ledger of what was taken.
    fn page(
        &self,
        access: &Access,
        query: &PageQuery,
        open: &[u8],
        asked: &str,
    ) -> Result<Released<Spliced>>;

    /// The same without contents, row by row into `list`.
    fn list<L: List>(
        &self,
        access: &Access,
        query: &PageQuery,
        list: L,
    ) -> Result<Released<Listed<L>>>;

    /// Whether it is plain, without reading, that a collection has nothing for the access beyond a position.
    fn nothing_beyond(&self, access: &Access, collection: i64, after: i64) -> bool;

    /// Whether the access may see any version of an object in a collection.
    fn knows(&self, access: &Access, collection: i64, id: &ObjectId) -> Result<bool>;

    /// The last commit, if all that is visible stays as it is until the next one; `None` where something goes by the clock.
    fn settled(&self) -> Option<u64>;

    /// Notes that a page which was read before is given once more.
    fn given_again(&self, access: &Access, taken: &Taken<'_>);

    /// Lets objects in, and keeps the outcome for the access at least 24 hours.
    fn accept(
        &self,
        access: &Arc<Access>,
        submission: Submission,
    ) -> impl Future<Output = Result<Accepted>> + Send;

    /// The outcome of an earlier submission of this access, as it stands now.
    fn accepted(&self, access: &Access, id: &str) -> Result<Option<Accepted>>;

    /// Takes versions of an object out of a collection, as far as they are the access's to take.
    fn remove(
        &self,
        access: &Arc<Access>,
        collection: i64,
        id: &ObjectId,
        versions: &Versions,
    ) -> impl Future<Output = Result<Removal>> + Send;
}

impl Host for Node {
    fn title(&self) -> String {
        self.home().name.clone()
    }

    fn token_key(&self) -> [u8; 32] {
        Node::token_key(self)
    }

    fn now(&self) -> i64 {
        Node::now(self)
    }

    fn recall(&self, shown: &Credentials) -> Option<Arc<Access>> {
        Node::recall(self, shown)
    }

    fn verify_quickly(&self, shown: &Credentials) -> Result<Option<Arc<Access>>> {
        self.authenticate_quickly(shown)
    }

    fn begin_try(&self, name: &str, from: Option<IpAddr>) -> Result<Try, Patience> {
        Node::begin_try(self, name, from)
    }

    fn verify(&self, shown: &Credentials) -> Result<Option<Arc<Access>>> {
        self.authenticate(shown)
    }

    fn collections(&self, access: &Access) -> Result<Vec<Shelf>> {
        let all = self.collections_of(access)?;
        Ok(all
            .into_iter()
            .filter_map(|one| Shelf::of(one, access))
            .collect())
    }

    fn collection(&self, access: &Access, name: &str) -> Result<Option<Shelf>> {
        let found = Node::collection(self, name)?;
        Ok(found.and_then(|one| Shelf::of(one, access)))
    }

    fn page(
        &self,
        access: &Access,
        query: &PageQuery,
        open: &[u8],
        asked: &str,
    ) -> Result<Released<Spliced>> {
        if access.peer {
            // It keeps a copy and applies the label there: it gets what that takes, and the ledger knows it as a peer.
            let page = self.page_for_peer(access, query)?;
            return Ok(page.map(|page| Spliced::of(&page, open)));
        }
        let reached = self.reached();
        let page = self.splice(&access.viewer, Purpose::Poll, query, open)?;
        let spliced = page.as_ref().into_inner();
        if let Some(ends) = spliced.ends {
            self.note_taken(access, &taken(query, asked, ends, spliced.rows, reached));
        }
        Ok(page)
    }

    fn list<L: List>(
        &self,
        access: &Access,
        query: &PageQuery,
        list: L,
    ) -> Result<Released<Listed<L>>> {
        Node::list(self, &access.viewer, purpose(access), query, list)
    }

    fn nothing_beyond(&self, access: &Access, collection: i64, after: i64) -> bool {
        Node::nothing_beyond(self, &access.viewer, purpose(access), collection, after)
    }

    fn settled(&self) -> Option<u64> {
        Node::settled(self)
    }

    fn given_again(&self, access: &Access, taken: &Taken<'_>) {
        self.note_taken(access, taken);
    }

    fn knows(&self, access: &Access, collection: i64, id: &ObjectId) -> Result<bool> {
        Node::knows(self, &access.viewer, purpose(access), collection, id)
    }

    async fn accept(&self, access: &Arc<Access>, submission: Submission) -> Result<Accepted> {
        let (node, access) = (self.clone(), Arc::clone(access));
        // Looking at thousands of objects takes its time; the disk is waited for without a thread.
        let looked = tokio::task::spawn_blocking(move || node.post(&access, submission));
        let (id, receipt) = looked.await??.await?;
        Ok(Accepted { id, receipt })
    }

    fn accepted(&self, access: &Access, id: &str) -> Result<Option<Accepted>> {
        let found = self.posted(access, id)?;
        Ok(found.map(|receipt| Accepted {
            id: id.to_owned(),
            receipt,
        }))
    }

    async fn remove(
        &self,
        access: &Arc<Access>,
        collection: i64,
        id: &ObjectId,
        versions: &Versions,
    ) -> Result<Removal> {
        self.take_out(access, collection, id, versions)?.await
    }
}

/// What the ledger says of a page.
pub(super) fn taken<'a>(
    query: &PageQuery,
    asked: &'a str,
    (first, last): (i64, i64),
    records: usize,
    reached: u64,
) -> Taken<'a> {
    // Who asks for objects by name passes nothing by: the stretch begins with the first of them.
    let after = match query.ids.is_empty() {
        true => query.after.max(0),
        false => first.saturating_sub(1),
    };
    Taken {
        collection: query.collection,
        filter: asked,
        after,
        last,
        records,
        reached,
    }
}

fn purpose(access: &Access) -> Purpose {
    match access.peer {
        true => Purpose::Relay,
        false => Purpose::Poll,
    }
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

impl Shelf {
    /// `None` for whom it does not exist.
    fn of(collection: Collection, access: &Access) -> Option<Self> {
        let can_read = access.read.contains(&collection.id);
        let can_write = access.write.contains(&collection.id);
        (can_read || can_write).then_some(Self {
            number: collection.number,
            id: collection.id,
            alias: collection.alias,
            title: collection.title,
            description: collection.description,
            can_read,
            can_write,
        })
    }
}
