//! The same cases in the crate's own terms.

use std::collections::{BTreeMap, BTreeSet};

use policy::{
    CircleId, Desk, Desks, Handling, House, Label, Member, Origin, Pap, Patron, Purpose, Standing,
    Terms, Tlp, Viewer, resolve,
};
use stix::{ObjectId, Timestamp};

use crate::oracle::{Case, Said};

/// The identity called `name`.
pub(crate) fn id(name: &str) -> ObjectId {
    let number = name.bytes().fold(7_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    format!(
        "identity--00000000-0000-4000-8000-{:012x}",
        number & 0xffff_ffff_ffff
    )
    .parse()
    .unwrap()
}

pub(crate) fn circle(name: &str) -> CircleId {
    CircleId::parse(name).unwrap()
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn only(desk: Desk) -> Desks {
    Desks::Only(BTreeSet::from([desk]))
}

fn standing(organ: &str) -> Standing {
    let mut standing = Standing::of(id(organ));
    match organ {
        "m" => standing.stands_for = BTreeMap::from([(id("state s"), only(Desk::Incidents))]),
        "n" => standing.stands_for = BTreeMap::from([(id("state s"), only(Desk::Norms))]),
        "o" => standing.circles = BTreeMap::from([(circle("ring"), 1)]),
        "late" => standing.circles = BTreeMap::from([(circle("ring"), 4)]),
        "d" => standing.circles = BTreeMap::from([(circle("commons"), 1)]),
        _ => {}
    }
    standing
}

/// The viewer that the oracle's cast calls `name`.
pub(crate) fn viewer(name: &str) -> Viewer {
    let (name, exercise) = match name.split_once('@') {
        Some((name, exercise)) => (name, Some(id(exercise))),
        None => (name, None),
    };
    let mut viewer = Viewer {
        exercise,
        ..Viewer::public()
    };
    if let Some(client) = name.strip_prefix("c(") {
        let (patron, rest) = client.split_once(')').unwrap();
        let need = match (patron, rest) {
            (_, " norms") => only(Desk::Norms),
            ("x", _) => only(Desk::Incidents),
            _ => Desks::Every,
        };
        viewer.standing = Standing::of(id(name));
        viewer.patrons = vec![Patron {
            standing: standing(patron),
            need_to_know: need,
        }];
        return viewer;
    }
    let (organ, person) = name.split_once('/').unwrap_or((name, ""));
    if organ != "public" {
        viewer.standing = standing(organ);
    }
    viewer.machine = person.starts_with("bot");
    let person = person.trim_start_matches("bot").trim_matches(['(', ')']);
    viewer.person = (!person.is_empty()).then(|| id(person));
    viewer
}

fn member(name: &str) -> Member {
    match name {
        "circle" => Member::Circle {
            id: circle("ring"),
            epoch: 3,
        },
        "community" => Member::Circle {
            id: circle("commons"),
            epoch: 2,
        },
        name => name
            .strip_prefix("person ")
            .map_or_else(|| Member::Participant(id(name)), |p| Member::Person(id(p))),
    }
}

pub(crate) const PURPOSES: [(&str, Purpose); 7] = [
    ("show", Purpose::Show),
    ("poll", Purpose::Poll),
    ("export", Purpose::Export),
    ("mail", Purpose::Mail),
    ("relay", Purpose::Relay),
    ("derive", Purpose::Derive),
    ("look up", Purpose::LookUp),
];

/// What somebody put on the record, by the mark's name. `first_hand` follows from where the copy lies.
pub(crate) fn sayings(mark: &str, audience: &[&'static [&'static str]], holder: &str) -> Vec<Said> {
    let by = |tlp: &'static str, audiences: Vec<&'static [&'static str]>, first_hand: bool| Said {
        tlp,
        audiences,
        first_hand,
    };
    let authors = holder == "a";
    let as_given = audience.to_vec();
    let tlp = |tlp| vec![by(tlp, as_given.clone(), authors)];
    match mark {
        "clear" => tlp("CLEAR"),
        "green" if audience.is_empty() => vec![by("GREEN", vec![&["community"]], authors)],
        "green" | "green, no community" => tlp("GREEN"),
        "amber" => tlp("AMBER"),
        "strict" => tlp("AMBER+STRICT"),
        "red" => tlp("RED"),
        // An unknown marking beside the others: RED, and its audience is nobody.
        "unknown" => vec![by("RED", [as_given, vec![&[]]].concat(), authors)],
        "green and amber" => tlp("AMBER"),
        // An audience without TLP goes to that audience and no further; no audience either: the default, which is nobody.
        // The author's caveats, if any, stand beside it and bind the holder like any receiver.
        "none" if audience.is_empty() => vec![
            by("CLEAR", vec![], authors),
            by("AMBER+STRICT", vec![], true),
        ],
        "none" => tlp("AMBER+STRICT"),
        "holder's amber" => vec![by("CLEAR", vec![], authors), by("AMBER", as_given, true)],
        "relabelled down" => vec![by("AMBER", as_given, authors), by("CLEAR", vec![], true)],
        // What the author leaves open in the bytes, the author may say beside them.
        "tightened" if authors && audience.is_empty() => {
            vec![by("AMBER+STRICT", vec![&["x", "circle"]], true)]
        }
        "tightened" => vec![
            by("AMBER", as_given, authors),
            by("AMBER+STRICT", vec![&["x", "circle"]], true),
        ],
        other => panic!("which mark is {other:?}?"),
    }
}

pub(crate) const MARKS: [&str; 12] = [
    "clear",
    "green",
    "green, no community",
    "amber",
    "strict",
    "red",
    "unknown",
    "green and amber",
    "none",
    "holder's amber",
    "relabelled down",
    "tightened",
];

/// Audiences that a case may name; the first says nothing about it, the second names nobody.
pub(crate) const AUDIENCES: [&[&[&str]]; 10] = [
    &[],
    &[&[]],
    &[&["x"]],
    &[&["state s"]],
    &[&["person p"]],
    &[&["circle"]],
    &[&["x", "person p"]],
    &[&["x", "y"], &["x", "person p"]],
    &[&["circle", "x", "h"]],
    &[&["state s", "y", "person w"]],
];

pub(crate) const CAVEATS: [&str; 9] = [
    "none",
    "embargo",
    "expired",
    "exercise",
    "exercise, said once",
    "consent",
    "pap red",
    "chatham house",
    "granted",
];

/// Where a copy may lie: with its author, with a receiver, with a relay that took it in by an entrance, with a State's organ.
pub(crate) const HOLDERS: [&str; 4] = ["a", "x", "h", "m"];

pub(crate) const NOW: &str = "2026-06-01T00:00:00Z";

/// The case for the oracle and the label that the crate resolves for it.
pub(crate) fn case(
    mark: &str,
    audience: &[&'static [&'static str]],
    holder: &'static str,
    caveat: &'static str,
) -> (Case, Label) {
    let bringer = (holder == "h").then_some("b");
    let origin = [holder, "a"].into_iter().chain(bringer).collect();
    let case = Case {
        said: sayings(mark, audience, holder),
        origin,
        writer: true,
        caveat,
    };

    let mut author = Terms::silent();
    for names in audience {
        author = author.to(names.iter().map(|name| member(name)));
    }
    let mut path = Vec::new();
    let mut house = House {
        default: Terms::nobody(),
        community: Some(member("community")),
    };
    match mark {
        "clear" => author.tlp = Some(Tlp::Clear),
        "green" => author.tlp = Some(Tlp::Green),
        "green, no community" => {
            author.tlp = Some(Tlp::Green);
            house.community = None;
        }
        "amber" | "relabelled down" | "tightened" => author.tlp = Some(Tlp::Amber),
        "strict" => author.tlp = Some(Tlp::AmberStrict),
        "red" => author.tlp = Some(Tlp::Red),
        "unknown" => author = author.and(Terms::unknown()),
        "green and amber" => {
            author = author
                .and(Terms::tlp(Tlp::Green))
                .and(Terms::tlp(Tlp::Amber))
        }
        _ => {}
    }
    if mark == "holder's amber" {
        let mut terms = std::mem::replace(&mut author, Terms::silent());
        terms.tlp = Some(Tlp::Amber);
        path.push((holder, terms));
    }
    if mark == "relabelled down" {
        path.push((holder, Terms::tlp(Tlp::Clear)));
    }
    if mark == "tightened" {
        path.push((
            holder,
            Terms::tlp(Tlp::AmberStrict).to([member("x"), member("circle")]),
        ));
    }
    // A grant opens the clause of whoever gives it: let everybody who has a say give the same one.
    let everyone = path
        .iter_mut()
        .map(|(_, terms)| terms)
        .chain([&mut author, &mut house.default]);
    for terms in everyone {
        match caveat {
            "embargo" => terms.embargo = Some(time("2026-06-01T00:00:00.000001Z")),
            "expired" => terms.expiry = Some(time(NOW)),
            "exercise" => terms.caveats.exercise = Some(id("e")),
            "consent" => terms.caveats.originator_consent = true,
            "pap red" => terms.caveats.pap = Pap::Red,
            "chatham house" => terms.caveats.chatham_house = true,
            "granted" => {
                terms.granted =
                    BTreeSet::from([Member::Participant(id("y")), Member::Person(id("p"))])
            }
            _ => {}
        }
    }
    if caveat == "exercise, said once" {
        author.caveats.exercise = Some(id("e"));
    }
    let origin = Origin {
        author: Some(id("a")),
        writer: Some(id("w")),
        holder: id(holder),
        bringer: bringer.map(id),
    };
    let path: Vec<Handling> = path
        .into_iter()
        .map(|(by, terms)| Handling { by: id(by), terms })
        .collect();
    (
        case,
        resolve(&origin, Some(Desk::Incidents), &author, &path, &house).label,
    )
}
