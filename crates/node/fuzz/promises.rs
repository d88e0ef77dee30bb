//! What each reader promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use ed25519_dalek::SigningKey;
use node::config::Config;
use node::keeping::bundle::frames::{beginning, frame};
use node::keeping::erasure::Erasure;
use node::keeping::restoration::Restoration;
use node::keeping::trail_mark::TrailMark;
use node::keys::{Introduction, Revocation, Rotation};
use node::seal::{Handling, Roster, Seal, Withdrawal, inside, label_text, read_label};
use stix::Limits;

/// The key that everything in the corpora is signed with.
pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// An introduction that is read is written as the same file.
pub fn introduction(bytes: &[u8]) {
    if let Ok(introduction) = Introduction::read(bytes) {
        let file = introduction.file();
        assert!(Introduction::read(file.as_bytes()).is_ok_and(|again| again.file() == file));
    }
}

/// Evidence that is read has one form: what came in is what we would write of it, so that no two texts say the same under one signature.
pub fn evidence(bytes: &[u8]) {
    let Ok(object) = stix::check(bytes, &Limits::default()) else {
        return;
    };
    let raw = object.raw();
    if let Ok(handling) = Handling::read(&object) {
        assert_eq!(handling.record().ok().as_deref(), Some(raw));
        let _ = handling.verify(&key().verifying_key());
    }
    if let Ok(withdrawal) = Withdrawal::read(&object) {
        assert_eq!(withdrawal.record().ok().as_deref(), Some(raw));
        let _ = withdrawal.check(&key().verifying_key());
    }
    if let Ok(seal) = Seal::read(&object) {
        assert_eq!(seal.record().ok().as_deref(), Some(raw));
        let _ = seal.verify(&key().verifying_key());
    }
    if let Ok(erasure) = Erasure::read(&object) {
        assert_eq!(erasure.record().ok().as_deref(), Some(raw));
        let _ = erasure.check(&key().verifying_key());
    }
    if let Ok(Some(seal)) = inside::read(&object) {
        let _ = seal.verify(&key().verifying_key());
        let _ = seal.check_content(&object, &key().verifying_key());
    }
}

/// How many of the kinds of evidence above an object is: of those in the corpus, exactly one.
pub fn evidence_in(bytes: &[u8]) -> usize {
    let object = stix::check(bytes, &Limits::default()).expect("an object");
    [
        Handling::read(&object).is_ok(),
        Withdrawal::read(&object).is_ok(),
        Seal::read(&object).is_ok(),
        Erasure::read(&object).is_ok(),
        inside::read(&object).is_ok_and(|seal| seal.is_some()),
    ]
    .into_iter()
    .filter(|read| *read)
    .count()
}

/// What a node says of circles, of its keys and of itself has one form, too.
pub fn statement(bytes: &[u8]) {
    let Ok(object) = stix::check(bytes, &Limits::default()) else {
        return;
    };
    let (raw, verifying) = (object.raw(), key().verifying_key());
    if let Ok(roster) = Roster::read(&object) {
        assert_eq!(roster.record().ok().as_deref(), Some(raw));
        let _ = roster.verify(&verifying);
    }
    if let Ok(rotation) = Rotation::read(&object) {
        assert_eq!(rotation.record().ok().as_deref(), Some(raw));
        let _ = rotation.check(&verifying);
    }
    if let Ok(revocation) = Revocation::read(&object) {
        assert_eq!(revocation.record().ok().as_deref(), Some(raw));
        let _ = revocation.check(&verifying);
    }
    if let Ok(restoration) = Restoration::read(&object) {
        assert_eq!(restoration.record().ok().as_deref(), Some(raw));
        let _ = restoration.check(&verifying);
    }
    if let Ok(mark) = TrailMark::read(&object) {
        assert_eq!(mark.record().ok().as_deref(), Some(raw));
        let _ = mark.check(&verifying);
    }
}

/// How many of the statements above an object is: of those in the corpus, exactly one.
pub fn statements_in(bytes: &[u8]) -> usize {
    let object = stix::check(bytes, &Limits::default()).expect("an object");
    [
        Roster::read(&object).is_ok(),
        Rotation::read(&object).is_ok(),
        Revocation::read(&object).is_ok(),
        Restoration::read(&object).is_ok(),
        TrailMark::read(&object).is_ok(),
    ]
    .into_iter()
    .filter(|read| *read)
    .count()
}

/// A label has one text.
pub fn label(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(label) = read_label(text) {
        assert_eq!(label_text(&label), text);
    }
}

/// A configuration that is read is written as one that means the same.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(config) = Config::parse(text) {
        let written = toml::to_string(&config).expect("a configuration can be written");
        assert_eq!(
            Config::parse(&written).ok().as_ref(),
            Some(&config),
            "{written}"
        );
    }
}

/// What a bundle begins with and its frames are pieces of what came, in order; no frame is larger than an object may be.
pub fn bundle(bytes: &[u8]) {
    const MOST: usize = 64;
    let mut input = bytes;
    if let Ok((_, line, signature)) = beginning(&mut input) {
        let read = &bytes[..bytes.len() - input.len()];
        assert!(read.ends_with(format!("\n{line}\n{signature}\n").as_bytes()));
    } else {
        // Frames are looked at on their own, too.
        input = bytes;
    }
    let mut left = input.len();
    while let Ok(Some((kind, content))) = frame(&mut input, MOST) {
        let most = if kind == b'O' { MOST } else { 256 };
        assert!(matches!(kind, b'O' | b'C') && content.len() <= most + 1);
        assert!(input.len() + content.len() < left, "it goes on");
        left = input.len();
    }
}
