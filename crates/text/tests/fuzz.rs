//! The fuzz targets without a fuzzer: the corpus, and thousands of seeded mutations of it.

#[path = "../../stix/fuzz/mutations.rs"]
mod mutations;
#[path = "../fuzz/promises.rs"]
mod promises;

use std::path::Path;

fn replay(target: &str, promise: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    // A whole reading each time: that takes milliseconds.
    mutations::replay_part(&fuzz, target, promise, 8);
}

#[test]
fn plain() {
    replay("plain", promises::plain);
}

#[test]
fn page() {
    replay("page", promises::page);
}

#[test]
fn word() {
    replay("word", promises::word);
}

#[test]
fn portable() {
    replay("portable", promises::portable);
}
