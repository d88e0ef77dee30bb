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

/// Holds docs/proofs.md and what was played together: a figure there is one that was counted here.
fn the_document_says(figure: &str) {
    let document = include_str!("../../../docs/proofs.md");
    assert!(
        document.contains(figure),
        "docs/proofs.md does not say: {figure}"
    );
}
