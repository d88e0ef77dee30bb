//! What acceptance would say, without its doing anything.
//!
//! Invariant: a rehearsal is acceptance itself, undone before the commit; it leaves no record, no leaf and nothing that awaits.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};

use crate::node::Node;
use crate::peers::quota::accept_within;
use crate::submission::{Receipt, Submission};

/// Undoes the change that it is returned from.
#[derive(Debug, thiserror::Error)]
#[error("a rehearsal is over")]
struct Over;

impl Node {
    /// Says what would become of objects if they were submitted now. Waits on this thread. Numbers of what would await a decision are
    /// not given out.
    ///
    /// # Errors
    /// Those of [`Node::accept`].
    pub fn rehearse(&self, submission: Submission) -> Result<Receipt> {
        let lot = self.lot(submission)?;
        let said = Arc::new(Mutex::new(None));
        let ended = self.change({
            let said = Arc::clone(&said);
            move |change| -> Result<()> {
                let receipt = accept_within(change, &lot)?;
                *said.lock().unwrap_or_else(PoisonError::into_inner) = Some(receipt);
                // What was looked up meanwhile may rest on what is undone now.
                change.reload()?;
                Err(Over.into())
            }
        });
        match ended.wait() {
            Err(error) if error.is::<Over>() => {}
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        let receipt = said.lock().unwrap_or_else(PoisonError::into_inner).take();
        receipt.context("the rehearsal said nothing")
    }
}
