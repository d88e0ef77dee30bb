//! Who is called an observer of the meeting.
//! Invariant: whoever observes something else, or observes that something is so, is none.

use crate::bystander::is_where;
use crate::document::{Document, Sentence};
use crate::event::is_future;
use crate::name::Meaning;
use crate::party::push;

/// Ids of observers, in the order of the text.
pub(crate) fn observers(document: &Document<'_>) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((start, end)) = document.labelled("label-observers") {
        out = named(document, start, end);
    }
    for sentence in &document.sentences {
        let Some(cue) = (sentence.start..sentence.end).find(|i| marked(document, *i)) else {
            continue;
        };
        // Who is to observe something later does not observe this.
        if is_future(document, sentence) || elsewhere(document, cue) {
            continue;
        }
        let (start, end) = clause(document, sentence, cue);
        let found = named(document, start, end);
        // "took part with observer status": whoever stands before.
        let found = if found.is_empty() {
            named(document, sentence.start, end)
        } else {
            found
        };
        for id in found {
            push(&mut out, &id);
        }
    }
    out
}

fn marked(document: &Document<'_>, at: usize) -> bool {
    let lexicon = document.lexicon;
    !lexicon
        .list("observer")
        .at(&document.tokens, at, lexicon.grammar())
        .is_empty()
}

/// "observed that", "observer status in the Council of Europe", "an observer to the Committee".
fn elsewhere(document: &Document<'_>, cue: usize) -> bool {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    if word(cue).starts_with("observed") && word(cue + 1) == "that" {
        return true;
    }
    let after = cue + 1 + usize::from(matches!(word(cue + 1), "status" | "state" | "observer"));
    let to = matches!(word(after), "in" | "to" | "at" | "aupres" | "au" | "a");
    to && document
        .near(after, after + 8)
        .any(|n| n.start > after && n.start <= after + 4 && matches!(n.meaning, Meaning::Body(..)))
}

/// The clause around the cue.
fn clause(document: &Document<'_>, sentence: &Sentence, cue: usize) -> (usize, usize) {
    let word = |i: usize| document.tokens.get(i).map_or("", |t| t.folded.as_str());
    // "ran the exercise, observed by Ukraine"
    let passive = word(cue) == "observed" && word(cue + 1) == "by";
    let breaks = |i: usize| {
        matches!(word(i), ";" | "while" | "tandis" | "whereas" | "with")
            || word(i) == ","
                && (matches!(word(i + 1), "while" | "and" | "et" | "tandis" | "with")
                    && !listing(document, i)
                    // "attended by the Bank as an observer, we, the experts of the G7, adopted"
                    || document
                        .tokens
                        .get(i + 1)
                        .is_some_and(|t| document.lexicon.is("plural-persons", &t.folded)))
    };
    // "in the presence of the Secretary-General, Chile and Fiji having taken part as observers"
    let having = (sentence.start..cue)
        .rev()
        .find(|i| matches!(word(*i), "ayant" | "having") && (*i..cue).all(|j| word(j) != ","));
    let start = if passive {
        cue
    } else if let Some(having) = having {
        absolute(document, sentence.start, having)
    } else {
        (sentence.start..cue)
            .rev()
            .find(|i| breaks(*i))
            .unwrap_or(sentence.start)
    };
    let end = (cue + 1..sentence.end)
        .find(|i| breaks(*i))
        .unwrap_or(sentence.end);
    (start, end)
}

/// Where the names before "having" begin: back over commas while nothing but names stands between them.
fn absolute(document: &Document<'_>, start: usize, having: usize) -> usize {
    let comma = |before: usize| {
        (start..before)
            .rev()
            .find(|i| document.tokens[*i].is(","))
            .map_or(start, |i| i + 1)
    };
    let mut from = comma(having);
    while from > start {
        let earlier = comma(from - 1);
        let bare = document
            .near(earlier, from)
            .any(|n| n.start <= earlier + 2 && n.end + 1 == from && !n.nested);
        if !bare || earlier == from {
            break;
        }
        from = earlier;
    }
    from
}

fn named(document: &Document<'_>, start: usize, end: usize) -> Vec<String> {
    let mut out = Vec::new();
    for name in document
        .near(start, end)
        .filter(|n| n.start >= start && n.end <= end && !n.nested)
    {
        match name.meaning {
            Meaning::State(id) if !is_where(document, name) => push(&mut out, id),
            // "Ukrainian observers"
            Meaning::OfState(id) if marked(document, name.end) => push(&mut out, id),
            Meaning::Body(id, kind)
                if !matches!(kind, "instrument" | "exercise" | "process")
                    && !kind.starts_with("ministry-") =>
            {
                push(&mut out, id);
            }
            _ => {}
        }
    }
    out
}

/// The comma and "and" belong to an enumeration of names.
fn listing(document: &Document<'_>, comma: usize) -> bool {
    document
        .near(comma.saturating_sub(1), comma)
        .any(|n| n.end == comma)
        && document
            .near(comma + 1, comma + 4)
            .any(|n| n.start == comma + 2 || n.start == comma + 3)
}
