//! What a STIX object is: its identity, its version, its markings, and whether its bytes can be trusted to mean one thing.
//!
//! A node keeps every object as the exact bytes that arrived, because versions are immutable and seals cover the bytes. So this
//! crate does not turn objects into structures. It checks the bytes once, takes the few things that every part needs to know (the
//! [`Header`]), and lets the others look into the text where they need to ([`View`], [`texts`], [`references`]).
//!
//! | from | to | by |
//! |---|---|---|
//! | an envelope, a bundle, a single object | raw objects | [`split()`] |
//! | a file of any size | raw objects, one by one | [`stream()`] |
//! | a raw object | an [`Object`] with its [`Header`], or [`Problems`] | [`check()`] |
//! | an object | how it departs from the standard | [`property::warnings`] |
//! | an object | its canonical form, to be signed | [`canonical()`] |
//! | a marking definition | what it says | [`marking`] |
//! | a cyber-observable | its deterministic id | [`sco`] |
//! | an indicator's pattern | what it looks for | [`pattern`] |
//! | a translation | texts by language | [`language`] |
//!
//! # A worked example
//!
//! One object of this envelope is broken; its neighbors are not harmed, and the problem says where and why.
//!
//! ```
//! use stix::{Limits, check, split, texts};
//!
//! let envelope = br#"{"objects": [
//!     {"type": "campaign", "id": "campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f", "spec_version": "2.1",
//!      "created": "2024-05-01T12:00:00Z", "modified": "2024-05-01T12:00:00.000000001Z", "name": "Op\u00e9ration Brume"},
//!     {"type": "campaign", "id": "campaign--0b1f4a1c-6c62-4f0a-9d5a-3d5f6a0c7b11", "name": "red", "n\u0061me": "clear"}
//! ]}"#;
//!
//! let limits = Limits::default();
//! let found = split(envelope, &limits);
//! assert_eq!(found.lost, None); // the outside could be followed to its end
//!
//! let good = check(found.objects[0], &limits)?;
//! assert_eq!(good.header().type_name(), "campaign");
//! assert_eq!(good.header().version().unwrap().as_str(), "2024-05-01T12:00:00.000000001Z");
//! assert_eq!(good.raw().as_bytes(), found.objects[0]); // byte for byte
//! assert_eq!(texts(good.view()).next().unwrap().text, "Opération Brume");
//!
//! let problems = check(found.objects[1], &limits).unwrap_err();
//! assert_eq!(problems[0].to_string(), "/name: the key \"name\" occurs more than once [duplicate-key]");
//! # Ok::<(), stix::Problems>(())
//! ```
//!
//! # What is refused, and what is not
//!
//! Refused is what two readers could understand differently (duplicate keys, lone surrogates, bad UTF-8, numbers beyond a double), what
//! costs too much ([`Limits`]), and what would break a later read: a wrong type in one of the properties of the header. All else is kept,
//! because real data departs from the standard everywhere: unknown types and properties, empty lists, `modified` before `created`,
//! references to what is not there. STIX 2.0 objects are taken as what they are.
//!
//! # What this crate is not
//!
//! - No object model: there is no `struct Indicator`, and nothing is ever written back from a parsed form.
//! - No release rules: [`marking`] reads what a marking says, `policy` knows what it means.
//! - No validator to convince others with: [`property::warnings`] finds what helps an author, not all that the standard says.
//! - No input or output, clock or randomness; [`stream()`] reads what it is given.
//!
//! # How to add one more type
//!
//! A type of the standard is one line in `property/tables.rs`; a cyber-observable has a second one in `sco.rs`. A custom type needs
//! nothing.

mod canonical;
mod header;
mod id;
mod keys;
pub mod language;
mod limits;
pub mod marking;
mod object;
mod outer;
pub mod pattern;
mod problem;
pub mod property;
mod scan;
pub mod sco;
mod split;
mod stream;
mod strings;
mod timestamp;
mod view;
mod walk;

pub use canonical::{canonical, canonical_of};
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
