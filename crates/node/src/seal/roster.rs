//! Rosters: who belongs to a circle, sealed by the participant that keeps it. Invariant: a roster is whole, so whoever has the last one
//! needs no other.

use ed25519_dalek::SigningKey;
use policy::{CircleId, Epoch, Member};
use serde_json::{Value, json};
use stix::ObjectId;

use super::{Members, Says, SealError, Signed, Signer, Statement};
use crate::clock::Micros;

/// A circle as its owner says it is.
pub type Roster = Signed<Belonging>;

/// What a roster says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
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
        let says = Belonging {
            circle: circle.clone(),
            name: name.to_owned(),
            epoch,
            members,
        };
        Self::sign(says, owner, key, made)
    }

    /// The circle's opaque id.
    pub fn circle(&self) -> &CircleId {
        &self.says().circle
    }

    /// Its name, for members only.
    pub fn name(&self) -> &str {
        &self.says().name
    }

    /// How often somebody has joined.
    pub fn epoch(&self) -> Epoch {
        self.says().epoch
    }

    /// Who belongs to it, and since which epoch.
    pub fn members(&self) -> &[(Member, Epoch)] {
        &self.says().members
    }
}

impl Says for Belonging {
    const KIND: &'static str = "roster";

    fn statement(&self, signer: &Signer) -> Result<Statement, SealError> {
        let begin = Statement::new("entente-roster/v1")
            .line("owner", signer.by().as_str())?
            .line("circle", self.circle.as_str())?
            .line("name", &self.name)?
            .line("epoch", &self.epoch.to_string())?;
        self.members
            .iter()
            .try_fold(signer.lines(begin)?, |statement, (member, since)| {
                statement.line("member", &format!("{member} {since}"))
            })
    }

    fn fields(&self) -> Value {
        let members = self.members.iter().map(
            |(member, since)| json!({ "member": member.to_string(), "since": since.to_string() }),
        );
        json!({
            "circle": self.circle.as_str(),
            "name": self.name,
            "epoch": self.epoch.to_string(),
            "members": members.collect::<Vec<Value>>(),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        let belongs = members
            .items("members")
            .map(|item| Ok((item.parsed("member")?, item.parsed("since")?)));
        let circle = CircleId::parse(&members.text("circle")?);
        Ok(Self {
            circle: circle.map_err(|_| members.malformed())?,
            name: members.text("name")?,
            epoch: members.parsed("epoch")?,
            members: belongs.collect::<Result<_, SealError>>()?,
        })
    }
}
