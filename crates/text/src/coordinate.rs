//! Which later predicates of a sentence stand beside its first, and where to cut between them.
//! Invariant: a cut falls before a conjunction or after a comma, never inside a name.

use crate::act::{Subject, subject_kind};
use crate::context::Context;
use crate::inflect::shape;
use crate::name::{Meaning, near};
use crate::predicate::{Predicate, Tense};
use crate::statement::Act;

/// Where a later predicate is coordinated with the head: the token to cut at, and its own subject if it has one.
pub(crate) fn coordinated(
    context: &Context<'_>,
    head: &Predicate,
    last: &Predicate,
    next: &Predicate,
    main: usize,
) -> Option<(usize, Option<(usize, usize)>)> {
    let mut p = next.at;
    // Back over adverbs, reflexives and negations.
    while p > main
        && (context.adverb(p - 1)
            || context.is("negations", p - 1)
            || context.is("reflexives", p - 1) && context.french() && context.word(p - 1) != "nous"
            || p >= 2 && context.word(p - 1) == "," && context.adverb(p - 2))
    {
        p -= 1;
    }
    if p <= main {
        return None;
    }
    let before = p - 1;
    let joiner =
        |at: usize| context.is("coordinators", at) || matches!(context.word(at), "," | ";" | "–");
    let parallel = next.tense == Tense::Modal
            && next.rule.is_some()
            && context.is("coordinators", before)
            // "that law applies and should be respected": both are reaffirmed.
            && !(head.end..before).any(|i| context.is("complementizers", i))
        || head.tense == next.tense
        || last.tense == next.tense
        || head.tense == Tense::Future
        || next.tense == Tense::Future;
    if joiner(before) {
        // "welcomed the work of the group, whose mandate ends in July, and intend to": a comma closes the relative clause.
        let closed = before > main
            && context.word(before - 1) == ","
            && context.is("coordinators", before)
            && next.rule.is_some_and(|r| r.0 == Act::Commitment)
            && context.is("turning", next.at);
        if next
            .relative
            .is_some_and(|t| t == next.tense && t != last.tense)
            && !closed
        {
            return None;
        }
        if next.rule.is_none() && (last.end..before).any(|i| context.is("complementizers", i)) {
            return None;
        }
        let comma_only = matches!(context.word(before), "," | "–");
        let semicolon = context.word(before) == ";";
        // "reiterated their support and look forward to": a present that stands after a past.
        let turns = context.is("coordinators", before)
            && next.tense == Tense::Present
            && next.rule.is_some()
            && (context.french() || context.is("turning", next.at));
        // "share the view that ..., and in this regard decided to": a past after a present, with a mark before "and".
        let settles = next.rule.is_some()
            && next.tense == Tense::Past
            && !next.bare
            && context.is("coordinators", before)
            && !next.passive
            && (context.word(before - 1) == ","
                // "look forward to continuing and decided to hold"
                || next.rule.is_some_and(|r| r.0 == Act::Commitment)
                    && context.is("infinitive-marks", next.end)
                    && context.shapes(next.end + 1) & shape::INF != 0);
        if !parallel && !semicolon && !turns && !settles {
            return None;
        }
        // "strong and aligned messaging": an attribute, unless the verb is one that tells of meetings or has an object.
        if !context.french()
            && next.tense == Tense::Past
            && next.at == next.verb
            && next.rule.is_none()
        {
            let tells = context.is_verb_of("telling", next.at);
            let object = context.is("determiners", next.end)
                || context.is("prepositions", next.end)
                || context.is("complementizers", next.end);
            if !tells && !object {
                return None;
            }
        }
        // "will be written up by the network and shared": one passive.
        if !context.french()
            && last.passive
            && matches!(last.tense, Tense::Future | Tense::Modal)
            && next.tense == Tense::Past
            && next.at == next.verb
            && context.shapes(next.verb) & shape::PART != 0
        {
            return None;
        }
        if next.bare && last.tense != Tense::Past {
            return None;
        }
        // "will remain in force for five years and may be extended": one rule for the same paper.
        let passive = next.passive || context.is("be", next.at + 1);
        if passive
            && next.tense == Tense::Modal
            && (next.rule.is_none() || context.is("permitting", next.at))
        {
            return None;
        }
        // "our shared history and values;": a noun that closes the clause.
        if !context.french()
            && next.tense == Tense::Present
            && next.at == next.verb
            && next.at + 1 == next.end
            && context.tokens.get(next.end).is_none_or(|t| !t.is_word())
            && !context.is("be", next.at)
        {
            return None;
        }
        // A past form after a comma may be an attribute: "the text, adopted in 2015".
        if comma_only && next.rule.is_none() {
            return None;
        }
        if next.passive && comma_only {
            return None;
        }
        // "the launch of the mechanism, intended to coordinate assistance": what something is for.
        if comma_only && next.at == next.verb && context.is("reduced", next.at) {
            return None;
        }
        if !context.french()
            && next.tense == Tense::Present
            && next.at == next.verb
            && !context.is("be", next.at)
        {
            let governed = (last.verb..before).any(|i| {
                context.is("infinitive-marks", i) && context.shapes(i + 1) & shape::INF != 0
                    || context.is("modals", i)
            }) || matches!(last.tense, Tense::Future | Tense::Modal);
            // "We invite others to join and look forward to": nobody is invited to look forward.
            let pleased = next.rule.is_some_and(|r| r.0 == Act::Welcome);
            if governed
                && !pleased
                // "recognised the value of talks in order to avoid duplication, and intend to hold one"
                && !closed
                && !context.is("performative", next.at)
                && !context.is("complementizers", next.at + 1)
            {
                return None;
            }
            if last.tense == Tense::Future
                && context.shapes(next.at) & shape::THIRD == 0
                && !pleased
                && !context.is("complementizers", next.at + 1)
                && !context.is("performative-after-will", next.at)
            {
                return None;
            }
            next.rule?;
        }
        let cut = before + usize::from(semicolon || context.word(before) == ",");
        return Some((cut, None));
    }
    // "are enjoyed online as they are offline": what a conjunction makes depend stands beside nothing.
    if context.is("plural-persons", before)
        && before > main
        && matches!(
            context.word(before - 1),
            "as" | "if" | "when" | "because" | "since" | "until" | "unless" | "than" | "where"
        )
    {
        return None;
    }
    // An own subject after a coordinator, a comma or a semicolon.
    let mut q = before;
    let mut words = 0;
    while q > last.end.saturating_sub(1) && q > main {
        if joiner(q) && !context.in_name(q) {
            let kind = subject_kind(context, q + 1, p);
            let pronoun = context.is("pronoun-own", q + 1)
                || context.is("determiners", q + 1) && kind == Subject::Own;
            let named = kind == Subject::Own
                // "decisions and resolutions in which States agreed": all one object.
                && !(q + 1..p).any(|i| context.is("relatives", i))
                // "partners, including A and B, so that developing countries can": neither.
                && !(q + 1..p).any(|i| context.word(i) == "so" && context.word(i + 1) == "that")
                && !context.is("prepositions", q + 1)
                && !context.is("complementizers", q + 1)
                && (next.rule.is_some()
                    || !(last.end..q).any(|i| context.is("complementizers", i)));
            let strong = context.is("coordinators", q)
                || context.word(q) == ";"
                || context.word(q) == "–"
                || context.french() && context.word(q) == ",";
            // "the EU and Japan agreed": the coordinator inside the subject.
            let inside = context.is("coordinators", q)
                && q > main
                && q > last.end
                && !pronoun
                && subject_names(context, q)
                && !next_clause(context, q);
            if named && !inside && (strong || context.is("pronoun-own", q + 1)) {
                return Some((
                    if context.word(q) == "," || context.word(q) == ";" {
                        q + 1
                    } else {
                        q
                    },
                    Some((q + 1, next.at)),
                ));
            }
            if !inside
                && words > 0
                && context.is("coordinators", q)
                && (context.word(q.saturating_sub(1)) == ","
                    || next.passive && next.rule.is_some() && context.is("determiners", q + 1))
                && kind != Subject::Own
            {
                // ", and the format is ..." : another subject altogether.
                let clear = next.at != next.verb
                    || next.tense == Tense::Future
                    || context.is("be", next.at);
                let embedded = (last.end..q).any(|i| context.is("complementizers", i));
                if clear
                    && !embedded
                    && !context.is("prepositions", q + 1)
                    && !context.is("complementizers", q + 1)
                {
                    return Some((q, Some((q + 1, next.at))));
                }
                return None;
            }
            if context.word(q) == ";" {
                return Some((q + 1, Some((q + 1, next.at))));
            }
        }
        words += 1;
        if words > 24 {
            return None;
        }
        q -= 1;
    }
    None
}

/// A name of a party stands on both sides of the coordinator: "Japan and the EU".
fn subject_names(context: &Context<'_>, at: usize) -> bool {
    let left = near(context.names, at, at + 2).iter().any(|n| {
        n.end == at
                // "acceding to the Budapest Convention and India informed": a treaty acts with nobody.
                && !matches!(n.meaning, Meaning::Place(..) | Meaning::Body(_, "instrument"))
    });
    let right = near(context.names, at, at + 2).iter().any(|n| {
        (n.start == at + 1 || n.start == at + 2) && !matches!(n.meaning, Meaning::Place(..))
    });
    left && right
}

/// A comma right before the coordinator: a new clause rather than a pair of names.
fn next_clause(context: &Context<'_>, at: usize) -> bool {
    at > 0 && context.word(at - 1) == ","
}
