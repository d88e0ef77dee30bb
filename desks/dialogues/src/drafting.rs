//! Texts in the making: rounds, what is open in them and whose it is, files that leave and return.
//!
//! `ink` (words and who would have them otherwise), `propose` and `settle` (what a side does to a passage), `rounds` (which round follows
//! which), `bench` (a round in preparation, kept on this node), `sources` (what it is made of), `docx` (as files), `returned` (what a file
//! that came back says), `send` (as records).
//!
//! Invariant: no word of a side is lost: what another side, or a file, does to it stands beside it.

pub mod bench;
mod compare;
pub mod docx;
pub mod ink;
pub mod propose;
pub mod returned;
pub mod rounds;
pub mod send;
pub mod settle;
pub mod sources;

/// The moment of a round as files have it: in whole seconds, so that any program keeps it.
pub fn stamp(at: &str) -> String {
    format!("{}Z", at.get(..19).unwrap_or("1970-01-01T00:00:00"))
}
