//! How much a peer may bring, whichever way it comes: asked for, pushed, or in a bundle; what of it may wait; and what authors are told.

use node::clock::{DAY, SECOND};
use node::config::Config;
use node::peers::Surplus;
use node::submission::{Channel, Receipt, Submission};
use policy::Tlp;
use stix::Timestamp;

use crate::fleet::{Fleet, NOON};
use crate::mesh::{Weather, joined};

fn limited(seed: u64, names: &[&str], set: impl FnOnce(&mut node::config::Limits)) -> Fleet {
    let mut config = Config::default();
    set(&mut config.limits);
    Fleet::peers_with(seed, names, Weather::default(), &config)
}

/// Nobody's object, of this length at least.
fn tool(number: u32, long: usize) -> String {
    let name = "x".repeat(long);
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{number:012}","created":"2026-11-21T12:00:00Z","modified":"2026-11-21T12:00:00Z","name":"{name}"}}"#
    )
}

/// `by` pushes objects to `to`.
fn pushes(fleet: &Fleet, to: usize, by: usize, objects: &[String]) -> anyhow::Result<Receipt> {
    let (bytes, objects) = joined(objects);
    let submission = Submission {
        bytes,
        objects,
        channel: Channel::Peer(fleet.id(by)),
        submitter: fleet.id(by),
        person: None,
        collection: "situation".to_owned(),
        marking: Default::default(),
    };
    fleet.nodes[to].accept(submission)?.wait()
}

fn surplus(ended: anyhow::Result<Receipt>) -> Surplus {
    let error = ended.unwrap_err();
    *error.downcast_ref().unwrap_or_else(|| panic!("{error:#}"))
}

#[test]
fn what_a_peer_pushes_beyond_its_quota_of_a_day_is_turned_down_whole_until_tomorrow() {
    let fleet = limited(60, &["Aland", "Borea", "Cresta"], |limits| {
        limits.peer_objects_per_day = 10;
    });
    for number in 0..5 {
        let two = [tool(2 * number, 1), tool(2 * number + 1, 1)];
        pushes(&fleet, 0, 1, &two).unwrap();
    }
    let told = surplus(pushes(&fleet, 0, 1, &[tool(50, 1)]));
    assert!(matches!(told, Surplus::Today { .. }), "{told}");
    // It is noon: the next day begins in twelve hours.
    assert!((43_000..=43_201).contains(&told.retry_after()), "{told:?}");
    assert_eq!(fleet.held(0).len(), 10);
    assert_eq!(fleet.nodes[0].quarantine(0, 10).unwrap(), []);
    // The same course for what comes by another way.
    let error = fleet.sync(0, 1).unwrap_err();
    assert!(error.to_string().contains("tomorrow"), "{error}");
    let mut bundle = Vec::new();
    fleet.write(1, fleet.to(Tlp::Amber, &[0]), &[fleet.report(1, 1, 0, "x")]);
    fleet.nodes[1]
        .seal_bundle(&fleet.id(0), &mut bundle)
        .unwrap();
    let error = fleet.nodes[0].open_bundle(&bundle[..], false).unwrap_err();
    assert!(error.is::<Surplus>(), "{error:#}");
    // Another peer does not pay for it.
    pushes(&fleet, 0, 2, &[tool(60, 1)]).unwrap();
    fleet.clock.advance(DAY);
    pushes(&fleet, 0, 1, &[tool(50, 1)]).unwrap();
    let opened = fleet.nodes[0].open_bundle(&bundle[..], false).unwrap();
    assert!(opened.receipt.taken > 0, "{opened:?}");
}

#[test]
fn a_quota_is_of_bytes_as_well() {
    let fleet = limited(61, &["Aland", "Borea"], |limits| {
        limits.peer_bytes_per_day = 100_000;
    });
    pushes(&fleet, 0, 1, &[tool(1, 60_000)]).unwrap();
    pushes(&fleet, 0, 1, &[tool(2, 60_000)]).unwrap();
    let told = surplus(pushes(&fleet, 0, 1, &[tool(3, 1)]));
    assert!(matches!(told, Surplus::Today { .. }), "{told}");
}

#[test]
fn no_more_of_a_peer_awaits_a_decision_than_may() {
    for bytes in [false, true] {
        let fleet = limited(62, &["Aland", "Borea"], |limits| match bytes {
            false => limits.peer_awaiting = 5,
            true => limits.peer_awaiting_bytes = 5 * 250,
        });
        // In the name of Aland itself.
        let forged = |number| [fleet.report(0, number, 0, "forged")];
        let mut kept = 0;
        let told = loop {
            match pushes(&fleet, 0, 1, &forged(kept)) {
                Ok(receipt) => assert_eq!(receipt.awaiting(), 1),
                Err(error) => break *error.downcast_ref::<Surplus>().unwrap(),
            }
            kept += 1;
        };
        assert!((4..=5).contains(&kept), "{kept}");
        assert_eq!(told, Surplus::Awaiting(kept.into()));
        assert_eq!(fleet.nodes[0].count_awaiting().unwrap(), i64::from(kept));
        // One that is decided makes room for one.
        let operator = fleet.nodes[0].at_terminal("operator");
        let discard = node::waiting::Decided::Discard;
        let decided = fleet.nodes[0].decide(1, discard, &operator).unwrap();
        decided.wait().unwrap();
        pushes(&fleet, 0, 1, &forged(100)).unwrap();
        assert!(pushes(&fleet, 0, 1, &forged(101)).is_err());
    }
}

#[test]
fn whoever_alters_copies_without_number_makes_us_tell_their_author_once_and_not_all_day() {
    let fleet = Fleet::peers(63, &["Aland", "Borea", "Cresta"]);
    let notes = || {
        let held = fleet.seen(
            2,
            &fleet.nodes[2].viewer_of(&fleet.id(0), true),
            policy::Purpose::Poll,
        );
        let note = |body: &Vec<u8>| String::from_utf8_lossy(body).contains("copy received");
        held.into_values().filter(note).count()
    };
    for blank in 0..20 {
        let copy = fleet.report(0, 1, 0, &" ".repeat(blank));
        assert_eq!(pushes(&fleet, 2, 1, &[copy]).unwrap().awaiting(), 1);
    }
    assert_eq!(notes(), 1, "one version, by one relay");
    let versions: Vec<String> = (1..200)
        .map(|version| fleet.report(0, 1, version, "x"))
        .collect();
    assert_eq!(pushes(&fleet, 2, 1, &versions).unwrap().awaiting(), 199);
    assert_eq!(notes(), 100, "in a day");
    fleet.clock.advance(DAY);
    let later = Timestamp::from_micros(NOON + 300 * SECOND);
    let more = fleet.report(0, 2, 300, later.as_str());
    pushes(&fleet, 2, 1, &[more]).unwrap();
    assert_eq!(notes(), 101);
}

#[test]
fn a_bundle_of_which_too_much_waits_goes_on_behind_what_was_discarded() {
    let fleet = limited(64, &["Aland", "Borea"], |limits| limits.peer_awaiting = 5);
    // Aland has these from elsewhere, so that what Borea says of them waits.
    let of_version = |day: u32| {
        let modified = format!(r#""modified":"2026-11-{day}"#);
        let tools = (0..1_200).map(move |number| tool(number, 1));
        tools
            .map(|tool| tool.replace(r#""modified":"2026-11-21"#, &modified))
            .collect::<Vec<_>>()
    };
    fleet.write(0, fleet.to(Tlp::Amber, &[]), &of_version(19));
    fleet.write(1, fleet.to(Tlp::Amber, &[0]), &of_version(20));
    let mut bundle = Vec::new();
    fleet.nodes[1]
        .seal_bundle(&fleet.id(0), &mut bundle)
        .unwrap();
    let node = &fleet.nodes[0];
    let operator = node.at_terminal("operator");
    let mut discarded = 0;
    let opened = loop {
        match node.open_bundle(&bundle[..], false) {
            Ok(opened) => break opened,
            Err(error) => assert!(error.is::<Surplus>(), "{error:#}"),
        }
        let some = node.awaiting(0, 5_000).unwrap();
        assert!(!some.is_empty());
        for waits in some {
            let discard = node::waiting::Decided::Discard;
            node.decide(waits.id, discard, &operator)
                .unwrap()
                .wait()
                .unwrap();
            discarded += 1;
        }
        assert!(discarded <= 1_200, "the same ones come again");
    };
    let waits = node.count_awaiting().unwrap();
    assert_eq!(discarded + waits, 1_200, "each was seen once: {opened:?}");
    assert_eq!(opened.receipt.awaiting, u64::try_from(waits).unwrap());
    // It was opened to its end.
    assert!(node.open_bundle(&bundle[..], false).is_err());
}
