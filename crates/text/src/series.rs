//! The series of meetings to which this one belongs, its number in it, and the parties in its name.
//! Invariant: without a series there is no number.

use crate::document::Document;
use crate::name::Meaning;
use crate::party::{ids, party_id};
use crate::statement::Kind;

/// So far before the name of a series stands its number: the names of those who meet lie between.
const NUMBER: usize = 14;

/// So many at most hold a dialogue without a word of them in its name.
const FEW: usize = 4;

/// The ordinal of the meeting and whether there is a series at all.
pub(crate) fn series(
    document: &Document<'_>,
    parties: &[String],
    kind: Kind,
) -> (Option<String>, Option<u32>) {
    let mut ranges: Vec<(usize, usize)> = document.title_tokens().into_iter().collect();
    ranges.extend(document.sentences.iter().map(|s| (s.start, s.end)));
    let mut id = None;
    let mut ordinal = None;
    for (rank, &(start, end)) in ranges.iter().enumerate() {
        let mut found = series_at(document, start, end);
        if id.is_some() {
            // "fourth meeting of their dialogue"
            found.extend(
                (start..end)
                    .filter(|i| {
                        document
                            .lexicon
                            .is("singular-talks", &document.tokens[*i].folded)
                    })
                    .map(|i| (i, i + 1)),
            );
        }
        if found.is_empty() {
            continue;
        }
        let future = (start..end).any(|i| {
            !document
                .lexicon
                .list("future")
                .at(&document.tokens[..end], i, document.lexicon.grammar())
                .is_empty()
        });
        // "decided to launch a new cyber dialogue": not yet a series.
        let to_come = future && rank > 0 && founded(document, start, end);
        if id.is_none()
            && parties.len() >= 2
            && (parties.len() <= FEW || named_after(document, parties))
            && kind != Kind::ExerciseReport
            // A declaration that speaks of another's work further down was not adopted at that.
            && rank < if kind == Kind::Declaration { 4 } else { 12 }
            && !to_come
        {
            let mut sorted: Vec<&str> = parties
                .iter()
                .map(String::as_str)
                .filter(|p| *p != "EU-MS")
                .collect();
            sorted.sort_unstable();
            id = Some(format!("{}:cyber-dialogue", sorted.join("-")));
        }
        if ordinal.is_none() && (!future || rank == 0) && rank < 8 {
            for (at, stop) in found {
                let from = at.saturating_sub(NUMBER).max(start);
                ordinal = (from..stop)
                    .rev()
                    .filter(|i| {
                        !document
                            .dates_in(i.saturating_sub(12), *i + 12)
                            .any(|d| d.start <= *i && *i < d.end)
                    })
                    .find_map(|i| {
                        let (n, used) = number_at(document, i, stop)?;
                        // "second half", "first day", "Second Additional Protocol" are no meetings.
                        let next = document
                            .tokens
                            .get(i + used)
                            .map_or("", |t| t.folded.as_str());
                        (!document.lexicon.is("not-numbered", next)).then_some(n)
                    });
                if ordinal.is_some() {
                    break;
                }
            }
        }
    }
    if id.is_none() {
        ordinal = None;
    }
    (id, ordinal)
}

/// "U.S.-Nordic-Baltic Cyber Consultations": the title names one of many; that of a forum's meeting names the forum.
fn named_after(document: &Document<'_>, parties: &[String]) -> bool {
    document.title_tokens().is_some_and(|(start, end)| {
        ids(document, start, end, false)
            .iter()
            .any(|id| parties.contains(id))
    })
}

/// A verb of founding in the range: "launch", "établir".
fn founded(document: &Document<'_>, start: usize, end: usize) -> bool {
    let verbs = &document.lexicon.verbs;
    (start..end).any(|i| {
        verbs
            .of(&document.tokens[i].folded)
            .iter()
            .any(|(lemma, _)| document.lexicon.is("founding", verbs.lemma(*lemma)))
    })
}

/// The number of a meeting at a token: "6th", "sixth", "VI".
pub(crate) fn number_at(document: &Document<'_>, at: usize, stop: usize) -> Option<(u32, usize)> {
    document
        .lexicon
        .calendar
        .ordinal(&document.tokens, at)
        .or_else(|| {
            let t = &document.tokens[at];
            let beside = (at + 1..stop.min(at + 3)).chain(at + 1..at + 2).any(|i| {
                document.tokens.get(i).is_some_and(|t| {
                    document.lexicon.is("talks", &t.folded) || t.folded.starts_with("cyber")
                })
            });
            ((t.upper || t.capital && t.folded.len() == 1) && beside)
                .then(|| Some((roman(&t.folded)?, 1)))?
        })
}

/// The value of a number in Roman figures, up to 39.
fn roman(word: &str) -> Option<u32> {
    let mut total = 0;
    let mut last = 0;
    for c in word.chars().rev() {
        let value = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            _ => return None,
        };
        if value < last {
            total -= value;
        } else {
            total += value;
            last = value;
        }
    }
    (total > 0 && word.len() <= 6).then_some(total)
}

/// Series words in a range: their token positions.
pub(crate) fn series_at(document: &Document<'_>, start: usize, end: usize) -> Vec<(usize, usize)> {
    (start..end)
        .flat_map(|at| {
            document
                .lexicon
                .list("series")
                .at(&document.tokens[..end], at, document.lexicon.grammar())
                .into_iter()
                .map(|f| (f.start, f.end))
                // "a Strategic Cyber Partnership" is signed, not held.
                .filter(|(_, stop)| {
                    !document
                        .tokens
                        .get(*stop)
                        .is_some_and(|t| document.lexicon.is("signed-not-held", &t.folded))
                })
        })
        .collect()
}

/// Names that stand right before a series: "EU-US Cyber Dialogue", "UK and Japan cyber consultations".
pub(crate) fn before_series(document: &Document<'_>, at: usize, from: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut i = at;
    while i > from {
        let t = &document.tokens[i - 1];
        if let Some(name) = document
            .near(at.saturating_sub(40), at + 60)
            .filter(|n| {
                n.end == i && (party_id(n).is_some() || matches!(n.meaning, Meaning::OfState(_)))
            })
            .min_by_key(|n| n.start)
        {
            let id = party_id(name).or(if let Meaning::OfState(id) = name.meaning {
                Some(id)
            } else {
                None
            });
            if let Some(id) = id {
                out.insert(0, id.to_owned());
            }
            i = name.start;
            continue;
        }
        let skip = document.lexicon.is("series-link", &t.folded)
            || matches!(t.folded.as_str(), "–" | "/" | "," | "-" | "&")
            || t.form != crate::token::Form::Mark
                && document
                    .lexicon
                    .calendar
                    .ordinal(&document.tokens, i - 1)
                    .is_some();
        if !skip {
            break;
        }
        i -= 1;
    }
    out
}

/// Names after "between" or "entre".
pub(crate) fn between(document: &Document<'_>, start: usize, end: usize) -> Vec<String> {
    let mut best = Vec::new();
    for at in start..end {
        if !document.lexicon.is("between", &document.tokens[at].folded) {
            continue;
        }
        let mut stop = at + 1;
        while stop < end
            && stop < at + 40
            && !matches!(document.tokens[stop].folded.as_str(), "." | ";" | ":")
            && !document
                .lexicon
                .is("between-ends", &document.tokens[stop].folded)
            || document
                .near(at.saturating_sub(40), at + 60)
                .any(|n| n.start < stop && n.end > stop)
        {
            stop += 1;
        }
        let mut found = ids(document, at, stop.min(end), false);
        if found.len() < 2 {
            // "between CISA and the Canadian Centre for Cyber Security": for whom agencies act.
            found = ids(document, at, stop.min(end), true);
        }
        if found.len() >= 2 && best.is_empty() {
            best = found;
        }
    }
    best
}
