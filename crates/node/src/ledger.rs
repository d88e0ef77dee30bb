//! The delivery ledger: who took what, and when; and why somebody did not get something.
//!
//! Invariant: a line is made for each read that leaves for somebody else; adjacent pages of one reader are one line. Lines are gathered in
//! memory and written within a second, so a crash may cost the lines of its last second, and never a record. Where nothing can be written,
//! they stay in memory until it can.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use policy::{Decision, Label, Purpose, Viewer, decide};
use stix::{ObjectId, Timestamp};
use store::{Held, LedgerEntry, Place, Reader};

use crate::access::Access;
use crate::clock::Micros;
use crate::node::Node;
use crate::pending::Pending;

/// How many lines are gathered before they are written at once: some two megabytes.
const GATHERED: usize = 4_096;

/// How many are kept while nothing can be written: some thirty megabytes. What readers take beyond that is said in the node's journal only.
const KEPT: usize = 16 * GATHERED;

/// What a line is for, as the store keeps it: a peer, which keeps a copy under the label;
const BY_A_PEER: &str = "relay";
/// a program;
const BY_A_PROGRAM: &str = "poll";
/// a file that somebody hands over.
pub const INTO_A_FILE: &str = "export";

/// Lines that are not written yet, each with how far the commits were when its read began ([`Node::reached`]).
#[derive(Debug, Default)]
pub(crate) struct Gathered(Mutex<Vec<(u64, LedgerEntry)>>);

impl Gathered {
    fn is_empty(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// Adds a line, or makes the last one longer; whether there are now so many that they should be written.
    fn add(&self, begun: u64, entry: LedgerEntry) -> bool {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lines.last_mut() {
            // What begins after another commit may be what that changed: it is a line of its own until both are written.
            Some((reached, last)) if *reached == begun && joins(last, &entry) => {
                last.high = entry.high;
                last.records += entry.records;
                last.last_at = entry.last_at;
                false
            }
            _ => {
                lines.push((begun, entry));
                lines.len() == GATHERED
            }
        }
    }

    /// What was gathered since the last time.
    pub(crate) fn take(&self) -> Vec<(u64, LedgerEntry)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// They could not be written: they come first again.
    pub(crate) fn put_back(&self, mut taken: Vec<(u64, LedgerEntry)>) {
        if taken.is_empty() {
            return;
        }
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.append(&mut lines);
        if let Some(beyond) = taken.len().checked_sub(KEPT).filter(|beyond| *beyond > 0) {
            taken.truncate(KEPT);
            tracing::error!(ledger.lines = beyond, "ledger.lost");
        }
        *lines = taken;
    }
}

/// A read that leaves.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    /// The collection.
    pub collection: i64,
    /// What was asked for besides, as the reader wrote it.
    pub filter: &'a str,
    /// The position before the first that was given.
    pub after: i64,
    /// The last position that was given.
    pub last: i64,
    /// How many records were given.
    pub records: usize,
    /// How far the commits were before it was read: see [`Node::reached`].
    pub reached: u64,
}

impl Node {
    /// How far the commits are: asked before a read that leaves, so that what is tightened while it runs is withdrawn from its reader too.
    pub fn reached(&self) -> u64 {
        self.inner.pace.reached()
    }

    /// Notes what a program or peer has taken. Reads by this node's own participant are not deliveries.
    pub fn note_taken(&self, access: &Access, taken: &Taken<'_>) {
        if !access.peer
            && let Err(error) = self.asks_on(access, taken.records)
        {
            // It was no loss: the clock brings it, too.
            tracing::debug!(error = format!("{error:#}"), "gained.failed");
        }
        let purpose = if access.peer { BY_A_PEER } else { BY_A_PROGRAM };
        let outcome = format!("taken by {}", access.name);
        let whose = (&access.participant, access.person.as_ref());
        self.note(whose, purpose, outcome, taken);
    }

    /// Notes what was written into a file for a participant: it has it as soon as somebody hands it over.
    pub fn note_exported(&self, participant: &ObjectId, taken: &Taken<'_>) {
        let outcome = "written into a file for it".to_owned();
        self.note((participant, None), INTO_A_FILE, outcome, taken);
    }

    fn note(
        &self,
        (participant, person): (&ObjectId, Option<&ObjectId>),
        purpose: &str,
        outcome: String,
        taken: &Taken<'_>,
    ) {
        if taken.records == 0 || *participant == self.home().id {
            return;
        }
        let now = self.now();
        let entry = LedgerEntry {
            viewer: participant.to_string(),
            person: person.map_or_else(String::new, ObjectId::to_string),
            collection: taken.collection,
            purpose: purpose.to_owned(),
            filter: taken.filter.to_owned(),
            outcome,
            low: taken.after,
            high: taken.last,
            records: i64::try_from(taken.records).unwrap_or(i64::MAX),
            first_at: now,
            last_at: now,
            ..LedgerEntry::default()
        };
        if self.inner.gathered.add(taken.reached, entry) {
            // Nobody waits for it; what fails is said where commits are made.
            drop(self.write_ledger());
        }
    }

    /// Writes down what was gathered; `None` when nothing was. Every commit does so first; this is for when there is no other.
    pub fn write_ledger(&self) -> Option<Pending<()>> {
        (!self.inner.gathered.is_empty()).then(|| self.change(|_| Ok(())))
    }

    /// The ledger, the newest first, before a number; of one participant or of all.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn ledger(
        &self,
        viewer: Option<&ObjectId>,
        before: i64,
        most: i64,
    ) -> Result<Vec<LedgerEntry>> {
        Ok(self
            .read()?
            .ledger(viewer.map(ObjectId::as_str), before, most)?)
    }

    /// Who has taken any version of an object, and when: lines of the ledger that cover its places, whether it still stands there or not.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn takers(&self, id: &ObjectId) -> Result<Vec<LedgerEntry>> {
        let reader = self.read()?;
        let Some(object) = reader.object_no(id)? else {
            return Ok(Vec::new());
        };
        let all = reader.versions_of(object)?;
        self.took(&reader, id, all)
    }

    /// The same for each version of it, the oldest first: the version as written, and its lines.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn takers_of_each(&self, id: &ObjectId) -> Result<Vec<(String, Vec<LedgerEntry>)>> {
        let reader = self.read()?;
        let Some(object) = reader.object_no(id)? else {
            return Ok(Vec::new());
        };
        let mut all = reader.versions_of(object)?;
        all.sort_by(|one, other| one.version.cmp(&other.version));
        let all = all.into_iter().map(|held| {
            let version = held.version_text();
            Ok((version, self.took(&reader, id, Some(held))?))
        });
        all.collect()
    }

    /// Who has taken the newest version of an object, and when.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn takers_of_newest(&self, id: &ObjectId) -> Result<Vec<LedgerEntry>> {
        let reader = self.read()?;
        let Some(object) = reader.object_no(id)? else {
            return Ok(Vec::new());
        };
        let newest = reader.latest_of(object)?;
        self.took(&reader, id, newest)
    }

    fn took(
        &self,
        reader: &Reader<'_>,
        id: &ObjectId,
        versions: impl IntoIterator<Item = Held>,
    ) -> Result<Vec<LedgerEntry>> {
        let register = self.register();
        let mut takers = Vec::new();
        for held in versions {
            for place in reader.places(held.recno)? {
                let class = reader.class(place.class)?.context("a class is missing")?;
                for line in reader.takers(place.collection, place.added)? {
                    if !was_open(&place, &line) || !was_named(id, &line) {
                        continue;
                    }
                    // The line covers the place; whether the record was in it, its class tells.
                    let had = Taker::of(&line).is_some_and(|taker| {
                        let viewer =
                            register.viewer_at(&taker.participant, taker.person.as_ref(), taker.at);
                        policy::admits(&viewer, &class, taker.purpose)
                    });
                    if had && !takers.contains(&line) {
                        takers.push(line);
                    }
                }
            }
        }
        takers.sort_by_key(|line| line.first_at);
        Ok(takers)
    }

    /// Since when somebody could have any version of an object from here, by the first place that was open to them; `None` where none
    /// was. For its own node's participant it is when the object came in.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn open_since(&self, id: &ObjectId, viewer: &Viewer) -> Result<Option<Micros>> {
        let (reader, now) = (self.read()?, self.now());
        let Some(object) = reader.object_no(id)? else {
            return Ok(None);
        };
        let mut since: Option<Micros> = None;
        for held in reader.versions_of(object)? {
            for place in reader.places(held.recno)? {
                let class = reader.class(place.class)?.context("a class is missing")?;
                let until = place.removed.unwrap_or(now);
                let open = place.added.max(place.embargo.unwrap_or(Micros::MIN));
                let opened = place.embargo.is_none_or(|ends| ends <= until);
                if opened && policy::admits(viewer, &class, Purpose::Relay) {
                    since = Some(since.map_or(open, |since| since.min(open)));
                }
            }
        }
        Ok(since)
    }

    /// Whether somebody may have a record for a purpose now, and why or why not. For those who hold it; a receiver never asks this.
    ///
    /// # Errors
    /// When there is no such record, or the storage fails.
    pub fn explain(
        &self,
        id: &ObjectId,
        viewer: &Viewer,
        purpose: Purpose,
    ) -> Result<(Label, Decision)> {
        let reader = self.read()?;
        let object = reader
            .object_no(id)?
            .with_context(|| format!("there is no record {id}"))?;
        let held = reader
            .latest_of(object)?
            .with_context(|| format!("there is no record {id}"))?;
        let class = reader.class(held.class)?.context("a class is missing")?;
        let label = Label {
            class,
            embargo: held.embargo,
            expiry: held.expiry,
        };
        let decision = decide(viewer, &label, purpose, &Timestamp::from_micros(self.now()));
        Ok((label, decision))
    }

    /// What became of a record, besides its label. For those who hold it.
    ///
    /// # Errors
    /// When there is no such record, or the storage fails.
    pub fn fate(&self, id: &ObjectId) -> Result<Fate> {
        let reader = self.read()?;
        let object = reader.object_no(id)?;
        let latest = object.map(|object| reader.latest_of(object)).transpose()?;
        let latest = latest.flatten();
        let held = latest.with_context(|| format!("there is no record {id}"))?;
        Ok(Fate {
            erased: held.erased,
            revoked: held.revoked,
        })
    }

    /// The versions of an object that are here in several contents, as an operator's files had them, and in how many each. Programs get all of
    /// them, a peer the first that it may have.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn in_several_contents(&self, id: &ObjectId) -> Result<Vec<(String, usize)>> {
        let reader = self.read()?;
        let mut contents: BTreeMap<String, usize> = BTreeMap::new();
        if let Some(object) = reader.object_no(id)? {
            let versions = reader.versions_of(object)?.into_iter();
            for held in versions.filter(|held| !held.erased) {
                *contents.entry(held.version_text()).or_default() += 1;
            }
        }
        Ok(contents.into_iter().filter(|(_, held)| *held > 1).collect())
    }

    /// Who somebody is to the release rules, without a person.
    pub fn viewer_of(&self, participant: &ObjectId, machine: bool) -> Viewer {
        self.register().viewer(participant, None, machine)
    }

    /// The viewer of one of this node's persons.
    pub fn viewer_of_person(&self, person: &ObjectId) -> Option<Viewer> {
        let register = self.register();
        let organ = register.organ_of_person(person)?.clone();
        Some(register.viewer(&organ, Some(person), false))
    }
}

/// What became of a record: of its newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// Its content is gone from here.
    pub erased: bool,
    /// Its author takes it back.
    pub revoked: bool,
}

/// Who took something, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taker {
    /// The participant.
    pub participant: ObjectId,
    /// The person that its program was bound to.
    pub person: Option<ObjectId>,
    /// What for.
    pub purpose: Purpose,
    /// When it began.
    pub at: Micros,
}

impl Taker {
    /// `None` where a line names nobody.
    pub(crate) fn of(line: &LedgerEntry) -> Option<Self> {
        let person = match line.person.as_str() {
            "" => None,
            person => Some(ObjectId::parse(person).ok()?),
        };
        Some(Self {
            participant: ObjectId::parse(&line.viewer).ok()?,
            person,
            purpose: match line.purpose.as_str() {
                BY_A_PEER => Purpose::Relay,
                INTO_A_FILE => Purpose::Export,
                _ => Purpose::Poll,
            },
            at: line.first_at,
        })
    }
}

/// Whether some read of the line may have fallen between embargo and expiry of a place: outside, it passed the record by.
pub(crate) fn was_open(place: &Place, line: &LedgerEntry) -> bool {
    let embargoed = place.embargo.is_some_and(|ends| line.last_at < ends);
    let expired = place.expires.is_some_and(|ends| line.first_at >= ends);
    !embargoed && !expired
}

/// Whether the line's reader asked for everything, or for this object among others.
fn was_named(id: &ObjectId, line: &LedgerEntry) -> bool {
    let mut parts = line.filter.split('&');
    let ids = parts.find_map(|part| part.strip_prefix("match[id]="));
    ids.is_none_or(|ids| ids.split(',').any(|named| named == id.as_str()))
}

fn joins(last: &LedgerEntry, next: &LedgerEntry) -> bool {
    last.high == next.low
        && last.collection == next.collection
        && last.viewer == next.viewer
        && last.person == next.person
        && last.purpose == next.purpose
        && last.filter == next.filter
        && last.outcome == next.outcome
}
