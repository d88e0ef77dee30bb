//! How a node is kept safe over time, on nodes in folders.

mod backup;
mod bundles;
mod columns;
mod deliveries;
mod erase;
mod keys;
mod opening;
mod paths;
mod rights;
mod sample;
mod sign_in;
mod trail;
mod verify;
