//! Keys that are followed by others, or revoked.

use super::*;
use crate::keys::Revoked;

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
            read.check(&public).unwrap().new,
            hex::encode(new.verifying_key().as_bytes())
        );
        assert!(matches!(
            read.check(&new.verifying_key()),
            Err(SealError::OtherKey { .. })
        ));
        assert_eq!(
            forged(&record, |object| Rotation::read(object)?
                .check(&public)
                .map(|says| says.new.clone())),
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
            (&read.check(&public).unwrap().new, read.old()),
            (&text, &old.public().id(key))
        );
        assert_eq!(
            forged(&record, |object| Rotation::read(object)?
                .check(&public)
                .map(|says| says.new.clone())),
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
    let says = Revoked::new(id, Why::Stolen, MADE - 1);
    let revocation = Revocation::sign(says.clone(), &participant(), &keys.seal, MADE).unwrap();
    let record = revocation.record().unwrap();
    let read = Revocation::read(&object(&record)).unwrap();
    assert_eq!(read.check(&public), Ok(&says));
    let check = |object: &Object<'_>| Revocation::read(object)?.check(&public).map(|_| ());
    assert_eq!(forged(&record, check), [""; 0]);
}
