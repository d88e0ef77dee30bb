//! Every act in every state, and every act by everybody: what is allowed, what is forbidden and why.

use std::fmt::Write as _;

use expect_test::expect;

use super::*;
use crate::clearance::case::Given;
use crate::clearance::{Awaits, Forbidden};
use crate::clock::HOUR;

const UNTIL: i64 = NOW + 10 * HOUR;

fn play(case: &mut Case, acts: &[(&Act, Hand)]) {
    for (act, hand) in acts {
        case.act(act, hand, "because", NOW).unwrap();
    }
}

/// The states that there are, with the time at which they are looked at.
fn states() -> Vec<(&'static str, Case, i64)> {
    let visas = [(&LEGAL, hand(LAWYER)), (&POLITICAL, hand(ADVISER))];
    let mut fresh = case();
    fresh.turn(NOW);
    let mut one = case();
    play(&mut one, &visas[..1]);
    let mut both = case();
    play(&mut both, &visas);
    let mut running = case();
    play(&mut running, &visas);
    play(&mut running, &[(&silence(UNTIL), hand(ASKER))]);
    let due = running.clone();
    let mut passed = running.clone();
    assert!(passed.turn(UNTIL));
    let mut broken = running.clone();
    play(&mut broken, &[(&Act::Break, hand(OUTSIDER))]);
    let mut cleared = both.clone();
    play(&mut cleared, &[(&SIGN, hand(SIGNER))]);
    assert_eq!(cleared.state, State::Cleared);
    let mut released = cleared.clone();
    released.released(NOW + 24 * HOUR);
    let mut refused = one.clone();
    play(&mut refused, &[(&Act::Refuse { step: 1 }, hand(ADVISER))]);
    let mut withdrawn = one.clone();
    play(&mut withdrawn, &[(&Act::Withdraw, hand(ASKER))]);
    let mut half = cleared.clone();
    half.next = 1;
    vec![
        ("fresh", fresh, NOW),
        ("one visa", one, NOW),
        ("visas", both, NOW),
        ("silence", running, NOW),
        ("deadline", due, UNTIL),
        ("passed", passed, UNTIL),
        ("broken", broken, NOW),
        ("cleared", cleared, NOW),
        ("under way", half, NOW),
        ("released", released, NOW),
        ("refused", refused, NOW),
        ("withdrawn", withdrawn, NOW),
    ]
}

/// The acts that there are, by whom they are for.
fn acts() -> Vec<(&'static str, Act, Hand)> {
    vec![
        ("legal", LEGAL, hand(LAWYER)),
        ("politic", POLITICAL, hand(ADVISER)),
        ("sign", SIGN, hand(SIGNER)),
        ("refuse", Act::Refuse { step: 2 }, hand(SIGNER)),
        ("back", Act::TakeBack { step: 0 }, hand(LAWYER)),
        ("withdr", Act::Withdraw, hand(ASKER)),
        ("silence", silence(UNTIL + HOUR), hand(ASKER)),
        ("break", Act::Break, hand(OUTSIDER)),
        ("extend", extend(UNTIL + HOUR), hand(ASKER)),
        ("reserve", Act::Reserve, hand(OUTSIDER)),
    ]
}

fn short(result: &Result<(), Forbidden>) -> &'static str {
    match result {
        Ok(()) => "yes",
        Err(Forbidden::Over) => "over",
        Err(Forbidden::NotYours) => "others",
        Err(Forbidden::OwnCase) => "own",
        Err(Forbidden::GivenAlready) => "given",
        Err(Forbidden::NotGiven) => "-",
        Err(Forbidden::VisasMissing) => "visas",
        Err(Forbidden::SilenceRuns) => "silence",
        Err(Forbidden::SilenceBroken) => "broken",
        Err(Forbidden::NoSilence) => "none",
        Err(Forbidden::SilenceOver) => "late",
        Err(Forbidden::NotLater) => "earlier",
        Err(Forbidden::Words) => "words",
        Err(Forbidden::NoStep) => "no step",
        Err(other) => panic!("{other}"),
    }
}

fn grid(rows: Vec<(&str, Vec<&'static str>)>, heads: &[&str]) -> String {
    let mut text = format!("{:10}", "");
    for head in heads {
        let _ = write!(text, "{head:8}");
    }
    for (name, cells) in rows {
        let _ = write!(text, "\n{name:10}");
        for cell in cells {
            let _ = write!(text, "{cell:8}");
        }
    }
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

#[test]
fn every_act_in_every_state() {
    let heads: Vec<&str> = acts().iter().map(|(name, ..)| *name).collect();
    let mut rows = Vec::new();
    for (name, case, at) in states() {
        let mut cells = Vec::new();
        for (_, act, hand) in acts() {
            let mut tried = case.clone();
            let result = tried.act(&act, &hand, "because", at);
            if result.is_err() {
                assert_eq!(tried, case, "{name}: what is forbidden changes nothing");
            }
            cells.push(short(&result));
        }
        rows.push((name, cells));
    }
    expect![[r#"
                  legal   politic sign    refuse  back    withdr  silence break   extend  reserve
        fresh     yes     yes     visas   yes     -       yes     yes     none    none    none
        one visa  given   yes     visas   yes     yes     yes     yes     none    none    none
        visas     given   given   yes     yes     yes     yes     yes     none    none    none
        silence   given   given   silence yes     yes     yes     silence yes     yes     yes
        deadline  given   given   silence yes     yes     yes     silence late    late    late
        passed    given   given   yes     yes     yes     yes     silence late    late    late
        broken    given   given   broken  yes     yes     yes     silence broken  yes     broken
        cleared   given   given   given   given   yes     yes     given   none    none    none
        under way over    over    over    over    over    over    over    over    over    over
        released  over    over    over    over    over    over    over    over    over    over
        refused   over    over    over    over    over    over    over    over    over    over
        withdrawn over    over    over    over    over    over    over    over    over    over
    "#]]
    .assert_eq(&grid(rows, &heads));
}

#[test]
fn every_act_by_everybody() {
    let hands = [
        ("asker", hand(ASKER)),
        ("lawyer", hand(LAWYER)),
        ("adviser", hand(ADVISER)),
        ("signer", hand(SIGNER)),
        ("outsider", hand(OUTSIDER)),
        ("for lawyer", deputy(OUTSIDER, LAWYER)),
        ("for signer", deputy(OUTSIDER, SIGNER)),
    ];
    // Each act in a state in which it is open to somebody.
    let state = |act: &str| match act {
        "legal" | "politic" | "silence" => "fresh",
        "break" | "extend" | "reserve" => "silence",
        "back" => "one visa",
        _ => "visas",
    };
    let heads: Vec<&str> = acts().iter().map(|(name, ..)| *name).collect();
    let mut rows = Vec::new();
    for (name, hand) in hands {
        let mut cells = Vec::new();
        for (act_name, act, _) in acts() {
            let wanted = state(act_name);
            let (_, mut case, at) = states()
                .into_iter()
                .find(|(name, ..)| *name == wanted)
                .unwrap();
            cells.push(short(&case.act(&act, &hand, "because", at)));
        }
        rows.push((name, cells));
    }
    expect![[r#"
                  legal   politic sign    refuse  back    withdr  silence break   extend  reserve
        asker     others  others  others  others  -       yes     yes     yes     yes     yes
        lawyer    yes     others  others  others  yes     others  others  yes     others  yes
        adviser   others  yes     others  others  -       others  others  yes     others  yes
        signer    others  others  yes     yes     -       yes     yes     yes     yes     yes
        outsider  others  others  others  others  -       others  others  yes     others  yes
        for lawyeryes     others  others  others  -       others  others  yes     others  yes
        for signerothers  others  yes     yes     -       others  yes     yes     yes     yes
    "#]]
    .assert_eq(&grid(rows, &heads));
}

#[test]
fn who_asked_does_not_count_twice() {
    // Neither in person nor through a deputy, nor as somebody's deputy; but where nothing is published and one pair of eyes is enough.
    for (public, four_eyes, hand, expected) in [
        (false, false, hand(ASKER), "yes"),
        (false, true, hand(ASKER), "own"),
        (true, false, hand(ASKER), "own"),
        (true, false, deputy(OUTSIDER, ASKER), "own"),
        (true, false, deputy(ASKER, LAWYER), "own"),
        (true, false, super::hand(LAWYER), "yes"),
        (true, false, deputy(OUTSIDER, LAWYER), "yes"),
    ] {
        let mut case = case();
        case.steps[0].who = vec![id(ASKER), id(LAWYER)];
        (case.public, case.four_eyes) = (public, four_eyes);
        let result = case.act(&LEGAL, &hand, "", NOW);
        assert_eq!(short(&result), expected, "{public} {four_eyes} {hand:?}");
    }
}

#[test]
fn words_are_asked_for_where_somebody_will_ask_why() {
    let reserved = Act::Visa {
        step: 0,
        reserved: true,
    };
    for (act, needs) in [
        (LEGAL, false),
        (reserved, true),
        (Act::Refuse { step: 0 }, true),
    ] {
        let result = case().act(&act, &hand(LAWYER), "  ", NOW);
        assert_eq!(result == Err(Forbidden::Words), needs, "{act:?}");
        let mut tried = case();
        tried.act(&act, &hand(LAWYER), " why ", NOW).unwrap();
        assert_eq!(tried.events[0].words, "why");
    }
}

#[test]
fn a_kind_of_step_is_not_given_by_the_other_act() {
    let as_signature = Act::Sign {
        step: 0,
        reserved: false,
    };
    let as_visa = Act::Visa {
        step: 2,
        reserved: false,
    };
    let (_, mut visas, _) = states().remove(2);
    assert_eq!(
        visas.act(&as_visa, &hand(SIGNER), "", NOW),
        Err(Forbidden::NoStep)
    );
    assert_eq!(
        visas.act(&as_signature, &hand(SIGNER), "", NOW),
        Err(Forbidden::NoStep)
    );
    let beyond = Act::Visa {
        step: 9,
        reserved: false,
    };
    assert_eq!(
        visas.act(&beyond, &hand(SIGNER), "", NOW),
        Err(Forbidden::NoStep)
    );
}

#[test]
fn to_take_back_a_visa_takes_the_signature_with_it_and_ends_the_delay() {
    let (_, mut cleared, _) = states().remove(7);
    assert!(cleared.is_due(NOW + 24 * HOUR) && !cleared.is_due(NOW + 24 * HOUR - 1));
    cleared
        .act(&Act::TakeBack { step: 0 }, &hand(LAWYER), "", NOW)
        .unwrap();
    assert_eq!(
        (cleared.state, cleared.awaits()),
        (State::Open, Awaits::Visas)
    );
    assert!(cleared.steps[2].given.is_none() && cleared.steps[1].given.is_some());
    assert!(!cleared.is_due(NOW + 240 * HOUR));
    // And the whole delay runs again.
    play(
        &mut cleared,
        &[(&LEGAL, hand(LAWYER)), (&SIGN, hand(SIGNER))],
    );
    assert_eq!(cleared.not_before, Some(NOW + 24 * HOUR));
}

#[test]
fn a_deadline_is_a_deadline_whichever_way_the_clock_goes() {
    let (_, mut running, _) = states().remove(3);
    assert!(!running.turn(UNTIL - 1));
    assert!(running.turn(UNTIL) && !running.turn(UNTIL));
    // Set back after it was written down that nobody spoke: nobody speaks any more.
    let late = running.act(&Act::Break, &hand(OUTSIDER), "no", UNTIL - HOUR);
    assert_eq!(late, Err(Forbidden::SilenceOver));
    let (_, mut running, _) = states().remove(3);
    // Not written down yet, and past the deadline: late all the same.
    let late = running.act(&Act::Break, &hand(OUTSIDER), "no", UNTIL);
    assert_eq!(late, Err(Forbidden::SilenceOver));
    running
        .act(&Act::Break, &hand(OUTSIDER), "no", UNTIL - 1)
        .unwrap();
    assert!(!running.turn(UNTIL), "what is broken does not pass");
    let earlier = running.act(&extend(UNTIL - 1), &hand(ASKER), "", NOW);
    assert_eq!(earlier, Err(Forbidden::NotLater));
    running
        .act(&extend(UNTIL + HOUR), &hand(ASKER), "", NOW)
        .unwrap();
    assert!(!running.turn(UNTIL) && running.turn(UNTIL + HOUR));
}

#[test]
fn silence_alone_agrees_and_never_loosens() {
    let mut agreed = case();
    (agreed.label, agreed.delay) = (None, 0);
    agreed.steps.clear();
    assert!(
        !agreed.is_complete(),
        "without a silence nothing was agreed"
    );
    agreed.act(&silence(UNTIL), &hand(ASKER), "", NOW).unwrap();
    assert!(agreed.turn(UNTIL) && agreed.is_due(UNTIL));
    let mut loosened = case();
    loosened.steps.clear();
    loosened
        .act(&silence(UNTIL), &hand(ASKER), "", NOW)
        .unwrap();
    assert!(loosened.turn(UNTIL));
    assert_eq!(
        (loosened.state, loosened.awaits()),
        (State::Open, Awaits::Signature)
    );
    assert!(
        !loosened.is_due(UNTIL + 10_000 * HOUR),
        "even where no step is left to give"
    );
}

#[test]
fn who_conducts_a_case_says_by_when_its_steps_are_wanted() {
    let want = |by| Act::WantBy {
        by,
        zone: "UTC".into(),
    };
    let mut asked = case();
    for (who, by, answer) in [
        (ASKER, NOW + HOUR, Ok(())),
        (SIGNER, NOW + 2 * HOUR, Ok(())),
        (LAWYER, NOW + HOUR, Err(Forbidden::NotYours)),
        (OUTSIDER, NOW + HOUR, Err(Forbidden::NotYours)),
        (ASKER, NOW, Err(Forbidden::NotLater)),
    ] {
        assert_eq!(asked.act(&want(by), &hand(who), "", NOW), answer, "{who}");
    }
    assert_eq!(
        asked.wanted.as_ref().map(|one| one.by),
        Some(NOW + 2 * HOUR)
    );
    // The time passes, and nothing happens by itself.
    assert!(!asked.turn(NOW + 3 * HOUR) && asked.state == State::Open);
    // What was kept before there was such a time is read as it was.
    let text = serde_json::to_string(&case()).unwrap();
    assert!(!text.contains("wanted"));
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), case());
    let text = serde_json::to_string(&asked).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), asked);
    // When everything is given there is nothing to want.
    for step in &mut asked.steps {
        step.given = Some(Given {
            by: id(SIGNER).to_string(),
            instead_of: None,
            at: NOW,
            reserved: false,
        });
    }
    let late = asked.act(&want(NOW + HOUR), &hand(ASKER), "", NOW);
    assert_eq!(late, Err(Forbidden::NoStep));
}
