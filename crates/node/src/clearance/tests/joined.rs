//! What joins a case after somebody read it is signed by nobody unseen; what is said anew while it waits takes nothing from anybody; what
//! somebody writes who may not release waits for somebody who may.

use policy::Tlp;

use super::house::{INDICATOR, Ministry, NOTE, OTHER};
use crate::clearance::{Act, Forbidden, Procedure, Said, State, Step, StepKind};
use crate::submission::{Channel, Marking, Submission};
use crate::users::{Actor, Refused, Right};

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
    /// How much has happened to a case: what a page of it carries.
    fn happened(&self, number: u64, by: &Actor) -> usize {
        let clearance = self.house.node.clearance();
        let seen = clearance.case(&by.viewer, number).unwrap().unwrap();
        seen.into_inner().case.happened()
    }

    fn act_having_read(
        &self,
        act: Act,
        seen: Option<usize>,
        by: &Actor,
    ) -> Result<State, Forbidden> {
        let said = Said {
            seen,
            ..Said::default()
        };
        let acted = self.house.node.clearance().act(1, act, said, by).wait();
        acted
            .map(|case| case.state)
            .map_err(|error| error.downcast_ref().cloned().unwrap())
    }
}

#[test]
fn what_joins_a_case_that_was_read_is_signed_by_nobody_unseen() {
    let ministry = Ministry::new();
    ministry.write(NOTE, 0, clear(), &ministry.eva);
    let read = ministry.happened(1, &ministry.sam);
    ministry.write(OTHER, 0, clear(), &ministry.eva);
    ministry.write(INDICATOR, 0, clear(), &ministry.eva);
    assert_eq!(ministry.open(), [1], "nobody has done anything about it");
    let sign = |seen| ministry.act_having_read(ONLY, seen, &ministry.sam);
    assert_eq!(sign(Some(read)), Err(Forbidden::Changed));
    assert_eq!(sign(None), Err(Forbidden::Unseen));
    // In between, too: each that joins is another state of it.
    let between = ministry.happened(1, &ministry.sam);
    ministry.write(NOTE, 1, clear(), &ministry.eva);
    assert_eq!(sign(Some(between)), Err(Forbidden::Changed));
    let now = ministry.happened(1, &ministry.sam);
    assert_eq!(sign(Some(now)), Ok(State::Cleared));
}

#[test]
fn what_is_asked_for_after_a_step_was_laid_down_takes_that_step() {
    let ministry = Ministry::new();
    let signature = Step {
        name: "signature".into(),
        kind: StepKind::Signature,
        who: vec![ministry.sam.person.clone()],
        given: None,
    };
    let visa = Step {
        name: "legal".into(),
        kind: StepKind::Visa,
        who: vec![ministry.lena.person.clone()],
        given: None,
    };
    let steps = |steps: &[&Step], four_eyes: bool| {
        ministry.define(Procedure {
            steps: steps.iter().map(|step| (*step).clone()).collect(),
            four_eyes,
            ..Procedure::default()
        });
    };
    steps(&[&signature], false);
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    steps(&[&visa, &signature], false);
    ministry.write(OTHER, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [1, 2], "nobody had done anything about 1");
    assert_eq!(ministry.act(1, &ONLY, &ministry.sam), Ok(State::Released));
    assert!(ministry.kestria_sees(NOTE).is_some(), "as it was asked for");
    assert_eq!(ministry.kestria_sees(OTHER), None);
    let sign = Act::Sign {
        step: 1,
        reserved: false,
    };
    let tried = ministry.act(2, &sign, &ministry.sam);
    assert_eq!(tried, Err(Forbidden::VisasMissing));
    // A second pair of eyes that was asked for since is one as well; and a newer version of what waits takes what it takes by now.
    steps(&[&visa, &signature], true);
    ministry.write(INDICATOR, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [2, 3]);
    ministry.write(OTHER, 1, ministry.amber(), &ministry.eva);
    assert_eq!(
        ministry.open(),
        [3],
        "it joined what has the same before it"
    );
    let tried = ministry.act(3, &sign, &ministry.sam);
    assert_eq!(tried, Err(Forbidden::VisasMissing));
}

#[test]
fn a_visa_is_given_to_what_was_read_as_well() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    let read = ministry.happened(1, &ministry.lena);
    ministry.write(OTHER, 0, ministry.amber(), &ministry.eva);
    let visa = |seen| ministry.act_having_read(super::LEGAL, seen, &ministry.lena);
    assert_eq!(visa(Some(read)), Err(Forbidden::Changed));
    assert_eq!(visa(None), Err(Forbidden::Unseen));
    assert!(visa(Some(ministry.happened(1, &ministry.lena))).is_ok());
}

#[test]
fn who_may_not_release_sends_nothing_where_no_step_is_defined() {
    let ministry = Ministry::new();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert!(ministry.seen(NOTE, &ministry.eva.viewer).is_some());
    assert_eq!(ministry.open(), [1]);
    ministry.act(1, &ONLY, &ministry.sam).unwrap();
    assert!(ministry.kestria_sees(NOTE).is_some());
    // What goes to nobody, and what somebody writes who may, waits for nothing.
    ministry.write(INDICATOR, 0, Marking::default(), &ministry.eva);
    ministry.write(OTHER, 0, ministry.amber(), &ministry.sam);
    assert!(ministry.kestria_sees(OTHER).is_some());
    assert_eq!(ministry.open(), Vec::<u64>::new());
}

#[test]
fn what_waits_says_what_it_was_asked_for() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    let asked = |id: &str| {
        let asked = node
            .clearance()
            .asked_for(&ministry.eva.viewer, &id.parse().unwrap())
            .unwrap();
        asked.map(|asked| asked.into_inner().label().unwrap().class.tlp())
    };
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert_eq!(asked(NOTE), Some(Tlp::Amber));
    assert_eq!(asked(OTHER), None);
    // Who may not see what waits is not told that something does.
    let others = node.viewer_of(&ministry.kestria, true);
    let theirs = node
        .clearance()
        .asked_for(&others, &NOTE.parse().unwrap())
        .unwrap();
    assert!(theirs.is_none());
    // A newer version that asks for nothing stands for itself, and the one before asks for nothing any more.
    ministry.write(NOTE, 1, Marking::default(), &ministry.eva);
    assert_eq!(asked(NOTE), None);
    assert_eq!(ministry.open(), Vec::<u64>::new());
}

#[test]
fn what_somebody_writes_through_a_desk_is_taken_whole_while_they_may_or_not_at_all() {
    let ministry = Ministry::new();
    let node = &ministry.house.node;
    let home = node.home().id.clone();
    let note = |id: &str, content: &str| {
        format!(
            r#"{{"type":"note","spec_version":"2.1","id":"{id}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","created_by_ref":"{home}",{content}"object_refs":["{home}"]}}"#
        )
    };
    let whole = |last: &str, by: &Actor| {
        let (one, other) = (note(NOTE, r#""content":"x","#), note(OTHER, last));
        let bytes = format!("{one}{other}");
        let submission = Submission {
            objects: vec![0..one.len(), one.len()..bytes.len()],
            bytes: bytes.into(),
            channel: Channel::Local,
            submitter: home.clone(),
            person: Some(by.person.clone()),
            collection: "situation".into(),
            marking: Marking::default(),
        };
        node.write_whole(vec![submission], by).unwrap().wait()
    };
    let refused = whole(r#""content":"SECRET//NOFORN","#, &ministry.eva).unwrap_err();
    let not = refused.downcast_ref::<crate::NotTaken>().unwrap();
    assert!(
        not.is_above && not.code == Some("above") && not.reason.contains("classification"),
        "{not}"
    );
    assert_eq!(ministry.seen(NOTE, &ministry.eva.viewer), None);
    let quarantined = node.quarantine(0, 10).unwrap();
    assert!(quarantined.is_empty(), "{quarantined:?}");
    let tried = whole(r#""content":"y","#, &ministry.lena);
    assert_eq!(
        crate::users::tests::refused(tried),
        Refused::NotAllowed(Right::Release)
    );
    assert_eq!(ministry.seen(NOTE, &ministry.eva.viewer), None);
    assert!(whole(r#""content":"y","#, &ministry.eva).is_ok());
    assert!(ministry.seen(OTHER, &ministry.eva.viewer).is_some());
}
