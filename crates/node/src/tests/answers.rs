//! Records that keep a facet only while no other answers them: how often they are gone through.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::facets::awaiting::Awaiting;
use crate::facets::{Declared, Form};

/// How many records the rule has looked at.
static LOOKED_AT: AtomicUsize = AtomicUsize::new(0);

/// A note is answered by one that says so.
fn answered(asking: &[&[u8]], others: &[&[u8]]) -> Vec<bool> {
    LOOKED_AT.fetch_add(asking.len(), Ordering::Relaxed);
    let answers = |body: &&[u8]| String::from_utf8_lossy(body).contains("an answer");
    let any = others.iter().any(answers);
    asking.iter().map(|_| any).collect()
}

fn asking(number: usize, says: &str) -> String {
    note(FIRST, &format!(r#","asks":"{FIRST}","abstract":"{says}""#)).replacen(
        "000000000001",
        &format!("{number:012}"),
        1,
    )
}

#[test]
fn what_comes_in_together_is_gone_through_once() {
    let counted = |all: usize| {
        let bench = bench();
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
            answered,
        }]);
        let waiting = || {
            let query = FacetQuery {
                name: "note.asks".into(),
                span: Span::Numbers(i64::MIN, i64::MAX),
                after: None,
                limit: 100,
            };
            let reader = bench.node.read().unwrap();
            let (viewer, at) = (bench.node.home_viewer(), Timestamp::from_micros(START + 1));
            let page = reader.by_facet(&viewer, Purpose::Show, &at, &query);
            page.unwrap().into_inner().rows.len()
        };
        let before = LOOKED_AT.load(Ordering::Relaxed);
        let notes: Vec<String> = (0..all).map(|n| asking(100 + n, "a question")).collect();
        bench.import(Marking::default(), &notes);
        let counted = LOOKED_AT.load(Ordering::Relaxed) - before;
        assert_eq!(waiting(), all);
        bench.import(Marking::default(), &[asking(99, "an answer")]);
        assert_eq!(waiting(), 0);
        counted
    };
    assert_eq!([20, 40].map(counted), [20, 40]);
}
