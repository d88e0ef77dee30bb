//! Whether this folder is an older copy of itself, as a peer shows who has had what is not in it: it asks for what comes after that, or
//! brings it back.
//!
//! Invariant: nothing is refused for it, since a peer may ask for anything; people are told whose word it is, and decide.

use anyhow::Result;
use stix::{ObjectId, Timestamp};
use store::Reader;

use crate::accept::Lot;
use crate::arrivals::goes_beside;
use crate::clock::Micros;
use crate::node::Node;
use crate::reading::Look;
use crate::submission::{Outcome, Receipt};
use crate::writer::Change;

/// When the node said that it was restored: what it gave before, and forgot, it has owned up to.
const OWNED_UP: &str = "node.announced";

impl Node {
    /// A peer asks a collection for what comes after a place, and there is nothing. No place is given twice, so one that lies behind all
    /// that were ever given here was given by a node that knew more than this one.
    pub(crate) fn asked_behind_all(
        &self,
        reader: &Reader<'_>,
        peer: &ObjectId,
        collection: i64,
        after: Micros,
    ) -> Result<()> {
        let collections = reader.collections()?;
        let given = collections.iter().find(|known| known.id == collection);
        if given.is_none_or(|given| after <= given.last) {
            return Ok(());
        }
        if !owned_up(reader.meta(OWNED_UP)?, after) {
            self.peer_has_more(peer);
        }
        Ok(())
    }

    /// A peer has had what is not here, or brought it.
    pub(crate) fn peer_has_more(&self, peer: &ObjectId) {
        let name = self
            .register()
            .peer(peer)
            .map_or_else(|| peer.to_string(), |known| known.name.clone());
        if self.inner.pulse.is_older_than(&name) {
            // Who talks to whom is for the page of health, not for the log.
            tracing::warn!("folder.older: a peer has had records of this node that are not here");
        }
    }
}

/// Whether a peer brought what this node wrote and sealed, and did not have: nobody else could have.
pub(crate) fn brought_back(change: &Change<'_, '_>, lot: &Lot, receipt: &Receipt) -> Result<bool> {
    let home = change.register.home();
    let ours = lot.looks.iter().zip(&receipt.lines).filter_map(|pair| {
        let (Look::Good(good), Outcome::Accepted) = (pair.0, &pair.1.outcome) else {
            return None;
        };
        let header = &good.header;
        let ours = header.created_by_ref.as_ref() == Some(home) && !goes_beside(header.id.as_ref());
        // What has no version has no time of its own, and may be older than any restoration.
        ours.then(|| header.version().map_or(Micros::MIN, Timestamp::micros))
    });
    let Some(latest) = ours.max() else {
        return Ok(false);
    };
    Ok(!owned_up(change.txn.meta(OWNED_UP)?, latest))
}

/// Whether the node has said since that it forgot what it gave.
fn owned_up(said: Option<Vec<u8>>, given: Micros) -> bool {
    let said = said.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
    said.is_some_and(|at: Micros| given <= at)
}

/// The node says that it was restored: peers may ask for what comes after all that it gave until now.
pub(crate) fn own_up(change: &mut Change<'_, '_>) -> Result<()> {
    let now = change.now.to_string();
    Ok(change.txn.set_meta(OWNED_UP, now.as_bytes())?)
}
