//! Peers: other participants' nodes. Invariant: what a peer is and may do is written by the node; the store only keeps it.

use rusqlite::Row;

use crate::error::Result;
use crate::look::Look;
use crate::sql::registers;
use crate::write::WriteTxn;

/// A peer and how it stands with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Peer {
    /// The participant whose node it is.
    pub participant: String,
    /// Introduced, confirmed, suspended: the node's words.
    pub state: String,
    /// Address, keys, collections, quota: the node's own writing.
    pub profile: String,
    /// Up to where its records were taken, opaque.
    pub cursor: Option<String>,
    /// Failed tries in a row.
    pub failures: i64,
    /// When to try again.
    pub next_try: i64,
    /// Why the last try failed.
    pub trouble: Option<String>,
    /// When this was last changed.
    pub changed: i64,
}

fn peer(row: &Row<'_>) -> rusqlite::Result<Peer> {
    Ok(Peer {
        participant: row.get(0)?,
        state: row.get(1)?,
        profile: row.get(2)?,
        cursor: row.get(3)?,
        failures: row.get(4)?,
        next_try: row.get(5)?,
        trouble: row.get(6)?,
        changed: row.get(7)?,
    })
}

impl Look {
    /// All peers.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn peers(&self) -> Result<Vec<Peer>> {
        self.db().all(registers::PEERS, [], peer)
    }

    /// The peer that is this participant's node.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn peer(&self, participant: &str) -> Result<Option<Peer>> {
        self.db().one(registers::PEER, [participant], peer)
    }
}

impl WriteTxn<'_> {
    /// Adds a peer, or changes everything of it.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn put_peer(&mut self, peer: &Peer) -> Result<()> {
        let before = self.peer(&peer.participant)?;
        if before.is_none_or(|before| before.state != peer.state || before.profile != peer.profile)
        {
            self.move_generation();
        }
        let row = (
            &peer.participant,
            &peer.state,
            &peer.profile,
            &peer.cursor,
            peer.failures,
            peer.next_try,
            &peer.trouble,
            peer.changed,
        );
        self.db().run(registers::PUT_PEER, row)?;
        Ok(())
    }

    /// Forgets a peer. What came from it stays. Returns whether there was one.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_peer(&mut self, participant: &str) -> Result<bool> {
        self.move_generation();
        Ok(self.db().run(registers::DROP_PEER, [participant])? > 0)
    }
}
