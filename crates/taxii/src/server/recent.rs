//! Pages that were asked for a moment ago: many readers poll the same page, and nothing has changed since.
//!
//! Invariant: a page is given again only to the very access that it was released to, for the very same question, and only while the
//! node has committed nothing since it began to be read and nothing it holds comes or goes by the clock.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use node::Access;
use policy::Released;
use store::PageQuery;

use super::objects::Place;
use super::reply::Written;

/// How many bytes are remembered.
const BYTES: usize = 2 << 20;
/// A larger page is not: it is read by whoever pulls everything, once.
const LARGEST: usize = 128 << 10;

/// How many questions are told from those that were never asked.
const HEARD: usize = 4096;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    place: Place,
    page: PageQuery,
    /// The filters as they were written, to which the page's own tokens are bound.
    asked: String,
    hash: u64,
}

impl Question {
    pub(super) fn new(place: Place, page: &PageQuery, asked: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        (place, page).hash(&mut hasher);
        Self {
            place,
            page: page.clone(),
            asked: asked.to_owned(),
            hash: hasher.finish(),
        }
    }
}

/// What is known of a question.
pub(super) enum Recall {
    /// Its answer.
    Page(Released<Written>),
    /// That it was asked before: its answer is worth keeping.
    Again,
    /// Nothing. Most questions are asked once, and their answers would only take the place of others.
    Unheard,
}

/// The pages.
#[derive(Default)]
pub(super) struct Recent(Mutex<Pages>);

/// A page, what it answers, and the access that it was released to.
type Given = (Question, Arc<Access>, Released<Written>);

#[derive(Default)]
struct Pages {
    bytes: usize,
    commit: u64,
    known: HashMap<u64, Vec<Given>>,
    /// By their last digits, the questions that were asked last.
    heard: Vec<u64>,
}

impl Recent {
    /// The page that answered this question to this access, if nothing was committed since.
    pub(super) fn recall(&self, access: &Arc<Access>, question: &Question, commit: u64) -> Recall {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.commit == commit
            && let Some(known) = pages.known.get(&question.hash)
            && let Some((.., page)) = known
                .iter()
                .find(|(asked, owner, _)| Arc::ptr_eq(owner, access) && asked == question)
        {
            return Recall::Page(page.clone());
        }
        if pages.heard.is_empty() {
            pages.heard.resize(HEARD, 0);
        }
        let place = usize::try_from(question.hash % HEARD as u64).unwrap_or(0);
        match pages.heard.get_mut(place) {
            Some(heard) if *heard == question.hash => Recall::Again,
            Some(heard) => {
                *heard = question.hash;
                Recall::Unheard
            }
            None => Recall::Unheard,
        }
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
            pages.known.clear();
            (pages.commit, pages.bytes) = (commit, 0);
        }
        pages.bytes += size + 512;
        pages.known.entry(question.hash).or_default().push((
            question,
            Arc::clone(access),
            page.clone(),
        ));
    }
}
