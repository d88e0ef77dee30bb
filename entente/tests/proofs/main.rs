//! Nodes seen from outside, under faults, bad input and curious viewers: docs/proofs.md says what each proof promises.
//!
//! Invariant: every harness fails on a bug that is planted in it, in the same run; and none waits by the clock.

mod canary;
mod dice;
mod front;
mod hostile;
mod hostile_server;
mod killed;
mod peering;
mod program;
mod wire;
