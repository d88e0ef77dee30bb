//! Who has taken a record, which of its versions, and why somebody has not got the one that is in force.

use node::clearance::Case;
use policy::{Purpose, decide};
use stix::ObjectId;

use super::show::{Version, instant};
use crate::rooms::wording::Wording;
use crate::shell::failure::Failure;
use crate::shell::prelude::parameter;
use crate::shell::visitor::Visitor;

/// Somebody who took it.
pub(super) struct Taker {
    id: String,
    pub(super) name: String,
    pub(super) first: String,
    pub(super) last: String,
    /// The numbers of the versions that they took, of those that the visitor may see.
    numbers: Vec<usize>,
    pub(super) versions: String,
}

/// "Why did they not get this?", answered for one participant.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) granted: bool,
    pub(super) reasons: Vec<String>,
    /// The case whose release would let them have it.
    pub(super) waits: Option<(String, String)>,
    /// Which earlier versions they took, where that is all they have of it.
    pub(super) earlier: Option<String>,
}

/// Who has taken it, by the first time; `versions` has the newest first.
pub(super) fn takers(
    visitor: &Visitor,
    wording: &Wording<'_>,
    id: &ObjectId,
    versions: &[Version],
) -> Result<Vec<Taker>, Failure> {
    let words = &visitor.words;
    let mut lines = Vec::new();
    for (version, taken) in visitor.node().takers_of_each(id)? {
        let instant = instant(&version);
        let place = versions.iter().position(|one| one.instant == instant);
        let number = place.map(|place| versions.len() - place);
        lines.extend(taken.into_iter().map(|line| (number, line)));
    }
    lines.sort_by_key(|(_, line)| line.first_at);
    let mut takers: Vec<(Taker, i64)> = Vec::new();
    for (number, line) in lines {
        let known = takers.iter().position(|(taker, _)| taker.id == line.viewer);
        let place = known.unwrap_or_else(|| {
            let taker = Taker {
                name: wording.name(&line.viewer),
                id: line.viewer.clone(),
                first: words.moment(line.first_at),
                last: String::new(),
                numbers: Vec::new(),
                versions: String::new(),
            };
            takers.push((taker, i64::MIN));
            takers.len() - 1
        });
        let Some((taker, last)) = takers.get_mut(place) else {
            continue;
        };
        if *last < line.last_at {
            *last = line.last_at;
            taker.last = words.moment(line.last_at);
        }
        taker.numbers.extend(number);
    }
    let told = takers.into_iter().map(|(mut taker, _)| {
        taker.numbers.sort_unstable();
        taker.numbers.dedup();
        taker.versions = listed(visitor, &taker.numbers);
        taker
    });
    Ok(told.collect())
}

fn listed(visitor: &Visitor, numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers
        .iter()
        .map(|number| visitor.words.figure(*number as u64))
        .collect();
    visitor.words.list(&numbers)
}

/// The answer for the participant that the address names.
pub(super) fn asked(
    visitor: &Visitor,
    wording: &Wording<'_>,
    id: &ObjectId,
    (takers, versions): (&[Taker], &[Version]),
) -> Result<Option<Asked>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let Some(wanted) = parameter(&visitor.query, "for").filter(|wanted| !wanted.is_empty()) else {
        return Ok(None);
    };
    let known = node.participant(&wanted).ok_or(Failure::Absent)?;
    let viewer = node.viewer_of(&known.id, true);
    let (_, decision) = node.explain(id, &viewer, Purpose::Relay)?;
    let granted = decision.is_granted();
    let lets_in = |case: &Case| {
        let label = case.label();
        label.is_some_and(|label| {
            decide(&viewer, &label, Purpose::Relay, &visitor.at()).is_granted()
        })
    };
    let case = node.clearance().asked_for(visitor.viewer(), id)?;
    let case = case.map(policy::Released::into_inner);
    let case = case.filter(|case| !granted && lets_in(case));
    let taken = takers.iter().find(|taker| taker.id == known.id.as_str());
    let earlier =
        taken.filter(|taker| !taker.numbers.is_empty() && !taker.numbers.contains(&versions.len()));
    Ok(Some(Asked {
        name: wording.name(known.id.as_str()),
        granted,
        reasons: decision
            .reasons()
            .iter()
            .map(|reason| words.reason(*reason))
            .collect(),
        waits: case.map(|case| {
            let told = words.t1("record-why-waits", "n", case.number);
            (format!("/clearance/cases/{}", case.number), told)
        }),
        earlier: earlier.map(|taker| {
            let count = taker.numbers.len();
            words.t2(
                "record-why-earlier",
                "n",
                count,
                "versions",
                &taker.versions,
            )
        }),
    }))
}
