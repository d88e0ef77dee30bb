//! Keys change and nodes come back from backups: what peers make of it, and those who become peers afterwards.

use std::sync::Arc;

use node::Node;
use node::chance::SeededRandom;
use node::clock::{DAY, SECOND};
use node::keeping::backup::{announce_restore, restore};
use node::keeping::recover_keys;
use node::keys::{Use, Why};
use node::seal::{Seal, inside};
use node::submission::Outcome;
use policy::{Class, Clause, Label, Tlp};
use stix::Limits;

use crate::fleet::{Fleet, NOON};

const TWO: [&str; 2] = ["Aland", "Borea"];

#[test]
fn who_becomes_a_peer_after_a_rotation_believes_the_seals_of_before() {
    let fleet = Fleet::peers(80, &TWO);
    let dale = Fleet::strangers(81, &["Dale"]);
    let marking = fleet.to(Tlp::Amber, &[1]);
    fleet.write(0, marking, &[fleet.report(0, 1, 0, "by the first key")]);
    fleet.nodes[0].rotate_key(Use::Seal, &[]).unwrap();
    fleet.nodes[0].rotate_key(Use::Seal, &[]).unwrap();
    let file = fleet.nodes[0]
        .introduce(vec![], &fleet.nodes[0].at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(file.former().len(), 2);
    // Borea follows the rotations; Dale comes to know Aland only now.
    fleet.sync(1, 0).unwrap();
    let node = &dale.nodes[0];
    let words = fleet.nodes[0].own_words().unwrap().unwrap().in_french();
    let introduced = node
        .add_peer(file.file().as_bytes(), &node.at_terminal("operator"))
        .unwrap();
    node.confirm_peer(
        &introduced.participant,
        &words,
        &node.at_terminal("operator"),
    )
    .unwrap();
    // What Aland gives has the seal of its time.
    let token = fleet.nodes[1].token_for(&fleet.id(0)).unwrap();
    let access = fleet.nodes[0].authenticate_peer(&token).unwrap().unwrap();
    let number = fleet.nodes[0].collection("situation").unwrap().unwrap();
    let query = store::PageQuery {
        versions: store::Versions::all(),
        ..store::PageQuery::of(number.number, 10)
    };
    let page = fleet.nodes[0].page_for_peer(&access, &query).unwrap();
    let rows: Vec<String> = page
        .into_inner()
        .rows
        .into_iter()
        .map(|row| String::from_utf8(row.body).unwrap())
        .collect();
    let receipt = dale.submit(
        0,
        node::Channel::Peer(fleet.id(0)),
        fleet.id(0),
        Default::default(),
        &rows,
    );
    let outcomes: Vec<_> = receipt.lines.iter().map(|line| &line.outcome).collect();
    assert!(
        outcomes.iter().all(|outcome| outcome.is_success()),
        "{outcomes:?}"
    );
    assert_eq!(dale.held(0).len(), 1);
}

#[test]
fn a_former_key_is_nobody_elses() {
    let fleet = Fleet::peers(82, &TWO);
    let stranger = Fleet::strangers(83, &["Cresta"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let theirs = stranger.nodes[0]
        .introduce(vec![], &stranger.nodes[0].at_terminal("operator"))
        .wait()
        .unwrap();
    let keys = node::keys::load(&stranger.nodes[0].folder().keys()).unwrap();
    let claimed = node::keys::load(&a.folder().keys()).unwrap().public().seal;
    let file = node::keys::Introduction::make(
        theirs.identity(),
        &keys,
        theirs.log().name(),
        vec![],
        &[claimed],
        NOON,
    );
    let error = b
        .add_peer(
            file.as_ref().unwrap().file().as_bytes(),
            &b.at_terminal("operator"),
        )
        .unwrap_err();
    assert!(error.to_string().contains("this key is bound"), "{error}");
    // Nor when it was followed by another, nor when that was revoked: what it sealed is Aland's.
    let again = |why: &str| {
        let error = b
            .add_peer(
                file.as_ref().unwrap().file().as_bytes(),
                &b.at_terminal("operator"),
            )
            .unwrap_err();
        assert!(
            error.to_string().contains("this key is bound"),
            "{why}: {error}"
        );
    };
    let old = a.rotate_key(Use::Seal, &[]).unwrap().old;
    fleet.sync(1, 0).unwrap();
    again("followed");
    a.revoke_key_called(&old, Why::Stolen, NOON, &[]).unwrap();
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
    again("revoked");
}

#[test]
fn a_revoked_key_counts_no_more_until_words_are_compared_anew() {
    let fleet = Fleet::peers(84, &TWO);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let amber = || fleet.to(Tlp::Amber, &[1]);
    fleet.write(0, amber(), &[fleet.report(0, 1, 0, "before")]);
    fleet.sync(1, 0).unwrap();
    assert_eq!(fleet.held(1).len(), 1);
    a.revoke_key(Use::Seal, Why::Stolen, NOON, &[]).unwrap();
    fleet.write(0, amber(), &[fleet.report(0, 2, 0, "after")]);
    fleet.sync(1, 0).unwrap();
    let token = a.token_for(&fleet.id(1)).unwrap();
    assert!(
        b.authenticate_peer(&token).unwrap().is_none(),
        "by a key that nobody vouches for"
    );
    assert_eq!(fleet.held(1).len(), 1, "what is said since is not taken");
    let waiting = b.awaiting(0, 10).unwrap();
    assert!(
        waiting
            .iter()
            .any(|one| one.object.ends_with("00000000002")),
        "{waiting:?}"
    );
    // People meet, compare words, and what waited for nothing else goes in.
    b.suspend_peer(&fleet.id(0), &b.at_terminal("operator"))
        .wait()
        .unwrap();
    fleet.meet(0, 1);
    let token = a.token_for(&fleet.id(1)).unwrap();
    assert!(b.authenticate_peer(&token).unwrap().is_some());
    fleet.write(0, amber(), &[fleet.report(0, 3, 0, "by the new key")]);
    fleet.sync(1, 0).unwrap();
    assert_eq!(fleet.held(1).len(), 3);
}

#[test]
fn who_lost_its_keys_is_believed_again_when_people_say_so_and_never_by_itself() {
    let mut fleet = Fleet::peers(86, &TWO);
    let amber = fleet.to(Tlp::Amber, &[1]);
    fleet.write(
        0,
        amber.clone(),
        &[fleet.report(0, 1, 0, "by the lost key")],
    );
    fleet.sync(1, 0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.age");
    fleet.nodes[0].backup_to(&file, &mut |_| {}).unwrap();
    fleet.nodes[0].close();
    let back = folder.path().join("back");
    let bytes = std::fs::read(&file).unwrap();
    restore(&bytes[..], &back, fleet.recovery(0), &mut |_| {}).unwrap();
    let clock = Arc::new(fleet.clock.clone());
    let chance = |seed| Box::new(SeededRandom::new(seed));
    announce_restore(&back, clock.clone(), chance(5)).unwrap();
    let lost = node::keys::load(&back.join("keys")).unwrap().seal;
    for key in std::fs::read_dir(back.join("keys")).unwrap() {
        std::fs::remove_file(key.unwrap().path()).unwrap();
    }
    recover_keys(&back, fleet.recovery(0), clock.clone(), chance(6)).unwrap();
    let again = Node::open(&back, None, clock, chance(7)).unwrap();
    fleet.mesh.replace(&again);
    fleet.nodes[0] = again;
    fleet.clock.advance(61 * SECOND);
    fleet.write(0, amber, &[fleet.report(0, 2, 0, "by the new one")]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let _ = fleet.sync(1, 0);
    assert_eq!(fleet.held(1).len(), 1, "nobody vouches for the new key yet");
    let operator = b.at_terminal("operator");
    let file = a.introduce(vec!["http://0.test/".into()], &a.at_terminal("operator"));
    let file = file.wait().unwrap().file();
    let words = a.own_words().unwrap().unwrap().in_english();
    // Not while it is believed, and not without being told so.
    assert!(b.add_peer_anew(file.as_bytes(), &operator).is_err());
    b.suspend_peer(&fleet.id(0), &operator).wait().unwrap();
    let error = b.add_peer(file.as_bytes(), &operator).unwrap_err();
    assert!(
        error.to_string().contains("bound to another key"),
        "{error}"
    );
    b.add_peer_anew(file.as_bytes(), &operator).unwrap();
    // That it was said once is no leave for the next file.
    assert!(b.add_peer(file.as_bytes(), &operator).is_err());
    let wrong = "zebra zebra zebra zebra zebra zebra";
    assert!(b.confirm_peer(&fleet.id(0), wrong, &operator).is_err());
    b.add_peer_anew(file.as_bytes(), &operator).unwrap();
    b.confirm_peer(&fleet.id(0), &words, &operator).unwrap();
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1]),
        &[fleet.report(0, 3, 0, "and on")],
    );
    fleet.sync(1, 0).unwrap();
    assert_eq!(
        fleet.held(1).len(),
        3,
        "{:?}",
        fleet.nodes[1].awaiting(0, 10)
    );
    // Whoever found the lost key seals something new with it, and a program brings it.
    let forged = fleet.report(0, 4, 0, "by the lost key, later");
    let object = stix::check(forged.as_bytes(), &Limits::default()).unwrap();
    let label = Label::always(Class::of(Clause::own(Tlp::Green, fleet.id(0))));
    let now = fleet.nodes[1].now();
    let sealed = inside::seal(&object, &label, &fleet.id(0), &lost, now).unwrap();
    let receipt = fleet.submit(
        1,
        node::Channel::Access("feed".to_owned()),
        fleet.id(1),
        Default::default(),
        &[sealed],
    );
    assert!(
        matches!(receipt.lines[0].outcome, Outcome::Awaiting { .. }),
        "{receipt:?}"
    );
    let token = fleet.nodes[0].token_for(&fleet.id(1)).unwrap();
    assert!(fleet.nodes[1].authenticate_peer(&token).unwrap().is_some());
}

#[test]
fn a_node_that_was_restored_is_followed_under_its_new_name() {
    let mut fleet = Fleet::peers(85, &TWO);
    let amber = fleet.to(Tlp::Amber, &[1]);
    let folder = tempfile::tempdir().unwrap();
    fleet.write(0, amber.clone(), &[fleet.report(0, 1, 0, "kept")]);
    let file = folder.path().join("backup.age");
    fleet.nodes[0].backup_to(&file, &mut |_| {}).unwrap();
    // What the backup does not have; Borea does, and a head that says so.
    fleet.write(0, amber.clone(), &[fleet.report(0, 2, 0, "lost")]);
    fleet.nodes[0].issue_checkpoint().wait().unwrap();
    fleet.sync(1, 0).unwrap();
    assert_eq!(fleet.held(1).len(), 2);
    let before = fleet.nodes[1].log_of(&fleet.id(0)).unwrap();
    let seen = fleet.nodes[1].peer(&fleet.id(0)).unwrap().unwrap();
    assert_eq!(seen.log_renamed, None);

    fleet.nodes[0].close();
    let back = folder.path().join("back");
    let bytes = std::fs::read(&file).unwrap();
    restore(&bytes[..], &back, fleet.recovery(0), &mut |_| {}).unwrap();
    let clock = Arc::new(fleet.clock.clone());
    announce_restore(&back, clock.clone(), Box::new(SeededRandom::new(3))).unwrap();
    let again = Node::open(&back, None, clock, Box::new(SeededRandom::new(4))).unwrap();
    fleet.mesh.replace(&again);
    fleet.nodes[0] = again;

    fleet.clock.advance(61 * SECOND);
    fleet.nodes[0].issue_checkpoint().wait().unwrap();
    fleet.write(0, amber, &[fleet.report(0, 3, 0, "since")]);
    let _ = fleet.sync(1, 0);
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
    let seen = fleet.nodes[1].peer(&fleet.id(0)).unwrap().unwrap();
    assert_eq!(seen.inconsistent, None, "what it lost is no lie");
    let now = fleet.nodes[1].log_of(&fleet.id(0)).unwrap();
    assert_ne!(now.name(), before.name());
    assert_eq!(seen.log_renamed, Some(now.name().to_string()));
    assert_eq!(fleet.held(1).len(), 3, "nothing is lost here");
    assert!(seen.log_size.is_some_and(|size| size > 0), "{seen:?}");
}

/// What whoever has a key of the first node seals with it, handed to the second one.
fn sealed_by(
    fleet: &Fleet,
    key: &ed25519_dalek::SigningKey,
    (number, made): (u32, i64),
    channel: node::Channel,
) -> Outcome {
    let report = fleet.report(0, number, 0, "sealed with it");
    let object = stix::check(report.as_bytes(), &Limits::default()).unwrap();
    let label = Label::always(Class::of(Clause::own(Tlp::Green, fleet.id(0))));
    let sealed = inside::seal(&object, &label, &fleet.id(0), key, made).unwrap();
    let by = match &channel {
        node::Channel::Peer(peer) => peer.clone(),
        _ => fleet.id(1),
    };
    let receipt = fleet.submit(1, channel, by, Default::default(), &[sealed]);
    receipt.lines[0].outcome.clone()
}

fn feed() -> node::Channel {
    node::Channel::Access("feed".to_owned())
}

fn awaits_for_its_key(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Awaiting { reason, .. } if reason.contains("replaced or revoked"))
}

fn awaits_for_coming_late(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Awaiting { reason, .. } if reason.contains("comes long after"))
}

#[test]
fn a_former_key_seals_nothing_more_and_what_it_sealed_comes_in_time() {
    let fleet = Fleet::peers(87, &TWO);
    let old = node::keys::load(&fleet.nodes[0].folder().keys())
        .unwrap()
        .seal;
    fleet.nodes[0].rotate_key(Use::Seal, &[]).unwrap();
    fleet.sync(1, 0).unwrap();
    // What was sealed in its time may be under way.
    let outcome = sealed_by(&fleet, &old, (1, NOON), feed());
    assert!(outcome.is_success(), "{outcome:?}");
    fleet.clock.advance(DAY);
    let now = fleet.nodes[1].now();
    let outcome = sealed_by(&fleet, &old, (2, now), feed());
    assert!(awaits_for_its_key(&outcome), "{outcome:?}");
    // Not for ever, unless its author itself brings it.
    fleet.clock.advance(30 * DAY);
    let outcome = sealed_by(&fleet, &old, (3, NOON), feed());
    assert!(awaits_for_coming_late(&outcome), "{outcome:?}");
    let outcome = sealed_by(&fleet, &old, (4, NOON), node::Channel::Peer(fleet.id(0)));
    assert!(outcome.is_success(), "{outcome:?}");
    // What was here in time is known, and stays.
    let outcome = sealed_by(&fleet, &old, (1, NOON), feed());
    assert!(outcome.is_success(), "{outcome:?}");
    assert!(
        fleet
            .held(1)
            .keys()
            .any(|(id, _)| id.ends_with("000000000001"))
    );
}

#[test]
fn what_a_former_key_sealed_before_its_object_came_lets_nothing_in_later() {
    for revoked in [false, true] {
        let fleet = Fleet::peers(90, &["Aland", "Borea", "Cresta"]);
        let (aland, borea) = (&fleet.nodes[0], &fleet.nodes[1]);
        let old = node::keys::load(&aland.folder().keys()).unwrap().seal;
        // Whoever has Aland's key seals, beside it, what nobody has yet; a relay brings the seal alone, while the key is the present one.
        let planted = fleet.report(0, 1, 0, "by whoever has the key");
        let object = stix::check(planted.as_bytes(), &Limits::default()).unwrap();
        let label = Label::always(Class::of(Clause::own(Tlp::Green, fleet.id(0))));
        let seal = Seal::beside(&object, &label, &fleet.id(0), &old, NOON).unwrap();
        let brings = |text: &str| {
            let relay = fleet.id(2);
            let door = node::Channel::Peer(relay.clone());
            let receipt = fleet.submit(1, door, relay, Default::default(), &[text.to_owned()]);
            receipt.lines[0].outcome.clone()
        };
        let seal = brings(&seal.record().unwrap());
        assert!(seal.is_success(), "{seal:?}");
        let name = aland.rotate_key(Use::Seal, &[]).unwrap().old;
        if revoked {
            aland
                .revoke_key_called(&name, Why::Stolen, NOON, &[])
                .unwrap();
        }
        fleet.clock.advance(61 * SECOND);
        fleet.sync(1, 0).unwrap();
        if !revoked {
            fleet.clock.advance(31 * DAY);
        }
        let outcome = brings(&planted);
        let awaits = match revoked {
            true => awaits_for_its_key(&outcome),
            false => awaits_for_coming_late(&outcome),
        };
        assert!(awaits, "{revoked}: {outcome:?}");
        assert_eq!(borea.count_awaiting().unwrap(), 1);
    }
}

#[test]
fn a_former_key_is_revoked_by_its_name_also_where_its_owner_is_no_peer_any_more() {
    let fleet = Fleet::peers(88, &TWO);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let old = node::keys::load(&a.folder().keys()).unwrap().seal;
    let name = a.rotate_key(Use::Seal, &[]).unwrap().old;
    fleet.sync(1, 0).unwrap();
    let outcome = sealed_by(&fleet, &old, (1, NOON), feed());
    assert!(outcome.is_success(), "in its time: {outcome:?}");
    let token = b.token_for(&fleet.id(0)).unwrap();
    let access = a.authenticate_peer(&token).unwrap().unwrap();
    b.forget_peer(&fleet.id(0), &b.at_terminal("operator"))
        .wait()
        .unwrap();
    fleet.clock.advance(SECOND);
    let unknown = "seal:00000000000000000000000000000000";
    assert!(
        a.revoke_key_called(unknown, Why::Stolen, NOON, &[])
            .is_err()
    );
    let renewed = a.revoke_key_called(&name, Why::Stolen, NOON, &[]).unwrap();
    assert!(renewed.former && renewed.old == name, "{renewed:?}");
    assert!(a.revoke_key_called(&name, Why::Stolen, NOON, &[]).is_err());
    let file = a
        .introduce(vec![], &a.at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(file.former(), [], "nobody is to believe it any more");
    // A program brings what Aland says of it.
    let contacts = a.collection("contacts").unwrap().unwrap();
    let query = store::PageQuery {
        versions: store::Versions::all(),
        ..store::PageQuery::of(contacts.number, 100)
    };
    let page = a.page_for_peer(&access, &query).unwrap().into_inner();
    let said: Vec<String> = page
        .rows
        .into_iter()
        .map(|row| String::from_utf8(row.body).unwrap())
        .filter(|body| body.contains("key-revocation"))
        .collect();
    assert!(!said.is_empty());
    let receipt = fleet.submit(1, feed(), fleet.id(1), Default::default(), &said);
    assert!(
        receipt.lines.iter().all(|line| line.outcome.is_success()),
        "{receipt:?}"
    );
    let outcome = sealed_by(&fleet, &old, (2, NOON), feed());
    assert!(awaits_for_its_key(&outcome), "{outcome:?}");
    a.close();
}
