//! Where a record stands by several paths: each place is for its own eyes, and has its own times.

use store::Place;

use super::*;
use crate::keeping::verify::{Ask, verify};

impl Bench {
    /// Every place that the record has or had, and how long the log is.
    fn made(&self) -> (Vec<Place>, u64) {
        let reader = self.node.read().unwrap();
        let id = object(&note(FIRST, "")).header().id.clone();
        let number = reader.object_no(&id).unwrap().unwrap();
        let recno = reader.latest_of(number).unwrap().unwrap().recno;
        let places = reader.places(recno).unwrap();
        drop(reader);
        let report = verify(self.node.folder().root(), &Ask::default(), &mut |_| {}).unwrap();
        assert_eq!(report.findings, []);
        (places, report.leaves)
    }
}

/// A holder that hands on copies, and its key.
fn holder(bench: &Bench, n: u8) -> (ObjectId, ed25519_dalek::SigningKey) {
    let id = bench.participant(n, &format!("Holder {n}"));
    let key = signing_key(&mut SeededRandom::new(u64::from(n)));
    bench.bind(&id, &key);
    (id, key)
}

/// It gives a copy to this node, for another participant from some hour on, until some hour.
fn give(
    bench: &Bench,
    (holder, key): &(ObjectId, ed25519_dalek::SigningKey),
    to: &ObjectId,
    (from, until): (i64, Option<i64>),
) {
    let text = note(FIRST, "");
    let hour = |hour: i64| Timestamp::from_micros(START + hour * HOUR);
    let home = bench.node.home().id.clone();
    let mut clause = policy::Clause::own(Tlp::Green, holder.clone());
    for id in [&home, to] {
        clause.audience.insert(Member::Participant(id.clone()));
    }
    let label = policy::Label {
        class: policy::Class::of(clause),
        embargo: Some(hour(from)),
        expiry: until.map(hour),
    };
    let handling = Handling::make(&object(&text), &label, holder, vec![], key, START)
        .unwrap()
        .record()
        .unwrap();
    let receipt = bench.give(
        Channel::Peer(holder.clone()),
        holder,
        Marking::default(),
        &[handling, text],
    );
    assert_eq!(receipt.successes(), 2, "{receipt:?}");
}

#[test]
fn the_end_of_one_embargo_opens_no_other() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(8, "Kestria"),
        bench.participant(9, "Union"),
    );
    give(&bench, &holder(&bench, 2), &kestria, (1, None));
    give(&bench, &holder(&bench, 3), &union, (2, None));
    let recno = {
        let reader = bench.node.read().unwrap();
        let id = object(&note(FIRST, "")).header().id.clone();
        let object = reader.object_no(&id).unwrap().unwrap();
        reader.latest_of(object).unwrap().unwrap().recno
    };
    let stands = || -> Vec<Place> {
        let mut places = bench.node.read().unwrap().places(recno).unwrap();
        places.retain(|place| place.removed.is_none());
        places.sort_by_key(|place| place.embargo);
        places
    };
    let sees = |id: &ObjectId| {
        let seen = bench.polled(&bench.node.viewer_of(id, true));
        seen.contains(&FIRST.to_owned())
    };
    let before = stands();
    assert_eq!(before.len(), 2, "each lets in its own");
    assert!(!sees(&kestria) && !sees(&union));

    bench.clock.advance(HOUR);
    while bench.node.end_embargoes().unwrap().wait().unwrap() {}
    assert!(sees(&kestria) && !sees(&union));
    let after = stands();
    assert!(before[0].added < after[0].added, "who polls finds it");
    assert_eq!(before[1], after[1], "nothing has come of the other");
    // Reading past a place under embargo is not taking it.
    let line = |at| store::LedgerEntry {
        first_at: at,
        last_at: at,
        ..Default::default()
    };
    let open = |place: &Place| crate::ledger::was_open(place, &line(bench.node.now()));
    assert!(open(&after[0]) && !open(&after[1]));

    bench.clock.advance(HOUR);
    while bench.node.end_embargoes().unwrap().wait().unwrap() {}
    assert!(sees(&kestria) && sees(&union));
    assert_eq!(stands()[0], after[0], "once");
    assert!(stands()[1].added > after[1].added);
    let report = verify(bench.node.folder().root(), &Ask::default(), &mut |_| {}).unwrap();
    assert_eq!(report.findings, []);
}

#[test]
fn a_place_that_differs_in_its_times_alone_is_said_in_the_log() {
    let bench = bench();
    let kestria = bench.participant(8, "Kestria");
    let holder = holder(&bench, 2);
    give(&bench, &holder, &kestria, (2, None));
    // Said at the same time, and neither contains the other.
    give(&bench, &holder, &kestria, (1, Some(3)));
    let report = verify(bench.node.folder().root(), &Ask::default(), &mut |_| {}).unwrap();
    assert_eq!(report.findings, []);
}

impl Bench {
    /// What a peer is given: each record, and what it is told of it.
    fn told(&self, id: &ObjectId) -> Vec<String> {
        let collection = self.node.collection("situation").unwrap().unwrap();
        let query = PageQuery {
            versions: Versions::all(),
            ..PageQuery::of(collection.number, 100)
        };
        let access = self.node.access_of_peer(id).unwrap();
        let page = self.node.page_for_peer(&access, &query).unwrap();
        let rows = page.into_inner().rows.into_iter();
        rows.map(|row| String::from_utf8(row.body).unwrap())
            .filter(|text| text.contains(r#""type":"handling""#))
            .collect()
    }
}

#[test]
fn whoever_is_let_in_at_a_place_hears_of_that_place_alone() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(8, "Kestria"),
        bench.participant(9, "Union"),
    );
    give(&bench, &holder(&bench, 2), &kestria, (0, None));
    give(&bench, &holder(&bench, 3), &union, (0, Some(5)));
    let [to_kestria] = &bench.told(&kestria)[..] else {
        panic!("{:?}", bench.told(&kestria))
    };
    let [to_union] = &bench.told(&union)[..] else {
        panic!("{:?}", bench.told(&union))
    };
    let names = |text: &str, what: &str| text.contains(what);
    assert!(names(to_kestria, kestria.as_str()) && !names(to_kestria, union.as_str()));
    assert!(!names(to_kestria, "expiry="), "{to_kestria}");
    assert!(names(to_union, union.as_str()) && !names(to_union, kestria.as_str()));
    assert!(names(to_union, "expiry="), "{to_union}");
}

#[test]
fn whoever_is_let_in_at_several_places_hears_of_the_one_that_lasts() {
    for until in [[Some(5), None], [None, Some(5)]] {
        let bench = bench();
        let kestria = bench.participant(8, "Kestria");
        for (n, until) in [2, 3].into_iter().zip(until) {
            give(&bench, &holder(&bench, n), &kestria, (0, until));
        }
        let (places, _) = bench.made();
        assert_eq!(places.len(), 2, "{places:?}");
        let told = bench.told(&kestria);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(!told[0].contains("expiry="), "{told:?}");
    }
}

#[test]
fn what_is_only_put_forward_again_says_nothing_new() {
    let bench = bench();
    let kestria = bench.participant(8, "Kestria");
    let holder = holder(&bench, 2);
    give(&bench, &holder, &kestria, (0, None));
    let told = bench.told(&kestria);
    assert_eq!(told.len(), 1);
    let put_forward = || {
        let moved = bench.node.change(|change| {
            let id = object(&note(FIRST, "")).header().id.clone();
            let number = change.txn.object_no(&id)?.unwrap();
            let held = change.txn.latest_of(number)?.unwrap();
            let places = change.txn.places(held.recno)?;
            let place = places.iter().find(|place| place.removed.is_none());
            crate::again::place_again(change, &held, place.unwrap())
        });
        moved.wait().unwrap();
    };
    for _ in 0..2 {
        bench.clock.advance(HOUR);
        put_forward();
        assert_eq!(bench.told(&kestria), told);
    }
    // Another label is another matter.
    bench.clock.advance(HOUR);
    let id = object(&note(FIRST, "")).header().id.clone();
    let relabeled = bench.node.change(move |change| {
        let number = change.txn.object_no(&id)?.unwrap();
        let recno = change.txn.latest_of(number)?.unwrap().recno;
        let mut label = crate::relabel::label_of(change, recno)?;
        label.expiry = Some(Timestamp::from_micros(START + DAY));
        crate::relabel::relabel(change, recno, &label)
    });
    relabeled.wait().unwrap();
    let later = bench.told(&kestria);
    assert_eq!(later.len(), 1);
    assert_ne!(later, told);
}

/// A holder gives a copy on for some, later than it did before.
fn give_for(
    bench: &Bench,
    (holder, key): &(ObjectId, ed25519_dalek::SigningKey),
    audience: &[&ObjectId],
) {
    let text = note(FIRST, "");
    let mut clause = policy::Clause::own(Tlp::Green, holder.clone());
    let home = bench.node.home().id.clone();
    clause.audience.insert(Member::Participant(home));
    let named = audience.iter().map(|id| Member::Participant((*id).clone()));
    clause.audience.extend(named);
    let label = policy::Label::always(policy::Class::of(clause));
    let now = bench.node.now();
    let handling = Handling::make(&object(&text), &label, holder, vec![], key, now).unwrap();
    let texts = [handling.record().unwrap(), text];
    let door = Channel::Peer(holder.clone());
    let receipt = bench.give(door, holder, Marking::default(), &texts);
    assert_eq!(receipt.successes(), 2, "{receipt:?}");
}

#[test]
fn a_label_that_loosens_takes_nothing_from_whom_another_path_lets_in() {
    let bench = bench();
    let (kestria, union, cresta) = (
        bench.participant(7, "Kestria"),
        bench.participant(8, "Union"),
        bench.participant(9, "Cresta"),
    );
    let (first, second) = (holder(&bench, 2), holder(&bench, 3));
    let sees = |id: &ObjectId| !bench.told(id).is_empty();
    let stand = || [&kestria, &union, &cresta].map(sees);
    give_for(&bench, &first, &[&kestria]);
    give_for(&bench, &second, &[&union]);
    assert_eq!(stand(), [true, true, false]);
    if let Some(written) = bench.node.write_ledger() {
        written.wait().unwrap();
    }
    // The holder whose label is the record's own lets in one more.
    bench.clock.advance(HOUR);
    give_for(&bench, &first, &[&kestria, &cresta]);
    assert_eq!(stand(), [true, true, true]);
    let id = object(&note(FIRST, "")).header().id.clone();
    assert_eq!(bench.node.withdrawals(&id).unwrap(), [], "nobody lost it");
    let (places, _) = bench.made();
    let stands = places.iter().filter(|place| place.removed.is_none());
    assert_eq!(stands.count(), 2, "and the log says why: {places:?}");

    // What tightens reaches every place.
    if let Some(written) = bench.node.write_ledger() {
        written.wait().unwrap();
    }
    bench.clock.advance(HOUR);
    let tightened = bench.node.change(move |change| {
        let number = change.txn.object_no(&id)?.unwrap();
        let recno = change.txn.latest_of(number)?.unwrap().recno;
        let old = crate::relabel::label_of(change, recno)?;
        let origin = old.class.clauses().next().unwrap().origin.clone();
        let nobody = change.register.nobody(&origin, None);
        let label = policy::retroactive(&old, &nobody);
        crate::relabel::relabel(change, recno, &label)
    });
    tightened.wait().unwrap();
    assert_eq!(stand(), [false, false, false]);
    let id = object(&note(FIRST, "")).header().id.clone();
    let asked = bench.node.withdrawals(&id).unwrap();
    let asked: Vec<&ObjectId> = asked.iter().map(|request| &request.recipient).collect();
    assert_eq!(asked.len(), 3, "{asked:?}");
    bench.made();
}

/// An author's versions, and the label that it puts to each.
struct Author {
    id: ObjectId,
    key: ed25519_dalek::SigningKey,
}

impl Author {
    fn label(&self, audience: &[&ObjectId]) -> policy::Label {
        let mut clause = policy::Clause::own(Tlp::Green, self.id.clone());
        let named = audience.iter().map(|id| Member::Participant((*id).clone()));
        clause.audience.extend(named);
        policy::Label::always(policy::Class::of(clause))
    }

    /// A version, sealed under a label.
    fn version(&self, version: &str, label: &policy::Label) -> String {
        let text = note(version, &format!(r#","created_by_ref":"{}""#, self.id));
        let made = Timestamp::parse(version).unwrap().micros();
        inside::seal(&object(&text), label, &self.id, &self.key, made).unwrap()
    }
}

/// A holder gives on a version, for some of those whom its author names.
fn hand_on(
    bench: &Bench,
    (holder, key): &(ObjectId, ed25519_dalek::SigningKey),
    (version, label): (&str, &policy::Label),
    audience: &[&ObjectId],
) {
    let mut clause = policy::Clause::own(Tlp::Green, holder.clone());
    let origin = label.class.clauses().next().unwrap().origin.clone();
    clause.origin.author = origin.author;
    let named = audience.iter().map(|id| Member::Participant((*id).clone()));
    clause.audience.extend(named);
    let theirs = policy::Label::always(policy::Class::of(clause));
    let both = policy::combine([&label.held_by(holder), &theirs]).unwrap();
    let now = bench.node.now();
    let handling = Handling::make(&object(version), &both, holder, vec![], key, now).unwrap();
    let texts = [handling.record().unwrap(), version.to_owned()];
    let door = Channel::Peer(holder.clone());
    let receipt = bench.give(door, holder, Marking::default(), &texts);
    assert_eq!(receipt.successes(), 2, "{receipt:?}");
}

#[test]
fn what_an_author_tightens_by_a_newer_version_reaches_every_path_of_the_older_one() {
    const THIRD: &str = "2022-01-01T00:00:00.000Z";
    let bench = bench();
    let (kestria, union) = (
        bench.participant(7, "Kestria"),
        bench.participant(8, "Union"),
    );
    let author = Author {
        id: bench.participant(6, "Author"),
        key: signing_key(&mut SeededRandom::new(6)),
    };
    bench.bind(&author.id, &author.key);
    let (first, second) = (holder(&bench, 2), holder(&bench, 3));
    let sees = |id: &ObjectId| {
        let mut seen = bench.polled(&bench.node.viewer_of(id, true));
        seen.retain(|version| [FIRST, SECOND, THIRD].contains(&&**version));
        seen
    };
    let asked = || -> Vec<ObjectId> {
        let id = object(&note(FIRST, "")).header().id.clone();
        let asked = bench.node.withdrawals(&id).unwrap().into_iter();
        asked.map(|request| request.recipient).collect()
    };
    let wide = author.label(&[&kestria, &union]);
    let one = author.version(FIRST, &wide);
    hand_on(&bench, &first, (&one, &wide), &[&kestria]);
    hand_on(&bench, &second, (&one, &wide), &[&union]);
    assert_eq!(
        (sees(&kestria), sees(&union)),
        (vec![FIRST.to_owned()], vec![FIRST.to_owned()])
    );
    assert_eq!(
        (bench.told(&kestria).len(), bench.told(&union).len()),
        (1, 1)
    );

    // A newer version that only has not come by the other path yet takes nothing from anybody.
    bench.clock.advance(HOUR);
    let two = author.version(SECOND, &wide);
    hand_on(&bench, &first, (&two, &wide), &[&kestria]);
    assert_eq!(sees(&kestria), [FIRST, SECOND]);
    assert_eq!(sees(&union), [FIRST]);
    assert_eq!(asked(), []);

    // One that its author lets fewer have does, though the first holder named no more before.
    bench.clock.advance(HOUR);
    let tight = author.label(&[&kestria]);
    let three = author.version(THIRD, &tight);
    hand_on(&bench, &first, (&three, &tight), &[&kestria]);
    assert_eq!(sees(&kestria), [FIRST, SECOND, THIRD]);
    assert_eq!(sees(&union), [""; 0]);
    assert_eq!(asked(), std::slice::from_ref(&union));
    bench.made();

    // Nor does it come back by the path that had it.
    hand_on(&bench, &second, (&one, &wide), &[&union]);
    assert_eq!(sees(&union), [""; 0]);
    bench.made();
}

#[test]
fn what_a_relay_gives_again_gets_no_further_place() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(8, "Kestria"),
        bench.participant(9, "Union"),
    );
    let (first, second) = (holder(&bench, 2), holder(&bench, 3));
    give(&bench, &first, &kestria, (0, None));
    give(&bench, &second, &union, (0, None));
    let before = bench.made();
    assert_eq!(before.0.len(), 2, "each lets in its own");
    for _ in 0..3 {
        give(&bench, &second, &union, (0, None));
        give(&bench, &first, &kestria, (0, None));
    }
    assert_eq!(bench.made(), before);

    // Nor does it come back by itself where somebody took it out.
    let taken = bench.node.change(|change| {
        let id = object(&note(FIRST, "")).header().id.clone();
        let number = change.txn.object_no(&id)?.unwrap();
        let from = crate::collections::Collection::find(change.txn, "situation")?.unwrap();
        Ok(change
            .txn
            .remove_from(from.number, number, None, change.now)?)
    });
    assert_eq!(taken.wait().unwrap(), 2);
    let before = bench.made();
    give(&bench, &second, &union, (0, None));
    assert_eq!(bench.made(), before);
}

#[test]
fn a_program_that_posts_again_what_has_expired_gets_no_further_place() {
    let bench = bench();
    let marking = stix::marking::AccessMarking {
        expiry: Some(Timestamp::from_micros(START + HOUR)),
        ..Default::default()
    };
    let id = "marking-definition--2c1d9b60-8c1a-4a34-9f4e-3d5a6f7b8c03";
    let made = Timestamp::from_micros(START - HOUR);
    let definition = marking.definition(&id.parse().unwrap(), &made, None);
    let receipt = bench.import(Marking::default(), &[definition]);
    assert_eq!(receipt.successes(), 1, "{receipt:?}");
    let text = note(FIRST, &format!(r#","object_marking_refs":["{id}"]"#));
    let post = |whose: &ObjectId| {
        let channel = Channel::Access(whose.to_string());
        let texts = std::slice::from_ref(&text);
        let receipt = bench.give(channel, whose, Marking::default(), texts);
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    };
    let (kestria, union) = (
        bench.participant(8, "Kestria"),
        bench.participant(9, "Union"),
    );
    post(&kestria);
    post(&union);
    let sees = |id: &ObjectId| !bench.polled(&bench.node.viewer_of(id, true)).is_empty();
    assert!(sees(&kestria) && sees(&union));
    bench.clock.advance(HOUR);
    assert!(!sees(&kestria) && !sees(&union));
    let before = bench.made();
    for _ in 0..3 {
        post(&union);
        post(&kestria);
    }
    assert_eq!(bench.made(), before);
}
