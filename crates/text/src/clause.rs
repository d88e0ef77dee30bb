//! Cuts a sentence into parts, one act each.
//! Invariant: the parts of a sentence are in order, do not overlap, and neighbors differ in their act.

use crate::act::{Subject, act_of, subject_kind};
use crate::context::Context;
use crate::coordinate::coordinated;
use crate::inflect::shape;
use crate::predicate::{Predicate, Tense, main_start, predicates};
use crate::statement::Act;

/// A part of a sentence with one act.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// Its act.
    pub(crate) act: Act,
    /// Its strength.
    pub(crate) strength: u8,
    /// Tokens of the subject.
    pub(crate) subject: (usize, usize),
    /// Sort of the subject.
    pub(crate) kind: Subject,
    /// The rule that decided, in words.
    pub(crate) rule: &'static str,
    /// First token of the cue.
    pub(crate) cue: usize,
    /// Its predicate is in the past.
    pub(crate) past: bool,
}

/// Cuts the sentence `start..end` into parts by act.
pub(crate) fn parts(context: &Context<'_>, start: usize, end: usize) -> Vec<Part> {
    let mut main = main_start(context, start, end);
    let mut found = predicates(context, main, end);
    if main > start
        && recital(context, start)
        && found
            .first()
            .is_some_and(|p| subject_kind(context, main, p.at) != Subject::Own)
    {
        main = start;
        found.clear();
    }
    if let Some(opening) = opener(context, start, main, end) {
        // "Their support remains firm": a noun with its own verb rules nothing; "their support for the text, which is" does.
        let nominal = context.is("determiners", opening.at);
        let ruled = nominal
            && found
                .first()
                .is_some_and(|p| !(opening.end..p.at).any(|i| context.word(i) == ","));
        if !ruled {
            found.retain(|p| p.at > opening.end && !nominal);
            found.insert(0, opening);
        }
    }
    // A reduced relative before the true head: "the dialogue held in Brussels reaffirmed".
    while found.len() >= 2 {
        let (a, b) = (&found[0], &found[1]);
        let open = (a.end..b.at).all(|i| {
            !matches!(
                context.word(i),
                "," | ";" | ":" | "and" | "et" | "but" | "that" | "que" | "qu" | "to"
            )
        }) && (context.is("prepositions", a.end)
            || context.word(a.end) == "since"
            // "The progress achieved was noted": right before its auxiliary.
            || context.skip_adverbs(a.end, b.at, 2) == b.at
                && (context.is("be", b.at) || context.is("have", b.at) || context.is("modals", b.at)));
        // "noted with satisfaction the progress made": what follows is the object of the first.
        let object = a.rule.is_some()
            && (a.end + 1..b.at).any(|i| {
                context.is("determiners", i)
                    && !context.is("prepositions", i - 1)
                    && !context.is("determiners", i - 1)
                    && !context.tokens[i - 1].capital
            });
        let open = open && !object;
        let parenthetical = a.at > 0
            && context.word(a.at - 1) == ","
            && (a.end..b.at).filter(|i| context.word(*i) == ",").count() >= 1
            && context.word(b.at.saturating_sub(1)) == ",";
        // "Both sides, noting that threats are growing, agreed": what stands between commas after the subject.
        let set_off = (main + 1..a.at).any(|i| {
            context.word(i) == ","
                && (context.shapes(i + 1) & shape::GER != 0 && !context.is("be", i + 1)
                    || context.is("relatives", i + 1))
        }) && {
            let mut p = b.at;
            while p > a.end && context.adverb(p - 1) {
                p -= 1;
            }
            context.word(p - 1) == ","
                && b.rule.is_some()
                && !context.is("subordinators", main)
                && !context.is("prepositions", main)
        };
        if set_off {
            found.remove(0);
            continue;
        }
        let single = a.tense == Tense::Past && a.at == a.verb && !a.bare;
        if single && (open && a.at > main + 1 || parenthetical) && !context.french() {
            found.remove(0);
        } else {
            break;
        }
    }
    let Some(head) = found.first().cloned() else {
        let mut part = verbless(context, start, main, end);
        opinion(context, &mut part, end);
        return vec![part];
    };
    if let Some(said) = said_last(context, start, end, &found) {
        return vec![said];
    }
    let subject = (main, head.at);
    let kind = subject_kind(context, main, head.at);
    let (act, strength, rule) = act_of(context, &head, kind, subject, end);
    let mut out = vec![Part {
        start,
        end,
        act,
        strength,
        subject,
        kind,
        rule,
        cue: head.at,
        past: head.tense == Tense::Past,
    }];
    let mut last = head.clone();
    for next in found.iter().skip(1) {
        let Some((cut, own)) = coordinated(context, &head, &last, next, main) else {
            continue;
        };
        let (subject, kind) = match own {
            Some(s) => (s, subject_kind(context, s.0, s.1)),
            None => out.last().map_or((subject, kind), |p| (p.subject, p.kind)),
        };
        let (act, strength, rule) = act_of(context, next, kind, subject, end);
        let Some(previous) = out.last_mut() else {
            break;
        };
        // "It will meet every six months and will report to ministers": one promise.
        if own.is_none()
            && act == Act::Report
            && previous.act == Act::Commitment
            && last.tense == Tense::Future
            && next.tense == Tense::Future
        {
            last = next.clone();
            continue;
        }
        // A report joined by a comma alone is too often an aside.
        if act == previous.act
            || act == Act::Report
                && context.word(cut) != "and"
                && context.word(cut) != "et"
                && !context.is("coordinators", cut)
                && next.rule.is_none()
        {
            if act == previous.act {
                last = next.clone();
            }
            continue;
        }
        previous.end = cut;
        out.push(Part {
            start: cut,
            end,
            act,
            strength,
            subject,
            kind,
            rule,
            cue: next.at,
            past: next.tense == Tense::Past,
        });
        last = next.clone();
    }
    if let Some(first) = out.first_mut() {
        opinion(context, first, main);
    }
    participles(context, &mut out);
    out
}

/// "Reaffirming that rights, as the Covenant sets out, must be protected": what follows is said by the participle.
fn recital(context: &Context<'_>, start: usize) -> bool {
    context.adopted
        && context.shapes(start) & shape::GER != 0
        && context.rule(start).is_some()
        && matches!(context.word(start + 1), "that" | "que" | "qu")
}

/// "In their view, labels help": what is said as an opinion judges.
fn opinion(context: &Context<'_>, part: &mut Part, limit: usize) {
    let plain = matches!(part.rule, "no verb" | "no cue" | "a fact");
    let said = (part.start..limit.min(part.start + 3)).any(|i| {
        !context
            .lexicon
            .list("opinion")
            .at(&context.tokens[..part.end], i, context.lexicon.grammar())
            .is_empty()
    });
    if plain && said {
        part.act = Act::Position;
        part.strength = 2;
        part.rule = "an opinion";
    }
}

/// "Other countries may follow, both sides suggested": who says it, and how, stands at the end.
fn said_last(context: &Context<'_>, start: usize, end: usize, found: &[Predicate]) -> Option<Part> {
    let [.., _, last] = found else { return None };
    let closed = (last.end..end).all(|i| !context.tokens[i].is_word());
    let comma = (start + 1..last.at)
        .rev()
        .find(|i| context.word(*i) == ",")?;
    let subject = (comma + 1, last.at);
    if !closed
        || last.passive
        || subject.1 <= subject.0
        || subject.1 - subject.0 > 6
        || context.is("coordinators", subject.0)
        || context.is("relatives", subject.0)
        || subject_kind(context, subject.0, subject.1) != Subject::Own
    {
        return None;
    }
    let (act, strength, rule) = match last.rule {
        Some(r) if r.0 != Act::Report => r,
        _ if context.is("said", last.verb) => (Act::Position, 2, "what somebody said"),
        _ => return None,
    };
    Some(Part {
        start,
        end,
        act,
        strength,
        subject,
        kind: Subject::Own,
        rule,
        cue: last.at,
        past: last.tense == Tense::Past,
    })
}

/// A verb that opens the clause without a subject: operative and preambular clauses of resolutions, items of lists.
fn opener(context: &Context<'_>, start: usize, main: usize, end: usize) -> Option<Predicate> {
    let mut at = start;
    while at < end
        && (!context.tokens[at].is_word()
            || context.adverb(at) && !context.tokens[at].capital
            || context.word(at) == "to" && at < start + 2
            || context.is("reflexives", at)
            || context.is("coordinators", at))
    {
        at += 1;
    }
    // "Du 6 au 8 février" is no form of "devoir".
    if at >= end || main > at || context.french() && context.word(at) == "du" {
        return None;
    }
    let shapes = context.shapes(at);
    let word = context.word(at);
    let literal = context.rule(at);
    let (act, strength, rule, _) = literal?;
    let verb = if context.french() {
        shapes & shape::GER != 0
            || shapes & shape::PRES != 0
                && (word.ends_with("ons") || word.ends_with("ent") || word.ends_with('e'))
                && !(context.is("nouny", at))
    } else {
        shapes & (shape::GER | shape::INF | shape::THIRD) != 0
            && (!context.is("nouny", at) || context.is("determiners", at + 1))
    };
    let adjective = shapes == 0 || shapes & (shape::PART | shape::GER) != 0;
    let modal = context.is("modals", at);
    (verb || adjective || modal).then_some(Predicate {
        at,
        verb: at,
        end: at + 1,
        tense: Tense::Present,
        passive: false,
        rule: Some((act, strength, rule)),
        bare: false,
        relative: None,
    })
}

/// Participles after the last part: they color a report, and cut off a commitment.
fn participles(context: &Context<'_>, parts: &mut Vec<Part>) {
    let Some(last) = parts.last().cloned() else {
        return;
    };
    let mut at = last.cue + 1;
    while at < last.end {
        let comma = context.word(at - 1) == ","
            || (context.is("gerund-openers", at - 1)
                || context.french() && context.is("reflexives", at - 1))
                && at >= 2
                && context.word(at - 2) == ","
            || context.french()
                && context.word(at - 1) == "en"
                && context.word(at.saturating_sub(2)) == "tout"
            || context.adverb(at - 1) && at >= 2 && context.word(at - 2) == ","
            // "concluded the dialogue by reaffirming": what a report ends in.
            || context.is("by-doing", at - 1) && last.act == Act::Report && last.kind == Subject::Own
            // "with both parties reaffirming"
            || (at.saturating_sub(5).max(last.cue)..at).any(|i| context.word(i) == "with") && (context.is("own", at - 1) || context.is("own", at - 2) && context.adverb(at - 1));
        if comma
            && context.shapes(at) & shape::GER != 0
            && let Some((act, strength, rule, _)) = context.rule(at).filter(|r| r.0 != Act::Report)
        {
            if last.act == Act::Report && last.past && last.kind != Subject::Third {
                if let Some(p) = parts.last_mut() {
                    p.act = act;
                    p.strength = strength;
                    p.rule = rule;
                }
                return;
            }
            if act == Act::Commitment && last.act != Act::Commitment && last.act != Act::Report {
                let cut = (last.cue..at)
                    .rev()
                    .find(|i| context.word(*i) == ",")
                    .map_or(at, |i| i + 1);
                if let Some(p) = parts.last_mut() {
                    p.end = cut;
                }
                parts.push(Part {
                    start: cut,
                    end: last.end,
                    act,
                    strength,
                    rule,
                    cue: at,
                    ..last.clone()
                });
                return;
            }
        }
        at += 1;
    }
}

/// A clause without a finite verb: an operative participle, an infinitive, or a bare noun phrase.
fn verbless(context: &Context<'_>, start: usize, main: usize, end: usize) -> Part {
    let (act, strength) = if context.adopted {
        (Act::Position, 2)
    } else {
        (Act::Report, 1)
    };
    // "We, the Ministers of A and B, assembled in Paris": who met is told.
    let (act, strength) = if context.adopted
        && (start..end.min(start + 3)).any(|i| context.is("we", i))
        && (start..end).any(|i| context.is("assembled", i))
    {
        (Act::Report, 1)
    } else {
        (act, strength)
    };
    let base = Part {
        start,
        end,
        act,
        strength,
        subject: (start, start),
        kind: Subject::Empty,
        rule: "no verb",
        cue: start,
        past: false,
    };
    // "Action: Japan to circulate a draft by June."
    if !context.french()
        && let Some(to) = (start + 1..end.min(start + 12)).find(|i| {
            context.word(*i) == "to"
                && context.shapes(context.skip_adverbs(i + 1, end, 2)) & shape::INF != 0
        })
        && subject_kind(context, start, to) == Subject::Own
        && !(start..to).any(|i| context.is("prepositions", i))
    {
        return Part {
            act: Act::Commitment,
            strength: 3,
            rule: "what is to be done",
            kind: Subject::Own,
            subject: (start, to),
            cue: to,
            ..base
        };
    }
    // "Next meeting: Madrid, June 2025."
    let first = (start..end).find(|i| context.tokens[*i].is_word());
    if first.is_some_and(|i| {
        matches!(context.word(i), "next" | "prochain" | "prochaine")
            && (i + 1..end.min(i + 5)).any(|j| context.is("talks", j))
    }) {
        return Part {
            act: Act::Commitment,
            strength: 3,
            rule: "a meeting announced",
            kind: Subject::Talks,
            ..base
        };
    }
    for at in [start, main] {
        let mut i = at;
        while i < end && (context.adverb(i) || !context.tokens[i].is_word()) {
            i += 1;
        }
        if let Some((act, strength, rule, _)) = (i < end).then(|| context.rule(i)).flatten() {
            return Part {
                act,
                strength,
                rule,
                cue: i,
                kind: Subject::Own,
                ..base
            };
        }
    }
    base
}
