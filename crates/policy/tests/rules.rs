//! Single rules, each with its smallest case.

use std::collections::{BTreeMap, BTreeSet};

use policy::{
    BadKey, Change, CircleId, Class, Clause, Desk, Desks, Handling, House, Label, Member, Origin,
    Pap, Purpose, Reach, Reason, Released, Resolved, SetBy, Standing, Terms, Tlp, Verdict, Viewer,
    compare, decide, least_strict, needs_second_person, resolve,
};
use stix::marking::{AccessMarking, Audience, Marking, TlpName};
use stix::{ObjectId, Timestamp};

fn id(number: u32) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const AUTHOR: u32 = 1;
const HOLDER: u32 = 2;
const OTHER: u32 = 3;

fn house() -> House {
    House {
        default: Terms::nobody(),
        community: None,
    }
}

fn copy_at(holder: u32) -> Origin {
    Origin {
        author: Some(id(AUTHOR)),
        writer: None,
        holder: id(holder),
        bringer: None,
    }
}

fn to(number: u32) -> Member {
    Member::Participant(id(number))
}

fn sees(viewer: u32, label: &Label) -> bool {
    decide(
        &Viewer::organ(id(viewer)),
        label,
        Purpose::Show,
        &at("2026-11-21T12:00:00Z"),
    )
    .is_granted()
}

#[test]
fn names_of_the_scales() {
    let cases = [
        ("TLP:CLEAR", Some(Tlp::Clear)),
        ("white", Some(Tlp::Clear)),
        (" tlp:amber+strict ", Some(Tlp::AmberStrict)),
        ("Red", Some(Tlp::Red)),
        ("TLP: RED", None),
        ("TLP:AMBER STRICT", None),
        ("", None),
        ("tlp:ex:chr", None),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<Tlp>().ok(), expected, "{text:?}");
    }
    for tlp in Tlp::ALL {
        assert_eq!(tlp.to_string().parse(), Ok(tlp));
        assert_eq!(Tlp::from(TlpName::from(tlp)), tlp);
    }
    for pap in Pap::ALL {
        assert_eq!(pap.to_string().parse(), Ok(pap));
    }
    assert!("PAP:BLUE".parse::<Pap>().is_err());
    assert!(Tlp::ALL.is_sorted() && Pap::ALL.is_sorted());
    for reason in Reason::ALL {
        assert_eq!(Reason::from_code(reason.code()), Some(reason));
    }
    for desk in Desk::ALL {
        assert_eq!(Desk::parse(desk.as_str()), Some(desk));
    }
}

#[test]
fn who_set_the_label() {
    let green = Terms::tlp(Tlp::Green).to([to(OTHER)]);
    let handling = Handling {
        by: id(HOLDER),
        terms: green.clone(),
    };
    let limits = Terms {
        caveats: policy::Caveats {
            pap: Pap::Red,
            ..policy::Caveats::NONE
        },
        ..Terms::silent()
    };
    let cases = [
        (green.clone(), vec![], SetBy::Author, true),
        (Terms::silent(), vec![handling.clone()], SetBy::Holder, true),
        (Terms::silent(), vec![], SetBy::Default, false),
        (limits.clone(), vec![], SetBy::Default, false),
        (limits, vec![handling], SetBy::Holder, true),
        (Terms::unknown(), vec![], SetBy::Author, false),
    ];
    for (author, path, set_by, seen) in cases {
        let resolved = resolve(&copy_at(HOLDER), None, &author, &path, &house());
        assert_eq!(
            (resolved.set_by, sees(OTHER, &resolved.label)),
            (set_by, seen),
            "{author:?}"
        );
    }
}

#[test]
fn the_houses_default_is_nobody_whatever_it_holds() {
    let silent = House {
        default: Terms::silent(),
        community: None,
    };
    let label = resolve(&copy_at(HOLDER), None, &Terms::silent(), &[], &silent).label;
    assert_eq!(label.class.tlp(), Tlp::AmberStrict);
    assert_eq!(
        [AUTHOR, HOLDER, OTHER].map(|viewer| sees(viewer, &label)),
        [true, true, false]
    );
}

#[test]
fn an_author_completes_its_label_beside_the_bytes_and_nobody_else_does() {
    let bytes = Terms::tlp(Tlp::Amber);
    let beside = Terms::tlp(Tlp::Clear).to([to(OTHER)]);
    for (by, seen) in [(AUTHOR, true), (HOLDER, false)] {
        let path = [Handling {
            by: id(by),
            terms: beside.clone(),
        }];
        let label = resolve(&copy_at(AUTHOR), None, &bytes, &path, &house()).label;
        assert_eq!(
            (sees(OTHER, &label), label.class.tlp()),
            (seen, Tlp::Amber),
            "by {by}"
        );
    }
}

#[test]
fn two_exercises_at_once_are_no_exercise() {
    let of = |number| Terms {
        caveats: policy::Caveats {
            exercise: Some(id(number)),
            ..policy::Caveats::NONE
        },
        ..Terms::tlp(Tlp::Green)
    };
    assert_eq!(of(7).and(of(7)).tlp, Some(Tlp::Green));
    assert_eq!(of(7).and(of(8)).tlp, Some(Tlp::Red));
    assert_eq!(
        of(7).and(Terms::tlp(Tlp::Amber)).caveats.exercise,
        Some(id(7))
    );
}

#[test]
fn an_exercise_said_once_holds_for_the_whole_record() {
    let exercise = |terms: Terms| Terms {
        caveats: policy::Caveats {
            exercise: Some(id(7)),
            ..policy::Caveats::NONE
        },
        ..terms
    };
    let player = Viewer {
        exercise: Some(id(7)),
        ..Viewer::organ(id(OTHER))
    };
    let green = Terms::tlp(Tlp::Green).to([to(OTHER)]);
    let handling = |terms| {
        vec![Handling {
            by: id(HOLDER),
            terms,
        }]
    };
    let cases = [
        (exercise(green.clone()), handling(green.clone()), true),
        (exercise(Terms::silent()), handling(green.clone()), true),
        (Terms::silent(), handling(exercise(green.clone())), true),
        // A public source may be played with; anything else that its author says is live stays live, and is then seen by nobody.
        (
            Terms::tlp(Tlp::Clear),
            handling(exercise(green.clone())),
            true,
        ),
        (green.clone(), handling(exercise(green)), false),
    ];
    for (author, path, seen) in cases {
        let label = resolve(&copy_at(HOLDER), None, &author, &path, &house()).label;
        let decision = decide(&player, &label, Purpose::Show, &at("2026-11-21T12:00:00Z"));
        assert_eq!(decision.is_granted(), seen, "{author:?} {path:?}");
        assert!(!sees(OTHER, &label), "{author:?} {path:?}");
    }
}

#[test]
fn written_markings() {
    let member = |entry: &Audience| match entry {
        Audience::Identity(id) => Ok::<_, ()>(Some(Member::Participant(id.clone()))),
        Audience::Circle(_) => Ok(None),
    };
    let terms = |marking: &Marking| Terms::of(marking, member).unwrap();
    assert_eq!(terms(&Marking::Tlp(TlpName::White)), Terms::tlp(Tlp::Clear));
    assert_eq!(
        terms(&Marking::Statement("Copyright".into())),
        Terms::silent()
    );
    assert_eq!(terms(&Marking::Unknown("why".into())), Terms::unknown());
    let access = |audience| {
        Marking::Access(Box::new(AccessMarking {
            audience,
            ..AccessMarking::default()
        }))
    };
    assert_eq!(terms(&access(None)), Terms::silent());
    assert_eq!(terms(&access(Some(vec![]))), Terms::silent().to([]));
    assert_eq!(
        terms(&access(Some(vec![Audience::Identity(id(3))]))),
        Terms::silent().to([to(3)])
    );
    // Half understood is not understood.
    let half = vec![Audience::Identity(id(3)), Audience::Circle("ring".into())];
    assert_eq!(terms(&access(Some(half))).tlp, Some(Tlp::Red));
}

#[test]
fn the_least_strict_path_counts() {
    let author = Terms::tlp(Tlp::Green).to([to(OTHER), to(4)]);
    let by_path = |members: &[u32]| {
        let terms = Terms::tlp(Tlp::Green).to(members.iter().map(|number| to(*number)));
        resolve(
            &copy_at(HOLDER),
            None,
            &author,
            &[Handling { by: id(9), terms }],
            &house(),
        )
        .label
    };
    let (wide, narrow, aside) = (by_path(&[OTHER, 4, 5]), by_path(&[OTHER]), by_path(&[4]));
    let only_wide = std::slice::from_ref(&wide);
    assert_eq!(least_strict([narrow.clone(), wide.clone()]), only_wide);
    assert_eq!(least_strict([wide.clone(), narrow.clone()]), only_wide);
    assert_eq!(least_strict([wide.clone(), wide.clone()]), only_wide);
    assert_eq!(
        least_strict([narrow.clone(), aside.clone()]),
        [narrow, aside]
    );
    assert!(!sees(5, &wide), "never below the author's own");
}

#[test]
fn a_label_of_an_exercise_is_neither_stricter_nor_looser_than_a_live_one() {
    let clear = Clause::own(Tlp::Clear, id(AUTHOR));
    let mut played = Clause::own(Tlp::Amber, id(AUTHOR));
    played.caveats.exercise = Some(id(7));
    let live = Label::always(Class::of(clear.clone()));
    for clauses in [vec![played.clone()], vec![clear, played]] {
        let exercise = Label::always(Class::all_of(clauses).unwrap());
        assert_eq!(compare(&live, &exercise), Change::Mixed);
        assert_eq!(compare(&exercise, &live), Change::Mixed);
    }
}

#[test]
fn publishing_needs_a_second_person() {
    let resolved = |tlp, set_by| Resolved {
        label: Label::always(Class::of(Clause::own(tlp, id(AUTHOR)))),
        set_by,
    };
    let amber = resolved(Tlp::Amber, SetBy::Holder).label;
    let clear = resolved(Tlp::Clear, SetBy::Holder).label;
    let cases = [
        (None, Tlp::Clear, SetBy::Holder, true),
        (None, Tlp::Clear, SetBy::Default, true),
        (None, Tlp::Clear, SetBy::Author, false),
        (None, Tlp::Green, SetBy::Holder, false),
        (Some(&amber), Tlp::Clear, SetBy::Holder, true),
        (Some(&clear), Tlp::Clear, SetBy::Holder, false),
    ];
    for (before, tlp, set_by, expected) in cases {
        assert_eq!(
            needs_second_person(before, &resolved(tlp, set_by)),
            expected,
            "{tlp} {set_by:?}"
        );
    }
}

#[test]
fn reasons_that_help_the_sender() {
    let ring = CircleId::parse("ring").unwrap();
    let mut clause = Clause::own(Tlp::Green, id(AUTHOR));
    clause.desk = Some(Desk::Norms);
    clause.audience = BTreeSet::from([
        Member::Circle {
            id: ring.clone(),
            epoch: 2,
        },
        to(50),
    ]);
    let label = Label::always(Class::of(clause));
    let newcomer = Standing {
        circles: BTreeMap::from([(ring, 3)]),
        ..Standing::of(id(8))
    };
    let desks = Desks::Only(BTreeSet::from([Desk::Incidents]));
    let other_desk = Standing {
        stands_for: BTreeMap::from([(id(50), desks)]),
        ..Standing::of(id(9))
    };
    for (standing, reason) in [
        (newcomer, Reason::JoinedLater),
        (other_desk, Reason::OtherDesk),
        (Standing::of(id(OTHER)), Reason::OutsideCommunity),
    ] {
        let viewer = Viewer {
            standing,
            ..Viewer::public()
        };
        let decision = decide(&viewer, &label, Purpose::Show, &at("2026-11-21T12:00:00Z"));
        assert_eq!(
            (decision.verdict(), decision.reasons()),
            (Verdict::Refused, &[reason][..])
        );
    }
}

#[test]
fn released_values_change_form_and_keep_out_of_logs() {
    let label = Label::always(Class::of(Clause::own(Tlp::Clear, id(AUTHOR))));
    let decision = decide(
        &Viewer::public(),
        &label,
        Purpose::Show,
        &at("2026-11-21T12:00:00Z"),
    );
    let one = decision.release("one").unwrap();
    let both: Released<Vec<&str>> = [one.clone(), decision.release("two").unwrap()]
        .into_iter()
        .collect();
    assert_eq!(format!("{both:?}"), "Released(..)");
    assert_eq!(
        both.as_ref().map(|words| words.join(" ")).into_inner(),
        "one two"
    );
    assert_eq!(
        both.into_iter().map(Released::into_inner).next_back(),
        Some("two")
    );
    assert_eq!(
        one.zip(decision.release(2).unwrap()).into_inner(),
        ("one", 2)
    );
    let none: Released<Vec<&str>> = std::iter::empty::<Released<&str>>().collect();
    assert_eq!(none.into_inner(), Vec::<&str>::new());
}

#[test]
fn chatham_house_releases_what_was_stripped() {
    let mut clause = Clause::own(Tlp::Clear, id(AUTHOR));
    clause.caveats.chatham_house = true;
    let label = Label::always(Class::of(clause));
    let decide = |purpose| {
        decide(
            &Viewer::public(),
            &label,
            purpose,
            &at("2026-11-21T12:00:00Z"),
        )
    };
    let strip = |text: &str| text.replace("B said: ", "");
    for purpose in Purpose::ALL {
        let decision = decide(purpose);
        let stripped =
            decision.release_without_speakers("B said: yes".to_owned(), |text| strip(&text));
        let expected = if decision.is_granted() {
            "B said: yes"
        } else {
            "yes"
        };
        assert_eq!(
            stripped.map(Released::into_inner).as_deref(),
            Some(expected)
        );
        assert_eq!(decision.is_granted(), !purpose.leaves_for_good());
        assert_eq!(decision.release(()).is_some(), decision.is_granted());
    }
}

#[test]
fn a_reach_names_the_classes_to_seek_in() {
    let amber = Class::of(Clause::own(Tlp::Amber, id(AUTHOR)));
    let clear = Class::of(Clause::own(Tlp::Clear, id(HOLDER)));
    let classes = [(1, &amber), (2, &clear)];
    let author = Reach::compile(&Viewer::organ(id(AUTHOR)), Purpose::Show, classes);
    assert_eq!(
        author.classes().collect::<Vec<_>>(),
        [(&1, true), (&2, false)]
    );
    let public = Reach::compile(&Viewer::public(), Purpose::Show, classes);
    assert_eq!(public.classes().collect::<Vec<_>>(), [(&2, false)]);
    assert!(
        public
            .release(&1, (None, None), &at("2026-11-21T12:00:00Z"), ())
            .is_none()
    );
    assert!(Reach::compile(&Viewer::public(), Purpose::Show, [(1, &amber)]).is_empty());
}

#[test]
fn keys_that_are_not_canonical_are_refused() {
    let key = Class::of(Clause::own(Tlp::Green, id(AUTHOR))).key();
    let cases = [
        String::new(),
        key.replace("GREEN", "green"),
        key.replace("GREEN", "TLP:GREEN"),
        key.replace("GREEN", "BLUE"),
        format!("{key} desk=lunch"),
        format!("{key} what=ever"),
        format!("{key} consent=maybe"),
        format!("{key} for=participant:nobody"),
        format!("{key} for=circle:ring"),
        format!("{key} for=circle:ring@03"),
        format!("{key} for=crowd:all"),
        key.replace(" holder=", " keeper="),
    ];
    for case in cases {
        let refused: Result<Class, BadKey> = Class::parse(&case);
        assert!(
            refused.is_err_and(|error| error.to_string().contains("canonical")),
            "{case}"
        );
    }
}
