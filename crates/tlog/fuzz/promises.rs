//! What each reader promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use ed25519_dalek::SigningKey;
use tlog::{Checkpoint, Fork, Key, Note, Origin, TileId};

/// The log of the corpora.
pub fn log() -> (Origin, SigningKey, Key) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let origin = Origin::new("example.org/log").unwrap();
    let public = Key::log(origin.clone(), key.verifying_key());
    (origin, key, public)
}

/// A note that is read is written as the same note.
pub fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        let again = Note::parse(note.to_string().as_bytes());
        assert_eq!(again.as_ref(), Ok(&note));
        let _ = note.verify(&[log().2]);
    }
}

/// A checkpoint has one text; one that opens is signed by the log.
pub fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.text(), text);
    }
    let (.., key) = log();
    if let Ok(opened) = Checkpoint::open(text, &key) {
        assert_eq!(opened.checkpoint().text(), opened.note().text());
        let vouched = opened.note().verify(std::slice::from_ref(&key));
        assert!(vouched.is_ok_and(|vouched| !vouched.is_empty()));
    }
}

/// A proof of a fork that is believed holds two checkpoints of the log that differ.
pub fn fork(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(fork) = Fork::read(text, &log().2) {
        let (one, other) = fork.checkpoints();
        assert!(one.checkpoint() != other.checkpoint());
        assert!(Fork::read(&fork.to_string(), &log().2).is_ok());
    }
}

/// A path leads to one tile, and that tile has one path.
pub fn tile(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok((tile, width)) = TileId::parse(text) {
        assert_eq!(tile.path(width), text);
    }
}
