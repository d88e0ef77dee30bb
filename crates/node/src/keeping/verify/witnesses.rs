//! What peers signed of this log, and what was kept of theirs: each line beside our checkpoints by the keys that the peer's log has or had,
//! and the tree that it was put under against the log.
//!
//! A peer's line shows that the log still begins with what that peer has seen, also where somebody has all keys of this node. That one
//! was there and is not any more is seen by the marks in the log, if it was there when one was made.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use stix::ObjectId;
use store::Look;
use tlog::{Checkpoint, Key, Note, OpenedCheckpoint};

use super::head::{LogKeys, root_at};
use super::report::{Area, Finding, Report};
use crate::keeping::trail_mark::Marked;
use crate::peers::{Course, witness};

/// A peer as its lines are checked.
struct Peer {
    name: String,
    keys: Vec<Key>,
}

/// Looks at all of them.
pub(super) fn check(
    look: &Look,
    ours: &LogKeys,
    marks: &[Marked],
    report: &mut Report,
) -> Result<()> {
    still_there(look, marks, report)?;
    let mut peers = HashMap::new();
    for row in look.peers()? {
        let known = crate::peers::Known::read(&row);
        let keys = witness::log_keys(look, &row);
        match (known, keys) {
            (Ok(known), Ok(keys)) => {
                let name = known.name;
                head(&name, &keys, row.cursor.as_deref(), report);
                peers.insert(row.participant, Peer { name, keys });
            }
            (Err(error), _) | (_, Err(error)) => {
                let peer = &row.participant;
                let what = format!("the keys of the peer {peer} cannot be read: {error:#}");
                report.find(Finding::new(Area::Keys, what));
            }
        }
    }
    let mut kept = Vec::new();
    look.each_meta(witness::COSIGNED, |name, note| {
        let peer = name.strip_prefix(witness::COSIGNED).unwrap_or(name);
        kept.push((peer.to_owned(), String::from_utf8_lossy(note).into_owned()));
        Ok(())
    })?;
    for (id, note) in kept {
        let peer = match peers.remove(&id) {
            Some(peer) => peer,
            // It was forgotten.
            None => Peer {
                name: id.clone(),
                keys: witness::former(look, &id).unwrap_or_default(),
            },
        };
        if let Some(trouble) = trouble(look, ours, &peer, &note, report.size) {
            let what = format!("the checkpoint that {} has co-signed: {trouble}", peer.name);
            report.find(Finding::new(Area::Checkpoint, what));
        }
    }
    Ok(())
}

/// What the log says that a peer has co-signed is here, or what it has co-signed of a larger tree.
fn still_there(look: &Look, marks: &[Marked], report: &mut Report) -> Result<()> {
    let mut said: BTreeMap<&ObjectId, u64> = BTreeMap::new();
    for (peer, size) in marks.iter().flat_map(|mark| &mark.cosigned) {
        let most = said.entry(peer).or_default();
        *most = size.max(most).to_owned();
    }
    let kept: HashMap<ObjectId, u64> = witness::sizes(look)?.into_iter().collect();
    for (peer, size) in said {
        if kept.get(peer).is_none_or(|kept| *kept < size) {
            let what = format!(
                "the log says that {peer} has co-signed it at {size} records: that co-signature was taken away"
            );
            report.find(Finding::new(Area::Checkpoint, what));
        }
    }
    Ok(())
}

/// What is wrong with our checkpoint and a peer's line under it.
fn trouble(look: &Look, ours: &LogKeys, peer: &Peer, text: &str, size: u64) -> Option<String> {
    let (opened, own) = match ours.open(text) {
        Ok(opened) => opened,
        Err(error) => return Some(format!("it is none of this log any more: {error}")),
    };
    let at = opened.size();
    if at > size {
        let what = format!("it has {at} records, and the log has {size}: its end was cut off");
        return Some(what);
    }
    if root_at(look, at) != Some(opened.root()) {
        let what = format!("it has {at} records, and those that the log begins with are others");
        return Some(what);
    }
    let mut keys: Vec<Key> = peer.keys.iter().map(witness::witness).collect();
    let forgotten = keys.is_empty();
    let theirs = match tlog::cosignatures(opened.note(), &keys) {
        Ok(lines) => lines.len(),
        Err(error) => return Some(format!("at {at} records: {error}")),
    };
    if theirs == 0 && !forgotten {
        let what = format!("at {at} records: it is not signed by a key that this peer has or had");
        return Some(what);
    }
    keys.extend([own.clone(), witness::witness(own)]);
    (!forgotten && !is_whole(&opened, text, &keys))
        .then(|| format!("at {at} records: a line of it was changed, or it was written anew"))
}

/// The newest head of a peer's log, by which its next one is judged.
fn head(name: &str, keys: &[Key], course: Option<&str>, report: &mut Report) {
    let course = match Course::read(course) {
        Ok(course) => course,
        Err(error) => {
            let what = format!("how far the exchange with {name} has come: {error:#}");
            return report.find(Finding::new(Area::Checkpoint, what));
        }
    };
    let Some(text) = course.head else {
        return;
    };
    let opened = keys
        .iter()
        .find_map(|key| Some((Checkpoint::open(&text, key).ok()?, key)));
    let whole = opened.is_some_and(|(opened, key)| {
        is_whole(&opened, &text, &[key.clone(), witness::witness(key)])
    });
    if !whole {
        let what =
            format!("the head of {name}'s log that is kept: it is not as that log signed it");
        report.find(Finding::new(Area::Checkpoint, what));
    }
}

/// Whether a checkpoint is written in the one way, and each of its lines is by one of these keys.
fn is_whole(opened: &OpenedCheckpoint, text: &str, keys: &[Key]) -> bool {
    let note: &Note = opened.note();
    let lines = note.verify(keys).map_or(0, |lines| lines.len());
    lines == note.signatures().len() && note.to_string() == text && opened.time().is_some()
}
