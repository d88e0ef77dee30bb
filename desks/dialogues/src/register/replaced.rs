//! Texts whose changed form took their place, and what they say. Invariant: nobody takes away by a text of theirs what another wrote: a
//! changed form counts where it is of the same author, or ours; and whoever does not see it sees what it changed as it stood. What was said
//! of a clause stays said of its wording, and stands beside what took its place as such.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::Released;
use stix::ObjectId;
use store::Span;

use super::{Known, Register};
use crate::records::{Commitment, FollowUp, Piece, Text};
use crate::rules::announced::is_announcement;
use crate::rules::due::{Due, due, speaks_on};
use crate::rules::wording::{Lexicon, Passage};

/// How many changed forms are gathered.
const MOST: usize = 2_000;
/// How close words have to be, in percent, to be the same clause in another form of a text.
const SAME: u32 = 50;
/// How many forms of a text are followed back.
const FORMS: usize = 8;
/// The greatest text that a value can have.
const LAST: &str = "\u{10FFFF}";

/// The clause of an earlier form of a text, and what was said of it.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The statement that took its place.
    pub of: ObjectId,
    /// The clause.
    pub clause: Piece<Commitment>,
    /// What each side said became of it.
    pub said: Vec<Piece<FollowUp>>,
}

/// The texts of statements.
fn texts_of(said: &[Piece<Commitment>]) -> BTreeSet<String> {
    let texts = said.iter().filter_map(|one| one.what.text_ref.clone());
    texts.collect()
}

impl Register<'_> {
    /// The changed forms of these texts.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn replacing(&self, texts: &BTreeSet<String>) -> Result<Released<Vec<Piece<Text>>>> {
        let found = self.any::<Text>("text.replaces", texts, MOST)?;
        self.counting_forms(found)
    }

    /// Of texts those that are changed forms, by somebody whose changed form counts.
    fn counting_forms(
        &self,
        found: Released<Vec<Piece<Text>>>,
    ) -> Result<Released<Vec<Piece<Text>>>> {
        let before = found.as_ref().map(|all| {
            let before = all.iter().filter_map(|one| one.what.replaces_ref.as_ref());
            before
                .filter_map(|id| ObjectId::parse(id).ok())
                .collect::<BTreeSet<_>>()
        });
        let before = before.into_inner();
        let before = self.ones::<Text>(&before)?;
        let home = &self.node().home().id;
        Ok(found.zip(before).map(|(mut found, before)| {
            found.retain(|one| {
                let of = |other: &&Piece<Text>| {
                    one.what.replaces_ref.as_deref() == Some(other.id.as_str())
                };
                let other = before.iter().find(of);
                one.author == *home || other.is_some_and(|other| other.author == one.author)
            });
            found
        }))
    }

    /// What was said of the clauses whose place these statements took, in whichever form of their texts before.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn earlier(&self, said: Released<&[Piece<Commitment>]>) -> Result<Released<Vec<Earlier>>> {
        // Nearly no text is a changed form: whether any is costs one seek.
        let all = Span::Texts(String::new(), LAST.to_owned());
        let any = self.part::<Text>("text.replaces", all, None, 1)?;
        let any = any.map(|part| !part.rows.is_empty() || part.next.is_some());
        if !any.into_inner() {
            return Ok(std::iter::empty::<Released<Earlier>>().collect());
        }
        let mut found = Vec::new();
        let mut now: Released<Vec<(ObjectId, Piece<Commitment>)>> = said.map(|all| {
            let each = all.iter().map(|one| (one.id.clone(), one.clone()));
            each.collect()
        });
        for _ in 0..FORMS {
            let texts: BTreeSet<ObjectId> = now
                .as_ref()
                .map(|all| {
                    let texts = all.iter().filter_map(|(_, one)| one.what.text_ref.as_ref());
                    texts.filter_map(|id| id.parse().ok()).collect()
                })
                .into_inner();
            let forms = self.texts_of("text.replaces", &texts)?;
            let forms: BTreeSet<ObjectId> = forms
                .map(|all| all.into_iter().map(|(id, _)| id).collect())
                .into_inner();
            let texts = self.ones::<Text>(&forms)?.map(|mut all| {
                all.retain(|one| one.what.replaces_ref.is_some());
                all
            });
            let texts = self.counting_forms(texts)?;
            let before: BTreeSet<String> = texts
                .as_ref()
                .map(|all| {
                    let before = all.iter().filter_map(|one| one.what.replaces_ref.clone());
                    before.collect()
                })
                .into_inner();
            if before.is_empty() {
                break;
            }
            let there = self.any::<Commitment>("commitment.text", &before, MOST)?;
            now = now
                .zip(texts)
                .zip(there)
                .map(|((now, texts), there)| before_each(&now, &texts, &there));
            found.push(now.clone());
        }
        let found: Released<Vec<Vec<_>>> = found.into_iter().collect();
        let found = found.map(|all| all.into_iter().flatten().collect::<Vec<_>>());
        let about: BTreeSet<String> = found
            .as_ref()
            .map(|all| all.iter().map(|(_, one)| one.id.to_string()).collect())
            .into_inner();
        let said = self.any::<FollowUp>("follow_up.about", &about, MOST)?;
        let said = self.standing(said)?;
        Ok(found.zip(said).map(|(found, said)| {
            let told = |(of, clause): (ObjectId, Piece<Commitment>)| {
                let about = said
                    .iter()
                    .filter(|one| one.what.about_ref == clause.id.as_str());
                let said: Vec<Piece<FollowUp>> = about.cloned().collect();
                (!said.is_empty()).then_some(Earlier { of, clause, said })
            };
            found.into_iter().filter_map(told).collect()
        }))
    }

    /// The changed forms of the texts of these statements.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn newer(
        &self,
        said: Released<&[Piece<Commitment>]>,
    ) -> Result<Released<Vec<Piece<Text>>>> {
        self.replacing(&said.map(texts_of).into_inner())
    }

    /// Of these statements those whose text stands in no changed form.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn in_force(
        &self,
        said: Released<Vec<Piece<Commitment>>>,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        let newer = self.newer(said.as_ref().map(Vec::as_slice))?;
        Ok(said.zip(newer).map(|(mut said, newer)| {
            said.retain(|one| in_place_of(&newer, one).is_none());
            said
        }))
    }
}

/// The changed form of the text of a statement.
fn in_place_of<'t>(newer: &'t [Piece<Text>], said: &Piece<Commitment>) -> Option<&'t Piece<Text>> {
    let text = said.what.text_ref.as_ref()?;
    newer
        .iter()
        .find(|one| one.what.replaces_ref.as_ref() == Some(text))
}

/// Of statements the clauses whose place they took, by the texts that changed those.
fn before_each(
    now: &[(ObjectId, Piece<Commitment>)],
    texts: &[Piece<Text>],
    there: &[Piece<Commitment>],
) -> Vec<(ObjectId, Piece<Commitment>)> {
    let mut clauses = Clauses::of(there);
    let before = |(of, said): &(ObjectId, Piece<Commitment>)| {
        let text = said.what.text_ref.as_deref();
        let text = texts.iter().find(|one| Some(one.id.as_str()) == text)?;
        let clause = clauses.closest(text.what.replaces_ref.as_deref()?, said)?;
        Some((of.clone(), clause.clone()))
    };
    now.iter().filter_map(before).collect()
}

/// Clauses, each read once, however many statements are held against them.
struct Clauses<'c> {
    lexicon: Lexicon,
    all: Vec<(&'c Piece<Commitment>, Passage)>,
}

impl<'c> Clauses<'c> {
    fn of(all: impl IntoIterator<Item = &'c Piece<Commitment>>) -> Self {
        let mut lexicon = Lexicon::default();
        let read = |one: &'c Piece<Commitment>| (one, lexicon.read(&one.what.words));
        Self {
            all: all.into_iter().map(read).collect(),
            lexicon,
        }
    }

    /// The clause of a text that is closest to a statement, where it is close at all.
    fn closest(&mut self, text: &str, said: &Piece<Commitment>) -> Option<&'c Piece<Commitment>> {
        let said = self.lexicon.read(&said.what.words);
        let of_text = self
            .all
            .iter()
            .filter(|(other, _)| other.what.text_ref.as_deref() == Some(text));
        of_text
            .filter_map(|(other, read)| Some((read.closeness(&said, SAME)?, *other)))
            .max_by_key(|(close, _)| *close)
            .map(|(_, other)| other)
    }
}

impl Known {
    /// The changed form of a text.
    pub fn newer_than(&self, text: &ObjectId) -> Option<&Piece<Text>> {
        let mut newer = self.newer.iter();
        newer.find(|one| one.what.replaces_ref.as_deref() == Some(text.as_str()))
    }

    /// The changed form of the text of a statement: it stands no more as it was said there.
    pub fn replaced_by(&self, said: &Piece<Commitment>) -> Option<&Piece<Text>> {
        in_place_of(&self.newer, said)
    }

    /// Leaves out the texts that stand in a changed form, what they say, and what was said of it.
    pub fn keep_in_force(&mut self) {
        let newer = std::mem::take(&mut self.newer);
        let text_is_replaced = |id: &ObjectId| {
            let mut newer = newer.iter();
            newer.any(|one| one.what.replaces_ref.as_deref() == Some(id.as_str()))
        };
        self.texts.retain(|text| !text_is_replaced(&text.id));
        let commitments = std::mem::take(&mut self.commitments).into_iter();
        let (gone, kept): (Vec<_>, Vec<_>) =
            commitments.partition(|one| in_place_of(&newer, one).is_some());
        self.commitments = kept;
        self.follow_ups.retain(|said| {
            let about = said.what.about_ref.as_str();
            !gone.iter().any(|one| one.id.as_str() == about)
        });
        self.newer = newer;
    }

    /// What was said of the earlier wording of a commitment, the latest wording first.
    pub fn earlier_of(&self, id: &ObjectId) -> impl Iterator<Item = &Earlier> {
        let id = id.clone();
        self.earlier.iter().filter(move |one| one.of == id)
    }

    /// Whether any side said what became of a commitment, in its wording or in an earlier one that it took the place of.
    pub fn is_spoken_of(&self, id: &ObjectId) -> bool {
        let mut own = self.follow_ups.iter();
        own.any(|one| one.what.about_ref == id.as_str())
            || self
                .earlier_of(id)
                .any(|one| one.said.iter().any(|said| speaks_on(&said.what)))
    }

    /// How a commitment stands to its date, now. What was replaced is settled; what took its place was spoken of with it. Of a session that
    /// was announced it is told elsewhere whether it was held.
    pub fn due(&self, said: &Piece<Commitment>, now: i64) -> Due {
        if self.replaced_by(said).is_some() {
            return Due::Settled;
        }
        let earlier = self.earlier_of(&said.id);
        let earlier = earlier.map(|one| (&one.clause.what, one.said.as_slice()));
        let stands = due(&said.what, &self.followed(&said.id), earlier, now);
        let session = self.session(said.what.session_ref.as_deref());
        match (stands, session) {
            (Due::PassedInSilence, Some(session)) if is_announcement(&said.what, &session.what) => {
                Due::Passed
            }
            (stands, _) => stands,
        }
    }

    /// The clause of another form of its text that is closest to a statement, where it is close at all.
    pub fn in_text(&self, text: &str, said: &Piece<Commitment>) -> Option<&Piece<Commitment>> {
        let of_text = |one: &&Piece<Commitment>| one.what.text_ref.as_deref() == Some(text);
        Clauses::of(self.commitments.iter().filter(of_text)).closest(text, said)
    }
}
