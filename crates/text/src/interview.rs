//! Interviews: questions that are no part of the text, and the answers to them.
//! Invariant: an answer of somebody whom the text names is one sentence, whatever its length.

use crate::document::{Document, Sentence};
use crate::layout::Role;
use crate::person::Found;

/// A question is no longer, in words.
const QUESTION: usize = 60;

/// Who is asked stands no more blocks above the first question.
const ABOVE: usize = 40;

impl Document<'_> {
    /// Leaves out the questions of an interview and puts each answer together.
    pub(crate) fn interview(&mut self, persons: &[Found]) {
        let questions: Vec<usize> = (0..self.blocks.len()).filter(|i| self.asks(*i)).collect();
        let Some(&first) = questions.first() else {
            return;
        };
        // Headings may ask as well: whoever answers says "we" or "I".
        let spoken = questions
            .iter()
            .zip(questions.iter().skip(1).chain([&usize::MAX]))
            .filter(|(q, next)| self.answered(**q, **next))
            .count();
        let marked = questions.iter().any(|q| self.marked_question(*q));
        if spoken * 2 < questions.len() || questions.len() < if marked { 1 } else { 2 } {
            return;
        }
        // "Q - ...", "R - ...": a ministry answers the press, and nobody is named.
        let who = self.interviewee(first, persons);
        if who.is_none() && !marked {
            return;
        }
        let mut out: Vec<Sentence> = Vec::new();
        let mut answering = false;
        // The answer that has begun.
        let mut open: Option<usize> = None;
        let mut block = 0;
        for sentence in &self.sentences {
            while block <= sentence.block {
                let question = questions.binary_search(&block).is_ok();
                if question || self.blocks[block].role == Role::Heading {
                    answering = question;
                    open = None;
                }
                block += 1;
            }
            if questions.binary_search(&sentence.block).is_ok() {
                continue;
            }
            if let Some(last) = open.and_then(|i| out.get_mut(i)) {
                last.end = sentence.end;
                continue;
            }
            let mut one = sentence.clone();
            if answering {
                one.start = self.after_label(one.start, one.end);
                if who.is_some() {
                    one.speaker = who;
                    one.lead = None;
                    open = Some(out.len());
                }
            }
            out.push(one);
        }
        self.sentences = out;
    }

    /// Between two questions somebody speaks of himself, and is not quoted.
    fn answered(&self, question: usize, next: usize) -> bool {
        let from = self.sentences.partition_point(|s| s.block <= question);
        self.sentences[from..]
            .iter()
            .take_while(|s| s.block < next)
            .any(|s| {
                let words = &self.tokens[s.start..s.end];
                !words
                    .iter()
                    .any(|t| matches!(t.folded.as_str(), "\"" | "«"))
                    && words
                        .iter()
                        .any(|t| self.lexicon.is("first-person", &t.folded))
            })
    }

    /// A block that is a question and nothing else.
    fn asks(&self, block: usize) -> bool {
        let b = &self.blocks[block];
        let text = self.text[b.start..b.end].trim_end_matches(['"', '”', '»', ' ', '\u{a0}', '*']);
        matches!(b.role, Role::Heading | Role::Paragraph | Role::Item)
            && text.ends_with('?')
            && text.split_whitespace().count() <= QUESTION
    }

    /// "Q:", "Q1.", "Question :" before a question.
    fn marked_question(&self, block: usize) -> bool {
        let b = &self.blocks[block];
        let (start, end) = self.token_range(b.start, b.end);
        self.tokens[start..end].first().is_some_and(|t| {
            let number = t.folded.strip_prefix('q');
            t.is("question")
                || t.folded.len() <= 3
                    && number.is_some_and(|n| n.chars().all(|c| c.is_ascii_digit()))
        })
    }

    /// "A:", "R :", "Answer:", "Réponse :" before an answer.
    fn after_label(&self, start: usize, end: usize) -> usize {
        let labelled = start + 2 < end
            && matches!(
                self.tokens[start].folded.as_str(),
                "a" | "r" | "answer" | "reponse"
            )
            && matches!(
                self.tokens[start + 1].folded.as_str(),
                ":" | "." | "-" | "–" | "—"
            );
        start + if labelled { 2 } else { 0 }
    }

    /// Whom the title names, else the first person of the nearest block above the questions.
    fn interviewee(&self, first: usize, persons: &[Found]) -> Option<usize> {
        let titled = self.title_tokens().and_then(|(start, end)| {
            let range: Vec<usize> = (start..end).collect();
            persons.iter().position(|p| self.mentioned(p, &range))
        });
        titled.or_else(|| {
            self.blocks[..first].iter().rev().take(ABOVE).find_map(|b| {
                let (start, end) = self.token_range(b.start, b.end);
                (0..persons.len())
                    .filter(|p| persons[*p].start >= start && persons[*p].end <= end)
                    .min_by_key(|p| persons[*p].start)
            })
        })
    }
}
