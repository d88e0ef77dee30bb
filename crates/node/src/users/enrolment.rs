//! Choosing how to sign in: a passkey, or a password with codes by time; recovery codes with either. Invariant: nobody is left without a
//! way in that has two factors, and whoever changes how they sign in has signed in lately.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use store::{Credential, Login};
use zeroize::Zeroizing;

use super::actor::{Actor, Refused};
use super::register::{NewUser, State, check_login, folded, insert};
use super::rights::{Role, Roles};
use super::sessions::{Method, Opened, open_session};
use super::{cipher, codes, password};
use crate::called::fit_name;
use crate::clock::{Micros, SECOND};
use crate::node::Node;
use crate::pending::Pending;
use crate::users::TotpSecret;
use crate::writer::Change;

/// What the store calls each kind of credential.
pub(super) const PASSKEY: &str = "passkey";
pub(super) const PASSWORD: &str = "password";
pub(super) const TOTP: &str = "totp";
pub(super) const OPENID: &str = "openid";
pub(super) const TOTP_NEW: &str = "totp-new";
pub(super) const RECOVERY: &str = "recovery";
/// How many recovery codes there are at first.
const CODES: usize = 10;
/// How many characters each has: 80 bits.
const CODE: usize = 16;
/// How long signing in counts as lately.
const LATELY: Micros = 900 * SECOND;

/// With what somebody can sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Means {
    /// Passkeys: number, what their owner calls them, when made, when last used.
    pub passkeys: Vec<(i64, String, Micros, Option<Micros>)>,
    /// Whether there is a password.
    pub password: bool,
    /// Whether there are codes by time.
    pub totp: bool,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
    /// Providers of identities that know the person: number and address of the provider.
    pub openid: Vec<(i64, String)>,
}

/// How somebody signs in has changed.
#[derive(Debug, Clone)]
pub struct Secured {
    /// The session, under a new secret.
    pub opened: Opened,
    /// Recovery codes, when new ones were made: to print, shown this once.
    pub recovery_codes: Option<Zeroizing<Vec<String>>>,
}

impl Means {
    pub(crate) fn of(credentials: &[Credential]) -> Self {
        let mut means = Self::default();
        for one in credentials {
            match one.kind.as_str() {
                PASSKEY => {
                    means
                        .passkeys
                        .push((one.id, one.label.clone(), one.created, one.used));
                }
                PASSWORD => means.password = true,
                TOTP => means.totp = true,
                RECOVERY => means.recovery_codes += 1,
                OPENID => means.openid.push((one.id, one.label.clone())),
                _ => {}
            }
        }
        means
    }

    /// Whether one can sign in with them.
    #[must_use]
    pub fn suffice(&self) -> bool {
        !self.passkeys.is_empty() || (self.password && self.totp) || !self.openid.is_empty()
    }
}

impl Change<'_, '_> {
    /// Whether somebody may change how they sign in: they have just been let in to choose, or have signed in lately.
    pub(super) fn authorize_lately(&self, actor: &Actor) -> Result<(Login, Method)> {
        let login = self.authorize_self(actor)?;
        let session = self.txn.session(actor.session.unwrap_or(0))?;
        let session = session.ok_or(Refused::SignedOut)?;
        let method = Method::parse(&session.method);
        if !method.enrolls() && self.now.saturating_sub(session.created) > LATELY {
            return Err(Refused::Stale.into());
        }
        Ok((login, method))
    }

    /// New recovery codes in place of the old.
    fn recovery_codes(&mut self, person: &str) -> Result<Zeroizing<Vec<String>>> {
        self.txn.drop_credentials(person, RECOVERY)?;
        let mut made = Zeroizing::new(Vec::with_capacity(CODES));
        for _ in 0..CODES {
            let code = codes::typed(self.chance, CODE);
            self.txn.add_credential(&Credential {
                person: person.to_owned(),
                kind: RECOVERY.to_owned(),
                lookup: hex::encode(codes::digest_typed(&code)),
                created: self.now,
                ..Credential::default()
            })?;
            made.push(code.to_string());
        }
        Ok(made)
    }

    /// What follows when somebody has a new way to sign in: the session gets a new secret, other sessions are over; who was invited is
    /// active; recovery codes are made where there are none.
    pub(super) fn secured(
        &mut self,
        actor: &Actor,
        mut login: Login,
        method: Method,
        by: Method,
    ) -> Result<Secured> {
        let person = login.person.clone();
        if State::parse(&login.state) == State::Invited {
            State::Active.as_str().clone_into(&mut login.state);
            login.changed = self.now;
            self.txn.put_login(&login)?;
        }
        let means = Means::of(&self.txn.credentials_of(&person)?);
        let recovery_codes = match means.recovery_codes {
            0 => Some(self.recovery_codes(&person)?),
            _ => None,
        };
        let session = self.txn.session(actor.session.unwrap_or(0))?;
        let session = session.ok_or(Refused::SignedOut)?;
        self.txn.end_sessions(&person, 0, self.now)?;
        let method = if method.enrolls() { by } else { method };
        let opened = open_session(self, &login, method, &session.origin, Value::Null)?;
        Ok(Secured {
            opened,
            recovery_codes,
        })
    }

    /// Whoever begins anew after losing everything has nothing of before: it may be in other hands.
    pub(super) fn begin_anew(&mut self, person: &str, method: Method) -> Result<()> {
        if method == Method::Recovery {
            for kind in [PASSKEY, PASSWORD, TOTP, RECOVERY, OPENID] {
                self.txn.drop_credentials(person, kind)?;
            }
        }
        Ok(())
    }
}

impl Node {
    /// The first administrator, when set-up begins: named, with all roles that a small house needs, and let in to choose how to sign in.
    /// Set-up that was broken off is taken up again: whoever was named then is renamed.
    ///
    /// # Errors
    /// When set-up is done; when a name is none.
    pub fn begin_set_up(&self, name: &str, login: &str, origin: &str) -> Pending<Opened> {
        let roles: Roles = [
            Role::Reader,
            Role::Editor,
            Role::Releaser,
            Role::Administrator,
        ]
        .into_iter()
        .collect();
        let new = NewUser {
            name: name.to_owned(),
            login: login.to_owned(),
            roles: roles.clone(),
            ..NewUser::default()
        };
        let origin = origin.to_owned();
        self.change(move |change| {
            let all = change.txn.logins()?;
            if all
                .iter()
                .any(|login| State::parse(&login.state) == State::Active)
            {
                return Err(Refused::NoSuchCode.into());
            }
            let administrator = all.into_iter().find(|login| {
                Roles::parse(&login.roles).is_ok_and(|roles| roles.has(Role::Administrator))
            });
            let login = match administrator {
                None => insert(change, new)?,
                Some(mut login) => {
                    let mut person = change
                        .txn
                        .person(&login.person)?
                        .context("the first administrator is missing")?;
                    person.name = fit_name(&new.name)?;
                    change.txn.put_person(&person)?;
                    login.name = folded(&new.login);
                    check_login(&login.name)?;
                    login.changed = change.now;
                    change.txn.put_login(&login)?;
                    change.txn.end_sessions(&login.person, 0, change.now)?;
                    login
                }
            };
            let detail = json!({ "login": login.name, "roles": login.roles });
            open_session(change, &login, Method::SetUp, &origin, detail)
        })
    }

    /// What somebody's codes by time will be made from: the same until it is confirmed by a code.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn new_totp(&self, by: &Actor) -> Pending<TotpSecret> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize_lately(&by)?;
            let person = by.person.as_str();
            let begun = change.txn.credential_by(TOTP_NEW, person)?;
            let begun = begun.and_then(|row| cipher::open(change.keys, person, &row.secret).ok());
            if let Some(secret) = begun {
                return Ok(TotpSecret::from_bytes(secret));
            }
            change.txn.drop_credentials(person, TOTP_NEW)?;
            let secret = TotpSecret::generate(change.chance);
            change.txn.add_credential(&Credential {
                person: person.to_owned(),
                kind: TOTP_NEW.to_owned(),
                lookup: person.to_owned(),
                secret: cipher::seal(change.keys, person, secret.bytes())?,
                created: change.now,
                ..Credential::default()
            })?;
            Ok(secret)
        })
    }

    /// A password, and a first code to show that the app has taken the secret: from now on they let somebody in. Blocks while hashing.
    ///
    /// # Errors
    /// [`Weak`](super::Weak) for the password, [`Refused::Wrong`] for the code, and the other [`Refused`].
    pub fn choose_password(&self, password: &str, code: &str, by: &Actor) -> Result<Secured> {
        let login = self.read()?.login(by.person.as_str())?;
        let login = login.ok_or(Refused::SignedOut)?;
        password::check(password, &[&login.name, &by.name, &self.home().name])?;
        let hash = {
            let _turn = self.inner.hashing.turn();
            password::hash(password, self.chance().as_mut())?
        };
        let (code, by) = (code.to_owned(), by.clone());
        let chosen = self.change(move |change| {
            let (login, method) = change.authorize_lately(&by)?;
            let person = login.person.clone();
            let begun = change.txn.credential_by(TOTP_NEW, &person)?;
            let begun = begun.ok_or(Refused::Wrong)?;
            let secret = TotpSecret::from_bytes(cipher::open(change.keys, &person, &begun.secret)?);
            let Some(step) = secret.step_of(&code, change.now, None) else {
                return Err(Refused::Wrong.into());
            };
            change.begin_anew(&person, method)?;
            for kind in [PASSWORD, TOTP, TOTP_NEW] {
                change.txn.drop_credentials(&person, kind)?;
            }
            change.txn.add_credential(&Credential {
                person: person.clone(),
                kind: PASSWORD.to_owned(),
                lookup: person.clone(),
                secret: hash.into_bytes(),
                created: change.now,
                ..Credential::default()
            })?;
            let id = change.txn.add_credential(&Credential {
                person: person.clone(),
                kind: TOTP.to_owned(),
                lookup: person.clone(),
                secret: begun.secret.clone(),
                created: change.now,
                ..Credential::default()
            })?;
            change.txn.use_credential(id, &begun.secret, step)?;
            let detail = json!({ "kind": "password and codes" });
            change.note(&by, "credential.add", &person, &detail)?;
            change.secured(&by, login, method, Method::Password)
        });
        chosen.wait()
    }

    /// New recovery codes in place of the old: to print, shown this once.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn renew_recovery_codes(&self, by: &Actor) -> Pending<Zeroizing<Vec<String>>> {
        let by = by.clone();
        self.change(move |change| {
            let (login, _) = change.authorize_lately(&by)?;
            let made = change.recovery_codes(&login.person)?;
            let detail = json!({ "kind": "recovery codes" });
            change.note(&by, "credential.add", &login.person, &detail)?;
            Ok(made)
        })
    }

    /// Takes a passkey away; or, without a number, password and codes by time. What is left has to suffice.
    ///
    /// # Errors
    /// [`Refused::LastMeans`] and the other [`Refused`]; when there is none of this number.
    pub fn drop_means(&self, passkey: Option<i64>, by: &Actor) -> Pending<Secured> {
        let by = by.clone();
        self.change(move |change| {
            let (mut login, method) = change.authorize_lately(&by)?;
            let person = login.person.clone();
            match passkey {
                Some(number) => {
                    let all = change.txn.credentials_of(&person)?;
                    let there = all.iter().find(|one| {
                        one.id == number && matches!(one.kind.as_str(), PASSKEY | OPENID)
                    });
                    let there = there.context("there is no such passkey any more")?;
                    if there.kind == OPENID {
                        change.no_more_by_email(&mut login)?;
                    }
                    change.txn.drop_credential(number, &person)?;
                }
                None => {
                    change.txn.drop_credentials(&person, PASSWORD)?;
                    change.txn.drop_credentials(&person, TOTP)?;
                }
            }
            if !Means::of(&change.txn.credentials_of(&person)?).suffice() {
                return Err(Refused::LastMeans.into());
            }
            let kind = if passkey.is_some() {
                "passkey or provider"
            } else {
                "password and codes"
            };
            let detail = json!({ "kind": kind, "number": passkey });
            change.note(&by, "credential.drop", &person, &detail)?;
            change.secured(&by, login, method, method)
        })
    }
}
