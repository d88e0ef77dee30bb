//! Records by name, written out as they are found: manifests and lists of versions. Invariant: each of them passes
//! `Reach::release` on its way to whoever writes.

use policy::{Purpose, Released, Viewer};
use stix::Timestamp;

use crate::error::Result;
use crate::query::PageQuery;
use crate::read::Reader;
use crate::records::Spec;

/// A record by name, as it lies in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// Its place.
    pub added: i64,
    /// The object's id.
    pub id: &'a str,
    /// `modified` or `created` as written.
    pub version: &'a str,
    /// Which specification it follows.
    pub spec: Spec,
}

/// What becomes of records that are listed.
pub trait List {
    /// Takes the next.
    fn add(&mut self, named: Named<'_>);
}

/// What was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<L> {
    /// By whoever wrote.
    pub list: L,
    /// How many there are.
    pub rows: usize,
    /// The places of the first and the last; `None` when there are none.
    pub ends: Option<(i64, i64)>,
    /// Whether the same question has a further row for this viewer.
    pub more: bool,
}

impl Reader<'_> {
    /// What [`Reader::manifest`] gives, row by row into `list`.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn list<L: List>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &PageQuery,
        list: L,
    ) -> Result<Released<Listed<L>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let mut slots = self.slots(&asking, query)?;
        let more = slots.len() > query.limit;
        slots.truncate(query.limit);
        // Of nothing, the empty list tells nothing; what joins it is released.
        let nothing: Released<Vec<()>> = std::iter::empty().collect();
        let mut listed = nothing.map(|_| Listed {
            list,
            rows: 0,
            ends: None,
            more,
        });
        let all = listed.as_mut();
        let _ = self.named(&slots, all, |before, slot, named| {
            match asking.release(slot.class, slot.times(), named) {
                Some(named) => before.zip(named).map(|(listed, named)| {
                    listed.add(named);
                    listed
                }),
                None => before,
            }
        })?;
        Ok(listed)
    }
}

impl<L: List> Listed<L> {
    fn add(&mut self, named: Named<'_>) {
        self.list.add(named);
        self.rows += 1;
        self.ends = Some((
            self.ends.map_or(named.added, |(first, _)| first),
            named.added,
        ));
    }
}
