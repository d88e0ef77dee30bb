//! What a relay may do to a record on its way, and what it may not; and evidence that comes in any order.

use node::clock::SECOND;
use node::keys;
use node::seal::{Handling, Seal};
use node::submission::Marking;
use node::submission::{Channel, Outcome, Receipt, Submission};
use node::waiting::Decided;
use policy::{Clause, Label, Purpose, Tlp};
use rusqlite::Connection;
use stix::{Limits, ObjectId};
use store::{PageQuery, Versions};

use crate::fleet::{Fleet, NOON};

const THREE: [&str; 3] = ["Aland", "Borea", "Cresta"];

impl Fleet {
    /// The rows that `who` would be given by `from`, in their order.
    fn rows(&self, who: usize, from: usize) -> Vec<String> {
        let token = self.nodes[who].token_for(&self.id(from)).unwrap();
        let node = &self.nodes[from];
        let access = node.authenticate_peer(&token).unwrap().unwrap();
        let number = node.collection("situation").unwrap().unwrap().number;
        let query = PageQuery {
            versions: Versions::all(),
            ..PageQuery::of(number, 100)
        };
        let page = node.page_for_peer(&access, &query).unwrap().into_inner();
        let text = |row: store::Record| String::from_utf8(row.body).unwrap();
        page.rows.into_iter().map(text).collect()
    }

    /// `at` is brought objects by `by`.
    fn brought(&self, at: usize, by: usize, objects: &[String]) -> Receipt {
        self.submit(
            at,
            Channel::Peer(self.id(by)),
            self.id(by),
            Default::default(),
            objects,
        )
    }

    fn told(&self, author: usize, through: usize) -> usize {
        self.told_of("Altered copy received", author, through)
    }

    fn told_of(&self, what: &str, author: usize, through: usize) -> usize {
        self.sync(author, through).unwrap();
        let held = self.held(author).into_values();
        held.filter(|body| String::from_utf8_lossy(body).contains(what))
            .count()
    }
}

fn of_type<'r>(rows: &'r [String], kind: &str) -> Vec<&'r String> {
    let mark = format!(r#""type":"{kind}""#);
    rows.iter().filter(|row| row.contains(&mark)).collect()
}

fn awaits(receipt: &Receipt, at: usize, why: &str) {
    match &receipt.lines[at].outcome {
        Outcome::Awaiting { reason, .. } => assert!(reason.contains(why), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_relay_that_edits_a_word_waits_and_the_author_is_told_once() {
    let fleet = Fleet::peers(20, &THREE);
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 0, "as written")],
    );
    let rows = fleet.rows(1, 0);
    let seal = of_type(&rows, "seal")[0].clone();
    let edited = of_type(&rows, "report")[0].replace("as written", "as edited");
    let receipt = fleet.brought(2, 1, &[seal.clone(), edited.clone()]);
    awaits(&receipt, 1, "changed");
    assert!(
        fleet
            .held(2)
            .keys()
            .all(|(id, _)| !id.starts_with("report"))
    );
    let again = fleet.brought(2, 1, &[seal, edited]);
    awaits(&again, 1, "changed");
    assert_eq!(fleet.nodes[2].count_awaiting().unwrap(), 1);
    assert_eq!(fleet.told(0, 2), 1);
    assert_eq!(fleet.told(1, 2), 0, "nobody else");
}

#[test]
fn a_relay_that_edits_a_word_and_leaves_the_seal_out_waits_and_the_author_is_told() {
    let fleet = Fleet::peers(28, &THREE);
    let amber = fleet.to(Tlp::Amber, &[1, 2]);
    for number in [1, 2] {
        let report = fleet.report(0, number, 0, "as written");
        fleet.write(0, amber.clone(), &[report]);
    }
    let rows = fleet.rows(1, 0);
    let reports = of_type(&rows, "report");
    let edited: Vec<String> = reports
        .iter()
        .map(|report| report.replace("as written", "as edited"))
        .collect();
    awaits(&fleet.brought(2, 1, &edited[..1]), 0, "no seal");
    awaits(&fleet.brought(2, 1, &edited[..1]), 0, "no seal");
    let unsealed = "Unsealed copy received";
    assert_eq!(fleet.told_of(unsealed, 0, 2), 1, "once");
    // The same by a program that the relay has there.
    let by_program = Channel::Access("relay".to_owned());
    let marking = Default::default();
    let receipt = fleet.submit(2, by_program, fleet.id(1), marking, &edited[1..]);
    awaits(&receipt, 0, "no seal");
    fleet.clock.advance(SECOND);
    assert_eq!(fleet.told_of(unsealed, 0, 2), 2);
    assert_eq!(fleet.told_of(unsealed, 1, 2), 0, "nobody else");
    // By the author's own, it is nobody's news.
    let own = fleet.report(0, 3, 0, "as written");
    awaits(&fleet.brought(2, 0, &[own]), 0, "no seal");
    assert_eq!(fleet.told_of(unsealed, 0, 2), 2);
}

#[test]
fn a_relay_that_loosens_a_label_waits_and_the_author_is_told() {
    let fleet = Fleet::peers(21, &THREE);
    fleet.write(
        0,
        fleet.to(Tlp::AmberStrict, &[1, 2]),
        &[fleet.report(0, 1, 0, "x")],
    );
    let rows = fleet.rows(1, 0);
    let (seal, report) = (
        of_type(&rows, "seal")[0].clone(),
        of_type(&rows, "report")[0].clone(),
    );
    let key = keys::load(&fleet.nodes[1].folder().keys()).unwrap().seal;
    let clear = Label::always(policy::Class::of(Clause::own(Tlp::Clear, fleet.id(0))));
    let copy = stix::check(report.as_bytes(), &Limits::default()).unwrap();
    let handling = Handling::make(&copy, &clear, &fleet.id(1), Vec::new(), &key, NOON).unwrap();
    let receipt = fleet.brought(2, 1, &[seal, handling.record().unwrap(), report]);
    awaits(&receipt, 2, "looser");
    assert_eq!(fleet.told(0, 2), 1);
}

#[test]
fn what_the_author_lets_pass_comes_through_a_relay_with_its_seal() {
    let fleet = Fleet::peers(22, &THREE);
    fleet.mesh.cut(&fleet.id(0), &fleet.id(2), true);
    let clear = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
    let report = fleet.report(0, 1, 0, "for everyone").replace(
        r#","name""#,
        &format!(r#","object_marking_refs":["{clear}"],"name""#),
    );
    fleet.write(0, Default::default(), std::slice::from_ref(&report));
    fleet.sync(1, 0).unwrap();
    let synced = fleet.sync(2, 1).unwrap();
    assert!(synced.accepted > 0 && synced.awaiting == 0, "{synced:?}");
    assert!(
        fleet
            .held(2)
            .into_values()
            .any(|body| body == report.as_bytes())
    );
    assert_eq!(
        fleet
            .seen(2, &policy::Viewer::public(), Purpose::Poll)
            .len(),
        1
    );
}

#[test]
fn an_object_waits_for_nothing_but_its_seal_and_is_taken_when_that_comes() {
    let fleet = Fleet::peers(23, &THREE);
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[fleet.report(0, 1, 0, "x")]);
    let rows = fleet.rows(1, 0);
    let (seal, report) = (
        of_type(&rows, "seal")[0].clone(),
        of_type(&rows, "report")[0].clone(),
    );
    awaits(&fleet.brought(1, 0, &[report]), 0, "no seal");
    assert!(fleet.held(1).is_empty());
    fleet.brought(1, 0, &[seal]);
    assert_eq!(fleet.held(1).len(), 1);
    assert_eq!(fleet.nodes[1].count_awaiting().unwrap(), 0);
    // Under the author's label, as if they had come together: not for Cresta.
    assert!(fleet.rows(2, 1).iter().all(|row| !row.contains("report--")));
}

#[test]
fn a_page_that_is_replayed_after_a_withdrawal_opens_nothing() {
    let fleet = Fleet::peers(24, &THREE);
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 0, "x")],
    );
    let old = fleet.rows(2, 0);
    fleet.round();
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[fleet.report(0, 1, 1, "y")]);
    fleet.round();
    let id: ObjectId = "report--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap();
    assert_eq!(fleet.nodes[2].withdrawals(&id).unwrap().len(), 1);
    let label = |fleet: &Fleet| {
        let (label, _) = fleet.nodes[2]
            .explain(&id, &fleet.nodes[2].home_viewer(), Purpose::Show)
            .unwrap();
        label.class.key()
    };
    let before = label(&fleet);
    assert!(before.contains("& AMBER+STRICT"), "{before}");
    fleet.brought(2, 0, &old);
    fleet.brought(2, 1, &old);
    assert_eq!(label(&fleet), before);
}

#[test]
fn a_newer_version_governs_an_older_one_that_comes_after_it() {
    let fleet = Fleet::peers(27, &THREE);
    fleet.write(0, fleet.to(Tlp::Amber, &[1]), &[fleet.report(0, 1, 1, "y")]);
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 0, "x")],
    );
    fleet.round();
    assert_eq!(fleet.held(1).len(), 2);
    assert_eq!(fleet.held(2).len(), 0, "who may not see the newer one");
}

#[test]
fn a_withdrawal_loosens_nothing() {
    let fleet = Fleet::peers(26, &THREE);
    let red = Marking {
        tlp: Some(Tlp::Red),
        audience: Vec::new(),
    };
    let node = &fleet.nodes[2];
    let receipt = fleet.submit(
        2,
        Channel::Import,
        fleet.id(2),
        red,
        &[fleet.report(0, 1, 0, "x")],
    );
    let Outcome::Awaiting { number, .. } = receipt.lines[0].outcome else {
        panic!("{receipt:?}");
    };
    let operator = node.at_terminal("operator");
    let decided = node.decide(number, Decided::Admit, &operator).unwrap();
    decided.wait().unwrap();
    let id: ObjectId = "report--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap();
    let label = || {
        let (label, _) = node
            .explain(&id, &node.home_viewer(), Purpose::Show)
            .unwrap();
        label.class.key()
    };
    let before = label();
    let key = keys::load(&fleet.nodes[0].folder().keys()).unwrap().seal;
    let item = node::seal::Withdrawn {
        object: id.clone(),
        version: Some(stix::Timestamp::from_micros(NOON)),
    };
    let request =
        node::seal::Withdrawal::make(&fleet.id(0), vec![item], Vec::new(), &key, node.now())
            .unwrap();
    let receipt = fleet.brought(2, 0, &[request.record().unwrap()]);
    assert_eq!(receipt.lines[0].outcome, Outcome::Accepted);
    assert_eq!(node.withdrawals(&id).unwrap().len(), 1, "it was honored");
    assert_eq!(label(), before);
    // Nor does a copy that comes once more.
    fleet.brought(2, 0, &[fleet.report(0, 1, 0, "x")]);
    assert_eq!(label(), before);
}

#[test]
fn nobody_withdraws_what_is_anothers() {
    let fleet = Fleet::peers(25, &THREE);
    fleet.write(
        0,
        fleet.to(Tlp::Amber, &[1, 2]),
        &[fleet.report(0, 1, 0, "x")],
    );
    fleet.round();
    let key = keys::load(&fleet.nodes[1].folder().keys()).unwrap().seal;
    let id: ObjectId = "report--00000000-0000-4000-8000-000000000001"
        .parse()
        .unwrap();
    let version = stix::Timestamp::from_micros(NOON);
    let item = node::seal::Withdrawn {
        object: id.clone(),
        version: Some(version),
    };
    let request = node::seal::Withdrawal::make(
        &fleet.id(1),
        vec![item],
        Vec::new(),
        &key,
        fleet.nodes[2].now(),
    )
    .unwrap();
    let receipt = fleet.brought(2, 1, &[request.record().unwrap()]);
    assert_eq!(
        receipt.lines[0].outcome,
        Outcome::Accepted,
        "kept, and without effect"
    );
    assert!(fleet.nodes[2].withdrawals(&id).unwrap().is_empty());
}

/// The numbers of what is listed as said about Aland's first report, at a node.
fn listed(fleet: &Fleet, at: usize) -> (Connection, String, Vec<i64>) {
    let raw = Connection::open(fleet.nodes[at].folder().database()).unwrap();
    let (name, list): (String, Vec<u8>) = raw
        .query_row(
            "SELECT name, value FROM meta WHERE name LIKE 'evidence/report--%'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    (raw, name, serde_json::from_slice(&list).unwrap())
}

#[test]
fn what_is_said_about_a_record_is_kept_of_those_who_have_a_say_and_of_each_the_last() {
    let fleet = Fleet::peers(29, &THREE);
    let amber = fleet.to(Tlp::Amber, &[1, 2]);
    fleet.write(0, amber, &[fleet.report(0, 1, 0, "as written")]);
    fleet.sync(2, 0).unwrap();
    assert_eq!(listed(&fleet, 2).2.len(), 1, "its author's seal");
    let rows = fleet.rows(1, 0);
    let report = of_type(&rows, "report")[0].clone();
    let label = Label::always(policy::Class::of(Clause::own(Tlp::Red, fleet.id(0))));
    let said = |text: &str, by: usize, made: i64| {
        let key = keys::load(&fleet.nodes[by].folder().keys()).unwrap().seal;
        let copy = stix::check(text.as_bytes(), &Limits::default()).unwrap();
        let made = NOON + made * SECOND;
        let said = Handling::make(&copy, &label, &fleet.id(by), Vec::new(), &key, made);
        said.unwrap().record().unwrap()
    };
    let mut more: Vec<String> = (0..100).map(|made| said(&report, 1, made)).collect();
    // Of a copy that nobody has, and through somebody else.
    let altered = report.replace("as written", "as edited");
    more.extend((0..50).map(|made| said(&altered, 1, made)));
    let receipt = fleet.brought(2, 1, &more);
    assert_eq!(receipt.successes(), 150, "all are records of it");
    let receipt = fleet.brought(2, 0, &[said(&report, 1, 200)]);
    assert_eq!(receipt.successes(), 1);
    let (raw, name, list) = listed(&fleet, 2);
    assert!(list.len() <= 9, "{list:?}");
    // What an older program kept shrinks: as soon as a peer asks for the record, and when one brings it again.
    let every = {
        let mut every = raw
            .prepare("SELECT recno FROM record WHERE id LIKE 'handling--%' OR id LIKE 'seal--%'")
            .unwrap();
        let every = every.query_map([], |row| row.get(0)).unwrap();
        every.map(Result::unwrap).collect::<Vec<i64>>()
    };
    assert!(every.len() > 150);
    for asked in [true, false] {
        raw.execute(
            "UPDATE meta SET value = ?1 WHERE name = ?2",
            rusqlite::params![serde_json::to_vec(&every).unwrap(), name],
        )
        .unwrap();
        match asked {
            true => drop(fleet.rows(0, 2)),
            false => drop(fleet.brought(2, 0, std::slice::from_ref(&report))),
        }
        // A commit behind the one in which it shrank.
        fleet.write(
            2,
            Default::default(),
            &[fleet.report(2, 1, u32::from(asked), "x")],
        );
        let (_, _, list) = listed(&fleet, 2);
        assert!((2..=3).contains(&list.len()), "{asked} {list:?}");
    }
    // And the author's seal is among what is left: others get the record with it.
    let rows = fleet.rows(0, 2);
    assert_eq!(of_type(&rows, "report"), [&report]);
    assert_eq!(of_type(&rows, "seal").len(), 1);
}

impl Fleet {
    /// `at` imports objects into a collection, as its operator.
    fn filed(&self, at: usize, collection: &str, to: &[usize], objects: &[String]) {
        let bytes = objects.join("\n").into_bytes();
        let mut start = 0;
        let ranges = objects.iter().map(|object| {
            let range = start..start + object.len();
            start = range.end + 1;
            range
        });
        let submission = Submission {
            objects: ranges.collect(),
            bytes: bytes.into(),
            channel: Channel::Import,
            submitter: self.id(at),
            person: None,
            collection: collection.to_owned(),
            marking: self.to(Tlp::Amber, to),
        };
        self.clock.advance(SECOND);
        let node = &self.nodes[at];
        let receipt = node.accept(submission).unwrap().wait().unwrap();
        for line in receipt.lines {
            if let Outcome::Awaiting { number, .. } = line.outcome {
                let by = node.at_terminal("operator");
                let decided = node.decide(number, Decided::Admit, &by).unwrap();
                assert_eq!(decided.wait().unwrap(), Outcome::Accepted);
            }
        }
    }
}

#[test]
fn what_a_round_says_awaits_a_decision_is_what_the_list_shows() {
    let fleet = Fleet::peers(24, &THREE);
    fleet.mesh.cut(&fleet.id(0), &fleet.id(2), true);
    let unsealed = fleet.report(0, 1, 0, "without its seal");
    // The relay has it in two collections, so that it comes twice.
    for collection in ["incidents", "situation"] {
        fleet.filed(1, collection, &[2], std::slice::from_ref(&unsealed));
    }
    let synced = fleet.sync(2, 1).unwrap();
    let listed = fleet.nodes[2].awaiting(0, 100).unwrap();
    let reports = listed.iter().filter(|one| one.object.starts_with("report"));
    assert_eq!(reports.count(), 1, "{listed:?}");
    assert_eq!(synced.awaiting, listed.len(), "{synced:?}");
    let peer = fleet.nodes[2].peer(&fleet.id(1)).unwrap().unwrap();
    let records = synced.accepted - synced.beside;
    assert_eq!(peer.taken, u64::try_from(records).unwrap(), "{synced:?}");
}

#[test]
fn of_the_seals_that_a_program_sends_the_last_stands_and_many_cost_each_the_same() {
    let fleet = Fleet::peers(23, &THREE);
    let amber = fleet.to(Tlp::Amber, &[1, 2]);
    let report = fleet.report(0, 1, 0, "as written");
    fleet.write(0, amber.clone(), std::slice::from_ref(&report));
    fleet.sync(2, 0).unwrap();
    let key = keys::load(&fleet.nodes[0].folder().keys()).unwrap().seal;
    let label = Label::always(policy::Class::of(Clause::own(Tlp::Amber, fleet.id(0))));
    let copy = stix::check(report.as_bytes(), &Limits::default()).unwrap();
    let seals: Vec<String> = (0..200)
        .map(|made| Seal::beside(&copy, &label, &fleet.id(0), &key, NOON + made * SECOND))
        .map(|seal| seal.unwrap().record().unwrap())
        .collect();
    fleet.clock.advance(300 * SECOND);
    let program = Channel::Access("feed".to_owned());
    let receipt = fleet.submit(2, program, fleet.id(0), amber, &seals);
    assert_eq!(receipt.successes(), 200, "all are records of it");
    let (raw, _, list) = listed(&fleet, 2);
    assert!(list.len() <= 17, "{} are listed", list.len());
    let standing: i64 = raw
        .query_row(
            "SELECT count(*) FROM position JOIN record USING (recno) WHERE id LIKE 'seal--%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(standing <= 16, "{standing} stand where others see them");
    // The last of them is among what does.
    let last: i64 = raw
        .query_row(
            "SELECT max(recno) FROM record WHERE id LIKE 'seal--%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(list.contains(&last));
}

/// A report of a feed that has no node, in a content of its own.
fn of_a_feed(number: u32, content: &str) -> String {
    let feed = "identity--00000000-0000-4000-8000-0000000000fe";
    format!(
        r#"{{"type":"report","spec_version":"2.1","id":"report--00000000-0000-4000-8000-9999{number:08}","created_by_ref":"{feed}","created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00Z","name":"{content}","published":"2020-01-01T00:00:00Z","object_refs":["{feed}"]}}"#
    )
}

#[test]
fn of_a_version_that_files_hold_in_several_contents_a_peer_gets_the_first_and_no_alarm() {
    let fleet = Fleet::peers(29, &THREE[..2]);
    let import = |marking: Marking, objects: &[String]| {
        let receipt = fleet.submit(0, Channel::Import, fleet.id(0), marking, objects);
        assert_eq!(receipt.successes(), objects.len(), "{receipt:?}");
    };
    let amber = || fleet.to(Tlp::Amber, &[1]);
    let both = [of_a_feed(1, "one"), of_a_feed(1, "another")];
    import(amber(), &both);
    import(amber(), &[of_a_feed(2, "two"), of_a_feed(1, "a third")]);
    let report = &"report--00000000-0000-4000-8000-999900000001"
        .parse()
        .unwrap();
    let several = fleet.nodes[0].in_several_contents(report).unwrap();
    assert_eq!(several, [("2020-01-01T00:00:00Z".to_owned(), 3)]);

    let round = fleet.sync(1, 0).unwrap();
    assert_eq!((round.awaiting, round.refused), (0, 0), "{round:?}");
    let names = || -> Vec<String> {
        let held = fleet.held(1).into_values();
        let mut names: Vec<String> = held
            .filter_map(|body| {
                let text = String::from_utf8(body).unwrap();
                let name = text.split(r#""name":""#).nth(1)?;
                Some(name.split('"').next()?.to_owned())
            })
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["one", "two"]);
    assert!(fleet.nodes[1].quarantine(0, 10).unwrap().is_empty());
    // It has got past all of them, and asks for none again.
    let again = fleet.sync(1, 0).unwrap();
    assert_eq!((again.accepted, again.known), (0, 0), "{again:?}");

    // A page that ends with further contents ends with the first once more, under its own label.
    import(amber(), &[of_a_feed(2, "a second two")]);
    let again = fleet.sync(1, 0).unwrap();
    assert_eq!((again.accepted, again.refused), (0, 0), "{again:?}");
    let again = fleet.sync(1, 0).unwrap();
    assert_eq!((again.accepted, again.known), (0, 0), "{again:?}");
    assert_eq!(names(), ["one", "two"]);

    // What it may not have stands in for nothing.
    import(fleet.to(Tlp::Amber, &[]), &[of_a_feed(3, "not for it")]);
    import(amber(), &[of_a_feed(3, "for it")]);
    fleet.sync(1, 0).unwrap();
    assert_eq!(names(), ["for it", "one", "two"]);

    // A peer that gives another content all the same is refused as ever.
    let receipt = fleet.brought(1, 0, &both[1..]);
    assert!(
        matches!(receipt.lines[0].outcome, Outcome::Refused { .. }),
        "{receipt:?}"
    );
    assert_eq!(fleet.nodes[1].quarantine(0, 10).unwrap().len(), 1);
    assert_eq!(names(), ["for it", "one", "two"]);
}
