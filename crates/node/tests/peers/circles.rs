//! Circles across nodes: members get the roster, newcomers nothing from before, others not even a name.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use node::Node;
use node::chance::SeededRandom;
use node::clock::{Clock, SECOND};
use node::keys;
use node::seal::{CircleName, Roster};
use node::submission::{Channel, Marking, Outcome};
use policy::{CircleId, Member, Purpose, Tlp};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::fleet::Fleet;

#[test]
fn a_roster_goes_to_members_and_a_newcomer_sees_from_then_on() {
    let fleet = Fleet::peers(40, &["Aland", "Borea", "Cresta"]);
    let member = |at: usize| Member::Participant(fleet.id(at));
    let circle = fleet.nodes[0]
        .add_circle(
            "North",
            vec![member(0), member(1)],
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.round();
    assert_eq!(fleet.nodes[1].circles(), std::slice::from_ref(&circle));
    assert!(fleet.nodes[2].circles().is_empty(), "not even its name");
    let to_circle = |at: usize| Marking {
        tlp: Some(Tlp::Amber),
        audience: vec![fleet.nodes[at].member("North").unwrap()],
    };
    fleet.write(0, to_circle(0), &[fleet.report(0, 1, 0, "before")]);
    // A member that is not the owner writes to the circle, too.
    fleet.write(1, to_circle(1), &[fleet.report(1, 1, 0, "of Borea")]);
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [2, 2, 0]);
    let joined = fleet.nodes[0]
        .join_circle(
            &circle.id,
            member(2),
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    assert_eq!(joined.epoch, circle.epoch + 1);
    fleet.write(0, to_circle(0), &[fleet.report(0, 2, 0, "after")]);
    fleet.round();
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [3, 3, 1]);
    assert_eq!(fleet.nodes[2].circles(), [joined]);
    // Who leaves gets nothing more.
    fleet.nodes[0]
        .leave_circle(
            &circle.id,
            &member(1),
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.write(0, to_circle(0), &[fleet.report(0, 3, 0, "later")]);
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [4, 3, 2]);
    // Only its owner changes it.
    assert!(
        fleet.nodes[2]
            .join_circle(
                &circle.id,
                member(1),
                &fleet.nodes[2].at_terminal("operator")
            )
            .wait()
            .is_err()
    );
}

/// A roster by `by`, whatever it may say, of itself and `with`.
fn roster(
    fleet: &Fleet,
    by: usize,
    circle: CircleName,
    name: &str,
    epoch: u64,
    with: &[usize],
) -> String {
    let members = std::iter::once(&by).chain(with);
    let members = members.map(|at| (Member::Participant(fleet.id(*at)), 1));
    let key = keys::load(&fleet.nodes[by].folder().keys()).unwrap().seal;
    let made = fleet.clock.now();
    fleet.clock.advance(SECOND);
    Roster::make(
        &fleet.id(by),
        &circle,
        name,
        epoch,
        members.collect(),
        &key,
        made,
    )
    .unwrap()
    .record()
    .unwrap()
}

fn brings(fleet: &Fleet, to: usize, by: usize, objects: &[String]) -> Vec<Outcome> {
    let channel = Channel::Peer(fleet.id(by));
    let receipt = fleet.submit(to, channel, fleet.id(by), Marking::default(), objects);
    receipt.lines.into_iter().map(|line| line.outcome).collect()
}

fn random() -> CircleName {
    let id = CircleId::parse("11111111-2222-4333-8444-555555555555").unwrap();
    id.into()
}

#[test]
fn whoever_knows_the_id_of_a_circle_does_not_become_its_keeper_where_it_is_not_known_yet() {
    let fleet = Fleet::peers(41, &["Aland", "Borea", "Cresta"]);
    let operator = fleet.nodes[0].at_terminal("operator");
    let members = [0, 2].map(|at| Member::Participant(fleet.id(at)));
    let circle = fleet.nodes[0]
        .add_circle("North", members.to_vec(), &operator)
        .wait()
        .unwrap();
    fleet.round();
    // Cresta is a member: it has the roster, with all that stands in it.
    for nonce in [None, Some("x".to_owned())] {
        let id = circle.id.clone();
        let taken = roster(&fleet, 2, CircleName { id, nonce }, "North", 7, &[1]);
        let outcome = brings(&fleet, 1, 2, &[taken]).remove(0);
        assert!(
            matches!(&outcome, Outcome::Awaiting { reason, .. } if reason.contains("another participant's")),
            "{outcome:?}"
        );
    }
    assert_eq!(fleet.nodes[1].circles(), []);
    let borea = Member::Participant(fleet.id(1));
    let joined = fleet.nodes[0].join_circle(&circle.id, borea, &operator);
    let joined = joined.wait().unwrap();
    fleet.round();
    assert_eq!(fleet.nodes[1].circles(), [joined]);
}

#[test]
fn a_roster_whose_epoch_cannot_be_kept_takes_no_neighbor_with_it() {
    let fleet = Fleet::peers(42, &["Aland", "Borea"]);
    let nobodys = r#"{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000001","created":"2026-11-21T12:00:00Z","modified":"2026-11-21T12:00:00Z","name":"x"}"#;
    let objects = [
        roster(&fleet, 1, random(), "North", 1 << 63, &[0]),
        nobodys.to_owned(),
    ];
    let outcomes = brings(&fleet, 0, 1, &objects);
    assert!(
        matches!(outcomes[..], [Outcome::Awaiting { .. }, Outcome::Accepted]),
        "{outcomes:?}"
    );
    assert_eq!(fleet.nodes[0].circles(), []);
}

#[test]
fn a_roster_that_an_earlier_program_could_not_read_is_read_at_the_next_start() {
    let fleet = Fleet::peers(44, &["Aland", "Borea"]);
    let whole = roster(&fleet, 0, random(), "North", 1, &[1]);
    let broken = whole.replace("North", "Nosrh");
    let outcome = brings(&fleet, 1, 0, &[broken]).remove(0);
    assert!(matches!(outcome, Outcome::Awaiting { .. }), "{outcome:?}");
    // The folder as somebody finds it who starts another program over it.
    fleet.nodes[1].close();
    let there = fleet.nodes[1].folder().root();
    let folder = tempfile::tempdir().unwrap();
    let found = |name: &str| {
        let root = folder.path().join(name);
        for (from, to) in [
            (there.to_owned(), root.clone()),
            (there.join("keys"), root.join("keys")),
        ] {
            DirBuilder::new().mode(0o700).create(&to).unwrap();
            for file in std::fs::read_dir(from).unwrap() {
                let file = file.unwrap();
                if file.file_type().unwrap().is_file() {
                    std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
                }
            }
        }
        root
    };
    let opened = |root: &Path| {
        let clock = Arc::new(fleet.clock.clone());
        Node::open(root, None, clock, Box::new(SeededRandom::new(5))).unwrap()
    };
    // What does not fit waits on, and is told of no more.
    let records = fleet.nodes[1].log_size().unwrap();
    let node = opened(&found("as it was"));
    let waits = (node.circles(), node.count_awaiting().unwrap());
    assert_eq!(waits, (vec![], 1));
    assert_eq!(node.log_size().unwrap(), records);
    node.close();
    // To the program before, what fits looked the same.
    let root = found("as it is");
    let raw = Connection::open(root.join("node.db")).unwrap();
    let hash = Sha256::digest(whole.as_bytes()).to_vec();
    let changed = raw.execute(
        "UPDATE pending SET body = ?1, hash = ?2",
        (whole.as_bytes(), hash),
    );
    assert_eq!(changed.unwrap(), 1);
    drop(raw);
    let node = opened(&root);
    let names: Vec<String> = node
        .circles()
        .into_iter()
        .map(|circle| circle.name)
        .collect();
    assert_eq!(names, ["North"]);
    assert_eq!(node.count_awaiting().unwrap(), 0);
    node.close();
}

#[test]
fn through_a_circle_that_two_claim_nothing_is_released_until_a_person_says_whose_it_is() {
    for keeper in [0, 2] {
        let fleet = Fleet::peers(43, &["Aland", "Borea", "Cresta", "Delmar"]);
        let node = &fleet.nodes[1];
        let operator = node.at_terminal("operator");
        // An id as older programs made them: Cresta, who learnt it, comes first.
        let taken = roster(&fleet, 2, random(), "North", 5, &[1, 3]);
        assert_eq!(brings(&fleet, 1, 2, &[taken]), [Outcome::Accepted]);
        let north = node.member("North").unwrap();
        let marking = Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![north],
        };
        fleet.write(1, marking, &[fleet.report(1, 1, 0, "x")]);
        let sees = |whom: usize| {
            let viewer = node.viewer_of(&fleet.id(whom), true);
            let seen = fleet.seen(1, &viewer, Purpose::Poll).into_keys();
            seen.filter(|(id, _)| id.starts_with("report")).count()
        };
        assert_eq!([0, 2, 3].map(sees), [0, 1, 1]);
        let own = roster(&fleet, 0, random(), "Nordic", 2, &[1]);
        assert_eq!(brings(&fleet, 1, 0, &[own]), [Outcome::Accepted]);
        assert_eq!([0, 2, 3].map(sees), [0, 0, 0], "it is contested");
        let circle = node.circles().remove(0);
        assert_eq!(circle.claimed_by, [fleet.id(0)]);
        assert!(node.is_known(&node.home_viewer(), &circle));
        assert!(node.member("North").is_err(), "nothing is labeled for it");
        let settle = |whom: usize| node.settle_circle(&circle.id, &fleet.id(whom), &operator);
        assert!(settle(3).wait().is_err(), "Delmar claims nothing");
        let settled = settle(keeper).wait().unwrap();
        assert_eq!(
            (settled.owner.clone(), settled.is_contested()),
            (fleet.id(keeper), false)
        );
        let expected = if keeper == 0 { [1, 0, 0] } else { [0, 1, 1] };
        assert_eq!([0, 2, 3].map(sees), expected);
        assert!(
            settle(keeper).wait().is_err(),
            "nothing is contested any more"
        );
        // Whoever was denied it can say what it likes; the keeper's next roster counts.
        let denied = roster(&fleet, 2 - keeper, random(), "Again", 9, &[3]);
        assert_eq!(
            brings(&fleet, 1, 2 - keeper, &[denied]),
            [Outcome::Accepted]
        );
        assert_eq!(node.circles(), [settled]);
        let next = roster(&fleet, keeper, random(), "Next", 9, &[1]);
        brings(&fleet, 1, keeper, &[next]);
        assert_eq!(node.circles()[0].name, "Next");
    }
}
