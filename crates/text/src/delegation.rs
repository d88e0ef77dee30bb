//! For which side a person speaks, by words that set sides apart: whose delegation, on which side of the table, for whom somebody signed.
//! Invariant: what is told is the id of a name that the text prints beside the person.

use crate::document::Document;
use crate::name::{Meaning, Name};
use crate::party::{party_id, push};
use crate::person::Found;

/// "A, Director General, represented Canada": the side for which a person is said to have come; `others` are the persons of the text.
pub(crate) fn represents(
    document: &Document<'_>,
    person: &Found,
    others: &[(usize, usize)],
) -> Option<String> {
    /// An office between a name and its verb has no more tokens.
    const REACH: usize = 20;
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let represents = |i: usize| document.lexicon.is("representing", word(i));
    if !matches!(word(person.end), "," | "(") && !represents(person.end) {
        return None;
    }
    let verb = (person.end..person.end + REACH)
        .take_while(|i| !matches!(word(*i), "." | ";" | "who" | "qui" | "whom"))
        .take_while(|i| others.iter().all(|(start, _)| start != i))
        .find(|i| represents(*i))?;
    let name = document
        .near(verb + 1, verb + 4)
        .find(|n| n.start > verb && n.start <= verb + 2)?;
    match name.meaning {
        Meaning::State(id) | Meaning::Body(id, "union") => Some(id.to_owned()),
        _ => None,
    }
}

/// "A led the Korean delegation": the side that a person leads.
pub(crate) fn leads(document: &Document<'_>, person: &Found) -> Option<String> {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let verb = (person.end..person.end + 3).find(|i| document.lexicon.is("leading", word(*i)))?;
    document
        .near(verb + 1, verb + 4)
        .filter(|n| n.start > verb && n.start <= verb + 3)
        .filter(|n| {
            (n.end..n.end + 3).any(|i| document.lexicon.is("delegated", word(i)))
                || (verb + 1..n.start).any(|i| document.lexicon.is("delegated", word(i)))
        })
        .find_map(|n| match n.meaning {
            Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                Some(id.to_owned())
            }
            _ => None,
        })
}

/// "the Japanese Ministry of Foreign Affairs Deputy Minister and Ambassador for Cyber Policy A": the State before the first word of the office.
pub(crate) fn before_office(
    document: &Document<'_>,
    person: &Found,
    others: &[(usize, usize)],
) -> Option<String> {
    /// No office stands further from whose it is.
    const REACH: usize = 24;
    let tokens = &document.tokens;
    if !document
        .sentences
        .iter()
        .any(|s| person.start >= s.start && person.end <= s.end)
    {
        return None;
    }
    let mut from = person.start;
    while from > person.start.saturating_sub(REACH) {
        let at = from - 1;
        let word = &tokens[at];
        let linked = word.capital
            || word.elided
            // "in charge of", "chargé de"
            || word.folded.starts_with("charge")
            || ["prepositions", "coordinators", "determiners"]
                .iter()
                .any(|list| document.lexicon.is(list, &word.folded));
        if !word.is_word() || !linked || others.iter().any(|(_, end)| *end == from) {
            return None;
        }
        from = at;
        let named = document
            .near(from, from + 1)
            .filter(|n| n.start == from && n.end < person.start)
            .filter(|n| tokens[n.end].capital)
            .find_map(|n| match n.meaning {
                Meaning::State(id) | Meaning::OfState(id) => Some(id.to_owned()),
                _ => None,
            });
        // "Minister of Foreign Affairs of Japan A": that is in the office, and read there.
        let in_office = from.checked_sub(1).is_some_and(|i| {
            matches!(tokens[i].folded.as_str(), "of" | "for" | "to" | "de" | "du")
        });
        if let Some(id) = named {
            return (!in_office).then_some(id);
        }
    }
    None
}

/// "Pour la République du Bénin", "For the Government of Japan" in a line above a signature, in the same column, or a State's name alone
/// above those who came for it: for whom it is.
pub(crate) fn signed_for(document: &Document<'_>, person: &Found) -> Option<String> {
    /// So many lines above a name may stand its office and for whom it signs.
    const ABOVE: usize = 4;
    /// A column is set in or out by no more.
    const SHIFT: usize = 6;
    // Within a sentence a State's name on the line above is only where the line was cut.
    let told = document
        .sentences
        .iter()
        .any(|s| person.start >= s.start && person.end <= s.end);
    let offset = document.tokens.get(person.start)?.start;
    let line = document.text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let column = document.text[line..offset].chars().count();
    let mut end = line;
    for _ in 0..ABOVE {
        end = document.text[..end].trim_end().len();
        let start = document.text[..end].rfind('\n').map_or(0, |at| at + 1);
        if end == 0 {
            return None;
        }
        let cells = cells(&document.text[start..end]);
        let one = cells.len() == 1;
        for (at, cell) in cells {
            let first = cell.split_whitespace().next().map(crate::token::fold);
            let signs = matches!(first.as_deref(), Some("for" | "pour"));
            let here = document.text[start..start + at].chars().count();
            let (from, to) = document.token_range(start + at, start + at + cell.len());
            let mut names = document
                .near(from, to)
                .filter(|n| n.start >= from && n.end <= to && !n.nested);
            let headed = |n: &&Name| {
                n.start == from && n.end == to && matches!(n.meaning, Meaning::State(_))
            };
            let above = one || here.abs_diff(column) <= SHIFT;
            let found = if !above {
                None
            } else if signs {
                names.find_map(|n| match n.meaning {
                    Meaning::OfState(id) => Some(id),
                    _ => party_id(n),
                })
            } else if told {
                None
            } else {
                names.find(headed).and_then(party_id)
            };
            if found.is_some() {
                return found.map(str::to_owned);
            }
        }
        end = start;
    }
    None
}

/// "Jane Doe", and on the next line "First Secretary, Permanent Mission of Brazil to the OAS": the State in the office of whoever is listed.
pub(crate) fn listed_office(document: &Document<'_>, person: &Found) -> Option<String> {
    let tokens = &document.tokens;
    let told = |s: &crate::document::Sentence| person.start >= s.start && person.end <= s.end;
    if person.role.is_none() || document.sentences.iter().any(told) {
        return None;
    }
    let offset = tokens.get(person.end)?.start;
    let rest = &document.text[offset..];
    let line = rest.find('\n').unwrap_or(rest.len());
    // Up to the end of the line in which the office begins.
    let (from, to) = document.token_range(offset, offset + line);
    document
        .near(from, to)
        .filter(|n| n.start >= from && n.end <= to)
        .filter(|n| {
            let before = n
                .start
                .checked_sub(1)
                .map_or("", |i| tokens[i].folded.as_str());
            !matches!(
                before,
                "to" | "in" | "for" | "on" | "aupres" | "en" | "au" | "pour"
            )
        })
        .find_map(|n| match n.meaning {
            Meaning::State(id) | Meaning::OfState(id) => Some(id.to_owned()),
            _ => None,
        })
}

/// The columns of a line, three blanks or more apart, each with where it begins.
fn cells(line: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut at = 0;
    for cell in line.split("   ") {
        let words = cell.trim();
        if !words.is_empty() {
            out.push((at + cell.len() - cell.trim_start().len(), words));
        }
        at += cell.len() + 3;
    }
    out
}

/// "The Ukrainian delegation was co-led by A and B", "la délégation coréenne était conduite par A et B": both are of it.
pub(crate) fn of_delegation(
    document: &Document<'_>,
    (start, end): (usize, usize),
    persons: &mut [Found],
    parties: &[String],
) {
    let is = |list: &str, i: usize| {
        let token = document.tokens.get(i);
        token.is_some_and(|t| document.lexicon.is(list, &t.folded))
    };
    let here = |p: &Found| p.start >= start && p.end <= end;
    let Some(first) = persons.iter().filter(|p| here(p)).map(|p| p.start).min() else {
        return;
    };
    let mut delegations = document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end)
        .filter(|n| is("delegated", n.end) || n.start > start && is("delegated", n.start - 1))
        .filter_map(|n| match n.meaning {
            Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                Some((n.end, id))
            }
            _ => None,
        });
    let (Some((at, side)), None) = (delegations.next(), delegations.next()) else {
        return;
    };
    let led = (at..first).find(|i| is("leading", *i));
    let (Some(led), true) = (led, parties.iter().any(|p| p == side)) else {
        return;
    };
    // "was led by A, and was received by Minister B": B is of whoever received them.
    let until = (led + 1..end)
        .find(|i| {
            ["met", "attending", "hosting", "receiving"]
                .iter()
                .any(|list| is(list, *i))
        })
        .unwrap_or(end);
    for person in persons
        .iter_mut()
        .filter(|p| here(p) && p.end <= until && p.side.is_none())
    {
        person.side = Some(side.to_owned());
    }
}

/// "A, B and C led for France, India and Australia respectively": one each, in order.
pub(crate) fn respectively(
    document: &Document<'_>,
    (start, end): (usize, usize),
    persons: &mut [Found],
    parties: &[String],
) {
    let cue = (start..end).find(|i| {
        matches!(
            document.tokens[*i].folded.as_str(),
            "respectively" | "respectivement"
        )
    });
    let mut here: Vec<&mut Found> = persons
        .iter_mut()
        .filter(|p| p.start >= start && p.end <= end)
        .collect();
    here.sort_by_key(|p| p.start);
    let (Some(_), Some(last)) = (cue, here.last().map(|p| p.end)) else {
        return;
    };
    let mut sides = Vec::new();
    for name in document
        .near(last, end)
        .filter(|n| n.start >= last && n.end <= end && !n.nested)
    {
        match name.meaning {
            Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union") => {
                push(&mut sides, id);
            }
            _ => {}
        }
    }
    if sides.len() < 2 || sides.len() != here.len() || sides.iter().any(|id| !parties.contains(id))
    {
        return;
    }
    for (person, side) in here.into_iter().zip(sides) {
        person.side.get_or_insert(side);
    }
}

/// "On the Philippine side, A, and B; on the Australian side, C", "A on the Korean side, and B on the Japanese side".
pub(crate) fn on_its_side(
    document: &Document<'_>,
    sentence: (usize, usize),
    persons: &mut [Found],
    parties: &[String],
) {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let cues: Vec<(usize, &str)> = document
        .near(sentence.0, sentence.1)
        .filter(|n| n.start > sentence.0 && n.end <= sentence.1)
        .filter_map(|n| {
            let (Meaning::State(id) | Meaning::OfState(id) | Meaning::Body(id, "union")) =
                n.meaning
            else {
                return None;
            };
            let back = |k: usize| n.start.checked_sub(k).map_or("", &word);
            let english = word(n.end) == "side"
                && matches!(back(1), "the" | "its")
                && matches!(back(2), "on" | "from" | "for");
            let french = back(1) == "cote"
                || matches!(back(1), "de" | "du" | "la" | "l" | "des")
                    && (back(2) == "cote" || back(3) == "cote")
                || back(1) == "partie" && matches!(back(2), "la") && back(3) == "pour";
            (english || french && document.lexicon.code == "fr").then_some((n.start, id))
        })
        .collect();
    let here = |p: &Found| p.start >= sentence.0 && p.end <= sentence.1;
    let Some(first) = persons.iter().filter(|p| here(p)).map(|p| p.start).min() else {
        return;
    };
    let leading = cues.first().is_some_and(|(at, _)| *at < first);
    for person in persons.iter_mut().filter(|p| here(p)) {
        let cue = if leading {
            cues.iter().rfind(|(at, _)| *at < person.start)
        } else {
            // "led a delegation that included, on the U.S. side, two departments" tells of others.
            let near = |at: usize| {
                !(person.end..at).any(|i| {
                    ["leading", "attending", "presiding", "met"]
                        .iter()
                        .any(|list| document.lexicon.is(list, &document.tokens[i].folded))
                })
            };
            cues.iter()
                .find(|(at, _)| *at > person.start)
                .filter(|(at, _)| near(*at))
        };
        if let Some(side) = cue.and_then(|(_, id)| parties.iter().find(|p| p == id)) {
            person.side = Some(side.clone());
        }
    }
}
