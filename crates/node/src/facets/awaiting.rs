//! Facets that a record keeps only while no other record answers it, so that what waits is found without reading what does not.
//!
//! Invariant: who may see a record may see what took such a facet from it: its answer is of the same class, bound to no time, and in its
//! newest version. What kept the facet may still have an answer of another class: who reads asks the rule again, of what the viewer sees.
//! Records that may answer each other are gone through once in a commit, however many of them came in it.

use std::collections::BTreeMap;

use anyhow::Result;
use store::{Held, WriteTxn};

use super::{Declarations, Declared, Value, of};
use crate::reading::Good;
use crate::writer::Change;

/// Which facets records of a type keep only while no other answers them.
#[derive(Debug, Clone, Copy)]
pub struct Awaiting {
    /// The type of the records, of those that ask and of those that answer.
    pub kind: &'static str,
    /// The facets, declared as all others are, and of times.
    pub facets: &'static [&'static str],
    /// The facet of texts of which those that answer have the same value as those that ask.
    pub among: &'static str,
    /// Says of each of some records whether any of others answers it, itself not; from their bytes alone. More to choose from never leaves
    /// a record without its answer. When the rule changes, the facets get other names, so that they are taken anew.
    pub answered: Rule,
}

/// See [`Awaiting::answered`].
pub type Rule = fn(asking: &[&[u8]], others: &[&[u8]]) -> Vec<bool>;

impl Awaiting {
    /// What tells it from others.
    pub(super) fn named(&self) -> (&'static str, &'static [&'static str], &'static str) {
        (self.kind, self.facets, self.among)
    }
}

/// Records that may answer each other: by facet, class and value.
pub(crate) type Among = BTreeMap<(&'static str, i64, String), Awaiting>;

/// Whether anything waits in records of a type.
pub(crate) fn concerns(change: &Change<'_, '_>, kind: &str) -> bool {
    let rules = change.declarations.awaiting();
    rules.iter().any(|rule| rule.kind == kind)
}

/// Among what a record stands now, in any of its versions, is settled before the commit. Whatever takes a record out from among others says
/// so before and after.
pub(crate) fn changed(change: &mut Change<'_, '_>, recno: i64) -> Result<()> {
    let rules = change.declarations.awaiting();
    if rules.is_empty() {
        return Ok(());
    }
    let Some(held) = change.txn.held_record(recno)? else {
        return Ok(());
    };
    for rule in rules.iter().filter(|rule| rule.kind == &*held.kind) {
        for version in change.txn.versions_of(held.object)? {
            for (class, value) in change.txn.facet_texts_of(version.recno, rule.among)? {
                change.unsettled.insert((rule.among, class, value), *rule);
            }
        }
    }
    Ok(())
}

/// Gives the facets to those that nothing answers, and takes them from the others.
pub(crate) fn settle(
    txn: &mut WriteTxn<'_>,
    declarations: &Declarations,
    among: Among,
) -> Result<()> {
    let declared = declarations.all();
    for ((among, class, value), rule) in among {
        let mut asking = Vec::new();
        let mut answering = Vec::new();
        for recno in txn.facet_peers(among, class, &value)? {
            let kept = txn.kept_from(recno, 1)?.into_iter().next();
            let Some(kept) = kept.filter(|kept| kept.held.recno == recno) else {
                continue;
            };
            if let Some((_, body)) = kept.content {
                answering.push(counts(txn, &kept.held)?);
                asking.push((recno, body));
            }
        }
        let bodies: Vec<&[u8]> = asking.iter().map(|(_, body)| &**body).collect();
        let others: Vec<&[u8]> = bodies
            .iter()
            .zip(&answering)
            .filter_map(|(body, counts)| counts.then_some(*body))
            .collect();
        let answered = (rule.answered)(&bodies, &others);
        for ((recno, body), answered) in asking.iter().zip(answered) {
            for name in rule.facets {
                txn.drop_facet(*recno, name)?;
            }
            if !answered {
                for (name, value) in values(&declared, &rule, body) {
                    txn.add_facet(*recno, name, value)?;
                }
            }
        }
    }
    Ok(())
}

/// Whether a record answers for everybody who may see its class: now, later, and as its author says it last.
fn counts(txn: &WriteTxn<'_>, held: &Held) -> Result<bool> {
    if held.revoked || held.erased || held.embargo.is_some() || held.expiry.is_some() {
        return Ok(false);
    }
    let newest = txn.latest_of(held.object)?;
    Ok(newest.is_some_and(|newest| newest.recno == held.recno))
}

/// What the facets of a rule have in a record.
fn values(declared: &[Declared], rule: &Awaiting, body: &[u8]) -> Vec<(&'static str, i64)> {
    let own: Vec<Declared> = declared
        .iter()
        .filter(|one| one.kind == rule.kind && rule.facets.contains(&one.name))
        .copied()
        .collect();
    let good = Good::again(body.to_vec().into());
    let values = good.and_then(|good| good.with_object(|object| of(&own, object)));
    let times = values.unwrap_or_default().into_iter();
    times
        .filter_map(|(name, value)| match value {
            Value::Time(micros) => Some((name, micros)),
            Value::Text(_) => None,
        })
        .collect()
}
