//! The pages from outside, without a browser.

mod api;
mod clearance;
mod feeds;
mod forms;
mod home;
mod kept;
mod matrix;
mod openid;
mod programs;
mod provider;
mod rooms;
mod routes;
mod signing_in;
mod stage;
mod tables;
mod told;
mod under_key;
mod who;
