//! What a change of label does: tighter, looser, public.

use crate::label::{Class, Label};
use crate::resolve::{Resolved, SetBy};

/// How a label compares with the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The same for everybody.
    Same,
    /// Nobody gains: takes effect at once, also on earlier versions.
    Tighter,
    /// Nobody loses: only the author may, and not for what was given before.
    Looser,
    /// Some may gain and some may lose, or it cannot be told. Treat as looser where permission is asked, see
    /// [`retroactive`](crate::retroactive) for earlier versions.
    Mixed,
}

/// Compares two labels of one copy.
#[must_use]
pub fn compare(before: &Label, after: &Label) -> Change {
    match (after.covers(before), before.covers(after)) {
        (true, true) => Change::Same,
        (true, false) => Change::Tighter,
        (false, true) => Change::Looser,
        (false, false) => Change::Mixed,
    }
}

impl Class {
    /// Whether this class is at least as strict as `other` for every viewer and purpose. Says no where it cannot tell.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let stricter = |theirs| self.clauses().any(|ours| ours.covers(theirs));
        self.exercises() == other.exercises() && other.clauses().all(stricter)
    }
}

impl Label {
    /// Whether this label is at least as strict as `other` for every viewer and purpose at all times. Says no where it cannot tell.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let embargo = self.embargo >= other.embargo;
        let expiry = match (&self.expiry, &other.expiry) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(ours), Some(theirs)) => ours <= theirs,
        };
        self.class.covers(&other.class) && embargo && expiry
    }
}

/// Whether to put `after` in place of `before` would publish the record, by anybody's will but the author's own marking: it is
/// then pending, whatever the entrance (rule 7).
#[must_use]
pub fn needs_second_person(before: Option<&Label>, after: &Resolved) -> bool {
    let public_before = before.is_some_and(|label| label.class.is_public());
    after.label.class.is_public() && !public_before && after.set_by != SetBy::Author
}
