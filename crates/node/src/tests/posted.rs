//! What a program hears later of what it posted: what was decided, and nothing of what others brought.

use super::*;
use crate::NewAccess;
use crate::access::{Access, Credentials};

impl Bench {
    fn posting(&self, whose: &str) -> Access {
        let new = NewAccess {
            name: "posting".into(),
            participant: whose.into(),
            write: vec!["situation".into()],
            ..NewAccess::default()
        };
        let granted = self.node.add_access(new, &self.terminal()).unwrap();
        let shown = Credentials::Bearer(granted.wait().unwrap().secret);
        (*self.node.authenticate(&shown).unwrap().unwrap()).clone()
    }

    /// Posts an object that awaits a decision: the status, and the number.
    fn posted(&self, access: &Access, text: &str) -> (String, i64) {
        let submission = Submission {
            bytes: Bytes::from(text.to_owned()),
            objects: std::iter::once(0..text.len()).collect(),
            channel: Channel::Access(access.name.clone()),
            submitter: access.participant.clone(),
            person: None,
            collection: "situation".into(),
            marking: Marking::default(),
        };
        let posted = self.node.post(access, submission).unwrap().wait();
        let (status, receipt) = posted.unwrap();
        match receipt.lines[0].outcome {
            Outcome::Awaiting { number, .. } => (status, number),
            ref other => panic!("{other:?}"),
        }
    }

    fn now_of(&self, access: &Access, status: &str) -> Outcome {
        let receipt = self.node.posted(access, status).unwrap().unwrap();
        receipt.lines[0].outcome.clone()
    }
}

#[test]
fn what_was_discarded_is_not_said_to_be_accepted_because_another_has_brought_that_version() {
    let bench = bench();
    let author = bench.participant(2, "Kestria");
    bench.participant(3, "Union");
    let access = bench.posting("Union");
    let key = signing_key(&mut SeededRandom::new(2));
    bench.bind(&author, &key);
    let by = format!(r#","created_by_ref":"{author}""#);
    let (first, number) = bench.posted(&access, &note(FIRST, &by));
    let (second, admitted) = bench.posted(&access, &note(SECOND, &by));
    let waits = |outcome: Outcome| matches!(outcome, Outcome::Awaiting { .. });
    assert!(waits(bench.now_of(&access, &first)));

    // Its author gives the first to this node, and to nobody else.
    let mut clause = policy::Clause::own(Tlp::AmberStrict, author.clone());
    let home = Member::Participant(bench.node.home().id.clone());
    clause.audience.insert(home);
    let label = policy::Label::always(policy::Class::of(clause));
    let sealed = inside::seal(&object(&note(FIRST, &by)), &label, &author, &key, START).unwrap();
    let door = Channel::Peer(author.clone());
    let receipt = bench.give(door, &author, Marking::default(), &[sealed]);
    assert_eq!(receipt.successes(), 1, "{receipt:?}");
    assert!(waits(bench.now_of(&access, &first)));

    for (number, decided) in [(number, Decided::Discard), (admitted, Decided::Admit)] {
        let done = bench.node.decide(number, decided, &bench.terminal());
        done.unwrap().wait().unwrap();
    }
    let discarded = bench.now_of(&access, &first);
    assert!(
        matches!(discarded, Outcome::Refused { .. }),
        "{discarded:?}"
    );
    assert_eq!(bench.now_of(&access, &second), Outcome::Accepted);
}
