//! Who gains rights finds what lies behind its cursor: a roster that came after what is labeled for its circle, a State's designation, a
//! register of clients.
//!
//! Invariant: whatever a program or a peer reaches only now stands once more behind everything that it may have polled past. It is brought
//! there in portions, whole classes at a time: to whoever had it before it is the same version once more, and nobody else sees that it moved.
//! The clock brings a portion a second; whoever gained it and asks on makes them follow one another, a few for each page that it asks for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result};
use policy::{Purpose, Viewer, admits};
use stix::ObjectId;
use store::Job;

use crate::access::Access;
use crate::again::place_again;
use crate::node::Node;
use crate::pending::Pending;
use crate::register::Register;
use crate::writer::Change;

/// The kind of job that brings a class forward; its name is the class.
const GAINED: &str = "gained";
/// How many positions are put again at a time, so that writers wait for milliseconds only, and what is new comes in between.
const TOGETHER: usize = 400;
/// For how many records of a page, at most, portions follow; twice as many are put again, so that whoever asks on comes to no end before it.
const MOST: usize = 1_000;
/// Under which name the store keeps who gained what is not all brought forward yet.
const BY: &str = "gained.by";

/// Somebody who holds a cursor, as it is kept: the participant, and the person that its program is bound to.
type Gainer = (String, Option<String>);

/// What is known of it while the node runs.
#[derive(Debug)]
pub(crate) struct Gaining {
    /// Whether anybody may be gaining something: read for each page, and nothing else where nobody is.
    maybe: AtomicBool,
    /// Portions that are asked for and not done yet.
    asked: AtomicUsize,
}

impl Default for Gaining {
    fn default() -> Self {
        Self {
            maybe: AtomicBool::new(true),
            asked: AtomicUsize::new(0),
        }
    }
}

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

    fn named(&self) -> Gainer {
        let person = self.person.as_ref().map(ToString::to_string);
        (self.participant.to_string(), person)
    }
}

/// The register was read anew: notes the classes that somebody reaches now who did not before, and how far each collection goes.
pub(crate) fn note(change: &mut Change<'_, '_>, before: &Register) -> Result<()> {
    let mut changed = Vec::new();
    for poller in pollers(change, before)? {
        let (was, is) = (poller.viewer(before), poller.viewer(change.register));
        if was != is {
            changed.push((was, is, poller));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let mut gained = Vec::new();
    let mut by = gainers(change.txn)?;
    for (number, class) in change.txn.classes()? {
        let gains = changed.iter().filter(|(was, is, poller)| {
            admits(is, &class, poller.purpose) && !admits(was, &class, poller.purpose)
        });
        let named: Vec<Gainer> = gains.map(|(_, _, poller)| poller.named()).collect();
        if !named.is_empty() {
            gained.push(number);
        }
        by.extend(named);
    }
    if gained.is_empty() {
        return Ok(());
    }
    change.txn.set_meta(BY, &serde_json::to_vec(&by)?)?;
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

/// Who gained what is not all brought forward yet.
fn gainers(look: &store::Look) -> Result<BTreeSet<Gainer>> {
    match look.meta(BY)? {
        Some(text) => {
            serde_json::from_slice(&text).context("who has come to reach more is damaged")
        }
        None => Ok(BTreeSet::new()),
    }
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
        self.inner.gaining.maybe.store(true, Ordering::Relaxed);
        Ok(Some(self.change(portion)))
    }

    /// Somebody asks for a page of so many records. Where it has come to reach what is still being brought forward, as much follows at once as
    /// it may take meanwhile, and a little more; whether that is so. Nothing is waited for.
    ///
    /// # Errors
    /// Those of the storage.
    pub(crate) fn asks_on(&self, access: &Access, records: usize) -> Result<bool> {
        let gaining = &self.inner.gaining;
        if !gaining.maybe.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let by = gainers(&*self.read()?)?;
        if by.is_empty() {
            gaining.maybe.store(false, Ordering::Relaxed);
            return Ok(false);
        }
        let person = access.person.as_ref().map(ToString::to_string);
        if !by.contains(&(access.participant.to_string(), person)) {
            return Ok(false);
        }
        let portions = 1 + records.min(MOST) * 2 / TOGETHER;
        // One that asks while the last ones are not done yet asks for no more.
        let idle =
            gaining
                .asked
                .compare_exchange(0, portions, Ordering::Relaxed, Ordering::Relaxed);
        if idle.is_ok() {
            for _ in 0..portions {
                let asked = Asked(Arc::clone(gaining));
                drop(self.change(move |change| {
                    let more = portion(change);
                    drop(asked);
                    more
                }));
            }
        }
        Ok(true)
    }
}

/// A portion that was asked for, until it is done or given up.
struct Asked(Arc<Gaining>);

impl Drop for Asked {
    fn drop(&mut self) {
        self.0.asked.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Brings some of what somebody gained forward; whether there may be more.
fn portion(change: &mut Change<'_, '_>) -> Result<bool> {
    let mut left = TOGETHER;
    while left > 0 {
        // Due again at once: what is cut short goes on.
        let jobs = change.txn.take_jobs(change.now, change.now, 1)?;
        let Some(job) = jobs.into_iter().find(|job| job.kind == GAINED) else {
            change.txn.remove_meta(BY)?;
            return Ok(left < TOGETHER);
        };
        left = forward(change, &job, left)?;
        if left > 0 {
            change.txn.finish_job(job.id)?;
        }
    }
    Ok(true)
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
