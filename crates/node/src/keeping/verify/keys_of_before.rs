//! The keys that this node had before, as its log says: a rotation that leads to the present key, or a revocation by it.
//!
//! Invariant: no head is believed for the sake of a former key, whatever the database says; and a checkpoint only where the log has the record
//! that ended the key, up to there.

use std::collections::HashSet;

use anyhow::Result;
use ed25519_dalek::VerifyingKey;
use tlog::Key;

use super::feed::Gathered;
use super::others::Others;
use super::report::{Area, Finding};
use crate::keeping::known::{former_log_keys, verifying_key};
use crate::keeping::renewal::untold;
use crate::keys::{KeyId, PublicKeys, Revocation, Rotation, Use};

impl Others<'_> {
    /// The log keys that were followed by `now`, each with the number of the record that ended it. A seal key of this node's participant of
    /// which the log does not speak is found.
    pub(super) fn keys_of_before(
        &self,
        now: &Key,
        present: &PublicKeys,
        gathered: &mut Gathered,
    ) -> Result<Vec<(VerifyingKey, u64)>> {
        let candidates = former_log_keys(self.look)?;
        let named = |id: &KeyId| {
            let is_it = |key: &&VerifyingKey| KeyId::of(Use::Log, key.as_bytes()) == *id;
            candidates.iter().find(is_it).copied()
        };
        let mut believed: Vec<(VerifyingKey, u64)> = Vec::new();
        let mut sealed = HashSet::from([KeyId::seal(&present.seal)]);
        // A recovery was cut off: the next start puts these into the log. Until then they are believed of checkpoints that this tree has.
        for id in untold(self.look)? {
            let id: KeyId = id.parse()?;
            believed.extend(named(&id).map(|key| (key, gathered.report.size)));
            sealed.insert(id);
        }
        // From the newest on: each leads to one that is believed already.
        for recno in std::mem::take(&mut gathered.keys).into_iter().rev() {
            let Some((good, _)) = self.evidence(recno)? else {
                continue;
            };
            let until = u64::try_from(recno)?;
            let rotation = good.with_object(|object| Rotation::read(object).ok());
            let rotation = rotation.flatten().filter(|said| said.by() == self.home);
            if let Some(said) = rotation {
                match said.changed() {
                    Use::Seal => {
                        let key = self.known.key(said.old(), self.home);
                        if key.is_some_and(|key| said.check(key).is_ok()) {
                            sealed.insert(said.old().clone());
                        }
                    }
                    Use::Log => {
                        let Some(old) = named(said.old()) else {
                            continue;
                        };
                        let new = said
                            .check(&old)
                            .ok()
                            .and_then(|says| verifying_key(&says.new));
                        let leads = new.is_some_and(|new| {
                            new == *now.verifying_key()
                                || believed.iter().any(|(key, _)| *key == new)
                        });
                        if leads {
                            believed.push((old, until));
                        }
                    }
                    Use::Bundle | Use::Tls => {}
                }
            }
            let revocation = good.with_object(|object| Revocation::read(object).ok());
            let revocation = revocation.flatten().filter(|said| said.by() == self.home);
            if let Some(said) = revocation {
                let key = self.known.key(said.key(), self.home);
                let Some(says) = key.and_then(|key| said.check(key).ok()) else {
                    continue;
                };
                believed.extend(named(&says.key).map(|key| (key, until)));
                sealed.insert(says.key.clone());
            }
        }
        for (id, (owner, _)) in &self.known.keys {
            if owner == self.home && !sealed.contains(id) {
                let what = format!(
                    "the seal key {id} is bound to this node's participant, and no record in the log says that it was one of its keys"
                );
                gathered.report.find(Finding::new(Area::Keys, what));
            }
        }
        Ok(believed)
    }
}
