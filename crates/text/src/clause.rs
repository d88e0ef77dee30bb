//! The predicates of a sentence: which verbs rule it, what acts they are, and where it must be cut.
//! Invariant: the parts of a sentence are in order, do not overlap, and neighbors differ in their act.

use crate::inflect::shape;
use crate::lexicon::Lexicon;
use crate::name::{Meaning, Name};
use crate::statement::Act;
use crate::token::Token;

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

/// What reading a sentence needs.
pub(crate) struct Context<'a> {
    /// Tokens of the document.
    pub(crate) tokens: &'a [Token],
    /// The language.
    pub(crate) lexicon: &'a Lexicon,
    /// Names of the document.
    pub(crate) names: &'a [Name],
    /// Ids of the parties, if known.
    pub(crate) parties: &'a [String],
    /// The text is adopted by those who speak ("we").
    pub(crate) adopted: bool,
    /// The text is news, told from outside.
    pub(crate) news: bool,
}

impl Context<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.folded.as_str())
    }

    fn is(&self, list: &str, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| self.lexicon.is(list, &t.folded))
    }

    fn adverb(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| self.lexicon.is_adverb(&t.folded))
    }

    fn shapes(&self, at: usize) -> u8 {
        self.tokens
            .get(at)
            .map_or(0, |t| self.lexicon.verbs.shapes(&t.folded))
    }

    fn french(&self) -> bool {
        self.lexicon.code == "fr"
    }

    fn skip_adverbs(&self, mut at: usize, end: usize, most: usize) -> usize {
        for _ in 0..most {
            if at < end && (self.adverb(at) || self.is("negations", at)) {
                at += 1;
            } else if at + 2 < end
                && self.word(at) == ","
                && self.adverb(at + 1)
                && self.word(at + 2) == ","
            {
                at += 3;
            } else {
                break;
            }
        }
        at
    }

    /// The best rule for a verb at a token.
    fn rule(&self, at: usize) -> Option<(Act, u8, &'static str, (usize, usize))> {
        self.lexicon
            .acts
            .at(self.tokens, at, self.lexicon.grammar())
            .into_iter()
            .max_by_key(|f| (f.weight, f.end))
            .map(|f| {
                (
                    f.value.act,
                    f.value.strength,
                    f.value.source,
                    (f.weight, f.end),
                )
            })
    }

    /// Names that cover a token.
    fn names_in(&self, start: usize, end: usize) -> impl Iterator<Item = &Name> {
        let first = self.names.partition_point(|n| n.start < start);
        self.names[first..]
            .iter()
            .take_while(move |n| n.start < end)
            .filter(move |n| n.end <= end)
    }

    fn in_name(&self, at: usize) -> bool {
        let first = self.names.partition_point(|n| n.start + 16 < at);
        self.names[first..]
            .iter()
            .take_while(|n| n.start <= at)
            .any(|n| n.end > at && n.end - n.start > 1)
    }
}

/// Reads a finite verb group at `at`, if there is one.
fn group(context: &Context<'_>, at: usize, end: usize, start: usize) -> Option<Predicate> {
    if context.in_name(at) {
        return None;
    }
    if context.french() {
        french_group(context, at, end, start)
    } else {
        english_group(context, at, end, start)
    }
}

fn best(context: &Context<'_>, first: usize, second: usize) -> Option<(Act, u8, &'static str)> {
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

fn english_group(context: &Context<'_>, at: usize, end: usize, start: usize) -> Option<Predicate> {
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
        if folded == "ought" && context.word(verb) == "to" {
            verb += 1;
        }
        let open = verb >= end || !context.tokens[verb].is_word();
        if !open && context.shapes(verb) & shape::INF == 0 && !context.is("be", verb) {
            // A verb that no table knows, after a subject.
            if !previous.is_some_and(|p| context.is("pronouns", p)) {
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
        let rule = if future || matches!(folded, "should" | "must" | "ought" | "may") {
            context
                .rule(at)
                .map(|r| (r.0, r.1, r.2))
                .or_else(|| future.then_some((Act::Commitment, 3, "will")))
        } else if folded == "would" {
            context.rule(verb).map(|r| (r.0, r.1, r.2))
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
        let verb = context.skip_adverbs(at + 1, end, 3);
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
    if shapes & (shape::PAST | shape::PRES | shape::THIRD) == 0 || after_to {
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
    let noun_before = p.is_some_and(|q| {
        context.is("determiners", q)
            && !matches!(
                context.word(q),
                "both" | "all" | "several" | "many" | "this" | "that"
            )
            || context.is("prepositions", q)
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
        if next == "by" || context.tokens.get(at + 1).is_some_and(|t| t.hyphened) {
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
            && context.rule(at).is_none();
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
    let pronoun = p.is_some_and(|q| context.is("pronouns", q));
    let joined = p.is_some_and(|q| context.is("coordinators", q) || context.word(q) == ",");
    if shapes & shape::THIRD != 0 {
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
        context.names.iter().any(|n| {
            n.end == q + 1
                && !matches!(n.meaning, Meaning::Place(..))
                && n.end > q
                && n.start <= q
                && q + 1 > n.start
        })
    });
    let after_own = p.is_some_and(|q| context.is("own", q));
    let sure = ruled
        && (pronoun
            || (after_name || after_own)
                && (context.is("determiners", at + 1)
                    || context.is("complementizers", at + 1)
                    || next == "to"
                    || !nouny));
    if !sure
        && (!object
            || nouny && !pronoun && !(joined && context.is("determiners", at + 1))
            || !(plural || joined))
        || token.capital && at > start
    {
        return None;
    }
    let rule = context.rule(at).map(|r| (r.0, r.1, r.2));
    if !pronoun && rule.is_none() && !plural {
        return None;
    }
    made(at, at + 1, Tense::Present, false, rule)
}

fn french_group(context: &Context<'_>, at: usize, end: usize, start: usize) -> Option<Predicate> {
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
    if shapes & shape::PRES != 0 && !context.tokens[at].hyphened {
        let plural = word.ends_with("ent")
            || word.ends_with("ons")
            || word.ends_with("ont")
            || word.ends_with("vont");
        let nouny = context.is("nouny", at);
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
        if !plural && shapes & shape::PART != 0 && context.rule(at).is_none() {
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
                "a" | "de" | "d" | "sur" | "acte" | "note" | "pour" | "au" | "aux" | "du" | "en"
            );
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

/// Where the main clause begins: after an opening adverbial, if there is one.
fn main_start(context: &Context<'_>, start: usize, end: usize) -> usize {
    let mut from = start;
    while from < end && !context.tokens[from].is_word() {
        from += 1;
    }
    if context.is("coordinators", from) || context.word(from) == "or" {
        from += 1;
    }
    let opens = |at: usize| {
        let word = context.word(at);
        context.is("prepositions", at)
            || context.is("subordinators", at)
            || context.shapes(at) & shape::GER != 0 && !context.is("be", at)
            || context.adverb(at) && !matches!(word, "both" | "all" | "deux" | "toutes" | "tous")
            || context.tokens[at].form == crate::token::Form::Number
            || context.lexicon.calendar.is_weekday(word)
            || context.shapes(at) & shape::PART != 0
                && context.shapes(at) & shape::INF == 0
                && !context.tokens[at].upper
            || word == "s" && context.word(at + 1) == "agissant"
            || ["soucieu", "desireu", "conscien", "convainc", "attache"]
                .iter()
                .any(|s| word.starts_with(s))
            || matches!(
                word,
                "mindful"
                    | "aware"
                    | "conscious"
                    | "earlier"
                    | "conscients"
                    | "conscientes"
                    | "soucieux"
                    | "soucieuses"
                    | "desireux"
                    | "convaincus"
                    | "convaincues"
                    | "preoccupes"
                    | "fort"
                    | "forts"
                    | "against"
                    | "turning"
                    | "afin"
                    | "en"
                    | "vu"
                    | "compte"
                    | "lors"
                    | "toujours"
                    | "alors"
                    | "tout"
            )
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

/// All finite groups of `start..end`, those of relative clauses left out.
fn predicates(context: &Context<'_>, start: usize, end: usize) -> Vec<Predicate> {
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
                && !matches!(
                    context.word(p),
                    "so" | "to"
                        | "fact"
                        | "agree"
                        | "believe"
                        | "recall"
                        | "reaffirm"
                        | "note"
                        | "stress"
                        | "recognize"
                        | "recognise"
                        | "emphasize"
                        | "consider"
                        | "affirm"
                        | "acknowledge"
                        | "reiterate"
                        | "underline"
                        | "underscore"
                        | "insist"
                        | "hope"
                        | "view"
                        | "expect"
                        | "hold"
                        | "maintain"
                        | "highlight"
                        | "observe"
                        | "mind"
                );
            noun && group(context, context.skip_adverbs(at + 1, end, 2), end, at).is_some()
        };
        let relative_que = context.french() && matches!(word, "que" | "qu") && at > start && {
            let p = at - 1;
            let noun = context.tokens[p].is_word()
                && context.shapes(p) & !shape::INF == 0
                && !context.adverb(p)
                && !context.is("prepositions", p);
            let fixed = [
                "fait",
                "ainsi",
                "moins",
                "lors",
                "afin",
                "bien",
                "parce",
                "sorte",
                "avis",
                "il",
                "elles",
                "tant",
                "idee",
                "conviction",
                "autant",
                "accord",
                "necessaire",
                "essentiel",
                "important",
                "condition",
                "principe",
                "necessite",
                "puis",
                "constat",
            ]
            .contains(&context.word(p));
            noun && !fixed || matches!(context.word(p), "tel" | "tels" | "telle" | "telles")
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
                at < r + 12
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

/// The subject before a predicate: tokens between the last break and the group.
fn subject_kind(context: &Context<'_>, start: usize, end: usize) -> Subject {
    let mut from = start;
    while from < end
        && (context.adverb(from)
            && !matches!(
                context.word(from),
                "both" | "all" | "deux" | "tous" | "toutes"
            )
            || context.is("determiners", from)
            || !context.tokens[from].is_word()
            || context.is("coordinators", from)
            || context.is("reflexives", from) && context.word(from) != "nous"
            || context.is("negations", from))
    {
        from += 1;
    }
    if from >= end {
        // Only a determiner or number: "both", "these", "all".
        return if (start..end)
            .any(|i| matches!(context.word(i), "both" | "nous" | "toutes" | "tous"))
        {
            Subject::Own
        } else {
            Subject::Empty
        };
    }
    let first = context.word(from);
    let mut nearest = end - 1;
    while nearest > from
        && (context.adverb(nearest)
            || !context.tokens[nearest].is_word()
            || context.is("reflexives", nearest) && context.word(nearest) != "nous"
            || context.is("negations", nearest))
    {
        nearest -= 1;
    }
    if matches!(
        context.word(nearest),
        "we" | "they" | "us" | "nous" | "elles" | "ils" | "i" | "je"
    ) {
        return Subject::Own;
    }
    if context.is("pronoun-own", from) || first == "two" || first == "deux" {
        return Subject::Own;
    }
    if matches!(
        first,
        "it" | "there"
            | "il"
            | "ce"
            | "cela"
            | "ceci"
            | "on"
            | "this"
            | "that"
            | "which"
            | "what"
            | "c"
    ) && end - from <= 3
    {
        return Subject::Empty;
    }
    if matches!(first, "she" | "he" | "elle" | "i" | "je") && end - from <= 2 {
        return Subject::Own;
    }
    // The head is what stands before the first preposition, or the whole.
    let mut head_end = end;
    let mut i = from;
    while i < end {
        if i > from
            && (context.is("prepositions", i)
                || context.word(i) == "("
                || context.is("relatives", i))
            && !context.in_name(i)
        {
            head_end = i;
            break;
        }
        i += 1;
    }
    let party = |meaning: &Meaning| match meaning {
        Meaning::State(id) | Meaning::OfState(id) => {
            context.parties.is_empty() || context.parties.iter().any(|p| p == id)
        }
        Meaning::Body(id, kind) => {
            matches!(*kind, "union" | "members" | "group")
                || context.parties.iter().any(|p| p == id)
                || crate::name::side_of(kind).is_some_and(|side| {
                    context.parties.is_empty() || context.parties.iter().any(|p| p == side)
                })
        }
        Meaning::Place(_, state) => context.parties.iter().any(|p| p == state),
    };
    let own_noun = (from..head_end).any(|i| context.is("own", i));
    let talks = (from..head_end).any(|i| context.is("talks", i));
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
        && !matches!(
            last_word,
            "states" | "etats" | "countries" | "pays" | "governments"
        )
    {
        return Subject::Own;
    }
    if own_noun
        && matches!(
            last_word,
            "countries" | "pays" | "governments" | "states" | "etats" | "gouvernements"
        )
        && (start..head_end).any(|i| {
            matches!(
                context.word(i),
                "both" | "two" | "deux" | "three" | "trois" | "our" | "nos"
            )
        })
    {
        return Subject::Own;
    }
    if talks && (!own_noun || context.is("talks", last.unwrap_or(from))) {
        return Subject::Talks;
    }
    if own_noun
        && !matches!(
            last_word,
            "states" | "etats" | "countries" | "pays" | "governments"
        )
        && context.is("own", from)
    {
        return Subject::Own;
    }
    if context.names_in(from, head_end).any(|n| party(&n.meaning))
        && (own_noun
            || (from..head_end).all(|i| {
                context.tokens[i].capital
                    || !context.tokens[i].is_word()
                    || context.is("coordinators", i)
                    || context.is("determiners", i)
                    || context.in_name(i)
            }))
    {
        return Subject::Own;
    }
    Subject::Third
}

/// Whether "will" in this predicate promises something: by whom, and what.
fn future_act(
    context: &Context<'_>,
    predicate: &Predicate,
    kind: Subject,
    subject: (usize, usize),
    end: usize,
) -> Option<(Act, u8, &'static str)> {
    let held = (subject.0..end.min(predicate.end + 30)).any(|i| context.is("singular-talks", i));
    let promised = (subject.0..subject.1).any(|i| {
        matches!(
            context.word(i),
            "paper"
                | "report"
                | "workshop"
                | "plan"
                | "roadmap"
                | "statement"
                | "communique"
                | "exercise"
                | "programme"
                | "program"
                | "project"
                | "study"
                | "guide"
                | "handbook"
                | "assessment"
                | "summary"
                | "conclusions"
                | "cooperation"
                | "work"
                | "exchanges"
                | "efforts"
                | "rapport"
                | "atelier"
                | "etude"
                | "formation"
                | "travaux"
                | "bilan"
                | "feuille"
                | "compte"
                | "document"
        )
    });
    match kind {
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
        Subject::Third | Subject::Empty
            if predicate.passive && (held || promised || context.adopted) =>
        {
            Some((Act::Commitment, 3, "a deliverable announced"))
        }
        Subject::Third if promised && !context.news => {
            Some((Act::Commitment, 3, "a deliverable announced"))
        }
        Subject::Third if (subject.0..subject.1).any(|i| context.is("singular-talks", i)) => {
            Some((Act::Commitment, 3, "a meeting announced"))
        }
        Subject::Empty if held => predicate.rule,
        _ => Some((Act::Report, 1, "the future of another")),
    }
}

/// The act of a predicate, with its subject taken into account.
fn act_of(
    context: &Context<'_>,
    predicate: &Predicate,
    kind: Subject,
    subject: (usize, usize),
    end: usize,
) -> (Act, u8, &'static str) {
    if predicate.tense == Tense::Future
        && predicate
            .rule
            .is_none_or(|r| r.0 == Act::Commitment || context.french())
        && let Some(found) = future_act(context, predicate, kind, subject, end)
    {
        return found;
    }
    if let Some((act, strength, rule)) = predicate.rule {
        // "Il convient de": nobody promises.
        if kind == Subject::Empty
            && subject.1 > subject.0
            && act == Act::Commitment
            && predicate.tense == Tense::Present
            && context.french()
            && !predicate.passive
        {
            return (Act::Position, 2, "necessity without an addressee");
        }
        // What a report said.
        if kind == Subject::Third
            && matches!(act, Act::Position | Act::Reaffirmation)
            && !predicate.passive
            && (subject.0..subject.1)
                .rev()
                .find(|i| context.tokens[*i].is_word())
                .is_some_and(|i| context.is("writings", i))
        {
            return (Act::Report, 1, "what a document says");
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
    match predicate.tense {
        Tense::Present if kind == Subject::Own && context.adopted => {
            (Act::Position, 2, "a statement in the present")
        }
        Tense::Present if kind == Subject::Third || kind == Subject::Empty => {
            if context.news {
                (Act::Report, 1, "a fact")
            } else {
                (Act::Position, 2, "a statement in the present")
            }
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

/// Cuts the sentence `start..end` into parts by act.
pub(crate) fn parts(context: &Context<'_>, start: usize, end: usize) -> Vec<Part> {
    let main = main_start(context, start, end);
    let mut found = predicates(context, main, end);
    if let Some(opening) = opener(context, start, main, end) {
        found.retain(|p| p.at > opening.end);
        found.insert(0, opening);
    }
    // A reduced relative before the true head: "the dialogue held in Brussels reaffirmed".
    while found.len() >= 2 {
        let (a, b) = (&found[0], &found[1]);
        let open = (a.end..b.at).all(|i| {
            !matches!(
                context.word(i),
                "," | ";" | ":" | "and" | "et" | "but" | "that" | "que" | "qu" | "to"
            )
        }) && context.is("prepositions", a.end);
        let parenthetical = a.at > 0
            && context.word(a.at - 1) == ","
            && (a.end..b.at).filter(|i| context.word(*i) == ",").count() >= 1
            && context.word(b.at.saturating_sub(1)) == ",";
        let single = a.tense == Tense::Past && a.at == a.verb && !a.bare;
        if single && (open && a.at > main + 1 || parenthetical) && !context.french() {
            found.remove(0);
        } else {
            break;
        }
    }
    let Some(head) = found.first().cloned() else {
        return vec![verbless(context, start, main, end)];
    };
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
    participles(context, &mut out);
    out
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
    if at >= end || main > at {
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

/// Where a later predicate is coordinated with the head: the token to cut at, and its own subject if it has one.
fn coordinated(
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
    let parallel =
        next.tense == Tense::Modal && next.rule.is_some() && context.is("coordinators", before)
            || head.tense == next.tense
            || last.tense == next.tense
            || head.tense == Tense::Future
            || next.tense == Tense::Future;
    if joiner(before) {
        if next
            .relative
            .is_some_and(|t| t == next.tense && t != last.tense)
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
            && (context.french()
                || matches!(
                    context.word(next.at),
                    "look" | "intend" | "plan" | "remain" | "stand" | "are"
                ));
        if !parallel && !semicolon && !turns {
            return None;
        }
        // "strong and aligned messaging": an attribute, unless the verb is one that tells of meetings or has an object.
        if !context.french()
            && next.tense == Tense::Past
            && next.at == next.verb
            && next.rule.is_none()
        {
            let tells = context
                .lexicon
                .verbs
                .of(context.word(next.at))
                .iter()
                .any(|(l, _)| {
                    context
                        .lexicon
                        .is("telling", context.lexicon.verbs.lemma(*l))
                });
            let object = context.is("determiners", next.end)
                || context.is("prepositions", next.end)
                || context.is("complementizers", next.end);
            if !tells && !object {
                return None;
            }
        }
        if next.bare && last.tense != Tense::Past {
            return None;
        }
        // A past form after a comma may be an attribute: "the text, adopted in 2015".
        if comma_only && next.rule.is_none() {
            return None;
        }
        if next.passive && comma_only {
            return None;
        }
        if !context.french()
            && next.tense == Tense::Present
            && next.at == next.verb
            && !context.is("be", next.at)
        {
            let governed = (last.verb..before).any(|i| {
                context.word(i) == "to" && context.shapes(i + 1) & shape::INF != 0
                    || context.is("modals", i)
            }) || matches!(last.tense, Tense::Future | Tense::Modal);
            if governed
                && !context.is("performative", next.at)
                && !context.is("complementizers", next.at + 1)
            {
                return None;
            }
            if last.tense == Tense::Future
                && context.shapes(next.at) & shape::THIRD == 0
                && !context.is("complementizers", next.at + 1)
                && !matches!(
                    context.word(next.at),
                    "welcome" | "reaffirm" | "reiterate" | "condemn" | "urge" | "call"
                )
            {
                return None;
            }
            next.rule?;
        }
        let cut = before + usize::from(semicolon || context.word(before) == ",");
        return Some((cut, None));
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
    let left = context
        .names
        .iter()
        .any(|n| n.end == at && !matches!(n.meaning, Meaning::Place(..)));
    let right = context.names.iter().any(|n| {
        (n.start == at + 1 || n.start == at + 2) && !matches!(n.meaning, Meaning::Place(..))
    });
    left && right
}

/// A comma right before the coordinator: a new clause rather than a pair of names.
fn next_clause(context: &Context<'_>, at: usize) -> bool {
    at > 0 && context.word(at - 1) == ","
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
            || context.adverb(at - 1) && at >= 2 && context.word(at - 2) == ",";
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
