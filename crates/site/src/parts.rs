//! The parts that pages are made of. Each is a value that writes itself: `{{ form }}` in a template. All are shown on `/design`.

pub mod form;
pub mod label;
pub mod listing;
pub mod table;
pub(crate) mod views;
