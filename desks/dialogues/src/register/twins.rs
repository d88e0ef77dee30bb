//! The same words as another participant entered them, from its own reading of the same text. Invariant: each side's record stays its own;
//! neither takes the place of the other.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::Released;
use stix::ObjectId;

use super::Register;
use crate::records::{Commitment, FollowUp, Piece, Text};
use crate::rules::wording::closeness;

/// How many texts of the same words are looked for, and how many statements of each.
const TEXTS: usize = 20;
const MOST: usize = 1_000;
/// How close words have to be, in percent, to be the same clause of one text, cut or widened by a person.
const SAME: u32 = 50;

/// A record of another author that stands for the same words.
#[derive(Debug, Clone)]
pub struct Twin {
    /// The record.
    pub piece: Piece<Commitment>,
    /// What sides say became of it.
    pub follow_ups: Vec<Piece<FollowUp>>,
}

impl Register<'_> {
    /// The same text as others entered it themselves.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn same_text(&self, of: &ObjectId) -> Result<Released<Vec<Piece<Text>>>> {
        let Some(text) = self.one::<Text>(of)? else {
            return Ok(std::iter::empty::<Released<Piece<Text>>>().collect());
        };
        let normal = text.as_ref().map(|text| text.what.normal.clone());
        let same = self.having::<Text>("text.normal", normal.as_ref().into_inner(), TEXTS)?;
        Ok(text.zip(same).map(|(text, same)| {
            let others = same.into_iter();
            others
                .filter(|other| other.id != text.id && other.author != text.author)
                .collect()
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

/// Of each text the statement that is closest to one, where it is close at all.
fn nearest(
    texts: &[Piece<Text>],
    said: &[Piece<Commitment>],
    one: &Piece<Commitment>,
) -> Vec<Piece<Commitment>> {
    let of = |text: &Piece<Text>| {
        said.iter()
            .filter(|other| other.what.text_ref.as_deref() == Some(text.id.as_str()))
            .map(|other| (closeness(&other.what.words, &one.what.words), other))
            .max_by_key(|(close, _)| *close)
            .filter(|(close, _)| *close >= SAME)
            .map(|(_, other)| other.clone())
    };
    texts.iter().filter_map(of).collect()
}
