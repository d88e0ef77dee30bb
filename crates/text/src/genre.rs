//! Which of the four kinds a text is; the first that fits.
//! Invariant: decided from title and sentences, never from the site that published it.

use crate::about;
use crate::document::Document;
use crate::layout::Role;
use crate::statement::Kind;

/// The genre, first that fits.
pub(crate) fn kind(document: &Document<'_>) -> Kind {
    let listed = |list: &str, start: usize, end: usize| {
        (start..end)
            .filter(|i| {
                !document
                    .lexicon
                    .list(list)
                    .at(&document.tokens[..end], *i, document.lexicon.grammar())
                    .is_empty()
            })
            .count()
    };
    let title = document
        .title_tokens()
        .map_or(0, |(s, e)| listed("exercise", s, e));
    let opening: usize = document
        .sentences
        .iter()
        .take(4)
        .map(|s| listed("exercise", s.start, s.end))
        .sum();
    let total: usize = document
        .sentences
        .iter()
        .map(|s| (listed("exercise", s.start, s.end) + listed("scenario", s.start, s.end)).min(1))
        .sum();
    let n = document.sentences.len().max(1);
    if title > 0 || opening >= 2 && total * 4 >= n {
        return Kind::ExerciseReport;
    }
    let we = document
        .sentences
        .iter()
        .filter(|s| s.speaker.is_none())
        .filter(|s| {
            let mut open = false;
            // "We decide:", with an item of its list.
            let led = s.lead.is_some_and(|(a, b)| {
                document.tokens[a..b]
                    .iter()
                    .any(|t| t.is("we") || t.is("nous"))
            });
            led || (s.start..s.end).any(|i| {
                if matches!(document.tokens[i].folded.as_str(), "\"" | "«" | "»") {
                    open = !open;
                }
                !open
                    && matches!(
                        document.tokens[i].folded.as_str(),
                        "we" | "our" | "nous" | "notre" | "nos"
                    )
            })
        })
        .count();
    let quotes = document
        .sentences
        .iter()
        .filter(|s| s.speaker.is_some())
        .count();
    let resolution = document
        .sentences
        .iter()
        .filter(|s| document.tokens[s.end - 1].is(";"))
        .count();
    // A text that calls itself a declaration speaks as "we" less often.
    let called = document.title_tokens().is_some_and(|(s, e)| {
        (s..e).any(|i| document.lexicon.is("adoptable", &document.tokens[i].folded))
    });
    // "DECLARE:", "DÉCIDE :" above its items: a resolution.
    let resolved = document.blocks.iter().any(|b| {
        let (s, e) = document.token_range(b.start, b.end);
        e > s
            && e - s <= 6
            && document.tokens[e - 1].is(":")
            && document.tokens[s..e].iter().filter(|t| t.upper).any(|t| {
                let verbs = &document.lexicon.verbs;
                verbs
                    .of(&t.folded)
                    .iter()
                    .any(|(lemma, _)| document.lexicon.is("resolving", verbs.lemma(*lemma)))
            })
    });
    let subject = document
        .sentences
        .iter()
        .filter(|s| s.speaker.is_none())
        .filter(|s| {
            let lead = s.lead.map_or(&[][..], |(a, b)| &document.tokens[a..b]);
            document.tokens[s.start..s.end]
                .iter()
                .chain(lead)
                .any(|t| t.is("we") || t.is("nous"))
        })
        .count();
    let often = if called {
        subject * 10 >= n && subject >= 2
    } else {
        we * 10 >= n * 3
    };
    if often && we >= 2 && quotes * 4 <= n || resolution * 2 >= n && n >= 5 || called && resolved {
        return Kind::Declaration;
    }
    let titled = |list: &str| {
        document.title_tokens().is_some_and(|(s, e)| {
            document.tokens[s..e]
                .iter()
                .any(|t| document.lexicon.is(list, &t.folded))
        })
    };
    // "READOUT", on a line of its own above the text.
    let headed = document
        .blocks
        .iter()
        .filter(|b| b.role == Role::Header)
        .any(|b| {
            let (s, e) = document.token_range(b.start, b.end);
            e - s <= 2
                && (s..e).any(|i| document.lexicon.is("one-side", &document.tokens[i].folded))
        });
    // "Co-Chairs' Summary Report", "Report of the sixth meeting": whoever is quoted in the minutes of a meeting.
    let minuted = minutes_of_a_meeting(document) && quotes * 4 <= n;
    if quotes > 0 && !minuted || titled("one-side") || headed {
        return Kind::PressRelease;
    }
    if minuted {
        return Kind::DialogueStatement;
    }
    // "Summary of the Ninth Meeting", "Chairman's Statement of the 5th Dialogue"
    if titled("minutes") && titled("talks") || titled("talks") && entitled_minutes(document) {
        return Kind::DialogueStatement;
    }
    let series = document
        .title_tokens()
        .is_some_and(|(s, e)| listed("series", s, e) > 0);
    let joint = document.title_tokens().is_some_and(|(s, e)| {
        document.tokens[s..e].windows(2).any(|w| {
            w[0].is("joint")
                && (w[1].is("statement")
                    || w[1].is("elements")
                    || w[1].is("declaration")
                    || w[1].folded.starts_with("communique"))
                || w[0].folded.starts_with("elements") && w[1].folded.starts_with("communs")
                || w[1].is("conjoint")
                || w[1].is("conjointe")
        })
    });
    // One side's word on what others did.
    let met = document.sentences.iter().take(2).any(|s| {
        document.tokens[s.start..s.end].iter().any(|t| {
            document.lexicon.is("assembled", &t.folded)
                || document.lexicon.is("own-talks", &t.folded)
        })
    });
    let blaming =
        !met && about::whole(document, Kind::PressRelease) == Some("attribution_accountability");
    if !series && (reported_speech(document) || blaming && !joint) {
        return Kind::PressRelease;
    }
    let collective: usize = document
        .sentences
        .iter()
        .filter(|s| {
            listed("collective", s.start, s.end) > 0
                || (s.start..(s.start + 3).min(s.end)).any(|i| {
                    matches!(
                        document.tokens[i].folded.as_str(),
                        "they" | "elles" | "ils" | "toutes"
                    )
                })
        })
        .count();
    if collective * 8 >= n || n > 6 && collective >= 2 {
        return Kind::DialogueStatement;
    }
    if series || joint || group_report(document) {
        Kind::DialogueStatement
    } else {
        Kind::PressRelease
    }
}

/// The title begins with what minutes are called, and says whose they are: "Report of the Ninth Meeting", "Chair's Summary".
fn minutes_of_a_meeting(document: &Document<'_>) -> bool {
    /// No farther from the beginning.
    const NAMED: usize = 6;
    let Some((start, end)) = document.title_tokens() else {
        return false;
    };
    let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
    (start..end.min(start + NAMED)).any(|i| is("written-minutes", i))
        && (start..end).any(|i| is("talks", i) || is("bodies-that-meet", i))
}

/// "Chair's Summary", "AGREED MINUTES": a short line above the text.
fn entitled_minutes(document: &Document<'_>) -> bool {
    document
        .blocks
        .iter()
        .filter(|b| b.role == Role::Header)
        .map(|b| document.token_range(b.start, b.end))
        .any(|(s, e)| {
            e - s <= 5 && (s..e).any(|i| document.lexicon.is("minutes", &document.tokens[i].folded))
        })
}

/// "Vice-Minister Jane Doe said that": an official's words without quotation marks.
fn reported_speech(document: &Document<'_>) -> bool {
    document.sentences.iter().any(|s| {
        (s.start + 1..s.end.saturating_sub(1)).any(|i| {
            let (before, t) = (&document.tokens[i - 1], &document.tokens[i]);
            let person = i > s.start + 1 && document.tokens[i - 2].capital;
            person
                && before.capital
                && before.is_word()
                && !document.lexicon.is("own", &before.folded)
                && !document.lexicon.is("talks", &before.folded)
                && !document.near(i - 1, i).any(|n| n.start < i && i <= n.end)
                && document.lexicon.is("said", &t.folded)
                && document
                    .tokens
                    .get(i + 1)
                    .is_some_and(|n| n.is("that") || n.is("que") || n.is("qu"))
        })
    })
}

/// Whether the title calls the text the report of a group that meets.
fn group_report(document: &Document<'_>) -> bool {
    document.title_tokens().is_some_and(|(s, e)| {
        document.tokens[s..e].windows(3).any(|w| {
            w[0].is("working") && w[1].is("group") || w[0].is("groupe") && w[2].is("travail")
        })
    }) || document
        .blocks
        .iter()
        .filter(|b| b.role == Role::Header)
        .any(|b| {
            let (s, e) = document.token_range(b.start, b.end);
            document.tokens[s..e].windows(3).any(|w| {
                w[0].is("groupe") && w[2].is("travail") || w[0].is("working") && w[1].is("group")
            })
        })
}
