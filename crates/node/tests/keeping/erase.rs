//! What is erased or spilled is nowhere in the node's files, and the log still verifies.

use std::path::Path;

use node::keeping::verify::Area;
use sha2::{Digest as _, Sha256};
use stix::ObjectId;

use crate::sample::{create, fill, import, open, proven, raw, tool};

const TOKEN: &str = "quetzalcoatlus";

/// Where the token is found in the files of a node.
fn traces(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
            if bytes
                .windows(TOKEN.len())
                .any(|part| part == TOKEN.as_bytes())
            {
                found.push(path.file_name().unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found
}

fn secret(number: u32, version: u32) -> String {
    // Long enough for pages of its own.
    let filler = "x".repeat(9000);
    tool(
        number,
        version,
        &format!(r#","description":"Quetzalcoatlus {filler} quetzalcoatlus""#),
    )
}

fn id(number: u32) -> ObjectId {
    ObjectId::parse(&format!("tool--00000000-0000-4000-8000-{number:012}")).unwrap()
}

/// Of a row of the records: when it was accepted, hash, salt and bytes.
type Row = (i64, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

#[test]
fn two_persons_erase_a_record_and_nothing_of_it_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    let node = &sample.node;
    import(node, &[secret(50, 1), secret(50, 2), tool(51, 1, "")], None);
    // What somebody made of it awaits a decision, and goes as well.
    let future = secret(50, 2).replace("\"modified\":\"2020", "\"modified\":\"9020");
    assert_eq!(import(node, &[future], None).successes(), 0);
    node.index().unwrap();
    assert!(
        !traces(&dir).is_empty(),
        "the search for traces finds what is there"
    );
    assert!(
        node.ask_erasure(&id(50), None, " ", &node.at_terminal("Ana"))
            .wait()
            .is_err()
    );
    assert!(
        node.ask_erasure(&id(99), None, "wrong", &node.at_terminal("Ana"))
            .wait()
            .is_err()
    );
    let request = node
        .ask_erasure(&id(50), None, "personal data", &node.at_terminal("Ana"))
        .wait()
        .unwrap();
    assert_eq!(request.records.len(), 2);
    assert!(
        node.agree_erasure(request.number, &node.at_terminal("ana"))
            .is_err(),
        "the same person"
    );
    assert!(proven(&dir).is_clean());
    let removed = node
        .agree_erasure(request.number, &node.at_terminal("Bo"))
        .unwrap();
    assert_eq!((removed.records.len(), removed.emptied), (2, true));
    assert_eq!(removed.awaiting + removed.quarantined, 1, "{removed:?}");
    assert!(node.erasure_requests().unwrap().is_empty());
    assert_eq!(traces(&dir), [""; 0]);
    let report = proven(&dir);
    assert_eq!((report.findings, report.erased), (vec![], 2));
    // It does not come back, and the node goes on.
    let receipt = import(node, &[secret(50, 1), tool(52, 1, "")], None);
    assert_eq!(receipt.successes(), 2);
    node.index().unwrap();
    assert_eq!(traces(&dir), [""; 0]);
    node.close();
    drop(sample);
    assert!(proven(&dir).is_clean());
    // What is left of an erased record is bound as well.
    for (damage, area) in [
        (
            "UPDATE record SET accepted = accepted + 1 WHERE recno = 11",
            Area::Leaf,
        ),
        (
            "UPDATE record SET hash = zeroblob(32) WHERE recno = 11",
            Area::Leaf,
        ),
        (
            "UPDATE record SET body = CAST('{}' AS BLOB), salt = zeroblob(16) WHERE recno = 11",
            Area::Erasure,
        ),
        ("DELETE FROM record WHERE recno = 14", Area::Count),
    ] {
        let raw = raw(&dir);
        let kept: Vec<Row> = {
            let mut all = raw
                .prepare("SELECT accepted, hash, salt, body FROM record WHERE recno = 11")
                .unwrap();
            all.query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .unwrap()
            .map(Result::unwrap)
            .collect()
        };
        assert_eq!(raw.execute(damage, []).unwrap(), 1, "{damage}");
        let report = proven(&dir);
        assert!(
            report.findings.iter().any(|finding| finding.area == area),
            "{damage}: {report:#?}"
        );
        raw.execute(
            "UPDATE record SET accepted = $1, hash = $2, salt = $3, body = $4 WHERE recno = 11",
            rusqlite::params![kept[0].0, kept[0].1, kept[0].2, kept[0].3],
        )
        .unwrap();
    }
}

#[test]
fn what_slipped_above_the_ceiling_is_removed_at_once_wherever_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    let node = &sample.node;
    import(node, &[secret(60, 1)], None);
    // The same version with another content, by an operator's file, stands beside the first.
    let other = secret(60, 1).replace("Quetzalcoatlus", "Quetzalcoatlus two");
    assert_eq!(import(node, &[other], None).successes(), 1);
    // A version from far in the future awaits a decision or is refused; either way it is kept.
    let future = secret(60, 1).replace("\"modified\":\"2020", "\"modified\":\"9020");
    assert_eq!(import(node, &[future], None).successes(), 0);
    // What is broken and says which object it is only behind what is kept of it.
    let named = format!(r#""id":"{}""#, id(60));
    let rest = secret(60, 1).replace(&format!("{named},"), "");
    let rest = rest.strip_suffix('}').unwrap();
    let broken = format!(r#"{rest},"name":"twice",{named}}}"#);
    assert_eq!(import(node, &[broken], None).successes(), 0);
    node.index().unwrap();
    assert!(node.spill(&id(61), &node.at_terminal("Ana")).is_err());
    let removed = node.spill(&id(60), &node.at_terminal("Ana")).unwrap();
    assert_eq!(removed.records.len(), 2);
    assert_eq!(removed.awaiting + removed.quarantined, 2, "{removed:?}");
    assert!(
        removed
            .out_of_reach
            .iter()
            .any(|text| text.contains("backup"))
    );
    assert_eq!(traces(&dir), [""; 0]);
    assert!(proven(&dir).is_clean());
    node.close();
    drop(sample.node);
    let node = open(&dir, &sample.clock, 4);
    assert!(
        node.spill(&id(60), &node.at_terminal("Ana")).is_err(),
        "nothing is left"
    );
    node.close();
}

#[test]
fn the_seal_over_what_is_erased_goes_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let node = &sample.node;
    let by = format!(r#","created_by_ref":"{}""#, node.home().id);
    import(node, &[tool(70, 1, &by), tool(71, 1, &by)], None);
    // A seal says the hash of what it seals, which hides no content that can be guessed.
    let saying = |number: u32| -> i64 {
        let hash = hex::encode(Sha256::digest(tool(number, 1, &by)));
        let seals = "SELECT count(*) FROM record WHERE instr(CAST(body AS TEXT), $1) > 0";
        raw(&dir)
            .query_row(seals, [hash], |row| row.get(0))
            .unwrap()
    };
    assert_eq!([saying(70), saying(71)], [1, 1]);
    let asked = node.ask_erasure(&id(70), None, "personal data", &node.at_terminal("Ana"));
    let number = asked.wait().unwrap().number;
    let removed = node.agree_erasure(number, &node.at_terminal("Bo")).unwrap();
    assert_eq!(removed.records.len(), 1);
    assert_eq!([saying(70), saying(71)], [0, 1]);
    let report = proven(&dir);
    assert_eq!((report.findings, report.erased), (vec![], 2));
}
