//! Deterministic ids. `data/observables.jsonl` was written by OASIS's `stix2` library for Python, version 3.

use stix::{Limits, View, sco};

#[test]
fn ids_equal_those_of_the_reference_library() {
    let lines = include_str!("data/observables.jsonl").lines();
    let mut types = Vec::new();
    for line in lines {
        let object = View::parse(line.as_bytes(), &Limits::default()).unwrap();
        let expected = object.member("id").unwrap().string().unwrap();
        assert_eq!(sco::id(object).unwrap().as_str(), expected, "{line}");
        types.push(object.member("type").unwrap().string().unwrap());
    }
    types.dedup();
    assert_eq!(types.len(), 17, "every cyber-observable but process");
}

#[test]
fn some_have_no_deterministic_id() {
    for line in [
        r#"{"type":"process","pid":1}"#,
        r#"{"type":"file","size":1}"#,
        r#"{"type":"file","hashes":[]}"#,
        r#"{"type":"indicator","value":"x"}"#,
        r#"{"value":"x"}"#,
        "[]",
    ] {
        assert_eq!(
            sco::id(View::parse(line.as_bytes(), &Limits::default()).unwrap()),
            None,
            "{line}"
        );
    }
}

#[test]
fn spelling_does_not_matter() {
    let id =
        |text: &str| sco::id(View::parse(text.as_bytes(), &Limits::default()).unwrap()).unwrap();
    let plain = id(r#"{"type":"file","name":"é","hashes":{"MD5":"x","SHA-256":"y"},"size":1}"#);
    assert_eq!(
        plain,
        id(r#"{"size":2,"hashes":{"SHA-256":"z","MD5":"x"}, "n\u0061me":"\u00e9","type":"file"}"#)
    );
}
