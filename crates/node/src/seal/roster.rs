//! Rosters: who belongs to a circle, sealed by the participant that keeps it. Invariant: a roster is whole, so whoever has the last one
//! needs no other.

use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::{CircleId, Epoch, Member};
use serde_json::{Value, json};
use stix::{Object, ObjectId, Timestamp};

use super::{Members, Record, SealError, Statement, same_key};
use crate::clock::Micros;
use crate::keys::KeyId;

/// A circle as its owner says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    owner: ObjectId,
    circle: CircleId,
    name: String,
    epoch: Epoch,
    members: Vec<(Member, Epoch)>,
    key: KeyId,
    made: Timestamp,
    signature: [u8; 64],
}

impl Roster {
    /// Seals a roster: each member with the epoch in which it joined.
    ///
    /// # Errors
    /// [`SealError::Unfit`] when the name cannot stand in a signed text.
    pub fn make(
        owner: &ObjectId,
        circle: &CircleId,
        name: &str,
        epoch: Epoch,
        members: Vec<(Member, Epoch)>,
        key: &SigningKey,
        made: Micros,
    ) -> Result<Self, SealError> {
        let mut roster = Self {
            owner: owner.clone(),
            circle: circle.clone(),
            name: name.to_owned(),
            epoch,
            members,
            key: KeyId::seal(&key.verifying_key()),
            made: Timestamp::from_micros(made),
            signature: [0; 64],
        };
        roster.signature = roster.statement()?.sign(key);
        Ok(roster)
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// Who keeps the circle.
    pub fn owner(&self) -> &ObjectId {
        &self.owner
    }

    /// The circle's opaque id.
    pub fn circle(&self) -> &CircleId {
        &self.circle
    }

    /// Its name, for members only.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How often somebody has joined.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Who belongs to it, and since which epoch.
    pub fn members(&self) -> &[(Member, Epoch)] {
        &self.members
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        &self.made
    }

    /// Whether `key` signed it.
    ///
    /// # Errors
    /// When another key signed it, or none.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        same_key(&self.key, KeyId::seal(key))?;
        self.statement()?.verify(key, &self.signature)
    }

    /// The record: one object of type `roster`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let members = self.members.iter().map(
            |(member, since)| json!({ "member": member.to_string(), "since": since.to_string() }),
        );
        let fields = json!({
            "circle": self.circle.as_str(),
            "name": self.name,
            "epoch": self.epoch.to_string(),
            "members": members.collect::<Vec<Value>>(),
        });
        let record = Record {
            kind: "roster",
            author: &self.owner,
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
    /// [`SealError::Malformed`] unless it is exactly what [`Roster::record`] writes.
    pub fn read(record: &Object<'_>) -> Result<Self, SealError> {
        let members = Members::of(record, "roster")?;
        let number = |of: &Members<'_>, name| -> Result<Epoch, SealError> {
            of.text(name)?.parse().map_err(|_| of.malformed())
        };
        let belongs = members.items("members").map(|item| {
            let member = item.text("member")?.parse();
            Ok((
                member.map_err(|_| item.malformed())?,
                number(&item, "since")?,
            ))
        });
        let circle = CircleId::parse(&members.text("circle")?);
        let roster = Self {
            owner: members.id("created_by_ref")?,
            circle: circle.map_err(|_| members.malformed())?,
            name: members.text("name")?,
            epoch: number(&members, "epoch")?,
            members: belongs.collect::<Result<_, SealError>>()?,
            key: members.key()?,
            made: members.time("created")?,
            signature: members.signature()?,
        };
        members.is(&roster.record()?)?;
        Ok(roster)
    }

    fn statement(&self) -> Result<Statement, SealError> {
        let begin = Statement::new("entente-roster/v1")
            .line("owner", self.owner.as_str())?
            .line("circle", self.circle.as_str())?
            .line("name", &self.name)?
            .line("epoch", &self.epoch.to_string())?
            .line("key", self.key.as_str())?
            .line("made", self.made.as_str())?;
        self.members
            .iter()
            .try_fold(begin, |statement, (member, since)| {
                statement.line("member", &format!("{member} {since}"))
            })
    }
}
