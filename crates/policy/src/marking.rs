//! What a written marking means: the one step from STIX's names to the terms that the rule works with.

use std::collections::BTreeSet;

use stix::marking::{self, AccessMarking, Marking, TlpName};

use crate::clause::Caveats;
use crate::member::Member;
use crate::resolve::Terms;
use crate::tlp::{Pap, Tlp};

impl From<TlpName> for Tlp {
    /// TLP 1 is mapped on the way in: its WHITE is CLEAR, its AMBER is AMBER.
    fn from(name: TlpName) -> Self {
        match name {
            TlpName::White | TlpName::Clear => Self::Clear,
            TlpName::Green => Self::Green,
            TlpName::Amber => Self::Amber,
            TlpName::AmberStrict => Self::AmberStrict,
            TlpName::Red => Self::Red,
        }
    }
}

impl From<Tlp> for TlpName {
    fn from(tlp: Tlp) -> Self {
        match tlp {
            Tlp::Clear => Self::Clear,
            Tlp::Green => Self::Green,
            Tlp::Amber => Self::Amber,
            Tlp::AmberStrict => Self::AmberStrict,
            Tlp::Red => Self::Red,
        }
    }
}

impl From<marking::Pap> for Pap {
    fn from(pap: marking::Pap) -> Self {
        match pap {
            marking::Pap::Clear => Self::Clear,
            marking::Pap::Green => Self::Green,
            marking::Pap::Amber => Self::Amber,
            marking::Pap::Red => Self::Red,
        }
    }
}

impl From<Pap> for marking::Pap {
    fn from(pap: Pap) -> Self {
        match pap {
            Pap::Clear => Self::Clear,
            Pap::Green => Self::Green,
            Pap::Amber => Self::Amber,
            Pap::Red => Self::Red,
        }
    }
}

impl Terms {
    /// What one marking says. `member` finds whom an entry of an audience names; an audience that is only half understood is
    /// not understood. A statement is shown and restricts nothing (rule 3).
    ///
    /// # Errors
    /// Whatever `member` fails with.
    pub fn of<E>(
        marking: &Marking,
        member: impl FnMut(&marking::Audience) -> Result<Option<Member>, E>,
    ) -> Result<Self, E> {
        Ok(match marking {
            Marking::Tlp(name) => Self::tlp((*name).into()),
            Marking::Statement(_) => Self::silent(),
            Marking::Access(access) => return Self::of_access(access, member),
            _ => Self::unknown(),
        })
    }

    /// What an access marking says, wherever it was written.
    ///
    /// # Errors
    /// Whatever `member` fails with.
    pub fn of_access<E>(
        access: &AccessMarking,
        mut member: impl FnMut(&marking::Audience) -> Result<Option<Member>, E>,
    ) -> Result<Self, E> {
        let terms = Self {
            caveats: Caveats {
                exercise: access.exercise.clone(),
                originator_consent: access.originator_consent,
                pap: access.pap.map_or(Pap::Clear, Pap::from),
                chatham_house: access.chatham_house,
            },
            embargo: access.embargo.clone(),
            expiry: access.expiry.clone(),
            ..Self::silent()
        };
        let Some(audience) = &access.audience else {
            return Ok(terms);
        };
        let mut members = BTreeSet::new();
        for entry in audience {
            match member(entry)? {
                Some(member) => members.insert(member),
                None => return Ok(terms.and(Self::unknown())),
            };
        }
        Ok(terms.to(members))
    }
}
