//! Puts what all stages found into the record, with offsets in code points and a reason for each finding.
//! Invariant: clauses are numbered in the order of the text.

use crate::about::{Place, Thread};
use crate::act::Subject;
use crate::beneficiary::beneficiary;
use crate::calendar::Date;
use crate::clause::{Part, parts};
use crate::document::{Document, Sentence};
use crate::due;
use crate::event;
use crate::genre::kind;
use crate::layout::{Role, listed};
use crate::lead::under_lead;
use crate::lexicon::Lexicon;
use crate::meeting;
use crate::name::Meaning;
use crate::party;
use crate::person;
use crate::problem::{Finding, Problem, Span};
use crate::quotation::quoted;
use crate::series;
use crate::side;
use crate::statement::{Act, Clause, Kind, Person, SCHEMA, Series, Statement};

/// What a reading of a text gives.
pub(crate) struct Outcome {
    pub(crate) statement: Statement,
    pub(crate) problems: Vec<Problem>,
    pub(crate) findings: Vec<Finding>,
}

/// Reads a decoded text.
pub(crate) fn read(text: &str, lexicon: &'static Lexicon, name: &str) -> Outcome {
    let mut problems = Vec::new();
    let mut findings = Vec::new();
    let mut document = Document::new(text, lexicon);
    document.segment();
    let mut persons = {
        let page = person::Page {
            text,
            tokens: &document.tokens,
            names: &document.names,
            lexicon,
        };
        let body: Vec<(usize, usize)> = document
            .blocks
            .iter()
            .enumerate()
            .filter(|(i, b)| {
                let surname = |(s, e): (usize, usize)| {
                    let loud = |i: &usize| {
                        document.tokens[*i].upper && document.tokens[*i].folded.len() > 3
                    };
                    (s..e).any(|i| loud(&i))
                        && !(s..e).all(|i| loud(&i) || document.tokens[i].folded.len() < 4)
                };
                // "Jane Doe, Ambassador for Cyber Affairs": a line under the text that signs it.
                let signs = b.role == Role::Heading
                    && document.sentences.last().is_some_and(|last| {
                        document.token_range(b.start, b.end).0 + 40 >= last.end
                    });
                // "Statement by Ms. Jane Doe, Permanent Representative": who speaks.
                let spoken = matches!(b.role, Role::Title | Role::Header | Role::Furniture) && {
                    let (s, e) = document.token_range(b.start, b.end);
                    ["spoken-by", "label-chairs"]
                        .iter()
                        .any(|list| listed(lexicon, list, &document.tokens[s..e]))
                };
                // "Jonathan Doe, Secretary of State", in a line of the head: who adopts it.
                // Below the text, too: "Ms. Jane Doe, Official Spokesperson".
                let credited = matches!(b.role, Role::Header | Role::Furniture) && {
                    let (s, e) = document.token_range(b.start, b.end);
                    let below = document.sentences.last().is_some_and(|last| s >= last.end);
                    (b.role == Role::Header || below) && page.credits(s, e)
                };
                signs
                    || credited
                    || document.roster.binary_search(i).is_ok()
                    || spoken
                    || matches!(b.role, Role::Paragraph | Role::Item)
                    // In a title, words begin with capitals: a surname in capitals tells a name.
                    || b.role == Role::Title && surname(document.token_range(b.start, b.end))
            })
            .map(|(_, b)| document.token_range(b.start, b.end))
            .collect();
        let contacts: Vec<(usize, usize)> = document
            .blocks
            .iter()
            .filter(|b| b.role == Role::Contact)
            .map(|b| document.token_range(b.start, b.end))
            .collect();
        let after = document.sentences.last().map_or(0, |s| s.end);
        page.persons(&body, &contacts, after)
    };
    document.interview(&persons);
    document.quotations(&persons);
    // "Smith thanked the hosts": who speaks for a side is called by the last name.
    document.families = persons
        .iter()
        .filter(|p| p.end > p.start + 1 && p.role.is_some())
        .filter_map(|p| p.family().rsplit('-').next().map(str::to_owned))
        .collect();
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
    side::settle(&document, &mut persons, &found.parties);
    let published = event::published(&document);
    let told = |s: &Sentence| {
        let parts = parts(&document.context(&found.parties), s.start, s.end);
        event::Told {
            past: parts.first().is_some_and(|p| p.past),
            own: parts.first().is_some_and(|p| p.kind != Subject::Third),
        }
    };
    let (when, held) = event::event(&document, kind, published, &told);
    let (series_id, ordinal) = series::series(&document, &found.parties, kind);
    let reference = held.or(published);
    let next = meeting::Now {
        document: &document,
        parties: &found.parties,
        kind,
        ordinal,
        series: series_id.is_some(),
        event: reference,
    }
    .next();
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
        kind,
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

fn clauses(
    document: &Document<'_>,
    kind: Kind,
    parties: &[String],
    persons: &[person::Found],
    event: Option<Date>,
    points: &CodePoints,
    findings: &mut Vec<Finding>,
) -> Vec<Clause> {
    let context = document.context(parties);
    let mut out: Vec<Clause> = Vec::new();
    let mut previous: Vec<String> = parties.to_vec();
    let mut thread = Thread::new(document, kind);
    for (rank, sentence) in document.sentences.iter().enumerate() {
        let mut first = true;
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
                Some(Some(p)) => match &p.side {
                    Some(side) => vec![side.clone()],
                    // Nobody knows for which of them.
                    None if (1..=3).contains(&parties.len()) => parties.to_vec(),
                    None => vec![previous.first().cloned().unwrap_or_default()],
                },
                _ => document.actors(&part, parties, persons, &previous),
            };
            if part.kind == Subject::Own && actors.len() <= 1 {
                previous.clone_from(&actors);
            } else if part.kind == Subject::Talks {
                previous = parties.to_vec();
            }
            let place = Place {
                sentence,
                rank,
                first: std::mem::take(&mut first),
            };
            let (topics, found) = thread.about(&part, &place);
            let due = if part.act == Act::Commitment || part.act == Act::Invitation {
                due::due(document, start, end, event).map(|d| d.to_string())
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
            for f in found.iter().take(5) {
                let token = &document.tokens[start + f.at];
                findings.push(Finding {
                    what: format!("topic {} of {id}", f.topic),
                    rule: f.cue.to_owned(),
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
                beneficiary: (part.act == Act::Commitment && sentence.speaker.is_none())
                    .then(|| beneficiary(document, start, end, part.cue, parties))
                    .flatten(),
                speaker: speaker
                    .map(|s| s.map_or_else(String::new, |p| p.name.clone()))
                    .filter(|s| !s.is_empty()),
            });
        }
    }
    out
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
        let at = ranges.partition_point(|(s, _)| *s <= name.start);
        if at.checked_sub(1).is_none_or(|i| name.end > ranges[i].1) {
            continue;
        }
        let inside_instrument = name.nested
            && matches!(name.meaning, Meaning::Body(_, "instrument"))
            && document.near(name.start, name.end).any(|n| {
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
            && !kind.starts_with("ministry-")
            && !out.iter().any(|o| o == id)
        {
            out.push(id.to_owned());
        }
    }
    out
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
