//! What a person writes by hand: let in like anything else, by somebody who may write.
//!
//! Invariant: the right to write is looked up in the transaction that takes the record.

use anyhow::Result;
use stix::ObjectId;
use store::Look;

use crate::accept::{Lot, accept};
use crate::matters::Meanwhile;
use crate::node::Node;
use crate::pending::Pending;
use crate::reading;
use crate::submission::{Outcome, Receipt, Submission};
use crate::users::{Actor, Right};

/// A piece that was not taken, for which nothing was written of what was handed over with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} was not taken: {reason}", .id.as_deref().unwrap_or("a piece"))]
pub struct NotTaken {
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Why.
    pub reason: String,
    /// Whether it is marked above what this node may hold, so that nothing of it is kept anywhere.
    pub is_above: bool,
}

impl Node {
    /// Lets in what a desk composed for somebody, all of it or nothing. Who releases writes what goes out, too.
    ///
    /// # Errors
    /// [`NotTaken`] with the first piece that the node did not take; [`Refused`](crate::Refused); else as [`Node::accept`].
    pub fn write_whole(&self, submission: Submission, by: &Actor) -> Result<Pending<Receipt>> {
        let lot = self.lot_of(submission, by)?;
        let right = match by.may(Right::Write) {
            true => Right::Write,
            false => Right::Release,
        };
        let by = by.clone();
        Ok(self.change(move |change| {
            change.authorize(&by, right)?;
            let receipt = accept(change, &lot)?;
            let is_above = lot
                .looks
                .iter()
                .any(|look| matches!(look, reading::Look::Above));
            for line in &receipt.lines {
                if let Outcome::Awaiting { reason, .. } | Outcome::Refused { reason } =
                    &line.outcome
                {
                    return Err(NotTaken {
                        id: line.id.clone(),
                        reason: reason.clone(),
                        is_above,
                    }
                    .into());
                }
            }
            Ok(receipt)
        }))
    }

    /// Lets in what somebody wrote in the pages. The receipt comes when it is on disk.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); else as [`Node::accept`].
    pub fn write(&self, submission: Submission, by: &Actor) -> Result<Pending<Receipt>> {
        let lot = self.lot_of(submission, by)?;
        let by = by.clone();
        Ok(self.change(move |change| {
            change.authorize(&by, Right::Write)?;
            accept(change, &lot)
        }))
    }

    /// What somebody brings; a program with a token of theirs writes in their name and releases nothing.
    fn lot_of(&self, submission: Submission, by: &Actor) -> Result<Lot> {
        Ok(Lot {
            in_person: by.scope().is_none(),
            ..self.lot(submission)?
        })
    }

    /// The newest version of an object that is here, whoever may see it: what a change goes on from.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn version_here(&self, id: &ObjectId) -> Result<Option<i64>> {
        newest(&*self.read()?, id)
    }

    /// Lets in what somebody wrote from what was the newest version of an object, as [`Node::version_here`] told it before they read it: of
    /// two who change one version at once, one is taken.
    ///
    /// # Errors
    /// [`Meanwhile`] when there is a newer one; else as [`Node::write`].
    pub fn write_after(
        &self,
        submission: Submission,
        (id, here): (&ObjectId, Option<i64>),
        by: &Actor,
    ) -> Result<Pending<Receipt>> {
        let lot = self.lot_of(submission, by)?;
        let (by, id) = (by.clone(), id.clone());
        Ok(self.change(move |change| {
            change.authorize(&by, Right::Write)?;
            if newest(change.txn, &id)? != here {
                return Err(Meanwhile.into());
            }
            accept(change, &lot)
        }))
    }
}

fn newest(look: &Look, id: &ObjectId) -> Result<Option<i64>> {
    let Some(object) = look.object_no(id)? else {
        return Ok(None);
    };
    let all = look.versions_of(object)?;
    Ok(all.iter().map(|held| held.recno).max())
}
