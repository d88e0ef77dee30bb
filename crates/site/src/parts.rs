//! The parts that pages are made of. Each is a value that writes itself: `{{ form }}` in a template. All are shown on `/design`.

pub mod day;
pub mod difference;
pub mod figure;
pub mod form;
pub mod history;
pub mod label;
pub mod listing;
pub mod steps;
pub mod table;
pub mod upload;
pub(crate) mod views;
