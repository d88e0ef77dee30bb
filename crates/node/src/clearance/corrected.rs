//! A newer version of something that waits: the one before leaves its case, and a case that is left with nothing has lapsed.
//!
//! Invariant: what was signed is what goes out. A version that is no longer the newest gets no wider label, however far its case had come.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde_json::json;
use store::ObjectNo;

use super::book::{open_cases, put, told};
use super::case::{Case, Event, State, What};
use super::holding::{Asked, Terms, merge};
use crate::clock::Micros;
use crate::relabel::is_newer;
use crate::writer::Change;

/// Objects of which newer versions came, with the newest of those, and who or what brought the first. Which versions they take the place of
/// is looked up once for each object, however many came.
#[derive(Debug, Default)]
pub(crate) struct Corrected {
    by: String,
    newest: BTreeMap<ObjectNo, String>,
}

impl Corrected {
    /// Notes that a version came, by its key.
    pub(crate) fn add(&mut self, object: ObjectNo, version: &str, by: &str) {
        if self.newest.is_empty() {
            by.clone_into(&mut self.by);
        }
        let newest = self.newest.entry(object).or_default();
        if newest.as_str() < version {
            version.clone_into(newest);
        }
    }

    /// The records that are no longer the newest, with what they are versions of.
    fn gone(&self, change: &Change<'_, '_>) -> Result<BTreeMap<i64, ObjectNo>> {
        let mut gone = BTreeMap::new();
        for (object, newest) in &self.newest {
            let older = change.txn.older_than(*object, newest)?;
            let older = older.iter().filter(|held| is_newer(newest, &held.version));
            gone.extend(older.map(|held| (held.recno, *object)));
        }
        Ok(gone)
    }
}

/// What is still asked for, and the cases that older versions of it waited in.
type Following = Vec<(Asked, BTreeSet<u64>)>;

/// Takes what was corrected in this change out of the cases that it waits in; gives back what is still asked for, before it joins one.
pub(super) fn follow(change: &mut Change<'_, '_>, mut asked: Vec<Asked>) -> Result<Following> {
    let corrected = std::mem::take(change.corrected);
    let of = corrected.gone(change)?;
    if of.is_empty() {
        return Ok(asked
            .into_iter()
            .map(|one| (one, BTreeSet::new()))
            .collect());
    }
    let (by, gone) = (corrected.by, of.keys().copied().collect());
    for one in &mut asked {
        one.records = without(&one.records, &gone);
    }
    asked.retain(|one| !one.records.is_empty());
    let cases = open_cases(change.txn)?;
    let mut following = Following::with_capacity(asked.len());
    let mut joined = Vec::new();
    for asked in asked {
        let objects = objects(change, &asked)?;
        let older = |recno: i64| {
            of.get(&recno)
                .is_some_and(|object| objects.contains(object))
        };
        let waited = cases.iter().filter(|case| case.numbers().any(older));
        let corrects: BTreeSet<u64> = waited.map(|case| case.number).collect();
        let terms = Terms::now(change, &asked)?;
        let case = cases
            .iter()
            .find(|case| case.is_joined_by(&asked, &terms, corrects.contains(&case.number)));
        joined.extend(case.map(|case| case.number));
        following.push((asked, corrects));
    }
    for mut case in cases {
        if !case.numbers().any(|recno| gone.contains(&recno)) {
            continue;
        }
        // What is being carried out ends as that, with what is left of it.
        let goes_on = joined.contains(&case.number) || case.next > 0;
        case.lose(&gone, goes_on, &by, change.now);
        put(change, &case)?;
        let (subject, detail) = told(&case, json!({}))?;
        let name = change.txn.person(&by)?;
        let name = name.map_or_else(|| by.clone(), |known| known.name);
        let who = (by.clone(), name, "entrance".to_owned());
        change.note_as(who, "clearance.corrected", &subject, &detail)?;
    }
    Ok(following)
}

/// What is asked for, whichever versions of it.
fn objects(change: &Change<'_, '_>, asked: &Asked) -> Result<BTreeSet<ObjectNo>> {
    let mut objects = BTreeSet::new();
    for recno in asked
        .records
        .iter()
        .flat_map(|(first, last)| *first..=*last)
    {
        let held = change.txn.held_record(recno)?;
        objects.extend(held.map(|held| held.object));
    }
    Ok(objects)
}

/// The records of some runs that are not gone.
fn without(runs: &[(i64, i64)], gone: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let all = runs.iter().flat_map(|(first, last)| *first..=*last);
    let stay = all.filter(|recno| !gone.contains(recno));
    let mut stay = stay.map(|recno| (recno, recno)).collect();
    merge(&mut stay);
    stay
}

impl Case {
    /// Lets go of the records that were corrected. One that has no other left, and is not about to get the newer ones, is over; it keeps
    /// them, so that whoever could see it still reads what became of it.
    fn lose(&mut self, gone: &BTreeSet<i64>, goes_on: bool, by: &str, now: Micros) {
        let before = self.count();
        let stay = without(&self.records, gone);
        if stay.is_empty() && !goes_on {
            self.state = State::Lapsed;
            self.corrected(before, by, now);
            return;
        }
        self.records = stay;
        self.corrected(before - self.count(), by, now);
    }

    fn corrected(&mut self, came: i64, by: &str, now: Micros) {
        let same = |event: &Event| event.by.as_deref() == Some(by);
        for event in self.last_asked() {
            let counts = same(event);
            if let What::Corrected { records } = &mut event.what
                && counts
            {
                *records = records.saturating_add(came);
                event.at = now;
                return;
            }
        }
        self.events.push(Event {
            at: now,
            by: Some(by.to_owned()),
            instead_of: None,
            what: What::Corrected { records: came },
            words: String::new(),
        });
    }

    /// The last lines about records that came in and that left by being corrected: a long import is one of each.
    pub(super) fn last_asked(&mut self) -> impl Iterator<Item = &mut Event> {
        let asked =
            |event: &&mut Event| matches!(event.what, What::Joined { .. } | What::Corrected { .. });
        self.events.iter_mut().rev().take(2).take_while(asked)
    }
}
