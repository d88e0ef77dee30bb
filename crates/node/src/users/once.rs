//! Codes and links that work once: an invitation, a way back in, a way in for the demonstration.

use anyhow::Result;
use serde_json::{Value, json};
use stix::ObjectId;
use zeroize::Zeroizing;

use super::actor::{Actor, Refused};
use super::codes;
use super::register::State;
use super::rights::Right;
use super::sessions::{Method, Opened, open_session};
use super::vouched::{self, opening};
use crate::clock::{DAY, HOUR, Micros};
use crate::node::Node;
use crate::pending::Pending;
use crate::writer::Change;

/// What a one-time secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// Somebody new chooses how to sign in.
    Invitation,
    /// Somebody who has lost the way chooses anew.
    Recovery,
    /// Signs in at once, from the terminal of the node's machine: the demonstration's links.
    Link,
}

/// A one-time secret that was just made. It is shown this once.
#[derive(Debug, Clone)]
pub struct OneTime {
    /// The secret, for a link.
    pub secret: Zeroizing<String>,
    /// Until when it works.
    pub expires: Micros,
    /// What it is for.
    pub kind: Once,
}

impl Once {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
            Self::Link => "link",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Invitation, Self::Recovery, Self::Link]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    fn lasts(self) -> Micros {
        match self {
            Self::Invitation => 7 * DAY,
            Self::Recovery => HOUR,
            Self::Link => DAY,
        }
    }
}

impl OneTime {
    /// The path that uses it: `/welcome?code=` for somebody who then chooses how to sign in, `/enter?key=` for a link.
    #[must_use]
    pub fn path(&self) -> String {
        match self.kind {
            Once::Invitation | Once::Recovery => format!("/welcome?code={}", *self.secret),
            Once::Link => format!("/enter?key={}", *self.secret),
        }
    }
}

/// Makes one; what there was of its kind for this person works no more.
/// The trail vouches for it by the digest that is returned beside it.
pub(crate) fn make(
    change: &mut Change<'_, '_>,
    person: &ObjectId,
    kind: Once,
) -> Result<(OneTime, String)> {
    if kind != Once::Link {
        change.txn.drop_once_of(person.as_str(), kind.as_str())?;
    }
    let secret = codes::secret(change.chance);
    let expires = change.now.saturating_add(kind.lasts());
    let once = store::Once {
        secret: codes::digest(&secret),
        kind: kind.as_str().to_owned(),
        person: Some(person.to_string()),
        created: change.now,
        expires,
        used: None,
    };
    change.txn.add_once(&once)?;
    let made = OneTime {
        secret,
        expires,
        kind,
    };
    Ok((made, vouched::code(&once)))
}

impl Node {
    /// Makes a link by which somebody chooses how to sign in: for the first time, or anew after losing everything. From an
    /// administrator, or from the terminal.
    ///
    /// # Errors
    /// [`Refused`]; when the person does not sign in here.
    pub fn one_time(&self, person: &ObjectId, kind: Once, by: &Actor) -> Pending<OneTime> {
        let (person, by) = (person.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            if kind == Once::Link && !by.is_at_terminal() {
                return Err(Refused::NotAllowed(Right::Operate).into());
            }
            let login = change.txn.login(person.as_str())?;
            let login =
                login.ok_or_else(|| anyhow::anyhow!("{person} does not sign in at this node"))?;
            if State::parse(&login.state) == State::Suspended {
                anyhow::bail!("{} is suspended; let them in again first", login.name);
            }
            let (made, digest) = make(change, &person, kind)?;
            let detail = opening(json!({ "kind": kind.as_str() }), digest);
            change.note(&by, "user.code", person.as_str(), &detail)?;
            Ok(made)
        })
    }

    /// Whether a one-time secret would work, and for whom: without using it up.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn peek(&self, secret: &str) -> Result<Option<(Once, ObjectId)>> {
        let (reader, now) = (self.read()?, self.now());
        let found = reader.once(&codes::digest(secret))?;
        let found = found.filter(|once| once.used.is_none() && now < once.expires);
        Ok(found.and_then(|once| {
            Some((
                Once::parse(&once.kind)?,
                ObjectId::parse(once.person.as_deref()?).ok()?,
            ))
        }))
    }

    /// Uses up a one-time secret: a session begins. After a recovery all other sessions and tokens of the person are over.
    ///
    /// # Errors
    /// [`Refused::NoSuchCode`]; those of the storage.
    pub fn redeem(&self, secret: &str, origin: &str) -> Pending<Opened> {
        let (digest, origin) = (codes::digest(secret), origin.to_owned());
        self.change(move |change| {
            let once = change.txn.once(&digest)?;
            let once = once.filter(|once| once.used.is_none() && change.now < once.expires);
            let once = once.ok_or(Refused::NoSuchCode)?;
            let kind = Once::parse(&once.kind).ok_or(Refused::NoSuchCode)?;
            let person = once.person.as_deref().ok_or(Refused::NoSuchCode)?;
            let login = change.txn.login(person)?.ok_or(Refused::NoSuchCode)?;
            if State::parse(&login.state) == State::Suspended {
                return Err(Refused::NoSuchCode.into());
            }
            if !change.txn.use_once(&digest, change.now)? {
                return Err(Refused::NoSuchCode.into());
            }
            let method = match kind {
                Once::Invitation => Method::Invitation,
                Once::Recovery => {
                    change.txn.end_sessions(person, 0, change.now)?;
                    change.txn.revoke_tokens(person, change.now)?;
                    Method::Recovery
                }
                Once::Link => Method::Link,
            };
            open_session(change, &login, method, &origin, Value::Null)
        })
    }
}
