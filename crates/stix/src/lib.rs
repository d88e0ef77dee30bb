//! What a STIX object is.

mod canonical;
mod header;
mod id;
mod keys;
mod limits;
pub mod marking;
mod object;
mod outer;
pub mod pattern;
mod problem;
mod scan;
pub mod sco;
mod split;
mod stream;
mod strings;
mod timestamp;
mod view;
mod walk;

pub use canonical::canonical;
pub use header::{Header, SpecVersion};
pub use id::{IdError, ObjectId};
pub use limits::Limits;
pub use object::{Object, check};
pub use problem::{Problem, Problems, Rule};
pub use split::{Container, Split, split};
pub use stream::{Item, Stream, StreamError, stream};
pub use strings::{Strings, Word, references, strings, texts};
pub use timestamp::{Timestamp, TimestampError};
pub use view::{Kind, View};
