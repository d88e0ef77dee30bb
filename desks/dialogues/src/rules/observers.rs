//! What an observer of a session may have of it. Invariant: the role decides, not who sends: what it does not let an observer see has no
//! audience with the observer in it.

use crate::records::{Part, Sees};

/// Whether a role lets an observer see that.
pub fn lets(sees: Sees, part: Part) -> bool {
    match (sees, part) {
        (Sees::All, _) | (_, Part::Frame) => true,
        (Sees::Tabled, part) => part == Part::Tabled,
        (Sees::Outcome, part) => part == Part::Outcome,
    }
}
