//! How a node is kept safe over time, on nodes in folders.

mod backup;
mod erase;
mod sample;
mod verify;
