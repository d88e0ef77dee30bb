//! The dialogues desk: what did we commit to, and what followed?
//!
//! The folder reads in this order: `records` (what the desk knows), `facets` (how it is found), `compose` (how it is written) and
//! `audience` (for whom),
//! `register` (how it is read for somebody), `rules` (what follows from it, pure), `import` (how texts come in), `drafting` (texts in the
//! making), `out` (how it goes out), `pages`. What every desk needs of these is the package `desk`.
//!
//! Invariant: everything is written through `Node::accept` and read as [`policy::Released`]; readings and internal files are no
//! records and never leave the node.

mod api;
mod audience;
pub mod compose;
pub mod drafting;
pub mod facets;
pub mod import;
pub mod names;
mod pages;
pub mod records;
pub mod register;
pub mod rules;
pub mod sample;

pub use pages::Dialogues;

/// The desk's name: that of its collection, its part of the addresses, and its room for what stays on the node.
pub const DESK: &str = "dialogues";
