//! The delivery ledger, held against the marks in the log: no line that was settled is gone, changed or slipped in; and whoever looks for
//! those who took a record is led to every line.

use std::collections::BTreeMap;

use anyhow::Result;
use store::Look;

use super::report::{Area, Finding, Report};
use crate::keeping::deliveries::Settled;
use crate::keeping::trail_mark::Marked;

/// Lines that are read at a time.
const TOGETHER: i64 = 1_000;

/// Goes along the ledger from its first line.
pub(super) fn check(look: &Look, marks: &[Marked], report: &mut Report) -> Result<()> {
    let mut said: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for mark in marks.iter().filter_map(|mark| mark.ledger.as_ref()) {
        said.entry(mark.line).or_default().push(&mark.hash);
    }
    // A line slipped in before the first has a number below all.
    let (mut last, mut after) = (Settled::default(), i64::MIN);
    let mut covered: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
    let mut kept_to = 0;
    let marked = marks.iter().filter_map(|mark| mark.ledger.as_ref());
    let marked = marked.map(|mark| mark.line).max().unwrap_or(0);
    let settled = Settled::read(look).ok();
    let settled = settled.filter(|settled| settled.line >= marked);
    let mut fits = settled.as_ref().is_some_and(|settled| *settled == last);
    loop {
        let lines = look.ledger_after(after, TOGETHER)?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            last = last.and(&line);
            after = last.line;
            report.unmarked.deliveries += u64::from(line.id > marked);
            fits |= settled.as_ref() == Some(&last);
            let (low, high) = covered.entry(line.sheet()).or_insert((line.low, line.high));
            (*low, *high) = (line.low.min(*low), line.high.max(*high));
            let hashes = said.remove(&last.line).unwrap_or_default();
            if hashes.iter().any(|hash| **hash != last.hash) {
                let number = last.line;
                let what = format!(
                    "the ledger of deliveries was changed between its lines {kept_to} and {number}: the log has it as it was"
                );
                report.find(Finding::new(Area::Deliveries, what));
                // What follows rests on it: it is said once.
                said.clear();
            } else if !hashes.is_empty() {
                kept_to = last.line;
            }
        }
    }
    if !fits {
        let what = "how far the ledger of deliveries is settled is not what its lines say";
        report.find(Finding::new(Area::Deliveries, what.to_owned()));
    }
    if let Some((number, _)) = said.pop_last() {
        let what = format!(
            "the ledger of deliveries was cut off: the log has its line {number} as it was"
        );
        report.find(Finding::new(Area::Deliveries, what));
    }
    for (sheet, (low, high)) in look.ledger_sheets()? {
        let inside = |(from, to): &(i64, i64)| low <= *from && *to <= high;
        if covered.get(&sheet).is_none_or(inside) {
            covered.remove(&sheet);
        }
    }
    if let Some(((collection, sheet), _)) = covered.pop_first() {
        let what = format!(
            "who took something from collection {collection} would not be found in full: sheet {sheet} of the ledger leads past some of its lines"
        );
        report.find(Finding::new(Area::Deliveries, what));
    }
    Ok(())
}
