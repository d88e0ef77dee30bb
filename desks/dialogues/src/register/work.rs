//! What runs between the sessions of a series: arrangements with their strands and activities, events, démarches.
//! Invariant: as with everything of the register, it is what the viewer may see, released together.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Label, Released};
use stix::ObjectId;

use super::Register;
use crate::records::{Activity, Arrangement, Demarche, Event, Piece, Strand};

/// How many of each are gathered.
const MOST: usize = 500;

/// What runs between sessions.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The arrangements.
    pub arrangements: Vec<Piece<Arrangement>>,
    /// Their strands, by number.
    pub strands: Vec<Piece<Strand>>,
    /// What is done on them.
    pub activities: Vec<Piece<Activity>>,
    /// Events prepared together.
    pub events: Vec<Piece<Event>>,
    /// Démarches.
    pub demarches: Vec<Piece<Demarche>>,
}

impl Work {
    /// The activities that are part of an arrangement or a strand.
    pub fn activities_of(&self, id: &ObjectId) -> impl Iterator<Item = &Piece<Activity>> {
        let id = id.to_string();
        self.activities
            .iter()
            .filter(move |piece| piece.what.part_of_ref == id)
    }

    /// The strands of an arrangement.
    pub fn strands_of(&self, id: &ObjectId) -> impl Iterator<Item = &Piece<Strand>> {
        let id = id.to_string();
        self.strands
            .iter()
            .filter(move |piece| piece.what.arrangement_ref == id)
    }

    /// Each of them, with who wrote it.
    pub fn authors(&self) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
            all.iter().map(|piece| (&piece.id, &piece.author))
        }
        of(&self.arrangements)
            .chain(of(&self.strands))
            .chain(of(&self.activities))
            .chain(of(&self.events))
            .chain(of(&self.demarches))
    }

    /// The labels of everything in it.
    pub fn labels(&self) -> Vec<&Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        of(&self.arrangements)
            .chain(of(&self.strands))
            .chain(of(&self.activities))
            .chain(of(&self.events))
            .chain(of(&self.demarches))
            .collect()
    }
}

impl Register<'_> {
    /// What runs between the sessions of a series.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn work(&self, dialogue: &ObjectId) -> Result<Released<Work>> {
        let id = dialogue.as_str();
        let arrangements = self.having::<Arrangement>("arrangement.dialogue", id, MOST)?;
        let ids: BTreeSet<String> = arrangements
            .as_ref()
            .map(|all| all.iter().map(|piece| piece.id.to_string()).collect())
            .into_inner();
        let strands = self.any::<Strand>("strand.arrangement", &ids, MOST)?;
        let mut parts = ids;
        parts.extend(
            strands
                .as_ref()
                .map(|all| {
                    all.iter()
                        .map(|piece| piece.id.to_string())
                        .collect::<Vec<_>>()
                })
                .into_inner(),
        );
        let activities = self.any::<Activity>("activity.part_of", &parts, MOST)?;
        let events = self.having::<Event>("event.dialogue", id, MOST)?;
        let demarches = self.having::<Demarche>("demarche.dialogue", id, MOST)?;
        let all = arrangements
            .zip(strands)
            .zip(activities)
            .zip(events)
            .zip(demarches);
        Ok(all.map(
            |((((arrangements, mut strands), activities), events), demarches)| {
                strands.sort_by_key(|piece| piece.what.number);
                Work {
                    arrangements,
                    strands,
                    activities,
                    events,
                    demarches,
                }
            },
        ))
    }
}
