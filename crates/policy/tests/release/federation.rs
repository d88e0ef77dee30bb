//! Random federations of up to 40 nodes. Along every path a record goes to exactly those whom the table lets it go to at that hop;
//! the table is stated once more here, on numbers.

use std::collections::{BTreeSet, VecDeque};

use policy::{Class, Clause, Desks, Label, Member, Patron, Standing, Tlp, Viewer, combine, onward};
use stix::Timestamp;

use crate::chance::Chance;
use crate::world::{circle, id, time};

/// What somebody said about the record: label, node numbers named, and the node that said it.
#[derive(Clone)]
struct Said {
    tlp: Tlp,
    to: BTreeSet<usize>,
    by: usize,
}

struct Federation {
    /// Neighbors of each node.
    peers: Vec<Vec<usize>>,
    /// The participants on whose registers a node's participant stands as a client.
    patrons: Vec<Vec<usize>>,
    /// Members of each circle.
    circles: Vec<BTreeSet<usize>>,
    /// Nodes whose machine access is bound to their person.
    bound: Vec<bool>,
}

fn organ(node: usize) -> stix::ObjectId {
    id(&format!("organ {node}"))
}

fn person(node: usize) -> stix::ObjectId {
    id(&format!("person {node}"))
}

impl Federation {
    fn random(chance: &mut Chance) -> Self {
        let size = 2 + chance.below(39);
        let density = 2 + chance.below(size);
        let mut peers = vec![Vec::new(); size];
        for a in 0..size {
            for b in 0..a {
                if chance.one_in(density) || b + 1 == a && chance.one_in(2) {
                    peers[a].push(b);
                    peers[b].push(a);
                }
            }
        }
        let patrons = (0..size)
            .map(|node| {
                chance
                    .some(size, 6)
                    .into_iter()
                    .filter(|p| *p != node)
                    .collect()
            })
            .collect();
        let circles = (0..3)
            .map(|_| chance.some(size, 3).into_iter().collect())
            .collect();
        let bound = (0..size).map(|_| chance.one_in(2)).collect();
        Self {
            peers,
            patrons,
            circles,
            bound,
        }
    }

    fn standing(&self, node: usize) -> Standing {
        let mine = self
            .circles
            .iter()
            .enumerate()
            .filter(|(_, members)| members.contains(&node));
        let circles = mine
            .map(|(number, _)| (circle(&format!("circle-{number}")), 1))
            .collect();
        Standing {
            circles,
            ..Standing::of(organ(node))
        }
    }

    /// The machine access by which a node polls.
    fn viewer(&self, node: usize) -> Viewer {
        let patron = |patron: &usize| Patron {
            standing: self.standing(*patron),
            need_to_know: Desks::Every,
        };
        Viewer {
            standing: self.standing(node),
            person: self.bound[node].then(|| person(node)),
            machine: true,
            patrons: self.patrons[node].iter().map(patron).collect(),
            exercise: None,
        }
    }

    /// The table: may `from`, who holds a copy, give it to `to`?
    fn table(&self, said: &Said, author: usize, from: usize, to: usize) -> bool {
        let column_2 = match said.tlp {
            Tlp::Clear => return true,
            Tlp::Red => said.to.contains(&to) && self.bound[to],
            _ if to == author => return true,
            Tlp::Green | Tlp::AmberStrict => said.to.contains(&to),
            Tlp::Amber => {
                said.to.contains(&to)
                    || self.patrons[to]
                        .iter()
                        .any(|patron| said.to.contains(patron))
            }
        };
        let column_3 = match said.tlp {
            Tlp::Clear | Tlp::Green => true,
            Tlp::Amber => said.to.contains(&from) && self.patrons[to].contains(&from),
            Tlp::AmberStrict | Tlp::Red => false,
        };
        column_2 && (from == said.by || to == author || column_3)
    }

    /// A statement and the clause it makes, held by its own node.
    fn statement(&self, chance: &mut Chance, by: usize, author: usize) -> (Said, Clause) {
        let tlp = *chance.pick(&Tlp::ALL);
        let mut clause = Clause::own(tlp, organ(by));
        clause.origin.author = Some(organ(author));
        let mut to = BTreeSet::new();
        if tlp == Tlp::Green || (tlp != Tlp::Red && chance.one_in(3)) {
            let number = chance.below(self.circles.len());
            to.extend(&self.circles[number]);
            clause.audience.insert(Member::Circle {
                id: circle(&format!("circle-{number}")),
                epoch: 1,
            });
        } else {
            to.extend(chance.some(self.peers.len(), 3));
            let named = |node: &usize| match tlp {
                Tlp::Red => Member::Person(person(*node)),
                _ => Member::Participant(organ(*node)),
            };
            clause.audience = to.iter().map(named).collect();
        }
        (Said { tlp, to, by }, clause)
    }
}

/// What came of one record.
#[derive(Default)]
struct Tally {
    given: usize,
    withheld: usize,
    farthest: usize,
}

/// Lets one record run through the federation along every edge, and checks each.
fn run(federation: &Federation, chance: &mut Chance, at: &Timestamp, seed: u64) -> Tally {
    let size = federation.peers.len();
    let author = chance.below(size);
    let (said, clause) = federation.statement(chance, author, author);
    let mut tally = Tally::default();
    let mut queue = VecDeque::from([(author, vec![said], Label::always(Class::of(clause)), 0)]);
    let mut seen = BTreeSet::new();
    while let Some((holder, sayings, label, hops)) = queue.pop_front() {
        for &to in &federation.peers[holder] {
            let allowed = sayings
                .iter()
                .all(|said| federation.table(said, author, holder, to));
            let copy = onward(&label, &federation.viewer(to), at);
            assert_eq!(
                copy.is_some(),
                allowed,
                "seed {seed}: {} from {holder} to {to} at hop {hops}, author {author}",
                label.class.key()
            );
            let Some(mut copy) = copy else {
                tally.withheld += 1;
                continue;
            };
            tally.given += 1;
            tally.farthest = tally.farthest.max(hops + 1);
            for said in sayings.iter().filter(|said| said.tlp == Tlp::Green) {
                assert!(
                    said.to.contains(&to) || to == author,
                    "seed {seed}: GREEN left its community"
                );
            }
            let mut sayings = sayings.clone();
            if to != author && sayings.len() < 3 && chance.one_in(8) {
                // The receiver puts a label of its own beside the copy; it can only tighten.
                let (said, clause) = federation.statement(chance, to, author);
                copy = combine([&copy, &Label::always(Class::of(clause))]).unwrap();
                sayings.push(said);
            }
            if seen.len() < 4 * size && seen.insert((to, copy.class.key())) {
                queue.push_back((to, sayings, copy, hops + 1));
            }
        }
    }
    tally
}

/// `POLICY_FEDERATIONS=1000000` for the long form.
#[test]
fn nobody_gets_a_record_beyond_the_table_at_any_hop() {
    let federations = std::env::var("POLICY_FEDERATIONS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(200);
    let at = time("2026-06-01T00:00:00Z");
    let mut total = Tally::default();
    for seed in 0..federations {
        let mut chance = Chance::new(seed);
        let federation = Federation::random(&mut chance);
        for _ in 0..4 {
            let tally = run(&federation, &mut chance, &at, seed);
            total.given += tally.given;
            total.withheld += tally.withheld;
            total.farthest = total.farthest.max(tally.farthest);
        }
    }
    println!(
        "policy.federations={federations} given={} withheld={} farthest={}",
        total.given, total.withheld, total.farthest
    );
    assert!(total.given > 1000 && total.withheld > 1000 && total.farthest > 3);
}
