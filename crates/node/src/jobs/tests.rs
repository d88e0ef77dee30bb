//! The slower jobs: none is lost to a clock that was set back.

use super::{Due, has_come};
use crate::clock::{DAY, HOUR, SECOND};
use crate::users::tests::house;

#[test]
fn a_clock_that_was_far_ahead_keeps_no_job_waiting() {
    let mut next = 0;
    assert!(has_come(&mut next, 1_000 * DAY, HOUR));
    assert!(!has_come(&mut next, 1_000 * DAY + HOUR - 1, HOUR));
    assert!(has_come(&mut next, 1_000 * DAY + HOUR, HOUR));
    assert!(!has_come(&mut next, 1_000 * DAY + HOUR, HOUR));
    assert!(has_come(&mut next, DAY, HOUR), "set back by years");
    assert!(!has_come(&mut next, DAY + HOUR / 2, HOUR));
    assert!(has_come(&mut next, i64::MAX, HOUR));
    assert!(has_come(&mut next, i64::MIN, HOUR), "nothing overflows");
}

#[test]
fn every_job_is_done_again_after_the_clock_was_set_back() {
    let house = house();
    house.administrator();
    let node = &house.node;
    let now = node.now();
    house.clock.set(now + 1_000 * DAY);
    let mut due = Due::default();
    node.beat(&mut due).unwrap();
    house.clock.advance(HOUR);
    node.beat(&mut due).unwrap();
    house.clock.set(now + HOUR);
    node.beat(&mut due).unwrap();
    let periods = [
        (due.ledger, SECOND),
        (due.checkpoint, HOUR),
        (due.minute, 60 * SECOND),
        (due.hour, HOUR),
        (due.day, DAY),
    ];
    for (next, period) in periods {
        let ahead = next - node.now();
        assert!((1..=period).contains(&ahead), "{ahead} of {period}");
    }
}
