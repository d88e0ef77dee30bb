//! Nodes among themselves: introduced, confirmed, exchanging over a wire that cuts, loses, repeats and shuffles.

mod circles;
mod clearing;
mod departures;
mod exchange;
mod fleet;
mod heads;
mod introductions;
mod late;
mod mesh;
mod quotas;
mod relays;
mod renewals;
mod restorations;
mod under_key;
mod witnesses;
