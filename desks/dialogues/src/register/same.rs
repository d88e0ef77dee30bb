//! Series that are read as one, since somebody of ours said that they are, and their sessions with them. Invariant: only our own word joins
//! what others keep to what is ours; whoever does not see it reads each series as it stands.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::Released;

use super::{Home, Known, Register};
use crate::records::{Dialogue, Piece, SameSeries, Session};
use crate::rules::same::{Same, sessions};

/// How many series are said to be the same as another.
const MOST: usize = 2_000;

impl Same {
    /// A session as one of the series that stands for its own.
    pub(super) fn read(&self, mut session: Piece<Session>) -> Piece<Session> {
        self.put(&mut session.what.dialogue_ref);
        session
    }

    /// Sessions as of the series that stand for theirs.
    pub fn read_all(&self, all: Vec<Piece<Session>>) -> Vec<Piece<Session>> {
        all.into_iter().map(|one| self.read(one)).collect()
    }

    fn put(&self, id: &mut String) {
        let stands = self.read_as(id);
        if stands != id {
            *id = stands.to_owned();
        }
    }
}

impl Register<'_> {
    /// What was said here of series that are the same, also what is said no more.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_same(&self) -> Result<Released<Vec<Piece<SameSeries>>>> {
        let home = &self.node().home().id;
        let said = self.all::<SameSeries>("same_series.stands", MOST)?;
        Ok(said.map(|mut said| {
            said.retain(|one| one.author == *home);
            said
        }))
    }

    /// Which series are read as which.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn same(&self) -> Result<Same> {
        let said = self.said_same()?.into_inner();
        let mut stands: Vec<SameSeries> = said.into_iter().map(|one| one.what).collect();
        stands.retain(|one| !one.withdrawn);
        if stands.is_empty() {
            return Ok(Same::default());
        }
        // One that was withdrawn since, or that the viewer does not see, stands for nothing.
        let both = stands
            .iter()
            .flat_map(|one| [&one.stands_ref, &one.other_ref]);
        let here = self.named::<Dialogue>(&both.cloned().collect())?;
        let here = here.map(|all| all.into_iter().map(|one| one.id.to_string()));
        let here: BTreeSet<String> = here.map(Iterator::collect).into_inner();
        stands.retain(|one| here.contains(&one.stands_ref) && here.contains(&one.other_ref));
        let pairs = stands.iter();
        // Which of the series that somebody sees anyhow stands for which tells nothing of what they say.
        Ok(Same::of(pairs.map(|one| {
            (one.stands_ref.as_str(), one.other_ref.as_str())
        })))
    }

    /// A session, and those that others wrote down of it, in its series and in those that are read as the same.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn same_sessions(&self, id: &str) -> Result<BTreeSet<String>> {
        let own = BTreeSet::from([id.to_owned()]);
        let Ok(id) = stix::ObjectId::parse(id) else {
            return Ok(own);
        };
        let Some(session) = self.one::<Session>(&id)? else {
            return Ok(own);
        };
        let same = self.same()?;
        let series = session.map(|one| same.all(&one.what.dialogue_ref));
        let all = self.any::<Session>("session.dialogue", &series.into_inner(), MOST)?;
        let home = &self.node().home().id;
        let all = all.map(|all| sessions(&same.read_all(all), home).all(id.as_str()));
        Ok(all.into_inner())
    }

    /// The series that stand for those of records, as far as they are not there.
    pub(super) fn standing_series(
        &self,
        known: Released<&Known>,
        same: &Same,
    ) -> Result<Released<Vec<Piece<Dialogue>>>> {
        let missing = known.map(|known| {
            let sessions = known
                .sessions
                .iter()
                .map(|one| Some(&one.what.dialogue_ref));
            let said = known.commitments.iter();
            let said = said.map(|one| one.what.dialogue_ref.as_ref());
            let all = sessions.chain(said).flatten().map(|id| same.read_as(id));
            let here = |id: &str| known.dialogues.iter().any(|one| one.id.as_str() == id);
            let missing = all.filter(|id| !here(id)).map(str::to_owned);
            missing.collect::<BTreeSet<String>>()
        });
        self.named(&missing.into_inner())
    }
}

impl Known {
    /// Everything as of the series that stands for its own, and as of the session that stands for what others wrote down of it.
    pub(super) fn read_as_one(&mut self, same: Same, home: &stix::ObjectId) {
        for one in &mut self.sessions {
            same.put(&mut one.what.dialogue_ref);
        }
        let same = same.and(&sessions(&self.sessions, home));
        if !same.is_empty() {
            for one in &mut self.texts {
                one.what.dialogue_ref.iter_mut().for_each(|id| same.put(id));
                one.what.session_ref.iter_mut().for_each(|id| same.put(id));
            }
            for one in &mut self.commitments {
                one.what.dialogue_ref.iter_mut().for_each(|id| same.put(id));
                one.what.session_ref.iter_mut().for_each(|id| same.put(id));
            }
        }
        self.same = same;
    }
}

impl Home {
    /// Leaves out a session of which one that stands for it is told of as well.
    pub(super) fn each_session_once(&mut self) {
        let same = self.known.same.clone();
        let told = |all: &[stix::ObjectId], id: &stix::ObjectId| {
            let stands = same.read_as(id.as_str());
            stands != id.as_str() && all.iter().any(|one| one.as_str() == stands)
        };
        for list in [&mut self.not_held, &mut self.lapsed, &mut self.to_come] {
            let all = list.clone();
            list.retain(|id| !told(&all, id));
        }
        let all: Vec<stix::ObjectId> = self
            .known
            .sessions
            .iter()
            .map(|one| one.id.clone())
            .collect();
        let listed = [&self.not_held, &self.lapsed, &self.to_come];
        let listed: Vec<stix::ObjectId> = listed.into_iter().flatten().cloned().collect();
        self.known
            .sessions
            .retain(|one| listed.contains(&one.id) || !told(&all, &one.id));
    }
}
