//! The audit trail is marked in the log: one that was cut, or written anew with right hashes, contradicts the log.

use node::Role;
use node::keeping::verify::Area;
use node::users::NewUser;
use rusqlite::params;
use sha2::{Digest, Sha256};

use crate::sample::{Saved, create, proven, raw, signed_in};

/// Makes every line fit the one before again, as somebody would who has changed one.
pub(crate) fn hashed_anew(dir: &std::path::Path) {
    let raw = raw(dir);
    let mut lines = raw
        .prepare("SELECT number, at, person, name, through, action, subject, detail FROM trail ORDER BY number")
        .unwrap();
    let mut rows = lines.query([]).unwrap();
    let mut last: Vec<u8> = Vec::new();
    let mut made = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let mut hash = Sha256::new();
        hash.update(&last);
        let numbers: [i64; 2] = [row.get(0).unwrap(), row.get(1).unwrap()];
        for number in numbers {
            hash.update(number.to_be_bytes());
        }
        for column in 2..8 {
            let text: String = row.get(column).unwrap();
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        last = hash.finalize().to_vec();
        made.push((numbers[0], last.clone()));
    }
    for (number, hash) in made {
        let update = "UPDATE trail SET hash = $1 WHERE number = $2";
        raw.execute(update, params![hash, number]).unwrap();
    }
}

#[test]
fn a_trail_that_was_cut_or_written_anew_contradicts_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let node = &sample.node;
    node.mark_trail().wait().unwrap();
    let empty = node.log_size().unwrap();
    let ada = signed_in(node);
    let invite = |name: &str| {
        let new = NewUser {
            name: name.to_owned(),
            roles: [Role::Reader].into_iter().collect(),
            ..NewUser::default()
        };
        drop(node.invite(new, &ada).wait().unwrap());
    };
    invite("Ben Orme");
    node.mark_trail().wait().unwrap();
    node.mark_trail().wait().unwrap();
    assert_eq!(node.log_size().unwrap(), empty + 1, "one for what is new");
    invite("Cleo Vane");
    node.close();
    assert_eq!(proven(&dir).findings, []);
    // It stays here: it stands in no collection.
    let placed =
        "SELECT count(*) FROM position JOIN record USING (recno) WHERE id LIKE 'trail-mark--%'";
    assert_eq!(
        raw(&dir).query_row(placed, [], |row| row.get::<_, i64>(0)),
        Ok(0)
    );
    let saved = Saved::of(&dir);
    for (damage, word) in [
        ("DELETE FROM trail", "cut off"),
        ("DELETE FROM trail WHERE number > 2", "cut off"),
        (
            "UPDATE trail SET at = at + 1 WHERE number = 1",
            "written anew",
        ),
        (
            "UPDATE trail SET name = 'Eve' WHERE number = 2",
            "written anew",
        ),
    ] {
        raw(&dir).execute_batch(damage).unwrap();
        hashed_anew(&dir);
        let findings = proven(&dir).findings;
        let named = findings
            .iter()
            .any(|one| one.area == Area::Trail && one.what.contains(word));
        assert!(named, "{damage}: {findings:?}");
        saved.put_back();
    }
    assert_eq!(proven(&dir).findings, []);
}
