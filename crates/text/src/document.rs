//! One document and what the stages have found in it so far.
//! Invariant: stages only add; spans of every stage point into the same source.

use crate::calendar::{Date, DateFound};
use crate::context::Context;
use crate::layout::{Block, Role, blocks};
use crate::lexicon::Lexicon;
use crate::name::{Meaning, Name, abbreviated, names, near};
use crate::roster::roster;
use crate::token::{Token, tokens};

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
    /// Blocks that list those who came, one delegation each.
    pub(crate) roster: Vec<usize>,
    /// The date of "BRUSSELS, 5 May 2021 –" at the head of the first paragraph.
    pub(crate) inline_dateline: Option<Date>,
    /// The one year to which dates without one belong.
    pub(crate) year: Option<i32>,
    /// See [`Context`].
    pub(crate) families: Vec<String>,
    /// See [`Context`].
    pub(crate) adopted: bool,
    /// See [`Context`].
    pub(crate) news: bool,
}

impl<'a> Document<'a> {
    pub(crate) fn new(text: &'a str, lexicon: &'static Lexicon) -> Document<'a> {
        let mut tokens = tokens(text, 0, text.len());
        lexicon.mark(&mut tokens);
        let blocks = blocks(text, lexicon).blocks;
        let names = abbreviated(names(&tokens), &tokens);
        let dates = lexicon.calendar.dates(&tokens);
        let mut document = Document {
            text,
            lexicon,
            tokens,
            blocks,
            names,
            dates,
            sentences: Vec::new(),
            roster: Vec::new(),
            inline_dateline: None,
            year: None,
            families: Vec::new(),
            adopted: false,
            news: false,
        };
        document.year = document.common_year();
        document.roster = roster(&document);
        // The line that says what the list is goes with its rows.
        let label = document.roster.first().and_then(|row| row.checked_sub(1));
        for row in document.roster.iter().copied().chain(label) {
            if document.blocks[row].role != Role::Title {
                document.blocks[row].role = Role::Header;
            }
        }
        for i in 1..document.blocks.len() {
            if goes_on_signing(&document, i) {
                document.blocks[i].role = Role::Furniture;
            }
        }
        for name in reachable(&document) {
            document.blocks[name].role = Role::Contact;
        }
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

    /// Names that may touch a range of tokens.
    pub(crate) fn near(&self, start: usize, end: usize) -> std::slice::Iter<'_, Name> {
        near(&self.names, start, end).iter()
    }

    /// Dates that lie in a range of tokens.
    pub(crate) fn dates_in(&self, start: usize, end: usize) -> impl Iterator<Item = &DateFound> {
        let from = self.dates.partition_point(|d| d.start < start);
        self.dates[from..]
            .iter()
            .take_while(move |d| d.start < end)
            .filter(move |d| d.end <= end)
    }

    /// Tokens of the title.
    pub(crate) fn title_tokens(&self) -> Option<(usize, usize)> {
        self.blocks
            .iter()
            .find(|b| b.role == Role::Title)
            .map(|b| self.token_range(b.start, b.end))
    }

    /// What introduces the first sentences without being one: "We, the Ministers ..., meeting in ...," before recitals.
    pub(crate) fn preamble(&self) -> Vec<Sentence> {
        let Some(first) = self.sentences.first() else {
            return Vec::new();
        };
        self.blocks[..first.block]
            .iter()
            .enumerate()
            .filter(|(_, b)| matches!(b.role, Role::Paragraph | Role::Item))
            .map(|(block, b)| {
                let (start, end) = self.token_range(b.start, b.end);
                Sentence {
                    start,
                    end,
                    block,
                    lead: None,
                    speaker: None,
                }
            })
            .filter(|s| s.end > s.start)
            .collect()
    }

    /// The year that dates without one belong to: that of the header, else the first of the text.
    pub(crate) fn common_year(&self) -> Option<i32> {
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
            families: &self.families,
            adopted: self.adopted,
            news: self.news,
            meeting: self.meeting().filter(|_| !self.adopted),
        }
    }

    /// The process that the title names, where it calls it a meeting: a text adopted at one is not told by it.
    fn meeting(&self) -> Option<&'static str> {
        let (start, end) = self.title_tokens()?;
        self.near(start, end)
            .filter(|n| n.start >= start && n.end <= end)
            .find_map(|n| match n.meaning {
                Meaning::Body(id, "process") => Some(id),
                _ => None,
            })
    }

    /// Whether a range of tokens holds a wording of a list.
    pub(crate) fn holds(&self, start: usize, end: usize, list: &str) -> bool {
        let list = self.lexicon.list(list);
        let here = &self.tokens[..end];
        (start..end).any(|i| !list.at(here, i, self.lexicon.grammar()).is_empty())
    }

    /// What follows a label in the head of a page: "Participants: Benin, Ghana, Togo".
    pub(crate) fn labelled(&self, list: &str) -> Option<(usize, usize)> {
        let first = self.sentences.first()?.start;
        self.blocks
            .iter()
            .map(|b| self.token_range(b.start, b.end))
            .take_while(|(_, end)| *end <= first)
            .find_map(|(start, end)| {
                let list = self.lexicon.list(list);
                let found = list.at(&self.tokens[..end], start, self.lexicon.grammar());
                found.first().map(|f| (f.end, end))
            })
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        if start >= end {
            ""
        } else {
            &self.text[self.tokens[start].start..self.tokens[end - 1].end]
        }
    }
}

/// "Pour le Gouvernement", then "de la République française": for whom somebody signs, over two lines.
fn goes_on_signing(document: &Document<'_>, block: usize) -> bool {
    let tokens = |i: usize| {
        let b = &document.blocks[i];
        let (start, end) = document.token_range(b.start, b.end);
        &document.tokens[start..end]
    };
    let first = |i: usize| tokens(i).first().map_or("", |t| t.folded.as_str());
    document.blocks[block].role == Role::Paragraph
        && document.blocks[block - 1].role == Role::Furniture
        && matches!(first(block - 1), "pour" | "for")
        && matches!(first(block), "de" | "du" | "des" | "d" | "of")
        && tokens(block).len() <= 20
        && !crate::layout::finite(tokens(block), document.lexicon)
}

/// "Jane Doe", "Media Adviser", "+372 5300 0000": a name on a line of its own, some lines above how to reach it.
fn reachable(document: &Document<'_>) -> Vec<usize> {
    /// Office, department and address stand between.
    const BETWEEN: usize = 4;
    let blocks = &document.blocks;
    let last = blocks
        .iter()
        .rposition(|b| matches!(b.role, Role::Paragraph | Role::Item));
    let after = last.map_or(blocks.len(), |i| i + 1);
    (after..blocks.len())
        .filter(|i| {
            let b = &blocks[*i];
            let (start, end) = document.token_range(b.start, b.end);
            matches!(b.role, Role::Furniture | Role::Heading)
                && (2..=4).contains(&(end - start))
                && document.tokens[start..end]
                    .iter()
                    .all(|t| t.capital || t.hyphened)
                && blocks[i + 1..]
                    .iter()
                    .take(BETWEEN)
                    .find(|b| {
                        let (start, end) = document.token_range(b.start, b.end);
                        b.role == Role::Contact || end - start > 12
                    })
                    .is_some_and(|b| b.role == Role::Contact)
        })
        .collect()
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
            let numbered = document.tokens[start]
                .folded
                .chars()
                .all(|c| matches!(c, 'i' | 'v' | 'x'))
                || document.tokens[start].form == crate::token::Form::Number;
            let names = document.tokens[start..end]
                .iter()
                .all(|t| t.capital || t.hyphened || t.is(".") || t.folded.len() <= 3)
                // "NEWS RELEASE" above whose it is.
                && !document.tokens[start..end]
                    .iter()
                    .any(|t| document.lexicon.is("sort-of-text", &t.folded) && t.folded.len() > 3);
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
            (short && names && office && !known && !numbered).then_some((i, i + 1))
        })
        .collect()
}
