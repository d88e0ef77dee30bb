//! Full-text search, in French and English alike. Invariant: an entry is found only within its record's class; an erased record
//! leaves no words behind. Nothing is ranked: a rank would weigh in how often words occur in records that the viewer may not see.

use std::sync::LazyLock;

use policy::{Purpose, Released, Viewer};
use stix::{Limits, Timestamp};

use crate::dialect::{SQLITE, search_text, speak};
use crate::error::Result;
use crate::look::Look;
use crate::query::{Page, Record};
use crate::read::Reader;
use crate::records::Kept;
use crate::sql::findings;
use crate::store::Store;
use crate::words::Words;
use crate::write::WriteTxn;

/// What was let in is read whatever the limits are now, and however a node has set them.
const WHATEVER_WAS_TAKEN: Limits = Limits {
    object: Limits::MAX_OBJECT,
    depth: Limits::MAX_DEPTH,
    references: usize::MAX,
    objects: 1,
};

/// The number of the next record to be indexed.
const SEARCHED: &str = "store.searched";

/// Beyond so many classes a question does not name them; what it finds is still released one by one.
const CLASSES_NAMED: usize = 256;

static SEARCH: LazyLock<String> = LazyLock::new(|| speak(SQLITE, findings::SEARCH));
static PURGE_SEARCH: LazyLock<String> = LazyLock::new(|| speak(SQLITE, findings::PURGE_SEARCH));

/// What one call of the indexing job did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// So many records were indexed.
    pub records: usize,
    /// Whether there are more.
    pub more: bool,
}

impl Store {
    /// Indexes records that came or changed their label since the last call, up to `limit`. Texts are taken apart before the
    /// writer is needed.
    ///
    /// # Errors
    /// Those of the engine, and of the disk; then nothing was indexed.
    pub fn index_pending(&self, limit: usize) -> Result<Indexed> {
        let (next, again, kept) = {
            let reader = self.read()?;
            let next = reader.number(SEARCHED)?.unwrap_or(0);
            let bound = i64::try_from(limit).unwrap_or(i64::MAX);
            let again: Vec<i64> = reader
                .db()
                .all(findings::SEARCHED_AGAIN, [bound], |row| row.get(0))?;
            let mut kept = reader.kept_from(next, limit)?;
            for recno in &again {
                if *recno < next {
                    kept.extend(
                        reader
                            .kept_from(*recno, 1)?
                            .into_iter()
                            .filter(|kept| kept.held.recno == *recno),
                    );
                }
            }
            (next, again, kept)
        };
        if kept.is_empty() && again.is_empty() {
            return Ok(Indexed {
                records: 0,
                more: false,
            });
        }
        let words = Words::new();
        let entries: Vec<(i64, String)> = kept
            .iter()
            .filter_map(|kept| Some((kept.held.recno, text_of(&words, kept)?)))
            .collect();
        let last = kept
            .iter()
            .map(|kept| kept.held.recno + 1)
            .filter(|last| *last > next)
            .max();
        self.write(|txn| {
            for recno in &again {
                txn.drop_search(*recno)?;
            }
            for (recno, text) in &entries {
                // As it is now: it may have been erased or relabeled meanwhile.
                let held = txn.held_record(*recno)?.filter(|held| !held.erased);
                if let Some(held) = held {
                    txn.db()
                        .run(findings::ADD_SEARCH, (*recno, text, class_word(held.class)))?;
                }
            }
            match last {
                Some(last) => txn.set_meta(SEARCHED, last.to_string().as_bytes()),
                None => Ok(()),
            }
        })?;
        Ok(Indexed {
            records: entries.len(),
            more: kept.len() >= limit || again.len() >= limit,
        })
    }
}

fn text_of(words: &Words, kept: &Kept) -> Option<String> {
    let (_, body) = kept.content.as_ref()?;
    let object = stix::check(body, &WHATEVER_WAS_TAKEN).ok()?;
    let mut text = String::new();
    for word in stix::texts(object.view()) {
        for form in words.of(&word.text).into_iter().flatten() {
            text.push_str(&form);
            text.push(' ');
        }
    }
    Some(text)
}

fn class_word(class: i64) -> String {
    format!("class{class}")
}

impl Look {
    /// How many records still wait to be indexed.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn search_behind(&self) -> Result<i64> {
        Ok(self.records()? - self.number(SEARCHED)?.unwrap_or(0))
    }
}

impl WriteTxn<'_> {
    /// Marks a record to be indexed anew, if it was indexed at all.
    pub(crate) fn search_again(&mut self, recno: i64) -> Result<()> {
        self.db().run(findings::SEARCH_AGAIN, [recno])?;
        Ok(())
    }

    fn drop_search(&mut self, recno: i64) -> Result<()> {
        self.db().run(findings::DROP_SEARCH, [recno])?;
        self.db().run(findings::DROP_SEARCH_AGAIN, [recno])?;
        Ok(())
    }

    /// Removes an entry, and its words from the index's pages. Takes as long as the index is large.
    pub(crate) fn erase_search(&mut self, recno: i64) -> Result<()> {
        self.drop_search(recno)?;
        self.db().run(&PURGE_SEARCH, [])?;
        Ok(())
    }
}

impl Reader<'_> {
    /// The newest visible versions of objects whose texts have all words of `question`, the last accepted first; only before the
    /// record number `before`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn search(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        question: &str,
        (before, limit): (i64, usize),
    ) -> Result<Released<Page<Record>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let enough = limit.saturating_add(1);
        let groups = Words::new().of(question);
        let classes: Vec<String> = asking.reach.classes().map(class_word).collect();
        let mut released = Vec::new();
        let mut before = before;
        if !groups.is_empty() && !classes.is_empty() {
            let named = (classes.len() <= CLASSES_NAMED).then_some(classes.as_slice());
            let text = search_text(&groups, named);
            loop {
                let bound = i64::try_from(enough).unwrap_or(i64::MAX);
                let found: Vec<i64> = self
                    .db()
                    .all(&SEARCH, (&text, before, bound), |row| row.get(0))?;
                before = found.last().copied().unwrap_or(0);
                for recno in &found {
                    if released.len() < enough && self.is_newest(&asking, *recno)? {
                        released.extend(self.record_for(&asking, *recno)?);
                    }
                }
                if found.len() < enough || released.len() >= enough {
                    break;
                }
            }
        }
        let rows: Released<Vec<Record>> = released.into_iter().collect();
        Ok(rows.map(|mut rows| {
            let more = rows.len() > limit;
            rows.truncate(limit);
            Page { rows, more }
        }))
    }
}
