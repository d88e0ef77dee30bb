//! Clearance: what has to happen before something of ours goes to others - visas, a signature, a silence, a delay - and who may stand in.
//!
//! A case is about records that are here and the label that they are to get. Publishing is a case like any other: a signature by
//! somebody other than who asked, then a delay (rule 7).
//!
//! Invariants: a label is loosened only by a person's signature, after every step that the case was opened with; silence alone loosens
//! nothing. What the clock has ended is written down, so that it stays ended when the clock is set back.

mod act;
mod book;
mod case;
mod corrected;
mod givers;
mod holding;
mod laid_down;
mod mandate;
mod open;
mod release;
#[cfg(test)]
mod tests;
mod zone;

pub use act::{Act, Forbidden, Hand};
pub use book::{Clearance, Said, Seen, Turn};
pub use case::{
    Awaits, Case, Event, Given, Silence, SilenceState, State, Step, StepKind, Wanted, What,
};
pub use mandate::{Delegation, Lapse, NewDelegation, NewStanding, Procedure, Standing};
pub use open::{Opened, Opening};
pub use zone::{NoMoment, Zone};

pub(crate) use corrected::Corrected;
pub(crate) use holding::{
    Asked, Rules, Sender, ask, hold, only_takes_back, settle, submitted_by_hand,
};
