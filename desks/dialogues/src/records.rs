//! The desk's records: each a plain structure that is its own schema, framed as a STIX 2.1 object.
//!
//! Invariant: every type of ours stands under the one extension definition of the product; what a reader doesn't know is left alone, and
//! a new version only adds fields.

#[macro_use]
mod shape;
mod arrangement;
mod commitment;
mod dialogue;
mod draft;
mod follow_up;
mod outreach;
mod part;
mod piece;
mod session;
mod text;
mod translation;

pub use arrangement::{Activity, Arrangement, Indicator, Progress, Strand};
pub use commitment::{Act, Commitment, Span};
pub use dialogue::{Dialogue, FormerName};
pub use draft::{Draft, Passage, PassageState, Received, Remark, Run, Silence, SilenceAct};
pub use follow_up::{
    Appraisal, AppraisalReply, Consent, Evidence, FollowUp, Purpose, Replied, State,
};
pub use outreach::{Answer, Demarche, Event};
pub use part::{Part, Place};
pub use piece::{EXTENSION, Kind, NewPiece, Piece, Source};
pub use session::{
    AgendaItem, Attendance, DatedClaim, NextSession, Observer, Sees, Session, SessionState,
};
pub use shape::{Shape, schema};
pub use text::{Standing, Text, TextKind};
pub use translation::{Translation, Weight, Worded};
