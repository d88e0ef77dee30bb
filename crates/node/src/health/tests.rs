//! Each way in which a node cannot do its work, brought about and noticed; and that it ends when its cause does.

use std::collections::BTreeSet;

use super::{Finding, Found, Grade, Part, Pulse, room};
use crate::access::Access;
use crate::clock::{HOUR, Micros, SECOND};
use crate::ledger::Taken;
use crate::node::Node;
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
fn who_took_what_while_nothing_could_be_written_is_noted_once_it_can() {
    let house = house();
    let database = house.node.folder().database();
    let aside = database.with_extension("aside");
    std::fs::rename(&database, &aside).unwrap();
    for number in 1..=3 {
        taken(&house.node, number);
        let lost = house.node.write_ledger().unwrap().wait().unwrap_err();
        assert!(crate::is_unwritten(&lost), "{lost:#}");
    }
    std::fs::rename(&aside, &database).unwrap();
    taken(&house.node, 4);
    house.node.write_ledger().unwrap().wait().unwrap();
    let noted = [(80, 90), (60, 70), (40, 50), (20, 30)];
    assert_eq!(stretches(&house.node), noted);
    assert!(house.node.write_ledger().is_none(), "once");
}

/// A program of somebody else's takes a page.
fn taken(node: &Node, number: i64) {
    let reader = Access {
        name: "feed".to_owned(),
        participant: "identity--00000000-0000-4000-8000-00000000000b"
            .parse()
            .unwrap(),
        person: None,
        read: BTreeSet::new(),
        write: BTreeSet::new(),
        viewer: policy::Viewer::public(),
        metrics: false,
        peer: false,
    };
    let taken = Taken {
        collection: 1,
        filter: "",
        after: 20 * number,
        last: 20 * number + 10,
        records: 1,
        reached: node.reached(),
    };
    node.note_taken(&reader, &taken);
}

fn stretches(node: &Node) -> Vec<(i64, i64)> {
    let lines = node.ledger(None, i64::MAX, 100).unwrap();
    lines.iter().map(|line| (line.low, line.high)).collect()
}

#[test]
fn whoever_has_no_turn_hears_that_nothing_was_kept_and_not_that_the_node_is_closed() {
    let house = house();
    let ada = house.administrator();
    let other = rusqlite::Connection::open(house.node.folder().database()).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON ledger BEGIN SELECT RAISE(ABORT, 'full'); END";
    other.execute_batch(full).unwrap();
    taken(&house.node, 1);
    let kept = house.node.add_person("Ben Orme", "desk", &ada).wait();
    let kept = kept.unwrap_err();
    assert!(crate::is_unwritten(&kept), "{kept:#}");
    assert_eq!(of(&house, Part::Storage).0, Grade::Fail);
    other.execute_batch("DROP TRIGGER full").unwrap();
    let ben = house.node.add_person("Ben Orme", "desk", &ada).wait();
    assert_eq!(ben.unwrap().name, "Ben Orme");
    assert_eq!(of(&house, Part::Storage), (Grade::Pass, Found::Well));
    assert_eq!(stretches(&house.node), [(20, 30)]);
}

#[test]
fn who_took_what_in_the_last_second_is_noted_when_the_node_is_closed() {
    let house = house();
    taken(&house.node, 1);
    house.node.close();
    assert_eq!(stretches(&house.node), [(20, 30)]);
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

#[test]
fn room_is_told_in_the_unit_that_it_is_read_in() {
    for (mebibytes, told) in [
        (0, "no room: 0 MiB are free"),
        (1_023, "no room: 1023 MiB are free"),
        (1_024, "no room: 1 GiB are free"),
        (58_690, "no room: 57.3 GiB are free"),
        (2_000_000, "no room: 1953 GiB are free"),
    ] {
        let finding = Finding {
            part: Part::Room,
            found: Found::NoRoom(mebibytes << 20),
        };
        assert_eq!(finding.told(), told);
    }
}
