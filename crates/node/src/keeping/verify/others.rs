//! Records that speak about others, held against them: handling records and the labels they gave, seals beside, erasures.

use std::collections::HashMap;

use anyhow::Result;
use policy::Label;
use stix::ObjectId;
use store::{Audited, Held, Look};

use super::examine::{Known, Work};
use super::feed::Gathered;
use super::marks::Marks;
use super::report::{Area, Finding, Report};
use crate::keeping::erasure::Erased;
use crate::reading::{Evidence, Good, UNBOUNDED};
use crate::relabel::taken_with;
use crate::seal::{Handling, Says, Seal, Signed, label_text};

/// What is needed to look at them.
pub(super) struct Others<'a> {
    pub look: &'a Look,
    pub known: &'a Known,
    pub home: &'a ObjectId,
    pub relabelled: &'a Marks,
}

impl Others<'_> {
    /// Looks at all of them.
    pub(super) fn check(&self, gathered: &mut Gathered) -> Result<()> {
        self.labels(gathered)?;
        for recno in std::mem::take(&mut gathered.seals) {
            if let Some((_, Some(Evidence::Seal(seal)))) = self.evidence(recno)? {
                self.seal(gathered, recno, &seal)?;
            }
        }
        self.erasures(gathered)
    }

    pub(super) fn row(&self, recno: i64) -> Result<Option<Audited>> {
        let rows = self.look.audited_from(recno, 1, 1)?;
        Ok(rows.into_iter().next().filter(|row| row.recno == recno))
    }

    pub(super) fn evidence(&self, recno: i64) -> Result<Option<(Good, Option<Evidence>)>> {
        let body = self.row(recno)?.and_then(|row| row.body);
        let good = body.and_then(|body| Good::again(body.into()));
        Ok(good.map(|mut good| {
            let evidence = good.evidence.take().and_then(Result::ok);
            (good, evidence)
        }))
    }

    /// What a record of ours says of this node; none where it is not ours, or its signature does not verify, which is found.
    pub(super) fn said<S: Says + Clone>(
        &self,
        recno: i64,
        report: &mut Report,
    ) -> Result<Option<S>> {
        let Some((good, _)) = self.evidence(recno)? else {
            return Ok(None);
        };
        let read = good.with_object(|object| Signed::<S>::read(object).ok());
        let Some(signed) = read.flatten().filter(|signed| signed.by() == self.home) else {
            return Ok(None);
        };
        let key = self.known.key(signed.key(), self.home);
        let says = key.and_then(|key| signed.check(key).ok()).cloned();
        if says.is_none() {
            let what = format!("the signature of the {} does not verify", S::KIND);
            report.find(Finding::at(Area::Seal, recno, what));
        }
        Ok(says)
    }

    /// The record that somebody speaks about.
    fn target(
        &self,
        object: &ObjectId,
        version: Option<&stix::Timestamp>,
        fits: impl Fn(&Held) -> bool,
    ) -> Result<Option<Held>> {
        let Some(number) = self.look.object_no(object)? else {
            return Ok(None);
        };
        let mut named = None;
        if let Some(version) = version {
            named = self.look.find_version(number, &version.version_key())?;
            if named.as_ref().is_some_and(&fits) {
                return Ok(named);
            }
        }
        // An import may have brought several copies of a version.
        let mut versions = self.look.versions_of(number)?.into_iter();
        Ok(versions.find(fits).or(named))
    }

    /// The last handling record of ours says which label a record has; without one it has the label that it was taken with.
    fn labels(&self, gathered: &mut Gathered) -> Result<()> {
        let mut seen = Marks::default();
        for recno in std::mem::take(&mut gathered.handlings).into_iter().rev() {
            let Some((good, Some(Evidence::Handling(handling)))) = self.evidence(recno)? else {
                continue;
            };
            if handling.by() == self.home {
                self.label(gathered, (recno, &good, &handling), &mut seen)?;
            }
        }
        let mut without = Vec::new();
        self.look.each_meta(&taken_with_prefix(), |name, _| {
            let recno = name
                .rsplit('/')
                .next()
                .and_then(|number| number.parse().ok());
            without.extend(recno.filter(|recno: &i64| !seen.has(*recno)));
            Ok(())
        })?;
        for recno in without {
            let Some(row) = self.row(recno)? else {
                continue;
            };
            let what =
                "it has another label than it was taken with, and no handling record says so";
            gathered
                .report
                .find(Finding::at(Area::Label, recno, what).named(&row.id, &row.version));
        }
        Ok(())
    }

    fn label(
        &self,
        gathered: &mut Gathered,
        (recno, good, handling): (i64, &Good, &Handling),
        seen: &mut Marks,
    ) -> Result<()> {
        let own = good.header.id.as_str();
        let Some(key) = self.known.key(handling.key(), self.home) else {
            let what = "a handling record of ours is signed by a key that this node never had";
            gathered
                .report
                .find(Finding::at(Area::Seal, recno, what).named(own, ""));
            return Ok(());
        };
        // The bytes decide, not the name: two versions without a time of their own differ in nothing else.
        let further = handling.is_further();
        let mut checked: Option<Label> = None;
        let found = self.target(handling.object(), handling.version(), |held| {
            handling.is_about(&hex::encode(&held.hash))
        })?;
        let Some(held) = found else {
            let what = "a handling record of ours is about a record that is not here";
            gathered
                .report
                .find(Finding::at(Area::Count, recno, what).named(own, ""));
            return Ok(());
        };
        if held.erased || (!further && !seen.put(held.recno)) {
            return Ok(());
        }
        let Some(row) = self.row(held.recno)? else {
            return Ok(());
        };
        if let Some(body) = &row.body
            && let Ok(copy) = stix::check(body, &UNBOUNDED)
        {
            checked = handling.label(&copy, key).ok();
        }
        if further {
            match checked {
                Some(label) => {
                    let class = label.class.key();
                    gathered.further_classes.insert((held.recno, class));
                    gathered.further.insert((held.recno, label_text(&label)));
                }
                None => {
                    let what = "what we said of a further place of it does not verify";
                    let finding = Finding::at(Area::Seal, recno, what).named(own, "");
                    gathered.report.find(finding);
                }
            }
            return Ok(());
        }
        let now = self.known.label(&row);
        if now.is_none() {
            let what = "its class is not there, or the text of it is no label any more";
            gathered
                .report
                .find(Finding::at(Area::Label, row.recno, what).named(&row.id, &row.version));
        }
        let (Some(label), Some(now)) = (checked, now) else {
            // The record itself is damaged and named already, or its handling record is.
            if handling.verify(key).is_err() {
                let what = "the signature of a handling record of ours does not verify";
                gathered
                    .report
                    .find(Finding::at(Area::Seal, recno, what).named(own, ""));
            }
            return Ok(());
        };
        if label_text(&label) != label_text(&now) {
            let what = format!(
                "its label is {:?}; our last handling record, {recno}, says {:?}",
                label_text(&now),
                label_text(&label)
            );
            gathered
                .report
                .find(Finding::at(Area::Label, row.recno, what).named(&row.id, &row.version));
        } else if !self.relabelled.has(row.recno) {
            let what = "what was kept of the label that it was taken with is gone";
            gathered
                .report
                .find(Finding::at(Area::Label, row.recno, what).named(&row.id, &row.version));
        }
        Ok(())
    }

    fn seal(&self, gathered: &mut Gathered, recno: i64, seal: &Seal) -> Result<()> {
        let claim = seal.claim();
        let Some(key) = self.known.key(&claim.key, &claim.author) else {
            gathered.report.seals.unknown += 1;
            return Ok(());
        };
        let target = self.target(&claim.object, claim.version.as_ref(), |held| {
            hex::encode(&held.hash) == claim.sha256
        })?;
        let other =
            target.is_some_and(|held| !held.erased && hex::encode(&held.hash) != claim.sha256);
        if other || seal.verify(key).is_err() {
            gathered.report.seals.broken += 1;
            tracing::debug!(log.leaf = recno, "a seal beside its record does not fit it");
        } else {
            gathered.report.seals.good += 1;
        }
        Ok(())
    }

    /// A content is gone if and only if an erasure of ours says so, and what is left is what it was.
    fn erasures(&self, gathered: &mut Gathered) -> Result<()> {
        let mut said: HashMap<i64, Vec<String>> = HashMap::new();
        for recno in std::mem::take(&mut gathered.erasures) {
            let Some(says) = self.said::<Erased>(recno, &mut gathered.report)? else {
                continue;
            };
            if let Ok(leaf) = i64::try_from(says.leaf) {
                said.entry(leaf).or_default().push(says.leaf_digest);
            }
        }
        for recno in std::mem::take(&mut gathered.erased) {
            let Some(row) = self.row(recno)? else {
                continue;
            };
            let (id, version) = (row.id.clone(), row.version.clone());
            let mut find = |area, what: &str| {
                let finding = Finding::at(area, recno, what).named(&id, &version);
                gathered.report.find(finding);
            };
            let Some(said) = said.remove(&recno) else {
                find(
                    Area::Erasure,
                    "its content is gone, and no erasure of ours in the log says why",
                );
                continue;
            };
            let taken = self.look.meta(&taken_with(recno))?;
            let left = self.known.leaf_digest(&Work { row, taken });
            if !left.is_some_and(|left| said.contains(&hex::encode(left))) {
                find(
                    Area::Leaf,
                    "what is left of the erased record is not what its erasure says",
                );
            }
        }
        for leaf in said.into_keys() {
            let what = "an erasure in the log says that its content is gone, and it is there";
            gathered.report.find(Finding::at(Area::Erasure, leaf, what));
        }
        Ok(())
    }
}

/// Under which names the store keeps labels that records were taken with.
pub(super) fn taken_with_prefix() -> String {
    let name = taken_with(0);
    name.trim_end_matches('0').to_owned()
}
