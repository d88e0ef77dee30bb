//! On the same node: deputies, standing authorizations, silence, and what a case may be opened about.

use policy::{Tlp, Viewer};

use super::house::{INDICATOR, Ministry, NOTE, OTHER};
use super::{LEGAL, POLITICAL, SIGN};
use crate::clearance::{
    Act, Awaits, Forbidden, Lapse, NewDelegation, NewStanding, Opened, Opening, Procedure, State,
    What,
};
use crate::clock::{DAY, HOUR};
use crate::submission::Marking;
use crate::users::tests::refused;
use crate::users::{Actor, Refused, Right, Role, UserChange};

#[test]
fn a_standing_authorization_lets_indicators_go_until_its_end_and_never_again() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    let now = node.now();
    let new = NewStanding {
        kinds: vec!["indicator".into()],
        marking: ministry.amber(),
        begins: now,
        ends: now + DAY,
        ..NewStanding::default()
    };
    let by_editor = node
        .clearance()
        .authorize(new.clone(), &ministry.eva)
        .wait();
    assert_eq!(refused(by_editor), Refused::NotAllowed(Right::Release));
    let public = NewStanding {
        marking: Marking {
            tlp: Some(Tlp::Clear),
            audience: Vec::new(),
        },
        ..new.clone()
    };
    assert!(
        node.clearance()
            .authorize(public, &ministry.sam)
            .wait()
            .is_err()
    );
    node.clearance()
        .authorize(new, &ministry.sam)
        .wait()
        .unwrap();
    ministry.write(INDICATOR, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.kestria_sees(INDICATOR).as_deref(), Some("2020"));
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [1], "a note is no indicator");
    let wider = Marking {
        tlp: Some(Tlp::Green),
        ..ministry.amber()
    };
    ministry.write(INDICATOR, 1, wider, &ministry.eva);
    assert_eq!(ministry.open(), [1, 2], "wider than was authorized");
    ministry.house.clock.advance(DAY);
    ministry.carry_out();
    ministry.house.clock.advance(-12 * HOUR);
    ministry.write(INDICATOR, 2, ministry.amber(), &ministry.eva);
    assert_eq!(
        ministry.kestria_sees(INDICATOR).as_deref(),
        Some("2020"),
        "over is over, also when the clock is set back"
    );
    let asked = node.clearance().open_cases().unwrap();
    assert_eq!(asked[0].count(), 2, "it waits with the note");
}

#[test]
fn a_deputy_signs_within_scope_and_dates() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    let dora = ministry
        .house
        .somebody("Dora Vale", &[Role::Releaser], &ministry.ada);
    let now = node.now();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    for (act, by) in [(LEGAL, &ministry.lena), (POLITICAL, &ministry.paul)] {
        ministry.act(1, &act, by).unwrap();
    }
    let new = |begins: i64, ends: i64| NewDelegation {
        to: dora.person.to_string(),
        begins,
        ends,
        ..NewDelegation::default()
    };
    let give = |new: NewDelegation| {
        node.clearance()
            .delegate(new, &ministry.sam)
            .wait()
            .unwrap()
    };
    let later = give(new(now + HOUR, now + DAY));
    let legal = give(NewDelegation {
        steps: vec!["legal".into()],
        ..new(now, now + DAY)
    });
    let norms = give(NewDelegation {
        desks: vec!["norms".into()],
        ..new(now, now + DAY)
    });
    let ended = give(new(now, now + DAY));
    node.clearance()
        .end_delegation(ended, &ministry.sam)
        .wait()
        .unwrap();
    let lapsed = |number: u64, why: Lapse| {
        let signed = ministry.act_as(1, &SIGN, Some(number), &dora);
        assert_eq!(signed, Err(Forbidden::Delegation(why)), "{number}");
    };
    assert_eq!(
        ministry.act(1, &SIGN, &dora),
        Err(Forbidden::NotYours),
        "not in her own name"
    );
    lapsed(later, Lapse::NotBegun);
    lapsed(legal, Lapse::OutOfScope);
    lapsed(norms, Lapse::OutOfScope);
    lapsed(ended, Lapse::Over);
    lapsed(99, Lapse::None);
    assert_eq!(
        ministry.act_as(1, &Act::Refuse { step: 2 }, Some(later), &ministry.paul),
        Err(Forbidden::Delegation(Lapse::None)),
        "somebody else's"
    );
    // Begun, and over for good once its end was reached, whatever the clock says then.
    let brief = give(new(now, now + HOUR));
    ministry.house.clock.advance(2 * HOUR);
    lapsed(brief, Lapse::Over);
    ministry.carry_out();
    ministry.house.clock.advance(-2 * HOUR);
    lapsed(brief, Lapse::Over);
    // What it was given by is gone: so is it.
    let good = give(new(now, now + DAY));
    let suspend = |roles: &[Role]| {
        let change = UserChange {
            roles: Some(roles.iter().copied().collect()),
            ..UserChange::default()
        };
        node.change_user(&ministry.sam.person, change, &ministry.ada)
            .wait()
            .unwrap();
    };
    let may_give = || {
        let seen = node.clearance().case(&ministry.eva.viewer, 1).unwrap();
        let case = seen.unwrap().into_inner().case;
        let givers = node.clearance().givers(&case, &case.steps[2]).unwrap();
        givers.contains(&dora.person)
    };
    assert!(may_give());
    suspend(&[Role::Reader]);
    lapsed(good, Lapse::GiverMayNot);
    assert!(!may_give(), "who may not sign lends nobody the right to");
    suspend(&[Role::Releaser]);
    // No one passes on what they were given.
    let passed_on = node
        .clearance()
        .delegate(
            NewDelegation {
                to: ministry.paul.person.to_string(),
                ..new(now, now + DAY)
            },
            &dora,
        )
        .wait()
        .unwrap();
    let signed = ministry.act_as(1, &Act::Refuse { step: 2 }, Some(passed_on), &ministry.paul);
    assert_eq!(signed, Err(Forbidden::Delegation(Lapse::OutOfScope)));
    assert_eq!(
        ministry.act_as(1, &SIGN, Some(good), &dora),
        Ok(State::Released)
    );
    let over = node
        .clearance()
        .case(&dora.viewer, 1)
        .unwrap()
        .unwrap()
        .into_inner()
        .case;
    let given = over.steps[2].given.clone().unwrap();
    assert_eq!(
        (given.by.as_str(), given.instead_of.as_deref()),
        (dora.person.as_str(), Some(ministry.sam.person.as_str()))
    );
}

#[test]
fn a_delegation_reaches_a_publication_only_if_it_says_so() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    let dora = ministry
        .house
        .somebody("Dora Vale", &[Role::Releaser], &ministry.ada);
    let clear = Marking {
        tlp: Some(Tlp::Clear),
        audience: Vec::new(),
    };
    ministry.write(NOTE, 0, clear, &ministry.eva);
    ministry.act(1, &LEGAL, &ministry.lena).unwrap();
    ministry.act(1, &POLITICAL, &ministry.paul).unwrap();
    let now = node.now();
    let new = NewDelegation {
        to: dora.person.to_string(),
        begins: now,
        ends: now + DAY,
        ..NewDelegation::default()
    };
    let narrow = node
        .clearance()
        .delegate(new.clone(), &ministry.sam)
        .wait()
        .unwrap();
    let wide = NewDelegation {
        publications: true,
        ..new
    };
    let wide = node
        .clearance()
        .delegate(wide, &ministry.sam)
        .wait()
        .unwrap();
    let out = Err(Forbidden::Delegation(Lapse::OutOfScope));
    assert_eq!(ministry.act_as(1, &SIGN, Some(narrow), &dora), out);
    assert_eq!(
        ministry.act_as(1, &SIGN, Some(wide), &dora),
        Ok(State::Cleared)
    );
    ministry.carry_out();
    assert!(
        ministry.seen(NOTE, &Viewer::public()).is_none(),
        "the delay runs"
    );
    // Set back, it runs longer; never shorter.
    ministry.house.clock.advance(-DAY);
    ministry.carry_out();
    ministry.house.clock.advance(DAY + 23 * HOUR);
    ministry.carry_out();
    assert!(ministry.seen(NOTE, &Viewer::public()).is_none());
    ministry.house.clock.advance(HOUR);
    ministry.carry_out();
    assert!(ministry.seen(NOTE, &Viewer::public()).is_some());
}

#[test]
fn in_silence_a_text_is_agreed_and_a_label_is_not_loosened() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    ministry.write(NOTE, 0, Marking::default(), &ministry.eva);
    let until = node.now() + 10 * HOUR;
    let asked = vec![ministry.lena.person.clone(), ministry.paul.person.clone()];
    let opening = Opening {
        records: vec![NOTE.parse().unwrap()],
        silence: Some((until, "Europe/Brussels".into(), asked)),
        page: Some("/dialogues/drafts/1".into()),
        ..Opening::default()
    };
    let opened = node
        .clearance()
        .open(opening.clone(), &ministry.eva)
        .wait()
        .unwrap();
    assert_eq!(opened, Opened::Case(1));
    assert_eq!(
        ministry.act(1, &Act::Break, &ministry.sam),
        Err(Forbidden::NotYours)
    );
    assert_eq!(
        ministry.act(1, &Act::Reserve, &ministry.paul),
        Ok(State::Open)
    );
    assert_eq!(
        ministry.act(1, &Act::Break, &ministry.lena),
        Ok(State::Open)
    );
    ministry.house.clock.advance(11 * HOUR);
    ministry.carry_out();
    assert_eq!(ministry.open(), [1], "broken: nothing passes");
    let extend = super::extend(until + 10 * HOUR);
    assert_eq!(
        ministry.act(1, &extend, &ministry.lena),
        Err(Forbidden::NotYours)
    );
    assert_eq!(ministry.act(1, &extend, &ministry.eva), Ok(State::Open));
    ministry.house.clock.advance(9 * HOUR);
    ministry.carry_out();
    assert!(ministry.open().is_empty());
    let case = node
        .clearance()
        .case(&ministry.eva.viewer, 1)
        .unwrap()
        .unwrap()
        .into_inner()
        .case;
    assert_eq!(case.state, State::Released);
    assert!(
        case.events
            .iter()
            .any(|event| event.what == What::SilencePassed)
    );
    // The same with a label: it waits for a person.
    let wider = Opening {
        marking: Some(ministry.amber()),
        silence: Some((node.now() + HOUR, "UTC".into(), Vec::new())),
        ..opening
    };
    assert_eq!(
        node.clearance().open(wider, &ministry.eva).wait().unwrap(),
        Opened::Case(2)
    );
    ministry.house.clock.advance(48 * HOUR);
    ministry.carry_out();
    let case = node.clearance().open_cases().unwrap().remove(0);
    assert_eq!((case.state, case.awaits()), (State::Open, Awaits::Visas));
    assert_eq!(ministry.kestria_sees(NOTE), None);
    for (act, by) in [
        (LEGAL, &ministry.lena),
        (POLITICAL, &ministry.paul),
        (SIGN, &ministry.sam),
    ] {
        ministry.act(2, &act, by).unwrap();
    }
    assert!(ministry.kestria_sees(NOTE).is_some());
}

#[test]
fn a_case_is_opened_about_what_one_may_see_and_what_is_ours() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    ministry.write(NOTE, 0, Marking::default(), &ministry.eva);
    let open = |id: &str, marking: Option<Marking>, by: &Actor| {
        let opening = Opening {
            records: vec![id.parse().unwrap()],
            marking,
            ..Opening::default()
        };
        let opened = node.clearance().open(opening, by).wait();
        opened.map_err(|error| error.downcast_ref::<Forbidden>().cloned())
    };
    assert_eq!(
        open(OTHER, Some(ministry.amber()), &ministry.eva),
        Err(Some(Forbidden::Absent))
    );
    let nobody = Marking {
        tlp: Some(Tlp::AmberStrict),
        audience: Vec::new(),
    };
    assert_eq!(
        open(NOTE, Some(nobody), &ministry.eva),
        Err(Some(Forbidden::NothingWider))
    );
    assert!(matches!(
        open(NOTE, None, &ministry.eva),
        Err(Some(Forbidden::Nonsense(_)))
    ));
    assert_eq!(
        open(NOTE, Some(ministry.amber()), &ministry.lena),
        Err(None),
        "a reader asks for nothing"
    );
    assert_eq!(
        open(NOTE, Some(ministry.amber()), &ministry.eva),
        Ok(Opened::Case(1))
    );
    assert_eq!(
        open(NOTE, Some(ministry.amber()), &ministry.eva),
        Err(Some(Forbidden::OpenAlready))
    );
    ministry.act(1, &Act::Withdraw, &ministry.eva).unwrap();
    // Without steps whoever may release does so at once; another still asks.
    ministry.define(Procedure::default());
    assert_eq!(
        open(NOTE, Some(ministry.amber()), &ministry.eva),
        Ok(Opened::Case(2))
    );
    ministry.act(2, &Act::Withdraw, &ministry.sam).unwrap();
    assert_eq!(
        open(NOTE, Some(ministry.amber()), &ministry.sam),
        Ok(Opened::AtOnce)
    );
    assert!(ministry.kestria_sees(NOTE).is_some());
}
