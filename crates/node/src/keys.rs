//! The keys of a node, one for each thing that can be stolen or worn out alone: seals, log, bundles, connections. Invariant: a private
//! half is in memory and in its own file with mode 0600, nowhere else; it has no text form that could get into a message.

mod folder;
mod identifier;
mod introduction;
mod recovery;
mod rotation;
#[cfg(test)]
mod tests;
mod tls;
mod words;

use std::fmt;

use age::x25519;
use bech32::{Bech32, Hrp};
use ed25519_dalek::{SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::chance::Random;

pub use folder::{KeyFolderError, load, replace, store};
pub use identifier::{KeyId, NotAKeyId, Use};
pub use introduction::{Introduction, IntroductionError};
pub use recovery::Recovery;
pub use rotation::{Revocation, Revoked, Rotated, Rotation, Why};
pub use tls::{NotAPin, Pin, Tls, TlsError};
pub use words::Words;

/// The four keys.
pub struct Keys {
    /// Signs records, introductions and what concerns the other keys.
    pub seal: SigningKey,
    /// Signs the heads of the log, and cosigns those of peers.
    pub log: SigningKey,
    /// Opens bundles.
    pub bundle: BundleKeys,
    /// Proves on a connection who this node is.
    pub tls: Tls,
}

/// The key to which bundles are encrypted now, and retired ones that still open what is on its way.
pub struct BundleKeys {
    current: x25519::Identity,
    retired: Vec<x25519::Identity>,
}

/// The halves that others may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKeys {
    /// Verifies seals.
    pub seal: VerifyingKey,
    /// Verifies heads of the log.
    pub log: VerifyingKey,
    /// Bundles are encrypted to it (age).
    pub bundle: x25519::Recipient,
    /// Its connections are recognised by it.
    pub pin: Pin,
}

impl Keys {
    /// New keys. `hosts` are the names and addresses for the certificate; peers do not look at them, browsers do.
    ///
    /// The TLS key alone is drawn by the TLS library from the operating system, because it can be made in no other way.
    ///
    /// # Errors
    /// When a host is no name or address that a certificate can have.
    pub fn generate(random: &mut dyn Random, hosts: &[String]) -> Result<Self, TlsError> {
        Ok(Self {
            seal: signing_key(random),
            log: signing_key(random),
            bundle: BundleKeys::new(age_identity(random)),
            tls: Tls::generate(hosts)?,
        })
    }

    /// The same keys once more, for a change to one of them.
    pub(crate) fn copy(&self) -> Result<Self, TlsError> {
        Ok(Self {
            seal: self.seal.clone(),
            log: self.log.clone(),
            bundle: BundleKeys {
                current: self.bundle.current.clone(),
                retired: self.bundle.retired.clone(),
            },
            tls: Tls::read(&self.tls.pem())?,
        })
    }

    /// The halves that others may have.
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            seal: self.seal.verifying_key(),
            log: self.log.verifying_key(),
            bundle: self.bundle.recipient(),
            pin: self.tls.pin(),
        }
    }
}

impl PublicKeys {
    /// The identifier of one of them.
    pub fn id(&self, key: Use) -> KeyId {
        match key {
            Use::Seal => KeyId::seal(&self.seal),
            Use::Log => KeyId::of(Use::Log, self.log.as_bytes()),
            Use::Bundle => KeyId::of(Use::Bundle, self.bundle.to_string().as_bytes()),
            Use::Tls => KeyId::of(Use::Tls, self.pin.to_string().as_bytes()),
        }
    }

    /// The text form of one of them: hexadecimal, age recipient or pin.
    pub fn text(&self, key: Use) -> String {
        match key {
            Use::Seal => hex::encode(self.seal.as_bytes()),
            Use::Log => hex::encode(self.log.as_bytes()),
            Use::Bundle => self.bundle.to_string(),
            Use::Tls => self.pin.to_string(),
        }
    }
}

impl BundleKeys {
    /// Without retired ones.
    pub fn new(current: x25519::Identity) -> Self {
        Self {
            current,
            retired: Vec::new(),
        }
    }

    /// The key to encrypt to.
    pub fn recipient(&self) -> x25519::Recipient {
        self.current.to_public()
    }

    /// Takes a new one into use and retires the present one.
    pub fn rotate(&mut self, random: &mut dyn Random) {
        let retired = std::mem::replace(&mut self.current, age_identity(random));
        self.retired.insert(0, retired);
    }

    /// All that may open a bundle, the current one first.
    pub fn identities(&self) -> impl Iterator<Item = &x25519::Identity> {
        std::iter::once(&self.current).chain(&self.retired)
    }

    /// Forgets the retired ones: what is still on its way to them cannot be opened any more.
    pub fn forget_retired(&mut self) {
        self.retired.clear();
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.public().fmt(out)
    }
}

/// A new Ed25519 key.
pub fn signing_key(random: &mut dyn Random) -> SigningKey {
    let mut secret = Zeroizing::new([0; 32]);
    random.fill(&mut *secret);
    SigningKey::from_bytes(&secret)
}

/// A new age key. Bytes become one only through the text form that age reads.
pub(crate) fn age_identity(random: &mut dyn Random) -> x25519::Identity {
    loop {
        let mut secret = Zeroizing::new([0; 32]);
        random.fill(&mut *secret);
        let text = Hrp::parse("age-secret-key-")
            .ok()
            .and_then(|prefix| bech32::encode_upper::<Bech32>(prefix, &*secret).ok())
            .map(Zeroizing::new);
        // Any 32 bytes are a key: this never takes a second turn.
        if let Some(identity) = text.and_then(|text| text.parse().ok()) {
            return identity;
        }
    }
}
