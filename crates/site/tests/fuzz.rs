//! The fuzz target without a fuzzer: the corpus, and seeded mutations of it.

#[path = "../../stix/fuzz/mutations.rs"]
mod mutations;
#[path = "../fuzz/promises.rs"]
mod promises;

use std::path::Path;

#[test]
fn ask() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    // A whole page each time: that takes milliseconds.
    mutations::replay_part(&fuzz, "ask", promises::ask, 8);
}
