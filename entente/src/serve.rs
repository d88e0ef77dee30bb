//! What a serving node does beside its records: its doors, its figures, its set-up code.

mod certificates;
mod health;
pub(crate) mod listener;
pub(crate) mod metrics;
mod origin;
mod paced;
pub(crate) mod pages;
mod refusals;
mod room;
pub(crate) mod router;
pub(crate) mod tls;
mod unhurried;
