//! The examples in `docs/records/` are what the code makes, to the byte, and what it reads back and verifies.
//! After a deliberate change: `UPDATE_EXPECT=1 cargo test -p node --test records`.

use ed25519_dalek::SigningKey;
use expect_test::expect_file;
use node::keeping::deliveries::Settled;
use node::keeping::erasure::{Cause, Erased, Erasure};
use node::keeping::restoration::{Restoration, Restored};
use node::keeping::trail_mark::{Marked, TrailMark};
use node::keys::{KeyId, Revocation, Revoked, Rotation, Use, Why};
use node::seal::{CircleName, Handling, Roster, Seal, Withdrawal, Withdrawn, inside, read_label};
use policy::{Caveats, Class, Clause, Label, Member, Tlp};
use stix::marking::{AccessMarking, Audience};
use stix::{Limits, Object, ObjectId, Timestamp};

const MADE: i64 = 1_767_261_600_000_000;
const NOTE: &str = r#"{"type":"note","spec_version":"2.1","id":"note--6b2f0b5e-1c39-4a43-9d57-52b1a4c1b0aa","created_by_ref":"identity--0b7a8c52-5f0e-4c6a-9a55-0d1f7f1f6c01","created":"2026-01-01T09:00:00.000Z","modified":"2026-01-01T09:00:00.000Z","content":"The next session with Kestria is planned for March.","object_refs":["identity--0b7a8c52-5f0e-4c6a-9a55-0d1f7f1f6c01"]}"#;

fn valmora() -> ObjectId {
    "identity--0b7a8c52-5f0e-4c6a-9a55-0d1f7f1f6c01"
        .parse()
        .unwrap()
}

fn kestria() -> ObjectId {
    "identity--7d3f2a10-94b1-4f7e-8a0d-5b8c9e2d4f02"
        .parse()
        .unwrap()
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

fn object(text: &str) -> Object<'_> {
    stix::check(text.as_bytes(), &Limits::default()).unwrap()
}

fn label() -> Label {
    let mut clause = Clause::own(Tlp::Amber, valmora());
    clause.audience.insert(Member::Participant(kestria()));
    clause.caveats = Caveats {
        originator_consent: true,
        ..Caveats::NONE
    };
    Label {
        embargo: None,
        expiry: Some("2027-01-01T00:00:00.000Z".parse().unwrap()),
        class: Class::of(clause),
    }
}

/// One member a line, so that a person can read the example; the bytes on the wire have no blanks.
fn pretty(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
}

#[test]
fn seals() {
    let note = object(NOTE);
    let beside = Seal::beside(&note, &label(), &valmora(), &key(1), MADE).unwrap();
    let record = beside.record().unwrap();
    expect_file!["../../../docs/records/examples/seal.json"].assert_eq(&pretty(&record));
    let read = Seal::read(&object(&record)).unwrap();
    read.check(&note, &label(), &key(1).verifying_key())
        .unwrap();
    assert_eq!(read_label(&read.claim().label), Some(label()));

    let sealed = inside::seal(&note, &label(), &valmora(), &key(1), MADE).unwrap();
    expect_file!["../../../docs/records/examples/sealed-inside.json"].assert_eq(&pretty(&sealed));
    let read = inside::read(&object(&sealed)).unwrap().unwrap();
    read.check(&object(&sealed), &label(), &key(1).verifying_key())
        .unwrap();
}

#[test]
fn handlings_and_withdrawals() {
    let note = object(NOTE);
    let handling = Handling::make(&note, &label(), &kestria(), vec![], &key(2), MADE).unwrap();
    let record = handling.record().unwrap();
    expect_file!["../../../docs/records/examples/handling.json"].assert_eq(&pretty(&record));
    let read = Handling::read(&object(&record)).unwrap();
    assert_eq!(read.label(&note, &key(2).verifying_key()).unwrap(), label());

    let item = Withdrawn {
        object: note.header().id.clone(),
        version: note.header().modified.clone(),
    };
    let withdrawal =
        Withdrawal::make(&valmora(), vec![item.clone()], vec![], &key(1), MADE).unwrap();
    let record = withdrawal.record().unwrap();
    expect_file!["../../../docs/records/examples/withdrawal.json"].assert_eq(&pretty(&record));
    let read = Withdrawal::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap().items, [item]);
}

#[test]
fn keys_change_hands() {
    let rotation = Rotation::of_signing_key(&valmora(), Use::Seal, &key(1), &key(3), MADE).unwrap();
    let record = rotation.record().unwrap();
    expect_file!["../../../docs/records/examples/key-rotation.json"].assert_eq(&pretty(&record));
    Rotation::read(&object(&record))
        .unwrap()
        .check(&key(1).verifying_key())
        .unwrap();

    let stolen = KeyId::seal(&key(1).verifying_key());
    let says = Revoked::new(stolen, Why::Stolen, MADE);
    let revocation = Revocation::sign(says.clone(), &valmora(), &key(3), MADE).unwrap();
    let record = revocation.record().unwrap();
    expect_file!["../../../docs/records/examples/key-revocation.json"].assert_eq(&pretty(&record));
    let read = Revocation::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(3).verifying_key()).unwrap(), &says);
}

#[test]
fn rosters() {
    let members = vec![
        (Member::Participant(valmora()), 1),
        (Member::Participant(kestria()), 3),
    ];
    let circle = CircleName::of(&valmora(), "5f0c6a3e-8d1b-4b3a-9a77-2f4f0e1c9d10").unwrap();
    let roster = Roster::make(
        &valmora(),
        &circle,
        "Northern dialogue",
        3,
        members.clone(),
        &key(1),
        MADE,
    )
    .unwrap();
    let record = roster.record().unwrap();
    expect_file!["../../../docs/records/examples/roster.json"].assert_eq(&pretty(&record));
    let read = Roster::read(&object(&record)).unwrap();
    read.verify(&key(1).verifying_key()).unwrap();
    assert_eq!((read.members(), read.epoch()), (&members[..], 3));
    // Another that knows the id, and even what it is made from, makes no roster for it.
    let others = Roster::make(&kestria(), &circle, "x", 4, members, &key(1), MADE).unwrap();
    assert!(others.verify(&key(1).verifying_key()).is_err());
}

#[test]
fn erasures_and_restorations() {
    let note = object(NOTE);
    let says = Erased {
        object: note.header().id.clone(),
        version: note.header().modified.clone(),
        leaf: 41,
        leaf_digest: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned(),
        cause: Cause::Erased,
        reason: "a person asked for their data to be removed".to_owned(),
        asked_by: "Ana".to_owned(),
        agreed_by: Some("Luis".to_owned()),
    };
    let erasure = Erasure::sign(says.clone(), &valmora(), &key(1), MADE).unwrap();
    let record = erasure.record().unwrap();
    expect_file!["../../../docs/records/examples/erasure.json"].assert_eq(&pretty(&record));
    let read = Erasure::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap(), &says);

    let log = "entente/0b7a8c52-5f0e-4c6a-9a55-0d1f7f1f6c01";
    let says = Restored {
        old: tlog::Origin::new(log).unwrap(),
        new: tlog::Origin::new(&format!("{log}/2")).unwrap(),
        size: 42,
        root: tlog::Hash::leaf(b"the root of the tree at that size"),
    };
    let restoration = Restoration::sign(says.clone(), &valmora(), &key(1), MADE).unwrap();
    let record = restoration.record().unwrap();
    expect_file!["../../../docs/records/examples/restoration.json"].assert_eq(&pretty(&record));
    let read = Restoration::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap(), &says);
}

#[test]
fn trail_marks() {
    let says = Marked {
        line: 1_204,
        hash: "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef".to_owned(),
        ..Marked::default()
    };
    // As it was when marks spoke of the trail alone: what was signed then is the same still.
    let mark = TrailMark::sign(says.clone(), &valmora(), &key(1), MADE).unwrap();
    let record = mark.record().unwrap();
    assert!(record.contains("trail-mark--6880e0bb-9269-5cc2-a27c-441a848855f3"));
    let read = TrailMark::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap(), &says);

    let says = Marked {
        ledger: Some(Settled {
            line: 310,
            hash: "0d3a6be7ae1a3b4cf17cbb7a40f9b6d11bb5c1a3e0fd0f9c8d1b9b0c4b9d2c11".to_owned(),
        }),
        cosigned: vec![(kestria(), 41)],
        ..says
    };
    let mark = TrailMark::sign(says.clone(), &valmora(), &key(1), MADE).unwrap();
    let record = mark.record().unwrap();
    expect_file!["../../../docs/records/examples/trail-mark.json"].assert_eq(&pretty(&record));
    let read = TrailMark::read(&object(&record)).unwrap();
    assert_eq!(read.check(&key(1).verifying_key()).unwrap(), &says);
}

/// Each example has the members that its schema names, requires nothing that it lacks, and holds where the schema gives a pattern or value.
#[test]
fn schemas_describe_their_examples() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/records");
    for name in [
        "seal",
        "handling",
        "withdrawal",
        "roster",
        "key-rotation",
        "key-revocation",
        "erasure",
        "restoration",
        "trail-mark",
    ] {
        let read = |kind: &str| -> serde_json::Value {
            let path = docs.join(kind).join(format!("{name}.json"));
            let text = std::fs::read(&path).unwrap_or_else(|_| panic!("{}", path.display()));
            serde_json::from_slice(&text).unwrap()
        };
        let (example, schema) = (read("examples"), read("schemas"));
        assert_eq!(schema["$id"], format!("urn:entente:record:{name}:1"));
        fits(&example, &schema, name);
    }
}

/// The part of JSON Schema that our schemas use.
fn fits(value: &serde_json::Value, schema: &serde_json::Value, at: &str) {
    if let Some(expected) = schema.get("const") {
        assert_eq!(value, expected, "{at}");
    }
    if let Some(allowed) = schema.get("enum") {
        assert!(allowed.as_array().unwrap().contains(value), "{at}: {value}");
    }
    if let Some(properties) = schema.get("properties").and_then(|all| all.as_object()) {
        let object = value.as_object().unwrap_or_else(|| panic!("{at}: {value}"));
        for required in schema["required"].as_array().into_iter().flatten() {
            assert!(
                object.contains_key(required.as_str().unwrap()),
                "{at}: {required}"
            );
        }
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => fits(value, schema, &format!("{at}/{name}")),
                None => assert_ne!(schema["additionalProperties"], false, "{at}/{name}"),
            }
        }
    }
    if let Some(items) = schema.get("items") {
        for (index, item) in value.as_array().unwrap().iter().enumerate() {
            fits(item, items, &format!("{at}/{index}"));
        }
    }
    if schema["type"] == "string" {
        assert!(value.is_string(), "{at}: {value}");
    }
}

#[test]
fn access_markings() {
    let marking = AccessMarking {
        audience: Some(vec![
            Audience::Identity(kestria()),
            Audience::Circle("k3f9".into()),
        ]),
        expiry: Some("2027-01-01T00:00:00.000Z".parse().unwrap()),
        originator_consent: true,
        ..AccessMarking::default()
    };
    let id = "marking-definition--2c1d9b60-8c1a-4a34-9f4e-3d5a6f7b8c03"
        .parse()
        .unwrap();
    let text = marking.definition(&id, &Timestamp::from_micros(MADE), Some(&valmora()));
    expect_file!["../../../docs/records/examples/access-marking.json"].assert_eq(&pretty(&text));
    let read = stix::marking::Marking::read(&object(&text));
    assert_eq!(
        read,
        Some(stix::marking::Marking::Access(Box::new(marking)))
    );
}
