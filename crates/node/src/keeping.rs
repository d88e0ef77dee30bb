//! How a node is kept safe over time: proven, saved and restored, its keys changed, what must go erased, and carried by hand to others.

pub mod backup;
pub mod bundle;
pub mod deliveries;
mod erase;
pub mod erasure;
mod honor;
pub mod known;
mod own;
pub(crate) mod renewal;
pub mod restoration;
pub mod trail_mark;
pub mod verify;

pub use erase::{ErasureRequest, Removed};
pub(crate) use honor::honor;
pub(crate) use renewal::keys_in_use;
pub use renewal::{Recovered, Renewed, recover_keys};
