//! What pages and answers are made from: records of several kinds that belong together, gathered for one viewer.
//! Invariant: everything in it is released together; what the viewer may not see is not in it, and nothing points at its absence.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use policy::{Label, Released};
use stix::ObjectId;
use store::Span;

use super::{Announced, Earlier, InName, Register, Running};
use crate::records::{Commitment, Consent, Dialogue, FollowUp, Kind, Piece, Session, Text};
use crate::rules::announced::lapsed;
use crate::rules::due::is_to_be_followed;
use crate::rules::same::{Same, sessions};

/// How many records of one kind are gathered for a page.
const MOST: usize = 2_000;
/// How many commitments past their date, or before it, the home page looks at.
const DATED: usize = 100;
/// How many sessions that were announced and are not recorded as held, and that were announced and are to come.
const ANNOUNCED: usize = 60;
const PROMISED: usize = 5;
/// How far back and ahead it looks, in microseconds.
const YEAR: i64 = 365 * 86_400_000_000;

/// An account that its author asked us to withdraw, and when.
pub(super) type AskedBack = (Piece<FollowUp>, i64);

/// Records that belong together.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The series.
    pub dialogues: Vec<Piece<Dialogue>>,
    /// The sessions.
    pub sessions: Vec<Piece<Session>>,
    /// The texts.
    pub texts: Vec<Piece<Text>>,
    /// Changed forms of texts that are told of.
    pub newer: Vec<Piece<Text>>,
    /// The commitments and other statements.
    pub commitments: Vec<Piece<Commitment>>,
    /// What became of them.
    pub follow_ups: Vec<Piece<FollowUp>>,
    /// Who consents to what.
    pub consents: Vec<Piece<Consent>>,
    /// What was written of it in the name of a side by somebody else.
    pub in_name: Vec<InName>,
    /// Accounts that their authors asked us to withdraw, and when: they stand no more.
    pub asked_back: Vec<AskedBack>,
    /// What was said of the clauses whose place commitments took.
    pub earlier: Vec<Earlier>,
    /// Which series, and which sessions, are read as which.
    pub same: Same,
}

/// What the home page of the desk answers with.
#[derive(Debug, Clone, Default)]
pub struct Home {
    /// Everything that it speaks of.
    pub known: Known,
    /// Commitments past their date, the latest date first.
    pub past: Vec<ObjectId>,
    /// Commitments before their date, the next first.
    pub ahead: Vec<ObjectId>,
    /// Commitments of which somebody spoke lately.
    pub spoken_of: Vec<ObjectId>,
    /// Sessions that announced one whose time is over and that is not recorded, the latest time first.
    pub not_held: Vec<ObjectId>,
    /// Sessions that were planned for a time that is over and are not recorded as held, the latest time first.
    pub lapsed: Vec<ObjectId>,
    /// Sessions that announced one that is to come and is not prepared yet, the next first.
    pub to_come: Vec<ObjectId>,
    /// Silence procedures that run, the first to end first.
    pub silences: Vec<Running>,
    /// Of what there is more than was looked at.
    pub more: More,
}

/// Of what there is more than the home page looks at, so that its figures say "at least".
#[derive(Debug, Clone, Copy, Default)]
pub struct More {
    /// Of commitments past their date.
    pub past: bool,
    /// Of commitments before it.
    pub ahead: bool,
    /// Of what was said lately.
    pub spoken_of: bool,
    /// Of sessions that were announced and are not recorded.
    pub not_held: bool,
}

impl Home {
    /// The labels of everything that it speaks of.
    pub fn labels(&self) -> Vec<&Label> {
        let silences = self.silences.iter().flat_map(|one| &one.labels);
        self.known.labels().into_iter().chain(silences).collect()
    }
}

impl Known {
    /// A series: the one that stands for it, where that is here.
    pub fn dialogue(&self, id: Option<&str>) -> Option<&Piece<Dialogue>> {
        let named = |id: &str| self.dialogues.iter().find(|piece| piece.id.as_str() == id);
        let id = id?;
        named(self.same.read_as(id)).or_else(|| named(id))
    }

    /// A series, itself.
    pub fn itself(&self, id: &ObjectId) -> Option<&Piece<Dialogue>> {
        self.dialogues.iter().find(|piece| piece.id == *id)
    }

    /// The sessions that others wrote down of one, or that it was written down of.
    pub fn also_written(&self, id: &ObjectId) -> impl Iterator<Item = &Piece<Session>> {
        let every = self.same.all(id.as_str());
        let id = id.clone();
        let all = self.sessions.iter();
        all.filter(move |one| one.id != id && every.contains(one.id.as_str()))
    }

    /// A session.
    pub fn session(&self, id: Option<&str>) -> Option<&Piece<Session>> {
        self.sessions
            .iter()
            .find(|piece| Some(piece.id.as_str()) == id)
    }

    /// A commitment.
    pub fn commitment(&self, id: &ObjectId) -> Option<&Piece<Commitment>> {
        self.commitments.iter().find(|piece| piece.id == *id)
    }

    /// What became of a commitment, as each side says.
    pub fn followed(&self, id: &ObjectId) -> Vec<Piece<FollowUp>> {
        let about = self
            .follow_ups
            .iter()
            .filter(|piece| piece.what.about_ref == id.as_str());
        about.cloned().collect()
    }

    /// What was written of something in the name of a side by somebody else.
    pub fn in_name_of(&self, id: &ObjectId) -> impl Iterator<Item = &InName> {
        let about = id.to_string();
        self.in_name
            .iter()
            .filter(move |one| one.about_ref == about)
    }

    /// Accounts of something that their authors asked us to withdraw, and when.
    pub fn asked_back_of(&self, id: &ObjectId) -> impl Iterator<Item = &AskedBack> {
        let about = id.to_string();
        self.asked_back
            .iter()
            .filter(move |(piece, _)| piece.what.about_ref == about)
    }

    /// Who consents to something.
    pub fn consented(&self, id: &ObjectId) -> Vec<Piece<Consent>> {
        let about = self
            .consents
            .iter()
            .filter(|piece| piece.what.about_ref == id.as_str());
        about.cloned().collect()
    }

    /// The sessions of a series, and of those that are read as the same, the latest first: each once, whoever wrote it down.
    pub fn sessions_of(&self, dialogue: &ObjectId) -> Vec<&Piece<Session>> {
        let series = self.same.read_as(dialogue.as_str());
        let own = self.sessions.iter().filter(|piece| {
            self.same.read_as(&piece.what.dialogue_ref) == series
                && self.same.stands(piece.id.as_str())
        });
        let mut own: Vec<&Piece<Session>> = own.collect();
        // Of one day the one with the greater number is the later; whatever is written of them anew, they keep their places.
        let place =
            |one: &Piece<Session>| (one.what.starts.clone(), one.what.ordinal, one.id.clone());
        own.sort_by_cached_key(|one| std::cmp::Reverse(place(one)));
        own
    }

    /// The labels of everything in it.
    pub fn labels(&self) -> Vec<&Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        of(&self.dialogues)
            .chain(of(&self.sessions))
            .chain(of(&self.texts))
            .chain(of(&self.newer))
            .chain(of(&self.commitments))
            .chain(of(&self.follow_ups))
            .chain(of(&self.consents))
            .chain(self.in_name.iter().filter_map(|one| one.label.as_ref()))
            .chain(
                self.asked_back
                    .iter()
                    .filter_map(|(piece, _)| piece.label.as_ref()),
            )
            .chain(self.earlier.iter().flat_map(|one| {
                let said = one.said.iter().map(|said| &said.label);
                said.chain([&one.clause.label]).flatten()
            }))
            .collect()
    }
}

/// Adds to a list what is not in it yet.
fn join<T>(mut all: Vec<Piece<T>>, more: Vec<Piece<T>>) -> Vec<Piece<T>> {
    let known: BTreeSet<ObjectId> = all.iter().map(|piece| piece.id.clone()).collect();
    all.extend(more.into_iter().filter(|piece| !known.contains(&piece.id)));
    all
}

/// The ids of records, as others name them.
fn ids_of<T>(all: &[Piece<T>]) -> BTreeSet<String> {
    all.iter().map(|piece| piece.id.to_string()).collect()
}

/// What stands of accounts, and what their authors asked us to withdraw, with when.
fn stands(
    all: Vec<Piece<FollowUp>>,
    asked: &BTreeMap<ObjectId, i64>,
) -> (Vec<Piece<FollowUp>>, Vec<AskedBack>) {
    let (mut standing, mut back) = (Vec::new(), Vec::new());
    for piece in all {
        match asked.get(&piece.id) {
            Some(made) => back.push((piece, *made)),
            None => standing.push(piece),
        }
    }
    (standing, back)
}

impl Register<'_> {
    /// Which of these accounts their authors asked us to withdraw, and when. Our own are with us whoever was asked.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn asked_back(&self, all: &[Piece<FollowUp>]) -> Result<BTreeMap<ObjectId, i64>> {
        let home = &self.node().home().id;
        let theirs = all.iter().filter(|piece| piece.author != *home);
        self.node().asked_back(theirs.map(|piece| &piece.id))
    }

    /// What stands of accounts: those that their own sides wrote, and did not ask us to withdraw.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn standing(
        &self,
        all: Released<Vec<Piece<FollowUp>>>,
    ) -> Result<Released<Vec<Piece<FollowUp>>>> {
        let asked = self.asked_back(all.as_ref().into_inner())?;
        Ok(all.map(|all| stands(self.parted(all).0, &asked).0))
    }

    /// Of commitments those of which themselves no side said what followed: all of which nobody did is among them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn unspoken(
        &self,
        all: Released<Vec<Piece<Commitment>>>,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        let about = all.as_ref().map(|all| ids_of(all)).into_inner();
        let said = self.standing(self.any("follow_up.about", &about, MOST)?)?;
        Ok(all.zip(said).map(|(mut all, said)| {
            let spoken: BTreeSet<&str> =
                said.iter().map(|one| one.what.about_ref.as_str()).collect();
            all.retain(|one| !spoken.contains(one.id.as_str()));
            all
        }))
    }

    /// The records that these values name, as far as they are ids.
    pub(super) fn named<T: Kind>(&self, ids: &BTreeSet<String>) -> Result<Released<Vec<Piece<T>>>> {
        let ids: Vec<ObjectId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        self.ones(&ids)
    }

    /// Commitments with what belongs to them: series, sessions, what became of them, who confirms them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn around(&self, commitments: Released<Vec<Piece<Commitment>>>) -> Result<Released<Known>> {
        let refs = |of: fn(&Piece<Commitment>) -> Option<String>| -> BTreeSet<String> {
            let found = commitments
                .as_ref()
                .map(|all| all.iter().filter_map(of).collect());
            found.into_inner()
        };
        let dialogues = refs(|piece| piece.what.dialogue_ref.clone());
        let sessions = refs(|piece| piece.what.session_ref.clone());
        let about = refs(|piece| Some(piece.id.to_string()));
        let one_sided = refs(|piece| {
            piece
                .what
                .standing
                .is_one_sided()
                .then(|| piece.id.to_string())
        });
        // All of one series is one seek; of many series it would be far more than what is asked for.
        let follow_ups = if dialogues.len() <= 1 {
            let loose = refs(|piece| {
                piece
                    .what
                    .dialogue_ref
                    .is_none()
                    .then(|| piece.id.to_string())
            });
            self.any("follow_up.dialogue", &dialogues, MOST)?
                .zip(self.any("follow_up.about", &loose, MOST)?)
                .map(|(all, more)| join(all, more))
        } else {
            self.any("follow_up.about", &about, MOST)?
        };
        // What hangs on other commitments of the series is not theirs.
        let follow_ups = follow_ups.map(|mut all: Vec<Piece<FollowUp>>| {
            all.retain(|piece| about.contains(&piece.what.about_ref));
            all
        });
        let asked_back = self.asked_back(follow_ups.as_ref().into_inner())?;
        let follow_ups = follow_ups.map(|all| {
            let (said, in_name) = self.parted(all);
            (stands(said, &asked_back), in_name)
        });
        let newer = self.newer(commitments.as_ref().map(Vec::as_slice))?;
        let earlier = self.earlier(commitments.as_ref().map(Vec::as_slice))?;
        let rest = self
            .named::<Dialogue>(&dialogues)?
            .zip(newer.zip(earlier))
            .zip(self.named::<Session>(&sessions)?)
            .zip(
                self.any::<Consent>("consent.about", &one_sided, MOST)?
                    .map(|all| self.parted(all)),
            );
        Ok(commitments.zip(follow_ups).zip(rest).map(
            |(
                (commitments, ((follow_ups, asked_back), mut in_name)),
                (((dialogues, (newer, earlier)), sessions), (consents, more)),
            )| {
                in_name.extend(more);
                Known {
                    dialogues,
                    sessions,
                    texts: Vec::new(),
                    newer,
                    commitments,
                    follow_ups,
                    consents,
                    in_name,
                    asked_back,
                    earlier,
                    same: Same::default(),
                }
            },
        ))
    }

    /// Commitments with the series and sessions in which they were said.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn said_in(
        &self,
        commitments: Released<Vec<Piece<Commitment>>>,
    ) -> Result<Released<Known>> {
        let refs = |of: fn(&Commitment) -> Option<String>| -> BTreeSet<String> {
            let all = commitments.as_ref();
            all.map(|all| all.iter().filter_map(|one| of(&one.what)).collect())
                .into_inner()
        };
        let dialogues = self.named::<Dialogue>(&refs(|one| one.dialogue_ref.clone()))?;
        let sessions = self.named::<Session>(&refs(|one| one.session_ref.clone()))?;
        let all = commitments.zip(dialogues).zip(sessions);
        Ok(all.map(|((commitments, dialogues), sessions)| Known {
            commitments,
            dialogues,
            sessions,
            ..Known::default()
        }))
    }

    /// The series of sessions.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn series_of(
        &self,
        sessions: Released<&Vec<Piece<Session>>>,
    ) -> Result<Released<Vec<Piece<Dialogue>>>> {
        let series = sessions.map(|all| {
            let all = all.iter().map(|session| session.what.dialogue_ref.clone());
            all.collect::<BTreeSet<String>>()
        });
        self.named::<Dialogue>(&series.into_inner())
    }

    /// Everything of a series.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn series(&self, id: &ObjectId) -> Result<Option<Released<Known>>> {
        let Some(dialogue) = self.one::<Dialogue>(id)? else {
            return Ok(None);
        };
        let same = self.same()?;
        let every = same.all(id.as_str());
        let others = self.named::<Dialogue>(&every)?;
        let sessions = self.any::<Session>("session.dialogue", &every, MOST)?;
        let texts = self.any::<Text>("text.dialogue", &every, MOST)?;
        let text_ids = texts.as_ref().map(|texts| ids_of(texts)).into_inner();
        let texts = texts.zip(self.replacing(&text_ids)?);
        let commitments = self.any::<Commitment>("commitment.dialogue", &every, MOST)?;
        let known = self.around(commitments)?;
        let all = dialogue.zip(others).zip(sessions).zip(texts).zip(known);
        Ok(Some(all.map(
            |((((dialogue, others), sessions), (texts, newer)), known)| Known {
                dialogues: join(join(vec![dialogue], others), known.dialogues),
                sessions: join(sessions, known.sessions),
                texts,
                newer: join(newer, known.newer),
                same,
                ..known
            },
        )))
    }

    /// Everything of a session, and the other sessions of its series.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn session(&self, id: &ObjectId) -> Result<Option<Released<Known>>> {
        self.session_with(id, |_, _| BTreeSet::from([id.to_string()]))
    }

    /// The same, with what stands in the session as others wrote it down.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn session_as_one(&self, id: &ObjectId) -> Result<Option<Released<Known>>> {
        let home = &self.node().home().id;
        self.session_with(id, |siblings, same| {
            let siblings = same.read_all(siblings.to_vec());
            sessions(&siblings, home).all(id.as_str())
        })
    }

    fn session_with(
        &self,
        id: &ObjectId,
        every: impl FnOnce(&[Piece<Session>], &Same) -> BTreeSet<String>,
    ) -> Result<Option<Released<Known>>> {
        let Some(session) = self.one::<Session>(id)? else {
            return Ok(None);
        };
        let dialogue = session
            .as_ref()
            .map(|session| session.what.dialogue_ref.clone())
            .into_inner();
        let same = self.same()?;
        let series = same.all(&dialogue);
        let siblings = self.any::<Session>("session.dialogue", &series, MOST)?;
        let every = every(siblings.as_ref().into_inner(), &same);
        let dialogues = self.named::<Dialogue>(&BTreeSet::from([dialogue]))?;
        let texts = self.any::<Text>("text.session", &every, MOST)?;
        let text_ids = texts.as_ref().map(|texts| ids_of(texts)).into_inner();
        let newer = self.replacing(&text_ids)?;
        let consents = self.any::<Consent>("consent.about", &text_ids, MOST)?;
        let consents = consents.map(|all| self.parted(all));
        let commitments = self.any::<Commitment>("commitment.session", &every, MOST)?;
        let known = self.around(commitments)?;
        let all = session
            .zip(siblings)
            .zip(dialogues)
            .zip(texts.zip(newer))
            .zip(consents)
            .zip(known);
        Ok(Some(all.map(
            |(
                ((((session, siblings), dialogues), (texts, newer)), (consents, mut in_name)),
                known,
            )| {
                in_name.extend(known.in_name);
                Known {
                    dialogues: join(dialogues, known.dialogues),
                    sessions: join(join(vec![session], siblings), known.sessions),
                    texts,
                    newer: join(newer, known.newer),
                    consents: join(consents, known.consents),
                    in_name,
                    same,
                    ..known
                }
            },
        )))
    }

    /// What the home page answers with, at a time.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn home(&self, now: i64) -> Result<Released<Home>> {
        let span = Span::Numbers(-now, -now + 3 * YEAR);
        let past = self.part::<Commitment>("commitment.past", span, None, DATED)?;
        let span = Span::Numbers(now, now + YEAR);
        let ahead = self.part::<Commitment>("commitment.due", span, None, DATED)?;
        let span = Span::Numbers(-now, -now + YEAR);
        let lately = self.part::<FollowUp>("follow_up.back", span, None, DATED)?;
        let more = past.as_ref().zip(ahead.as_ref()).zip(lately.as_ref());
        let more = more.map(|((past, ahead), lately)| More {
            past: past.next.is_some(),
            ahead: ahead.next.is_some(),
            spoken_of: lately.next.is_some(),
            not_held: false,
        });
        let (past, ahead) = (past.map(|part| part.rows), ahead.map(|part| part.rows));
        let about: BTreeSet<String> = self
            .standing(lately.map(|all| all.rows))?
            .map(|said| {
                let about = said.into_iter().map(|piece| piece.what.about_ref);
                about.collect()
            })
            .into_inner();
        let spoken_of = self.named::<Commitment>(&about)?;
        let fell = ("session.unmet", (1 - now, i64::MAX));
        let (fell, further) = self.unanswered(fell, None, ANNOUNCED)?;
        let more = more.map(|more| More {
            not_held: further.is_some(),
            ..more
        });
        let promised = ("session.awaited", (now, now + 2 * YEAR));
        let (promised, _) = self.unanswered(promised, None, PROMISED)?;
        let planned = self.planned(now)?;
        let silences = self.silences(now)?;
        let announced = fell.zip(promised).map(|(fell, promised)| {
            let ids = |all: &Announced| -> Vec<ObjectId> {
                all.sessions.iter().map(|one| one.id.clone()).collect()
            };
            let order = (ids(&fell), ids(&promised));
            let all = join(join(fell.sessions, fell.later), promised.sessions);
            (order, join(all, promised.later))
        });
        let sessions = announced.zip(planned).map(|((order, all), planned)| {
            let over = lapsed(&planned, now).into_iter();
            let over: Vec<ObjectId> = over.map(|one| one.id.clone()).collect();
            ((order, over), join(all, planned))
        });
        let (order, all) = (
            sessions.as_ref().map(|(order, _)| order.clone()),
            sessions.map(|(_, all)| all),
        );
        let sessions = order.zip(self.not_asked_back(all)?);
        let dialogues = self.series_of(sessions.as_ref().map(|(_, all)| all))?;
        let commitments = past.zip(ahead).zip(spoken_of);
        let order = commitments.as_ref().map(|((past, ahead), spoken_of)| {
            let ids = |all: &[Piece<Commitment>]| -> Vec<ObjectId> {
                let kept = all.iter().filter(|piece| is_to_be_followed(&piece.what));
                kept.map(|piece| piece.id.clone()).collect()
            };
            (ids(past), ids(ahead), ids(spoken_of))
        });
        let all = commitments
            .as_ref()
            .map(|((past, ahead), more)| join(join(past.clone(), ahead.clone()), more.clone()));
        let known = self.around(all)?;
        let silences = silences.zip(more);
        let rest = order.zip(sessions).zip(dialogues).zip(silences);
        Ok(known.zip(rest).map(
            |(known, ((((past, ahead, spoken_of), sessions), dialogues), (silences, more)))| {
                let (((not_held, to_come), lapsed), sessions) = sessions;
                Home {
                    known: Known {
                        sessions: join(sessions, known.sessions),
                        dialogues: join(dialogues, known.dialogues),
                        ..known
                    },
                    past,
                    ahead,
                    spoken_of,
                    not_held,
                    lapsed,
                    to_come,
                    silences,
                    more,
                }
            },
        ))
    }
}
