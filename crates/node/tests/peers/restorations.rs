//! A peer says that it was restored from a backup: its log is followed under the new name as far as that is so, and no further.

use std::path::Path;
use std::sync::Arc;

use node::Node;
use node::chance::SeededRandom;
use node::clock::SECOND;
use node::keeping::backup::{announce_restore, restore};
use node::keys;
use node::peers::wire::Head;
use policy::Tlp;
use tlog::{Checkpoint, Hash};

use crate::fleet::Fleet;
use crate::heads::copied;

const TWO: [&str; 2] = ["Aland", "Borea"];

impl Fleet {
    /// The first node says something to the second, and shows a head; the second takes both.
    fn show(&self, numbers: std::ops::Range<u32>) {
        for number in numbers {
            let report = self.report(0, number, 0, "x");
            self.write(0, self.to(Tlp::Amber, &[1]), &[report]);
        }
        self.nodes[0].issue_checkpoint().wait().unwrap();
        self.clock.advance(61 * SECOND);
    }

    /// The first node is restored from a backup of itself, says so, and goes on.
    fn restored(&mut self, folder: &Path) {
        let file = folder.join("backup.age");
        self.nodes[0].backup_to(&file, &mut |_| {}).unwrap();
        self.back(folder);
    }

    fn back(&mut self, folder: &Path) {
        self.nodes[0].close();
        let (file, back) = (folder.join("backup.age"), folder.join("back"));
        let bytes = std::fs::read(file).unwrap();
        restore(&bytes[..], &back, self.recovery(0), &mut |_| {}).unwrap();
        let clock = Arc::new(self.clock.clone());
        announce_restore(&back, clock, Box::new(SeededRandom::new(3))).unwrap();
        self.go_on_in(&back, 4);
        self.clock.advance(61 * SECOND);
    }

    fn go_on_in(&mut self, folder: &Path, seed: u64) {
        let (clock, chance) = (Arc::new(self.clock.clone()), SeededRandom::new(seed));
        let again = Node::open(folder, None, clock, Box::new(chance)).unwrap();
        self.mesh.replace(&again);
        self.nodes[0] = again;
    }

    /// Rounds until everything has been seen; a round that finds something wrong says so, and is no hindrance.
    fn rounds(&self) {
        for _ in 0..3 {
            self.clock.advance(61 * SECOND);
            let _ = self.sync(1, 0);
        }
    }

    fn seen_of_first(&self) -> node::peers::Peer {
        self.nodes[1].peer(&self.id(0)).unwrap().unwrap()
    }
}

#[test]
fn whoever_kept_everything_is_followed_and_loses_nothing() {
    let mut fleet = Fleet::peers(180, &TWO);
    let folder = tempfile::tempdir().unwrap();
    fleet.show(0..3);
    fleet.sync(1, 0).unwrap();
    fleet.show(3..5);
    fleet.restored(folder.path());
    fleet.show(5..6);
    fleet.rounds();
    let seen = fleet.seen_of_first();
    assert_eq!((seen.inconsistent, seen.log_lost), (None, None));
    assert!(seen.log_renamed.is_some());
    assert_eq!(seen.log_size, Some(fleet.nodes[0].log_size().unwrap()));
    let log = fleet.nodes[1].log_of(&fleet.id(0)).unwrap();
    let cosigned = fleet.nodes[0].cosigned_by(&fleet.id(1)).unwrap().unwrap();
    assert!(cosigned.starts_with(log.name().as_str()), "{cosigned}");
    // And a second time: each goes on from the one before.
    let again = tempfile::tempdir().unwrap();
    fleet.restored(again.path());
    fleet.show(6..7);
    fleet.rounds();
    let seen = fleet.seen_of_first();
    assert_eq!((seen.inconsistent, seen.log_lost), (None, None));
    assert_eq!(seen.log_size, Some(fleet.nodes[0].log_size().unwrap()));
}

#[test]
fn a_head_that_does_not_begin_with_what_was_kept_is_a_contradiction() {
    let mut fleet = Fleet::peers(181, &TWO);
    let folder = tempfile::tempdir().unwrap();
    fleet.show(0..3);
    fleet.sync(1, 0).unwrap();
    fleet.restored(folder.path());
    fleet.show(3..4);
    // Somebody with its key shows another log under the name that it has now.
    let head = fleet.nodes[0].head_for_peer(None).unwrap().unwrap().note;
    let name = tlog::Origin::new(head.lines().next().unwrap()).unwrap();
    let key = keys::load(&fleet.nodes[0].folder().keys()).unwrap().log;
    let size = fleet.nodes[0].log_size().unwrap();
    let other = Checkpoint::new(name, size, Hash::leaf(b"another"));
    let note = other.sign(&key, 1_795_300_000).unwrap();
    let proof = vec![Hash::leaf(b"x")];
    let shown = Head { note, proof };
    fleet.mesh.heads.lock().unwrap().insert(fleet.id(0), shown);
    fleet.rounds();
    let seen = fleet.seen_of_first();
    let proof = seen.inconsistent.expect("it is marked");
    assert!(proof.contains("\"restoration\""), "{proof}");
    assert!(proof.contains("shown since"), "{proof}");
    // Its records stay, and the exchange goes on.
    assert_eq!(fleet.held(1).len(), 4);
}

#[test]
fn a_past_that_was_rewritten_is_found_out_under_the_new_name() {
    let mut fleet = Fleet::peers(182, &TWO);
    let folder = tempfile::tempdir().unwrap();
    fleet.show(0..1);
    fleet.sync(1, 0).unwrap();
    let copy = folder.path().join("copy");
    copied(fleet.nodes[0].folder().root(), &copy);
    // What was promised before Borea,
    fleet.show(1..4);
    fleet.sync(1, 0).unwrap();
    fleet.nodes[0].close();
    // is written otherwise, and then nobody is to see it, for the log was restored.
    fleet.go_on_in(&copy, 9);
    fleet.show(10..30);
    fleet.restored(folder.path());
    fleet.show(30..31);
    fleet.rounds();
    let seen = fleet.seen_of_first();
    assert!(seen.log_renamed.is_some(), "it was told");
    assert!(seen.inconsistent.is_some(), "{seen:?}");
}

#[test]
fn what_is_taken_back_is_counted_for_people() {
    let mut fleet = Fleet::peers(183, &TWO);
    let folder = tempfile::tempdir().unwrap();
    fleet.show(0..3);
    fleet.sync(1, 0).unwrap();
    let file = folder.path().join("backup.age");
    fleet.nodes[0].backup_to(&file, &mut |_| {}).unwrap();
    let kept = fleet.nodes[0].log_size().unwrap();
    fleet.show(3..5);
    fleet.sync(1, 0).unwrap();
    let had = fleet.seen_of_first().log_size.unwrap();
    fleet.back(folder.path());
    fleet.show(5..6);
    fleet.rounds();
    let seen = fleet.seen_of_first();
    assert_eq!((seen.inconsistent, seen.log_lost), (None, Some(had - kept)));
    assert_eq!(seen.log_size, Some(fleet.nodes[0].log_size().unwrap()));
}
