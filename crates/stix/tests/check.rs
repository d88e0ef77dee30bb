//! What one object may look like, and what its header says.

use stix::{Limits, Rule, SpecVersion, check};

const ID: &str = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

/// An object whose properties after `type` and `id` are `rest`.
fn object(rest: &str) -> String {
    format!(r#"{{"type":"indicator","id":"{ID}"{rest}}}"#)
}

fn problems(text: &[u8]) -> Vec<(String, Rule)> {
    match check(text, &Limits::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .iter()
            .map(|p| (p.pointer.clone(), p.rule))
            .collect(),
    }
}

#[test]
fn a_header_says_what_the_bytes_say() {
    let text = object(
        r#", "spec_version" : "2.1","created":"2024-01-01T00:00:00Z","modified":"2024-01-02T00:00:00.1234567Z",
        "created_by_ref":"identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5","revoked":true,"lang":"fr","n\u0061me":"\u00c9t\u00e9 \ud83d\ude00\n",
        "object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],
        "granular_markings":[{"marking_ref":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed","selectors":["name"]},{"lang":"en","selectors":["a.[1]"]}],
        "extensions":{"extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e":{"extension_type":"property-extension"}},
        "x":[1,-0.5e+3,12345678901234567890,null,false,{"a_refs":["b","c"],"a_ref":"d"}]"#,
    );
    let found = check(text.as_bytes(), &Limits::default()).unwrap();
    let header = found.header();
    assert_eq!(header.id.as_str(), ID);
    assert_eq!(header.spec(), SpecVersion::V21);
    assert_eq!(
        header.version().unwrap().as_str(),
        "2024-01-02T00:00:00.1234567Z"
    );
    assert_eq!(
        header.created.as_ref().unwrap().as_str(),
        "2024-01-01T00:00:00Z"
    );
    assert_eq!(
        header.created_by_ref.as_ref().unwrap().type_name(),
        "identity"
    );
    assert!(header.revoked);
    assert_eq!(header.name.as_deref(), Some("Été 😀\n"));
    assert_eq!(header.lang.as_deref(), Some("fr"));
    assert_eq!(
        header.object_marking_refs[0].uuid(),
        "94868c89-83c2-464b-929b-a1a8aa3c8487"
    );
    assert!(header.has_granular_markings);
    assert_eq!(
        header.granular_marking_refs[0].uuid(),
        "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    );
    assert_eq!(&*header.granular_langs[0], "en");
    assert_eq!(
        &*header.extensions[0],
        "extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e"
    );
    assert_eq!(header.references, 1 + 1 + 1 + 3);
    assert_eq!(found.raw(), text);
}

#[test]
fn objects_are_refused_with_place_and_rule() {
    let cases: &[(&str, &str, Rule)] = &[
        (r#","a":1,"a":2"#, "/a", Rule::DuplicateKey),
        (r#","a":1,"\u0061":2"#, "/a", Rule::DuplicateKey),
        (
            r#","x":[{"é":1},{"\u00e9":1,"é":2}]"#,
            "/x/1/é",
            Rule::DuplicateKey,
        ),
        (r#","id":"x""#, "/id", Rule::DuplicateKey),
        (r#","x":"\ud800""#, "/x", Rule::Encoding),
        (r#","x":"\udc00\ud800""#, "/x", Rule::Encoding),
        (r#","x":"\ud800\u0041""#, "/x", Rule::Encoding),
        (r#","x":NaN"#, "/x", Rule::Number),
        (r#","x":-Infinity"#, "/x", Rule::Number),
        (r#","x":1e999"#, "/x", Rule::Number),
        (r#","x":01"#, "", Rule::Json),
        (r#","x":1."#, "/x", Rule::Json),
        (r#","x":tru"#, "/x", Rule::Json),
        (r#","x":"\x""#, "/x", Rule::Json),
        (r#","x":[1,]"#, "/x/1", Rule::Json),
        (r#","x":1,"#, "", Rule::Json),
        (r#","created":5"#, "/created", Rule::Type),
        (r#","created":"2024-01-01""#, "/created", Rule::Timestamp),
        (r#","modified":null"#, "/modified", Rule::Type),
        (
            r#","created_by_ref":["identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"]"#,
            "/created_by_ref",
            Rule::Type,
        ),
        (
            r#","created_by_ref":"nobody""#,
            "/created_by_ref",
            Rule::Identifier,
        ),
        (
            r#","object_marking_refs":"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487""#,
            "/object_marking_refs",
            Rule::Type,
        ),
        (
            r#","object_marking_refs":[null]"#,
            "/object_marking_refs/0",
            Rule::Type,
        ),
        (
            r#","object_marking_refs":["red"]"#,
            "/object_marking_refs/0",
            Rule::Identifier,
        ),
        (
            r#","granular_markings":[{"selectors":["x"]}]"#,
            "/granular_markings/0",
            Rule::Required,
        ),
        (
            r#","granular_markings":[{"marking_ref":"red"}]"#,
            "/granular_markings/0/marking_ref",
            Rule::Identifier,
        ),
        (
            r#","granular_markings":{}"#,
            "/granular_markings",
            Rule::Type,
        ),
        (r#","revoked":"true""#, "/revoked", Rule::Type),
        (r#","extensions":[]"#, "/extensions", Rule::Type),
        (r#","spec_version":2.1"#, "/spec_version", Rule::Type),
    ];
    for (rest, pointer, rule) in cases {
        assert_eq!(
            problems(object(rest).as_bytes()),
            [(pointer.to_string(), *rule)],
            "{rest}"
        );
    }
    let whole: &[(&[u8], &str, Rule)] = &[
        (b"", "", Rule::Container),
        (b"null", "", Rule::Container),
        (b"[]", "", Rule::Container),
        (b"{}x", "", Rule::Json),
        (b"{\"a\":\"\xff\"}", "", Rule::Encoding),
        (b"{\"a\":\"\x01\"}", "/a", Rule::Json),
        (
            br#"{"type":"malware","id":"indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}"#,
            "/id",
            Rule::TypeMismatch,
        ),
        (
            br#"{"type":"bundle","id":"bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}"#,
            "",
            Rule::Container,
        ),
        (
            br#"{"type":"indicator","id":"indicator--8E2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"}"#,
            "/id",
            Rule::Identifier,
        ),
        (br#"{"type":"indicator"}"#, "/id", Rule::Required),
    ];
    for (text, pointer, rule) in whole {
        assert_eq!(
            problems(text),
            [(pointer.to_string(), *rule)],
            "{}",
            String::from_utf8_lossy(text)
        );
    }
}

#[test]
fn limits_hold_at_their_edges() {
    let nested = |levels: usize| {
        object(&format!(
            r#","x":{}{}"#,
            "[".repeat(levels),
            "]".repeat(levels)
        ))
    };
    assert_eq!(problems(nested(127).as_bytes()), []);
    assert_eq!(problems(nested(128).as_bytes())[0].1, Rule::Depth);
    assert_eq!(
        problems(object(&format!(r#","x":{}"#, "[".repeat(1_000_000))).as_bytes())[0].1,
        Rule::Depth
    );
    let references = |count: usize| {
        object(&format!(
            r#","object_refs":[{}]"#,
            vec![r#""a""#; count].join(",")
        ))
    };
    assert_eq!(problems(references(10_000).as_bytes()), []);
    assert_eq!(
        problems(references(10_001).as_bytes())[0].1,
        Rule::References
    );
    let sized = |bytes: usize| {
        object(&format!(
            r#","x":"{}""#,
            "a".repeat(bytes - object(r#","x":"""#).len())
        ))
    };
    assert_eq!(problems(sized(4 << 20).as_bytes()), []);
    assert_eq!(
        problems(sized((4 << 20) + 1).as_bytes()),
        [(String::new(), Rule::Size)]
    );
}

#[test]
fn many_keys_are_compared_in_bounded_time() {
    let keys: Vec<_> = (0..100_000).map(|n| format!(r#""k{n}":0"#)).collect();
    assert_eq!(
        problems(object(&format!(r#","x":{{{}}}"#, keys.join(","))).as_bytes()),
        []
    );
    let twice = object(&format!(r#","x":{{{},"k77777":1}}"#, keys.join(",")));
    assert_eq!(
        problems(twice.as_bytes()),
        [("/x/k77777".to_owned(), Rule::DuplicateKey)]
    );
}

#[test]
fn a_form_feed_is_no_white_space() {
    let object =
        r#"{"type":"tool","id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","spec_version":"2.1"}"#;
    for (before, after, taken) in [
        ("\t \n", "\r\n ", true),
        ("\u{c}", "", false),
        ("", "\u{c}", false),
        (" \u{c} ", "", false),
    ] {
        let text = format!("{before}{object}{after}");
        let found = check(text.as_bytes(), &Limits::default());
        assert_eq!(found.is_ok(), taken, "{text:?}: {found:?}");
        let form = stix::canonical(text.as_bytes(), &Limits::default());
        assert_eq!(form.is_ok(), taken, "{text:?}");
    }
}
