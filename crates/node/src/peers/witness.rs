//! What a peer's log is signed with, now and before: by these keys its lines beside our checkpoints, and the heads of it that are kept here,
//! can be checked at any later time.
//!
//! Invariant: a key that a peer's log had here is forgotten by no change of keys, names or introductions, nor when the peer is.

use anyhow::{Context, Result};
use stix::ObjectId;
use store::{Look, WriteTxn};
use tlog::{Checkpoint, Key, Note};

use super::{Known, Profile};

/// Under which names the store keeps our newest checkpoint with a peer's line.
pub(crate) const COSIGNED: &str = "cosigned/";
/// Under which names the store keeps the keys that a peer's log had before.
const FORMER: &str = "peer.log.former/";

/// The name for one peer.
pub(crate) fn cosigned(peer: &ObjectId) -> String {
    format!("{COSIGNED}{peer}")
}

/// How much of this log each peer has co-signed at the most, by what is kept of it; of a peer whose line cannot be read, nothing.
pub(crate) fn sizes(look: &Look) -> Result<Vec<(ObjectId, u64)>> {
    let mut sizes = Vec::new();
    look.each_meta(COSIGNED, |name, note| {
        let peer = name.strip_prefix(COSIGNED).unwrap_or(name);
        let peer = ObjectId::parse(peer).ok();
        let note = Note::parse(note).ok();
        let size = note.and_then(|note| Some(Checkpoint::parse(note.text()).ok()?.size()));
        sizes.extend(peer.zip(size));
        Ok(())
    })?;
    sizes.sort();
    Ok(sizes)
}

/// The keys, with their names, that a peer's log had before the present one.
pub(crate) fn former(look: &Look, peer: &str) -> Result<Vec<Key>> {
    let Some(json) = look.meta(&format!("{FORMER}{peer}"))? else {
        return Ok(Vec::new());
    };
    let keys: Vec<String> = serde_json::from_slice(&json)?;
    keys.iter()
        .map(|key| key.parse().context("a former key of a peer's log is none"))
        .collect()
}

/// Another key, or none, follows the one that a peer's log has.
pub(crate) fn keep_former(txn: &mut WriteTxn<'_>, peer: &str, key: &Key) -> Result<()> {
    let mut keys = former(txn, peer)?;
    if !keys.contains(key) {
        keys.push(key.clone());
        let keys: Vec<String> = keys.iter().map(Key::to_string).collect();
        txn.set_meta(&format!("{FORMER}{peer}"), &serde_json::to_vec(&keys)?)?;
    }
    Ok(())
}

/// The introduction that says which key it is goes, or another takes its place.
pub(super) fn keep_present(txn: &mut WriteTxn<'_>, row: &store::Peer) -> Result<()> {
    keep_former(txn, &row.participant, &Known::read(row)?.log)
}

/// Every key that a peer's log has or had, the present one first.
pub(crate) fn log_keys(look: &Look, row: &store::Peer) -> Result<Vec<Key>> {
    let mut keys = vec![
        Known::read(row)?.log,
        Profile::read(&row.profile)?.introduction()?.log().clone(),
    ];
    keys.extend(former(look, &row.participant)?);
    let mut all: Vec<Key> = Vec::new();
    for key in keys {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    Ok(all)
}

/// A key as that of a witness: its lines state a time.
pub(crate) fn witness(key: &Key) -> Key {
    Key::witness(key.name().clone(), *key.verifying_key())
}

/// The note with the lines that name one of these keys, and no others.
pub(crate) fn signed_by_none_but(note: &Note, keys: &[Key]) -> Result<Note> {
    let mut kept = Note::new(note.text())?;
    for line in note.signatures() {
        let names = |key: &Key| *key.name() == line.name && key.id() == line.id;
        if keys.iter().any(names) {
            kept.add(line.clone());
        }
    }
    Ok(kept)
}
