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
fn class_key() {
    replay("class_key", promises::class_key);
}

#[test]
fn words() {
    replay("words", promises::words);
}
