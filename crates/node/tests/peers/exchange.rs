//! A record reaches those who may have it, and nobody else; what becomes of it follows.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use node::chance::{Random, SeededRandom};
use node::clock::{DAY, SECOND};
use node::config::Config;
use node::submission::Outcome;
use policy::{Purpose, Tlp};

use crate::fleet::Fleet;
use crate::mesh::Weather;

/// How many histories are played at each run.
const SEEDS: u64 = 4;
const THREE: [&str; 3] = ["Aland", "Borea", "Cresta"];

#[test]
fn a_record_for_one_peer_arrives_there_and_is_nowhere_on_the_other() {
    let fleet = Fleet::peers(10, &THREE);
    fleet.round();
    let report = fleet.report(0, 1, 0, "For Borea");
    let receipt = fleet.write(
        0,
        fleet.to(Tlp::AmberStrict, &[1]),
        std::slice::from_ref(&report),
    );
    assert_eq!(receipt.lines[0].outcome, Outcome::Accepted);
    let records = [0, 1, 2].map(|at| fleet.nodes[at].log_size().unwrap());
    fleet.sync(1, 0).unwrap();
    fleet.sync(2, 0).unwrap();
    let held = fleet.held(1);
    assert_eq!(held.values().collect::<Vec<_>>(), [&report.into_bytes()]);
    assert!(fleet.held(2).is_empty());
    assert_eq!(
        fleet.nodes[2].log_size().unwrap(),
        records[2],
        "not even evidence of it"
    );
    assert!(fleet.nodes[1].log_size().unwrap() > records[1]);
    // AMBER+STRICT is not passed on by a receiver.
    fleet.sync(2, 1).unwrap();
    assert_eq!(fleet.nodes[2].log_size().unwrap(), records[2]);
    // Both sides know: here who took it, there who gave it.
    let id = held.keys().next().unwrap().0.parse().unwrap();
    if let Some(written) = fleet.nodes[0].write_ledger() {
        written.wait().unwrap();
    }
    let takers = fleet.nodes[0].takers(&id).unwrap();
    let viewers: Vec<&str> = takers.iter().map(|line| line.viewer.as_str()).collect();
    assert_eq!(viewers, [fleet.id(1).as_str()]);
    // A second round brings nothing.
    let again = fleet.sync(1, 0).unwrap();
    assert_eq!((again.accepted, again.known), (0, 0));
}

#[test]
fn what_a_peer_puts_forward_again_is_no_fault_and_stops_nothing_that_is_new() {
    let fleet = Fleet::peers(19, &THREE[..2]);
    let amber = || fleet.to(Tlp::Amber, &[1]);
    let reports: Vec<String> = (0..80).map(|n| fleet.report(0, n, 0, "x")).collect();
    fleet.write(0, amber(), &reports);
    fleet.sync(1, 0).unwrap();
    assert_eq!(fleet.held(1).len(), 80);
    // All of it stands once more before what is new, in pages of one and its seal.
    fleet.write(0, amber(), &[fleet.report(0, 100, 0, "behind it")]);
    fleet.mesh.most.store(1, Ordering::Relaxed);
    fleet.mesh.rewinds.store(true, Ordering::Relaxed);
    let mut rounds = 0;
    loop {
        let round = fleet.sync(1, 0).unwrap();
        rounds += 1;
        let peer = fleet.nodes[1].peer(&fleet.id(0)).unwrap().unwrap();
        assert_eq!((peer.failures, peer.last_error), (0, None));
        if !round.more {
            break;
        }
        assert_eq!(round.accepted, 0, "{round:?}");
    }
    assert_eq!((rounds, fleet.held(1).len()), (2, 81));
}

#[test]
fn update_tightening_and_revocation_follow() {
    let fleet = Fleet::peers(11, &THREE);
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 0, "first")],
    );
    fleet.round();
    assert_eq!([1, 2].map(|at| fleet.held(at).len()), [1, 1]);
    // An update, for both.
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 1, "second")],
    );
    fleet.round();
    assert_eq!([1, 2].map(|at| fleet.held(at).len()), [2, 2]);
    // An update for one: the other is asked to withdraw what it has, and releases it to nobody.
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1]),
        &[fleet.report(0, 1, 2, "third")],
    );
    fleet.round();
    assert_eq!(fleet.held(1).len(), 3);
    assert_eq!(fleet.held(2).len(), 2, "what it has it keeps, for itself");
    let client = policy::Viewer {
        patrons: vec![policy::Patron {
            standing: policy::Standing::of(fleet.id(2)),
            need_to_know: policy::Desks::Every,
        }],
        ..policy::Viewer::public()
    };
    assert!(
        fleet.seen(2, &client, Purpose::Show).is_empty(),
        "AMBER went to clients before"
    );
    let id = "report--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap();
    let asked = fleet.nodes[2].withdrawals(&id).unwrap();
    assert_eq!(asked.len(), 2, "both versions, and people can see it");
    assert!(asked.iter().all(|request| request.recipient == fleet.id(2)));
    assert!(
        fleet.nodes[0]
            .withdrawals(&id)
            .unwrap()
            .iter()
            .all(|request| request.recipient == fleet.id(2))
    );
    assert!(fleet.nodes[1].withdrawals(&id).unwrap().is_empty());
    // At its author's, not even the seals of what it may no longer have are there for it.
    let cresta = fleet.nodes[0].viewer_of(&fleet.id(2), true);
    let number = fleet.nodes[0]
        .collection("situation")
        .unwrap()
        .unwrap()
        .number;
    let query = store::PageQuery {
        versions: store::Versions::all(),
        ..store::PageQuery::of(number, 100)
    };
    let page = fleet.nodes[0]
        .page(&cresta, Purpose::Relay, &query)
        .unwrap()
        .into_inner();
    let kinds: BTreeSet<&str> = page
        .rows
        .iter()
        .filter_map(|row| row.id.split("--").next())
        .collect();
    assert_eq!(kinds, BTreeSet::from(["withdrawal"]));
    // Its revocation follows to whoever still has it.
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1]),
        &[fleet.report(0, 1, 3, "revoked")],
    );
    fleet.round();
    let last = fleet.held(1).into_values().next_back().unwrap();
    assert!(
        String::from_utf8(last)
            .unwrap()
            .contains(r#""revoked":true"#)
    );
    assert_eq!(fleet.held(2).len(), 2);
}

#[test]
fn a_partition_heals_and_nothing_is_lost_or_doubled() {
    for seed in 0..SEEDS {
        let weather = Weather {
            lose: 4,
            again: 5,
            shuffle: 3,
        };
        let fleet = Fleet::peers_in(100 + seed, &THREE, weather);
        let mut chance = SeededRandom::new(seed);
        let mut expected: [BTreeSet<Vec<u8>>; 3] = Default::default();
        for step in 0..12_u32 {
            let author = usize::try_from(chance.below(3)).unwrap();
            let whom: Vec<usize> = (0..3)
                .filter(|at| *at != author && chance.below(2) == 0)
                .collect();
            let report = fleet.report(author, step, 0, "x");
            fleet.write(
                author,
                fleet.to(Tlp::AmberStrict, &whom),
                std::slice::from_ref(&report),
            );
            for at in whom.iter().copied().chain([author]) {
                expected[at].insert(report.clone().into_bytes());
            }
            let (one, other) = (chance.below(3) as usize, chance.below(3) as usize);
            fleet
                .mesh
                .cut(&fleet.id(one), &fleet.id(other), chance.below(2) == 0);
            fleet.round();
            // Never, at any step, does anybody have what is not for it.
            for (at, expected) in expected.iter().enumerate() {
                let held: BTreeSet<Vec<u8>> = fleet.held(at).into_values().collect();
                assert!(held.is_subset(expected), "seed {seed}, step {step}");
            }
        }
        for one in 0..3 {
            for other in 0..3 {
                fleet.mesh.cut(&fleet.id(one), &fleet.id(other), false);
            }
        }
        // The wire stays as bad as it is, so it takes some rounds; how many says the chance of losing.
        for _ in 0..12 {
            fleet.round();
        }
        for (at, expected) in expected.iter().enumerate() {
            let held: BTreeSet<Vec<u8>> = fleet.held(at).into_values().collect();
            assert_eq!(held, *expected, "seed {seed}, node {at}");
            assert_eq!(
                fleet.nodes[at].count_awaiting().unwrap(),
                0,
                "seed {seed}, node {at}"
            );
            assert!(fleet.nodes[at].quarantine(0, 10).unwrap().is_empty());
        }
    }
}

#[test]
fn a_peer_that_does_not_answer_is_shown_and_tried_less_often_and_at_once_when_it_is_back() {
    let fleet = Fleet::peers(12, &THREE);
    let (a, b) = (fleet.id(0), fleet.id(1));
    fleet.mesh.cut(&a, &b, true);
    let mut pauses = Vec::new();
    for _ in 0..10 {
        assert!(fleet.sync(1, 0).is_err());
        let peer = fleet.nodes[1].peer(&a).unwrap().unwrap();
        assert!(peer.last_error.unwrap().contains("no route"));
        pauses.push((peer.next_try - fleet.nodes[1].now()) / SECOND);
    }
    assert!(
        pauses[0] < 120 && pauses[9] > 2_600 && pauses[9] <= 4_500,
        "{pauses:?}"
    );
    // Another peer does not suffer.
    fleet.sync(1, 2).unwrap();
    fleet.mesh.cut(&a, &b, false);
    fleet.sync(1, 0).unwrap();
    let peer = fleet.nodes[1].peer(&a).unwrap().unwrap();
    assert_eq!((peer.failures, peer.last_error), (0, None));
}

#[test]
fn what_a_peer_brings_beyond_its_quota_waits() {
    let mut config = node::config::Config::default();
    config.limits.peer_objects_per_day = 10;
    let fleet = Fleet::peers_with(13, &["Aland", "Borea"], Weather::default(), &config);
    fleet.round();
    for number in 0..8 {
        fleet.write(
            0,
            fleet.to(Tlp::Amber, &[1]),
            &[fleet.report(0, number, 0, "x")],
        );
    }
    let error = (0..9).find_map(|_| fleet.sync(1, 0).err()).unwrap();
    assert!(error.to_string().contains("tomorrow"), "{error}");
    assert!(fleet.held(1).len() < 8);
    for _ in 0..4 {
        fleet.clock.advance(DAY);
        let _ = fleet.sync(1, 0);
    }
    assert_eq!(fleet.held(1).len(), 8, "late, and whole");
}

#[test]
fn a_record_larger_than_others_take_reaches_a_peer_that_takes_it_and_holds_nothing_up() {
    let mut config = Config::default();
    config.limits.object_bytes = 8 << 20;
    let fleet = Fleet::peers_with(30, &THREE[..2], Weather::default(), &config);
    let words = format!("A large one {}", "x".repeat(4 << 20));
    for (number, name) in [(1, &*words), (2, "The one after it")] {
        let report = fleet.report(0, number, 0, name);
        let receipt = fleet.write(0, fleet.to(Tlp::AmberStrict, &[1]), &[report]);
        assert_eq!(receipt.successes(), 1, "{:?}", receipt.lines[0].outcome);
    }
    let synced = fleet.sync(1, 0).unwrap();
    let went = (synced.accepted - synced.beside, synced.awaiting);
    assert_eq!((went, synced.refused), ((2, 0), 0));
    // It is found like any other.
    fleet.nodes[1].index().unwrap();
    let borea = &fleet.nodes[1];
    borea.index().unwrap();
    let found = borea.search(&borea.home_viewer(), "large", i64::MAX, 10);
    assert_eq!(found.unwrap().into_inner().rows.len(), 1);
}
