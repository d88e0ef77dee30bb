//! What a bundle says of itself, signed.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use stix::ObjectId;

use crate::clock::Micros;
use crate::keys::KeyId;
use crate::seal::{SealError, Statement, digest, same_key};

/// That a bundle was opened, and what became of its objects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Its number.
    pub number: u64,
    /// The digest of its header.
    pub digest: String,
    /// Objects that became records, or were ones,
    pub taken: u64,
    /// and how many of these are seals and labels, which go beside others.
    #[serde(default, skip_serializing_if = "is_none")]
    pub beside: u64,
    /// Objects that await a decision there.
    pub awaiting: u64,
    /// Objects that were not taken.
    pub refused: u64,
    /// When it was opened, in microseconds, by the clock of who opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Micros>,
}

impl Receipt {
    /// How many records, seals and labels left out, as whoever sealed it counts them.
    pub fn records(&self) -> u64 {
        self.taken.saturating_sub(self.beside)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Who sealed it.
    pub from: ObjectId,
    /// To whom.
    pub to: ObjectId,
    /// Its number in the line of bundles between the two, from 1.
    pub number: u64,
    /// The digest of the header before; `-` for the first.
    pub previous: String,
    /// When it was sealed.
    pub made: Micros,
    /// How many objects it holds, evidence included.
    pub objects: u64,
    /// How many bytes follow the signature.
    pub bytes: u64,
    /// SHA-256 of them, as lower-case hexadecimal.
    pub sha256: String,
    /// The newest signed head of the sender's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Bundles the other way that were opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipts: Vec<Receipt>,
    /// Rotations of the sender's seal key, as records: for whoever knows an older one than signed this.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rotations: Vec<String>,
    /// The key that signed.
    pub key: String,
}

impl Header {
    /// SHA-256 of the line that it is.
    pub(super) fn digest(line: &str) -> String {
        digest(line.as_bytes())
    }

    pub(super) fn sign(line: &str, key: &SigningKey) -> Result<String, SealError> {
        let signature = statement(line)?.sign(key);
        Ok(BASE64_STANDARD.encode(signature))
    }

    pub(super) fn verify(
        &self,
        line: &str,
        signature: &str,
        key: &VerifyingKey,
    ) -> Result<(), SealError> {
        let id = self
            .key
            .parse()
            .map_err(|_| SealError::Malformed("bundle"))?;
        same_key(&id, KeyId::seal(key))?;
        let signature = BASE64_STANDARD.decode(signature).ok();
        let signature = signature.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let signature = signature.ok_or(SealError::Malformed("bundle"))?;
        statement(line)?.verify(key, &signature)
    }
}

fn statement(line: &str) -> Result<Statement, SealError> {
    Statement::new("entente-bundle/v1").line("header", line)
}
