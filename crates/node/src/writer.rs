//! The one thread that writes. Changes queue here, share a commit, and are answered after it is on disk.
//!
//! Invariant: a caller hears of success only when its change is durable; a change that fails leaves no trace and does not
//! hold up its neighbors in the same commit.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};
use store::{Store, WriteTxn};
use tokio::sync::oneshot;

use crate::chance::Random;
use crate::clock::{Clock, Micros};
use crate::log::Log;

/// How many changes share a commit at most.
const TOGETHER: usize = 256;

/// What a change works with: the open transaction, the log, the time and chance.
pub(crate) struct Change<'a, 't> {
    /// The transaction that all changes of this commit share.
    pub txn: &'a mut WriteTxn<'t>,
    /// The tree that grows with it.
    pub log: &'a mut Log,
    /// The time of this commit.
    pub now: Micros,
    /// Chance.
    pub chance: &'a mut dyn Random,
    /// The classes in which something became visible or ceased to be.
    pub touched: &'a mut BTreeSet<i64>,
}

type Run = Box<dyn FnOnce(&mut Change<'_, '_>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Option<&anyhow::Error>) + Send>;

/// What the writer tells the rest of the node after each commit.
pub(crate) trait Announce: Send {
    /// These classes were touched, at this time.
    fn announce(&self, classes: &BTreeSet<i64>, at: Micros);
    /// The storage refused a commit, or took one again.
    fn storage(&self, trouble: Option<String>);
}

/// The way to the writing thread.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: Sender<Option<Run>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What the writing thread owns.
pub(crate) struct Parts {
    pub store: Store,
    pub log: Log,
    pub clock: Arc<dyn Clock>,
    pub chance: Box<dyn Random>,
    pub announce: Box<dyn Announce>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(parts: Parts) -> Result<Self> {
        let (queue, inbox) = channel();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || parts.serve(&inbox))
            .context("could not start the writing thread")?;
        Ok(Self { queue, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Makes a change in the next commit; the answer comes when that is on disk.
    pub(crate) fn change<T: Send + 'static>(
        &self,
        make: impl FnOnce(&mut Change<'_, '_>) -> Result<T> + Send + 'static,
    ) -> oneshot::Receiver<Result<T>> {
        let (reply, answer) = oneshot::channel();
        let run: Run = Box::new(move |change| {
            let made = make(change);
            // Nobody may be waiting any more; the change stands all the same.
            Box::new(move |trouble| {
                let _ = reply.send(match trouble {
                    None => made,
                    Some(error) => Err(anyhow!("{error:#}")),
                });
            })
        });
        // If the thread is gone the receiver says so.
        let _ = self.queue.send(Some(run));
        answer
    }

    /// Lets what is queued finish, and ends the thread.
    pub(crate) fn stop(&self) {
        let _ = self.queue.send(None);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}
