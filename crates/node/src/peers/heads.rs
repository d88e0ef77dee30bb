//! The heads of logs: each side keeps the newest head of the other, proven to extend the one before, and signs it as a witness.
//!
//! Invariant: a log that contradicts itself is never followed further; the two checkpoints that prove it are kept as a text that anybody
//! can check, the peer is marked, and nothing of what came from it is lost.

use anyhow::{Context, Result};
use stix::ObjectId;
use tlog::{Checkpoint, Evidence, Fork, Key, Note, OpenedCheckpoint, consistency};

use super::past::{self, Past};
use super::sync::with_course;
use super::wire::{Destination, Head, Wire};
use super::{Known, Profile, witness};
use crate::clock::SECOND;
use crate::log::{Tiles, seconds};
use crate::node::Node;
use crate::writer::Change;

impl Node {
    /// Fetches a peer's newest head, when one is due; verifies, keeps and cosigns it.
    pub(crate) async fn exchange_heads(&self, wire: &dyn Wire, to: &Destination) -> Result<()> {
        let every = i64::try_from(self.config().checkpoint_seconds)
            .unwrap_or(60)
            .max(1);
        if !self
            .inner
            .exchange
            .heads_due(&to.participant, self.now(), every * SECOND)
        {
            return Ok(());
        }
        let known = self.register().peer(&to.participant).cloned();
        let Some(known) = known.filter(|known| known.inconsistent.is_none()) else {
            return Ok(());
        };
        let past = self.past_of(&known)?;
        if !past.unproven().is_empty() {
            return self.follow_restored(wire, to, (&known, past)).await;
        }
        let held = self.course(&to.participant)?.head;
        let keys = self.keys_of_log(&known)?;
        let before = held.as_deref().and_then(|head| opened_by(head, &keys));
        let from = before
            .as_ref()
            .map(OpenedCheckpoint::size)
            .filter(|size| *size > 0);
        let Some(head) = wire.head(to, from).await? else {
            return Ok(());
        };
        match judge(&keys, held.as_deref(), before.as_ref(), &head)? {
            Judged::Same => Ok(()),
            Judged::Forked(proof) => {
                self.mark_inconsistent(&to.participant, proof).await?;
                anyhow::bail!("its log contradicts what it showed before; the proof is kept")
            }
            Judged::Extends => {
                let note = self.keep_head(&known, past, head.note).await?;
                wire.cosigned(to, note).await
            }
        }
    }

    fn past_of(&self, known: &Known) -> Result<Past> {
        let reader = self.read()?;
        let row = reader.peer(known.participant.as_str())?;
        let row = row.context("the peer was forgotten meanwhile")?;
        Past::of(&reader, &row, known)
    }

    /// The first head since a peer was restored: it has to begin with what the restoration says that was kept, and with what was shown here
    /// of that.
    async fn follow_restored(
        &self,
        wire: &dyn Wire,
        to: &Destination,
        (known, past): (&Known, Past),
    ) -> Result<()> {
        let mut shown: Option<Head> = None;
        for mark in past.unproven() {
            let from = Some(mark.size).filter(|size| *size > 0);
            let Some(head) = wire.head(to, from).await? else {
                return Ok(());
            };
            let now = Checkpoint::open(&head.note, &known.log)
                .context("its checkpoint is not signed by its log key")?;
            if !mark.begins(now.checkpoint(), &head.proof) {
                let proof = past::contradiction(past.unproven(), Some(&head));
                self.mark_inconsistent(&to.participant, proof).await?;
                anyhow::bail!(
                    "its log contradicts what it showed before it was restored, or what it said of that; the proof is kept"
                );
            }
            let last = shown.as_ref().and_then(|last| past::read(&last.note));
            if last.is_some_and(|last| last != *now.checkpoint()) {
                // It moved on between two answers: each proof is good, and they are about two heads. The next round sees.
                return Ok(());
            }
            shown = Some(head);
        }
        let head = shown.context("nothing was shown")?;
        let note = self.keep_head(known, past, head.note).await?;
        wire.cosigned(to, note).await
    }

    /// The keys that a peer's log has or had under its present name, the present one first. What it lost under another name, before it was
    /// restored, it has owned up to.
    fn keys_of_log(&self, known: &Known) -> Result<Vec<Key>> {
        let reader = self.read()?;
        let mut keys = vec![known.log.clone()];
        if let Some(row) = reader.peer(known.participant.as_str())? {
            keys.extend(witness::log_keys(&reader, &row)?);
        }
        keys.retain(|key| key.name() == known.log.name());
        Ok(keys)
    }

    /// `past` is what the head was held against.
    async fn keep_head(&self, known: &Known, past: Past, note: String) -> Result<String> {
        let (peer, log) = (known.participant.clone(), known.log.clone());
        let origin = self.inner.origin.clone();
        self.change(move |change| {
            let note = Note::parse(note.as_bytes())?;
            let mut signed =
                witness::signed_by_none_but(&note, &[witness::witness(&log), log.clone()])?;
            let note = signed.to_string();
            let line = tlog::cosign(&signed, &origin, &change.keys.log, seconds(change.now));
            signed.add(line);
            let row = change.txn.peer(peer.as_str())?;
            let row = row.context("the peer was forgotten meanwhile")?;
            anyhow::ensure!(
                Past::of(change.txn, &row, &Known::read(&row)?)? == past,
                "more was said of its log meanwhile; the next round sees"
            );
            let mut past = past;
            let head = Checkpoint::parse(signed.text())?;
            past.show(&head, note.clone());
            past.write(change.txn, &peer)?;
            with_course(change, &peer, |course| course.head = Some(note))?;
            Ok(signed.to_string())
        })
        .await
    }

    async fn mark_inconsistent(&self, peer: &ObjectId, proof: String) -> Result<()> {
        let peer = peer.clone();
        self.change(move |change| mark(change, &peer, proof)).await
    }

    /// How many records this node's log has.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn log_size(&self) -> Result<u64> {
        Ok(u64::try_from(self.read()?.records()?)?)
    }

    /// This node's newest checkpoint, with the proof that it extends the one of size `from`; for a peer. `None` before the first.
    ///
    /// # Errors
    /// When `from` is larger than the log, or the storage fails.
    pub fn head_for_peer(&self, from: Option<u64>) -> Result<Option<Head>> {
        let reader = self.read()?;
        let Some(last) = reader.last_checkpoint(self.inner.origin.as_str())? else {
            return Ok(None);
        };
        let note = String::from_utf8(last.note)?;
        let from = from.filter(|from| *from > 0 && *from < last.size);
        let proof = match from {
            Some(from) => consistency::prove(Tiles(&reader), from, last.size)
                .map_err(|error| anyhow::anyhow!("the log cannot be proven: {error}"))?,
            None => Vec::new(),
        };
        Ok(Some(Head { note, proof }))
    }

    /// A peer hands over one of our checkpoints with its line: kept beside ours, as a witness to what we showed.
    ///
    /// # Errors
    /// When it is no checkpoint of ours, or the peer did not sign it.
    pub fn take_cosignature(&self, peer: &ObjectId, note: &str) -> Result<crate::Pending<()>> {
        let register = self.register();
        let known = register.peer(peer).filter(|known| known.is_active());
        let known = known.context("it is no peer")?;
        let ours = Key::log(self.inner.origin.clone(), self.keys().public().log);
        let opened = Checkpoint::open(note, &ours)?;
        let theirs = witness::witness(&known.log);
        let lines = tlog::cosignatures(opened.note(), std::slice::from_ref(&theirs))?;
        anyhow::ensure!(!lines.is_empty(), "it is not signed by the peer");
        let size = opened.size();
        let keys = [witness::witness(&ours), ours, theirs];
        let note = witness::signed_by_none_but(opened.note(), &keys)?.to_string();
        let name = witness::cosigned(peer);
        Ok(self.change(move |change| {
            let last = change.txn.meta(&name)?.unwrap_or_default();
            // What it signed of a larger tree says more: it is not given up for what was signed before.
            let larger = std::str::from_utf8(&last)
                .ok()
                .and_then(|last| opened_by(last, &keys))
                .is_some_and(|last| last.size() > size);
            match larger {
                true => Ok(()),
                false => Ok(change.txn.set_meta(&name, note.as_bytes())?),
            }
        }))
    }

    /// The newest checkpoint of ours that a peer has cosigned.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn cosigned_by(&self, peer: &ObjectId) -> Result<Option<String>> {
        let note = self.read()?.meta(&witness::cosigned(peer))?;
        Ok(note.map(String::from_utf8).transpose()?)
    }
}

enum Judged {
    Same,
    Extends,
    Forked(String),
}

/// A checkpoint, by whichever of these keys signed it.
fn opened_by(note: &str, keys: &[Key]) -> Option<OpenedCheckpoint> {
    let mut opened = keys
        .iter()
        .filter_map(|key| Checkpoint::open(note, key).ok());
    opened.next()
}

/// `keys` are those that its log has or had, the present one first: a new key does not begin a new past.
fn judge(
    keys: &[Key],
    held: Option<&str>,
    before: Option<&OpenedCheckpoint>,
    head: &Head,
) -> Result<Judged> {
    let (log, former) = keys.split_first().context("its log has no key")?;
    let now = match Checkpoint::open(&head.note, log) {
        Ok(now) => now,
        Err(error) => {
            let last = opened_by(&head.note, former);
            if last.is_some_and(|last| before.is_some_and(|held| is_same(&last, held))) {
                // Its next checkpoint will be the first by its new key.
                return Ok(Judged::Same);
            }
            return Err(error).context("its checkpoint is not signed by its log key");
        }
    };
    let (Some(held), Some(before)) = (held, before) else {
        return Ok(Judged::Extends);
    };
    if is_same(&now, before) {
        return Ok(Judged::Same);
    }
    let (old, new) = (before.root(), now.root());
    // What extends what was shown is no lie, whatever time its clock had.
    if before.size() == 0
        || consistency::verify(before.size(), &old, now.size(), &new, &head.proof).is_ok()
    {
        return Ok(Judged::Extends);
    }
    // Two heads may contradict each other by themselves: same size and another root, or a later and smaller one.
    if let Ok(fork) = Fork::between(log, held, &head.note) {
        return Ok(Judged::Forked(fork.to_string()));
    }
    // A path that belongs to the new head and leads to another old one is a proof by itself.
    let evidence = Evidence::Consistency(head.proof.clone());
    if let Ok(fork) = Fork::prove(log, held, &head.note, evidence) {
        return Ok(Judged::Forked(fork.to_string()));
    }
    anyhow::bail!("it does not prove that its log extends what it showed before")
}

fn is_same(one: &OpenedCheckpoint, other: &OpenedCheckpoint) -> bool {
    one.size() == other.size() && one.root() == other.root()
}

pub(crate) fn mark(change: &mut Change<'_, '_>, peer: &ObjectId, proof: String) -> Result<()> {
    let mut row = change
        .txn
        .peer(peer.as_str())?
        .context("the peer is gone")?;
    let mut profile = Profile::read(&row.profile)?;
    profile.inconsistent = Some(proof);
    row.profile = profile.text()?;
    row.changed = change.now;
    change.txn.put_peer(&row)?;
    change.reload()
}
