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

pub mod access;
mod admission;
mod ceiling;
pub mod chance;
pub mod clock;
pub mod config;
pub mod folder;
pub mod keys;
mod labels;
mod reading;
pub mod seal;
pub mod submission;
