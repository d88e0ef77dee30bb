//! Publishing by way of a peer: its word alone makes nothing public here (rule 7).

use node::clearance::{Act, Said};
use node::clock::HOUR;
use node::submission::{Channel, Marking};
use policy::{Purpose, Tlp, Viewer};

use crate::fleet::Fleet;

const TOOL: &str = r#"{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000001","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"t"}"#;

fn publish(fleet: &Fleet, at: usize) {
    let clearance = fleet.nodes[at].clearance();
    let case = clearance.open_cases().unwrap().remove(0);
    let said = Said {
        seen: Some(case.happened()),
        ..Said::default()
    };
    let second = signed_in(&fleet.nodes[at]);
    let sign = Act::Sign {
        step: 0,
        reserved: false,
    };
    let signed = clearance.act(case.number, sign, said, &second);
    signed.wait().unwrap();
    fleet.clock.advance(1_000 * HOUR);
    assert!(fleet.nodes[at].carry_out().wait().unwrap());
}

/// Somebody who signed in and may release.
fn signed_in(node: &node::Node) -> node::Actor {
    let begun = node.begin_set_up("Ada Lind", "ada", "here").wait().unwrap();
    let codes = node.new_totp(&begun.actor).wait().unwrap();
    let code = codes.now(node.now());
    let secured = node.choose_password("an orchard by the river", &code, &begun.actor);
    secured.unwrap().opened.actor
}

fn public(fleet: &Fleet, at: usize) -> usize {
    fleet.seen(at, &Viewer::public(), Purpose::Poll).len()
}

fn clear() -> Marking {
    Marking {
        tlp: Some(Tlp::Clear),
        audience: Vec::new(),
    }
}

#[test]
fn what_only_a_peer_calls_clear_waits_for_a_second_person_here() {
    let fleet = Fleet::peers(70, &["Aland", "Borea"]);
    fleet.submit(0, Channel::Import, fleet.id(0), clear(), &[TOOL.to_owned()]);
    publish(&fleet, 0);
    assert_eq!(public(&fleet, 0), 1);
    let synced = fleet.sync(1, 0).unwrap();
    assert!(synced.accepted > 0 && synced.awaiting == 0, "{synced:?}");
    assert_eq!(fleet.held(1).len(), 1, "here for its people");
    assert_eq!(
        public(&fleet, 1),
        0,
        "and public by nobody's word but Aland's"
    );
    let asked = fleet.nodes[1].clearance().open_cases().unwrap();
    assert_eq!((asked.len(), asked[0].count()), (1, 1));
    assert!(
        asked[0].asked_by.contains(fleet.id(0).as_str()),
        "{asked:?}"
    );
    publish(&fleet, 1);
    assert_eq!(public(&fleet, 1), 1);
}

#[test]
fn the_same_by_a_second_path_or_a_later_word_opens_nothing_by_itself() {
    let fleet = Fleet::peers(71, &["Aland", "Borea", "Cresta"]);
    // Borea has it for itself already.
    fleet.submit(
        1,
        Channel::Import,
        fleet.id(1),
        Marking::default(),
        &[TOOL.to_owned()],
    );
    // Cresta has it from Aland, while that keeps it among the three.
    fleet.submit(
        0,
        Channel::Import,
        fleet.id(0),
        fleet.to(Tlp::Amber, &[1, 2]),
        &[TOOL.to_owned()],
    );
    fleet.sync(2, 0).unwrap();
    assert_eq!(fleet.held(2).len(), 1);
    // Aland publishes.
    let again = TOOL.replace("000000000001", "000000000002");
    fleet.submit(0, Channel::Import, fleet.id(0), clear(), &[again]);
    publish(&fleet, 0);
    fleet.round();
    for at in [1, 2] {
        assert_eq!(public(&fleet, at), 0, "{at}");
        assert_eq!(fleet.held(at).len(), 2, "{at}");
    }
}

#[test]
fn what_the_author_itself_marks_clear_is_clear_here() {
    let fleet = Fleet::peers(72, &["Aland", "Borea"]);
    let marked = TOOL.replace(
        r#","name""#,
        r#","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],"name""#,
    );
    fleet.submit(
        0,
        Channel::Import,
        fleet.id(0),
        Marking::default(),
        &[marked],
    );
    fleet.sync(1, 0).unwrap();
    assert_eq!(public(&fleet, 1), 1);
    assert!(fleet.nodes[1].clearance().open_cases().unwrap().is_empty());
}
