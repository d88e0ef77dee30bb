//! What becomes of keys: rotation and revocation, as signed records that peers get like any other. Invariant: a key is followed by another
//! only if the old one (or, for keys that cannot sign, the seal key) says so; otherwise people confirm anew by words.

use age::x25519;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::{Value, json};
use stix::{ObjectId, Timestamp};

use super::{KeyId, Pin, Use};
use crate::clock::Micros;
use crate::seal::{Members, Says, SealError, Signed, Signer, Statement, same_key};

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
pub struct Rotated {
    changed: Use,
    old: KeyId,
    /// The text form of the new key.
    pub new: String,
    /// By the new key, if it can sign: that it is in the hands of whoever takes it into use. It stands beside the statement.
    possession: Option<[u8; 64]>,
}

/// One key is followed by another. The key that signed is the one that goes for seal and log, otherwise the seal key.
pub type Rotation = Signed<Rotated>;

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
        let says = Rotated {
            changed,
            old: KeyId::of(changed, old.verifying_key().as_bytes()),
            new: hex::encode(new.verifying_key().as_bytes()),
            possession: None,
        };
        Self::sign_with(says, participant, old, made, |says, statement| {
            says.possession = Some(statement.sign(new));
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
        let says = Rotated {
            changed,
            old,
            new: new.to_owned(),
            possession: None,
        };
        Self::sign(says, participant, seal, made)
    }

    /// Which of the four.
    pub fn changed(&self) -> Use {
        self.says().changed
    }

    /// The key that goes: the caller compares it with the one that it has, or an old rotation could be played again.
    pub fn old(&self) -> &KeyId {
        &self.says().old
    }
}

impl Says for Rotated {
    const KIND: &'static str = "key-rotation";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-key-rotation/v1")
            .line("participant", signer.by().as_str())?
            .line("use", self.changed.name())?
            .line("old", self.old.as_str())?
            .line("new", id_of(self.changed, &self.new)?.as_str())?
            .line("new-key", &self.new)?;
        signer.lines(statement)
    }

    fn fields(&self) -> Value {
        json!({
            "key_use": self.changed.name(),
            "old_key": self.old.as_str(),
            "new_key": self.new,
            "possession": self.possession.map(hex::encode),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        let mut possession = None;
        if let Some(digits) = members.optional("possession")? {
            let bytes = hex::decode(digits)
                .ok()
                .and_then(|bytes| bytes.try_into().ok());
            possession = Some(bytes.ok_or_else(|| members.malformed())?);
        }
        Ok(Self {
            changed: Use::parse(&members.text("key_use")?).ok_or_else(|| members.malformed())?,
            old: members.parsed("old_key")?,
            new: members.text("new_key")?,
            possession,
        })
    }

    fn key_id(&self, key: &VerifyingKey) -> KeyId {
        match self.changed {
            Use::Seal | Use::Log => KeyId::of(self.changed, key.as_bytes()),
            Use::Bundle | Use::Tls => KeyId::seal(key),
        }
    }

    /// A key that signs for itself is the one that goes, and the new one has signed, too.
    fn holds(&self, signer: &Signer, statement: &Statement) -> Result<(), SealError> {
        let malformed = SealError::Malformed(Self::KIND);
        match (self.changed, self.possession) {
            (Use::Seal | Use::Log, Some(possession)) => {
                same_key(&self.old, signer.key().clone())?;
                let new = public_bytes(self.changed, &self.new).ok_or(malformed)?;
                let new = VerifyingKey::try_from(&new[..]).map_err(|_| SealError::Forged)?;
                statement.verify(&new, &possession)
            }
            (Use::Bundle | Use::Tls, None) => Ok(()),
            _ => Err(malformed),
        }
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
pub type Revocation = Signed<Revoked>;

/// What a revocation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// The key.
    pub key: KeyId,
    /// Why.
    pub why: Why,
    /// When it was last certainly in the right hands.
    pub since: Timestamp,
}

impl Revoked {
    /// That a key is not to be relied on, if it ever was, after `since`.
    pub fn new(key: KeyId, why: Why, since: Micros) -> Self {
        let since = Timestamp::from_micros(since);
        Self { key, why, since }
    }
}

impl Says for Revoked {
    const KIND: &'static str = "key-revocation";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let statement = Statement::new("entente-key-revocation/v1")
            .line("participant", signer.by().as_str())?
            .line("revoked", self.key.as_str())?
            .line("why", self.why.name())?
            .line("since", self.since.as_str())?;
        signer.lines(statement)
    }

    fn fields(&self) -> Value {
        json!({
            "revoked_key": self.key.as_str(),
            "why": self.why.name(),
            "since": self.since.as_str(),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        Ok(Self {
            key: members.parsed("revoked_key")?,
            why: Why::parse(&members.text("why")?).ok_or_else(|| members.malformed())?,
            since: members.time("since")?,
        })
    }
}
