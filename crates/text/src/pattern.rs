//! The small pattern language of the data files, and sets of patterns found in one pass over tokens.
//!
//! ```text
//! word        this word, folded                     word*      words that begin so
//! (a|b c|d*)  one of these                          (x)?       may be missing
//! words?      the last letter may be missing
//! ~           up to three adverbs or asides         ..N        up to N words, no mark among them (.. = 4)
//! @verb       any form of a verb                    <inf>      an infinitive     <ing>  a gerund    <part> a participle
//! <fut>       a future form  <cond>  a conditional
//! <num>       a number                              <cap>      a capitalised word
//! !Word       this word with that capital           |ACRONYM|  is written as it is: all-capital words must be so in the text
//! ```
//! Invariant: a match never crosses the end of the slice it is given, and the longest match at a place wins.

use crate::hash::Table;
use crate::inflect::{Verbs, shape};
use crate::token::{Form, Token, fold};

/// One element of a pattern.
#[derive(Clone, Debug)]
enum Element {
    Word(String),
    Prefix(String),
    /// An upper-case word of the pattern: upper case in the text.
    Acronym(String),
    /// Begins with a capital in the text.
    Capital(String),
    Choice(Vec<Vec<Element>>),
    Maybe(Box<Element>),
    Adverbs,
    Gap(usize),
    Verb(String),
    Shape(u8),
    Number,
    AnyCapital,
}

/// A sequence of elements.
#[derive(Clone, Debug)]
pub(crate) struct Pattern(Vec<Element>);

/// What matching needs to know of the language.
#[derive(Clone, Copy)]
pub(crate) struct Grammar<'a> {
    /// Its verbs.
    pub(crate) verbs: &'a Verbs,
    /// Tells an adverb.
    pub(crate) adverb: fn(&str) -> bool,
}

fn elements(source: &str) -> Vec<Element> {
    let mut out = Vec::new();
    let mut rest = source.trim();
    while !rest.is_empty() {
        let end = if rest.starts_with('(') {
            let mut depth = 0;
            let mut end = rest.len();
            for (i, c) in rest.char_indices() {
                match c {
                    '(' => depth += 1,
                    ')' => {
                        depth -= 1;
                        if depth == 0 {
                            end = i + 1;
                            break;
                        }
                    }
                    _ => {}
                }
            }
            if rest[end..].starts_with('?') {
                end + 1
            } else {
                end
            }
        } else {
            rest.find(char::is_whitespace).unwrap_or(rest.len())
        };
        let item = &rest[..end];
        rest = rest[end..].trim_start();
        let (item, maybe) = match item.strip_suffix(")?") {
            Some(_) => (&item[..item.len() - 1], true),
            None => (item, false),
        };
        for (i, element) in element(item).into_iter().enumerate() {
            out.push(if maybe && i == 0 {
                Element::Maybe(Box::new(element))
            } else {
                element
            });
        }
    }
    out
}

fn element(item: &str) -> Vec<Element> {
    if let Some(inner) = item.strip_prefix('(').and_then(|i| i.strip_suffix(')')) {
        let mut choices = Vec::new();
        let mut depth = 0;
        let mut from = 0;
        for (i, c) in inner.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                '|' if depth == 0 => {
                    choices.push(elements(&inner[from..i]));
                    from = i + 1;
                }
                _ => {}
            }
        }
        choices.push(elements(&inner[from..]));
        return vec![Element::Choice(choices)];
    }
    if item == "~" {
        return vec![Element::Adverbs];
    }
    if let Some(n) = item.strip_prefix("..") {
        return vec![Element::Gap(n.parse().unwrap_or(4))];
    }
    if let Some(lemma) = item.strip_prefix('@') {
        return vec![Element::Verb(fold(lemma))];
    }
    match item {
        "<inf>" => return vec![Element::Shape(shape::INF)],
        "<ing>" => return vec![Element::Shape(shape::GER)],
        "<fut>" => return vec![Element::Shape(shape::FUT)],
        "<cond>" => return vec![Element::Shape(shape::COND)],
        "<part>" => return vec![Element::Shape(shape::PART)],
        "<num>" => return vec![Element::Number],
        "<cap>" => return vec![Element::AnyCapital],
        _ => {}
    }
    if let Some(word) = item.strip_prefix('!') {
        return vec![Element::Capital(fold(word))];
    }
    if let Some(stem) = item.strip_suffix('*')
        && !stem.is_empty()
    {
        return vec![Element::Prefix(fold(stem))];
    }
    if let Some(word) = item.strip_suffix('?') {
        let mut short = word.chars();
        short.next_back();
        return vec![Element::Choice(vec![
            element(word),
            element(short.as_str()),
        ])];
    }
    // A word of the pattern may be several tokens of a text: `l'internet`, `UE-Japon`.
    crate::token::tokens(item, 0, item.len())
        .into_iter()
        .map(|t| {
            if t.upper {
                Element::Acronym(t.folded)
            } else {
                Element::Word(t.folded)
            }
        })
        .collect()
}

impl Pattern {
    /// Reads a pattern.
    pub(crate) fn read(source: &str) -> Pattern {
        Pattern(elements(source))
    }

    /// End of the longest match that begins at `at`, if there is one.
    pub(crate) fn at(&self, tokens: &[Token], at: usize, grammar: Grammar<'_>) -> Option<usize> {
        let mut longest = None;
        matches(&self.0, tokens, at, grammar, &mut |end| {
            longest = longest.max(Some(end))
        });
        longest
    }

    /// How much of the text it pins down: gaps count nothing.
    pub(crate) fn weight(&self) -> usize {
        self.0
            .iter()
            .map(|e| match e {
                Element::Gap(_) | Element::Adverbs => 0,
                Element::Maybe(_) => 1,
                _ => 2,
            })
            .sum()
    }

    /// Whether it pins down every word of a match.
    pub(crate) fn solid(&self) -> bool {
        !self.0.iter().any(|e| matches!(e, Element::Gap(_)))
    }

    /// Folded first words, to index by; `None` in it: could be anything.
    fn keys(&self) -> Vec<Key> {
        keys(&self.0)
    }
}

enum Key {
    Verb(String),
    Word(String),
    Stem(String),
    Any,
}

fn keys(elements: &[Element]) -> Vec<Key> {
    match elements.first() {
        None => vec![Key::Any],
        Some(Element::Word(w) | Element::Acronym(w) | Element::Capital(w)) => {
            vec![Key::Word(w.clone())]
        }
        Some(Element::Prefix(p)) => vec![Key::Stem(p.clone())],
        Some(Element::Verb(lemma)) => vec![Key::Verb(lemma.clone())],
        Some(Element::Choice(choices)) => choices.iter().flat_map(|c| keys(c)).collect(),
        Some(Element::Maybe(inner)) => {
            let mut all = keys(std::slice::from_ref(inner));
            all.extend(keys(&elements[1..]));
            all
        }
        Some(_) => vec![Key::Any],
    }
}

/// Calls `found` with every end of a match that begins at `at`.
fn matches(
    elements: &[Element],
    tokens: &[Token],
    at: usize,
    grammar: Grammar<'_>,
    found: &mut dyn FnMut(usize),
) {
    let Some((first, rest)) = elements.split_first() else {
        found(at);
        return;
    };
    let token = tokens.get(at);
    // "co-lead", "re-open": the verb stands after its prefix.
    if let Element::Shape(s) = first
        && token.is_some_and(|t| matches!(t.folded.as_str(), "co" | "re"))
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.hyphened && grammar.verbs.shapes(&t.folded) & s != 0)
    {
        matches(rest, tokens, at + 2, grammar, found);
        return;
    }
    let fits = match first {
        Element::Word(w) => token.is_some_and(|t| t.folded == *w),
        Element::Prefix(p) => token.is_some_and(|t| t.folded.starts_with(p.as_str())),
        Element::Acronym(w) => token.is_some_and(|t| t.upper && t.folded == *w),
        Element::Capital(w) => token.is_some_and(|t| t.capital && t.folded == *w),
        Element::Verb(lemma) => token.is_some_and(|t| {
            grammar
                .verbs
                .of(&t.folded)
                .iter()
                .any(|(l, _)| grammar.verbs.lemma(*l) == lemma)
        }),
        // A lead-in leaves the verb to its items: "they agreed to:".
        Element::Shape(s) => token.is_some_and(|t| {
            *s == shape::INF && t.form == Form::Mark && LEAVES_OPEN.contains(&t.folded.as_str())
                || t.is_word() && grammar.verbs.shapes(&t.folded) & s != 0
        }),
        Element::Number => token.is_some_and(|t| t.form == Form::Number),
        Element::AnyCapital => token.is_some_and(|t| t.capital),
        Element::Choice(choices) => {
            for choice in choices {
                matches(choice, tokens, at, grammar, &mut |end| {
                    matches(rest, tokens, end, grammar, found);
                });
            }
            return;
        }
        Element::Maybe(inner) => {
            matches(
                std::slice::from_ref(&**inner),
                tokens,
                at,
                grammar,
                &mut |end| {
                    matches(rest, tokens, end, grammar, found);
                },
            );
            matches(rest, tokens, at, grammar, found);
            return;
        }
        Element::Adverbs => {
            // "agreed, as a next step, to"
            if let Some(close) = between_commas(tokens, at).or_else(|| {
                token
                    .filter(|t| t.aside > 0)
                    .map(|t| at + usize::from(t.aside))
            }) {
                matches(rest, tokens, close, grammar, found);
            }
            for n in 0..=3 {
                if n > 0
                    && !tokens.get(at + n - 1).is_some_and(|t| {
                        t.is(",")
                            || matches!(t.folded.as_str(), "not" | "never")
                            || (grammar.adverb)(&t.folded)
                    })
                {
                    return;
                }
                matches(rest, tokens, at + n, grammar, found);
            }
            return;
        }
        Element::Gap(most) => {
            for n in 0..=*most {
                if n > 0 && !tokens.get(at + n - 1).is_some_and(Token::is_word) {
                    return;
                }
                matches(rest, tokens, at + n, grammar, found);
            }
            return;
        }
    };
    if fits {
        matches(rest, tokens, at + 1, grammar, found);
    }
}

/// One past an aside between two commas that begins at `at`: up to six words.
pub(crate) fn between_commas(tokens: &[Token], at: usize) -> Option<usize> {
    if !tokens.get(at)?.is(",") {
        return None;
    }
    let close = (at + 2..at + 8).find(|i| tokens.get(*i).is_some_and(|t| !t.is_word()))?;
    tokens[close].is(",").then_some(close + 1)
}

/// Marks after which the items of a list go on.
const LEAVES_OPEN: &[&str] = &[":", "-", "–", "•", "*", "→", "✓", "·", "▪", "(", "…"];

/// Patterns with a value each, indexed by their first word.
pub(crate) struct Patterns<V> {
    patterns: Vec<(Pattern, V)>,
    words: Table<String, Vec<u32>>,
    stems: Table<String, Vec<u32>>,
    verbs: Table<String, Vec<u32>>,
    anywhere: Vec<u32>,
}

/// One find: the tokens `start..end` and the value of the pattern.
#[derive(Debug)]
pub(crate) struct Found<'a, V> {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// What the pattern stands for.
    pub(crate) value: &'a V,
    /// How much of the text the pattern pins down.
    pub(crate) weight: usize,
    /// The pattern has no gap: all words of the match are its own.
    pub(crate) solid: bool,
}

const STEM: usize = 3;

impl<V> Default for Patterns<V> {
    fn default() -> Self {
        Patterns {
            patterns: Vec::new(),
            words: Table::default(),
            stems: Table::default(),
            verbs: Table::default(),
            anywhere: Vec::new(),
        }
    }
}

impl<V> Patterns<V> {
    /// Adds a pattern.
    pub(crate) fn add(&mut self, source: &str, value: V) {
        let pattern = Pattern::read(source);
        let number = u32::try_from(self.patterns.len()).unwrap_or(u32::MAX);
        for key in pattern.keys() {
            match key {
                Key::Verb(lemma) => self.verbs.entry(lemma).or_default().push(number),
                Key::Word(w) => self.words.entry(w).or_default().push(number),
                Key::Stem(s) if s.len() >= STEM => self
                    .stems
                    .entry(s[..STEM].to_owned())
                    .or_default()
                    .push(number),
                Key::Stem(_) | Key::Any => self.anywhere.push(number),
            }
        }
        self.patterns.push((pattern, value));
    }

    /// All matches that begin at a token, of every pattern.
    pub(crate) fn at<'s>(
        &'s self,
        tokens: &[Token],
        at: usize,
        grammar: Grammar<'_>,
    ) -> Vec<Found<'s, V>> {
        let Some(token) = tokens.get(at) else {
            return Vec::new();
        };
        let word = self.words.get(&token.folded).into_iter().flatten();
        let stem = token
            .folded
            .get(..STEM)
            .and_then(|s| self.stems.get(s))
            .into_iter()
            .flatten();
        let mut out: Vec<Found<'s, V>> = Vec::new();
        let of = if self.verbs.is_empty() {
            &[]
        } else {
            grammar.verbs.of(&token.folded)
        };
        let verb = of
            .iter()
            .filter_map(|(l, _)| self.verbs.get(grammar.verbs.lemma(*l)))
            .flatten();
        for &number in word.chain(stem).chain(verb).chain(&self.anywhere) {
            let (pattern, value) = &self.patterns[number as usize];
            if let Some(end) = pattern.at(tokens, at, grammar)
                && end > at
            {
                out.push(Found {
                    start: at,
                    end,
                    value,
                    weight: pattern.weight(),
                    solid: pattern.solid(),
                });
            }
        }
        out
    }

    /// All matches in the tokens, nested and overlapping ones included.
    pub(crate) fn all<'s>(&'s self, tokens: &[Token], grammar: Grammar<'_>) -> Vec<Found<'s, V>> {
        (0..tokens.len())
            .flat_map(|at| self.at(tokens, at, grammar))
            .collect()
    }

    /// The values of all patterns.
    #[cfg(test)]
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.patterns.iter().map(|(_, v)| v)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::ENGLISH;
    use crate::token::tokens;

    #[test]
    fn examples() {
        let table: &[(&str, &str, Option<&str>)] = &[
            (
                "@agree ~ to <inf>",
                "they agreed, jointly, to strengthen ties",
                Some("agreed, jointly, to strengthen"),
            ),
            ("@agree ~ to <inf>", "they agreed to the text", None),
            (
                "(confidence|trust) building measure*",
                "new confidence-building measures",
                Some("confidence-building measures"),
            ),
            ("US", "give us a hand", None),
            ("US", "the US side", Some("US")),
            (
                "critical .. infrastructure*",
                "critical national and information infrastructure",
                Some("critical national and information infrastructure"),
            ),
            (
                "(the)? united (nations|states? of america)",
                "of the United States of America",
                Some("the United States of America"),
            ),
        ];
        for (pattern, text, expected) in table {
            let tokens = tokens(text, 0, text.len());
            let pattern = Pattern::read(pattern);
            let found = (0..tokens.len()).find_map(|at| {
                pattern
                    .at(&tokens, at, ENGLISH.grammar())
                    .map(|end| &text[tokens[at].start..tokens[end - 1].end])
            });
            assert_eq!(found, *expected, "{text}");
        }
    }
}
