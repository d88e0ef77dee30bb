//! Markings as other systems and our own write them.

use stix::marking::{AccessMarking, Audience, EXTENSION_ID, Marking, Pap, TlpName};
use stix::{Limits, check};

fn read(rest: &str) -> Marking {
    let text = format!(
        r#"{{"type":"marking-definition","id":"marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"{rest}}}"#
    );
    Marking::read(&check(text.as_bytes(), &Limits::default()).unwrap()).unwrap()
}

#[test]
fn markings_are_read() {
    let tlp = |name| Some(Marking::Tlp(name));
    let statement = |text: &str| Some(Marking::Statement(text.into()));
    let cases: &[(&str, Option<Marking>)] = &[
        (
            r#","definition_type":"tlp","definition":{"tlp":"red"}"#,
            tlp(TlpName::Red),
        ),
        (
            r#","definition_type":"TLP","definition":{"TLP":"TLP:AMBER"}"#,
            tlp(TlpName::Amber),
        ),
        (
            r#","definition_type":"statement","definition":{"statement":"TLP:AMBER+STRICT"}"#,
            tlp(TlpName::AmberStrict),
        ),
        (
            r#","definition_type":"statement","definition":{"statement":"TLP:CLEAR"}"#,
            statement("TLP:CLEAR"),
        ),
        (
            r#","definition_type":"statement","definition":{"statement":"© us"}"#,
            statement("© us"),
        ),
        (
            r#","definition_type":"tlp","definition":{"tlp":"purple"}"#,
            None,
        ),
        (
            r#","definition_type":"tlp","definition":{"tlp":"green","x":1}"#,
            None,
        ),
        (r#","definition_type":"tlp""#, None),
        (
            r#","definition_type":"iep","definition":{"name":"x"}"#,
            None,
        ),
        (r#","definition":{"tlp":"red"}"#, None),
        ("", None),
        (
            r#","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"tlp_2_0":"amber+strict"}}"#,
            tlp(TlpName::AmberStrict),
        ),
        (
            r#","extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"tlp_2_0":5}}"#,
            None,
        ),
        (
            r#","extensions":{"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce":{}}"#,
            None,
        ),
        (
            r#","definition_type":"statement","definition":{"statement":"x"},"extensions":{"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce":{}}"#,
            None,
        ),
        (
            r#","definition_type":"tlp","definition":{"tlp":"white"},"extensions":{"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":{"tlp_2_0":"red"}}"#,
            None,
        ),
    ];
    for (rest, expected) in cases {
        let found = read(rest);
        match expected {
            Some(expected) => assert_eq!(found, *expected, "{rest}"),
            None => assert!(matches!(found, Marking::Unknown(_)), "{rest}: {found:?}"),
        }
    }
}

#[test]
fn a_fixed_id_means_what_it_means() {
    for name in [
        TlpName::White,
        TlpName::Clear,
        TlpName::Green,
        TlpName::Amber,
        TlpName::AmberStrict,
        TlpName::Red,
    ] {
        let definition = name.definition();
        let object = check(definition.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(Marking::read(&object), Some(Marking::Tlp(name)));
        assert_eq!(TlpName::of(&object.header().id), Some(name));
        assert_eq!(TlpName::parse(name.as_str()), Some(name));
        let other_id = definition.replace(
            name.id(),
            "marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        );
        assert_eq!(
            Marking::read(&check(other_id.as_bytes(), &Limits::default()).unwrap()),
            Some(Marking::Tlp(name))
        );
    }
    let forged = r#"{"type":"marking-definition","id":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed","definition_type":"tlp","definition":{"tlp":"white"}}"#;
    assert_eq!(
        Marking::read(&check(forged.as_bytes(), &Limits::default()).unwrap()),
        Some(Marking::Tlp(TlpName::Red))
    );
}

#[test]
fn an_access_marking_is_written_and_read_again() {
    let id = "marking-definition--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f"
        .parse()
        .unwrap();
    let identity: stix::ObjectId = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
        .parse()
        .unwrap();
    let full = AccessMarking {
        audience: Some(vec![
            Audience::Identity(identity.clone()),
            Audience::Circle("k7.x_-Q".into()),
        ]),
        embargo: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        expiry: Some("2027-12-01T00:00:00.5Z".parse().unwrap()),
        exercise: Some(identity.clone()),
        originator_consent: true,
        pap: Some(Pap::Red),
        chatham_house: true,
    };
    let nobody = AccessMarking {
        audience: Some(Vec::new()),
        ..AccessMarking::default()
    };
    for marking in [full, nobody, AccessMarking::default()] {
        let text = marking.definition(
            &id,
            &"2026-11-21T00:00:00Z".parse().unwrap(),
            Some(&identity),
        );
        let object = check(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(
            Marking::read(&object),
            Some(Marking::Access(Box::new(marking)))
        );
    }
}

#[test]
fn an_access_marking_that_is_not_understood_is_unknown() {
    for fields in [
        r#"{"audience":"circle:x"}"#,
        r#"{"audience":["circle:"]}"#,
        r#"{"audience":["everybody"]}"#,
        r#"{"audience":[null]}"#,
        r#"{"embargo":"tomorrow"}"#,
        r#"{"originator_consent":"true"}"#,
        r#"{"pap":"blue"}"#,
        r#"{"extension_type":"new-sdo"}"#,
        r#"{"only_on_paper":true}"#,
        "[]",
        "null",
    ] {
        let found = read(&format!(r#","extensions":{{"{EXTENSION_ID}":{fields}}}"#));
        assert!(matches!(found, Marking::Unknown(_)), "{fields}: {found:?}");
    }
}
