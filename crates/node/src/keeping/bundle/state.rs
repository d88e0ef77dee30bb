//! How far the bundles with one peer have come, in both directions.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use stix::ObjectId;
use store::{LedgerEntry, Look};

use super::Receipt;
use crate::arrivals::Arrivals;
use crate::clock::Micros;
use crate::keeping::deliveries::note_taken;
use crate::withdrawal::{self, Moved};
use crate::writer::Change;

/// Up to which position each collection was given.
pub(super) type Reached = BTreeMap<String, i64>;

/// A bundle on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub number: u64,
    pub digest: String,
    pub made: Micros,
    pub reached: Reached,
    /// Positions by collection.
    pub records: BTreeMap<String, i64>,
    /// How many records it holds, seals and labels left out.
    #[serde(default)]
    pub held: Option<u64>,
}

/// A bundle of which not all could be taken at once: what was put before people and discarded by them is not put there again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opening {
    /// The digest of its header.
    pub digest: String,
    /// So many of its objects were taken, or turned down one by one.
    pub objects: u64,
    /// What came of them.
    pub came: Arrivals,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The number of the last one that was sealed, and the digest of its header.
    pub sealed: u64,
    pub sealed_digest: String,
    /// Not receipted yet.
    pub on_the_way: Vec<Sent>,
    /// Up to where receipts confirm it.
    pub confirmed: Reached,
    /// The number of the last one that was opened, and the digest of its header.
    pub opened: u64,
    pub opened_digest: String,
    /// How far one has come whose opening was broken off.
    #[serde(default)]
    pub opening: Option<Opening>,
    /// What the other side said became of ours: the last of it.
    #[serde(default)]
    pub acknowledged: Vec<Receipt>,
    /// To be given with every bundle until the other side seals one that came after.
    pub receipts: Vec<Receipt>,
}

/// So many receipts are repeated.
const REPEATED: usize = 64;

fn name(peer: &ObjectId) -> String {
    format!("bundles/{peer}")
}

impl State {
    pub(super) fn read(look: &Look, peer: &ObjectId) -> Result<Self> {
        match look.meta(&name(peer))? {
            Some(json) => serde_json::from_slice(&json).context("the state of bundles is damaged"),
            None => Ok(Self::default()),
        }
    }

    pub(super) fn write(&self, change: &mut Change<'_, '_>, peer: &ObjectId) -> Result<()> {
        Ok(change
            .txn
            .set_meta(&name(peer), &serde_json::to_vec(self)?)?)
    }

    /// A bundle was opened here.
    pub(super) fn note_opened(&mut self, receipt: Receipt, now: Micros) {
        (self.opened, self.opened_digest) = (receipt.number, receipt.digest.clone());
        self.opening = None;
        self.receipts.push(Receipt {
            opened: Some(now),
            ..receipt
        });
        let excess = self.receipts.len().saturating_sub(REPEATED);
        self.receipts.drain(..excess);
    }

    /// A bundle of ours was opened there: what it held was taken.
    pub(super) fn confirm(
        &mut self,
        change: &mut Change<'_, '_>,
        peer: &ObjectId,
        receipt: &Receipt,
    ) -> Result<()> {
        let fits = |sent: &Sent| sent.number == receipt.number && sent.digest == receipt.digest;
        let Some(at) = self.on_the_way.iter().position(fits) else {
            return Ok(());
        };
        let sent = self.on_the_way.remove(at);
        self.acknowledged.push(receipt.clone());
        let excess = self.acknowledged.len().saturating_sub(REPEATED);
        self.acknowledged.drain(..excess);
        self.on_the_way.retain(|other| other.number > sent.number);
        for (alias, high) in sent.reached {
            let low = self.confirmed.get(&alias).copied().unwrap_or(0);
            let records = sent.records.get(&alias).copied().unwrap_or(0);
            if high <= low {
                continue;
            }
            let collection = change.txn.collections()?;
            let collection = collection.iter().find(|found| found.uuid == alias);
            if let Some(collection) = collection.filter(|_| records > 0) {
                let line = LedgerEntry {
                    viewer: peer.to_string(),
                    collection: collection.id,
                    purpose: "relay".to_owned(),
                    outcome: format!("taken by bundle {}", sent.number),
                    low,
                    high,
                    records,
                    first_at: sent.made,
                    // By their clock it was opened before we have heard of it, and after it was made.
                    last_at: receipt
                        .opened
                        .map_or(change.now, |opened| opened.min(change.now).max(sent.made)),
                    ..LedgerEntry::default()
                };
                note_taken(change.txn, [&line], change.register.last_left())?;
                // What was tightened while the bundle was on its way is withdrawn from it too.
                for (recno, place) in
                    change
                        .txn
                        .left_since(collection.id, (low, high), sent.made)?
                {
                    let before = vec![place];
                    withdrawal::ask_late(change, &line, &Moved { recno, before })?;
                }
                withdrawal::delivered(change, peer, collection.id, high)?;
            }
            self.confirmed.insert(alias, high);
        }
        Ok(())
    }
}
