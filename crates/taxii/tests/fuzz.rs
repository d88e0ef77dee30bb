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
fn query() {
    replay("query", promises::query);
}

#[test]
fn token() {
    replay("token", promises::token);
}

#[test]
fn media() {
    replay("media", promises::media);
}
