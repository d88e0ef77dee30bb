//! Items under a lead-in: whose act they take.
//! Invariant: an item with a subject and an act of its own keeps them.

use crate::act::Subject;
use crate::clause::{Part, parts};
use crate::context::Context;
use crate::document::Document;
use crate::name::names;
use crate::statement::Act;
use crate::token::Token;

/// An item takes the act of its lead-in, unless it has a subject and an act of its own.
pub(crate) fn under_lead(
    document: &Document<'_>,
    context: &Context<'_>,
    lead: (usize, usize),
    cut: &mut Vec<Part>,
) {
    let Some(first) = cut.first() else { return };
    let Some(governing) = governing(document, context, lead, first.start, first.end) else {
        // "Canada and the EU:" with "will work together" as an item: a future of those before the colon.
        let future = context.shapes(first.start) & crate::inflect::shape::FUT != 0;
        if let Some(first) = cut.first_mut()
            && first.act == Act::Report
            && future
        {
            first.act = Act::Commitment;
            first.strength = 3;
            first.subject = lead;
            first.kind = Subject::Own;
            first.rule = "a future under its subject";
        }
        return;
    };
    let Some(first) = cut.first().cloned() else {
        return;
    };
    let last = (lead.0..lead.1)
        .rev()
        .find(|i| document.tokens[*i].is_word())
        .unwrap_or(lead.0);
    // "The Group recommends that": whoever stands in the item, it is what is recommended.
    let opens = context.is("before-items", last);
    // "Areas of future cooperation include:"
    let promising = (lead.0..lead.1).any(|i| {
        !document
            .lexicon
            .list("promising")
            .at(&document.tokens[..lead.1], i, document.lexicon.grammar())
            .is_empty()
    });
    // "They discussed possible areas of cooperation:" tells what was talked about.
    let told = governing.rule.starts_with("report");
    let governing = if promising && !told && governing.act == Act::Report {
        Part {
            act: Act::Commitment,
            strength: 2,
            rule: "a list of what is to be done",
            ..governing
        }
    } else {
        governing
    };
    // "We are committed to: (a) preventing ...; (b) robust sharing of information": what is to be done, not what is held.
    let governing = if opens
        && governing.act == Act::Reaffirmation
        && governing.strength == 2
        && done_together(document, lead)
    {
        Part {
            act: Act::Commitment,
            rule: "a list of what is to be done",
            ..governing
        }
    } else {
        governing
    };
    let has_verb = governing.rule != "no verb";
    // Under a heading only bare nouns are what it announces: "Decisions", then "A joint group of experts".
    let colon = (lead.0..lead.1).any(|i| document.tokens[i].is(":"));
    if !colon && !has_verb && promising && first.rule != "no verb" {
        return;
    }
    let own =
        first.kind == Subject::Own && first.subject.1 > first.subject.0 && first.rule != "no verb";
    let explicit = !matches!(
        first.rule,
        "no verb" | "no cue" | "a statement in the present" | "a fact" | "a judgment with a modal"
    );
    // "RESOLVE: 1. To invite others": what others are to do, or what is praised, is not what is resolved to be done.
    if explicit && !opens && matches!(first.act, Act::Invitation | Act::Welcome) {
        for p in cut.iter_mut().filter(|p| p.subject.0 >= p.subject.1) {
            p.subject = governing.subject;
            p.kind = Subject::Own;
        }
        return;
    }
    // "We call on States to respect the following norms: 1. States should not allow ...": what they should do is what is asked of them.
    let asked = governing.act == Act::Invitation
        && first.act == Act::Position
        && should(context, &first)
        && !(first.subject.0..first.subject.1).any(|i| context.is("we", i));
    // "The representatives:" with items that bring their own verbs; operative clauses of a resolution.
    if !has_verb && explicit
        || own && explicit && !opens && !asked
        || explicit && !opens && governing.act == Act::Report
    {
        if !has_verb || governing.kind == Subject::Own {
            for p in cut
                .iter_mut()
                .filter(|p| p.subject.0 >= p.subject.1 || p.kind == Subject::Empty)
            {
                p.subject = (lead.0, lead.1);
                p.kind = Subject::Own;
            }
        }
        return;
    }
    let hedged = (first.start..(first.start + 4).min(first.end)).any(|i| context.is("hedging", i));
    let end = cut.last().map_or(first.end, |p| p.end);
    let strength = if governing.act == Act::Commitment && hedged {
        1
    } else {
        governing.strength
    };
    *cut = vec![Part {
        start: first.start,
        end,
        act: governing.act,
        strength,
        subject: governing.subject,
        kind: governing.kind,
        rule: governing.rule,
        cue: first.cue,
        past: governing.past,
    }];
}

/// "should", "devraient": the predicate of a part, or what stands right before it.
fn should(context: &Context<'_>, part: &Part) -> bool {
    use crate::inflect::shape;
    (part.cue.saturating_sub(2).max(part.start)..(part.cue + 2).min(part.end))
        .any(|i| context.is("modals", i) || context.shapes(i) & shape::COND != 0)
}

/// Some item of the list begins with a verb of doing.
fn done_together(document: &Document<'_>, lead: (usize, usize)) -> bool {
    use crate::inflect::shape;
    /// So many items are looked at.
    const ITEMS: usize = 40;
    let first = document.sentences.partition_point(|s| s.start < lead.0);
    document.sentences[first..]
        .iter()
        .take(ITEMS)
        .filter(|s| s.lead == Some(lead))
        .any(|s| {
            (s.start..s.end)
                .find(|i| document.tokens[*i].is_word())
                .is_some_and(|i| {
                    let word = &document.tokens[i].folded;
                    document.lexicon.verbs.shapes(word) & (shape::GER | shape::INF) != 0
                        && !document.lexicon.is("nouny", word)
                })
        })
}

/// The part of a lead-in that rules its items, read as if the item went on in the same sentence.
fn governing(
    document: &Document<'_>,
    context: &Context<'_>,
    lead: (usize, usize),
    start: usize,
    end: usize,
) -> Option<Part> {
    let alone = parts(context, lead.0, lead.1).pop();
    let stop = (lead.0..lead.1)
        .rev()
        .find(|i| document.tokens[*i].is_word())?
        + 1;
    // "They agreed, as a priority:": what is set off before the colon does not part the verb from its items.
    let stop = (lead.0 + 2..stop)
        .rev()
        .take(6)
        .find(|i| document.tokens[*i].is(","))
        .filter(|comma| context.is("prepositions", comma + 1) && comma + 2 < stop)
        .unwrap_or(stop);
    let length = stop - lead.0;
    let mut joined: Vec<Token> = document.tokens[lead.0..stop].to_vec();
    joined.extend_from_slice(&document.tokens[start..end.min(start + 10)]);
    let names = names(&joined);
    let whole = Context {
        tokens: &joined,
        lexicon: document.lexicon,
        names: &names,
        parties: context.parties,
        families: context.families,
        adopted: context.adopted,
        news: context.news,
        meeting: context.meeting,
    };
    let read = parts(&whole, 0, joined.len())
        .into_iter()
        .rfind(|p| p.cue < length)?;
    // What the lead-in says by itself stands unless the item completes it.
    let shifted = Part {
        start: lead.0,
        end: lead.1,
        subject: (
            read.subject.0 + lead.0,
            (read.subject.1 + lead.0).min(lead.1),
        ),
        cue: read.cue + lead.0,
        ..read
    };
    match alone {
        Some(a)
            if shifted.rule == "no verb"
                // "We decide:", and under "to instruct the Secretariat to:" an item that begins with its bare verb.
                || shifted.rule == "a statement in the present" && a.act == Act::Commitment
                || shifted.act == Act::Report && a.act != Act::Report =>
        {
            Some(a)
        }
        _ => Some(shifted),
    }
}
