//! When and where: the meeting, the publication, the next meeting; and times by which something is due.
//! Invariant: the publication is read from a dateline, the event from the body; neither repairs the other.

use crate::calendar::Date;
use crate::document::{Document, Sentence};
use crate::layout::Role;
use crate::name::Meaning;
use crate::statement::{Event, Kind, NextMeeting};

/// The date of publication, from header, dateline or the last line.
pub(crate) fn published(document: &Document<'_>) -> Option<Date> {
    if let Some(date) = document.inline_dateline {
        return Some(date);
    }
    let mut seen_body = false;
    let mut best: Option<Date> = None;
    for block in &document.blocks {
        seen_body |= matches!(block.role, Role::Paragraph | Role::Item);
        if !matches!(block.role, Role::Dateline | Role::Header | Role::Furniture) {
            continue;
        }
        let (start, end) = document.token_range(block.start, block.end);
        let folded: Vec<&str> = document.tokens[start..end]
            .iter()
            .map(|t| t.folded.as_str())
            .collect();
        let modified = folded.iter().any(|w| {
            matches!(
                *w,
                "modified"
                    | "updated"
                    | "modification"
                    | "revised"
                    | "reviewed"
                    | "actualisation"
                    | "consulted"
                    | "jour"
                    | "maj"
                    | "copyright"
                    | "©"
                    | "accessed"
            )
        });
        let publication = folded.iter().any(|w| {
            matches!(
                *w,
                "published" | "posted" | "publie" | "release" | "date" | "issued" | "delivered"
            )
        });
        if modified || (block.role == Role::Furniture && !publication) {
            continue;
        }
        let adopted = folded
            .iter()
            .any(|w| matches!(*w, "adopted" | "held" | "adoptee" | "tenue"));
        let Some(found) = document
            .dates
            .iter()
            .find(|d| d.start >= start && d.end <= end && d.from.day.is_some() && d.from == d.to)
        else {
            continue;
        };
        if seen_body && best.is_some() || adopted {
            continue;
        }
        if best.is_none() || publication {
            best = Some(document.with_year(found.from));
        }
    }
    best
}

/// Places named in a range, in order: (English name, token).
fn places(document: &Document<'_>, start: usize, end: usize) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for name in document
        .names
        .iter()
        .filter(|n| n.start >= start && n.end <= end)
    {
        let lead = name
            .start
            .checked_sub(1)
            .map_or("", |i| document.tokens[i].folded.as_str());
        let led = matches!(lead, "in" | "at" | "a" | "au" | "to" | "," | "from");
        match name.meaning {
            // A city that is a State is one only where something happens in it.
            Meaning::Place("Singapore", _) if !led || matches!(lead, "," | "from") => {}
            Meaning::Place(id, _) => {
                let nested = document.names.iter().any(|n| {
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
    if out.is_empty() {
        for at in start..end.saturating_sub(1) {
            let lead = document.tokens[at].folded.as_str();
            if !(matches!(lead, "in" | "at")
                || lead == "a"
                    && document.lexicon.code == "fr"
                    && document.text[document.tokens[at].start..].starts_with('à'))
            {
                continue;
            }
            let mut stop = at + 1;
            while stop < end
                && (document.tokens[stop].capital
                    || document.tokens[stop].hyphened && document.tokens[stop].is_word())
                && document.tokens[stop].is_word()
                && stop < at + 5
                && !document.names.iter().any(|n| {
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
            let building = matches!(
                word,
                "house"
                    | "palace"
                    | "hotel"
                    | "centre"
                    | "center"
                    | "headquarters"
                    | "office"
                    | "ministry"
                    | "hall"
                    | "museum"
                    | "university"
                    | "academy"
                    | "castle"
                    | "room"
                    | "school"
                    | "institute"
                    | "cyberspace"
                    | "asia"
                    | "europe"
                    | "africa"
                    | "pacific"
                    | "america"
                    | "council"
                    | "forum"
                    | "internet"
            );
            let dated = document
                .tokens
                .get(stop)
                .is_some_and(|t| t.is_word() && !t.capital)
                || document.tokens.get(stop).is_some_and(|t| {
                    matches!(
                        t.folded.as_str(),
                        "on" | ","
                            | "le"
                            | "les"
                            | "du"
                            | "from"
                            | "between"
                            | "."
                            | "this"
                            | "for"
                            | "with"
                            | "and"
                            | "to"
                            | "today"
                            | "under"
                            | "next"
                    )
                })
                || stop == end;
            if dated && !building {
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

fn listed(document: &Document<'_>, list: &str, start: usize, end: usize) -> bool {
    (start..end).any(|i| {
        !document
            .lexicon
            .list(list)
            .at(&document.tokens[..end], i, document.lexicon.grammar())
            .is_empty()
    })
}

fn is_future(document: &Document<'_>, sentence: &Sentence) -> bool {
    listed(document, "future", sentence.start, sentence.end)
}

/// The meeting that the text reports.
pub(crate) fn event(
    document: &Document<'_>,
    kind: Kind,
    published: Option<Date>,
    past: &dyn Fn(&Sentence) -> bool,
) -> (Event, Option<Date>) {
    let mut best: Option<(i32, usize, usize)> = None; // score, date index, sentence index
    for (rank, sentence) in document.sentences.iter().enumerate() {
        for (d, date) in document
            .dates
            .iter()
            .enumerate()
            .filter(|(_, d)| d.start >= sentence.start && d.end <= sentence.end)
        {
            if date.from.day.is_none() {
                continue;
            }
            let meeting = listed(document, "meeting", sentence.start, sentence.end);
            if sentence.speaker.is_some() || !meeting {
                continue;
            }
            let future = is_future(document, sentence);
            let mut score = 10 - i32::try_from(rank.min(8)).unwrap_or(8);
            score += if past(sentence) { 2 } else { 0 };
            score -= if future { 8 } else { 0 };
            score -= if rank > 0 && !past(sentence) { 3 } else { 0 };
            let lead = document
                .tokens
                .get(date.start.wrapping_sub(1))
                .map_or("", |t| t.folded.as_str());
            // "by 31 March", "since", "of 26 March 2014": other things.
            score -= if matches!(
                lead,
                "by" | "since"
                    | "before"
                    | "until"
                    | "after"
                    | "of"
                    | "depuis"
                    | "avant"
                    | "jusqu"
                    | "du"
                    | "dated"
            ) && date.from == date.to
            {
                6
            } else {
                0
            };
            if let (Some(p), Some(y)) = (published.and_then(|p| p.year), date.from.year)
                && (y - p).abs() > 1
            {
                score -= 8;
            }
            if document.sentences.len() > 10
                && rank + 6 > document.sentences.len()
                && meeting
                && past(sentence)
                && !future
            {
                score += 3;
            }
            if best.is_none_or(|(s, _, _)| score > s) {
                best = Some((score, d, rank));
            }
        }
    }
    let title = document.title_tokens();
    let mut event = Event::default();
    let mut held: Option<Date> = None;
    let mut scope: Vec<(usize, usize)> = Vec::new();
    if let Some((_, d, rank)) = best.filter(|(s, _, _)| *s >= 2) {
        let date = document.dates[d];
        let from = document.with_year(date.from);
        let to = document.with_year(date.to);
        event.start = Some(from.to_string());
        event.end = Some(to.to_string());
        held = Some(from);
        let sentence = &document.sentences[rank];
        scope.push((sentence.start, sentence.end));
    } else if let Some(found) = today(document, published) {
        event.start = Some(found.to_string());
        event.end.clone_from(&event.start);
        held = Some(found);
    } else {
        let in_header = |role: Role| {
            document
                .blocks
                .iter()
                .filter(|b| b.role == role)
                .find_map(|b| {
                    let (s, e) = document.token_range(b.start, b.end);
                    document
                        .dates
                        .iter()
                        .find(|d| d.start >= s && d.end <= e && d.from.day.is_some())
                        .copied()
                })
        };
        let dated = title
            .and_then(|(s, e)| {
                document
                    .dates
                    .iter()
                    .find(|d| d.start >= s && d.end <= e && d.from.day.is_some())
                    .copied()
            })
            .or_else(|| {
                if kind == Kind::Declaration {
                    in_header(Role::Header).or_else(|| in_header(Role::Dateline))
                } else {
                    in_header(Role::Header)
                }
            });
        if let Some(date) = dated {
            event.start = Some(document.with_year(date.from).to_string());
            event.end = Some(document.with_year(date.to).to_string());
            held = Some(document.with_year(date.from));
            if kind == Kind::Declaration {
                scope.extend(title);
                scope.extend(
                    document
                        .blocks
                        .iter()
                        .map(|b| document.token_range(b.start, b.end))
                        .find(|(s, e)| date.start >= *s && date.end <= *e),
                );
            }
        }
    }
    // The place: beside the date, in the first sentences that tell of a meeting, in the title.
    scope.extend(
        document
            .sentences
            .iter()
            .take(4)
            .filter(|s| !is_future(document, s) && listed(document, "meeting", s.start, s.end))
            .map(|s| (s.start, s.end)),
    );
    scope.extend(
        document
            .sentences
            .iter()
            .rev()
            .take(5)
            .filter(|s| {
                !is_future(document, s) && past(s) && listed(document, "meeting", s.start, s.end)
            })
            .map(|s| (s.start, s.end)),
    );
    scope.extend(title);
    for (start, end) in scope {
        let found = places(document, start, end);
        let near = found.iter().find(|(_, at)| {
            let lead = at
                .checked_sub(1)
                .map_or("", |i| document.tokens[i].folded.as_str());
            matches!(lead, "in" | "at" | "a" | "au")
                || matches!(lead, ",")
                || matches!(lead, "to") && listed(document, "meeting", start, end)
        });
        let header = document.sentences.first().is_some_and(|s| end <= s.start);
        let chosen = near.or_else(|| {
            if title == Some((start, end)) || header {
                found.first()
            } else {
                None
            }
        });
        if let Some((name, _)) = chosen {
            event.place = Some(name.clone());
            break;
        }
    }
    (event, held)
}

/// "met today": the day of the dateline.
fn today(document: &Document<'_>, published: Option<Date>) -> Option<Date> {
    let told = document.sentences.iter().take(4).any(|s| {
        (s.start..s.end).any(|i| {
            document.tokens[i].is("today")
                || document.lexicon.code == "fr" && document.tokens[i].is("aujourd")
        }) && listed(document, "meeting", s.start, s.end)
            && !is_future(document, s)
    });
    if told { published } else { None }
}

/// A time given in `start..end`, resolved against the date of the event.
pub(crate) fn due(
    document: &Document<'_>,
    start: usize,
    end: usize,
    event: Option<Date>,
) -> Option<Date> {
    let word = |i: usize| {
        document
            .tokens
            .get(i)
            .filter(|_| i < end)
            .map_or("", |t| t.folded.as_str())
    };
    let calendar = &document.lexicon.calendar;
    let year = event.and_then(|e| e.year);
    for at in start..end {
        // "by the end of October 2023", "in the first half of 2024", "d'ici à la fin de l'année 2024"
        let near = |n: usize, words: &[&str]| {
            (at.saturating_sub(n)..at).any(|i| i >= start && words.contains(&word(i)))
        };
        if let Some(found) = document
            .dates
            .iter()
            .find(|d| d.start == at && d.end <= end)
        {
            let lead = near(
                6,
                &[
                    "by", "before", "until", "later", "than", "in", "on", "from", "during", "end",
                    "to", "of", "d", "avant", "en", "le", "du", "fin", "ici", "au", "tard", "des",
                    "les", "for", "this", "next", "again", "early", "late", "mid", "mois", "until",
                    "starting", "within", "prochain",
                ],
            ) || found.from.day.is_some();
            let past = near(3, &["since", "depuis", "adopted", "adoptee", "dated", "of"])
                && !near(
                    6,
                    &[
                        "by", "end", "before", "fin", "month", "later", "ici", "half", "start",
                    ],
                );
            if lead && !past {
                let mut date = document.with_year_from(found.to, event);
                date.about = false;
                return Some(date);
            }
        }
        if let Some(y) = calendar.lone_year(&document.tokens[..end], at)
            && !document.dates.iter().any(|d| d.start <= at && at < d.end)
        {
            let made = |month: Option<u32>, about| {
                Some(Date {
                    year: Some(y),
                    month,
                    day: None,
                    about,
                })
            };
            let lead = near(
                7,
                &[
                    "by",
                    "in",
                    "before",
                    "until",
                    "end",
                    "half",
                    "early",
                    "late",
                    "mid",
                    "during",
                    "d",
                    "en",
                    "fin",
                    "ici",
                    "avant",
                    "semestre",
                    "debut",
                    "courant",
                    "horizon",
                    "quarter",
                    "later",
                    "than",
                    "spring",
                    "autumn",
                    "summer",
                    "trimestre",
                    "for",
                    "printemps",
                    "automne",
                    "through",
                ],
            );
            if year.is_some_and(|event| y < event) || !lead {
                continue;
            }
            if near(4, &["end", "fin"])
                && near(2, &["of", "de", "d", "l", "annee", "fin", "end", "the"])
            {
                return made(Some(12), false);
            }
            if near(4, &["half", "semestre"]) {
                return made(
                    Some(if near(5, &["first", "premier", "1er"]) {
                        6
                    } else {
                        9
                    }),
                    true,
                );
            }
            for back in 1..=3 {
                if let Some(m) = at
                    .checked_sub(back)
                    .and_then(|i| calendar.seasons.get(word(i)))
                {
                    return made(Some(*m), true);
                }
            }
            return made(None, false);
        }
    }
    // Relative times, counted from the event, or from the year that the text gives.
    let event = event.or(document.year.map(|y| Date {
        year: Some(y),
        month: None,
        day: None,
        about: false,
    }))?;
    if event.year.is_none() {
        return None;
    }
    for at in start..end {
        let (a, b, c) = (word(at), word(at + 1), word(at + 2));
        let next_year = || {
            Some(Date {
                year: event.year.map(|y| y + 1),
                month: None,
                day: None,
                about: false,
            })
        };
        if (a == "next" && b == "year")
            || (a == "an" || a == "annee") && b == "prochaine"
            || a == "an" && b == "prochain"
            || a == "prochaine" && b == "annee"
            || a == "coming" && b == "year"
            || a == "following" && b == "year"
        {
            return next_year();
        }
        if a == "this" && b == "year" && (at > start && (word(at - 1) == "later"))
            || a == "end" && b == "of" && (c == "this" || c == "the") && word(at + 3) == "year"
            || a == "fin"
                && (b == "de" && c == "l" && word(at + 3) == "annee" || b == "d" && c == "annee")
        {
            let month = if a == "end" || a == "fin" {
                Some(12)
            } else {
                None
            };
            return Some(Date {
                year: event.year,
                month,
                day: None,
                about: false,
            });
        }
        if (a == "next" && b == "month") || a == "mois" && b == "prochain" {
            return event.months_later(1);
        }
        // "in about a year", "within six months", "dans environ un an", "d'ici six mois"
        if matches!(a, "in" | "within" | "dans" | "ici" | "over" | "every") && a != "every" {
            let mut i = at + 1;
            let mut about = false;
            while matches!(
                word(i),
                "about"
                    | "approximately"
                    | "around"
                    | "roughly"
                    | "environ"
                    | "the"
                    | "next"
                    | "les"
                    | "some"
                    | "un"
                    | "a"
                    | "an"
                    | "delai"
                    | "de"
                    | "quelque"
                    | "l"
                    | "quelques"
            ) {
                about |= matches!(
                    word(i),
                    "about"
                        | "approximately"
                        | "around"
                        | "roughly"
                        | "environ"
                        | "some"
                        | "quelque"
                );
                if matches!(word(i), "un" | "a" | "an")
                    && matches!(word(i + 1), "an" | "annee" | "year" | "mois" | "month")
                {
                    break;
                }
                i += 1;
            }
            let Some(n) = document
                .tokens
                .get(i)
                .filter(|_| i < end)
                .and_then(|t| calendar.number(t))
            else {
                continue;
            };
            let unit = word(i + 1);
            about |= matches!(word(i + 2), "environ" | "s");
            let months = match unit {
                "year" | "years" | "an" | "ans" | "annee" | "annees" => n * 12,
                "month" | "months" | "mois" => n,
                _ => continue,
            };
            let Some(mut date) = event.months_later(months) else {
                continue;
            };
            date.about = true;
            let _ = about;
            return Some(date);
        }
    }
    None
}

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
        let foreign = own.iter().any(|&i| document.names.iter().any(|n| !n.nested && (n.start == i + 2 || n.start == i + 3 || n.end == i || n.end + 1 == i) && matches!(n.meaning, Meaning::Body(_, k) if !matches!(k, "union" | "members" | "group")))) && later.is_none();
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
