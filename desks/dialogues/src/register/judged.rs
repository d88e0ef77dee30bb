//! Appraisals of how a commitment was kept, each with what the side judged replied. Invariant: each stands by itself, in the order of its
//! time; nothing here counts, sums or sorts scores.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Label, Released};
use stix::ObjectId;

use super::{InName, Register};
use crate::records::{Appraisal, AppraisalReply, Piece, Replied};

/// How many of a commitment are gathered.
const MOST: usize = 500;

/// An appraisal and the replies to it that the viewer may see.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The appraisal.
    pub piece: Piece<Appraisal>,
    /// The replies as their side recorded them.
    pub replies: Vec<Piece<AppraisalReply>>,
    /// What others wrote in the name of the side judged.
    pub in_name: Vec<InName>,
}

impl Judged {
    /// What the side judged says: as it recorded it, else as the appraisal carries it along.
    pub fn said(&self) -> Vec<Replied> {
        let own = self.replies.iter().map(|reply| Replied {
            side: reply.what.side.clone(),
            words: reply.what.words.clone(),
            reply_ref: reply.id.to_string(),
            at: Some(reply.modified.as_str().to_owned()),
        });
        let mut said: Vec<Replied> = own.collect();
        let carried = self.piece.what.replies.iter();
        let more: Vec<Replied> = carried
            .filter(|one| said.iter().all(|known| known.reply_ref != one.reply_ref))
            .cloned()
            .collect();
        said.extend(more);
        said
    }

    /// The replies that may stand beside the appraisal wherever it goes.
    pub fn going_along(&self) -> Vec<Replied> {
        let along = |one: &Replied| {
            let own = self
                .replies
                .iter()
                .find(|reply| reply.id.as_str() == one.reply_ref);
            own.is_some_and(|reply| reply.what.beside)
        };
        self.said().into_iter().filter(along).collect()
    }

    /// The labels of what is in it.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        let replies = self.replies.iter().filter_map(|one| one.label.as_ref());
        let in_name = self.in_name.iter().filter_map(|one| one.label.as_ref());
        self.piece.label.iter().chain(replies).chain(in_name)
    }
}

impl Register<'_> {
    /// The appraisals of a commitment with the replies to them, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn judged(&self, commitment: &ObjectId) -> Result<Released<Vec<Judged>>> {
        let all = self.having::<Appraisal>("appraisal.about", commitment.as_str(), MOST)?;
        self.replied(all)
    }

    /// The appraisals of these commitments, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn appraisals(&self, about: &BTreeSet<String>) -> Result<Released<Vec<Piece<Appraisal>>>> {
        let all = self.any::<Appraisal>("appraisal.about", about, MOST)?;
        Ok(all.map(|mut all| {
            all.sort_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id)));
            all
        }))
    }

    /// Appraisals with the replies to them that their own side made, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn replied(
        &self,
        appraisals: Released<Vec<Piece<Appraisal>>>,
    ) -> Result<Released<Vec<Judged>>> {
        let ids: BTreeSet<String> = appraisals
            .as_ref()
            .map(|all| all.iter().map(|one| one.id.to_string()).collect())
            .into_inner();
        let replies = self.any::<AppraisalReply>("appraisal_reply.about", &ids, MOST)?;
        let replies = replies.map(|all| self.parted(all));
        Ok(appraisals
            .zip(replies)
            .map(|(mut all, (replies, in_name))| {
                all.sort_by(|a, b| (&a.created, &a.id).cmp(&(&b.created, &b.id)));
                let with = |piece: Piece<Appraisal>| Judged {
                    replies: replies
                        .iter()
                        .filter(|reply| {
                            reply.what.about_ref == piece.id.as_str()
                                && reply.what.side == piece.what.of
                                && reply.author != piece.author
                        })
                        .cloned()
                        .collect(),
                    in_name: in_name
                        .iter()
                        .filter(|one| one.about_ref == piece.id.as_str())
                        .cloned()
                        .collect(),
                    piece,
                };
                all.into_iter().map(with).collect()
            }))
    }
}
