//! What all pages share, and the first of them: one plain page that shows what a node holds, gave, withheld and has to decide.
//!
//! Invariant: what a page shows of records is [`policy::Released`] to whoever signed in, in their own name; nothing else is written
//! out. Pages load nothing from anywhere else, and need no script.

mod dates;
mod door;
mod gather;
mod headers;
mod language;
mod page;
mod routes;
mod rows;
mod texts;
mod words;

pub use door::Door;
pub use headers::secure;
pub use language::Language;
pub use routes::routes;
