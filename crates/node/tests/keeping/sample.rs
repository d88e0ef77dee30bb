//! A small node with a record of every sort, and ways to damage it.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use node::chance::SeededRandom;
use node::clearance::{Act, Said};
use node::clock::{HOUR, ManualClock};
use node::keeping::verify::{Ask, Report, verify};
use node::keys::Recovery;
use node::seal::{Seal, inside};
use node::submission::Marking;
use node::{Channel, Kind, New, Node, Receipt, Submission};
use policy::Tlp;
use rusqlite::Connection;

pub(crate) const START: i64 = 1_795_000_000_000_000;

/// An open node.
pub(crate) struct Sample {
    pub node: Node,
    pub clock: ManualClock,
    pub recovery: Recovery,
}

pub(crate) fn open(dir: &Path, clock: &ManualClock, seed: u64) -> Node {
    let chance = SeededRandom::new(seed);
    Node::open(dir, None, Arc::new(clock.clone()), Box::new(chance)).unwrap()
}

/// A new node.
pub(crate) fn create(dir: &Path, name: &str, seed: u64) -> Sample {
    let clock = ManualClock::new(START);
    let mut chance = SeededRandom::new(seed);
    let new = New {
        participant: name.into(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    let recovery = Node::create(dir, &new, &clock, &mut chance).unwrap();
    let node = open(dir, &clock, seed + 1000);
    Sample {
        node,
        clock,
        recovery,
    }
}

pub(crate) fn ranges(bytes: &Bytes, node: &Node) -> Vec<Range<usize>> {
    let split = stix::split(bytes, node.limits());
    let start = bytes.as_ptr() as usize;
    let objects = split.objects.iter().map(|raw| {
        let from = raw.as_ptr() as usize - start;
        from..from + raw.len()
    });
    objects.collect()
}

/// Imports objects.
pub(crate) fn import(node: &Node, objects: &[String], tlp: Option<Tlp>) -> Receipt {
    let bytes = Bytes::from(format!("{{\"objects\":[{}]}}", objects.join(",")));
    let submission = Submission {
        objects: ranges(&bytes, node),
        bytes,
        channel: Channel::Import,
        submitter: node.home().id.clone(),
        person: None,
        collection: "situation".into(),
        marking: Marking {
            tlp,
            audience: Vec::new(),
        },
    };
    node.accept(submission).unwrap().wait().unwrap()
}

/// A tool.
pub(crate) fn tool(number: u32, version: u32, more: &str) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{number:012}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-{version:02}T00:00:00.000Z","name":"t{number}"{more}}}"#
    )
}

/// Records of every sort: two versions, one without times, sealed inside and beside, given another label.
pub(crate) fn fill(sample: &Sample, dir: &Path) {
    let node = &sample.node;
    let receipt = import(
        node,
        &[tool(1, 1, ""), tool(1, 2, ""), tool(2, 1, "")],
        None,
    );
    assert_eq!(receipt.successes(), 3, "{receipt:?}");
    let address = r#"{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#;
    assert_eq!(
        import(node, &[address.to_owned()], Some(Tlp::Red)).successes(),
        1
    );
    let keys = node::keys::load(&dir.join("keys")).unwrap();
    let home = &node.home().id;
    let author = format!(r#","created_by_ref":"{home}""#);
    let label = label();
    let (inside, beside) = (tool(3, 1, &author), tool(4, 1, &author));
    let object = stix::check(inside.as_bytes(), &stix::Limits::default()).unwrap();
    let sealed = inside::seal(&object, &label, home, &keys.seal, START).unwrap();
    let object = stix::check(beside.as_bytes(), &stix::Limits::default()).unwrap();
    let seal = Seal::beside(&object, &label, home, &keys.seal, START).unwrap();
    let receipt = import(node, &[sealed, beside, seal.record().unwrap()], None);
    assert_eq!(receipt.successes(), 3, "{receipt:?}");
    node.issue_checkpoint().wait().unwrap();
    // Published: taken with one label, given another.
    assert_eq!(
        import(node, &[tool(5, 1, "")], Some(Tlp::Clear)).successes(),
        1
    );
    let case = node.clearance().open_cases().unwrap().remove(0);
    let said = Said {
        seen: Some(case.happened()),
        ..Said::default()
    };
    let sign = Act::Sign {
        step: 0,
        reserved: false,
    };
    let signed = node
        .clearance()
        .act(case.number, sign, said, &signed_in(node));
    signed.wait().unwrap();
    sample.clock.advance(1000 * HOUR);
    assert!(node.carry_out().wait().unwrap());
    assert_eq!(import(node, &[tool(6, 1, "")], None).successes(), 1);
}

fn label() -> policy::Label {
    let id = stix::ObjectId::parse("identity--00000000-0000-4000-8000-00000000000a").unwrap();
    policy::Label::always(policy::Class::of(policy::Clause::own(Tlp::Green, id)))
}

/// The database behind the store's back.
pub(crate) fn raw(dir: &Path) -> Connection {
    let raw = Connection::open(dir.join("node.db")).unwrap();
    raw.execute_batch("PRAGMA synchronous = OFF").unwrap();
    raw
}

/// The whole database as it is now, to be put back after each damage.
pub(crate) struct Saved {
    file: PathBuf,
    bytes: Vec<u8>,
}

impl Saved {
    pub(crate) fn of(dir: &Path) -> Self {
        settle(dir);
        let file = dir.join("node.db");
        let bytes = std::fs::read(&file).unwrap();
        Self { file, bytes }
    }

    pub(crate) fn put_back(&self) {
        settle(self.file.parent().unwrap());
        std::fs::write(&self.file, &self.bytes).unwrap();
    }
}

/// Nothing is left in the write-ahead log.
fn settle(dir: &Path) {
    let settle = "PRAGMA wal_checkpoint(TRUNCATE)";
    let _: i64 = raw(dir).query_row(settle, [], |row| row.get(0)).unwrap();
}

/// What verification says.
pub(crate) fn proven(dir: &Path) -> Report {
    verify(dir, &Ask::default(), &mut |_| {}).unwrap()
}

/// The signed head of the log.
pub(crate) fn head(dir: &Path) -> String {
    let value: Vec<u8> = raw(dir)
        .query_row(
            "SELECT value FROM meta WHERE name = 'log.head'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    String::from_utf8(value).unwrap()
}

/// Somebody who signed in and may do most things.
pub(crate) fn signed_in(node: &node::Node) -> node::Actor {
    let begun = node.begin_set_up("Ada Lind", "ada", "here").wait().unwrap();
    let codes = node.new_totp(&begun.actor).wait().unwrap();
    let code = codes.now(node.now());
    let secured = node.choose_password("an orchard by the river", &code, &begun.actor);
    secured.unwrap().opened.actor
}
