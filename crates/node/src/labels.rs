//! From the markings of an object to the terms of its author.
//!
//! What a marking means is decided in `policy`; this room only finds the definitions that an object refers to. A reference
//! whose definition is not here counts as an unknown access marking, until the definition comes.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{CircleId, Epoch, Member, Terms, Tlp};
use stix::marking::{Audience, Marking, TlpName};
use stix::{Header, ObjectId};

/// What labelling has to look up.
pub(crate) trait Register {
    /// The newest definition of a marking that is held here, and where it came from (see [`crate::Channel::source`]).
    fn definition(&mut self, id: &ObjectId) -> Result<Option<(Marking, String)>>;
    /// Whether an identity is a person.
    fn is_person(&mut self, id: &ObjectId) -> Result<bool>;
    /// The present epoch of a circle, `0` for one without a roster here.
    fn epoch(&mut self, id: &CircleId) -> Result<Epoch>;
}

/// What the author's markings come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marked {
    /// The author's terms.
    pub terms: Terms,
    /// References whose definitions are not here yet.
    pub unresolved: Vec<ObjectId>,
}

/// The source of what an operator of this node brought.
const OURS: &str = "local";

/// Reads the markings of an object, those of its parts included: who may not see a part may not see the whole.
///
/// A definition counts if it came from where the object came from, or by an operator's hand: a stranger who learns the id of a marking
/// cannot say what it means.
pub(crate) fn authors_terms(
    header: &Header,
    source: &str,
    register: &mut dyn Register,
) -> Result<Marked> {
    let mut marked = Marked {
        terms: Terms::silent(),
        unresolved: Vec::new(),
    };
    let references: BTreeSet<&ObjectId> = header
        .object_marking_refs
        .iter()
        .chain(&header.granular_marking_refs)
        .collect();
    for reference in references {
        let terms = if let Some(name) = TlpName::of(reference) {
            Terms::tlp(Tlp::from(name))
        } else if let Some((marking, _)) = register
            .definition(reference)?
            .filter(|(_, from)| from == source || from == OURS)
        {
            Terms::of(&marking, |entry| member(entry, register))?
        } else {
            marked.unresolved.push(reference.clone());
            Terms::unknown()
        };
        marked.terms = marked.terms.and(terms);
    }
    Ok(marked)
}

/// Whom an entry of an audience names here; `None` if nobody can be meant.
pub(crate) fn member(entry: &Audience, register: &mut dyn Register) -> Result<Option<Member>> {
    Ok(match entry {
        Audience::Identity(id) if id.type_name() != "identity" => None,
        Audience::Identity(id) if register.is_person(id)? => Some(Member::Person(id.clone())),
        Audience::Identity(id) => Some(Member::Participant(id.clone())),
        Audience::Circle(text) => match CircleId::parse(text) {
            Ok(id) => {
                let epoch = register.epoch(&id)?;
                Some(Member::Circle { id, epoch })
            }
            Err(_) => None,
        },
    })
}
