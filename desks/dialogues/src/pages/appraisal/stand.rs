//! How appraisals stand on the page of a commitment: each by itself, in the order of time, the reply beside it and as large.

use site::{Link, Role, Tlp, Visitor, shown, shown_lines};
use stix::Timestamp;

use super::super::view::{Eyes, label};
use super::{release, reply};
use crate::register::Judged;
use crate::rules::appraisals::until;

/// An appraisal as somebody reads it.
pub(in super::super) struct Stand {
    pub(in super::super) by: String,
    pub(in super::super) of: String,
    pub(in super::super) score: Option<String>,
    pub(in super::super) account: Option<String>,
    pub(in super::super) basis: String,
    pub(in super::super) told: String,
    pub(in super::super) sources: Vec<(String, Option<String>)>,
    pub(in super::super) label: Option<Tlp>,
    pub(in super::super) replies: Vec<(String, String, String)>,
    pub(in super::super) until: Option<String>,
    pub(in super::super) ways: Vec<Link>,
}

/// Appraisals as a visitor reads them.
pub(in super::super) fn stands(visitor: &Visitor, eyes: &Eyes<'_>, all: &[Judged]) -> Vec<Stand> {
    all.iter().map(|one| stand(visitor, eyes, one)).collect()
}

/// What a score of the G7 Research Group's scale is called.
pub(in super::super) fn score(visitor: &Visitor, score: i32) -> String {
    let key = format!(
        "dialogues-score-{}",
        score.to_string().replace('-', "minus-")
    );
    visitor.words.t(&key)
}

fn stand(visitor: &Visitor, eyes: &Eyes<'_>, one: &Judged) -> Stand {
    let (words, piece) = (&visitor.words, &one.piece);
    let what = &piece.what;
    let home = &visitor.node().home().id;
    let said = one.said();
    let editor = visitor.has(Role::Editor);
    let mut ways = Vec::new();
    if editor && piece.author == *home {
        ways.push(Link::new(
            release::address(&piece.id),
            words.t("appraisal-release-title"),
        ));
    }
    if editor && piece.author != *home && eyes.ours.contains(&what.of) {
        ways.push(Link::new(
            reply::address(&piece.id),
            words.t("appraisal-reply-title"),
        ));
    }
    let date = |at: &str| Timestamp::parse(at).map(|at| words.date(at.micros()));
    let mut told = vec![words.date(piece.modified.micros())];
    told.extend(what.period.as_deref().map(shown));
    Stand {
        by: eyes.side(&what.by),
        of: words.t1("appraisal-of", "side", eyes.side(&what.of)),
        score: what.score.map(|number| score(visitor, number)),
        account: what.account.as_deref().map(shown),
        basis: shown_lines(&what.basis),
        told: told.join(" · "),
        sources: piece
            .sources
            .iter()
            .map(|source| {
                let url = source.url.clone();
                (
                    shown(&source.name),
                    url.filter(|url| url.starts_with("https://")),
                )
            })
            .collect(),
        label: label(piece),
        until: until(what)
            .filter(|_| said.is_empty())
            .map(|at| words.t1("appraisal-room", "date", words.date(at))),
        replies: said
            .into_iter()
            .map(|reply| {
                let at = reply.at.as_deref().and_then(|at| date(at).ok());
                (
                    eyes.side(&reply.side),
                    shown_lines(&reply.words),
                    at.unwrap_or_default(),
                )
            })
            .collect(),
        ways,
    }
}
