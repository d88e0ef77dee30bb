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

fn statement(marking: &str) -> String {
    format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{marking}","created":"2020-01-01T00:00:00.000Z","definition_type":"statement","definition":{{"statement":"Copyright"}}}}"#
    )
}

#[test]
fn a_definition_that_came_with_what_was_undone_means_nothing() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    let marking = "marking-definition--00000000-0000-4000-8000-00000000000d";
    let marked = note(FIRST, &format!(r#","object_marking_refs":["{marking}"]"#));
    let both = [statement(marking), marked.clone()];
    let home = bench.node.home().id.clone();
    let submission = bench.submission(Channel::Import, &home, amber(&kestria), &both);
    let lot = bench.node.lot(submission).unwrap();
    let undone = bench.node.change(move |change| -> anyhow::Result<()> {
        assert_eq!(crate::accept::accept(change, &lot)?.successes(), 2);
        anyhow::bail!("undone")
    });
    assert!(undone.wait().is_err());
    bench.import(amber(&kestria), &[marked]);
    assert!(
        bench
            .polled(&bench.node.viewer_of(&kestria, true))
            .is_empty(),
        "what is not here is not understood"
    );
}

#[test]
fn of_markings_that_are_not_here_nothing_is_remembered() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    let marking = |n: u32| format!("marking-definition--00000000-0000-4000-8000-{n:012}");
    bench.import(Marking::default(), &[statement(&marking(0))]);
    let marked = |n: u32| {
        let version = format!("2021-01-01T00:00:{n:02}.000Z");
        note(
            &version,
            &format!(r#","object_marking_refs":["{}"]"#, marking(n)),
        )
    };
    let all: Vec<String> = (0..50).map(marked).collect();
    assert_eq!(bench.import(amber(&kestria), &all).successes(), 50);
    let remembered = bench.node.change(|change| Ok(change.markings.len()));
    assert_eq!(remembered.wait().unwrap(), 1, "the one that is");
}
