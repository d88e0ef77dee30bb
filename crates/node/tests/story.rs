//! One record's way in and out, on a node in a folder.
use std::sync::Arc;

use bytes::Bytes;
use node::chance::SeededRandom;
use node::clock::ManualClock;
use node::{Channel, Kind, New, Node, Outcome, Submission};
use policy::Purpose;
use store::PageQuery;

fn node(dir: &std::path::Path) -> (Node, ManualClock) {
    let clock = ManualClock::new(1_795_000_000_000_000);
    let mut chance = SeededRandom::new(1);
    let new = New {
        participant: "Ministry of Valmora".into(),
        kind: Kind::Organ,
        organ_of: Some("Valmora".into()),
        country: None,
    };
    Node::create(dir, &new, &clock, &mut chance).unwrap();
    let node = Node::open(dir, None, Arc::new(clock.clone()), Box::new(chance)).unwrap();
    (node, clock)
}

fn submission(node: &Node, text: &str) -> Submission {
    let bytes = Bytes::from(text.to_owned());
    let split = stix::split(&bytes, node.limits());
    let start = bytes.as_ptr() as usize;
    let objects = split.objects.iter().map(|raw| {
        let from = raw.as_ptr() as usize - start;
        from..from + raw.len()
    });
    Submission {
        objects: objects.collect(),
        bytes: bytes.clone(),
        channel: Channel::Import,
        submitter: node.home().id.clone(),
        person: None,
        collection: "situation".into(),
        marking: Default::default(),
    }
}

#[test]
fn a_record_goes_in_once_and_comes_out_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let (node, _clock) = node(&dir.path().join("n"));
    let text = r#"{"objects":[ {"type":"tool","spec_version":"2.1","id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"x"} , {"type":"tool"}]}"#;
    let receipt = node
        .accept(submission(&node, text))
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(receipt.lines[0].outcome, Outcome::Accepted);
    assert!(matches!(receipt.lines[1].outcome, Outcome::Refused { .. }));
    let again = node
        .accept(submission(&node, text))
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(again.lines[0].outcome, Outcome::Known);
    let collection = node.collection("situation").unwrap().unwrap();
    let page = node
        .page(
            &node.home_viewer(),
            Purpose::Show,
            &PageQuery::of(collection.number, 10),
        )
        .unwrap()
        .into_inner();
    assert_eq!(page.rows.len(), 1);
    assert!(text.contains(std::str::from_utf8(&page.rows[0].body).unwrap()));
    let nobody = node
        .page(
            &policy::Viewer::public(),
            Purpose::Show,
            &PageQuery::of(collection.number, 10),
        )
        .unwrap()
        .into_inner();
    assert!(nobody.rows.is_empty() && !nobody.more);
    node.close();
}
