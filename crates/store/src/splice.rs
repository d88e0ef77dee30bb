//! A page as one text: contents one after another, as they lie in the database, copied once. Invariant: each of them passes
//! `Reach::release` on its way into the text.

use std::ops::ControlFlow;

use policy::{Purpose, Released, Viewer};
use stix::Timestamp;

use crate::error::Result;
use crate::query::{Page, PageQuery, Record};
use crate::read::Reader;
use crate::sql::records;

/// How much room is made for a record before its size is known.
const USUAL: usize = 512;

/// The contents of a page as one text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spliced {
    /// What was to come before them, then the contents with commas between them.
    pub text: Vec<u8>,
    /// How many there are.
    pub rows: usize,
    /// The places of the first and the last; `None` when there are none.
    pub ends: Option<(i64, i64)>,
    /// Whether the same question has a further row for this viewer.
    pub more: bool,
}

impl Reader<'_> {
    /// What [`Reader::page`] gives, as one text that begins with `open`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn splice(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &PageQuery,
        open: &[u8],
    ) -> Result<Released<Spliced>> {
        let asking = self.asking(viewer, purpose, at)?;
        let mut slots = self.slots(&asking, query)?;
        let more = slots.len() > query.limit;
        slots.truncate(query.limit);
        let mut text = Vec::with_capacity(open.len() + (slots.len() * USUAL).min(query.bytes));
        text.extend_from_slice(open);
        // Of nothing, the empty text tells nothing; what joins it is released.
        let nothing: Released<Vec<()>> = std::iter::empty().collect();
        let mut spliced = nothing.map(|_| Spliced {
            text,
            rows: 0,
            ends: None,
            more,
        });
        let most = open.len().saturating_add(query.bytes);
        let all = spliced.as_mut();
        let of = (records::CONTENT, records::CONTENTS);
        let _ = self.fold(&slots, of, all, |before, slot, row| {
            let content = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
            if before.as_ref().into_inner().text.len() >= most {
                return Ok(ControlFlow::Break(before.map(|spliced| {
                    spliced.more = true;
                    spliced
                })));
            }
            Ok(ControlFlow::Continue(
                match asking.release(slot.class, slot.times(), content) {
                    Some(content) => before.zip(content).map(|(spliced, content)| {
                        spliced.add(content, slot.added);
                        spliced
                    }),
                    None => before,
                },
            ))
        })?;
        Ok(spliced)
    }
}

impl Spliced {
    /// The contents of rows that were read one by one, after `open`.
    #[must_use]
    pub fn of(page: &Page<Record>, open: &[u8]) -> Self {
        let size: usize = page.rows.iter().map(|row| row.body.len() + 1).sum();
        let mut text = Vec::with_capacity(open.len() + size + 2);
        text.extend_from_slice(open);
        let mut spliced = Self {
            text,
            rows: 0,
            ends: None,
            more: page.more,
        };
        let rows = page.rows.iter();
        rows.for_each(|row| spliced.add(&row.body, row.added));
        spliced
    }

    fn add(&mut self, content: &[u8], added: i64) {
        if self.rows > 0 {
            self.text.push(b',');
        }
        self.text.extend_from_slice(content);
        self.rows += 1;
        self.ends = Some((self.ends.map_or(added, |(first, _)| first), added));
    }
}
