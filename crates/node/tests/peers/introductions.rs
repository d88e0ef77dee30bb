//! Who becomes a peer, and who does not; what a token opens.

use node::clock::SECOND;
use node::peers::State;
use node::submission::Marking;
use node::{Kind, Participant};
use policy::{Member, Tlp};

use crate::fleet::Fleet;

#[test]
fn a_peer_is_confirmed_by_the_words_of_its_file_and_by_no_others() {
    let fleet = Fleet::strangers(1, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let file = a
        .introduce(vec!["https://a.test/".into()], &a.at_terminal("operator"))
        .wait()
        .unwrap();
    let again = a
        .introduce(vec!["https://a.test/".into()], &a.at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(file.file(), again.file(), "the words stay");
    let introduced = b
        .add_peer(file.file().as_bytes(), &b.at_terminal("operator"))
        .unwrap();
    assert_eq!(
        (introduced.name.as_str(), &introduced.participant),
        ("Aland", &fleet.id(0))
    );
    assert_eq!(b.peers().unwrap()[0].state, State::Introduced);
    let token = a.token_for(&fleet.id(1)).unwrap();
    assert!(
        b.authenticate_peer(&token).unwrap().is_none(),
        "not confirmed"
    );
    assert!(
        b.confirm_peer(
            &fleet.id(0),
            "zebra zebra zebra zebra zebra zebra",
            &b.at_terminal("operator")
        )
        .is_err()
    );
    let words = a.own_words().unwrap().unwrap();
    assert_eq!(words, introduced.theirs);
    let peer = b
        .confirm_peer(
            &fleet.id(0),
            &words.in_english(),
            &b.at_terminal("operator"),
        )
        .unwrap();
    assert_eq!((peer.state, peer.addresses.len()), (State::Confirmed, 1));
    // It is a participant now, with its State, and has a right to nothing.
    assert!(b.participant("Aland").is_some() && b.participant("State of Aland").is_some());
    let held = b
        .object(&b.home_viewer(), policy::Purpose::Show, &fleet.id(0))
        .unwrap();
    assert!(held.is_some(), "its identity is a record");
}

#[test]
fn what_was_labeled_for_a_name_before_it_had_a_node_reaches_that_node() {
    let fleet = Fleet::strangers(5, &["Aland", "Borea"]);
    let (a, operator) = (&fleet.nodes[0], fleet.nodes[0].at_terminal("operator"));
    let by_hand = |name: &str, kind| {
        let noted = Participant::new(a.new_identity().unwrap(), name, kind);
        a.add_participant(noted, &operator).wait().unwrap().id
    };
    let borea = by_hand("borea", Kind::Organ);
    // Of another kind, and of another name: these are others.
    let client = by_hand("Borea", Kind::Client);
    let cresta = by_hand("Cresta", Kind::Organ);
    for (number, member) in [&borea, &client, &cresta].into_iter().enumerate() {
        let marking = Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(member.clone())],
        };
        let report = fleet.report(0, number as u32, 0, &format!("Report {number}"));
        fleet.write(0, marking, &[report]);
    }
    fleet.meet(0, 1);
    fleet.meet(1, 0);
    assert_eq!(a.participant("Borea").unwrap().id, fleet.id(1));
    fleet.sync(1, 0).unwrap();
    let held: Vec<String> = fleet.held(1).into_keys().map(|(id, _)| id).collect();
    assert_eq!(held, ["report--00000000-0000-4000-8000-000000000000"]);
    let meant: Vec<_> = a
        .participants()
        .into_iter()
        .filter(|known| known.designated.get("") == Some(&fleet.id(1)))
        .map(|known| known.id)
        .collect();
    assert_eq!(meant, [borea]);
}

#[test]
fn a_second_claimant_is_refused() {
    let fleet = Fleet::peers(2, &["Aland", "Borea"]);
    let stranger = Fleet::strangers(3, &["Aland"]);
    let b = &fleet.nodes[1];
    let file = fleet.nodes[0]
        .introduce(vec![], &fleet.nodes[0].at_terminal("operator"))
        .wait()
        .unwrap()
        .file();
    // The same identity with another key.
    let other = stranger.nodes[0]
        .introduce(vec![], &stranger.nodes[0].at_terminal("operator"))
        .wait()
        .unwrap();
    let identity = node::keys::Introduction::read(file.as_bytes())
        .unwrap()
        .identity()
        .clone();
    let keys = node::keys::load(&stranger.nodes[0].folder().keys()).unwrap();
    let origin = other.log().name().clone();
    let false_file =
        node::keys::Introduction::make(&identity, &keys, &origin, vec![], &[], 0).unwrap();
    let error = b
        .add_peer(false_file.file().as_bytes(), &b.at_terminal("operator"))
        .unwrap_err();
    assert!(
        error.to_string().contains("bound to another key"),
        "{error}"
    );
    // Another identity with the same key.
    let keys = node::keys::load(&fleet.nodes[0].folder().keys()).unwrap();
    let false_file =
        node::keys::Introduction::make(other.identity(), &keys, &origin, vec![], &[], 0).unwrap();
    let error = b
        .add_peer(false_file.file().as_bytes(), &b.at_terminal("operator"))
        .unwrap_err();
    assert!(error.to_string().contains("this key is bound"), "{error}");
    // Ourselves.
    let own = b
        .introduce(vec![], &b.at_terminal("operator"))
        .wait()
        .unwrap();
    assert!(
        b.add_peer(own.file().as_bytes(), &b.at_terminal("operator"))
            .is_err()
    );
}

#[test]
fn a_token_opens_one_node_for_minutes_and_nothing_after_suspension() {
    let fleet = Fleet::peers(4, &["Aland", "Borea", "Cresta"]);
    let [a, b, c] = &fleet.nodes[..] else {
        panic!()
    };
    let token = a.token_for(&fleet.id(1)).unwrap();
    let access = b.authenticate_peer(&token).unwrap().unwrap();
    assert!(access.peer && access.viewer.machine && access.person.is_none());
    assert_eq!((&access.participant, access.read.len()), (&fleet.id(0), 7));
    assert!(b.authenticate_peer(&token).unwrap().is_some(), "warm");
    assert!(
        c.authenticate_peer(&token).unwrap().is_none(),
        "another audience"
    );
    b.suspend_peer(&fleet.id(0), &b.at_terminal("operator"))
        .wait()
        .unwrap();
    assert!(
        b.authenticate_peer(&token).unwrap().is_none(),
        "at the next request"
    );
    b.resume_peer(&fleet.id(0), &b.at_terminal("operator"))
        .wait()
        .unwrap();
    assert!(b.authenticate_peer(&token).unwrap().is_some());
    fleet.clock.advance(901 * SECOND);
    assert!(b.authenticate_peer(&token).unwrap().is_none(), "too old");
    b.forget_peer(&fleet.id(0), &b.at_terminal("operator"))
        .wait()
        .unwrap();
    let token = a.token_for(&fleet.id(1)).unwrap();
    assert!(b.authenticate_peer(&token).unwrap().is_none(), "forgotten");
}

#[test]
fn no_introduction_makes_a_node_call_itself_or_what_listens_for_its_machine_alone() {
    for (own, theirs, called) in [
        ("https://borea.test/", "http://127.0.0.1:5432/", false),
        ("https://borea.test/", "http://localhost:5432/", false),
        ("https://borea.test/", "https://borea.test", false),
        ("https://borea.test/", "https://aland.test/", true),
        // On one machine, for a trial.
        ("http://127.0.0.1:7117/", "http://127.0.0.1:7118/", true),
        ("http://127.0.0.1:7117/", "http://127.0.0.1:7117/", false),
    ] {
        let fleet = Fleet::strangers(5, &["Aland", "Borea"]);
        fleet.make_known(0, vec![theirs.to_owned()]);
        fleet.make_known(1, vec![own.to_owned()]);
        let went = fleet.sync(1, 0);
        assert_eq!(went.is_ok(), called, "{own} {theirs}: {went:?}");
        if let Err(error) = went {
            let told = error.to_string();
            assert!(told.contains("its introduction names"), "{told}");
        }
    }
}
