//! Whether somebody who could read the node's terminal has set it up: until then it listens on its own machine only.

use anyhow::Result;

use crate::node::Node;
use crate::pending::Pending;

/// When set-up was completed, in microseconds, as text.
const SET_UP: &str = "node.set_up";

impl Node {
    /// Whether set-up has been completed.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn is_set_up(&self) -> Result<bool> {
        Ok(self.read()?.meta(SET_UP)?.is_some())
    }

    /// Completes it, for good.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn complete_set_up(&self) -> Pending<()> {
        self.change(|change| {
            Ok(change
                .txn
                .set_meta(SET_UP, change.now.to_string().as_bytes())?)
        })
    }
}
