//! Who asks, and what for. Invariant: memberships are resolved before a viewer reaches this crate; nothing is looked up here.

use std::collections::BTreeMap;

use stix::ObjectId;

use crate::member::{CircleId, Desk, Desks, Epoch, Member};

/// Somebody or something that would have a record. [`Viewer::public`] is anybody who has not signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// What it is by itself: its organ, and the circles of that organ and of the person.
    pub standing: Standing,
    /// The person; for machine access, the person it is bound to, if any.
    pub person: Option<ObjectId>,
    /// A program rather than somebody at a page. Unbound, it never reads RED.
    pub machine: bool,
    /// The participants on whose register of clients it stands.
    pub patrons: Vec<Patron>,
    /// The exercise through whose address it comes; `None` is live.
    pub exercise: Option<ObjectId>,
}

/// A participant's place among the others.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Standing {
    /// The organ that is acted for, never the State above it, unless that State has no organs here.
    pub participant: Option<ObjectId>,
    /// The States that designated this organ, and for which desks.
    pub stands_for: BTreeMap<ObjectId, Desks>,
    /// The circles it belongs to now, each with the epoch in which it joined.
    pub circles: BTreeMap<CircleId, Epoch>,
}

/// A participant that has the viewer on its register of clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patron {
    /// The participant.
    pub standing: Standing,
    /// What the client needs to know, by the register.
    pub need_to_know: Desks,
}

/// What a record would be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// A page of this node, read by a person.
    Show,
    /// A read by machine: TAXII, MISP, JSON, calendar or feed by token.
    Poll,
    /// A file or a document: STIX, MISP, CSV, DOCX, PDF, print.
    Export,
    /// A mail.
    Mail,
    /// Sync or bundle to another node, which keeps a copy and applies the label there.
    Relay,
    /// A source of something new: report, translation, chart, count, correlation, draft.
    Derive,
    /// Telling a value to a third party to learn more about it: look-up, enrichment.
    LookUp,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 7] = [
        Self::Show,
        Self::Poll,
        Self::Export,
        Self::Mail,
        Self::Relay,
        Self::Derive,
        Self::LookUp,
    ];

    /// Whether the bytes stay on this node.
    #[must_use]
    pub fn stays_inside(self) -> bool {
        matches!(self, Self::Show | Self::Derive)
    }

    /// Whether the content leaves the nodes that apply labels, for hands that may not.
    #[must_use]
    pub fn leaves_for_good(self) -> bool {
        matches!(self, Self::Poll | Self::Export | Self::Mail | Self::LookUp)
    }
}

impl Viewer {
    /// Anybody, not signed in.
    #[must_use]
    pub fn public() -> Self {
        Self {
            standing: Standing::default(),
            person: None,
            machine: false,
            patrons: Vec::new(),
            exercise: None,
        }
    }

    /// An organ, through no person in particular.
    #[must_use]
    pub fn organ(participant: ObjectId) -> Self {
        Self {
            standing: Standing::of(participant),
            ..Self::public()
        }
    }

    /// A person of an organ.
    #[must_use]
    pub fn person(person: ObjectId, organ: ObjectId) -> Self {
        Self {
            person: Some(person),
            ..Self::organ(organ)
        }
    }

    /// An organ's machine access, bound to no person.
    #[must_use]
    pub fn machine(organ: ObjectId) -> Self {
        Self {
            machine: true,
            ..Self::organ(organ)
        }
    }

    /// Whether it acts for `organ`.
    #[must_use]
    pub fn is_of(&self, organ: &ObjectId) -> bool {
        self.standing.participant.as_ref() == Some(organ)
    }

    /// Whether it is the person `id`, or bound to it.
    #[must_use]
    pub fn is_person(&self, id: &ObjectId) -> bool {
        self.person.as_ref() == Some(id)
    }
}

impl Standing {
    /// A participant with no circle and no designation.
    #[must_use]
    pub fn of(participant: ObjectId) -> Self {
        Self {
            participant: Some(participant),
            ..Self::default()
        }
    }

    /// Whether `member`, in a record of `desk`, means this participant.
    #[must_use]
    pub fn is_meant(&self, member: &Member, desk: Option<Desk>) -> bool {
        match member {
            Member::Participant(id) => {
                self.participant.as_ref() == Some(id)
                    || self
                        .stands_for
                        .get(id)
                        .is_some_and(|desks| desks.covers(desk))
            }
            Member::Circle { id, epoch } => {
                self.circles.get(id).is_some_and(|since| since <= epoch)
            }
            Member::Person(_) => false,
        }
    }
}
