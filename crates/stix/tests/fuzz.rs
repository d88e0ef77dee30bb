//! The fuzz targets without a fuzzer: the corpus, and thousands of seeded mutations of it.

#[path = "../fuzz/mutations.rs"]
mod mutations;
#[path = "../fuzz/promises.rs"]
mod promises;

use std::path::Path;

fn replay(target: &str, promise: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    mutations::replay(&fuzz, target, promise);
}

#[test]
fn object() {
    replay("object", promises::object);
}

#[test]
fn split() {
    replay("split", promises::split);
}

#[test]
fn stream() {
    replay("stream", promises::stream);
}

#[test]
fn pattern() {
    replay("pattern", promises::pattern);
}

#[test]
fn timestamp() {
    replay("timestamp", promises::timestamp);
}

#[test]
fn canonical() {
    replay("canonical", promises::canonical);
}

#[test]
#[should_panic = "planted"]
fn a_planted_bug_is_found() {
    replay("object", |bytes| {
        assert!(
            stix::check(bytes, &stix::Limits::default()).is_ok() || !bytes.contains(&0xff),
            "planted"
        )
    });
}
