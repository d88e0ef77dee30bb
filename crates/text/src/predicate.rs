//! Which verbs of a sentence are finite and rule it.
//! Invariant: groups are in order and do not overlap; the verb of a relative clause is none of them.

use crate::context::Context;
use crate::english::english_group;
use crate::french::french_group;
use crate::inflect::shape;
use crate::statement::Act;

/// Time and mood of a predicate, as far as coordination needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tense {
    /// Simple past, or an auxiliary with a participle.
    Past,
    /// Present.
    Present,
    /// Future, or "will".
    Future,
    /// "should", "must", "can", "would" or a conditional.
    Modal,
}

/// A finite verb group.
#[derive(Clone, Debug)]
pub(crate) struct Predicate {
    /// First token of the group, auxiliaries and adverbs included.
    pub(crate) at: usize,
    /// The verb itself.
    pub(crate) verb: usize,
    /// One past the group.
    pub(crate) end: usize,
    /// Its time.
    pub(crate) tense: Tense,
    /// It is in the passive.
    pub(crate) passive: bool,
    /// What the rules say, with the rule.
    pub(crate) rule: Option<(Act, u8, &'static str)>,
    /// The auxiliary is left out: "and expressed".
    pub(crate) bare: bool,
    /// The tense of a relative clause between the predicate before and this one.
    pub(crate) relative: Option<Tense>,
}

/// Reads a finite verb group at `at`, if there is one.
pub(crate) fn group(
    context: &Context<'_>,
    at: usize,
    end: usize,
    start: usize,
) -> Option<Predicate> {
    if at >= end || at >= context.tokens.len() || context.in_name(at) {
        return None;
    }
    if context.french() {
        french_group(context, at, end, start)
    } else {
        english_group(context, at, end, start)
    }
}

pub(crate) fn best(
    context: &Context<'_>,
    first: usize,
    second: usize,
) -> Option<(Act, u8, &'static str)> {
    let one = context.rule(first);
    let two = if second == first {
        None
    } else {
        context.rule(second)
    };
    match (one, two) {
        // A rule of the auxiliary ("be determined to") beats that of the participle only when it reaches further.
        (Some(a), Some(b)) => Some(if a.3 >= b.3 {
            (a.0, a.1, a.2)
        } else {
            (b.0, b.1, b.2)
        }),
        (Some(a), None) | (None, Some(a)) => Some((a.0, a.1, a.2)),
        (None, None) => None,
    }
}

/// Where the main clause begins: after an opening adverbial, if there is one.
pub(crate) fn main_start(context: &Context<'_>, start: usize, end: usize) -> usize {
    let mut from = start;
    while from < end && !context.tokens[from].is_word() {
        from += 1;
    }
    if context.is("coordinators", from) || context.word(from) == "or" {
        from += 1;
    }
    if let Some(past) = context.aside(from).filter(|p| *p < end) {
        from = past + usize::from(context.word(past) == ",");
    }
    let opens = |at: usize| {
        let word = context.word(at);
        context.is("prepositions", at)
            || context.is("subordinators", at)
            || context.shapes(at) & shape::GER != 0 && !context.is("be", at)
            || context.adverb(at) && !context.is("quantified", at)
            || context.tokens[at].form == crate::token::Form::Number
            || context.lexicon.calendar.is_weekday(word)
            || context.shapes(at) & shape::PART != 0
                && context.shapes(at) & shape::INF == 0
                // "Exhorte les États", without an accent, is no participle.
                && !(context.french()
                    && context.shapes(at) & shape::PRES != 0
                    && !context.tokens[at].acute)
                && !context.tokens[at].upper
            || context.is("reflexives", at) && context.shapes(at + 1) & shape::GER != 0
            || context.is("openers", at)
    };
    if from >= end || !opens(from) {
        return from;
    }
    let mut at = from;
    let mut fallback = from;
    while at < end {
        if context.word(at) == ","
            || context.word(at) == "–" && at > from + 1
            || context.word(at) == ":"
        {
            let next = at + 1;
            if next < end
                && !opens(next)
                && !context.is("coordinators", next)
                && !context.is("relatives", next)
            {
                // The subject must be followed by its verb before the next break.
                let subject = context.is("determiners", next)
                    || context.is("pronouns", next)
                    || context.tokens[next].capital
                    || context.is("own", next)
                    || context.adverb(next)
                    || context.word(next).len() > 2;
                let mut q = next;
                let mut verb = false;
                while q < end && q < next + 40 {
                    if matches!(context.word(q), ";" | ":") {
                        break;
                    }
                    if group(context, q, end, next).is_some() && q > next {
                        verb = true;
                        break;
                    }
                    q += 1;
                }
                if subject && verb {
                    // An enumeration inside the adverbial: "in Washington, DC on December 7, 2015, the parties met".
                    let clear = |i: usize| {
                        context.is("determiners", i)
                            || context.is("pronouns", i)
                            || context.is("own", i)
                    };
                    let later = (next + 1..q)
                        .filter(|i| context.word(*i) == ",")
                        .map(|i| i + 1)
                        .find(|i| clear(*i) && !opens(*i));
                    return if clear(next) {
                        next
                    } else {
                        later.unwrap_or(next)
                    };
                }
                if subject && fallback == from {
                    fallback = next;
                }
            }
        }
        at += 1;
    }
    from
}

/// The word before a verb group, adverbs left out.
fn before_group(context: &Context<'_>, at: usize) -> usize {
    let mut before = at.saturating_sub(1);
    while before > 0 && context.adverb(before) {
        before -= 1;
    }
    before
}

/// All finite groups of `start..end`, those of relative clauses left out.
pub(crate) fn predicates(context: &Context<'_>, start: usize, end: usize) -> Vec<Predicate> {
    let mut out: Vec<Predicate> = Vec::new();
    let mut at = start;
    let mut relative: Option<usize> = None;
    let mut inside: Option<Tense> = None;
    let mut depth = 0i32;
    let mut quoted = false;
    while at < end {
        let word = context.word(at);
        match word {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = (depth - 1).max(0),
            "\"" => quoted = !quoted,
            "«" => quoted = true,
            "»" => quoted = false,
            _ => {}
        }
        if depth > 0 || quoted && at > start + 1 {
            at += 1;
            continue;
        }
        let relative_that = !context.french() && word == "that" && at > start && {
            let p = at - 1;
            let noun = context.tokens[p].is_word()
                && (context.shapes(p) & (shape::PAST | shape::THIRD | shape::GER) == 0
                    || context.is("nouny", p) && context.shapes(p) & shape::PAST == 0)
                && !context.adverb(p)
                && !context.is("prepositions", p)
                && !context.is("before-that", p);
            // "The position that the law applies was restated": before its verb a subject has no clause of another sort.
            noun && (out.is_empty() && at > start + 1
                || group(context, context.skip_adverbs(at + 1, end, 2), end, at).is_some())
        };
        let relative_que = context.french() && matches!(word, "que" | "qu") && at > start && {
            let p = at - 1;
            let noun = context.tokens[p].is_word()
                && context.shapes(p) & !shape::INF == 0
                && !context.adverb(p)
                && !context.is("prepositions", p);
            noun && !context.is("before-that", p) || context.is("such", p)
        };
        if context.is("relatives", at) && !(word == "when" && at < start + 2)
            || relative_that
            || relative_que
        {
            relative = Some(at);
            at += 1;
            continue;
        }
        if let Some(found) = group(context, at, end, start) {
            let next = found.end.max(at + 1);
            if relative.is_some_and(|r| {
                // "in which law, rights and freedoms are respected": what a preposition governs is no subject, so this verb is its own.
                let governed = !context.is("coordinators", before_group(context, at))
                    && context.is("relatives-governed", r)
                    && r > start
                    && context.is("prepositions", r - 1)
                    && at < r + 24
                    && !(r..at).any(|i| matches!(context.word(i), ";" | ":"));
                governed
                    || at < r + 12
                        && !(r..at).any(|i| matches!(context.word(i), "," | ";" | ":") && i > r + 1)
            }) {
                // The verb of a relative clause; a clause may have only one of its own.
                relative = None;
                inside = Some(found.tense);
                at = next;
                // What is coordinated at once belongs to it too: "which met and agreed".
                continue;
            }
            relative = None;
            out.push(Predicate {
                relative: inside.take(),
                ..found
            });
            at = next;
            continue;
        }
        at += 1;
    }
    out
}
