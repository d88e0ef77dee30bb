//! Samples: real dialogues as public facts in our own words with their sources, and what invented parties have to say in the demo.
//! Invariant: what could not be verified says so in the record itself; loading twice changes nothing.

mod load;

pub use load::{Loaded, invented, load};
