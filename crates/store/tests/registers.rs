//! What a node registers, queues and notes, told as it would use it; all of it there again after a restart.

mod stage;

use stage::Stage;
use store::{
    Access, Binding, Checkpoint, Circle, Error, Options, Peer, Pending, Person, Quarantined, Quota,
    Store, Withdrawal,
};

#[test]
fn registers_survive_a_restart_and_move_the_generation() {
    let stage = Stage::new();
    let generation = stage.store.generation();
    let peer = Peer {
        participant: "identity--b".into(),
        state: "introduced".into(),
        ..Peer::default()
    };
    let circle = Circle {
        id: "circle:1".into(),
        name: "Nine".into(),
        owner: "a".into(),
        epoch: 1,
        ..Circle::default()
    };
    let access = Access {
        name: "siem".into(),
        secret: "hash".into(),
        ..Access::default()
    };
    let person = Person {
        id: "identity--p".into(),
        name: "ada".into(),
        ..Person::default()
    };
    let binding = Binding {
        identity: "identity--b".into(),
        key: vec![1; 32],
        since: 5,
        ..Binding::default()
    };
    stage
        .store
        .write(|txn| {
            txn.put_peer(&peer)?;
            txn.put_circle(&circle)?;
            txn.join_circle("circle:1", "b", 1)?;
            txn.join_circle("circle:1", "c", 2)?;
            txn.leave_circle("circle:1", "b", 3)?;
            txn.join_circle("circle:1", "b", 4)?;
            txn.add_access(&access)?;
            txn.put_person(&person)?;
            txn.put_binding(&binding)?;
            txn.put_binding(&Binding {
                until: Some(9),
                ..binding.clone()
            })?;
            txn.put_binding(&Binding {
                key: vec![2; 32],
                since: 9,
                ..binding.clone()
            })
        })
        .unwrap();
    assert_eq!(stage.store.generation(), generation + 1, "once per commit");
    let again = stage.store.write(|txn| txn.add_access(&access));
    assert!(matches!(again, Err(Error::Exists(_))));
    assert_eq!(
        stage.store.generation(),
        generation + 1,
        "what failed moved nothing"
    );
    stage
        .store
        .write(|txn| {
            txn.put_peer(&Peer {
                cursor: Some("7".into()),
                ..peer.clone()
            })
        })
        .unwrap();
    assert_eq!(
        stage.store.generation(),
        generation + 1,
        "a cursor is nobody's membership"
    );
    stage
        .store
        .write(|txn| txn.revoke_access("siem", 77).map(|gone| assert!(gone)))
        .unwrap();

    let store = Store::open(stage.store.path(), Options::default()).unwrap();
    assert_eq!(store.generation(), generation + 2);
    let look = store.read().unwrap();
    assert_eq!(
        look.peer("identity--b").unwrap().unwrap().cursor.as_deref(),
        Some("7")
    );
    assert_eq!(look.circle("circle:1").unwrap(), Some(circle));
    let stays: Vec<_> = look
        .roster("circle:1")
        .unwrap()
        .into_iter()
        .map(|s| (s.member, s.since, s.until))
        .collect();
    assert_eq!(
        stays,
        [
            ("b".into(), 1, Some(3)),
            ("b".into(), 4, None),
            ("c".into(), 2, None)
        ]
    );
    assert_eq!(look.circles_of("b").unwrap().len(), 1);
    assert_eq!(look.access("siem").unwrap().unwrap().revoked, Some(77));
    assert_eq!(look.person("ada").unwrap(), Some(person.clone()));
    assert_eq!(look.person("identity--p").unwrap(), Some(person));
    let keys: Vec<_> = look
        .bindings_of("identity--b")
        .unwrap()
        .into_iter()
        .map(|b| (b.since, b.until))
        .collect();
    assert_eq!(keys, [(5, Some(9)), (9, None)]);
    assert_eq!(look.bindings_of_key(&[2; 32]).unwrap().len(), 1);
}

#[test]
fn a_status_is_found_by_whom_it_is_for() {
    let stage = Stage::new();
    stage
        .store
        .write(|txn| txn.put_status("s1", "siem", 10, b"{}"))
        .unwrap();
    let status = |id: &str, access: &str| stage.store.read().unwrap().status(id, access).unwrap();
    assert_eq!(status("s1", "siem").as_deref(), Some(&b"{}"[..]));
    assert_eq!(status("s1", "other"), None);
    assert_eq!(stage.store.write(|txn| txn.drop_statuses(11)).unwrap(), 1);
    assert_eq!(status("s1", "siem"), None);
}

#[test]
fn what_waits_waits_once_and_numbers_are_not_given_again() {
    let stage = Stage::new();
    let pending = |n: u8| Pending {
        object: "note--1".into(),
        hash: vec![n; 32],
        body: vec![n],
        ..Pending::default()
    };
    let add = |n: u8| {
        stage
            .store
            .write(|txn| txn.add_pending(&pending(n)))
            .unwrap()
    };
    assert_eq!((add(1), add(1), add(2)), (1, 1, 2));
    assert!(stage.store.write(|txn| txn.drop_pending(2)).unwrap());
    assert!(!stage.store.write(|txn| txn.drop_pending(2)).unwrap());
    assert_eq!(add(3), 3, "somebody may still look at number 2");
    let look = stage.store.read().unwrap();
    assert_eq!(look.count_pending().unwrap(), 2);
    assert_eq!(look.pendings(1, 10).unwrap()[0].body, [3]);
    assert_eq!(look.pending_of("note--1").unwrap().len(), 2);
    let first = look.pendings(0, 1).unwrap().remove(0);
    let (object, version) = (&first.object, &first.version);
    let same = look.same_pending(object, version, &first.hash);
    assert_eq!(same.unwrap(), Some(1));
    assert_eq!(look.same_pending(object, version, &[9]).unwrap(), None);
    for (submitter, expected) in [(first.submitter.as_str(), true), ("nobody", false)] {
        let found = look.is_pending_from(object, version, submitter).unwrap();
        assert_eq!(found, expected, "{submitter}");
    }
    let numbers = |after| {
        let some = look.pending_by(&first.channel, after, 10).unwrap();
        some.iter().map(|waits| waits.id).collect::<Vec<_>>()
    };
    assert_eq!((numbers(0), numbers(1)), (vec![1, 3], vec![3]));
    assert_eq!(look.count_pending_by(&first.channel, "").unwrap(), (2, 2));
    let by_reason = look.count_pending_by(&first.channel, &first.reason);
    assert!(by_reason.unwrap().0 >= 1);
    let other = look.count_pending_by(&first.channel, "no such reason");
    assert_eq!(other.unwrap(), (0, 0));
    assert_eq!(look.count_pending_by("no channel", "").unwrap(), (0, 0));
}

#[test]
fn a_quarantine_is_bounded_and_says_what_came_beyond() {
    let stage = Stage::new();
    let quota = Quota {
        items: 3,
        bytes: 5_000,
    };
    let put = |channel: &str| {
        let new = Quarantined {
            channel: channel.into(),
            head: vec![b'x'; 9_000],
            size: 9_000,
            ..Quarantined::default()
        };
        stage
            .store
            .write(|txn| txn.add_quarantine(&new, quota))
            .unwrap()
    };
    assert_eq!(
        [put("a"), put("a"), put("b"), put("a"), put("a")],
        [Some(1), Some(2), Some(3), Some(4), None]
    );
    let look = stage.store.read().unwrap();
    let heads: Vec<_> = look
        .quarantine(0, 10)
        .unwrap()
        .iter()
        .map(|item| (item.head.len(), item.size))
        .collect();
    assert_eq!(
        heads,
        [(4_096, 9_000), (0, 9_000), (4_096, 9_000), (0, 9_000)]
    );
    drop(look);
    assert!(stage.store.write(|txn| txn.drop_quarantine(1, 50)).unwrap());
    let used = stage.store.read().unwrap().quarantine_use().unwrap();
    assert_eq!((used[0].items, used[0].bytes, used[0].beyond), (2, 0, 1));
    assert!(put("a").is_some(), "there is room again");
}

#[test]
fn jobs_come_again_until_they_are_done() {
    let stage = Stage::new();
    let put = |name: &str, due: i64| {
        stage
            .store
            .write(|txn| txn.put_job("sync", name, b"", due))
            .unwrap()
    };
    put("b", 20);
    put("b", 30);
    put("a", 10);
    assert_eq!(stage.store.read().unwrap().next_due().unwrap(), Some(10));
    let take = |now: i64| {
        stage
            .store
            .write(|txn| txn.take_jobs(now, now + 100, 10))
            .unwrap()
    };
    let taken = take(25);
    assert_eq!(
        taken
            .iter()
            .map(|job| job.name.as_str())
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert!(take(26).is_empty(), "they are being worked on");
    stage
        .store
        .write(|txn| txn.finish_job(taken[0].id))
        .unwrap();
    stage
        .store
        .write(|txn| txn.retry_job(taken[1].id, 40, "no route"))
        .unwrap();
    let again = take(40);
    assert_eq!(
        (again.len(), again[0].trouble.as_deref()),
        (1, Some("no route"))
    );
    assert_eq!(
        stage
            .store
            .read()
            .unwrap()
            .jobs_in_trouble(9)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn withdrawals_markings_tiles_and_checkpoints_are_kept() {
    let stage = Stage::new();
    let withdrawal = Withdrawal {
        object: "note--1".into(),
        recipient: "b".into(),
        ..Withdrawal::default()
    };
    let checkpoint = |size| Checkpoint {
        origin: "a".into(),
        size,
        note: vec![1],
        at: 0,
    };
    stage
        .store
        .write(|txn| {
            let id = txn.add_withdrawal(&withdrawal)?;
            txn.deliver_withdrawal(id, 9)?;
            txn.add_unresolved("marking-definition--1", 4)?;
            txn.add_unresolved("marking-definition--1", 7)?;
            txn.resolved("marking-definition--1", 4)?;
            txn.put_tile(0, 0, &[1; 32])?;
            txn.put_tile(0, 0, &[2; 64])?;
            txn.put_checkpoint(&checkpoint(1))?;
            txn.put_checkpoint(&checkpoint(256))
        })
        .unwrap();
    let look = stage.store.read().unwrap();
    assert_eq!(
        look.withdrawals_for("b", 0, 9).unwrap()[0].delivered,
        Some(9)
    );
    assert_eq!(look.withdrawals_of("note--1").unwrap().len(), 1);
    assert_eq!(
        look.unresolved_by("marking-definition--1", 0, 9).unwrap(),
        [7]
    );
    assert_eq!(look.unresolved_of(7).unwrap(), ["marking-definition--1"]);
    assert_eq!(look.tile(0, 0).unwrap(), Some(vec![2; 64]));
    assert_eq!(look.last_checkpoint("a").unwrap(), Some(checkpoint(256)));
    assert_eq!(look.checkpoint_at("a", 1).unwrap(), Some(checkpoint(1)));
    assert_eq!(look.checkpoint_at("a", 2).unwrap(), None);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 1000")
        .unwrap();
    let refused = Store::open(&path, Options::default());
    assert!(
        matches!(refused, Err(Error::Newer { found: 1_000, .. })),
        "{refused:?}"
    );
    std::fs::write(
        &path,
        b"this is a letter and no database, though it is long enough for one",
    )
    .unwrap();
    assert!(matches!(
        Store::open(&path, Options::default()),
        Err(Error::Damaged(_))
    ));
}

#[test]
fn an_older_database_gets_what_came_since() {
    let made_of = |migrations: usize, also: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("node.db");
        drop(Store::open(&path, Options::default()).unwrap());
        let older = rusqlite::Connection::open(&path).unwrap();
        let sql = format!(
            "DROP INDEX position_past_order; DROP INDEX record_kind; {NO_SHEETS} {also} PRAGMA user_version = {migrations}"
        );
        older.execute_batch(&sql).unwrap();
        drop(older);
        drop(Store::open(&path, Options::default()).unwrap());
        let migrated = rusqlite::Connection::open(&path).unwrap();
        let has = |name: &str| -> i64 {
            let indexes = "SELECT count(*) FROM sqlite_schema WHERE name = $1";
            migrated
                .query_row(indexes, [name], |row| row.get(0))
                .unwrap()
        };
        let version = "PRAGMA user_version";
        let version: i64 = migrated.query_row(version, [], |row| row.get(0)).unwrap();
        (has("position_past_order"), has("record_kind"), version)
    };
    let index = "CREATE INDEX position_past_order ON position_past (collection, added);";
    assert_eq!(made_of(3, ""), (1, 1, 11), "made before the indexes");
    assert_eq!(
        made_of(3, index),
        (1, 1, 11),
        "made while the first tables had it"
    );
    assert_eq!(made_of(4, ""), (0, 1, 11), "of what came since, no more");
    assert_eq!(made_of(5, ""), (0, 0, 11), "nor here");
}

/// What undoes the sheets of the ledger, and what came after them.
const NO_SHEETS: &str =
    "DROP TABLE ledger_sheet; CREATE INDEX ledger_interval ON ledger (collection, high);
    ALTER TABLE ledger DROP COLUMN person; ALTER TABLE quarantine DROP COLUMN names; ALTER TABLE position_past DROP COLUMN embargo; ALTER TABLE position_past DROP COLUMN expires;
    DROP INDEX pending_channel; DROP INDEX pending_submitter;";

#[test]
fn places_that_were_left_before_they_had_times_get_those_of_their_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    drop(Store::open(&path, Options::default()).unwrap());
    let older = rusqlite::Connection::open(&path).unwrap();
    let sql = format!(
        "{NO_SHEETS}
        INSERT INTO record (recno, object, id, version, kind, spec, channel, revoked, sealed, class, embargo, accepted, hash)
            VALUES (1, 1, 'note--1', '', 1, 21, 1, 0, 0, 1, 77, 5, x'00'), (2, 2, 'note--2', '', 1, 21, 1, 0, 0, 1, NULL, 5, x'00');
        INSERT INTO position_past (recno, collection, added, class, removed) VALUES (1, 1, 1, 1, 2), (2, 1, 3, 1, 4);
        PRAGMA user_version = 5"
    );
    older.execute_batch(&sql).unwrap();
    drop(older);
    let store = Store::open(&path, Options::default()).unwrap();
    let look = store.read().unwrap();
    let times = |recno| look.places(recno).unwrap()[0].embargo;
    assert_eq!([1, 2].map(times), [Some(77), None]);
}
