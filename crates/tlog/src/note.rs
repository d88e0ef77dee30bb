//! Signed notes (C2SP signed-note): a text and the lines that sign it. A signature counts only for a key that the
//! reader already has; all others are ignored, and one by a known key that does not verify condemns the note.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::cosignature;

/// The name of a key, and of the log that it signs: not empty, without spaces, control characters and `+`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// Checks a name, e.g. `node.example/log`: by custom a URL without scheme.
    ///
    /// # Errors
    /// When it is empty, has a space, a control character or a plus sign, or begins another kind of statement.
    pub fn new(name: &str) -> Result<Self, NoteError> {
        let refused = |sign: char| sign.is_whitespace() || sign.is_control() || sign == '+';
        // A cosigned statement starts with this line: no log may be called so (C2SP tlog-cosignature).
        if name.is_empty() || name.contains(refused) || name == cosignature::HEADER {
            return Err(NoteError::Name);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = NoteError;

    fn from_str(name: &str) -> Result<Self, NoteError> {
        Self::new(name)
    }
}

/// What a key signs: the first byte of its public form, and part of its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// Ed25519 over the text of a note.
    Ed25519 = 1,
    /// Ed25519 over a time and the text of a checkpoint.
    CosignatureV1 = 4,
}

/// A public key by which notes are checked. As text: `<name>+<id in hex>+<base64 of algorithm and key>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    name: Origin,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl Key {
    /// The key of a log, which signs its checkpoints.
    pub fn log(name: Origin, key: VerifyingKey) -> Self {
        Self {
            name,
            algorithm: Algorithm::Ed25519,
            key,
        }
    }

    /// The key with which somebody cosigns checkpoints; also a log's own, for the time of its head.
    pub fn witness(name: Origin, key: VerifyingKey) -> Self {
        Self {
            name,
            algorithm: Algorithm::CosignatureV1,
            key,
        }
    }

    /// Whose key it is.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// What it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The Ed25519 public key.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The first four bytes of `SHA-256(name || 0x0A || algorithm || public key)`.
    pub fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.0.as_bytes());
        hasher.update([b'\n', self.algorithm as u8]);
        hasher.update(self.key.as_bytes());
        let [a, b, c, d, ..] = <[u8; 32]>::from(hasher.finalize());
        [a, b, c, d]
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.algorithm as u8];
        bytes.extend_from_slice(self.key.as_bytes());
        let (id, key) = (hex::encode(self.id()), BASE64_STANDARD.encode(bytes));
        write!(out, "{}+{id}+{key}", self.name)
    }
}

impl FromStr for Key {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (name, id, key) = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), Some(id), Some(key)) => (name, id, key),
            _ => return Err(NoteError::Key),
        };
        let bytes = BASE64_STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let (algorithm, key) = match bytes.split_first() {
            Some((1, key)) => (Algorithm::Ed25519, key),
            Some((4, key)) => (Algorithm::CosignatureV1, key),
            _ => return Err(NoteError::Key),
        };
        let key = VerifyingKey::try_from(key).map_err(|_| NoteError::Key)?;
        let name = Origin::new(name)?;
        let found = Self {
            name,
            algorithm,
            key,
        };
        if hex::encode(found.id()) != id {
            return Err(NoteError::Key);
        }
        Ok(found)
    }
}

/// One line under the text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLine {
    /// Who is said to have signed.
    pub name: Origin,
    /// The id of the key ([`Key::id`]).
    pub id: [u8; 4],
    /// What the algorithm of the key makes of it; never empty.
    pub bytes: Vec<u8>,
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_vec();
        bytes.extend_from_slice(&self.bytes);
        writeln!(
            out,
            "\u{2014} {} {}",
            self.name,
            BASE64_STANDARD.encode(bytes)
        )
    }
}

impl FromStr for SignatureLine {
    type Err = NoteError;

    /// With or without the line's end.
    fn from_str(line: &str) -> Result<Self, NoteError> {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let rest = line.strip_prefix("\u{2014} ").ok_or(NoteError::Malformed)?;
        let (name, signature) = rest.split_once(' ').ok_or(NoteError::Malformed)?;
        let bytes = BASE64_STANDARD
            .decode(signature)
            .map_err(|_| NoteError::Malformed)?;
        match bytes.split_first_chunk() {
            Some((id, bytes)) if !bytes.is_empty() => Ok(Self {
                name: Origin::new(name).map_err(|_| NoteError::Malformed)?,
                id: *id,
                bytes: bytes.to_vec(),
            }),
            _ => Err(NoteError::Malformed),
        }
    }
}

/// A text and the lines under it, as read: nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

/// One signature that verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vouch<'k> {
    /// The key, of those that were given.
    pub key: &'k Key,
    /// When a cosignature says it was made: seconds since 1970.
    pub time: Option<u64>,
}

impl Note {
    /// What a note may take in all; a checkpoint with a hundred cosignatures has some 12 KiB.
    pub const MOST_BYTES: usize = 64 * 1024;
    /// How many signatures a note may have.
    pub const MOST_SIGNATURES: usize = 100;

    /// A note that nobody has signed yet.
    ///
    /// # Errors
    /// When the text is empty, does not end its last line, or has control characters.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        let refused = |sign: char| sign < ' ' && sign != '\n';
        if !text.ends_with('\n') || text.contains(refused) {
            return Err(NoteError::Malformed);
        }
        Ok(Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        })
    }

    /// Reads a note. The signatures begin after the last empty line.
    ///
    /// # Errors
    /// [`NoteError::Malformed`] when it is not a note, or passes the limits.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > Self::MOST_BYTES {
            return Err(NoteError::Malformed);
        }
        let whole = std::str::from_utf8(bytes).map_err(|_| NoteError::Malformed)?;
        let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Malformed)?;
        let mut note = Self::new(&format!("{text}\n"))?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Malformed)?;
        for line in lines.split('\n') {
            note.add(line.parse()?);
        }
        if note.signatures.len() > Self::MOST_SIGNATURES {
            return Err(NoteError::Malformed);
        }
        Ok(note)
    }

    /// The signed text, its last line ended.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The lines under it, verified or not.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Adds a line, e.g. a cosignature that came from a peer. One that is already there is not added again.
    pub fn add(&mut self, line: SignatureLine) {
        if !self.signatures.contains(&line) {
            self.signatures.push(line);
        }
    }

    /// Signs the text with Ed25519.
    pub fn sign(&mut self, name: &Origin, key: &SigningKey) {
        self.add(SignatureLine {
            name: name.clone(),
            id: Key::log(name.clone(), key.verifying_key()).id(),
            bytes: key.sign(self.text.as_bytes()).to_bytes().to_vec(),
        });
    }

    /// The signatures by these keys, in the order of the note. Of several lines by one key the first counts.
    ///
    /// # Errors
    /// [`NoteError::Invalid`] when one by a known key does not verify, [`NoteError::Unsigned`] when none is by a known key.
    pub fn verify<'k>(&self, keys: &'k [Key]) -> Result<Vec<Vouch<'k>>, NoteError> {
        let mut vouches: Vec<Vouch<'k>> = Vec::new();
        for line in &self.signatures {
            let known = |key: &&Key| key.name == line.name && key.id() == line.id;
            let Some(key) = keys.iter().find(known) else {
                continue;
            };
            if vouches.iter().any(|vouch| vouch.key == key) {
                continue;
            }
            let time = key.check(&self.text, &line.bytes)?;
            vouches.push(Vouch { key, time });
        }
        if vouches.is_empty() {
            return Err(NoteError::Unsigned);
        }
        Ok(vouches)
    }
}

impl Key {
    /// Verifies one signature; gives its time when it has one.
    fn check(&self, text: &str, bytes: &[u8]) -> Result<Option<u64>, NoteError> {
        let invalid = || NoteError::Invalid(self.name.clone());
        let (time, message, signature) = match self.algorithm {
            Algorithm::Ed25519 => (None, text.to_owned(), bytes),
            Algorithm::CosignatureV1 => {
                let (time, signature) = bytes.split_first_chunk().ok_or_else(invalid)?;
                let time = u64::from_be_bytes(*time);
                (Some(time), cosignature::message(time, text), signature)
            }
        };
        let signature = Signature::from_slice(signature).map_err(|_| invalid())?;
        self.key
            .verify_strict(message.as_bytes(), &signature)
            .map_err(|_| invalid())?;
        Ok(time)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| line.fmt(out))
    }
}

/// Why a note, a name or a key is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Not a note: no text, no signature, control characters, not UTF-8, or too large.
    #[error("not a signed note")]
    Malformed,
    /// Not a name that a key can have.
    #[error("a key's name is not empty and has no space, control character or plus sign")]
    Name,
    /// Not a public key, or its id is that of another: it was copied incompletely.
    #[error("not a public key of the form name+id+key")]
    Key,
    /// No signature is by a key that the reader has: the wrong log, or a key not yet introduced.
    #[error("not signed by a known key")]
    Unsigned,
    /// A line that names a known key is not that key's signature: the note was changed or forged.
    #[error("the signature of {0} does not verify")]
    Invalid(Origin),
}
