//! The next meeting, from the sentence that announces one.
//! Invariant: somebody else's meeting is none.

use crate::calendar::Date;
use crate::document::Document;
use crate::due::due;
use crate::event::is_future;
use crate::name::Meaning;
use crate::place::places;
use crate::statement::NextMeeting;

/// The next meeting, from the sentences that announce one.
pub(crate) fn next_meeting(
    document: &Document<'_>,
    ordinal: Option<u32>,
    series: bool,
    event: Option<Date>,
) -> Option<NextMeeting> {
    for sentence in document.sentences.iter().rev() {
        if sentence.speaker.is_some() {
            continue;
        }
        let range = sentence.start..sentence.end;
        if !is_future(document, sentence) {
            continue;
        }
        let own: Vec<usize> = range
            .clone()
            .filter(|i| {
                let t = &document.tokens[*i];
                document.lexicon.is("singular-talks", &t.folded)
                    && !matches!(
                        t.folded.as_str(),
                        "exercise"
                            | "workshop"
                            | "exercice"
                            | "atelier"
                            | "statement"
                            | "training"
                            | "report"
                            | "event"
                            | "seminar"
                            | "declaration"
                            | "rapport"
                            | "formation"
                            | "seminaire"
                            | "visite"
                            | "visit"
                            | "conference"
                    )
            })
            .collect();
        let again = range.clone().any(|i| {
            matches!(
                document.tokens[i].folded.as_str(),
                "reconvene"
                    | "again"
                    | "reunir"
                    | "retrouver"
                    | "reuniront"
                    | "retrouveront"
                    | "reunirons"
                    | "retrouverons"
                    | "together"
            )
        });
        let later = own.iter().find_map(|&i| {
            let from = i.saturating_sub(7).max(sentence.start);
            (from..i)
                .rev()
                .find_map(|j| {
                    document
                        .lexicon
                        .calendar
                        .ordinal(&document.tokens, j)
                        .map(|o| o.0)
                })
                .filter(|n| *n > ordinal.unwrap_or(1))
        });
        let next = own.iter().any(|&i| {
            (i.saturating_sub(6).max(sentence.start)..(i + 3).min(sentence.end)).any(|j| {
                !document
                    .lexicon
                    .list("next")
                    .at(&document.tokens, j, document.lexicon.grammar())
                    .is_empty()
            })
        });
        let continues = own.iter().any(|&i| {
            document.tokens.get(i + 1).is_some_and(|t| t.is("will"))
                && document.tokens.get(i + 2).is_some_and(|t| {
                    matches!(t.folded.as_str(), "continue" | "resume" | "reconvene")
                })
        });
        if !(next && !own.is_empty() || later.is_some() || again || continues) {
            continue;
        }
        let time = due(document, sentence.start, sentence.end, event);
        let place = places(document, sentence.start, sentence.end)
            .first()
            .map(|(p, _)| p.clone());
        if time.is_none() && place.is_none() && !(next && later.is_some()) && !(next && series) {
            continue;
        }
        // Somebody else's meeting: "the next meeting of the Counter Ransomware Initiative".
        let foreign = own.iter().any(|&i| document.near(i.saturating_sub(2), i + 3).any(|n| !n.nested && (n.start == i + 2 || n.start == i + 3 || n.end == i || n.end + 1 == i) && matches!(n.meaning, Meaning::Body(_, k) if !matches!(k, "union" | "members" | "group")))) && later.is_none();
        if foreign {
            continue;
        }
        let number = later.or(if series { ordinal.map(|o| o + 1) } else { None });
        return Some(NextMeeting {
            place,
            date: time.map(|d| d.to_string()),
            ordinal: number,
        });
    }
    None
}
