//! What a program posts and may ask about afterwards, and what it takes away again.
//!
//! Invariant: the outcome of a submission is kept in the commit that made it, and is there for nobody but who posted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result};
use policy::Purpose;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stix::{ObjectId, Timestamp};
use store::{Held, PageQuery, Place, Reader, Versions};

use crate::access::{Access, Credentials};
use crate::again::place_label;
use crate::node::{Node, uuid_v4};
use crate::peers::quota::accept_within;
use crate::pending::Pending;
use crate::submission::{Channel, Line, Outcome, Receipt, Submission};
use crate::withdrawal;
use crate::writer::Change;

/// How many versions are looked up at a time when an object is taken away.
const TOGETHER: usize = 1_000;

/// What became of a request to take an object out of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// There is nothing that the access may see.
    Absent,
    /// It may see it, but others wrote and brought it.
    Others,
    /// It stands there no more.
    Done,
}

impl Node {
    /// The access of credentials that were verified lately; never slow. `None` says only that [`Node::authenticate`] has to be asked.
    pub fn recall(&self, credentials: &Credentials) -> Option<Arc<Access>> {
        self.inner.warm.keep_to(self.inner.store.generation());
        self.inner.warm.find(credentials, self.now())
    }

    /// A secret for tokens that this node hands out and takes back: the same after a restart, another after its log key has changed.
    pub fn token_key(&self) -> [u8; 32] {
        let keys = self.keys();
        let mut hash = Sha256::new();
        hash.update(b"entente page tokens\n");
        hash.update(keys.log.as_bytes());
        hash.finalize().into()
    }

    /// Lets objects in for a program, and keeps what became of them under a random id.
    ///
    /// # Errors
    /// Those of [`Node::accept`].
    pub fn post(
        &self,
        access: &Access,
        submission: Submission,
    ) -> Result<Pending<(String, Receipt)>> {
        let lot = self.lot(submission)?;
        let name = access.name.clone();
        Ok(self.change(move |change| {
            let receipt = accept_within(change, &lot)?;
            let id = uuid_v4(change.chance);
            let mut waiting = BTreeMap::new();
            for line in &receipt.lines {
                if let Outcome::Awaiting { number, .. } = line.outcome
                    && let Some(waits) = change.txn.pending(number)?
                {
                    waiting.insert(number.to_string(), hex::encode(waits.hash));
                }
            }
            let status = Status { receipt, waiting };
            let body = serde_json::to_vec(&status)?;
            change.txn.put_status(&id, &name, change.now, &body)?;
            Ok((id, status.receipt))
        }))
    }

    /// What became of an earlier submission of this program, as it stands now: what a person has decided since is told.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn posted(&self, access: &Access, id: &str) -> Result<Option<Receipt>> {
        let reader = self.read()?;
        let Some(body) = reader.status(id, &access.name)? else {
            return Ok(None);
        };
        let Status {
            mut receipt,
            waiting,
        } = serde_json::from_slice(&body).context("a kept outcome is damaged")?;
        let at = Timestamp::from_micros(self.now());
        for line in &mut receipt.lines {
            if let Outcome::Awaiting { number, .. } = line.outcome
                && let Some(outcome) = decided(&reader, line, number, |held| {
                    let same = waiting.get(&number.to_string());
                    let same = same.is_none_or(|hash| *hash == hex::encode(&held.hash));
                    Ok(same && is_theirs(&reader, access, held, &at)?)
                })?
            {
                line.outcome = outcome;
            }
        }
        Ok(Some(receipt))
    }

    /// Takes versions of an object out of a collection: of those of `versions` that the program may see, those that its participant
    /// wrote or brought. A program of our own participant takes any. A peer takes none: it asks for a withdrawal of what is its own. The
    /// records stay, and so does what was logged about them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn take_out(
        &self,
        access: &Access,
        collection: i64,
        id: &ObjectId,
        versions: &Versions,
    ) -> Result<Pending<Removal>> {
        let reader = self.read()?;
        let at = Timestamp::from_micros(self.now());
        let mut query = PageQuery {
            ids: vec![id.clone()],
            versions: versions.clone(),
            ..PageQuery::of(collection, TOGETHER)
        };
        let mut records = BTreeSet::new();
        loop {
            let page = reader
                .manifest(&access.viewer, Purpose::Poll, &at, &query)?
                .into_inner();
            records.extend(page.rows.iter().map(|row| row.recno));
            match page.rows.last() {
                Some(last) if page.more => query.after = last.added,
                _ => break,
            }
        }
        drop(reader);
        let access = access.clone();
        Ok(self.change(move |change| {
            let mut removal = Removal::Absent;
            for recno in records {
                let Some(held) = change.txn.held_record(recno)? else {
                    continue;
                };
                let (here, mut stays): (Vec<_>, Vec<_>) = change
                    .txn
                    .places(recno)?
                    .into_iter()
                    .filter(|place| place.removed.is_none())
                    .partition(|place| place.collection == collection);
                let mut leaves = Vec::new();
                for place in here {
                    match may_take(change, &access, &held, &place)? {
                        true => leaves.push(place),
                        false => stays.push(place),
                    }
                }
                if leaves.is_empty() {
                    if removal == Removal::Absent && !stays.is_empty() {
                        removal = Removal::Others;
                    }
                    continue;
                }
                for place in &leaves {
                    change
                        .txn
                        .remove_position(collection, place.added, change.now)?;
                    change.touched.insert(place.class);
                }
                removal = Removal::Done;
                // TAXII tells nobody of a deletion: whoever took what stands nowhere any more is asked to stop releasing it.
                if stays.is_empty() {
                    withdrawal::ask_others(change, &held, &leaves, &access.participant)?;
                }
            }
            Ok(removal)
        }))
    }
}

/// Whether what stands at this place is the program's to take away. That it may read and add does not make it so.
fn may_take(change: &Change<'_, '_>, access: &Access, held: &Held, place: &Place) -> Result<bool> {
    let who = &access.participant;
    if access.peer {
        return Ok(false);
    }
    if who == change.register.home() || held.author.as_ref() == Some(who) {
        return Ok(true);
    }
    let channel = Channel::parse(&held.channel);
    if channel == Some(Channel::Access(access.name.clone())) {
        return Ok(true);
    }
    let class = change.txn.class(place.class)?;
    let brought = class.is_some_and(|class| {
        class
            .clauses()
            .any(|clause| clause.origin.bringer.as_ref() == Some(who))
    });
    Ok(brought)
}

/// What became of a submission, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Status {
    #[serde(flatten)]
    receipt: Receipt,
    /// Of what awaits a decision, by its number, the SHA-256 of the bytes.
    #[serde(default)]
    waiting: BTreeMap<String, String>,
}

/// Whether a program brought this record, or may see it: of any other it hears nothing, not even that it is here.
fn is_theirs(reader: &Reader<'_>, access: &Access, held: &Held, at: &Timestamp) -> Result<bool> {
    if Channel::parse(&held.channel) == Some(Channel::Access(access.name.clone())) {
        return Ok(true);
    }
    for place in reader.places(held.recno)? {
        let Some(class) = reader.class(place.class)? else {
            continue;
        };
        let label = place_label(class, &place);
        if place.removed.is_none()
            && policy::decide(&access.viewer, &label, Purpose::Poll, at).is_granted()
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a person has decided about an object that waited: it is a record now, or it was let go; `None` while it waits.
fn decided(
    reader: &Reader<'_>,
    line: &Line,
    number: i64,
    is_it: impl Fn(&Held) -> Result<bool>,
) -> Result<Option<Outcome>> {
    let id = line.id.as_deref().unwrap_or_default();
    if reader
        .pending(number)?
        .is_some_and(|waiting| waiting.object == id)
    {
        return Ok(None);
    }
    let object = match ObjectId::parse(id) {
        Ok(id) => reader.object_no(&id)?,
        Err(_) => None,
    };
    let version = line
        .version
        .as_deref()
        .and_then(|version| Timestamp::parse(version).ok());
    let held = match (object, version) {
        (Some(object), Some(version)) => {
            let held = reader.find_version(object, &version.version_key())?;
            held.into_iter().collect()
        }
        (Some(object), None) => reader.versions_of(object)?,
        (None, _) => Vec::new(),
    };
    for held in &held {
        if is_it(held)? {
            return Ok(Some(Outcome::Accepted));
        }
    }
    Ok(Some(Outcome::Refused {
        reason: "discarded by decision".to_owned(),
    }))
}
