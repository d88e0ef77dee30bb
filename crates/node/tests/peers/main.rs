//! Nodes among themselves: introduced, confirmed, exchanging over a wire that cuts, loses, repeats and shuffles.

mod exchange;
mod fleet;
mod introductions;
mod mesh;
