//! What a person writes by hand: let in like anything else, by somebody who may write.
//!
//! Invariant: the right to write is looked up in the transaction that takes the record.

use anyhow::Result;
use stix::ObjectId;
use store::Look;

use crate::accept::{ABOVE, Lot, OTHER_CONTENT, accept};
use crate::admission::Why;
use crate::clearance;
use crate::matters::Meanwhile;
use crate::node::Node;
use crate::pending::Pending;
use crate::submission::{Line, Outcome, Receipt, Submission};
use crate::users::{Actor, Right};
use crate::writer::Change;

/// A piece that was not taken, for which nothing was written of what was handed over with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} was not taken: {reason}", .id.as_deref().unwrap_or("a piece"))]
pub struct NotTaken {
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Why, in English.
    pub reason: String,
    /// The same in short, as lists of what waits have it; none where `reason` names a rule of STIX that is broken.
    pub code: Option<&'static str>,
    /// Whether it is marked above what this node may hold, so that nothing of it is kept anywhere.
    pub is_above: bool,
}

impl NotTaken {
    /// Of a line on a receipt, unless the piece was taken.
    #[must_use]
    pub fn of(line: &Line) -> Option<Self> {
        let (Outcome::Awaiting { reason, .. } | Outcome::Refused { reason }) = &line.outcome else {
            return None;
        };
        Some(Self {
            id: line.id.clone(),
            reason: reason.clone(),
            code: code_of(reason),
            is_above: reason == ABOVE,
        })
    }
}

/// The code of a sentence by which something was not taken, as lists of what waits have it; none where it names a rule of STIX that is broken.
#[must_use]
pub fn code_of(reason: &str) -> Option<&'static str> {
    match reason {
        ABOVE => Some("above"),
        OTHER_CONTENT => Some("other-content"),
        _ => Why::code_of(reason),
    }
}

impl Node {
    /// Lets in what a desk composed for somebody, however much and under however many labels it is: all of it or nothing. Who releases
    /// writes what goes out, too.
    ///
    /// # Errors
    /// [`NotTaken`] with the first piece that the node did not take; [`Refused`](crate::Refused); else as [`Node::accept`].
    pub fn write_whole(
        &self,
        submissions: Vec<Submission>,
        by: &Actor,
    ) -> Result<Pending<Vec<Receipt>>> {
        self.whole(submissions, by, None)
    }

    /// The same, from what was the newest version of an object, as [`Node::version_here`] told it before it was read: of two who change one
    /// version at once, one is taken.
    ///
    /// # Errors
    /// [`Meanwhile`] when there is a newer one; else as [`Node::write_whole`].
    pub fn write_whole_after(
        &self,
        submissions: Vec<Submission>,
        (id, here): (&ObjectId, Option<i64>),
        by: &Actor,
    ) -> Result<Pending<Vec<Receipt>>> {
        self.whole(submissions, by, Some((id.clone(), here)))
    }

    fn whole(
        &self,
        submissions: Vec<Submission>,
        by: &Actor,
        after: Option<(ObjectId, Option<i64>)>,
    ) -> Result<Pending<Vec<Receipt>>> {
        let lots = submissions.into_iter().map(|one| self.lot_of(one, by));
        let lots = lots.collect::<Result<Vec<_>>>()?;
        let right = match by.may(Right::Write) {
            true => Right::Write,
            false => Right::Release,
        };
        let by = by.clone();
        Ok(self.change(move |change| {
            change.authorize(&by, right)?;
            if let Some((id, here)) = &after
                && newest(change.txn, id)? != *here
            {
                return Err(Meanwhile.into());
            }
            let mut receipts = Vec::with_capacity(lots.len());
            for lot in &lots {
                let receipt = accept(change, lot)?;
                if let Some(not) = receipt.lines.iter().find_map(NotTaken::of) {
                    return Err(not.into());
                }
                receipts.push(receipt);
            }
            asked_by(change, &by);
            Ok(receipts)
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
            let receipt = accept(change, &lot)?;
            asked_by(change, &by);
            Ok(receipt)
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
            let receipt = accept(change, &lot)?;
            asked_by(change, &by);
            Ok(receipt)
        }))
    }
}

/// What waits then is a case of its own where a person sent it themselves; what a program sends piece by piece is cleared together.
fn asked_by(change: &mut Change<'_, '_>, by: &Actor) {
    if by.scope().is_none() {
        clearance::submitted_by_hand(change);
    }
}

fn newest(look: &Look, id: &ObjectId) -> Result<Option<i64>> {
    let Some(object) = look.object_no(id)? else {
        return Ok(None);
    };
    let all = look.versions_of(object)?;
    Ok(all.iter().map(|held| held.recno).max())
}
