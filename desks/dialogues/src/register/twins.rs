//! The same words as another participant entered them, from its own reading of the same text. Invariant: each side's record stays its own;
//! where a list has both, one line stands for them, and says so, with what every side says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use anyhow::Result;
use desk::facets::both;
use policy::Released;
use stix::ObjectId;
use store::Span;

use super::{Home, Known, Register};
use crate::records::{Commitment, FollowUp, Piece, Text};
use crate::rules::same::is_same_text;
use crate::rules::wording::closeness;

/// How many texts of the same words are looked for, and how many statements of each.
const TEXTS: usize = 20;
const MOST: usize = 1_000;
/// How close words have to be, in percent, to be the same clause of one text, cut or widened by a person.
const SAME: u32 = 50;

/// The greatest text that a value can have.
const LAST: &str = "\u{10FFFF}";

/// A record of another author that stands for the same words.
#[derive(Debug, Clone)]
pub struct Twin {
    /// The record.
    pub piece: Piece<Commitment>,
    /// What sides say became of it.
    pub follow_ups: Vec<Piece<FollowUp>>,
}

/// Two statements of different authors that stand for the same words.
pub type Pair = (Piece<Commitment>, Piece<Commitment>);

/// Who else entered a statement that is listed, by its id.
#[derive(Debug, Clone, Default)]
pub struct Also(BTreeMap<ObjectId, Vec<String>>);

impl Also {
    /// Who else entered it.
    pub fn entered(&self, id: &ObjectId) -> &[String] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}

/// Records that belong together, each statement once: with what every side says of it, and who else entered it.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The records.
    pub known: Known,
    /// Who else entered them.
    pub also: Also,
}

impl Deref for Folded {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

impl Register<'_> {
    /// The same records with each statement once, where several entered its text: our own where one is ours, else the first. What others
    /// say became of theirs is said of it. Where they have another date or kind, each stays for itself, and says who else entered it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn folded(&self, known: Released<Known>) -> Result<Released<Folded>> {
        let listed = known.as_ref().map(|known| known.commitments.as_slice());
        let pairs = self.paired(listed.into_inner())?;
        self.folded_by(known, pairs)
    }

    /// The same, with what stands for the same words as it was found before.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn folded_by(
        &self,
        known: Released<Known>,
        pairs: Released<Vec<Pair>>,
    ) -> Result<Released<Folded>> {
        let said = self.said_of(pairs.as_ref())?;
        let home = &self.node().home().id;
        let same = self.same()?;
        let series = self.standing_series(known.as_ref(), &same)?;
        let known = known.zip(series).map(|(mut known, series)| {
            known.dialogues.extend(series);
            known.read_as_one(same, home);
            known
        });
        Ok(known
            .zip(pairs)
            .zip(said)
            .map(|((known, pairs), said)| fold(known, &pairs, &said, home)))
    }

    /// The same records, each statement as it stands: with what was said of the same words where others entered them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn heard_of_twins(&self, known: Released<Known>) -> Result<Released<Known>> {
        let listed = known.as_ref().map(|known| known.commitments.as_slice());
        let pairs = self.paired(listed.into_inner())?;
        let said = self.said_of(pairs.as_ref())?;
        let all = known.zip(pairs).zip(said);
        Ok(all.map(|((mut known, pairs), said)| {
            also_said(&mut known, &pairs, &said);
            known
        }))
    }

    /// What was said of either of each pair.
    fn said_of(&self, pairs: Released<&Vec<Pair>>) -> Result<Released<Vec<Piece<FollowUp>>>> {
        let all: BTreeSet<String> = pairs
            .map(|pairs| {
                let ids = pairs.iter().flat_map(|(one, other)| [&one.id, &other.id]);
                ids.map(ObjectId::to_string).collect()
            })
            .into_inner();
        let said = self.any::<FollowUp>("follow_up.about", &all, MOST)?;
        self.standing(said)
    }

    /// What the home page answers with, at a time: each statement once.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn home_folded(&self, now: i64) -> Result<Released<(Home, Also)>> {
        let home = self.home(now)?;
        let folded = self.folded(home.as_ref().map(|home| home.known.clone()))?;
        Ok(home.zip(folded).map(|(home, Folded { known, also })| {
            let mut home = Home { known, ..home };
            home.each_session_once();
            (home, also)
        }))
    }

    /// A list with each statement once, as [`folded`](Self::folded) has it.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn once(
        &self,
        listed: Released<Vec<Piece<Commitment>>>,
    ) -> Result<Released<Vec<Piece<Commitment>>>> {
        // Only what has a namesake of another author and the same date can be there twice: most lists have none.
        let near = listed.as_ref().map(|all| {
            let mut authors: BTreeMap<Option<&str>, BTreeSet<&ObjectId>> = BTreeMap::new();
            for one in all {
                let due = one.what.due_by.as_deref();
                authors.entry(due).or_default().insert(&one.author);
            }
            let several = |one: &&Piece<Commitment>| {
                let due = one.what.due_by.as_deref();
                authors.get(&due).is_some_and(|authors| authors.len() > 1)
            };
            all.iter().filter(several).cloned().collect::<Vec<_>>()
        });
        let pairs = self.paired(near.as_ref().map(Vec::as_slice).into_inner())?;
        let home = &self.node().home().id;
        Ok(listed.zip(pairs).map(|(mut all, pairs)| {
            let listed: BTreeSet<ObjectId> = all.iter().map(|one| one.id.clone()).collect();
            let gone = stood_for(&pairs, &listed, home);
            all.retain(|one| !gone.contains(&one.id));
            all
        }))
    }

    /// What stands for the same words: pairs of statements of different authors, each the closest to the other in its text. One of each
    /// pair is of a text of those that are asked for.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn paired(&self, asked: &[Piece<Commitment>]) -> Result<Released<Vec<Pair>>> {
        let none = || std::iter::empty::<Released<Pair>>().collect();
        let ids: BTreeSet<ObjectId> = asked
            .iter()
            .filter_map(|one| one.what.text_ref.as_deref()?.parse().ok())
            .collect();
        if ids.is_empty() {
            return Ok(none());
        }
        let ids = self.also_by_others(&ids)?.into_inner();
        let texts = self.ones::<Text>(&ids)?;
        let same = self.like(texts)?.map(of_several);
        let ids: BTreeSet<String> = same
            .as_ref()
            .map(|all| all.iter().map(|text| text.id.to_string()).collect())
            .into_inner();
        if ids.is_empty() {
            return Ok(none());
        }
        let said = self.any::<Commitment>("commitment.text", &ids, MOST)?;
        Ok(same.zip(said).map(|(texts, said)| pairs(&texts, &said)))
    }

    /// Of texts those that another author may have entered, too: of the same words, or of the same day. None of them is read, since a list is
    /// of many texts and nearly none of them has a namesake.
    fn also_by_others(&self, ids: &BTreeSet<ObjectId>) -> Result<Released<BTreeSet<ObjectId>>> {
        let mut all = Vec::new();
        for facet in ["text.normal_by", "text.published_by"] {
            let own = self.texts_of(facet, ids)?;
            let texts: BTreeSet<&String> = own
                .as_ref()
                .map(|all| all.iter().map(|(_, text)| text).collect())
                .into_inner();
            let spans = texts.into_iter().filter_map(|text| by_others(text));
            let others = self.texts_in(facet, spans.flatten())?;
            all.push(own.zip(others).map(|(own, others)| {
                // What another goes on with after the same words is read, too, and held against them then.
                let has_more = |text: &str| {
                    let begin = both(text, "");
                    others.iter().any(|other| other.starts_with(&begin))
                };
                let shared = own.into_iter().filter(|(_, text)| {
                    text.rsplit_once(' ')
                        .is_some_and(|(text, _)| has_more(text))
                });
                shared.map(|(id, _)| id).collect::<Vec<_>>()
            }));
        }
        let all: Released<Vec<Vec<ObjectId>>> = all.into_iter().collect();
        Ok(all.map(|all| all.into_iter().flatten().collect()))
    }

    /// The same text as others entered it themselves.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn same_text(&self, of: &ObjectId) -> Result<Released<Vec<Piece<Text>>>> {
        let Some(text) = self.one::<Text>(of)? else {
            return Ok(std::iter::empty::<Released<Piece<Text>>>().collect());
        };
        let same = self.like(text.as_ref().map(|text| vec![text.clone()]))?;
        Ok(text.zip(same).map(|(text, same)| {
            let others = same.into_iter();
            others.filter(|other| is_same_text(&text, other)).collect()
        }))
    }

    /// Texts that may be the same as some: of the same words, or published on the same day.
    fn like(&self, texts: Released<Vec<Piece<Text>>>) -> Result<Released<Vec<Piece<Text>>>> {
        let (normals, days): (BTreeSet<String>, BTreeSet<String>) = texts
            .map(|all| {
                let both = all.into_iter();
                let both = both.map(|text| (text.what.normal, text.what.published));
                both.unzip()
            })
            .into_inner();
        let same = self.any::<Text>("text.normal", &normals, TEXTS)?;
        let near = self.any::<Text>("text.published", &days, TEXTS)?;
        Ok(same.zip(near).map(|(mut all, near)| {
            let known: BTreeSet<ObjectId> = all.iter().map(|text| text.id.clone()).collect();
            all.extend(near.into_iter().filter(|text| !known.contains(&text.id)));
            all
        }))
    }

    /// The records of others for the same words: of each text that is the same, the closest.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn twins(&self, of: &Released<Piece<Commitment>>) -> Result<Released<Vec<Twin>>> {
        let text = of.as_ref().map(|one| one.what.text_ref.clone());
        let Some(Ok(text)) = text.as_ref().into_inner().as_deref().map(ObjectId::parse) else {
            return Ok(std::iter::empty::<Released<Twin>>().collect());
        };
        let texts = self.same_text(&text)?;
        let ids: BTreeSet<String> = texts
            .as_ref()
            .map(|all| all.iter().map(|text| text.id.to_string()).collect())
            .into_inner();
        let said = self.any::<Commitment>("commitment.text", &ids, MOST)?;
        let near = texts
            .zip(said)
            .zip(of.clone())
            .map(|((texts, said), one)| nearest(&texts, &said, &one));
        let about: BTreeSet<String> = near
            .as_ref()
            .map(|all| all.iter().map(|piece| piece.id.to_string()).collect())
            .into_inner();
        let follow_ups = self.any::<FollowUp>("follow_up.about", &about, MOST)?;
        let follow_ups = self.standing(follow_ups)?;
        Ok(near.zip(follow_ups).map(|(near, follow_ups)| {
            let twin = |piece: Piece<Commitment>| Twin {
                follow_ups: follow_ups
                    .iter()
                    .filter(|one| one.what.about_ref == piece.id.as_str())
                    .cloned()
                    .collect(),
                piece,
            };
            near.into_iter().map(twin).collect()
        }))
    }
}

/// The values of a facet of texts with their authors that have the same text and another author: those before this one and those after.
fn by_others(with_author: &str) -> Option<[Span; 2]> {
    let (text, author) = with_author.rsplit_once(' ')?;
    // An id ends with a hexadecimal digit: nothing that is an id lies between it and the digit before with whatever follows.
    let (most, last) = author.split_at_checked(author.len().checked_sub(1)?)?;
    let before = char::from(last.bytes().next()?.checked_sub(1)?);
    Some([
        Span::Texts(both(text, ""), both(text, &format!("{most}{before}{LAST}"))),
        Span::Texts(both(with_author, ""), both(text, LAST)),
    ])
}

/// The texts that more than one author entered.
fn of_several(texts: Vec<Piece<Text>>) -> Vec<Piece<Text>> {
    let several = |text: &&Piece<Text>| texts.iter().any(|other| is_same_text(text, other));
    texts.iter().filter(several).cloned().collect()
}

/// Of texts that are the same, the statements that are closest to each other.
fn pairs(texts: &[Piece<Text>], said: &[Piece<Commitment>]) -> Vec<Pair> {
    let mut found = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        let later = texts.iter().skip(place + 1);
        let same = later.filter(|other| is_same_text(text, other));
        for other in same {
            for one in said_in(text, said) {
                let near = nearest_in(other, said, one);
                let back = near.and_then(|near| nearest_in(text, said, near));
                if let Some(near) = near.filter(|_| back.is_some_and(|back| back.id == one.id)) {
                    found.push((one.clone(), near.clone()));
                }
            }
        }
    }
    found
}

/// Those that another in the list stands for: our own, else the first that was entered.
fn stood_for(pairs: &[Pair], listed: &BTreeSet<ObjectId>, home: &ObjectId) -> BTreeSet<ObjectId> {
    let same = |(one, other): &&Pair| {
        let (a, b) = (&one.what, &other.what);
        (a.act, &a.due_by, a.withdrawn) == (b.act, &b.due_by, b.withdrawn)
            && listed.contains(&one.id)
            && listed.contains(&other.id)
    };
    let place =
        |one: &Piece<Commitment>| (one.author != *home, one.created.micros(), one.id.clone());
    let later = |(one, other): &Pair| match place(one) > place(other) {
        true => one.id.clone(),
        false => other.id.clone(),
    };
    pairs.iter().filter(same).map(later).collect()
}

fn fold(mut known: Known, pairs: &[Pair], said: &[Piece<FollowUp>], home: &ObjectId) -> Folded {
    let listed: BTreeSet<ObjectId> = known.commitments.iter().map(|one| one.id.clone()).collect();
    // What stands in a changed form speaks for nobody who changed nothing.
    let even: Vec<Pair> = pairs
        .iter()
        .filter(|(a, b)| known.replaced_by(a).is_some() == known.replaced_by(b).is_some())
        .cloned()
        .collect();
    let gone = stood_for(&even, &listed, home);
    let mut also = Also::default();
    let both = pairs.iter().flat_map(|(a, b)| [(a, b), (b, a)]);
    for (one, other) in both.filter(|(one, _)| listed.contains(&one.id)) {
        let sides = also.0.entry(one.id.clone()).or_default();
        let side = other.author.to_string();
        if !sides.contains(&side) {
            sides.push(side);
        }
    }
    also_said(&mut known, pairs, said);
    known.commitments.retain(|one| !gone.contains(&one.id));
    Folded { known, also }
}

/// Puts to each statement what was said of the same words where another entered them.
fn also_said(known: &mut Known, pairs: &[Pair], said: &[Piece<FollowUp>]) {
    let both = pairs.iter().flat_map(|(a, b)| [(a, b), (b, a)]);
    for (one, other) in both {
        if known.commitment(&one.id).is_none() {
            continue;
        }
        let theirs = said
            .iter()
            .filter(|word| word.what.about_ref == other.id.as_str());
        known.follow_ups.extend(theirs.map(|word| {
            let mut word = word.clone();
            word.what.about_ref = one.id.to_string();
            word
        }));
    }
}

fn said_in<'s>(
    text: &'s Piece<Text>,
    said: &'s [Piece<Commitment>],
) -> impl Iterator<Item = &'s Piece<Commitment>> {
    said.iter()
        .filter(|other| other.what.text_ref.as_deref() == Some(text.id.as_str()))
}

/// The statement of a text that is closest to one, where it is close at all.
fn nearest_in<'s>(
    text: &'s Piece<Text>,
    said: &'s [Piece<Commitment>],
    one: &Piece<Commitment>,
) -> Option<&'s Piece<Commitment>> {
    said_in(text, said)
        .map(|other| (closeness(&other.what.words, &one.what.words), other))
        .max_by_key(|(close, _)| *close)
        .filter(|(close, _)| *close >= SAME)
        .map(|(_, other)| other)
}

/// Of each text the statement that is closest to one, where it is close at all.
fn nearest(
    texts: &[Piece<Text>],
    said: &[Piece<Commitment>],
    one: &Piece<Commitment>,
) -> Vec<Piece<Commitment>> {
    let of = |text: &Piece<Text>| nearest_in(text, said, one).cloned();
    texts.iter().filter_map(of).collect()
}
