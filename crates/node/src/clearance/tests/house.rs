//! On a node: a ministry with a lawyer, an adviser and a signatory, told as it happens.

use bytes::Bytes;
use policy::{Member, Purpose, Tlp, Viewer};
use stix::ObjectId;

use super::{LEGAL, POLITICAL, SIGN, silence};
use crate::clearance::{Act, Forbidden, Procedure, Said, State, Step, StepKind};
use crate::clock::HOUR;
use crate::register::{Kind, Participant};
use crate::submission::{Channel, Marking, Submission};
use crate::users::tests::{House, house, refused};
use crate::users::{Actor, Refused, Role};

pub(super) struct Ministry {
    pub(super) house: House,
    pub(super) ada: Actor,
    pub(super) eva: Actor,
    pub(super) lena: Actor,
    pub(super) paul: Actor,
    pub(super) sam: Actor,
    pub(super) kestria: ObjectId,
}

pub(super) const NOTE: &str = "note--00000000-0000-4000-8000-000000000001";
pub(super) const OTHER: &str = "note--00000000-0000-4000-8000-000000000002";
const THIRD: &str = "note--00000000-0000-4000-8000-000000000004";
const FOURTH: &str = "note--00000000-0000-4000-8000-000000000005";
const FIFTH: &str = "note--00000000-0000-4000-8000-000000000006";
pub(super) const INDICATOR: &str = "indicator--00000000-0000-4000-8000-000000000003";

fn step(name: &str, kind: StepKind, who: &Actor) -> Step {
    Step {
        name: name.into(),
        kind,
        who: vec![who.person.clone()],
        given: None,
    }
}

impl Ministry {
    pub(super) fn new() -> Self {
        let house = house();
        let ada = house.administrator();
        let somebody = |name: &str, roles: &[Role]| house.somebody(name, roles, &ada);
        let kestria: ObjectId = "identity--00000000-0000-4000-8000-00000000000a"
            .parse()
            .unwrap();
        let known = Participant::new(kestria.clone(), "Kestria", Kind::State);
        house
            .node
            .add_participant(known, &house.node.at_terminal("operator"))
            .wait()
            .unwrap();
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
    pub(super) fn with_steps() -> Self {
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

    pub(super) fn define(&self, procedure: Procedure) {
        self.house
            .node
            .clearance()
            .define(procedure, &self.ada)
            .wait()
            .unwrap();
    }

    pub(super) fn amber(&self) -> Marking {
        Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(self.kestria.clone())],
        }
    }

    /// Brought by a program in somebody's name, or by their file.
    pub(super) fn write(&self, id: &str, version: u8, marking: Marking, by: &Actor) {
        let submission = self.submission(&[(id, version)], marking, by);
        let receipt = self.house.node.accept(submission).unwrap().wait().unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    }

    /// Submitted on a page, all of it at once.
    pub(super) fn submit(&self, pieces: &[(&str, u8)], marking: Marking, by: &Actor) {
        let submission = self.submission(pieces, marking, by);
        let node = &self.house.node;
        let receipts = node.write_whole(vec![submission], by).unwrap().wait();
        assert_eq!(receipts.unwrap()[0].successes(), pieces.len());
    }

    fn submission(&self, pieces: &[(&str, u8)], marking: Marking, by: &Actor) -> Submission {
        let (mut bytes, mut objects) = (String::new(), Vec::new());
        for (id, version) in pieces {
            let object = self.object(id, *version);
            objects.push(bytes.len()..bytes.len() + object.len());
            bytes.push_str(&object);
        }
        Submission {
            bytes: Bytes::from(bytes),
            objects,
            channel: Channel::Local,
            submitter: self.house.node.home().id.clone(),
            person: Some(by.person.clone()),
            collection: "situation".into(),
            marking,
        }
    }

    fn object(&self, id: &str, version: u8) -> String {
        let home = self.house.node.home().id.clone();
        let kind = id.split("--").next().unwrap();
        let at = "2020-01-01T00:00:00.000Z";
        let rest = match kind {
            "indicator" => format!(
                r#""pattern":"[ipv4-addr:value = '192.0.2.1']","pattern_type":"stix","valid_from":"{at}""#
            ),
            _ => format!(r#""content":"x","object_refs":["{home}"]"#),
        };
        format!(
            r#"{{"type":"{kind}","spec_version":"2.1","id":"{id}","created":"{at}","modified":"202{version}-01-01T00:00:00.000Z","created_by_ref":"{home}",{rest}}}"#
        )
    }

    /// The version of something that somebody sees.
    pub(super) fn seen(&self, id: &str, viewer: &Viewer) -> Option<String> {
        let found = self
            .house
            .node
            .stood(viewer, Purpose::Relay, &id.parse().unwrap())
            .unwrap();
        found.map(|stood| stood.into_inner().record.version[..4].to_owned())
    }

    pub(super) fn kestria_sees(&self, id: &str) -> Option<String> {
        self.seen(id, &self.house.node.viewer_of(&self.kestria, true))
    }

    pub(super) fn act(&self, number: u64, act: &Act, by: &Actor) -> Result<State, Forbidden> {
        self.act_as(number, act, None, by)
    }

    pub(super) fn act_as(
        &self,
        number: u64,
        act: &Act,
        delegation: Option<u64>,
        by: &Actor,
    ) -> Result<State, Forbidden> {
        let all = self.house.node.clearance().open_cases().unwrap();
        let read = all.iter().find(|case| case.number == number);
        let said = Said {
            words: "because".into(),
            delegation,
            seen: Some(read.map_or(0, crate::clearance::Case::happened)),
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

    pub(super) fn open(&self) -> Vec<u64> {
        let open = self.house.node.clearance().open_cases().unwrap();
        open.iter().map(|case| case.number).collect()
    }

    pub(super) fn carry_out(&self) {
        while self.house.node.carry_out().wait().unwrap() {}
    }

    pub(super) fn trail(&self, number: u64) -> Vec<String> {
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
    ministry.write(NOTE, 0, ministry.amber(), &ministry.sam);
    assert!(
        ministry.kestria_sees(NOTE).is_some(),
        "no steps: who may release sends"
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
    ministry.write(NOTE, 0, ministry.amber(), &ministry.sam);
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

#[test]
fn what_somebody_submits_by_and_by_is_signed_one_by_one() {
    let ministry = Ministry::with_steps();
    let counts = |expected: &[(u64, i64)]| {
        let open = ministry.house.node.clearance().open_cases().unwrap();
        let counts: Vec<(u64, i64)> = open.iter().map(|one| (one.number, one.count())).collect();
        assert_eq!(counts, expected);
    };
    ministry.submit(&[(NOTE, 0), (OTHER, 0)], ministry.amber(), &ministry.eva);
    counts(&[(1, 2)]);
    // Another paper, for the same readers: whoever signs it need not sign the first.
    ministry.submit(&[(INDICATOR, 0)], ministry.amber(), &ministry.eva);
    counts(&[(1, 2), (2, 1)]);
    // A newer version stays with what its older one was submitted with, and what comes in with it is a part of it.
    ministry.submit(&[(OTHER, 1), (THIRD, 0)], ministry.amber(), &ministry.eva);
    counts(&[(1, 3), (2, 1)]);
    ministry.submit(&[(INDICATOR, 1)], ministry.amber(), &ministry.eva);
    counts(&[(1, 3), (2, 1)]);
    // What a program brings in the same name is no part of what its owner submitted; a correction is.
    ministry.write(FOURTH, 0, ministry.amber(), &ministry.eva);
    counts(&[(1, 3), (2, 1), (3, 1)]);
    ministry.write(INDICATOR, 2, ministry.amber(), &ministry.eva);
    counts(&[(1, 3), (2, 1), (3, 1)]);
    ministry.submit(&[(FIFTH, 0)], ministry.amber(), &ministry.eva);
    counts(&[(1, 3), (2, 1), (3, 1), (4, 1)]);
    // One case is refused, and nothing of the others with it.
    ministry.act(2, &Act::Withdraw, &ministry.eva).unwrap();
    for (act, by) in [
        (LEGAL, &ministry.lena),
        (POLITICAL, &ministry.paul),
        (SIGN, &ministry.sam),
    ] {
        ministry.act(1, &act, by).unwrap();
    }
    assert_eq!(ministry.kestria_sees(OTHER).as_deref(), Some("2021"));
    assert_eq!(ministry.kestria_sees(INDICATOR), None);
    counts(&[(3, 1), (4, 1)]);
}

#[test]
fn what_a_desk_declares_leaves_by_a_signature_alone() {
    let ministry = Ministry::new();
    let node = &ministry.house.node;
    node.declare_signed(&["note"]);
    // No step is defined: a note waits all the same, and anything else goes by the word of whoever may release.
    ministry.write(NOTE, 0, ministry.amber(), &ministry.eva);
    ministry.write(INDICATOR, 0, ministry.amber(), &ministry.sam);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert!(ministry.kestria_sees(INDICATOR).is_some());
    let [case] = ministry.open()[..] else {
        panic!("{:?}", ministry.open())
    };
    let sign = Act::Sign {
        step: 0,
        reserved: false,
    };
    let tried = node
        .clearance()
        .act(
            case,
            sign.clone(),
            Said {
                seen: Some(1),
                ..Said::default()
            },
            &ministry.eva,
        )
        .wait();
    assert!(tried.is_err(), "{tried:?}");
    assert_eq!(
        ministry.act(case, &sign, &ministry.sam),
        Ok(State::Released)
    );
    assert!(ministry.kestria_sees(NOTE).is_some());
    // Who may sign has signed by sending.
    ministry.write(OTHER, 0, ministry.amber(), &ministry.sam);
    assert!(ministry.kestria_sees(OTHER).is_some());
    assert_eq!(ministry.open(), Vec::<u64>::new());
}
