//! `cargo +nightly fuzz run statement`: the promises are those of `../promises.rs`.
#![no_main]

#[path = "../promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::statement(bytes));
