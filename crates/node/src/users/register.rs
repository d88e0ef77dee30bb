//! Who signs in here: names, roles, states. Invariant: a node that has an administrator keeps one; people are never deleted, because the
//! trail names them.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use stix::ObjectId;
use store::{Login, Person};

use super::actor::{Actor, Refused};
use super::enrolment::Means;
use super::once::{self, Once, OneTime};
use super::rights::{Right, Role, Roles};
use super::vouched::opening;
use crate::called::fit_name;
use crate::clock::Micros;
use crate::node::{Node, identity};
use crate::pending::Pending;
use crate::writer::Change;

/// Whether somebody may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Has not yet chosen how to sign in.
    Invited,
    /// May sign in.
    Active,
    /// May not, until an administrator says otherwise.
    Suspended,
}

impl State {
    /// Its name in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// What is not known is suspended: it allows the least.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "invited" => Self::Invited,
            "active" => Self::Active,
            _ => Self::Suspended,
        }
    }
}

/// Somebody who signs in here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The person.
    pub person: ObjectId,
    /// What they are called.
    pub name: String,
    /// What they do, in words.
    pub function: String,
    /// The name to sign in with.
    pub login: String,
    /// What they are on this node.
    pub roles: Roles,
    /// Whether they may come in.
    pub state: State,
    /// The language of their pages, if they chose one.
    pub language: Option<String>,
    /// Their address for mail.
    pub email: Option<String>,
    /// With what they can sign in.
    pub means: Means,
    /// Since when.
    pub created: Micros,
}

/// Somebody who is to sign in here.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// What they are called.
    pub name: String,
    /// What they do, in words.
    pub function: String,
    /// The name to sign in with; made from the name if it is empty.
    pub login: String,
    /// What they are on this node.
    pub roles: Roles,
    /// The language of their pages.
    pub language: Option<String>,
    /// Their address for mail.
    pub email: Option<String>,
}

/// What is to be otherwise; what is `None` stays. These are the fields that can be written, and no others.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Other roles.
    pub roles: Option<Roles>,
    /// Suspended, or let in again.
    pub suspended: Option<bool>,
    /// What they do.
    pub function: Option<String>,
    /// Another address for mail; an empty one: none.
    pub email: Option<String>,
}

/// The name to sign in with, as it is compared: small letters, no blanks at its ends.
pub(crate) fn folded(login: &str) -> String {
    login.trim().to_lowercase()
}

/// A name to sign in with: `ada.lind` for Ada Lind.
fn login_for(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(".")
}

pub(super) fn check_login(login: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@' | '+');
    ensure!(
        (2..=64).contains(&login.chars().count()) && login.chars().all(plain),
        "a name to sign in with has 2 to 64 letters, digits, dots, dashes, underscores; {login:?} has others"
    );
    Ok(())
}

fn check_email(email: Option<String>) -> Result<Option<String>> {
    let email = email.map(|email| email.trim().to_lowercase());
    let email = email.filter(|email| !email.is_empty());
    if let Some(email) = &email {
        let parts = email.split_once('@');
        let whole = parts.is_some_and(|(who, at)| !who.is_empty() && at.contains('.'));
        ensure!(
            whole && email.len() <= 254 && !email.contains(char::is_whitespace),
            "{email:?} is no address for mail"
        );
    }
    Ok(email)
}

/// Adds a person, or finds the one of this name who does not sign in yet, and makes them somebody who does.
pub(super) fn insert(change: &mut Change<'_, '_>, new: NewUser) -> Result<Login> {
    let name = fit_name(&new.name)?;
    let login = match folded(&new.login) {
        login if login.is_empty() => login_for(&name),
        login => login,
    };
    check_login(&login)?;
    if change.txn.login_named(&login)?.is_some() {
        bail!("somebody signs in as {login:?} already");
    }
    let person = match change.txn.person(&name)? {
        Some(known) if known.closed.is_some() || change.txn.login(&known.id)?.is_some() => {
            bail!("there is a person called {name:?} already")
        }
        Some(known) => known,
        None => {
            let person = Person {
                id: identity(change.chance)?.to_string(),
                organ: change.register.home().to_string(),
                name,
                role: new.function.trim().to_owned(),
                profile: "{}".to_owned(),
                created: change.now,
                ..Person::default()
            };
            change.txn.put_person(&person)?;
            change.reload()?;
            person
        }
    };
    let login = Login {
        person: person.id,
        name: login,
        roles: new.roles.to_string(),
        state: State::Invited.as_str().to_owned(),
        language: new.language.unwrap_or_default(),
        email: check_email(new.email)?,
        created: change.now,
        changed: change.now,
    };
    change.txn.put_login(&login)?;
    Ok(login)
}

/// Whether somebody besides this person is an administrator who can sign in.
pub(super) fn another_administrator(change: &Change<'_, '_>, person: &str) -> Result<bool> {
    let mut others = change.txn.logins()?;
    others.retain(|login| login.person != person);
    for login in others {
        let administers = Roles::parse(&login.roles)?.has(Role::Administrator);
        if administers && State::parse(&login.state) == State::Active {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Node {
    /// All who sign in here, by the name to sign in with. For administrators.
    ///
    /// # Errors
    /// [`Refused`]; those of the storage.
    pub fn users(&self, by: &Actor) -> Result<Vec<User>> {
        if !by.may(Right::Users) && !by.may(Right::Trail) {
            return Err(Refused::NotAllowed(Right::Users).into());
        }
        let reader = self.read()?;
        let logins = reader.logins()?;
        logins
            .into_iter()
            .map(|login| user(&reader, login))
            .collect()
    }

    /// Somebody who signs in here: oneself, or anybody for an administrator.
    ///
    /// # Errors
    /// [`Refused`]; those of the storage.
    pub fn user(&self, person: &ObjectId, by: &Actor) -> Result<Option<User>> {
        if !by.is(person.as_str()) && !by.may(Right::Users) {
            return Err(Refused::NotAllowed(Right::Users).into());
        }
        let reader = self.read()?;
        let login = reader.login(person.as_str())?;
        login.map(|login| user(&reader, login)).transpose()
    }

    /// Whether anybody signs in here.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn has_users(&self) -> Result<bool> {
        let logins = self.read()?.logins()?;
        Ok(logins
            .iter()
            .any(|login| State::parse(&login.state) == State::Active))
    }

    /// Invites somebody: a person of this node's participant, who then chooses how to sign in by the link that this returns.
    ///
    /// # Errors
    /// [`Refused`]; when a name is taken or is none.
    pub fn invite(&self, new: NewUser, by: &Actor) -> Pending<(ObjectId, OneTime)> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            let login = insert(change, new)?;
            let person = ObjectId::parse(&login.person)?;
            let (code, digest) = once::make(change, &person, Once::Invitation)?;
            let detail = json!({ "login": login.name, "roles": login.roles });
            let detail = opening(detail, digest);
            change.note(&by, "user.invite", &login.person, &detail)?;
            Ok((person, code))
        })
    }

    /// Notes somebody who signs in here without having chosen how: they come in by links from the terminal. From the terminal only.
    ///
    /// # Errors
    /// [`Refused`]; when a name is taken or is none.
    pub fn admit(&self, new: NewUser, by: &Actor) -> Pending<ObjectId> {
        let by = by.clone();
        self.change(move |change| {
            if !by.is_at_terminal() {
                return Err(Refused::NotAllowed(Right::Operate).into());
            }
            let mut login = insert(change, new)?;
            State::Active.as_str().clone_into(&mut login.state);
            change.txn.put_login(&login)?;
            let detail = json!({ "login": login.name, "roles": login.roles });
            change.note(&by, "user.admit", &login.person, &detail)?;
            Ok(ObjectId::parse(&login.person)?)
        })
    }

    /// Changes what somebody is here. Their sessions are over when roles change or they are suspended, so that nothing done from now on
    /// rests on the old ones; those of whoever changes themselves go on.
    ///
    /// # Errors
    /// [`Refused`], [`Refused::LastAdministrator`] among them; when the person does not sign in here.
    pub fn change_user(&self, person: &ObjectId, new: UserChange, by: &Actor) -> Pending<()> {
        let (person, by) = (person.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            let login = change.txn.login(person.as_str())?;
            let mut login = login.context("this person does not sign in at this node")?;
            let mut told = Map::new();
            let mut less = false;
            if let Some(roles) = new.roles {
                let roles = roles.to_string();
                if roles != login.roles {
                    told.insert("roles".to_owned(), json!([login.roles, roles]));
                    login.roles = roles;
                    less = true;
                }
            }
            if let Some(suspended) = new.suspended {
                let enrolled = Means::of(&change.txn.credentials_of(person.as_str())?).suffice();
                let state = match (suspended, enrolled) {
                    (true, _) => State::Suspended,
                    (false, true) => State::Active,
                    (false, false) => State::Invited,
                };
                if state.as_str() != login.state {
                    told.insert("state".to_owned(), json!([login.state, state.as_str()]));
                    state.as_str().clone_into(&mut login.state);
                    less = true;
                }
            }
            if let Some(email) = new.email {
                let email = check_email(Some(email))?;
                if email != login.email {
                    told.insert("email".to_owned(), json!(true));
                    login.email = email;
                }
            }
            if let Some(function) = new.function {
                let row = change.txn.person(person.as_str())?;
                let mut row = row.context("this person is not known here")?;
                if row.role != function.trim() {
                    told.insert("function".to_owned(), json!([row.role, function.trim()]));
                    function.trim().clone_into(&mut row.role);
                    change.txn.put_person(&row)?;
                }
            }
            if told.is_empty() {
                return Ok(());
            }
            let administers = Roles::parse(&login.roles)?.has(Role::Administrator)
                && State::parse(&login.state) == State::Active;
            if !administers && !another_administrator(change, &login.person)? {
                return Err(Refused::LastAdministrator.into());
            }
            login.changed = change.now;
            change.txn.put_login(&login)?;
            if less {
                let own = by.session.filter(|_| by.is(person.as_str()));
                change
                    .txn
                    .end_sessions(person.as_str(), own.unwrap_or(0), change.now)?;
                if State::parse(&login.state) == State::Suspended {
                    change.txn.revoke_tokens(person.as_str(), change.now)?;
                    change
                        .txn
                        .drop_once_of(person.as_str(), Once::Invitation.as_str())?;
                    change
                        .txn
                        .drop_once_of(person.as_str(), Once::Recovery.as_str())?;
                }
            }
            change.note(&by, "user.change", person.as_str(), &Value::Object(told))
        })
    }

    /// The language of one's own pages; an empty one: as the browser says.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn choose_language(&self, language: &str, by: &Actor) -> Pending<()> {
        let (language, by) = (language.to_owned(), by.clone());
        self.change(move |change| {
            let mut login = change.authorize_self(&by)?;
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
            ensure!(
                language.len() <= 35 && language.chars().all(plain),
                "{language:?} is no language"
            );
            login.language = language;
            login.changed = change.now;
            Ok(change.txn.put_login(&login)?)
        })
    }
}

fn user(look: &store::Look, login: Login) -> Result<User> {
    let person = look.person(&login.person)?;
    let (name, function) = person.map_or_else(
        || (login.name.clone(), String::new()),
        |person| (person.name, person.role),
    );
    Ok(User {
        person: ObjectId::parse(&login.person)?,
        name,
        function,
        roles: Roles::parse(&login.roles)?,
        state: State::parse(&login.state),
        language: Some(login.language).filter(|language| !language.is_empty()),
        email: login.email,
        means: Means::of(&look.credentials_of(&login.person)?),
        login: login.name,
        created: login.created,
    })
}
