//! How much a peer may bring in a day, and how much of it may await a decision at a time: by whichever way it comes.
//!
//! Invariant: what is too much is turned down whole, before anything of it is kept, and whoever brings it hears so; it can bring it again.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use super::{Course, with_course};
use crate::accept::{Lot, accept};
use crate::admission::{SEAL_LATE, Why};
use crate::arrivals::goes_beside;
use crate::clock::{DAY, Micros, SECOND};
use crate::config::Limits;
use crate::reading::Look;
use crate::submission::{Channel, Outcome, Receipt};
use crate::writer::Change;

/// How many notices to authors one participant can bring about in a day.
const NOTICES: u64 = 100;

/// What one peer may bring, and what of it may wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    /// In a day.
    pub brought: Amount,
    /// At a time.
    pub awaiting: Amount,
}

/// So many times as much may wait of what was sealed in time by keys that were replaced since: whoever has much of others cannot help it, and
/// somebody with such a key is stopped all the same.
const LATE: u64 = 10;

/// What of a peer's awaits a decision.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Waits {
    own: Amount,
    late: Amount,
}

/// So many objects of so many bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Amount {
    pub objects: u64,
    pub bytes: u64,
}

/// A peer has brought as much as it may. Nothing of what it brought now was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Surplus {
    /// In a day.
    #[error("it has brought as many objects today as it may; the rest waits until tomorrow")]
    Today {
        /// When the next day begins, in seconds from now.
        seconds: u64,
    },
    /// In front of those who decide.
    #[error("{0} of its objects await a decision; nothing more is taken until some are decided")]
    Awaiting(u64),
}

impl Surplus {
    /// After how many seconds it may come again.
    pub fn retry_after(&self) -> u64 {
        match self {
            Self::Today { seconds } => *seconds,
            Self::Awaiting(_) => 3_600,
        }
    }
}

impl Quota {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            brought: Amount {
                objects: limits.peer_objects_per_day,
                bytes: limits.peer_bytes_per_day,
            },
            awaiting: Amount {
                objects: limits.peer_awaiting,
                bytes: limits.peer_awaiting_bytes,
            },
        }
    }
}

impl Amount {
    /// Whether there is room for more.
    fn is_within(self, most: Self) -> bool {
        self.objects < most.objects && self.bytes < most.bytes
    }

    fn times(self, factor: u64) -> Self {
        Self {
            objects: self.objects.saturating_mul(factor),
            bytes: self.bytes.saturating_mul(factor),
        }
    }

    fn add(&mut self, objects: u64, bytes: u64) {
        self.objects = self.objects.saturating_add(objects);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

impl Waits {
    fn is_within(self, most: Amount) -> bool {
        self.own.is_within(most) && self.late.is_within(most.times(LATE))
    }
}

/// Lets a lot in; one that a peer brings, within what it may.
pub(crate) fn accept_within(change: &mut Change<'_, '_>, lot: &Lot) -> Result<Receipt> {
    let Some(peer) = lot.channel.peer() else {
        return accept(change, lot);
    };
    if change.register.peer(peer).is_none() {
        return accept(change, lot);
    }
    room(change, peer)?;
    let receipt = accept(change, lot)?;
    count(change, peer, lot, &receipt)?;
    Ok(receipt)
}

fn course(change: &Change<'_, '_>, peer: &ObjectId) -> Result<Course> {
    let row = change.txn.peer(peer.as_str())?;
    Course::read(row.as_ref().and_then(|row| row.cursor.as_deref()))
}

/// Whether a peer may bring anything now.
pub(crate) fn room(change: &mut Change<'_, '_>, peer: &ObjectId) -> Result<()> {
    let (quota, course) = (change.limits.peer, course(change, peer)?);
    if let Some(surplus) = course.surplus_today(change.now, quota.brought) {
        return Err(surplus.into());
    }
    if course.has_room(change.now, quota) {
        return Ok(());
    }
    // Some may have been decided, or counted twice.
    let waits = waiting(change.txn, peer)?;
    if !waits.is_within(quota.awaiting) {
        let all = waits.own.objects.saturating_add(waits.late.objects);
        return Err(Surplus::Awaiting(all).into());
    }
    with_course(change, peer, |course| course.recount(waits))
}

/// What of a peer's awaits a decision, by whichever way it came.
fn waiting(look: &store::Look, peer: &ObjectId) -> Result<Waits> {
    let mut waits = Waits::default();
    for channel in [Channel::Peer(peer.clone()), Channel::Bundle(peer.clone())] {
        let channel = channel.to_string();
        let (all, bytes) = look.count_pending_by(&channel, "")?;
        let (late, late_bytes) = look.count_pending_by(&channel, SEAL_LATE)?;
        waits
            .late
            .add(u64::try_from(late)?, u64::try_from(late_bytes)?);
        let own = (all.saturating_sub(late), bytes.saturating_sub(late_bytes));
        waits.own.add(u64::try_from(own.0)?, u64::try_from(own.1)?);
    }
    Ok(waits)
}

/// Counts what a peer brought. A bundle that is opened again, on another day, goes on behind what it brought before.
fn count(change: &mut Change<'_, '_>, peer: &ObjectId, lot: &Lot, receipt: &Receipt) -> Result<()> {
    let again = matches!(lot.channel, Channel::Bundle(_));
    let (mut brought, mut waits) = (Amount::default(), Waits::default());
    let mut records = 0;
    for (look, line) in lot.looks.iter().zip(&receipt.lines) {
        let bytes = match look {
            Look::Good(good) => good.body.len(),
            Look::Bad { body, .. } => body.len(),
            Look::Above => 0,
        };
        let bytes = u64::try_from(bytes)?;
        // What is here is put forward again where others come to reach it: that takes nothing from what is new.
        let known = line.outcome == Outcome::Known;
        brought.objects += u64::from(!known);
        if !(again && known) {
            brought.bytes += bytes;
        }
        let beside = line.id.as_deref().is_some_and(goes_beside);
        records += u64::from(line.outcome == Outcome::Accepted && !beside);
        if let Outcome::Awaiting { reason, .. } = &line.outcome {
            match Why::code_of(reason) == Some(SEAL_LATE) {
                true => waits.late.add(1, bytes),
                false => waits.own.add(1, bytes),
            }
        }
    }
    let now = change.now;
    with_course(change, peer, |course| {
        course.records = course.records.saturating_add(records);
        course.count(now, brought, waits);
    })
}

/// The notices of one day, by whoever brought them about.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Notices {
    day: i64,
    by: BTreeMap<ObjectId, u64>,
}

/// Where they are counted.
const COUNTED: &str = "notices.today";

/// Whether one more notice may go out today for what this participant brought; it is counted.
pub(crate) fn may_notify(change: &mut Change<'_, '_>, relay: &ObjectId) -> Result<bool> {
    let mut notices: Notices = match change.txn.meta(COUNTED)? {
        Some(json) => serde_json::from_slice(&json).context("the count of notices is damaged")?,
        None => Notices::default(),
    };
    let day = change.now.div_euclid(DAY);
    if notices.day != day {
        let by = BTreeMap::new();
        notices = Notices { day, by };
    }
    let count = notices.by.entry(relay.clone()).or_default();
    if *count >= NOTICES {
        return Ok(false);
    }
    *count += 1;
    change
        .txn
        .set_meta(COUNTED, &serde_json::to_vec(&notices)?)?;
    Ok(true)
}

impl Course {
    /// Why nothing more is taken today.
    fn surplus_today(&self, now: Micros, most: Amount) -> Option<Surplus> {
        let today = Amount {
            objects: self.today,
            bytes: self.bytes_today,
        };
        let left = DAY - now.rem_euclid(DAY);
        (self.day == now.div_euclid(DAY) && !today.is_within(most)).then(|| Surplus::Today {
            seconds: u64::try_from(left / SECOND).unwrap_or(0) + 1,
        })
    }

    /// How many objects it may still bring today.
    pub(crate) fn left_today(&self, now: Micros, most: Amount) -> u64 {
        match now.div_euclid(DAY) == self.day {
            true => most.objects.saturating_sub(self.today),
            false => most.objects,
        }
    }

    /// Whether it may bring something, as far as was counted.
    pub(crate) fn has_room(&self, now: Micros, quota: Quota) -> bool {
        let amount = |objects, bytes| Amount { objects, bytes };
        let waits = Waits {
            own: amount(self.awaiting, self.awaiting_bytes),
            late: amount(self.late, self.late_bytes),
        };
        self.surplus_today(now, quota.brought).is_none() && waits.is_within(quota.awaiting)
    }

    /// What awaits a decision was counted anew.
    fn recount(&mut self, waits: Waits) {
        (self.awaiting, self.awaiting_bytes) = (waits.own.objects, waits.own.bytes);
        (self.late, self.late_bytes) = (waits.late.objects, waits.late.bytes);
    }

    /// It brought objects, some of which await a decision.
    fn count(&mut self, now: Micros, brought: Amount, waits: Waits) {
        let day = now.div_euclid(DAY);
        if day != self.day {
            (self.day, self.today, self.bytes_today) = (day, 0, 0);
        }
        self.today = self.today.saturating_add(brought.objects);
        self.bytes_today = self.bytes_today.saturating_add(brought.bytes);
        self.awaiting = self.awaiting.saturating_add(waits.own.objects);
        self.awaiting_bytes = self.awaiting_bytes.saturating_add(waits.own.bytes);
        self.late = self.late.saturating_add(waits.late.objects);
        self.late_bytes = self.late_bytes.saturating_add(waits.late.bytes);
    }
}
