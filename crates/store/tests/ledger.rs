//! The ledger of who took what: found by viewer and by place, however many lines it has.

mod stage;

use stage::Stage;
use store::{LedgerEntry, Options, Store};

/// What undoes the sheets of the ledger.
const NO_SHEETS: &str =
    "DROP TABLE ledger_sheet; CREATE INDEX ledger_interval ON ledger (collection, high);
    ALTER TABLE ledger DROP COLUMN person; ALTER TABLE quarantine DROP COLUMN names; ALTER TABLE position_past DROP COLUMN embargo; ALTER TABLE position_past DROP COLUMN expires;
    DROP INDEX pending_channel; DROP INDEX pending_submitter;";

#[test]
fn the_ledger_says_who_took_what() {
    let stage = Stage::new();
    let note = |viewer: &str, low: i64, high: i64, filter: &str| {
        let entry = LedgerEntry {
            viewer: viewer.into(),
            collection: 1,
            filter: filter.into(),
            outcome: "taken".into(),
            low,
            high,
            records: 1,
            last_at: high,
            ..LedgerEntry::default()
        };
        stage
            .store
            .write(|txn| txn.note([&entry], i64::MIN, 0))
            .unwrap();
    };
    note("b", 0, 10, "");
    note("c", 0, 5, "");
    note("b", 10, 20, "");
    note("b", 20, 30, "indicator");
    let look = stage.store.read().unwrap();
    let of_b: Vec<_> = look
        .ledger(Some("b"), i64::MAX, 10)
        .unwrap()
        .iter()
        .map(|e| (e.low, e.high, e.records))
        .collect();
    assert_eq!(of_b, [(20, 30, 1), (0, 20, 2)]);
    let takers = |added: i64| -> Vec<String> {
        let mut names: Vec<_> = look
            .takers(1, added)
            .unwrap()
            .into_iter()
            .map(|entry| entry.viewer)
            .collect();
        names.sort();
        names
    };
    assert_eq!(takers(5), ["b", "c"]);
    assert_eq!(takers(6), ["b"]);
    assert!(takers(31).is_empty());
    assert_eq!(look.ledger(None, i64::MAX, 10).unwrap().len(), 3);
}

#[test]
fn whoever_took_a_place_is_found_among_many() {
    let stage = Stage::new();
    let mut seed = 1_u64;
    let mut dice = |below: i64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as i64 % below
    };
    let mut noted = Vec::new();
    for batch in [1, 300, 2, 63, 1, 500, 64, 65] {
        let lines: Vec<LedgerEntry> = (0..batch)
            .map(|_| {
                let low = dice(5_000);
                LedgerEntry {
                    viewer: format!("v{}", dice(3)),
                    collection: 1 + dice(2),
                    filter: format!("f{}", dice(4)),
                    low,
                    high: low + 1 + dice(40),
                    first_at: 1_000 + dice(9),
                    last_at: 1_010 + dice(9),
                    ..LedgerEntry::default()
                }
            })
            .collect();
        stage.store.write(|txn| txn.note(&lines, 0, 0)).unwrap();
        noted.extend(lines);
    }
    let look = stage.store.read().unwrap();
    for collection in [1, 2] {
        for added in 0..5_050 {
            let covers = |line: &&LedgerEntry| {
                line.collection == collection && line.low < added && added <= line.high
            };
            let mut wanted: Vec<_> = noted
                .iter()
                .filter(covers)
                .map(|line| (line.viewer.clone(), line.filter.clone()))
                .collect();
            let found = look.takers(collection, added).unwrap();
            let mut found: Vec<_> = found
                .into_iter()
                .map(|line| (line.viewer, line.filter))
                .collect();
            wanted.sort();
            found.sort();
            assert_eq!(found, wanted, "{collection} {added}");
        }
    }
}

#[test]
fn an_entry_that_grows_is_found_by_what_it_grew_to() {
    let stage = Stage::new();
    let line = |viewer: &str, low: i64, at: i64| LedgerEntry {
        viewer: viewer.into(),
        collection: 1,
        low,
        high: low + 1,
        records: 1,
        first_at: at,
        last_at: at,
        ..LedgerEntry::default()
    };
    let note = |lines: &[LedgerEntry]| stage.store.write(|txn| txn.note(lines, 0, 0)).unwrap();
    note(&[line("a", 5, 10)]);
    // Many sheets later it grows, and by what was taken in between as well.
    let others: Vec<_> = (0..300).map(|n| line("b", 10 * n, 20 + n)).collect();
    note(&others);
    note(&[line("a", 6, 400), line("a", 7, 390)]);
    let look = stage.store.read().unwrap();
    let of_a = look.ledger(Some("a"), i64::MAX, 9).unwrap();
    let shown: Vec<_> = of_a
        .iter()
        .map(|line| {
            (
                line.low,
                line.high,
                line.records,
                line.first_at,
                line.last_at,
            )
        })
        .collect();
    assert_eq!(shown, [(5, 8, 3, 10, 400)]);
    let takers = look.takers(1, 8).unwrap();
    assert_eq!(takers.len(), 1, "{takers:?}");
    assert_eq!(takers.first().map(|line| line.viewer.as_str()), Some("a"));
}

#[test]
fn who_took_what_is_found_after_the_ledger_got_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    drop(Store::open(&path, Options::default()).unwrap());
    let older = rusqlite::Connection::open(&path).unwrap();
    let lines = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 200)
        INSERT INTO ledger SELECT n, 'v' || n, 1 + n % 2, 'poll', '', 'taken', 10 * n, 10 * n + 25, 1, n, n FROM n;";
    let sql = format!("{NO_SHEETS} {lines} PRAGMA user_version = 5");
    older.execute_batch(&sql).unwrap();
    drop(older);
    let store = Store::open(&path, Options::default()).unwrap();
    for number in [1_i64, 63, 64, 65, 128, 200] {
        let found = store.read().unwrap();
        let found = found.takers(1 + number % 2, 10 * number + 1).unwrap();
        let viewers: Vec<_> = found.iter().map(|line| line.viewer.as_str()).collect();
        let mut wanted = vec![format!("v{number}")];
        if number > 2 {
            wanted.insert(0, format!("v{}", number - 2));
        }
        assert_eq!(viewers, wanted);
    }
}
