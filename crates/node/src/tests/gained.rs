//! Who comes to reach more finds what lies behind its cursor, and nothing else moves.

use policy::CircleId;

use super::*;
use crate::NewAccess;
use crate::seal::{CircleName, Roster};

impl Bench {
    /// A participant with a program that polls.
    fn poller(&self, n: u8, name: &str) -> ObjectId {
        let id = self.participant(n, name);
        let new = NewAccess {
            name: format!("feed of {name}"),
            participant: name.into(),
            read: vec!["situation".into()],
            ..NewAccess::default()
        };
        let granted = self.node.add_access(new, &self.terminal());
        granted.unwrap().wait().unwrap();
        id
    }

    /// Where everything stands that somebody gets who asks for what comes after a place.
    fn beyond(&self, id: &ObjectId, after: i64) -> Vec<(String, i64)> {
        let collection = self.node.collection("situation").unwrap().unwrap();
        let query = PageQuery {
            versions: Versions::all(),
            after,
            ..PageQuery::of(collection.number, 10_000)
        };
        let viewer = self.node.viewer_of(id, true);
        let page = self.node.page(&viewer, Purpose::Poll, &query).unwrap();
        let rows = page.into_inner().rows.into_iter();
        rows.map(|row| (row.id, row.added)).collect()
    }

    /// The end of the collection.
    fn end(&self) -> i64 {
        let all = self.beyond(&self.node.home().id.clone(), 0);
        all.last().map_or(0, |(_, added)| *added)
    }

    /// As the jobs do; how many commits it took.
    fn settle(&self) -> usize {
        let mut commits = 0;
        while let Some(portion) = self.node.bring_forward().unwrap() {
            commits += 1;
            if !portion.wait().unwrap() {
                break;
            }
        }
        commits
    }

    fn designate(&self, state: &ObjectId, organ: &ObjectId) {
        let mut designating = Participant::new(state.clone(), "State", Kind::State);
        designating.designated.insert(String::new(), organ.clone());
        let added = self.node.add_participant(designating, &self.terminal());
        added.wait().unwrap();
    }
}

fn tool(n: usize) -> String {
    format!(
        r#"{{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-{n:012}","created":"2020-01-01T00:00:00.000Z","modified":"2020-01-01T00:00:00.000Z","name":"t"}}"#
    )
}

#[test]
fn an_organ_that_its_state_designates_later_gets_what_was_for_the_state() {
    let bench = bench();
    let state = bench.participant(2, "State");
    let (kestria, union) = (bench.poller(3, "Kestria"), bench.poller(4, "Union"));
    let many: Vec<String> = (0..450).map(tool).collect();
    bench.import(amber(&state), &many);
    bench.import(amber(&union), &[note(FIRST, "")]);
    let cursor = bench.end();
    let unions = bench.beyond(&union, 0);
    assert_eq!((unions.len(), bench.settle()), (1, 0), "nobody gained");
    assert_eq!(bench.beyond(&kestria, 0), []);

    bench.designate(&state, &kestria);
    let portion = bench.node.bring_forward().unwrap().unwrap();
    assert!(portion.wait().unwrap());
    let some = bench.beyond(&kestria, cursor).len();
    assert!((1..450).contains(&some), "{some}: in portions");
    assert_eq!(bench.settle(), 1);
    let found = bench.beyond(&kestria, cursor);
    let mut ids: Vec<&String> = found.iter().map(|(id, _)| id).collect();
    ids.dedup();
    assert_eq!((found.len(), ids.len()), (450, 450), "each once");
    assert_eq!(bench.beyond(&union, 0), unions, "nothing else moves");

    // Nobody gains by hearing of the same again.
    bench.designate(&state, &kestria);
    assert_eq!(bench.settle(), 0);
    assert_eq!(bench.beyond(&kestria, cursor), found);
}

#[test]
fn portions_follow_one_another_while_whoever_gained_them_asks_on() {
    let bench = bench();
    let state = bench.participant(2, "State");
    let (kestria, union) = (bench.poller(3, "Kestria"), bench.poller(4, "Union"));
    let many: Vec<String> = (0..1_700).map(tool).collect();
    bench.import(amber(&state), &many);
    let cursor = bench.end();
    // A page of so many, and how many stand behind the cursor once what it asked for is done.
    let number = bench.node.collection("situation").unwrap().unwrap().number;
    let ask = |who: &ObjectId, after: i64, limit: usize| {
        let access = bench.node.access_of_peer(who).unwrap();
        let query = PageQuery {
            versions: Versions::all(),
            after,
            ..PageQuery::of(number, limit)
        };
        let page = bench.node.page_for_peer(&access, &query).unwrap();
        bench.node.change(|_| Ok(())).wait().unwrap();
        (page.into_inner(), bench.beyond(&kestria, cursor).len())
    };
    assert_eq!(ask(&kestria, cursor, 100).1, 0, "nobody gained");

    bench.designate(&state, &kestria);
    let one = bench.node.bring_forward().unwrap().unwrap();
    assert!(one.wait().unwrap());
    let by_the_clock = bench.beyond(&kestria, cursor).len();
    assert_eq!(ask(&union, 0, 100).1, by_the_clock, "it gained nothing");
    let (mut after, mut stands) = (cursor, by_the_clock);
    let mut found = std::collections::BTreeSet::new();
    for pages in 1.. {
        let (page, now) = ask(&kestria, after, 100);
        assert!(
            now - stands <= 400,
            "{now} after {stands}: a portion for a small page"
        );
        stands = now;
        let Some(last) = page.rows.last() else {
            assert_eq!((found.len(), stands), (1_700, 1_700), "{pages} pages");
            break;
        };
        assert!(page.more || found.len() + 100 >= 1_700, "no end before it");
        after = last.added;
        let tools = page
            .rows
            .into_iter()
            .filter(|row| row.id.starts_with("tool"));
        found.extend(tools.map(|row| row.id));
    }
    let first = ask(&kestria, cursor, 1_000).0;
    assert!(first.more);
    let (after, stands) = (i64::MAX - 1, stands);
    assert_eq!(
        ask(&kestria, after, 1_000).1,
        stands,
        "there is nothing left"
    );
}

#[test]
fn what_came_before_the_roster_of_its_circle_is_found_behind_it() {
    let bench = bench();
    let owner = bench.participant(2, "Kestria");
    let (union, cresta) = (bench.poller(3, "Union"), bench.poller(4, "Cresta"));
    let key = signing_key(&mut SeededRandom::new(2));
    bench.bind(&owner, &key);
    let id = CircleId::parse("00000000-0000-4000-8000-0000000000c1").unwrap();
    let mut clause = policy::Clause::own(Tlp::Green, owner.clone());
    clause.audience.insert(Member::Circle {
        id: id.clone(),
        epoch: 1,
    });
    let label = policy::Label::always(policy::Class::of(clause));
    let by = format!(r#","created_by_ref":"{owner}""#);
    let sealed = inside::seal(&object(&note(FIRST, &by)), &label, &owner, &key, START).unwrap();
    let give = |text: String| {
        let receipt = bench.give(
            Channel::Peer(owner.clone()),
            &owner,
            Marking::default(),
            &[text],
        );
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    };
    give(sealed);
    let cursor = bench.end().max(bench.node.now() + 1_000);
    bench.clock.advance(HOUR);
    assert_eq!(bench.beyond(&union, 0), []);

    let mut members = vec![
        (Member::Participant(bench.node.home().id.clone()), 1),
        (Member::Participant(union.clone()), 1),
    ];
    let roster = |members: &[(Member, u64)], epoch, made| {
        let made = START + made;
        let circle = CircleName::from(id.clone());
        let roster = Roster::make(
            &owner,
            &circle,
            "North",
            epoch,
            members.to_vec(),
            &key,
            made,
        );
        roster.unwrap().record().unwrap()
    };
    give(roster(&members, 1, 1));
    assert!(bench.settle() > 0);
    let found = bench.beyond(&union, cursor);
    assert_eq!(found.len(), 1);

    // Who joins later sees from before only what is granted: nothing moves for it.
    members.push((Member::Participant(cresta.clone()), 2));
    give(roster(&members, 2, 2));
    bench.settle();
    assert_eq!(bench.beyond(&union, cursor), found);
    assert_eq!(bench.beyond(&cresta, 0), []);
}
