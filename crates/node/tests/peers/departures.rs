//! Who had a record and may have it no more: members that left a circle, and readers that were quicker than the ledger.

use node::clock::SECOND;
use node::ledger::Taken;
use node::submission::Marking;
use node::{Access, Removal};
use policy::{Member, Purpose, Tlp};
use stix::ObjectId;
use store::{PageQuery, Versions};

use crate::fleet::Fleet;

const THREE: [&str; 3] = ["Aland", "Borea", "Cresta"];

impl Fleet {
    fn asked(&self, at: usize, number: u32) -> Vec<(ObjectId, bool)> {
        let id = format!("report--00000000-0000-4000-8000-0000{number:08}")
            .parse()
            .unwrap();
        let rows = self.nodes[at].withdrawals(&id).unwrap().into_iter();
        rows.map(|row| (row.recipient, row.delivered.is_some()))
            .collect()
    }

    fn to_circle(&self, name: &str) -> Marking {
        Marking {
            tlp: Some(Tlp::Green),
            audience: vec![self.nodes[0].member(name).unwrap()],
        }
    }
}

#[test]
fn who_left_a_circle_is_asked_to_withdraw_what_it_took_as_a_member_and_nothing_else() {
    let fleet = Fleet::peers(90, &THREE);
    let member = |at: usize| Member::Participant(fleet.id(at));
    let circle = fleet.nodes[0]
        .add_circle(
            "North",
            vec![member(0), member(1), member(2)],
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.round();
    let report = |number, version| fleet.report(0, number, version, "for North");
    fleet.write(0, fleet.to_circle("North"), &[report(1, 0), report(2, 0)]);
    fleet.round();
    assert_eq!(fleet.held(2).len(), 2);
    let borea = fleet.nodes[2].viewer_of(&fleet.id(1), true);
    assert_eq!(fleet.seen(2, &borea, Purpose::Show).len(), 2);

    fleet.nodes[0]
        .leave_circle(
            &circle.id,
            &member(2),
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.clock.advance(1);
    fleet.write(0, fleet.to_circle("North"), &[report(3, 0)]);
    fleet.round();
    // Its node knows that it left, and by whom nothing of the circle is held together there any more.
    assert_eq!(fleet.nodes[2].circles()[0].members, []);
    assert_eq!(fleet.nodes[1].circles()[0].members.len(), 2);
    let borea = fleet.nodes[2].viewer_of(&fleet.id(1), true);
    assert!(fleet.seen(2, &borea, Purpose::Show).is_empty());
    assert_eq!(fleet.held(2).len(), 2, "what it has it keeps, for itself");
    assert!(fleet.asked(0, 1).is_empty(), "leaving tightens nothing");

    // Tightening does, and who took it as a member is asked; what it never got it does not hear of.
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[report(1, 1), report(3, 1)]);
    assert_eq!(fleet.asked(0, 1), [(fleet.id(2), false)]);
    assert_eq!(fleet.asked(0, 3), []);
    fleet.round();
    assert!(!fleet.asked(2, 1).is_empty(), "by everybody who gave it");
    // It asks for what comes after the request: it has that.
    fleet.round();
    fleet.nodes[0]
        .add_circle("x", vec![], &fleet.nodes[0].at_terminal("operator"))
        .wait()
        .unwrap();
    assert_eq!(fleet.asked(0, 1), [(fleet.id(2), true)]);
}

#[test]
fn a_node_that_calls_out_only_delivers_a_request_to_withdraw_by_giving_it() {
    let fleet = Fleet::strangers(91, &["Aland", "Borea"]);
    fleet.make_known(0, vec![]);
    fleet.make_known(1, vec!["http://1.test/".to_owned()]);
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[fleet.report(0, 1, 0, "x")]);
    fleet.sync(0, 1).unwrap();
    assert_eq!(fleet.held(1).len(), 1);
    // Who is called only hears of it by its calls, and has what was given.
    let heard = fleet.nodes[1].peer(&fleet.id(0)).unwrap().unwrap();
    assert_eq!(heard.taken, 1);
    assert!(heard.last_contact.is_some(), "{heard:?}");
    fleet.write(0, fleet.to(Tlp::Amber, &[]), &[fleet.report(0, 1, 1, "y")]);
    assert_eq!(fleet.asked(0, 1), [(fleet.id(1), false)]);
    fleet.sync(0, 1).unwrap();
    assert_eq!(fleet.asked(1, 1).len(), 1);
    assert_eq!(fleet.asked(0, 1), [(fleet.id(1), true)]);
}

#[test]
fn a_read_that_is_noted_after_a_tightening_was_made_before_it() {
    let fleet = Fleet::peers(92, &["Aland", "Borea"]);
    let node = &fleet.nodes[0];
    let collection = node.collection("situation").unwrap().unwrap().number;
    let query = PageQuery {
        versions: Versions::all(),
        ..PageQuery::of(collection, 10)
    };
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[fleet.report(0, 1, 0, "x")]);
    let token = fleet.nodes[1].token_for(&fleet.id(0)).unwrap();
    let access = node.authenticate_peer(&token).unwrap().unwrap();
    let taken = |reached, last, records| {
        let taken = Taken {
            collection,
            filter: "",
            after: 0,
            last,
            records,
            reached,
        };
        node.note_taken(&access, &taken);
        node.write_ledger().unwrap().wait().unwrap();
    };
    // The page is read, then the record is tightened, then the page is noted and leaves.
    let reached = node.reached();
    let page = node.page(&access.viewer, Purpose::Relay, &query).unwrap();
    let last = page.into_inner().rows.last().unwrap().added;
    fleet.write(0, fleet.to(Tlp::Amber, &[]), &[fleet.report(0, 1, 1, "y")]);
    assert_eq!(fleet.asked(0, 1), []);
    taken(reached, last, 2);
    assert_eq!(fleet.asked(0, 1), [(fleet.id(1), false)]);
    // A read that began after it saw the new label, though its stretch goes over the old place.
    let size = node.log_size().unwrap();
    taken(node.reached(), last, 1);
    assert_eq!(node.log_size().unwrap(), size);
    assert_eq!(fleet.asked(0, 1).len(), 1);
}

#[test]
fn a_read_that_is_noted_after_its_reader_left_a_circle_was_a_members() {
    let fleet = Fleet::peers(93, &["Aland", "Borea"]);
    let node = &fleet.nodes[0];
    let collection = node.collection("situation").unwrap().unwrap().number;
    let borea = Member::Participant(fleet.id(1));
    let circle = node
        .add_circle("North", vec![borea.clone()], &node.at_terminal("operator"))
        .wait()
        .unwrap();
    fleet.write(0, fleet.to_circle("North"), &[fleet.report(0, 1, 0, "x")]);
    let token = fleet.nodes[1].token_for(&fleet.id(0)).unwrap();
    let access = node.authenticate_peer(&token).unwrap().unwrap();
    let reached = node.reached();
    fleet.clock.advance(1_000);
    node.leave_circle(&circle.id, &borea, &node.at_terminal("operator"))
        .wait()
        .unwrap();
    fleet.clock.advance(1_000);
    let taken = Taken {
        collection,
        filter: "",
        after: 0,
        last: node.now(),
        records: 2,
        reached,
    };
    node.note_taken(&access, &taken);
    node.write_ledger().unwrap().wait().unwrap();
    fleet.write(0, fleet.to(Tlp::Amber, &[]), &[fleet.report(0, 1, 1, "y")]);
    assert_eq!(fleet.asked(0, 1), [(fleet.id(1), false)]);
}

#[test]
fn what_a_program_deletes_is_asked_back_from_whoever_took_it_and_comes_again_when_it_is_sent_again()
{
    let fleet = Fleet::peers(94, &THREE);
    let node = &fleet.nodes[0];
    let number = node.collection("situation").unwrap().unwrap().number;
    let member = |at: usize| Member::Participant(fleet.id(at));
    let operator = node.at_terminal("operator");
    let members = vec![member(0), member(1), member(2)];
    node.add_circle("North", members, &operator).wait().unwrap();
    fleet.round();
    let both = fleet.to_circle("North");
    let report = fleet.report(0, 1, 0, "x");
    fleet.write(0, both.clone(), std::slice::from_ref(&report));
    fleet.round();
    // What Cresta may see of Borea's copy.
    let shown = || {
        let cresta = fleet.nodes[1].viewer_of(&fleet.id(2), true);
        fleet.seen(1, &cresta, Purpose::Show).len()
    };
    assert_eq!((fleet.held(2).len(), shown()), (1, 1));

    let token = fleet.nodes[2].token_for(&fleet.id(0)).unwrap();
    let peer = node.authenticate_peer(&token).unwrap().unwrap();
    let program = |whose: &ObjectId| Access {
        participant: whose.clone(),
        viewer: node.viewer_of(whose, true),
        peer: false,
        ..(*peer).clone()
    };
    let id: ObjectId = "report--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap();
    let take = |access: &Access| {
        let taken = node.take_out(access, number, &id, &Versions::all());
        taken.unwrap().wait().unwrap()
    };
    // Neither a peer nor its participant's program takes away what we wrote, though both see it.
    assert_eq!(take(&peer), Removal::Others);
    assert_eq!(take(&program(&fleet.id(2))), Removal::Others);
    assert_eq!(fleet.asked(0, 1), []);
    assert_eq!(take(&program(&fleet.id(0))), Removal::Done);
    assert_eq!(
        fleet.asked(0, 1),
        [(fleet.id(1), false), (fleet.id(2), false)]
    );
    fleet.clock.advance(SECOND);
    fleet.sync(1, 0).unwrap();
    assert!(
        fleet
            .asked(1, 1)
            .iter()
            .any(|(whom, _)| *whom == fleet.id(1))
    );
    assert_eq!(shown(), 0);

    // Sent again it stands again, for those as well who were asked.
    fleet.write(0, both, &[report]);
    fleet.clock.advance(SECOND);
    fleet.sync(1, 0).unwrap();
    assert_eq!((fleet.held(1).len(), shown()), (1, 1));
}
