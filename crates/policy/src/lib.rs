//! Who may see, keep and pass on what, and why, in words. No clock, no storage, no network: everything is passed in.

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod change;
mod clause;
mod dates;
mod decide;
mod explain;
mod key;
mod label;
mod marking;
mod member;
mod released;
mod resolve;
mod tlp;
mod viewer;
mod words;

pub use change::{Awaits, Change, Publication, compare, needs_second_person};
pub use clause::{Caveats, Clause, Origin};
pub use decide::{Decision, Ground, Reason, Verdict, admits, decide};
pub use explain::{Candidate, Designated, Explanation, Name, Onward, who};
pub use key::BadKey;
pub use label::{Class, Label, combine, derive, onward};
pub use member::{CircleId, Desk, Desks, Epoch, Member, UnknownMember};
pub use released::{Reach, Released};
pub use resolve::{Handling, House, Resolved, SetBy, Terms, least_strict, resolve, retroactive};
pub use tlp::{Pap, Tlp, UnknownPap, UnknownTlp};
pub use viewer::{Patron, Purpose, Standing, Viewer};
