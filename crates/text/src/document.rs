//! One document through all stages: tokens, blocks, names, dates, sentences, then the record.
//! Invariant: stages only add; spans of every stage point into the same source.

use crate::calendar::{Date, DateFound};
use crate::clause::{Context, Part, Subject, parts};
use crate::event;
use crate::layout::{Block, Marker, Role, blocks};
use crate::lexicon::Lexicon;
use crate::name::{Meaning, Name, names, side_of};
use crate::party;
use crate::person;
use crate::problem::{Finding, Problem, Span};
use crate::segment::sentences;
use crate::statement::{Act, Clause, Kind, Person, SCHEMA, Series, Statement};
use crate::token::{Token, tokens};
use crate::topic;

/// A sentence, item or quotation of the body.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    /// First token.
    pub(crate) start: usize,
    /// One past the last token.
    pub(crate) end: usize,
    /// Its block.
    pub(crate) block: usize,
    /// The lead-in under which it stands, as a sentence.
    pub(crate) lead: Option<(usize, usize)>,
    /// The person quoted, if it is a quotation: index of the person, or `usize::MAX` when the text does not name one.
    pub(crate) speaker: Option<usize>,
}

/// A text with everything found so far.
pub(crate) struct Document<'a> {
    /// The source.
    pub(crate) text: &'a str,
    /// Its language.
    pub(crate) lexicon: &'static Lexicon,
    /// All tokens.
    pub(crate) tokens: Vec<Token>,
    /// Blocks of the layout.
    pub(crate) blocks: Vec<Block>,
    /// Names.
    pub(crate) names: Vec<Name>,
    /// Dates.
    pub(crate) dates: Vec<DateFound>,
    /// Sentences of the body.
    pub(crate) sentences: Vec<Sentence>,
    /// The date of "BRUSSELS, 5 May 2021 –" at the head of the first paragraph.
    pub(crate) inline_dateline: Option<Date>,
    /// The one year to which dates without one belong.
    pub(crate) year: Option<i32>,
    adopted: bool,
    news: bool,
}

/// What a reading of a text gives.
pub(crate) struct Outcome {
    pub(crate) statement: Statement,
    pub(crate) problems: Vec<Problem>,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Document<'a> {
    fn new(text: &'a str, lexicon: &'static Lexicon) -> Document<'a> {
        let tokens = tokens(text, 0, text.len());
        let blocks = blocks(text, lexicon).blocks;
        let names = names(&tokens);
        let dates = lexicon.calendar.dates(&tokens);
        let mut document = Document {
            text,
            lexicon,
            tokens,
            blocks,
            names,
            dates,
            sentences: Vec::new(),
            inline_dateline: None,
            year: None,
            adopted: false,
            news: false,
        };
        document.year = document.common_year();
        for (name, office) in signatures(&document) {
            document.blocks[name].role = Role::Contact;
            document.blocks[office].role = Role::Furniture;
        }
        document
    }

    /// Tokens that lie in a range of bytes.
    pub(crate) fn token_range(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.tokens.partition_point(|t| t.start < start);
        let to = self.tokens.partition_point(|t| t.start < end);
        (from, to.max(from))
    }

    /// Tokens of the title.
    pub(crate) fn title_tokens(&self) -> Option<(usize, usize)> {
        self.blocks
            .iter()
            .find(|b| b.role == Role::Title)
            .map(|b| self.token_range(b.start, b.end))
    }

    /// The year that dates without one belong to: that of the header, else the first of the text.
    fn common_year(&self) -> Option<i32> {
        let header = self
            .blocks
            .iter()
            .filter(|b| {
                matches!(
                    b.role,
                    Role::Title | Role::Header | Role::Dateline | Role::Furniture
                )
            })
            .find_map(|b| {
                let (start, end) = self.token_range(b.start, b.end);
                self.dates
                    .iter()
                    .filter(|d| d.start >= start && d.end <= end)
                    .find_map(|d| d.from.year)
                    .or_else(|| {
                        (start..end).find_map(|i| self.lexicon.calendar.lone_year(&self.tokens, i))
                    })
            });
        header
            .or_else(|| self.dates.iter().find_map(|d| d.from.year))
            .or_else(|| {
                (0..self.tokens.len())
                    .find_map(|i| self.lexicon.calendar.lone_year(&self.tokens, i))
            })
    }

    /// A date with the document's year filled in.
    pub(crate) fn with_year(&self, mut date: Date) -> Date {
        if date.year.is_none() {
            date.year = self.year;
        }
        date
    }

    /// A date to come, with the first year that is not before the event.
    pub(crate) fn with_year_from(&self, mut date: Date, event: Option<Date>) -> Date {
        if date.year.is_none() {
            date.year = event.and_then(|e| e.year).or(self.year);
            if let (Some(e), Some(y)) = (event, date.year)
                && e.year == Some(y)
                && (date.month, date.day) < (e.month, e.day)
                && date.month < e.month
            {
                date.year = Some(y + 1);
            }
        }
        date
    }

    /// What clause reading needs.
    pub(crate) fn context<'c>(&'c self, parties: &'c [String]) -> Context<'c> {
        Context {
            tokens: &self.tokens,
            lexicon: self.lexicon,
            names: &self.names,
            parties,
            adopted: self.adopted,
            news: self.news,
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        if start >= end {
            ""
        } else {
            &self.text[self.tokens[start].start..self.tokens[end - 1].end]
        }
    }

    /// Cuts the body into sentences, with lead-ins taken off and quotations put together.
    fn segment(&mut self) {
        let mut out: Vec<Sentence> = Vec::new();
        let mut lead: Option<(usize, usize)> = None;
        let mut lead_marker: Option<Marker> = None;
        let body: Vec<usize> = (0..self.blocks.len())
            .filter(|i| matches!(self.blocks[*i].role, Role::Paragraph | Role::Item))
            .collect();
        let first = body.first().copied();
        for (rank, &i) in body.iter().enumerate() {
            let block = self.blocks[i].clone();
            let (mut from, to) = self.token_range(block.start, block.end);
            if Some(i) == first {
                from = self.strip_dateline(from, to);
            }
            if from >= to {
                continue;
            }
            if block.role == Role::Paragraph || lead_marker.is_some() && block.marker == lead_marker
            {
                lead = None;
            }
            let mut cut = sentences(&self.tokens, from, to, self.lexicon);
            // A lead-in: the last sentence, open, with items right after it.
            let following = self.blocks[i + 1..]
                .iter()
                .find(|b| b.role != Role::Furniture);
            let next_item = following.is_some_and(|b| b.role == Role::Item);
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
                lead = Some(found);
                lead_marker = block.marker;
            } else if block.role == Role::Paragraph {
                lead = None;
            }
        }
        self.sentences = out;
    }

    /// A preambular clause: "Recalling that ...", "Alarmed at ...".
    fn preambular(&self, start: usize, end: usize) -> bool {
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
    fn inline_list(
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
            let governs = matches!(
                before.folded.as_str(),
                "to" | "a" | "de" | "following" | "suit" | "suivants" | "suivantes" | "that"
            ) || marked
                || semicolons.len() >= 2;
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

    /// Steps over `BRUSSELS, 11 June 2019 –` and notes its date.
    fn strip_dateline(&mut self, from: usize, to: usize) -> usize {
        let limit = (from + 22).min(to);
        let Some(dash) = (from..limit).find(|i| {
            matches!(self.tokens[*i].folded.as_str(), "–" | "-" | "—") && self.tokens[*i].spaced
                || self.tokens[*i].is(":") && *i < from + 12
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

    /// Puts quotations together with their introductions and finds who speaks.
    fn quotations(&mut self, persons: &[person::Found]) {
        let mut out: Vec<Sentence> = Vec::new();
        let mut last: Option<usize> = None;
        let mut i = 0;
        while i < self.sentences.len() {
            let mut sentence = self.sentences[i].clone();
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
            if quoted >= 6
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
                    while let Some(next) = self.sentences.get(i + 1).cloned() {
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
                        if !(open && (opens || same)) {
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

    fn closes(&self, sentence: &Sentence) -> bool {
        (sentence.start..sentence.end).any(|t| matches!(self.tokens[t].folded.as_str(), "\"" | "»"))
    }

    /// The surname of a person among these tokens.
    fn mentioned(&self, person: &person::Found, range: &[usize]) -> bool {
        let words = crate::token::words(&person.name);
        let Some(surname) = words.iter().max_by_key(|w| w.len()) else {
            return false;
        };
        surname.len() > 3
            && range
                .iter()
                .any(|t| self.tokens[*t].capital && self.tokens[*t].folded == *surname)
    }

    /// Ids of those who act in a part.
    fn actors(&self, part: &Part, parties: &[String], previous: &[String]) -> Vec<String> {
        let all = || {
            if parties.is_empty() {
                vec!["SIGNATORIES".to_owned()]
            } else {
                parties.to_vec()
            }
        };
        let (start, end) = part.subject;
        let collective = (start..end).any(|i| {
            matches!(
                self.tokens[i].folded.as_str(),
                "both"
                    | "we"
                    | "they"
                    | "sides"
                    | "nous"
                    | "elles"
                    | "ils"
                    | "deux"
                    | "participants"
                    | "parties"
                    | "two"
                    | "delegations"
                    | "toutes"
            )
        });
        let singular = (start..end).any(|i| {
            matches!(
                self.tokens[i].folded.as_str(),
                "it" | "she" | "he" | "elle" | "il" | "i" | "je"
            )
        });
        let mut out: Vec<String> = Vec::new();
        if part.kind == Subject::Own || part.act == Act::Report {
            for name in self
                .names
                .iter()
                .filter(|n| n.start >= start && n.end <= end && !n.nested)
            {
                let id = match name.meaning {
                    Meaning::State(id) | Meaning::OfState(id) => Some(id),
                    Meaning::Body(id, "union" | "members" | "group" | "organisation") => Some(id),
                    Meaning::Body(id, kind) if side_of(kind).is_some() => Some(id),
                    Meaning::Place(_, state)
                        if parties.iter().any(|p| p == state) && end - start <= 3 =>
                    {
                        Some(state)
                    }
                    _ => None,
                };
                if let Some(id) = id
                    && !out.iter().any(|o| o == id)
                {
                    out.push(id.to_owned());
                }
            }
        }
        if part.kind == Subject::Own && !collective {
            out.retain(|o| {
                parties.is_empty()
                    || parties.contains(o)
                    || !o.chars().all(|c| c.is_ascii_uppercase())
                    || o.len() > 2
            });
            if !out.is_empty() {
                return out;
            }
            if singular && !previous.is_empty() {
                return previous.to_vec();
            }
        }
        if part.act == Act::Report && part.kind == Subject::Third && !out.is_empty() {
            return out;
        }
        all()
    }
}

fn inside(tokens: &[Token], sentence: &Sentence, at: usize) -> bool {
    let marks = (sentence.start..at)
        .filter(|t| matches!(tokens[*t].folded.as_str(), "\"" | "«" | "»"))
        .count();
    marks % 2 == 1
}

/// Reads a decoded text.
pub(crate) fn read(text: &str, lexicon: &'static Lexicon, name: &str) -> Outcome {
    let mut problems = Vec::new();
    let mut findings = Vec::new();
    let mut document = Document::new(text, lexicon);
    document.segment();
    let persons = {
        let page = person::Page {
            text,
            tokens: &document.tokens,
            names: &document.names,
            lexicon,
        };
        let body: Vec<(usize, usize)> = document
            .blocks
            .iter()
            .filter(|b| matches!(b.role, Role::Paragraph | Role::Item))
            .map(|b| document.token_range(b.start, b.end))
            .collect();
        let contacts: Vec<(usize, usize)> = document
            .blocks
            .iter()
            .filter(|b| b.role == Role::Contact)
            .map(|b| document.token_range(b.start, b.end))
            .collect();
        page.persons(&body, &contacts)
    };
    document.quotations(&persons);
    let kind = kind(&document);
    document.adopted = kind == Kind::Declaration;
    document.news = matches!(kind, Kind::PressRelease | Kind::ExerciseReport);
    let sides: Vec<String> =
        persons
            .iter()
            .filter_map(|p| p.side.clone())
            .fold(Vec::new(), |mut all, s| {
                if !all.contains(&s) {
                    all.push(s);
                }
                all
            });
    let found = party::parties(&document, kind, &sides);
    let published = event::published(&document);
    let past = |s: &Sentence| {
        parts(&document.context(&found.parties), s.start, s.end)
            .first()
            .is_some_and(|p| p.past)
    };
    let (when, held) = event::event(&document, kind, published, &past);
    let (series_id, ordinal) = party::series(&document, &found.parties, kind);
    let reference = held.or(published);
    let next = event::next_meeting(&document, ordinal, series_id.is_some(), reference);
    if let (Some(p), Some(h)) = (published, held)
        && p.order() < h.order()
        && p.year.is_some()
        && h.year.is_some()
    {
        problems.push(Problem { code: "dates-contradict", message: format!("published on {p}, before the meeting of {h} that the text reports; both are kept as printed"), span: None });
    }

    let title = document.title_tokens().map(|(s, e)| {
        document
            .slice(s, e)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    });
    let title = document
        .blocks
        .iter()
        .find(|b| b.role == Role::Title)
        .map(|b| {
            text[b.start..b.end]
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .or(title);
    let points = CodePoints::new(text);
    let clauses = clauses(
        &document,
        kind == Kind::ExerciseReport,
        &found.parties,
        &persons,
        reference,
        &points,
        &mut findings,
    );
    let mentions = mentions(&document);
    if let Some(last) = document.sentences.last()
        && !matches!(
            document.tokens[last.end - 1].folded.as_str(),
            "." | "!" | "?" | ";" | ":" | "\"" | "»" | ")"
        )
        && document.blocks[last.block].role == Role::Paragraph
    {
        problems.push(Problem {
            code: "truncated",
            message: "the text ends in mid-sentence".to_owned(),
            span: None,
        });
    }
    if document.sentences.is_empty() {
        problems.push(Problem {
            code: "no-body",
            message: "no sentence of a body was found".to_owned(),
            span: None,
        });
    }
    let statement = Statement {
        schema: SCHEMA.to_owned(),
        doc: name.to_owned(),
        language: lexicon.code.to_owned(),
        title,
        kind,
        event: when,
        published: published.map(|d| d.to_string()),
        series: Series {
            id: series_id,
            ordinal,
        },
        persons: persons
            .iter()
            .map(|p| Person {
                name: p.name.clone(),
                role: p.role.clone(),
                side: p
                    .side
                    .clone()
                    .or_else(|| (found.parties.len() == 1).then(|| found.parties[0].clone())),
            })
            .collect(),
        parties: found.parties,
        observers: found.observers,
        mentions,
        next_meeting: next,
        statements: clauses,
    };
    Outcome {
        statement,
        problems,
        findings,
    }
}

/// Blocks that hold a name and nothing else, and the block with the office under it: signatures.
fn signatures(document: &Document<'_>) -> Vec<(usize, usize)> {
    document
        .blocks
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| {
            pair.iter().all(|b| {
                matches!(
                    b.role,
                    Role::Header | Role::Heading | Role::Paragraph | Role::Furniture
                )
            })
        })
        .filter_map(|(i, pair)| {
            let (start, end) = document.token_range(pair[0].start, pair[0].end);
            let (next, stop) = document.token_range(pair[1].start, pair[1].end);
            let short = (2..=5).contains(&(end - start)) && stop - next <= 14 && next < stop;
            let names = document.tokens[start..end]
                .iter()
                .all(|t| t.capital || t.hyphened || t.is(".") || t.folded.len() <= 3);
            let office = ["role", "titles"].iter().any(|list| {
                !document
                    .lexicon
                    .list(list)
                    .at(&document.tokens, next, document.lexicon.grammar())
                    .is_empty()
            });
            let known = (start..end).any(|i| {
                document
                    .names
                    .iter()
                    .any(|n| n.start <= i && i < n.end && !matches!(n.meaning, Meaning::Place(..)))
            });
            (short && names && office && !known).then_some((i, i + 1))
        })
        .collect()
}

/// Offsets in code points for offsets in bytes.
pub(crate) struct CodePoints(Vec<u32>);

impl CodePoints {
    /// Counts once.
    pub(crate) fn new(text: &str) -> CodePoints {
        let mut counts = vec![0u32; text.len() + 1];
        let mut n = 0;
        for (i, b) in text.bytes().enumerate() {
            counts[i] = n;
            if b & 0xC0 != 0x80 {
                counts[i] = n;
                n += 1;
            }
        }
        counts[text.len()] = n;
        CodePoints(counts)
    }

    /// The code point at a byte.
    pub(crate) fn at(&self, byte: usize) -> usize {
        self.0.get(byte).map_or(0, |n| *n as usize)
    }
}

fn clauses(
    document: &Document<'_>,
    exercise: bool,
    parties: &[String],
    persons: &[person::Found],
    event: Option<Date>,
    points: &CodePoints,
    findings: &mut Vec<Finding>,
) -> Vec<Clause> {
    let context = document.context(parties);
    let mut out: Vec<Clause> = Vec::new();
    let mut previous: Vec<String> = parties.to_vec();
    let mut last_topics: Vec<&'static str> = Vec::new();
    let mut last_block = usize::MAX;
    for (sentence_rank, sentence) in document.sentences.iter().enumerate() {
        let same_paragraph = last_block == sentence.block;
        last_block = sentence.block;
        let mut first_part = true;
        let mut cut = parts(&context, sentence.start, sentence.end);
        if let Some(lead) = sentence.lead {
            under_lead(document, &context, lead, &mut cut);
        }
        let mut speaker = None;
        if let Some(who) = sentence.speaker {
            cut = vec![quoted(document, &context, sentence)];
            speaker = Some(persons.get(who));
        }
        for part in cut {
            let (start, end) = (part.start, part.end);
            if start >= end {
                continue;
            }
            let (from, to) = (document.tokens[start].start, document.tokens[end - 1].end);
            let actors = match speaker {
                Some(Some(p)) => vec![
                    p.side
                        .clone()
                        .or_else(|| (parties.len() == 1).then(|| parties[0].clone()))
                        .unwrap_or_else(|| previous.first().cloned().unwrap_or_default()),
                ],
                _ => document.actors(&part, parties, &previous),
            };
            if part.kind == Subject::Own && actors.len() <= 1 {
                previous.clone_from(&actors);
            }
            let mut found = topic::topics(&document.tokens[start..end], document.lexicon);
            let process = (start..end).any(|i| {
                !document
                    .lexicon
                    .list("process")
                    .at(&document.tokens[..end], i, document.lexicon.grammar())
                    .is_empty()
            });
            // What a meeting was about is said elsewhere than where it says that it was held.
            if process
                && part.act == Act::Report
                && part.kind != Subject::Third
                && found.len() <= 3
                && meeting_fact(document, start, end)
            {
                found.clear();
            }
            let about: Vec<&'static str> = if found.is_empty() {
                let inherited = if first_part {
                    around(document, sentence, sentence_rank)
                } else {
                    last_topics.clone()
                };
                if exercise && !process {
                    vec!["exercises"]
                } else if process || sentence.speaker.is_some() && inherited.is_empty() {
                    Vec::new()
                } else if inherited.is_empty() && same_paragraph && !last_topics.is_empty() {
                    last_topics.clone()
                } else {
                    inherited
                }
            } else {
                found.iter().map(|(t, _)| *t).collect()
            };
            let topics = topic::recorded(&about);
            first_part = false;
            last_topics = about.into_iter().take(2).collect();
            let due = if part.act == Act::Commitment || part.act == Act::Invitation {
                event::due(document, start, end, event).map(|d| d.to_string())
            } else {
                None
            };
            let id = format!("s{:02}", out.len() + 1);
            let span = Span {
                start: points.at(from),
                end: points.at(to),
            };
            let cue = &document.tokens[part.cue.min(document.tokens.len() - 1)];
            findings.push(Finding {
                what: format!("act of {id}"),
                rule: part.rule.to_owned(),
                cue: document.text[cue.start..cue.end].to_owned(),
                span: Span {
                    start: points.at(cue.start),
                    end: points.at(cue.end),
                },
                confidence: confidence(&part),
            });
            for (t, at) in found.iter().take(5) {
                let token = &document.tokens[start + at];
                findings.push(Finding {
                    what: format!("topic {t} of {id}"),
                    rule: "topics".to_owned(),
                    cue: document.text[token.start..token.end].to_owned(),
                    span: Span {
                        start: points.at(token.start),
                        end: points.at(token.end),
                    },
                    confidence: 0.8,
                });
            }
            out.push(Clause {
                id,
                start: span.start,
                end: span.end,
                text: document.text[from..to].to_owned(),
                act: part.act,
                actors,
                topics,
                strength: part.strength,
                due,
                beneficiary: None,
                speaker: speaker
                    .map(|s| s.map_or_else(String::new, |p| p.name.clone()))
                    .filter(|s| !s.is_empty()),
            });
        }
    }
    out
}

/// A clause that tells that a meeting was held, who led it, who came.
fn meeting_fact(document: &Document<'_>, start: usize, end: usize) -> bool {
    let dated = document
        .dates
        .iter()
        .any(|d| d.start >= start && d.end <= end && d.from.day.is_some());
    let led = (start..end).any(|i| {
        matches!(
            document.tokens[i].folded.as_str(),
            "chaired"
                | "led"
                | "headed"
                | "attended"
                | "presided"
                | "coprésidée"
                | "presidee"
                | "copresidee"
                | "preside"
                | "participe"
                | "assiste"
                | "participated"
                | "part"
                | "joined"
                | "represented"
                | "representait"
                | "hosted"
                | "alternated"
                | "met"
                | "convened"
                | "conclusion"
                | "chair"
                | "rencontres"
        )
    });
    dated || led
}

/// Topics of what stands around a clause that names none: its lead-in, the heading above it.
fn around(document: &Document<'_>, sentence: &Sentence, rank: usize) -> Vec<&'static str> {
    let topics = |start: usize, end: usize| -> Vec<&'static str> {
        topic::topics(&document.tokens[start..end], document.lexicon)
            .into_iter()
            .map(|(t, _)| t)
            .take(2)
            .collect()
    };
    if let Some((start, end)) = sentence.lead {
        let found = topics(start, end);
        if !found.is_empty() {
            return found;
        }
    }
    // "This", "such", "it": the sentence before in the same paragraph.
    let anaphoric = (sentence.start..sentence.end.min(sentence.start + 30))
        .any(|i| document.lexicon.is("anaphora", &document.tokens[i].folded));
    if anaphoric && rank > 0 && document.sentences[rank - 1].block == sentence.block {
        let before = &document.sentences[rank - 1];
        let found = topics(before.start, before.end);
        if !found.is_empty() {
            return found;
        }
    }
    for block in document.blocks[..sentence.block].iter().rev() {
        if block.role == Role::Heading {
            let (start, end) = document.token_range(block.start, block.end);
            return topics(start, end);
        }
        if matches!(block.role, Role::Title | Role::Dateline) {
            break;
        }
    }
    Vec::new()
}

fn confidence(part: &Part) -> f32 {
    match (part.rule, part.kind) {
        (
            "no cue"
            | "no verb"
            | "a fact"
            | "a statement in the present"
            | "a judgment with a modal",
            _,
        ) => 0.5,
        (_, Subject::Own) => 0.95,
        (_, Subject::Talks) => 0.8,
        _ => 0.7,
    }
}

/// An item takes the act of its lead-in, unless it has a subject and an act of its own.
fn under_lead(
    document: &Document<'_>,
    context: &Context<'_>,
    lead: (usize, usize),
    cut: &mut Vec<Part>,
) {
    let Some(first) = cut.first() else { return };
    let Some(governing) = governing(document, context, lead, first.start, first.end) else {
        return;
    };
    let Some(first) = cut.first().cloned() else {
        return;
    };
    let last = (lead.0..lead.1)
        .rev()
        .find(|i| document.tokens[*i].is_word())
        .unwrap_or(lead.0);
    let opens = matches!(
        document.tokens[last].folded.as_str(),
        "to" | "a" | "de" | "d"
    );
    let has_verb = governing.rule != "no verb";
    let own =
        first.kind == Subject::Own && first.subject.1 > first.subject.0 && first.rule != "no verb";
    let explicit = !matches!(
        first.rule,
        "no verb" | "no cue" | "a statement in the present" | "a fact" | "a judgment with a modal"
    );
    // "The representatives:" with items that bring their own verbs; operative clauses of a resolution.
    if !has_verb && explicit
        || own && explicit && !opens
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
    let hedged = (first.start..(first.start + 4).min(first.end)).any(|i| {
        matches!(
            document.tokens[i].folded.as_str(),
            "explore"
                | "consider"
                | "examine"
                | "exploring"
                | "considering"
                | "etudier"
                | "explorer"
                | "envisager"
                | "examiner"
                | "study"
                | "assess"
        )
    });
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
    let length = stop - lead.0;
    let mut joined: Vec<Token> = document.tokens[lead.0..stop].to_vec();
    joined.extend_from_slice(&document.tokens[start..end.min(start + 10)]);
    let names = names(&joined);
    let whole = Context {
        tokens: &joined,
        lexicon: document.lexicon,
        names: &names,
        parties: context.parties,
        adopted: context.adopted,
        news: context.news,
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
            if shifted.rule == "no verb" || shifted.act == Act::Report && a.act != Act::Report =>
        {
            Some(a)
        }
        _ => Some(shifted),
    }
}

/// A quotation is one clause: its act is that of the words quoted.
fn quoted(document: &Document<'_>, context: &Context<'_>, sentence: &Sentence) -> Part {
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
    if inner.is_empty() {
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

/// Bodies, instruments and initiatives named in the body.
fn mentions(document: &Document<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let ranges: Vec<(usize, usize)> = document
        .blocks
        .iter()
        .filter(|b| {
            matches!(
                b.role,
                Role::Paragraph | Role::Item | Role::Title | Role::Heading
            )
        })
        .map(|b| document.token_range(b.start, b.end))
        .collect();
    for name in &document.names {
        if !ranges
            .iter()
            .any(|(s, e)| name.start >= *s && name.end <= *e)
        {
            continue;
        }
        let inside_instrument = name.nested
            && matches!(name.meaning, Meaning::Body(_, "instrument"))
            && document.names.iter().any(|n| {
                n.start <= name.start
                    && n.end >= name.end
                    && n.end - n.start > name.end - name.start
                    && matches!(n.meaning, Meaning::Body(_, "instrument"))
                    && !matches!(n.meaning, Meaning::Body("BUDAPEST-2AP" | "BUDAPEST-1AP", _))
            });
        if inside_instrument {
            continue;
        }
        if let Meaning::Body(id, kind) = name.meaning
            && !matches!(kind, "union" | "members")
            && !out.iter().any(|o| o == id)
        {
            out.push(id.to_owned());
        }
    }
    out
}

/// Whether the title calls the text the report of a group that meets.
fn group_report(document: &Document<'_>) -> bool {
    document.title_tokens().is_some_and(|(s, e)| {
        document.tokens[s..e].windows(3).any(|w| {
            w[0].is("working") && w[1].is("group") || w[0].is("groupe") && w[2].is("travail")
        })
    }) || document
        .blocks
        .iter()
        .filter(|b| b.role == Role::Header)
        .any(|b| {
            let (s, e) = document.token_range(b.start, b.end);
            document.tokens[s..e].windows(3).any(|w| {
                w[0].is("groupe") && w[2].is("travail") || w[0].is("working") && w[1].is("group")
            })
        })
}

/// The genre, first that fits.
fn kind(document: &Document<'_>) -> Kind {
    let listed = |list: &str, start: usize, end: usize| {
        (start..end)
            .filter(|i| {
                !document
                    .lexicon
                    .list(list)
                    .at(&document.tokens[..end], *i, document.lexicon.grammar())
                    .is_empty()
            })
            .count()
    };
    let title = document
        .title_tokens()
        .map_or(0, |(s, e)| listed("exercise", s, e));
    let opening: usize = document
        .sentences
        .iter()
        .take(4)
        .map(|s| listed("exercise", s.start, s.end))
        .sum();
    let total: usize = document
        .sentences
        .iter()
        .map(|s| listed("exercise", s.start, s.end).min(1))
        .sum();
    let n = document.sentences.len().max(1);
    if title > 0 || opening >= 2 && total * 4 >= n {
        return Kind::ExerciseReport;
    }
    let we = document
        .sentences
        .iter()
        .filter(|s| s.speaker.is_none())
        .filter(|s| {
            let mut open = false;
            (s.start..s.end).any(|i| {
                if matches!(document.tokens[i].folded.as_str(), "\"" | "«" | "»") {
                    open = !open;
                }
                !open
                    && matches!(
                        document.tokens[i].folded.as_str(),
                        "we" | "our" | "nous" | "notre" | "nos"
                    )
            })
        })
        .count();
    let quotes = document
        .sentences
        .iter()
        .filter(|s| s.speaker.is_some())
        .count();
    let resolution = document
        .sentences
        .iter()
        .filter(|s| document.tokens[s.end - 1].is(";"))
        .count();
    if we * 10 >= n * 3 && we >= 2 && quotes * 4 <= n || resolution * 2 >= n && n >= 5 {
        return Kind::Declaration;
    }
    if quotes > 0 {
        return Kind::PressRelease;
    }
    let collective: usize = document
        .sentences
        .iter()
        .filter(|s| {
            listed("collective", s.start, s.end) > 0
                || (s.start..(s.start + 3).min(s.end)).any(|i| {
                    matches!(
                        document.tokens[i].folded.as_str(),
                        "they" | "elles" | "ils" | "toutes"
                    )
                })
        })
        .count();
    if collective * 8 >= n || n > 6 && collective >= 2 {
        return Kind::DialogueStatement;
    }
    let series = document
        .title_tokens()
        .is_some_and(|(s, e)| listed("series", s, e) > 0);
    let joint = document.title_tokens().is_some_and(|(s, e)| {
        document.tokens[s..e].windows(2).any(|w| {
            w[0].is("joint")
                && (w[1].is("statement") || w[1].is("elements") || w[1].is("declaration"))
                || w[0].folded.starts_with("elements") && w[1].folded.starts_with("communs")
                || w[1].is("conjoint")
                || w[1].is("conjointe")
        })
    });
    if series || joint || group_report(document) {
        Kind::DialogueStatement
    } else {
        Kind::PressRelease
    }
}
