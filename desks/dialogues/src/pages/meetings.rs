//! The sessions that something of some parties can be moved to: those of its series, and of the other series that all of them have. Invariant:
//! only what the visitor sees is offered, under its label.

use std::collections::BTreeSet;

use policy::Released;
use site::parts::form::Choice;
use site::{Failure, Visitor};
use stix::ObjectId;

use super::register_of;
use super::view::Eyes;
use crate::records::{Dialogue, Piece, Session};

/// How many series or sessions are looked through.
const MOST: usize = 2_000;

/// Series of the same parties, and their sessions.
pub(super) struct Meetings {
    series: Vec<Piece<Dialogue>>,
    /// The latest first.
    pub(super) sessions: Vec<Piece<Session>>,
}

impl Meetings {
    /// Those for something of some parties, its own series first.
    pub(super) fn of(
        visitor: &Visitor,
        parties: &[String],
        own: Option<&str>,
    ) -> Result<Released<Self>, Failure> {
        let register = register_of(visitor);
        let first = parties.first().map_or("", String::as_str);
        let series = register.having::<Dialogue>("dialogue.party", first, MOST)?;
        let own: Option<ObjectId> = own.and_then(|id| id.parse().ok());
        let own = register.ones::<Dialogue>(&own)?;
        let series = series.zip(own).map(|(mut all, own)| {
            all.retain(|one| parties.iter().all(|party| one.what.parties.contains(party)));
            all.retain(|one| own.iter().all(|own| own.id != one.id));
            own.into_iter().chain(all).collect::<Vec<_>>()
        });
        let ids: BTreeSet<String> = series
            .as_ref()
            .map(|all| all.iter().map(|one| one.id.to_string()).collect())
            .into_inner();
        let sessions = register.any::<Session>("session.dialogue", &ids, MOST)?;
        Ok(series.zip(sessions).map(|(series, mut sessions)| {
            sessions.sort_by(|a, b| b.what.starts.cmp(&a.what.starts));
            Self { series, sessions }
        }))
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = &policy::Label> {
        let series = self.series.iter().filter_map(|one| one.label.as_ref());
        let sessions = self.sessions.iter();
        series.chain(sessions.filter_map(|one| one.label.as_ref()))
    }

    /// One of them by its id.
    pub(super) fn session(&self, id: &str) -> Option<&Piece<Session>> {
        self.sessions.iter().find(|one| one.id.as_str() == id)
    }

    /// All of them to choose from, with their series where there is more than one.
    pub(super) fn choices(&self, eyes: &Eyes<'_>) -> impl Iterator<Item = Choice> {
        self.sessions.iter().map(|piece| {
            let mut series = self.series.iter();
            let series = series
                .find(|one| one.id.as_str() == piece.what.dialogue_ref)
                .filter(|_| self.series.len() > 1)
                .map(|one| eyes.dialogue(one));
            let called = series.into_iter().chain([eyes.session(&piece.what)]);
            let called = called.collect::<Vec<_>>();
            Choice::new(
                piece.id.as_str(),
                called.join(&eyes.words.t("format-comma")),
            )
        })
    }
}
