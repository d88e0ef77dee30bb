//! From envelopes and bundles to objects, whatever is broken.

use stix::{Container, Limits, Rule, split};

/// The container, the members, and the rule by which the rest was lost.
fn parts(text: &str) -> (Container, Vec<&str>, Option<Rule>) {
    let found = split(
        text.as_bytes(),
        &Limits {
            objects: 3,
            ..Limits::default()
        },
    );
    let objects = found
        .objects
        .iter()
        .map(|raw| std::str::from_utf8(raw).unwrap())
        .collect();
    (
        found.container,
        objects,
        found.lost.map(|problem| problem.rule),
    )
}

#[test]
fn members_are_found() {
    use Container::{Bundle, Envelope, Object};
    let cases: &[(&str, Container, &[&str], Option<Rule>)] = &[
        ("{}", Envelope, &[], None),
        (r#"{"more":false}"#, Envelope, &[], None),
        (r#" { "objects" : [ ] } "#, Envelope, &[], None),
        ("\u{feff}{\"objects\":[{}]}", Envelope, &["{}"], None),
        (
            r#"{"objects":[{"a":"]}"} , [1],2,"x\"]"],"more":true}"#,
            Envelope,
            &[r#"{"a":"]}"}"#, "[1]", "2"],
            Some(Rule::Count),
        ),
        (
            r#"{"objects":[{},{}],"id":"bundle--1","type":"bundle"}"#,
            Bundle,
            &["{}", "{}"],
            None,
        ),
        (
            r#"{"type":"bundle","x":{"objects":[1]},"objects":[{}]}"#,
            Bundle,
            &["{}"],
            None,
        ),
        (
            r#"{"type":"observed-data","objects":{"0":{}}}"#,
            Object,
            &[r#"{"type":"observed-data","objects":{"0":{}}}"#],
            None,
        ),
        (
            r#"{"objects":[1],"type":"x-list"}"#,
            Object,
            &[r#"{"objects":[1],"type":"x-list"}"#],
            None,
        ),
        // Broken inside: the neighbors survive.
        (
            r#"{"objects":[{"a":NaN},{"b":[},{"c":"\x"}]}"#,
            Envelope,
            &[r#"{"a":NaN}"#, r#"{"b":[}"#, r#"{"c":"\x"}"#],
            None,
        ),
        (
            r#"{"objects":[{"a":]},{"b":1}]}"#,
            Envelope,
            &[r#"{"a":]}"#, r#"{"b":1}"#],
            None,
        ),
        // Broken outside: what came before is kept.
        (
            r#"{"objects":[{"a":1},{"b":"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::Json),
        ),
        (
            r#"{"objects":[{"a":1} {"b":1}]}"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::Json),
        ),
        (
            r#"{"objects":[{"a":1},]}"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::Json),
        ),
        (
            r#"{"objects":[{"a":1}],"objects":[{"b":1}]}"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::DuplicateKey),
        ),
        (
            r#"{"objects":[{"a":1}],"\u006fbjects":[{"b":1}]}"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::DuplicateKey),
        ),
        (
            r#"{"objects":[{"a":1}]} x"#,
            Envelope,
            &[r#"{"a":1}"#],
            Some(Rule::Json),
        ),
        ("", Envelope, &[], Some(Rule::Json)),
        ("null", Envelope, &[], Some(Rule::Container)),
        ("[{}]", Envelope, &[], Some(Rule::Container)),
        ("17", Envelope, &[], Some(Rule::Container)),
        (r#"{"objects""#, Envelope, &[], Some(Rule::Json)),
        (r#"{objects:[]}"#, Envelope, &[], Some(Rule::Json)),
    ];
    for (text, container, objects, lost) in cases {
        assert_eq!(parts(text), (*container, objects.to_vec(), *lost), "{text}");
    }
}

#[test]
fn an_envelope_says_whether_there_is_more() {
    let cases = [
        (r#"{"more":true,"next":"a\/b"}"#, Some(true), Some("a/b")),
        (r#"{"more":"true","next":7}"#, Some(true), None),
        (r#"{"more":false}"#, Some(false), None),
        (r#"{"more":1}"#, None, None),
    ];
    for (text, more, next) in cases {
        let found = split(text.as_bytes(), &Limits::default());
        assert_eq!((found.more, found.next.as_deref()), (more, next), "{text}");
    }
}
