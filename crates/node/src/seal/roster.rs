//! Rosters: who belongs to a circle, sealed by the participant that keeps it. Invariant: a roster is whole, so whoever has the last one
//! needs no other.

use ed25519_dalek::{SigningKey, VerifyingKey};
use policy::{CircleId, Epoch, Member};
use serde_json::{Value, json};
use stix::{Object, ObjectId, Timestamp};

use super::{Members, SealError, Signed, Statement};
use crate::clock::Micros;
use crate::keys::KeyId;

/// A circle as its owner says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    says: Says,
    signed: Signed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Says {
    circle: CircleId,
    name: String,
    epoch: Epoch,
    members: Vec<(Member, Epoch)>,
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
        let says = Says {
            circle: circle.clone(),
            name: name.to_owned(),
            epoch,
            members,
        };
        let signed = Signed::sign(owner, key, made, |signed| says.statement(signed))?;
        Ok(Self { says, signed })
    }

    /// The key that it says it is signed with.
    pub fn key(&self) -> &KeyId {
        self.signed.key()
    }

    /// Who keeps the circle.
    pub fn owner(&self) -> &ObjectId {
        self.signed.by()
    }

    /// The circle's opaque id.
    pub fn circle(&self) -> &CircleId {
        &self.says.circle
    }

    /// Its name, for members only.
    pub fn name(&self) -> &str {
        &self.says.name
    }

    /// How often somebody has joined.
    pub fn epoch(&self) -> Epoch {
        self.says.epoch
    }

    /// Who belongs to it, and since which epoch.
    pub fn members(&self) -> &[(Member, Epoch)] {
        &self.says.members
    }

    /// When it was made.
    pub fn made(&self) -> &Timestamp {
        self.signed.made()
    }

    /// Whether `key` signed it.
    ///
    /// # Errors
    /// When another key signed it, or none.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), SealError> {
        self.signed.check(key, &self.says.statement(&self.signed)?)
    }

    /// The record: one object of type `roster`, always the same bytes.
    ///
    /// # Errors
    /// When a value cannot stand in it.
    pub fn record(&self) -> Result<String, SealError> {
        let says = &self.says;
        let members = says.members.iter().map(
            |(member, since)| json!({ "member": member.to_string(), "since": since.to_string() }),
        );
        let fields = json!({
            "circle": says.circle.as_str(),
            "name": says.name,
            "epoch": says.epoch.to_string(),
            "members": members.collect::<Vec<Value>>(),
        });
        let statement = says.statement(&self.signed)?;
        self.signed.record("roster", fields, &statement)
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
            says: Says {
                circle: circle.map_err(|_| members.malformed())?,
                name: members.text("name")?,
                epoch: number(&members, "epoch")?,
                members: belongs.collect::<Result<_, SealError>>()?,
            },
            signed: Signed::read(&members)?,
        };
        members.is(&roster.record()?)?;
        Ok(roster)
    }
}

impl Says {
    fn statement(&self, signed: &Signed) -> Result<Statement, SealError> {
        let begin = Statement::new("entente-roster/v1")
            .line("owner", signed.by().as_str())?
            .line("circle", self.circle.as_str())?
            .line("name", &self.name)?
            .line("epoch", &self.epoch.to_string())?;
        self.members
            .iter()
            .try_fold(signed.lines(begin)?, |statement, (member, since)| {
                statement.line("member", &format!("{member} {since}"))
            })
    }
}
