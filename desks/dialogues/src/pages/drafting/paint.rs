//! How a passage reads on a page: what stands as text, what is open in brackets with its side, what is struck through. Nothing is told by
//! color alone.

use askama::Template;
use site::{Visitor, shown};

use super::super::view::Eyes;
use crate::drafting::settle::{Act, Change, changes};
use crate::records::{Draft, Passage, PassageState, Piece, Run};

/// A run of words as it is painted.
pub(super) enum Paint {
    /// It stands.
    Plain(String),
    /// What a side would take out, and put in: one of them may be nothing.
    Open(String, String, String),
    /// Put in by the one, and the other would not have it.
    Against(String, String, String),
    /// Held in brackets.
    Held(String, String),
}

/// A remark as it is shown.
pub(super) struct Said {
    pub(super) by: String,
    pub(super) when: String,
    pub(super) words: String,
    pub(super) on: Option<String>,
    pub(super) answers: Option<String>,
}

/// A change with what the side may do about it.
pub(super) struct Offer {
    pub(super) place: usize,
    pub(super) told: String,
    pub(super) agreed: Option<String>,
    pub(super) acts: Vec<(&'static str, String)>,
    /// Why there is nothing to press, where that is so.
    pub(super) why: Option<String>,
}

/// A passage: a part that writes itself.
#[derive(Template)]
#[template(path = "drafting/passage.html")]
pub(super) struct Painted {
    pub(super) mark: String,
    pub(super) number: usize,
    pub(super) state: String,
    pub(super) sign: &'static str,
    pub(super) lang: String,
    pub(super) paints: Vec<Paint>,
    /// The word before a side that would not have words of another.
    pub(super) against: String,
    pub(super) joins: Option<String>,
    pub(super) untracked: bool,
    pub(super) from: Option<(String, String)>,
    pub(super) remarks: Vec<Said>,
    pub(super) edit: Option<(String, String)>,
    pub(super) settle: Option<String>,
    pub(super) revision: u32,
    pub(super) offers: Vec<Offer>,
}

impl askama::filters::HtmlSafe for Painted {}

/// A side as it stands in brackets: its code where that is short, else its name.
pub(super) fn short(eyes: &Eyes<'_>, side: &str) -> String {
    if side.len() <= 5 {
        shown(side)
    } else {
        eyes.side(side)
    }
}

/// The runs of a passage as they are painted: what a side would take out and what it would put there stand in one pair of brackets, and the
/// blanks around them outside.
fn painted(eyes: &Eyes<'_>, runs: &[Run]) -> Vec<Paint> {
    let mut all: Vec<Paint> = Vec::new();
    let mut blank = false;
    for run in runs {
        let words = shown(&run.words.replace('\n', " ¶ "));
        let is_open = run.in_by.is_some() || run.out_by.is_some() || run.held_by.is_some();
        if !is_open {
            if std::mem::take(&mut blank) {
                all.push(Paint::Plain(" ".to_owned()));
            }
            all.push(Paint::Plain(words));
            continue;
        }
        let core = match words.trim() {
            "" => words.clone(),
            core => core.to_owned(),
        };
        let begins = core != words && words.starts_with(char::is_whitespace);
        let ends = core != words && words.ends_with(char::is_whitespace);
        if let (Some(by), None) = (&run.in_by, &run.out_by)
            && let Some(Paint::Open(known, _, new)) = all.last_mut()
            && new.is_empty()
            && *known == short(eyes, by)
        {
            *new = core;
            blank |= ends;
            continue;
        }
        if std::mem::take(&mut blank) || begins {
            all.push(Paint::Plain(" ".to_owned()));
        }
        blank = ends;
        all.push(match (&run.in_by, &run.out_by, &run.held_by) {
            (Some(by), Some(out), _) => Paint::Against(short(eyes, by), short(eyes, out), core),
            (Some(by), None, _) => Paint::Open(short(eyes, by), String::new(), core),
            (None, Some(by), _) => Paint::Open(short(eyes, by), core, String::new()),
            (None, None, Some(by)) => Paint::Held(short(eyes, by), core),
            (None, None, None) => Paint::Plain(core),
        });
    }
    if blank {
        all.push(Paint::Plain(" ".to_owned()));
    }
    all
}

/// What a change is, in a sentence.
pub(super) fn told(visitor: &Visitor, eyes: &Eyes<'_>, change: &Change) -> String {
    let key = format!("drafting-change-{}", change.what.as_str());
    let (words, gone) = (shown(change.words.trim()), shown(change.gone.trim()));
    let by = eyes.side(&change.by);
    visitor.words.with(
        &key,
        &[
            ("side", by.into()),
            ("words", words.into()),
            ("gone", gone.into()),
        ],
    )
}

impl Painted {
    /// All passages of a round, to be read.
    pub(super) fn all(visitor: &Visitor, eyes: &Eyes<'_>, round: &Piece<Draft>) -> Vec<Self> {
        let lang = super::lang(round);
        let passages = round.what.passages.iter().enumerate();
        passages
            .map(|(place, passage)| Self::of(visitor, eyes, passage, (place, &lang)))
            .collect()
    }

    /// To be read.
    pub(super) fn of(
        visitor: &Visitor,
        eyes: &Eyes<'_>,
        passage: &Passage,
        (place, lang): (usize, &str),
    ) -> Self {
        let plain = Run {
            words: passage.words.clone(),
            in_by: None,
            out_by: None,
            held_by: None,
            agreed_by: Vec::new(),
            untracked: false,
            moved: false,
        };
        let runs = if passage.runs.is_empty() {
            std::slice::from_ref(&plain)
        } else {
            &passage.runs
        };
        let sign = match passage.state {
            PassageState::Agreed => "good",
            PassageState::Open => "wait",
            PassageState::Proposed | PassageState::Deleted => "off",
        };
        let state = visitor
            .words
            .t(&format!("drafting-state-{}", passage.state.as_str()));
        let remarks = passage.remarks.iter().map(|remark| Said {
            by: eyes.side(&remark.by),
            when: stix::Timestamp::parse(&remark.at)
                .map_or_else(|_| String::new(), |at| visitor.words.moment_of(&at)),
            words: shown(&remark.words),
            on: remark
                .on
                .as_deref()
                .map(|on| eyes.words.t1("came-quoted", "words", shown(on))),
            answers: remark
                .answers
                .and_then(|of| passage.remarks.get(usize::try_from(of).ok()?))
                .map(|of| eyes.side(&of.by)),
        });
        let from = passage.from_ref.as_deref().and_then(|from| {
            let id = stix::ObjectId::parse(from).ok()?;
            Some((
                super::super::view::path(&id),
                visitor.words.t("drafting-from"),
            ))
        });
        Self {
            mark: shown(passage.mark.as_deref().unwrap_or_default()),
            number: place + 1,
            state,
            sign,
            lang: lang.to_owned(),
            paints: painted(eyes, runs),
            against: visitor.words.t("drafting-against"),
            joins: passage
                .joins_by
                .as_deref()
                .map(|side| visitor.words.t1("drafting-joins", "side", eyes.side(side))),
            untracked: runs.iter().any(|run| run.untracked),
            from,
            remarks: remarks.collect(),
            edit: None,
            settle: None,
            revision: 0,
            offers: Vec::new(),
        }
        .untracked_told(visitor)
    }

    fn untracked_told(mut self, visitor: &Visitor) -> Self {
        if self.untracked {
            self.state = format!(
                "{}{}{}",
                self.state,
                visitor.words.t("format-comma"),
                visitor.words.t("drafting-untracked")
            );
        }
        self
    }

    /// To be worked at by a side.
    pub(super) fn worked(
        mut self,
        visitor: &Visitor,
        eyes: &Eyes<'_>,
        passage: &Passage,
        (way, side, revision): (&str, &str, u32),
    ) -> Self {
        let mark = passage.mark.as_deref().unwrap_or_default();
        self.edit = Some((
            format!("{way}/work/{mark}"),
            visitor.words.t("drafting-edit"),
        ));
        self.settle = Some(format!("{way}/settle/{mark}"));
        self.revision = revision;
        self.offers = changes(passage)
            .iter()
            .map(|change| {
                let agreed: Vec<String> = change
                    .agreed_by
                    .iter()
                    .map(|side| eyes.side(side))
                    .collect();
                let acts = change.acts(side);
                Offer {
                    why: acts
                        .is_empty()
                        .then(|| visitor.words.t("drafting-only-theirs")),
                    place: change.place,
                    told: told(visitor, eyes, change),
                    agreed: (!agreed.is_empty()).then(|| {
                        let sides = visitor.words.list(&agreed);
                        visitor.words.t1("drafting-agreed-by", "sides", sides)
                    }),
                    acts: acts
                        .into_iter()
                        .map(|act: Act| {
                            let key = format!("drafting-act-{}", act.as_str());
                            (act.as_str(), visitor.words.t(&key))
                        })
                        .collect(),
                }
            })
            .collect();
        self
    }
}

/// What is open, by the side that put it forward: the side, and each change with the number of its passage.
pub(super) fn open_by_side(
    visitor: &Visitor,
    eyes: &Eyes<'_>,
    passages: &[Passage],
) -> Vec<(String, Vec<(usize, String)>)> {
    let mut found: Vec<(String, Vec<(usize, String)>)> = Vec::new();
    for (place, passage) in passages.iter().enumerate() {
        for change in changes(passage) {
            let side = eyes.side(&change.by);
            let line = (place + 1, told(visitor, eyes, &change));
            match found.iter_mut().find(|(known, _)| *known == side) {
                Some((_, lines)) => lines.push(line),
                None => found.push((side, vec![line])),
            }
        }
    }
    visitor.words.sort(&mut found, |(side, _)| side);
    found
}
