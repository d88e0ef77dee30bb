//! What a node does by itself while it serves: index for search, write the ledger, end embargoes, carry out what is cleared, bring forward
//! what somebody has come to reach, issue checkpoints, keep its files in order.
//!
//! Invariant: nothing here is needed for a record to be safe or for a reader to be right; a job that fails is tried again.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::again::place_again;
use crate::clock::{DAY, HOUR, Micros, SECOND};
use crate::node::{HEAD, Node};
use crate::pending::Pending;
use anyhow::{Context, Result};

/// How often there is a look at what is due: search follows a commit within this time and the time of indexing itself.
const BEAT: Duration = Duration::from_millis(300);
/// How long is waited where something failed: a full disk is not written about three times a second.
const AFTER_TROUBLE: Duration = Duration::from_secs(5);
/// How many records are indexed at a time, so that writers wait for milliseconds only.
const INDEXED_TOGETHER: usize = 1_000;
/// The size of the write-ahead file at which it is emptied into the database.
const WAL: u64 = 24 << 20;
/// How long a status is kept.
const STATUS: Micros = 2 * DAY;

/// The jobs of a node while they run; they end when this is dropped.
#[derive(Debug)]
pub struct Jobs {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Jobs {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// When each of the slower jobs is due next.
#[derive(Debug, Default)]
struct Due {
    ledger: Micros,
    checkpoint: Micros,
    minute: Micros,
    hour: Micros,
    day: Micros,
    /// Whether lines of the ledger are left to be settled: a portion with each beat, so that nothing else waits for all of them.
    unsettled: bool,
}

/// Whether a job's time has come; then it comes again after `every`. A time that lies further ahead is one of a clock that was set back
/// since: it has come, too.
fn has_come(next: &mut Micros, now: Micros, every: Micros) -> bool {
    let come = now >= *next || next.saturating_sub(now) > every;
    if come {
        *next = now.saturating_add(every);
    }
    come
}

impl Node {
    /// Starts the jobs.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start_jobs(&self) -> Result<Jobs> {
        let (stop, stopped) = channel::<()>();
        let node = self.clone();
        let work = move || {
            let (mut due, mut wait) = (Due::default(), BEAT);
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let outcome = node.beat(&mut due);
                node.inner
                    .pulse
                    .ended(node.now(), outcome.as_ref().copied());
                wait = match outcome {
                    Ok(()) => BEAT,
                    Err(error) => {
                        tracing::warn!(error = format!("{error:#}"), "job.failed");
                        AFTER_TROUBLE
                    }
                };
            }
            node.inner.pulse.stop();
        };
        let thread = std::thread::Builder::new()
            .name("jobs".to_owned())
            .spawn(work)
            .context("could not start the jobs")?;
        Ok(Jobs {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Everything that is due. What fails keeps nothing else from being done; the first reason is what is told.
    fn beat(&self, due: &mut Due) -> Result<()> {
        let now = self.now();
        let rounds = [
            ("holding", self.inner.store.hold().map_err(Into::into)),
            ("indexing", self.index()),
            ("what comes each second", self.each_second(due, now)),
            ("checkpoints", self.each_interval(due, now)),
            ("what comes each minute", self.each_minute(due, now)),
            ("what comes each hour", self.each_hour(due, now)),
            ("what comes each day", self.each_day(due, now)),
        ];
        for (name, round) in rounds {
            round.context(name)?;
        }
        if self.inner.store.wal_bytes() > WAL {
            self.inner.store.checkpoint()?;
        }
        Ok(())
    }

    fn each_second(&self, due: &mut Due, now: Micros) -> Result<()> {
        if !has_come(&mut due.ledger, now, SECOND) {
            return Ok(());
        }
        if let Some(written) = self.write_ledger() {
            written.wait()?;
        }
        while self.end_embargoes()?.wait()? {
            self.inner.pulse.beat(self.now());
        }
        while self.carry_out().wait()? {
            self.inner.pulse.beat(self.now());
        }
        while let Some(portion) = self.follow_declarations()? {
            portion.wait()?;
            self.inner.pulse.beat(self.now());
        }
        if let Some(portion) = self.bring_forward()? {
            portion.wait()?;
            self.inner.pulse.beat(self.now());
        }
        Ok(())
    }

    fn each_interval(&self, due: &mut Due, now: Micros) -> Result<()> {
        self.inner.pulse.beat(self.now());
        let interval = i64::try_from(self.config().checkpoint_seconds)
            .unwrap_or(60)
            .max(1);
        if !has_come(&mut due.checkpoint, now, interval.saturating_mul(SECOND)) {
            return Ok(());
        }
        self.issue_checkpoint().wait()
    }

    fn each_minute(&self, due: &mut Due, now: Micros) -> Result<()> {
        if !has_come(&mut due.minute, now, 60 * SECOND) {
            return Ok(());
        }
        let kept = self.keep_time();
        self.change(move |change| Ok(change.txn.drop_statuses(now.saturating_sub(STATUS))?))
            .wait()?;
        kept.wait()
    }

    fn each_hour(&self, due: &mut Due, now: Micros) -> Result<()> {
        // Not at once: who sets up a node does many things in its first minutes. Nor late: one that is often started again is marked, too.
        if due.hour == 0 {
            due.hour = now.saturating_add(HOUR / 6);
            return Ok(());
        }
        if has_come(&mut due.hour, now, HOUR) {
            due.unsettled = self.mark_trail().wait()?;
        } else if due.unsettled && !self.settle_ledger().wait()? {
            // What took many beats is in the log as soon as it is settled.
            due.unsettled = self.mark_trail().wait()?;
        }
        Ok(())
    }

    fn each_day(&self, due: &mut Due, now: Micros) -> Result<()> {
        if !has_come(&mut due.day, now, DAY) {
            return Ok(());
        }
        self.forget_past_sign_ins(now).wait()?;
        Ok(())
    }

    /// Indexes what waits for it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn index(&self) -> Result<()> {
        loop {
            self.inner.pulse.beat(self.now());
            if !self.inner.store.index_pending(INDEXED_TOGETHER)?.more {
                return Ok(());
            }
        }
    }

    /// Makes the present head a checkpoint that peers see.
    pub fn issue_checkpoint(&self) -> Pending<()> {
        let origin = self.inner.origin.as_str().to_owned();
        self.change(move |change| {
            let Some(note) = change.txn.meta(HEAD)? else {
                return Ok(());
            };
            // The head of the commit before this one: others may have grown the log in this one already.
            let size = tlog::Checkpoint::parse(tlog::Note::parse(&note)?.text())?.size();
            if change
                .txn
                .last_checkpoint(&origin)?
                .is_some_and(|last| last.size == size)
            {
                return Ok(());
            }
            Ok(change.txn.put_checkpoint(&store::Checkpoint {
                origin,
                size,
                note,
                at: change.now,
            })?)
        })
    }

    /// Gives records whose embargo is over a new position, so that whoever polls finds them; says whether there may be more.
    pub(crate) fn end_embargoes(&self) -> Result<Pending<bool>> {
        const DONE: &str = "node.embargoes";
        const TOGETHER: usize = 200;
        Ok(self.change(|change| {
            let done: (i64, i64) = match change.txn.meta(DONE)? {
                Some(text) => serde_json::from_slice(&text)?,
                None => (0, -1),
            };
            let over = change.txn.embargo_over(done, change.now, TOGETHER)?;
            let Some(last) = over.last() else {
                return Ok(false);
            };
            for (ends, recno) in &over {
                let held = change
                    .txn
                    .held_record(*recno)?
                    .context("a record is missing")?;
                // A record that came by several paths has places with embargoes of their own: each ends by itself.
                let places = change.txn.places(*recno)?;
                for place in places
                    .into_iter()
                    .filter(|place| place.removed.is_none() && place.embargo == Some(*ends))
                {
                    place_again(change, &held, &place)?;
                }
            }
            change.txn.set_meta(DONE, &serde_json::to_vec(last)?)?;
            Ok(over.len() == TOGETHER)
        }))
    }
}

#[cfg(test)]
mod tests;
