//! The document's own title among the lines of its header.
//! Invariant: a line that names a site or a section is none.

use crate::layout::{Block, Role, finite, listed};
use crate::lexicon::Lexicon;
use crate::line::{Marker, begins_lower, two_columns};
use crate::token::{Token, fold, tokens};

/// Lines of the head that say where, when and by whom.
const LABELS: &[&str] = &[
    "label-place",
    "label-dates",
    "label-participants",
    "label-observers",
    "label-chairs",
];

/// The head of a page has no more blocks.
const HEAD: usize = 40;

/// A title is cut over no more lines above, and no more below, the one that tells it.
const LINES: usize = 4;

pub(crate) fn choose_title(text: &str, blocks: &mut [Block], lexicon: &Lexicon) {
    let mut best: Option<(i32, usize)> = None;
    let header: Vec<usize> = blocks
        .iter()
        .enumerate()
        .filter(|(_, b)| b.role == Role::Header)
        .map(|(i, _)| i)
        .collect();
    let mut fallback: Option<usize> = None;
    // Below "Participants" stand those who came.
    let roster = blocks
        .iter()
        .take(HEAD)
        .position(|b| listed(lexicon, "label-roster", &tokens(text, b.start, b.end)))
        .unwrap_or(blocks.len());
    for (rank, &i) in header.iter().enumerate() {
        let block = &blocks[i];
        let here = tokens(text, block.start, block.end);
        let labelled = |list: &str| listed(lexicon, list, &here);
        if i >= roster || LABELS.iter().any(|list| labelled(list)) {
            continue;
        }
        let words = here.iter().filter(|t| t.is_word()).count();
        let site = listed(lexicon, "site", &here);
        if words < 2 && header.len() > 1
            || matches!(block.marker, Some(Marker::Bullet | Marker::Dash))
            || site
            || listed(lexicon, "adopts", &here)
            || here.iter().any(|t| {
                t.is(">")
                    || t.is("|")
                    || t.is("»") && words < 8 && !text[block.start..block.end].contains('«')
            })
        {
            continue;
        }
        let mut seen: Vec<usize> = Vec::new();
        let mut score: i32 = 0;
        for at in 0..here.len() {
            for f in lexicon.list("title").at(&here, at, lexicon.grammar()) {
                if !seen.contains(&at) {
                    seen.push(at);
                    score += f.value.parse::<i32>().unwrap_or(0);
                }
            }
        }
        score = score.min(8);
        // "Statement by Ms. Jane Doe on behalf of the group": more than the name of the body it was made in.
        let behalf = (0..here.len()).any(|at| {
            let found = lexicon.list("for-others").at(&here, at, lexicon.grammar());
            !found.is_empty()
        });
        if labelled("spoken-by") && behalf {
            score += 5;
        }
        // "JOINT PRESS RELEASE" says what sort of text it is, not what it is called.
        if here
            .iter()
            .all(|t| !t.is_word() || lexicon.is("sort-of-text", &t.folded))
        {
            score -= 6;
        }
        // A headline has a verb; the name of an agency has none and ends there.
        if words >= 5 && finite(&here, lexicon) {
            score += 2;
        }
        if words <= 8
            && here.iter().any(|t| lexicon.is("agency", &t.folded))
            && !here.iter().any(|t| lexicon.is("talks", &t.folded))
            && score < 6
        {
            score -= 4;
        }
        // A summary is a sentence; a title is none.
        if words >= 8 && text[block.start..block.end].trim_end().ends_with('.') {
            score -= 9;
        }
        score += i32::try_from(words.min(12) / 3).unwrap_or(0);
        if words <= 3 {
            score -= 3;
        }
        // The name of the body on the left, the number of the document on the right.
        if two_columns(&text[block.start..block.end]) {
            score -= 6;
        }
        if words > 30 {
            score -= 4;
        }
        score -= i32::try_from(rank / 4).unwrap_or(0);
        if fallback.is_none() && words >= 3 {
            fallback = Some(i);
        }
        if best.is_none_or(|(s, _)| score > s) {
            best = Some((score, i));
        }
    }
    if let Some(i) = best.filter(|(s, _)| *s >= 2).map(|(_, i)| i).or(fallback) {
        blocks[i].role = Role::Title;
        // A title cut over two lines.
        let caps =
            |s: &str| s.chars().any(char::is_alphabetic) && !s.chars().any(char::is_lowercase);
        for below in i + 1..=i + LINES {
            let first = text[blocks[i].start..blocks[i].end].to_owned();
            let open = fold(first.split_whitespace().last().unwrap_or_default());
            let numbered = awaits_talks(&tokens(text, blocks[i].start, blocks[i].end), lexicon);
            let Some(next) = blocks.get(below).cloned().filter(|b| {
                b.role == Role::Header
                    || b.role == Role::Dateline && text[b.start..].starts_with('(')
            }) else {
                break;
            };
            let between = &text[blocks[i].end..next.start];
            let slice = &text[next.start..next.end];
            let adjacent = between.matches('\n').count() <= 1;
            let unfinished = lexicon.is("prepositions", &open)
                || lexicon.is("determiners", &open)
                || lexicon.is("coordinators", &open)
                || first.ends_with([',', ':', '–', '-']);
            let site = listed(lexicon, "site", &tokens(text, next.start, next.end));
            // "adopted in Dinard, 5 April 2019" is when, not what.
            let dated = lexicon
                .calendar
                .dates(&tokens(text, next.start, next.end))
                .iter()
                .any(|d| d.from.day.is_some());
            // "(Paris, 20 juin 2019)" under a headline is when what it tells of took place.
            let bracketed = slice.starts_with('(') && slice.ends_with(')');
            if adjacent
                && !site
                && (!dated || unfinished || bracketed)
                && (unfinished
                    || bracketed
                    || begins_lower(slice)
                    || (numbered && names_talks(&tokens(text, next.start, next.end), lexicon))
                    || (caps(&first) && caps(slice) && slice.split_whitespace().count() > 1))
            {
                blocks[i].end = next.end;
                blocks[below].role = Role::Furniture;
            } else {
                break;
            }
        }
        for above in (i.saturating_sub(LINES)..i).rev() {
            let first = text[blocks[i].start..blocks[i].end].to_owned();
            let previous = blocks[above].clone();
            if previous.role != Role::Header {
                break;
            }
            let slice = &text[previous.start..previous.end];
            let adjacent = text[previous.end..blocks[i].start].matches('\n').count() <= 1;
            let last = fold(slice.split_whitespace().last().unwrap_or_default());
            let unfinished = lexicon.is("prepositions", &last)
                || lexicon.is("determiners", &last)
                || lexicon.is("coordinators", &last)
                || slice.ends_with([',', ':', '–']);
            // "SUMMARY REPORT OF THE" says what it is; the line above is whose it is.
            let complete = tokens(text, blocks[i].start, blocks[i].end)
                .iter()
                .take(4)
                .any(|t| lexicon.is("writings", &t.folded) || lexicon.is("adoptable", &t.folded));
            let upper = caps(&first) && caps(slice) && !complete;
            if adjacent
                && (unfinished
                    || begins_lower(&first)
                    || (upper && slice.split_whitespace().count() > 2))
                && (!listed(lexicon, "site", &tokens(text, previous.start, previous.end))
                    // "DÉCLARATION CONJOINTE", then "entre le Gouvernement".
                    || begins_lower(&first)
                        && tokens(text, previous.start, previous.end)
                            .iter()
                            .any(|t| lexicon.is("adoptable", &t.folded)))
            {
                blocks[i].start = previous.start;
                blocks[above].role = Role::Furniture;
            } else {
                break;
            }
        }
    }
}

fn names_talks(line: &[Token], lexicon: &Lexicon) -> bool {
    line.iter().any(|t| lexicon.is("talks", &t.folded))
}

/// "Joint Statement of the Second Arland–Belmark": what is counted stands in the next line.
fn awaits_talks(line: &[Token], lexicon: &Lexicon) -> bool {
    let counted = (0..line.len()).rfind(|&at| lexicon.calendar.ordinal(line, at).is_some());
    counted.is_some_and(|at| !names_talks(&line[at..], lexicon))
}
