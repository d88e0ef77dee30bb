//! Who gains rights finds what lies behind its cursor: a roster that came after what is labeled for its circle, a State's designation, a
//! register of clients.
//!
//! Invariant: whatever a program or a peer reaches only now stands once more behind everything that it may have polled past. It is brought
//! there in portions, whole classes at a time: to whoever had it before it is the same version once more, and nobody else sees that it moved.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use policy::{Purpose, Viewer, admits};
use stix::ObjectId;
use store::Job;

use crate::again::place_again;
use crate::node::Node;
use crate::pending::Pending;
use crate::register::Register;
use crate::writer::Change;

/// The kind of job that brings a class forward; its name is the class.
const GAINED: &str = "gained";
/// How many positions are put again at a time, so that writers wait for milliseconds only. The clock does it once a second: what is new
/// comes in between, and of what a peer has already it finds no more, from one poll to the next, than an earlier program bears.
const TOGETHER: usize = 400;

/// Whoever may hold a cursor: programs that may come in, and peers.
fn pollers(change: &Change<'_, '_>, before: &Register) -> Result<Vec<Poller>> {
    let mut all = BTreeSet::new();
    for access in change.txn.accesses()? {
        if access.revoked.is_none() {
            let person = access.person.as_deref().map(str::parse).transpose();
            let person = person.context("the person of a program is damaged")?;
            let participant = access.participant.parse();
            all.insert((participant.context("a program is damaged")?, person, false));
        }
    }
    let known = before.peers().filter(|peer| peer.is_active());
    all.extend(known.map(|peer| (peer.participant.clone(), None, true)));
    let pollers = all.into_iter().map(|(participant, person, peer)| Poller {
        participant,
        person,
        purpose: match peer {
            true => Purpose::Relay,
            false => Purpose::Poll,
        },
    });
    Ok(pollers.collect())
}

struct Poller {
    participant: ObjectId,
    person: Option<ObjectId>,
    purpose: Purpose,
}

impl Poller {
    fn viewer(&self, register: &Register) -> Viewer {
        register.viewer(&self.participant, self.person.as_ref(), true)
    }
}

/// The register was read anew: notes the classes that somebody reaches now who did not before, and how far each collection goes.
pub(crate) fn note(change: &mut Change<'_, '_>, before: &Register) -> Result<()> {
    let mut changed = Vec::new();
    for poller in pollers(change, before)? {
        let (was, is) = (poller.viewer(before), poller.viewer(change.register));
        if was != is {
            changed.push((was, is, poller.purpose));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let gained: Vec<i64> = change
        .txn
        .classes()?
        .into_iter()
        .filter(|(_, class)| {
            changed.iter().any(|(was, is, purpose)| {
                admits(is, class, *purpose) && !admits(was, class, *purpose)
            })
        })
        .map(|(number, _)| number)
        .collect();
    if gained.is_empty() {
        return Ok(());
    }
    let mut reached = BTreeMap::new();
    for collection in change.txn.collections()? {
        reached.insert(collection.id, change.txn.last_added(collection.id)?);
    }
    let reached = serde_json::to_vec(&reached)?;
    for class in gained {
        let due = change.now;
        change
            .txn
            .put_job(GAINED, &class.to_string(), &reached, due)?;
    }
    Ok(())
}

impl Node {
    /// Puts some of what somebody has come to reach at the end of its collection; says whether there may be more. `None` where there is nothing.
    ///
    /// # Errors
    /// Those of the storage.
    pub(crate) fn bring_forward(&self) -> Result<Option<Pending<bool>>> {
        if self.read()?.next_due()?.is_none() {
            return Ok(None);
        }
        Ok(Some(self.change(|change| {
            let mut left = TOGETHER;
            while left > 0 {
                // Due again at once: what is cut short goes on.
                let jobs = change.txn.take_jobs(change.now, change.now, 1)?;
                let Some(job) = jobs.into_iter().find(|job| job.kind == GAINED) else {
                    return Ok(left < TOGETHER);
                };
                left = forward(change, &job, left)?;
                if left > 0 {
                    change.txn.finish_job(job.id)?;
                }
            }
            Ok(true)
        })))
    }
}

/// Brings some of a class forward; how many more there was room for.
fn forward(change: &mut Change<'_, '_>, job: &Job, room: usize) -> Result<usize> {
    let class: i64 = job.name.parse()?;
    let reached: BTreeMap<i64, i64> =
        serde_json::from_slice(&job.payload).context("what is to be brought forward is damaged")?;
    let mut left = room;
    for (collection, up_to) in reached {
        let behind = change.txn.standing_up_to(collection, class, up_to, left)?;
        left -= behind.len().min(left);
        for (recno, added) in behind {
            again(change, collection, (recno, added))?;
        }
    }
    Ok(left)
}

fn again(change: &mut Change<'_, '_>, collection: i64, (recno, added): (i64, i64)) -> Result<()> {
    let held = change.txn.held_record(recno)?;
    let held = held.with_context(|| format!("record {recno} is missing"))?;
    let places = change.txn.places(recno)?;
    let place = places.into_iter().find(|place| {
        place.collection == collection && place.added == added && place.removed.is_none()
    });
    match place {
        Some(place) => place_again(change, &held, &place),
        None => Ok(()),
    }
}
