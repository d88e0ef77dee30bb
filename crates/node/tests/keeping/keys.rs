//! Keys are rotated, revoked and recovered; what they signed still verifies, and a crash leaves the old ones or the new.

use std::path::Path;
use std::sync::Arc;

use node::Node;
use node::chance::SeededRandom;
use node::keeping::recover_keys;
use node::keys::{Recovery, Use, Why, load};

use crate::sample::{START, create, fill, head, import, open, proven, raw, tool};

fn id(dir: &Path, key: Use) -> String {
    load(&dir.join("keys"))
        .unwrap()
        .public()
        .id(key)
        .to_string()
}

#[test]
fn every_key_is_rotated_and_what_it_signed_still_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.issue_checkpoint().wait().unwrap();
    for key in Use::ALL {
        let old = id(&dir, key);
        let before = head(&dir);
        let renewed = sample.node.rotate_key(key, &[]).unwrap();
        assert_eq!(renewed.old, old);
        assert_eq!(renewed.new, id(&dir, key));
        assert!(renewed.new != old && renewed.peers_follow);
        assert!(!dir.join("keys.next").exists());
        assert_ne!(head(&dir), before, "the change is in the log");
        assert_eq!(proven(&dir).findings, [], "{key}");
        import(&sample.node, &[tool(70 + key as u32, 1, "")], None);
        assert_eq!(proven(&dir).findings, [], "{key}");
        let ask = node::keeping::verify::Ask {
            against: Some(before),
            ..Default::default()
        };
        let report = node::keeping::verify::verify(&dir, &ask, &mut |_| {}).unwrap();
        assert_eq!(report.findings, [], "a head by the key of its time");
    }
    let renewed = sample
        .node
        .revoke_key(Use::Seal, Why::Stolen, START, &[])
        .unwrap();
    assert!(!renewed.peers_follow);
    sample
        .node
        .revoke_key(Use::Log, Why::Lost, START, &[])
        .unwrap();
    sample.node.close();
    let clock = sample.clock.clone();
    drop(sample);
    let report = proven(&dir);
    assert_eq!(report.findings, []);
    assert_eq!(report.seals.unknown, 0);
    // A log key of somebody else's is not taken for a former one.
    let raw = raw(&dir);
    raw.execute("DELETE FROM meta WHERE name = 'node.keys.former'", [])
        .unwrap();
    drop(raw);
    assert!(
        !proven(&dir).is_clean(),
        "the checkpoint of before needs the key of before"
    );
    open(&dir, &clock, 2).close();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    std::os::unix::fs::PermissionsExt::set_mode(
        &mut std::fs::metadata(to).unwrap().permissions(),
        0o700,
    );
    std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

#[test]
fn a_crash_between_commit_and_files_is_finished_and_before_it_is_undone() {
    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    copy(&dir.join("keys"), &parent.path().join("old"));
    sample.node.rotate_key(Use::Log, &[]).unwrap();
    sample.node.close();
    let clock = sample.clock.clone();
    drop(sample);
    let new = id(&dir, Use::Log);
    // The commit is on disk, the files are not in their place.
    std::fs::rename(dir.join("keys"), dir.join("keys.next")).unwrap();
    copy(&parent.path().join("old"), &dir.join("keys"));
    assert_ne!(id(&dir, Use::Log), new);
    // Whoever cannot read the new keys keeps them: there are no others.
    let mode = |mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(dir.join("keys.next/seal"), mode).unwrap();
    };
    mode(0o644);
    let chance = Box::new(SeededRandom::new(3));
    let refused = Node::open(&dir, None, Arc::new(clock.clone()), chance);
    let refused = format!("{:#}", refused.map(|_| ()).unwrap_err());
    assert!(refused.contains("keys.next"), "{refused}");
    mode(0o600);
    open(&dir, &clock, 3).close();
    assert_eq!(id(&dir, Use::Log), new);
    assert!(!dir.join("keys.next").exists());
    // New keys of which no commit speaks.
    copy(&parent.path().join("old"), &dir.join("keys.next"));
    open(&dir, &clock, 4).close();
    assert_eq!(id(&dir, Use::Log), new);
    assert!(!dir.join("keys.next").exists());
    // Old keys put back by hand are not taken.
    std::fs::remove_dir_all(dir.join("keys")).unwrap();
    copy(&parent.path().join("old"), &dir.join("keys"));
    let refused = Node::open(&dir, None, Arc::new(clock), Box::new(SeededRandom::new(5)));
    assert!(
        refused
            .map(|_| ())
            .unwrap_err()
            .to_string()
            .contains("key recover")
    );
}

#[test]
fn lost_keys_are_recovered_by_the_recovery_key_alone() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    fill(&sample, &dir);
    sample.node.close();
    let (clock, recovery) = (Arc::new(sample.clock.clone()), sample.recovery);
    drop(sample.node);
    std::fs::remove_dir_all(dir.join("keys")).unwrap();
    let chance = || Box::new(SeededRandom::new(6));
    let other = Recovery::generate(&mut SeededRandom::new(7));
    assert!(recover_keys(&dir, &other, clock.clone(), chance()).is_err());
    assert!(!dir.join("keys").exists());
    let recovered = recover_keys(&dir, &recovery, clock.clone(), chance()).unwrap();
    assert_eq!(recovered.keys["seal"], id(&dir, Use::Seal));
    let report = proven(&dir);
    assert_eq!(report.findings, []);
    assert_eq!(
        report.seals.unknown, 0,
        "seals by the lost key still verify"
    );
    let node = open(&dir, &clock, 8);
    import(&node, &[tool(90, 1, "")], None);
    node.close();
    assert!(proven(&dir).is_clean());
}
