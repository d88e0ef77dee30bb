//! What followed, by the rules: whose it is to say, and what was said of an earlier wording.

use dialogues::records::{Commitment, Session, State};
use dialogues::rules::accounts;
use dialogues::rules::due::{Due, due};
use serde_json::json;
use stage::made;

use super::{commitment, follow_up, now};

#[test]
fn what_was_said_of_the_earlier_wording_breaks_the_silence_and_settles_the_same_words_alone() {
    let at = now("2026-11-22T00:00:00Z");
    let (old, new) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let what = commitment("w", Some("2026-06"));
    let (same, other) = (what.clone(), commitment("v", Some("2026-06")));
    let moved = commitment("w", Some("2026-05"));
    let said = |state: State| vec![follow_up(1, "EU", state, old)];
    let own = |state: State| vec![follow_up(2, "EU", state, new)];
    let theirs = vec![follow_up(2, "JP", State::UnderWay, new)];
    for (own, clause, earlier, expected) in [
        (vec![], &other, said(State::UnderWay), Due::Passed),
        (vec![], &other, said(State::Implemented), Due::Passed),
        (vec![], &moved, said(State::Implemented), Due::Passed),
        (vec![], &same, said(State::Implemented), Due::Settled),
        // That it was replaced says nothing of what took its place.
        (vec![], &same, said(State::Superseded), Due::PassedInSilence),
        (vec![], &other, vec![], Due::PassedInSilence),
        // What a side says of the wording as it stands goes before what it said of the earlier one; the other side's does not.
        (
            own(State::UnderWay),
            &same,
            said(State::Implemented),
            Due::Passed,
        ),
        (
            own(State::Implemented),
            &same,
            said(State::UnderWay),
            Due::Settled,
        ),
        (theirs, &same, said(State::Implemented), Due::Passed),
    ] {
        let told = due(&what, &own, [(clause, earlier.as_slice())], at);
        assert_eq!(told, expected, "{own:?} {clause:?} {earlier:?}");
    }
}

#[test]
fn what_all_of_a_session_said_is_for_its_parties_to_follow() {
    let ours = ["CA".to_owned(), "identity--ca".to_owned()];
    let said = |actors: &[&str]| Commitment {
        actors: actors.iter().map(|one| (*one).to_owned()).collect(),
        ..commitment("w", None)
    };
    let session = |parties: &[&str], observers: &[&str]| -> Session {
        let observers = observers.iter();
        let observers: Vec<_> = observers
            .map(|who| json!({ "who": who, "sees": "all" }))
            .collect();
        made(json!({
            "dialogue_ref": "d", "state": "held", "starts": "", "parties": parties, "observers": observers
        }))
    };
    let of_two = session(&["EU", "JP"], &["CA"]);
    for (actors, session, expected) in [
        (&["EU", "CA"][..], Some(&of_two), true),
        (&["EU", "JP"], Some(&of_two), false),
        (&["SIGNATORIES"], Some(&of_two), false),
        (&["UN"], Some(&of_two), false),
        (&[], Some(&of_two), false),
        (&["SIGNATORIES"], Some(&session(&["EU", "JP"], &[])), false),
        (&["SIGNATORIES"], Some(&session(&["EU", "CA"], &[])), true),
        (
            &["SIGNATORIES"],
            Some(&session(&["EU", "identity--ca"], &["CA"])),
            true,
        ),
        // A group is a party: who belongs to it knows.
        (&["*"], Some(&session(&["G7"], &[])), true),
        (&["*"], Some(&session(&["G7"], &["CA"])), false),
        (&["*"], Some(&session(&[], &[])), true),
        (&["*"], None, true),
    ] {
        let told = accounts::is_ours(&said(actors), session, &ours);
        assert_eq!(told, expected, "{actors:?} {session:?}");
    }
}
