//! Keys on disk, what becomes of them, and how they are made known.

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
fn keys_come_back_from_their_folder() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("keys");
    let mut keys = keys(1);
    store(&folder, &keys).unwrap();
    let read = load(&folder).unwrap();
    assert_eq!(read.public(), keys.public());
    assert_eq!(read.seal, keys.seal);
    assert_eq!(read.tls.certificate(), keys.tls.certificate());
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o7777,
            0o600
        );
        assert!(
            Use::parse(entry.file_name().to_str().unwrap()).is_some(),
            "nothing else is left"
        );
    }
    assert!(matches!(
        store(&folder, &keys),
        Err(KeyFolderError::Exists(_))
    ));

    // A retired bundle key still opens what was encrypted to it.
    let old = keys.public();
    let sealed = age::encrypt(&old.bundle, b"on its way").unwrap();
    keys.bundle.rotate(&mut SeededRandom::new(2));
    replace(&folder, Use::Bundle, &keys).unwrap();
    let mut read = load(&folder).unwrap();
    assert_ne!(read.public().bundle, old.bundle);
    let open = |keys: &BundleKeys| {
        let opener = age::Decryptor::new(&sealed[..]).unwrap();
        let identities = keys
            .identities()
            .map(|identity| identity as &dyn age::Identity);
        let mut text = String::new();
        opener
            .decrypt(identities)
            .ok()?
            .read_to_string(&mut text)
            .ok()?;
        Some(text)
    };
    assert_eq!(open(&read.bundle).as_deref(), Some("on its way"));
    read.bundle.forget_retired();
    assert_eq!(open(&read.bundle), None);
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
fn unsafe_files_and_folders_are_refused() {
    type Harm = fn(&std::path::Path);
    type Expected = fn(&KeyFolderError) -> bool;
    let cases: [(&str, Harm, Expected); 11] = [
        (
            "group may read a key",
            |f| fs::set_permissions(f.join("seal"), fs::Permissions::from_mode(0o640)).unwrap(),
            |e| matches!(e, KeyFolderError::Mode { mode: 0o640, .. }),
        ),
        (
            "others may read a key",
            |f| fs::set_permissions(f.join("tls"), fs::Permissions::from_mode(0o604)).unwrap(),
            |e| matches!(e, KeyFolderError::Mode { .. }),
        ),
        (
            "others may enter",
            |f| fs::set_permissions(f, fs::Permissions::from_mode(0o701)).unwrap(),
            |e| matches!(e, KeyFolderError::Mode { .. }),
        ),
        (
            "a link",
            |f| {
                fs::rename(f.join("log"), f.join("x")).unwrap();
                symlink("x", f.join("log")).unwrap();
            },
            |e| matches!(e, KeyFolderError::NotPlain(_)),
        ),
        (
            "a second name",
            |f| fs::hard_link(f.join("log"), f.join("x")).unwrap(),
            |e| matches!(e, KeyFolderError::NotPlain(_)),
        ),
        (
            "a folder",
            |f| {
                fs::remove_file(f.join("log")).unwrap();
                fs::create_dir(f.join("log")).unwrap();
            },
            |e| matches!(e, KeyFolderError::NotPlain(_)),
        ),
        (
            "missing",
            |f| fs::remove_file(f.join("bundle")).unwrap(),
            |e| matches!(e, KeyFolderError::Missing(_)),
        ),
        (
            "cut",
            |f| {
                let text = fs::read(f.join("seal")).unwrap();
                fs::write(f.join("seal"), &text[..40]).unwrap();
            },
            |e| matches!(e, KeyFolderError::Malformed { .. }),
        ),
        (
            "another key's",
            |f| {
                fs::copy(f.join("log"), f.join("seal")).unwrap();
            },
            |e| matches!(e, KeyFolderError::Malformed { .. }),
        ),
        (
            "no text",
            |f| fs::write(f.join("bundle"), b"AGE-SECRET-KEY-1QQQQ").unwrap(),
            |e| matches!(e, KeyFolderError::Malformed { .. }),
        ),
        (
            "huge",
            |f| fs::write(f.join("tls"), vec![b'x'; 70_000]).unwrap(),
            |e| matches!(e, KeyFolderError::Malformed { .. }),
        ),
    ];
    let keys = keys(1);
    for (name, harm, expected) in cases {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("keys");
        store(&folder, &keys).unwrap();
        harm(&folder);
        let error = load(&folder).unwrap_err();
        assert!(expected(&error), "{name}: {error:?}");
        let secret = hex::encode(keys.seal.as_bytes());
        assert!(
            !format!("{error} {error:?}").contains(&secret[..16]),
            "{name}"
        );
    }
    // A folder that is a link.
    let place = tempfile::tempdir().unwrap();
    store(&place.path().join("real"), &keys).unwrap();
    symlink("real", place.path().join("keys")).unwrap();
    assert!(matches!(
        load(&place.path().join("keys")),
        Err(KeyFolderError::NotPlain(_))
    ));
    assert!(matches!(
        replace(&place.path().join("keys"), Use::Seal, &keys),
        Err(KeyFolderError::NotPlain(_))
    ));
}

#[test]
fn a_file_left_by_a_power_cut_is_no_key() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("keys");
    let (old, new) = (keys(1), keys(2));
    store(&folder, &old).unwrap();
    fs::File::create(folder.join(".seal.new"))
        .unwrap()
        .write_all(b"half")
        .unwrap();
    assert_eq!(load(&folder).unwrap().public(), old.public());
    replace(&folder, Use::Seal, &new).unwrap();
    let read = load(&folder).unwrap();
    assert_eq!(
        (read.public().seal, read.public().log),
        (new.public().seal, old.public().log)
    );
    assert!(!folder.join(".seal.new").exists());
    // Neither does a planted link lead the new key elsewhere.
    symlink(place.path().join("elsewhere"), folder.join(".log.new")).unwrap();
    replace(&folder, Use::Log, &new).unwrap();
    assert!(!place.path().join("elsewhere").exists());
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

fn forged<T>(record: &str, read: impl Fn(&Object<'_>) -> Result<T, SealError>) -> Vec<String> {
    let mut taken = Vec::new();
    for at in 0..record.len() {
        let mut changed = record.to_owned().into_bytes();
        changed[at] ^= 1;
        if let Ok(changed) = stix::check(&changed, &Limits::default())
            && read(&changed).is_ok()
        {
            taken.push(changed.raw().to_owned());
        }
    }
    taken
}

#[test]
fn a_signing_key_is_followed_by_the_one_it_names() {
    let (old, new) = (keys(1), keys(2));
    for (key, old, new) in [
        (Use::Seal, &old.seal, &new.seal),
        (Use::Log, &old.log, &new.log),
    ] {
        let rotation = Rotation::of_signing_key(&participant(), key, old, new, MADE).unwrap();
        let record = rotation.record().unwrap();
        let read = Rotation::read(&object(&record)).unwrap();
        let public: VerifyingKey = old.verifying_key();
        assert_eq!(
            read.check(&public),
            Ok(&*hex::encode(new.verifying_key().as_bytes()))
        );
        assert!(matches!(
            read.check(&new.verifying_key()),
            Err(SealError::OtherKey { .. })
        ));
        assert_eq!(
            forged(&record, |object| Rotation::read(object)?
                .check(&public)
                .map(str::to_owned)),
            [""; 0]
        );
        // Nobody can take somebody else's key for its own.
        let stolen =
            Rotation::of_signing_key(&participant(), key, old, &keys(3).seal, MADE).unwrap();
        let swapped = record.replace(
            &hex::encode(new.verifying_key().as_bytes()),
            &hex::encode(keys(3).seal.verifying_key().as_bytes()),
        );
        assert_ne!(stolen.record().unwrap(), swapped);
        assert!(Rotation::read(&object(&swapped)).is_err());
    }
    assert!(
        Rotation::of_signing_key(&participant(), Use::Tls, &old.seal, &new.seal, MADE).is_err()
    );
}

#[test]
fn other_keys_are_followed_by_word_of_the_seal_key() {
    let (old, new) = (keys(1), keys(2));
    let public = old.seal.verifying_key();
    for key in [Use::Bundle, Use::Tls] {
        let text = new.public().text(key);
        let rotation = Rotation::of_other_key(
            &participant(),
            key,
            old.public().id(key),
            &text,
            &old.seal,
            MADE,
        )
        .unwrap();
        let record = rotation.record().unwrap();
        let read = Rotation::read(&object(&record)).unwrap();
        assert_eq!(
            (read.check(&public), read.old()),
            (Ok(&*text), &old.public().id(key))
        );
        assert_eq!(
            forged(&record, |object| Rotation::read(object)?
                .check(&public)
                .map(str::to_owned)),
            [""; 0]
        );
        assert!(matches!(
            read.check(&new.seal.verifying_key()),
            Err(SealError::OtherKey { .. })
        ));
    }
    assert!(
        Rotation::of_other_key(
            &participant(),
            Use::Tls,
            old.public().id(Use::Tls),
            "sha256//x",
            &old.seal,
            MADE
        )
        .is_err()
    );
    let seal = new.public().text(Use::Seal);
    assert!(
        Rotation::of_other_key(
            &participant(),
            Use::Seal,
            old.public().id(Use::Seal),
            &seal,
            &old.seal,
            MADE
        )
        .is_err()
    );
}

#[test]
fn a_key_is_revoked_by_the_seal_key() {
    let keys = keys(1);
    let (id, public) = (keys.public().id(Use::Log), keys.seal.verifying_key());
    let revocation = Revocation::make(
        &participant(),
        id.clone(),
        Why::Stolen,
        MADE - 1,
        &keys.seal,
        MADE,
    )
    .unwrap();
    let record = revocation.record().unwrap();
    let read = Revocation::read(&object(&record)).unwrap();
    let (revoked, why, since) = read.check(&public).unwrap();
    assert_eq!((revoked, why, since.micros()), (&id, Why::Stolen, MADE - 1));
    let check = |object: &Object<'_>| Revocation::read(object)?.check(&public).map(|_| ());
    assert_eq!(forged(&record, check), [""; 0]);
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

fn introduction(seed: u64) -> Introduction {
    let log = tlog::Origin::new("node.example/log").unwrap();
    let addresses = vec!["https://node.example:7117/".to_owned()];
    introduction_after(seed, &[], addresses, &log)
}

fn introduction_after(
    seed: u64,
    former: &[ed25519_dalek::VerifyingKey],
    addresses: Vec<String>,
    log: &tlog::Origin,
) -> Introduction {
    Introduction::make(
        &object(&identity()),
        &keys(seed),
        log,
        addresses,
        former,
        MADE,
    )
    .unwrap()
}

#[test]
fn an_introduction_vouches_for_the_keys_that_went_before() {
    let log = tlog::Origin::new("node.example/log").unwrap();
    let former: Vec<_> = (10..30).map(|seed| keys(seed).public().seal).collect();
    let made = introduction_after(1, &former, Vec::new(), &log);
    assert_eq!(made.former(), &former[4..], "the last ones");
    let file = made.file();
    let read = Introduction::read(file.as_bytes()).unwrap();
    assert_eq!((read.former(), read.file()), (made.former(), file.clone()));
    assert_ne!(Words::of(&made), Words::of(&introduction(1)));
    // None can be taken away, added or exchanged on the way.
    let digits = hex::encode(former[9].as_bytes());
    let other = hex::encode(keys(40).public().seal.as_bytes());
    for changed in [
        file.replace(&format!("\"{digits}\","), ""),
        file.replace(&digits, &other),
        introduction(1)
            .file()
            .replacen('{', &format!("{{\"former_seal_keys\": [\"{other}\"],"), 1),
    ] {
        assert!(changed != file, "{changed}");
        assert!(
            matches!(
                Introduction::read(changed.as_bytes()),
                Err(IntroductionError::Changed)
            ),
            "{changed}"
        );
    }
    // The present key is no former one.
    let own = keys(1).public().seal;
    let keys = keys(1);
    let made = Introduction::make(&object(&identity()), &keys, &log, Vec::new(), &[own], MADE);
    assert!(made.is_err());
}

#[test]
fn an_introduction_is_of_one_piece() {
    let introduction = introduction(1);
    let file = introduction.file();
    let read = Introduction::read(file.as_bytes()).unwrap();
    assert_eq!(read.keys(), introduction.keys());
    assert_eq!(read.addresses(), introduction.addresses());
    assert_eq!(read.identity().raw(), identity());
    assert_eq!(read.file(), file);
    assert_eq!(read.digest().unwrap(), introduction.digest().unwrap());
    // Mail may turn line ends, and editors add a mark of their own; nothing else may change.
    assert!(Introduction::read(file.replace('\n', "\r\n").as_bytes()).is_ok());
    let digest = introduction.digest().unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone().into_bytes();
        changed[at] ^= 1;
        if let Ok(read) = Introduction::read(&changed) {
            assert_eq!(read.digest().unwrap(), digest, "byte {at}");
        }
    }
    let more = file.replacen('{', "{\"note\": \"trust me\",", 1);
    assert!(matches!(
        Introduction::read(more.as_bytes()),
        Err(IntroductionError::Malformed(_))
    ));
    let twice = file.replacen('{', "{\"tls_pin\": \"x\",", 1);
    assert!(Introduction::read(twice.as_bytes()).is_err());
    let log = tlog::Origin::new("node.example/log").unwrap();
    for address in [
        "node.example",
        "https://",
        "https://a b",
        "https://a\nb",
        "javascript:x",
    ] {
        let result = Introduction::make(
            &object(&identity()),
            &keys(1),
            &log,
            vec![address.into()],
            &[],
            MADE,
        );
        assert!(
            matches!(result, Err(IntroductionError::Address(_))),
            "{address}"
        );
    }
}

#[test]
fn words_are_the_same_in_both_languages_and_differ_for_any_other_introduction() {
    let introduced = introduction(1);
    let words = Words::of(&introduced).unwrap();
    let read = Introduction::read(introduced.file().as_bytes()).unwrap();
    assert_eq!(Words::of(&read), Some(words));
    assert_ne!(Words::of(&introduction(2)), Some(words));
    let (english, french) = (words.in_english(), words.in_french());
    assert_eq!(
        (english.split(' ').count(), french.split(' ').count()),
        (6, 6)
    );
    assert!(!french.contains('\u{301}') && !french.contains('\u{300}'));
    assert!(words.are(&english) && words.are(&french));
    assert!(words.are(&english.to_uppercase().replace(' ', ", ")));
    assert!(words.are(&french.replace(['é', 'è'], "e")));
    let (first, rest) = english.split_once(' ').unwrap();
    assert!(!words.are(rest) && !words.are("") && !words.are(&format!("{rest} {first}")));
}
