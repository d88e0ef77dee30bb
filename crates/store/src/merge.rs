//! From a question to the positions that answer it: of lanes in order, those that the viewer reaches; objects resolved that depend on
//! viewer or time.
//!
//! Invariant: a position is chosen by the viewer's own classes alone; of several that a viewer sees of one record, the last counts,
//! so that whoever was past an earlier one still gets it, and nobody gets it twice in one pass.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use stix::ObjectId;

use crate::error::{Error, Result};
use crate::look::ObjectNo;
use crate::positions::{LATEST, OLDER, Stand, TANGLED, stand};
use crate::query::{PageQuery, Versions};
use crate::read::{Asking, Reader};
use crate::records::Spec;
use crate::shared::LaneKey;
use crate::sources::{Heads, LANES, SIDE_BY_SIDE, Slot, Source, read_slot};
use crate::sql::positions;

/// From how many lanes on it is cheaper to walk the whole collection, if the viewer reaches at least half of them.
const MANY_LANES: usize = 64;

/// For how many positions of a page room is made with the first: most pages have no more, and many have none.
const USUAL: usize = 128;

/// What of an object a viewer sees in a collection: per visible version, the last of its visible positions; oldest version first.
type Seen = Vec<Stand>;

impl Reader<'_> {
    /// The positions that answer, in order: one more than the limit, if there is one more.
    pub(crate) fn slots(&self, asking: &Asking<'_>, query: &PageQuery) -> Result<Vec<Slot>> {
        let kinds = self.kinds(&query.kinds)?;
        if kinds.as_ref().is_some_and(Vec::is_empty) {
            return Ok(Vec::new());
        }
        let specs: Vec<i64> = query.specs.iter().map(|spec| spec.number()).collect();
        let wanted = |slot: &Slot| {
            (specs.is_empty() || specs.contains(&slot.spec))
                && kinds
                    .as_ref()
                    .is_none_or(|kinds| kinds.contains(&slot.kind))
        };
        if query.ids.is_empty() {
            return self.walk(asking, query, kinds.as_deref(), wanted);
        }
        let mut slots = Vec::new();
        for id in &query.ids {
            if let Some(slot) = self.only(asking, query, id) {
                slots.push(slot);
                continue;
            }
            // What is not here is looked for as far as what is hidden, so that both take the same time.
            let mut seen = Seen::new();
            for object in self.objects_like(id)? {
                let named = (object, Some(id));
                seen = self.seen(asking, named, query)?;
                if !seen.is_empty() {
                    break;
                }
            }
            let chosen = seen
                .iter()
                .enumerate()
                .filter(|(at, _)| chooses(&query.versions, &seen, *at));
            slots.extend(chosen.map(|(_, stand)| Slot::of(stand)));
        }
        slots.retain(|slot| slot.added > query.after && wanted(slot));
        slots.sort_unstable_by_key(|slot| slot.added);
        slots.dedup_by_key(|slot| slot.added);
        slots.truncate(query.limit.saturating_add(1));
        Ok(slots)
    }

    /// The only position of an object that has one version and one position here, if the viewer sees it and no more has to be known. What
    /// it does not see is looked for like what is not here.
    fn only(&self, asking: &Asking<'_>, query: &PageQuery, id: &ObjectId) -> Option<Slot> {
        let Versions {
            all, first, last, ..
        } = query.versions;
        let held = self.held().filter(|_| all || first || last)?;
        let object = self.shared().objects().only_record_of(id)?;
        let reached = |(class, ..): LaneKey| asking.reach.reaches(class);
        let slot = Slot::stood(held.of_record(query.collection, object.0, reached)?);
        let of_spec = |spec: &Spec| spec.number() == slot.spec;
        let fits = query.specs.is_empty() || query.specs.iter().any(of_spec);
        (fits && asking.sees(slot.class, slot.times())).then_some(slot)
    }

    /// The numbers of types; `None` if all are wanted. A type that no record has is no number.
    fn kinds(&self, names: &[String]) -> Result<Option<Vec<i64>>> {
        if names.is_empty() {
            return Ok(None);
        }
        let mut kinds = Vec::new();
        for name in names {
            kinds.extend(self.word_number(name)?);
        }
        Ok(Some(kinds))
    }

    fn walk(
        &self,
        asking: &Asking<'_>,
        query: &PageQuery,
        kinds: Option<&[i64]>,
        wanted: impl Fn(&Slot) -> bool,
    ) -> Result<Vec<Slot>> {
        let plain = if query.versions.is_last() {
            &[LATEST, TANGLED][..]
        } else {
            &[OLDER, LATEST, TANGLED][..]
        };
        let fits = |(class, kind, rank): LaneKey| {
            plain.contains(&rank)
                && kinds.is_none_or(|kinds| kinds.contains(&kind))
                && asking.reach.reaches(class)
        };
        let enough = query.limit.saturating_add(1);
        if let Some(held) = self.held() {
            let mut held = held.beyond(query.collection, query.after, fits);
            let next = || Ok(held.next().map(Slot::stood));
            return self.choose(asking, query, enough, wanted, next);
        }
        let (lanes, of) = self.shared().lanes(query.collection, query.after, fits);
        if lanes.len() <= SIDE_BY_SIDE {
            let mut statements = Vec::with_capacity(lanes.len());
            for (text, key) in LANES.iter().zip(&lanes) {
                statements.push((self.db().connection().prepare_cached(text)?, *key));
            }
            let mut heads = Heads::default();
            for (statement, key) in &mut statements {
                let (class, kind, rank) = *key;
                let params = (query.collection, class, kind, rank, query.after);
                heads.begin(statement.query(params)?, *key)?;
            }
            return self.choose(asking, query, enough, wanted, || heads.next());
        }
        let mut source = if lanes.len() > MANY_LANES && lanes.len() >= of / 2 {
            Source::whole(query, enough)
        } else {
            Source::lanes(self, query, lanes, enough)?
        };
        let wanted = |slot: &Slot| wanted(slot) && fits((slot.class, slot.kind, slot.rank));
        self.choose(asking, query, enough, wanted, || source.next(self, query))
    }

    /// The first positions of those that come that are part of the answer.
    fn choose(
        &self,
        asking: &Asking<'_>,
        query: &PageQuery,
        enough: usize,
        wanted: impl Fn(&Slot) -> bool,
        mut next: impl FnMut() -> Result<Option<Slot>>,
    ) -> Result<Vec<Slot>> {
        let mut chosen = Vec::new();
        let mut memo = HashMap::new();
        while chosen.len() < enough {
            let Some(slot) = next()? else {
                break;
            };
            if wanted(&slot)
                && asking.sees(slot.class, slot.times())
                && self.stays(asking, query, &slot, &mut memo)?
            {
                if chosen.is_empty() {
                    chosen.reserve(enough.min(USUAL));
                }
                chosen.push(slot);
            }
        }
        Ok(chosen)
    }

    /// Whether a visible position is part of the answer, given what else the viewer sees of the object.
    fn stays(
        &self,
        asking: &Asking<'_>,
        query: &PageQuery,
        slot: &Slot,
        memo: &mut HashMap<ObjectNo, Seen>,
    ) -> Result<bool> {
        let versions = &query.versions;
        if slot.rank != TANGLED && (versions.all || slot.rank == LATEST && versions.last) {
            return Ok(true);
        }
        if slot.rank != TANGLED && !versions.first {
            // An older version of a plain object: only its time can call for it.
            return Ok(versions.names(&self.object_and_version(slot.recno)?.1));
        }
        let (object, _) = self.object_and_version(slot.recno)?;
        let seen = match memo.entry(object) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let named = (object, None);
                new.insert(self.seen(asking, named, query)?)
            }
        };
        let at = seen
            .iter()
            .position(|stand| stand.recno == slot.recno && stand.added == slot.added);
        Ok(at.is_some_and(|at| chooses(versions, seen, at)))
    }

    /// The same from the other end, the last position first: those before `before`.
    pub(crate) fn slots_down(
        &self,
        asking: &Asking<'_>,
        query: &PageQuery,
        before: i64,
    ) -> Result<Vec<Slot>> {
        let kinds = self.kinds(&query.kinds)?;
        let fits = |(class, kind, rank): LaneKey| {
            (rank != OLDER || !query.versions.is_last())
                && kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
                && asking.reach.reaches(class)
        };
        let (lanes, _) = self.shared().lanes(query.collection, 0, fits);
        let enough = query.limit.saturating_add(1);
        let portion = i64::try_from(enough).unwrap_or(i64::MAX);
        let (mut chosen, mut memo, mut before) = (Vec::new(), HashMap::new(), before);
        loop {
            let mut found: Vec<Slot> = Vec::new();
            // Below the end of a portion that was full, the lane may have rows that are not read yet.
            let mut whole_from = i64::MIN;
            for key in &lanes {
                let (class, kind, rank) = *key;
                let params = (query.collection, class, kind, rank, before, portion);
                let slots = self
                    .db()
                    .all(positions::LANE_DOWN, params, |row| read_slot(row, *key))?;
                if slots.len() >= enough {
                    whole_from = whole_from.max(slots.last().map_or(i64::MIN, |slot| slot.added));
                }
                found.extend(slots);
            }
            found.retain(|slot| slot.added >= whole_from);
            found.sort_unstable_by_key(|slot| Reverse(slot.added));
            for slot in found {
                if asking.sees(slot.class, slot.times())
                    && self.stays(asking, query, &slot, &mut memo)?
                {
                    chosen.push(slot);
                    if chosen.len() >= enough {
                        return Ok(chosen);
                    }
                }
            }
            if whole_from == i64::MIN {
                return Ok(chosen);
            }
            before = whole_from;
        }
    }

    fn object_and_version(&self, recno: i64) -> Result<(ObjectNo, String)> {
        let read = |row: &rusqlite::Row<'_>| Ok((ObjectNo(row.get(0)?), row.get(1)?));
        let found = self
            .db()
            .one(positions::OBJECT_AND_VERSION, [recno], read)?;
        found.ok_or_else(|| Error::Damaged(format!("record {recno} is missing")))
    }

    /// What the viewer sees of an object in a collection, if it has the id that is asked for, of the specifications that are asked for; only
    /// the newest version if that is asked for.
    fn seen(
        &self,
        asking: &Asking<'_>,
        (object, id): (ObjectNo, Option<&ObjectId>),
        query: &PageQuery,
    ) -> Result<Seen> {
        let newest = query.versions.is_last();
        let mut seen: Seen = Vec::new();
        let visit = |row: &rusqlite::Row<'_>| {
            let found = stand(row)?;
            let over = |last: &Stand| last.recno != found.recno && is_it(query, last);
            if newest && seen.last().is_some_and(over) {
                return Ok(false);
            }
            if asking.sees(found.class, (found.embargo, found.expires)) {
                match seen.last_mut() {
                    Some(last) if last.recno == found.recno => {
                        if found.added > last.added {
                            *last = found;
                        }
                    }
                    _ => seen.push(found),
                }
            }
            Ok(true)
        };
        match id {
            Some(id) => {
                let named = (object.0, id.as_str(), query.collection);
                self.db().each(positions::OF_NAMED_DOWN, named, visit)?;
            }
            None => {
                let params = (object.0, query.collection);
                self.db().each(positions::OF_OBJECT_DOWN, params, visit)?;
            }
        }
        seen.reverse();
        if !query.specs.is_empty() {
            seen.retain(|stand| is_it(query, stand));
        } else if query.newest_spec {
            let rank = |stand: &Stand| Spec::rank(stand.spec);
            let best = seen.iter().map(rank).max();
            seen.retain(|stand| Some(rank(stand)) == best);
        }
        Ok(seen)
    }
}

/// Whether no other specification could be asked for instead of the one that a version follows.
fn is_it(query: &PageQuery, stand: &Stand) -> bool {
    let named = query.specs.iter().any(|spec| spec.number() == stand.spec);
    match query.specs.is_empty() {
        true => !query.newest_spec || Spec::of(stand.spec) == Spec::V21,
        false => named,
    }
}

/// Whether the filter asks for the version at `at` of those that the viewer sees.
fn chooses(versions: &Versions, seen: &[Stand], at: usize) -> bool {
    versions.all
        || versions.first && at == 0
        || versions.last && at + 1 == seen.len()
        || seen
            .get(at)
            .is_some_and(|stand| versions.names(&stand.version))
}
