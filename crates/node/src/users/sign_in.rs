//! Signing in with a name, a password and a code. Invariant: unknown and wrong are told apart neither by the answer nor by the time it
//! takes.

use std::net::IpAddr;

use anyhow::Result;
use serde_json::Value;
use store::{Credential, Login};
use zeroize::Zeroizing;

use super::actor::Refused;
use super::enrolment::{PASSWORD, RECOVERY, TOTP};
use super::register::{State, folded};
use super::sessions::{Method, Opened, open_session};
use super::{TotpSecret, cipher, codes, password, throttle};
use crate::clock::Micros;
use crate::node::Node;
use crate::pending::Pending;
use crate::writer::Change;

/// Where tries at the second factor count, by name alone: whoever gets there knew the password.
const SECOND: &str = "second factor";

/// What somebody shows who wants to come in.
#[derive(Clone)]
pub struct Shown {
    /// The name to sign in with.
    pub login: String,
    /// The password; empty with a recovery code of somebody who has none.
    pub password: Zeroizing<String>,
    /// A code by time, or a recovery code.
    pub code: Zeroizing<String>,
    /// The address that it comes from.
    pub from: IpAddr,
    /// Where that is in words that its owner will recognize: address and browser.
    pub origin: String,
}

fn active(login: Option<Login>) -> Option<Login> {
    login.filter(|login| State::parse(&login.state) == State::Active)
}

fn of_kind<'a>(credentials: &'a [Credential], kind: &str) -> Option<&'a Credential> {
    credentials.iter().find(|one| one.kind == kind)
}

impl Node {
    /// Lets somebody in who shows a name, a password and a code. Blocks while hashing.
    ///
    /// # Errors
    /// [`Refused::Wrong`] for whatever was wrong; [`Refused::Slow`] after many wrong tries from one place.
    pub fn sign_in(&self, shown: &Shown) -> Result<Opened> {
        let (name, place) = (folded(&shown.login), throttle::place(shown.from));
        let reader = self.read()?;
        throttle::check(&reader, &name, &place, self.now())?;
        let login = active(reader.login_named(&name)?);
        let credentials = match &login {
            Some(login) => reader.credentials_of(&login.person)?,
            None => Vec::new(),
        };
        drop(reader);
        let kept = of_kind(&credentials, PASSWORD).map(|one| one.secret.clone());
        let text = kept
            .as_deref()
            .and_then(|kept| std::str::from_utf8(kept).ok());
        let fits = {
            let _turn = self.inner.hashing.turn();
            password::fits(&shown.password, text)
        };
        let (code, origin) = (shown.code.clone(), shown.origin.clone());
        let answer = self.change(move |change| {
            // Looked up again: what was checked outside is worth something only if nothing has changed since.
            let login = match &login {
                Some(login) => active(change.txn.login(&login.person)?),
                None => None,
            };
            if let Some(login) = &login {
                let proved = Proved { kept, fits };
                if let Some(method) = change.second(login, &proved, &code, &name)? {
                    change.forget_failures(&name, &place)?;
                    return Ok(Ok(open_session(
                        change,
                        login,
                        method,
                        &origin,
                        Value::Null,
                    )?));
                }
            }
            change.count_failure(&name, &place)?;
            Ok(Err(Refused::Wrong))
        });
        Ok(answer.wait()??)
    }

    /// Forgets sessions, codes and tries that are long over.
    pub(crate) fn forget_past_sign_ins(&self, now: Micros) -> Pending<usize> {
        use crate::clock::DAY;
        self.change(move |change| {
            let (over, tries) = (90 * DAY, DAY);
            Ok(change
                .txn
                .drop_past_sign_ins(now.saturating_sub(over), now.saturating_sub(tries))?)
        })
    }
}

/// What is known of the first factor: the password as it was kept when it was checked, and whether it fitted.
struct Proved {
    kept: Option<Vec<u8>>,
    fits: bool,
}

impl Change<'_, '_> {
    /// The second factor; with what somebody has proved who they are, if they have.
    fn second(
        &mut self,
        login: &Login,
        first: &Proved,
        code: &str,
        name: &str,
    ) -> Result<Option<Method>> {
        let credentials = self.txn.credentials_of(&login.person)?;
        let kept = of_kind(&credentials, PASSWORD).map(|one| &one.secret);
        // Of somebody without a password, a recovery code is enough: it has 80 bits and works once.
        let alone = kept.is_none() && first.kept.is_none();
        if kept != first.kept.as_ref() || !(first.fits || alone) {
            return Ok(None);
        }
        if throttle::check(self.txn, name, SECOND, self.now).is_err() {
            return Ok(None);
        }
        let by_time = match alone {
            true => None,
            false => self.by_time(&credentials, code)?,
        };
        let method = match by_time {
            Some(method) => Some(method),
            None => self.by_recovery(login, &credentials, code)?,
        };
        if method.is_some() {
            self.forget_failures(name, SECOND)?;
        } else if first.fits {
            self.count_failure(name, SECOND)?;
        }
        Ok(method)
    }

    fn by_time(&mut self, credentials: &[Credential], code: &str) -> Result<Option<Method>> {
        let Some(kept) = of_kind(credentials, TOTP) else {
            return Ok(None);
        };
        let Ok(opened) = cipher::open(self.keys, &kept.person, &kept.secret) else {
            return Ok(None);
        };
        let secret = TotpSecret::from_bytes(opened);
        let Some(step) = secret.step_of(code, self.now, kept.used) else {
            return Ok(None);
        };
        // Enciphered anew, so that what was under a rotated key moves to the present one.
        let sealed = cipher::seal(self.keys, &kept.person, secret.bytes())?;
        self.txn.use_credential(kept.id, &sealed, step)?;
        Ok(Some(Method::Password))
    }

    fn by_recovery(
        &mut self,
        login: &Login,
        credentials: &[Credential],
        code: &str,
    ) -> Result<Option<Method>> {
        let digest = hex::encode(codes::digest_typed(code));
        let Some(found) = credentials
            .iter()
            .find(|one| one.kind == RECOVERY && one.lookup == digest)
        else {
            return Ok(None);
        };
        self.txn.drop_credential(found.id, &login.person)?;
        Ok(Some(Method::RecoveryCode))
    }
}
