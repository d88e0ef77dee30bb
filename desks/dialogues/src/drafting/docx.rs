//! Rounds as DOCX (ISO/IEC 29500, WordprocessingML) with tracked changes and comments, out and back in; and papers without them.
//! Invariant: what is written is read back as the same changes by the same sides; of what comes in, a bounded amount is unpacked, nothing
//! is run and nothing is fetched.

mod margins;
mod package;
mod paper;
mod read;
mod write;

pub use margins::margins;
pub use package::Broken;
pub use paper::{Block, Paper, paper};
pub use read::{Note, Returned, Seen, Sign, read};
pub use write::{Sheet, flat, write};

/// The media type of a DOCX.
pub const MEDIA: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The property of a file that names its draft.
const DRAFT: &str = "EntenteDraft";
/// The property of a paper that is no round: what it is.
const PAPER: &str = "EntentePaper";
/// The property that names the round that it was made from.
const ROUND: &str = "EntenteRound";
