//! The pages from outside, without a browser.

mod forms;
mod home;
mod routes;
mod stage;
mod tables;
