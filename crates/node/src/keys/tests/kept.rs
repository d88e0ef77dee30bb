//! Keys in their folder: they come back as they were, and unsafe files are refused.

use super::*;

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
