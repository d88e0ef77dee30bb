//! What the writing thread tells the rest of the node after each commit.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::clock::Micros;
use crate::peers::Exchange;
use crate::register::Register;

/// The last commit that anybody may want to know about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// Grows with each commit.
    pub commit: u64,
    /// When it was made.
    pub at: Micros,
    /// The classes in which something appeared or went.
    pub classes: Arc<BTreeSet<i64>>,
}

/// How many commits there were, and whether anything that is visible ceases to be by the clock.
pub(crate) struct Pace {
    commits: AtomicU64,
    timed: AtomicBool,
}

impl Pace {
    pub(crate) fn new(timed: bool) -> Self {
        Self {
            commits: AtomicU64::new(1),
            timed: AtomicBool::new(timed),
        }
    }

    /// Said before a commit is visible and again after it, so that what was read in between is not taken for what is read later.
    pub(crate) fn turn(&self, timed: bool) {
        self.timed.store(timed, Ordering::Release);
        self.commits.fetch_add(1, Ordering::AcqRel);
    }

    /// How far it is. What is read after this was asked shows every commit whose last turn is not beyond it.
    pub(crate) fn reached(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// See [`crate::Node::settled`].
    pub(crate) fn settled(&self) -> Option<u64> {
        let commit = self.commits.load(Ordering::Acquire);
        (!self.timed.load(Ordering::Acquire)).then_some(commit)
    }
}

/// Spreads the news.
pub(crate) struct Herald {
    pub pace: Arc<Pace>,
    pub register: Arc<RwLock<Arc<Register>>>,
    pub news: watch::Sender<News>,
    pub trouble: Arc<RwLock<Option<String>>>,
    pub exchange: Arc<Exchange>,
}

impl Herald {
    /// A commit is about to become visible, or to fail: what it would make true of time counts already, what it would end does not.
    pub(crate) fn committing(&self, timed: bool) {
        let before = self.pace.timed.load(Ordering::Acquire);
        self.pace.turn(before || timed);
    }

    /// A commit is on disk.
    pub(crate) fn committed(
        &self,
        classes: BTreeSet<i64>,
        at: Micros,
        register: Option<&Register>,
    ) {
        if let Some(register) = register {
            *self
                .register
                .write()
                .unwrap_or_else(PoisonError::into_inner) = Arc::new(register.clone());
        }
        if !classes.is_empty() {
            self.exchange.touched(&classes);
        }
        if !classes.is_empty() || register.is_some() {
            self.news.send_modify(|news| {
                *news = News {
                    commit: news.commit.wrapping_add(1),
                    at,
                    classes: Arc::new(classes),
                };
            });
        }
    }

    /// The storage refused a commit, or took one again.
    pub(crate) fn storage(&self, trouble: Option<String>) {
        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}
