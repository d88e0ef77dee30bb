//! What its author sealed: its label stays, and whoever passes it on changes nothing.

use super::*;

#[test]
fn a_sealed_record_keeps_its_label_and_a_relay_that_edits_waits() {
    let bench = bench();
    let (author, relay) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    let key = signing_key(&mut SeededRandom::new(2));
    bench.bind(&author, &key);
    let mut clause = policy::Clause::own(Tlp::AmberStrict, author.clone());
    clause
        .audience
        .insert(Member::Participant(bench.node.home().id.clone()));
    let label = policy::Label::always(policy::Class::of(clause));
    let by = format!(r#","created_by_ref":"{author}""#);
    let sealed = inside::seal(&object(&note(FIRST, &by)), &label, &author, &key, START).unwrap();
    let outcome = |text: &str| {
        let receipt = bench.give(
            Channel::Peer(relay.clone()),
            &relay,
            Marking::default(),
            &[text.to_owned()],
        );
        receipt.lines[0].outcome.clone()
    };
    for (what, text) in [
        (
            "a word",
            sealed.replace(r#""content":"x""#, r#""content":"y""#),
        ),
        ("the label", sealed.replace("AMBER+STRICT", "CLEAR")),
        ("no seal", note(FIRST, &by)),
    ] {
        assert!(matches!(outcome(&text), Outcome::Awaiting { .. }), "{what}");
    }
    assert_eq!(bench.node.count_awaiting().unwrap(), 3);
    assert_eq!(outcome(&sealed), Outcome::Accepted);
    assert_eq!(
        bench.polled(&bench.node.viewer_of(&bench.node.home().id, true)),
        [FIRST]
    );
    assert_eq!(
        bench.polled(&bench.node.viewer_of(&author, true)),
        [FIRST],
        "the author's organ"
    );
    assert!(
        bench.polled(&bench.node.viewer_of(&relay, true)).is_empty(),
        "the relay is not named"
    );
    assert!(bench.polled(&Viewer::public()).is_empty());
}

#[test]
fn a_decision_does_not_make_a_forged_label_true() {
    let bench = bench();
    let author = bench.participant(2, "Kestria");
    let (key, forger) = (
        signing_key(&mut SeededRandom::new(2)),
        signing_key(&mut SeededRandom::new(3)),
    );
    bench.bind(&author, &key);
    let clear = policy::Label::always(policy::Class::of(policy::Clause::own(
        Tlp::Clear,
        author.clone(),
    )));
    let by = format!(r#","created_by_ref":"{author}""#);
    let forged = inside::seal(&object(&note(FIRST, &by)), &clear, &author, &forger, START).unwrap();
    let receipt = bench.give(
        Channel::Peer(identity(3)),
        &identity(3),
        Marking::default(),
        &[forged],
    );
    let Outcome::Awaiting { number, .. } = receipt.lines[0].outcome else {
        panic!("{receipt:?}")
    };
    assert_eq!(
        bench
            .node
            .decide(number, Decided::Admit, &bench.terminal())
            .unwrap()
            .wait()
            .unwrap(),
        Outcome::Accepted
    );
    assert!(bench.polled(&Viewer::public()).is_empty());
    assert!(
        bench
            .node
            .decide(number, Decided::Admit, &bench.terminal())
            .is_err(),
        "it has been decided"
    );
}

#[test]
fn by_several_paths_the_least_strict_counts() {
    let bench = bench();
    let union = bench.participant(9, "Union");
    let home = bench.node.home().id.clone();
    let mut paths = Vec::new();
    for n in [2, 3] {
        let holder = bench.participant(n, &format!("Holder {n}"));
        let key = signing_key(&mut SeededRandom::new(u64::from(n)));
        bench.bind(&holder, &key);
        paths.push((holder, key));
    }
    let text = note(FIRST, "");
    let give = |(holder, key): &(ObjectId, ed25519_dalek::SigningKey), audience: &[&ObjectId]| {
        let mut clause = policy::Clause::own(Tlp::Green, holder.clone());
        clause
            .audience
            .extend(audience.iter().map(|id| Member::Participant((*id).clone())));
        let label = policy::Label::always(policy::Class::of(clause));
        let handling = Handling::make(&object(&text), &label, holder, vec![], key, START)
            .unwrap()
            .record()
            .unwrap();
        bench.give(
            Channel::Peer(holder.clone()),
            holder,
            Marking::default(),
            &[handling, text.clone()],
        )
    };
    let sees = |id: &ObjectId| {
        bench
            .polled(&bench.node.viewer_of(id, true))
            .contains(&FIRST.to_owned())
    };
    give(&paths[0], &[&home]);
    assert!(sees(&home) && !sees(&union));
    let again = give(&paths[1], &[&home, &union]);
    assert_eq!(again.lines[1].outcome, Outcome::Known);
    assert!(sees(&union), "the second path lets it in");
    give(&paths[0], &[&home]);
    assert!(sees(&union), "and the first does not take it back");
}

/// A peer brings something that waits, and an officer takes it; then the peer brings it again.
fn taken_by_decision(bench: &Bench, relay: &ObjectId, text: &str) {
    let give = || {
        let door = Channel::Peer(relay.clone());
        let receipt = bench.give(door, relay, Marking::default(), &[text.to_owned()]);
        receipt.lines[0].outcome.clone()
    };
    let Outcome::Awaiting { number, .. } = give() else {
        panic!("it waits for nobody")
    };
    let terminal = bench.terminal();
    let decided = bench.node.decide(number, Decided::Admit, &terminal);
    assert_eq!(decided.unwrap().wait().unwrap(), Outcome::Accepted);
    assert!(bench.polled(&Viewer::public()).is_empty(), "by decision");
    assert_eq!(give(), Outcome::Known);
    assert!(bench.polled(&Viewer::public()).is_empty(), "sent again");
}

fn marked_clear(by: &str) -> String {
    let clear = TlpName::Clear.id();
    format!(r#"{by},"object_marking_refs":["{clear}"]"#)
}

#[test]
fn one_person_publishes_no_copy_whose_seal_is_broken() {
    let bench = bench();
    let (author, relay) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    bench.bind(&author, &signing_key(&mut SeededRandom::new(2)));
    let by = format!(r#","created_by_ref":"{author}""#);
    taken_by_decision(&bench, &relay, &note(FIRST, &marked_clear(&by)));
    let cases = bench.node.clearance().open_cases().unwrap();
    assert_eq!(
        cases.len(),
        1,
        "it is asked for, as what we publish ourselves"
    );
    let cresta = bench.participant(4, "Cresta");
    let home = bench.node.home().id.clone();
    let sees = |id: &ObjectId| bench.polled(&bench.node.viewer_of(id, true)).len();
    // Those between whom it came, and nobody besides.
    assert_eq!([&home, &author, &relay, &cresta].map(sees), [1, 1, 1, 0]);
}

#[test]
fn what_is_taken_by_decision_is_no_wider_than_what_is_known_of_its_object() {
    let bench = bench();
    let (author, relay) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    let key = signing_key(&mut SeededRandom::new(2));
    bench.bind(&author, &key);
    let mut clause = policy::Clause::own(Tlp::AmberStrict, author.clone());
    let home = bench.node.home().id.clone();
    clause.audience.insert(Member::Participant(home.clone()));
    let label = policy::Label::always(policy::Class::of(clause));
    let by = format!(r#","created_by_ref":"{author}""#);
    let sealed = inside::seal(&object(&note(FIRST, &by)), &label, &author, &key, START).unwrap();
    let door = Channel::Peer(author.clone());
    let receipt = bench.give(door, &author, Marking::default(), &[sealed]);
    assert_eq!(receipt.successes(), 1, "{receipt:?}");
    taken_by_decision(&bench, &relay, &note(SECOND, &marked_clear(&by)));
    assert!(bench.node.clearance().open_cases().unwrap().is_empty());
    let sees = |id: &ObjectId| bench.polled(&bench.node.viewer_of(id, true)).len();
    assert_eq!([&home, &author, &relay].map(sees), [2, 2, 0]);
}

#[test]
fn a_marking_that_is_understood_later_opens_nothing_that_was_taken_by_decision() {
    let bench = bench();
    let (author, relay) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    bench.bind(&author, &signing_key(&mut SeededRandom::new(2)));
    let marking = "marking-definition--00000000-0000-4000-8000-00000000000a";
    let clear = TlpName::Clear.id();
    let marked =
        format!(r#","created_by_ref":"{author}","object_marking_refs":["{clear}","{marking}"]"#);
    taken_by_decision(&bench, &relay, &note(FIRST, &marked));
    let statement = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{marking}","created":"2020-01-01T00:00:00.000Z","definition_type":"statement","definition":{{"statement":"Copyright"}}}}"#
    );
    let door = Channel::Peer(relay.clone());
    let receipt = bench.give(door, &relay, Marking::default(), &[statement]);
    assert_eq!(receipt.successes(), 1, "{receipt:?}");
    let seen = bench.polled(&Viewer::public());
    assert!(!seen.contains(&FIRST.to_owned()), "{seen:?}");
}

#[test]
fn one_person_publishes_no_version_that_comes_by_another_way_than_its_object() {
    let bench = bench();
    let (kestria, relay) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    taken_by_decision(&bench, &relay, &note(SECOND, &marked_clear("")));
    let sees = |id: &ObjectId| bench.polled(&bench.node.viewer_of(id, true)).len();
    assert_eq!([&kestria, &relay].map(sees), [2, 0]);
}
