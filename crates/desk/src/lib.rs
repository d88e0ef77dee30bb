//! What every desk has: how its records are declared, written and read, and found again on its pages. What a desk knows, and what follows
//! from it, is the desk's own.
//!
//! - [`record!`] and [`choice!`] declare a kind of record once: structure, reading, writing and JSON Schema come from it. [`Kind`] names its type.
//! - [`Label`] and [`Batch`] write: what is composed is labeled, handed to the node, sealed and logged there.
//! - [`Register`] reads for one viewer and purpose, by the facets that [`facets`] declares.
//! - [`object`] and [`strictest`] are for pages.
//!
//! Invariant: everything is written through `Node::accept` and read as [`policy::Released`]. A desk has no other way.

// What `record!` writes names this package, here as in a desk.
extern crate self as desk;

mod batch;
pub mod facets;
mod label;
mod page;
mod piece;
mod register;
#[macro_use]
pub mod shape;
mod translation;

pub use batch::{Batch, By};
pub use label::Label;
pub use page::{object, strictest};
pub use piece::{EXTENSION, Kind, NewPiece, Piece, Source};
pub use register::{ALWAYS, Part, Register};
pub use shape::{Blank, Shape, schema};
pub use translation::{Translation, Weight, Worded};

#[doc(hidden)]
pub use {serde, serde_json};
