//! The client against servers that do everything that was seen in the field, and worse.

mod delivery;
mod exchange;
mod peer;
mod pull;
mod tls;
