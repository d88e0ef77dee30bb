//! What came by several paths stands at several places: the log says so of each, and a backup of it can be restored.

use bytes::Bytes;
use node::keeping::backup::restore;
use node::keeping::verify::Area;
use node::submission::Marking;
use node::{Channel, Kind, Participant, Submission};
use policy::Tlp;
use stix::ObjectId;

use crate::sample::{Sample, Saved, create, import, proven, raw, signed_in, tool};

/// A program of a participant brings an object.
fn bring(sample: &Sample, whose: &ObjectId, object: &str) {
    let submission = Submission {
        objects: std::iter::once(0..object.len()).collect(),
        bytes: Bytes::from(object.to_owned()),
        channel: Channel::Access(whose.to_string()),
        submitter: whose.clone(),
        person: None,
        collection: "situation".to_owned(),
        marking: Marking::default(),
    };
    let receipt = sample.node.accept(submission).unwrap().wait().unwrap();
    assert_eq!(receipt.successes(), 1, "{receipt:?}");
}

#[test]
fn what_two_programs_bring_is_proven_and_restored() {
    let parent = tempfile::tempdir().unwrap();
    let (dir, back) = (parent.path().join("n"), parent.path().join("again"));
    let sample = create(&dir, "Ministry of Valmora", 1);
    let object = tool(1, 1, "");
    let ada = signed_in(&sample.node);
    for n in [11, 12] {
        let id: ObjectId = format!("identity--00000000-0000-4000-8000-{n:012}")
            .parse()
            .unwrap();
        let new = Participant::new(id.clone(), &format!("State {n}"), Kind::State);
        sample.node.add_participant(new, &ada).wait().unwrap();
        bring(&sample, &id, &object);
    }
    import(&sample.node, &[tool(2, 1, "")], Some(Tlp::Green));
    let report = proven(&dir);
    assert_eq!(report.findings, [], "{report:#?}");
    let file = parent.path().join("backup.age");
    sample.node.backup_to(&file, &mut |_| {}).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    restore(&bytes[..], &back, &sample.recovery, &mut |_| {}).unwrap();
    sample.node.close();

    // Both places under a label that nothing in the log gives it.
    let saved = Saved::of(&dir);
    let places = "SELECT count(DISTINCT class) FROM position WHERE recno = 0";
    let classes: i64 = raw(&dir).query_row(places, [], |row| row.get(0)).unwrap();
    assert_eq!(classes, 2, "each has a place of its own");
    let other = "UPDATE position SET class = (SELECT class FROM record ORDER BY recno DESC LIMIT 1) WHERE recno = 0";
    assert_eq!(raw(&dir).execute(other, []).unwrap(), 2);
    let found = proven(&dir).findings;
    assert!(
        found.iter().any(|one| one.area == Area::Position),
        "{found:#?}"
    );
    saved.put_back();
    assert_eq!(proven(&dir).findings, []);
}
