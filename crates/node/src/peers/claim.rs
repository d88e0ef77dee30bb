//! Which identity and key an introduction may claim, and how it is bound to them once its words were right.
//!
//! Invariant: another key takes the place of a bound one only where a person said, for this very file, that the old one is lost; it is bound
//! by words, like the first.

use anyhow::{Result, bail, ensure};
use ed25519_dalek::VerifyingKey;
use stix::ObjectId;

use crate::keeping::renewal;
use crate::keys::Introduction;
use crate::register::{BOUND, Kind, Participant};
use crate::writer::Change;

/// Refuses an introduction that claims what is another's.
pub(super) fn claim(
    change: &Change<'_, '_>,
    introduction: &Introduction,
    anew: bool,
) -> Result<()> {
    let id = &introduction.identity().header().id;
    let key = introduction.keys().seal;
    ensure!(
        id != change.register.home(),
        "it introduces this node's own participant"
    );
    ensure!(
        key != change.keys.public().seal,
        "it claims this node's own key"
    );
    if change.register.key(id).is_some_and(|bound| bound != key) {
        ensure!(
            anew,
            "this identity is bound to another key already; ask both sides what happened before anything else. Where its people say, on a \
             number that you know, that they lost their keys: suspend it, and take the file with its new keys"
        );
    }
    for key in [&key].into_iter().chain(introduction.former()) {
        // Also one that was another's before, or was revoked: what it sealed is that other's.
        let bound = change.txn.bindings_of_key(key.as_bytes())?;
        if let Some(other) = bound.iter().find(|other| other.identity != id.as_str()) {
            bail!("this key is bound to {} already", other.identity);
        }
    }
    Ok(())
}

fn anew(id: &ObjectId) -> String {
    format!("peer.anew/{id}")
}

/// Notes whether the file that was taken for a peer may bring another key than the one that is bound.
pub(super) fn note_anew(
    change: &mut Change<'_, '_>,
    introduction: &Introduction,
    may: bool,
) -> Result<()> {
    let name = anew(&introduction.identity().header().id);
    let key = introduction.keys().seal;
    match may {
        true => change.txn.set_meta(&name, key.as_bytes())?,
        false => change.txn.remove_meta(&name)?,
    }
    Ok(())
}

/// Whether this very file may; asked once, when it is confirmed.
pub(super) fn take_anew(change: &mut Change<'_, '_>, introduction: &Introduction) -> Result<bool> {
    let name = anew(&introduction.identity().header().id);
    let noted = change.txn.meta(&name)?;
    change.txn.remove_meta(&name)?;
    Ok(noted.is_some_and(|key| key == introduction.keys().seal.as_bytes()))
}

/// Binds an identity to the key of its introduction, whose words were right.
pub(super) fn bind(change: &mut Change<'_, '_>, id: &ObjectId, key: &VerifyingKey) -> Result<()> {
    match change.register.key(id) {
        Some(bound) if bound == *key => Ok(()),
        // What the lost one sealed in its time stands.
        Some(_) => renewal::bind(change.txn, id, key.as_bytes(), change.now),
        None => Ok(change.txn.put_binding(&store::Binding {
            identity: id.to_string(),
            key: key.as_bytes().to_vec(),
            state: BOUND.to_owned(),
            since: change.now,
            ..store::Binding::default()
        })?),
    }
}

/// The keys that were followed by the present one and that the words vouch for: what they sealed in their time stands here too.
pub(super) fn bind_former(change: &mut Change<'_, '_>, introduction: &Introduction) -> Result<()> {
    let id = introduction.identity().header().id.to_string();
    for key in introduction.former() {
        let known = change.txn.bindings_of(&id)?;
        // What is known of a key from its own time counts for more, above all that it was revoked.
        if known.iter().any(|binding| binding.key == key.as_bytes()) {
            continue;
        }
        // Since when is not known: the first free times of all.
        let mut since = 0;
        while known.iter().any(|binding| binding.since == since) {
            since += 1;
        }
        change.txn.put_binding(&store::Binding {
            identity: id.clone(),
            key: key.as_bytes().to_vec(),
            state: BOUND.to_owned(),
            since,
            until: Some(change.now),
            ..store::Binding::default()
        })?;
    }
    Ok(())
}

/// Who was noted by hand under this very name, so that labels could name it before it had a node, is this participant: what is labeled
/// for the one is for the other.
pub(super) fn meant_before(
    change: &Change<'_, '_>,
    id: &ObjectId,
    participants: &mut [Participant],
) {
    let Some(real) = participants.iter().find(|known| known.id == *id).cloned() else {
        return;
    };
    let name = real.name.trim().to_lowercase();
    for known in participants {
        let is_own = known.id == *id
            || known.id == *change.register.home()
            || Some(&known.id) == real.organ_of.as_ref();
        let has_key = change.register.key(&known.id).is_some()
            || change.register.is_unvouched(&known.id)
            || change.register.peer(&known.id).is_some();
        let same_kind = known.kind == real.kind || known.kind == Kind::Organisation;
        let spoken_for = !known.designated.is_empty() || !known.client_of.is_empty();
        if !is_own
            && !has_key
            && same_kind
            && !spoken_for
            && known.name.trim().to_lowercase() == name
        {
            known.designated.insert(String::new(), id.clone());
        }
    }
}
