//! The interface for programs: what pages do, as JSON under `/api/v1`, described by an OpenAPI document that is made of the very routes.
//!
//! Invariant: an operation calls what its page calls and is checked where the page is; a program comes with a token of a person, and
//! does what the token is for and the person may. What is hidden is absent, in the same bytes.

mod answer;
mod document;
mod held;
mod label;
mod once;
mod operation;
mod problem;
mod room;
mod sent;
mod version;

pub use answer::{Given, Listed};
pub(crate) use document::{astray, document};
pub use held::{Example, breaks, example, held, requests};
pub use label::{Label, marking};
pub use once::{Done, once};
pub use operation::{Operation, Shape};
pub use problem::Problem;
pub(crate) use problem::problem;
pub(crate) use room::Api;
pub use sent::Sent;
pub use version::{changed, condition, tag};

/// Whether an address is for programs.
pub(crate) fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
}
