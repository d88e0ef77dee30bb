//! Every byte that counts is changed, one at a time: each must be found, in its place.

use node::clock::ManualClock;
use node::keeping::verify::{Area, Ask, Report, verify};
use policy::Tlp;
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::sample::{create, fill, head, import, proven, raw, tool};

fn closed(dir: &std::path::Path) -> ManualClock {
    let sample = create(dir, "Ministry of Valmora", 1);
    fill(&sample, dir);
    sample.node.close();
    sample.clock
}

#[test]
fn a_node_that_nobody_touched_is_proven() {
    let dir = tempfile::tempdir().unwrap();
    let empty = create(&dir.path().join("e"), "Empty", 5);
    assert!(proven(&dir.path().join("e")).is_clean());
    empty.node.close();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    // Beside the running node.
    let report = proven(&dir);
    assert_eq!(report.findings, [], "{report:#?}");
    assert_eq!((report.size, report.leaves), (11, 11));
    assert_eq!((report.seals.good, report.seals.broken), (3, 0));
    sample.node.close();
    assert!(proven(&dir).is_clean());
}

/// Values of one column, changed bit by bit.
struct Column {
    table: &'static str,
    key: &'static str,
    name: &'static str,
    areas: &'static [Area],
    filter: &'static str,
}

const COLUMNS: &[Column] = &[
    column("record", "recno", "body", &[Area::Body]),
    column("record", "recno", "hash", &[Area::Hash]),
    column("record", "recno", "salt", &[Area::Salt]),
    column("record", "recno", "id", &[Area::Id]),
    column("record", "recno", "version", &[Area::Version]),
    column("record", "recno", "accepted", &[Area::Accepted]),
    column("record", "recno", "class", &[Area::Label]),
    column("record", "recno", "embargo", &[Area::Label]),
    column("record", "recno", "channel", &[Area::Channel]),
    column("record", "recno", "object", &[Area::Id]),
    column("record", "recno", "expires", &[Area::Label]),
    column("record", "recno", "kind", &[Area::Header]),
    column("record", "recno", "spec", &[Area::Header]),
    column("record", "recno", "author", &[Area::Header]),
    column("record", "recno", "revoked", &[Area::Header]),
    column("record", "recno", "sealed", &[Area::Header]),
    column("class", "id", "label", &[Area::Label]),
    column("tile", "number", "hashes", &[Area::Tile]),
    column("checkpoint", "rowid", "note", &[Area::Checkpoint]),
    column("checkpoint", "rowid", "origin", &[Area::Checkpoint]),
    column("checkpoint", "rowid", "size", &[Area::Checkpoint]),
    Column {
        filter: "WHERE name LIKE 'log.head'",
        ..column("meta", "name", "value", &[Area::Head])
    },
    Column {
        filter: "WHERE name LIKE 'label.taken/%'",
        ..column("meta", "name", "value", &[Area::Label])
    },
    // Names of facets are words as well: facets are derived, and made anew from the records.
    Column {
        filter: "WHERE id IN (SELECT kind FROM record UNION SELECT channel FROM record UNION SELECT author FROM record)",
        ..column("word", "id", "text", &[Area::Channel, Area::Header])
    },
    column("position", "recno", "class", &[Area::Position]),
    column("position", "recno", "rank", &[Area::Position]),
    column("position", "recno", "kind", &[Area::Position]),
    column("position", "recno", "spec", &[Area::Position]),
    column("position", "recno", "embargo", &[Area::Position]),
    column("position", "recno", "expires", &[Area::Position]),
    column("trail", "number", "at", &[Area::Trail]),
    column("trail", "number", "person", &[Area::Trail]),
    column("trail", "number", "name", &[Area::Trail]),
    column("trail", "number", "through", &[Area::Trail]),
    column("trail", "number", "action", &[Area::Trail]),
    column("trail", "number", "subject", &[Area::Trail]),
    column("trail", "number", "detail", &[Area::Trail]),
    column("trail", "number", "hash", &[Area::Trail]),
];

/// Table and name of each.
pub(crate) fn proven_columns() -> impl Iterator<Item = (&'static str, &'static str)> {
    COLUMNS.iter().map(|column| (column.table, column.name))
}

const fn column(
    table: &'static str,
    key: &'static str,
    name: &'static str,
    areas: &'static [Area],
) -> Column {
    Column {
        table,
        key,
        name,
        areas,
        filter: "",
    }
}

pub(crate) fn flipped(value: &Value, at: usize) -> Option<Value> {
    let bit = 1 << (at * 5 % 8);
    Some(match value {
        Value::Integer(number) if at < 8 => {
            Value::Integer(number ^ (1 << ((at * 8 + at * 5 % 8) % 63)))
        }
        Value::Null if at == 0 => Value::Integer(1),
        Value::Text(text) if at < text.len() => {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= bit & 0x7f | u8::from(bit & 0x7f == 0);
            String::from_utf8(bytes).map(Value::Text).unwrap()
        }
        Value::Blob(bytes) if at < bytes.len() => {
            let mut bytes = bytes.clone();
            bytes[at] ^= bit;
            Value::Blob(bytes)
        }
        _ => return None,
    })
}

fn values(raw: &Connection, column: &Column) -> Vec<(Value, Value)> {
    let Column {
        table,
        key,
        name,
        filter,
        ..
    } = column;
    let sql = format!("SELECT {key}, {name} FROM {table} {filter}");
    let mut statement = raw.prepare(&sql).unwrap();
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

fn placed(report: &Report, column: &Column, key: &Value) -> bool {
    report.findings.iter().any(|finding| {
        let here = match (column.table, key) {
            ("record" | "position", Value::Integer(recno)) => finding.leaf == Some(*recno),
            _ => true,
        };
        here && column.areas.contains(&finding.area)
    })
}

#[test]
fn a_byte_that_is_changed_is_found_in_its_place() {
    // Every byte takes minutes: `VERIFY_EVERY=1 cargo test -p node --test keeping a_byte_that`.
    let every = std::env::var("VERIFY_EVERY")
        .ok()
        .and_then(|text| text.parse().ok());
    changed_bytes(every.unwrap_or(13));
}

fn changed_bytes(every: usize) {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    closed(&dir);
    let raw = raw(&dir);
    let ask = Ask {
        threads: 1,
        ..Ask::default()
    };
    let (mut tried, mut wrong) = (0, Vec::new());
    for column in COLUMNS {
        let Column {
            table,
            key,
            name,
            filter,
            ..
        } = column;
        let and = if filter.is_empty() { "WHERE" } else { "AND" };
        let update = format!("UPDATE {table} SET {name} = $1 {filter} {and} {key} = $2");
        let values = values(&raw, column);
        assert!(!values.is_empty(), "there is no {table}.{name} to change");
        for (at_key, value) in values {
            let first = if every == 1 { 0 } else { tried % every % 5 };
            for at in (first..).step_by(every) {
                let Some(changed) = flipped(&value, at) else {
                    break;
                };
                if raw.execute(&update, params![changed, at_key]).is_err() {
                    // A key that is there already: the engine itself refuses.
                    continue;
                }
                tried += 1;
                let report = verify(&dir, &ask, &mut |_| {}).unwrap();
                if !placed(&report, column, &at_key) {
                    wrong.push(format!(
                        "{table}.{name} of {at_key:?} at {at}: {changed:?}: {:?}",
                        report.findings
                    ));
                }
                raw.execute(&update, params![value, at_key]).unwrap();
            }
        }
    }
    assert!(proven(&dir).is_clean());
    println!("{tried} changes, {} not found in their place", wrong.len());
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

#[test]
fn what_is_cut_off_taken_out_or_moved_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    closed(&dir);
    settle(&dir);
    let saved = std::fs::read(dir.join("node.db")).unwrap();
    for (damage, area, leaf) in [
        ("DELETE FROM record WHERE recno = 10", Area::Count, Some(10)),
        ("DELETE FROM record WHERE recno = 2", Area::Count, Some(2)),
        ("DELETE FROM record", Area::Count, None),
        ("DELETE FROM tile", Area::Tile, None),
        (
            "UPDATE tile SET hashes = substr(hashes, 1, 64)",
            Area::Tile,
            None,
        ),
        ("DELETE FROM meta WHERE name = 'log.head'", Area::Head, None),
        (
            "DELETE FROM meta WHERE name LIKE 'label.taken/%'",
            Area::Label,
            Some(8),
        ),
        (
            "UPDATE record SET body = NULL, salt = NULL WHERE recno = 1",
            Area::Erasure,
            Some(1),
        ),
        (
            "UPDATE record SET body = NULL WHERE recno = 1",
            Area::Body,
            Some(1),
        ),
        (
            "DELETE FROM position WHERE recno = 3",
            Area::Position,
            Some(3),
        ),
        (
            "UPDATE position SET recno = 77 WHERE recno = 3",
            Area::Position,
            Some(77),
        ),
        (
            "UPDATE record SET class = (SELECT min(id) FROM class) WHERE recno = 8",
            Area::Label,
            Some(8),
        ),
        ("DELETE FROM object_key_new", Area::Id, Some(0)),
        (
            "UPDATE record SET body = CAST('{}' AS BLOB) WHERE recno = 4",
            Area::Body,
            Some(4),
        ),
        (
            "UPDATE record SET recno = 100 WHERE recno = 10",
            Area::Count,
            Some(10),
        ),
    ] {
        raw(&dir).execute_batch(damage).unwrap();
        let report = proven(&dir);
        let found = report
            .findings
            .iter()
            .any(|finding| finding.area == area && (leaf.is_none() || finding.leaf == leaf));
        assert!(found, "{damage}: {:#?}", report.findings);
        settle(&dir);
        std::fs::write(dir.join("node.db"), &saved).unwrap();
    }
    assert!(proven(&dir).is_clean());
}

/// Everything is in one file.
fn settle(dir: &std::path::Path) {
    let _: i64 = raw(dir)
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
        .unwrap();
}

/// Everything that verification vouches for, as text.
fn content(dir: &std::path::Path) -> Option<String> {
    let raw = Connection::open_with_flags(
        dir.join("node.db"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )
    .ok()?;
    let mut text = String::new();
    for sql in [
        "SELECT * FROM record ORDER BY recno",
        "SELECT * FROM tile ORDER BY level, number",
        "SELECT * FROM word ORDER BY id",
        "SELECT * FROM class ORDER BY id",
        "SELECT * FROM meta WHERE name LIKE 'log.%' OR name LIKE 'label.%' ORDER BY name",
        "SELECT collection, class, kind, rank, recno, spec, embargo, expires FROM position ORDER BY recno, collection",
    ] {
        let mut statement = raw.prepare(sql).ok()?;
        let columns = statement.column_count();
        let mut rows = statement.query([]).ok()?;
        while let Some(row) = rows.next().ok()? {
            for column in 0..columns {
                text.push_str(&format!("{:?}|", row.get::<_, Value>(column).ok()?));
            }
            text.push('\n');
        }
    }
    Some(text)
}

#[test]
fn a_changed_byte_of_the_file_is_found_or_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    closed(&dir);
    let file = dir.join("node.db");
    settle(&dir);
    let saved = std::fs::read(&file).unwrap();
    let before = content(&dir).unwrap();
    let (mut found, mut harmless, mut lost) = (0, 0, Vec::new());
    let mut at = 7_usize;
    for round in 0..600 {
        // Bytes of pages that hold something; a fixed walk through the file.
        at = (at + 104_729) % saved.len();
        let mut bytes = saved.clone();
        bytes[at] ^= 1 << (round % 8);
        std::fs::write(&file, &bytes).unwrap();
        for side in ["node.db-wal", "node.db-shm"] {
            let _ = std::fs::remove_file(dir.join(side));
        }
        // Another schema number is answered by refusing to look.
        match verify(
            &dir,
            &Ask {
                threads: 1,
                ..Ask::default()
            },
            &mut |_| {},
        ) {
            Ok(report) if report.is_clean() => match content(&dir) {
                Some(now) if now == before => harmless += 1,
                _ => lost.push(at),
            },
            _ => found += 1,
        }
    }
    println!(
        "{found} found, {harmless} changed nothing that counts, {} lost",
        lost.len()
    );
    assert!(lost.is_empty(), "{lost:?}");
    assert!(found > 0 && harmless > 0);
    for cut in [1, saved.len() / 3, saved.len() / 2, saved.len() - 4096] {
        std::fs::write(&file, &saved[..cut]).unwrap();
        for side in ["node.db-wal", "node.db-shm"] {
            let _ = std::fs::remove_file(dir.join(side));
        }
        assert!(
            verify(&dir, &Ask::default(), &mut |_| {}).is_ok_and(|report| !report.is_clean()),
            "cut to {cut}"
        );
    }
}

#[test]
fn yesterdays_copy_and_another_branch_are_caught_by_a_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let clock = closed(&dir);
    let file = dir.join("node.db");
    settle(&dir);
    let yesterday = std::fs::read(&file).unwrap();
    let old = head(&dir);
    let against = |checkpoint: &str| {
        let ask = Ask {
            against: Some(checkpoint.to_owned()),
            ..Ask::default()
        };
        verify(&dir, &ask, &mut |_| {}).unwrap()
    };
    let node = crate::sample::open(&dir, &clock, 9);
    clock.advance(5_000_000);
    import(&node, &[tool(20, 1, ""), tool(21, 1, "")], None);
    node.close();
    drop(node);
    let today = head(&dir);
    assert!(against(&old).is_clean());
    assert!(against(&today).is_clean());
    settle(&dir);
    // The whole copy of yesterday proves itself, and is found by today's checkpoint.
    std::fs::write(&file, &yesterday).unwrap();
    assert!(proven(&dir).is_clean());
    let report = against(&today);
    assert_eq!(report.findings[0].area, Area::Checkpoint);
    assert!(report.findings[0].what.contains("older copy"), "{report:?}");
    // It goes on as if nothing had happened: a fork, which two checkpoints prove to anybody.
    let node = crate::sample::open(&dir, &clock, 10);
    clock.advance(5_000_000);
    import(
        &node,
        &[tool(22, 1, ""), tool(23, 1, ""), tool(24, 1, "")],
        None,
    );
    node.close();
    drop(node);
    let report = against(&today);
    assert!(!report.is_clean());
    let keys = node::keys::load(&dir.join("keys")).unwrap();
    let origin = tlog::Origin::new(old.lines().next().unwrap()).unwrap();
    let key = tlog::Key::log(origin, keys.log.verifying_key());
    let proof = report.proof.expect("a proof");
    tlog::Fork::read(&proof, &key).unwrap();
    // Somebody else's checkpoint is none of this log.
    assert!(!against(&old.replace("entente/", "another/")).is_clean());
}

#[test]
fn times_finer_than_the_clock_are_no_change_of_label() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = crate::sample::create(&dir, "Ministry of Valmora", 1);
    let id: stix::ObjectId = "marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
        .parse()
        .unwrap();
    let access = stix::marking::AccessMarking {
        embargo: Some("2026-12-01T00:00:00.1234567Z".parse().unwrap()),
        expiry: Some("2027-12-01T00:00:00.000000001Z".parse().unwrap()),
        ..Default::default()
    };
    let created = "2026-01-01T00:00:00Z".parse().unwrap();
    let definition = access.definition(&id, &created, None);
    let marked = format!(r#","object_marking_refs":["{id}"]"#);
    // Understood at once, by a definition that comes later, and beside a label of ours.
    let early = tool(1, 1, &marked);
    import(
        &sample.node,
        &[early, definition, tool(2, 1, &marked)],
        Some(Tlp::Green),
    );
    // A tighter version governs the one before it.
    import(&sample.node, &[tool(2, 2, &marked)], Some(Tlp::Red));
    let held = sample.node.object(
        &sample.node.home_viewer(),
        policy::Purpose::Show,
        &"tool--00000000-0000-4000-8000-000000000001"
            .parse()
            .unwrap(),
    );
    assert!(held.unwrap().is_some());
    sample.node.close();
    let report = proven(&dir);
    assert_eq!(report.findings, []);
}
