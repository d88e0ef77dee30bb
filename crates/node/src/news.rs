//! What the writing thread tells the rest of the node after each commit.

use std::collections::BTreeSet;
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

/// Spreads the news.
pub(crate) struct Herald {
    pub register: Arc<RwLock<Arc<Register>>>,
    pub news: watch::Sender<News>,
    pub trouble: Arc<RwLock<Option<String>>>,
    pub exchange: Arc<Exchange>,
}

impl Herald {
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
