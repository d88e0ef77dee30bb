//! What a peer says of its own keys and log is taken to heart: rotations, revocations, restorations. Invariant: only what the key that is
//! known here has signed counts, and only for the participant that said it.

use anyhow::{Context, Result};
use stix::{Object, ObjectId};
use tlog::Key;

use crate::keeping::known::verifying_key;
use crate::keeping::renewal::{bind, end_former, release};
use crate::keeping::restoration::Restoration;
use crate::keys::{KeyId, Revocation, Rotation, Use};
use crate::peers::evidence::look_again_at_peer;
use crate::peers::past::Past;
use crate::peers::{Profile, heads, witness};
use crate::reading::Good;
use crate::submission::Channel;
use crate::writer::Change;

/// Looks whether a record that was taken is such a notice, and follows it.
pub(crate) fn honor(change: &mut Change<'_, '_>, channel: &Channel, good: &Good) -> Result<()> {
    let author = good.header.created_by_ref.as_ref();
    // Whose identity is bound to a key speaks of it, also where it is no peer, or none any more.
    let known = |author: &&ObjectId| {
        change.register.peer(author).is_some() || change.register.key(author).is_some()
    };
    let Some(peer) = author.filter(known).cloned() else {
        return Ok(());
    };
    if channel.is_ours() {
        return Ok(());
    }
    match good.header.type_name() {
        "key-rotation" => rotated(
            change,
            &peer,
            read(good, |object| Rotation::read(object).ok()),
        ),
        "key-revocation" => revoked(
            change,
            &peer,
            read(good, |object| Revocation::read(object).ok()),
        ),
        "restoration" => restored(
            change,
            &peer,
            read(good, |object| Restoration::read(object).ok()),
            good,
        ),
        _ => Ok(()),
    }
}

fn read<T>(good: &Good, read: impl FnOnce(&Object<'_>) -> Option<T>) -> Option<T> {
    good.with_object(read).flatten()
}

fn rotated(change: &mut Change<'_, '_>, peer: &ObjectId, said: Option<Rotation>) -> Result<()> {
    let Some(said) = said.filter(|said| said.by() == peer) else {
        return Ok(());
    };
    let Some(seal) = change.register.key(peer) else {
        return Ok(());
    };
    let (signer, old) = match (said.changed(), change.register.peer(peer)) {
        (Use::Seal, _) => (seal, KeyId::seal(&seal)),
        (Use::Log, Some(known)) => {
            let log = *known.log.verifying_key();
            (log, KeyId::of(Use::Log, log.as_bytes()))
        }
        (Use::Bundle, Some(known)) => (
            seal,
            KeyId::of(Use::Bundle, known.recipient.to_string().as_bytes()),
        ),
        (Use::Tls, Some(known)) => (seal, KeyId::of(Use::Tls, known.pin.to_string().as_bytes())),
        (_, None) => return Ok(()),
    };
    // An old rotation that is played again names a key that is no more in use.
    let (true, Ok(says)) = (*said.old() == old, said.check(&signer)) else {
        return Ok(());
    };
    if said.changed() == Use::Seal {
        let key = verifying_key(&says.new).context("a key that was checked is none")?;
        bind(change.txn, peer, key.as_bytes(), change.now)?;
        change.reload()?;
        return look_again_at_peer(change, peer);
    }
    let (name, new) = (said.changed().name().to_owned(), says.new.clone());
    if said.changed() == Use::Log {
        let before = change.register.peer(peer).map(|known| known.log.clone());
        if let Some(before) = before {
            witness::keep_former(change.txn, peer.as_str(), &before)?;
        }
    }
    with_profile(change, peer, |profile| {
        profile.keys.insert(name, new);
    })
}

/// A revoked seal key seals nothing from now on: what comes under the present one awaits a decision until people have compared words anew,
/// and so does what comes under a former one. What was here by the time since which it is not to be relied on still verifies.
fn revoked(change: &mut Change<'_, '_>, peer: &ObjectId, said: Option<Revocation>) -> Result<()> {
    let Some(said) = said.filter(|said| said.by() == peer) else {
        return Ok(());
    };
    let Some(seal) = change.register.key(peer) else {
        return Ok(());
    };
    let Ok(says) = said.check(&seal) else {
        return Ok(());
    };
    let since = says.since.micros().min(change.now);
    match says.key == KeyId::seal(&seal) {
        true => release(change.txn, peer, since)?,
        false => end_former(change.txn, peer, &says.key, since)?,
    }
    change.reload()
}

/// The log goes on under another name: what it lost beyond the records that it kept is no lie. That it has those is for its next head to
/// prove; what was shown of them here and is not so contradicts it at once.
fn restored(
    change: &mut Change<'_, '_>,
    peer: &ObjectId,
    said: Option<Restoration>,
    good: &Good,
) -> Result<()> {
    let Some(said) = said.filter(|said| said.by() == peer) else {
        return Ok(());
    };
    let (Some(seal), Some(known)) = (change.register.key(peer), change.register.peer(peer)) else {
        return Ok(());
    };
    let Ok(says) = said.check(&seal) else {
        return Ok(());
    };
    if says.old != *known.log.name() {
        return Ok(());
    }
    let (before, known) = (known.log.clone(), known.clone());
    let Some(row) = change.txn.peer(peer.as_str())? else {
        return Ok(());
    };
    let mut past = Past::of(change.txn, &row, &known)?;
    // Who is restored time and again and shows nothing is followed no further.
    let Ok(found) = past.restore(says, &String::from_utf8_lossy(&good.body)) else {
        return Ok(());
    };
    past.write(change.txn, peer)?;
    let log = Key::log(says.new.clone(), *before.verifying_key());
    witness::keep_former(change.txn, peer.as_str(), &before)?;
    with_profile(change, peer, |profile| profile.log = Some(log.to_string()))?;
    match found {
        Some(proof) => heads::mark(change, peer, proof),
        None => Ok(()),
    }
}

fn with_profile(
    change: &mut Change<'_, '_>,
    peer: &ObjectId,
    edit: impl FnOnce(&mut Profile),
) -> Result<()> {
    let Some(mut row) = change.txn.peer(peer.as_str())? else {
        return Ok(());
    };
    let mut profile = Profile::read(&row.profile)?;
    edit(&mut profile);
    row.profile = profile.text()?;
    row.changed = change.now;
    change.txn.put_peer(&row)?;
    change.reload()
}
