//! The next meeting, from the sentence that announces one.
//! Invariant: somebody else's meeting is none.

use crate::act::Subject;
use crate::calendar::Date;
use crate::clause::parts;
use crate::document::{Document, Sentence};
use crate::due::due;
use crate::event::{is_future, listed};
use crate::name::Meaning;
use crate::place::{host_city, places};
use crate::series::number_at;
use crate::statement::{Kind, NextMeeting};

/// How far before its noun "next" or an ordinal may stand: names of parties lie between.
const PHRASE: usize = 14;

/// The next meeting, from the sentences that announce one.
pub(crate) fn next_meeting(
    document: &Document<'_>,
    parties: &[String],
    kind: Kind,
    ordinal: Option<u32>,
    series: bool,
    event: Option<Date>,
) -> Option<NextMeeting> {
    document
        .sentences
        .iter()
        .rev()
        .filter(|s| s.speaker.is_none())
        .find_map(|s| announced(document, s, parties, kind, ordinal, series, event))
}

fn announced(
    document: &Document<'_>,
    sentence: &Sentence,
    parties: &[String],
    kind: Kind,
    ordinal: Option<u32>,
    series: bool,
    event: Option<Date>,
) -> Option<NextMeeting> {
    let future = is_future(document, sentence);
    let range = sentence.start..sentence.end;
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let own: Vec<usize> = range
        .clone()
        .filter(|i| {
            document.lexicon.is("own-talks", word(*i))
                || kind == Kind::ExerciseReport && document.lexicon.is("own-exercise", word(*i))
        })
        .collect();
    let later = own.iter().find_map(|&i| {
        phrase(document, sentence, i)
            .rev()
            .find_map(|j| Some(number_at(document, j, i + 1)?.0))
            .filter(|n| ordinal.map_or(future, |o| *n > o))
    });
    let next = own.iter().copied().find(|&i| {
        let marked = |j: usize| {
            !document
                .lexicon
                .list("next")
                .at(
                    &document.tokens[..sentence.end],
                    j,
                    document.lexicon.grammar(),
                )
                .is_empty()
        };
        phrase(document, sentence, i).any(marked)
            // "The dialogue will next be convened", "la réunion suivante"; "the next session dealt with" is over.
            || (i..(i + 3).min(sentence.end)).any(marked)
    });
    // "The parties will meet again", not a committee of theirs.
    let again = future
        && listed(document, "again", sentence.start, sentence.end)
        && parts(&document.context(parties), sentence.start, sentence.end)
            .first()
            .is_none_or(|p| p.kind != Subject::Third);
    let continues = own.iter().any(|&i| {
        word(i + 1) == "will" && matches!(word(i + 2), "continue" | "resume" | "reconvene")
    });
    let told = next.is_some_and(|i| {
        !future
            && document.tokens.get(i + 1).is_some_and(|t| {
                let shapes = document.lexicon.verbs.shapes(&t.folded);
                shapes & crate::inflect::shape::PAST != 0 && !matches!(word(i), "talks")
                    || document.lexicon.is("be", &t.folded) && !t.is("be")
            })
    });
    if told || !(next.is_some() || later.is_some() || again || continues) {
        return None;
    }
    let time = due(document, sentence.start, sentence.end, event).or_else(|| {
        document
            .dates_in(sentence.start, sentence.end)
            .map(|d| document.with_year_from(d.to, event))
            .find(|d| event.is_none_or(|e| d.order() > e.order()))
    });
    let time = time.filter(|d| {
        event.is_none_or(|e| {
            d.year > e.year || d.year == e.year && (d.month.is_none() || d.month >= e.month)
        })
    });
    let place = places(document, sentence.start, sentence.end)
        .first()
        .map(|(p, _)| p.clone())
        .or_else(|| host_city(document, sentence.start, sentence.end));
    let named = next.is_some() || later.is_some();
    if time.is_none() && place.is_none() && !(named && (series || later.is_some())) {
        return None;
    }
    if own.iter().any(|&i| foreign(document, i, parties)) && (!again || next.is_some()) {
        return None;
    }
    Some(NextMeeting {
        place,
        date: time.map(|d| d.to_string()),
        ordinal: later
            .filter(|n| *n > 1)
            .or(if series { ordinal.map(|o| o + 1) } else { None }),
    })
}

/// The tokens of the noun phrase before a noun, names and adjectives included.
fn phrase(document: &Document<'_>, sentence: &Sentence, noun: usize) -> std::ops::Range<usize> {
    let mut from = noun;
    while from > sentence.start && noun - from < PHRASE {
        let t = &document.tokens[from - 1];
        if matches!(t.folded.as_str(), "," | ";" | ":" | "(" | ")" | ".")
            || document.lexicon.is("modals", &t.folded)
            || document.lexicon.is("be", &t.folded)
        {
            break;
        }
        from -= 1;
    }
    from..noun
}

/// Somebody else's meeting: "the next meeting of the Counter Ransomware Initiative", "the fourth OEWG session".
fn foreign(document: &Document<'_>, noun: usize, parties: &[String]) -> bool {
    let of = (noun + 1..noun + 5)
        .take_while(|i| {
            document.tokens.get(*i).is_some_and(|t| {
                matches!(
                    t.folded.as_str(),
                    "of" | "the" | "du" | "de" | "la" | "l" | "des" | "d" | "un" | "s"
                )
            })
        })
        .last();
    document.near(noun.saturating_sub(4), noun + 6).any(|n| {
        let beside = of.is_some_and(|o| n.start == o + 1)
            || n.end == noun
            || n.end + 1 == noun && document.tokens[noun - 1].folded.len() > 2;
        let other = match n.meaning {
            Meaning::Body(id, kind) => {
                !matches!(kind, "union" | "members" | "group") && !parties.iter().any(|p| p == id)
            }
            _ => false,
        };
        beside && other && !n.nested
    })
}
