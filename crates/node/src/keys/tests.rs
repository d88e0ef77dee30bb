//! Keys on disk, what becomes of them, and how they are made known.

mod changed;
mod kept;
mod made_known;

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use ed25519_dalek::VerifyingKey;
use stix::{Limits, Object, ObjectId};

use super::*;
use crate::chance::SeededRandom;
use crate::clock::Micros;
use crate::seal::SealError;

const MADE: Micros = 1_795_000_000_000_000;

fn keys(seed: u64) -> Keys {
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    Keys::generate(&mut SeededRandom::new(seed), &hosts).unwrap()
}

fn object(text: &str) -> Object<'_> {
    stix::check(text.as_bytes(), &Limits::default()).unwrap()
}

fn participant() -> ObjectId {
    "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
        .parse()
        .unwrap()
}

fn identity() -> String {
    format!(
        r#"{{"type":"identity", "spec_version":"2.1","id":"{}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","name":"Ministère \"A\"","identity_class":"organization"}}"#,
        participant()
    )
}

#[test]
fn the_same_chance_gives_the_same_keys_and_they_show_nothing() {
    let (one, same, other) = (keys(1), keys(1), keys(2));
    assert_eq!(
        (one.public().seal, one.public().log),
        (same.public().seal, same.public().log)
    );
    assert_eq!(one.public().bundle, same.public().bundle);
    assert_ne!(one.public().seal, other.public().seal);
    assert_ne!(one.public().seal, one.public().log);
    let shown = format!("{one:?}");
    assert!(!shown.contains(&hex::encode(one.seal.as_bytes())) && !shown.contains("SECRET"));
}

#[test]
fn the_pin_is_that_of_the_certificate() {
    let keys = keys(1);
    let text: String = keys
        .tls
        .certificate()
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let certificate = BASE64_STANDARD.decode(text).unwrap();
    let public = {
        use rcgen::PublicKeyData as _;
        let pem = keys.tls.pem();
        let pair =
            rcgen::KeyPair::from_pem(pem.split("-----BEGIN CERTIFICATE").next().unwrap()).unwrap();
        pair.subject_public_key_info()
    };
    assert!(
        certificate.windows(public.len()).any(|part| part == public),
        "the certificate holds this key"
    );
    assert_eq!(Pin::of(&public), keys.tls.pin());
    let pin = keys.tls.pin();
    assert_eq!(pin.to_string().parse(), Ok(pin));
    for bad in [
        "",
        "sha256//",
        "sha256/AAAA",
        &pin.to_string()[1..],
        &format!("{pin} "),
    ] {
        assert!(bad.parse::<Pin>().is_err(), "{bad}");
    }
    let certificate = keys.tls.certificate().to_owned();
    let moved = keys.tls.for_hosts(&["node.example".to_owned()]).unwrap();
    assert_eq!(moved.pin(), pin);
    assert_ne!(moved.certificate(), certificate);
}

#[test]
fn key_identifiers() {
    let public = keys(1).public();
    for key in Use::ALL {
        let id = public.id(key);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert!(id.as_str().starts_with(key.name()));
    }
    assert_ne!(
        KeyId::of(Use::Seal, b"x").as_str()[5..],
        KeyId::of(Use::Log, b"x").as_str()[4..]
    );
    for bad in [
        "",
        "seal:",
        "seal:0123456789ABCDEF0123456789abcdef",
        "seal:0123",
        "ssh:0123456789abcdef0123456789abcdef",
    ] {
        assert_eq!(bad.parse::<KeyId>(), Err(NotAKeyId), "{bad}");
    }
}

#[test]
fn a_recovery_key_is_typed_back() {
    let recovery = Recovery::generate(&mut SeededRandom::new(5));
    let kept = recovery.words_to_keep();
    assert!(kept.starts_with("AGE-SECRET-KEY-1") && kept.len() == 74);
    let typed = Recovery::read(&format!("  {}\n", kept.to_lowercase())).unwrap();
    assert_eq!(typed.recipient(), recovery.recipient());
    let sealed = age::encrypt(&recovery.recipient(), b"backup").unwrap();
    assert_eq!(age::decrypt(typed.identity(), &sealed).unwrap(), b"backup");
    let mut wrong = kept.to_string();
    wrong.replace_range(40..41, if &kept[40..41] == "Q" { "P" } else { "Q" });
    assert!(Recovery::read(&wrong).is_none());
}
