//! Whether this folder is an older copy of itself, as a peer shows who has had what is not in it: it asks for what comes after that.
//!
//! Invariant: nothing is refused for it, since a peer may ask for anything; people are told whose word it is, and decide.

use anyhow::Result;
use stix::ObjectId;
use store::Reader;

use crate::clock::Micros;
use crate::node::Node;
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
        let owned_up = reader.meta(OWNED_UP)?;
        let owned_up = owned_up.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
        if owned_up.is_some_and(|at: Micros| after <= at) {
            return Ok(());
        }
        let name = self
            .register()
            .peer(peer)
            .map_or_else(|| peer.to_string(), |known| known.name.clone());
        if self.inner.pulse.is_older_than(&name) {
            // Who talks to whom is for the page of health, not for the log.
            tracing::warn!("folder.older: a peer has had records of this node that are not here");
        }
        Ok(())
    }
}

/// The node says that it was restored: peers may ask for what comes after all that it gave until now.
pub(crate) fn own_up(change: &mut Change<'_, '_>) -> Result<()> {
    let now = change.now.to_string();
    Ok(change.txn.set_meta(OWNED_UP, now.as_bytes())?)
}
