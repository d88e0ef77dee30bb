//! A node goes into a file and comes back, and says so.

use std::sync::Arc;
use std::thread;

use node::Node;
use node::chance::SeededRandom;
use node::keeping::backup::{announce_restore, restore};
use node::keys::Recovery;

use crate::sample::{create, fill, head, import, open, proven, tool};

#[test]
fn a_backup_made_while_the_node_works_is_restored_marked_and_announced() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, back) = (parent.path().join("n"), parent.path().join("again"));
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    let file = parent.path().join("backup.age");
    let manifest = thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for number in 100..140 {
                import(&sample.node, &[tool(number, 1, "")], None);
            }
        });
        let manifest = sample.node.backup_to(&file, &mut |_| {}).unwrap();
        writer.join().unwrap();
        manifest
    });
    assert!(manifest.records >= 11, "{manifest:?}");
    assert!(
        sample.node.backup_to(&file, &mut |_| {}).is_err(),
        "nothing is written over"
    );
    import(&sample.node, &[tool(200, 1, ""), tool(201, 1, "")], None);
    sample.node.issue_checkpoint().wait().unwrap();
    let ahead = head(&dir);
    let left: Vec<_> = std::fs::read_dir(&dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert!(
        !left
            .iter()
            .any(|name| name.to_string_lossy().contains("backup")),
        "{left:?}"
    );

    let bytes = std::fs::read(&file).unwrap();
    let other = Recovery::generate(&mut SeededRandom::new(77));
    let wrong = restore(&bytes[..], &back, &other, &mut |_| {}).unwrap_err();
    assert!(format!("{wrong:#}").contains("recovery key"), "{wrong:#}");
    assert!(
        restore(&bytes[..], &dir, &sample.recovery, &mut |_| {}).is_err(),
        "not over a node"
    );
    // Every cut and every change is noticed, and nothing is left behind.
    for at in (0..bytes.len()).step_by(bytes.len() / 24) {
        assert!(
            restore(&bytes[..at], &back, &sample.recovery, &mut |_| {}).is_err(),
            "cut at {at}"
        );
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        assert!(
            restore(&changed[..], &back, &sample.recovery, &mut |_| {}).is_err(),
            "changed at {at}"
        );
    }
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 2);

    let outcome = restore(&bytes[..], &back, &sample.recovery, &mut |_| {}).unwrap();
    assert!(outcome.report.is_clean());
    assert_eq!(outcome.manifest, manifest);
    assert!(proven(&back).is_clean());
    let chance = || Box::new(SeededRandom::new(3));
    let clock = Arc::new(sample.clock.clone());
    let refused = Node::open(&back, None, clock.clone(), chance())
        .map(|_| ())
        .unwrap_err();
    assert!(refused.to_string().contains("--announce"), "{refused}");
    let said = announce_restore(&back, clock.clone(), chance()).unwrap();
    assert_eq!(i64::try_from(said.size).unwrap(), manifest.records);
    assert!(said.new.as_str().ends_with("/2") && said.new != said.old);
    assert!(announce_restore(&back, clock, chance()).is_err(), "once");
    // Its log goes on, and contradicts nothing that peers have.
    let again = open(&back, &sample.clock, 8);
    import(&again, &[tool(300, 1, "")], None);
    let now = head(&back);
    let log = node::keys::load(&back.join("keys"))
        .unwrap()
        .log
        .verifying_key();
    for origin in [said.old, said.new] {
        let key = tlog::Key::log(origin, log);
        assert!(tlog::Fork::between(&key, &ahead, &now).is_err());
    }
    again.close();
    assert_eq!(proven(&back).findings, []);
}
