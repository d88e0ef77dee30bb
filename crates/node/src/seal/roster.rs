//! Rosters: who belongs to a circle, sealed by the participant that keeps it. Invariant: a roster is whole, so whoever has the last one
//! needs no other; and a circle's id is made from its owner and a number that only rosters name, so that whoever knows the id, or is a
//! member, cannot make a roster for it.

use ed25519_dalek::SigningKey;
use policy::{CircleId, Epoch, Member};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use stix::ObjectId;

use super::{Members, Says, SealError, Signed, Signer, Statement};
use crate::clock::Micros;

/// How ids begin that are made from their owner. Those of circles made before are random and begin otherwise.
const MADE: &str = "c1.";

/// A circle's id, with what shows whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleName {
    /// The opaque id, which labels carry.
    pub id: CircleId,
    /// What it is made from beside its owner; none for an id that is random.
    pub nonce: Option<String>,
}

impl CircleName {
    /// The name of a new circle of this owner. Without the nonce the id tells nothing of the owner.
    ///
    /// # Errors
    /// [`SealError::Unfit`] when the nonce cannot stand in a signed text.
    pub fn of(owner: &ObjectId, nonce: &str) -> Result<Self, SealError> {
        let made = Statement::new("entente-circle/v1")
            .line("owner", owner.as_str())?
            .line("nonce", nonce)?;
        let id = format!("{MADE}{}", hex::encode(Sha256::digest(made.text())));
        Ok(Self {
            id: CircleId::parse(&id).map_err(|_| SealError::Unfit("circle"))?,
            nonce: Some(nonce.to_owned()),
        })
    }

    /// Whether the owner's is the only roster that can fit an id.
    pub(crate) fn is_made(id: &CircleId) -> bool {
        id.as_str().starts_with(MADE)
    }
}

impl From<CircleId> for CircleName {
    fn from(id: CircleId) -> Self {
        Self { id, nonce: None }
    }
}

/// A circle as its owner says it is.
pub type Roster = Signed<Belonging>;

/// What a roster says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging {
    circle: CircleName,
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
        circle: &CircleName,
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
        &self.says().circle.id
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
        let mut begin = Statement::new("entente-roster/v1")
            .line("owner", signer.by().as_str())?
            .line("circle", self.circle.id.as_str())?;
        if let Some(nonce) = &self.circle.nonce {
            begin = begin.line("nonce", nonce)?;
        }
        let begin = begin
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
            "circle": self.circle.id.as_str(),
            "nonce": self.circle.nonce,
            "name": self.name,
            "epoch": self.epoch.to_string(),
            "members": members.collect::<Vec<Value>>(),
        })
    }

    fn read(members: &Members<'_>) -> Result<Self, SealError> {
        let belongs = members
            .items("members")
            .map(|item| Ok((item.parsed("member")?, kept(&item, "since")?)));
        let id = CircleId::parse(&members.text("circle")?).map_err(|_| members.malformed())?;
        Ok(Self {
            circle: CircleName {
                id,
                nonce: members.optional("nonce")?,
            },
            name: members.text("name")?,
            epoch: kept(members, "epoch")?,
            members: belongs.collect::<Result<_, SealError>>()?,
        })
    }

    fn holds(&self, signer: &Signer, _statement: &Statement) -> Result<(), SealError> {
        let CircleName { id, nonce } = &self.circle;
        let fits = match nonce {
            Some(nonce) => CircleName::of(signer.by(), nonce)?.id == *id,
            None => !CircleName::is_made(id),
        };
        fits.then_some(()).ok_or(SealError::OthersCircle)
    }
}

/// An epoch that can be kept.
fn kept(members: &Members<'_>, name: &'static str) -> Result<Epoch, SealError> {
    let epoch: Epoch = members.parsed(name)?;
    match i64::try_from(epoch) {
        Ok(_) => Ok(epoch),
        Err(_) => Err(members.malformed()),
    }
}
