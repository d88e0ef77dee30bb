//! The way to the pages: links that sign in once, at the address under which this machine reaches the node.

use std::sync::{Arc, PoisonError, RwLock};

use stix::ObjectId;

/// Makes links while the node serves. All clones are one.
#[derive(Clone)]
pub(crate) struct Pages {
    door: Arc<site::Door>,
    at: Arc<RwLock<String>>,
}

impl Pages {
    /// The pages behind `door`, reached at `at`: scheme, host and port.
    pub(crate) fn new(door: &Arc<site::Door>, at: String) -> Self {
        Self {
            door: Arc::clone(door),
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

    /// An address that opens the pages once, in nobody's name or in that of a person of this node.
    pub(crate) fn sign_in(&self, person: Option<ObjectId>) -> String {
        format!("{}{}", self.at(), self.door.link(person))
    }
}
