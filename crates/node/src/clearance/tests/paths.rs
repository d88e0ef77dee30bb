//! Whatever is done in whatever order: silence never loosens, and nothing is released but through every step. The check itself is
//! checked: a machine in which silence counts as consent is caught.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::clearance::{SilenceState, What};
use crate::clock::HOUR;

/// One thing that is tried: an act, by somebody, perhaps in the place of another, after some time.
#[derive(Debug, Clone)]
struct Try {
    act: u8,
    step: usize,
    who: u8,
    instead_of: Option<u8>,
    words: bool,
    passes: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (
        0_u8..10,
        0_usize..4,
        1_u8..6,
        proptest::option::weighted(0.2, 1_u8..6),
        any::<bool>(),
        -2_i64..6,
    )
        .prop_map(|(act, step, who, instead_of, words, passes)| Try {
            act,
            step,
            who,
            instead_of,
            words,
            passes,
        });
    proptest::collection::vec(one, 1..40)
}

fn shapes() -> impl Strategy<Value = Case> {
    let steps = proptest::collection::vec((any::<bool>(), 1_u8..6), 0..4);
    (steps, any::<bool>(), any::<bool>(), any::<bool>(), 0_i64..3).prop_map(
        |(steps, public, four_eyes, loosens, delay)| {
            let steps = steps.into_iter().enumerate().map(|(place, (signs, who))| {
                let kind = if signs {
                    StepKind::Signature
                } else {
                    StepKind::Visa
                };
                step(&format!("step {place}"), kind, who)
            });
            Case {
                steps: steps.collect(),
                public: public && loosens,
                four_eyes,
                label: loosens.then(|| "wide".into()),
                delay: delay * HOUR,
                ..case()
            }
        },
    )
}

fn meant(tried: &Try, now: i64) -> (Act, Hand) {
    let (step, reserved) = (tried.step, tried.words && tried.who.is_multiple_of(2));
    let act = match tried.act {
        0 | 1 => Act::Visa { step, reserved },
        2 | 3 => Act::Sign { step, reserved },
        4 => Act::TakeBack { step },
        5 => silence(now + 2 * HOUR),
        6 => Act::Break,
        7 => extend(now + 3 * HOUR),
        8 => Act::Reserve,
        _ if tried.words => Act::Refuse { step },
        _ => Act::Withdraw,
    };
    let hand = Hand {
        instead_of: tried.instead_of.map(|who| id(who).to_string()),
        releases: tried.who != OUTSIDER,
        ..hand(tried.who)
    };
    (act, hand)
}

/// What was released against the rules, as told by what was accepted rather than by the machine's own account.
fn against_the_rules(
    mut case: Case,
    tries: &[Try],
    turn: fn(&mut Case, i64) -> bool,
) -> Option<String> {
    let shape = case.clone();
    let mut now = NOW;
    let mut given: Vec<Option<(Hand, i64)>> = vec![None; shape.steps.len()];
    let mut last_given = None;
    for tried in tries {
        now += tried.passes * HOUR;
        let (act, hand) = meant(tried, now);
        let words = if tried.words { "why" } else { "" };
        let taken = case.act(&act, &hand, words, now).is_ok();
        match act {
            Act::Visa { step, .. } | Act::Sign { step, .. } if taken => {
                given[step] = Some((hand, now));
                last_given = Some(now);
            }
            Act::TakeBack { step } if taken => {
                given[step] = None;
                if shape.steps[step].kind == StepKind::Visa {
                    for (place, own) in shape.steps.iter().enumerate() {
                        if own.kind == StepKind::Signature {
                            given[place] = None;
                        }
                    }
                }
            }
            _ => {}
        }
        turn(&mut case, now);
        if case.is_due(now) {
            return violation(&shape, &case, &given, last_given, now);
        }
    }
    None
}

fn violation(
    shape: &Case,
    case: &Case,
    given: &[Option<(Hand, i64)>],
    last: Option<i64>,
    now: i64,
) -> Option<String> {
    for (step, given) in shape.steps.iter().zip(given) {
        let Some((hand, _)) = given else {
            return Some(format!("without {}", step.name));
        };
        let whose = hand.instead_of.as_ref().unwrap_or(&hand.person);
        if !step.who.iter().any(|id| id.as_str() == whose) {
            return Some(format!("{} by somebody else", step.name));
        }
        let askers =
            hand.person == shape.asked_by || hand.instead_of.as_ref() == Some(&shape.asked_by);
        if (shape.public || shape.four_eyes) && askers {
            return Some(format!("{} by who asked", step.name));
        }
        if step.kind == StepKind::Signature && !hand.releases {
            return Some("signed by somebody who may not".into());
        }
    }
    if shape.label.is_some()
        && !shape
            .steps
            .iter()
            .any(|step| step.kind == StepKind::Signature)
    {
        return Some("loosened without a signature".into());
    }
    if let Some(silence) = &case.silence
        && silence.state != SilenceState::Passed
    {
        return Some(format!("in a silence that is {:?}", silence.state));
    }
    if shape.label.is_some() && last.is_none_or(|last| now < last + shape.delay) {
        return Some("before the delay was over".into());
    }
    let ended = case
        .events
        .iter()
        .any(|event| matches!(event.what, What::Refused { .. } | What::Withdrawn));
    ended.then(|| "after it was refused or withdrawn".into())
}

/// The bug: a deadline that passes in silence counts as everybody's consent.
fn consents(case: &mut Case, now: i64) -> bool {
    let turned = case.turn(now);
    if turned {
        let silent = super::super::Given {
            by: String::new(),
            instead_of: None,
            at: now,
            reserved: false,
        };
        for step in &mut case.steps {
            step.given.get_or_insert(silent.clone());
        }
        (case.state, case.not_before) = (State::Cleared, Some(now));
    }
    turned
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_released_but_through_every_step(case in shapes(), tries in tries()) {
        prop_assert_eq!(against_the_rules(case, &tries, Case::turn), None);
    }
}

#[test]
fn silence_that_counts_as_consent_is_caught() {
    let runner = &mut proptest::test_runner::TestRunner::deterministic();
    let strategy = (shapes(), tries());
    let caught = (0..2_000).any(|_| {
        let (case, tries) = strategy.new_tree(runner).unwrap().current();
        against_the_rules(case, &tries, consents).is_some()
    });
    assert!(caught);
}

#[test]
fn some_paths_lead_to_a_release() {
    let runner = &mut proptest::test_runner::TestRunner::deterministic();
    let strategy = (shapes(), tries());
    let mut released = 0;
    for _ in 0..2_000 {
        let (mut case, tries) = strategy.new_tree(runner).unwrap().current();
        let mut now = NOW;
        for tried in &tries {
            now += tried.passes * HOUR;
            let (act, hand) = meant(tried, now);
            let _ = case.act(&act, &hand, "why", now);
            case.turn(now);
            if case.is_due(now) {
                released += 1;
                break;
            }
        }
    }
    assert!(released > 50, "{released}");
}
