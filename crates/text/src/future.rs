//! What is said of the future: who promises it, and when it is only foretold.
//! Invariant: what somebody else will do is never a commitment, unless it is a meeting or a deliverable announced.

use crate::act::{Subject, first_word};
use crate::context::Context;
use crate::inflect::shape;
use crate::predicate::{Predicate, Tense};
use crate::statement::Act;

/// "by a joint team", not "by June" nor "by the end of the year".
fn by_somebody(context: &Context<'_>, at: usize) -> bool {
    let next = at + 1 + usize::from(context.is("determiners", at + 1));
    matches!(context.word(at), "by" | "par")
        && context.tokens.get(next).is_some_and(|t| {
            t.form != crate::token::Form::Number
                && !context.lexicon.calendar.is_month(&t.folded)
                && !matches!(
                    t.folded.as_str(),
                    "end" | "beginning" | "start" | "early" | "late" | "mid" | "next"
                )
        })
}

/// "would meet again", "se retrouveraient", but no judgment: "would be", "pourraient".
pub(crate) fn reported_future(context: &Context<'_>, predicate: &Predicate) -> bool {
    if context.french() {
        return context.shapes(predicate.at) & shape::COND != 0
            && !context.is_verb_of("stative", predicate.at);
    }
    // "The next meeting would be held in Berlin."
    let held = context.word(predicate.verb) == "be"
        && predicate.passive
        && matches!(
            context.word(predicate.end - 1),
            "held" | "hosted" | "convened" | "organised" | "organized" | "circulated" | "shared"
        );
    context.word(predicate.at) == "would"
        && !context.is("stative", predicate.verb)
        && (held || !context.is("be", predicate.verb))
        && !context.is("have", predicate.verb)
}

/// The subject is a meeting still to come.
pub(crate) fn announced(context: &Context<'_>, subject: (usize, usize)) -> bool {
    (subject.0..subject.1).any(|i| {
        matches!(
            context.word(i),
            "next" | "following" | "prochain" | "prochaine" | "prochaines" | "prochains"
        )
    })
}

/// "We launch a network", "we are setting up a fund": said and thereby done.
pub(crate) fn founds(context: &Context<'_>, predicate: &Predicate) -> bool {
    predicate.tense == Tense::Present
        && !predicate.passive
        && context.is_verb_of("founding", predicate.verb)
}

/// "The Participants exchange information", "chaque Partie désigne": the present of arrangements, in which those who sign are called
/// with a capital.
pub(crate) fn arranged(
    context: &Context<'_>,
    predicate: &Predicate,
    subject: (usize, usize),
) -> bool {
    let called = (subject.0 + 1..subject.1)
        .any(|i| context.tokens[i].capital && context.is("one-of-those", i))
        || context.is("each", subject.0);
    called
        && !context.adopted
        && predicate.tense == Tense::Present
        && !predicate.passive
        && predicate.rule.is_none_or(|r| r.0 == Act::Report)
        && !context.is("be", predicate.at)
        && !context.is("have", predicate.at)
        && !context.is_verb_of("stative", predicate.verb)
        && !context.is_verb_of("facing", predicate.verb)
}

/// Whether "will" in this predicate promises something: by whom, and what.
pub(crate) fn future_act(
    context: &Context<'_>,
    predicate: &Predicate,
    kind: Subject,
    subject: (usize, usize),
    end: usize,
) -> Option<(Act, u8, &'static str)> {
    // "Medical facilities shall not be the object of attacks": a norm, not a forecast.
    if kind == Subject::Third && context.adopted && context.word(predicate.at) == "shall" {
        return Some((Act::Position, 2, "a norm"));
    }
    let held = (subject.0..end.min(predicate.end + 30)).any(|i| context.is("singular-talks", i));
    let promised = (subject.0..subject.1).any(|i| context.is("deliverables", i));
    match kind {
        // "Our efforts will allow us to act": what something makes possible is foretold.
        Subject::Own | Subject::Third
            if promised && !predicate.passive && context.is_verb_of("stative", predicate.verb) =>
        {
            Some(if context.adopted {
                (Act::Position, 2, "what something makes possible")
            } else {
                (Act::Report, 1, "what something makes possible")
            })
        }
        // "We will not be intimidated": said, not promised.
        Subject::Own
            if predicate.passive
                && (predicate.at..predicate.verb).any(|i| context.is("negations", i)) =>
        {
            Some((Act::Position, 2, "a refusal"))
        }
        Subject::Own => predicate.rule.filter(|r| r.0 == Act::Commitment).or(Some((
            Act::Commitment,
            3,
            "a future of one's own",
        ))),
        Subject::Talks => Some(
            predicate
                .rule
                .filter(|r| r.0 == Act::Commitment)
                .unwrap_or((Act::Commitment, 3, "a meeting announced")),
        ),
        // Nobody is named by whom it will be done: those who speak.
        Subject::Third | Subject::Empty
            if predicate.passive
                && (held
                    || promised
                    || context.adopted
                    || kind == Subject::Empty && subject.1 > subject.0
                    || !by_somebody(context, predicate.end)) =>
        {
            let hedged = predicate.rule.filter(|r| r.0 == Act::Commitment && r.1 < 3);
            hedged.or(Some((Act::Commitment, 3, "a deliverable announced")))
        }
        Subject::Third
            if matches!(
                context.word(predicate.verb),
                "meet"
                    | "reconvene"
                    | "convene"
                    | "return"
                    | "resume"
                    | "reassemble"
                    | "reunira"
                    | "retrouvera"
                    | "reuniront"
            ) =>
        {
            Some((Act::Commitment, 3, "a meeting announced"))
        }
        Subject::Third if promised => Some((Act::Commitment, 3, "a deliverable announced")),
        Subject::Third if (subject.0..subject.1).any(|i| context.is("singular-talks", i)) => {
            Some((Act::Commitment, 3, "a meeting announced"))
        }
        // "It will also host": who was named before.
        Subject::Empty
            if !predicate.passive
                && matches!(
                    first_word(context, subject.0, subject.1),
                    "it" | "elle" | "il"
                )
                && context.is_verb_of("doing", predicate.verb) =>
        {
            Some((Act::Commitment, 3, "a future of one's own"))
        }
        // "There will be regular exchanges."
        Subject::Empty
            if held || matches!(context.word(predicate.at.saturating_sub(1)), "there" | "y") =>
        {
            predicate.rule
        }
        _ => Some((Act::Report, 1, "the future of another")),
    }
}
