//! What one person, or a program with their token, writes lets nobody have more than they may: whatever stands in the bytes, in whichever order
//! it comes. What takes something back waits for nobody, and what is for fewer by now stays so.

use bytes::Bytes;
use policy::{Tlp, Viewer};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

use super::house::{Ministry, NOTE};
use super::{LEGAL, POLITICAL, SIGN};
use crate::clearance::{Act, Forbidden, Procedure, State, Step, StepKind};
use crate::clock::DAY;
use crate::submission::{Channel, Marking, Receipt, Submission};
use crate::users::{Actor, NewToken, Role, Scope};

const MARKING: &str = "marking-definition--00000000-0000-4000-8000-0000000000f1";
const ONLY: Act = Act::Sign {
    step: 0,
    reserved: false,
};

fn chosen(tlp: Tlp) -> Marking {
    Marking {
        tlp: Some(tlp),
        audience: Vec::new(),
    }
}

impl Ministry {
    /// A note of ours in a version, with further members.
    fn note(&self, version: u8, content: &str, rest: &str) -> String {
        let home = &self.house.node.home().id;
        format!(
            r#"{{"type":"note","spec_version":"2.1","id":"{NOTE}","created":"2020-01-01T00:00:00.000Z","modified":"202{version}-01-01T00:00:00.000Z","created_by_ref":"{home}","content":"{content}","object_refs":["{home}"]{rest}}}"#
        )
    }

    fn marked(&self, version: u8, markings: &[&str]) -> String {
        let refs = markings.join(r#"",""#);
        self.note(
            version,
            "x",
            &format!(r#","object_marking_refs":["{refs}"]"#),
        )
    }

    /// A marking of ours for Kestria.
    fn for_kestria(&self) -> String {
        let access = AccessMarking {
            audience: Some(vec![Audience::Identity(self.kestria.clone())]),
            ..AccessMarking::default()
        };
        let id: ObjectId = MARKING.parse().unwrap();
        let at = Timestamp::parse("2020-01-01T00:00:00.000Z").unwrap();
        access.definition(&id, &at, Some(&self.house.node.home().id))
    }

    fn given(
        &self,
        objects: &[String],
        channel: Channel,
        by: Option<&Actor>,
        marking: Marking,
    ) -> Submission {
        let mut text = String::new();
        let mut ranges = Vec::new();
        for object in objects {
            ranges.push(text.len()..text.len() + object.len());
            text.push_str(object);
        }
        Submission {
            bytes: Bytes::from(text),
            objects: ranges,
            channel,
            submitter: self.house.node.home().id.clone(),
            person: by.map(|by| by.person.clone()),
            collection: "situation".into(),
            marking,
        }
    }

    /// Brought by a door, for whom no session is asked.
    fn bring(&self, objects: &[String], channel: Channel, marking: Marking) -> Receipt {
        let given = self.given(objects, channel, None, marking);
        let receipt = self.house.node.accept(given).unwrap().wait().unwrap();
        assert_eq!(receipt.successes(), objects.len(), "{receipt:?}");
        receipt
    }

    /// Written by somebody, in person or by a token of theirs.
    fn typed(&self, objects: &[String], marking: Marking, by: &Actor) {
        let given = self.given(objects, Channel::Local, Some(by), marking);
        let receipt = self.house.node.write(given, by).unwrap().wait().unwrap();
        assert_eq!(receipt.successes(), objects.len(), "{receipt:?}");
    }

    /// Somebody who writes and releases, and a program with their token.
    fn both(&self) -> (Actor, Actor) {
        let rita = self
            .house
            .somebody("Rita Vane", &[Role::Editor, Role::Releaser], &self.ada);
        let new = NewToken {
            name: "notebook".into(),
            scope: Scope::Write,
            days: 1,
        };
        let node = &self.house.node;
        let secret = node.add_token(new, &rita).wait().unwrap();
        let program = node.actor_by_token(&secret).unwrap().unwrap();
        (rita, program)
    }

    fn is_public(&self) -> bool {
        self.seen(NOTE, &Viewer::public()).is_some()
    }

    fn one_signature(&self) {
        self.define(Procedure {
            steps: vec![Step {
                name: "signature".into(),
                kind: StepKind::Signature,
                who: vec![self.sam.person.clone()],
                given: None,
            }],
            ..Procedure::default()
        });
    }

    fn sign(&self, number: u64) -> Result<State, Forbidden> {
        self.act(number, &ONLY, &self.sam)
    }
}

#[test]
fn what_its_writer_marks_clear_is_published_by_a_second_person() {
    let clear = [TlpName::Clear.id()];
    for marking in [Marking::default(), chosen(Tlp::Clear)] {
        let ministry = Ministry::new();
        let (rita, program) = ministry.both();
        for (version, by) in [&rita, &program, &ministry.eva].into_iter().enumerate() {
            let version = u8::try_from(version).unwrap();
            ministry.typed(&[ministry.marked(version, &clear)], marking.clone(), by);
            assert!(!ministry.is_public(), "{} {marking:?}", by.name);
            let open = ministry.house.node.clearance().open_cases().unwrap();
            let [case] = &open[..] else {
                panic!("{open:?}")
            };
            assert!(case.public, "{case:?}");
            assert_eq!(case.asked_by, by.person.as_str(), "who asked last");
            if by.person == rita.person {
                let own = ministry.act(case.number, &ONLY, &rita);
                let why = "nobody signs what they asked for";
                assert_eq!(own, Err(Forbidden::OwnCase), "{why}");
            }
        }
        assert_eq!(ministry.open(), [2]);
        assert_eq!(ministry.sign(2), Ok(State::Cleared));
        ministry.house.clock.advance(2 * DAY);
        ministry.carry_out();
        assert!(ministry.is_public());
    }
}

#[test]
fn a_program_of_ours_publishes_nothing_alone_and_an_operators_file_says_what_was_public() {
    let clear = [TlpName::Clear.id()];
    let ministry = Ministry::new();
    let program = Channel::Access("feed".into());
    let home = ministry.house.node.home().id.clone();
    let whose = format!(r#""created_by_ref":"{home}","#);
    let nameless = |version| ministry.marked(version, &clear).replace(&whose, "");
    ministry.bring(&[nameless(0)], program.clone(), Marking::default());
    assert!(!ministry.is_public());
    assert_eq!(ministry.open(), [1]);
    assert_eq!(ministry.sign(1), Ok(State::Cleared));
    ministry.house.clock.advance(2 * DAY);
    ministry.carry_out();
    assert!(ministry.is_public());
    // A next version waits, and takes nothing from those who have the one before.
    ministry.bring(&[nameless(1)], program, Marking::default());
    let public = ministry.seen(NOTE, &Viewer::public());
    assert_eq!(public.as_deref(), Some("2020"));
    // Earlier records of our own that were public come back by a file as what they were.
    let ministry = Ministry::new();
    ministry.bring(
        &[ministry.marked(0, &clear)],
        Channel::Import,
        Marking::default(),
    );
    assert!(ministry.is_public());
    // Where the organ has laid down steps, they are asked of a file, too.
    let ministry = Ministry::with_steps();
    ministry.bring(
        &[ministry.marked(0, &clear)],
        Channel::Import,
        Marking::default(),
    );
    assert!(!ministry.is_public());
}

#[test]
fn what_a_marking_of_ours_publishes_waits_as_well() {
    let ministry = Ministry::new();
    let home = &ministry.house.node.home().id;
    let definition = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{MARKING}","created":"2020-01-01T00:00:00.000Z","created_by_ref":"{home}","definition_type":"statement","definition":{{"statement":"The line to take"}},"object_marking_refs":["{}"]}}"#,
        TlpName::Clear.id()
    );
    ministry.typed(&[definition], Marking::default(), &ministry.eva);
    assert_eq!(ministry.seen_at_all(MARKING, &Viewer::public()), None);
}

impl Ministry {
    /// Whether somebody sees something that may have no versions.
    fn seen_at_all(&self, id: &str, viewer: &Viewer) -> Option<()> {
        let id = id.parse().unwrap();
        let found = self.house.node.stood(viewer, policy::Purpose::Relay, &id);
        found.unwrap().map(|_| ())
    }
}

#[test]
fn what_a_definition_says_besides_whom_it_names_waits_as_well() {
    for steps in [false, true] {
        for asks in [None, Some("a text"), Some("a name"), Some("a circle")] {
            let ministry = match steps {
                true => Ministry::with_steps(),
                false => Ministry::new(),
            };
            let home = &ministry.house.node.home().id;
            let label = ministry.for_kestria();
            let definition = match asks {
                // A label goes with what it is put on, whoever wrote it.
                None => label.clone(),
                Some("a text") => format!(
                    r#"{{"type":"marking-definition","spec_version":"2.1","id":"{MARKING}","created":"2020-01-01T00:00:00.000Z","created_by_ref":"{home}","definition_type":"statement","definition":{{"statement":"The line to take"}}}}"#
                ),
                Some("a name") => {
                    label.replace(r#""spec_version""#, r#""name":"To take","spec_version""#)
                }
                // One that nobody here has is a word.
                Some(_) => label.replace(r#""audience":["#, r#""audience":["circle:To.take","#),
            };
            assert_eq!(definition == label, asks.is_none());
            ministry.typed(&[definition], ministry.amber(), &ministry.eva);
            let kestria = ministry.house.node.viewer_of(&ministry.kestria, true);
            let told = format!("steps: {steps}, {asks:?}");
            let seen = ministry.seen_at_all(MARKING, &kestria).is_some();
            assert_eq!(seen, asks.is_none(), "{told}");
            let cases = if asks.is_none() { vec![] } else { vec![1] };
            assert_eq!(ministry.open(), cases, "{told}");
            if asks.is_some() && !steps {
                ministry.sign(1).unwrap();
                assert!(ministry.seen_at_all(MARKING, &kestria).is_some(), "{told}");
            }
        }
    }
}

#[test]
fn a_token_lets_nobody_have_what_its_owner_could_release() {
    let ministry = Ministry::new();
    let (rita, program) = ministry.both();
    ministry.typed(&[ministry.for_kestria()], Marking::default(), &rita);
    let note = |version| ministry.marked(version, &[TlpName::Amber.id(), MARKING]);
    // For our own participant, says the program; the bytes name Kestria.
    ministry.typed(&[note(0)], chosen(Tlp::AmberStrict), &program);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.open(), Vec::<u64>::new());
    // What the bytes ask for is asked for, in its owner's name; and done where they write it themselves.
    ministry.typed(&[note(1)], Marking::default(), &program);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.open(), [1]);
    ministry.typed(&[note(2)], Marking::default(), &rita);
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2022"));
}

#[test]
fn a_token_signs_nothing_where_one_signature_is_all() {
    let ministry = Ministry::new();
    let (rita, program) = ministry.both();
    ministry.define(Procedure {
        steps: vec![Step {
            name: "signature".into(),
            kind: StepKind::Signature,
            who: vec![rita.person.clone()],
            given: None,
        }],
        ..Procedure::default()
    });
    let note = |version| ministry.note(version, "x", "");
    ministry.typed(&[note(0)], ministry.amber(), &program);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    ministry.typed(&[note(1)], ministry.amber(), &rita);
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2021"));
}

/// How an organ asks before something leaves.
#[derive(Debug, Clone, Copy)]
enum Asks {
    Steps,
    Signature,
    NoStep,
    SignedKind,
}

#[test]
fn a_marking_that_comes_later_opens_nothing_that_it_would_not_have_opened_first() {
    for asks in [Asks::Steps, Asks::Signature, Asks::NoStep, Asks::SignedKind] {
        for later in [false, true] {
            for channel in [Channel::Local, Channel::Import] {
                let ministry = match asks {
                    Asks::Steps => Ministry::with_steps(),
                    Asks::Signature => {
                        let ministry = Ministry::new();
                        ministry.one_signature();
                        ministry
                    }
                    Asks::NoStep => Ministry::new(),
                    Asks::SignedKind => {
                        let ministry = Ministry::new();
                        ministry.house.node.declare_signed(&["note"]);
                        ministry
                    }
                };
                let told = format!("{asks:?}, later: {later}, {channel}");
                let note = ministry.marked(0, &[TlpName::Amber.id(), MARKING]);
                let mut objects = vec![ministry.for_kestria(), note];
                if later {
                    objects.reverse();
                }
                let by_file = channel == Channel::Import;
                match &channel {
                    Channel::Import => drop(ministry.bring(&objects, channel, Marking::default())),
                    _ => ministry.typed(&objects, Marking::default(), &ministry.eva),
                }
                // An operator's file sends where nobody has defined that somebody is asked.
                let free = by_file && matches!(asks, Asks::NoStep);
                assert_eq!(ministry.kestria_sees(NOTE).is_some(), free, "{told}");
                let open = ministry.house.node.clearance().open_cases().unwrap();
                let askers: Vec<&str> = open.iter().map(|case| case.asked_by.as_str()).collect();
                let asker = if by_file {
                    "import"
                } else {
                    ministry.eva.person.as_str()
                };
                let asked = if free { vec![] } else { vec![asker] };
                assert_eq!(askers, asked, "{told}");
                if free {
                    continue;
                }
                if matches!(asks, Asks::Steps) {
                    ministry.act(1, &LEGAL, &ministry.lena).unwrap();
                    ministry.act(1, &POLITICAL, &ministry.paul).unwrap();
                    ministry.act(1, &SIGN, &ministry.sam).unwrap();
                } else {
                    ministry.sign(1).unwrap();
                }
                assert!(ministry.kestria_sees(NOTE).is_some(), "{told}");
            }
        }
    }
}

#[test]
fn a_marking_that_comes_later_sends_at_once_what_a_releaser_wrote_and_nothing_of_a_token() {
    for by_token in [false, true] {
        let ministry = Ministry::new();
        let (rita, program) = ministry.both();
        let by = if by_token { &program } else { &rita };
        let note = ministry.marked(0, &[TlpName::Amber.id(), MARKING]);
        ministry.typed(&[note], Marking::default(), by);
        ministry.typed(&[ministry.for_kestria()], Marking::default(), &rita);
        assert_eq!(ministry.kestria_sees(NOTE).is_none(), by_token);
    }
    // For nobody else, it was said: that stays so.
    let ministry = Ministry::new();
    let (rita, _) = ministry.both();
    let note = ministry.marked(0, &[TlpName::Amber.id(), MARKING]);
    ministry.typed(&[note], chosen(Tlp::AmberStrict), &rita);
    ministry.typed(&[ministry.for_kestria()], Marking::default(), &rita);
    assert_eq!(ministry.kestria_sees(NOTE), None);
}

#[test]
fn nobody_signs_their_own_publication_because_a_marking_came_later() {
    let ministry = Ministry::new();
    let (rita, _) = ministry.both();
    let home = &ministry.house.node.home().id;
    let statement = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{MARKING}","created":"2020-01-01T00:00:00.000Z","created_by_ref":"{home}","definition_type":"statement","definition":{{"statement":"Working text"}}}}"#
    );
    ministry.typed(&[ministry.marked(0, &[MARKING])], chosen(Tlp::Clear), &rita);
    ministry.typed(&[statement], Marking::default(), &rita);
    assert_eq!(ministry.open(), [1]);
    assert_eq!(ministry.act(1, &ONLY, &rita), Err(Forbidden::OwnCase));
    assert_eq!(ministry.sign(1), Ok(State::Cleared));
}

#[test]
fn a_revocation_reaches_at_once_whoever_has_the_record() {
    for steps in [false, true] {
        for (marking, public) in [(None, false), (Some(chosen(Tlp::Clear)), true)] {
            let ministry = Ministry::new();
            let marking = marking.unwrap_or_else(|| ministry.amber());
            let reader = if public {
                Viewer::public()
            } else {
                ministry.house.node.viewer_of(&ministry.kestria, true)
            };
            ministry.typed(&[ministry.note(0, "x", "")], marking.clone(), &ministry.eva);
            ministry.sign(1).unwrap();
            ministry.house.clock.advance(2 * DAY);
            ministry.carry_out();
            assert_eq!(ministry.seen(NOTE, &reader).as_deref(), Some("2020"));
            if steps {
                ministry.one_signature();
            }
            let revoked = ministry.note(1, "x", r#","revoked":true"#);
            ministry.typed(&[revoked], marking, &ministry.eva);
            let told = format!("steps: {steps}, public: {public}");
            assert_eq!(
                ministry.seen(NOTE, &reader).as_deref(),
                Some("2021"),
                "{told}"
            );
            assert_eq!(ministry.open(), Vec::<u64>::new(), "{told}");
        }
    }
}

#[test]
fn a_revocation_that_says_more_waits_and_what_it_takes_back_does_not() {
    let ministry = Ministry::new();
    ministry.typed(
        &[ministry.note(0, "x", "")],
        ministry.amber(),
        &ministry.eva,
    );
    ministry.sign(1).unwrap();
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2020"));
    let revoked = ministry.note(1, "what nobody has read", r#","revoked":true"#);
    ministry.typed(&[revoked], ministry.amber(), &ministry.eva);
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.open(), [2]);
    ministry.sign(2).unwrap();
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2021"));
    // Nor does a revocation carry anything to somebody who did not have it.
    let ministry = Ministry::new();
    ministry.typed(
        &[ministry.note(0, "x", "")],
        ministry.amber(),
        &ministry.eva,
    );
    ministry.typed(
        &[ministry.note(1, "x", r#","revoked":true"#)],
        ministry.amber(),
        &ministry.eva,
    );
    assert_eq!(ministry.kestria_sees(NOTE), None);
}

#[test]
fn a_case_releases_no_older_version_over_one_that_is_for_fewer() {
    // The newer one is for nobody.
    let ministry = Ministry::new();
    ministry.typed(
        &[ministry.note(0, "wrong", "")],
        ministry.amber(),
        &ministry.eva,
    );
    ministry.typed(
        &[ministry.note(1, "right", "")],
        chosen(Tlp::AmberStrict),
        &ministry.eva,
    );
    assert_eq!(ministry.sign(1), Err(Forbidden::Over));
    assert_eq!(ministry.kestria_sees(NOTE), None);
    let case = ministry.house.node.clearance();
    let case = case.case(&ministry.eva.viewer, 1).unwrap().unwrap();
    let state = case.into_inner().case.state;
    assert_eq!(state, State::Lapsed, "and the case says so");

    // The newer one waits for somebody else.
    let ministry = Ministry::new();
    let union: ObjectId = "identity--00000000-0000-4000-8000-0000000000bb"
        .parse()
        .unwrap();
    let other = Marking {
        audience: vec![policy::Member::Participant(union)],
        ..ministry.amber()
    };
    ministry.typed(
        &[ministry.note(0, "wrong", "")],
        ministry.amber(),
        &ministry.eva,
    );
    ministry.typed(&[ministry.note(1, "right", "")], other, &ministry.eva);
    assert_eq!(ministry.sign(1), Err(Forbidden::Over));
    assert_eq!(ministry.sign(2), Ok(State::Released));
    assert_eq!(ministry.kestria_sees(NOTE), None);

    // The newer one waits for the same: it goes, whoever wrote it, and the one that it corrects does not.
    let ministry = Ministry::new();
    let (paula, _) = ministry.both();
    ministry.one_signature();
    ministry.typed(
        &[ministry.note(0, "x", "")],
        ministry.amber(),
        &ministry.eva,
    );
    ministry.typed(&[ministry.note(1, "y", "")], ministry.amber(), &paula);
    assert_eq!(ministry.open(), [2]);
    assert_eq!(ministry.sign(1), Err(Forbidden::Over));
    assert_eq!(ministry.kestria_sees(NOTE), None);
    assert_eq!(ministry.sign(2), Ok(State::Released));
    assert_eq!(ministry.kestria_sees(NOTE).as_deref(), Some("2021"));
}
