//! What the tests of every desk stand on: a node with a clock that they turn, its pages as a browser asks for them, and the check of the
//! desk's records against what is published of them. Invariant: tests alone are built on it, so what goes wrong here panics.
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn a_measure_is_entered() {
//!     let pages = stage::Pages::new(Norms).await;
//!     let kept = pages.post("/norms/new", &[("name", "Incident reports"), ("tlp", "AMBER+STRICT")]).await;
//!     assert_eq!(kept.status, 303, "{}", kept.body);
//! }
//! ```

mod bench;
mod pages;
mod records;
pub mod shell;

pub use bench::Bench;
pub use pages::{Answer, Pages, address, form, hidden};
pub use records::{example, id, made, piece};
