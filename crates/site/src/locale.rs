//! Languages: texts in Fluent files, figures, dates, order. A language is a folder of `locales`; English is what others fall back to.
//!
//! Invariant: no sentence that a visitor reads stands in code or in a template.

mod check;
mod direction;
mod format;
mod locales;
mod names;
mod order;
mod pseudo;
mod who;
mod words;

pub use check::problems;
pub use direction::direction;
pub use locales::Locales;
pub use words::{Arg, Words};
