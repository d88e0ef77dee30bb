//! What must hold for labels whatever they say: joining only narrows, comparing never flatters, deriving launders nothing.

use std::collections::BTreeSet;

use policy::{
    Change, Class, Handling, House, Label, Purpose, Terms, Tlp, Viewer, combine, compare, decide,
    derive, least_strict, resolve, retroactive,
};
use stix::Timestamp;

use crate::chance::Chance;
use crate::oracle::CAST;
use crate::world::{AUDIENCES, CAVEATS, HOLDERS, MARKS, case, id, time, viewer};

const INSTANTS: [&str; 4] = [
    "2026-01-01T00:00:00Z",
    "2026-03-01T00:00:00Z",
    "2026-06-01T00:00:00Z",
    "2027-01-01T00:00:00Z",
];

struct World {
    labels: Vec<Label>,
    viewers: Vec<Viewer>,
    instants: Vec<Timestamp>,
    chance: Chance,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut labels: Vec<Label> = Vec::new();
        for mark in MARKS {
            for audience in AUDIENCES {
                for holder in HOLDERS {
                    for caveat in CAVEATS {
                        let (_, label) = case(mark, audience, holder, caveat);
                        labels.push(label);
                    }
                }
            }
        }
        let viewers = CAST.iter().map(|name| viewer(name)).collect();
        Self {
            labels,
            viewers,
            instants: INSTANTS.map(time).to_vec(),
            chance: Chance::new(seed),
        }
    }

    /// A label of the product, with times of its own now and then.
    fn label(&mut self) -> Label {
        let mut label = self.chance.pick(&self.labels).clone();
        for slot in [&mut label.embargo, &mut label.expiry] {
            if self.chance.one_in(4) {
                *slot = Some(self.chance.pick(&self.instants).clone());
            }
        }
        label
    }

    /// A label that differs little from `label`, so that comparing them has something to find.
    fn near(&mut self, label: &Label) -> Label {
        let mut near = label.clone();
        let mut clause = label.class.clauses().next().cloned().unwrap();
        match self.chance.below(5) {
            0 => clause.tlp = *self.chance.pick(&Tlp::ALL),
            1 => drop(clause.audience.pop_first()),
            2 => drop(clause.granted.pop_last()),
            3 => clause.caveats.originator_consent ^= true,
            _ => clause.caveats.chatham_house ^= true,
        }
        near.class = Class::of(clause);
        near
    }

    /// Every viewer, purpose and instant.
    fn everywhere(&self, mut check: impl FnMut(&Viewer, Purpose, &Timestamp)) {
        for viewer in &self.viewers {
            for purpose in Purpose::ALL {
                for at in &self.instants {
                    check(viewer, purpose, at);
                }
            }
        }
    }
}

fn granted(viewer: &Viewer, label: &Label, purpose: Purpose, at: &Timestamp) -> bool {
    decide(viewer, label, purpose, at).is_granted()
}

/// At least as strict, or of other exercises, which are not compared.
fn stricter(joined: &Label, part: &Label) -> bool {
    let exercises = |label: &Label| -> BTreeSet<_> {
        label
            .class
            .clauses()
            .filter_map(|clause| clause.caveats.exercise.clone())
            .collect()
    };
    joined.covers(part) || exercises(joined) != exercises(part)
}

/// Joining with a live CLEAR source does not make an exercise live, so such a source is no upper bound inside an exercise.
fn public_and_live(label: &Label) -> bool {
    label
        .class
        .clauses()
        .all(|clause| clause.tlp == Tlp::Clear && clause.caveats.exercise.is_none())
}

#[test]
fn combining_is_commutative_associative_idempotent_and_never_wider() {
    let mut world = World::new(1);
    for _ in 0..300 {
        let (a, b, c) = (world.label(), world.label(), world.label());
        let joined = combine([&a, &b]).unwrap();
        assert_eq!(joined, combine([&b, &a]).unwrap());
        assert_eq!(
            combine([&joined, &c]),
            combine([&a, &combine([&b, &c]).unwrap()])
        );
        assert_eq!(combine([&a, &a]).unwrap(), a);
        assert_eq!(combine([&joined, &a]).unwrap(), joined);
        assert!(stricter(&joined, &a) && stricter(&joined, &b));
        assert_eq!(joined.class.tlp(), a.class.tlp().max(b.class.tlp()));
        world.everywhere(|viewer, purpose, at| {
            let each = |label| {
                granted(viewer, label, purpose, at)
                    || (viewer.exercise.is_some() && public_and_live(label))
            };
            if granted(viewer, &joined, purpose, at) {
                assert!(
                    each(&a) && each(&b),
                    "{viewer:?} {purpose:?} {at}\n{a:?}\n{b:?}"
                );
            }
        });
    }
    assert_eq!(combine([]), None);
}

#[test]
fn what_is_said_to_be_stricter_is() {
    let mut world = World::new(2);
    let mut found = [0; 4];
    for _ in 0..800 {
        let a = world.label();
        let b = if world.chance.one_in(4) {
            world.label()
        } else {
            world.near(&a)
        };
        let change = compare(&a, &b);
        found[match change {
            Change::Same => 0,
            Change::Tighter => 1,
            Change::Looser => 2,
            Change::Mixed => 3,
        }] += 1;
        if change == Change::Mixed {
            continue;
        }
        for holder in [None, Some(id("x"))] {
            let copy = |label: &Label| {
                holder
                    .as_ref()
                    .map_or_else(|| label.clone(), |holder| label.held_by(holder))
            };
            let (a, b) = (copy(&a), copy(&b));
            world.everywhere(|viewer, purpose, at| {
                let (before, after) = (
                    granted(viewer, &a, purpose, at),
                    granted(viewer, &b, purpose, at),
                );
                match change {
                    Change::Same => assert_eq!(before, after, "{a:?}\n{b:?}"),
                    Change::Tighter => assert!(
                        before || !after,
                        "{viewer:?} {purpose:?} {at}\n{a:?}\n{b:?}"
                    ),
                    Change::Looser => assert!(
                        after || !before,
                        "{viewer:?} {purpose:?} {at}\n{a:?}\n{b:?}"
                    ),
                    Change::Mixed => {}
                }
            });
        }
    }
    println!(
        "policy.compared same={} tighter={} looser={} mixed={}",
        found[0], found[1], found[2], found[3]
    );
    assert!(found.iter().all(|times| *times > 20), "{found:?}");
}

#[test]
fn what_is_derived_is_never_wider_than_any_source() {
    let mut world = World::new(3);
    let mut derived_labels = 0;
    for _ in 0..4000 {
        let sources: Vec<Label> = (0..=world.chance.below(3)).map(|_| world.label()).collect();
        let by = world.chance.pick(&world.viewers).clone();
        let at = world.chance.pick(&world.instants).clone();
        let may = sources
            .iter()
            .all(|source| granted(&by, source, Purpose::Derive, &at));
        let derived = derive(&by, &sources, &at);
        assert_eq!(derived.is_some(), may);
        let Some(derived) = derived else { continue };
        derived_labels += 1;
        let strictest = sources.iter().map(|source| source.class.tlp()).max();
        assert_eq!(Some(derived.class.tlp()), strictest);
        // Upper bound: the copy derived from, or the one where the source was written. The deriver speaks first-hand of what it
        // made, so its audience is reached from there, and nobody else.
        let homes: Vec<Label> = sources.iter().map(at_home).collect();
        world.everywhere(|viewer, purpose, at| {
            if !granted(viewer, &derived, purpose, at) {
                return;
            }
            for (source, home) in sources.iter().zip(&homes) {
                let excused = viewer.exercise.is_some() && public_and_live(source);
                let may =
                    granted(viewer, source, purpose, at) || granted(viewer, home, purpose, at);
                assert!(
                    may || excused,
                    "{viewer:?} {purpose:?} {at}\n{source:?}\n{derived:?}"
                );
            }
        });
    }
    println!("policy.derived={derived_labels}");
    assert!(derived_labels > 200, "{derived_labels}");
    assert_eq!(
        derive(&Viewer::organ(id("a")), [], &world.instants[0]),
        None
    );
}

/// The label as it stands with whoever put each clause, where the second column alone speaks.
fn at_home(label: &Label) -> Label {
    let clauses = label.class.clauses().cloned().map(|mut clause| {
        if let (Some(by), false) = (clause.by.clone(), clause.caveats.originator_consent) {
            clause.origin.bringer = Some(clause.origin.holder);
            clause.origin.holder = by;
        }
        clause
    });
    Label {
        class: Class::all_of(clauses).unwrap(),
        ..label.clone()
    }
}

#[test]
fn holders_only_tighten_and_the_least_strict_path_counts() {
    let mut world = World::new(4);
    let house = House {
        default: Terms::nobody(),
        community: None,
    };
    for _ in 0..150 {
        let (one, two) = (world.label(), world.label());
        let origin = one.class.clauses().next().unwrap().origin.clone();
        let terms = |label: &Label| {
            let clause = label.class.clauses().next().unwrap().clone();
            let mut terms = Terms::tlp(clause.tlp).to(clause.audience);
            (terms.granted, terms.caveats) = (clause.granted, clause.caveats);
            terms.embargo.clone_from(&label.embargo);
            terms.expiry.clone_from(&label.expiry);
            terms
        };
        let author = terms(&one);
        let alone = resolve(&origin, None, &author, &[], &house).label;
        let paths: Vec<Label> = [&two, &world.label()]
            .map(|handled| {
                let handling = Handling {
                    by: id("h"),
                    terms: terms(handled),
                };
                resolve(&origin, None, &author, &[handling], &house).label
            })
            .to_vec();
        let kept = least_strict(paths.clone());
        assert!(!kept.is_empty() && paths.iter().all(|path| stricter(path, &alone)));
        world.everywhere(|viewer, purpose, at| {
            let by_any = |labels: &[Label]| {
                labels
                    .iter()
                    .any(|label| granted(viewer, label, purpose, at))
            };
            assert_eq!(by_any(&kept), by_any(&paths));
            let excused = viewer.exercise.is_some() && public_and_live(&alone);
            assert!(
                !by_any(&paths) || granted(viewer, &alone, purpose, at) || excused,
                "never below the author's own"
            );
        });
    }
}

#[test]
fn loosening_does_not_reach_back_and_tightening_does() {
    let mut world = World::new(5);
    for _ in 0..200 {
        let old = world.label();
        let new = world.near(&old);
        let earlier = retroactive(&old, &new);
        match compare(&old, &new) {
            Change::Tighter => assert_eq!(earlier, new),
            Change::Looser | Change::Same => assert_eq!(earlier, old),
            Change::Mixed => assert!(stricter(&earlier, &old) && stricter(&earlier, &new)),
        }
    }
}
