//! What was sealed in its time by a key that was replaced since, and comes by a relay long after: it waits, and nobody is to blame.

use node::clock::DAY;
use node::config::Config;
use node::keys::Use;
use node::seal::inside;
use node::submission::{Channel, Outcome, Receipt};
use node::waiting::Decided;
use policy::{Class, Clause, Label, Purpose, Tlp};
use stix::{Limits, ObjectId};

use crate::fleet::{Fleet, NOON};
use crate::mesh::Weather;

/// Aland, whose key is replaced; Borea, who is brought things; Cresta, who relays.
const THREE: [&str; 3] = ["Aland", "Borea", "Cresta"];

/// They exchange, and Aland replaced its key more than a month ago; its old one.
fn a_month_later(seed: u64, most: u64) -> (Fleet, ed25519_dalek::SigningKey) {
    let mut config = Config::default();
    config.limits.peer_awaiting = most;
    let fleet = Fleet::peers_with(seed, &THREE, Weather::default(), &config);
    let old = node::keys::load(&fleet.nodes[0].folder().keys())
        .unwrap()
        .seal;
    fleet.nodes[0].rotate_key(Use::Seal, &[]).unwrap();
    fleet.sync(1, 0).unwrap();
    fleet.clock.advance(31 * DAY);
    (fleet, old)
}

/// A report of Aland's, sealed with its old key at a time.
fn sealed(
    fleet: &Fleet,
    key: &ed25519_dalek::SigningKey,
    number: u32,
    made: i64,
    tlp: Tlp,
) -> String {
    let report = fleet.report(0, number, 0, "sealed in its time");
    let object = stix::check(report.as_bytes(), &Limits::default()).unwrap();
    let label = Label::always(Class::of(Clause::own(tlp, fleet.id(0))));
    inside::seal(&object, &label, &fleet.id(0), key, made).unwrap()
}

fn brings(fleet: &Fleet, by: usize, objects: &[String]) -> Receipt {
    let channel = Channel::Peer(fleet.id(by));
    fleet.submit(1, channel, fleet.id(by), Default::default(), objects)
}

fn number_of(receipt: &Receipt) -> i64 {
    match &receipt.lines[0].outcome {
        Outcome::Awaiting { number, reason } if reason.contains("comes long after") => *number,
        other => panic!("{other:?}"),
    }
}

fn notices(fleet: &Fleet) -> usize {
    let node = &fleet.nodes[1];
    let held = fleet.seen(1, &node.viewer_of(&fleet.id(0), true), Purpose::Poll);
    let texts = held
        .into_values()
        .map(|body| String::from_utf8(body).unwrap());
    texts
        .filter(|text| text.contains("Copy under a former key received"))
        .count()
}

#[test]
fn it_takes_no_room_of_the_relay_s_own_and_is_no_news_to_its_author() {
    let (fleet, old) = a_month_later(70, 3);
    for number in 0..20 {
        number_of(&brings(
            &fleet,
            2,
            &[sealed(&fleet, &old, number, NOON, Tlp::Green)],
        ));
    }
    assert_eq!(notices(&fleet), 0);
    // What the relay has of its own goes on coming.
    fleet.write(2, fleet.to(Tlp::Amber, &[1]), &[fleet.report(2, 1, 0, "x")]);
    fleet.sync(1, 2).unwrap();
    assert_eq!(fleet.held(1).len(), 1);
    // Not without an end, whoever has such a key.
    let more: Vec<String> = (20..40)
        .map(|number| sealed(&fleet, &old, number, NOON, Tlp::Green))
        .collect();
    brings(&fleet, 2, &more);
    assert!(fleet.sync(1, 2).is_err());
    // What the key makes after its time is news to its author.
    let (fleet, old) = a_month_later(71, 3);
    let now = fleet.nodes[1].now();
    let receipt = brings(&fleet, 2, &[sealed(&fleet, &old, 1, now, Tlp::Green)]);
    assert!(matches!(receipt.lines[0].outcome, Outcome::Awaiting { .. }));
    assert_eq!(notices(&fleet), 1);
}

#[test]
fn what_its_author_brings_itself_waits_no_more() {
    let (fleet, old) = a_month_later(72, 10);
    let copy = sealed(&fleet, &old, 1, NOON, Tlp::Green);
    number_of(&brings(&fleet, 2, std::slice::from_ref(&copy)));
    assert_eq!(fleet.nodes[1].count_awaiting().unwrap(), 1);
    let receipt = brings(&fleet, 0, &[copy]);
    assert_eq!(receipt.lines[0].outcome, Outcome::Accepted);
    assert_eq!(fleet.nodes[1].count_awaiting().unwrap(), 0);
}

#[test]
fn a_decision_keeps_the_label_that_was_sealed_and_publishes_nothing() {
    let (fleet, old) = a_month_later(73, 10);
    let node = &fleet.nodes[1];
    let label_of = |number: u32| {
        let id = format!("report--00000000-0000-4000-8000-0000{number:08}");
        let id: ObjectId = id.parse().unwrap();
        let (label, _) = node
            .explain(&id, &node.home_viewer(), Purpose::Show)
            .unwrap();
        label.class
    };
    for (number, tlp) in [(1, Tlp::Green), (2, Tlp::Clear)] {
        let copy = sealed(&fleet, &old, number, NOON, tlp);
        let number = number_of(&brings(&fleet, 2, &[copy]));
        let by = node.at_terminal("operator");
        let decided = node.decide(number, Decided::Admit, &by).unwrap();
        assert_eq!(decided.wait().unwrap(), Outcome::Accepted);
    }
    let tlp = |class: Class| class.clauses().next().map(|clause| clause.tlp);
    assert_eq!(tlp(label_of(1)), Some(Tlp::Green));
    assert!(
        !label_of(2).is_public(),
        "one person alone publishes nothing"
    );
}
