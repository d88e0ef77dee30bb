//! On a node: a ministry with a lawyer, an adviser and a signatory, told as it happens.

use bytes::Bytes;
use policy::{Member, Purpose, Tlp, Viewer};
use stix::ObjectId;

use super::{LEGAL, POLITICAL, SIGN, silence};
use crate::clearance::{
    Act, Awaits, Forbidden, Lapse, NewDelegation, NewStanding, Opened, Opening, Procedure, Said,
    State, Step, StepKind, What,
};
use crate::clock::{DAY, HOUR};
use crate::register::{Kind, Participant};
use crate::submission::{Channel, Marking, Submission};
use crate::users::tests::{House, house, refused};
use crate::users::{Actor, Refused, Right, Role, UserChange};

struct Ministry {
    house: House,
    ada: Actor,
    eva: Actor,
    lena: Actor,
    paul: Actor,
    sam: Actor,
    kestria: ObjectId,
}

const NOTE: &str = "note--00000000-0000-4000-8000-000000000001";
const OTHER: &str = "note--00000000-0000-4000-8000-000000000002";
const INDICATOR: &str = "indicator--00000000-0000-4000-8000-000000000003";

fn step(name: &str, kind: StepKind, who: &Actor) -> Step {
    Step {
        name: name.into(),
        kind,
        who: vec![who.person.clone()],
        given: None,
    }
}

impl Ministry {
    fn new() -> Self {
        let house = house();
        let ada = house.administrator();
        let somebody = |name: &str, roles: &[Role]| house.somebody(name, roles, &ada);
        let kestria: ObjectId = "identity--00000000-0000-4000-8000-00000000000a"
            .parse()
            .unwrap();
        let known = Participant::new(kestria.clone(), "Kestria", Kind::State);
        house.node.add_participant(known).wait().unwrap();
        Self {
            eva: somebody("Eva Holm", &[Role::Editor]),
            lena: somebody("Lena Marsh", &[Role::Reader]),
            paul: somebody("Paul Ode", &[Role::Reader]),
            sam: somebody("Sam Rook", &[Role::Releaser]),
            ada,
            house,
            kestria,
        }
    }

    /// With a legal and a political visa before the signature.
    fn with_steps() -> Self {
        let ministry = Self::new();
        ministry.define(Procedure {
            steps: vec![
                step("legal", StepKind::Visa, &ministry.lena),
                step("political", StepKind::Visa, &ministry.paul),
                step("signature", StepKind::Signature, &ministry.sam),
            ],
            ..Procedure::default()
        });
        ministry
    }

    fn define(&self, procedure: Procedure) {
        self.house
            .node
            .clearance()
            .define(procedure, &self.ada)
            .wait()
            .unwrap();
    }

    fn amber(&self) -> Marking {
        Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(self.kestria.clone())],
        }
    }

    fn write(&self, id: &str, version: u8, marking: Marking, by: &Actor) {
        let home = self.house.node.home().id.clone();
        let kind = id.split("--").next().unwrap();
        let at = "2020-01-01T00:00:00.000Z";
        let rest = match kind {
            "indicator" => format!(
                r#""pattern":"[ipv4-addr:value = '192.0.2.1']","pattern_type":"stix","valid_from":"{at}""#
            ),
            _ => format!(r#""content":"x","object_refs":["{home}"]"#),
        };
        let object = format!(
            r#"{{"type":"{kind}","spec_version":"2.1","id":"{id}","created":"{at}","modified":"202{version}-01-01T00:00:00.000Z","created_by_ref":"{home}",{rest}}}"#
        );
        let submission = Submission {
            objects: std::iter::once(0..object.len()).collect(),
            bytes: Bytes::from(object),
            channel: Channel::Local,
            submitter: home,
            person: Some(by.person.clone()),
            collection: "situation".into(),
            marking,
        };
        let receipt = self.house.node.accept(submission).unwrap().wait().unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    }

    /// The version of something that somebody sees.
    fn seen(&self, id: &str, viewer: &Viewer) -> Option<String> {
        let found = self
            .house
            .node
            .stood(viewer, Purpose::Relay, &id.parse().unwrap())
            .unwrap();
        found.map(|stood| stood.into_inner().record.version[..4].to_owned())
    }

    fn kestria_sees(&self, id: &str) -> Option<String> {
        self.seen(id, &self.house.node.viewer_of(&self.kestria, true))
    }

    fn act(&self, number: u64, act: &Act, by: &Actor) -> Result<State, Forbidden> {
        self.act_as(number, act, None, by)
    }

    fn act_as(
        &self,
        number: u64,
        act: &Act,
        delegation: Option<u64>,
        by: &Actor,
    ) -> Result<State, Forbidden> {
        let said = Said {
            words: "because".into(),
            delegation,
            ..Said::default()
        };
        let acted = self
            .house
            .node
            .clearance()
            .act(number, act.clone(), said, by)
            .wait();
        acted.map(|case| case.state).map_err(|error| {
            let forbidden = error.downcast_ref::<Forbidden>().cloned();
            forbidden.unwrap_or_else(|| panic!("{error:#}"))
        })
    }

    fn open(&self) -> Vec<u64> {
        let open = self.house.node.clearance().open_cases().unwrap();
        open.iter().map(|case| case.number).collect()
    }

    fn carry_out(&self) {
        while self.house.node.carry_out().wait().unwrap() {}
    }

    fn trail(&self, number: u64) -> Vec<String> {
        let subject = format!("case {number}");
        let lines = self
            .house
            .node
            .trail(None, Some(&subject), 50, &self.ada)
            .unwrap();
        lines
            .into_iter()
            .rev()
            .map(|line| format!("{} {}", line.name, line.action))
            .collect()
    }
}

#[test]
fn a_draft_leaves_after_its_visas_and_its_signature() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert!(
        ministry.seen(NOTE, &ministry.lena.viewer).is_some(),
        "our own people see the draft"
    );
    let turns = |by: &Actor| {
        let case = node.clearance().open_cases().unwrap().remove(0);
        node.clearance().waits_for(&case, by)
    };
    assert!(turns(&ministry.lena) && turns(&ministry.paul));
    assert!(
        !turns(&ministry.sam) && !turns(&ministry.eva),
        "not yet, and not hers"
    );
    assert_eq!(
        ministry.act(1, &SIGN, &ministry.sam),
        Err(Forbidden::VisasMissing)
    );
    assert_eq!(
        ministry.act(1, &LEGAL, &ministry.paul),
        Err(Forbidden::NotYours)
    );
    let reserved = Act::Visa {
        step: 0,
        reserved: true,
    };
    assert_eq!(ministry.act(1, &reserved, &ministry.lena), Ok(State::Open));
    assert_eq!(ministry.act(1, &POLITICAL, &ministry.paul), Ok(State::Open));
    assert!(turns(&ministry.sam) && ministry.kestria_sees(NOTE).is_none());
    assert_eq!(ministry.act(1, &SIGN, &ministry.sam), Ok(State::Released));
    assert_eq!(
        ministry.kestria_sees(NOTE).as_deref(),
        Some("2020"),
        "in the same commit"
    );
    assert!(ministry.open().is_empty());
    assert_eq!(
        ministry.trail(1),
        [
            "Eva Holm clearance.open",
            "Lena Marsh clearance.visa",
            "Paul Ode clearance.visa",
            "Sam Rook clearance.sign",
            "node clearance.release"
        ]
    );
    assert!(node.verify_trail().unwrap().is_ok());
    let over = node
        .clearance()
        .case(&ministry.eva.viewer, 1)
        .unwrap()
        .unwrap()
        .into_inner();
    assert_eq!(
        (over.case.reservations().count(), over.records.len()),
        (1, 1)
    );
    assert_eq!(
        ministry.act(1, &Act::Withdraw, &ministry.eva),
        Err(Forbidden::Over)
    );
}

#[test]
fn a_new_version_that_waits_takes_nothing_from_who_had_the_one_before() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    for (act, by) in [
        (LEGAL, &ministry.lena),
        (POLITICAL, &ministry.paul),
        (SIGN, &ministry.sam),
    ] {
        ministry.act(1, &act, by).unwrap();
    }
    ministry.write(NOTE, 1, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2020"));
    let refuse = Act::Refuse { step: 0 };
    assert_eq!(ministry.act(2, &refuse, &ministry.lena), Ok(State::Refused));
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2020"));
    // But what tightens reaches back at once, and asks nobody.
    let nobody = Marking {
        tlp: Some(Tlp::AmberStrict),
        audience: Vec::new(),
    };
    ministry.write(NOTE, 2, nobody, &ministry.eva);
    assert_eq!(
        (ministry.kestria_sees(NOTE), ministry.open()),
        (None, vec![])
    );
}

#[test]
fn what_was_tightened_meanwhile_is_not_released() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    for (act, by) in [(LEGAL, &ministry.lena), (POLITICAL, &ministry.paul)] {
        ministry.act(1, &act, by).unwrap();
    }
    let red = Marking {
        tlp: Some(Tlp::Red),
        audience: vec![Member::Person(ministry.eva.person.clone())],
    };
    ministry.write(NOTE, 1, red, &ministry.eva);
    // The signatory may not see it any more, so that there is no such case for them.
    assert_eq!(
        ministry.act(1, &SIGN, &ministry.sam),
        Err(Forbidden::Absent)
    );
    assert_eq!(
        ministry.act(99, &SIGN, &ministry.sam),
        Err(Forbidden::Absent)
    );
    assert_eq!(ministry.kestria_sees(NOTE), None);
}

#[test]
fn red_waits_with_those_whom_it_names() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    let named = |who: &Actor| Member::Person(who.person.clone());
    let outside: ObjectId = "identity--00000000-0000-4000-8000-0000000000bb"
        .parse()
        .unwrap();
    let red = Marking {
        tlp: Some(Tlp::Red),
        audience: vec![named(&ministry.lena), Member::Person(outside)],
    };
    ministry.write(NOTE, 0, red, &ministry.eva);
    for (by, sees) in [
        (&ministry.eva, true),
        (&ministry.lena, true),
        (&ministry.paul, false),
        (&ministry.sam, false),
    ] {
        assert_eq!(
            ministry.seen(NOTE, &by.viewer).is_some(),
            sees,
            "{}",
            by.name
        );
        assert_eq!(
            node.clearance().open_to(&by.viewer).unwrap().len(),
            usize::from(sees),
            "{}",
            by.name
        );
    }
    assert_eq!(
        ministry.act(1, &POLITICAL, &ministry.paul),
        Err(Forbidden::Absent)
    );
    assert_eq!(ministry.act(1, &LEGAL, &ministry.lena), Ok(State::Open));
}

#[test]
fn a_small_organ_sets_one_step_and_it_stays_out_of_the_way() {
    let ministry = Ministry::new();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert!(
        ministry.kestria_sees(NOTE).is_some(),
        "no steps: as it always was"
    );
    let one = Procedure {
        steps: vec![step("signature", StepKind::Signature, &ministry.sam)],
        ..Procedure::default()
    };
    ministry.define(one.clone());
    ministry.write(NOTE, 1, ministry.amber(), &ministry.sam);
    assert_eq!(
        ministry.kestria_sees(NOTE).as_deref(),
        Some("2021"),
        "who signs sends"
    );
    ministry.write(NOTE, 2, ministry.amber(), &ministry.eva);
    assert_eq!(
        (ministry.kestria_sees(NOTE).as_deref(), ministry.open()),
        (Some("2021"), vec![1])
    );
    ministry
        .act(
            1,
            &Act::Sign {
                step: 0,
                reserved: false,
            },
            &ministry.sam,
        )
        .unwrap();
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2022"));
    // With two pairs of eyes, or for everybody, the signatory alone is not enough.
    let clear = Marking {
        tlp: Some(Tlp::Clear),
        audience: Vec::new(),
    };
    ministry.write(OTHER, 0, clear, &ministry.sam);
    assert_eq!(
        ministry.act(
            2,
            &Act::Sign {
                step: 0,
                reserved: false
            },
            &ministry.sam
        ),
        Err(Forbidden::OwnCase)
    );
    ministry.define(Procedure {
        four_eyes: true,
        ..one
    });
    ministry.write(NOTE, 3, ministry.amber(), &ministry.sam);
    assert_eq!(
        ministry.act(
            3,
            &Act::Sign {
                step: 0,
                reserved: false
            },
            &ministry.sam
        ),
        Err(Forbidden::OwnCase)
    );
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2022"));
}

#[test]
fn another_desk_is_not_governed() {
    let ministry = Ministry::with_steps();
    let mut procedure = ministry.house.node.clearance().procedure();
    procedure.desks = vec!["norms".into()];
    ministry.define(procedure);
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    assert!(ministry.kestria_sees(NOTE).is_some());
}

#[test]
fn a_standing_authorisation_lets_indicators_go_until_its_end_and_never_again() {
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
        .authorise(new.clone(), &ministry.eva)
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
            .authorise(public, &ministry.sam)
            .wait()
            .is_err()
    );
    node.clearance()
        .authorise(new, &ministry.sam)
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
    assert_eq!(ministry.open(), [1, 2], "wider than was authorised");
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
    suspend(&[Role::Reader]);
    lapsed(good, Lapse::GiverMayNot);
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

#[test]
fn the_terminal_only_withdraws_and_a_page_that_is_out_of_date_does_nothing() {
    let ministry = Ministry::with_steps();
    let node = &ministry.house.node;
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    let terminal = node.at_terminal("operator");
    for act in [LEGAL, SIGN, Act::Break, silence(node.now() + HOUR)] {
        let right = act.right();
        let acted = node
            .clearance()
            .act(1, act, Said::default(), &terminal)
            .wait();
        assert_eq!(refused(acted), Refused::NotAllowed(right));
    }
    let stale = |seen: usize, by: &Actor| {
        let said = Said {
            seen: Some(seen),
            ..Said::default()
        };
        node.clearance()
            .act(1, LEGAL, said, by)
            .wait()
            .map(|case| case.events.len())
    };
    let changed = stale(0, &ministry.lena).unwrap_err();
    assert_eq!(changed.downcast_ref(), Some(&Forbidden::Changed));
    assert_eq!(stale(1, &ministry.lena).unwrap(), 2);
    let withdrawn = node
        .clearance()
        .act(1, Act::Withdraw, Said::default(), &terminal)
        .wait();
    assert_eq!(withdrawn.unwrap().state, State::Withdrawn);
    assert_eq!(ministry.kestria_sees(NOTE), None);
}

#[test]
fn what_was_asked_for_together_is_one_case() {
    let ministry = Ministry::with_steps();
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    ministry.write(OTHER, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [1], "nobody had looked at it yet");
    ministry.act(1, &LEGAL, &ministry.lena).unwrap();
    ministry.write(INDICATOR, 0, ministry.amber(), &ministry.eva);
    assert_eq!(ministry.open(), [1, 2], "what has a visa is not added to");
}
