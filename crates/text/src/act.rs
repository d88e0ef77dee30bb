//! What a predicate does, when its rule, its tense and its subject are put together.
//! Invariant: what somebody else will do is never a commitment.

use crate::context::Context;
use crate::future::{announced, arranged, founds, future_act, reported_future};
use crate::inflect::shape;
use crate::name::Meaning;
use crate::predicate::{Predicate, Tense};
use crate::statement::Act;

/// Who or what a predicate is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Those who speak: parties, "we", "both sides".
    Own,
    /// The meeting or the talks.
    Talks,
    /// Somebody or something else.
    Third,
    /// "it", "there", nothing.
    Empty,
}

/// So many States that meet may call themselves "Member States".
const MEMBERS: usize = 4;

/// The subject before a predicate: tokens between the last break and the group.
pub(crate) fn subject_kind(context: &Context<'_>, start: usize, end: usize) -> Subject {
    // "Capacity building: the EU will": what runs in before a colon is no subject.
    let mut from = (start..end.min(start + 12))
        .rev()
        .find(|i| context.word(*i) == ":")
        .map_or(start, |i| i + 1);
    let start = from;
    while from < end
        && (context.adverb(from) && !context.is("quantified", from)
            || context.is("determiners", from)
            || !context.tokens[from].is_word()
            || context.is("coordinators", from)
            || context.is("reflexives", from) && !context.is("we", from)
            || context.is("negations", from))
    {
        from += 1;
    }
    if from >= end {
        // Only a determiner or number: "both", "these", "all".
        return if (start..end).any(|i| context.is("alone-own", i)) {
            Subject::Own
        } else {
            Subject::Empty
        };
    }
    let mut nearest = end - 1;
    while nearest > from
        && (context.adverb(nearest)
            || !context.tokens[nearest].is_word()
            || context.is("reflexives", nearest) && !context.is("we", nearest)
            || context.is("clitics", nearest)
            || context.is("negations", nearest))
    {
        nearest -= 1;
    }
    let end = nearest + 1;
    if context.is("plural-persons", nearest) {
        return Subject::Own;
    }
    if context.is("pronoun-own", from) || context.is("pair", from) {
        return Subject::Own;
    }
    if context.one_for_all(start, from, nearest) {
        return Subject::Own;
    }
    // "Those of us that are not yet parties", "ceux d'entre nous qui"
    if (from + 1..end.min(from + 4)).any(|i| {
        matches!(context.word(i), "us" | "nous") && matches!(context.word(i - 1), "of" | "entre")
    }) {
        return Subject::Own;
    }
    if context.is("impersonal", from) && end - from <= 3 {
        return Subject::Empty;
    }
    if context.is("one-person", from) && end - from <= 2 {
        return Subject::Own;
    }
    // The head is what stands before the first preposition, or the whole.
    let mut head_end = end;
    let mut i = from;
    while i < end {
        if i > from
            && (context.is("prepositions", i)
                || context.word(i) == "("
                || context.is("relatives", i)
                || context.word(i) == "," && context.shapes(i + 1) & shape::GER != 0)
            && !context.in_name(i)
        {
            head_end = i;
            break;
        }
        i += 1;
    }
    // "Several Member States", "some members": not all of them, so not the party.
    let some = (from..end).any(|i| context.is("some", i));
    let party = |meaning: &Meaning| match meaning {
        Meaning::State(id) | Meaning::OfState(id) => {
            context.parties.is_empty()
                || context.parties.iter().any(|p| p == id)
                || crate::signatory::member_of_party(id, context.parties)
        }
        Meaning::Body(id, kind) => {
            matches!(*kind, "union" | "members" | "group")
                || context.parties.iter().any(|p| p == id)
                // "The National Cyber Security Centre", in the news of one State.
                || *kind == "body" && context.parties.len() == 1
                || crate::name::side_of(kind).is_some_and(|side| {
                    context.parties.is_empty() || context.parties.iter().any(|p| p == side)
                })
        }
        Meaning::Place(_, state) => context.parties.iter().any(|p| p == state),
    };
    // "Member States" of a union or an organization that is a party.
    if head_end >= from + 2
        && matches!(
            (context.word(head_end - 2), context.word(head_end - 1)),
            ("member", "states") | ("etats", "membres")
        )
        && head_end - from <= 4
        && !some
        && (context
            .parties
            .iter()
            .any(|p| p == "EU" || p.len() > 2 && crate::name::may_be_party(p))
            // All who are listed are members of what met.
            || context.parties.len() >= MEMBERS)
    {
        return Subject::Own;
    }
    // "Subject to the availability of funds, the United States will": who stands alone after the comma.
    let alone = (from..end)
        .rev()
        .find(|i| context.word(*i) == ",")
        .map(|i| i + 1)
        .filter(|tail| {
            let mut at = *tail;
            while at < end && context.is("determiners", at) {
                at += 1;
            }
            context
                .names_in(at, end)
                .any(|n| n.start == at && n.end == end && party(&n.meaning))
        });
    if alone.is_some() {
        return Subject::Own;
    }
    // "The Government of Ukraine": who speaks for a party.
    if head_end > from
        && context.is("agency", head_end - 1)
        && context.is("prepositions", head_end)
        && head_end < end
        && context
            .names_in(head_end + 1, end)
            .any(|n| n.start <= head_end + 2 && party(&n.meaning))
    {
        return Subject::Own;
    }
    // "Smith", "Deputy Minister Smith"
    if head_end > from
        && head_end - from <= 5
        && context.tokens[head_end - 1].capital
        && context
            .families
            .iter()
            .any(|f| f == context.word(head_end - 1))
    {
        return Subject::Own;
    }
    // "Our cyber security centres will run it": bodies of those who speak.
    if head_end > start
        && matches!(context.word(start), "our" | "nos" | "notre")
        && [
            context.word(head_end - 1),
            context.word(head_end - 1).trim_end_matches('s'),
        ]
        .iter()
        .any(|w| context.lexicon.is("agency", w) || context.lexicon.is("own", w))
    {
        return Subject::Own;
    }
    let own_noun = (from..head_end).any(|i| context.is("own", i));
    let talks = context.talks_in(from, head_end);
    let last = (from..head_end)
        .rev()
        .find(|i| context.tokens[*i].is_word());
    let named_head = context.names_in(from, head_end).any(|n| {
        party(&n.meaning)
            && last.is_some_and(|l| {
                n.end > l
                    || n.start == from
                        && n.end < head_end
                        && matches!(context.word(n.end), "," | "and" | "et" | "(")
            })
    });
    if named_head {
        return Subject::Own;
    }
    let last_word = last.map_or("", |l| context.word(l));
    // "the Kenyan response team": an adjective of a party before a body of people.
    if context
        .names_in(from, head_end)
        .any(|n| matches!(n.meaning, Meaning::OfState(_)) && party(&n.meaning))
        && !talks
    {
        return Subject::Own;
    }
    if own_noun
        && context.lexicon.is("own", last_word)
        && !context.lexicon.is("countries", last_word)
    {
        return Subject::Own;
    }
    if own_noun
        && context.lexicon.is("countries", last_word)
        && ((start..head_end).any(|i| {
            context.is("determining", i)
                || context
                    .lexicon
                    .calendar
                    .number(&context.tokens[i])
                    .is_some()
        }) || end == head_end
            && context
                .lexicon
                .is("articles", first_word(context, start, end)))
    {
        return Subject::Own;
    }
    if talks && (!own_noun || context.is("talks", last.unwrap_or(from))) {
        return Subject::Talks;
    }
    if own_noun && !context.lexicon.is("countries", last_word) && context.is("own", from) {
        return Subject::Own;
    }
    // "The ASEAN Regional CERT": a body of its own, whoever is named in its name.
    if !own_noun && context.lexicon.is("bodies-of-others", last_word) {
        return Subject::Third;
    }
    if context.names_in(from, head_end).any(|n| party(&n.meaning))
        && (own_noun
            || (from..head_end).all(|i| {
                context.tokens[i].capital
                    || context.tokens[i].elided
                    || !context.tokens[i].is_word()
                    || context.is("coordinators", i)
                    || context.is("determiners", i)
                    || context.in_name(i)
            }))
    {
        return Subject::Own;
    }
    // "KISA and NASK agreed": offices that only their abbreviations name, unless another body bears them.
    let short = |i: usize| context.tokens[i].upper && context.word(i).len() > 2;
    if (from..head_end).any(short)
        && (from..head_end).all(|i| {
            short(i)
                || context.is("coordinators", i)
                || context.is("determiners", i)
                || context.tokens[i].hyphened
                || !context.tokens[i].is_word()
        })
        && context.tokens.get(head_end).is_some_and(|t| !t.upper)
        && context.names_in(from, head_end).next().is_none()
    {
        return Subject::Own;
    }
    Subject::Third
}

pub(crate) fn first_word<'c>(context: &'c Context<'_>, start: usize, end: usize) -> &'c str {
    (start..end)
        .find(|i| context.tokens[*i].is_word() && !context.is("coordinators", *i))
        .map_or("", |i| context.word(i))
}

/// "The Coalition calls on governments": a body that speaks in its own text.
fn speaks_here(context: &Context<'_>, subject: (usize, usize)) -> bool {
    context.adopted
        && ((subject.0..subject.1).any(|i| context.is("own", i))
            || context
                .names_in(subject.0, subject.1)
                .any(|n| matches!(n.meaning, Meaning::Body(..))))
}

/// The subject is a State that is no party, and nothing else.
fn another_state(context: &Context<'_>, subject: (usize, usize)) -> bool {
    // "Today, following an assessment by its services, Czechia attributed": what stands before the comma is set off.
    let subject = (subject.0..subject.1)
        .rev()
        .find(|i| context.word(*i) == ",")
        .filter(|comma| {
            context
                .names_in(subject.0, *comma)
                .all(|n| !matches!(n.meaning, Meaning::State(_)))
        })
        .map_or(subject, |comma| (comma + 1, subject.1));
    let named: Vec<_> = context
        .names_in(subject.0, subject.1)
        .filter(|n| matches!(n.meaning, Meaning::State(_)))
        .collect();
    !named.is_empty()
        && (subject.0..subject.1).all(|i| {
            !context.tokens[i].is_word()
                || context.is("determiners", i)
                || context.is("coordinators", i)
                || context.adverb(i)
                || named.iter().any(|n| n.start <= i && i < n.end)
        })
}

/// "Since our last meeting,", "In 2021,", "À plusieurs reprises," stands before the subject.
fn long_since(context: &Context<'_>, subject: usize) -> bool {
    /// Such an adverbial has no more tokens.
    const ADVERBIAL: usize = 14;
    let from = subject.saturating_sub(ADVERBIAL);
    let start = (from..subject)
        .rev()
        .find(|i| matches!(context.word(*i), "." | ";" | ":" | "?" | "!"))
        .map_or(from, |i| i + 1);
    let list = context.lexicon.list("long-since");
    (start..(start + 2).min(subject)).any(|i| {
        !list
            .at(&context.tokens[..subject], i, context.lexicon.grammar())
            .is_empty()
    })
}

/// The subject is a report, a study, a text; what is set off by commas after it does not count.
fn written(context: &Context<'_>, subject: (usize, usize)) -> bool {
    let end = (subject.0 + 1..subject.1)
        .find(|i| {
            context.word(*i) == ","
                && (context.shapes(i + 1) & shape::GER != 0 || context.is("relatives", i + 1))
        })
        .unwrap_or(subject.1);
    (subject.0..end)
        .rev()
        .find(|i| context.tokens[*i].is_word())
        .is_some_and(|i| context.is("writings", i))
}

/// The act of a predicate, with its subject taken into account.
pub(crate) fn act_of(
    context: &Context<'_>,
    predicate: &Predicate,
    kind: Subject,
    subject: (usize, usize),
    end: usize,
) -> (Act, u8, &'static str) {
    // "Emphasis was placed on", "l'accent a été mis sur": noun and verb make the act together.
    if (predicate.passive || context.is("be", predicate.at))
        && let Some((act, strength, rule, _)) = (subject.0..subject.1)
            .filter_map(|i| context.rule(i))
            .find(|r| r.3.1 > predicate.verb)
    {
        return (act, strength, rule);
    }
    if predicate.tense == Tense::Future
        && predicate
            .rule
            .is_none_or(|r| r.0 == Act::Commitment || context.french())
        && let Some(found) = future_act(context, predicate, kind, subject, end)
    {
        return found;
    }
    if kind == Subject::Own && arranged(context, predicate, subject) {
        return (
            Act::Commitment,
            3,
            "what an arrangement binds its parties to",
        );
    }
    if let Some((act, strength, rule)) = predicate.rule {
        // "Ils se sont engagés à": they did so there and then.
        let strength = if context.french()
            && act == Act::Commitment
            && strength == 2
            && context.word(predicate.verb).starts_with("engage")
            && predicate.at > 0
            && context.is("reflexives", predicate.at - 1)
        {
            3
        } else {
            strength
        };
        // "Since our last meeting, members have attributed four campaigns", "in 2021 we urged": told, not said now.
        if predicate.tense == Tense::Past
            && context.adopted
            && matches!(act, Act::Position | Act::Invitation)
            && (long_since(context, subject.0)
                || (subject.1..predicate.end).any(|i| context.is("told-before", i)))
        {
            return (Act::Report, 1, "what was said before");
        }
        // "Nothing was decided", "five years ago we promised".
        if act == Act::Commitment
            && predicate.tense == Tense::Past
            && (context.is("nobody", subject.0)
                || context.is("past-times", subject.0.saturating_sub(2)))
        {
            return (Act::Report, 1, "not promised now");
        }
        // "The Chair wishes to thank", "nous tenons à rappeler": what is wished to be said is said.
        if act == Act::Commitment
            && strength <= 2
            && context.is_verb_of("wishing", predicate.verb)
            && let Some(inner) = (predicate.end..(predicate.end + 4).min(end))
                .find(|i| context.shapes(*i) & shape::INF != 0 && !context.adverb(*i))
                .and_then(|i| context.rule(i))
                .filter(|r| !matches!(r.0, Act::Commitment | Act::Report))
        {
            return (inner.0, inner.1, inner.2);
        }
        // "An incident may be felt": what may happen.
        if act == Act::Commitment
            && strength == 1
            && kind == Subject::Third
            && context.word(predicate.at) == "may"
        {
            return (Act::Position, 1, "a judgment with a modal");
        }
        // "Il convient de": nobody promises.
        if kind == Subject::Empty
            && (subject.0..subject.1).any(|i| context.is("impersonal", i))
            && act == Act::Commitment
            && predicate.tense == Tense::Present
            && context.french()
            && !predicate.passive
        {
            return (Act::Position, 2, "necessity without an addressee");
        }
        // "The dialogue aims to bring experts together", "cela viserait à": an aim is no promise.
        if act == Act::Commitment
            && strength <= 2
            && (kind == Subject::Talks
                && predicate.tense != Tense::Future
                && strength == 2
                && !predicate.passive
                || context.french()
                    && predicate.tense == Tense::Modal
                    && !predicate.passive
                    && strength == 2
                    && kind != Subject::Own)
        {
            return if kind == Subject::Talks {
                (Act::Report, 1, "what the talks are for")
            } else {
                (Act::Position, 1, "a judgment with a modal")
            };
        }
        // What a report said.
        if kind == Subject::Third
            && matches!(act, Act::Position | Act::Reaffirmation)
            && !predicate.passive
            && written(context, subject)
        {
            return (Act::Report, 1, "what a document says");
        }
        // "North Macedonia, Iceland and Norway align themselves with this declaration."
        if kind == Subject::Third
            && act == Act::Position
            && !predicate.passive
            && !context.is("be", predicate.at)
            && context
                .names_in(subject.0, subject.1)
                .filter(|n| matches!(n.meaning, Meaning::State(_)))
                .count()
                >= 2
        {
            return (Act::Report, 1, "the act of another");
        }
        // "Czechia attributed this campaign": a State that is no party, in a text of others.
        if kind == Subject::Third
            && act == Act::Position
            && predicate.tense == Tense::Past
            && !predicate.passive
            && !context.parties.is_empty()
            && (another_state(context, subject)
                // "Several States have attributed similar operations."
                || context.adopted
                    && (subject.0..subject.1).any(|i| context.is("some", i))
                    && (subject.0..subject.1).any(|i| context.is("countries", i)))
        {
            return (Act::Report, 1, "the act of another");
        }
        // "The situation calls for a joint response."
        if kind == Subject::Third
            && act == Act::Invitation
            && predicate.tense == Tense::Present
            && !predicate.passive
            && !context.is("be", predicate.at)
            && !speaks_here(context, subject)
            // "To invite others", as an item: nothing stands before its verb.
            && (subject.0..subject.1)
                .any(|i| context.tokens[i].is_word() && !context.is("prepositions", i))
        {
            return (Act::Position, 2, "what a matter calls for");
        }
        // What others do is told, not done.
        if kind == Subject::Third
            && !predicate.passive
            && matches!(
                act,
                Act::Commitment | Act::Welcome | Act::Invitation | Act::Reaffirmation
            )
            && predicate.tense != Tense::Present
            && !context.parties.is_empty()
        {
            return (Act::Report, 1, "the act of another");
        }
        if kind == Subject::Talks
            && act == Act::Position
            && matches!(predicate.tense, Tense::Past)
            && context.word(predicate.verb).starts_with("highl")
        {
            return (act, strength, rule);
        }
        // "highly evaluated", "highly assessed"
        if matches!(act, Act::Position | Act::Report)
            && context.is("praising", predicate.verb.saturating_sub(1))
        {
            return (Act::Welcome, 1, "highly valued");
        }
        let strength = if act == Act::Invitation
            && strength == 1
            && (predicate.at.saturating_sub(2)..predicate.end + 1)
                .any(|i| context.is("intensifiers", i))
        {
            2
        } else {
            strength
        };
        return (act, strength, rule);
    }
    if kind == Subject::Own && context.is("praising", predicate.verb.saturating_sub(1)) {
        return (Act::Welcome, 1, "highly valued");
    }
    if kind == Subject::Own && !context.news && founds(context, predicate) {
        return (Act::Commitment, 3, "something founded");
    }
    let written = written(context, subject);
    match predicate.tense {
        Tense::Present if written => (Act::Report, 1, "what a document says"),
        // "We are developing standards": told, not promised.
        Tense::Present
            if kind == Subject::Own
                && context.is("be", predicate.at)
                && predicate.verb > predicate.at
                && !predicate.passive
                && context.shapes(predicate.verb) & shape::GER != 0 =>
        {
            (Act::Report, 1, "what is being done")
        }
        Tense::Present if kind == Subject::Own && context.adopted => {
            (Act::Position, 2, "a statement in the present")
        }
        // "North Korea continues to send workers abroad": what another State does is told.
        Tense::Present
            if kind == Subject::Third
                && !context.is("be", predicate.at)
                && another_state(context, subject) =>
        {
            (Act::Report, 1, "what another State does")
        }
        Tense::Present if kind == Subject::Third || kind == Subject::Empty => {
            if context.news && !context.is("such", subject.0) {
                (Act::Report, 1, "a fact")
            } else {
                (Act::Position, 2, "a statement in the present")
            }
        }
        // "Both sides would continue": a promise that is reported.
        Tense::Modal
            if !context.adopted
                && matches!(kind, Subject::Own | Subject::Talks)
                && reported_future(context, predicate) =>
        {
            (Act::Commitment, 2, "a future that is reported")
        }
        // "The next round takes place in May."
        Tense::Present if kind == Subject::Talks && announced(context, subject) => {
            (Act::Commitment, 3, "a meeting announced")
        }
        Tense::Modal if kind != Subject::Talks => {
            if context.news && !context.adopted {
                (Act::Report, 1, "a possibility")
            } else {
                (Act::Position, 1, "a judgment with a modal")
            }
        }
        _ => (Act::Report, 1, "no cue"),
    }
}
