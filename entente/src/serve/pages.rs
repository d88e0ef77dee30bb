//! Where the node's pages are, for links that commands print.

use std::sync::{Arc, PoisonError, RwLock};

/// Where they are while the node serves. All clones are one.
#[derive(Clone)]
pub(crate) struct Pages {
    at: Arc<RwLock<String>>,
}

impl Pages {
    /// Reached at `at`: scheme, host and port.
    pub(crate) fn new(at: String) -> Self {
        Self {
            at: Arc::new(RwLock::new(at)),
        }
    }

    /// The node is reached elsewhere from now on.
    pub(crate) fn move_to(&self, at: String) {
        *self.at.write().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Where they are.
    pub(crate) fn at(&self) -> String {
        self.at
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
