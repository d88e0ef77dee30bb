//! Which of several contents of one version somebody is given: between nodes a version has one.
//!
//! An operator's files may hold a version of another's in several contents, and each is kept (ADR 13). Invariant: whoever may have any of them
//! is given exactly one, the first of those that it may have, under that one's label; nothing is given here that a page would not give.

use anyhow::Result;
use policy::Purpose;
use store::{Held, PageQuery, Place, Reader, Record, Versions};

use super::Asked;
use super::said::label_at;
use crate::again::keys_before;

/// A content, and a place where whoever asks is let in.
pub(super) struct Given {
    pub held: Held,
    pub place: Place,
}

impl Given {
    /// It, as it is read there.
    pub(super) fn read(&self, reader: &Reader<'_>, asked: &Asked<'_>) -> Result<Option<Record>> {
        let query = PageQuery {
            after: self.place.added.saturating_sub(1),
            ids: vec![self.held.id.clone()],
            versions: Versions::all(),
            ..PageQuery::of(self.place.collection, 1)
        };
        let page = reader.page(asked.viewer, Purpose::Relay, &asked.at, &query)?;
        let mut rows = page.into_inner().rows.into_iter();
        Ok(rows.find(|row| row.recno == self.held.recno))
    }
}

/// The content that is given instead of a further one of the same version; `None` where that one is given itself.
pub(super) fn given_instead(
    reader: &Reader<'_>,
    asked: &Asked<'_>,
    held: &Held,
) -> Result<Option<Given>> {
    for key in keys_before(&held.version) {
        let Some(before) = reader.find_version(held.object, &key)? else {
            continue;
        };
        if let Some(place) = open_place(reader, asked, &before)?
            && !before.erased
        {
            let held = before;
            return Ok(Some(Given { held, place }));
        }
    }
    Ok(None)
}

/// Where whoever asks is let in; in the collection that it asks, if there is such a place.
fn open_place(reader: &Reader<'_>, asked: &Asked<'_>, held: &Held) -> Result<Option<Place>> {
    let mut places = reader.places(held.recno)?;
    places.sort_by_key(|place| place.collection != asked.collection);
    for place in places.into_iter().filter(|place| place.removed.is_none()) {
        let label = label_at(reader, &place)?;
        if policy::decide(asked.viewer, &label, Purpose::Relay, &asked.at).is_granted() {
            return Ok(Some(place));
        }
    }
    Ok(None)
}
