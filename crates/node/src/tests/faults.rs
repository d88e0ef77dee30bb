//! A fault of the program itself, in the middle of a change or of a commit.

use std::sync::mpsc::channel;

use super::*;
use crate::facets::awaiting::Awaiting;
use crate::facets::{Declared, Form};
use crate::keeping::verify::{Ask, verify};
use crate::{Pending, is_unwritten};

fn told<T: std::fmt::Debug>(pending: Pending<T>) -> anyhow::Error {
    pending.wait().unwrap_err()
}

fn nothing_found(bench: &Bench) {
    let report = verify(bench.node.folder().root(), &Ask::default(), &mut |_| {}).unwrap();
    assert_eq!(report.findings, []);
}

#[test]
fn a_change_that_panics_leaves_nothing_and_holds_up_nobody() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    let before = bench.node.log_size().unwrap();
    let (begin, begun) = channel::<()>();
    let held_up = bench.node.change(move |_| Ok(begun.recv()?));
    // What follows shares a commit.
    let first = bench
        .node
        .change(|change| Ok(change.txn.set_meta("first", b"1")?));
    let panics = bench.node.change(|change| -> anyhow::Result<()> {
        change.txn.set_meta("second", b"1")?;
        let own = crate::peers::notice::for_participants(
            &change.register.home().clone(),
            &std::iter::once(identity(2)).collect(),
            None,
        );
        crate::accept::insert_own(change, &note(SECOND, ""), &own, None)?;
        change.txn.put_circle(&store::Circle {
            id: "00000000-0000-4000-8000-0000000000c1".into(),
            name: "North".into(),
            owner: identity(2).to_string(),
            epoch: 1,
            ..store::Circle::default()
        })?;
        change.reload()?;
        panic!("planted");
    });
    let last = bench.node.change(|change| {
        assert!(change.register.circles().next().is_none());
        Ok(change.log.size())
    });
    begin.send(()).unwrap();
    held_up.wait().unwrap();
    first.wait().unwrap();
    let error = told(panics);
    assert!(
        error.to_string().contains("nothing of it was kept"),
        "{error}"
    );
    assert!(!is_unwritten(&error), "the same fails again");
    assert_eq!(last.wait().unwrap(), before, "no leaf of it is left");
    let reader = bench.node.read().unwrap();
    assert!(reader.meta("first").unwrap().is_some());
    assert!(reader.meta("second").unwrap().is_none());
    drop(reader);
    assert!(bench.node.circles().is_empty());
    bench.import(amber(&kestria), &[note(SECOND, "")]);
    assert_eq!(bench.polled(&bench.node.viewer_of(&kestria, true)).len(), 2);
    nothing_found(&bench);
}

fn faulty(_: &[&[u8]], _: &[&[u8]]) -> Vec<bool> {
    panic!("planted")
}

#[test]
fn a_commit_that_panics_ends_writing_and_keeps_what_was_acknowledged() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    let before = bench.node.log_size().unwrap();
    bench.node.declare(&[Declared {
        kind: "note",
        name: "note.asks",
        pointer: "/asks",
        form: Form::Time,
    }]);
    bench.node.declare_awaiting(&[Awaiting {
        kind: "note",
        facets: &["note.asks"],
        among: "about",
        answered: faulty,
    }]);
    let asks = note(SECOND, &format!(r#","asks":"{FIRST}""#));
    let submission = Submission {
        objects: std::iter::once(0..asks.len()).collect(),
        bytes: Bytes::from(asks),
        channel: Channel::Import,
        submitter: bench.node.home().id.clone(),
        person: None,
        collection: "situation".into(),
        marking: amber(&kestria),
    };
    let error = told(bench.node.accept(submission).unwrap());
    assert!(is_unwritten(&error), "{error:#}");
    let error = told(bench.node.change(|_| Ok(())));
    assert!(error.to_string().contains("started again"), "{error:#}");
    // Reading goes on, and the disk has what was acknowledged.
    let sees = bench.polled(&bench.node.viewer_of(&kestria, true));
    assert_eq!(sees, [FIRST]);
    assert_eq!(bench.node.log_size().unwrap(), before);
    nothing_found(&bench);
}
