//! Silence on a text: agreement when the time is over, and not before.

use dialogues::records::{Silence, SilenceAct};
use dialogues::rules::silence::{Refused, Standing, Step, may, stands};

fn silence(side: &str, act: SilenceAct, until: Option<&str>) -> Silence {
    Silence {
        draft_ref: "draft--1".into(),
        round_ref: "draft--2".into(),
        side: side.into(),
        act,
        until: until.map(str::to_owned),
        zone: Some("+01:00".into()),
        words: Some("why".into()),
    }
}

fn parties() -> [String; 2] {
    ["EU", "JP"].map(str::to_owned)
}

#[test]
fn what_bears_a_time_before_the_silence_began_is_told_and_changes_nothing() {
    use SilenceAct::{Break, Start};
    let day = |n: i64| n * 86_400_000_000;
    let (before, start) = (
        silence("JP", Break, None),
        silence("EU", Start, Some("1970-01-06T00:00:00Z")),
    );
    let step = |at, what| Step {
        at: day(at),
        known: Some(day(at)),
        had: Some(day(at)),
        what,
    };
    let steps = [step(0, &before), step(1, &start)];
    let found = stands("draft--2", &parties(), &steps, day(2)).unwrap();
    assert_eq!(found.standing, Standing::Running);
    assert_eq!(found.early, [("JP".to_owned(), Break)]);
    assert!(found.late.is_empty() && found.broken.is_empty());
}

#[test]
fn silence_is_agreement_when_the_time_is_over_and_not_before() {
    use SilenceAct::{Break, Extend, Reserve, Start};
    let day = |n: i64| n * 86_400_000_000;
    let (third, fifth) = ("1970-01-04T00:00:00Z", "1970-01-06T00:00:00Z");
    for (steps, now, standing, reserved, late) in [
        (
            vec![(0, "EU", Start, Some(third))],
            2,
            Some(Standing::Running),
            0,
            0,
        ),
        (
            vec![(0, "EU", Start, Some(third))],
            3,
            Some(Standing::Agreed),
            0,
            0,
        ),
        (
            vec![(0, "EU", Start, Some(third)), (1, "JP", Break, None)],
            9,
            Some(Standing::Broken),
            0,
            0,
        ),
        // On the moment itself it is too late, and told.
        (
            vec![(0, "EU", Start, Some(third)), (3, "JP", Break, None)],
            9,
            Some(Standing::Agreed),
            0,
            1,
        ),
        (
            vec![
                (0, "EU", Start, Some(third)),
                (1, "EU", Extend, Some(fifth)),
            ],
            4,
            Some(Standing::Running),
            0,
            0,
        ),
        // Only who began it gives more time, and never less.
        (
            vec![
                (0, "EU", Start, Some(third)),
                (1, "JP", Extend, Some(fifth)),
            ],
            4,
            Some(Standing::Agreed),
            0,
            1,
        ),
        (
            vec![
                (0, "EU", Start, Some(fifth)),
                (1, "EU", Extend, Some(third)),
            ],
            4,
            Some(Standing::Running),
            0,
            1,
        ),
        (
            vec![(0, "EU", Start, Some(third)), (1, "JP", Reserve, None)],
            3,
            Some(Standing::Agreed),
            1,
            0,
        ),
        // Two break it; after that it can be begun anew.
        (
            vec![
                (0, "EU", Start, Some(third)),
                (1, "JP", Break, None),
                (2, "EU", Start, Some(fifth)),
            ],
            4,
            Some(Standing::Running),
            0,
            0,
        ),
        (vec![(1, "JP", Break, None)], 4, None, 0, 0),
        (vec![(4, "EU", Start, Some(third))], 5, None, 0, 0),
    ] {
        let records: Vec<(i64, Silence)> = steps
            .iter()
            .map(|(at, side, act, until)| (day(*at), silence(side, *act, *until)))
            .collect();
        let steps: Vec<Step<'_>> = records
            .iter()
            .map(|(at, what)| Step {
                at: *at,
                known: Some(*at),
                had: Some(*at),
                what,
            })
            .collect();
        let found = stands("draft--2", &parties(), &steps, day(now));
        assert_eq!(
            found.as_ref().map(|one| one.standing.clone()),
            standing,
            "{records:?}"
        );
        let found = found.map_or((0, 0), |one| (one.reserved.len(), one.late.len()));
        assert_eq!(found, (reserved, late), "{records:?}");
        assert_eq!(stands("draft--3", &parties(), &steps, day(now)), None);
    }
    let start = silence("EU", Start, Some(third));
    let step = [Step {
        at: 0,
        known: Some(0),
        had: Some(0),
        what: &start,
    }];
    let running = stands("draft--2", &parties(), &step, day(1));
    let one = running.as_ref();
    assert_eq!(
        may(None, &parties(), Start, "EU", Some(day(3)), day(1)),
        Ok(())
    );
    assert_eq!(
        may(None, &parties(), Start, "EU", Some(day(1)), day(1)),
        Err(Refused::Past)
    );
    assert_eq!(
        may(one, &parties(), Start, "JP", Some(day(9)), day(1)),
        Err(Refused::Running)
    );
    assert_eq!(
        may(None, &parties(), Break, "JP", None, day(1)),
        Err(Refused::NotRunning)
    );
    assert_eq!(
        may(one, &parties(), Extend, "JP", Some(day(9)), day(1)),
        Err(Refused::NotYours)
    );
    assert_eq!(
        may(one, &parties(), Extend, "EU", Some(day(2)), day(1)),
        Err(Refused::NotLater)
    );
    assert_eq!(may(one, &parties(), Break, "JP", None, day(1)), Ok(()));
}

#[test]
fn nobody_agrees_by_silence_to_what_they_could_not_know() {
    use SilenceAct::{Break, Extend, Start};
    let day = |n: i64| n * 86_400_000_000;
    let (third, fifth) = ("1970-01-04T00:00:00Z", "1970-01-06T00:00:00Z");
    let start = silence("EU", Start, Some(third));
    let extend = silence("EU", Extend, Some(fifth));
    let again = silence("EU", Start, Some(fifth));
    let breaks = silence("JP", Break, None);
    for (known, more, now, standing) in [
        (Some(0), None, 3, Standing::Agreed),
        (Some(2), None, 3, Standing::Agreed),
        // On the moment itself it is too late to answer.
        (Some(3), None, 3, Standing::Unheard),
        (Some(4), None, 9, Standing::Unheard),
        (None, None, 2, Standing::Running),
        (None, None, 3, Standing::Unheard),
        // With more time there is time to answer; broken is broken.
        (Some(4), Some((1, &extend)), 9, Standing::Agreed),
        (Some(5), Some((1, &extend)), 9, Standing::Unheard),
        (None, Some((2, &breaks)), 9, Standing::Broken),
        // Begun anew, it counts from there.
        (None, Some((4, &again)), 4, Standing::Running),
        (None, Some((4, &again)), 5, Standing::Agreed),
    ] {
        let mut steps = vec![Step {
            at: 0,
            known: known.map(day),
            had: known.map(day),
            what: &start,
        }];
        steps.extend(more.map(|(at, what)| Step {
            at: day(at),
            known: Some(day(at)),
            had: Some(day(at)),
            what,
        }));
        let found = stands("draft--2", &parties(), &steps, day(now)).map(|one| one.standing);
        assert_eq!(found, Some(standing), "{known:?} {more:?} {now}");
    }
}

#[test]
fn what_a_node_does_not_know_of_another_agrees_to_nothing_on_it() {
    let day = |n: i64| n * 86_400_000_000;
    let start = silence("EU", SilenceAct::Start, Some("1970-01-04T00:00:00Z"));
    for (known, had, standing) in [
        (Some(0), Some(2), Standing::Agreed),
        (Some(0), Some(3), Standing::Unsure),
        (Some(0), None, Standing::Unsure),
        (Some(3), Some(4), Standing::Unheard),
        (None, None, Standing::Unheard),
    ] {
        let step = [Step {
            at: 0,
            known: known.map(day),
            had: had.map(day),
            what: &start,
        }];
        let found = stands("draft--2", &parties(), &step, day(9)).map(|one| one.standing);
        assert_eq!(found, Some(standing), "{known:?} {had:?}");
    }
}

#[test]
fn a_side_that_is_no_party_changes_nothing() {
    use SilenceAct::{Break, Reserve, Start};
    let day = |n: i64| n * 86_400_000_000;
    let (third, fifth) = ("1970-01-04T00:00:00Z", "1970-01-06T00:00:00Z");
    let start = silence("EU", Start, Some(third));
    let steps = [
        silence("CA", Break, None),
        silence("CA", Reserve, None),
        silence("CA", Start, Some(fifth)),
    ];
    let at = |n: i64, what| Step {
        at: day(n),
        known: Some(day(n)),
        had: Some(day(n)),
        what,
    };
    let all: Vec<Step<'_>> = std::iter::once(&start)
        .chain(&steps)
        .map(|what| at(i64::from(what.side == "CA"), what))
        .collect();
    let found = stands("draft--2", &parties(), &all, day(3)).unwrap();
    assert_eq!(found.standing, Standing::Agreed);
    assert_eq!((found.broken.len(), found.reserved.len()), (0, 0));
    assert_eq!(found.late.len(), 3);
    assert_eq!(stands("draft--2", &parties(), &all[3..], day(2)), None);
    let running = stands("draft--2", &parties(), &all, day(2));
    for act in [Break, Reserve, Start] {
        let may = may(
            running.as_ref(),
            &parties(),
            act,
            "CA",
            Some(day(9)),
            day(2),
        );
        assert_eq!(may, Err(Refused::NotParty));
    }
    // A text that names no parties is everybody's who has it.
    let found = stands("draft--2", &[], &all[..2], day(3)).unwrap();
    assert_eq!(found.broken.len(), 1);
}

#[test]
fn what_had_not_left_in_time_broke_nothing_for_sure() {
    let day = |n: i64| n * 86_400_000_000;
    let start = silence("EU", SilenceAct::Start, Some("1970-01-04T00:00:00Z"));
    let breaks = silence("JP", SilenceAct::Break, None);
    for (known, had, now, standing) in [
        (Some(2), Some(2), 9, Standing::Broken),
        // It left in time, and when it was had is known later.
        (Some(2), Some(5), 9, Standing::Broken),
        // As long as there is time, it is enough that they can have it.
        (Some(2), None, 2, Standing::Broken),
        (Some(2), None, 3, Standing::Unsure),
        (Some(4), Some(4), 9, Standing::Unsure),
        (None, None, 2, Standing::Running),
        (None, None, 3, Standing::Unsure),
    ] {
        let begun = Step {
            at: 0,
            known: Some(0),
            had: Some(0),
            what: &start,
        };
        let broke = Step {
            at: day(1),
            known: known.map(day),
            had: had.map(day),
            what: &breaks,
        };
        let found = stands("draft--2", &parties(), &[begun, broke], day(now)).unwrap();
        assert_eq!(found.standing, standing, "{known:?} {had:?} {now}");
        assert_eq!(found.broken.len(), 1);
    }
}

#[test]
fn what_was_begun_after_a_break_goes_on_whatever_becomes_of_the_break() {
    use SilenceAct::{Break, Extend, Reserve, Start};
    let day = |n: i64| n * 86_400_000_000;
    let (third, fifth, ninth) = (
        "1970-01-04T00:00:00Z",
        "1970-01-06T00:00:00Z",
        "1970-01-10T00:00:00Z",
    );
    let start = silence("EU", Start, Some(third));
    let breaks = silence("JP", Break, None);
    let again = silence("JP", Start, Some(fifth));
    let reserves = silence("EU", Reserve, None);
    let more = silence("EU", Extend, Some(ninth));
    let step = |at, what| Step {
        at: day(at),
        known: Some(day(at)),
        had: Some(day(at)),
        what,
    };
    // Every side could have the break in time; of one it is not known when it had it, or only by then.
    for had in [None, Some(day(1)), Some(day(4))] {
        let broke = Step {
            had,
            ..step(1, &breaks)
        };
        let begun = [step(0, &start), broke, step(2, &again), step(2, &reserves)];
        for (now, standing) in [
            (2, Standing::Running),
            (4, Standing::Running),
            (5, Standing::Agreed),
        ] {
            let found = stands("draft--2", &parties(), &begun, day(now)).unwrap();
            assert_eq!(found.standing, standing, "{had:?} {now}");
            assert_eq!((&*found.by, found.until), ("JP", day(5)), "{had:?} {now}");
            assert_eq!(found.reserved.len(), 1, "{had:?} {now}");
            assert!(found.broken.is_empty() && found.late.is_empty());
        }
        // Nor does more time for what was broken count once it is not sure of one side.
        let prolonged = [step(0, &start), broke, step(2, &more)];
        for now in [2, 4] {
            let found = stands("draft--2", &parties(), &prolonged, day(now)).unwrap();
            assert_eq!(found.until, day(3), "{had:?} {now}");
            assert_eq!(found.late, [("EU".to_owned(), Extend)], "{had:?} {now}");
        }
    }
}
