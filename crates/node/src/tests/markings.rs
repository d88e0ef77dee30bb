//! Markings that mean something only once their definition is here.

use super::*;

#[test]
fn an_unknown_marking_is_red_until_its_definition_comes() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    let marking = "marking-definition--00000000-0000-4000-8000-00000000000a";
    bench.import(
        amber(&kestria),
        &[note(
            FIRST,
            &format!(r#","object_marking_refs":["{marking}"]"#),
        )],
    );
    let home = bench.node.viewer_of(&bench.node.home().id, true);
    assert!(bench.polled(&home).is_empty());
    let statement = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{marking}","created":"2020-01-01T00:00:00.000Z","definition_type":"statement","definition":{{"statement":"Copyright"}}}}"#
    );
    bench.import(Marking::default(), &[statement]);
    assert_eq!(bench.polled(&home).len(), 2);
}

#[test]
fn a_stranger_cannot_say_what_a_marking_means_and_understanding_it_loses_nothing() {
    let bench = bench();
    let stranger = bench.participant(4, "Stranger");
    let marking = "marking-definition--00000000-0000-4000-8000-00000000000b";
    let marked = note(FIRST, &format!(r#","object_marking_refs":["{marking}"]"#));
    let red = Marking {
        tlp: Some(Tlp::Red),
        audience: vec![],
    };
    let home = bench.node.viewer_of(&bench.node.home().id, true);
    let statement = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{marking}","created":"2020-01-01T00:00:00.000Z","definition_type":"statement","definition":{{"statement":"Copyright"}}}}"#
    );
    // The definition comes first, from somebody else: it says nothing about what an operator brings.
    let door = Channel::Access("stranger".into());
    bench.give(
        door.clone(),
        &stranger,
        Marking::default(),
        std::slice::from_ref(&statement),
    );
    let kestria = bench.participant(2, "Kestria");
    bench.import(amber(&kestria), std::slice::from_ref(&marked));
    assert!(
        bench
            .polled(&bench.node.viewer_of(&kestria, true))
            .is_empty()
    );
    // And when it comes after: what the operator said stays true.
    let other = marking.replace("0b", "0c");
    let second = note(SECOND, &format!(r#","object_marking_refs":["{other}"]"#));
    bench.import(red, std::slice::from_ref(&second));
    bench.give(
        door,
        &stranger,
        Marking::default(),
        &[statement.replace(marking, &other)],
    );
    let notes = |viewer: &Viewer| {
        let seen = bench.polled(viewer);
        seen.iter().filter(|version| *version == SECOND).count()
    };
    assert_eq!(notes(&home), 0, "red it was, and red it is");
    bench.import(
        Marking::default(),
        &[statement
            .replace(marking, &other)
            .replace("00.000Z", "01.000Z")],
    );
    assert_eq!(
        notes(&home),
        0,
        "understood by our own hand, and still red as the operator said"
    );
}
