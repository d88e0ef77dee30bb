//! The desk's records: each a plain structure that is its own schema, framed as a STIX 2.1 object.
//!
//! Invariant: every type of ours stands under the one extension definition of the product; what a reader doesn't know is left alone, and
//! a new version only adds fields.

mod arrangement;
mod commitment;
mod dialogue;
mod draft;
mod follow_up;
mod outreach;
mod part;
mod session;
mod text;

pub use desk::{
    EXTENSION, Kind, NewPiece, Piece, Shape, Source, Translation, Weight, Worded, schema,
};

pub use arrangement::{Activity, Arrangement, Indicator, Progress, Strand};
pub use commitment::{Act, Commitment, Span};
pub use dialogue::{Dialogue, FormerName, SameSeries};
pub use draft::{Draft, Passage, PassageState, Received, Remark, Run, Silence, SilenceAct};
pub use follow_up::{
    Appraisal, AppraisalReply, Consent, Evidence, FollowUp, Purpose, Replied, State,
};
pub use outreach::{Answer, Demarche, Event};
pub use part::{Part, Place, Placed};
pub use session::{
    AgendaItem, Attendance, DatedClaim, NextSession, Observer, Sees, Session, SessionState,
};
pub use text::{Standing, Text, TextKind};
