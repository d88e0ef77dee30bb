//! The keys by which what was said at any time can still be checked: those bound now, and those that went before them.

use std::collections::HashMap;

use anyhow::Result;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use store::Look;

use crate::clock::Micros;
use crate::keys::{KeyId, Use};

/// Under which name the store keeps this node's former keys.
pub(crate) const FORMER: &str = "node.keys.former";

/// A key that this node had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// Which of the four, by its name.
    #[serde(rename = "use")]
    pub key_use: String,
    /// Its identifier.
    pub id: String,
    /// The public half, as text.
    pub text: String,
    /// When it went.
    pub until: Micros,
    /// Why it went: rotated, stolen, lost, retired, recovered.
    pub why: String,
}

/// This node's former keys, the oldest first.
pub(crate) fn former(look: &Look) -> Result<Vec<Former>> {
    Ok(match look.meta(FORMER)? {
        Some(json) => serde_json::from_slice(&json)?,
        None => Vec::new(),
    })
}

/// An Ed25519 key in hexadecimal.
pub(crate) fn verifying_key(text: &str) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// The log keys of this node that are no more.
pub(crate) fn former_log_keys(look: &Look) -> Result<Vec<VerifyingKey>> {
    let log = former(look)?;
    let log = log.iter().filter(|key| key.key_use == Use::Log.name());
    Ok(log.filter_map(|key| verifying_key(&key.text)).collect())
}

/// Every key that ever sealed for an identity here, by its identifier.
pub(crate) fn seal_keys(look: &Look) -> Result<HashMap<KeyId, (ObjectId, VerifyingKey)>> {
    let mut keys = HashMap::new();
    for binding in look.bindings()? {
        let bytes: Option<[u8; 32]> = binding.key.as_slice().try_into().ok();
        if let Some(key) = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()) {
            keys.insert(
                KeyId::seal(&key),
                (ObjectId::parse(&binding.identity)?, key),
            );
        }
    }
    Ok(keys)
}
