//! The tamper-evident log of a node: a Merkle tree whose leaves are salted hashes of records,
//! its tiles, its signed checkpoints, the proofs that others check, and the proof that it lied.
//!
//! What it is not: it stores nothing, reads no clock and draws no random number. Salts, times and
//! keys are passed in; tiles are handed out to be written and asked for through [`TileReader`].
//!
//! | what | after |
//! |---|---|
//! | tree, inclusion and consistency proofs | RFC 9162 §2.1 |
//! | tiles and their paths | C2SP tlog-tiles |
//! | checkpoints | C2SP tlog-checkpoint |
//! | signed notes, key ids | C2SP signed-note |
//! | what peers add to a checkpoint | C2SP tlog-cosignature, version 1 |
//! | proof of a fork, a rewrite or a rewind | [`fork`], our own text over all of the above |
//!
//! ```
//! use tlog::{Checkpoint, Key, Origin, Salt, Tree, inclusion, note, record_leaf};
//! # use std::collections::BTreeMap;
//! # struct Tiles(BTreeMap<tlog::TileId, Vec<u8>>);
//! # impl tlog::TileReader for Tiles {
//! #     type Error = std::convert::Infallible;
//! #     fn tile(&self, id: tlog::TileId, _: u16) -> Result<Option<Vec<u8>>, Self::Error> { Ok(self.0.get(&id).cloned()) }
//! # }
//! # let signing = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
//! # let mut stored = Tiles(BTreeMap::new());
//! let origin = Origin::new("node.example/log")?;
//! let mut tree = Tree::new();
//! let salt = Salt::new(&[1; 16])?;
//! let leaf = record_leaf(&salt, &[2; 32]);
//! for tile in tree.append([leaf]) {
//!     stored.0.insert(tile.id, tile.hashes); // the node writes these in the transaction of the record
//! }
//!
//! // After the commit: sign the head.
//! let head = Checkpoint::new(origin.clone(), tree.size(), tree.root());
//! let signed = head.sign(&signing, 1_795_000_000)?;
//!
//! // Somebody who was given the record checks that it is in the log.
//! let proof = inclusion::prove(&stored, 0, tree.size())?;
//! let log = Key::log(origin, signing.verifying_key());
//! let opened = Checkpoint::open(&signed, &log)?;
//! inclusion::verify(&leaf, 0, opened.size(), &proof, &opened.root())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod audit;
mod checkpoint;
mod cosignature;
pub mod fork;
mod hash;
pub mod note;
mod proof;
mod tile;
mod tree;

pub use audit::{Audit, Entry, Finding, audit};
pub use checkpoint::{Checkpoint, CheckpointError, OpenedCheckpoint};
pub use cosignature::{Cosigned, cosign, cosignatures};
pub use fork::{Evidence, Fork};
pub use hash::{Hash, Salt, SaltError, record_leaf};
pub use note::{Key, Note, NoteError, Origin};
pub use proof::{ProofError, ReadError, consistency, inclusion};
pub use tile::{Tile, TileId, TilePathError, TileReader};
pub use tree::Tree;
