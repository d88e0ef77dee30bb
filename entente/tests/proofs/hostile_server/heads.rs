//! Heads of a log that contradict each other, or prove nothing. Each names itself as the log that it is of, with the key of that log.

use std::io::Write;
use std::sync::Arc;

use tlog::{Checkpoint, Hash};

use super::ground::Hostile;
use crate::front::{Does, answer};

/// A head of this size whose root nobody knows, signed at a time, with hashes for a proof.
fn head(hostile: &Hostile, size: u64, root: &str, at: u64, proof: &[String]) -> Does {
    let checkpoint = Checkpoint::new(
        hostile.log.name().clone(),
        size,
        Hash::leaf(root.as_bytes()),
    );
    shows(checkpoint.sign(&hostile.keys.log, at).unwrap(), proof)
}

fn shows(note: String, proof: &[String]) -> Does {
    says(
        serde_json::json!({ "note": note, "proof": proof })
            .to_string()
            .into_bytes(),
    )
}

fn says(body: Vec<u8>) -> Does {
    Arc::new(move |asked, stream| {
        if !asked.is_head() {
            return Ok(false);
        }
        stream.write_all(&answer(200, &[], &body)).map(|()| true)
    })
}

const NOON: u64 = 1_795_000_000;

/// Shows none: what a log does that has not begun.
pub(super) fn none(_: &Hostile) -> Does {
    silent()
}

pub(super) fn silent() -> Does {
    says(b"{}".to_vec())
}

pub(super) fn first(hostile: &Hostile) -> Does {
    head(hostile, 5, "one", NOON, &[])
}

pub(super) fn by_another_key(hostile: &Hostile) -> Does {
    let checkpoint = Checkpoint::new(hostile.log.name().clone(), 6, Hash::leaf(b"one"));
    shows(checkpoint.sign(&hostile.keys.seal, NOON + 1).unwrap(), &[])
}

pub(super) fn of_another_log(hostile: &Hostile) -> Does {
    let other = tlog::Origin::new("another.example/log").unwrap();
    let checkpoint = Checkpoint::new(other, 6, Hash::leaf(b"one"));
    shows(checkpoint.sign(&hostile.keys.log, NOON + 1).unwrap(), &[])
}

pub(super) fn no_note(_: &Hostile) -> Does {
    says(br#"{"note":"5\nnothing\n","proof":[]}"#.to_vec())
}

pub(super) fn no_json(_: &Hostile) -> Does {
    says(b"[[[[[[".to_vec())
}

pub(super) fn wrong_proof(hostile: &Hostile) -> Does {
    head(
        hostile,
        8,
        "two",
        NOON + 2,
        &["ab".repeat(32), "cd".repeat(32)],
    )
}

pub(super) fn no_proof(hostile: &Hostile) -> Does {
    head(hostile, 9, "three", NOON + 2, &[])
}

pub(super) fn proof_of_no_hashes(hostile: &Hostile) -> Does {
    head(hostile, 9, "three", NOON + 2, &["zz".to_owned()])
}

pub(super) fn proof_without_end(hostile: &Hostile) -> Does {
    head(
        hostile,
        9,
        "three",
        NOON + 2,
        &vec!["ab".repeat(32); 20_000],
    )
}

pub(super) fn size_beyond_logs(hostile: &Hostile) -> Does {
    head(
        hostile,
        u64::MAX,
        "four",
        NOON + 3,
        &vec!["ab".repeat(32); 70],
    )
}

/// One that it showed before it showed the last one, as a copy of yesterday would.
pub(super) fn yesterdays(hostile: &Hostile) -> Does {
    head(hostile, 3, "zero", NOON - 100, &[])
}

pub(super) fn fork(hostile: &Hostile) -> Does {
    head(hostile, 5, "another one", NOON + 4, &[])
}

pub(super) fn rewound(hostile: &Hostile) -> Does {
    head(hostile, 2, "nought", NOON + 5, &[])
}
