//! The fuzz targets without a fuzzer: the corpus, and thousands of seeded mutations of it.

#[path = "../../stix/fuzz/mutations.rs"]
mod mutations;
#[path = "../fuzz/promises.rs"]
mod promises;

use std::path::Path;

fn replay(target: &str, promise: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    mutations::replay(&fuzz, target, promise);
}

#[test]
fn note() {
    replay("note", promises::note);
}

#[test]
fn checkpoint() {
    replay("checkpoint", promises::checkpoint);
}

#[test]
fn fork() {
    replay("fork", promises::fork);
}

#[test]
fn tile() {
    replay("tile", promises::tile);
}
