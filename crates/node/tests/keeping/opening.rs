//! A node is opened only over the log that it signed last, and proven only by keys of which its log speaks.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use node::Node;
use node::chance::SeededRandom;
use node::keeping::recover_keys;
use node::keeping::verify::Area;
use node::keys::{self, Use};
use tlog::{Checkpoint, Note, Origin};

use crate::sample::{Saved, create, fill, head, import, open, proven, raw, tool};

#[test]
fn nothing_is_signed_over_what_was_changed_past_the_node() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.close();
    let clock = sample.clock.clone();
    drop(sample.node);
    let saved = Saved::of(&dir);
    let text = head(&dir);
    let note = Note::parse(text.as_bytes()).unwrap();
    let shown = Checkpoint::parse(note.text()).unwrap();
    let by_another = shown.sign(&SigningKey::from_bytes(&[7; 32]), 9).unwrap();
    let by_another =
        format!("UPDATE meta SET value = CAST('{by_another}' AS BLOB) WHERE name = 'log.head'");
    for (damage, said) in [
        ("DELETE FROM meta WHERE name = 'log.head'", "no signed head"),
        (by_another.as_str(), "not signed by the log key"),
        (
            "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0",
            "another than the one",
        ),
        (
            "UPDATE record SET body = CAST(replace(CAST(body AS TEXT), 't6', 't7') AS BLOB) WHERE recno = (SELECT max(recno) FROM record)",
            "is not the one that its leaf",
        ),
        (
            "UPDATE record SET accepted = accepted + 1 WHERE recno = (SELECT max(recno) FROM record)",
            "is not the one that its leaf",
        ),
    ] {
        assert!(raw(&dir).execute(damage, []).unwrap() > 0, "{damage}");
        let chance = Box::new(SeededRandom::new(3));
        let opened = Node::open(&dir, None, Arc::new(clock.clone()), chance);
        let refused = match opened {
            Ok(node) => {
                node.close();
                panic!("opened in spite of: {damage}");
            }
            Err(error) => format!("{error:#}"),
        };
        assert!(refused.contains(said), "{damage}: {refused}");
        assert!(refused.contains("entente verify"), "{refused}");
        saved.put_back();
    }
    open(&dir, &clock, 4).close();
    assert_eq!(proven(&dir).findings, []);
}

#[test]
fn a_key_that_only_the_database_names_proves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    let log = |key: &SigningKey| hex::encode(key.verifying_key().as_bytes());
    let stolen = keys::load(&dir.join("keys")).unwrap().log;
    sample.node.rotate_key(Use::Log, &[]).unwrap();
    sample.node.rotate_key(Use::Seal, &[]).unwrap();
    import(&sample.node, &[tool(80, 1, "")], None);
    sample.node.close();
    drop(sample);
    assert_eq!(proven(&dir).findings, []);
    let saved = Saved::of(&dir);
    let text = head(&dir);
    let shown = Checkpoint::parse(Note::parse(text.as_bytes()).unwrap().text()).unwrap();
    let found = |area: Area| {
        let report = proven(&dir);
        let found = report.findings.iter().any(|finding| finding.area == area);
        assert!(found, "{:#?}", report.findings);
    };
    // A key of whoever has the database, and a head by it.
    let own = SigningKey::from_bytes(&[9; 32]);
    let raw_ = raw(&dir);
    let former: Vec<u8> = raw_
        .query_row(
            "SELECT value FROM meta WHERE name = 'node.keys.former'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let former = String::from_utf8(former).unwrap();
    let entry = format!(
        r#"[{{"use":"log","id":"log:x","text":"{}","until":9,"why":"rotated"}},"#,
        log(&own)
    );
    raw_.execute(
        "UPDATE meta SET value = ?1 WHERE name = 'node.keys.former'",
        [former.replacen('[', &entry, 1).into_bytes()],
    )
    .unwrap();
    let forged = shown.sign(&own, 1_795_000_000).unwrap();
    let put = "UPDATE meta SET value = ?1 WHERE name = 'log.head'";
    raw_.execute(put, [forged.into_bytes()]).unwrap();
    drop(raw_);
    found(Area::Head);
    saved.put_back();
    // Or the key that was in use before, which somebody found: it signs no more.
    let forged = shown.sign(&stolen, 1_795_000_000).unwrap();
    raw(&dir)
        .execute(put, [forged.clone().into_bytes()])
        .unwrap();
    found(Area::Head);
    saved.put_back();
    let kept = "INSERT INTO checkpoint (origin, size, note, at) VALUES (?1, ?2, ?3, 1)";
    let (origin, size): (&Origin, i64) = (shown.origin(), shown.size().try_into().unwrap());
    let values = rusqlite::params![origin.as_str(), size, forged.into_bytes()];
    assert_eq!(raw(&dir).execute(kept, values).unwrap(), 1);
    found(Area::Checkpoint);
    saved.put_back();
    // A seal key beside those that this node's participant had.
    let bind = "INSERT INTO binding (identity, key, state, since, until, profile) SELECT identity, ?1, state, 5, 6, profile FROM binding LIMIT 1";
    let key = own.verifying_key().as_bytes().to_vec();
    assert_eq!(raw(&dir).execute(bind, [key]).unwrap(), 1);
    found(Area::Keys);
    saved.put_back();
    assert_eq!(proven(&dir).findings, []);
}

#[test]
fn a_recovery_that_was_cut_off_tells_of_the_lost_keys_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.close();
    let (clock, recovery) = (sample.clock.clone(), sample.recovery);
    drop(sample.node);
    std::fs::remove_dir_all(dir.join("keys")).unwrap();
    // Nothing can be said, until there is room again.
    let full = "CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT RAISE(ABORT, 'full'); END";
    raw(&dir).execute_batch(full).unwrap();
    let chance = Box::new(SeededRandom::new(6));
    recover_keys(&dir, &recovery, Arc::new(clock.clone()), chance).unwrap_err();
    raw(&dir).execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(
        proven(&dir).findings,
        [],
        "the head is by the key that is in use"
    );
    let told = || -> i64 {
        let count = "SELECT count(*) FROM record WHERE id LIKE 'key-revocation--%'";
        raw(&dir).query_row(count, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(told(), 0);
    open(&dir, &clock, 8).close();
    assert_eq!(told(), 4);
    open(&dir, &clock, 9).close();
    assert_eq!(told(), 4, "once");
    assert_eq!(proven(&dir).findings, []);
}
