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
fn statement() {
    replay("statement", promises::statement);
}

#[test]
fn what_the_corpus_of_statements_holds_is_read() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/statement");
    for file in std::fs::read_dir(corpus).unwrap() {
        let path = file.unwrap().path();
        let read = promises::statements_in(&std::fs::read(&path).unwrap());
        assert_eq!(read, 1, "{}", path.display());
    }
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
