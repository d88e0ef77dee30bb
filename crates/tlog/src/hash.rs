//! Hashes of the tree (RFC 9162 §2.1.1). A leaf and an inner node can never have the same preimage.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest, Sha256};

/// A SHA-256 hash: a leaf, an inner node or a root of the tree. Shown in standard base64, as in a checkpoint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// How many bytes a hash has.
    pub const LEN: usize = 32;

    /// The hash of a tree without leaves: SHA-256 of nothing.
    pub fn empty() -> Self {
        Self(Sha256::digest([]).into())
    }

    /// The leaf hash of arbitrary data: `SHA-256(0x00 || data)`. Records go through [`record_leaf`].
    pub fn leaf(data: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(data);
        Self(hasher.finalize().into())
    }

    /// The hash of an inner node: `SHA-256(0x01 || left || right)`.
    pub fn node(left: &Self, right: &Self) -> Self {
        // One buffer, one update: this is the hottest line of an import.
        let mut input = [1u8; 65];
        let (_, children) = input.split_at_mut(1);
        let (first, second) = children.split_at_mut(32);
        first.copy_from_slice(&left.0);
        second.copy_from_slice(&right.0);
        Self(Sha256::digest(input).into())
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl From<[u8; 32]> for Hash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Hash({self})")
    }
}

/// The text is not the standard, padded base64 of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the base64 of a SHA-256 hash")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        let bytes = BASE64_STANDARD.decode(text).map_err(|_| HashError)?;
        Self::from_slice(&bytes).ok_or(HashError)
    }
}

/// What makes a leaf say nothing about its record to those who do not have it: 16 to 32 random bytes,
/// kept beside the content and erased with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt(Vec<u8>);

/// A salt has 16 to 32 bytes: fewer could be searched, more says nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a salt has 16 to 32 bytes, not {0}")]
pub struct SaltError(usize);

impl Salt {
    /// The length that new leaves should use: with it a leaf is one block of SHA-256.
    pub const LEN: usize = 16;

    /// From random bytes drawn by the caller.
    ///
    /// # Errors
    /// When there are fewer than 16 or more than 32.
    pub fn new(bytes: &[u8]) -> Result<Self, SaltError> {
        match bytes.len() {
            16..=32 => Ok(Self(bytes.to_vec())),
            other => Err(SaltError(other)),
        }
    }

    /// The bytes to store beside the record.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Salt(..)")
    }
}

/// The leaf of one accepted record: `SHA-256(0x00 || salt || record hash)`, the record hash being the SHA-256 of its
/// exact bytes. The record hash has a fixed length, so the salt's variable one is not ambiguous.
pub fn record_leaf(salt: &Salt, record_hash: &[u8; 32]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(&salt.0);
    hasher.update(record_hash);
    Hash(hasher.finalize().into())
}
