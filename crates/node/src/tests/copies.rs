//! One version in several contents: kept of others' as files hold it, said once of our own; and a label that comes with what is here already.

use super::*;
use crate::accept::OTHER_CONTENT;

/// A note of an author that says something.
fn says(author: &str, words: &str) -> String {
    let by = format!(r#","created_by_ref":"{author}""#);
    note(FIRST, &by).replace(r#""content":"x""#, &format!(r#""content":"{words}""#))
}

fn outcome(bench: &Bench, text: String) -> Outcome {
    let receipt = bench.import(Marking::default(), &[text]);
    receipt.lines[0].outcome.clone()
}

#[test]
fn what_we_say_ourselves_is_said_once_under_one_version() {
    let bench = bench();
    let home = bench.node.home().id.to_string();
    let first = says(&home, "one thing");
    assert_eq!(outcome(&bench, first.clone()), Outcome::Accepted);
    let long = bench.node.log_size().unwrap();
    let refused = outcome(&bench, says(&home, "another"));
    let reason = OTHER_CONTENT.to_owned();
    assert_eq!(refused, Outcome::Refused { reason });
    let kept = bench.node.quarantine(0, 10).unwrap();
    assert_eq!((kept.len(), &*kept[0].reason), (1, OTHER_CONTENT));
    // The same in another layout is the same, and somebody else's name on it makes it no copy of another's.
    assert_eq!(
        outcome(
            &bench,
            first
                .replace(':', " : ")
                .replace("T00 : 00 : 00", "T00:00:00")
        ),
        Outcome::Known
    );
    let other = identity(9).to_string();
    assert!(!outcome(&bench, says(&other, "a third")).is_success());
    assert_eq!(
        bench.node.log_size().unwrap(),
        long,
        "no further record, no further seal"
    );
}

#[test]
fn of_others_every_copy_in_a_file_is_kept() {
    let bench = bench();
    let feed = identity(9).to_string();
    for words in ["one thing", "another", "a third"] {
        assert_eq!(outcome(&bench, says(&feed, words)), Outcome::Accepted);
    }
    assert_eq!(outcome(&bench, says(&feed, "another")), Outcome::Known);
    assert!(bench.node.quarantine(0, 10).unwrap().is_empty());
}

#[test]
fn a_label_that_comes_with_what_is_here_already_is_not_passed_over_in_silence() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    let stays = |marking: Marking| {
        let mut receipt = bench.import(marking, &[note(FIRST, "")]);
        receipt.lines.remove(0).label_stays
    };
    let clear = Marking {
        tlp: Some(Tlp::Clear),
        audience: vec![],
    };
    let red = Marking {
        tlp: Some(Tlp::Red),
        audience: vec![],
    };
    assert_eq!(stays(amber(&kestria)), None, "it is new");
    assert_eq!(stays(amber(&kestria)), None, "it is the same label");
    assert_eq!(stays(Marking::default()), None, "nothing is wished");
    for other in [amber(&union), red, clear] {
        assert_eq!(stays(other).as_deref(), Some("TLP:AMBER+STRICT"));
    }
    let viewer = bench.node.viewer_of(&kestria, true);
    assert_eq!(bench.polled(&viewer), [FIRST], "and it stays");
}
