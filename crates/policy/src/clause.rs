//! The table of the release rules, row by row. A clause is one label as one party put it on one copy; the two columns of the table are two functions.

use std::collections::BTreeSet;

use stix::ObjectId;

use crate::decide::{Ground, Reason};
use crate::member::{Desk, Member};
use crate::tlp::{Pap, Tlp};
use crate::viewer::{Purpose, Viewer};

/// One label, as one party put it, on one copy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause {
    /// How far it may go.
    pub tlp: Tlp,
    /// Whom the party named. Empty means nobody beyond the [`Origin`] (rule 2).
    pub audience: BTreeSet<Member>,
    /// Whom the author let in besides: a newcomer to a circle, a third party consented to, a victim to be warned.
    pub granted: BTreeSet<Member>,
    /// The organ that put the label: the author's, or the holder's that handled it. `None`: an author nobody here knows.
    pub by: Option<ObjectId>,
    /// The record's desk, which decides the organ that a State's name means.
    pub desk: Option<Desk>,
    /// Where this copy comes from and lies.
    pub origin: Origin,
    /// What else limits it, times left out.
    pub caveats: Caveats,
}

/// Where a copy of a record comes from, and where it lies. These see it whatever the audience, except under TLP:RED (rule 1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The author's organ, where it is known.
    pub author: Option<ObjectId>,
    /// The person who wrote it; with those named, the only one who sees it under TLP:RED.
    pub writer: Option<ObjectId>,
    /// The organ whose node holds this copy.
    pub holder: ObjectId,
    /// The organ that brought it through an entrance of that node.
    pub bringer: Option<ObjectId>,
}

/// Limits beside TLP and audience (rule 4).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caveats {
    /// The exercise that it belongs to and never leaves; `None` is live.
    pub exercise: Option<ObjectId>,
    /// Receivers pass nothing on, and give nothing derived from it, without the originator's consent.
    pub originator_consent: bool,
    /// What may be done with the content.
    pub pap: Pap,
    /// The content is usable; who spoke and for whom never leaves.
    pub chatham_house: bool,
}

impl Caveats {
    /// No limit.
    pub const NONE: Self = Self {
        exercise: None,
        originator_consent: false,
        pap: Pap::Clear,
        chatham_house: false,
    };

    /// Both at once: whatever either limits. What belongs to two exercises belongs to nobody's: the first is kept, and who puts the
    /// label has to make it RED, which [`is_torn`](Self::is_torn) tells.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            exercise: self.exercise.or(other.exercise),
            originator_consent: self.originator_consent || other.originator_consent,
            pap: self.pap.max(other.pap),
            chatham_house: self.chatham_house || other.chatham_house,
        }
    }

    /// Whether both at once belong to two exercises.
    #[must_use]
    pub fn is_torn(&self, other: &Self) -> bool {
        let both = self.exercise.as_ref().zip(other.exercise.as_ref());
        both.is_some_and(|(one, other)| one != other)
    }
}

impl Origin {
    /// What `organ` wrote and holds.
    #[must_use]
    pub fn own(organ: ObjectId) -> Self {
        Self {
            author: Some(organ.clone()),
            writer: None,
            holder: organ,
            bringer: None,
        }
    }

    /// Whether the copy lies where it was written, and nobody brought it.
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.author.as_ref() == Some(&self.holder) && self.bringer.is_none()
    }

    /// Whether the viewer acts for the author's organ, the holder or the bringer.
    #[must_use]
    pub fn includes(&self, viewer: &Viewer) -> bool {
        let organs = [
            self.author.as_ref(),
            Some(&self.holder),
            self.bringer.as_ref(),
        ];
        organs
            .into_iter()
            .flatten()
            .any(|organ| viewer.is_of(organ))
    }
}

impl Clause {
    /// What `organ` puts on its own record: nobody is named and nothing is limited yet.
    #[must_use]
    pub fn own(tlp: Tlp, organ: ObjectId) -> Self {
        Self {
            tlp,
            audience: BTreeSet::new(),
            granted: BTreeSet::new(),
            by: Some(organ.clone()),
            desk: None,
            origin: Origin::own(organ),
            caveats: Caveats::NONE,
        }
    }

    /// Whether the copy lies with the organ that put the label; everybody else is a receiver, bound by the table's last column.
    #[must_use]
    pub fn first_hand(&self) -> bool {
        self.by.as_ref() == Some(&self.origin.holder)
    }

    /// The rule: both columns of the table, with rules 1 and 2. On what ground the viewer may see it, or why not.
    pub(crate) fn admit(&self, viewer: &Viewer) -> Result<Ground, Reason> {
        if self.lets_in(viewer) {
            return Ok(Ground::Granted);
        }
        let ground = self.may_see(viewer)?;
        if self.first_hand() || self.origin.includes(viewer) {
            return Ok(ground);
        }
        if self.caveats.originator_consent {
            return Err(Reason::NoConsent);
        }
        if self.may_be_passed_on_to(viewer) {
            Ok(ground)
        } else {
            Err(Reason::NotPassedOn)
        }
    }

    /// Second column: who may see it.
    fn may_see(&self, viewer: &Viewer) -> Result<Ground, Reason> {
        let inside = self.origin.includes(viewer);
        match self.tlp {
            Tlp::Clear => Ok(Ground::Everyone),
            Tlp::Red if self.names_person(viewer) => Ok(Ground::Named),
            Tlp::Red if self.wrote(viewer) => Ok(Ground::Wrote),
            Tlp::Red if viewer.machine && viewer.person.is_none() => Err(Reason::MachineUnbound),
            Tlp::Red => Err(Reason::NotNamed),
            _ if inside => Ok(Ground::Origin),
            _ if self.names(viewer) => Ok(Ground::Audience),
            Tlp::Amber if self.names_a_patron(viewer, None) => Ok(Ground::Client),
            _ => Err(self.why_not_named(viewer)),
        }
    }

    /// Third column: to whom a receiver, the present holder, may pass it on.
    fn may_be_passed_on_to(&self, viewer: &Viewer) -> bool {
        match self.tlp {
            Tlp::Clear => true,
            Tlp::Green => self.names(viewer),
            Tlp::Amber => self.names_a_patron(viewer, Some(&self.origin.holder)),
            Tlp::AmberStrict | Tlp::Red => false,
        }
    }

    /// What the caveats forbid, whoever asks.
    pub(crate) fn limit(&self, purpose: Purpose) -> Option<Reason> {
        if purpose == Purpose::LookUp && self.caveats.pap == Pap::Red {
            return Some(Reason::PapRed);
        }
        (self.caveats.chatham_house && purpose.leaves_for_good()).then_some(Reason::ChathamHouse)
    }

    /// Whether this clause is at least as strict as `other` for every viewer and purpose, here and on every copy. Says no where
    /// it cannot tell: clauses of different parties or copies are not compared.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let same_place =
            self.by == other.by && self.desk == other.desk && self.origin == other.origin;
        let clients = self.tlp == Tlp::Amber && other.tlp == Tlp::Green; // AMBER has clients, GREEN has none
        same_place
            && self.tlp >= other.tlp
            && !clients
            && self.audience.is_subset(&other.audience)
            && self.granted.is_subset(&other.granted)
            && self.caveats.exercise == other.caveats.exercise
            && self.caveats.originator_consent >= other.caveats.originator_consent
            && self.caveats.pap >= other.caveats.pap
            && self.caveats.chatham_house >= other.caveats.chatham_house
    }

    fn names(&self, viewer: &Viewer) -> bool {
        self.audience
            .iter()
            .any(|member| viewer.standing.is_meant(member, self.desk))
            || self.names_person(viewer)
    }

    fn names_person(&self, viewer: &Viewer) -> bool {
        viewer
            .person
            .as_ref()
            .is_some_and(|person| self.audience.contains(&Member::Person(person.clone())))
    }

    /// Whether the viewer is the writer, still acting for where the record comes from.
    fn wrote(&self, viewer: &Viewer) -> bool {
        viewer.person.is_some()
            && viewer.person == self.origin.writer
            && self.origin.includes(viewer)
    }

    /// Whether the viewer is a client, with need to know, of a participant in the audience; of `whom` in particular, if given.
    fn names_a_patron(&self, viewer: &Viewer, whom: Option<&ObjectId>) -> bool {
        viewer.patrons.iter().any(|patron| {
            whom.is_none_or(|whom| patron.standing.participant.as_ref() == Some(whom))
                && patron.need_to_know.covers(self.desk)
                && self
                    .audience
                    .iter()
                    .any(|member| patron.standing.is_meant(member, self.desk))
        })
    }

    /// The author's grants: members as in an audience; under TLP:RED persons only.
    fn lets_in(&self, viewer: &Viewer) -> bool {
        self.granted.iter().any(|member| match member {
            Member::Person(id) => viewer.is_person(id),
            member => self.tlp != Tlp::Red && viewer.standing.is_meant(member, self.desk),
        })
    }

    /// The reason that helps the sender most.
    fn why_not_named(&self, viewer: &Viewer) -> Reason {
        let own = &viewer.standing;
        let joined_later = |member: &Member| matches!(member, Member::Circle { id, .. } if own.circles.contains_key(id));
        let other_desk = |member: &Member| matches!(member, Member::Participant(id) if own.stands_for.contains_key(id));
        if self.audience.is_empty() {
            Reason::NobodyNamed
        } else if self.audience.iter().any(joined_later) {
            Reason::JoinedLater
        } else if self.audience.iter().any(other_desk) {
            Reason::OtherDesk
        } else if self.tlp == Tlp::Amber && self.has_patron_named(viewer) {
            Reason::NoNeedToKnow
        } else if self.tlp == Tlp::Green {
            Reason::OutsideCommunity
        } else {
            Reason::NotInAudience
        }
    }

    fn has_patron_named(&self, viewer: &Viewer) -> bool {
        let mut patrons = viewer.patrons.iter();
        patrons.any(|patron| {
            self.audience
                .iter()
                .any(|member| patron.standing.is_meant(member, self.desk))
        })
    }
}
