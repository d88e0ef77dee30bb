//! The finite verb group of English: auxiliaries, modals, and stems that may also be nouns.
//! Invariant: a word that cannot be told from a noun is none.

use crate::context::Context;
use crate::inflect::shape;
use crate::name::{Meaning, near};
use crate::predicate::{Predicate, Tense, best};
use crate::statement::Act;

/// No abbreviation in brackets has more tokens.
const BRACKETED: usize = 6;

pub(crate) fn english_group(
    context: &Context<'_>,
    at: usize,
    end: usize,
    start: usize,
) -> Option<Predicate> {
    let token = &context.tokens[at];
    let made = |verb: usize, end: usize, tense, passive, rule| {
        Some(Predicate {
            at,
            verb,
            end,
            tense,
            passive,
            rule,
            bare: false,
            relative: None,
        })
    };
    let folded = token.folded.as_str();
    let previous = at.checked_sub(1).filter(|p| *p >= start);
    let after_to = previous.is_some_and(|p| context.word(p) == "to");
    if context.is("modals", at)
        && !(token.capital && at > start && (folded == "may" || folded == "will"))
    {
        let mut verb = context.skip_adverbs(at + 1, end, 3);
        // "will next be convened"
        if context.word(verb) == "next" {
            verb = context.skip_adverbs(verb + 1, end, 2);
        }
        if folded == "ought" && context.word(verb) == "to" {
            verb += 1;
        }
        let open = verb >= end || !context.tokens[verb].is_word();
        if !open && context.shapes(verb) & shape::INF == 0 && !context.is("be", verb) {
            // A verb that no table knows, after a subject: "the two countries will team up".
            let plain = !context.tokens[verb].capital
                && !context.is("determiners", verb)
                && !context.is("coordinators", verb)
                && !matches!(context.word(verb), "to" | "or" | "that")
                && previous.is_some_and(|p| {
                    context.is("pronouns", p)
                        || context.is("coordinators", p)
                        || !context.is("prepositions", verb)
                            && (context.is("own", p) || context.tokens[p].capital)
                });
            if !plain {
                return None;
            }
        }
        if open && verb < end && context.word(verb) != ":" && context.word(verb) != "," {
            return None;
        }
        if verb >= context.tokens.len() || open {
            verb = at;
        }
        let future = matches!(folded, "will" | "shall" | "ll");
        let (mut last, mut passive) = (verb + 1, false);
        if context.word(verb) == "be" {
            let next = context.skip_adverbs(verb + 1, end, 2);
            if next < end && context.shapes(next) & shape::PART != 0 {
                passive = true;
                last = next + 1;
            }
        }
        // "will continue to be conducted"
        let goes_on = verb + 2 < end
            && context.word(verb + 1) == "to"
            && context.word(verb + 2) == "be"
            && context.shapes(context.skip_adverbs(verb + 3, end, 2)) & shape::PART != 0;
        passive |= future && goes_on;
        let rule = if future || matches!(folded, "should" | "must" | "ought" | "may") {
            context
                .rule(at)
                .map(|r| (r.0, r.1, r.2))
                .or_else(|| future.then_some((Act::Commitment, 3, "will")))
        } else if folded == "would" {
            context
                .rule(at)
                .or_else(|| context.rule(verb))
                .map(|r| (r.0, r.1, r.2))
        } else {
            None
        };
        return made(
            verb,
            last,
            if future { Tense::Future } else { Tense::Modal },
            passive,
            rule,
        );
    }
    if context.is("have", at) && !after_to && folded != "having" {
        let verb = past_time(context, context.skip_adverbs(at + 1, end, 3), end);
        if verb < end && context.word(verb) == "been" {
            let next = context.skip_adverbs(verb + 1, end, 2);
            let part = next < end && context.shapes(next) & (shape::PART | shape::GER) != 0;
            return made(
                if part { next } else { verb },
                if part { next + 1 } else { verb + 1 },
                Tense::Past,
                part,
                best(context, verb, if part { next } else { verb }),
            );
        }
        if verb < end && context.shapes(verb) & shape::PART != 0 {
            return made(
                verb,
                verb + 1,
                Tense::Past,
                false,
                context.rule(verb).map(|r| (r.0, r.1, r.2)),
            );
        }
        return made(
            at,
            at + 1,
            if folded == "had" {
                Tense::Past
            } else {
                Tense::Present
            },
            false,
            context.rule(at).map(|r| (r.0, r.1, r.2)),
        );
    }
    if context.is("be", at) && !matches!(folded, "be" | "been" | "being") {
        let next = context.skip_adverbs(at + 1, end, 3);
        let tense = if matches!(folded, "was" | "were") {
            Tense::Past
        } else {
            Tense::Present
        };
        let part = next < end && context.shapes(next) & (shape::PART | shape::GER) != 0;
        if part {
            let passive = context.shapes(next) & shape::PART != 0;
            return made(next, next + 1, tense, passive, best(context, at, next));
        }
        return made(
            at,
            at + 1,
            tense,
            false,
            context.rule(at).map(|r| (r.0, r.1, r.2)),
        );
    }
    if matches!(folded, "do" | "does" | "did") {
        let verb = context.skip_adverbs(at + 1, end, 2);
        if verb < end && verb > at + 1 && context.shapes(verb) & shape::INF != 0 {
            return made(verb, verb + 1, Tense::Present, false, None);
        }
    }
    let shapes = context.shapes(at);
    // "further agreed": an adverb before its verb.
    let before_verb = context.adverb(at)
        && (context.shapes(at + 1) & shape::PAST != 0
            || context.shapes(at + 1) & shape::PRES != 0 && !context.is("nouny", at + 1));
    if shapes & (shape::PAST | shape::PRES | shape::THIRD) == 0 || after_to || before_verb {
        return None;
    }
    // Homographs: a noun after a determiner, a preposition or a possessive.
    let mut p = previous;
    while let Some(q) = p
        && context.adverb(q)
        && q > start
        && context.word(q) != "all"
    {
        p = q.checked_sub(1);
    }
    // "The agency (CSA) intends": what stands before the brackets.
    if let Some(close) = p.filter(|q| context.word(*q) == ")")
        && let Some(open) = (close.saturating_sub(BRACKETED).max(start)..close)
            .rev()
            .find(|i| context.word(*i) == "(")
            .filter(|open| *open > start)
    {
        p = Some(open - 1);
    }
    let noun_before = p.is_some_and(|q| {
        context.is("determiners", q)
            && !matches!(
                context.word(q),
                "both" | "all" | "several" | "many" | "this" | "that"
            )
            // "CERT-In plan to" ends in none.
            || context.is("prepositions", q) && !context.tokens[q].hyphened
            || context.tokens[q].elided && context.word(q) == "s"
    });
    let hyphen = token.hyphened || context.tokens.get(at + 1).is_some_and(|t| t.hyphened);
    if noun_before || hyphen {
        return None;
    }
    let next = context.word(at + 1);
    let nouny = context.is("nouny", at);
    if shapes & shape::PAST != 0 {
        // "the measures agreed by", "the text adopted at"
        // but "stood by the conclusions", where "by" belongs to the verb.
        let whole = context.rule(at).is_some_and(|r| r.3.1 > at + 1);
        // "on the basis of information shared among members"
        let among = matches!(next, "among" | "between")
            && p.is_some_and(|q| {
                !context.tokens[q].capital && q > start && context.is("prepositions", q - 1)
            });
        if next == "by" && !whole || among || context.tokens.get(at + 1).is_some_and(|t| t.hyphened)
        {
            return None;
        }
        // "Coordinated messaging was considered": a participle that opens the sentence, before its noun.
        if p.is_none()
            && context.rule(at).is_none()
            && context.tokens.get(at + 1).is_some_and(|t| t.is_word())
            && !context.is("determiners", at + 1)
            && !context.is("prepositions", at + 1)
            && !context.is("complementizers", at + 1)
            && !context.adverb(at + 1)
        {
            return None;
        }
        // An adjective: "agreed language", "shared values".
        let unknown = context.lexicon.verbs.of(folded).is_empty();
        if unknown
            && p.is_none_or(|q| {
                context.is("coordinators", q) || context.word(q) == "," || context.adverb(q)
            })
        {
            return None;
        }
        let adjective = p.is_some_and(|q| context.is("coordinators", q) || context.word(q) == ",")
            && context.tokens.get(at + 1).is_some_and(|t| {
                t.is_word()
                    && t.folded.ends_with('s')
                    && !context.is("determiners", at + 1)
                    && !context.is("prepositions", at + 1)
            })
            && context.rule(at).is_none()
            && !context.is_verb_of("telling", at);
        if adjective {
            return None;
        }
        return made(
            at,
            at + 1,
            Tense::Past,
            false,
            context.rule(at).map(|r| (r.0, r.1, r.2)),
        );
    }
    // "both police forces": a determiner before a noun.
    let pronoun =
        p.is_some_and(|q| context.is("pronouns", q) && !(nouny && context.word(q) == "both"));
    let joined = p.is_some_and(|q| context.is("coordinators", q) || context.word(q) == ",");
    if shapes & shape::THIRD != 0 {
        // "Both partners condemned": a plural before it, so it is a noun.
        if p.is_some_and(|q| {
            matches!(
                context.word(q),
                "both" | "we" | "they" | "two" | "these" | "those"
            )
        }) {
            return None;
        }
        let object = context.is("determiners", at + 1)
            || context.is("complementizers", at + 1)
            || context.is("prepositions", at + 1) && !nouny
            || context.adverb(at + 1)
            || next == "to";
        let subject =
            p.is_some_and(|q| context.tokens[q].is_word() && !context.is("coordinators", q));
        if token.capital && at > start
            || nouny
                && !(object && subject && (pronoun || p.is_some_and(|q| context.tokens[q].capital)))
            || !subject && !joined
        {
            return None;
        }
        if !object && context.rule(at).is_none() && nouny {
            return None;
        }
        return made(
            at,
            at + 1,
            Tense::Present,
            false,
            context.rule(at).map(|r| (r.0, r.1, r.2)),
        );
    }
    // A bare stem: after a plural subject or a coordinator.
    let plural = p.is_some_and(|q| {
        let word = context.word(q);
        pronoun
            || (word.ends_with('s')
                && !word.ends_with("ss")
                && word != "as"
                && word != "this"
                && word != "its")
            || matches!(word, "states" | "people" | "both" | "two")
            || context.tokens[q].capital
            || matches!(word, "participants" | "together")
    });
    let object = context.is("determiners", at + 1)
        || context.is("complementizers", at + 1)
        || context.adverb(at + 1)
        || next == "to"
        || context.tokens.get(at + 1).is_some_and(|t| {
            t.capital
                || t.is_word() && !context.is("prepositions", at + 1)
                || matches!(
                    t.folded.as_str(),
                    "on" | "upon"
                        | "for"
                        | "forward"
                        | "with"
                        | "in"
                        | "against"
                        | "of"
                        | "from"
                        | "by"
                )
        });
    let ruled = context.rule(at).is_some();
    let after_name = p.is_some_and(|q| {
        near(context.names, q, q + 1).iter().any(|n| {
            n.end == q + 1
                && !matches!(n.meaning, Meaning::Place(..))
                && n.end > q
                && n.start <= q
                && q + 1 > n.start
        })
    });
    let after_own = p.is_some_and(|q| context.is("own", q));
    let sure = object && p.is_some_and(|q| bare_subject(context, start, q))
        // "The sides support was": a noun that has a verb of its own.
        && !["be", "have", "modals"].iter().any(|list| context.is(list, at + 1))
        && context.shapes(at + 1) & shape::PAST == 0
        || ruled
            && (pronoun
                || (after_name || after_own)
                    && (context.is("determiners", at + 1)
                        || context.is("complementizers", at + 1)
                        || next == "to"
                        || !nouny));
    if !sure
        && (!object
            || nouny
                && !pronoun
                // "and task it with"
                && !(joined
                    && (context.is("determiners", at + 1) || matches!(next, "it" | "them")))
            || !(plural || joined))
        // "WELCOME the checklist and ENCOURAGE its use": operative verbs in capitals.
        || token.capital && at > start && !(token.upper && ruled && joined)
    {
        return None;
    }
    let rule = context.rule(at).map(|r| (r.0, r.1, r.2));
    if !pronoun && rule.is_none() && !plural {
        return None;
    }
    made(at, at + 1, Tense::Present, false, rule)
}

/// Past "over the past year" between "have" and its participle.
fn past_time(context: &Context<'_>, at: usize, end: usize) -> usize {
    /// "in the course of the past two years" is the longest.
    const SPAN: usize = 9;
    if !context.is("prepositions", at) {
        return at;
    }
    (at + 1..end.min(at + SPAN))
        .take_while(|i| context.tokens[*i].is_word())
        .find(|i| context.is("spans-of-time", *i))
        .map(|i| context.skip_adverbs(i + 1, end, 2))
        .filter(|i| *i < end && context.shapes(*i) & shape::PART != 0)
        .unwrap_or(at)
}

/// "The Participants", "both governments": nothing but those who speak, as many, stands before the verb.
fn bare_subject(context: &Context<'_>, start: usize, last: usize) -> bool {
    context.is("own", last)
        && context.word(last).ends_with('s')
        && last > start
        && (start..last).all(|i| {
            context.is("determiners", i)
                || context.is("quantified", i)
                || context.is("pair", i)
                || context
                    .lexicon
                    .calendar
                    .number(&context.tokens[i])
                    .is_some()
        })
}
