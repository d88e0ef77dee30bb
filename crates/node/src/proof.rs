//! That a record is in the log: for whoever may have the record, to be checked without this node.
//!
//! Invariant: a proof is given of what was released to the viewer, and of nothing else; it names no other record.

use anyhow::{Context, Result};
use policy::{Purpose, Released, Viewer};
use stix::{ObjectId, Timestamp};
use tlog::{Checkpoint, Key, Salt, inclusion, record_leaf};

use crate::leaf::{Leaf, label_digest};
use crate::log::Tiles;
use crate::node::{HEAD, Node};
use crate::overview::standing;
use crate::relabel::label_taken;

/// That one version of an object is a leaf of the log (RFC 9162 §2.1.3), under a head that this node has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The object.
    pub id: String,
    /// Its version, as written.
    pub version: String,
    /// The number of the leaf, from 0.
    pub leaf: u64,
    /// How many leaves the tree has that the head is of.
    pub size: u64,
    /// The salt of the leaf, in hexadecimal.
    pub salt: String,
    /// SHA-256 of what the leaf binds - name, version, hash of the bytes, label, door and time - in hexadecimal.
    pub digest: String,
    /// The hash of the leaf: of salt and digest, in hexadecimal.
    pub hash: String,
    /// The hashes from the leaf's neighbor up to the root, in hexadecimal.
    pub path: Vec<String>,
    /// The root, in hexadecimal.
    pub root: String,
    /// The signed head itself (C2SP tlog-checkpoint).
    pub checkpoint: String,
}

impl Node {
    /// The proof that the newest version which the viewer may see is in the log; `None` where there is none for the viewer.
    ///
    /// # Errors
    /// When the log is damaged, or the storage fails.
    pub fn proof(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        id: &ObjectId,
    ) -> Result<Option<Released<Proof>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let Some(record) = reader.object(viewer, purpose, &at, id)? else {
            return Ok(None);
        };
        let recno = record.as_ref().into_inner().recno;
        let kept = reader.kept_from(recno, 1)?.into_iter().next();
        let kept = kept.filter(|kept| kept.held.recno == recno);
        let kept = kept.context("a record that was just read is missing")?;
        let (salt, _) = kept
            .content
            .context("a record that was just read has no content")?;
        let held = kept.held;
        let note = reader.meta(HEAD)?.context("the log has no head")?;
        let note = String::from_utf8(note).context("the head of the log is damaged")?;
        let key = Key::log(self.inner.origin.clone(), self.keys().public().log);
        let head = Checkpoint::open(&note, &key)
            .map_err(|error| anyhow::anyhow!("the head of the log is damaged: {error}"))?;
        let leaf = u64::try_from(recno)?;
        let path = inclusion::prove(Tiles(&reader), leaf, head.size())
            .map_err(|error| anyhow::anyhow!("the log cannot be proven: {error}"))?;
        let stood = standing(&reader, record, held.clone())?;
        let label = label_taken(&reader, recno, &stood.as_ref().into_inner().label)?;
        let digest = Leaf::of(&held, &label_digest(&label)).hash();
        let salted = Salt::new(&salt).context("a leaf needs its salt")?;
        let hash = record_leaf(&salted, &digest);
        // What does not verify here would verify nowhere: the log is damaged, and says so here first.
        inclusion::verify(&hash, leaf, head.size(), &path, &head.root())
            .map_err(|error| anyhow::anyhow!("the log is damaged: {error}"))?;
        let hex = |hash: &tlog::Hash| hex::encode(hash.as_bytes());
        Ok(Some(stood.map(|stood| Proof {
            id: stood.record.id,
            version: stood.record.version,
            leaf,
            size: head.size(),
            salt: hex::encode(&salt),
            digest: hex::encode(digest),
            hash: hex(&hash),
            path: path.iter().map(hex).collect(),
            root: hex(&head.root()),
            checkpoint: note,
        })))
    }
}
