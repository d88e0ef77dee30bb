//! A language as data: its files, read once and kept for the life of the program.
//! Invariant: nothing here is about one document; a language is complete when all its files are.

use std::sync::LazyLock;

use crate::calendar::Calendar;
use crate::hash::Table;
use crate::inflect::Verbs;
use crate::pattern::{Grammar, Patterns};
use crate::statement::Act;
use crate::token::Token;
use crate::token::fold;

/// English.
pub(crate) static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(&Files {
        code: "en",
        verbs: include_str!("../data/en/verbs.txt"),
        grammar: include_str!("../data/en/grammar.txt"),
        acts: include_str!("../data/en/acts.txt"),
        topics: include_str!("../data/en/topics.txt"),
        layout: include_str!("../data/en/layout.txt"),
        calendar: include_str!("../data/en/calendar.txt"),
        people: include_str!("../data/en/people.txt"),
        meeting: include_str!("../data/en/meeting.txt"),
    })
});

/// French.
pub(crate) static FRENCH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::read(&Files {
        code: "fr",
        verbs: include_str!("../data/fr/verbs.txt"),
        grammar: include_str!("../data/fr/grammar.txt"),
        acts: include_str!("../data/fr/acts.txt"),
        topics: include_str!("../data/fr/topics.txt"),
        layout: include_str!("../data/fr/layout.txt"),
        calendar: include_str!("../data/fr/calendar.txt"),
        people: include_str!("../data/fr/people.txt"),
        meeting: include_str!("../data/fr/meeting.txt"),
    })
});

/// The files of one language.
struct Files {
    code: &'static str,
    verbs: &'static str,
    grammar: &'static str,
    acts: &'static str,
    topics: &'static str,
    layout: &'static str,
    calendar: &'static str,
    people: &'static str,
    meeting: &'static str,
}

/// What a rule of `acts.txt` says.
#[derive(Clone, Debug)]
pub(crate) struct ActRule {
    /// The act.
    pub(crate) act: Act,
    /// Its strength.
    pub(crate) strength: u8,
    /// The rule as written, for `--explain`.
    pub(crate) source: &'static str,
    /// The example, which is its test.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "read by the tests of the rules")
    )]
    pub(crate) example: &'static str,
}

/// Everything that is known of a language.
pub(crate) struct Lexicon {
    /// ISO 639-1.
    pub(crate) code: &'static str,
    /// Verbs and their forms.
    pub(crate) verbs: Verbs,
    /// Act rules, indexed by their verb.
    pub(crate) acts: Patterns<ActRule>,
    /// Topics by cue.
    pub(crate) topics: Patterns<Cue>,
    /// Months, ordinals, relative times.
    pub(crate) calendar: Calendar,
    /// For each small word the lists that hold it, a bit each.
    words: Table<String, u128>,
    /// The names of those lists; the place is the bit.
    word_lists: Vec<&'static str>,
    lists: Table<&'static str, Patterns<&'static str>>,
    adverb: fn(&str) -> bool,
}

/// The entries of `[section]`s of a data file, comments left out.
pub(crate) fn sections(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&'static str, Vec<&'static str>)> = vec![("", Vec::new())];
    for line in table.lines() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            out.push((name, Vec::new()));
        } else if let Some((_, entries)) = out.last_mut() {
            entries.push(line);
        }
    }
    out
}

impl Lexicon {
    fn read(files: &Files) -> Lexicon {
        let mut words: Table<String, u128> = Table::default();
        let mut word_lists: Vec<&'static str> = Vec::new();
        for (name, entries) in sections(files.grammar) {
            let bit = word_lists
                .iter()
                .position(|l| *l == name)
                .unwrap_or_else(|| {
                    word_lists.push(name);
                    word_lists.len() - 1
                });
            for word in entries.iter().flat_map(|e| e.split_whitespace()).map(fold) {
                *words.entry(word).or_default() |= 1 << bit;
            }
        }
        let mut acts = Patterns::default();
        for line in files.acts.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((head, rest)) = line.split_once(" : ") else {
                continue;
            };
            let (pattern, example) = rest.rsplit_once(" | ").unwrap_or((rest, ""));
            let mut head = head.split_whitespace();
            let Some(act) = head.next().and_then(Act::named) else {
                continue;
            };
            let strength = head.next().and_then(|s| s.parse().ok()).unwrap_or(1);
            acts.add(
                &verb_first(pattern),
                ActRule {
                    act,
                    strength,
                    source: line,
                    example,
                },
            );
        }
        let mut topics = Patterns::default();
        for (name, entries) in sections(files.topics) {
            for entry in entries {
                let (pattern, weak) = match entry.strip_prefix("? ") {
                    Some(rest) => (rest, true),
                    None => (entry, false),
                };
                topics.add(
                    &with_plural(pattern.trim()),
                    Cue {
                        topic: name,
                        weak,
                        source: entry,
                    },
                );
            }
        }
        let mut lists: Table<&'static str, Patterns<&'static str>> = Table::default();
        for table in [files.layout, files.people, files.meeting] {
            for (name, entries) in sections(table) {
                let list = lists.entry(name).or_default();
                for entry in entries {
                    let (pattern, value) = entry.split_once(" = ").unwrap_or((entry, ""));
                    list.add(pattern.trim(), value.trim());
                }
            }
        }
        let english = files.code == "en";
        Lexicon {
            code: files.code,
            verbs: Verbs::read(files.verbs),
            acts,
            topics,
            calendar: Calendar::read(files.calendar),
            words,
            word_lists,
            lists,
            adverb: if english {
                |w| {
                    ENGLISH.is("adverbs", w)
                        // "apply", "comply", "rely"
                        || w.len() > 4
                            && w.ends_with("ly")
                            && ENGLISH.verbs.shapes(w) & crate::inflect::shape::INF == 0
                }
            } else {
                |w| {
                    FRENCH.is("adverbs", w)
                        || (w.len() > 6 && w.ends_with("ment") && !FRENCH.is("nouny", w))
                }
            },
        }
    }

    /// Whether the word stands in that list of `grammar.txt`.
    pub(crate) fn is(&self, list: &str, folded: &str) -> bool {
        let Some(mask) = self.words.get(folded) else {
            return false;
        };
        self.word_lists
            .iter()
            .position(|l| *l == list)
            .is_some_and(|bit| mask & (1 << bit) != 0)
    }

    /// An adverb or an aside of one word.
    pub(crate) fn is_adverb(&self, folded: &str) -> bool {
        (self.adverb)(folded)
    }

    /// Notes which tokens are adverbs, or words of an adverbial of several: "in this regard".
    pub(crate) fn mark(&self, tokens: &mut [Token]) {
        for at in 0..tokens.len() {
            if self.is_adverb(&tokens[at].folded) {
                tokens[at].adverbial = true;
            }
            if let Some(end) = self.longest("asides", tokens, at) {
                tokens[at].aside = u8::try_from(end - at).unwrap_or(0);
                for token in &mut tokens[at..end] {
                    token.adverbial = true;
                }
            }
        }
    }

    /// The patterns of a section of `layout.txt`, `people.txt` or `meeting.txt`.
    pub(crate) fn list(&self, name: &str) -> &Patterns<&'static str> {
        static NONE: LazyLock<Patterns<&'static str>> = LazyLock::new(Patterns::default);
        self.lists.get(name).unwrap_or(&NONE)
    }

    /// The end of the longest match of a section at `at`.
    fn longest(&self, name: &str, tokens: &[Token], at: usize) -> Option<usize> {
        let found = self.list(name).at(tokens, at, self.grammar());
        found.into_iter().map(|f| f.end).max()
    }

    /// What patterns need.
    pub(crate) fn grammar(&self) -> Grammar<'_> {
        Grammar {
            verbs: &self.verbs,
            adverb: self.adverb,
        }
    }
}

/// What a cue of `topics.txt` stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cue {
    /// The topic, or `none` for words that hide others.
    pub(crate) topic: &'static str,
    /// It counts only where no other cue stands.
    pub(crate) weak: bool,
    /// The line as written, for `--explain`.
    pub(crate) source: &'static str,
}

/// A topic's cue that ends in a plain word fits its plural too.
fn with_plural(pattern: &str) -> String {
    let (before, last) = pattern
        .rsplit_once(' ')
        .map_or(("", pattern), |(b, l)| (b, l));
    let plain = last.len() > 3 && !last.ends_with('s') && last.chars().all(char::is_lowercase);
    if plain {
        format!("{before} ({last}|{last}s)")
    } else {
        pattern.to_owned()
    }
}

/// Act rules name their verb plainly: `agree ~ to` stands for `@agree ~ to`. Modal rules keep the word.
fn verb_first(pattern: &str) -> String {
    let pattern = pattern.trim();
    if let Some(inner) = pattern.strip_prefix('(') {
        let Some((choices, rest)) = inner.split_once(')') else {
            return pattern.to_owned();
        };
        let verbs: Vec<String> = choices
            .split('|')
            .map(|c| format!("@{}", c.trim()))
            .collect();
        return format!("({}){rest}", verbs.join("|"));
    }
    let first = pattern.split_whitespace().next().unwrap_or_default();
    if let Some(kept) = pattern.strip_prefix('=') {
        return kept.to_owned();
    }
    match first {
        "will" => format!("(will|shall|ll){}", &pattern[first.len()..]),
        "should" | "must" | "ought" | "may" | "would" => pattern.to_owned(),
        _ => format!("@{pattern}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clause::parts;
    use crate::context::Context;
    use crate::name::names;
    use crate::token::tokens;

    /// Every rule is tested by its own example: the rule itself must decide it.
    #[test]
    fn every_rule_decides_itsexample() {
        let mut wrong = Vec::new();
        for lexicon in [&*ENGLISH, &*FRENCH] {
            for rule in lexicon.acts.values() {
                let mut tokens = tokens(rule.example, 0, rule.example.len());
                lexicon.mark(&mut tokens);
                let names = names(&tokens);
                let context = Context {
                    tokens: &tokens,
                    lexicon,
                    names: &names,
                    parties: &[],
                    families: &[],
                    adopted: false,
                    news: false,
                    meeting: None,
                };
                let found = parts(&context, 0, tokens.len());
                if !found.iter().any(|p| {
                    p.act == rule.act
                        && p.strength == rule.strength
                        && (p.rule == rule.source
                            || rule.act == Act::Report
                            || p.rule.starts_with('a'))
                }) {
                    wrong.push(format!(
                        "{}\n    gives {:?}",
                        rule.source,
                        found
                            .iter()
                            .map(|p| (p.act, p.strength, p.rule))
                            .collect::<Vec<_>>()
                    ));
                }
            }
        }
        assert!(
            wrong.is_empty(),
            "{} rules:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }
}
