//! Signing in as somebody whom a provider of identities knows (OpenID Connect), and who is bound to whom there.
//!
//! Invariant: a provider says who somebody is; what they may do here is ours to say. A subject there is one person here.

use anyhow::{Context as _, Result};
use serde_json::json;
use stix::ObjectId;
use store::{Credential, Login};
use zeroize::Zeroizing;

use super::actor::{Actor, Refused};
use super::codes;
use super::enrolment::{Means, OPENID, Secured};
use super::register::{State, another_administrator};
use super::rights::Right;
use super::sessions::{Method, Opened, open_session};
use crate::node::Node;
use crate::pending::Pending;
use crate::writer::Change;

impl Node {
    /// 256 bits of chance in letters that an address takes: for a question whose answer has to name it.
    #[must_use]
    pub fn challenge(&self) -> Zeroizing<String> {
        codes::secret(self.chance().as_mut())
    }

    /// Lets somebody in whom a provider of identities vouches for: bound to this subject by an administrator; or, where `by_email`
    /// allows it, of this address for mail, which the provider has verified, and not yet bound to another subject.
    ///
    /// # Errors
    /// [`Refused::Wrong`] when nobody here is meant.
    pub fn sign_in_openid(
        &self,
        issuer: &str,
        subject: &str,
        verified_email: Option<&str>,
        origin: &str,
    ) -> Pending<Opened> {
        let (lookup, label) = (format!("{issuer} {subject}"), issuer.to_owned());
        let email = verified_email.map(|email| email.trim().to_lowercase());
        let origin = origin.to_owned();
        self.change(move |change| {
            let bound = change.txn.credential_by(OPENID, &lookup)?;
            let (login, number) = match bound {
                Some(bound) => (change.txn.login(&bound.person)?, Some(bound.id)),
                None => (change.by_email(email.as_deref(), &label)?, None),
            };
            let login = login.filter(|login| State::parse(&login.state) != State::Suspended);
            let mut login = login.ok_or(Refused::Wrong)?;
            let number = match number {
                Some(number) => number,
                None => change.bind(&login.person, &label, &lookup)?,
            };
            change.txn.use_credential(number, &[], change.now)?;
            if State::parse(&login.state) == State::Invited {
                State::Active.as_str().clone_into(&mut login.state);
                login.changed = change.now;
                change.txn.put_login(&login)?;
            }
            let detail = json!({ "issuer": label });
            open_session(change, &login, Method::OpenId, &origin, detail)
        })
    }

    /// Binds somebody to a subject of a provider of identities, who then signs in there.
    ///
    /// # Errors
    /// [`Refused`], [`Refused::BoundAlready`] among them; when the person does not sign in here.
    pub fn bind_openid(
        &self,
        person: &stix::ObjectId,
        issuer: &str,
        subject: &str,
        by: &Actor,
    ) -> Pending<()> {
        let (person, by) = (person.clone(), by.clone());
        let (issuer, subject) = (issuer.to_owned(), subject.trim().to_owned());
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            anyhow::ensure!(
                !subject.is_empty(),
                "a subject is the provider's name for somebody"
            );
            anyhow::ensure!(
                change.txn.login(person.as_str())?.is_some(),
                "this person does not sign in at this node"
            );
            let lookup = format!("{issuer} {subject}");
            change.bind(person.as_str(), &issuer, &lookup)?;
            let detail = json!({ "kind": "openid", "issuer": issuer });
            change.note(&by, "credential.add", person.as_str(), &detail)
        })
    }

    /// Binds oneself to a subject that one has just signed in as there: one's own way to sign in from now on. Whoever does so has signed
    /// in here lately, or was let in to choose how they will.
    ///
    /// # Errors
    /// [`Refused`], [`Refused::BoundAlready`] among them.
    pub fn bind_own_openid(&self, issuer: &str, subject: &str, by: &Actor) -> Pending<Secured> {
        let by = by.clone();
        let (issuer, lookup) = (issuer.to_owned(), format!("{issuer} {subject}"));
        self.change(move |change| {
            let (login, method) = change.authorize_lately(&by)?;
            change.begin_anew(&login.person, method)?;
            change.bind(&login.person, &issuer, &lookup)?;
            let detail = json!({ "kind": "openid", "issuer": issuer });
            change.note(&by, "credential.add", &login.person, &detail)?;
            change.secured(&by, login, method, Method::OpenId)
        })
    }

    /// Takes away somebody's binding, by its number; their sessions are over. One's own goes by [`Node::drop_means`].
    ///
    /// # Errors
    /// [`Refused`], [`Refused::LastAdministrator`] among them; when there is none of this number.
    pub fn unbind_openid(&self, person: &ObjectId, number: i64, by: &Actor) -> Pending<()> {
        let (person, by) = (person.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            let all = change.txn.credentials_of(person.as_str())?;
            let found = all
                .iter()
                .find(|one| one.id == number && one.kind == OPENID)
                .context("there is no such binding any more")?;
            let issuer = found.label.clone();
            change.txn.drop_credential(number, person.as_str())?;
            if let Some(mut login) = change.txn.login(person.as_str())? {
                change.no_more_by_email(&mut login)?;
            }
            let left = Means::of(&change.txn.credentials_of(person.as_str())?);
            if !left.suffice() && !another_administrator(change, person.as_str())? {
                return Err(Refused::LastAdministrator.into());
            }
            let own = by.session.filter(|_| by.is(person.as_str()));
            change
                .txn
                .end_sessions(person.as_str(), own.unwrap_or(0), change.now)?;
            let detail = json!({ "kind": "openid", "issuer": issuer, "number": number });
            change.note(&by, "credential.drop", person.as_str(), &detail)
        })
    }
}

impl Change<'_, '_> {
    /// Binds somebody to a subject that nobody is bound to yet; the number of the binding.
    fn bind(&mut self, person: &str, issuer: &str, lookup: &str) -> Result<i64> {
        if self.txn.credential_by(OPENID, lookup)?.is_some() {
            return Err(Refused::BoundAlready.into());
        }
        Ok(self.txn.add_credential(&Credential {
            person: person.to_owned(),
            kind: OPENID.to_owned(),
            label: issuer.to_owned(),
            lookup: lookup.to_owned(),
            created: self.now,
            ..Credential::default()
        })?)
    }

    /// The address that bound somebody the first time is taken away with the binding: it would bind whoever signs in there next.
    pub(super) fn no_more_by_email(&mut self, login: &mut Login) -> Result<()> {
        login.email = None;
        login.changed = self.now;
        Ok(self.txn.put_login(login)?)
    }

    /// Who has this verified address for mail, and is bound to no subject of this provider.
    fn by_email(&mut self, email: Option<&str>, issuer: &str) -> Result<Option<Login>> {
        let Some(email) = email else {
            return Ok(None);
        };
        let mut all = self.txn.logins()?;
        all.retain(|login| login.email.as_deref() == Some(email));
        // Two people of one address: nobody is meant.
        let [login] = all.as_slice() else {
            return Ok(None);
        };
        let credentials = self.txn.credentials_of(&login.person)?;
        let bound = credentials
            .iter()
            .any(|one| one.kind == OPENID && one.label == issuer);
        Ok((!bound).then(|| login.clone()))
    }
}
