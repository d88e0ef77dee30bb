//! The pages from outside, without a browser.

mod api;
mod clearance;
mod feeds;
mod first;
mod forms;
mod home;
mod kept;
mod matrix;
mod openid;
mod programs;
mod provider;
mod rooms;
mod routes;
#[expect(unreachable_pub, reason = "to the tests of desks it is public")]
#[path = "../../../stage/src/shell.rs"]
mod shell;
mod signing_in;
mod stage;
mod tables;
mod told;
mod under_key;
mod who;
