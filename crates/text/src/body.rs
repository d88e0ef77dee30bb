//! From blocks to the sentences of the body: datelines and lead-ins taken off, lists taken apart.
//! Invariant: a lead-in is no sentence; each of its items is one.

use crate::document::{Document, Sentence};
use crate::layout::{Marker, Role};
use crate::name::Meaning;
use crate::segment::sentences;

/// So many paragraphs at least open with a heading before any of them counts as one.
const RUN_IN: usize = 3;

impl<'a> Document<'a> {
    /// Cuts the body into sentences, with lead-ins taken off and quotations put together.
    pub(crate) fn segment(&mut self) {
        let mut out: Vec<Sentence> = Vec::new();
        let mut lead: Option<(usize, usize)> = None;
        let mut lead_marker: Option<Marker> = None;
        // What governs the items around a list within a list.
        let mut outer: Option<(usize, usize)> = None;
        let body: Vec<usize> = (0..self.blocks.len())
            .filter(|i| matches!(self.blocks[*i].role, Role::Paragraph | Role::Item))
            .collect();
        let first = body.first().copied();
        let run_in = body
            .iter()
            .map(|i| self.token_range(self.blocks[*i].start, self.blocks[*i].end))
            .filter(|(from, to)| self.run_in_heading(*from, *to).is_some())
            .take(RUN_IN)
            .count()
            == RUN_IN;
        // "Decisions" above items that say what they are.
        let mut headed: Option<(usize, usize)> = None;
        let mut seen = 0;
        for (rank, &i) in body.iter().enumerate() {
            let block = self.blocks[i].clone();
            if let Some(above) = self.blocks[seen..i]
                .iter()
                .rfind(|b| b.role == Role::Heading)
                .map(|b| self.token_range(b.start, b.end))
            {
                if lead == headed {
                    lead = None;
                }
                headed = Some(above).filter(|(s, e)| {
                    e - s <= 8
                        && self.holds(*s, *e, "promising")
                        && !crate::layout::finite(&self.tokens[*s..*e], self.lexicon)
                });
            }
            seen = i;
            let (mut from, to) = self.token_range(block.start, block.end);
            if Some(i) == first {
                from = self.strip_dateline(from, to);
            }
            from = self.strip_bold(from, to);
            if from >= to {
                continue;
            }
            if block.role == Role::Paragraph {
                lead = None;
                outer = None;
                headed = None;
            } else if lead.is_none() && headed.is_some() {
                lead = headed;
                lead_marker = None;
            } else if lead_marker.is_some() && block.marker == lead_marker {
                lead = outer.take();
                lead_marker = None;
            }
            // "Deterrence. The two sides condemned": one of several headings that run in.
            if run_in && let Some(after) = self.run_in_heading(from, to) {
                from = after;
            }
            let mut cut = sentences(&self.tokens, from, to, self.lexicon);
            // "III. Internet governance. The two sides supported": a heading that runs in.
            if cut.len() > 1
                && matches!(
                    block.marker,
                    Some(
                        Marker::Number
                            | Marker::Bracketed
                            | Marker::Roman
                            | Marker::Letter
                            | Marker::Decimal
                    )
                )
                && cut.first().is_some_and(|&(a, b)| {
                    b - a <= 8
                        && self.tokens[b - 1].is(".")
                        && (a..b).all(|i| {
                            self.lexicon.is("nouny", &self.tokens[i].folded)
                                || !crate::layout::finite(&self.tokens[i..=i], self.lexicon)
                        })
                })
            {
                cut.remove(0);
            }
            // A lead-in: the last sentence, open, with items right after it.
            let following = self.blocks[i + 1..]
                .iter()
                .find(|b| b.role != Role::Furniture);
            // "We endorse the following principles:", a heading, then the principles.
            let headed = following.is_some_and(|b| b.role == Role::Heading)
                && self.tokens[to - 1].is(":")
                && (from..to)
                    .rev()
                    .take(8)
                    .any(|t| self.lexicon.is("heralds", &self.tokens[t].folded))
                && body
                    .get(rank + 1)
                    .is_some_and(|n| self.blocks[*n].role == Role::Item);
            let next_item = headed || following.is_some_and(|b| b.role == Role::Item);
            let preamble = cut.last().is_some_and(|(a, b)| self.preambular(*a, *b));
            let last = &self.tokens[to - 1];
            let open =
                !preamble && (last.is(":") || last.is(",") || last.is("–") || last.is_word());
            // Operative clauses that are paragraphs of their own.
            let next_clause = body.get(rank + 1).is_some_and(|n| {
                let b = &self.blocks[*n];
                *n == i + 1
                    && b.role == Role::Paragraph
                    && self.text[b.start..b.end].trim_end().ends_with([';', ','])
            });
            let mut lead_in = None;
            let sub_item =
                block.role == Role::Item && following.is_some_and(|b| b.marker != block.marker);
            // "We, the Ministers, on the occasion of the Conference;", then "RECALLING ...": who speaks, and no clause yet.
            let speakers = Some(i) == first
                && cut.len() == 1
                && (last.is(";") || last.is(","))
                && matches!(self.tokens[from].folded.as_str(), "we" | "nous")
                && self.tokens[from + 1].is(",")
                // "We, the Ministers, gathered in Abidjan on 24 July;" tells of a meeting.
                && !(from..to).any(|k| self.lexicon.is("assembled", &self.tokens[k].folded))
                && body.get(rank + 1).is_some_and(|n| {
                    let b = &self.blocks[*n];
                    let (a, z) = self.token_range(b.start, b.end);
                    z > a + 1 && self.preambular(a, z)
                });
            if speakers {
                continue;
            }
            if open
                && (next_item || next_clause && (last.is(":") || last.is(",")))
                && (block.role == Role::Paragraph || sub_item)
            {
                lead_in = cut.pop();
            }
            for (n, (a, b)) in cut.into_iter().enumerate() {
                let under = if block.role == Role::Item && n == 0 {
                    lead
                } else {
                    None
                };
                for (a, b) in self.inline_list(a, b, i, under, &mut out) {
                    out.push(Sentence {
                        start: a,
                        end: b,
                        block: i,
                        lead: under,
                        speaker: None,
                    });
                }
            }
            if let Some(found) = lead_in {
                outer = lead.filter(|_| block.role == Role::Item);
                // "To continue cooperation on:" says no more than what governs it.
                let open = outer.filter(|_| self.infinitive(found.0, found.1));
                lead = open.or(Some(found));
                lead_marker = block.marker;
            } else if block.role == Role::Paragraph {
                lead = None;
            }
        }
        self.sentences = out;
    }

    /// Past a heading that opens a paragraph: a few words without a verb, a full stop, and a sentence after it.
    fn run_in_heading(&self, from: usize, to: usize) -> Option<usize> {
        /// Such a heading has no more tokens.
        const HEADING: usize = 10;
        let stop = (from..to.min(from + HEADING)).find(|i| self.tokens[*i].is("."))?;
        let next = self.tokens.get(stop + 1).filter(|_| stop + 1 < to)?;
        let words = stop - from;
        let plain = self.tokens[from].capital
            && !self.tokens[from].upper
            && (from..stop).all(|i| {
                self.tokens[i].is_word()
                    && (self.lexicon.is("nouny", &self.tokens[i].folded)
                        || !crate::layout::finite(&self.tokens[i..=i], self.lexicon))
            });
        // "M. Dupont", "Dr. Tan": no heading ends in an abbreviation.
        let short = self.tokens[stop.saturating_sub(1)].folded.len() <= 3;
        (plain && words > 0 && !short && next.spaced && next.capital).then_some(stop + 1)
    }

    /// Begins with "to" or with a verb that has no subject.
    pub(crate) fn infinitive(&self, start: usize, end: usize) -> bool {
        use crate::inflect::shape;
        let first = (start..end).find(|i| self.tokens[*i].is_word());
        first.is_some_and(|i| {
            let word = &self.tokens[i].folded;
            word == "to" || self.lexicon.verbs.shapes(word) & (shape::INF | shape::GER) != 0
        })
    }

    /// A preambular clause: "Recalling that ...", "Alarmed at ...".
    pub(crate) fn preambular(&self, start: usize, end: usize) -> bool {
        use crate::inflect::shape;
        let mut at = start;
        while at + 1 < end && self.lexicon.is("reflexives", &self.tokens[at].folded) {
            at += 1;
        }
        self.tokens[at].capital
            && !self.tokens[end - 1].is(":")
            && !self
                .lexicon
                .acts
                .at(&self.tokens, at, self.lexicon.grammar())
                .is_empty()
            && self.lexicon.verbs.shapes(&self.tokens[at].folded) & (shape::PRES | shape::INF) == 0
    }

    /// Takes apart `They agreed to: (a) ...; (b) ...`; gives back what is left to be a sentence.
    pub(crate) fn inline_list(
        &self,
        start: usize,
        end: usize,
        block: usize,
        under: Option<(usize, usize)>,
        out: &mut Vec<Sentence>,
    ) -> Vec<(usize, usize)> {
        let semicolons: Vec<usize> = (start..end).filter(|i| self.tokens[*i].is(";")).collect();
        let colon = (start..end).find(|i| self.tokens[*i].is(":"));
        if let Some(colon) = colon
            && semicolons.iter().filter(|s| **s > colon).count() >= 1
            && colon - start >= 2
            && colon + 1 < end
        {
            let marked = self.tokens[colon + 1].is("(")
                || self.tokens[colon + 1].form == crate::token::Form::Number;
            let before = &self.tokens[colon - 1];
            // Bare nouns, "including: (i) threats; (ii) policies", stay with their sentence.
            let verbal = self.tokens[colon + 1..end]
                .iter()
                .filter(|t| t.is_word() && t.folded.len() > 3)
                .take(1)
                .any(|t| {
                    use crate::inflect::shape;
                    self.lexicon.verbs.shapes(&t.folded)
                        & (shape::INF | shape::GER | shape::PRES | shape::PAST)
                        != 0
                })
                || !matches!(
                    before_colon(&self.tokens, colon),
                    "including" | "include" | "includes" | "included" | "notamment" | "comme"
                );
            let governs = verbal
                && (matches!(
                    before.folded.as_str(),
                    "to" | "a" | "de" | "following" | "suit" | "suivants" | "suivantes" | "that"
                ) || marked
                    || semicolons.len() >= 2);
            if governs {
                let mut from = colon + 1;
                let mut stops: Vec<usize> = semicolons
                    .into_iter()
                    .filter(|s| *s > colon)
                    .map(|s| s + 1)
                    .collect();
                stops.push(end);
                for stop in stops {
                    let mut a = from;
                    while a < stop
                        && matches!(
                            self.tokens[a].folded.as_str(),
                            "and" | "et" | "ainsi" | "que"
                        )
                        && a < from + 2
                    {
                        a += 1;
                    }
                    if self.tokens.get(a).is_some_and(|t| t.is("("))
                        && self.tokens.get(a + 2).is_some_and(|t| t.is(")"))
                    {
                        a += 3;
                    } else if self.tokens.get(a + 1).is_some_and(|t| t.is(")")) {
                        a += 2;
                    }
                    if a < stop {
                        out.push(Sentence {
                            start: a,
                            end: stop,
                            block,
                            lead: Some((start, colon + 1)),
                            speaker: None,
                        });
                    }
                    from = stop;
                }
                return Vec::new();
            }
        }
        let _ = under;
        vec![(start, end)]
    }

    /// Steps over `**Resilience.**`, a heading in bold that runs in; a bold word of the sentence itself stays.
    fn strip_bold(&self, from: usize, to: usize) -> usize {
        let Some(first) = self.tokens.get(from) else {
            return from;
        };
        let mark = ["**", "__"]
            .into_iter()
            .find(|m| self.text[..first.start].ends_with(m));
        let Some(mark) = mark else { return from };
        let limit = (from + 14).min(to);
        // The token after the closing mark.
        let after = (from + 1..limit).find(|i| {
            self.text[self.tokens[i - 1].end..self.tokens[*i].start].contains(mark)
                || self.tokens[i - 1].is("*") && self.tokens[*i].spaced
        });
        let Some(after) = after else { return from };
        let ended =
            |i: usize| matches!(self.tokens[i].folded.as_str(), "." | ":" | "–" | "—" | "-");
        let closing = (from..after).rev().find(|i| !self.tokens[*i].is("*"));
        if ended(after) && after + 1 < to {
            return after + 1;
        }
        if closing.is_some_and(ended) {
            after
        } else {
            from
        }
    }

    /// Steps over `BRUSSELS, 11 June 2019 –` and notes its date.
    pub(crate) fn strip_dateline(&mut self, from: usize, to: usize) -> usize {
        let limit = (from + 22).min(to);
        let Some(dash) = (from..limit).find(|i| {
            matches!(self.tokens[*i].folded.as_str(), "–" | "-" | "—") && self.tokens[*i].spaced
                || self.tokens[*i].is(":")
                    && *i < from + 12
                    // "commencing at 9:30": a time of day.
                    && self.tokens.get(*i + 1).is_none_or(|t| t.spaced)
        }) else {
            return from;
        };
        if dash < from + 1 || dash + 3 > to {
            return from;
        }
        let date = self
            .dates
            .iter()
            .find(|d| d.start >= from && d.end <= dash)
            .copied();
        let place = self.names.iter().any(|n| {
            n.start == from && matches!(n.meaning, Meaning::Place(..) | Meaning::State(_))
        }) || self.tokens[from].upper;
        let words = (from..dash).filter(|i| self.tokens[*i].is_word()).count();
        let covered = date.map_or(0, |d| d.end - d.start);
        if (date.is_some() && words.saturating_sub(covered) <= 5 && !self.tokens[dash].is(":"))
            || (date.is_some() && place && words <= covered + 4)
            || (place && words <= 4 && !self.tokens[dash].is(":"))
        {
            if let Some(d) = date {
                self.inline_dateline = Some(self.with_year(d.from));
            }
            return dash + 1;
        }
        from
    }
}

/// The word before a colon.
fn before_colon(tokens: &[crate::token::Token], colon: usize) -> &str {
    colon
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .map_or("", |t| t.folded.as_str())
}
