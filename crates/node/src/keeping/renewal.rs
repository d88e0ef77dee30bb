//! New keys in the place of old ones: rotated, revoked, recovered. Invariant: the commit that speaks of a change and the change itself agree
//! after a crash at any time: new keys lie in `keys.next` until that commit is on disk, and the database says which keys are in use.
//!
//! - *Rotated*: the old key says which follows it. Peers go on without asking.
//! - *Revoked*: the old key is not to be relied on. Bundle, connection and log keys are followed by new ones at once. A seal key revokes itself
//!   and names no follower, since a thief could: peers let go of it, and people compare words anew.
//! - *Recovered*: the old keys are lost. Whoever has the recovery key takes new ones into use; people compare words anew.
//!
//! What old keys signed in their time still verifies by them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use stix::ObjectId;
use store::{Binding, Look, Options, Store, WriteTxn};
use tlog::Origin;

use crate::chance::Random;
use crate::clock::{Clock, Micros};
use crate::folder::Folder;
use crate::keeping::backup;
use crate::keeping::known::{
    FORMER, Former, former, former_log_keys, keep_rotation, verifying_key,
};
use crate::keeping::own::tell_peers;
use crate::keys::{
    self, KeyId, Keys, PublicKeys, Recovery, Revocation, Revoked, Rotation, Tls, Use, Why,
    signing_key,
};
use crate::log::Log;
use crate::node::{HOME, Node, ORIGIN, RECOVERY, damaged};
use crate::register::{BOUND, Participant};
use crate::writer::{Adopt, Change};

/// Why a key went that another followed in good order.
const ROTATED: &str = "rotated";
/// The state of a binding to a key that was revoked.
const REVOKED: &str = "revoked";
/// Under which name the database says of which lost keys peers are still to be told.
const UNTOLD: &str = "node.keys.untold";
/// Under which name the database says which keys are in use.
const NOW: &str = "node.keys.now";

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renewed {
    /// Which of the four.
    #[serde(rename = "use")]
    pub key_use: String,
    /// The key that went.
    pub old: String,
    /// The key that is in use now.
    pub new: String,
    /// Whether peers take the new key by themselves; if not, give them a new introduction and compare words.
    pub peers_follow: bool,
    /// Whether the key that went was no more in use: nothing took its place now.
    pub former: bool,
}

/// Which keys a recovery took into use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// The identifiers of the new ones, by use.
    pub keys: BTreeMap<String, String>,
}

type Texts = BTreeMap<String, String>;

fn texts(keys: &PublicKeys) -> Texts {
    let all = Use::ALL.into_iter();
    all.map(|key| (key.name().to_owned(), keys.text(key)))
        .collect()
}

fn in_use(look: &Look) -> Result<Option<Texts>> {
    let now = look.meta(NOW)?.map(|json| serde_json::from_slice(&json));
    now.transpose()
        .context("the list of keys in use is damaged")
}

/// The keys of a node that is opened: finishes a change that a crash cut short, and refuses keys that the database does not know.
pub(crate) fn keys_in_use(folder: &Folder, store: &Store) -> Result<Keys> {
    let reader = store.read()?;
    let now = in_use(&reader)?;
    drop(reader);
    let next = folder.next_keys();
    if next.exists() {
        let is = |keys: &Keys, now: &Texts| *now == texts(&keys.public());
        let placed = keys::load(&folder.keys());
        if placed.is_ok_and(|keys| now.as_ref().is_none_or(|now| is(&keys, now))) {
            // Its commit did not happen, and nobody has heard of these keys; or it is finished but for these files.
            fs::remove_dir_all(&next)?;
        } else {
            // They may be the only ones: where they cannot be read, or are others, they stay.
            let fresh = keys::load(&next).with_context(|| {
                let next = next.display();
                format!("the keys in {next} may be those that this node uses, and cannot be read; nothing was changed")
            })?;
            if now.as_ref().is_some_and(|now| is(&fresh, now)) {
                put_in_place(folder, &fresh)?;
            }
        }
    }
    let keys = keys::load(&folder.keys())?;
    match now {
        Some(now) if now != texts(&keys.public()) => bail!(
            "the keys in {} are not those that this node uses: put back the right ones, or recover with `entente key recover {}`",
            folder.keys().display(),
            folder.root().display()
        ),
        Some(_) => {}
        None => store.write(|txn| note_keys(txn, &keys.public()))?,
    }
    Ok(keys)
}

fn note_keys(txn: &mut WriteTxn<'_>, keys: &PublicKeys) -> Result<()> {
    Ok(txn.set_meta(NOW, &serde_json::to_vec(&texts(keys))?)?)
}

fn put_in_place(folder: &Folder, keys: &Keys) -> Result<()> {
    for key in Use::ALL {
        keys::replace(&folder.keys(), key, keys)?;
    }
    fs::remove_dir_all(folder.next_keys())?;
    Ok(())
}

impl Node {
    /// Takes a new key into use, and lets the old one say so. `hosts` are for the certificate of a TLS key.
    ///
    /// # Errors
    /// When the key cannot be written, or a host is no name or address: the old one stays in use.
    pub fn rotate_key(&self, key: Use, hosts: &[String]) -> Result<Renewed> {
        self.renew(key, hosts, None)
    }

    /// Revokes a key, at once: it was last certainly in the right hands at `since`. Another takes its place.
    ///
    /// # Errors
    /// As [`Node::rotate_key`].
    pub fn revoke_key(
        &self,
        key: Use,
        why: Why,
        since: Micros,
        hosts: &[String],
    ) -> Result<Renewed> {
        self.renew(key, hosts, Some((why, since)))
    }

    fn renew(&self, key: Use, hosts: &[String], revoked: Option<(Why, Micros)>) -> Result<Renewed> {
        let hosts = match hosts {
            [] => vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            hosts => hosts.to_vec(),
        };
        let (folder, collection) = (self.folder().clone(), self.notices()?);
        let renewed = self.change(move |change| {
            let home = change.register.home().clone();
            let old = change.keys.public();
            let mut keys = change.keys.copy()?;
            match key {
                Use::Seal => keys.seal = signing_key(change.chance),
                Use::Log => keys.log = signing_key(change.chance),
                Use::Bundle => {
                    keys.bundle.rotate(change.chance);
                    if revoked.is_some() {
                        keys.bundle.forget_retired();
                    }
                }
                Use::Tls => {
                    let fresh = Tls::generate(&hosts)?;
                    keys.tls = match revoked {
                        Some(_) => fresh,
                        None => fresh.after(change.keys.copy()?.tls),
                    };
                }
            }
            let new = keys.public();
            let peers_follow = revoked.is_none() || key != Use::Seal;
            if peers_follow {
                let said = rotation(change, key, (&home, &old, &keys))?.record()?;
                if key == Use::Seal {
                    keep_rotation(change.txn, &said)?;
                }
                tell_peers(change, &said, &collection)?;
            }
            if let Some((why, since)) = revoked {
                let seal = &change.keys.seal;
                let says = Revoked::new(old.id(key), why, since);
                let said = Revocation::sign(says, &home, seal, change.now)?;
                tell_peers(change, &said.record()?, &collection)?;
            }
            let why = revoked.map_or(ROTATED, |(why, _)| why.name());
            retire(change.txn, &old, &[key], why, change.now)?;
            if key == Use::Seal {
                if let Some((_, since)) = revoked {
                    release(change.txn, &home, since.min(change.now))?;
                }
                bind(change.txn, &home, new.seal.as_bytes(), change.now)?;
                change.reload()?;
            }
            note_keys(change.txn, &new)?;
            adopt(change, &folder, keys)?;
            Ok(Renewed {
                key_use: key.name().to_owned(),
                old: old.id(key).to_string(),
                new: new.id(key).to_string(),
                peers_follow,
                former: false,
            })
        });
        renewed.wait()
    }

    /// Revokes the key of an identifier: a present one as [`Node::revoke_key`] does, or one that went before, for the sake of which nothing
    /// more is believed then.
    ///
    /// # Errors
    /// When this node never had such a key, or has revoked it; and as [`Node::revoke_key`].
    pub fn revoke_key_called(
        &self,
        id: &str,
        why: Why,
        since: Micros,
        hosts: &[String],
    ) -> Result<Renewed> {
        let present = self.keys().public();
        let id: KeyId = id
            .trim()
            .parse()
            .context("this is no identifier of a key; `entente key list` shows them")?;
        if let Some(key) = Use::ALL.into_iter().find(|key| present.id(*key) == id) {
            return self.revoke_key(key, why, since, hosts);
        }
        let collection = self.notices()?;
        let revoked = self.change(move |change| {
            let mut all = former(change.txn)?;
            let name = id.to_string();
            let one = all.iter_mut().find(|one| one.id == name);
            let one = one.context(
                "this node never had a key of this identifier; `entente key list` shows those that it has and had",
            )?;
            ensure!(
                one.why == ROTATED,
                "this key is revoked already: {}",
                one.why
            );
            one.why = why.name().to_owned();
            let key = Use::ALL.into_iter().find(|key| key.name() == one.key_use);
            let key = key.context("the list of former keys is damaged")?;
            change.txn.set_meta(FORMER, &serde_json::to_vec(&all)?)?;
            let home = change.register.home().clone();
            let says = Revoked::new(id.clone(), why, since);
            let said = Revocation::sign(says, &home, &change.keys.seal, change.now)?;
            tell_peers(change, &said.record()?, &collection)?;
            end_former(change.txn, &home, &id, since.min(change.now))?;
            change.reload()?;
            Ok(Renewed {
                key_use: key.name().to_owned(),
                old: name,
                new: present.id(key).to_string(),
                peers_follow: true,
                former: true,
            })
        });
        revoked.wait()
    }

    /// The keys that this node had before, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn former_keys(&self) -> Result<Vec<Former>> {
        former(&*self.read()?)
    }
}

fn rotation(
    change: &Change<'_, '_>,
    key: Use,
    (home, old, keys): (&ObjectId, &PublicKeys, &Keys),
) -> Result<Rotation> {
    let now = change.now;
    Ok(match key {
        Use::Seal => Rotation::of_signing_key(home, key, &change.keys.seal, &keys.seal, now)?,
        Use::Log => Rotation::of_signing_key(home, key, &change.keys.log, &keys.log, now)?,
        Use::Bundle | Use::Tls => {
            let new = keys.public().text(key);
            Rotation::of_other_key(home, key, old.id(key), &new, &change.keys.seal, now)?
        }
    })
}

/// Lays the new keys beside the old ones; with the commit they take their place.
fn adopt(change: &mut Change<'_, '_>, folder: &Folder, keys: Keys) -> Result<()> {
    ensure!(
        change.adopt.is_none() && !folder.next_keys().exists(),
        "another change of keys is not finished; open the node anew and try again"
    );
    keys::store(&folder.next_keys(), &keys)?;
    let (folder, keys) = (folder.clone(), Arc::new(keys));
    let fresh = Arc::clone(&keys);
    let settle = Box::new(move || {
        // They are in use; what is left to do is done when the node is opened.
        if let Err(error) = put_in_place(&folder, &fresh) {
            tracing::error!(error = format!("{error:#}"), "keys.settle");
        }
    });
    *change.adopt = Some(Adopt { keys, settle });
    Ok(())
}

/// Notes that keys are no more in use.
fn retire(
    txn: &mut WriteTxn<'_>,
    old: &PublicKeys,
    uses: &[Use],
    why: &str,
    now: Micros,
) -> Result<()> {
    let mut all = former(txn)?;
    all.extend(uses.iter().map(|key| Former {
        key_use: key.name().to_owned(),
        id: old.id(*key).to_string(),
        text: old.text(*key),
        until: now,
        why: why.to_owned(),
    }));
    Ok(txn.set_meta(FORMER, &serde_json::to_vec(&all)?)?)
}

/// Binds an identity to another key: from now on, for what comes; the old one for what was.
pub(crate) fn bind(
    txn: &mut WriteTxn<'_>,
    identity: &ObjectId,
    key: &[u8],
    now: Micros,
) -> Result<()> {
    let mut since = now;
    for old in txn.bindings_of(identity.as_str())? {
        since = since.max(old.since.saturating_add(1));
        if old.until.is_none() {
            txn.put_binding(&Binding {
                until: Some(now),
                ..old
            })?;
        }
    }
    Ok(txn.put_binding(&Binding {
        identity: identity.to_string(),
        key: key.to_vec(),
        state: BOUND.to_owned(),
        since,
        ..Binding::default()
    })?)
}

/// Ends the binding of an identity to a key that is revoked: what that key says counts no more, but what it said before `since` and was here
/// by then.
pub(crate) fn release(txn: &mut WriteTxn<'_>, identity: &ObjectId, since: Micros) -> Result<()> {
    for old in txn.bindings_of(identity.as_str())? {
        if old.until.is_none() {
            txn.put_binding(&Binding {
                state: REVOKED.to_owned(),
                until: Some(since),
                ..old
            })?;
        }
    }
    Ok(())
}

/// A former key of an identity is revoked: nothing is believed for its sake any more, whenever it says that it was sealed, but what was here
/// by `since`.
pub(crate) fn end_former(
    txn: &mut WriteTxn<'_>,
    identity: &ObjectId,
    key: &KeyId,
    since: Micros,
) -> Result<()> {
    for old in txn.bindings_of(identity.as_str())? {
        let bytes: Option<[u8; 32]> = old.key.as_slice().try_into().ok();
        let is_it = bytes
            .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
            .is_some_and(|bound| KeyId::seal(&bound) == *key);
        if is_it && let Some(until) = old.until {
            txn.put_binding(&Binding {
                state: REVOKED.to_owned(),
                until: Some(until.min(since)),
                ..old
            })?;
        }
    }
    Ok(())
}

/// Takes four new keys into use for a node whose keys are lost, by whoever has its recovery key. The node must not be running.
///
/// # Errors
/// When it is another node's recovery key, or the folder cannot be written.
pub fn recover_keys(
    root: &Path,
    recovery: &Recovery,
    clock: Arc<dyn Clock>,
    mut chance: Box<dyn Random>,
) -> Result<Recovered> {
    let folder = Folder::open(root)?;
    let hold = folder.hold()?;
    let store = Store::open(folder.database(), Options::default())?;
    let reader = store.read()?;
    let recipient = reader.meta(RECOVERY)?.unwrap_or_default();
    ensure!(
        recipient == recovery.recipient().to_string().as_bytes(),
        "this is not the recovery key of this node"
    );
    let home = reader
        .meta(HOME)?
        .context("the database names no participant")?;
    let home: Participant = serde_json::from_slice(&home)?;
    let old = in_use(&reader)?.unwrap_or_default();
    let mut lost = former_log_keys(&reader)?;
    lost.extend(
        old.get(Use::Log.name())
            .and_then(|text| verifying_key(text)),
    );
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let fresh = Keys::generate(chance.as_mut(), &hosts)?;
    let public = fresh.public();
    let mut log = log_of_lost(&reader, &fresh, &lost).with_context(|| damaged(root))?;
    drop(reader);
    let next = folder.next_keys();
    if next.exists() {
        fs::remove_dir_all(&next)?;
    }
    keys::store(&next, &fresh)?;
    let now = clock.now();
    store.write(|txn| -> Result<()> {
        let mut all = former(txn)?;
        let mut told_later = untold(txn)?;
        for key in Use::ALL {
            if let Some(text) = old.get(key.name()) {
                told_later.push(lost_id(key, text));
                all.push(Former {
                    key_use: key.name().to_owned(),
                    id: lost_id(key, text),
                    text: text.clone(),
                    until: now,
                    why: "recovered".to_owned(),
                });
            }
        }
        txn.set_meta(FORMER, &serde_json::to_vec(&all)?)?;
        txn.set_meta(UNTOLD, &serde_json::to_vec(&told_later)?)?;
        log.sign_anew(txn, now)?;
        bind(txn, &home.id, public.seal.as_bytes(), now)?;
        note_keys(txn, &public)
    })?;
    fs::create_dir_all(folder.keys())?;
    fs::set_permissions(
        folder.keys(),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )?;
    put_in_place(&folder, &fresh)?;
    drop(store);
    drop(hold);
    let node = Node::open_restored(root, clock, chance)?;
    let told = node.say_lost();
    node.close();
    told?;
    let ids = Use::ALL.map(|key| (key.name().to_owned(), public.id(key).to_string()));
    Ok(Recovered { keys: ids.into() })
}

/// The log of a node whose keys are lost: its head is by one of these.
fn log_of_lost(look: &Look, fresh: &Keys, lost: &[VerifyingKey]) -> Result<Log> {
    let origin = look.meta(ORIGIN)?.context("the database names no log")?;
    let origin = Origin::new(std::str::from_utf8(&origin)?)?;
    let size = u64::try_from(look.records()?)?;
    Log::load_by(size, look, origin, fresh.log.clone(), lost)
}

/// The identifiers of lost keys of which peers are still to be told.
pub(crate) fn untold(look: &Look) -> Result<Vec<String>> {
    let untold = look.meta(UNTOLD)?;
    let untold = untold.map(|json| serde_json::from_slice(&json));
    Ok(untold.transpose()?.unwrap_or_default())
}

impl Node {
    /// Puts into the log, by the new seal key, which keys are lost, if that is still to be done: a crash may have come between. A node that
    /// was restored says that first.
    pub(crate) fn say_lost(&self) -> Result<()> {
        let reader = self.read()?;
        if untold(&reader)?.is_empty() || backup::is_unannounced(&reader)? {
            return Ok(());
        }
        drop(reader);
        let collection = self.notices()?;
        let said = self.change(move |change| {
            let home = change.register.home().clone();
            for id in untold(change.txn)? {
                let (seal, now) = (&change.keys.seal, change.now);
                let says = Revoked::new(id.parse()?, Why::Lost, now);
                let said = Revocation::sign(says, &home, seal, now)?;
                tell_peers(change, &said.record()?, &collection)?;
            }
            Ok(change.txn.remove_meta(UNTOLD)?)
        });
        said.wait()
    }
}

/// The identifier of a key of which only the text is left.
fn lost_id(key: Use, text: &str) -> String {
    let bytes = match key {
        Use::Seal | Use::Log => hex::decode(text).unwrap_or_default(),
        Use::Bundle | Use::Tls => text.as_bytes().to_vec(),
    };
    KeyId::of(key, &bytes).to_string()
}
