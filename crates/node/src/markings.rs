//! What markings mean: the newest definition of each, as its record says.
//!
//! Invariant: what is remembered is what the open transaction has, and no more than fits: of what is not here nothing is remembered, and
//! whatever is undone is forgotten.

use std::collections::HashMap;

use anyhow::Result;
use policy::{CircleId, Epoch};
use stix::ObjectId;
use stix::marking::Marking;
use store::Look;

use crate::labels;
use crate::reading::UNBOUNDED;
use crate::register::Register;
use crate::submission::Channel;

/// How many definitions are remembered at most,
const MOST: usize = 4_096;
/// of which none is larger than this.
const LARGEST: usize = 4_096;

/// A definition, and where it came from.
type Defined = (Marking, String);

/// Definitions that were looked up lately.
#[derive(Debug, Default)]
pub(crate) struct Markings(HashMap<ObjectId, Defined>);

impl Markings {
    /// A marking definition has come or gone.
    pub(crate) fn forget(&mut self, id: &ObjectId) {
        self.0.remove(id);
    }

    /// What was written since is undone.
    pub(crate) fn forget_all(&mut self) {
        self.0.clear();
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn keep(&mut self, id: &ObjectId, defined: &Defined) {
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(id.clone(), defined.clone());
    }
}

/// What labelling looks up: the register, and the store for definitions that were not looked up lately.
pub(crate) struct Definitions<'a> {
    pub register: &'a Register,
    pub markings: &'a mut Markings,
    pub look: &'a Look,
}

impl labels::Register for Definitions<'_> {
    fn definition(&mut self, id: &ObjectId) -> Result<Option<(Marking, String)>> {
        if let Some(known) = self.markings.0.get(id) {
            return Ok(Some(known.clone()));
        }
        let Some((found, size)) = definition(self.look, id)? else {
            return Ok(None);
        };
        if size <= LARGEST {
            self.markings.keep(id, &found);
        }
        Ok(Some(found))
    }

    fn is_person(&mut self, id: &ObjectId) -> Result<bool> {
        Ok(self.register.is_person(id))
    }

    fn epoch(&mut self, id: &CircleId) -> Result<Epoch> {
        Ok(self
            .register
            .circle(id)
            .filter(|circle| !circle.is_contested())
            .map_or(0, |circle| circle.epoch))
    }
}

/// The newest definition of a marking, from the records, and how large its record is.
fn definition(look: &Look, id: &ObjectId) -> Result<Option<(Defined, usize)>> {
    let Some(object) = look.object_no(id)? else {
        return Ok(None);
    };
    let Some(latest) = look.latest_of(object)? else {
        return Ok(None);
    };
    let kept = look.kept_from(latest.recno, 1)?;
    let Some((_, body)) = kept.into_iter().next().and_then(|kept| kept.content) else {
        return Ok(None);
    };
    let source = Channel::parse(&latest.channel).map(|door| door.source());
    let object = stix::check(&body, &UNBOUNDED).ok();
    let defined = object.as_ref().and_then(Marking::read).zip(source);
    Ok(defined.map(|defined| (defined, body.len())))
}
