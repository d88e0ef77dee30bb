//! Names of States, bodies, instruments and places in a text, linked to ids.
//! Invariant: finds are in order of their first token; a find inside a longer one is marked as nested.

use std::sync::LazyLock;

use crate::inflect::Verbs;
use crate::pattern::{Grammar, Patterns};
use crate::token::Token;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A State, by ISO code.
    State(&'static str),
    /// The adjective of a State.
    OfState(&'static str),
    /// A body or instrument, by registry id, with its kind.
    Body(&'static str, &'static str),
    /// A place, by English name, with the State it lies in.
    Place(&'static str, &'static str),
}

/// A name found.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// What it stands for.
    pub(crate) meaning: Meaning,
    /// It lies inside a longer name.
    pub(crate) nested: bool,
}

struct Table {
    patterns: Patterns<Meaning>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut patterns = Patterns::default();
    let rows = |table: &'static str| {
        table
            .lines()
            .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
            .map(|l| l.split('|').map(str::trim).collect::<Vec<_>>())
    };
    for row in rows(include_str!("../data/names/states.txt")) {
        let id = row[0];
        for (column, cell) in row.iter().enumerate().skip(1) {
            for name in cell.split(';').map(str::trim).filter(|n| !n.is_empty()) {
                patterns.add(
                    name,
                    if column >= 3 {
                        Meaning::OfState(id)
                    } else {
                        Meaning::State(id)
                    },
                );
            }
        }
    }
    for line in include_str!("../data/names/bodies.txt")
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
    {
        let mut parts = line.splitn(3, '|').map(str::trim);
        let (Some(id), Some(kind), Some(names)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        for name in names.split(';').map(str::trim).filter(|n| !n.is_empty()) {
            patterns.add(name, Meaning::Body(id, kind));
        }
    }
    for row in rows(include_str!("../data/names/places.txt")) {
        patterns.add(
            row[0],
            Meaning::Place(row[0], row.get(2).copied().unwrap_or_default()),
        );
        for name in row
            .get(1)
            .copied()
            .unwrap_or_default()
            .split(';')
            .map(str::trim)
            .filter(|n| !n.is_empty())
        {
            patterns.add(
                name,
                Meaning::Place(row[0], row.get(2).copied().unwrap_or_default()),
            );
        }
    }
    Table { patterns }
});

/// A body that may hold a dialogue or adopt a text in its own name.
pub(crate) fn may_be_party(id: &str) -> bool {
    static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        include_str!("../data/names/parties.txt")
            .lines()
            .filter(|l| !l.starts_with('#'))
            .map(str::trim)
            .collect()
    });
    IDS.contains(&id)
}

/// The rows of the table of States: code, English names, French names.
fn states() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    include_str!("../data/names/states.txt")
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('|').map(str::trim);
            Some((cells.next()?, cells.next()?, cells.next()?))
        })
}

/// The ISO 3166-1 codes of all States that have names here.
pub fn state_codes() -> impl Iterator<Item = &'static str> {
    states().map(|(code, _, _)| code)
}

/// The code of the State of this name, in English or French, without regard to case.
#[must_use]
pub fn state_named(name: &str) -> Option<&'static str> {
    let wanted = name.trim().to_lowercase();
    states()
        .find(|(code, english, french)| {
            let names = english.split(';').chain(french.split(';'));
            code.to_lowercase() == wanted
                || names
                    .into_iter()
                    .any(|name| name.trim().to_lowercase() == wanted)
        })
        .map(|(code, _, _)| code)
}

/// The bodies, treaties and initiatives that a passage names, by registry id, each once.
#[must_use]
pub fn bodies(text: &str) -> Vec<&'static str> {
    let tokens = crate::token::tokens(text, 0, text.len());
    let mut ids = Vec::new();
    for name in names(&tokens) {
        if let Meaning::Body(id, kind) = name.meaning
            && id != "="
            && !matches!(kind, "union" | "members")
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// States whose names are also given names or common words.
const AMBIGUOUS: &[&str] = &["JO", "TD", "GE", "DM", "IL", "NE"];

/// All names in the tokens.
pub(crate) fn names(tokens: &[Token]) -> Vec<Name> {
    static NO_VERBS: LazyLock<Verbs> = LazyLock::new(Verbs::default);
    let grammar = Grammar {
        verbs: &NO_VERBS,
        adverb: |_| false,
    };
    let mut out: Vec<Name> = Vec::new();
    for found in TABLE.patterns.all(tokens, grammar) {
        let here = &tokens[found.start..found.end];
        let capital = here.iter().any(|t| t.capital);
        let fits = match found.value {
            Meaning::State(id) => {
                let next = tokens.get(found.end);
                let person = AMBIGUOUS.contains(id)
                    && here.len() == 1
                    && next
                        .is_some_and(|t| t.capital && !t.upper && t.spaced && t.folded.len() > 2)
                    && !(found.start > 0
                        && matches!(
                            tokens[found.start - 1].folded.as_str(),
                            "of" | "in" | "and" | "," | "to" | "from"
                        ));
                capital && !person
            }
            // "Indo-French", not "Indo-Pacific".
            Meaning::OfState("IN") if here[0].is("indo") => TABLE
                .patterns
                .at(tokens, found.end, grammar)
                .iter()
                .any(|f| matches!(f.value, Meaning::OfState(_) | Meaning::State(_))),
            Meaning::OfState(_) => true,
            Meaning::Place(..) => here[0].capital || here.iter().all(|t| t.capital),
            // "the European Union and its Member States", not those of another union.
            Meaning::Body("EU-MS", _) if here[0].is("its") || here[0].is("ses") => {
                tokens[..found.start].iter().rev().take(5).any(|t| {
                    matches!(t.folded.as_str(), "eu" | "ue") || t.is("union") || t.is("europeenne")
                })
            }
            // "the General Assembly of the OAS", "la Commission de la science" are other bodies.
            Meaning::Body("UNGA" | "EC", _) if here.len() <= 2 => {
                let of = tokens
                    .get(found.end)
                    .is_some_and(|t| matches!(t.folded.as_str(), "of" | "de" | "on" | "du" | "d"));
                let ours = tokens
                    .get(found.end + 1)
                    .is_some_and(|t| t.is("the") || t.is("l"))
                    && tokens
                        .get(found.end + 2)
                        .is_some_and(|t| matches!(t.folded.as_str(), "united" | "un" | "onu"));
                !of || ours || here.iter().any(|t| t.upper)
            }
            Meaning::Body(..) => true,
        };
        // An acronym that is a word of a line in capitals is that word.
        let shouted = here.len() == 1
            && here[0].upper
            && matches!(
                here[0].folded.as_str(),
                "first"
                    | "au"
                    | "who"
                    | "us"
                    | "un"
                    | "fra"
                    | "cri"
                    | "apt"
                    | "csa"
                    | "iso"
                    | "dora"
                    | "icc"
                    | "pif"
            )
            && {
                let loud = |t: Option<&Token>| {
                    t.is_some_and(|t| {
                        t.upper
                            && t.folded.len() > 3
                            && !TABLE
                                .patterns
                                .at(std::slice::from_ref(t), 0, grammar)
                                .iter()
                                .any(|f| f.end == 1)
                    })
                };
                loud(found.start.checked_sub(1).and_then(|i| tokens.get(i)))
                    || loud(tokens.get(found.end))
            };
        if fits && !shouted {
            out.push(Name {
                start: found.start,
                end: found.end,
                meaning: found.value.clone(),
                nested: false,
            });
        }
    }
    out.sort_by_key(|n| (n.start, usize::MAX - n.end));
    out.dedup_by(|b, a| a.start == b.start && a.end == b.end && a.meaning == b.meaning);
    for i in 0..out.len() {
        let (start, end) = (out[i].start, out[i].end);
        out[i].nested = out
            .iter()
            .skip(i.saturating_sub(12))
            .take(24)
            .any(|o| o.start <= start && o.end >= end && o.end - o.start > end - start);
    }
    out
}

/// Adds what a text calls an office after it gave its abbreviation: "the Cyber Security Agency of Singapore (CSA)".
pub(crate) fn abbreviated(mut names: Vec<Name>, tokens: &[Token]) -> Vec<Name> {
    /// "of the Federal Republic of Germany" may stand between the name and its abbreviation.
    const BETWEEN: usize = 6;
    let mut short: Vec<(&str, Meaning)> = Vec::new();
    for name in &names {
        let office = matches!(name.meaning, Meaning::Body(_, kind) if side_of(kind).is_some());
        if !office || name.end - name.start < 2 {
            continue;
        }
        let open = (name.end..tokens.len().min(name.end + BETWEEN)).find(|i| tokens[*i].is("("));
        if let Some(open) = open
            && tokens[name.end..open].iter().all(|t| {
                t.capital || matches!(t.folded.as_str(), "of" | "the" | "de" | "du" | "la")
            })
            && let Some(t) = tokens.get(open + 1).filter(|t| t.upper)
            && tokens.get(open + 2).is_some_and(|t| t.is(")"))
            && !short.iter().any(|(s, _)| *s == t.folded)
        {
            short.push((&t.folded, name.meaning.clone()));
        }
    }
    if short.is_empty() {
        return names;
    }
    let known: Vec<(usize, usize)> = names.iter().map(|n| (n.start, n.end)).collect();
    for (at, token) in tokens.iter().enumerate().filter(|(_, t)| t.upper) {
        let taken = || {
            let first = known.partition_point(|(start, _)| start + 16 < at);
            known[first..]
                .iter()
                .take_while(|(start, _)| *start <= at)
                .any(|(_, end)| *end > at)
        };
        if let Some((_, meaning)) = short.iter().find(|(s, _)| *s == token.folded)
            && !taken()
        {
            names.push(Name {
                start: at,
                end: at + 1,
                meaning: meaning.clone(),
                nested: false,
            });
        }
    }
    names.sort_by_key(|n| (n.start, usize::MAX - n.end));
    names
}

/// Names that may touch the tokens `start..end`: a slice, so that nobody walks over all of them.
pub(crate) fn near(names: &[Name], start: usize, end: usize) -> &[Name] {
    /// No name is longer than this, in tokens.
    const LONGEST: usize = 64;
    let from = names.partition_point(|n| n.start + LONGEST < start);
    let to = names.partition_point(|n| n.start <= end);
    &names[from..to.max(from)]
}

/// The side for which a body speaks: an agency or ministry for its State, the EU's own for the EU.
pub(crate) fn side_of(kind: &str) -> Option<&str> {
    kind.strip_prefix("agency-")
        .or_else(|| kind.strip_prefix("ministry-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokens;

    #[test]
    fn examples() {
        let table: &[(&str, &str)] = &[
            ("the U.S. and the Republic of Korea", "US KR"),
            ("aux États‑Unis et du Luxembourg", "US LU"),
            ("give us the eu past", ""),
            ("l’ANASE et le Forum régional de l'ANASE", "ASEAN ARF"),
            ("the UN Group of Governmental Experts", "UN UN-GGE"),
            ("Ambassador Jordan Smith of Georgia", "GE"),
            ("réunis à La Haye", "The Hague"),
            ("the Budapest Convention", "BUDAPEST-CONVENTION"),
            (
                "the Copenhagen Declaration, the Artemis Accords",
                "Copenhagen",
            ),
            ("Indo-French talks on the Indo-Pacific", "IN FR"),
            ("l'Assemblée générale des Nations unies", "UNGA"),
        ];
        for (text, expected) in table {
            let found: Vec<&str> = names(&tokens(text, 0, text.len()))
                .iter()
                .filter(|n| !n.nested)
                .map(|n| match n.meaning {
                    Meaning::State(i)
                    | Meaning::OfState(i)
                    | Meaning::Body(i, _)
                    | Meaning::Place(i, _) => i,
                })
                .collect();
            assert_eq!(found.join(" "), *expected, "{text}");
        }
    }
}
