//! What the table and the release rules give for every case, worked out from lists of names. It shares nothing with the crate: no type,
//! no function, no order of questions. A [`Plant`] leaves one rule out, to show that the comparison notices.

use std::cell::RefCell;
use std::collections::HashMap;

/// A set of viewers of [`CAST`], one bit each.
type Set = u64;

/// Everybody who asks, in the order of the bits. `x/p` is person p of organ x; `bot` is a program, `bot(p)` one bound to p;
/// `@e` comes through exercise e; `c(x)` is a client of x.
pub(crate) const CAST: [&str; 32] = [
    "public",
    "a",
    "a/w",
    "a/v",
    "a/bot",
    "a/bot(w)",
    "x",
    "x/p",
    "x/q",
    "x/bot",
    "x/bot(p)",
    "y",
    "y/bot",
    "y/p",
    "y/w",
    "m",
    "n",
    "c(x)",
    "c(x) norms",
    "c(h)",
    "c(m)",
    "c(o)",
    "o",
    "late",
    "d",
    "h",
    "b",
    "x@e",
    "a/w@e",
    "x/p@f",
    "public@e",
    "c(x)@e",
];

/// A label as somebody put it.
pub(crate) struct Said {
    pub(crate) tlp: &'static str,
    /// Audiences, all of which must agree; an entry is a list of names from [`means`].
    pub(crate) audiences: Vec<&'static [&'static str]>,
    /// Whether it was put by the organ that holds this copy.
    pub(crate) first_hand: bool,
}

/// A case without viewer and purpose.
pub(crate) struct Case {
    pub(crate) said: Vec<Said>,
    /// Organs where the copy comes from and lies.
    pub(crate) origin: Vec<&'static str>,
    pub(crate) writer: bool,
    pub(crate) caveat: &'static str,
}

/// A rule that is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plant {
    None,
    EmptyAudienceMeansEverybody,
    OriginSeesRed,
    ParticipantOpensRed,
    WriterWithoutOrgan,
    UnboundMachineReadsRed,
    StateMeansAnyOrgan,
    NewcomerSeesAll,
    StrictHasClients,
    GreenHasClients,
    NoNeedToKnow,
    StrictIsPassedOn,
    AmberIsPassedOnToAudience,
    AnyonesClients,
    ConsentForgotten,
    ExerciseLeaks,
    LiveInExercise,
    EmbargoForgotten,
    EmbargoForOrigin,
    ExpiryForgotten,
    PapForgotten,
    ChathamForgotten,
    OneSayingIsEnough,
    GrantForgotten,
}

impl Plant {
    pub(crate) const ALL: [Self; 23] = [
        Self::EmptyAudienceMeansEverybody,
        Self::OriginSeesRed,
        Self::ParticipantOpensRed,
        Self::WriterWithoutOrgan,
        Self::UnboundMachineReadsRed,
        Self::StateMeansAnyOrgan,
        Self::NewcomerSeesAll,
        Self::StrictHasClients,
        Self::GreenHasClients,
        Self::NoNeedToKnow,
        Self::StrictIsPassedOn,
        Self::AmberIsPassedOnToAudience,
        Self::AnyonesClients,
        Self::ConsentForgotten,
        Self::ExerciseLeaks,
        Self::LiveInExercise,
        Self::EmbargoForgotten,
        Self::EmbargoForOrigin,
        Self::ExpiryForgotten,
        Self::PapForgotten,
        Self::ChathamForgotten,
        Self::OneSayingIsEnough,
        Self::GrantForgotten,
    ];
}

/// The set of the names in a list. Looked up once per list: the product asks some million times.
fn set(names: &'static str) -> Set {
    thread_local!(static KNOWN: RefCell<HashMap<&'static str, Set>> = RefCell::default());
    KNOWN.with_borrow_mut(|known| *known.entry(names).or_insert_with(|| read(names)))
}

fn read(names: &str) -> Set {
    let bit = |name: &str| {
        1 << CAST
            .iter()
            .position(|known| *known == name.trim())
            .unwrap_or_else(|| panic!("who is {name:?}?"))
    };
    names
        .split(',')
        .filter(|name| !name.trim().is_empty())
        .map(bit)
        .sum()
}

const EVERYBODY: Set = (1 << CAST.len()) - 1;

/// Who acts for an organ.
fn of(organ: &str) -> Set {
    set(match organ {
        "a" => "a, a/w, a/v, a/bot, a/bot(w), a/w@e",
        "x" => "x, x/p, x/q, x/bot, x/bot(p), x@e, x/p@f",
        "y" => "y, y/bot, y/p, y/w",
        "m" => "m",
        "n" => "n",
        "o" => "o",
        "late" => "late",
        "d" => "d",
        "h" => "h",
        "b" => "b",
        other => panic!("which organ is {other:?}?"),
    })
}

/// Who is meant by a name in an audience, for a record of the incidents desk.
fn means(name: &str, plant: Plant) -> Set {
    match name {
        "state s" if plant == Plant::StateMeansAnyOrgan => of("m") | of("n"),
        "state s" => of("m"),
        "circle" if plant == Plant::NewcomerSeesAll => of("o") | of("late"),
        "circle" => of("o"),
        "community" => of("d"),
        "person p" => set("x/p, x/bot(p), y/p, x/p@f"),
        "person w" => set("a/w, a/bot(w), y/w, a/w@e"),
        organ => of(organ),
    }
}

/// The clients, with need to know about incidents, of those meant by a name.
fn clients_of(name: &str, plant: Plant) -> Set {
    match name {
        "x" if plant == Plant::NoNeedToKnow => set("c(x), c(x) norms, c(x)@e"),
        "x" => set("c(x), c(x)@e"),
        "h" => set("c(h)"),
        "state s" | "m" => set("c(m)"),
        "circle" | "o" => set("c(o)"),
        _ => 0,
    }
}

fn any(names: &[&str], of_name: impl Fn(&str) -> Set) -> Set {
    names.iter().fold(0, |all, name| all | of_name(name))
}

/// The table, for one label and one audience: who may see it, to whom the holder may pass it on.
fn row(tlp: &str, audience: &[&str], case: &Case, plant: Plant) -> (Set, Set) {
    let origin = any(&case.origin, of);
    let named = any(audience, |name| means(name, plant));
    let named = if audience.is_empty() && plant == Plant::EmptyAudienceMeansEverybody {
        EVERYBODY
    } else {
        named
    };
    let clients = any(audience, |name| clients_of(name, plant));
    // A receiver's own clients are those of the holder, where the holder is meant by the audience.
    let holder = case.origin[0];
    let in_audience = |whom: &&&str| means(whom, plant) & of(holder) != 0;
    let own_clients = audience
        .iter()
        .find(in_audience)
        .map_or(0, |_| clients_of(holder, plant));
    match tlp {
        "CLEAR" => (EVERYBODY, EVERYBODY),
        "GREEN" if plant == Plant::GreenHasClients => (origin | named | clients, named | clients),
        "GREEN" => (origin | named, named),
        "AMBER" => {
            let further = match plant {
                Plant::AmberIsPassedOnToAudience => own_clients | named,
                Plant::AnyonesClients => clients,
                _ => own_clients,
            };
            (origin | named | clients, further)
        }
        "AMBER+STRICT" => {
            let clients = if plant == Plant::StrictHasClients {
                clients
            } else {
                0
            };
            (
                origin | named | clients,
                if plant == Plant::StrictIsPassedOn {
                    named
                } else {
                    0
                },
            )
        }
        "RED" => {
            let persons: Vec<&str> = audience
                .iter()
                .copied()
                .filter(|name| name.starts_with("person"))
                .collect();
            let mut seen = any(&persons, |name| means(name, plant));
            let wrote = set("a/w, a/bot(w), a/w@e");
            seen |= if case.writer { wrote } else { 0 };
            seen |= if case.writer && plant == Plant::WriterWithoutOrgan {
                set("y/w")
            } else {
                0
            };
            seen |= if plant == Plant::OriginSeesRed {
                origin
            } else {
                0
            };
            seen |= if plant == Plant::ParticipantOpensRed {
                named
            } else {
                0
            };
            seen |= if plant == Plant::UnboundMachineReadsRed && seen != 0 {
                set("x/bot")
            } else {
                0
            };
            (seen, 0)
        }
        other => panic!("which label is {other:?}?"),
    }
}

/// What one party's label gives: both columns, the origin, grants and consent.
fn given(said: &Said, case: &Case, plant: Plant) -> Set {
    let (mut seen, mut further) = (EVERYBODY, EVERYBODY);
    let nobody: Vec<&'static [&'static str]> = vec![&[]];
    let audiences = if said.audiences.is_empty() {
        &nobody
    } else {
        &said.audiences
    };
    for audience in audiences {
        let (column_2, column_3) = row(said.tlp, audience, case, plant);
        seen &= column_2;
        further &= column_3;
    }
    let origin = any(&case.origin, of);
    let consent = case.caveat == "consent" && plant != Plant::ConsentForgotten;
    let here = if said.first_hand {
        seen
    } else {
        seen & (origin | if consent { 0 } else { further })
    };
    let granted = case.caveat == "granted" && plant != Plant::GrantForgotten;
    match said.tlp {
        _ if !granted => here,
        "RED" => here | means("person p", plant),
        _ => here | of("y") | means("person p", plant),
    }
}

/// For every purpose, who has the record as it is, and who has it only without who spoke.
pub(crate) fn answer(case: &Case, purpose: &str, plant: Plant) -> (Set, Set) {
    let sayings = case.said.iter().map(|said| given(said, case, plant));
    let mut seen = match plant {
        Plant::OneSayingIsEnough => sayings.fold(0, |all, set| all | set),
        _ => sayings.fold(EVERYBODY, |all, set| all & set),
    };
    let in_e = set("x@e, a/w@e, public@e, c(x)@e");
    let in_f = set("x/p@f");
    seen &= match case.caveat {
        "exercise" | "exercise, said once" if plant == Plant::ExerciseLeaks => EVERYBODY & !in_f,
        "exercise" | "exercise, said once" => in_e,
        _ if plant == Plant::LiveInExercise => EVERYBODY,
        _ => EVERYBODY & !in_e & !in_f,
    };
    let origin = any(&case.origin, of);
    let at_home = match purpose {
        "show" | "derive" => origin,
        _ if plant == Plant::EmbargoForOrigin => origin,
        _ => 0,
    };
    match case.caveat {
        "embargo" if plant != Plant::EmbargoForgotten => seen &= at_home,
        "expired" if plant != Plant::ExpiryForgotten => seen &= at_home,
        "pap red" if plant != Plant::PapForgotten && purpose == "look up" => seen = 0,
        "chatham house" if plant != Plant::ChathamForgotten => {
            if let "poll" | "export" | "mail" | "look up" = purpose {
                return (0, seen);
            }
        }
        _ => {}
    }
    (seen, 0)
}
