//! From the markings of an object to the terms of its author, and from all parties' terms to the label that holds here.
//!
//! What a marking means is decided in `policy`; this room only finds the definitions that an object refers to. A reference
//! whose definition is not here counts as an unknown access marking, until the definition comes.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Caveats, CircleId, Epoch, Member, Pap, Terms, Tlp};
use stix::marking::{self, AccessMarking, Audience, Marking, TlpName};
use stix::{Header, ObjectId};

/// What labelling has to look up.
pub(crate) trait Register {
    /// The newest definition of a marking that is held here.
    fn definition(&mut self, id: &ObjectId) -> Result<Option<Marking>>;
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

/// Reads the markings of an object, those of its parts included: who may not see a part may not see the whole.
pub(crate) fn authors_terms(header: &Header, register: &mut dyn Register) -> Result<Marked> {
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
        let terms = match (TlpName::of(reference), register.definition(reference)?) {
            (Some(name), _) => Terms::tlp(tlp(name)),
            (None, Some(marking)) => terms(&marking, register)?,
            (None, None) => {
                marked.unresolved.push(reference.clone());
                Terms::unknown()
            }
        };
        marked.terms = marked.terms.and(terms);
    }
    Ok(marked)
}

fn terms(marking: &Marking, register: &mut dyn Register) -> Result<Terms> {
    Ok(match marking {
        Marking::Tlp(name) => Terms::tlp(tlp(*name)),
        Marking::Statement(_) => Terms::silent(),
        Marking::Access(access) => access_terms(access, register)?,
        _ => Terms::unknown(),
    })
}

/// The terms of an access marking, wherever it was written: on an object, or in a handling record.
pub(crate) fn access_terms(access: &AccessMarking, register: &mut dyn Register) -> Result<Terms> {
    let mut terms = Terms {
        caveats: Caveats {
            exercise: access.exercise.clone(),
            originator_consent: access.originator_consent,
            pap: access.pap.map_or(Pap::Clear, pap),
            chatham_house: access.chatham_house,
        },
        embargo: access.embargo.clone(),
        expiry: access.expiry.clone(),
        ..Terms::silent()
    };
    if let Some(audience) = &access.audience {
        let mut members = BTreeSet::new();
        for entry in audience {
            match member(entry, register)? {
                Some(member) => members.insert(member),
                // An audience that is only half understood is not understood.
                None => return Ok(Terms::unknown()),
            };
        }
        terms = terms.to(members);
    }
    Ok(terms)
}

fn member(entry: &Audience, register: &mut dyn Register) -> Result<Option<Member>> {
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

/// TLP 1 is mapped on the way in; its WHITE is CLEAR.
pub(crate) fn tlp(name: TlpName) -> Tlp {
    match name {
        TlpName::White | TlpName::Clear => Tlp::Clear,
        TlpName::Green => Tlp::Green,
        TlpName::Amber => Tlp::Amber,
        TlpName::AmberStrict => Tlp::AmberStrict,
        TlpName::Red => Tlp::Red,
    }
}

/// The name under which a label is written into a record.
pub(crate) fn tlp_name(tlp: Tlp) -> TlpName {
    match tlp {
        Tlp::Clear => TlpName::Clear,
        Tlp::Green => TlpName::Green,
        Tlp::Amber => TlpName::Amber,
        Tlp::AmberStrict => TlpName::AmberStrict,
        Tlp::Red => TlpName::Red,
    }
}

fn pap(pap: marking::Pap) -> Pap {
    match pap {
        marking::Pap::Clear => Pap::Clear,
        marking::Pap::Green => Pap::Green,
        marking::Pap::Amber => Pap::Amber,
        marking::Pap::Red => Pap::Red,
    }
}
