//! Co-signatures as they are kept: each byte of them is proven, by keys that are no more in use too, and they show what a node lost.

use std::path::Path;

use node::clock::SECOND;
use node::keeping::verify::{Area, Ask, Finding, verify};
use node::keys::{self, Use};
use node::peers::wire::Head;
use policy::Tlp;
use rusqlite::Connection;
use tlog::{Checkpoint, Hash};

use crate::fleet::Fleet;
use crate::heads::copied;

/// Aland and Borea have each co-signed the other's log.
fn witnessed(seed: u64) -> Fleet {
    let fleet = Fleet::peers(seed, &["Aland", "Borea"]);
    for number in 0..3 {
        both_write(&fleet, number);
    }
    fleet
}

fn both_write(fleet: &Fleet, number: u32) {
    for (who, whom) in [(0, 1), (1, 0)] {
        let marking = fleet.to(Tlp::Amber, &[whom]);
        fleet.write(who, marking, &[fleet.report(who, number, 0, "x")]);
        fleet.nodes[who].issue_checkpoint().wait().unwrap();
    }
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
    fleet.sync(0, 1).unwrap();
}

fn found(folder: &Path) -> Vec<Finding> {
    let ask = Ask {
        threads: 1,
        ..Ask::default()
    };
    verify(folder, &ask, &mut |_| {}).unwrap().findings
}

/// A value in the database, behind the node's back.
struct Kept {
    raw: Connection,
    read: String,
    write: String,
    value: Vec<u8>,
}

impl Kept {
    fn of(folder: &Path, table: &str, column: &str, which: &str) -> Self {
        let raw = Connection::open(folder.join("node.db")).unwrap();
        raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
        let read = format!("SELECT CAST({column} AS BLOB) FROM {table} WHERE {which}");
        let cast = if table == "peer" { "TEXT" } else { "BLOB" };
        let write = format!("UPDATE {table} SET {column} = CAST($1 AS {cast}) WHERE {which}");
        let mut kept = Self {
            raw,
            read,
            write,
            value: Vec::new(),
        };
        kept.value = kept
            .raw
            .query_row(&kept.read, [], |row| row.get(0))
            .unwrap();
        kept
    }

    /// What is found when one bit of a byte is another.
    fn flipped(&self, folder: &Path, at: usize, bit: usize) -> Vec<Finding> {
        let mut value = self.value.clone();
        value[at] ^= 1 << bit;
        self.put(&value);
        found(folder)
    }

    fn put(&self, value: &[u8]) {
        assert_eq!(self.raw.execute(&self.write, [value]).unwrap(), 1);
    }
}

#[test]
fn each_byte_of_a_co_signature_is_proven() {
    let fleet = witnessed(60);
    let folder = fleet.nodes[0].folder().root().to_owned();
    fleet.nodes[0].close();
    assert_eq!(found(&folder), []);
    let which = format!("name = 'cosigned/{}'", fleet.id(1));
    let kept = Kept::of(&folder, "meta", "value", &which);
    let text = String::from_utf8(kept.value.clone()).unwrap();
    // Each byte of the peer's line, and some of what it signed.
    let line = text.trim_end().rfind('\n').unwrap();
    let tried: Vec<usize> = (0..line).step_by(7).chain(line..text.len()).collect();
    assert!(tried.len() > 150);
    for at in tried {
        let findings = kept.flipped(&folder, at, at % 7);
        let named = findings
            .iter()
            .any(|one| one.area == Area::Checkpoint && one.what.contains("Borea has co-signed"));
        assert!(named, "byte {at}: {findings:?}");
    }
    // A line that is not there any more, one too many, one of somebody else.
    let other = text.replace(
        &text[line..],
        &text[line..].replace("entente/", "entente/x"),
    );
    for value in [
        &text[..=line],
        &format!("{text}{}", &text[line + 1..]),
        &other,
    ] {
        kept.put(value.as_bytes());
        assert_eq!(found(&folder).len(), 1, "{value}");
    }
    kept.put(&kept.value);
    assert_eq!(found(&folder), []);
}

#[test]
fn each_byte_of_a_peers_head_that_is_kept_is_proven() {
    let fleet = witnessed(61);
    let folder = fleet.nodes[0].folder().root().to_owned();
    fleet.nodes[0].close();
    let which = format!("participant = '{}'", fleet.id(1));
    let kept = Kept::of(&folder, "peer", "cursor", &which);
    let text = String::from_utf8(kept.value.clone()).unwrap();
    let from = text.find(r#""head":""#).unwrap() + 8;
    let until = from + text[from..].find('"').unwrap();
    for at in (from..until).step_by(3) {
        let findings = kept.flipped(&folder, at, at % 7);
        let named = findings
            .iter()
            .any(|one| one.area == Area::Checkpoint && one.what.contains("Borea"));
        // A byte that ends the text makes another thing of all that is kept there; one within a sign makes no text at all.
        let unread = findings
            .iter()
            .any(|one| one.what.contains("exchange with") || one.area == Area::Database);
        assert!(named || unread, "byte {at}: {findings:?}");
    }
    kept.put(&kept.value);
    assert_eq!(found(&folder), []);
    // By its introduction it is known: no byte of that can be another.
    let kept = Kept::of(&folder, "peer", "profile", &which);
    for at in (0..kept.value.len()).step_by(97) {
        let findings = kept.flipped(&folder, at, 0);
        assert_ne!(findings, [], "byte {at} of {}", kept.value.len());
    }
}

#[test]
fn what_was_signed_by_keys_of_before_is_proven_still() {
    let fleet = witnessed(62);
    let folder = fleet.nodes[0].folder().root().to_owned();
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let line = |at: &node::Node| at.cosigned_by(&fleet.id(1)).unwrap().unwrap();
    let first = line(a);
    // Twice before the two meet again, and once after.
    b.rotate_key(Use::Log, &[]).unwrap();
    b.rotate_key(Use::Log, &[]).unwrap();
    fleet.sync(0, 1).unwrap();
    assert_eq!(found(&folder), []);
    both_write(&fleet, 3);
    both_write(&fleet, 4);
    assert_ne!(line(a), first, "by the new key");
    assert_eq!(found(&folder), []);
    a.rotate_key(Use::Log, &[]).unwrap();
    assert_eq!(found(&folder), []);
    both_write(&fleet, 5);
    assert_eq!(found(&folder), []);
    // Introduced again, and forgotten: its lines stay, and are checked.
    a.suspend_peer(&fleet.id(1), &a.at_terminal("operator"))
        .wait()
        .unwrap();
    fleet.meet(1, 0);
    assert_eq!(found(&folder), []);
    a.forget_peer(&fleet.id(1), &a.at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(found(&folder), []);
    let which = format!("name = 'cosigned/{}'", fleet.id(1));
    let kept = Kept::of(&folder, "meta", "value", &which);
    let mut value = kept.value.clone();
    *value.iter_mut().rev().nth(20).unwrap() ^= 1;
    kept.put(&value);
    assert_eq!(found(&folder).len(), 1);
}

#[test]
fn a_line_of_a_peer_shows_what_was_lost_or_written_anew() {
    let mut fleet = witnessed(63);
    let keep = tempfile::tempdir().unwrap();
    let old = keep.path().join("old");
    copied(fleet.nodes[0].folder().root(), &old);
    both_write(&fleet, 3);
    let id = fleet.id(1);
    let signed = fleet.nodes[0].cosigned_by(&id).unwrap().unwrap();
    fleet.nodes[0].close();
    assert_eq!(found(&old), []);
    let kept = Kept::of(&old, "meta", "value", &format!("name = 'cosigned/{id}'"));
    kept.put(signed.as_bytes());
    let findings = found(&old);
    assert!(
        findings[0].what.contains("its end was cut off"),
        "{findings:?}"
    );
    // It goes on from there, and grows past what the peer has seen.
    let clock = std::sync::Arc::new(fleet.clock.clone());
    let chance = Box::new(node::chance::SeededRandom::new(9));
    fleet.nodes[0] = node::Node::open(&old, None, clock, chance).unwrap();
    for number in 10..20 {
        let marking = fleet.to(Tlp::Amber, &[1]);
        let objects = [fleet.report(0, number, 0, "another past")];
        fleet.write(0, marking, &objects);
    }
    fleet.nodes[0].close();
    let findings = found(&old);
    assert!(
        findings[0].what.contains("begins with are others"),
        "{findings:?}"
    );
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_co_signature_that_was_taken_away_is_missed() {
    let fleet = witnessed(66);
    let (a, id) = (&fleet.nodes[0], fleet.id(1));
    let folder = a.folder().root().to_owned();
    let old = a.cosigned_by(&id).unwrap().unwrap();
    both_write(&fleet, 3);
    a.mark_trail().wait().unwrap();
    both_write(&fleet, 4);
    assert_eq!(found(&folder), []);
    a.forget_peer(&id, &a.at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(found(&folder), [], "what a peer has signed stays");
    a.close();
    let kept = Kept::of(&folder, "meta", "value", &format!("name = 'cosigned/{id}'"));
    let missed = || {
        let findings = found(&folder);
        let named = findings
            .iter()
            .any(|one| one.area == Area::Checkpoint && one.what.contains("taken away"));
        assert!(named, "{findings:?}");
    };
    // Another genuine one, of before.
    kept.put(old.as_bytes());
    missed();
    kept.put(&kept.value);
    assert_eq!(found(&folder), []);
    kept.raw
        .execute("DELETE FROM meta WHERE name LIKE 'cosigned/%'", [])
        .unwrap();
    missed();
}

#[test]
fn an_older_line_does_not_take_the_place_of_a_newer_one() {
    let fleet = witnessed(64);
    let (a, id) = (&fleet.nodes[0], fleet.id(1));
    let old = a.cosigned_by(&id).unwrap().unwrap();
    both_write(&fleet, 3);
    let new = a.cosigned_by(&id).unwrap().unwrap();
    assert_ne!(old, new);
    a.take_cosignature(&id, &old).unwrap().wait().unwrap();
    assert_eq!(a.cosigned_by(&id).unwrap().unwrap(), new);
}

#[test]
fn a_new_key_does_not_begin_a_new_past() {
    let fleet = witnessed(65);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    a.rotate_key(Use::Log, &[]).unwrap();
    fleet.sync(1, 0).unwrap();
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
    // By the new key, and of the same size and more: it does not extend what was seen under the old one.
    let log = b.log_of(&fleet.id(0)).unwrap();
    let key = keys::load(&a.folder().keys()).unwrap().log;
    let size = b.peer(&fleet.id(0)).unwrap().unwrap().log_size;
    for more in [0, 7] {
        let size = size.unwrap_or(a.log_size().unwrap()) + more;
        let other = Checkpoint::new(log.name().clone(), size, Hash::leaf(b"another"));
        let shown = Head {
            note: other.sign(&key, 1_795_300_000).unwrap(),
            proof: Vec::new(),
        };
        fleet.mesh.heads.lock().unwrap().insert(fleet.id(0), shown);
        fleet.clock.advance(61 * SECOND);
        let error = fleet.sync(1, 0).unwrap_err().to_string();
        let told = error.contains("does not prove") || error.contains("contradicts");
        assert!(told, "{error}");
    }
    fleet.mesh.heads.lock().unwrap().clear();
    both_write(&fleet, 9);
    let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
    assert!(seen.log_size > size, "{:?} after {size:?}", seen.log_size);
}
