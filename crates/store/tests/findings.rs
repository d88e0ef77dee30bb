//! Records found by words and by values: by those who may have them, newest versions only, and never after they are gone.

mod stage;

use policy::{Label, Purpose, Tlp, Viewer};
use stage::{Put, Stage, class, id, noon, reader};
use store::{Facet, FacetQuery, Found, Page, Record, Span, Store, Value};

fn label(tlp: Tlp, to: &[u64]) -> Label {
    Label::always(class(tlp, to))
}

fn note(n: u64, words: &str) -> String {
    format!(
        r#"{{"type":"note","id":"{}","content":"{words}"}}"#,
        id("note", n)
    )
}

fn put(stage: &Stage, (n, version): (u64, u64), label: Label, words: &str) -> i64 {
    let added = stage.store.read().unwrap().records().unwrap() + 1;
    stage.put(&Put {
        id: &id("note", n),
        version,
        label,
        added,
        body: note(n, words).as_bytes(),
    })
}

fn index(store: &Store) {
    while store.index_pending(3).unwrap().more {}
}

fn search(stage: &Stage, viewer: &Viewer, question: &str) -> Vec<i64> {
    page(stage, viewer, question, (i64::MAX, 100))
        .rows
        .iter()
        .map(|row| row.recno)
        .collect()
}

fn page(stage: &Stage, viewer: &Viewer, question: &str, cut: (i64, usize)) -> Page<Record> {
    let read = stage.store.read().unwrap();
    read.search(viewer, Purpose::Show, &noon(), question, cut)
        .unwrap()
        .into_inner()
}

#[test]
fn words_find_what_the_viewer_may_have() {
    let stage = Stage::new();
    let notes = [
        (
            (1, 1),
            label(Tlp::Clear, &[]),
            "Les négociations sur l'énergie",
        ),
        ((2, 1), label(Tlp::Amber, &[1]), "Negotiations and energy"),
        ((3, 1), label(Tlp::Amber, &[2]), "NEGOCIATION secrète"),
        (
            (4, 1),
            label(Tlp::Amber, &[1, 2]),
            "an old draft about energy",
        ),
        ((4, 2), label(Tlp::Amber, &[1]), "a new draft"),
    ];
    for (version, label, words) in notes {
        put(&stage, version, label, words);
    }
    assert_eq!(stage.store.read().unwrap().search_behind().unwrap(), 5);
    assert!(
        search(&stage, &reader(1), "énergie").is_empty(),
        "the job has not run"
    );
    index(&stage.store);
    assert_eq!(stage.store.read().unwrap().search_behind().unwrap(), 0);
    for (viewer, question, expected) in [
        (1, "negociation", &[0][..]),
        (2, "negociation", &[2, 0]),
        (3, "negociation", &[0]),
        (1, "ENERGY", &[1, 0]),
        (1, "énergies négociation", &[0]),
        (2, "energy", &[3, 0]),
        (1, "draft", &[4]),
        (2, "draft", &[3]),
        (1, "class1 OR \"", &[]),
        (1, "", &[]),
        (1, "*", &[]),
    ] {
        assert_eq!(
            search(&stage, &reader(viewer), question),
            expected,
            "{viewer}: {question}"
        );
    }
    let first = page(&stage, &reader(2), "negociation", (i64::MAX, 1));
    assert_eq!((first.rows.len(), first.more), (1, true));
    let second = page(&stage, &reader(2), "negociation", (first.rows[0].recno, 1));
    assert_eq!((second.rows[0].recno, second.more), (0, false));
}

#[test]
fn an_index_follows_labels_and_erasure() {
    let stage = Stage::new();
    let recno = put(
        &stage,
        (1, 1),
        label(Tlp::Clear, &[]),
        "xylophonist zeppelinfahrt",
    );
    for n in 2..40 {
        put(
            &stage,
            (n, 1),
            label(Tlp::Clear, &[]),
            "filler words of no interest",
        );
    }
    index(&stage.store);
    let relabel = |to: Label| {
        let moved = stage.store.write(|txn| {
            let class = txn.intern_class(&to.class)?;
            txn.relabel(recno, (class, None, None), 0, |_| false, |_, last| last + 1)
        });
        moved.unwrap();
    };
    relabel(label(Tlp::Amber, &[1]));
    assert!(
        search(&stage, &reader(2), "zeppelinfahrt").is_empty(),
        "before the job runs again"
    );
    index(&stage.store);
    assert!(search(&stage, &reader(2), "zeppelinfahrt").is_empty());
    assert_eq!(search(&stage, &reader(1), "zeppelinfahrt"), [recno]);

    let holds = |needle: &[u8]| {
        stage.store.empty_wal().unwrap();
        std::fs::read(stage.store.path())
            .unwrap()
            .windows(needle.len())
            .any(|window| window == needle)
    };
    assert!(holds(b"zeppelin"), "the search finds what is there");
    stage.store.write(|txn| txn.erase(recno, 0)).unwrap();
    assert!(search(&stage, &reader(1), "zeppelinfahrt").is_empty());
    assert!(
        !holds(b"zeppelin") && !holds(b"ylophonist"),
        "no word stays in the file"
    );
}

#[test]
fn values_find_in_order_and_by_pages() {
    let stage = Stage::new();
    let numbers = [
        ((1, 1), label(Tlp::Clear, &[]), 30),
        ((2, 1), label(Tlp::Amber, &[1]), 10),
        ((3, 1), label(Tlp::Amber, &[2]), 20),
        ((4, 1), label(Tlp::Amber, &[1]), 20),
        ((4, 2), label(Tlp::Amber, &[1]), 40),
    ];
    for (version, label, number) in numbers {
        let recno = put(&stage, version, label, "x");
        let value = format!("10.0.0.{number}");
        let facets = [
            ("due", Facet::Number(number)),
            ("address", Facet::Text(&value)),
        ];
        stage
            .store
            .write(|txn| txn.put_facets(recno, &facets))
            .unwrap();
    }
    let ask = |viewer: u64, span: Span| {
        let name = if matches!(span, Span::Numbers(..)) {
            "due"
        } else {
            "address"
        }
        .to_owned();
        let mut query = FacetQuery {
            name,
            span,
            after: None,
            limit: 1,
        };
        let mut found = Vec::new();
        loop {
            let read = stage.store.read().unwrap();
            let page = read
                .by_facet(&reader(viewer), Purpose::Show, &noon(), &query)
                .unwrap()
                .into_inner();
            assert!(page.rows.len() <= 1);
            for hit in page.rows {
                let held = read.held_record(hit.record.recno).unwrap().unwrap();
                assert_eq!(
                    (hit.class, hit.embargo, hit.expiry),
                    (held.class, held.embargo, held.expiry)
                );
                query.after = Some(Found {
                    value: hit.value,
                    recno: hit.record.recno,
                });
                found.push(hit.record.recno);
            }
            assert!(found.len() <= 10, "it has no end: {found:?}");
            if !page.more {
                return found;
            }
        }
    };
    assert_eq!(ask(1, Span::Numbers(0, 100)), [1, 0, 4]);
    assert_eq!(ask(2, Span::Numbers(0, 100)), [2, 0]);
    assert_eq!(ask(2, Span::Numbers(20, 29)), [2]);
    let exactly = |text: &str| Span::Texts(text.to_owned(), text.to_owned());
    assert_eq!(ask(1, exactly("10.0.0.30")), [0]);
    assert!(
        ask(1, exactly("10.0.0.20")).is_empty(),
        "one is another's, one is an older version"
    );
    assert_eq!(
        ask(1, Span::Texts("10.".into(), "10.\u{10ffff}".into())),
        [1, 0, 4]
    );
    // The values alone are released as the records are that have them.
    let values = |viewer: u64| -> Vec<String> {
        let query = FacetQuery {
            name: "address".to_owned(),
            span: Span::Texts("10.".into(), "10.\u{10ffff}".into()),
            after: None,
            limit: 10,
        };
        let read = stage.store.read().unwrap();
        let page = read.facet_values(&reader(viewer), Purpose::Show, &noon(), &query);
        let rows = page.unwrap().into_inner().rows.into_iter();
        rows.map(|value| match value {
            Value::Text(text) => text,
            Value::Number(number) => panic!("{number} is no text"),
        })
        .collect()
    };
    assert_eq!(values(1), ["10.0.0.10", "10.0.0.30", "10.0.0.40"]);
    assert_eq!(values(2), ["10.0.0.20", "10.0.0.30"]);
    let of = |viewer: u64, recno: i64| {
        let read = stage.store.read().unwrap();
        let id = read.held_record(recno).unwrap().unwrap().id;
        let asked = (&id, "address");
        let found = read.facet_texts_by_id(&reader(viewer), Purpose::Show, &noon(), asked);
        found.unwrap().map(policy::Released::into_inner)
    };
    assert_eq!(
        of(1, 3),
        Some(vec!["10.0.0.40".to_owned()]),
        "of the newest"
    );
    assert_eq!(of(2, 3), None);
    assert_eq!(of(2, 0), Some(vec!["10.0.0.30".to_owned()]));
    // One value is taken away and given back, and the record's others stay.
    let drop = |txn: &mut store::WriteTxn<'_>| txn.drop_facet(0, "due");
    stage.store.write(drop).unwrap();
    assert_eq!(ask(1, Span::Numbers(0, 100)), [1, 4]);
    assert_eq!(ask(1, exactly("10.0.0.30")), [0]);
    for _ in 0..2 {
        let add = |txn: &mut store::WriteTxn<'_>| txn.add_facet(0, "due", 5);
        stage.store.write(add).unwrap();
    }
    assert_eq!(ask(1, Span::Numbers(0, 100)), [0, 1, 4]);
    let read = stage.store.read().unwrap();
    let values = read.facet_texts_of(3, "address").unwrap();
    let (class, value) = values.first().unwrap();
    assert_eq!((values.len(), &**value), (1, "10.0.0.20"));
    assert_eq!(read.facet_peers("address", *class, value).unwrap(), [3]);
    assert!(read.facet_texts_of(3, "due").unwrap().is_empty());
    stage.store.write(|txn| txn.erase(0, 0)).unwrap();
    assert_eq!(ask(1, Span::Numbers(0, 100)), [1, 4]);
}
