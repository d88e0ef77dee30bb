//! Who took something through a program that is bound to a person: it is asked back from that person, and from nobody beside.

use super::*;
use crate::NewAccess;
use crate::access::{Access, Credentials};
use crate::ledger::{INTO_A_FILE, Taken};

const TOOL: &str = r#"{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000001","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"t"}"#;

impl Bench {
    fn program(&self, name: &str, person: Option<&str>) -> Access {
        let new = NewAccess {
            name: name.into(),
            participant: "Kestria".into(),
            person: person.map(str::to_owned),
            read: vec!["situation".into()],
            ..NewAccess::default()
        };
        let granted = self.node.add_access(new, &self.terminal()).unwrap();
        let granted = granted.wait().unwrap();
        let shown = Credentials::Basic {
            name: granted.name,
            secret: granted.secret,
        };
        (*self.node.authenticate(&shown).unwrap().unwrap()).clone()
    }

    /// Everything up to now is taken, as a program does that polls.
    fn taken<'a>(&self, records: usize) -> Taken<'a> {
        let collection = self.node.collection("situation").unwrap().unwrap().number;
        Taken {
            collection,
            filter: "",
            after: 0,
            last: self.node.now() + HOUR,
            records,
            reached: self.node.reached(),
        }
    }

    fn polls(&self, access: &Access) -> usize {
        let found = self.polled(&access.viewer).len();
        self.node.note_taken(access, &self.taken(found));
        found
    }

    fn red(&self, person: &str) -> Marking {
        Marking {
            tlp: Some(Tlp::Red),
            audience: vec![self.node.member(person).unwrap()],
        }
    }
}

fn written(bench: &Bench) {
    if let Some(written) = bench.node.write_ledger() {
        written.wait().unwrap();
    }
}

#[test]
fn what_a_persons_program_took_is_asked_back_from_that_person() {
    let bench = bench();
    let (kestria, terminal) = (bench.participant(2, "Kestria"), bench.terminal());
    for name in ["Ada Lind", "Bo Ek"] {
        bench.node.add_person(name, "", &terminal).wait().unwrap();
    }
    bench.import(bench.red("Ada Lind"), &[note(FIRST, "")]);
    bench.import(amber(&kestria), &[TOOL.to_owned()]);
    let (bound, unbound) = (
        bench.program("ada", Some("Ada Lind")),
        bench.program("feed", None),
    );
    assert_eq!((bench.polls(&bound), bench.polls(&unbound)), (2, 1));
    written(&bench);
    let id = object(&note(FIRST, "")).header().id.clone();
    let persons = || -> Vec<String> {
        let takers = bench.node.takers(&id).unwrap();
        takers.into_iter().map(|line| line.person).collect()
    };
    let ada = bound.person.as_ref().unwrap().to_string();
    assert_eq!(persons(), [ada], "the other program passed it by");

    bench.clock.advance(HOUR);
    bench.import(bench.red("Bo Ek"), &[note(SECOND, "")]);
    let asked = bench.node.withdrawals(&id).unwrap();
    let asked: Vec<_> = asked.into_iter().map(|request| request.recipient).collect();
    assert_eq!(asked, [kestria]);
    // What is asked names the record: nobody but the person hears of it.
    assert_eq!(bench.polled(&bound.viewer).len(), 2);
    assert_eq!(bench.polled(&unbound.viewer).len(), 1);
    let removed = bench
        .node
        .spill(&id, &bench.node.at_terminal("Ana"))
        .unwrap();
    assert_eq!(removed.taken_by, [identity(2).to_string()]);
}

#[test]
fn what_was_written_into_a_file_for_a_participant_is_asked_back_from_it() {
    let bench = bench();
    let (kestria, union) = (
        bench.participant(2, "Kestria"),
        bench.participant(3, "Union"),
    );
    bench.import(amber(&kestria), &[note(FIRST, "")]);
    bench.node.note_exported(&kestria, &bench.taken(1));
    bench
        .node
        .note_exported(&bench.node.home().id.clone(), &bench.taken(1));
    written(&bench);
    let id = object(&note(FIRST, "")).header().id.clone();
    let lines = bench.node.takers(&id).unwrap();
    let purposes: Vec<&str> = lines.iter().map(|line| line.purpose.as_str()).collect();
    assert_eq!(purposes, [INTO_A_FILE], "nothing is noted of our own");
    bench.import(amber(&union), &[note(SECOND, "")]);
    let asked = bench.node.withdrawals(&id).unwrap();
    assert_eq!((asked.len(), &asked[0].recipient), (1, &kestria));
}
