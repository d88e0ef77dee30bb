//! What becomes of keys: rotation and revocation, as signed records that peers get like any other. Invariant: a key is followed by another
//! only if the old one (or, for keys that cannot sign, the seal key) says so; otherwise people confirm anew by words.

use age::x25519;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::json;
use stix::{Object, ObjectId, Timestamp};

use super::{KeyId, Pin, Use};
use crate::clock::Micros;
use crate::seal::{Members, SealError, Signed, Statement, same_key};

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

/// What a rotation says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    changed: Use,
    old: KeyId,
    new: String,
}

/// One key is followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    says: Change,
    signed: Signed,
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
        let id = KeyId::of(changed, old.verifying_key().as_bytes());
        let says = Change {
            changed,
            old: id.clone(),
            new: hex::encode(new.verifying_key().as_bytes()),
        };
        let signed = Signed::sign_as(id, participant, old, made, |signed| says.statement(signed))?;
        let possession = Some(says.statement(&signed)?.sign(new));
        Ok(Self {
            says,
            signed,
            possession,
        })
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
        let says = Change {
            changed,
            old,
            new: new.to_owned(),
        };
        let signed = Signed::sign(participant, seal, made, |signed| says.statement(signed))?;
        Ok(Self {
            says,
            signed,
            possession: None,
        })
    }

    /// Whose key.
    pub fn participant(&self) -> &ObjectId {
        self.signed.by()
    }

    /// Which of the four.
    pub fn changed(&self) -> Use {
        self.says.changed
    }

    /// The key that goes: the caller compares it with the one that it has, or an old rotation could be played again.
    pub fn old(&self) -> &KeyId {
        &self.says.old
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        self.signed.made()
    }

    /// The key that signed: for seal and log the one that goes, otherwise the seal key.
    pub fn key(&self) -> &KeyId {
        self.signed.key()
    }

    /// The text form of the new key, if `signer` (see [`Rotation::key`]) and, where it can, the new key itself signed for it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, signer: &VerifyingKey) -> Result<&str, SealError> {
        let malformed = SealError::Malformed("key-rotation");
        let (says, signed) = (&self.says, &self.signed);
        let statement = says.statement(signed)?;
        match (says.changed, self.possession) {
            (Use::Seal | Use::Log, Some(possession)) => {
                same_key(signed.key(), KeyId::of(says.changed, signer.as_bytes()))?;
                same_key(&says.old, signed.key().clone())?;
                let new = public_bytes(says.changed, &says.new).ok_or(malformed)?;
                let new = VerifyingKey::try_from(&new[..]).map_err(|_| SealError::Forged)?;
                statement.verify(&new, &possession)?;
            }
            (Use::Bundle | Use::Tls, None) => same_key(signed.key(), KeyId::seal(signer))?,
            _ => return Err(malformed),
        }
        signed.verify(signer, &statement)?;
        Ok(&says.new)
    }

    /// The record: one object of type `key-rotation`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let fields = json!({
            "key_use": self.says.changed.name(),
            "old_key": self.says.old.as_str(),
            "new_key": self.says.new,
            "possession": self.possession.map(hex::encode),
        });
        let statement = self.says.statement(&self.signed)?;
        self.signed.record("key-rotation", fields, &statement)
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
            says: Change {
                changed: Use::parse(&members.text("key_use")?)
                    .ok_or_else(|| members.malformed())?,
                old: members
                    .text("old_key")?
                    .parse()
                    .map_err(|_| members.malformed())?,
                new: members.text("new_key")?,
            },
            signed: Signed::read(&members)?,
            possession,
        };
        members.is(&rotation.record()?)?;
        Ok(rotation)
    }
}

impl Change {
    fn statement(&self, signed: &Signed) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-key-rotation/v1")
            .line("participant", signed.by().as_str())?
            .line("use", self.changed.name())?
            .line("old", self.old.as_str())?
            .line("new", id_of(self.changed, &self.new)?.as_str())?
            .line("new-key", &self.new)?;
        signed.lines(statement)
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
    says: Revoked,
    signed: Signed,
}

/// What a revocation says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Revoked {
    key: KeyId,
    why: Why,
    since: Timestamp,
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
        let says = Revoked {
            key: revoked,
            why,
            since: Timestamp::from_micros(since),
        };
        let signed = Signed::sign(participant, seal, made, |signed| says.statement(signed))?;
        Ok(Self { says, signed })
    }

    /// Whose key.
    pub fn participant(&self) -> &ObjectId {
        self.signed.by()
    }

    /// The key that signed.
    pub fn key(&self) -> &KeyId {
        self.signed.key()
    }

    /// The revoked key, why, and since when, if the seal key signed it.
    ///
    /// # Errors
    /// Says what does not fit.
    pub fn check(&self, seal: &VerifyingKey) -> Result<(&KeyId, Why, &Timestamp), SealError> {
        let says = &self.says;
        self.signed.check(seal, &says.statement(&self.signed)?)?;
        Ok((&says.key, says.why, &says.since))
    }

    /// The record: one object of type `key-revocation`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let fields = json!({
            "revoked_key": says.key.as_str(),
            "why": says.why.name(),
            "since": says.since.as_str(),
        });
        let statement = says.statement(&self.signed)?;
        self.signed.record("key-revocation", fields, &statement)
    }

    /// Reads such a record. Nothing is verified yet.
    ///
    /// # Errors
    /// [`SealError::Malformed`] unless it is exactly what [`Revocation::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "key-revocation")?;
        let revocation = Self {
            says: Revoked {
                key: members
                    .text("revoked_key")?
                    .parse()
                    .map_err(|_| members.malformed())?,
                why: Why::parse(&members.text("why")?).ok_or_else(|| members.malformed())?,
                since: members.time("since")?,
            },
            signed: Signed::read(&members)?,
        };
        members.is(&revocation.record()?)?;
        Ok(revocation)
    }
}

impl Revoked {
    fn statement(&self, signed: &Signed) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-key-revocation/v1")
            .line("participant", signed.by().as_str())?
            .line("revoked", self.key.as_str())?
            .line("why", self.why.name())?
            .line("since", self.since.as_str())?;
        signed.lines(statement)
    }
}
