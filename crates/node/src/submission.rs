//! What comes in, through whichever door, and what became of it: the two ends of `Node::accept`.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use policy::{Member, Terms, Tlp};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use crate::clock::Micros;

/// The door that something came through. Its text form is part of each record's log leaf.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Channel {
    /// The operator's files: `entente import`.
    Import,
    /// Written in this node, by a person of its participant.
    Local,
    /// A program with machine access, by its name.
    Access(String),
    /// A peer, by its participant.
    Peer(ObjectId),
    /// A sealed bundle, by the participant that sealed it.
    Bundle(ObjectId),
}

impl Channel {
    /// The operator's own doors count as one: what came by file may be revised by hand.
    pub fn source(&self) -> String {
        match self {
            Self::Import | Self::Local => "local".to_owned(),
            Self::Access(name) => format!("access:{name}"),
            Self::Peer(id) | Self::Bundle(id) => format!("peer:{id}"),
        }
    }

    /// Reads what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.split_once(':') {
            None if text == "import" => Self::Import,
            None if text == "local" => Self::Local,
            Some(("access", name)) => Self::Access(name.to_owned()),
            Some(("peer", id)) => Self::Peer(id.parse().ok()?),
            Some(("bundle", id)) => Self::Bundle(id.parse().ok()?),
            _ => return None,
        })
    }

    /// The participant behind a peer or a bundle.
    pub fn peer(&self) -> Option<&ObjectId> {
        match self {
            Self::Peer(id) | Self::Bundle(id) => Some(id),
            _ => None,
        }
    }

    /// Whether an operator of this node stands behind it.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Import | Self::Local)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Import => f.write_str("import"),
            Self::Local => f.write_str("local"),
            Self::Access(name) => write!(f, "access:{name}"),
            Self::Peer(id) => write!(f, "peer:{id}"),
            Self::Bundle(id) => write!(f, "bundle:{id}"),
        }
    }
}

/// A label that somebody other than the author sets for what is coming in: an operator's choice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marking {
    /// How far it may go; `None` leaves it to the collection or the node.
    pub tlp: Option<Tlp>,
    /// To whom.
    pub audience: Vec<Member>,
}

impl Marking {
    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        self.tlp.is_none() && self.audience.is_empty()
    }

    /// Whether it names somebody whom it can't reach: under TLP:RED, anybody who is no person.
    pub fn misses(&self) -> bool {
        let person = |member: &Member| matches!(member, Member::Person(_));
        self.tlp.is_some_and(Tlp::is_for_persons) && !self.audience.iter().all(person)
    }

    /// What the rules make of it, as it was chosen at a door; `None` when it says nothing. A person who names nobody means nobody, whomever
    /// the markings in the object name; a file of the operator's may name them there.
    pub(crate) fn terms(&self, channel: &Channel) -> Option<Terms> {
        if self.is_empty() {
            return None;
        }
        let nobody = *channel == Channel::Local && self.tlp.is_some_and(Tlp::is_for_those_named);
        let terms = self.tlp.map_or_else(Terms::silent, Terms::tlp);
        Some(if self.audience.is_empty() && !nobody {
            terms
        } else {
            terms.to(self.audience.iter().cloned())
        })
    }
}

/// Objects that ask to be let in together.
#[derive(Debug, Clone)]
pub struct Submission {
    /// The bytes that hold them.
    pub bytes: Bytes,
    /// Where each object lies in `bytes`.
    pub objects: Vec<Range<usize>>,
    /// The door.
    pub channel: Channel,
    /// The participant that brought them; it sees what it brought.
    pub submitter: ObjectId,
    /// The person who did, where one did.
    pub person: Option<ObjectId>,
    /// The collection they go to.
    pub collection: String,
    /// What the operator says of them.
    pub marking: Marking,
}

/// What became of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// It is a record now.
    Accepted,
    /// It was one already, byte for byte.
    Known,
    /// It is well formed, and a person has to decide; the number names it.
    Awaiting {
        /// Its number on the list of what awaits a decision.
        number: i64,
        /// Why.
        reason: String,
    },
    /// It is not taken; what is known of it is in quarantine, unless the reason forbids even that.
    Refused {
        /// Why, in words for whoever sent it.
        reason: String,
    },
}

impl Outcome {
    /// Whether the sender need not do anything more.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Accepted | Self::Known)
    }
}

/// One object's line on the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id, where one could be read.
    pub id: Option<String>,
    /// Its version as TAXII names it, where one could be read.
    pub version: Option<String>,
    /// Under which label it stays, where it was here already and an operator's file came with the wish for another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_stays: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Line {
    pub(crate) fn refused(id: Option<String>, reason: String) -> Self {
        Self {
            id,
            version: None,
            label_stays: None,
            outcome: Outcome::Refused { reason },
        }
    }
}

/// What became of a submission, in its order. It exists only after the commit is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// When it was committed.
    pub at: Micros,
    /// A line for each object.
    pub lines: Vec<Line>,
}

impl Receipt {
    /// How many are records now or were before.
    pub fn successes(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.outcome.is_success())
            .count()
    }

    /// How many await a decision.
    pub fn awaiting(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| matches!(line.outcome, Outcome::Awaiting { .. }))
            .count()
    }

    /// How many were not taken.
    pub fn refusals(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| matches!(line.outcome, Outcome::Refused { .. }))
            .count()
    }
}
