//! The pages from outside, without a browser.

mod clearance;
mod forms;
mod home;
mod openid;
mod provider;
mod rooms;
mod routes;
mod signing_in;
mod stage;
mod tables;
