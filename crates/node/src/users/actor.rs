//! Who asks for something, and whether they may: looked up again inside the transaction that does it.

use std::fmt;

use policy::Viewer;
use stix::ObjectId;

use super::register::State;
use super::rights::{Right, Roles};
use super::tokens::Scope;
use crate::node::{Node, uuid_of};
use crate::writer::Change;

/// Somebody who asks for something: a person who signed in, a program that acts for one, or whoever holds the node's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: ObjectId,
    /// What they are called.
    pub name: String,
    /// What they are on this node. While somebody still has to choose how to sign in: nothing.
    pub roles: Roles,
    /// Who they are to the release rules. Without a role that reads, the public.
    pub viewer: Viewer,
    /// The number of their session, when they came through one.
    pub session: Option<i64>,
    /// The language they chose for pages.
    pub language: Option<String>,
    /// Whether they still have to choose how they will sign in; until then they may do nothing else.
    pub enrolling: bool,
    /// Kept to this crate, so that nobody outside makes an actor.
    pub(crate) through: Through,
}

/// By which way somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Through {
    /// A session of the pages.
    Session(i64),
    /// A token of theirs.
    Token(i64, Scope),
    /// The terminal: whoever holds the node's folder, in this name.
    Terminal,
}

impl fmt::Display for Through {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(number) => write!(f, "session {number}"),
            Self::Token(number, _) => write!(f, "token {number}"),
            Self::Terminal => f.write_str("terminal"),
        }
    }
}

/// Why somebody was not allowed to do what they asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// They are not signed in any more: the session or token is over, or they are suspended. Sign in again.
    #[error("you are not signed in any more; sign in and try again")]
    SignedOut,
    /// None of their roles allows it. An administrator gives roles.
    #[error("your roles do not allow this ({0}); an administrator gives roles")]
    NotAllowed(Right),
    /// What they asked for was not right: name, password, code, key. All of it looks the same.
    #[error("name, password or code is wrong")]
    Wrong,
    /// Too many wrong tries from this place: wait.
    #[error("too many wrong tries; wait {0} seconds")]
    Slow(i64),
    /// A second person has to agree, and this is the first.
    #[error("{0} asked for this; somebody else has to agree to it")]
    SamePerson(String),
    /// It would leave the node without an administrator who can sign in.
    #[error("this is the last administrator who can sign in; make another first")]
    LastAdministrator,
    /// They signed in too long ago to change how they sign in: sign in again.
    #[error("sign in again to change how you sign in")]
    Stale,
    /// Without it they could not sign in any more.
    #[error("this is your last way to sign in; add another first")]
    LastMeans,
    /// The code or link was used, is over, or never was one.
    #[error("this code does not work: it was used, is over, or was mistyped")]
    NoSuchCode,
    /// The subject at the provider of identities is bound to somebody here already: take that away first.
    #[error("this account of the provider is bound to somebody here already")]
    BoundAlready,
}

impl Actor {
    /// Whether their roles allow it, as they were when the actor was looked up: good enough to show or leave out a button. What is done
    /// is checked again where it is done.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        match &self.through {
            Through::Terminal => true,
            Through::Session(_) => !self.enrolling && self.roles.allow(right),
            Through::Token(_, scope) => scope.covers(right) && self.roles.allow(right),
        }
    }

    /// What the token is for that they came with; `None` for whoever came in person.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        match &self.through {
            Through::Token(_, scope) => Some(*scope),
            Through::Session(_) | Through::Terminal => None,
        }
    }

    /// Whether this is whoever holds the node's folder rather than somebody who signed in.
    #[must_use]
    pub fn is_at_terminal(&self) -> bool {
        self.through == Through::Terminal
    }

    /// Whether both are the same person.
    #[must_use]
    pub fn is(&self, person: &str) -> bool {
        self.person.as_str() == person
    }
}

impl Node {
    /// Whoever holds the node's folder, in the name that they gave. For commands only: pages get their actors from sessions.
    #[must_use]
    pub fn at_terminal(&self, name: &str) -> Actor {
        let name = name.trim();
        let known = self
            .read()
            .ok()
            .and_then(|reader| reader.person(name).ok().flatten())
            .and_then(|person| Some((ObjectId::parse(&person.id).ok()?, person.name)));
        let (person, name) = known.unwrap_or_else(|| {
            let called = format!("terminal:{}", name.to_lowercase());
            let id = ObjectId::parse(&format!("identity--{}", uuid_of(&called)));
            (
                id.unwrap_or_else(|_| self.home().id.clone()),
                name.to_owned(),
            )
        });
        Actor {
            person,
            name,
            roles: Roles::none(),
            viewer: self.home_viewer(),
            session: None,
            language: None,
            enrolling: false,
            through: Through::Terminal,
        }
    }
}

impl Change<'_, '_> {
    /// Whether somebody may do this now, by what the transaction sees: their session or token goes on, they are not suspended, a role
    /// of theirs allows it.
    pub(crate) fn authorize(&self, actor: &Actor, right: Right) -> anyhow::Result<()> {
        let scope = match &actor.through {
            Through::Terminal => return Ok(()),
            Through::Session(number) => {
                let session = self.txn.session(*number)?.filter(|session| {
                    session.ended.is_none()
                        && session.person == actor.person.as_str()
                        && self.now < session.expires
                });
                let session = session.ok_or(Refused::SignedOut)?;
                if super::sessions::Method::parse(&session.method).enrolls() {
                    return Err(Refused::NotAllowed(right).into());
                }
                None
            }
            Through::Token(number, _) => {
                let token = self.txn.token(*number)?.filter(|token| {
                    token.revoked.is_none()
                        && token.person == actor.person.as_str()
                        && self.now < token.expires
                });
                Some(Scope::parse(&token.ok_or(Refused::SignedOut)?.scope))
            }
        };
        let login = self
            .txn
            .login(actor.person.as_str())?
            .filter(|login| State::parse(&login.state) == State::Active)
            .ok_or(Refused::SignedOut)?;
        let covered = scope.is_none_or(|scope| scope.covers(right));
        if covered && Roles::parse(&login.roles)?.allow(right) {
            Ok(())
        } else {
            Err(Refused::NotAllowed(right).into())
        }
    }

    /// Whether somebody who is not asking has a right now: they may sign in, and a role of theirs allows it.
    pub(crate) fn has_right(&self, person: &str, right: Right) -> anyhow::Result<bool> {
        let login = self.txn.login(person)?;
        let login = login.filter(|login| State::parse(&login.state) == State::Active);
        login.map_or(Ok(false), |login| {
            Ok(Roles::parse(&login.roles)?.allow(right))
        })
    }

    /// Whether this is somebody about their own matters: their session goes on, and they are not suspended.
    pub(crate) fn authorize_self(&self, actor: &Actor) -> anyhow::Result<store::Login> {
        if let Through::Session(number) = &actor.through {
            let session = self.txn.session(*number)?.filter(|session| {
                session.ended.is_none()
                    && session.person == actor.person.as_str()
                    && self.now < session.expires
            });
            session.ok_or(Refused::SignedOut)?;
        } else {
            return Err(Refused::SignedOut.into());
        }
        let login = self.txn.login(actor.person.as_str())?;
        let login = login.filter(|login| State::parse(&login.state) != State::Suspended);
        Ok(login.ok_or(Refused::SignedOut)?)
    }
}
