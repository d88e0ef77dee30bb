//! What came under a key that was revoked, since it is not to be relied on: a list for people.

use node::clock::SECOND;
use node::keys::{Use, Why};
use policy::{Purpose, Tlp};

use crate::fleet::{Fleet, NOON};

#[test]
fn what_came_under_a_revoked_key_is_listed_since_it_is_not_to_be_relied_on() {
    let fleet = Fleet::peers(89, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    let amber = fleet.to(Tlp::Amber, &[1]);
    fleet.write(0, amber.clone(), &[fleet.report(0, 1, 0, "in good hands")]);
    fleet.sync(1, 0).unwrap();
    fleet.clock.advance(100 * SECOND);
    let since = NOON + 50 * SECOND;
    for number in 2..=6 {
        let report = fleet.report(0, number, 0, "in whose hands?");
        fleet.write(0, amber.clone(), &[report]);
    }
    // Its own, and another participant's.
    fleet.write(1, fleet.to(Tlp::Amber, &[0]), &[fleet.report(1, 7, 0, "x")]);
    fleet.sync(1, 0).unwrap();
    let keys = b.bindings_of(&fleet.id(0)).unwrap();
    let key = keys[0].key.clone();
    assert_eq!(b.came_under(&fleet.id(0), &key, None, 3).unwrap(), None);
    a.revoke_key(Use::Seal, Why::Stolen, since, &[]).unwrap();
    fleet.sync(1, 0).unwrap();
    let came = b.came_under(&fleet.id(0), &key, None, 3).unwrap().unwrap();
    assert_eq!(came.since, since);
    let reports = |came: &node::under_key::CameUnder| {
        let own = came
            .records
            .iter()
            .filter(|one| one.id.starts_with("report"));
        let last = |id: &String| id.chars().last().unwrap();
        own.map(|one| last(&one.id)).collect::<String>()
    };
    // The last first, page by page; what came before is on none.
    let (mut all, mut next) = (String::new(), None);
    loop {
        let came = b.came_under(&fleet.id(0), &key, next, 3).unwrap().unwrap();
        let is_whole = came.records.len() == 3 || came.next.is_none();
        assert!(is_whole && reports(&came).len() == came.records.len());
        all.push_str(&reports(&came));
        next = came.next;
        if next.is_none() {
            break;
        }
    }
    assert_eq!(all, "65432");
    // Whoever looks sees what they may see.
    let first = b
        .came_under(&fleet.id(0), &key, None, 100)
        .unwrap()
        .unwrap();
    let seen = b
        .seen_under(&b.home_viewer(), Purpose::Show, &first)
        .unwrap();
    assert!(seen.as_ref().into_inner().len() >= 5);
    let other = b.viewer_of(
        &"identity--00000000-0000-4000-8000-0000000000ff"
            .parse()
            .unwrap(),
        true,
    );
    let seen = b.seen_under(&other, Purpose::Show, &first).unwrap();
    assert!(seen.as_ref().into_inner().is_empty());
}
