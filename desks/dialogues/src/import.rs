//! From a document to records: it is read, a person corrects what was misread and confirms, and only then anything enters the register.
//!
//! Invariant: a reading stays on this node and is no record; the machine's reading stands unchanged beside the correction; contact data of
//! press officers is left out before anything is read.

mod above;
mod align;
mod confirm;
mod contacts;
mod correct;
mod heard;
pub mod intake;
mod reading;
pub mod scores;
mod stated;
mod suggest;
mod told;
mod worker;

pub use above::may_hold;
pub use align::{Pair, align};
pub use confirm::{
    Beside, Confirmed, Decision, SameWords, Where, confirm, dates_told, lets_in_all_of,
};
pub use contacts::without_contacts;
pub use correct::{Correction, correct};
pub use heard::{Heard, HeardEvent, HeardNext, HeardPerson, HeardSeries, Said};
pub use reading::{
    Line, Reading, Remark, Stage, Why, discard, lines, load, normal, reading_of, readings, save,
    sources, take_in, take_in_made, take_in_text, wait_again,
};
pub use suggest::{Suggestion, on_the_day, suggest};
pub use told::{say_dates, told};
pub use worker::Worker;
