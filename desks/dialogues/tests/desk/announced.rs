//! What was announced and is not recorded as held: found by an index that is kept, and said to each viewer by what that viewer sees.

use std::collections::BTreeSet;

use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Dialogue, NewPiece, Piece, Session, SessionState};
use dialogues::register::{ALWAYS, Register};
use dialogues::rules::announced::{awaited, not_held};
use dialogues::rules::due::Due;
use policy::{Purpose, Viewer};
use serde_json::{Value, json};
use stage::Bench;
use stix::ObjectId;
use stix::marking::{Audience, TlpName};

const KESTRIA: &str = "identity--00000000-0000-4000-8000-00000000000a";

fn kestria() -> ObjectId {
    KESTRIA.parse().unwrap()
}

fn theirs() -> Label {
    Label::To(TlpName::Amber, vec![Audience::Identity(kestria())])
}

fn series(bench: &Bench) -> Piece<Dialogue> {
    let mut batch = Batch::new(&bench.node, None, theirs());
    let what = json!({ "name": "Dialogue", "parties": ["EU", "JP"] });
    let made = batch.add(NewPiece::of(serde_json::from_value(what).unwrap()));
    batch.send().unwrap();
    made.unwrap()
}

/// A session of a series: its number, its first day, and the number of the next one with the time that it was announced for.
fn session(
    series: &ObjectId,
    ordinal: Option<u32>,
    starts: &str,
    next: Option<(Option<u32>, &str)>,
) -> Session {
    let mut what = json!({
        "dialogue_ref": series.as_str(), "state": "held", "parties": ["EU", "JP"],
        "starts": format!("{starts}T00:00:00Z"), "start": starts,
    });
    let fields = what.as_object_mut().unwrap();
    fields.extend(ordinal.map(|ordinal| ("ordinal".to_owned(), json!(ordinal))));
    fields.extend(next.map(|(ordinal, year)| {
        let mut next = json!({ "date": year, "by": format!("{year}-12-31T23:59:59Z") });
        let fields = next.as_object_mut().unwrap();
        fields.extend(ordinal.map(|ordinal| ("ordinal".to_owned(), Value::from(ordinal))));
        ("next".to_owned(), next)
    }));
    serde_json::from_value(what).unwrap()
}

fn sent(bench: &Bench, label: Label, new: NewPiece<Session>) -> Piece<Session> {
    bench.later(1);
    let mut batch = Batch::new(&bench.node, None, label);
    let made = batch.add(new).unwrap();
    batch.send().unwrap();
    made
}

/// Those that the desk's home says were not held, by their numbers.
fn missing(register: &Register<'_>) -> Vec<Option<u32>> {
    let home = register.home(register.node().now()).unwrap().into_inner();
    let session = |id: &ObjectId| home.known.session(Some(id.as_str()));
    let found = home.not_held.iter().filter_map(session);
    found.map(|one| one.what.ordinal).collect()
}

/// How many announcements the index keeps.
fn kept(register: &Register<'_>) -> usize {
    let found = register.between::<Session>("session.unmet", ALWAYS, 100);
    found.unwrap().into_inner().len()
}

#[test]
fn an_announcement_waits_until_its_session_is_recorded() {
    let bench = Bench::new(&Dialogues);
    let (one, other) = (series(&bench), series(&bench));
    let register = Register::at_home(&bench.node);
    let new = |what: Session| NewPiece::of(what);
    let announced = session(&one.id, Some(4), "2019-06-11", Some((Some(5), "2020")));
    sent(&bench, Label::Ours, new(announced));
    assert_eq!((missing(&register), kept(&register)), (vec![Some(4)], 1));

    // Of another series, and of the same with another number: neither is it.
    let elsewhere = session(&other.id, Some(5), "2020-06-11", None);
    sent(&bench, Label::Ours, new(elsewhere));
    let fifth = session(&one.id, Some(6), "2020-06-11", None);
    let fifth = sent(&bench, Label::Ours, new(fifth));
    assert_eq!((missing(&register), kept(&register)), (vec![Some(4)], 1));

    // Its number is corrected: that was it, and the index does not hold it any more.
    let right = session(&one.id, Some(5), "2020-06-11", None);
    let fifth = sent(&bench, Label::Ours, fifth.revised(right.clone()));
    assert_eq!((missing(&register), kept(&register)), (Vec::new(), 0));

    // A correction may take it back, and so does its author.
    let moved = session(&other.id, Some(5), "2020-06-11", None);
    let fifth = sent(&bench, Label::Ours, fifth.revised(moved));
    assert_eq!((missing(&register), kept(&register)), (vec![Some(4)], 1));
    let fifth = sent(&bench, Label::Ours, fifth.revised(right.clone()));
    assert_eq!((missing(&register), kept(&register)), (Vec::new(), 0));
    bench.later(1);
    let mut batch = desk::Batch::new(&bench.node, dialogues::DESK, None, Label::Ours);
    let mut withdrawn = batch.piece(fifth.revised(right)).unwrap();
    withdrawn.revoked = true;
    batch.add_for(&withdrawn, Vec::new()).unwrap();
    batch.send().unwrap();
    assert_eq!((missing(&register), kept(&register)), (vec![Some(4)], 1));

    // Entered once more, and erased.
    let again = session(&one.id, Some(5), "2020-06-11", None);
    let again = sent(&bench, Label::Ours, new(again));
    assert_eq!((missing(&register), kept(&register)), (Vec::new(), 0));
    let operator = bench.node.at_terminal("Anna");
    bench.node.spill(&again.id, &operator).unwrap();
    assert_eq!((missing(&register), kept(&register)), (vec![Some(4)], 1));
}

#[test]
fn who_sees_less_is_told_by_what_they_see() {
    let bench = Bench::new(&Dialogues);
    let one = series(&bench);
    let kestria = Register::new(
        &bench.node,
        bench.node.viewer_of(&kestria(), true),
        Purpose::Show,
    );
    let public = Register::new(&bench.node, Viewer::public(), Purpose::Show);
    let ours = Register::at_home(&bench.node);
    let announced = session(&one.id, Some(4), "2019-06-11", Some((Some(5), "2020")));
    sent(&bench, theirs(), NewPiece::of(announced));
    let fifth = session(&one.id, Some(5), "2020-06-11", Some((Some(6), "2021")));
    let fifth = sent(&bench, Label::Ours, NewPiece::of(fifth));
    // We know of the fifth, they don't; nobody else knows of any.
    assert_eq!(missing(&ours), [Some(5)]);
    assert_eq!(missing(&kestria), [Some(4)]);
    assert_eq!(missing(&public), []);
    // Now they know as well.
    let what = fifth.what.clone();
    let fifth = sent(&bench, theirs(), fifth.revised(what));
    assert_eq!(missing(&kestria), [Some(5)]);
    assert_eq!(kept(&kestria), 1);
    // The sixth is ours alone.
    let sixth = session(&one.id, Some(6), "2021-06-11", None);
    sent(&bench, Label::Ours, NewPiece::of(sixth));
    assert_eq!(missing(&ours), []);
    assert_eq!(missing(&kestria), [Some(5)]);
    // What they had of the fifth said something else than what we say now to ourselves.
    let mut other = fifth.what.clone();
    other.ordinal = Some(7);
    sent(&bench, Label::Ours, fifth.revised(other));
    assert!(missing(&ours).contains(&Some(4)));
}

/// Numbers that look like chance, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }
}

#[test]
fn the_index_says_what_the_rule_says_of_all_that_one_sees() {
    let bench = Bench::new(&Dialogues);
    let all = [series(&bench), series(&bench)];
    let viewers = [
        bench.node.home_viewer(),
        bench.node.viewer_of(&kestria(), true),
        Viewer::public(),
    ];
    let mut dice = Dice(7);
    let mut written: Vec<Piece<Session>> = Vec::new();
    let (mut found, mut answered) = (0, 0);
    for _ in 0..120 {
        let series = &all[usize::try_from(dice.below(2)).unwrap()].id;
        let number = |dice: &mut Dice| {
            let number = u32::try_from(dice.below(6)).unwrap();
            (number > 0).then_some(number)
        };
        let ordinal = number(&mut dice);
        let starts = format!("20{}-06-{:02}", 15 + dice.below(10), 1 + dice.below(28));
        let year = format!("20{}", 16 + dice.below(14));
        let next = number(&mut dice);
        let next = (dice.below(3) > 0).then_some((next, &*year));
        let what = session(series, ordinal, &starts, next);
        let label = match dice.below(2) {
            0 => Label::Ours,
            _ => theirs(),
        };
        if written.is_empty() || dice.below(3) > 0 {
            written.push(sent(&bench, label, NewPiece::of(what)));
        } else {
            let at = usize::try_from(dice.below(written.len() as u64)).unwrap();
            written[at] = sent(&bench, label, written[at].revised(what));
        }
        let now = bench.node.now();
        for viewer in &viewers {
            let register = Register::new(&bench.node, viewer.clone(), Purpose::Show);
            let seen = register.between::<Session>("session.back", ALWAYS, 500);
            let seen = seen.unwrap().into_inner();
            let ids = |all: Vec<&Piece<Session>>| -> BTreeSet<ObjectId> {
                all.into_iter().map(|one| one.id.clone()).collect()
            };
            let by_rule = ids(not_held(&seen, now));
            let span = ("session.unmet", (1 - now, i64::MAX));
            let (by_index, rest) = register.unanswered(span, None, 500).unwrap();
            let by_index = by_index.into_inner();
            assert_eq!(rest, None);
            assert_eq!(ids(by_index.sessions.iter().collect()), by_rule);
            found += by_rule.len();
            answered += seen.len() - by_rule.len();
        }
    }
    assert!(found > 100 && answered > 100, "{found} {answered}");
}

#[test]
fn what_comes_next_is_what_the_last_session_announced() {
    let bench = Bench::new(&Dialogues);
    let series = series(&bench).id;
    let next = Some((Some(2), "2015"));
    let first = sent(
        &bench,
        theirs(),
        NewPiece::of(session(&series, Some(1), "2014-12-05", next)),
    );
    let all = [first.clone()];
    let found = awaited(&all);
    assert_eq!(found.map(|one| &one.id), Some(&first.id));
    let ninth = NewPiece::of(session(&series, Some(9), "2023-12-12", None));
    let all = [first, sent(&bench, theirs(), ninth)];
    assert!(awaited(&all).is_none());
}

#[test]
fn the_latest_of_many_late_sessions_is_asked_for() {
    let bench = Bench::new(&Dialogues);
    let series = series(&bench);
    let mut batch = Batch::new(&bench.node, None, theirs());
    for n in 1..=70 {
        let day = if n < 70 { "2026-01-05" } else { "2026-11-02" };
        let mut what = session(&series.id, Some(n), day, None);
        what.state = SessionState::Planned;
        batch.add(NewPiece::of(what)).unwrap();
    }
    batch.send().unwrap();
    let register = Register::at_home(&bench.node);
    let home = register.home(bench.node.now()).unwrap().into_inner();
    let first = home
        .known
        .session(home.lapsed.first().map(ObjectId::as_str));
    assert_eq!(first.unwrap().what.ordinal, Some(70));
}

#[test]
fn the_announcement_of_a_session_is_no_commitment_whose_silence_is_counted() {
    let bench = Bench::new(&Dialogues);
    let series = series(&bench);
    let next = json!({ "date": "2020-06", "by": "2020-06-30T23:59:59.999Z", "place": "Tokyo" });
    let mut what = session(&series.id, Some(4), "2019-06-11", None);
    what.next = Some(serde_json::from_value(next).unwrap());
    let fourth = sent(&bench, theirs(), NewPiece::of(what));
    let said = |words: &str| -> Commitment {
        serde_json::from_value(json!({
            "words": words, "act": "commitment", "actors": ["EU", "JP"], "strength": 3, "standing": "joint",
            "dialogue_ref": series.id.as_str(), "session_ref": fourth.id.as_str(),
            "due": "2020-06", "due_by": "2020-06-30T23:59:59.999Z",
        }))
        .unwrap()
    };
    let mut batch = Batch::new(&bench.node, None, theirs());
    let of_session = said("The fifth Cyber Dialogue will be held in Tokyo in June 2020.");
    let of_session = batch.add(NewPiece::of(of_session)).unwrap();
    let other = said("Both sides will exchange contact points by June 2020.");
    let other = batch.add(NewPiece::of(other)).unwrap();
    // Of the same time and place, and no announcement.
    let exercise = said("Both sides will hold a joint exercise in Tokyo in June 2020.");
    let exercise = batch.add(NewPiece::of(exercise)).unwrap();
    let points = said("Both sides will exchange contact points at the next Dialogue in Tokyo.");
    let points = batch.add(NewPiece::of(points)).unwrap();
    batch.send().unwrap();
    let register = Register::at_home(&bench.node);
    let home = register.home(bench.node.now()).unwrap().into_inner();
    let due = |one: &Piece<Commitment>| home.known.due(one, bench.node.now());
    for silent in [&other, &exercise, &points] {
        assert_eq!(due(silent), Due::PassedInSilence);
    }
    assert_eq!(due(&of_session), Due::Passed);
    // It is asked for as a session.
    assert_eq!(missing(&register), [Some(4)]);
}
