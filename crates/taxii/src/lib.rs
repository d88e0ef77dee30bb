//! TAXII 2.1: the wire between nodes and to everybody else, as server routes over a node and as a client.
//!
//! It decides nothing about who may see what: it asks the node, and writes what the node released.

pub mod client;
pub mod media;
pub mod peer_routes;
pub mod problem;
pub mod query;
pub mod server;
pub mod wire;
