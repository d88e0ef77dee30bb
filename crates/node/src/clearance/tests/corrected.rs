//! What was corrected while it waited: the version that was signed is the one that goes out, or nothing does.

use policy::Tlp;

use super::house::{Ministry, NOTE, OTHER};
use super::{LEGAL, POLITICAL, SIGN};
use crate::clearance::{Act, Case, Forbidden, State, What};
use crate::clock::HOUR;
use crate::submission::Marking;

const ONLY: Act = Act::Sign {
    step: 0,
    reserved: false,
};

fn clear() -> Marking {
    Marking {
        tlp: Some(Tlp::Clear),
        audience: Vec::new(),
    }
}

impl Ministry {
    fn case(&self, number: u64) -> Case {
        let clearance = self.house.node.clearance();
        let seen = clearance.case(&self.eva.viewer, number).unwrap();
        seen.expect("who wrote it still sees its case")
            .into_inner()
            .case
    }
}

#[test]
fn a_case_with_a_visa_lapses_with_the_version_that_it_was_about() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    ministry.act(1, &LEGAL, &ministry.lena).unwrap();
    ministry.write(NOTE, 1, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [2], "the correction takes its own steps");
    assert_eq!(
        ministry.act(1, &POLITICAL, &ministry.paul),
        Err(Forbidden::Over)
    );
    let lapsed = ministry.case(1);
    assert_eq!(lapsed.state, State::Lapsed);
    let last = &lapsed.events.last().unwrap().what;
    assert_eq!(last, &What::Corrected { records: 1 });
    assert_eq!(
        ministry.trail(1).last().map(String::as_str),
        Some("Eva Holm clearance.corrected")
    );
    for (act, by) in [
        (LEGAL, &ministry.lena),
        (POLITICAL, &ministry.paul),
        (SIGN, &ministry.sam),
    ] {
        ministry.act(2, &act, by).unwrap();
    }
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2021"));
}

#[test]
fn what_was_not_corrected_goes_on_and_the_visa_stands_for_it() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    ministry.write(OTHER, 0, ministry.amber(), &ministry.eva);
    ministry.act(1, &LEGAL, &ministry.lena).unwrap();
    let read = ministry.case(1);
    ministry.write(NOTE, 1, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [1, 2]);
    let rest = ministry.case(1);
    assert_eq!((rest.count(), rest.happened() > read.happened()), (1, true));
    ministry.act(1, &POLITICAL, &ministry.paul).unwrap();
    assert_eq!(ministry.act(1, &SIGN, &ministry.sam), Ok(State::Released));
    assert!(ministry.kestria_sees(OTHER).is_some());
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.case(1).left, 0);
}

#[test]
fn what_nobody_looked_at_yet_goes_on_with_the_newer_version_alone() {
    let ministry = Ministry::with_steps();
    for version in [0, 1, 2] {
        ministry.write(NOTE, version, ministry.amber(), &ministry.eva);
    }
    let case = ministry.case(1);
    assert_eq!((ministry.open(), case.count()), (vec![1], 1));
    let lines: Vec<&What> = case.events.iter().map(|event| &event.what).collect();
    let (left, came) = (What::Corrected { records: 2 }, What::Joined { records: 2 });
    assert_eq!(lines, [&What::Opened, &left, &came]);
    for (act, by) in [
        (LEGAL, &ministry.lena),
        (POLITICAL, &ministry.paul),
        (SIGN, &ministry.sam),
    ] {
        ministry.act(1, &act, by).unwrap();
    }
    let node = &ministry.house.node;
    let theirs = node.viewer_of(&ministry.kestria, true);
    let all = node.versions(&theirs, policy::Purpose::Relay, &NOTE.parse().unwrap());
    let all = all.unwrap().into_inner();
    let had: Vec<&str> = all.iter().map(|one| &one.record.version[..4]).collect();
    assert_eq!(had, ["2022"], "what was corrected stays inside");
}

#[test]
fn what_is_signed_to_be_published_is_not_published_once_it_is_corrected() {
    let ministry = Ministry::new();
    ministry.write(NOTE, 0, clear(), &ministry.eva);
    let signed = ministry.act(1, &ONLY, &ministry.sam);
    assert_eq!(signed, Ok(State::Cleared), "the delay runs");
    ministry.write(NOTE, 1, clear(), &ministry.eva);
    assert_eq!(ministry.case(1).state, State::Lapsed);
    ministry.house.clock.advance(48 * HOUR);
    ministry.carry_out();
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.open(), [2]);
    ministry.act(2, &ONLY, &ministry.sam).unwrap();
    ministry.house.clock.advance(48 * HOUR);
    ministry.carry_out();
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2021"));
}
