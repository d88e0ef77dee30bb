//! When the meeting was held and the text published.
//! Invariant: the publication is read from a dateline, the event from the body; neither repairs the other.

use crate::calendar::{Date, DateFound};
use crate::document::{Document, Sentence};
use crate::layout::Role;
use crate::place::{host_city, places, seated};
use crate::statement::{Event, Kind};

/// The date of publication, from header, dateline or the last line.
pub(crate) fn published(document: &Document<'_>) -> Option<Date> {
    if let Some(date) = document.inline_dateline {
        return Some(date);
    }
    let mut seen_body = false;
    let mut best: Option<Date> = None;
    // A label on a line of its own: "Last updated", then the date.
    let mut label: Vec<&str> = Vec::new();
    for block in &document.blocks {
        seen_body |= matches!(block.role, Role::Paragraph | Role::Item);
        if !matches!(block.role, Role::Dateline | Role::Header | Role::Furniture) {
            continue;
        }
        let (start, end) = document.token_range(block.start, block.end);
        let is = |list: &str, word: &str| document.lexicon.is(list, word);
        let line: Vec<&str> = document.tokens[start..end]
            .iter()
            .map(|t| t.folded.as_str())
            .collect();
        let above = std::mem::take(&mut label);
        if document.dates_in(start, end).next().is_none() && line.len() <= 4 {
            label.clone_from(&line);
        }
        // "10 Nov. 2023 - Last updated: 13 Nov. 2023": what stands before is not the date of a change.
        let changed = if above.iter().any(|w| is("modified", w)) {
            start
        } else {
            (start..end)
                .find(|i| is("modified", &document.tokens[*i].folded))
                .unwrap_or(end)
        };
        let publication = line.iter().chain(&above).any(|w| is("published", w));
        if block.role == Role::Furniture && !publication {
            continue;
        }
        // "Date de la réunion : 11 décembre 2024" is no publication.
        let adopted = line.iter().any(|w| is("adopted", w))
            || line.iter().take(6).any(|w| is("talks", w))
                && listed_line(document, "label-dates", start, end);
        let Some(found) = document
            .dates_in(start, changed)
            .find(|d| d.from.day.is_some() && d.from == d.to)
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
    best.or_else(|| bracketed(document))
}

/// "Attribution of attacks on our ministries (29 April 2025)": the day at the end of a headline.
fn bracketed(document: &Document<'_>) -> Option<Date> {
    let (start, end) = document.title_tokens()?;
    let last = end.checked_sub(1).filter(|i| document.tokens[*i].is(")"))?;
    document
        .dates_in(start, last)
        .find(|d| d.end == last && d.start > start && document.tokens[d.start - 1].is("("))
        .filter(|d| d.from.day.is_some() && d.from == d.to)
        .map(|d| document.with_year(d.from))
}

/// A line that begins with a label of that list.
fn listed_line(document: &Document<'_>, list: &str, start: usize, end: usize) -> bool {
    crate::layout::listed(document.lexicon, list, &document.tokens[start..end])
}

/// How a sentence tells what it tells.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    /// Its predicate is in the past.
    pub(crate) past: bool,
    /// A party, or the meeting, is its subject.
    pub(crate) own: bool,
}

/// The meeting that the text reports.
pub(crate) fn event(
    document: &Document<'_>,
    kind: Kind,
    published: Option<Date>,
    told: &dyn Fn(&Sentence) -> Told,
) -> (Event, Option<Date>) {
    let mut best: Option<(i32, usize, (usize, usize))> = None; // score, date index, sentence
    let preamble = document.preamble();
    for (rank, sentence) in preamble
        .iter()
        .map(|s| (0, s))
        .chain(document.sentences.iter().enumerate())
    {
        if sentence.speaker.is_some() {
            continue;
        }
        for (d, date) in document
            .dates_in(sentence.start, sentence.end)
            .map(|d| (document.dates.partition_point(|o| o.start < d.start), d))
            .filter(|(_, d)| d.from.day.is_some())
        {
            let score = weight(document, sentence, rank, date, published, told);
            if let Some(score) = score.filter(|s| best.is_none_or(|(b, _, _)| *s > b)) {
                best = Some((score, d, (sentence.start, sentence.end)));
            }
        }
    }
    // A word on what others did is said at no meeting, unless it tells of one.
    if crate::about::whole(document, kind) == Some("attribution_accountability") {
        let met = |(s, e): (usize, usize)| {
            (s..e).any(|i| document.lexicon.is("assembled", &document.tokens[i].folded))
        };
        // "Tallinn, 6 May 2025": ministers who adopt a text together have met there.
        let adopted = kind == Kind::Declaration
            && document
                .blocks
                .iter()
                .filter(|b| matches!(b.role, Role::Header | Role::Dateline))
                .map(|b| document.token_range(b.start, b.end))
                .any(|(s, e)| {
                    document.dates_in(s, e).any(|d| d.from.day.is_some())
                        && !places(document, s, e).is_empty()
                });
        if !adopted && !best.is_some_and(|(score, _, sentence)| score >= 2 && met(sentence)) {
            return (Event::default(), None);
        }
    }
    let title = document.title_tokens();
    if let Some(found) = labelled(document) {
        return found;
    }
    // "The Ministers today convened": a day named further down is that of something else.
    let told_today = today(document, published).filter(|(_, said)| said.is_some());
    let best = best.filter(|(_, _, (from, _))| {
        told_today.is_none_or(|(_, said)| said.is_none_or(|end| *from < end))
    });
    let mut event = Event::default();
    let mut held: Option<Date> = None;
    let mut scope: Vec<(usize, usize)> = Vec::new();
    let mut header: Vec<(usize, usize)> = Vec::new();
    if let Some((_, d, sentence)) = best.filter(|(s, _, _)| *s >= 2) {
        let date = document.dates[d];
        let from = document.with_year(date.from);
        let to = document.with_year(date.to);
        event.start = Some(from.to_string());
        event.end = Some(to.to_string());
        held = Some(from);
        scope.push(sentence);
        // A line of the header that gives the days of the meeting gives its place too.
        if from != to {
            header.extend(
                document
                    .blocks
                    .iter()
                    .filter(|b| matches!(b.role, Role::Header | Role::Dateline))
                    .map(|b| document.token_range(b.start, b.end))
                    .filter(|(s, e)| {
                        document
                            .dates_in(*s, *e)
                            .any(|d| document.with_year(d.from) == from && d.from != d.to)
                    }),
            );
        }
    } else if let Some((found, _)) = today(document, published) {
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
                } else if let Some(told) = held_in_header(document) {
                    Some(told)
                } else {
                    // "Stockholm, 20-21 September 2021": no text is published on two days.
                    in_header(Role::Header)
                        .or_else(|| in_header(Role::Dateline).filter(|d| d.from != d.to))
                }
            });
        if let Some(date) = dated {
            event.start = Some(document.with_year(date.from).to_string());
            event.end = Some(document.with_year(date.to).to_string());
            held = Some(document.with_year(date.from));
            // "Lomé, 14 et 15 mai 2025": nothing is published on two days, so the town is where it was held.
            if kind == Kind::Declaration || date.from != date.to {
                if kind == Kind::Declaration {
                    scope.extend(title);
                }
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
    scope.extend(header);
    scope.extend(
        document
            .sentences
            .iter()
            .rev()
            .take(5)
            .filter(|s| {
                !is_future(document, s)
                    && told(s).past
                    && listed(document, "meeting", s.start, s.end)
            })
            .map(|s| (s.start, s.end)),
    );
    scope.extend(title);
    let virtually = scope
        .first()
        .is_some_and(|(s, e)| held.is_some() && listed(document, "virtual", *s, *e));
    // "pursuant to the decision taken in Vientiane, they met in Cebu on 6 April": beside the day of two.
    let beside = best.filter(|(s, _, _)| *s >= 2).and_then(|(_, d, (s, e))| {
        let day = &document.dates[d];
        let found = places(document, s, e);
        found
            .iter()
            .find(|(_, at)| {
                let lead = at
                    .checked_sub(1)
                    .map_or("", |i| document.tokens[i].folded.as_str());
                matches!(lead, "in" | "at" | "a" | "au")
                    && (*at < day.start && day.start - at <= 4
                        || *at >= day.end && at - day.end <= 1)
            })
            .filter(|_| found.len() > 1)
            .map(|(name, _)| name.clone())
    });
    let first = scope.first().filter(|_| !virtually).and(beside);
    event.place = first.or_else(|| {
        scope
            .iter()
            .filter(|(s, e)| !listed(document, "before", *s, *e))
            .take(if virtually { 1 } else { usize::MAX })
            .find_map(|&(start, end)| place_of(document, start, end, title))
    });
    (event, held)
}

/// "of the meeting held by videoconference on 22 June 2022": a line of the head that tells when.
fn held_in_header(document: &Document<'_>) -> Option<DateFound> {
    document
        .blocks
        .iter()
        .filter(|b| matches!(b.role, Role::Header | Role::Dateline))
        .map(|b| document.token_range(b.start, b.end))
        .filter(|(s, e)| {
            let is = |i: usize, list: &str| document.lexicon.is(list, &document.tokens[i].folded);
            (*s..*e).any(|i| is(i, "adopted")) && (*s..*e).any(|i| is(i, "talks"))
        })
        .find_map(|(s, e)| {
            document
                .dates_in(s, e)
                .find(|d| d.from.day.is_some())
                .copied()
        })
}

/// "Venue: Suva, Fiji", "Dates : 4 et 5 février 2025": what lines of the head say of the meeting.
fn labelled(document: &Document<'_>) -> Option<(Event, Option<Date>)> {
    let venue = document.labelled("label-place");
    let (start, end) = document.labelled("label-dates")?;
    let date = document
        .dates_in(start, end)
        .find(|d| d.from.day.is_some())?;
    // One day, and no place to meet at: the date of a letter.
    if venue.is_none() && date.from == date.to {
        return None;
    }
    let place = venue.and_then(|(s, e)| {
        let known = places(document, s, e).into_iter().next();
        known.map(|(name, _)| name).or_else(|| {
            // A town that no table knows: its words before the first mark.
            let stop = (s..e).find(|i| !document.tokens[*i].is_word()).unwrap_or(e);
            let town = document.slice(s, stop);
            let known = document.near(s, stop).any(|n| n.start < stop && n.end > s);
            (stop > s && stop <= s + 3 && !known && !listed(document, "virtual", s, e))
                .then(|| town.to_owned())
        })
    });
    let held = document.with_year(date.from);
    let event = Event {
        start: Some(held.to_string()),
        end: Some(document.with_year(date.to).to_string()),
        place,
    };
    Some((event, Some(held)))
}

/// How likely a date of the body is the day of the meeting; none when it cannot be.
fn weight(
    document: &Document<'_>,
    sentence: &Sentence,
    rank: usize,
    date: &DateFound,
    published: Option<Date>,
    told: &dyn Fn(&Sentence) -> Told,
) -> Option<i32> {
    let meeting = listed(document, "meeting", sentence.start, sentence.end);
    let Told { past, own } = told(sentence);
    let future = is_future(document, sentence);
    let likely = rank < 2 && past && own && !future;
    if !(meeting || likely) {
        return None;
    }
    // "will enter into force on 1 April": no meeting.
    let force = (date.start.saturating_sub(4)..date.start).any(|i| {
        document
            .tokens
            .get(i)
            .is_some_and(|t| matches!(t.folded.as_str(), "force" | "vigueur"))
    });
    if force {
        return None;
    }
    let mut score = 10 - i32::try_from(rank.min(8)).unwrap_or(8);
    score -= if meeting { 0 } else { 4 };
    score += if past { 2 } else { 0 };
    score -= if future { 8 } else { 0 };
    score -= if rank > 0 && !past { 3 } else { 0 };
    let lead = document
        .tokens
        .get(date.start.wrapping_sub(1))
        .map_or("", |t| t.folded.as_str());
    // "by 31 March", "since", "of 26 March 2014": other things.
    let other = matches!(
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
    ) && date.from == date.to;
    score -= if other { 6 } else { 0 };
    // "which followed the session held in Paris on 12 May", "Recalling the previous session, held on 3 May": not this one.
    if recalled(document, sentence, date) {
        score -= 6;
    }
    if let (Some(p), Some(y)) = (published.and_then(|p| p.year), date.from.year)
        && (y - p).abs() > 1
    {
        score -= 8;
    }
    let count = document.sentences.len();
    if count > 10 && rank + 6 > count && meeting && past && !future {
        score += 3;
    }
    Some(score)
}

/// It is the first date after words that recall an earlier meeting.
fn recalled(document: &Document<'_>, sentence: &Sentence, date: &DateFound) -> bool {
    /// No farther behind them.
    const REACH: usize = 16;
    let from = sentence.start.max(date.start.saturating_sub(REACH));
    let list = document.lexicon.list("recalled");
    (from..date.start).any(|i| {
        list.at(
            &document.tokens[..date.start],
            i,
            document.lexicon.grammar(),
        )
        .iter()
        .any(|f| document.dates_in(f.end, date.start).next().is_none())
    })
}

/// The place that a stretch of text gives for what happened.
fn place_of(
    document: &Document<'_>,
    start: usize,
    end: usize,
    title: Option<(usize, usize)>,
) -> Option<String> {
    let found = places(document, start, end);
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    let near = found.iter().find(|(_, at)| {
        let lead = at.checked_sub(1).map_or("", |i| word(i));
        matches!(lead, "in" | "at" | "a" | "au" | "," | "visited")
            || lead == "to" && listed(document, "meeting", start, end)
            || seated(document, *at)
    });
    let header = document.sentences.first().is_some_and(|s| end <= s.start);
    near.or_else(|| {
        if title == Some((start, end)) || header {
            found.first()
        } else {
            None
        }
    })
    .map(|(name, _)| name.clone())
    .or_else(|| host_city(document, start, end))
}

/// "met today", "on Tuesday": the day of the dateline, or the last such day before it; and where the sentence ends that says "today" of it.
fn today(document: &Document<'_>, published: Option<Date>) -> Option<(Date, Option<usize>)> {
    let published = published?;
    document.sentences.iter().take(4).find_map(|s| {
        if !listed(document, "meeting", s.start, s.end) || is_future(document, s) {
            return None;
        }
        (s.start..s.end).find_map(|i| {
            let t = &document.tokens[i];
            let this_day =
                |next: &str| t.is("ce") && document.tokens.get(i + 1).is_some_and(|n| n.is(next));
            if t.is("today")
                || document.lexicon.code == "fr"
                    && (t.is("aujourd") || this_day("jour") || this_day("matin"))
            {
                // "today's threats" are no day.
                let of = document.tokens.get(i + 1).is_some_and(|n| n.is("s"));
                return Some((published, Some(s.end).filter(|_| !of)));
            }
            if t.is("yesterday") || t.is("hier") {
                return Some((published.days_earlier(1)?, None));
            }
            let day = document.lexicon.calendar.weekday(&t.folded)?;
            let day = published.days_earlier((published.weekday()? + 7 - day) % 7)?;
            Some((day, None))
        })
    })
}
pub(crate) fn listed(document: &Document<'_>, list: &str, start: usize, end: usize) -> bool {
    (start..end).any(|i| {
        !document
            .lexicon
            .list(list)
            .at(&document.tokens[..end], i, document.lexicon.grammar())
            .is_empty()
    })
}

pub(crate) fn is_future(document: &Document<'_>, sentence: &Sentence) -> bool {
    listed(document, "future", sentence.start, sentence.end)
}
