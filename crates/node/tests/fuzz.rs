//! The fuzz targets without a fuzzer: the corpus, and thousands of seeded mutations of it.

#[path = "../../stix/fuzz/mutations.rs"]
mod mutations;
#[path = "../fuzz/promises.rs"]
mod promises;

use std::path::Path;

use node::keys::Introduction;
use node::seal::read_label;

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

/// Else mutations begin from what no reader takes, and the promises hold of nothing.
#[test]
fn what_the_corpora_hold_is_read() {
    let introductions = |bytes: &[u8]| usize::from(Introduction::read(bytes).is_ok());
    let labels = |bytes: &[u8]| {
        let text = std::str::from_utf8(bytes).unwrap();
        usize::from(read_label(text).is_some())
    };
    type Read = fn(&[u8]) -> usize;
    let corpora: [(&str, Read); 4] = [
        ("introduction", introductions),
        ("evidence", promises::evidence_in),
        ("statement", promises::statements_in),
        ("label", labels),
    ];
    for (target, read) in corpora {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
        for file in std::fs::read_dir(corpus.join(target)).unwrap() {
            let path = file.unwrap().path();
            assert_eq!(
                read(&std::fs::read(&path).unwrap()),
                1,
                "{}",
                path.display()
            );
        }
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
