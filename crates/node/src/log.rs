//! The node's log while it grows: the right edge of the tree in memory, leaves that wait for their commit, and the signed head.
//!
//! Invariant: what [`Log::write`] puts into a transaction (tiles and head) agrees with the records of that transaction; if the
//! transaction does not commit, the log is put back to what it was. Nothing is signed over a log that is not the one that was signed last.

use anyhow::{Context, Result, ensure};
use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::Label;
use sha2::{Digest as _, Sha256};
use store::{Look, WriteTxn};
use tlog::{Checkpoint, Hash, Key, Origin, Salt, TileId, TileReader, Tree, record_leaf};

use crate::clock::{Micros, SECOND};
use crate::leaf::{Leaf, label_digest};
use crate::node::HEAD;
use crate::relabel::label_taken;

/// So many records at the end of the log are read again when it is loaded.
const LAST: u64 = 8;

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
    /// Loads the right edge, and holds it against the head that was signed last. Records and their head are one commit: a crash leaves both
    /// or neither.
    ///
    /// # Errors
    /// When they do not agree.
    pub(crate) fn load(size: u64, look: &Look, origin: Origin, key: SigningKey) -> Result<Self> {
        let by = [key.verifying_key()];
        Self::load_by(size, look, origin, key, &by)
    }

    /// The same where the head was signed by another key, which is lost: `key` signs from now on.
    pub(crate) fn load_by(
        size: u64,
        look: &Look,
        origin: Origin,
        key: SigningKey,
        by: &[VerifyingKey],
    ) -> Result<Self> {
        let tree = Tree::load(size, Tiles(look))
            .map_err(|error| anyhow::anyhow!("the log's tiles do not fit together: {error}"))?;
        let signed = match look.meta(HEAD)? {
            Some(head) => held_against(&head, &origin, by, &tree)?,
            None => {
                ensure!(size == 0, "its log has no signed head");
                0
            }
        };
        last_leaves(look, size)?;
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

    /// Signs the head anew, of the same tree: by another key than before.
    pub(crate) fn sign_anew(&mut self, txn: &mut WriteTxn<'_>, now: Micros) -> Result<()> {
        match self.tree.size() {
            0 => Ok(()),
            _ => self.sign(txn, now),
        }
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

    /// Puts the tiles of the waiting leaves and the new head into the transaction.
    pub(crate) fn write(&mut self, txn: &mut WriteTxn<'_>, now: Micros) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        for tile in self.tree.append(self.waiting.drain(..)) {
            txn.put_tile(tile.id.level, tile.id.number, &tile.hashes)?;
        }
        self.sign(txn, now)
    }

    /// The head is never signed for a time before the last: that would prove to anybody that the log was taken back, and it was only the
    /// clock.
    fn sign(&mut self, txn: &mut WriteTxn<'_>, now: Micros) -> Result<()> {
        let head = Checkpoint::new(self.origin.clone(), self.tree.size(), self.tree.root());
        self.signed = self.signed.max(seconds(now));
        txn.set_meta(HEAD, head.sign(&self.key, self.signed)?.as_bytes())?;
        Ok(())
    }
}

/// Whether the tree is the one that the head was signed over; when that was.
fn held_against(head: &[u8], origin: &Origin, by: &[VerifyingKey], tree: &Tree) -> Result<u64> {
    let head = std::str::from_utf8(head).context("the head of its log is damaged")?;
    let mut opened = by
        .iter()
        .filter_map(|key| Checkpoint::open(head, &Key::log(origin.clone(), *key)).ok());
    let head = opened
        .next()
        .context("the head of its log is not signed by the log key of this node")?;
    ensure!(
        head.size() == tree.size(),
        "it has {} records, and the head of its log was signed over {}",
        tree.size(),
        head.size()
    );
    ensure!(
        head.root() == tree.root(),
        "its log is another than the one that the head was signed over"
    );
    Ok(head.time().unwrap_or(0))
}

/// The last records are those that their leaves were made from. All of them are what `verify` is for.
fn last_leaves(look: &Look, size: u64) -> Result<()> {
    let first = i64::try_from(size.saturating_sub(LAST))?;
    let last = look.kept_from(first, usize::try_from(LAST)?)?;
    ensure!(
        last.len() as u64 == size.min(LAST),
        "records at the end of its log are missing"
    );
    for kept in last {
        let held = kept.held;
        // What was erased has no salt any more.
        let Some((salt, body)) = kept.content else {
            continue;
        };
        let class = look.class(held.class)?.context("a class is missing")?;
        let now = Label {
            class,
            embargo: held.embargo.clone(),
            expiry: held.expiry.clone(),
        };
        let taken = label_digest(&label_taken(look, held.recno, &now)?);
        let salt = Salt::new(&salt).context("a leaf needs its salt")?;
        let leaf = record_leaf(&salt, &Leaf::of(&held, &taken).hash());
        ensure!(
            Sha256::digest(&body).as_slice() == held.hash
                && stored_leaf(look, u64::try_from(held.recno)?)? == Some(leaf),
            "its record {} is not the one that its leaf in the log was made from",
            held.recno
        );
    }
    Ok(())
}

/// The leaf that the log has in a place.
pub(crate) fn stored_leaf(look: &Look, index: u64) -> Result<Option<Hash>> {
    let id = TileId {
        level: 0,
        number: index >> 8,
    };
    let at = usize::try_from(index & 0xff)?;
    let tile = Tiles(look).tile(id, 256)?.unwrap_or_default();
    Ok(tile
        .chunks_exact(Hash::LEN)
        .nth(at)
        .and_then(Hash::from_slice))
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
