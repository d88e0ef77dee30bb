//! Statements on a subject: with whom, of which series and session, from when until when. Invariant: all of this goes by an index, and only
//! what is left after it is cut off where there is too much.

use std::collections::BTreeSet;

use anyhow::Result;
use desk::facets::{both, within};
use policy::Released;
use stix::Timestamp;
use store::Span;

use super::Register;
use crate::records::{Commitment, Dialogue, Piece, Session};

/// How many sessions are gone through at a time.
const PART: usize = 30;
/// In how many series somebody takes part.
const SERIES: usize = 2_000;
/// Behind every moment.
const LAST: &str = "\u{10FFFF}";

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// The subject.
    pub topic: &'a str,
    /// A participant that says it, or of whose series it is.
    pub side: Option<&'a str>,
    /// A series, and those that are read as the same.
    pub series: Option<&'a BTreeSet<String>>,
    /// A session, and as others wrote it down.
    pub session: Option<&'a BTreeSet<String>>,
    /// Between which moments the session began.
    pub between: Option<(i64, i64)>,
}

/// Where in the index the sessions that begin between two moments stand, of one series or of all; the earliest first.
pub fn held_between(
    series: Option<&BTreeSet<String>>,
    (from, to): (i64, i64),
) -> Vec<(&'static str, Span)> {
    let Some(series) = series else {
        return vec![("session.starts", Span::Numbers(from, to))];
    };
    let [first, last] = [from, to].map(Timestamp::from_micros);
    let of = |series: &String| {
        let last = format!("{}{LAST}", within(series, &last));
        let span = Span::Texts(within(series, &first), last);
        ("session.in_series", span)
    };
    series.iter().map(of).collect()
}

impl Register<'_> {
    /// Statements on a subject: the first `most` that fit, among about `looked_at`. Where more might fit, the page says that it ends early.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn spoken(
        &self,
        asked: &Spoken<'_>,
        enough: (usize, usize),
        fits: impl Fn(&Piece<Commitment>) -> bool,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        let own = match asked.side {
            Some(side) => {
                let own = self.having::<Dialogue>("dialogue.party", side, SERIES)?;
                own.map(|all| all.into_iter().map(|one| one.id.to_string()).collect())
                    .into_inner()
            }
            None => BTreeSet::new(),
        };
        let fits = |piece: &Piece<Commitment>| {
            let what = &piece.what;
            let series = what.dialogue_ref.as_deref();
            let with = |side: &str| {
                what.actors.iter().any(|actor| actor == side)
                    || series.is_some_and(|series| own.contains(series))
            };
            asked.side.is_none_or(with)
                && asked
                    .series
                    .is_none_or(|asked| series.is_some_and(|series| asked.contains(series)))
                && fits(piece)
        };
        let seek = |facet: &'static str, with: &str| {
            let value = both(asked.topic, with);
            (facet, Span::Texts(value.clone(), value))
        };
        let all = Span::Texts(asked.topic.to_owned(), asked.topic.to_owned());
        match *asked {
            Spoken {
                session: Some(session),
                ..
            } => {
                let each = session.iter().map(|one| seek("commitment.topic_in", one));
                self.fitting_any(each, enough, fits)
            }
            Spoken {
                between: Some(_), ..
            } => self.spoken_between(asked, enough, fits),
            Spoken {
                series: Some(series),
                ..
            } => {
                let each = series.iter().map(|one| seek("commitment.topic_of", one));
                self.fitting_any(each, enough, fits)
            }
            Spoken {
                side: Some(side), ..
            } => {
                let of = own.iter().map(|one| seek("commitment.topic_of", one));
                let by = std::iter::once(seek("commitment.topic_by", side));
                self.fitting_any(by.chain(of), enough, fits)
            }
            _ => self.fitting(("commitment.topic", all), enough, fits),
        }
    }

    /// Those of some sessions that have a subject on their agenda, or of which a statement is on it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn about(
        &self,
        topic: &str,
        sessions: Released<Vec<Piece<Session>>>,
    ) -> Result<Released<Vec<Piece<Session>>>> {
        let planned = |piece: &Piece<Session>| {
            let mut agenda = piece.what.agenda.iter();
            agenda.any(|item| item.topics.iter().any(|one| one == topic))
        };
        let in_session = |piece: &Piece<Session>| both(topic, piece.id.as_str());
        let asked = sessions.as_ref().map(|all| {
            let others = all.iter().filter(|piece| !planned(piece));
            others.map(in_session).collect::<BTreeSet<_>>()
        });
        let spoken =
            self.given::<Commitment>("commitment.topic_in", asked.as_ref().into_inner())?;
        Ok(sessions.zip(spoken).map(|(mut all, spoken)| {
            all.retain(|piece| planned(piece) || spoken.contains(&in_session(piece)));
            all
        }))
    }

    /// Those of sessions that began between two moments, session by session.
    fn spoken_between(
        &self,
        asked: &Spoken<'_>,
        (most, looked_at): (usize, usize),
        fits: impl Fn(&Piece<Commitment>) -> bool,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        let Some(between) = asked.between else {
            return Ok(std::iter::empty::<Released<Piece<Commitment>>>().collect());
        };
        let mut seeks = held_between(asked.series, between).into_iter().peekable();
        let (mut kept, mut found, mut seen, mut after) = (Vec::new(), 0, 0, None);
        while let Some((facet, span)) = seeks.peek() {
            let part = self.part::<Session>(facet, span.clone(), after, PART)?;
            after = part.as_ref().map(|part| part.next.clone()).into_inner();
            let sessions = part.map(|part| {
                let rows = part.rows.into_iter();
                // Whoever is no party of a session can still have spoken in it.
                rows.map(|one| both(asked.topic, one.id.as_str()))
                    .collect::<BTreeSet<String>>()
            });
            let said =
                self.any::<Commitment>("commitment.topic_in", &sessions.into_inner(), most)?;
            seen += said.as_ref().map(Vec::len).into_inner();
            let said = said.map(|mut all| {
                all.retain(|piece| fits(piece));
                all
            });
            found += said.as_ref().map(Vec::len).into_inner();
            kept.push(said);
            if after.is_none() {
                seeks.next();
            }
            if found >= most || seen >= looked_at {
                break;
            }
        }
        if seeks.peek().is_some() || found > most {
            self.ended(most);
        }
        let kept: Released<Vec<Vec<Piece<Commitment>>>> = kept.into_iter().collect();
        Ok(kept.map(|all| all.into_iter().flatten().take(most).collect()))
    }
}
