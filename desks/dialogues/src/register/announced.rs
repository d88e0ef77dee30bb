//! Sessions that were announced, with what is recorded of the next one. Invariant: of a series only what comes after the announcement is
//! read; the index leaves out what is answered for everybody, and the rule is asked again of what the viewer sees.

use anyhow::Result;
use desk::facets::within;
use policy::Released;
use stix::Timestamp;
use store::{Found, Span};

use super::Register;
use crate::records::{Piece, Session, SessionState};
use crate::rules::announced::answers;
use crate::rules::same::Same;

/// How many of the sessions after an announcement are read at first: as a rule the next one is the one.
const NEXT: usize = 2;
/// How many where none of those was.
const MOST: usize = 2_000;
/// How many announcements are looked at for one answer, for each that is wanted.
const LOOKED_AT: usize = 4;
/// How many planned sessions are read, of those ahead, and of each part of the time that is over: the latest are never left out for older ones.
const PLANNED: usize = 60;
/// In microseconds.
const DAY: i64 = 86_400_000_000;
/// How many days ahead they are looked for.
const AHEAD: i64 = 2 * 365;
/// The parts of the time that is over, in days back from now: the nearer, the shorter.
const BACK: [i64; 10] = [3 * 365, 2 * 365, 365, 270, 180, 90, 60, 30, 14, 7];
/// Behind every moment.
const LAST: &str = "\u{10FFFF}";

/// Sessions, and as many of those that come after them in their series as it takes to say what became of what they announced.
#[derive(Debug, Clone, Default)]
pub struct Announced {
    /// The sessions that were asked for.
    pub sessions: Vec<Piece<Session>>,
    /// Those after them.
    pub later: Vec<Piece<Session>>,
}

/// Where in the index the sessions after a session stand: those of its series, and of each that is read as the same.
fn after(same: &Same, session: &Piece<Session>) -> Vec<(String, String)> {
    let Ok(starts) = Timestamp::parse(&session.what.starts) else {
        return Vec::new();
    };
    let series = same.all(&session.what.dialogue_ref).into_iter();
    series
        .map(|series| {
            let from = within(&series, &starts);
            (format!("{from}\u{1}"), format!("{series} {LAST}"))
        })
        .collect()
}

impl Register<'_> {
    /// Sessions with what comes after them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn announced(
        &self,
        sessions: Released<Vec<Piece<Session>>>,
    ) -> Result<Released<Announced>> {
        let same = self.same()?;
        let asked = |all: &[Piece<Session>]| {
            let announcing = all.iter().filter(|one| one.what.next.is_some());
            let spans = announcing.flat_map(|one| {
                let one = same.read(one.clone());
                let spans = after(&same, &one).into_iter();
                spans.map(move |span| (one.clone(), span))
            });
            spans.collect::<Vec<_>>()
        };
        let spans = sessions.as_ref().map(|all| {
            let spans = asked(all).into_iter();
            spans.map(|(_, span)| span).collect::<Vec<_>>()
        });
        let first = self.spans::<Session>("session.in_series", spans.into_inner(), NEXT)?;
        let first = first.map(|all| all.into_iter().map(|part| same.read_all(part)));
        let first = first.map(Iterator::collect::<Vec<_>>);
        let rest = sessions.as_ref().zip(first.as_ref()).map(|(all, first)| {
            asked(all)
                .into_iter()
                .zip(first)
                .filter(|((one, _), next)| {
                    next.len() >= NEXT && !next.iter().any(|next| answers(one, next))
                })
                .map(|((_, span), _)| span)
                .collect::<Vec<_>>()
        });
        let rest = self.spans::<Session>("session.in_series", rest.into_inner(), MOST)?;
        Ok(sessions
            .zip(first)
            .zip(rest)
            .map(|((sessions, first), rest)| {
                let all = first.into_iter().chain(rest).flatten().collect();
                let (sessions, mut later) = (same.read_all(sessions), same.read_all(all));
                later.sort_by(|a, b| a.id.cmp(&b.id));
                later.dedup_by(|a, b| a.id == b.id);
                Announced { sessions, later }
            }))
    }

    /// The sessions that are planned: those ahead, and those whose time is over. One whose date leaves days open may have begun.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn planned(&self, now: i64) -> Result<Released<Vec<Piece<Session>>>> {
        let planned = |days: i64| {
            let moment = Timestamp::from_micros(now + days * DAY);
            within(SessionState::Planned.as_str(), &moment)
        };
        let begin = BACK.map(|days| planned(-days)).into_iter();
        let begin: Vec<String> = begin.chain([planned(0)]).collect();
        let end = begin.iter().skip(1).cloned().chain([planned(AHEAD)]);
        let spans = begin.iter().cloned().zip(end).collect();
        let found = self.spans::<Session>("session.in_state", spans, PLANNED)?;
        let same = self.same()?;
        self.not_asked_back(found.map(|all| {
            let mut all = same.read_all(all.into_iter().flatten().collect());
            all.dedup_by(|a, b| a.id == b.id);
            all
        }))
    }

    /// Of sessions those that stand: one that is planned and that its author asked us to withdraw is none to prepare for.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn not_asked_back(
        &self,
        sessions: Released<Vec<Piece<Session>>>,
    ) -> Result<Released<Vec<Piece<Session>>>> {
        let home = &self.node().home().id;
        let all = sessions.as_ref().into_inner().iter();
        let theirs =
            all.filter(|one| one.what.state == SessionState::Planned && one.author != *home);
        let asked = self.node().asked_back(theirs.map(|one| &one.id))?;
        Ok(sessions.map(|mut all| {
            all.retain(|one| !asked.contains_key(&one.id));
            all
        }))
    }

    /// A part of the sessions whose announced session is not recorded, by one of the facets that they have as long as it is not; and where
    /// the next part begins.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn unanswered(
        &self,
        (facet, span): (&str, (i64, i64)),
        mut place: Option<Found>,
        most: usize,
    ) -> Result<(Released<Announced>, Option<Found>)> {
        let mut kept: Vec<Released<Announced>> = Vec::new();
        let (mut found, mut looked_at) = (0, 0);
        loop {
            let span = Span::Numbers(span.0, span.1);
            let part = self.part::<Session>(facet, span, place, most)?;
            place = part.as_ref().map(|part| part.next.clone()).into_inner();
            looked_at += most;
            let announced = self.announced(part.map(|part| part.rows))?;
            let announced = announced.map(|mut all| {
                let later = &all.later;
                all.sessions
                    .retain(|one| !later.iter().any(|next| answers(one, next)));
                all
            });
            found += announced
                .as_ref()
                .map(|all| all.sessions.len())
                .into_inner();
            kept.push(announced);
            if place.is_none() || found >= most || looked_at >= most * LOOKED_AT {
                break;
            }
        }
        let kept: Released<Vec<Announced>> = kept.into_iter().collect();
        let all = kept.map(|parts| {
            let mut all = Announced::default();
            for part in parts {
                all.sessions.extend(part.sessions);
                all.later.extend(part.later);
            }
            all
        });
        Ok((all, place))
    }
}
