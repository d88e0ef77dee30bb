//! Lists of everything in the order in which it came: whole from either end however they are cut, and nothing tells of what is hidden.

mod stage;

use policy::{Label, Purpose, Tlp};
use stage::{Put, Stage, class, id, noon, place, reader};
use store::{Options, RunQuery};

const RECORDS: u64 = 700;

#[test]
fn a_list_is_whole_from_either_end_and_hides_without_a_trace() {
    let stage = Stage::with(Options {
        durable: false,
        ..Options::default()
    });
    let kind = |n: u64| {
        if n.is_multiple_of(4) {
            "note"
        } else {
            "report"
        }
    };
    // Reader 2 sees every fifth.
    let audience = |n: u64| {
        if n.is_multiple_of(5) {
            vec![1, 2]
        } else {
            vec![1]
        }
    };
    stage
        .store
        .write(|txn| {
            for n in 0..RECORDS {
                place(
                    txn,
                    stage.collection,
                    &Put {
                        id: &id(kind(n), n),
                        version: 1,
                        label: Label::always(class(Tlp::Amber, &audience(n))),
                        added: 1 + n as i64,
                        body: b"{}",
                    },
                )?;
            }
            Ok::<_, store::Error>(())
        })
        .unwrap();
    for (viewer, step) in [(1, 1), (2, 5), (3, 10_000)] {
        for kinds in [vec![], vec!["note".to_owned()], vec!["malware".to_owned()]] {
            for down in [true, false] {
                for limit in [7, 50, 1_000] {
                    let mut expected: Vec<String> = (0..RECORDS)
                        .filter(|n| n.is_multiple_of(step) && (step < 10_000))
                        .filter(|n| kinds.is_empty() || kinds[0] == kind(*n))
                        .map(|n| id(kind(n), n).to_string())
                        .collect();
                    if down {
                        expected.reverse();
                    }
                    let mut query = RunQuery {
                        after: None,
                        down,
                        limit,
                        kinds: kinds.clone(),
                        without: vec!["seal".to_owned()],
                        collection: None,
                    };
                    let mut found = Vec::new();
                    loop {
                        let read = stage.store.read().unwrap();
                        let run = read
                            .run(&reader(viewer), Purpose::Show, &noon(), &query)
                            .unwrap()
                            .into_inner();
                        found.extend(run.rows.iter().map(|row| row.id.clone()));
                        // A further page always has something on it.
                        assert!(run.next.is_none() || run.rows.len() == limit);
                        assert!(query.after.is_none() || !run.rows.is_empty());
                        assert!(found.len() <= expected.len(), "{found:?} of {expected:?}");
                        query.after = run.next;
                        if query.after.is_none() {
                            break;
                        }
                    }
                    assert_eq!(found, expected, "{viewer} {kinds:?} {down} {limit}");
                }
            }
        }
    }
}
