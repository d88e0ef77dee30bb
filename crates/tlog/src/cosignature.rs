//! Cosignatures (C2SP tlog-cosignature, version 1): a peer states that at a time this was the largest tree of the log
//! that it had seen, and that all it had seen before is its beginning. It must have verified that: see [`cosign`].

use ed25519_dalek::{Signer as _, SigningKey};

use crate::note::{Key, Note, NoteError, Origin, SignatureLine};

/// The first line of what is signed.
pub(crate) const HEADER: &str = "cosignature/v1";

/// What is signed: a header that no note begins with, the time, the text of the checkpoint.
pub(crate) fn message(time: u64, text: &str) -> String {
    format!("{HEADER}\ntime {time}\n{text}")
}

/// A cosignature line for a checkpoint; `time` is in seconds since 1970.
///
/// Whoever cosigns for another log has opened the checkpoint with that log's key, has verified consistency with the
/// last one that it cosigned, and has durably kept this one in its place.
pub fn cosign(checkpoint: &Note, name: &Origin, key: &SigningKey, time: u64) -> SignatureLine {
    let signature = key.sign(message(time, checkpoint.text()).as_bytes());
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend_from_slice(&signature.to_bytes());
    SignatureLine {
        name: name.clone(),
        id: Key::witness(name.clone(), key.verifying_key()).id(),
        bytes,
    }
}

/// Who cosigned, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cosigned<'k> {
    /// The witness, of those that were given.
    pub witness: &'k Key,
    /// Seconds since 1970, by the witness's clock.
    pub time: u64,
}

/// The cosignatures by these witnesses, made with [`Key::witness`]; those of others are ignored.
///
/// # Errors
/// [`NoteError::Invalid`] when one that names a known witness does not verify.
pub fn cosignatures<'k>(
    checkpoint: &Note,
    witnesses: &'k [Key],
) -> Result<Vec<Cosigned<'k>>, NoteError> {
    let vouches = match checkpoint.verify(witnesses) {
        Err(NoteError::Unsigned) => Vec::new(),
        other => other?,
    };
    let timed = vouches.into_iter().filter_map(|vouch| {
        Some(Cosigned {
            witness: vouch.key,
            time: vouch.time?,
        })
    });
    Ok(timed.collect())
}
