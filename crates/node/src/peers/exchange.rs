//! The rounds of all peers: each peer has a task of its own, so that none waits for another; it runs when the peer pokes, when something is
//! there for it to be given, and otherwise at its next try.
//!
//! Invariant: a peer that does not answer is tried less and less often, and in the end once an hour, for as long as it is a peer.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use policy::{Class, Clause, Purpose};
use stix::ObjectId;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::Known;
use super::wire::{Shelf, Wire};
use crate::chance::Random;
use crate::clock::{HOUR, Micros, SECOND};
use crate::node::Node;

/// For how long a peer's list of collections is relied on.
const SHELVES: Micros = 600 * SECOND;
/// The longest pause between two tries.
const LONGEST: Micros = HOUR;

/// What the node remembers of its exchanges while it runs.
#[derive(Default)]
pub(crate) struct Exchange {
    /// Classes that were touched since the last look.
    fresh: Mutex<BTreeSet<i64>>,
    changed: Notify,
    peers: Mutex<HashMap<ObjectId, Arc<Bell>>>,
}

/// One peer's bells.
#[derive(Default)]
struct Bell {
    /// It is to be called.
    call: Notify,
    /// It is to be poked.
    poke: Notify,
    turn: Arc<tokio::sync::Mutex<()>>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    contact: Option<Micros>,
    shelves: Option<(Micros, Vec<Shelf>)>,
    head_at: Option<Micros>,
    running: bool,
    /// Requests to withdraw up to this number are delivered.
    delivered: i64,
}

impl Exchange {
    fn bell(&self, peer: &ObjectId) -> Arc<Bell> {
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(peers.entry(peer.clone()).or_default())
    }

    /// One round with a peer at a time.
    pub(crate) fn turn(&self, peer: &ObjectId) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.bell(peer).turn)
    }

    /// A commit touched these classes.
    pub(crate) fn touched(&self, classes: &BTreeSet<i64>) {
        self.fresh
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(classes);
        self.changed.notify_one();
    }

    fn take_fresh(&self) -> BTreeSet<i64> {
        std::mem::take(&mut *self.fresh.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The next round with a peer begins at once.
    pub(crate) fn call_again(&self, peer: &ObjectId) {
        self.bell(peer).call.notify_one();
    }

    /// A peer answered, or called.
    pub(crate) fn heard(&self, peer: &ObjectId, at: Option<Micros>) {
        if let Some(at) = at {
            self.bell(peer).kept().contact = Some(at);
        }
    }

    /// When a peer last answered or called, since this process started.
    pub(crate) fn last_heard(&self, peer: &ObjectId) -> Option<Micros> {
        self.bell(peer).kept().contact
    }

    pub(crate) fn shelves(&self, peer: &ObjectId, now: Micros) -> Option<Vec<Shelf>> {
        let bell = self.bell(peer);
        let kept = bell.kept();
        let (at, shelves) = kept.shelves.as_ref()?;
        (0..SHELVES)
            .contains(&now.saturating_sub(*at))
            .then(|| shelves.clone())
    }

    pub(crate) fn keep_shelves(&self, peer: &ObjectId, now: Micros, shelves: Vec<Shelf>) {
        self.bell(peer).kept().shelves = Some((now, shelves));
    }

    pub(crate) fn forget_shelves(&self, peer: &ObjectId) {
        self.bell(peer).kept().shelves = None;
    }

    /// Up to which number all requests to withdraw that are for a peer are delivered, as far as this process knows.
    pub(crate) fn delivered(&self, peer: &ObjectId) -> i64 {
        self.bell(peer).kept().delivered
    }

    pub(crate) fn keep_delivered(&self, peer: &ObjectId, number: i64) {
        self.bell(peer).kept().delivered = number;
    }

    /// Whether heads are due to be exchanged again; then they count as exchanged now.
    pub(crate) fn heads_due(&self, peer: &ObjectId, now: Micros, every: Micros) -> bool {
        let bell = self.bell(peer);
        let mut kept = bell.kept();
        let due = kept
            .head_at
            .is_none_or(|at| !(0..every).contains(&now.saturating_sub(at)));
        if due {
            kept.head_at = Some(now);
        }
        due
    }
}

impl Node {
    /// The next round with a peer compares the heads of the logs, however short ago that was: somebody asks for it.
    pub fn compare_heads_next(&self, peer: &ObjectId) {
        self.inner.exchange.bell(peer).kept().head_at = None;
    }
}

impl Bell {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When to try again after so many failures: twice as late each time up to an hour, give or take a quarter, so that nodes that failed
/// together do not come back together.
pub(crate) fn backoff(now: Micros, poll: u64, failures: i64, chance: &mut dyn Random) -> Micros {
    let poll = i64::try_from(poll)
        .unwrap_or(30)
        .max(1)
        .saturating_mul(SECOND);
    let doublings = u32::try_from(failures.clamp(0, 20)).unwrap_or(20);
    let pause = poll
        .saturating_mul(1_i64 << doublings)
        .min(LONGEST.max(poll));
    if failures == 0 {
        return now.saturating_add(pause);
    }
    let quarter = pause / 4;
    let spread = u64::try_from(quarter.saturating_mul(2)).unwrap_or(1).max(1);
    let jitter = i64::try_from(chance.below(spread)).unwrap_or(0);
    now.saturating_add(pause - quarter + jitter)
}

/// The exchange while it runs; it ends when this is dropped.
#[derive(Debug)]
pub struct Exchanging {
    task: JoinHandle<()>,
}

impl Drop for Exchanging {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Node {
    /// Exchanges with all confirmed peers from now on. To be called within a tokio runtime.
    pub fn start_exchange(&self, wire: Arc<dyn Wire>) -> Exchanging {
        let node = self.clone();
        Exchanging {
            task: tokio::spawn(async move { node.supervise(wire).await }),
        }
    }

    /// A peer says "look": it is called at once.
    pub fn poked(&self, peer: &ObjectId) {
        self.inner.exchange.heard(peer, Some(self.now()));
        self.inner.exchange.bell(peer).call.notify_one();
    }

    async fn supervise(&self, wire: Arc<dyn Wire>) {
        let mut tasks = tokio::task::JoinSet::new();
        let exchange = &self.inner.exchange;
        let mut news = self.news();
        loop {
            for known in self.register().peers() {
                let bell = exchange.bell(&known.participant);
                if !known.is_active() {
                    // Its task, if there is one, sees that it is over.
                    bell.call.notify_one();
                } else if !std::mem::replace(&mut bell.kept().running, true) {
                    tasks.spawn(self.clone().attend(
                        Arc::clone(&wire),
                        known.participant.clone(),
                        Arc::clone(&bell),
                    ));
                }
            }
            while tasks.try_join_next().is_some() {}
            tokio::select! {
                () = exchange.changed.notified() => {
                    if let Err(error) = self.ring() {
                        tracing::warn!(error = format!("{error:#}"), "exchange.failed");
                    }
                }
                changed = news.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Rings for every peer that reaches one of the classes that were touched, and for no other.
    fn ring(&self) -> Result<()> {
        let exchange = &self.inner.exchange;
        let fresh = exchange.take_fresh();
        if fresh.is_empty() {
            return Ok(());
        }
        let reader = self.read()?;
        let mut classes = Vec::with_capacity(fresh.len());
        for number in fresh {
            classes.extend(reader.class(number)?);
        }
        drop(reader);
        let register = self.register();
        let gives = self.calls_out_only()?;
        for known in register.peers().filter(|known| known.is_active()) {
            let viewer = register.viewer(&known.participant, None, true);
            // What it wrote itself it has.
            let reached = |class: &Class| {
                let its_own =
                    |clause: &Clause| clause.origin.author.as_ref() == Some(&known.participant);
                !class.clauses().all(its_own) && policy::admits(&viewer, class, Purpose::Relay)
            };
            if known.addresses.is_empty() || !classes.iter().any(reached) {
                continue;
            }
            let bell = exchange.bell(&known.participant);
            match gives {
                true => bell.call.notify_one(),
                false => bell.poke.notify_one(),
            }
        }
        Ok(())
    }

    /// Everything that is done for one peer, until it is none any more.
    async fn attend(self, wire: Arc<dyn Wire>, peer: ObjectId, bell: Arc<Bell>) {
        tokio::select! {
            () = self.calls(wire.as_ref(), &peer, &bell) => {}
            () = self.pokes(wire.as_ref(), &peer, &bell) => {}
        }
        bell.kept().running = false;
    }

    async fn calls(&self, wire: &dyn Wire, peer: &ObjectId, bell: &Bell) {
        while let Some(known) = self.active_peer(peer) {
            if !known.addresses.is_empty()
                && let Err(error) = self.sync(wire, peer).await
            {
                // Who talks to whom is for the list of peers, not for the log.
                tracing::debug!(error = format!("{error:#}"), "sync.failed");
            }
            let pause = self.pause(peer);
            tokio::select! {
                () = bell.call.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn active_peer(&self, peer: &ObjectId) -> Option<Known> {
        let register = self.register();
        register
            .peer(peer)
            .filter(|known| known.is_active())
            .cloned()
    }

    /// How long until the next try.
    fn pause(&self, peer: &ObjectId) -> Duration {
        let poll = i64::try_from(self.config().poll_seconds)
            .unwrap_or(30)
            .max(1);
        let row = self
            .read()
            .ok()
            .and_then(|reader| reader.peer(peer.as_str()).ok().flatten());
        let wait = match row {
            Some(row) if row.failures > 0 => row.next_try.saturating_sub(self.now()),
            _ => poll.saturating_mul(SECOND),
        };
        Duration::from_micros(u64::try_from(wait.clamp(SECOND, LONGEST)).unwrap_or(1))
    }

    async fn pokes(&self, wire: &dyn Wire, peer: &ObjectId, bell: &Bell) {
        loop {
            bell.poke.notified().await;
            let Some(known) = self.active_peer(peer) else {
                return;
            };
            if self.poke_once(wire, &known).await.is_err() {
                // It was no loss: it polls by itself.
                continue;
            }
        }
    }

    async fn poke_once(&self, wire: &dyn Wire, known: &Known) -> Result<()> {
        let mut went = Ok(());
        for address in &known.addresses {
            went = match self.destination(known, address) {
                Ok(to) => wire.poke(&to).await,
                Err(error) => Err(error),
            };
            if went.is_ok() {
                break;
            }
        }
        went
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SeededRandom;

    #[test]
    fn pauses_double_up_to_an_hour_and_stay_there() {
        let mut chance = SeededRandom::new(3);
        assert_eq!(backoff(0, 30, 0, &mut chance), 30 * SECOND);
        for (failures, pause) in [
            (1, 60),
            (2, 120),
            (5, 960),
            (6, 1_920),
            (7, 3_600),
            (8, 3_600),
            (1_000_000, 3_600),
        ] {
            for _ in 0..100 {
                let wait = backoff(0, 30, failures, &mut chance);
                let quarter = pause * SECOND / 4;
                assert!(
                    (pause * SECOND - quarter..pause * SECOND + quarter).contains(&wait),
                    "{failures}: {wait}"
                );
            }
        }
    }
}
