//! Key identifiers: short names for public keys. Invariant: the same bytes for another use have another identifier.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Seals records.
    Seal,
    /// Signs the log.
    Log,
    /// Opens bundles.
    Bundle,
    /// Connections.
    Tls,
}

impl Use {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Seal, Self::Log, Self::Bundle, Self::Tls];

    /// The name: also that of its file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Log => "log",
            Self::Bundle => "bundle",
            Self::Tls => "tls",
        }
    }

    /// By its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }
}

impl fmt::Display for Use {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// The use and the first 128 bits of a hash of the key, e.g. `seal:0123456789abcdef0123456789abcdef`.
///
/// It names a key; whoever relies on one has the key itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// Of a public key in its binary form, or its text where it has one.
    pub fn of(key: Use, public: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(format!("entente-key/v1\n{key}\n"));
        hasher.update(public);
        let mut digits = hex::encode(hasher.finalize());
        digits.truncate(32);
        Self(format!("{key}:{digits}"))
    }

    /// Of a key that seals.
    pub fn seal(key: &VerifyingKey) -> Self {
        Self::of(Use::Seal, key.as_bytes())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The text is not the identifier of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the identifier of a key, such as seal: and 32 hexadecimal digits")]
pub struct NotAKeyId;

impl FromStr for KeyId {
    type Err = NotAKeyId;

    fn from_str(text: &str) -> Result<Self, NotAKeyId> {
        let (name, digits) = text.split_once(':').ok_or(NotAKeyId)?;
        let hexadecimal = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        let whole = digits.len() == 32 && digits.bytes().all(hexadecimal);
        match Use::parse(name) {
            Some(_) if whole => Ok(Self(text.to_owned())),
            _ => Err(NotAKeyId),
        }
    }
}
