//! Peers keep and cosign the heads of each other's logs, and see when one contradicts itself.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use node::chance::SeededRandom;
use node::clock::SECOND;
use node::health::Found;
use node::keeping::backup::{announce_restore, restore};
use node::peers::wire::Head;
use node::{Node, keys};
use policy::Tlp;
use tlog::{Checkpoint, Fork, Hash};

use crate::fleet::Fleet;

#[test]
fn heads_are_followed_and_cosigned_and_a_fork_is_kept_as_a_proof() {
    let fleet = Fleet::peers(30, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    for number in 0..3 {
        fleet.write(
            0,
            fleet.to(Tlp::Amber, &[1]),
            &[fleet.report(0, number, 0, "x")],
        );
        a.issue_checkpoint().wait().unwrap();
        fleet.clock.advance(61 * SECOND);
        fleet.sync(1, 0).unwrap();
        let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
        assert_eq!(
            seen.log_size,
            Some(a.log_size().unwrap()),
            "followed by a proof"
        );
    }
    let cosigned = a.cosigned_by(&fleet.id(1)).unwrap().unwrap();
    assert!(cosigned.contains(b.log_of(&fleet.id(0)).unwrap().name().as_str()));
    // Somebody with its key shows another log of the same size: at the first contact it is caught, and kept.
    let log = b.log_of(&fleet.id(0)).unwrap();
    let key = keys::load(&a.folder().keys()).unwrap().log;
    let size = a.log_size().unwrap();
    let other = Checkpoint::new(log.name().clone(), size, Hash::leaf(b"another"));
    let note = other.sign(&key, 1_795_300_000).unwrap();
    let shown = Head {
        note,
        proof: Vec::new(),
    };
    fleet.mesh.heads.lock().unwrap().insert(fleet.id(0), shown);
    fleet.clock.advance(61 * SECOND);
    let error = fleet.sync(1, 0).unwrap_err();
    assert!(error.to_string().contains("contradicts"), "{error}");
    let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
    Fork::read(&seen.inconsistent.unwrap(), &log).unwrap();
    // Its records stay, and the exchange goes on: what is to be done is for people to decide.
    assert_eq!(fleet.held(1).len(), 3);
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
}

#[test]
fn a_clock_that_is_set_back_makes_no_proof_against_an_honest_log() {
    let fleet = Fleet::peers(33, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let mut heads = Vec::new();
    for number in 0..3 {
        fleet.write(
            0,
            fleet.to(Tlp::Amber, &[1]),
            &[fleet.report(0, number, 0, "x")],
        );
        a.issue_checkpoint().wait().unwrap();
        heads.push(a.head_for_peer(None).unwrap().unwrap().note);
        fleet.sync(1, 0).unwrap();
        let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
        assert_eq!(seen.inconsistent, None);
        assert_eq!(seen.log_size, Some(a.log_size().unwrap()));
        fleet.clock.set(a.now() - 3_600 * SECOND);
    }
    let log = b.log_of(&fleet.id(0)).unwrap();
    for (one, other) in heads.iter().zip(&heads[1..]) {
        assert!(Fork::between(&log, one, other).is_err());
    }
}

#[test]
fn a_head_that_extends_what_was_shown_is_followed_though_it_is_dated_before() {
    let fleet = Fleet::peers(34, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let log = b.log_of(&fleet.id(0)).unwrap();
    let key = keys::load(&a.folder().keys()).unwrap().log;
    let mut from = None;
    for (number, time) in [(0, 1_795_300_000), (1, 1_795_200_000)] {
        fleet.write(
            0,
            fleet.to(Tlp::Amber, &[1]),
            &[fleet.report(0, number, 0, "x")],
        );
        a.issue_checkpoint().wait().unwrap();
        let head = a.head_for_peer(from).unwrap().unwrap();
        let opened = Checkpoint::open(&head.note, &log).unwrap();
        from = Some(opened.size());
        let dated = Checkpoint::new(log.name().clone(), opened.size(), opened.root());
        let shown = Head {
            note: dated.sign(&key, time).unwrap(),
            proof: head.proof,
        };
        fleet.mesh.heads.lock().unwrap().insert(fleet.id(0), shown);
        fleet.clock.advance(61 * SECOND);
        fleet.sync(1, 0).unwrap();
        let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
        assert_eq!((seen.inconsistent, seen.log_size), (None, from));
    }
}

/// Whom this node says to have had more of it than it has.
fn older_than(node: &node::Node) -> Option<String> {
    node.health().into_iter().find_map(|one| match one.found {
        Found::Older(peer) => Some(peer),
        _ => None,
    })
}

#[test]
fn a_whole_copy_of_yesterday_is_caught_at_the_first_contact() {
    let mut fleet = Fleet::peers(31, &["Aland", "Borea"]);
    let amber = fleet.to(Tlp::Amber, &[1]);
    fleet.write(0, amber.clone(), &[fleet.report(0, 1, 0, "kept")]);
    fleet.sync(1, 0).unwrap();
    assert_eq!(older_than(&fleet.nodes[0]), None);
    // The folder as it lies there, and then what it does not have. No head says so: none was shown since.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    copied(fleet.nodes[0].folder().root(), &copy);
    let untouched = folder.path().join("untouched");
    copied(&copy, &untouched);
    fleet.write(0, amber, &[fleet.report(0, 2, 0, "lost")]);
    fleet.sync(1, 0).unwrap();
    assert_eq!(fleet.held(1).len(), 2);
    fleet.sync(1, 0).unwrap();
    assert_eq!(older_than(&fleet.nodes[0]), None, "it has what it gave");
    fleet.nodes[0].close();

    let clock = Arc::new(fleet.clock.clone());
    let again = Node::open(&copy, None, clock.clone(), Box::new(SeededRandom::new(4))).unwrap();
    fleet.mesh.replace(&again);
    fleet.nodes[0] = again;
    fleet.clock.advance(SECOND);
    assert_eq!(older_than(&fleet.nodes[0]), None);
    fleet.sync(1, 0).unwrap();
    assert_eq!(older_than(&fleet.nodes[0]).as_deref(), Some("Borea"));

    // Or it calls first, and is brought what it wrote itself.
    fleet.nodes[0].close();
    let called = folder.path().join("called");
    copied(&untouched, &called);
    let again = Node::open(&called, None, clock.clone(), Box::new(SeededRandom::new(7))).unwrap();
    fleet.mesh.replace(&again);
    fleet.nodes[0] = again;
    fleet.clock.advance(61 * SECOND);
    fleet.sync(0, 1).unwrap();
    assert_eq!(older_than(&fleet.nodes[0]).as_deref(), Some("Borea"));

    // Restored in order, it has owned up to it.
    let file = folder.path().join("backup.age");
    fleet.nodes[0].backup_to(&file, &mut |_| {}).unwrap();
    fleet.nodes[0].close();
    let back = folder.path().join("back");
    let bytes = std::fs::read(&file).unwrap();
    restore(&bytes[..], &back, fleet.recovery(0), &mut |_| {}).unwrap();
    announce_restore(&back, clock.clone(), Box::new(SeededRandom::new(5))).unwrap();
    let again = Node::open(&back, None, clock, Box::new(SeededRandom::new(6))).unwrap();
    fleet.mesh.replace(&again);
    fleet.nodes[0] = again;
    fleet.clock.advance(SECOND);
    fleet.sync(1, 0).unwrap();
    assert_eq!(older_than(&fleet.nodes[0]), None);
}

pub(crate) fn copied(from: &Path, to: &Path) {
    std::fs::DirBuilder::new().mode(0o700).create(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copied(&entry.path(), &target),
            kind if kind.is_file() => drop(std::fs::copy(entry.path(), target).unwrap()),
            _ => {}
        }
    }
}
