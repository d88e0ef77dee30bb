//! Quotations of persons: introduction and words together, who speaks, and what the words do.
//! Invariant: a quotation is one sentence, whatever its length.

use crate::act::Subject;
use crate::clause::{Part, parts};
use crate::context::Context;
use crate::document::{Document, Sentence};
use crate::layout::Role;
use crate::person;
use crate::segment::sentences;
use crate::statement::Act;
use crate::token::Token;

/// A quotation set in several paragraphs has no more sentences than this.
const LONGEST: usize = 24;

impl<'a> Document<'a> {
    /// Puts quotations together with their introductions and finds who speaks.
    pub(crate) fn quotations(&mut self, persons: &[person::Found]) {
        let mut out: Vec<Sentence> = Vec::new();
        let mut last: Option<usize> = None;
        let mut i = 0;
        while i < self.sentences.len() {
            let mut sentence = self.sentences[i].clone();
            // The answer of an interview.
            if sentence.speaker.is_some() {
                last = sentence.speaker;
                out.push(sentence);
                i += 1;
                continue;
            }
            let marks: Vec<usize> = (sentence.start..sentence.end)
                .filter(|t| matches!(self.tokens[*t].folded.as_str(), "\"" | "«" | "»"))
                .collect();
            let quoted: usize = marks
                .chunks(2)
                .map(|c| {
                    if c.len() == 2 {
                        c[1] - c[0]
                    } else {
                        sentence.end - c[0]
                    }
                })
                .max()
                .unwrap_or(0);
            let outside: Vec<usize> = (sentence.start..sentence.end)
                .filter(|t| {
                    marks
                        .chunks(2)
                        .all(|c| *t < c[0] || c.len() == 2 && *t > c[1])
                })
                .collect();
            let speech = |range: &[usize]| {
                range.iter().copied().find(|t| {
                    !self
                        .lexicon
                        .list("speech")
                        .at(&self.tokens, *t, self.lexicon.grammar())
                        .is_empty()
                })
            };
            let spoken = speech(&outside);
            let here = persons
                .iter()
                .position(|p| outside.contains(&p.start))
                .or_else(|| persons.iter().position(|p| self.mentioned(p, &outside)));
            let ends_colon = self.tokens[sentence.end - 1].is(":");
            let signed = (quoted >= 6 && outside.len() <= 2)
                .then(|| self.signed(i + 1, persons))
                .flatten();
            if let Some(who) = signed {
                i += 1;
                sentence.end = self.sentences[i].end;
                sentence.speaker = Some(who);
                last = Some(who);
            } else if quoted >= 6
                && (spoken.is_some() || here.is_some() && (outside.len() < 30 || marks.len() >= 2))
            {
                let pronoun = outside.iter().any(|t| {
                    matches!(
                        self.tokens[*t].folded.as_str(),
                        "he" | "she" | "il" | "elle"
                    )
                });
                let who = here.or(if pronoun || spoken.is_some() && outside.len() < 12 {
                    last
                } else {
                    None
                });
                if let Some(who) = who.or(if spoken.is_some() {
                    Some(usize::MAX)
                } else {
                    None
                }) {
                    // What follows in quotation marks goes on.
                    while let Some(next) = self.sentences.get(i + 1) {
                        let opens = matches!(self.tokens[next.start].folded.as_str(), "\"" | "«");
                        let range: Vec<usize> = (next.start..next.end).collect();
                        let own = range.iter().any(|t| persons.iter().any(|p| p.start == *t))
                            || speech(&range).is_some_and(|t| !inside(&self.tokens, next, t));
                        let unclosed = marks.len() % 2 == 1 && next.block >= sentence.block && !own;
                        if (opens && !own) || unclosed && self.closes(next) {
                            sentence.end = next.end;
                            i += 1;
                        } else {
                            break;
                        }
                    }
                    sentence.speaker = Some(who);
                    if who != usize::MAX {
                        last = Some(who);
                    }
                }
            } else if ends_colon
                && here.is_some()
                && (spoken.is_some() || outside.len() < 25)
                && quoted < 3
            {
                // The words stand on the next line, with or without marks.
                if let Some(next) = self.sentences.get(i + 1).cloned()
                    && next.block > sentence.block
                    && self.blocks[next.block].role == Role::Paragraph
                {
                    let block = next.block;
                    while self.sentences.get(i + 1).is_some_and(|n| n.block == block) {
                        sentence.end = self.sentences[i + 1].end;
                        i += 1;
                    }
                    // One opening mark a paragraph, closed once.
                    let limit = i + LONGEST;
                    while let Some(next) = self.sentences.get(i + 1).filter(|_| i < limit).cloned()
                    {
                        let opens = matches!(self.tokens[next.start].folded.as_str(), "\"" | "«");
                        let open = (sentence.start..sentence.end)
                            .filter(|t| self.tokens[*t].is("\""))
                            .count()
                            % 2
                            == 1
                            || (sentence.start..sentence.end)
                                .filter(|t| self.tokens[*t].is("«"))
                                .count()
                                > (sentence.start..sentence.end)
                                    .filter(|t| self.tokens[*t].is("»"))
                                    .count();
                        let same = self.sentences[i].block == next.block;
                        let unmarked = self.blocks[next.block].role == Role::Paragraph
                            && !self.closes_in(sentence.start, sentence.end)
                            && (same && next.block != block || self.first_person(&next));
                        if !(open && (opens || same || self.closed_ahead(i + 1)) || unmarked) {
                            break;
                        }
                        sentence.end = next.end;
                        i += 1;
                    }
                    sentence.speaker = here;
                    last = here;
                }
            }
            out.push(sentence);
            i += 1;
        }
        self.sentences = out;
    }

    /// "– Jane Doe, Minister of Foreign Affairs": who said what stands in marks above.
    fn signed(&self, at: usize, persons: &[person::Found]) -> Option<usize> {
        /// A name and an office are no longer.
        const NAMED: usize = 30;
        let line = self.sentences.get(at)?;
        if line.end - line.start > NAMED
            || self.closes_in(line.start, line.end)
            || crate::layout::finite(&self.tokens[line.start..line.end], self.lexicon)
        {
            return None;
        }
        persons
            .iter()
            .position(|p| line.start <= p.start && p.start < line.start + 5 && p.end <= line.end)
    }

    /// The next mark is one that closes, a few sentences on at most.
    fn closed_ahead(&self, from: usize) -> bool {
        self.sentences
            .iter()
            .skip(from)
            .take(LONGEST)
            .find_map(|s| {
                (s.start..s.end)
                    .find(|t| matches!(self.tokens[*t].folded.as_str(), "\"" | "«" | "»"))
                    .map(|t| {
                        let mark = &self.text[self.tokens[t].start..self.tokens[t].end];
                        matches!(mark, "”" | "»") || mark == "\"" && t + 1 == s.end
                    })
            })
            .unwrap_or(false)
    }

    /// A paragraph of a quotation without marks goes on in the first person.
    fn first_person(&self, sentence: &Sentence) -> bool {
        let words = |list: &str, range: std::ops::Range<usize>| {
            range
                .into_iter()
                .any(|t| self.lexicon.is(list, &self.tokens[t].folded))
        };
        words("first-person", sentence.start..sentence.end)
            && !self.tokens[sentence.end - 1].is(":")
            && !self.closes(sentence)
    }

    fn closes_in(&self, start: usize, end: usize) -> bool {
        (start..end).any(|t| matches!(self.tokens[t].folded.as_str(), "\"" | "«" | "»"))
    }

    pub(crate) fn closes(&self, sentence: &Sentence) -> bool {
        (sentence.start..sentence.end).any(|t| matches!(self.tokens[t].folded.as_str(), "\"" | "»"))
    }

    /// The surname of a person among these tokens.
    pub(crate) fn mentioned(&self, person: &person::Found, range: &[usize]) -> bool {
        let words = crate::token::words(&person.name);
        let Some(surname) = words.iter().max_by_key(|w| w.len()) else {
            return false;
        };
        surname.len() > 3
            && range
                .iter()
                .any(|t| self.tokens[*t].capital && self.tokens[*t].folded == *surname)
    }
}

fn inside(tokens: &[Token], sentence: &Sentence, at: usize) -> bool {
    let marks = (sentence.start..at)
        .filter(|t| matches!(tokens[*t].folded.as_str(), "\"" | "«" | "»"))
        .count();
    marks % 2 == 1
}

/// A quotation is one clause: its act is that of the words quoted.
pub(crate) fn quoted(document: &Document<'_>, context: &Context<'_>, sentence: &Sentence) -> Part {
    let open = (sentence.start..sentence.end)
        .find(|t| matches!(document.tokens[*t].folded.as_str(), "\"" | "«"))
        .map_or(sentence.start, |t| t + 1);
    let mut act = Act::Position;
    let mut rule = "a quotation";
    let mut strength = 2;
    // Only what stands between the marks; without marks, all that follows the introduction.
    let marks: Vec<usize> = (sentence.start..sentence.end)
        .filter(|t| matches!(document.tokens[*t].folded.as_str(), "\"" | "«" | "»"))
        .collect();
    let mut inner: Vec<(usize, usize)> = marks
        .chunks(2)
        .map(|c| (c[0] + 1, c.get(1).copied().unwrap_or(sentence.end)))
        .filter(|(a, b)| a < b)
        .collect();
    // A word in marks within an answer.
    let marked: usize = inner.iter().map(|(a, b)| b - a).sum();
    if marked * 3 < sentence.end - sentence.start && !speech(document, sentence) {
        inner = vec![(sentence.start, sentence.end)];
    } else if inner.is_empty() {
        let colon = (sentence.start..sentence.end).find(|t| document.tokens[*t].is(":"));
        inner.push((colon.map_or(sentence.start, |c| c + 1), sentence.end));
    }
    let spoken = inner
        .into_iter()
        .flat_map(|(a, b)| sentences(&document.tokens, a, b, document.lexicon));
    for (n, (a, b)) in spoken.enumerate() {
        for part in parts(context, a, b) {
            let own = part.kind == Subject::Own;
            if act == Act::Position
                && own
                && (part.act == Act::Commitment && part.strength >= 3
                    || part.act == Act::Invitation
                    || part.act == Act::Reaffirmation)
            {
                act = part.act;
                strength = part.strength;
                rule = part.rule;
            }
            if n == 0 && own && act == Act::Position && matches!(part.act, Act::Welcome) {
                act = part.act;
                strength = part.strength;
                rule = part.rule;
            }
        }
    }
    Part {
        start: sentence.start,
        end: sentence.end,
        act,
        strength,
        subject: (sentence.start, sentence.start),
        kind: Subject::Own,
        rule,
        cue: open.min(sentence.end - 1),
        past: true,
    }
}

/// A verb of speech near its head: the sentence introduces words.
fn speech(document: &Document<'_>, sentence: &Sentence) -> bool {
    /// An introduction before its colon is no longer.
    const INTRODUCTION: usize = 40;
    let stop = sentence.end.min(sentence.start + INTRODUCTION);
    document.holds(sentence.start, stop, "speech")
        || document.tokens[sentence.start..stop]
            .iter()
            .any(|t| t.is(":"))
}
