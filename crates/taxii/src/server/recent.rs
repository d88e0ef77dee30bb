//! Pages that were asked for a moment ago: many readers poll the same page, and nothing has changed since.
//!
//! Invariant: a page is given again only to the very access that it was released to, for the very same question, and only while the
//! node has committed nothing since it began to be read and nothing it holds comes or goes by the clock.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use node::Access;
use policy::Released;

use super::reply::Written;

/// How many bytes are remembered.
const BYTES: usize = 6 << 20;
/// A larger page is not: it is read by whoever pulls everything, once.
const LARGEST: usize = 256 << 10;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    /// Which of the paged resources, of which collection and object.
    pub place: String,
    /// Position, size and filters.
    pub query: String,
}

/// The pages.
#[derive(Default)]
pub(super) struct Recent(Mutex<Pages>);

/// A page, and the access that it was released to.
type Given = (Arc<Access>, Released<Written>);

#[derive(Default)]
struct Pages {
    bytes: usize,
    commit: u64,
    known: HashMap<Question, Vec<Given>>,
}

impl Recent {
    /// The page that answered this question to this access, if nothing was committed since.
    pub(super) fn recall(
        &self,
        access: &Arc<Access>,
        question: &Question,
        commit: u64,
    ) -> Option<Released<Written>> {
        let pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.commit != commit {
            return None;
        }
        let found = pages
            .known
            .get(question)?
            .iter()
            .find(|(owner, _)| Arc::ptr_eq(owner, access));
        found.map(|(_, page)| page.clone())
    }

    /// Remembers a page that began to be read after this commit.
    pub(super) fn keep(
        &self,
        access: &Arc<Access>,
        question: Question,
        commit: u64,
        page: &Released<Written>,
    ) {
        let size = page.as_ref().into_inner().body.len();
        if size > LARGEST {
            return;
        }
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.commit > commit {
            return;
        }
        if pages.commit < commit || pages.bytes + size > BYTES {
            *pages = Pages {
                commit,
                ..Pages::default()
            };
        }
        pages.bytes += size + 512;
        pages
            .known
            .entry(question)
            .or_default()
            .push((Arc::clone(access), page.clone()));
    }
}
