//! The finite verb group of French: avoir and être with participles, simple tenses, auxiliaries left out.
//! Invariant: a word that cannot be told from a noun is none.

use crate::context::Context;
use crate::inflect::shape;
use crate::predicate::{Predicate, Tense, best};
use crate::statement::Act;

pub(crate) fn french_group(
    context: &Context<'_>,
    at: usize,
    end: usize,
    start: usize,
) -> Option<Predicate> {
    let made = |verb: usize, end: usize, tense, passive, rule, bare| {
        Some(Predicate {
            at,
            verb,
            end,
            tense,
            passive,
            rule,
            bare,
            relative: None,
        })
    };
    let only = |r: Option<(Act, u8, &'static str, (usize, usize))>| r.map(|r| (r.0, r.1, r.2));
    let word = context.word(at);
    let previous = at.checked_sub(1).filter(|p| *p >= start);
    let have = context.is("have", at)
        && word != "avoir"
        && word != "eu"
        && context.tokens[at].end - context.tokens[at].start > 0;
    let be = context.is("be", at) && !matches!(word, "etre" | "ete");
    // "du" is an article; "dû" follows its auxiliary.
    if word == "du" {
        return None;
    }
    // "a" is also the preposition "à".
    if word == "a" && !context.tokens[at].capital && previous.is_none() {
        return None;
    }
    if have || be {
        let mut verb = context.skip_adverbs(at + 1, end, 4);
        // "ont, à cette fin, arrêté"
        if context.word(verb) == ","
            && let Some(close) =
                (verb + 1..(verb + 9).min(end)).find(|i| context.word(i.to_owned()) == ",")
            && close + 1 < end
            && context.shapes(close + 1) & shape::PART != 0
        {
            verb = close + 1;
        }
        let mut passive = be;
        if verb < end && context.word(verb) == "ete" {
            passive = true;
            verb = context.skip_adverbs(verb + 1, end, 3);
        }
        let tense = if context.shapes(at) & shape::FUT != 0 {
            Tense::Future
        } else if context.shapes(at) & shape::COND != 0 {
            Tense::Modal
        } else {
            Tense::Past
        };
        if verb < end && context.shapes(verb) & shape::PART != 0 && !context.is("determiners", verb)
        {
            let reflexive = previous.is_some_and(|p| context.is("reflexives", p));
            let rule = if have {
                only(context.rule(verb))
            } else {
                best(context, at, verb)
            };
            let now = be
                && !reflexive
                && tense == Tense::Past
                && context.shapes(at) & shape::PRES != 0
                && context.word(verb).len() > 2
                && passive;
            return made(
                verb,
                verb + 1,
                if now && word != "ont" && !is_perfect(context, verb) {
                    Tense::Present
                } else {
                    tense
                },
                passive && !reflexive,
                rule,
                false,
            );
        }
        if be {
            let tense = if context.shapes(at) & shape::PAST != 0 {
                Tense::Past
            } else if tense == Tense::Past {
                Tense::Present
            } else {
                tense
            };
            return made(at, at + 1, tense, false, only(context.rule(at)), false);
        }
        if word == "a" {
            return None;
        }
        let tense = if tense == Tense::Past && context.shapes(at) & shape::PAST == 0 {
            Tense::Present
        } else {
            tense
        };
        return made(at, at + 1, tense, false, only(context.rule(at)), false);
    }
    let mut shapes = context.shapes(at);
    if context.tokens[at].acute {
        shapes &= !shape::PRES;
    } else if word.ends_with('e') && shapes & shape::PRES != 0 && !context.tokens[at].upper {
        shapes &= !shape::PART;
    }
    let mut p = previous;
    while let Some(q) = p
        && q > start
        && (context.adverb(q)
            || context.is("negations", q)
            || matches!(context.word(q), "se" | "s"))
        && !matches!(context.word(q), "tous" | "toutes" | "deux")
    {
        p = q.checked_sub(1);
    }
    let before = p.map_or("", |q| context.word(q));
    let article = p.is_some_and(|q| context.is("determiners", q) || context.is("prepositions", q))
        && !context.is("pronouns", p.unwrap_or(at));
    if shapes & shape::FUT != 0 && !article {
        let rule = only(context.rule(at));
        return made(
            at,
            at + 1,
            Tense::Future,
            false,
            rule.or(Some((Act::Commitment, 3, "futur"))),
            false,
        );
    }
    if shapes & shape::COND != 0 && !article {
        return made(
            at,
            at + 1,
            Tense::Modal,
            false,
            only(context.rule(at)),
            false,
        );
    }
    if shapes & shape::PAST != 0 && shapes & (shape::PRES | shape::PART) == 0 && !article {
        return made(
            at,
            at + 1,
            Tense::Past,
            false,
            only(context.rule(at)),
            false,
        );
    }
    // "le Président", "les États": a capital in mid-sentence is a noun's.
    let titled = context.tokens[at].capital && previous.is_some();
    if shapes & shape::PRES != 0 && !context.tokens[at].hyphened && !titled {
        let plural = word.ends_with("ent")
            || word.ends_with("ons")
            || word.ends_with("ont")
            || word.ends_with("vont");
        // "La France salue la décision": a noun does not stand between a name and its object.
        let named = p.is_some_and(|q| context.tokens[q].capital || context.is("own", q))
            && (context.is("determiners", at + 1) || matches!(context.word(at + 1), "que" | "qu"));
        let nouny = context.is("nouny", at) && !named;
        if article && (nouny || !plural)
            || nouny && !context.is("pronouns", p.unwrap_or(at)) && !word.ends_with("ons")
        {
            return None;
        }
        // "la réunion présente", "une stratégie commune": a singular form needs a subject before it and an object after it.
        let subject = p
            .is_some_and(|q| context.tokens[q].is_word() && !context.is("coordinators", q))
            || before == ",";
        let object = context.is("determiners", at + 1)
            || matches!(context.word(at + 1), "de" | "d" | "que" | "qu" | "a" | "du");
        let joined = p.is_some_and(|q| context.is("coordinators", q))
            && object
            && context.rule(at).is_some();
        if !plural
            && (!subject && !joined || previous.is_some_and(|q| context.is("prepositions", q)))
        {
            return None;
        }
        if !plural && !named && shapes & shape::PART != 0 && context.rule(at).is_none() {
            return None;
        }
        return made(
            at,
            at + 1,
            Tense::Present,
            false,
            only(context.rule(at)),
            false,
        );
    }
    if shapes & shape::PART != 0
        && p.is_some_and(|q| context.is("coordinators", q) || context.word(q) == ",")
    {
        // "et exprimé leur détermination": the auxiliary is left out.
        let object = context.is("determiners", at + 1)
            || context.is("complementizers", at + 1)
            || context.adverb(at + 1)
            || matches!(
                context.word(at + 1),
                "ceux"
                    | "celles"
                    | "celui"
                    | "chacun"
                    | "a"
                    | "de"
                    | "d"
                    | "sur"
                    | "acte"
                    | "note"
                    | "pour"
                    | "avec"
                    | "au"
                    | "aux"
                    | "du"
                    | "en"
            );
        // "et constaté, pour s'en inquiéter, la multiplication des attaques"
        let object = object
            || context.word(at + 1) == ","
                && p.is_some_and(|q| context.is("coordinators", q))
                && (at + 2..end.min(at + 10))
                    .find(|i| context.word(*i) == ",")
                    .is_some_and(|close| context.is("determiners", close + 1));
        let rule = only(context.rule(at));
        if object && rule.is_some() && context.word(at + 1) != "par" {
            return made(at, at + 1, Tense::Past, false, rule, true);
        }
    }
    None
}

/// "sont convenus", "sont parvenus": être makes a past of these.
fn is_perfect(context: &Context<'_>, verb: usize) -> bool {
    matches!(
        context
            .lexicon
            .verbs
            .of(context.word(verb))
            .first()
            .map(|(l, _)| context.lexicon.verbs.lemma(*l)),
        Some(
            "convenir"
                | "venir"
                | "parvenir"
                | "intervenir"
                | "aller"
                | "partir"
                | "entrer"
                | "rester"
                | "revenir"
                | "devenir"
                | "tenir"
                | "accorder"
                | "rencontrer"
        )
    )
}
