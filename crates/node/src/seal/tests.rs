//! Every change to a sealed object, to its label or to the seal itself is found, and called what it is.

use policy::{Class, Clause, Label, Tlp};
use stix::Limits;

use super::*;
use crate::chance::SeededRandom;
use crate::keys::signing_key;

const AUTHOR: &str = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5";
const OTHER: &str = "identity--11111111-0c4b-4611-8297-d1b8b55e40b5";
const MARKING: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
const MADE: Micros = 1_795_000_000_000_000;

fn key(seed: u64) -> SigningKey {
    signing_key(&mut SeededRandom::new(seed))
}

fn id(text: &str) -> ObjectId {
    text.parse().unwrap()
}

fn label(tlp: Tlp) -> Label {
    Label::always(Class::of(Clause::own(tlp, id(AUTHOR))))
}

fn report(name: &str, end: &str) -> String {
    format!(
        r#"{{"type":"report","id":"report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3","created_by_ref":"{AUTHOR}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-02T00:00:00.10Z","name":"{name}","object_marking_refs":["{MARKING}"]{end}}}"#
    )
}

fn object(text: &str) -> Object<'_> {
    stix::check(text.as_bytes(), &Limits::default()).unwrap()
}

/// Records and extensions that carry a statement follow from it byte for byte.
fn assert_canonical(written: &str) {
    let form = stix::canonical(written.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(String::from_utf8(form).unwrap(), written);
}

fn beside(text: &str) -> Seal {
    Seal::beside(
        &object(text),
        &label(Tlp::Amber),
        &id(AUTHOR),
        &key(1),
        MADE,
    )
    .unwrap()
}

#[test]
fn a_seal_beside_verifies_and_travels() {
    let text = report("Talks", "");
    let seal = beside(&text);
    let public = key(1).verifying_key();
    assert_eq!(
        seal.check(&object(&text), &label(Tlp::Amber), &public),
        Ok(())
    );
    let record = seal.record().unwrap();
    assert_canonical(&record);
    let read = Seal::read(&object(&record)).unwrap();
    assert_eq!(read, seal);
    assert_eq!(read.record().unwrap(), record);
    assert_eq!(
        beside(&text).record().unwrap(),
        record,
        "the same bytes each time"
    );
    // Whoever may have the object may have its seal, and nobody else.
    assert_eq!(object(&record).header().object_marking_refs, [id(MARKING)]);
    expect_test::expect![[r#"
        entente-seal/v1
        object report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3
        version 2026-11-02T00:00:00.10Z
        sha256 eba56925ed83756b42ccbebceac31db3b384075b509969c33f5b2e04765d496f
        canonical 51bab891c4712e7dc70e8c926f54aae198bd1f4e7089095e60e4625be8ac548d
        label AMBER by=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5 author=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5 holder=identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5
        author identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5
        key seal:c0ff96f858cd321993e7d0620d0d671c
        made 2026-11-18T11:06:40.000000Z
        marking marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421
    "#]]
    .assert_eq(&seal.statement().unwrap());
}

#[test]
fn what_was_changed_is_said() {
    let text = report("Talks", "");
    let (seal, public) = (beside(&text), key(1).verifying_key());
    let amber = label(Tlp::Amber);
    let check = |text: &str| seal.check(&object(text), &amber, &public);
    assert_eq!(check(&report("Walks", "")), Err(SealError::ContentChanged));
    assert_eq!(check(&report("Talks", " ")), Err(SealError::Rewritten));
    assert_eq!(check(&report("T\\u0061lks", "")), Err(SealError::Rewritten));
    assert!(matches!(
        check(&text.replace("00.10Z", "00.1Z")),
        Err(SealError::OtherObject(_))
    ));
    assert!(matches!(
        check(&text.replace("84e4d88f", "84e4d880")),
        Err(SealError::OtherObject(_))
    ));
    assert!(matches!(
        check(&text.replace(AUTHOR, OTHER)),
        Err(SealError::OtherAuthor { .. })
    ));
    assert!(matches!(
        seal.check(&object(&text), &label(Tlp::Green), &public),
        Err(SealError::LabelChanged { .. })
    ));
    let mut embargoed = label(Tlp::Amber);
    embargoed.embargo = Some(Timestamp::from_micros(MADE));
    assert!(matches!(
        seal.check(&object(&text), &embargoed, &public),
        Err(SealError::LabelChanged { .. })
    ));
    assert!(matches!(
        seal.check(&object(&text), &amber, &key(2).verifying_key()),
        Err(SealError::OtherKey { .. })
    ));
    // The canonical form has only doubles: the bytes tell these neighbours apart.
    let large = report("Talks", r#","x":9007199254740993"#);
    let seal = beside(&large);
    let near = large.replace("9007199254740993", "9007199254740992");
    assert_eq!(
        seal.check(&object(&near), &amber, &public),
        Err(SealError::Rewritten)
    );
}

/// A relay that recomputes every hash still has no signature.
#[test]
fn a_forged_record_is_not_taken() {
    let text = report("Talks", "");
    let record = beside(&text).record().unwrap();
    let public = key(1).verifying_key();
    let forged = Seal::beside(
        &object(&report("Walks", "")),
        &label(Tlp::Amber),
        &id(AUTHOR),
        &key(2),
        MADE,
    )
    .unwrap();
    let claim = Claim {
        key: KeyId::seal(&public),
        ..forged.claim.clone()
    };
    let forged = Seal { claim, ..forged };
    assert_eq!(
        forged.check_content(&object(&report("Walks", "")), &public),
        Err(SealError::Forged)
    );

    // Any bit of the record, however it is flipped.
    let mut taken = Vec::new();
    for at in 0..record.len() {
        for bit in 0..7 {
            let mut changed = record.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let Ok(changed) = stix::check(&changed, &Limits::default()) else {
                continue;
            };
            let Ok(read) = Seal::read(&changed) else {
                continue;
            };
            if read
                .check(&object(&text), &label(Tlp::Amber), &public)
                .is_ok()
            {
                taken.push((at, bit));
            }
        }
    }
    assert_eq!(taken, []);
}

fn inside(text: &str) -> String {
    inside::seal(
        &object(text),
        &label(Tlp::Amber),
        &id(AUTHOR),
        &key(1),
        MADE,
    )
    .unwrap()
}

#[test]
fn a_seal_inside_leaves_the_rest_alone() {
    let public = key(1).verifying_key();
    let cases = [
        report("Talks", ""),
        report("Talks", r#","extensions":{}"#),
        report("Talks", r#" , "extensions" : { "x-ext" : {"a" : 1.0} } , "z":1e2"#),
        "  {\"id\":\"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd\",\"type\":\"ipv4-addr\",\"value\":\"198.51.100.3\"} ".into(),
    ];
    for text in cases {
        let sealed = inside(&text);
        let seal = inside::read(&object(&sealed)).unwrap().unwrap();
        assert_canonical(
            object(&sealed)
                .view()
                .member("extensions")
                .and_then(|all| all.member(SEAL_EXTENSION_ID))
                .unwrap()
                .raw(),
        );
        assert_eq!(
            seal.check(&object(&sealed), &label(Tlp::Amber), &public),
            Ok(())
        );
        assert_eq!(inside::read(&object(&text)), Ok(None));
        // It is sealed once, and is not a seal that could lie beside.
        assert!(
            inside::seal(
                &object(&sealed),
                &label(Tlp::Amber),
                &id(AUTHOR),
                &key(1),
                MADE
            )
            .is_err()
        );
        assert!(seal.record().is_err());
        for part in [
            "\"x-ext\" : {\"a\" : 1.0}",
            "\"z\":1e2",
            "\"name\":\"Talks\"",
            "198.51.100.3",
        ] {
            assert_eq!(sealed.contains(part), text.contains(part));
        }
    }
}

#[test]
fn no_bit_of_an_object_sealed_inside_can_be_changed() {
    let sealed = inside(&report("Talks", r#","extensions":{"x-ext":{"a":1}}"#));
    let public = key(1).verifying_key();
    let mut taken = Vec::new();
    for at in 0..sealed.len() {
        for bit in 0..7 {
            let mut changed = sealed.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let Ok(changed) = stix::check(&changed, &Limits::default()) else {
                continue;
            };
            let Ok(Some(seal)) = inside::read(&changed) else {
                continue;
            };
            if seal.check(&changed, &label(Tlp::Amber), &public).is_ok() {
                taken.push((at, bit));
            }
        }
    }
    assert_eq!(taken, []);
    let edited = sealed.replace("Talks", "Walks");
    let seal = inside::read(&object(&edited)).unwrap().unwrap();
    assert_eq!(
        seal.check_content(&object(&edited), &public),
        Err(SealError::ContentChanged)
    );
    let spaced = sealed.replace("\"name\":", "\"name\": ");
    let seal = inside::read(&object(&spaced)).unwrap().unwrap();
    assert_eq!(
        seal.check_content(&object(&spaced), &public),
        Err(SealError::Rewritten)
    );
}

/// The search above finds a check that forgets the bytes, or forgets the signature.
#[test]
fn planted_checks_are_caught() {
    let text = report("Talks", r#","x":9007199254740993"#);
    let (seal, public) = (beside(&text), key(1).verifying_key());
    let canonical_only = |seal: &Seal, object: &Object<'_>| {
        canonical_digest(object.raw()) == Ok(seal.claim.canonical_sha256.clone())
    };
    let near = text.replace("9007199254740993", "9007199254740992");
    assert!(
        canonical_only(&seal, &object(&near)),
        "the plant takes another number"
    );
    assert!(seal.check_content(&object(&near), &public).is_err());

    let hashes_only =
        |seal: &Seal, object: &Object<'_>| digest(object.raw().as_bytes()) == seal.claim.sha256;
    let walks = report("Walks", "");
    let forged = Seal {
        signature: [0; 64],
        ..beside(&walks)
    };
    assert!(
        hashes_only(&forged, &object(&walks)),
        "the plant takes a seal without signature"
    );
    assert_eq!(
        forged.check_content(&object(&walks), &public),
        Err(SealError::Forged)
    );
}

#[test]
fn nobody_seals_what_names_another_author() {
    let text = report("Talks", "");
    let result = Seal::beside(
        &object(&text),
        &label(Tlp::Amber),
        &id(OTHER),
        &key(1),
        MADE,
    );
    assert!(matches!(result, Err(SealError::OtherAuthor { .. })));
}

#[test]
fn labels_have_one_text() {
    let mut label = label(Tlp::Amber);
    assert_eq!(read_label(&label_text(&label)), Some(label.clone()));
    label.embargo = Some("2026-12-01T00:00:00.000Z".parse().unwrap());
    label.expiry = Some("2027-12-01T00:00:00.500Z".parse().unwrap());
    let text = label_text(&label);
    assert!(text.ends_with(" | embargo=2026-12-01T00:00:00Z | expiry=2027-12-01T00:00:00.5Z"));
    assert_eq!(read_label(&text), Some(label));
    for bad in [
        "",
        "AMBER",
        &text.replace(".5Z", ".50Z"),
        &text.replace("expiry", "until"),
        &format!("{text} "),
    ] {
        assert_eq!(read_label(bad), None, "{bad}");
    }
}

#[test]
fn handling_is_bound_to_one_copy() {
    let text = report("Talks", "");
    let given = label(Tlp::AmberStrict);
    let handling = Handling::make(
        &object(&text),
        &given,
        &id(OTHER),
        vec![id(MARKING)],
        &key(3),
        MADE,
    )
    .unwrap();
    let record = handling.record().unwrap();
    assert_canonical(&record);
    let read = Handling::read(&object(&record)).unwrap();
    let public = key(3).verifying_key();
    assert_eq!(read.label(&object(&text), &public), Ok(given));
    assert_eq!(
        read.label(&object(&report("Talks", " ")), &public),
        Err(SealError::ContentChanged)
    );
    assert!(matches!(
        read.label(&object(&text), &key(1).verifying_key()),
        Err(SealError::OtherKey { .. })
    ));
    for (from, to) in [
        ("AMBER+STRICT", "AMBER"),
        (OTHER, AUTHOR),
        (
            MARKING,
            "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
        ),
    ] {
        let changed = record.replace(from, to);
        assert!(
            Handling::read(&object(&changed))
                .and_then(|read| read.label(&object(&text), &public))
                .is_err()
        );
    }
    // A seal is no handling, whatever the record says.
    let seal = beside(&text)
        .record()
        .unwrap()
        .replace("\"seal\"", "\"handling\"")
        .replace("seal--", "handling--");
    assert!(Handling::read(&object(&seal)).is_err());
}

#[test]
fn withdrawals_name_versions_and_nothing_else() {
    let items = vec![
        Withdrawn {
            object: id("report--84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3"),
            version: Some("2026-11-02T00:00:00.10Z".parse().unwrap()),
        },
        Withdrawn {
            object: id("ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"),
            version: None,
        },
    ];
    let withdrawal = Withdrawal::make(&id(AUTHOR), items.clone(), vec![], &key(1), MADE).unwrap();
    let record = withdrawal.record().unwrap();
    assert_canonical(&record);
    let read = Withdrawal::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap().items, items);
    assert!(matches!(
        read.check(&key(2).verifying_key()),
        Err(SealError::OtherKey { .. })
    ));
    let changed = record.replace("00.10Z", "00.11Z");
    assert!(
        Withdrawal::read(&object(&changed))
            .and_then(|read| read.verify(&key(1).verifying_key()))
            .is_err()
    );
    let more = record.replace(
        "\"withdrawn\":",
        "\"reason\":\"embarrassing\",\"withdrawn\":",
    );
    assert_eq!(
        Withdrawal::read(&object(&more)),
        Err(SealError::Malformed("withdrawal"))
    );
    assert!(Withdrawal::make(&id(AUTHOR), vec![], vec![], &key(1), MADE).is_err());
    let many = vec![items[0].clone(); Withdrawal::MOST];
    let largest = Withdrawal::make(&id(AUTHOR), many.clone(), vec![], &key(1), MADE).unwrap();
    assert!(Withdrawal::read(&object(&largest.record().unwrap())).is_ok());
    assert!(Withdrawal::make(&id(AUTHOR), [many, items].concat(), vec![], &key(1), MADE).is_err());
}

#[test]
fn a_roster_is_its_own_canonical_form_whatever_its_name() {
    let circle = CircleName::of(&id(AUTHOR), "n-1").unwrap();
    let members = vec![(policy::Member::Participant(id(OTHER)), 3)];
    let name = "Cercle « été » \"x\" \\ / \u{2028} \u{10ffff}";
    let roster = Roster::make(&id(AUTHOR), &circle, name, 3, members, &key(1), MADE).unwrap();
    let record = roster.record().unwrap();
    assert_canonical(&record);
    assert_eq!(Roster::read(&object(&record)).unwrap().name(), name);
}

#[test]
fn values_with_line_ends_cannot_stand_in_a_statement() {
    for value in ["", "a\nlabel CLEAR", "a\r", "a\u{85}b", "\0"] {
        assert!(
            Statement::new("x").line("label", value).is_err(),
            "{value:?}"
        );
    }
}
