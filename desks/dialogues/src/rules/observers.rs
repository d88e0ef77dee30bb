//! What an observer of a session may have of it. Invariant: the role decides, not who sends: what it does not let an observer see has no
//! audience with the observer in it.

use crate::records::{Sees, Standing, Text};

/// What a record is to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// That there is a series and a session.
    Frame,
    /// A paper that was tabled, and what it says.
    Tabled,
    /// What came of it, and what that says.
    Outcome,
    /// What is between the parties: follow-up, drafts, everything else.
    Between,
}

impl Part {
    /// What a text is.
    pub fn of(text: &Text) -> Self {
        match text.standing {
            _ if text.tabled => Self::Tabled,
            Standing::Agreed | Standing::Joint => Self::Outcome,
            Standing::Parallel | Standing::Unilateral | Standing::ReadOut => Self::Between,
        }
    }
}

/// Whether a role lets an observer see that.
pub fn lets(sees: Sees, part: Part) -> bool {
    match (sees, part) {
        (Sees::All, _) | (_, Part::Frame) => true,
        (Sees::Tabled, part) => part == Part::Tabled,
        (Sees::Outcome, part) => part == Part::Outcome,
    }
}
