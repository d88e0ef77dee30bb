//! `cargo +nightly fuzz run ask`: the promises are those of `../promises.rs`.
#![no_main]

#[path = "../promises.rs"]
mod promises;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| promises::ask(bytes));
