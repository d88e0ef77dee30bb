//! The slower jobs, beat by beat: none holds another up, and none is lost to a clock that was set back.

use std::path::Path;
use std::sync::Arc;

use store::LedgerEntry;
use tempfile::TempDir;

use super::{Due, has_come};
use crate::chance::SeededRandom;
use crate::clock::{DAY, HOUR, ManualClock, SECOND};
use crate::keeping::deliveries::{Settled, TOGETHER};
use crate::keeping::verify::{Ask, Unmarked, verify};
use crate::submission::{Channel, Marking, Submission};
use crate::users::tests::house;
use crate::{Kind, New, Node};

const START: i64 = 1_795_000_000_000_000;

/// As a program of before left it: so many lines, none of them settled.
fn old_ledger(node: &Node, lines: i64) {
    let entries: Vec<LedgerEntry> = (1..=lines)
        .map(|number| LedgerEntry {
            viewer: node.home().id.to_string(),
            collection: 1,
            purpose: "poll".to_owned(),
            outcome: "taken by feed".to_owned(),
            low: number * 10,
            high: number * 10 + 5,
            records: 1,
            first_at: node.now(),
            last_at: node.now(),
            ..LedgerEntry::default()
        })
        .collect();
    let noted = node.change(move |change| Ok(change.txn.note(&entries, i64::MAX, 0)?));
    noted.wait().unwrap();
}

fn settled(node: &Node) -> i64 {
    Settled::read(&node.read().unwrap()).unwrap().line
}

fn unmarked(node: &Node) -> Unmarked {
    let report = verify(node.folder().root(), &Ask::default(), &mut |_| {}).unwrap();
    assert_eq!(report.findings, []);
    report.unmarked
}

fn open(root: &Path, clock: &ManualClock) -> Node {
    let chance = Box::new(SeededRandom::new(12));
    Node::open(root, None, Arc::new(clock.clone()), chance).unwrap()
}

/// A new one, its folder and its clock.
fn new() -> (TempDir, ManualClock, Node) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("n");
    let clock = ManualClock::new(START);
    let new = New {
        participant: "Ministry of Valmora".into(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &clock, &mut SeededRandom::new(11)).unwrap();
    let node = open(&root, &clock);
    (dir, clock, node)
}

/// The node was started, and its first round of the hour is due.
fn due(node: &Node, clock: &ManualClock) -> Due {
    let mut due = Due::default();
    node.beat(&mut due).unwrap();
    clock.advance(HOUR);
    due
}

/// So many records of one class, the class, and where the last stands.
fn imported(node: &Node, records: usize) -> (i64, i64, i64) {
    let mut bytes = Vec::new();
    let mut objects = Vec::new();
    for n in 0..records {
        let begin = bytes.len();
        bytes.extend_from_slice(
            format!(
                r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{n:012}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"t"}}"#
            )
            .as_bytes(),
        );
        objects.push(begin..bytes.len());
    }
    let receipt = node.accept(Submission {
        bytes: bytes.into(),
        objects,
        channel: Channel::Import,
        submitter: node.home().id.clone(),
        person: None,
        collection: "situation".into(),
        marking: Marking::default(),
    });
    assert_eq!(receipt.unwrap().wait().unwrap().successes(), records);
    let collection = node.collection("situation").unwrap().unwrap().number;
    let reader = node.read().unwrap();
    let id = "tool--00000000-0000-4000-8000-000000000000"
        .parse()
        .unwrap();
    let recno = reader.object_no(&id).unwrap().unwrap();
    let class = reader.latest_of(recno).unwrap().unwrap().class;
    let last = reader.collections().unwrap();
    let last = last.iter().find(|known| known.id == collection).unwrap();
    (collection, class, last.last)
}

#[test]
fn what_somebody_came_to_reach_is_brought_forward_a_portion_a_second() {
    let (_dir, clock, node) = new();
    let (collection, class, end) = imported(&node, 500);
    let reached = format!(r#"{{"{collection}":{end}}}"#);
    let noted = node.change(move |change| {
        let (name, due) = (class.to_string(), change.now);
        Ok(change
            .txn
            .put_job("gained", &name, reached.as_bytes(), due)?)
    });
    noted.wait().unwrap();
    let mut due = Due::default();
    let mut behind = || {
        node.beat(&mut due).unwrap();
        let reader = node.read().unwrap();
        let behind = reader.standing_up_to(collection, class, end, 1_000);
        behind.unwrap().len()
    };
    let first = behind();
    assert!((1..500).contains(&first), "{first}");
    assert_eq!(behind(), first, "new records get in between");
    clock.advance(SECOND);
    assert_eq!(behind(), 0);
    node.close();
}

#[test]
fn an_old_ledger_is_settled_a_portion_with_each_beat_and_goes_on_after_a_restart() {
    let (dir, clock, node) = new();
    let root = dir.path().join("n");
    drop(node.begin_set_up("Ada Lind", "ada", "here").wait().unwrap());
    let lines = 2 * TOGETHER + 7;
    old_ledger(&node, lines);
    let mut first = due(&node, &clock);
    node.beat(&mut first).unwrap();
    assert_eq!(settled(&node), TOGETHER, "the others wait for their beat");
    let left = u64::try_from(lines - TOGETHER).unwrap();
    let now = unmarked(&node);
    assert_eq!((now.trail, now.deliveries), (0, left));
    // Killed in between: what is settled stays so, and the rest follows.
    node.close();
    drop(node);
    let node = open(&root, &clock);
    assert_eq!(settled(&node), TOGETHER);
    let before = node.log_size().unwrap();
    let marks = || node.log_size().unwrap() - before;
    let mut next = due(&node, &clock);
    node.beat(&mut next).unwrap();
    assert_eq!((settled(&node), marks()), (2 * TOGETHER, 1));
    assert_eq!(unmarked(&node).deliveries, 7);
    node.beat(&mut next).unwrap();
    assert_eq!((settled(&node), marks()), (lines, 2));
    assert_eq!(unmarked(&node), Unmarked::default());
    node.beat(&mut next).unwrap();
    assert_eq!(marks(), 2, "nothing is new");
    node.close();
}

#[test]
fn a_clock_that_was_far_ahead_keeps_no_job_waiting() {
    let mut next = 0;
    assert!(has_come(&mut next, 1_000 * DAY, HOUR));
    assert!(!has_come(&mut next, 1_000 * DAY + HOUR - 1, HOUR));
    assert!(has_come(&mut next, 1_000 * DAY + HOUR, HOUR));
    assert!(!has_come(&mut next, 1_000 * DAY + HOUR, HOUR));
    assert!(has_come(&mut next, DAY, HOUR), "set back by years");
    assert!(!has_come(&mut next, DAY + HOUR / 2, HOUR));
    assert!(has_come(&mut next, i64::MAX, HOUR));
    assert!(has_come(&mut next, i64::MIN, HOUR), "nothing overflows");
}

#[test]
fn every_job_is_done_again_after_the_clock_was_set_back() {
    let house = house();
    house.administrator();
    let node = &house.node;
    let now = node.now();
    house.clock.set(now + 1_000 * DAY);
    let mut due = Due::default();
    node.beat(&mut due).unwrap();
    house.clock.advance(HOUR);
    node.beat(&mut due).unwrap();
    house.clock.set(now + HOUR);
    node.beat(&mut due).unwrap();
    let periods = [
        (due.ledger, SECOND),
        (due.checkpoint, HOUR),
        (due.minute, 60 * SECOND),
        (due.hour, HOUR),
        (due.day, DAY),
    ];
    for (next, period) in periods {
        let ahead = next - node.now();
        assert!((1..=period).contains(&ahead), "{ahead} of {period}");
    }
}
