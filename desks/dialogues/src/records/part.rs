//! What a record is to a session, as the record itself says. Invariant: each kind says it once; whoever decides on an audience reads it here.

use desk::Kind;

use super::{Observer, Standing};

/// What a record is to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// That there is a series and a session: when, where, who, with what agenda.
    Frame,
    /// A paper that was tabled, and what it says.
    Tabled,
    /// What came of it, and what that says.
    Outcome,
    /// What is between the parties: follow-up, drafts and their silence, consents, judgments, everything else.
    Between,
}

impl Part {
    /// What a text is.
    pub fn of(standing: Standing, tabled: bool) -> Self {
        match standing {
            _ if tabled => Self::Tabled,
            Standing::Agreed | Standing::Joint => Self::Outcome,
            Standing::Parallel | Standing::Unilateral | Standing::ReadOut => Self::Between,
        }
    }
}

/// Which session a record belongs to, and as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// To none.
    Apart,
    /// It is the session, with these observers.
    Session(&'a [Observer]),
    /// To this one.
    In(Option<&'a str>, Part),
    /// To this one, else to that of the text in which it stands; as what the text is.
    Said(Option<&'a str>, Option<&'a str>),
    /// To that of another record, between its parties.
    About(&'a str),
}

/// A kind of record that may belong to a session.
pub trait Placed: Kind {
    /// Which session it belongs to and as what: so far the session's observers may have it.
    fn place(&self) -> Place<'_> {
        Place::Apart
    }
}
