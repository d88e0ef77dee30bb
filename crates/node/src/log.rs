//! The node's log while it grows: the right edge of the tree in memory, leaves that wait for their commit, and the signed head.
//!
//! Invariant: what [`Log::write`] puts into a transaction (tiles and head) agrees with the records of that transaction; if the
//! transaction does not commit, the log is put back to what it was.

use anyhow::{Context, Result};
use ed25519_dalek::SigningKey;
use store::{Look, WriteTxn};
use tlog::{Checkpoint, Hash, Key, Origin, Salt, TileId, TileReader, Tree, record_leaf};

use crate::clock::{Micros, SECOND};
use crate::node::HEAD;

/// The log of this node, as the writing thread has it.
#[derive(Clone)]
pub(crate) struct Log {
    tree: Tree,
    waiting: Vec<Hash>,
    origin: Origin,
    key: SigningKey,
    /// The second that the last head was signed for.
    signed: u64,
}

impl Log {
    /// Loads the right edge.
    pub(crate) fn load(size: u64, tiles: &Look, origin: Origin, key: SigningKey) -> Result<Self> {
        let tree = Tree::load(size, Tiles(tiles))
            .map_err(|error| anyhow::anyhow!("the log's tiles do not fit together: {error}"))?;
        let signed = match tiles.meta(HEAD)? {
            Some(head) => time_of(&head, &origin, &key),
            None => 0,
        };
        Ok(Self {
            tree,
            waiting: Vec::new(),
            origin,
            key,
            signed,
        })
    }

    /// How many leaves it has, with those that wait.
    pub(crate) fn size(&self) -> u64 {
        self.tree.size().saturating_add(self.waiting.len() as u64)
    }

    /// The root of all of them.
    pub(crate) fn root(&self) -> Hash {
        let mut tree = self.tree.clone();
        tree.append(self.waiting.iter().copied());
        tree.root()
    }

    /// The next head is signed under another name.
    pub(crate) fn go_on_as(&mut self, origin: Origin) {
        self.origin = origin;
    }

    /// The next head is signed with another key.
    pub(crate) fn sign_with(&mut self, key: SigningKey) {
        self.key = key;
    }

    /// Appends the leaf of a record.
    pub(crate) fn append(&mut self, salt: &[u8], record: &[u8; 32]) -> Result<()> {
        let salt = Salt::new(salt).context("a leaf needs its salt")?;
        self.waiting.push(record_leaf(&salt, record));
        Ok(())
    }

    /// Takes back the leaves of a change that failed.
    pub(crate) fn truncate(&mut self, size: u64) {
        let kept = size.saturating_sub(self.tree.size());
        self.waiting
            .truncate(usize::try_from(kept).unwrap_or(usize::MAX));
    }

    /// Puts the tiles of the waiting leaves and the new head into the transaction. The head is never signed for a time before the last:
    /// that would prove to anybody that the log was taken back, and it was only the clock.
    pub(crate) fn write(&mut self, txn: &mut WriteTxn<'_>, now: Micros) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        for tile in self.tree.append(self.waiting.drain(..)) {
            txn.put_tile(tile.id.level, tile.id.number, &tile.hashes)?;
        }
        let head = Checkpoint::new(self.origin.clone(), self.tree.size(), self.tree.root());
        self.signed = self.signed.max(seconds(now));
        txn.set_meta(HEAD, head.sign(&self.key, self.signed)?.as_bytes())?;
        Ok(())
    }
}

/// When a head of this log says that it was signed.
fn time_of(head: &[u8], origin: &Origin, key: &SigningKey) -> u64 {
    let log = Key::log(origin.clone(), key.verifying_key());
    std::str::from_utf8(head)
        .ok()
        .and_then(|head| Checkpoint::open(head, &log).ok())
        .and_then(|head| head.time())
        .unwrap_or(0)
}

/// Whole seconds since 1970, as checkpoints count them.
pub(crate) fn seconds(at: Micros) -> u64 {
    u64::try_from(at.div_euclid(SECOND)).unwrap_or(0)
}

/// The stored tiles.
pub(crate) struct Tiles<'r>(pub &'r Look);

impl TileReader for Tiles<'_> {
    type Error = anyhow::Error;

    fn tile(&self, id: TileId, _width: u16) -> Result<Option<Vec<u8>>> {
        Ok(self.0.tile(id.level, id.number)?)
    }
}
