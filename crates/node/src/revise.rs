//! What a person writes by hand: let in like anything else, by somebody who may write.
//!
//! Invariant: the right to write is looked up in the transaction that takes the record.

use anyhow::Result;

use crate::accept::accept;
use crate::node::Node;
use crate::pending::Pending;
use crate::submission::{Receipt, Submission};
use crate::users::{Actor, Right};

impl Node {
    /// Lets in what somebody wrote in the pages. The receipt comes when it is on disk.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); else as [`Node::accept`].
    pub fn write(&self, submission: Submission, by: &Actor) -> Result<Pending<Receipt>> {
        let lot = self.lot(submission)?;
        let by = by.clone();
        Ok(self.change(move |change| {
            change.authorize(&by, Right::Write)?;
            accept(change, &lot)
        }))
    }
}
