//! The rules of the desk, by tables of what goes in and what comes out.

mod followed;

use dialogues::compose::Label;
use dialogues::records::{
    Act, Commitment, Consent, FollowUp, NextSession, Piece, Purpose, Session, SessionState,
    Standing, State, Text, TextKind,
};
use dialogues::rules::along::along;
use dialogues::rules::announced::{Outcome, has_lapsed, lapsed, not_held, outcome, planned};
use dialogues::rules::dates::{Stretch, by, civil, contradict};
use dialogues::rules::due::{Due, due};
use dialogues::rules::speaking::speaks;
use dialogues::rules::taken::is_being_done;
use dialogues::rules::wording::{Change, Lexicon, changes, closeness};
use dialogues::rules::{accounts, consent, repeated};
use stix::Timestamp;
use stix::marking::{Audience, TlpName};

const HOME: &str = "identity--00000000-0000-4000-8000-000000000001";

fn piece<T>(n: u32, kind: &str, at: &str, what: T) -> Piece<T> {
    Piece {
        id: format!("{kind}--00000000-0000-4000-8000-{n:012}")
            .parse()
            .unwrap(),
        author: HOME.parse().unwrap(),
        created: at.parse().unwrap(),
        modified: at.parse().unwrap(),
        revoked: false,
        lang: Some("en".into()),
        sources: Vec::new(),
        label: None,
        what,
    }
}

fn commitment(words: &str, due: Option<&str>) -> Commitment {
    Commitment {
        words: words.into(),
        act: Act::Commitment,
        actors: vec!["EU".into(), "JP".into()],
        strength: 3,
        standing: Standing::Joint,
        topics: Vec::new(),
        beneficiary: None,
        reported_by: None,
        touches: Vec::new(),
        due: due.map(str::to_owned),
        due_by: due.and_then(by),
        dialogue_ref: None,
        session_ref: None,
        text_ref: None,
        place: None,
        speaker: None,
        repeats_ref: None,
        withdrawn: false,
        reason: None,
    }
}

fn follow_up(n: u32, side: &str, state: State, at: &str) -> Piece<FollowUp> {
    let what = FollowUp {
        about_ref: "commitment--00000000-0000-4000-8000-000000000001".into(),
        side: side.into(),
        state,
        dialogue_ref: None,
        account: None,
        as_of: None,
        evidence: Vec::new(),
        superseded_by_ref: None,
    };
    piece(n, "follow-up", at, what)
}

fn now(text: &str) -> i64 {
    Timestamp::parse(text).unwrap().micros()
}

#[test]
fn dates_stay_as_open_as_they_are() {
    let day = |micros: i64| {
        let (year, month, day) = civil(micros);
        format!("{year:04}-{month:02}-{day:02}")
    };
    for (text, first, last) in [
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2019-06-11", "2019-06-11", "2019-06-11"),
        ("2020-06~", "2020-04-01", "2020-08-31"),
        ("2020~", "2019-11-01", "2021-02-28"),
        ("2019-06-11~", "2019-04-01", "2019-08-31"),
        ("2020-12-05T10:00:00Z", "2020-12-05", "2020-12-05"),
    ] {
        let stretch = Stretch::parse(text).expect(text);
        assert_eq!(
            (day(stretch.first), day(stretch.last)),
            (first.into(), last.into()),
            "{text}"
        );
    }
    for text in [
        "",
        "soon",
        "2020-13",
        "2020-02-30",
        "2020-1-1-1",
        "XXXX-12-05",
        "12/05/2020",
    ] {
        assert_eq!(Stretch::parse(text), None, "{text}");
    }
    assert_eq!(
        by("2020-06~").as_deref(),
        Some("2020-08-31T23:59:59.000000Z")
    );
    for (a, b, contradicts) in [
        ("2014-11-05", "2014-12-05", true),
        ("2014", "2014-12-05", false),
        ("2014-12", "2014-12-05", false),
        ("soon", "2014", false),
    ] {
        assert_eq!(contradict(a, b), contradicts, "{a} {b}");
    }
}

#[test]
fn a_date_passes_in_silence_only_where_nobody_spoke() {
    let at = now("2026-11-22T00:00:00Z");
    let (old, new) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let both =
        |eu: State, jp: State| vec![follow_up(1, "EU", eu, old), follow_up(2, "JP", jp, old)];
    for (what, said, expected) in [
        (commitment("w", None), vec![], Due::Undated),
        (commitment("w", Some("2026-11-25")), vec![], Due::Ahead(3)),
        (
            commitment("w", Some("2026-06")),
            vec![],
            Due::PassedInSilence,
        ),
        (
            commitment("w", Some("2026-06")),
            vec![follow_up(1, "EU", State::UnderWay, old)],
            Due::Passed,
        ),
        (
            commitment("w", Some("2026-06")),
            vec![follow_up(1, "EU", State::NotShared, old)],
            Due::Passed,
        ),
        (
            commitment("w", Some("2026-06")),
            both(State::Implemented, State::Superseded),
            Due::Settled,
        ),
        (
            commitment("w", Some("2026-06")),
            both(State::Implemented, State::UnderWay),
            Due::Passed,
        ),
        (
            commitment("w", Some("2026-06")),
            vec![
                follow_up(2, "EU", State::UnderWay, new),
                follow_up(1, "EU", State::Implemented, old),
            ],
            Due::Passed,
        ),
        (
            Commitment {
                withdrawn: true,
                ..commitment("w", Some("2026-06"))
            },
            vec![],
            Due::Settled,
        ),
    ] {
        assert_eq!(due(&what, &said, [], at), expected, "{what:?} {said:?}");
    }
}

#[test]
fn accounts_differ_where_two_sides_say_different_things() {
    let at = "2026-01-01T00:00:00Z";
    for (said, expected) in [
        (vec![], 0),
        (vec![follow_up(1, "EU", State::Implemented, at)], 0),
        (
            vec![
                follow_up(1, "EU", State::Implemented, at),
                follow_up(2, "JP", State::Implemented, at),
            ],
            0,
        ),
        (
            vec![
                follow_up(1, "EU", State::Implemented, at),
                follow_up(2, "JP", State::UnderWay, at),
            ],
            2,
        ),
        (
            vec![
                follow_up(1, "EU", State::Implemented, at),
                follow_up(2, "JP", State::NotShared, at),
            ],
            0,
        ),
        (
            vec![
                follow_up(1, "EU", State::UnderWay, at),
                follow_up(2, "EU", State::Implemented, "2026-03-01T00:00:00Z"),
            ],
            0,
        ),
    ] {
        assert_eq!(accounts::differ(&said).len(), expected, "{said:?}");
    }
}

#[test]
fn one_sides_account_is_its_own_until_the_other_confirms() {
    let mut what = commitment("w", None);
    assert_eq!(accounts::as_reported_by(&what, &[]), None);
    what.standing = Standing::Unilateral;
    what.reported_by = Some("EU".into());
    assert_eq!(accounts::as_reported_by(&what, &[]), Some("EU"));
    let consent = |side: &str, withdrawn: bool| {
        let what = Consent {
            about_ref: "x".into(),
            side: side.into(),
            purpose: Purpose::Confirm,
            withdrawn,
            reason: None,
        };
        piece(1, "consent", "2026-01-01T00:00:00Z", what)
    };
    assert_eq!(
        accounts::as_reported_by(&what, &[consent("EU", false)]),
        Some("EU")
    );
    assert_eq!(
        accounts::as_reported_by(&what, &[consent("JP", true)]),
        Some("EU")
    );
    assert_eq!(
        accounts::as_reported_by(&what, &[consent("JP", false)]),
        None
    );
}

#[test]
fn an_agreed_text_is_published_with_both_consents() {
    let text = |standing: Standing| Text {
        tabled: false,
        reason: None,
        title: "t".into(),
        standing,
        kind: TextKind::DialogueStatement,
        normal: "n".into(),
        content: "c".into(),
        published: "2026-01-01T00:00:00Z".into(),
        dialogue_ref: None,
        session_ref: None,
        parties: vec!["EU".into(), "JP".into()],
        publisher: None,
        number: None,
        dateline: None,
        version_of_ref: None,
        weight: None,
        replaces_ref: None,
        remarks: Vec::new(),
    };
    let consent = |n: u32, at: &str, withdrawn: bool| {
        let what = Consent {
            about_ref: "x".into(),
            side: "JP".into(),
            purpose: Purpose::Publish,
            withdrawn,
            reason: None,
        };
        piece(n, "consent", at, what)
    };
    let (old, new) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let ours = ["EU".to_owned()];
    for (standing, consents, expected) in [
        (Standing::Unilateral, vec![], vec![]),
        (Standing::Agreed, vec![], vec!["JP"]),
        (Standing::Joint, vec![consent(1, old, false)], vec![]),
        (
            Standing::Joint,
            vec![consent(1, old, false), consent(2, new, true)],
            vec!["JP"],
        ),
    ] {
        assert_eq!(
            consent::missing(&text(standing), &consents, &ours),
            expected,
            "{standing:?}"
        );
    }
}

fn session(
    n: u32,
    start: &str,
    ordinal: Option<u32>,
    next: Option<(&str, Option<u32>)>,
) -> Piece<Session> {
    let what = Session {
        dialogue_ref: "dialogue--00000000-0000-4000-8000-000000000001".into(),
        state: SessionState::Held,
        starts: dialogues::rules::dates::from(start).unwrap(),
        parties: vec!["EU".into(), "JP".into()],
        ordinal,
        title: None,
        start: Some(start.into()),
        end: None,
        place: None,
        host: None,
        chair: Vec::new(),
        observers: Vec::new(),
        agenda: Vec::new(),
        persons: Vec::new(),
        dates: Vec::new(),
        next: next.map(|(date, ordinal)| NextSession {
            ordinal,
            date: Some(date.into()),
            by: by(date),
            place: None,
        }),
        remark: None,
        reason: None,
    };
    piece(n, "session", "2026-01-01T00:00:00Z", what)
}

#[test]
fn an_announced_session_is_held_ahead_or_not_recorded() {
    let fourth = session(4, "2019-06-11", Some(4), Some(("2020-06~", Some(5))));
    let early = now("2020-05-01T00:00:00Z");
    let late = now("2026-11-22T00:00:00Z");
    let alone = [fourth.clone()];
    assert_eq!(outcome(&fourth, &alone, early), Some(Outcome::Ahead));
    assert_eq!(outcome(&fourth, &alone, late), Some(Outcome::NotRecorded));
    assert_eq!(not_held(&alone, late).len(), 1);
    // Held, but later than was announced: the number says that it is the one.
    let fifth = session(5, "2023-11-06", Some(5), None);
    let both = [fourth.clone(), fifth.clone()];
    assert_eq!(outcome(&fourth, &both, late), Some(Outcome::Held(&both[1])));
    assert_eq!(outcome(&fifth, &both, late), None);
    // Without numbers, only one in time counts.
    let unnumbered = [
        session(1, "2019-06-11", None, Some(("2020-06~", None))),
        session(2, "2023-11-06", None, None),
    ];
    assert_eq!(
        outcome(&unnumbered[0], &unnumbered, late),
        Some(Outcome::NotRecorded)
    );
    let in_time = [unnumbered[0].clone(), session(2, "2020-08-15", None, None)];
    assert_eq!(
        outcome(&in_time[0], &in_time, late),
        Some(Outcome::Held(&in_time[1]))
    );
}

#[test]
fn a_planned_session_is_late_when_the_last_day_that_it_may_take_is_over() {
    let on = |start: &str, end: Option<&str>| {
        let mut one = session(6, start, Some(6), None);
        one.what.state = SessionState::Planned;
        one.what.end = end.map(str::to_owned);
        one
    };
    let at = now("2026-11-23T09:00:00Z");
    for (start, end, late) in [
        ("2026-11-22", None, true),
        ("2026-11-23", None, false),
        ("2026-11-20", Some("2026-11-24"), false),
        ("2026-11", None, false),
        ("2026-10", None, true),
        ("2026-10~", None, false),
        ("2026", None, false),
        ("2025", None, true),
        ("2027", None, false),
    ] {
        let all = [on(start, end)];
        assert_eq!(has_lapsed(&all[0].what, at), late, "{start}");
        assert_eq!(planned(&all, at).is_empty(), late, "{start}");
        assert_eq!(lapsed(&all, at).is_empty(), !late, "{start}");
        let announcing = session(5, "2024-06-11", Some(5), Some(("2026", Some(6))));
        let became = match late {
            true => Outcome::Lapsed(&all[0]),
            false => Outcome::Planned(&all[0]),
        };
        assert_eq!(outcome(&announcing, &all, at), Some(became), "{start}");
    }
    // What was called off or held is not late, nor what has no day.
    let mut off = on("2025", None);
    off.what.state = SessionState::Cancelled;
    assert!(!has_lapsed(&off.what, at));
    let mut undated = on("2025", None);
    undated.what.start = None;
    assert!(!has_lapsed(&undated.what, at));
    // A day this month is nearer than a month, and a month than the year.
    let all = [
        on("2026", None),
        on("2026-11", None),
        on("2026-11-28", None),
    ];
    let order: Vec<&str> = planned(&all, at)
        .iter()
        .filter_map(|one| one.what.start.as_deref())
        .collect();
    assert_eq!(order, ["2026-11-28", "2026-11", "2026"]);
}

#[test]
fn wording_moves_word_by_word() {
    let same = |text: &str| Change::Same(text.into());
    let gone = |text: &str| Change::Gone(text.into());
    let new = |text: &str| Change::New(text.into());
    for (old, newer, expected) in [
        ("", "", vec![]),
        ("a b", "a b", vec![same("a b")]),
        (
            "a b c",
            "a x c",
            vec![same("a"), gone("b"), new("x"), same("c")],
        ),
        (
            "open and free",
            "open, free and secure",
            vec![same("open,"), gone("and"), same("free"), new("and secure")],
        ),
        ("l’accord", "l'accord", vec![same("l'accord")]),
    ] {
        assert_eq!(changes(old, newer), expected, "{old} / {newer}");
    }
    assert_eq!(
        closeness("the parties will meet again", "the parties will meet again"),
        100
    );
    assert!(
        closeness(
            "the parties will meet again in Tokyo",
            "the parties will meet again in Brussels"
        ) >= 80
    );
    assert!(closeness("they condemn theft", "capacity building in third States") < 20);
    assert_eq!(closeness("", "x"), 0);
    assert_eq!(closeness("", ""), 0);
    // Against many, each read once: the same figure, or none where it is too far.
    let texts = [
        "the parties will meet again",
        "again the parties will meet, in Tokyo",
        "they condemn theft",
        "The Parties will – meet again.",
    ];
    let mut lexicon = Lexicon::default();
    let passages = texts.map(|text| lexicon.read(text));
    let (mut near, mut far) = (0, 0);
    for (a, one) in texts.iter().zip(&passages) {
        for (b, other) in texts.iter().zip(&passages) {
            let close = closeness(a, b);
            assert_eq!(one.closeness(other, 0), Some(close));
            let wanted = (close >= 70).then_some(close);
            assert_eq!(one.closeness(other, 70), wanted, "{a} {b}");
            near += usize::from(wanted.is_some());
            far += usize::from(wanted.is_none());
        }
    }
    assert_eq!((near, far), (6, 10));
}

#[test]
fn what_is_said_again_in_silence_is_found() {
    let at = "2026-01-01T00:00:00Z";
    let words = "Both sides will exchange contact points for incidents within a year";
    let first = piece(1, "commitment", at, commitment(words, None));
    let second = piece(
        2,
        "commitment",
        at,
        commitment(
            "Both sides will exchange contact points for incidents",
            None,
        ),
    );
    let other = piece(
        3,
        "commitment",
        at,
        commitment("They condemn the theft of ideas", None),
    );
    let in_order = [("one", &first), ("two", &second), ("two", &other)];
    let found = repeated::repeated(&in_order, |_| false);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].later.id.clone(), found[0].earlier.id.clone()),
        (second.id.clone(), first.id.clone())
    );
    // With word of what followed the first, nothing is left to ask.
    assert_eq!(repeated::repeated(&in_order, |id| *id == first.id), []);
    // Twice in one session is no repetition.
    assert_eq!(
        repeated::repeated(&[("one", &first), ("one", &second)], |_| false),
        []
    );
}

#[test]
fn a_side_is_spoken_for_by_its_own_participants() {
    let one = |n: u32| -> stix::ObjectId {
        let id = format!("identity--00000000-0000-4000-8000-{n:012}");
        id.parse().unwrap()
    };
    let (home, state, organ, other) = (one(1), one(2), one(3), one(4));
    let both = [state.clone(), organ.clone()];
    for (author, side, called, expected) in [
        // Itself and its organs; nobody else, and nobody yet where it is not known here.
        (&state, "JP", &both[..], true),
        (&organ, "JP", &both[..], true),
        (&other, "JP", &both[..], false),
        (&other, "JP", &[], false),
        // By its id it is known at once.
        (&other, other.as_str(), &[], true),
        (&other, state.as_str(), &both[..], false),
        // What this node entered of others stays.
        (&home, "JP", &both[..], true),
        (&home, "SIGNATORIES", &[], true),
        (&other, "SIGNATORIES", &[], false),
    ] {
        assert_eq!(
            speaks(author, &home, side, called),
            expected,
            "{author} {side}"
        );
    }
}

#[test]
fn what_was_cut_short_holds_nobody_up_for_long_whatever_the_clock_showed() {
    let minute = 60_000_000;
    for (since, now, held) in [
        (0, 0, true),
        (0, 9 * minute, true),
        (0, 10 * minute, false),
        // Begun under a clock that was ahead.
        (minute, 0, false),
        (500_000 * minute, 0, false),
        (i64::MAX, i64::MIN, false),
        (i64::MIN, i64::MAX, false),
    ] {
        assert_eq!(is_being_done(since, now), held, "{since} {now}");
    }
}

#[test]
fn a_series_goes_along_no_further_than_either_label_allows() {
    let to = |tlp, names: &[&str]| {
        let names = names
            .iter()
            .map(|name| Audience::Circle((*name).to_owned()));
        Label::To(tlp, names.collect())
    };
    let (amber, strict, red) = (TlpName::Amber, TlpName::AmberStrict, TlpName::Red);
    for (chosen, stands, goes) in [
        (to(strict, &["X"]), Label::Ours, Some(to(strict, &["X"]))),
        (Label::Public, Label::Ours, Some(Label::Public)),
        (to(amber, &["X"]), Label::Public, None),
        (to(amber, &["A"]), to(amber, &["A", "B"]), None),
        // Whoever has it keeps it, and nobody gets it under more than was chosen, or more than it had.
        (
            to(strict, &["X"]),
            to(amber, &["A"]),
            Some(to(strict, &["A", "X"])),
        ),
        (
            to(amber, &["X"]),
            to(strict, &["A"]),
            Some(to(strict, &["A", "X"])),
        ),
        (to(red, &["X"]), to(red, &["A"]), Some(to(red, &["A", "X"]))),
        // What is for persons stays for them, and what is for sides does not become theirs.
        (to(amber, &["X"]), to(red, &["A"]), None),
        (Label::Public, to(red, &["A"]), None),
        (to(amber, &["X"]), to(red, &[]), None),
        (to(red, &["X"]), to(amber, &["A"]), None),
    ] {
        assert_eq!(
            along(&chosen, stands.clone()),
            goes,
            "{chosen:?} {stands:?}"
        );
    }
}
