//! One story of a collection: records come, change, are granted, withdrawn and erased, and each viewer sees its own.

mod stage;

use policy::{Label, Purpose, Tlp};
use stage::{Put, Stage, bodies, class, id, noon, organ, reader, time, version};
use store::{Error, NewPosition, PageQuery, Spec, Store, Versions};

fn always(tlp: Tlp, to: &[u64]) -> Label {
    Label::always(class(tlp, to))
}

#[test]
fn each_viewer_polls_what_it_may_have_in_order() {
    let stage = Stage::new();
    let puts = [
        ("a1", 1, always(Tlp::Amber, &[1])),
        ("b1", 2, always(Tlp::Clear, &[])),
        ("c1", 3, always(Tlp::Amber, &[1, 2])),
        ("d1", 4, always(Tlp::Amber, &[2])),
    ];
    for (n, (body, object, label)) in puts.into_iter().enumerate() {
        let added = 100 + 10 * n as i64;
        stage.put(&Put {
            id: &id("note", object),
            version: 1,
            label,
            added,
            body: body.as_bytes(),
        });
    }
    let all = PageQuery::of(stage.collection, 100);
    assert_eq!(stage.bodies(&reader(0), &all), ["a1", "b1", "c1", "d1"]);
    assert_eq!(stage.bodies(&reader(1), &all), ["a1", "b1", "c1"]);
    assert_eq!(stage.bodies(&reader(2), &all), ["b1", "c1", "d1"]);
    assert_eq!(stage.bodies(&reader(3), &all), ["b1"]);

    // Cut in pages, with `more` true exactly when there is more for this viewer.
    let first = stage.page(
        &reader(1),
        &PageQuery {
            limit: 2,
            ..all.clone()
        },
    );
    assert_eq!(
        (bodies(&first), first.more),
        (vec!["a1".into(), "b1".into()], true)
    );
    let after = first.rows[1].added;
    let second = stage.page(
        &reader(1),
        &PageQuery {
            limit: 2,
            after,
            ..all.clone()
        },
    );
    assert_eq!((bodies(&second), second.more), (vec!["c1".into()], false));

    // After a restart the same.
    let path = stage.store.path().to_path_buf();
    drop(stage.store);
    let store = Store::open(path, store::Options::default()).unwrap();
    let page = store
        .read()
        .unwrap()
        .page(&reader(2), Purpose::Poll, &noon(), &all)
        .unwrap()
        .into_inner();
    assert_eq!(bodies(&page), ["b1", "c1", "d1"]);
    assert_eq!(page.rows[0].version, "2025-01-01T00:00:00.001Z");
}

#[test]
fn the_last_version_is_each_viewers_own() {
    let stage = Stage::new();
    let object = id("note", 1);
    let puts = [
        (1, always(Tlp::Amber, &[1, 2]), "v1"),
        (3, always(Tlp::Amber, &[1]), "v3"),
        (2, always(Tlp::Amber, &[1, 2]), "v2, which came late"),
    ];
    for (n, (version, label, body)) in puts.into_iter().enumerate() {
        stage.put(&Put {
            id: &object,
            version,
            label,
            added: 1 + n as i64,
            body: body.as_bytes(),
        });
    }
    let last = PageQuery::of(stage.collection, 100);
    assert_eq!(stage.bodies(&reader(1), &last), ["v3"]);
    assert_eq!(stage.bodies(&reader(2), &last), ["v2, which came late"]);
    let all = PageQuery {
        versions: Versions::all(),
        ..last.clone()
    };
    assert_eq!(
        stage.bodies(&reader(1), &all),
        ["v1", "v3", "v2, which came late"]
    );
    assert_eq!(
        stage.bodies(&reader(2), &all),
        ["v1", "v2, which came late"]
    );
    let first = Versions {
        first: true,
        last: false,
        ..Versions::default()
    };
    let first = PageQuery {
        versions: first,
        ..last.clone()
    };
    assert_eq!(stage.bodies(&reader(2), &first), ["v1"]);
    let both = Versions {
        first: true,
        ..Versions::default()
    };
    let both = PageQuery {
        versions: both,
        ids: vec![object.clone()],
        ..last.clone()
    };
    assert_eq!(stage.bodies(&reader(1), &both), ["v1", "v3"]);
    let at = Versions {
        last: false,
        at: vec![time("2025-01-01T00:00:00.0030Z")],
        ..Versions::default()
    };
    let at = PageQuery {
        versions: at,
        ..last
    };
    assert_eq!(stage.bodies(&reader(1), &at), ["v3"]);
    assert!(stage.bodies(&reader(2), &at).is_empty());
}

#[test]
fn times_hide_and_show_and_the_older_version_counts_meanwhile() {
    let stage = Stage::new();
    let object = id("note", 1);
    let open = always(Tlp::Amber, &[1]);
    stage.put(&Put {
        id: &object,
        version: 1,
        label: open.clone(),
        added: 1,
        body: b"v1",
    });
    let timed = Label {
        embargo: Some(time("2026-02-01T00:00:00Z")),
        expiry: Some(time("2026-03-01T00:00:00Z")),
        ..open
    };
    stage.put(&Put {
        id: &object,
        version: 2,
        label: timed,
        added: 2,
        body: b"v2",
    });
    let last = PageQuery::of(stage.collection, 100);
    for (at, expected) in [
        ("2026-01-01T00:00:00Z", "v1"),
        ("2026-01-31T23:59:59.999999Z", "v1"),
        ("2026-02-01T00:00:00Z", "v2"),
        ("2026-02-28T23:59:59.999999Z", "v2"),
        ("2026-03-01T00:00:00Z", "v1"),
    ] {
        assert_eq!(
            bodies(&stage.page_at(&reader(1), &last, &time(at))),
            [expected],
            "{at}"
        );
    }
    let over = |after, until| {
        stage
            .store
            .read()
            .unwrap()
            .embargo_over(after, until, 10)
            .unwrap()
    };
    let end = time("2026-02-01T00:00:00Z").micros();
    assert_eq!(over((0, 0), end), [(end, 1)]);
    assert!(over((0, 0), end - 1).is_empty());
    assert!(over((end, 1), i64::MAX).is_empty());
}

#[test]
fn a_change_of_label_is_immediate_and_reaches_those_who_polled_past_it() {
    let stage = Stage::new();
    let object = id("note", 1);
    let recno = stage.put(&Put {
        id: &object,
        version: 1,
        label: always(Tlp::Amber, &[1, 2]),
        added: 10,
        body: b"x",
    });
    stage.put(&Put {
        id: &id("note", 2),
        version: 1,
        label: always(Tlp::Clear, &[]),
        added: 20,
        body: b"y",
    });
    let relabel = |to: &Label, added: i64| {
        let moved = stage.store.write(|txn| {
            let class = txn.intern_class(&to.class)?;
            txn.relabel(
                recno,
                (class, None, None),
                77,
                |_| false,
                |_, last| {
                    assert!(last < added);
                    added
                },
            )
        });
        assert_eq!(moved.unwrap()[0].added, added);
    };
    let since = |after| PageQuery {
        after,
        ..PageQuery::of(stage.collection, 10)
    };
    relabel(&always(Tlp::Amber, &[1]), 30);
    assert_eq!(stage.bodies(&reader(1), &since(20)), ["x"]);
    assert_eq!(stage.bodies(&reader(2), &since(0)), ["y"]);
    relabel(&always(Tlp::Clear, &[]), 40);
    assert_eq!(stage.bodies(&reader(1), &since(0)), ["y", "x"]);
    assert_eq!(stage.bodies(&reader(3), &since(30)), ["x"]);
    let places = stage.store.read().unwrap().places(recno).unwrap();
    let places: Vec<_> = places
        .iter()
        .map(|place| (place.added, place.removed))
        .collect();
    assert_eq!(places, [(10, Some(77)), (30, Some(77)), (40, None)]);
}

#[test]
fn a_grant_appends_and_nobody_gets_it_twice_in_one_pass() {
    let stage = Stage::new();
    let object = id("note", 1);
    let recno = stage.put(&Put {
        id: &object,
        version: 1,
        label: always(Tlp::Amber, &[1]),
        added: 10,
        body: b"x",
    });
    let collection = stage.collection;
    let grant = stage.store.write(|txn| {
        let class = txn.intern_class(&class(Tlp::Amber, &[1, 2]))?;
        let object = txn.object_no(&object)?.unwrap();
        txn.put_position(&NewPosition {
            collection,
            recno,
            object,
            kind: "note",
            spec: Spec::V21,
            class,
            embargo: None,
            expiry: None,
            added: 20,
        })
    });
    grant.unwrap();
    for versions in [Versions::default(), Versions::all()] {
        let since = |after| PageQuery {
            after,
            versions: versions.clone(),
            ..PageQuery::of(collection, 10)
        };
        assert_eq!(stage.bodies(&reader(2), &since(10)), ["x"]);
        assert_eq!(
            stage.bodies(&reader(1), &since(0)),
            ["x"],
            "once, at its last position"
        );
        assert_eq!(stage.bodies(&reader(1), &since(10)), ["x"]);
    }
}

#[test]
fn positions_grow_and_versions_are_for_good() {
    let stage = Stage::new();
    let object = id("note", 1);
    let put = Put {
        id: &object,
        version: 1,
        label: always(Tlp::Clear, &[]),
        added: 10,
        body: b"x",
    };
    stage.put(&put);
    let again = stage
        .store
        .write(|txn| stage::place(txn, stage.collection, &put));
    assert!(matches!(again, Err(Error::Exists(_))), "{again:?}");
    let behind = Put {
        version: 2,
        added: 10,
        ..put
    };
    let behind = stage
        .store
        .write(|txn| stage::place(txn, stage.collection, &behind));
    assert!(
        matches!(
            behind,
            Err(Error::NotIncreasing {
                added: 10,
                last: 10,
                ..
            })
        ),
        "{behind:?}"
    );
    assert_eq!(
        stage.store.read().unwrap().records().unwrap(),
        1,
        "what failed left nothing"
    );

    let look = stage.store.read().unwrap();
    let no = look.object_no(&object).unwrap().unwrap();
    let held = look.find_version(no, &version(1)).unwrap().unwrap();
    assert_eq!(
        (held.id, held.hash, held.author, held.erased),
        (object, vec![7; 32], Some(organ(0)), false)
    );
    assert_eq!(look.object_no(&id("note", 2)).unwrap(), None);
}

#[test]
fn what_is_erased_or_taken_out_is_gone() {
    let stage = Stage::new();
    let (one, two) = (id("note", 1), id("note", 2));
    let token = b"NEEDLE-0123456789-NEEDLE".repeat(300);
    let label = always(Tlp::Clear, &[]);
    let recno = stage.put(&Put {
        id: &one,
        version: 1,
        label: label.clone(),
        added: 1,
        body: &token,
    });
    for version in 1..4 {
        stage.put(&Put {
            id: &two,
            version,
            label: label.clone(),
            added: 10 + version as i64,
            body: b"two",
        });
    }
    stage.store.empty_wal().unwrap();
    let holds = |path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap();
        bytes
            .windows(16)
            .any(|window| window == b"NEEDLE-012345678")
    };
    assert!(holds(stage.store.path()), "the search finds what is there");
    stage.store.write(|txn| txn.erase(recno, 5)).unwrap();
    stage.store.empty_wal().unwrap();
    assert!(!holds(stage.store.path()));
    let held = stage
        .store
        .read()
        .unwrap()
        .held_record(recno)
        .unwrap()
        .unwrap();
    assert_eq!((held.erased, held.hash), (true, vec![7; 32]));
    assert!(
        stage.store.read().unwrap().kept_from(recno, 1).unwrap()[0]
            .content
            .is_none()
    );

    let query = PageQuery {
        ids: vec![one, two.clone()],
        ..PageQuery::of(stage.collection, 10)
    };
    assert_eq!(
        stage.page(&reader(1), &query).rows[0].version,
        "2025-01-01T00:00:00.003Z"
    );
    let remove = |version: Option<&str>| {
        let gone = stage.store.write(|txn| {
            let no = txn.object_no(&two)?.unwrap();
            txn.remove_from(stage.collection, no, version, 9)
        });
        gone.unwrap()
    };
    assert_eq!(remove(Some(&version(3))), 1);
    assert_eq!(
        stage.page(&reader(1), &query).rows[0].version,
        "2025-01-01T00:00:00.002Z"
    );
    let unnamed = PageQuery::of(stage.collection, 10);
    assert_eq!(
        stage.page(&reader(1), &unnamed).rows[0].version,
        "2025-01-01T00:00:00.002Z"
    );
    assert_eq!(remove(None), 2);
    assert!(stage.page(&reader(1), &query).rows.is_empty());
    let knows = stage.store.read().unwrap().knows(
        &reader(1),
        Purpose::Poll,
        &noon(),
        stage.collection,
        &two,
    );
    assert!(!knows.unwrap());
}

#[test]
fn a_part_can_fail_alone() {
    let stage = Stage::new();
    let label = always(Tlp::Amber, &[5]);
    let made = stage.store.write(|txn| {
        txn.savepoint()?;
        stage::place(
            txn,
            stage.collection,
            &Put {
                id: &id("note", 1),
                version: 1,
                label: label.clone(),
                added: 1,
                body: b"gone",
            },
        )?;
        txn.rollback_to_savepoint()?;
        txn.savepoint()?;
        let put = Put {
            id: &id("report", 2),
            version: 1,
            label: label.clone(),
            added: 2,
            body: b"kept",
        };
        stage::place(txn, stage.collection, &put)?;
        txn.release()
    });
    made.unwrap();
    assert_eq!(
        stage.bodies(&reader(5), &PageQuery::of(stage.collection, 10)),
        ["kept"]
    );
    assert!(stage.store.integrity().unwrap().is_empty());
}

#[test]
fn a_copy_is_taken_while_writes_go_on() {
    let stage = Stage::new();
    let label = always(Tlp::Clear, &[]);
    let body = vec![b'x'; 3_000];
    for n in 0..600 {
        stage.put(&Put {
            id: &id("note", n),
            version: 1,
            label: label.clone(),
            added: 1 + n as i64,
            body: &body,
        });
    }
    let target = stage.folder.path().join("copy.db");
    let mut steps = 0;
    stage
        .store
        .backup(&target, |_, _| {
            let n = 10_000 + steps;
            stage.put(&Put {
                id: &id("note", n),
                version: 1,
                label: label.clone(),
                added: n as i64,
                body: &body,
            });
            steps += 1;
        })
        .unwrap();
    assert!(steps > 1, "the copy took more than one step");
    let copy = Store::open(&target, store::Options::default()).unwrap();
    assert!(copy.integrity().unwrap().is_empty());
    assert_eq!(
        copy.read().unwrap().records().unwrap(),
        600,
        "all that was there at the start and nothing later"
    );
    assert_eq!(
        stage.store.read().unwrap().records().unwrap(),
        600 + steps as i64
    );
}

#[test]
fn a_view_that_is_kept_ends_with_the_next_commit_and_stands_in_nobodys_way() {
    let stage = Stage::new();
    let all = PageQuery::of(stage.collection, 100);
    for n in 1..=5_u64 {
        stage.put(&Put {
            id: &id("note", n),
            version: 1,
            label: always(Tlp::Clear, &[]),
            added: 100 * n as i64,
            body: format!("body {n}").as_bytes(),
        });
        // Two connections, each with a view of its own, of which one is older than the commit.
        let before = stage.store.read().unwrap();
        assert_eq!(stage.bodies(&reader(1), &all).len(), n as usize);
        drop(before);
        assert_eq!(stage.bodies(&reader(1), &all).len(), n as usize);
    }
    // The connections that lie idle have a view; the file is emptied at once all the same.
    let began = std::time::Instant::now();
    stage.store.empty_wal().unwrap();
    assert!(
        began.elapsed() < std::time::Duration::from_secs(5),
        "somebody had to be waited for"
    );
    assert_eq!(stage.store.wal_bytes(), 0);
    assert_eq!(stage.bodies(&reader(1), &all).len(), 5);
}
