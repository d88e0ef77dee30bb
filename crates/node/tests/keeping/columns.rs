//! Every column of the database is either held against something by verification, or said here not to be, with what keeps it.

use std::collections::BTreeSet;

use node::keeping::verify::{Area, Ask, verify};
use policy::Member;
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use crate::sample::{create, fill, proven, raw};
use crate::verify::{flipped, proven_columns};

/// Columns that are proven by tests of their own, here and beside.
const PROVEN: &[(&str, &[&str])] = &[
    ("record", &["recno"]),
    ("position", &["added", "recno"]),
    ("circle", &["id", "name", "owner", "epoch"]),
    ("roster", &["circle", "member", "since"]),
    ("pending", &["hash", "body"]),
    ("quarantine", &["hash", "size", "head"]),
    ("tile", &["level", "number"]),
    ("trail", &["number"]),
    ("peer", &["participant", "state"]),
    ("login", &["person", "name", "roles", "state", "email"]),
    (
        "credential",
        &["person", "kind", "label", "lookup", "secret"],
    ),
    (
        "session",
        &["id", "secret", "person", "method", "created", "expires"],
    ),
    ("once", &["secret", "kind", "person", "created", "expires"]),
    (
        "token",
        &["id", "secret", "person", "scope", "expires", "revoked"],
    ),
    (
        "access",
        &[
            "name",
            "participant",
            "person",
            "secret",
            "rights",
            "revoked",
        ],
    ),
    ("ledger", &[]),
    ("ledger_sheet", &[]),
    ("object_key_new", &["hash", "object"]),
];

/// What verification says nothing about, by table; no column stands for all. docs/operations.md says the same in words.
const SAID: &[(&str, &[&str], &str)] = &[
    (
        "position",
        &["collection"],
        "another collection whose last place is later is in no leaf",
    ),
    (
        "position_past",
        &[],
        "where something stood, and until when: the order of places is held against the log, what left them is not",
    ),
    (
        "collection",
        &[],
        "titles, default labels and rights to write are settings; the audit trail has who set them",
    ),
    (
        "object_key",
        &[],
        "empty until many objects are merged into it; then as object_key_new",
    ),
    ("counter", &[], "next numbers; no answer is made from them"),
    ("facet_text", &[], "made from the records"),
    ("facet_number", &[], "made from the records"),
    ("search_again", &[], "made from the records"),
    ("unresolved", &[], "made from the records"),
    (
        "pending",
        &[
            "id",
            "object",
            "version",
            "channel",
            "submitter",
            "reason",
            "context",
            "arrived",
        ],
        "how something came that is no record yet: a person looks at it before it is one",
    ),
    (
        "quarantine",
        &["id", "channel", "reason", "pointer", "arrived", "names"],
        "how something came that is no record",
    ),
    ("quarantine_use", &[], "counts for the quota"),
    ("job", &[], "what is to be done next"),
    (
        "checkpoint",
        &["at"],
        "when it was kept; when it was signed stands in it",
    ),
    (
        "peer",
        &[
            "profile", "cursor", "failures", "next_try", "trouble", "changed",
        ],
        "how far the exchange has come; introductions are signed by their own keys, and a peer's head that is kept by its log",
    ),
    (
        "circle",
        &["profile"],
        "of others: when the roster was made",
    ),
    (
        "roster",
        &["until"],
        "when a stay ended; that somebody belongs to a circle now is proven",
    ),
    (
        "access",
        &["created"],
        "when it was granted, which the audit trail has",
    ),
    ("access_use", &[], "when a program came last"),
    ("status", &[], "answers to programs, kept for a day"),
    (
        "person",
        &[],
        "the register of persons; the audit trail has who noted them",
    ),
    (
        "binding",
        &[],
        "keys of others as people confirmed them: a changed one shows as seals that do not verify any more",
    ),
    (
        "withdrawal",
        &[],
        "requests that are under way, each signed by itself",
    ),
    ("local", &[], "drafts and notes of desks: no records"),
    (
        "login",
        &["language", "created", "changed"],
        "in which language pages are, and since when",
    ),
    (
        "credential",
        &["id", "created", "used"],
        "when a means was made and last used; it is proven by what it proves",
    ),
    (
        "session",
        &["origin", "seen", "ended"],
        "from where, and when it was last used or ended; that it was ever opened is proven",
    ),
    (
        "token",
        &["name", "created", "used"],
        "what its owner calls it, and when it was used",
    ),
    (
        "once",
        &["used"],
        "when it was used up; that it was ever given out is proven",
    ),
    ("attempt", &[], "what slows down who guesses"),
];

/// All columns but those of the index of words, which is made from the records.
fn columns(raw: &Connection) -> BTreeSet<(String, String)> {
    let sql = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
               WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND (m.name = 'search_again' OR m.name NOT LIKE 'search%')";
    let mut statement = raw.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn every_column_is_proven_or_said_not_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.close();
    let raw = raw(&dir);
    let all = columns(&raw);
    assert!(all.len() > 150, "{}", all.len());
    let named = |table: &str, columns: &[&str]| -> BTreeSet<(String, String)> {
        let is_meant = |(of, name): &&(String, String)| {
            of == table && (columns.is_empty() || columns.contains(&name.as_str()))
        };
        let found: BTreeSet<_> = all.iter().filter(is_meant).cloned().collect();
        assert!(!found.is_empty(), "there is no {table} {columns:?}");
        found
    };
    let mut proven: BTreeSet<(String, String)> = proven_columns()
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect();
    // Names are what their values are found by: another name is another value, or none.
    proven.extend(
        ["meta", "word", "class"]
            .iter()
            .flat_map(|table| named(table, &[])),
    );
    for (table, columns) in PROVEN {
        proven.extend(named(table, columns));
    }
    let mut said = BTreeSet::new();
    for (table, columns, why) in SAID {
        assert!(!why.is_empty());
        said.extend(named(table, columns));
    }
    let both: Vec<_> = proven.intersection(&said).collect();
    assert!(both.is_empty(), "{both:?}");
    let neither: Vec<_> = all
        .iter()
        .filter(|one| !proven.contains(one) && !said.contains(one))
        .collect();
    assert!(
        neither.is_empty(),
        "neither proven nor said not to be: {neither:?}"
    );
    // What is said not to be proven is not: a first bit of each is changed.
    let ask = Ask {
        threads: 1,
        ..Ask::default()
    };
    for (table, name) in &said {
        let first = raw.query_row(&format!("SELECT {name} FROM {table} LIMIT 1"), [], |row| {
            row.get::<_, Value>(0)
        });
        let Some((value, changed)) = first
            .ok()
            .and_then(|value| Some((value.clone(), flipped(&value, 0)?)))
        else {
            continue;
        };
        let update = format!("UPDATE {table} SET {name} = $1 WHERE {name} IS $2");
        if raw.execute(&update, params![changed, value]).is_err() {
            continue;
        }
        let report = verify(&dir, &ask, &mut |_| {}).unwrap();
        let told = if report.is_clean() {
            "silent"
        } else {
            "found all the same"
        };
        println!("{table}.{name}: {told}");
        raw.execute(&update, params![value, changed]).unwrap();
    }
}

#[test]
fn a_place_that_was_moved_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.close();
    assert!(proven(&dir).is_clean());
    let raw = raw(&dir);
    let added = |recno: i64| -> i64 {
        raw.query_row(
            "SELECT added FROM position WHERE recno = $1",
            [recno],
            |row| row.get(0),
        )
        .unwrap()
    };
    let put = |recno: i64, added: i64| {
        raw.execute(
            "UPDATE position SET added = $1 WHERE recno = $2",
            [added, recno],
        )
        .unwrap();
    };
    let found = |recno: i64| {
        proven(&dir)
            .findings
            .iter()
            .any(|finding| finding.area == Area::Position && finding.leaf == Some(recno))
    };
    let (one, other) = (added(1), added(3));
    // Before it was accepted; long after; between others that came later.
    for moved in [
        one - 3_600_000_000,
        one + 3_600_000_000,
        added(10) + 1,
        added(10) + 2_000_000,
    ] {
        put(1, moved);
        assert!(found(1), "{moved}");
    }
    put(1, one);
    assert!(proven(&dir).is_clean());
    // Two that have changed places.
    put(1, i64::MAX);
    put(3, one);
    put(1, other);
    assert!(!proven(&dir).is_clean());
    put(1, i64::MAX);
    put(3, other);
    put(1, one);
    assert!(proven(&dir).is_clean());
}

#[test]
fn who_belongs_to_a_circle_is_what_its_roster_says() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let (node, by) = (&sample.node, sample.node.at_terminal("operator"));
    let member = |number: u32| {
        let id = format!("identity--00000000-0000-4000-8000-{number:012}");
        Member::Participant(id.parse().unwrap())
    };
    let circle = node
        .add_circle("Friends", vec![member(1)], &by)
        .wait()
        .unwrap();
    node.add_circle("Nobody yet", Vec::new(), &by)
        .wait()
        .unwrap();
    node.join_circle(&circle.id, member(2), &by).wait().unwrap();
    node.join_circle(&circle.id, member(3), &by).wait().unwrap();
    // Who leaves gets a roster with nobody in it: that is not who belongs to the circle.
    node.leave_circle(&circle.id, &member(2), &by)
        .wait()
        .unwrap();
    node.close();
    assert_eq!(proven(&dir).findings, []);
    let dump = |table: &str| -> Vec<Vec<Value>> {
        let raw = raw(&dir);
        let mut statement = raw.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|at| row.get(at)).collect();
        let rows = statement.query_map([], row).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let kept = ["circle", "roster"].map(|table| (table, dump(table)));
    let id = circle.id.as_str();
    for damage in [
        format!("UPDATE roster SET until = NULL WHERE circle = '{id}'"),
        format!(
            "UPDATE roster SET member = replace(member, '000000003', '000000004') WHERE circle = '{id}'"
        ),
        format!("UPDATE roster SET since = since + 1 WHERE circle = '{id}' AND until IS NULL"),
        format!("UPDATE roster SET until = 9 WHERE circle = '{id}'"),
        format!("DELETE FROM roster WHERE circle = '{id}'"),
        format!(
            "INSERT INTO roster (circle, member, since) SELECT circle, member || '9', since FROM roster WHERE circle = '{id}'"
        ),
        format!("UPDATE circle SET epoch = epoch - 1 WHERE id = '{id}'"),
        format!("UPDATE circle SET name = 'Foes' WHERE id = '{id}'"),
        format!(
            "UPDATE circle SET owner = 'identity--00000000-0000-4000-8000-000000000001' WHERE id = '{id}'"
        ),
        format!("UPDATE circle SET id = replace(id, substr(id, 1, 1), 'e') WHERE id = '{id}'"),
    ] {
        let raw = raw(&dir);
        raw.execute_batch(&damage).unwrap();
        let report = proven(&dir);
        let found = report
            .findings
            .iter()
            .any(|finding| finding.area == Area::Circle);
        assert!(found, "{damage}: {:#?}", report.findings);
        for (table, rows) in &kept {
            raw.execute(&format!("DELETE FROM {table}"), []).unwrap();
            for row in rows {
                let marks = vec!["?"; row.len()].join(", ");
                let insert = format!("INSERT INTO {table} VALUES ({marks})");
                raw.execute(&insert, rusqlite::params_from_iter(row))
                    .unwrap();
            }
        }
    }
    assert!(proven(&dir).is_clean());
}

#[test]
fn what_waits_and_what_is_in_quarantine_is_what_arrived() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    sample.node.close();
    let raw = raw(&dir);
    let body = br#"{"type":"note"}"#;
    let hash = Sha256::digest(body).to_vec();
    raw.execute(
        "INSERT INTO pending (id, object, version, channel, submitter, reason, context, hash, body, arrived) VALUES (1, 'x', '', 'import', 'x', 'x', x'', $1, $2, 1)",
        params![hash, &body[..]],
    )
    .unwrap();
    raw.execute(
        "INSERT INTO quarantine (id, channel, reason, pointer, hash, size, head, arrived) VALUES (1, 'import', 'x', '', ?1, ?3, ?2, 1)",
        params![hash, &body[..], 15],
    )
    .unwrap();
    assert_eq!(proven(&dir).findings, []);
    for (table, column) in [
        ("pending", "body"),
        ("pending", "hash"),
        ("quarantine", "head"),
        ("quarantine", "hash"),
    ] {
        let update = format!("UPDATE {table} SET {column} = $1");
        let value: Value = raw
            .query_row(&format!("SELECT {column} FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap();
        raw.execute(&update, [flipped(&value, 3).unwrap()]).unwrap();
        let findings = proven(&dir).findings;
        assert_eq!(findings.len(), 1, "{table}.{column}: {findings:?}");
        assert_eq!(findings[0].area, Area::Waiting, "{findings:?}");
        raw.execute(&update, [value]).unwrap();
    }
    // Of what is longer than what is kept of it nothing can be said.
    raw.execute("UPDATE quarantine SET size = size + 1, head = x'00'", [])
        .unwrap();
    assert!(proven(&dir).is_clean());
}
