//! `cargo +nightly fuzz run frame`: the promises are those of `../promises.rs`.
#![no_main]

#[path = "../../src/control/frame.rs"]
mod frame;
#[path = "../promises.rs"]
mod promises;

use frame::{CHUNK, Frame, read, write};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::frame(bytes));
