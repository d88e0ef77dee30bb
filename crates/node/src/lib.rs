//! What a node does: it accepts records, reads them for a viewer, and keeps its promises about them.
//!
//! Everything enters through `Node::accept` and leaves through the reads of this crate, which hand out
//! [`policy::Released`] values only.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod accept;
pub mod access;
mod admission;
mod again;
mod arrivals;
mod called;
mod ceiling;
pub mod chance;
mod change;
mod circles;
pub mod clearance;
pub mod clock;
mod collections;
pub mod config;
pub mod facets;
pub mod folder;
mod foretold;
mod gained;
pub mod health;
pub mod house;
pub mod in_force;
mod jobs;
pub mod keeping;
pub mod keys;
mod labelling;
mod labels;
mod late;
mod leaf;
pub mod ledger;
mod log;
mod markings;
pub mod matters;
mod news;
mod node;
pub mod overview;
pub mod peers;
mod pending;
mod people;
mod posting;
pub mod proof;
mod read;
mod reading;
mod register;
mod rehearsal;
mod relabel;
mod revise;
pub mod seal;
mod setup;
pub mod submission;
#[cfg(test)]
mod tests;
pub mod under_key;
pub mod users;
pub mod waiting;
pub mod withdrawal;
mod writer;

pub use access::{Access, Credentials};
pub use called::{LONGEST_NAME, UnfitName, fit_name};
pub use ceiling::{Above, Banner};
pub use collections::Collection;
pub use jobs::Jobs;
pub use matters::Meanwhile;
pub use news::News;
pub use node::{New, Node};
pub use pending::{Pending, is_unwritten};
pub use people::{Granted, NewAccess, NewOwnCollection};
pub use posting::Removal;
pub use register::{Circle, Kind, Participant};
pub use revise::{NotTaken, code_of};
pub use submission::{Channel, Outcome, Receipt, Submission};
pub use users::{Actor, Refused, Right, Role, Roles};
