//! Acceptance as a whole: what becomes of an object, by its author, door, seal and markings.

mod answers;
mod copies;
mod faults;
mod gained;
mod markings;
mod orders;
mod places;
mod posted;
mod sealed;
mod taken;

use std::sync::Arc;

use bytes::Bytes;
use policy::{Member, Purpose, Tlp, Viewer};
use stix::marking::TlpName;
use stix::{Object, ObjectId, Timestamp};
use store::{Binding, FacetQuery, PageQuery, Span, Versions};

use crate::chance::SeededRandom;
use crate::clearance::{Act, Case, Said};
use crate::clock::{DAY, HOUR, ManualClock};
use crate::keys::signing_key;
use crate::register::{BOUND, Kind, Participant};
use crate::seal::{Handling, inside};
use crate::submission::{Channel, Marking, Outcome, Receipt, Submission};
use crate::waiting::Decided;
use crate::{New, Node};

const START: i64 = 1_795_000_000_000_000;

struct Bench {
    node: Node,
    clock: ManualClock,
    _dir: tempfile::TempDir,
}

fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("n");
    let clock = ManualClock::new(START);
    let mut chance = SeededRandom::new(7);
    let new = New {
        participant: "Ministry of Valmora".into(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &clock, &mut chance).unwrap();
    let node = Node::open(&root, None, Arc::new(clock.clone()), Box::new(chance)).unwrap();
    Bench {
        node,
        clock,
        _dir: dir,
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.node.close();
    }
}

impl Bench {
    fn terminal(&self) -> crate::Actor {
        self.node.at_terminal("tests")
    }

    fn sign(&self, number: u64, by: &crate::Actor) -> anyhow::Result<Case> {
        let sign = Act::Sign {
            step: 0,
            reserved: false,
        };
        let clearance = self.node.clearance();
        let read = clearance.open_cases()?;
        let read = read.iter().find(|case| case.number == number);
        let said = Said {
            seen: Some(read.map_or(0, Case::happened)),
            ..Said::default()
        };
        clearance.act(number, sign, said, by).wait()
    }

    fn signed_in(&self) -> crate::Actor {
        let begun = self.node.begin_set_up("Ada Lind", "ada", "here").wait();
        let begun = begun.unwrap().actor;
        let code = self
            .node
            .new_totp(&begun)
            .wait()
            .unwrap()
            .now(self.node.now());
        let secured = self
            .node
            .choose_password("an orchard by the river", &code, &begun);
        secured.unwrap().opened.actor
    }

    fn give(
        &self,
        channel: Channel,
        submitter: &ObjectId,
        marking: Marking,
        objects: &[String],
    ) -> Receipt {
        let submission = self.submission(channel, submitter, marking, objects);
        self.node.accept(submission).unwrap().wait().unwrap()
    }

    fn submission(
        &self,
        channel: Channel,
        submitter: &ObjectId,
        marking: Marking,
        objects: &[String],
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
            submitter: submitter.clone(),
            person: None,
            collection: "situation".into(),
            marking,
        }
    }

    fn import(&self, marking: Marking, objects: &[String]) -> Receipt {
        let home = self.node.home().id.clone();
        self.give(Channel::Import, &home, marking, objects)
    }

    /// The versions of everything that a participant gets from the collection, as it is polled by a program.
    fn polled(&self, viewer: &Viewer) -> Vec<String> {
        let collection = self.node.collection("situation").unwrap().unwrap();
        let query = PageQuery {
            versions: Versions::all(),
            ..PageQuery::of(collection.number, 100)
        };
        let page = self
            .node
            .page(viewer, Purpose::Poll, &query)
            .unwrap()
            .into_inner();
        page.rows.into_iter().map(|row| row.version).collect()
    }

    fn participant(&self, n: u8, name: &str) -> ObjectId {
        let id = identity(n);
        self.node
            .add_participant(
                Participant::new(id.clone(), name, Kind::State),
                &self.node.at_terminal("operator"),
            )
            .wait()
            .unwrap();
        id
    }

    fn bind(&self, id: &ObjectId, key: &ed25519_dalek::SigningKey) {
        let (identity, key) = (id.to_string(), key.verifying_key().as_bytes().to_vec());
        let bound = self.node.change(move |change| {
            change.txn.put_binding(&Binding {
                identity,
                key,
                state: BOUND.into(),
                since: change.now,
                ..Binding::default()
            })?;
            change.reload()
        });
        bound.wait().unwrap();
    }
}

fn identity(n: u8) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-0000000000{n:02x}")
        .parse()
        .unwrap()
}

fn note(version: &str, rest: &str) -> String {
    format!(
        r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-000000000001","created":"2020-01-01T00:00:00.000Z","modified":"{version}","content":"x","object_refs":["note--00000000-0000-4000-8000-000000000009"]{rest}}}"#
    )
}

const FIRST: &str = "2020-01-01T00:00:00.000Z";
const SECOND: &str = "2021-01-01T00:00:00.000Z";

fn amber(to: &ObjectId) -> Marking {
    Marking {
        tlp: Some(Tlp::AmberStrict),
        audience: vec![Member::Participant(to.clone())],
    }
}

fn object(text: &str) -> Object<'static> {
    stix::check(text.as_bytes(), &stix::Limits::default())
        .unwrap()
        .into_owned()
}

#[test]
fn the_operators_label_reaches_whom_it_names_and_tightening_reaches_back() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    let sees = |id: &ObjectId| bench.polled(&bench.node.viewer_of(id, true));
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    assert_eq!(sees(&kestria), [FIRST]);
    assert!(sees(&union).is_empty());
    // The second version names the Union alone: Kestria loses both, the Union gets the second.
    bench.import(amber(&union), &[note(SECOND, "")]);
    assert!(sees(&kestria).is_empty());
    assert_eq!(sees(&union), [SECOND]);
    assert_eq!(
        bench
            .polled(&bench.node.viewer_of(&bench.node.home().id, true))
            .len(),
        2
    );
}

#[test]
fn publishing_takes_two_persons_and_a_delay() {
    let bench = bench();
    let clear = Marking {
        tlp: Some(Tlp::Clear),
        audience: vec![],
    };
    bench.import(clear, &[note(FIRST, "")]);
    assert!(bench.polled(&Viewer::public()).is_empty());
    let asked: Vec<Case> = bench.node.clearance().open_cases().unwrap();
    assert_eq!((asked.len(), asked[0].count()), (1, 1));
    assert!(
        bench.sign(1, &bench.terminal()).is_err(),
        "whoever asked does not count twice"
    );
    bench.sign(1, &bench.signed_in()).unwrap();
    assert!(!bench.node.carry_out().wait().unwrap(), "the delay runs");
    bench.clock.advance(23 * HOUR);
    assert!(!bench.node.carry_out().wait().unwrap());
    bench.clock.advance(2 * HOUR);
    assert!(bench.node.carry_out().wait().unwrap());
    assert_eq!(bench.polled(&Viewer::public()), [FIRST]);
    assert!(bench.node.clearance().open_cases().unwrap().is_empty());
}

#[test]
fn an_operator_alone_publishes_nothing_of_our_own_either() {
    let bench = bench();
    let clear = Marking {
        tlp: Some(Tlp::Clear),
        audience: vec![],
    };
    let ours = format!(r#","created_by_ref":"{}""#, bench.node.home().id);
    bench.import(clear, &[note(FIRST, &ours)]);
    assert!(bench.polled(&Viewer::public()).is_empty());
    assert_eq!(bench.node.clearance().open_cases().unwrap().len(), 1);
}

#[test]
fn the_authors_own_clear_is_public_at_once_and_red_is_for_nobody_here() {
    let bench = bench();
    let marked = |name: TlpName| format!(r#","object_marking_refs":["{}"]"#, name.id());
    bench.import(Marking::default(), &[note(FIRST, &marked(TlpName::Clear))]);
    assert_eq!(bench.polled(&Viewer::public()), [FIRST]);
    bench.import(Marking::default(), &[note(SECOND, &marked(TlpName::Red))]);
    assert!(
        bench.polled(&Viewer::public()).is_empty(),
        "red governs the version before it"
    );
    assert!(
        bench
            .polled(&bench.node.viewer_of(&bench.node.home().id, true))
            .is_empty()
    );
}

#[test]
fn a_version_from_the_future_is_refused_and_the_next_day_is_not() {
    let bench = bench();
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    let receipt = bench.import(
        Marking::default(),
        &[note(&at(START + DAY + 1), ""), note(&at(START + DAY), "")],
    );
    assert!(matches!(receipt.lines[0].outcome, Outcome::Refused { .. }));
    assert_eq!(receipt.lines[1].outcome, Outcome::Accepted);
    assert_eq!(bench.node.quarantine(0, 10).unwrap().len(), 1);
}

#[test]
fn the_same_version_with_another_content_is_refused_from_outside_and_kept_beside_from_an_operators_file()
 {
    let bench = bench();
    let somebody = bench.participant(4, "Somebody");
    let door = Channel::Access("s".into());
    let other = note(FIRST, r#","lang":"fr""#);
    let spaced = note(FIRST, "").replace(',', ", ");
    bench.give(
        door.clone(),
        &somebody,
        Marking::default(),
        &[note(FIRST, "")],
    );
    let texts = [other.clone(), note(FIRST, ""), spaced.clone()];
    let receipt = bench.give(door, &somebody, Marking::default(), &texts);
    assert!(matches!(receipt.lines[0].outcome, Outcome::Refused { .. }));
    assert_eq!(receipt.lines[1].outcome, Outcome::Known);
    assert_eq!(
        receipt.lines[2].outcome,
        Outcome::Known,
        "another layout of the same content"
    );

    let bench = self::bench();
    let files = [note(FIRST, ""), other, spaced];
    for outcome in [Outcome::Accepted, Outcome::Known] {
        let receipt = bench.import(Marking::default(), &files);
        assert!(
            receipt.lines.iter().all(|line| line.outcome == outcome),
            "{receipt:?}"
        );
    }
    let home = bench.node.viewer_of(&bench.node.home().id, true);
    assert_eq!(bench.polled(&home), [FIRST, FIRST, FIRST]);
}

#[test]
fn records_are_found_by_their_facets_by_whom_may_see_them() {
    let bench = bench();
    let kestria = bench.participant(2, "Kestria");
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    let about = "note--00000000-0000-4000-8000-000000000009".to_owned();
    let query = FacetQuery {
        name: "about".into(),
        span: Span::Texts(about.clone(), about),
        after: None,
        limit: 10,
    };
    let found = |viewer: &Viewer| {
        let at = Timestamp::from_micros(START + 1);
        let reader = bench.node.read().unwrap();
        let page = reader
            .by_facet(viewer, Purpose::Poll, &at, &query)
            .unwrap()
            .into_inner();
        page.rows.len()
    };
    assert_eq!(found(&bench.node.viewer_of(&kestria, true)), 1);
    assert_eq!(found(&Viewer::public()), 0);
    // As after an upgrade that declares facets anew: they are taken again in the background, and are the same.
    while let Some(portion) = bench.node.follow_declarations().unwrap() {
        portion.wait().unwrap();
    }
    assert_eq!(found(&bench.node.viewer_of(&kestria, true)), 1);
}

#[test]
fn a_checkpoint_among_other_changes_is_kept_under_its_own_size() {
    let bench = bench();
    bench.import(Marking::default(), &[note(FIRST, "")]);
    // While this change holds the writer up, the others gather for one commit.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let held = bench.node.change(move |_| Ok(wait.recv()?));
    let bytes = Bytes::from(note(SECOND, ""));
    let submission = Submission {
        objects: std::iter::once(0..bytes.len()).collect(),
        bytes,
        channel: Channel::Import,
        submitter: bench.node.home().id.clone(),
        person: None,
        collection: "situation".into(),
        marking: Marking::default(),
    };
    let accepted = bench.node.accept(submission).unwrap();
    let issued = bench.node.issue_checkpoint();
    go.send(()).unwrap();
    held.wait().unwrap();
    accepted.wait().unwrap();
    issued.wait().unwrap();
    let reader = bench.node.read().unwrap();
    let kept = reader
        .last_checkpoint(bench.node.inner.origin.as_str())
        .unwrap()
        .unwrap();
    let note = tlog::Note::parse(&kept.note).unwrap();
    let signed = tlog::Checkpoint::parse(note.text()).unwrap();
    assert_eq!((kept.size, signed.size()), (1, 1));
}
