//! By when something is due: dates with a lead, ends and halves of years, times counted from the event.
//! Invariant: a time that the text does not give stays empty.

use crate::calendar::Date;
use crate::document::Document;

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
        if let Some(found) = document.dates_in(at, end).next().filter(|d| d.start == at) {
            let lead = near(
                6,
                &[
                    "by", "before", "until", "later", "than", "in", "on", "from", "during", "end",
                    "to", "of", "d", "avant", "en", "le", "du", "fin", "ici", "au", "tard", "des",
                    "les", "for", "this", "next", "again", "early", "late", "mid", "mois", "until",
                    "starting", "within", "compter", "prochain",
                ],
            ) || found.from.day.is_some();
            let past = near(3, &["since", "depuis", "adopted", "adoptee", "dated", "of"])
                && !near(
                    6,
                    &[
                        "by", "end", "before", "fin", "month", "later", "ici", "half", "start",
                    ],
                );
            let mut date = document.with_year_from(found.to, event);
            // "In line with the undertakings of 10 March, they decided to": over by then.
            let over = event.is_some_and(|e| {
                e.year.is_some()
                    && date.year.is_some()
                    && (date.year, date.month) < (e.year, e.month)
                    && date.month.is_some()
                    && e.month.is_some()
            });
            if lead && !past && !over {
                date.about = false;
                return Some(date);
            }
        }
        if let Some(y) = calendar.lone_year(&document.tokens[..end], at)
            && !document
                .dates_in(at.saturating_sub(12), at + 12)
                .any(|d| d.start <= at && at < d.end)
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
                    "cours",
                    "annee",
                    "course",
                    "year",
                    "mi",
                    "vers",
                    "around",
                    "towards",
                    "ete",
                    "hiver",
                    "winter",
                    "fall",
                    "quarter",
                    "later",
                    "than",
                    "spring",
                    "autumn",
                    "summer",
                    "trimestre",
                    "for",
                    "pour",
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
            if near(4, &["quarter", "trimestre"]) {
                let quarter = [
                    ("first", 3),
                    ("premier", 3),
                    ("1er", 3),
                    ("second", 6),
                    ("deuxieme", 6),
                    ("third", 9),
                    ("troisieme", 9),
                    ("fourth", 12),
                    ("last", 12),
                    ("quatrieme", 12),
                    ("dernier", 12),
                ];
                if let Some((_, m)) = quarter.iter().find(|(w, _)| near(5, &[w])) {
                    return made(Some(*m), false);
                }
            }
            if near(2, &["mid", "mi"]) {
                return made(Some(6), true);
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
    event.year?;
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
            || a == "year" && b == "to" && c == "come"
            || a == "following" && b == "year"
        {
            return next_year();
        }
        if a == "this" && b == "year" && (at > start && (word(at - 1) == "later"))
            || a == "later" && b == "in" && c == "the" && word(at + 3) == "year"
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
        // "next spring", "this autumn", "à l'automne", "au printemps prochain"
        if let Some(&month) = calendar.seasons.get(a)
            && matches!(
                word(at.wrapping_sub(1)),
                "next" | "this" | "the" | "coming" | "l" | "au" | "cet" | "ce" | "following" | "in"
            )
            && at > start
        {
            let later = event.month.is_some_and(|m| month > m);
            return Some(Date {
                year: event.year.map(|y| if later { y } else { y + 1 }),
                month: Some(month),
                day: None,
                about: true,
            });
        }
        // "in about a year", "within six months", "dans environ un an", "d'ici six mois", "a year from now"
        let lead = matches!(a, "in" | "within" | "dans" | "ici");
        if let Some((n, used)) = (lead || calendar.number(&document.tokens[at]).is_some())
            .then(|| span(document, if lead { at + 1 } else { at }, end))
            .flatten()
        {
            let from_now = matches!(word(at + used), "from" | "hence")
                || word(at + used) == "later" && word(at + used + 1) != "than";
            if lead || from_now {
                let Some(mut date) = event.months_later(n) else {
                    continue;
                };
                date.about = true;
                return Some(date);
            }
        }
    }
    None
}

/// A span of time in months, and how many tokens it takes: "about a year", "les douze prochains mois".
fn span(document: &Document<'_>, at: usize, end: usize) -> Option<(u32, usize)> {
    let word = |i: usize| {
        document
            .tokens
            .get(i)
            .filter(|_| i < end)
            .map_or("", |t| t.folded.as_str())
    };
    let months = |unit: &str, n: u32| match unit {
        "year" | "years" | "an" | "ans" | "annee" | "annees" => Some(n * 12),
        "month" | "months" | "mois" => Some(n),
        _ => None,
    };
    let filler = |w: &str| {
        matches!(
            w,
            "about"
                | "approximately"
                | "around"
                | "roughly"
                | "environ"
                | "the"
                | "next"
                | "coming"
                | "following"
                | "les"
                | "some"
                | "un"
                | "a"
                | "an"
                | "delai"
                | "period"
                | "of"
                | "de"
                | "d"
                | "quelque"
                | "l"
                | "quelques"
                | "prochains"
                | "prochaines"
        )
    };
    let mut i = at;
    while i < at + 9 && i < end {
        if let Some((n, used)) = document.lexicon.calendar.number_at(&document.tokens, i) {
            let mut unit = i + used;
            while matches!(
                word(unit),
                "coming" | "next" | "following" | "prochains" | "prochaines" | "further"
            ) {
                unit += 1;
            }
            if let Some(months) = months(word(unit), n) {
                return Some((months, unit + 1 - at));
            }
        }
        if !filler(word(i)) {
            return None;
        }
        i += 1;
    }
    None
}
