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
fn introduction() {
    replay("introduction", promises::introduction);
}

#[test]
fn evidence() {
    replay("evidence", promises::evidence);
}

#[test]
fn label() {
    replay("label", promises::label);
}

#[test]
fn config() {
    replay("config", promises::config);
}

#[test]
fn bundle() {
    replay("bundle", promises::bundle);
}
