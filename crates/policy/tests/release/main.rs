//! The rule against an oracle written from the table of the release rules, on the whole product of marks, audiences, caveats, copies, viewers and
//! purposes; both views of the rule against each other; and the oracle with one rule left out, which must be noticed.

mod chance;
mod federation;
mod oracle;
mod properties;
mod world;

use oracle::{CAST, Case, Plant, answer};
use policy::{Class, Label, Reach, Verdict, Viewer, admits, decide};
use world::{AUDIENCES, CAVEATS, HOLDERS, MARKS, NOW, PURPOSES, case, time, viewer};

fn product() -> Vec<(String, Case, Label)> {
    let mut cases = Vec::new();
    for mark in MARKS {
        for audience in AUDIENCES {
            for holder in HOLDERS {
                for caveat in CAVEATS {
                    let (case, label) = case(mark, audience, holder, caveat);
                    cases.push((
                        format!("{mark} for {audience:?}, held by {holder}, {caveat}"),
                        case,
                        label,
                    ));
                }
            }
        }
    }
    cases
}

fn cast() -> Vec<Viewer> {
    CAST.iter().map(|name| viewer(name)).collect()
}

/// Decides every case for every viewer and purpose; bits of those who are granted it, and granted it without the speakers.
fn decisions(cases: &[(String, Case, Label)]) -> Vec<[(u64, u64); 7]> {
    let (viewers, now) = (cast(), time(NOW));
    let verdicts = |label: &Label, purpose| {
        let mut bits = (0, 0);
        for (bit, viewer) in viewers.iter().enumerate() {
            match decide(viewer, label, purpose, &now).verdict() {
                Verdict::Granted => bits.0 |= 1 << bit,
                Verdict::WithoutSpeakers => bits.1 |= 1 << bit,
                Verdict::Refused => {}
            }
        }
        bits
    };
    cases
        .iter()
        .map(|(_, _, label)| PURPOSES.map(|(_, purpose)| verdicts(label, purpose)))
        .collect()
}

fn names(set: u64) -> Vec<&'static str> {
    CAST.iter()
        .enumerate()
        .filter(|(bit, _)| set >> bit & 1 == 1)
        .map(|(_, name)| *name)
        .collect()
}

#[test]
fn every_case_is_decided_as_the_table_says() {
    let cases = product();
    let decided = decisions(&cases);
    let mut count = 0;
    for ((what, case, label), decided) in cases.iter().zip(&decided) {
        for ((purpose, _), decided) in PURPOSES.iter().zip(decided) {
            let expected = answer(case, purpose, Plant::None);
            assert!(
                *decided == expected,
                "{what}, to {purpose}:\n granted {:?}\nexpected {:?}\n in part {:?}\nexpected {:?}\n{}",
                names(decided.0),
                names(expected.0),
                names(decided.1),
                names(expected.1),
                label.class.key(),
            );
            count += CAST.len();
        }
    }
    println!("policy.decisions={count} policy.labels={}", cases.len());
    assert_eq!((count, cases.len()), (967_680, 4_320));
    let said = "967,680 decisions on 4,320 labels";
    for document in [
        include_str!("../../../../docs/architecture.md"),
        include_str!("../../../../docs/proofs.md"),
    ] {
        assert!(document.contains(said), "a document does not say: {said}");
    }
}

#[test]
fn a_rule_left_out_is_noticed() {
    // Every seventh case: seven divides none of the dimensions, so each value of each still occurs.
    let cases: Vec<_> = product().into_iter().step_by(7).collect();
    let decided = decisions(&cases);
    for plant in Plant::ALL {
        let noticed: usize = cases
            .iter()
            .zip(&decided)
            .map(|((_, case, _), decided)| {
                let differs = |((purpose, _), bits): (&(&str, _), &(u64, u64))| {
                    answer(case, purpose, plant) != *bits
                };
                PURPOSES
                    .iter()
                    .zip(decided)
                    .filter(|pair| differs((pair.0, pair.1)))
                    .count()
            })
            .sum();
        println!("policy.plant={plant:?} noticed={noticed}");
        assert!(noticed > 0, "{plant:?} goes unnoticed");
    }
}

#[test]
fn both_views_of_the_rule_agree() {
    let (viewers, now) = (cast(), time(NOW));
    let cases = product();
    let open: Vec<Label> = cases
        .iter()
        .map(|(_, _, label)| Label::always(label.class.clone()))
        .collect();
    let mut count = 0;
    for (_, purpose) in PURPOSES {
        for (name, viewer) in CAST.iter().zip(&viewers) {
            let classes = cases.iter().map(|(_, _, label)| &label.class);
            let reach = Reach::compile(viewer, purpose, classes.enumerate());
            for (number, (what, _, label)) in cases.iter().enumerate() {
                let always = decide(viewer, &open[number], purpose, &now).is_granted();
                assert_eq!(
                    admits(viewer, &label.class, purpose),
                    always,
                    "{what}, {name}, {purpose:?}"
                );
                let granted = decide(viewer, label, purpose, &now).is_granted();
                let times = (label.embargo.as_ref(), label.expiry.as_ref());
                let released = reach.release(&number, times, &now, ()).is_some();
                assert_eq!(released, granted, "{what}, {name}, {purpose:?}");
                count += 1;
            }
        }
    }
    println!("policy.agreements={count}");
}

#[test]
fn every_class_survives_its_key() {
    for (what, _, label) in product() {
        let key = label.class.key();
        assert_eq!(Class::parse(&key), Ok(label.class), "{what}: {key}");
    }
    let key = product()[0].2.class.key();
    for spoiled in [
        "",
        "CLEAR",
        &format!("{key} "),
        &format!(" {key}"),
        &key.to_lowercase(),
        &format!("{key} & {key}"),
    ] {
        assert!(Class::parse(spoiled).is_err(), "{spoiled:?}");
    }
}
