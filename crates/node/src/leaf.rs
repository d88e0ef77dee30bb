//! What a leaf of the log binds besides the bytes of its record: name, label, door and time.
//!
//! The record hash of a leaf (see [`tlog::record_leaf`]) is the SHA-256 of these lines, so that nothing that a node decided when it
//! took a record can be changed afterwards without the log saying so.

use sha2::{Digest, Sha256};

use policy::Label;
use store::Held;

use crate::clock::Micros;
use crate::seal::label_text;

/// What a leaf binds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf<'a> {
    /// The object.
    pub id: &'a str,
    /// Its version's key.
    pub version: &'a str,
    /// SHA-256 of its bytes.
    pub hash: &'a [u8],
    /// [`label_digest`] of the label it got.
    pub label: &'a [u8; 32],
    /// The door.
    pub channel: &'a str,
    /// When it was taken.
    pub accepted: Micros,
}

/// SHA-256 of a label's text.
pub(crate) fn label_digest(label: &Label) -> [u8; 32] {
    Sha256::digest(label_text(label)).into()
}

impl<'a> Leaf<'a> {
    /// Of a record that is held, with [`label_digest`] of the label that it got.
    pub(crate) fn of(held: &'a Held, label: &'a [u8; 32]) -> Self {
        Self {
            id: held.id.as_str(),
            version: &held.version,
            hash: &held.hash,
            label,
            channel: &held.channel,
            accepted: held.accepted,
        }
    }

    /// The record hash.
    pub(crate) fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"entente-record/v1");
        let accepted = self.accepted.to_be_bytes();
        for part in [
            self.id.as_bytes(),
            self.version.as_bytes(),
            self.hash,
            self.label,
            self.channel.as_bytes(),
            &accepted,
        ] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}
