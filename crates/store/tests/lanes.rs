//! Many lanes and long ones: the merge gives every row once and in order, however a page is cut, and however many classes there are.

mod stage;

use std::sync::atomic::{AtomicBool, Ordering};

use policy::{Label, Purpose, Tlp};
use stage::{Put, Stage, class, id, noon, place, reader};
use store::{Options, PageQuery};

const CLASSES: u64 = 80;
const RECORDS: u64 = 600;
const BESIDE: u64 = 8_000;
const KINDS: [&str; 3] = ["note", "report", "indicator"];

/// Reader 1 is in all classes, reader 2 in every third, reader 3 in one.
fn audience(n: u64) -> Vec<u64> {
    let mut readers = vec![1, 100 + n];
    readers.extend(n.is_multiple_of(3).then_some(2));
    readers.extend((n == 7).then_some(3));
    readers
}

#[test]
fn pages_are_whole_however_they_are_cut() {
    whole_pages(Options::default().positions_held);
}

#[test]
fn pages_are_whole_also_where_positions_are_too_many_to_be_held() {
    whole_pages(0);
    whole_pages(RECORDS as usize / 2);
}

fn whole_pages(positions_held: usize) {
    let stage = Stage::with(Options {
        durable: false,
        keys_gathered: 50,
        positions_held,
        ..Options::default()
    });
    let kind_of = |n: u64| KINDS[(n % 3) as usize];
    let class_of = |n: u64| n * 7 % CLASSES;
    for start in (0..RECORDS).step_by(100) {
        let put = stage.store.write(|txn| {
            for n in start..start + 100 {
                let label = Label::always(class(Tlp::Amber, &audience(class_of(n))));
                let id = id(kind_of(n), n);
                place(
                    txn,
                    stage.collection,
                    &Put {
                        id: &id,
                        version: 1,
                        label,
                        added: 1 + n as i64,
                        body: b"{}",
                    },
                )?;
            }
            Ok::<_, store::Error>(())
        });
        put.unwrap();
    }
    for viewer in 0..5 {
        for kinds in [
            vec![],
            vec!["note".to_owned()],
            vec!["note".to_owned(), "indicator".to_owned()],
        ] {
            let sees = |n: &u64| {
                (viewer == 0 || audience(class_of(*n)).contains(&viewer))
                    && (kinds.is_empty() || kinds.iter().any(|kind| kind == kind_of(*n)))
            };
            let expected: Vec<i64> = (0..RECORDS).filter(sees).map(|n| 1 + n as i64).collect();
            for limit in [1, 2, 7, 8, 50, 64, 1_000] {
                let mut query = PageQuery {
                    kinds: kinds.clone(),
                    ..PageQuery::of(stage.collection, limit)
                };
                let mut got: Vec<i64> = Vec::new();
                loop {
                    let page = stage.page(&reader(viewer), &query);
                    assert!(page.rows.len() <= limit);
                    got.extend(page.rows.iter().map(|row| row.added));
                    query.after = got.last().copied().unwrap_or(0);
                    if !page.more || got.len() > expected.len() || page.rows.is_empty() {
                        assert!(!page.more, "pages without end, or empty ones: {got:?}");
                        break;
                    }
                }
                assert_eq!(
                    got, expected,
                    "viewer {viewer}, {kinds:?}, pages of {limit}"
                );
                let (mut down, mut before) = (Vec::new(), i64::MAX);
                loop {
                    query.after = 0;
                    let read = stage.store.read().unwrap();
                    let page = read
                        .manifest_down(&reader(viewer), Purpose::Poll, &noon(), (&query, before))
                        .unwrap()
                        .into_inner();
                    assert!(page.rows.len() <= limit);
                    down.extend(page.rows.iter().map(|row| row.added));
                    before = down.last().copied().unwrap_or(0);
                    if !page.more || down.len() > expected.len() || page.rows.is_empty() {
                        assert!(!page.more, "pages without end, or empty ones: {down:?}");
                        break;
                    }
                }
                down.reverse();
                assert_eq!(
                    down, expected,
                    "viewer {viewer}, {kinds:?}, pages of {limit} from the end"
                );
            }
        }
    }
    let reopened = store::Store::open(stage.store.path(), Options::default()).unwrap();
    let query = PageQuery::of(stage.collection, 1_000);
    let page = reopened
        .read()
        .unwrap()
        .page(&reader(1), Purpose::Poll, &noon(), &query)
        .unwrap()
        .into_inner();
    assert_eq!(page.rows.len() as u64, RECORDS, "the lanes are found again");
    let known = reopened.write(|txn| {
        let found = (0..RECORDS)
            .filter(|n| txn.object_no(&id(kind_of(*n), *n)).unwrap().is_some())
            .count();
        assert!(txn.object_no(&id("note", RECORDS + 1)).unwrap().is_none());
        Ok::<_, store::Error>(found as u64)
    });
    assert_eq!(known.unwrap(), RECORDS, "and so are the objects");
}

#[test]
fn a_poller_beside_a_writer_misses_nothing() {
    let stage = Stage::with(Options {
        durable: false,
        ..Options::default()
    });
    let done = AtomicBool::new(false);
    let received = std::thread::scope(|scope| {
        let pollers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut query = PageQuery::of(stage.collection, 3);
                    let mut got = Vec::new();
                    loop {
                        let last = done.load(Ordering::SeqCst);
                        let page = stage.page(&reader(1), &query);
                        got.extend(page.rows.iter().map(|row| row.added));
                        query.after = got.last().copied().unwrap_or(0);
                        assert!(got.len() as u64 <= BESIDE, "it gets what it had before");
                        if page.rows.is_empty() && last {
                            return got;
                        }
                    }
                })
            })
            .collect();
        for start in (0..BESIDE).step_by(20) {
            let put = stage.store.write(|txn| {
                for n in start..start + 20 {
                    // New classes and types keep coming, so that lanes and reaches change under the pollers.
                    let label = Label::always(class(Tlp::Amber, &[1, 100 + n * n % 60]));
                    let put = Put {
                        id: &id(KINDS[(n % 3) as usize], n),
                        version: 1,
                        label,
                        added: 1 + n as i64,
                        body: b"{}",
                    };
                    place(txn, stage.collection, &put)?;
                }
                Ok::<_, store::Error>(())
            });
            put.unwrap();
        }
        done.store(true, Ordering::SeqCst);
        pollers
            .into_iter()
            .map(|poller| poller.join().unwrap())
            .collect::<Vec<_>>()
    });
    for got in received {
        assert_eq!(got, (1..=BESIDE as i64).collect::<Vec<i64>>());
    }
}

#[test]
fn a_text_is_what_its_rows_are_however_they_lie() {
    let stage = Stage::with(Options {
        durable: false,
        ..Options::default()
    });
    let body = |n: u64| format!("{{\"n\":{n}}}");
    for n in 0..200 {
        // Now and then one that reader 2 may not have, and from 100 on every other.
        let hidden = n % 31 == 0 || n > 100 && n % 2 == 0;
        let readers: &[u64] = if hidden { &[1] } else { &[1, 2] };
        stage.put(&Put {
            id: &id("note", n),
            version: 1,
            label: Label::always(class(Tlp::Amber, readers)),
            added: 1 + n as i64,
            body: body(n).as_bytes(),
        });
    }
    stage.store.write(|txn| txn.erase(17, 0)).unwrap();
    for viewer in [1, 2] {
        let viewer = reader(viewer);
        for (after, limit, bytes) in [
            (0, 10, usize::MAX),
            (0, 60, usize::MAX),
            (5, 40, 100),
            (60, 80, usize::MAX),
            (110, 60, usize::MAX),
            (0, 300, usize::MAX),
        ] {
            let query = PageQuery {
                after,
                bytes,
                ..PageQuery::of(stage.collection, limit)
            };
            let page = stage.page(&viewer, &query);
            let rows: Vec<_> = page.rows.iter().map(|row| &*row.body).collect();
            // Twice: what was kept the first time is given the second.
            for _ in 0..2 {
                let read = stage.store.read().unwrap();
                let text = read.splice(&viewer, Purpose::Poll, &noon(), &query, b"");
                let text = text.unwrap().into_inner();
                if bytes < usize::MAX {
                    // Commas count here, so that it may end a little earlier.
                    assert!(rows.join(&b',').starts_with(&text.text));
                    assert!(text.text.len() >= bytes && text.more);
                    continue;
                }
                assert_eq!(text.text, rows.join(&b','), "{query:?}");
                let ends = rows.len().checked_sub(1);
                let ends = ends.map(|last| (page.rows[0].added, page.rows[last].added));
                assert_eq!((text.rows, text.ends), (rows.len(), ends));
                assert_eq!(text.more, page.more, "{query:?}");
            }
        }
    }
}
