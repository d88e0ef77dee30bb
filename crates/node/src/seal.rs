//! Seals: who said this, under which label. Invariant: what a seal says is one text of lines ([`Seal::statement`]), signed by Ed25519;
//! whatever is checked afterwards is compared with that text, never with what a carrier claims beside it.
//!
//! An object that the node composes carries its seal inside, as a property extension ([`inside`]); what arrives finished gets a record
//! beside it ([`Seal::record`]). Both bind the same: identifier, version, exact bytes, RFC 8785 form, label, author, key and time.
//! A seal does not hide anything.

mod handling;
pub mod inside;
mod roster;
mod signed;
mod statement;
#[cfg(test)]
mod tests;
mod withdrawal;

use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::{Class, Label};
use serde_json::json;
use sha2::{Digest, Sha256};
use stix::{Object, ObjectId, Timestamp};

use crate::clock::Micros;
use crate::keys::KeyId;
use crate::reading::UNBOUNDED;

pub use handling::Handling;
pub use roster::{CircleName, Roster};
pub use signed::Signed;
pub(crate) use signed::{Says, Signer};
pub(crate) use statement::{Members, Record, Statement};
pub use withdrawal::{Withdrawal, Withdrawn};

/// The extension definition under which our own types of records stand: `seal`, `handling`, `withdrawal` and others.
pub const RECORDS_EXTENSION_ID: &str = "extension-definition--7d0c2b64-51a8-4f0e-8a3c-92d6e1b7f450";
/// The extension definition of the seal inside an object.
pub const SEAL_EXTENSION_ID: &str = "extension-definition--2f9e8a17-3c45-4b6d-b0e2-64a7c1d958f3";

/// What a seal binds. `made` and the times of `label` are in UTC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The sealed object.
    pub object: ObjectId,
    /// Its version as its author wrote it; `None` for objects without times.
    pub version: Option<Timestamp>,
    /// SHA-256 of the exact bytes, as lower-case hexadecimal. Of a seal inside: with `{}` in the place of the seal.
    pub sha256: String,
    /// SHA-256 of the RFC 8785 form of the same bytes.
    pub canonical_sha256: String,
    /// The label as the author's own node has it ([`label_text`]).
    pub label: String,
    /// Whose seal it is.
    pub author: ObjectId,
    /// The key that signed.
    pub key: KeyId,
    /// When it was made.
    pub made: Timestamp,
}

/// A claim with its signature; verified by [`Seal::check`] only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    claim: Claim,
    /// The markings of the record that carries it: those of the object, so that whoever may have one may have the other.
    markings: Vec<ObjectId>,
    inside: bool,
    signature: [u8; 64],
}

/// What is wrong with a seal, or with what it seals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The record or extension is not as we write it: changed on the way, or made by something else.
    #[error("not a {0} as it is written: changed on the way, or made by another program")]
    Malformed(&'static str),
    /// A value cannot stand in a signed text: empty, or with control characters.
    #[error("{0} is empty or has control characters")]
    Unfit(&'static str),
    /// More than one object may have.
    #[error("the {0} would have {1} bytes; at most {2} are taken")]
    TooLarge(&'static str, usize, usize),
    /// The object has no RFC 8785 form.
    #[error("the object has no canonical form: {0}")]
    NotCanonical(String),
    /// The signature is said to be by another key than the one given.
    #[error("signed with the key {found}, not with {expected}")]
    OtherKey {
        /// The id of the key given.
        expected: KeyId,
        /// The id in the seal.
        found: KeyId,
    },
    /// The key did not sign this.
    #[error("the signature does not verify: forged, or a sealed value was changed")]
    Forged,
    /// It seals another object or version.
    #[error("it is about another object or version: {0}")]
    OtherObject(String),
    /// The object names another author than the one who sealed it.
    #[error("sealed by {sealed}, but the object names {found} as its author")]
    OtherAuthor {
        /// Who sealed.
        sealed: ObjectId,
        /// `created_by_ref` of the object.
        found: ObjectId,
    },
    /// The content is another one.
    #[error("the content was changed after it was sealed")]
    ContentChanged,
    /// The same content in other bytes: a relay wrote it anew.
    #[error("the bytes were written anew after they were sealed; the content means the same")]
    Rewritten,
    /// The id of the circle is not one that this signer can have made.
    #[error(
        "the circle is another participant's: its id was not made by whoever signed this roster"
    )]
    OthersCircle,
    /// The object is intact, the label is another one.
    #[error("the label was changed: sealed as {sealed:?}, found as {found:?}")]
    LabelChanged {
        /// What the author sealed.
        sealed: String,
        /// What the object has here.
        found: String,
    },
}

/// The canonical text of a label: the class key, then the times that it has.
pub fn label_text(label: &Label) -> String {
    let mut text = label.class.key();
    for (name, time) in [("embargo", &label.embargo), ("expiry", &label.expiry)] {
        if let Some(time) = time {
            text.push_str(&format!(" | {name}={}Z", time.sortable()));
        }
    }
    text
}

/// Reads a label text; `None` for anything that [`label_text`] would not write.
pub fn read_label(text: &str) -> Option<Label> {
    let mut parts = text.split(" | ");
    let mut label = Label::always(Class::parse(parts.next()?).ok()?);
    for part in parts {
        let (name, time) = part.split_once('=')?;
        let time = Timestamp::parse(time).ok()?;
        match name {
            "embargo" => label.embargo = Some(time),
            "expiry" => label.expiry = Some(time),
            _ => return None,
        }
    }
    (label_text(&label) == text).then_some(label)
}

impl Claim {
    /// What is true of this object.
    fn of(
        object: &Object<'_>,
        label: &Label,
        author: &ObjectId,
        key: &VerifyingKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        if let Some(found) = object
            .header()
            .created_by_ref
            .clone()
            .filter(|id| id != author)
        {
            let sealed = author.clone();
            return Err(SealError::OtherAuthor { sealed, found });
        }
        Ok(Self {
            object: object.header().id.clone(),
            version: object.header().version().cloned(),
            sha256: digest(object.raw().as_bytes()),
            canonical_sha256: digest(&form(stix::canonical_of(object.view()))?),
            label: label_text(label),
            author: author.clone(),
            key: KeyId::seal(key),
            made: Timestamp::from_micros(made),
        })
    }

    fn statement(&self, inside: bool, markings: &[ObjectId]) -> Result<Statement, SealError> {
        let kind = match inside {
            true => "entente-seal-inside/v1",
            false => "entente-seal/v1",
        };
        Statement::new(kind)
            .line("object", self.object.as_str())?
            .line("version", version_text(self.version.as_ref()))?
            .line("sha256", &self.sha256)?
            .line("canonical", &self.canonical_sha256)?
            .line("label", &self.label)?
            .line("author", self.author.as_str())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())?
            .markings(markings)
    }
}

impl Seal {
    /// Seals finished bytes, to be carried by a record beside them.
    ///
    /// `label` is the author's: as it reads on the author's own node, the author being its holder.
    ///
    /// # Errors
    /// When the object names another author, or has no canonical form.
    pub fn beside(
        object: &Object<'_>,
        label: &Label,
        author: &ObjectId,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let claim = Claim::of(object, label, author, &key.verifying_key(), made)?;
        let markings = object.header().object_marking_refs.clone();
        Self::signed(claim, markings, false, key)
    }

    fn signed(
        claim: Claim,
        markings: Vec<ObjectId>,
        inside: bool,
        key: &SigningKey,
    ) -> Result<Self, SealError> {
        let signature = claim.statement(inside, &markings)?.sign(key);
        Ok(Self {
            claim,
            markings,
            inside,
            signature,
        })
    }

    /// Whether `key` signed it. What it says about an object is for [`Seal::check_content`].
    ///
    /// # Errors
    /// When another key signed it, or none.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        same_key(&self.claim.key, KeyId::seal(key))?;
        self.claim
            .statement(self.inside, &self.markings)?
            .verify(key, &self.signature)
    }

    /// What it says, unverified until [`Seal::check`] has passed.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// The signed text.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn statement(&self) -> Result<String, SealError> {
        Ok(self
            .claim
            .statement(self.inside, &self.markings)?
            .text()
            .to_owned())
    }

    /// Checks everything: that `key` signed this, over this object, under this label.
    ///
    /// # Errors
    /// Says what was changed, as precisely as the signature allows. [`SealError::LabelChanged`] comes last: the object is intact then.
    pub fn check(
        &self,
        object: &Object<'_>,
        label: &Label,
        key: &VerifyingKey,
    ) -> Result<(), SealError> {
        self.check_content(object, key)?;
        let found = label_text(label);
        if found != self.claim.label {
            return Err(SealError::LabelChanged {
                sealed: self.claim.label.clone(),
                found,
            });
        }
        Ok(())
    }

    /// [`Seal::check`] without the label: for whoever takes the label from the seal.
    ///
    /// # Errors
    /// As there.
    pub fn check_content(&self, object: &Object<'_>, key: &VerifyingKey) -> Result<(), SealError> {
        let claim = &self.claim;
        same_key(&claim.key, KeyId::seal(key))?;
        let statement = claim.statement(self.inside, &self.markings)?;
        statement.verify(key, &self.signature)?;
        let header = object.header();
        let version = version_text(header.version());
        if header.id != claim.object || version != version_text(claim.version.as_ref()) {
            return Err(SealError::OtherObject(format!("{} {version}", header.id)));
        }
        if let Some(found) = header
            .created_by_ref
            .clone()
            .filter(|id| *id != claim.author)
        {
            let sealed = claim.author.clone();
            return Err(SealError::OtherAuthor { sealed, found });
        }
        let text = if self.inside {
            inside::without(object).ok_or(SealError::Malformed("seal"))?
        } else {
            object.raw().to_owned()
        };
        if digest(text.as_bytes()) == claim.sha256 {
            // Equal bytes have one canonical form; a seal that claims another one was made by a faulty program.
            return match canonical_digest(&text)? == claim.canonical_sha256 {
                true => Ok(()),
                false => Err(SealError::Malformed("seal")),
            };
        }
        match canonical_digest(&text)? == claim.canonical_sha256 {
            true => Err(SealError::Rewritten),
            false => Err(SealError::ContentChanged),
        }
    }

    /// The record that carries a seal beside its object: one object of type `seal`, always the same bytes for the same seal.
    ///
    /// # Errors
    /// When a value cannot stand in it, or the seal is one inside an object.
    pub fn record(&self) -> Result<String, SealError> {
        let claim = &self.claim;
        let statement = claim.statement(self.inside, &self.markings)?;
        let fields = json!({
            "object_ref": claim.object.as_str(),
            "object_version": claim.version.as_ref().map(Timestamp::as_str),
            "sha256": claim.sha256,
            "canonical_sha256": claim.canonical_sha256,
            "label": claim.label,
        });
        let record = Record {
            kind: "seal",
            author: &claim.author,
            made: &claim.made,
            markings: &self.markings,
            key: &claim.key,
            fields,
        };
        match self.inside {
            true => Err(SealError::Malformed("seal")),
            false => record.compose(&statement, &self.signature),
        }
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Seal::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "seal")?;
        let seal = Self {
            claim: Claim {
                object: members.id("object_ref")?,
                version: members.version("object_version")?,
                sha256: members.text("sha256")?,
                canonical_sha256: members.text("canonical_sha256")?,
                label: members.text("label")?,
                author: members.id("created_by_ref")?,
                key: members.key()?,
                made: members.time("created")?,
            },
            markings: record.header().object_marking_refs.clone(),
            inside: false,
            signature: members.signature()?,
        };
        members.is(&seal.record()?)?;
        Ok(seal)
    }
}

/// The key that a statement names is the one at hand.
pub(crate) fn same_key(found: &KeyId, expected: KeyId) -> Result<(), SealError> {
    if *found == expected {
        return Ok(());
    }
    let found = found.clone();
    Err(SealError::OtherKey { expected, found })
}

/// SHA-256 as lower-case hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn canonical_digest(text: &str) -> Result<String, SealError> {
    Ok(digest(&form(stix::canonical(text.as_bytes(), &UNBOUNDED))?))
}

fn form(form: Result<Vec<u8>, stix::Problems>) -> Result<Vec<u8>, SealError> {
    form.map_err(|problems| SealError::NotCanonical(problems.to_string()))
}

/// A version in a signed text; objects without times have a dash.
pub(crate) fn version_text(version: Option<&Timestamp>) -> &str {
    version.map_or("-", Timestamp::as_str)
}
