//! Nodes among themselves: introduced, confirmed, exchanging over a wire that cuts, delays, doubles and reorders.

mod fleet;
mod introductions;
