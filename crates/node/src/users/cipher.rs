//! Secrets that have to be read again, such as what a code by time is made from: enciphered to the node's bundle key, which is not in
//! the database. Invariant: what was enciphered for one person opens for no other.

use anyhow::{Context, Result, ensure};
use zeroize::Zeroizing;

use crate::keys::Keys;

/// Enciphers a secret for a person's row.
pub(crate) fn seal(keys: &Keys, person: &str, secret: &[u8]) -> Result<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(person.len() + 1 + secret.len()));
    text.extend_from_slice(person.as_bytes());
    text.push(b'\n');
    text.extend_from_slice(secret);
    age::encrypt(&keys.bundle.recipient(), &text).context("a secret could not be enciphered")
}

/// Opens it again; also what was enciphered to a key that has been rotated since.
pub(crate) fn open(keys: &Keys, person: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let opened = keys
        .bundle
        .identities()
        .find_map(|identity| age::decrypt(identity, sealed).ok());
    let text = Zeroizing::new(opened.context(
        "a secret was enciphered to a bundle key that is gone; its owner has to set it up again",
    )?);
    let end = text.iter().position(|byte| *byte == b'\n');
    let (owner, secret) = text.split_at(end.context("an enciphered secret is damaged")?);
    ensure!(
        owner == person.as_bytes(),
        "an enciphered secret belongs to somebody else"
    );
    Ok(Zeroizing::new(secret.get(1..).unwrap_or_default().to_vec()))
}
