//! The keys by which what was said at any time can still be checked: those bound now, and those that went before them.

use std::collections::HashMap;

use anyhow::Result;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use store::Look;

use crate::clock::Micros;
use crate::keys::{Introduction, KeyId, Rotation, Use};

/// Under which name the store keeps this node's former keys.
pub(crate) const FORMER: &str = "node.keys.former";

/// Under which name the store keeps this node's rotations of seal keys, as records, the oldest first.
const ROTATIONS: &str = "node.keys.rotations";
/// So many are kept at hand; a peer that missed more compares words anew.
const MOST_ROTATIONS: usize = 16;

/// The rotations of this node's seal keys, by which whoever knows an older one comes to the present one.
pub(crate) fn seal_rotations(look: &Look) -> Result<Vec<String>> {
    Ok(match look.meta(ROTATIONS)? {
        Some(json) => serde_json::from_slice(&json)?,
        None => Vec::new(),
    })
}

/// Keeps one more of them.
pub(crate) fn keep_rotation(txn: &mut store::WriteTxn<'_>, record: &str) -> Result<()> {
    let mut all = seal_rotations(txn)?;
    all.push(record.to_owned());
    let excess = all.len().saturating_sub(MOST_ROTATIONS);
    all.drain(..excess);
    Ok(txn.set_meta(ROTATIONS, &serde_json::to_vec(&all)?)?)
}

/// The present seal key of a participant, from one that is known and its rotations since.
pub(crate) fn follow_rotations(
    participant: &ObjectId,
    known: VerifyingKey,
    rotations: &[String],
) -> VerifyingKey {
    let limits = stix::Limits::default();
    rotations.iter().fold(known, |key, text| {
        let record = stix::check(text.as_bytes(), &limits).ok();
        let said = record.and_then(|record| Rotation::read(&record).ok());
        let said = said.filter(|said| said.by() == participant && said.changed() == Use::Seal);
        let new = said.as_ref().and_then(|said| said.check(&key).ok());
        new.and_then(|says| verifying_key(&says.new)).unwrap_or(key)
    })
}

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

/// The seal keys of this node that were followed by another in good order, the oldest first; not those that were revoked or lost.
pub(crate) fn former_seal_keys(look: &Look) -> Result<Vec<VerifyingKey>> {
    let mut keys: Vec<VerifyingKey> = Vec::new();
    for key in former(look)? {
        let good = key.key_use == Use::Seal.name() && key.why == "rotated";
        keys.extend(good.then(|| verifying_key(&key.text)).flatten());
    }
    let excess = keys.len().saturating_sub(Introduction::MOST_FORMER);
    keys.drain(..excess);
    Ok(keys)
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
