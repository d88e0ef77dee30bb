//! What stands beside the records and can be held against something: who belongs to circles, by the rosters in the log; what awaits a
//! decision and what is in quarantine, by its hash; the audit trail, by its marks in the log.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use sha2::{Digest, Sha256};
use store::{Circle, Look};

use super::feed::Gathered;
use super::others::Others;
use super::report::{Area, Finding, Report};
use crate::keeping::trail_mark::Marked;
use crate::reading::Evidence;
use crate::seal::Roster;

/// Rows that are read at a time.
const TOGETHER: usize = 200;

impl Others<'_> {
    /// Who belongs to a circle now is what a roster of its owner says, of the circle's present epoch.
    pub(super) fn circles(&self, gathered: &mut Gathered) -> Result<()> {
        let known: HashMap<String, Circle> = self
            .look
            .circles()?
            .into_iter()
            .map(|circle| (circle.id.clone(), circle))
            .collect();
        let mut said: HashMap<&str, Vec<Roster>> = HashMap::new();
        for recno in std::mem::take(&mut gathered.rosters) {
            let Some((_, Some(Evidence::Roster(roster)))) = self.evidence(recno)? else {
                continue;
            };
            let Some((id, circle)) = known.get_key_value(roster.circle().as_str()) else {
                continue;
            };
            let key = self.known.key(roster.key(), roster.by());
            let now = i64::try_from(roster.epoch()) == Ok(circle.epoch);
            if now && key.is_some_and(|key| roster.verify(key).is_ok()) {
                said.entry(id).or_default().push(*roster);
            }
        }
        let erased = self.erased_roster(gathered)?;
        for (id, circle) in &known {
            let rosters = said.remove(id.as_str()).unwrap_or_default();
            if let Some(what) = self.trouble(circle, &rosters, erased)? {
                let finding = Finding::new(Area::Circle, format!("the circle {id}: {what}"));
                gathered.report.find(finding);
            }
        }
        Ok(())
    }

    fn trouble(
        &self,
        circle: &Circle,
        rosters: &[Roster],
        erased: bool,
    ) -> Result<Option<&'static str>> {
        let mut stays = BTreeSet::new();
        for stay in self.look.roster(&circle.id)? {
            if stay.until.is_none() {
                stays.insert((stay.member, stay.since.to_string()));
            }
        }
        let mut of_owner: Vec<&Roster> = rosters
            .iter()
            .filter(|roster| roster.by().as_str() == circle.owner)
            .collect();
        let ours = circle.owner == self.home.as_str();
        if ours && of_owner.iter().any(|roster| !roster.members().is_empty()) {
            // Who has left got one with nobody in it.
            of_owner.retain(|roster| !roster.members().is_empty());
        }
        if of_owner.is_empty() {
            let what = "no roster in the log says who belongs to it";
            return Ok((!erased).then_some(what));
        }
        let says = |roster: &&Roster| {
            let members = roster.members().iter();
            let members = members.map(|(member, since)| (member.to_string(), since.to_string()));
            members.collect::<BTreeSet<_>>() == stays
        };
        if !of_owner.iter().any(says) {
            return Ok(Some(
                "who belongs to it is not what its roster in the log says",
            ));
        }
        let called = of_owner.iter().any(|roster| roster.name() == circle.name);
        Ok((ours && !called).then_some("its name is not what its roster in the log says"))
    }

    /// The audit trail goes on from where each mark in the log says that it was; what the marks say, for what else they hold.
    pub(super) fn trail(&self, gathered: &mut Gathered) -> Result<Vec<Marked>> {
        let mut marks = Vec::new();
        for recno in std::mem::take(&mut gathered.trail_marks) {
            let Some(says) = self.said::<Marked>(recno, &mut gathered.report)? else {
                continue;
            };
            let before = i64::try_from(says.line)?.saturating_sub(1);
            let line = self.look.trail_after(before, 1)?.into_iter().next();
            let line = line.filter(|line| line.number == before.saturating_add(1));
            let what = match line {
                Some(line) if hex::encode(&line.hash) == says.hash => None,
                Some(_) => Some("was written anew"),
                None => Some("was cut off"),
            };
            if let Some(what) = what {
                let number = says.line;
                let what = format!(
                    "the audit trail {what}: record {recno} of the log has its line {number} as it was"
                );
                gathered.report.find(Finding::new(Area::Trail, what));
            }
            marks.push(says);
        }
        let marked = marks.iter().map(|mark| mark.line).max().unwrap_or(0);
        let last = self.look.last_trail()?.map_or(0, |line| line.number);
        gathered.report.unmarked.trail = u64::try_from(last).unwrap_or(0).saturating_sub(marked);
        Ok(marks)
    }

    /// Whether the content of a roster was erased: then the log cannot tell of its circle.
    fn erased_roster(&self, gathered: &Gathered) -> Result<bool> {
        for recno in &gathered.erased {
            if self
                .row(*recno)?
                .is_some_and(|row| row.id.starts_with("roster--"))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What waits is what arrived.
pub(super) fn waiting(look: &Look, report: &mut Report) -> Result<()> {
    let mut after = i64::MIN;
    loop {
        let some = look.pendings(after, TOGETHER)?;
        let Some(last) = some.last() else { break };
        after = last.id;
        for waiting in &some {
            if Sha256::digest(&waiting.body).as_slice() != waiting.hash {
                let number = waiting.id;
                let what =
                    format!("what awaits a decision under number {number} is not what arrived");
                report.find(Finding::new(Area::Waiting, what));
            }
        }
    }
    let mut after = i64::MIN;
    loop {
        let some = look.quarantine(after, TOGETHER)?;
        let Some(last) = some.last() else { break };
        after = last.id;
        for item in &some {
            // Of what was longer only the beginning is here; its hash is of all of it.
            let whole = i64::try_from(item.head.len()) == Ok(item.size);
            if whole && Sha256::digest(&item.head).as_slice() != item.hash {
                let number = item.id;
                let what =
                    format!("what is in quarantine under number {number} is not what arrived");
                report.find(Finding::new(Area::Waiting, what));
            }
        }
    }
    Ok(())
}
