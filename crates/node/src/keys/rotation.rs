//! What becomes of keys: rotation and revocation, as signed records that peers get like any other. Invariant: a key is followed by another
//! only if the old one (or, for keys that cannot sign, the seal key) says so; otherwise people confirm anew by words.

use age::x25519;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId, Timestamp};

use super::{KeyId, Pin, Use};
use crate::clock::Micros;
use crate::seal::{Members, Record, SealError, Statement, same_key};

/// The public half of one key, as it stands in a statement.
fn public_bytes(key: Use, text: &str) -> Option<Vec<u8>> {
    match key {
        Use::Seal | Use::Log => {
            let bytes = hex::decode(text).ok()?;
            let key = VerifyingKey::try_from(&bytes[..]).ok()?;
            (hex::encode(key.as_bytes()) == text).then_some(bytes)
        }
        Use::Bundle => {
            let recipient: x25519::Recipient = text.parse().ok()?;
            (recipient.to_string() == text).then(|| text.as_bytes().to_vec())
        }
        Use::Tls => {
            let pin: Pin = text.parse().ok()?;
            (pin.to_string() == text).then(|| text.as_bytes().to_vec())
        }
    }
}

/// The identifier of a public half in its text form ([`PublicKeys::text`](super::PublicKeys::text)).
fn id_of(key: Use, text: &str) -> Result<KeyId, SealError> {
    let bytes = public_bytes(key, text).ok_or(SealError::Unfit("new key"))?;
    Ok(KeyId::of(key, &bytes))
}

/// One key is followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    participant: ObjectId,
    changed: Use,
    old: KeyId,
    new: String,
    key: KeyId,
    made: Timestamp,
    signature: [u8; 64],
    /// By the new key, if it can sign: that it is in the hands of whoever takes it into use.
    possession: Option<[u8; 64]>,
}

impl Rotation {
    /// A seal or log key is followed by a new one: signed by both.
    ///
    /// # Errors
    /// [`SealError::Unfit`] when `changed` is a key that cannot sign.
    pub fn of_signing_key(
        participant: &ObjectId,
        changed: Use,
        old: &SigningKey,
        new: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        if !matches!(changed, Use::Seal | Use::Log) {
            return Err(SealError::Unfit("use"));
        }
        let old_id = KeyId::of(changed, old.verifying_key().as_bytes());
        let mut rotation = Self {
            participant: participant.clone(),
            changed,
            old: old_id.clone(),
            new: hex::encode(new.verifying_key().as_bytes()),
            key: old_id,
            made: Timestamp::from_micros(made),
            signature: [0; 64],
            possession: None,
        };
        let statement = rotation.statement()?;
        rotation.signature = statement.sign(old);
        rotation.possession = Some(statement.sign(new));
        Ok(rotation)
    }

    /// A bundle or TLS key, given by identifier and text, is followed by a new one: signed by the seal key.
    ///
    /// # Errors
    /// [`SealError::Unfit`] when `changed` is a key that signs for itself, or `new` is not such a key.
    pub fn of_other_key(
        participant: &ObjectId,
        changed: Use,
        old: KeyId,
        new: &str,
        seal: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        if !matches!(changed, Use::Bundle | Use::Tls) {
            return Err(SealError::Unfit("use"));
        }
        let mut rotation = Self {
            participant: participant.clone(),
            changed,
            old,
            new: new.to_owned(),
            key: KeyId::seal(&seal.verifying_key()),
            made: Timestamp::from_micros(made),
            signature: [0; 64],
            possession: None,
        };
        rotation.signature = rotation.statement()?.sign(seal);
        Ok(rotation)
    }

    /// Whose key.
    pub fn participant(&self) -> &ObjectId {
        &self.participant
    }

    /// Which of the four.
    pub fn changed(&self) -> Use {
        self.changed
    }

    /// The key that goes: the caller compares it with the one that it has, or an old rotation could be played again.
    pub fn old(&self) -> &KeyId {
        &self.old
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        &self.made
    }

    /// The key that signed: for seal and log the one that goes, otherwise the seal key.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// The text form of the new key, if `signer` (see [`Rotation::key`]) and, where it can, the new key itself signed for it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, signer: &VerifyingKey) -> Result<&str, SealError> {
        let malformed = SealError::Malformed("key-rotation");
        let statement = self.statement()?;
        match (self.changed, self.possession) {
            (Use::Seal | Use::Log, Some(possession)) => {
                same_key(&self.key, KeyId::of(self.changed, signer.as_bytes()))?;
                same_key(&self.old, self.key.clone())?;
                let new = public_bytes(self.changed, &self.new).ok_or(malformed)?;
                let new = VerifyingKey::try_from(&new[..]).map_err(|_| SealError::Forged)?;
                statement.verify(&new, &possession)?;
            }
            (Use::Bundle | Use::Tls, None) => same_key(&self.key, KeyId::seal(signer))?,
            _ => return Err(malformed),
        }
        statement.verify(signer, &self.signature)?;
        Ok(&self.new)
    }

    /// The record: one object of type `key-rotation`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let fields = json!({
            "key_use": self.changed.name(),
            "old_key": self.old.as_str(),
            "new_key": self.new,
            "possession": self.possession.map(hex::encode),
        });
        let record = Record {
            kind: "key-rotation",
            author: &self.participant,
            made: &self.made,
            markings: &[],
            key: &self.key,
            fields,
        };
        record.compose(&self.statement()?, &self.signature)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Rotation::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "key-rotation")?;
        let mut possession = None;
        if let Some(digits) = members.optional("possession")? {
            let bytes = hex::decode(digits)
                .ok()
                .and_then(|bytes| bytes.try_into().ok());
            possession = Some(bytes.ok_or_else(|| members.malformed())?);
        }
        let rotation = Self {
            participant: members.id("created_by_ref")?,
            changed: Use::parse(&members.text("key_use")?).ok_or_else(|| members.malformed())?,
            old: members
                .text("old_key")?
                .parse()
                .map_err(|_| members.malformed())?,
            new: members.text("new_key")?,
            key: members.key()?,
            made: members.time("created")?,
            signature: members.signature()?,
            possession,
        };
        members.is(&rotation.record()?)?;
        Ok(rotation)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        Statement::new("entente-key-rotation/v1")
            .line("participant", self.participant.as_str())?
            .line("use", self.changed.name())?
            .line("old", self.old.as_str())?
            .line("new", id_of(self.changed, &self.new)?.as_str())?
            .line("new-key", &self.new)?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())
    }
}

/// Why a key is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody else has it: nothing that it signed after the time counts.
    Stolen,
    /// Nobody has it any more.
    Lost,
    /// It has done its service.
    Retired,
}

impl Why {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stolen => "stolen",
            Self::Lost => "lost",
            Self::Retired => "retired",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        let all = [Self::Stolen, Self::Lost, Self::Retired];
        all.into_iter().find(|why| why.name() == name)
    }
}

/// A key is not to be relied on any more. Signed by the seal key, also for itself: a thief who revokes a stolen key does no harm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    participant: ObjectId,
    revoked: KeyId,
    why: Why,
    since: Timestamp,
    key: KeyId,
    made: Timestamp,
    signature: [u8; 64],
}

impl Revocation {
    /// Revokes a key. `since` is when it was last certainly in the right hands.
    ///
    /// # Errors
    /// When a value cannot stand in a signed text.
    pub fn make(
        participant: &ObjectId,
        revoked: KeyId,
        why: Why,
        since: Micros,
        seal: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let mut revocation = Self {
            participant: participant.clone(),
            revoked,
            why,
            since: Timestamp::from_micros(since),
            key: KeyId::seal(&seal.verifying_key()),
            made: Timestamp::from_micros(made),
            signature: [0; 64],
        };
        revocation.signature = revocation.statement()?.sign(seal);
        Ok(revocation)
    }

    /// Whose key.
    pub fn participant(&self) -> &ObjectId {
        &self.participant
    }

    /// The key that signed.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// The revoked key, why, and since when, if the seal key signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, seal: &VerifyingKey) -> Result<(&KeyId, Why, &Timestamp), SealError> {
        same_key(&self.key, KeyId::seal(seal))?;
        self.statement()?.verify(seal, &self.signature)?;
        Ok((&self.revoked, self.why, &self.since))
    }

    /// The record: one object of type `key-revocation`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let record = Record {
            kind: "key-revocation",
            author: &self.participant,
            made: &self.made,
            markings: &[],
            key: &self.key,
            fields: json!({
                "revoked_key": self.revoked.as_str(),
                "why": self.why.name(),
                "since": self.since.as_str(),
            }),
        };
        record.compose(&self.statement()?, &self.signature)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Revocation::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "key-revocation")?;
        let revocation = Self {
            participant: members.id("created_by_ref")?,
            revoked: members
                .text("revoked_key")?
                .parse()
                .map_err(|_| members.malformed())?,
            why: Why::parse(&members.text("why")?).ok_or_else(|| members.malformed())?,
            since: members.time("since")?,
            key: members.key()?,
            made: members.time("created")?,
            signature: members.signature()?,
        };
        members.is(&revocation.record()?)?;
        Ok(revocation)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        Statement::new("entente-key-revocation/v1")
            .line("participant", self.participant.as_str())?
            .line("revoked", self.revoked.as_str())?
            .line("why", self.why.name())?
            .line("since", self.since.as_str())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())
    }
}
