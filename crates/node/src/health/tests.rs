//! Each way in which a node cannot do its work, brought about and noticed; and that it ends when its cause does.

use super::{Found, Grade, Part, Pulse, room};
use crate::clock::{HOUR, Micros, SECOND};
use crate::users::tests::{House, house};

fn of(house: &House, part: Part) -> (Grade, Found) {
    let all = house.node.health();
    let one = all.into_iter().find(|finding| finding.part == part);
    let one = one.unwrap();
    assert_eq!(one.remedy().is_none(), one.grade() == Grade::Pass);
    (one.grade(), one.found)
}

#[test]
fn a_node_that_was_just_made_is_well() {
    let house = house();
    for finding in house.node.health() {
        assert_eq!(finding.grade(), Grade::Pass, "{finding:?}");
    }
}

#[test]
fn what_is_written_beside_a_lost_folder_is_refused_and_said() {
    let house = house();
    let ada = house.administrator();
    let database = house.node.folder().database();
    let aside = database.with_extension("aside");
    std::fs::rename(&database, &aside).unwrap();
    assert!(matches!(
        of(&house, Part::Folder),
        (Grade::Fail, Found::Gone(_))
    ));
    let lost = house.node.add_person("Ben Orme", "desk", &ada).wait();
    let lost = lost.unwrap_err();
    assert!(crate::is_unwritten(&lost));
    let said = format!("{lost:#}");
    assert!(said.contains("nothing of this change was kept"), "{said}");
    let unnamed = house.node.add_person("", "desk", &ada).wait();
    assert!(
        !crate::is_unwritten(&unnamed.unwrap_err()),
        "another reason"
    );
    std::fs::write(&database, b"SQLite format 3\0 and nothing else").unwrap();
    assert!(matches!(
        of(&house, Part::Folder),
        (Grade::Fail, Found::Replaced(_))
    ));
    // The very file comes back: it goes on, and has nothing of what was refused.
    std::fs::rename(&aside, &database).unwrap();
    assert_eq!(of(&house, Part::Folder), (Grade::Pass, Found::Well));
    let ben = house.node.add_person("Ben Orme", "desk", &ada).wait();
    assert_eq!(ben.unwrap().name, "Ben Orme");
    assert_eq!(of(&house, Part::Storage), (Grade::Pass, Found::Well));
}

#[test]
fn a_database_that_was_overwritten_is_damaged() {
    let house = house();
    let database = house.node.folder().database();
    let mut bytes = std::fs::read(&database).unwrap();
    bytes.splice(..16, *b"no such database");
    // In place: the same file with other bytes.
    std::fs::write(&database, &bytes).unwrap();
    assert!(matches!(
        of(&house, Part::Database),
        (Grade::Fail, Found::Damaged(_))
    ));
    bytes.splice(..16, *b"SQLite format 3\0");
    std::fs::write(&database, &bytes).unwrap();
    assert_eq!(of(&house, Part::Database), (Grade::Pass, Found::Well));
}

#[test]
fn room_is_measured_against_the_reserve() {
    let here = std::env::temp_dir();
    let Found::Enough(free) = room(&here, 0) else {
        panic!("without a reserve there is always room");
    };
    assert!(matches!(
        room(&here, free.saturating_mul(2)),
        Found::NoRoom(_)
    ));
    assert!(matches!(room(&here, free / 2), Found::Little(_)));
}

#[test]
fn a_clock_behind_what_was_known_is_noticed_also_after_a_restart() {
    let house = house();
    let then = house.node.now();
    house.node.inner.pulse.beat(then + 2 * HOUR);
    house.node.keep_time().wait().unwrap();
    assert_eq!(
        of(&house, Part::Clock),
        (Grade::Warn, Found::Behind(2 * HOUR))
    );
    let again = Pulse::load(&house.node.read().unwrap()).unwrap();
    assert_eq!(again.latest.into_inner(), then + 2 * HOUR);
    house.clock.advance(2 * HOUR);
    assert_eq!(of(&house, Part::Clock), (Grade::Pass, Found::Well));
}

#[test]
fn jobs_that_stand_still_or_keep_failing_are_noticed() {
    let pulse = Pulse::default();
    let start: Micros = 1_795_000_000_000_000;
    assert_eq!(pulse.jobs(start), Found::Well, "none run here");
    pulse.beat(start);
    assert_eq!(pulse.jobs(start + 60 * SECOND), Found::Well);
    assert_eq!(pulse.jobs(start + 121 * SECOND), Found::Stuck(start));
    let why = anyhow::anyhow!("the index is torn");
    pulse.ended(start, Err(&why));
    pulse.beat(start + 121 * SECOND);
    pulse.ended(start + 121 * SECOND, Err(&why));
    let failing = Found::Failing(start, "the index is torn".to_owned());
    assert_eq!(pulse.jobs(start + 121 * SECOND), failing);
    pulse.ended(start + 122 * SECOND, Ok(()));
    assert_eq!(pulse.jobs(start + 122 * SECOND), Found::Well);
    pulse.stop();
    assert_eq!(pulse.jobs(start + HOUR), Found::Well);
}
