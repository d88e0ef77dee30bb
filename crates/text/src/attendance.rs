//! Sentences that list who took part in a meeting that bears no pair in its name: "Delegations of A, B and C attended".
//! Invariant: only names in a row count, so that whoever is spoken of beside the list does not come by it.

use crate::document::{Document, Sentence};
use crate::event::is_future;
use crate::name::{Meaning, Name};
use crate::party::{ids, party_id, push};

/// So many names in a row list those who came, where nothing else says who they are.
const LIST: usize = 4;

/// Such a sentence stands among the first.
const OPENING: usize = 10;

/// Between two names of a row stand a comma, "and", an article, "the Republic of the Union of".
const GAP: usize = 8;

/// Those who are listed as having taken part, and who shared the chair or was the host.
pub(crate) fn attendance(
    document: &Document<'_>,
    body: &[&Sentence],
    observers: &[String],
) -> Vec<String> {
    let told = |s: &&&Sentence| s.speaker.is_none() && !is_future(document, s);
    let opening = || body.iter().take(OPENING).filter(told);
    let Some(listed) = opening().enumerate().find_map(|(rank, s)| {
        document
            .holds(s.start, s.end, "took-part")
            .then(|| enumerated(document, s.start, s.end, observers))
            .filter(|found| found.len() >= LIST)
            .map(|found| (rank, found))
    }) else {
        return Vec::new();
    };
    let (rank, mut out) = listed;
    // "Togo hosted a workshop. Delegations of A, B, C and D took part in it."
    for sentence in opening().take(rank + 2) {
        for id in chairs(document, sentence) {
            push(&mut out, &id);
        }
    }
    out
}

/// The longest row of names in a range that are not those of observers.
pub(crate) fn enumerated(
    document: &Document<'_>,
    start: usize,
    end: usize,
    observers: &[String],
) -> Vec<String> {
    let mut best: Vec<String> = Vec::new();
    let mut run: Vec<String> = Vec::new();
    let mut last: Option<usize> = None;
    let taking_part = document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end && !n.nested)
        .filter(|n| party_id(n).is_some());
    for name in taking_part {
        let follows = last.is_some_and(|end| linked(document, end, name.start));
        if !follows {
            run.clear();
        }
        last = Some(name.end);
        // "and the ASEAN Secretariat": its staff is no delegation.
        let alone = ids(document, name.start, name.end, false);
        for id in alone.iter().filter(|id| !observers.contains(id)) {
            if !staff(document, name) {
                push(&mut run, id);
            }
        }
        if run.len() > best.len() {
            best.clone_from(&run);
        }
    }
    best
}

/// Whether nothing but what parts the names of an enumeration stands between two of them.
fn linked(document: &Document<'_>, from: usize, to: usize) -> bool {
    from <= to
        && to - from <= GAP
        && (from..to).all(|i| {
            let t = &document.tokens[i];
            let word = t.folded.as_str();
            if !t.is_word() {
                return !matches!(word, "." | ";" | ":");
            }
            t.adverbial
                || t.elided
                || ["determiners", "coordinators", "forms-of-state"]
                    .iter()
                    .any(|list| document.lexicon.is(list, word))
                || matches!(word, "of" | "from" | "de" | "du" | "des" | "as" | "well")
        })
}

/// "the ASEAN Secretariat", "la Commission de la CEDEAO".
fn staff(document: &Document<'_>, name: &Name) -> bool {
    let is = |i: Option<usize>| {
        i.and_then(|i| document.tokens.get(i))
            .is_some_and(|t| document.lexicon.is("staff", &t.folded))
    };
    matches!(name.meaning, Meaning::Body(_, "organisation"))
        && (is(Some(name.end))
            || (2..=3).any(|back| is(name.start.checked_sub(back)))
            || is(name.start.checked_sub(1)))
}

/// No farther from a verb of hosting stand those who did.
const REACH: usize = 12;

/// "co-chaired by Japan and Singapore", "Togo hosted": whose meeting it was.
fn chairs(document: &Document<'_>, sentence: &Sentence) -> Vec<String> {
    let is = |list: &str, i: usize| document.lexicon.is(list, &document.tokens[i].folded);
    let word = |i: usize| document.tokens[i].folded.as_str();
    let mut out = Vec::new();
    for i in sentence.start..sentence.end {
        let chairing = word(i).starts_with("copresid") || is("presiding", i);
        if chairing {
            out.extend(ids(document, i, sentence.end, false));
        } else if is("organizing", i) {
            // "Togo hosted the workshop", "was organized by Togo and Benin"
            let by = sentence.end > i + 1 && is("agent", i + 1);
            let (from, to) = if by {
                (i, (i + REACH).min(sentence.end))
            } else {
                (i.saturating_sub(REACH).max(sentence.start), i)
            };
            out.extend(ids(document, from, to, true));
        }
    }
    out.retain(|id| id.len() == 2);
    out
}
