//! Sessions: who is signed in, since when, from where. Invariant: of a session's secret there is only the hash; ending one, suspending
//! its owner or changing their roles holds from the next request on, because every request looks here.

use std::fmt;

use anyhow::{Context, Result};
use policy::Viewer;
use serde_json::{Value, json};
use stix::ObjectId;
use store::Login;
use zeroize::Zeroizing;

use super::actor::{Actor, Refused, Through};
use super::codes;
use super::register::State;
use super::rights::{Right, Roles};
use super::vouched::{self, opening};
use crate::clock::{DAY, HOUR, Micros, SECOND};
use crate::node::Node;
use crate::pending::Pending;
use crate::writer::Change;

/// How long a session lasts without being used.
const IDLE: Micros = 8 * HOUR;
/// How long it lasts at all.
const WHOLE: Micros = 7 * DAY;
/// How long somebody has to choose how to sign in.
const ENROLLING: Micros = HOUR;
/// How exactly the last use is noted.
const NOTED: Micros = 300 * SECOND;
/// The most characters that are kept of where somebody came from.
const ORIGIN: usize = 200;

/// With what somebody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A passkey.
    Passkey,
    /// A password and a code by time.
    Password,
    /// A recovery code, with the password where there is one.
    RecoveryCode,
    /// A provider of identities (OpenID Connect).
    OpenId,
    /// The one-time code of set-up: to choose how to sign in, and nothing else.
    SetUp,
    /// An invitation: the same.
    Invitation,
    /// A recovery link: the same.
    Recovery,
    /// A link printed on the terminal.
    Link,
}

impl Method {
    const ALL: [Self; 8] = [
        Self::Passkey,
        Self::Password,
        Self::RecoveryCode,
        Self::OpenId,
        Self::SetUp,
        Self::Invitation,
        Self::Recovery,
        Self::Link,
    ];

    /// Its name in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::RecoveryCode => "recovery-code",
            Self::OpenId => "openid",
            Self::SetUp => "set-up",
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
            Self::Link => "link",
        }
    }

    /// What is not known enrolls: it allows the least.
    pub(crate) fn parse(text: &str) -> Self {
        let known = Self::ALL.into_iter().find(|method| method.as_str() == text);
        known.unwrap_or(Self::Recovery)
    }

    /// Whether such a session is for choosing how to sign in only.
    #[must_use]
    pub fn enrolls(self) -> bool {
        matches!(self, Self::SetUp | Self::Invitation | Self::Recovery)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A session that goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub number: i64,
    /// With what it began.
    pub method: Method,
    /// From where, for its owner to recognize.
    pub origin: String,
    /// Since when.
    pub created: Micros,
    /// When it was last used, to some minutes.
    pub seen: Micros,
    /// When it ends whatever happens.
    pub expires: Micros,
}

/// A session that has just begun or been renewed.
#[derive(Debug, Clone)]
pub struct Opened {
    /// For the cookie; kept nowhere here.
    pub secret: Zeroizing<String>,
    /// Who is signed in now.
    pub actor: Actor,
}

/// Begins a session of somebody who has proved who they are.
pub(crate) fn open_session(
    change: &mut Change<'_, '_>,
    login: &Login,
    method: Method,
    origin: &str,
    detail: Value,
) -> Result<Opened> {
    let secret = codes::secret(change.chance);
    let lasts = if method.enrolls() { ENROLLING } else { WHOLE };
    let mut session = store::Session {
        id: 0,
        secret: codes::digest(&secret),
        person: login.person.clone(),
        method: method.as_str().to_owned(),
        origin: origin.chars().take(ORIGIN).collect(),
        created: change.now,
        seen: change.now,
        expires: change.now.saturating_add(lasts),
        ended: None,
    };
    session.id = change.txn.add_session(&session)?;
    let actor = actor_in(change, login, method, session.id)?;
    let mut told = json!({ "method": method.as_str() });
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), detail) {
        told.extend(more);
    }
    let told = opening(told, vouched::session(&session));
    change.note(&actor, "session.open", &login.person, &told)?;
    Ok(Opened { secret, actor })
}

fn actor_in(change: &Change<'_, '_>, login: &Login, method: Method, number: i64) -> Result<Actor> {
    let person = change.txn.person(&login.person)?;
    let name = person.map_or_else(|| login.name.clone(), |person| person.name);
    actor_of(login, name, method, number, |person| {
        change
            .register
            .viewer(change.register.home(), Some(person), false)
    })
}

/// Who somebody is, by their row and the way in which they came.
pub(super) fn actor_of(
    login: &Login,
    name: String,
    method: Method,
    number: i64,
    viewer: impl FnOnce(&ObjectId) -> Viewer,
) -> Result<Actor> {
    let enrolling = method.enrolls() || State::parse(&login.state) == State::Invited;
    let roles = if enrolling {
        Roles::none()
    } else {
        Roles::parse(&login.roles)?
    };
    let person = ObjectId::parse(&login.person)?;
    let viewer = if roles.allow(Right::Read) {
        viewer(&person)
    } else {
        Viewer::public()
    };
    Ok(Actor {
        person,
        name,
        roles,
        viewer,
        session: Some(number),
        language: Some(login.language.clone()).filter(|language| !language.is_empty()),
        enrolling,
        through: Through::Session(number),
    })
}

/// Whether it goes on. One that was last used farther ahead than its rest may last began under a clock that was set back since: it would
/// outlive every limit.
fn lasts(session: &store::Session, now: Micros) -> bool {
    let idle = now.saturating_sub(session.seen);
    session.ended.is_none() && now < session.expires && (-IDLE..IDLE + NOTED).contains(&idle)
}

impl Node {
    /// Who shows this session's secret; `None` when it is none, or is over. Everything is looked up again, so that what was revoked or
    /// changed holds at once.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn actor(&self, secret: &str) -> Result<Option<Actor>> {
        let (reader, now) = (self.read()?, self.now());
        let found = reader.session_by(&codes::digest(secret))?;
        let Some(session) = found.filter(|session| lasts(session, now)) else {
            return Ok(None);
        };
        let login = reader.login(&session.person)?;
        let Some(login) = login.filter(|login| State::parse(&login.state) != State::Suspended)
        else {
            return Ok(None);
        };
        let name = reader
            .person(&login.person)?
            .map_or_else(|| login.name.clone(), |person| person.name);
        drop(reader);
        let method = Method::parse(&session.method);
        let actor = actor_of(&login, name, method, session.id, |person| {
            self.register().viewer(&self.home().id, Some(person), false)
        })?;
        if now.saturating_sub(session.seen) >= NOTED {
            // Nobody waits for it: that it was used a few minutes ago is not worth a commit of its own.
            drop(self.change(move |change| Ok(change.txn.see_session(session.id, change.now)?)));
        }
        Ok(Some(actor))
    }

    /// Whose session this was, though it is over: so that what was typed can be kept for them until they sign in again. It gives no
    /// right to anything.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn whose(&self, secret: &str) -> Result<Option<ObjectId>> {
        let found = self.read()?.session_by(&codes::digest(secret))?;
        Ok(found.and_then(|session| ObjectId::parse(&session.person).ok()))
    }

    /// The sessions of a person that go on: one's own, or anybody's for an administrator.
    ///
    /// # Errors
    /// [`Refused`]; those of the storage.
    pub fn sessions(&self, person: &ObjectId, by: &Actor) -> Result<Vec<Session>> {
        if !by.is(person.as_str()) && !by.may(Right::Users) {
            return Err(Refused::NotAllowed(Right::Users).into());
        }
        let now = self.now();
        let all = self.read()?.sessions_of(person.as_str())?;
        let going = all.into_iter().filter(|session| lasts(session, now));
        Ok(going
            .map(|session| Session {
                number: session.id,
                method: Method::parse(&session.method),
                origin: session.origin,
                created: session.created,
                seen: session.seen,
                expires: session.expires,
            })
            .collect())
    }

    /// Signs out.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn sign_out(&self, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.change(move |change| {
            if let Some(number) = by.session
                && change.txn.end_session(number, change.now)?
            {
                change.note(&by, "session.end", by.person.as_str(), &Value::Null)?;
            }
            Ok(())
        })
    }

    /// Ends a session: one's own, or anybody's for an administrator. It holds from the next request on.
    ///
    /// # Errors
    /// [`Refused`]; when there is none of this number.
    pub fn end_session(&self, number: i64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.change(move |change| {
            let session = change
                .txn
                .session(number)?
                .context("there is no such session")?;
            if by.is(&session.person) {
                change.authorize_self(&by)?;
            } else {
                change.authorize(&by, Right::Users)?;
            }
            change.txn.end_session(number, change.now)?;
            let detail = json!({ "session": number });
            change.note(&by, "session.end", &session.person, &detail)
        })
    }

    /// Ends all sessions of a person but the one of whoever asks.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn end_sessions(&self, person: &ObjectId, by: &Actor) -> Pending<usize> {
        let (person, by) = (person.clone(), by.clone());
        self.change(move |change| {
            let own = by.is(person.as_str());
            if own {
                change.authorize_self(&by)?;
            } else {
                change.authorize(&by, Right::Users)?;
            }
            let but = by.session.filter(|_| own).unwrap_or(0);
            let ended = change.txn.end_sessions(person.as_str(), but, change.now)?;
            let detail = json!({ "sessions": ended });
            change.note(&by, "session.end", person.as_str(), &detail)?;
            Ok(ended)
        })
    }
}
