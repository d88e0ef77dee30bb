//! What departs from the standard, and what only looks like it.

mod shared;

use std::collections::BTreeMap;
use stix::{Limits, Rule, check, property, split};

const SDO: &str =
    r#""spec_version":"2.1","created":"2024-01-01T00:00:00Z","modified":"2024-01-01T00:00:00Z""#;
const UUID: &str = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

/// A type, properties, and the warnings expected.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, Rule)]);

fn warnings(type_name: &str, rest: &str) -> Vec<(String, Rule)> {
    let text = format!(r#"{{"type":"{type_name}","id":"{type_name}--{UUID}",{rest}}}"#);
    let object = check(text.as_bytes(), &Limits::default())
        .unwrap_or_else(|problems| panic!("{text}: {problems}"));
    property::warnings(&object)
        .into_iter()
        .map(|p| (p.pointer, p.rule))
        .collect()
}

#[test]
fn departures_from_the_standard_are_told() {
    let cases: &[Case] = &[
        ("campaign", r#""name":"x""#, &[]),
        ("campaign", r#""name":5"#, &[("/name", Rule::Type)]),
        ("campaign", r#""name":null"#, &[("/name", Rule::Type)]),
        (
            "campaign",
            r#""name":"x","nom":"y""#,
            &[("/nom", Rule::UnknownProperty)],
        ),
        ("campaign", r#""name":"x","x_nom":"y""#, &[]),
        (
            "campaign",
            r#""name":"x","nom":"y","extensions":{"extension-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f":{}}"#,
            &[],
        ),
        (
            "campaign",
            r#""name":"x","aliases":[]"#,
            &[("/aliases", Rule::Value)],
        ),
        (
            "campaign",
            r#""name":"x","aliases":["a",1]"#,
            &[("/aliases/1", Rule::Type)],
        ),
        (
            "campaign",
            r#""name":"x","first_seen":"2024-01-02T00:00:00Z","last_seen":"2024-01-01T00:00:00Z""#,
            &[("/last_seen", Rule::Value)],
        ),
        (
            "campaign",
            r#""name":"x","first_seen":"2024""#,
            &[("/first_seen", Rule::Timestamp)],
        ),
        (
            "campaign",
            r#""name":"x","confidence":101"#,
            &[("/confidence", Rule::Value)],
        ),
        (
            "campaign",
            r#""name":"x","confidence":5.5"#,
            &[("/confidence", Rule::Type)],
        ),
        (
            "campaign",
            r#""name":"x","external_references":[{"url":"x"}]"#,
            &[("/external_references/0/source_name", Rule::Required)],
        ),
        (
            "campaign",
            r#""name":"x","created_by_ref":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f""#,
            &[("/created_by_ref", Rule::ReferenceType)],
        ),
        (
            "indicator",
            r#""pattern":"[a:b = 1]","pattern_type":"stix","valid_from":"2024-01-01T00:00:00Z""#,
            &[],
        ),
        (
            "indicator",
            r#""pattern":"[a:b]","pattern_type":"stix","valid_from":"2024-01-01T00:00:00Z""#,
            &[("/pattern", Rule::Pattern)],
        ),
        (
            "indicator",
            r#""pattern":"alert tcp","pattern_type":"snort","valid_from":"2024-01-01T00:00:00Z""#,
            &[],
        ),
        (
            "relationship",
            r#""relationship_type":"uses","source_ref":"x""#,
            &[
                ("/target_ref", Rule::Required),
                ("/source_ref", Rule::Identifier),
            ],
        ),
        ("location", r#""name":"x""#, &[("", Rule::Required)]),
        (
            "location",
            r#""latitude":91,"longitude":0"#,
            &[("/latitude", Rule::Value)],
        ),
        (
            "malware",
            r#""is_family":true"#,
            &[("/name", Rule::Required)],
        ),
        (
            "opinion",
            r#""opinion":"maybe","object_refs":["tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"]"#,
            &[("/opinion", Rule::Value)],
        ),
        ("x-anything", r#""a":null"#, &[]),
    ];
    for (type_name, rest, expected) in cases {
        let expected: Vec<_> = expected
            .iter()
            .map(|(pointer, rule)| (pointer.to_string(), *rule))
            .collect();
        assert_eq!(
            warnings(type_name, &format!("{SDO},{rest}")),
            expected,
            "{rest}"
        );
    }
    let observables: &[Case] = &[
        ("ipv4-addr", r#""value":"1.2.3.4""#, &[]),
        (
            "ipv4-addr",
            r#""created":"2024-01-01T00:00:00Z""#,
            &[
                ("/value", Rule::Required),
                ("/created", Rule::UnknownProperty),
            ],
        ),
        (
            "file",
            r#""hashes":{"MD5":5}"#,
            &[("/hashes/MD5", Rule::Type)],
        ),
        ("file", r#""size":5"#, &[("", Rule::Required)]),
        (
            "network-traffic",
            r#""protocols":["tcp"],"src_ref":"url--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f""#,
            &[("/src_ref", Rule::ReferenceType)],
        ),
        (
            "artifact",
            r#""url":"https://x.test""#,
            &[("/hashes", Rule::Required)],
        ),
        (
            "email-message",
            r#""is_multipart":true,"body":"x""#,
            &[("/body", Rule::Value)],
        ),
    ];
    for (type_name, rest, expected) in observables {
        let expected: Vec<_> = expected
            .iter()
            .map(|(pointer, rule)| (pointer.to_string(), *rule))
            .collect();
        assert_eq!(warnings(type_name, rest), expected, "{rest}");
    }
    // STIX 2.0 is asked for less.
    assert_eq!(warnings("malware", r#""labels":["worm"],"name":"x""#), []);
    assert_eq!(
        warnings("malware", r#""labels":"worm""#),
        [("/labels".to_owned(), Rule::Type)]
    );
}

#[test]
fn observables_of_the_reference_library_are_clean() {
    for line in include_str!("data/observables.jsonl").lines() {
        let object = check(line.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(property::warnings(&object), [], "{line}");
    }
}

#[test]
fn real_data_departs_in_known_ways() {
    let limits = Limits {
        objects: usize::MAX,
        ..Limits::default()
    };
    let mut kinds: BTreeMap<(String, Rule), usize> = BTreeMap::new();
    for file in [
        "attack/mobile-ics-all-versions.json",
        "misp/mispstix_test_event1_stix21.json",
    ] {
        let Some(text) = shared::data(file) else {
            return;
        };
        for raw in split(&text, &limits).objects {
            for warning in property::warnings(&check(raw, &limits).unwrap()) {
                let place: String = warning
                    .pointer
                    .split('/')
                    .filter(|part| part.parse::<u32>().is_err())
                    .collect::<Vec<_>>()
                    .join("/");
                *kinds.entry((place, warning.rule)).or_default() += 1;
            }
        }
    }
    // Empty lists, and versions modified before the object was created.
    assert!(
        kinds.keys().all(|(_, rule)| *rule == Rule::Value),
        "{kinds:#?}"
    );
    assert_eq!(kinds.values().sum::<usize>(), 670, "{kinds:#?}");
}
