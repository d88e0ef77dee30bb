//! Scores of third parties as appraisals: tried line by line, then taken together or not at all. Invariant: each is attributed to who
//! scored, with its source, and stays inside; while one line is wrong nothing is taken.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use node::Node;

use crate::compose::{Batch, By, Label};
use crate::names;
use crate::records::{Appraisal, Commitment, NewPiece, Piece, Source};
use crate::rules::scores::{Line, Scores, folded, score};

/// What the person who brings a table says of all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Told {
    /// Who scored.
    pub coder: String,
    /// On what the scores rest.
    pub basis: String,
    /// The period that they cover.
    pub period: Option<String>,
    /// Where they were published.
    pub url: Option<String>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The score is none of -1, 0 and +1.
    Score,
    /// No State or organization is called so.
    Member,
    /// The series has no such commitment.
    Commitment,
    /// Several commitments of the series begin so.
    Several,
    /// That member is none of those who committed themselves.
    NotOfThem,
    /// Who scored is a participant, which speaks for itself.
    Participant,
    /// Another line scores the same member on the same commitment.
    Twice,
    /// The address is not one of the web.
    Address,
}

impl Wrong {
    /// As locale keys have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Member => "member",
            Self::Commitment => "commitment",
            Self::Several => "several",
            Self::NotOfThem => "not-of-them",
            Self::Participant => "participant",
            Self::Twice => "twice",
            Self::Address => "address",
        }
    }
}

/// What would become of a line.
#[derive(Debug, Clone)]
pub enum Fate {
    /// A new appraisal.
    New(Box<Appraisal>),
    /// The next version of one: the score, or its text, was changed where it comes from.
    Changed(Box<Piece<Appraisal>>, Box<Appraisal>),
    /// It is here.
    Known,
    /// It cannot be taken.
    Bad(Wrong),
}

/// A line, and what would become of it.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The line.
    pub line: Line,
    /// What would become of it.
    pub fate: Fate,
    /// Where it comes from.
    pub source: Source,
}

/// Tries each line against the commitments of a series and the appraisals that are here.
pub fn attempt(
    node: &Node,
    told: &Told,
    scores: &Scores,
    commitments: &[Piece<Commitment>],
    known: &[Piece<Appraisal>],
) -> Vec<Tried> {
    let mut by_words: BTreeMap<String, Vec<&Piece<Commitment>>> = BTreeMap::new();
    for one in commitments {
        by_words
            .entry(folded(&one.what.words))
            .or_default()
            .push(one);
    }
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for line in &scores.lines {
        let coder = line.coder.clone().unwrap_or_else(|| told.coder.clone());
        let url = line.url.clone().or_else(|| told.url.clone());
        let source = Source {
            name: line.source.clone().unwrap_or_else(|| coder.clone()),
            url: url.clone(),
            description: None,
        };
        let fate = (|| {
            let score = score(&line.score).ok_or(Wrong::Score)?;
            let member = side(&line.member).ok_or(Wrong::Member)?;
            let about = commitment(line, commitments, &by_words)?;
            if !of_them(&about.what, &member) {
                return Err(Wrong::NotOfThem);
            }
            if node.participant(&coder).is_some() {
                return Err(Wrong::Participant);
            }
            if url
                .as_deref()
                .is_some_and(|url| !url.starts_with("https://"))
            {
                return Err(Wrong::Address);
            }
            let period = line.period.clone().or_else(|| told.period.clone());
            if !seen.insert((
                about.id.clone(),
                member.clone(),
                coder.clone(),
                period.clone(),
            )) {
                return Err(Wrong::Twice);
            }
            let same = |one: &&Piece<Appraisal>| {
                let what = &one.what;
                what.about_ref == about.id.as_str()
                    && (what.of == member && what.by == coder)
                    && what.period == period
                    && one.author == node.home().id
            };
            let held = known.iter().find(same);
            let new = Appraisal {
                about_ref: about.id.to_string(),
                of: member,
                by: coder.clone(),
                basis: line.basis.clone().unwrap_or_else(|| told.basis.clone()),
                score: Some(score),
                account: line.text.clone(),
                released_by: None,
                reply_ref: None,
                period,
                reply_by: None,
                replies: Vec::new(),
            };
            Ok(match held {
                Some(held) if held.what.score == new.score && held.what.account == new.account => {
                    Fate::Known
                }
                Some(held) => Fate::Changed(Box::new(held.clone()), Box::new(new)),
                None => Fate::New(Box::new(new)),
            })
        })();
        all.push(Tried {
            line: line.clone(),
            fate: fate.unwrap_or_else(Fate::Bad),
            source,
        });
    }
    all
}

/// The code of a member, by its name in either language or its code.
pub fn side(member: &str) -> Option<String> {
    names::code_of(member)
}

/// The commitment that a line is about: by its id, by its words, or by the words with which one alone begins.
fn commitment<'a>(
    line: &Line,
    all: &'a [Piece<Commitment>],
    by_words: &BTreeMap<String, Vec<&'a Piece<Commitment>>>,
) -> Result<&'a Piece<Commitment>, Wrong> {
    if let Some(id) = line
        .id
        .as_deref()
        .filter(|id| id.starts_with("commitment--"))
    {
        let found = all.iter().find(|one| one.id.as_str() == id);
        return found.ok_or(Wrong::Commitment);
    }
    let wanted = folded(&line.commitment);
    if wanted.chars().count() < 12 {
        return Err(Wrong::Commitment);
    }
    let mut begins = by_words
        .range(wanted.clone()..)
        .take_while(|(words, _)| words.starts_with(&wanted))
        .flat_map(|(_, pieces)| pieces.iter().copied());
    let first = begins.next().ok_or(Wrong::Commitment)?;
    let whole = folded(&first.what.words) == wanted;
    match begins.next() {
        Some(other) if !whole || folded(&other.what.words) == wanted => Err(Wrong::Several),
        _ => Ok(first),
    }
}

/// Actors by which a text names many as one, and leaves open who they are.
const GROUPS: [&str; 5] = ["*", "SIGNATORIES", "G7", "G20", "EU-MS"];

/// Whether a member is among those who committed themselves, as far as the text says who they are.
fn of_them(commitment: &Commitment, member: &str) -> bool {
    let actors = &commitment.actors;
    let is = |actor: &String| actor == member || GROUPS.contains(&actor.as_str());
    actors.iter().any(is)
}

/// Writes what was tried: all of it, as appraisals for our own participant alone. Gives how many.
///
/// # Errors
/// When a line is wrong, or the node does not take them; nothing is written then.
pub fn take(node: &Node, by: impl Into<By>, tried: &[Tried]) -> Result<usize> {
    if let Some(bad) = tried.iter().find(|one| matches!(one.fate, Fate::Bad(_))) {
        bail!("line {} cannot be taken", bad.line.number);
    }
    let mut batch = Batch::new(node, by, Label::Ours);
    let mut count = 0;
    for one in tried {
        let new = match &one.fate {
            Fate::New(what) => NewPiece::of((**what).clone()),
            Fate::Changed(held, what) => held.revised((**what).clone()),
            Fate::Known | Fate::Bad(_) => continue,
        };
        batch.add(new.from_sources(vec![one.source.clone()]))?;
        count += 1;
    }
    if count > 0 {
        batch.send()?;
    }
    Ok(count)
}
