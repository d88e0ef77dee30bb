//! What reading a sentence needs: the tokens, the language, the names, who the parties are.
//! Invariant: looks, never changes anything.

use crate::inflect::shape;
use crate::lexicon::Lexicon;
use crate::name::{Meaning, Name};
use crate::pattern::between_commas;
use crate::statement::Act;
use crate::token::Token;

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
    /// Last names of those who speak for the parties, folded.
    pub(crate) families: &'a [String],
    /// The text is adopted by those who speak ("we").
    pub(crate) adopted: bool,
    /// The text is news, told from outside.
    pub(crate) news: bool,
    /// The meeting of many that the title names: "the 8th ASEAN Ministerial Conference on Cybersecurity".
    pub(crate) meeting: Option<&'a str>,
}

impl Context<'_> {
    pub(crate) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.folded.as_str())
    }

    pub(crate) fn is(&self, list: &str, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|t| self.lexicon.is(list, &t.folded))
    }

    /// A word for talks, or the name of the meeting that the text tells of: "the AMCC".
    pub(crate) fn talks_in(&self, start: usize, end: usize) -> bool {
        (start..end).any(|i| self.is("talks", i))
            || self.meeting.is_some_and(|id| {
                self.names_in(start, end)
                    .any(|n| matches!(n.meaning, Meaning::Body(body, _) if body == id))
            })
    }

    /// A form of a verb of that list.
    pub(crate) fn is_verb_of(&self, list: &str, at: usize) -> bool {
        let verbs = &self.lexicon.verbs;
        verbs
            .of(self.word(at))
            .iter()
            .any(|(lemma, _)| self.lexicon.is(list, verbs.lemma(*lemma)))
    }

    /// "Each Participant designates", "The Government will use every tool" in the news of one State: one word stands for who speaks.
    pub(crate) fn one_for_all(&self, start: usize, from: usize, nearest: usize) -> bool {
        let each = from > start && self.is("each", from - 1) && self.is("one-of-those", from);
        let governs = nearest == from
            && (self.tokens[from].capital || from > start && self.tokens[from - 1].capital)
            && self.is("governing", from)
            && self.parties.len() == 1;
        each || governs
    }

    /// An adverb, or a word of an adverbial of several: "in this regard".
    pub(crate) fn adverb(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.adverbial)
    }

    /// One past an adverbial of several words that begins at `at`.
    pub(crate) fn aside(&self, at: usize) -> Option<usize> {
        let length = self.tokens.get(at)?.aside;
        (length > 0).then(|| at + usize::from(length))
    }

    pub(crate) fn shapes(&self, at: usize) -> u8 {
        self.tokens
            .get(at)
            .map_or(0, |t| self.lexicon.verbs.shapes(&t.folded))
    }

    pub(crate) fn french(&self) -> bool {
        self.lexicon.code == "fr"
    }

    pub(crate) fn skip_adverbs(&self, mut at: usize, end: usize, most: usize) -> usize {
        for _ in 0..most {
            if let Some(past) = self.aside(at) {
                at = past;
            } else if at < end && (self.adverb(at) || self.is("negations", at)) {
                at += 1;
            } else if at + 2 < end
                && self.word(at) == ","
                && self.adverb(at + 1)
                && self.word(at + 2) == ","
            {
                at += 3;
            } else if let Some(close) = between_commas(self.tokens, at)
                && close < end
                && self.shapes(close) & (shape::PART | shape::INF | shape::GER) != 0
            {
                return close;
            } else {
                break;
            }
        }
        at
    }

    /// The best rule for a verb at a token.
    pub(crate) fn rule(&self, at: usize) -> Option<(Act, u8, &'static str, (usize, usize))> {
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
    pub(crate) fn names_in(&self, start: usize, end: usize) -> impl Iterator<Item = &Name> {
        let first = self.names.partition_point(|n| n.start < start);
        self.names[first..]
            .iter()
            .take_while(move |n| n.start < end)
            .filter(move |n| n.end <= end)
    }

    pub(crate) fn in_name(&self, at: usize) -> bool {
        let first = self.names.partition_point(|n| n.start + 16 < at);
        self.names[first..]
            .iter()
            .take_while(|n| n.start <= at)
            .any(|n| n.end > at && n.end - n.start > 1)
    }
}
