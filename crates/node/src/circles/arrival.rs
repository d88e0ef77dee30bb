//! A roster has come from the participant that keeps a circle, or from one that says so.
//!
//! Invariant: nobody becomes the keeper of a circle by being first. A roster for an id that is made from its owner counts by that owner
//! alone; where ids are random, two who claim one make it contested, and nothing is released through it until a person has said whose it is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use policy::{CircleId, Epoch};
use serde::{Deserialize, Serialize};
use serde_json::json;
use stix::ObjectId;

use super::{check_member, leave};
use crate::clock::Micros;
use crate::node::Node;
use crate::pending::Pending;
use crate::reading::Evidence;
use crate::register::Circle;
use crate::relabel;
use crate::seal::Roster;
use crate::users::{Actor, Right};
use crate::writer::Change;

/// What the node knows of a circle beside its roster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Known {
    /// Of another's circle: when the roster that counts was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<Micros>,
    /// Of ours: what its id is made from beside our own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Others who say that they keep it, each with the record of its last roster.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<ObjectId, i64>,
    /// Those of whom a person has said that it is not theirs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    denied: BTreeSet<ObjectId>,
}

impl Known {
    /// Of a circle that we make.
    pub(super) fn ours(nonce: Option<String>) -> Self {
        Self {
            nonce,
            ..Self::default()
        }
    }

    /// As it stands in the store: earlier programs wrote nothing but a time, or nothing.
    pub(crate) fn read(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        if let Ok(made) = text.parse() {
            let made = Some(made);
            return Ok(Self {
                made,
                ..Self::default()
            });
        }
        serde_json::from_str(text).context("what is known of a circle is damaged")
    }

    /// For the store.
    pub(super) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
}

impl Node {
    /// Says whose a contested circle is: of those who claim it, or of the one whose roster came first. The others' rosters count no more.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when nobody contests it, or `keeper` does not say that it keeps it; those of the storage.
    pub fn settle_circle(
        &self,
        circle: &CircleId,
        keeper: &ObjectId,
        by: &Actor,
    ) -> Pending<Circle> {
        let (id, keeper, by) = (circle.clone(), keeper.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let stored = change
                .txn
                .circle(id.as_str())?
                .context("there is no such circle")?;
            let mut known = Known::read(&stored.profile)?;
            let claims = std::mem::take(&mut known.claims);
            ensure!(!claims.is_empty(), "nobody contests who keeps this circle");
            known.denied.extend(claims.keys().cloned());
            known.denied.insert(stored.owner.parse()?);
            known.denied.remove(&keeper);
            if stored.owner == keeper.as_str() {
                let profile = known.text()?;
                change
                    .txn
                    .put_circle(&store::Circle { profile, ..stored })?;
                change.reload()?;
            } else {
                let recno = claims
                    .get(&keeper)
                    .with_context(|| format!("{keeper} does not say that it keeps this circle"))?;
                let roster = roster(change, *recno)?;
                take(change, &roster, known)?;
            }
            let detail = json!({ "keeper": keeper });
            change.note(&by, "circle.settle", id.as_str(), &detail)?;
            let settled = change.register.circle(&id);
            settled.cloned().context("the circle is gone")
        })
    }
}

/// A roster that was verified when it came.
fn roster(change: &Change<'_, '_>, recno: i64) -> Result<Roster> {
    let good = relabel::good(change, recno)?;
    match good.and_then(|good| good.evidence) {
        Some(Ok(Evidence::Roster(roster))) => Ok(*roster),
        _ => anyhow::bail!("its roster is not here any more; ask it to send it anew"),
    }
}

/// A roster has come. It counts if it is by the circle's owner, and newer than the one that is here; its seal was verified before.
pub(crate) fn arrived(change: &mut Change<'_, '_>, roster: &Roster, recno: i64) -> Result<()> {
    if roster.by() == change.register.home() {
        return Ok(());
    }
    let Some(before) = change.txn.circle(roster.circle().as_str())? else {
        return take(change, roster, Known::default());
    };
    let mut known = Known::read(&before.profile)?;
    if before.owner == roster.by().as_str() {
        let newer = known.made.is_none_or(|last| last < roster.made().micros());
        return match newer {
            true => take(change, roster, known),
            false => Ok(()),
        };
    }
    let ours = before.owner == change.register.home().as_str();
    if ours || known.denied.contains(roster.by()) {
        return Ok(());
    }
    if let Some(last) = known.claims.get(roster.by())
        && self::roster(change, *last).is_ok_and(|last| roster.made() <= last.made())
    {
        return Ok(());
    }
    tracing::warn!(circle.id = before.id, "circle.contested");
    known.claims.insert(roster.by().clone(), recno);
    let profile = known.text()?;
    change
        .txn
        .put_circle(&store::Circle { profile, ..before })?;
    change.reload()
}

/// Takes a roster for what its circle is.
fn take(change: &mut Change<'_, '_>, roster: &Roster, mut known: Known) -> Result<()> {
    let id = roster.circle();
    let taken = |name: &str| {
        let mut others = change.register.circles().filter(|circle| circle.id != *id);
        others.any(|circle| circle.owner == *roster.by() && circle.name == name)
    };
    let mut name = roster.name().to_owned();
    while taken(&name) {
        name = format!("{name} ({})", id.as_str());
    }
    let epoch = i64::try_from(roster.epoch())?;
    known.made = Some(roster.made().micros());
    change.txn.put_circle(&store::Circle {
        id: id.as_str().to_owned(),
        name,
        owner: roster.by().to_string(),
        epoch,
        profile: known.text()?,
    })?;
    let stays: Vec<store::Stay> = change.txn.roster(id.as_str())?;
    let now = |member: &str, since: Epoch| {
        stays.iter().any(|stay| {
            stay.until.is_none()
                && stay.member == member
                && Epoch::try_from(stay.since) == Ok(since)
        })
    };
    for stay in stays.iter().filter(|stay| stay.until.is_none()) {
        let stays_on = roster.members().iter().any(|(member, since)| {
            member.to_string() == stay.member && Epoch::try_from(stay.since) == Ok(*since)
        });
        if !stays_on {
            leave(change, id.as_str(), &stay.member, epoch)?;
        }
    }
    for (member, since) in roster.members() {
        let text = member.to_string();
        if !now(&text, *since) && check_member(member).is_ok() {
            change
                .txn
                .join_circle(id.as_str(), &text, i64::try_from(*since)?)?;
        }
    }
    change.reload()
}
