//! The one way out: reads for a viewer, each of them written into the ledger of what was given to whom.
//!
//! Invariant: what leaves is [`Released`], and the node's own participant is the only viewer whose reads leave no line.

use std::sync::Arc;

use anyhow::Result;
use policy::{Purpose, Released, Viewer};
use stix::{ObjectId, Timestamp};
use store::{List, Listed, Mention, Page, PageQuery, Record, Spliced};

use crate::access::Access;
use crate::collections::Collection;
use crate::node::Node;

impl Node {
    /// Records of a collection for a viewer, in the order of their positions.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn page(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &PageQuery,
    ) -> Result<Released<Page<Record>>> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.page(viewer, purpose, &at, query)?)
    }

    /// The same as one text that begins with `open`: for writing it out as it is.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn splice(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &PageQuery,
        open: &[u8],
    ) -> Result<Released<Spliced>> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.splice(viewer, purpose, &at, query, open)?)
    }

    /// The same without contents.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn manifest(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &PageQuery,
    ) -> Result<Released<Page<Mention>>> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.manifest(viewer, purpose, &at, query)?)
    }

    /// The same from the other end, the last position first: those before `before`.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn manifest_down(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &PageQuery,
        before: i64,
    ) -> Result<Released<Page<Mention>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        Ok(reader.manifest_down(viewer, purpose, &at, (query, before))?)
    }

    /// The same row by row into `list`: for writing it out at once.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn list<L: List>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &PageQuery,
        list: L,
    ) -> Result<Released<Listed<L>>> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.list(viewer, purpose, &at, query, list)?)
    }

    /// Whether it is plain, without reading, that a collection has nothing for the viewer beyond a position. If it isn't, there
    /// may be nothing all the same.
    pub fn nothing_beyond(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        collection: i64,
        after: i64,
    ) -> bool {
        self.inner
            .store
            .nothing_beyond(viewer, purpose, collection, after)
    }

    /// The newest version of an object that the viewer may see, wherever it stands.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn object(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        id: &ObjectId,
    ) -> Result<Option<Released<Record>>> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.object(viewer, purpose, &at, id)?)
    }

    /// The newest visible versions of objects whose texts have all words of `question`, the last accepted first; only those accepted
    /// before the record of number `before`.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn search(
        &self,
        viewer: &Viewer,
        question: &str,
        before: i64,
        most: usize,
    ) -> Result<Released<Page<Record>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        Ok(reader.search(viewer, Purpose::Show, &at, question, (before, most))?)
    }

    /// How many records the search does not know yet.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn search_behind(&self) -> Result<i64> {
        Ok(self.read()?.search_behind()?)
    }

    /// Whether the viewer may see any version of an object in a collection.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn knows(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        collection: i64,
        id: &ObjectId,
    ) -> Result<bool> {
        let at = Timestamp::from_micros(self.now());
        Ok(self.read()?.knows(viewer, purpose, &at, collection, id)?)
    }

    /// The collections that a program may read or write, by title.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn collections_of(&self, access: &Access) -> Result<Vec<Collection>> {
        let mut all = self.collections()?;
        all.retain(|collection| {
            access.read.contains(&collection.id) || access.write.contains(&collection.id)
        });
        Ok(all)
    }

    /// All collections, in the order in which they were made.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn collections(&self) -> Result<Vec<Collection>> {
        Ok(self.known_collections()?.to_vec())
    }

    /// The collection of this id or short name.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn collection(&self, name: &str) -> Result<Option<Collection>> {
        let all = self.known_collections()?;
        let named = |one: &&Collection| one.id == name || one.alias.as_deref() == Some(name);
        Ok(all.iter().find(named).cloned())
    }

    /// The collections, read again only after the store has changed what they are.
    fn known_collections(&self) -> Result<Arc<[Collection]>> {
        // Asked for before the read: what is newer than it says is only read once more.
        let generation = self.inner.store.generation();
        self.inner.shelves.of(generation, || {
            let all = self.read()?.collections()?;
            all.into_iter().map(Collection::of).collect()
        })
    }
}
