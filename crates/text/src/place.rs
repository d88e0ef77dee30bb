//! Cities named in a range of tokens, those that no table knows included.
//! Invariant: a place is given by its English name where the table has one, else as printed.

use crate::document::Document;
use crate::name::Meaning;

/// Places named in a range, in order: (English name, token).
pub(crate) fn places(document: &Document<'_>, start: usize, end: usize) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for name in document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end)
    {
        let lead = name
            .start
            .checked_sub(1)
            .map_or("", |i| document.tokens[i].folded.as_str());
        // "hosted by Singapore"
        let hosted = matches!(lead, "by" | "par")
            && name.start >= 2
            && document
                .lexicon
                .is("hosting", &document.tokens[name.start - 2].folded);
        let led = hosted || matches!(lead, "in" | "at" | "a" | "au" | "to" | "," | "from");
        match name.meaning {
            // A city that is a State is one only where something happens in it.
            Meaning::Place("Singapore", _) if !led || matches!(lead, "," | "from") => {}
            Meaning::Place(id, _) => {
                let nested = document.near(name.start, name.end).any(|n| {
                    n.start <= name.start
                        && n.end >= name.end
                        && n.end - n.start > name.end - name.start
                        && !matches!(n.meaning, Meaning::Place(..))
                });
                if !nested {
                    out.push((id.to_owned(), name.start));
                }
            }
            Meaning::State(id @ ("SG" | "LU" | "MC" | "DJ" | "SM" | "VA" | "KW" | "PA" | "GT"))
                if led && lead != "," && lead != "from" =>
            {
                out.push((
                    match id {
                        "SG" => "Singapore",
                        "LU" => "Luxembourg",
                        "MC" => "Monaco",
                        "DJ" => "Djibouti",
                        "SM" => "San Marino",
                        "KW" => "Kuwait City",
                        "PA" => "Panama City",
                        "GT" => "Guatemala City",
                        _ => "Vatican City",
                    }
                    .to_owned(),
                    name.start,
                ));
            }
            _ => {}
        }
    }
    // A city that no table knows: "in Puerto Azul on 10 May", "à Grand-Bassam, le 8".
    let title = document.title_tokens() == Some((start, end));
    if out.is_empty() && !title {
        for at in start..end.saturating_sub(1) {
            let lead = document.tokens[at].folded.as_str();
            if !(matches!(lead, "in" | "at")
                || seated(document, at + 1)
                || lead == "a"
                    && document.lexicon.code == "fr"
                    && document.text[document.tokens[at].start..].starts_with('à'))
            {
                continue;
            }
            let mut stop = at + 1;
            while stop < end
                && (document.tokens[stop].capital
                    || document.tokens[stop].hyphened
                        && document.tokens[stop].is_word()
                        && stop > at + 1)
                && document.tokens[stop].is_word()
                && stop < at + 5
                && !document.near(stop, stop + 1).any(|n| {
                    n.start <= stop && stop < n.end && !matches!(n.meaning, Meaning::Place(..))
                })
                && document
                    .lexicon
                    .calendar
                    .month(&document.tokens[stop])
                    .is_none()
            {
                stop += 1;
            }
            if stop == at + 1
                || document.tokens[at + 1].upper && document.tokens[at + 1].folded.len() < 5
            {
                continue;
            }
            let word = document.tokens[stop - 1].folded.as_str();
            let building = document.lexicon.is("not-a-city", word);
            let dated = document.tokens.get(stop).is_some_and(|t| {
                t.is_word()
                    && !t.capital
                    && !(t.folded.len() == 4 && t.folded.starts_with(char::is_numeric))
            }) || document.tokens.get(stop).is_some_and(|t| {
                matches!(t.folded.as_str(), "," | ".")
                    || document.lexicon.is("after-a-city", &t.folded)
            }) || stop == end;
            if dated && !building && !exercise_named(document, stop, end) {
                out.push((
                    document.text[document.tokens[at + 1].start..document.tokens[stop - 1].end]
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                    at + 1,
                ));
            }
        }
    }
    out
}

/// "au château de Senningen": the place of a castle, and where they met.
pub(crate) fn seated(document: &Document<'_>, at: usize) -> bool {
    let word = |back: usize| {
        at.checked_sub(back)
            .map_or("", |i| document.tokens[i].folded.as_str())
    };
    matches!(word(1), "de" | "d" | "of") && document.lexicon.is("seats", word(2))
}

/// "took part in Amber Shield, a cyber exercise": what stands before the apposition is no town.
fn exercise_named(document: &Document<'_>, comma: usize, end: usize) -> bool {
    let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
    comma + 1 < end
        && document.tokens[comma].is(",")
        && is("determiners", comma + 1)
        && (comma + 2..end.min(comma + 8))
            .take_while(|i| document.tokens[*i].is_word())
            .any(|i| is("own-exercise", i))
}

/// A State that is a city, or a city, before a verb of hosting: "Singapore will host the sixth dialogue", "Oslo a accueilli".
pub(crate) fn host_city(document: &Document<'_>, start: usize, end: usize) -> Option<String> {
    document
        .near(start, end)
        .filter(|n| n.start >= start && n.end < end)
        .filter(|n| {
            (n.end..n.end + 3).any(|i| {
                document
                    .tokens
                    .get(i)
                    .is_some_and(|t| document.lexicon.is("hosting", &t.folded))
            })
        })
        .find_map(|n| match n.meaning {
            Meaning::Place(city, _) => Some(city.to_owned()),
            _ => None,
        })
}
