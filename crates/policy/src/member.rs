//! Whom a label can name: participants, persons, circles; and the desks that say which organ speaks for a State.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use stix::ObjectId;

/// Somebody that an audience names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// A State, an organisation or an organ. A State means the organ that it designated for the record's desk (rule 1).
    Participant(ObjectId),
    /// A person, by name. The only kind of member that opens TLP:RED.
    Person(ObjectId),
    /// A circle as it was in an epoch: those who joined in a later epoch are not meant.
    Circle {
        /// Which circle.
        id: CircleId,
        /// The epoch in which the record was given to it.
        epoch: Epoch,
    },
}

/// A count of a circle's changes of membership: each newcomer opens the next epoch.
pub type Epoch = u64;

/// The opaque name of a circle; it says nothing about its purpose or its members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CircleId(Arc<str>);

/// A text that names no member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownMember(pub String);

impl CircleId {
    /// Reads 1 to 128 characters of `A-Z a-z 0-9 . _ -`.
    ///
    /// # Errors
    /// [`UnknownMember`] with the text, when it is anything else.
    pub fn parse(text: &str) -> Result<Self, UnknownMember> {
        let opaque = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if opaque && (1..=128).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(UnknownMember(text.to_owned()))
        }
    }

    /// The opaque text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Member {
    /// The form in class keys: `participant:…`, `person:…`, `circle:…@epoch`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Participant(id) => write!(f, "participant:{id}"),
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Circle { id, epoch } => write!(f, "circle:{}@{epoch}", id.as_str()),
        }
    }
}

impl FromStr for Member {
    type Err = UnknownMember;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, UnknownMember> {
        let unknown = || UnknownMember(text.to_owned());
        let (kind, rest) = text.split_once(':').ok_or_else(unknown)?;
        match kind {
            "participant" => rest.parse().map(Self::Participant).map_err(|_| unknown()),
            "person" => rest.parse().map(Self::Person).map_err(|_| unknown()),
            "circle" => {
                let (id, epoch) = rest.split_once('@').ok_or_else(unknown)?;
                let epoch = epoch.parse().map_err(|_| unknown())?;
                Ok(Self::Circle {
                    id: CircleId::parse(id).map_err(|_| unknown())?,
                    epoch,
                })
            }
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for UnknownMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} names no participant, person or circle", self.0)
    }
}

impl std::error::Error for UnknownMember {}

/// A desk, as far as release rules need it: a State designates an organ per desk, a client needs to know per desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the desks are described once, in the design")]
pub enum Desk {
    Dialogues,
    Norms,
    Contacts,
    Situation,
    Incidents,
    Exercises,
    Capacity,
}

impl Desk {
    /// All desks.
    pub const ALL: [Self; 7] = [
        Self::Dialogues,
        Self::Norms,
        Self::Contacts,
        Self::Situation,
        Self::Incidents,
        Self::Exercises,
        Self::Capacity,
    ];

    /// The folder's name, in class keys and addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dialogues => "dialogues",
            Self::Norms => "norms",
            Self::Contacts => "contacts",
            Self::Situation => "situation",
            Self::Incidents => "incidents",
            Self::Exercises => "exercises",
            Self::Capacity => "capacity",
        }
    }

    /// Reads what [`as_str`](Self::as_str) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|desk| desk.as_str() == text)
    }
}

/// The desks to which something extends: a designation, a need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Desks {
    /// Every desk, and records of none.
    Every,
    /// These desks only.
    Only(BTreeSet<Desk>),
}

impl Desks {
    /// Whether a record of `desk` (`None`: of no desk) is covered.
    #[must_use]
    pub fn covers(&self, desk: Option<Desk>) -> bool {
        match self {
            Self::Every => true,
            Self::Only(desks) => desk.is_some_and(|desk| desks.contains(&desk)),
        }
    }
}
