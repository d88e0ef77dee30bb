//! What each reader promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use ed25519_dalek::SigningKey;
use node::keeping::erasure::Erasure;
use node::keys::Introduction;
use node::seal::{Handling, Seal, Withdrawal, inside, label_text, read_label};
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

/// A label has one text.
pub fn label(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(label) = read_label(text) {
        assert_eq!(label_text(&label), text);
    }
}
