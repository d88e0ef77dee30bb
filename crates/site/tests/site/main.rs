//! The pages from outside, without a browser.

mod forms;
mod home;
mod routes;
mod signing_in;
mod stage;
mod tables;
