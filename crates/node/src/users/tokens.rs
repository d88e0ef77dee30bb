//! Tokens: a program acts for a person, for a purpose and a time. Invariant: a token allows what its scope says and its owner's roles
//! allow at that moment, whichever is less.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stix::ObjectId;
use zeroize::Zeroizing;

use super::actor::{Actor, Refused, Through};
use super::codes;
use super::register::State;
use super::rights::{Right, Roles};
use crate::clock::{DAY, Micros, SECOND};
use crate::node::Node;
use crate::pending::Pending;

/// The longest that a token lasts.
const LONGEST: i64 = 366;
/// How exactly the last use is noted.
const NOTED: Micros = 300 * SECOND;
/// How a token begins, so that one that leaked is found.
const BEGINS: &str = "entente_p_";

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Feeds and calendars, in whose address it stands; nothing else.
    Feed,
    /// Reading.
    Read,
    /// Reading and writing records.
    Write,
    /// The same, and deciding about what comes in.
    Decide,
    /// The audit trail.
    Audit,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Feed,
        Self::Read,
        Self::Write,
        Self::Decide,
        Self::Audit,
    ];

    /// Its name in the store and for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Read => "read",
            Self::Write => "write",
            Self::Decide => "decide",
            Self::Audit => "audit",
        }
    }

    /// What its name says; nothing else is one.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }

    /// What is not known reads feeds only.
    pub(crate) fn parse(text: &str) -> Self {
        Self::named(text).unwrap_or(Self::Feed)
    }

    /// Whether it allows this. Releasing, people and settings are never for programs.
    #[must_use]
    pub fn covers(self, right: Right) -> bool {
        match self {
            Self::Feed | Self::Read => matches!(right, Right::Read),
            Self::Write => matches!(right, Right::Read | Right::Write),
            Self::Decide => matches!(right, Right::Read | Right::Write | Right::Decide),
            Self::Audit => matches!(right, Right::Trail),
        }
    }
}

/// A token that is to be.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it is for.
    pub scope: Scope,
    /// How many days it lasts.
    pub days: i64,
}

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub number: i64,
    /// What its owner calls it.
    pub name: String,
    /// What it is for.
    pub scope: Scope,
    /// Since when.
    pub created: Micros,
    /// When it ends.
    pub expires: Micros,
    /// When it was last used, to some minutes.
    pub used: Option<Micros>,
    /// When it was revoked.
    pub revoked: Option<Micros>,
}

impl Node {
    /// Makes a token for oneself; its secret is shown this once.
    ///
    /// # Errors
    /// [`Refused`]; when it has no name or lasts too long.
    pub fn add_token(&self, new: NewToken, by: &Actor) -> Pending<Zeroizing<String>> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize_self(&by)?;
            change.authorize(
                &by,
                match new.scope {
                    Scope::Audit => Right::Trail,
                    _ => Right::Read,
                },
            )?;
            let name = new.name.trim();
            ensure!(
                !name.is_empty() && name.chars().count() <= 80 && !name.contains(char::is_control),
                "a token needs a name of at most 80 characters, so that you know it again"
            );
            ensure!(
                (1..=LONGEST).contains(&new.days),
                "a token lasts from one day to {LONGEST}"
            );
            let secret = Zeroizing::new(format!("{BEGINS}{}", *codes::secret(change.chance)));
            let number = change.txn.add_token(&store::Token {
                secret: codes::digest(&secret),
                person: by.person.to_string(),
                name: name.to_owned(),
                scope: new.scope.as_str().to_owned(),
                created: change.now,
                expires: change.now.saturating_add(new.days.saturating_mul(DAY)),
                ..store::Token::default()
            })?;
            let detail = json!({ "token": number, "scope": new.scope.as_str(), "days": new.days });
            change.note(&by, "token.add", by.person.as_str(), &detail)?;
            Ok(secret)
        })
    }

    /// The tokens of a person: one's own, or anybody's for an administrator.
    ///
    /// # Errors
    /// [`Refused`]; those of the storage.
    pub fn tokens(&self, person: &ObjectId, by: &Actor) -> Result<Vec<Token>> {
        if !by.is(person.as_str()) && !by.may(Right::Users) {
            return Err(Refused::NotAllowed(Right::Users).into());
        }
        let all = self.read()?.tokens_of(person.as_str())?;
        Ok(all
            .into_iter()
            .map(|token| Token {
                number: token.id,
                name: token.name,
                scope: Scope::parse(&token.scope),
                created: token.created,
                expires: token.expires,
                used: token.used,
                revoked: token.revoked,
            })
            .collect())
    }

    /// Revokes a token: one's own, or anybody's for an administrator. It holds from the next request on.
    ///
    /// # Errors
    /// [`Refused`]; when there is none of this number.
    pub fn revoke_token(&self, number: i64, by: &Actor) -> Pending<()> {
        let by = by.clone();
        self.change(move |change| {
            let token = change
                .txn
                .token(number)?
                .context("there is no such token")?;
            if by.is(&token.person) {
                change.authorize_self(&by)?;
            } else {
                change.authorize(&by, Right::Users)?;
            }
            if change.txn.revoke_token(number, change.now)? {
                let detail = json!({ "token": number });
                change.note(&by, "token.revoke", &token.person, &detail)?;
            }
            Ok(())
        })
    }

    /// For whom a program acts that shows this token; `None` when it is none, or is over.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn actor_by_token(&self, secret: &str) -> Result<Option<Actor>> {
        if !secret.starts_with(BEGINS) {
            return Ok(None);
        }
        let (reader, now) = (self.read()?, self.now());
        let found = reader.token_by(&codes::digest(secret))?;
        let Some(token) = found.filter(|token| token.revoked.is_none() && now < token.expires)
        else {
            return Ok(None);
        };
        let login = reader.login(&token.person)?;
        let Some(login) = login.filter(|login| State::parse(&login.state) == State::Active) else {
            return Ok(None);
        };
        let name = reader
            .person(&login.person)?
            .map_or_else(|| login.name.clone(), |person| person.name);
        drop(reader);
        let person = ObjectId::parse(&login.person)?;
        let roles = Roles::parse(&login.roles)?;
        let viewer = if roles.allow(Right::Read) {
            self.register().viewer(&self.home().id, Some(&person), true)
        } else {
            policy::Viewer::public()
        };
        if token
            .used
            .is_none_or(|used| now.saturating_sub(used) >= NOTED)
        {
            // Nobody waits for it.
            drop(self.change(move |change| Ok(change.txn.use_token(token.id, change.now)?)));
        }
        Ok(Some(Actor {
            person,
            name,
            roles,
            viewer,
            session: None,
            language: Some(login.language).filter(|language| !language.is_empty()),
            enrolling: false,
            through: Through::Token(token.id, Scope::parse(&token.scope)),
        }))
    }
}
