//! Passkeys (WebAuthn): made by somebody who may choose how to sign in, shown by whoever signs in, without typing a name. Invariant: a
//! challenge works once, for some minutes, and is remembered in memory only.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::ObjectId;
use store::Credential;
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::actor::{Actor, Refused};
use super::enrolment::{PASSKEY, Secured};
use super::register::State;
use super::sessions::{Method, Opened, open_session};
use super::{codes, throttle};
use crate::clock::{Micros, SECOND};
use crate::node::Node;

/// How long a challenge works.
const LASTS: Micros = 300 * SECOND;
/// How many challenges are remembered at most; the oldest make room.
const MOST: usize = 4_096;
/// How many passkeys one person has at most.
const MOST_PASSKEYS: usize = 20;

/// The address at which a browser shows and makes passkeys: they are bound to its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    host: String,
    origin: Url,
}

/// A challenge to hand to the browser.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// Its number, to be sent back with the browser's answer.
    pub number: String,
    /// What `navigator.credentials` takes, with binary values in base64url.
    pub options: Value,
}

/// Challenges that are under way.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<HashMap<String, (Micros, Site, Under)>>);

enum Under {
    Making(ObjectId, Box<PasskeyRegistration>),
    Showing(Box<DiscoverableAuthentication>),
}

/// A passkey as the store keeps it.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// The host that it is bound to.
    host: String,
    passkey: Passkey,
}

impl Ceremonies {
    fn all(&self) -> MutexGuard<'_, HashMap<String, (Micros, Site, Under)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, number: String, now: Micros, site: Site, under: Under) {
        let mut all = self.all();
        all.retain(|_, (until, ..)| *until > now);
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, (until, ..))| *until);
            if let Some(oldest) = oldest.map(|(number, _)| number.clone()) {
                all.remove(&oldest);
            }
        }
        all.insert(number, (now.saturating_add(LASTS), site, under));
    }

    fn end(&self, number: &str, now: Micros) -> Option<(Site, Under)> {
        let (until, site, under) = self.all().remove(number)?;
        (until > now).then_some((site, under))
    }
}

impl Site {
    /// The host that passkeys made here are bound to.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    fn webauthn(&self, name: &str) -> Result<Webauthn> {
        let builder = WebauthnBuilder::new(&self.host, &self.origin)?;
        Ok(builder.rp_name(name).build()?)
    }
}

impl Node {
    /// Where the browser is that asked for `host` (with its port): at the node's configured address, or on this machine. `None` where
    /// passkeys do not work: at a bare address of the network, or at a name that the operator did not configure.
    #[must_use]
    pub fn passkey_site(&self, host: &str) -> Option<Site> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let name = name.to_ascii_lowercase();
        if let Some(address) = &self.config().address
            && let Ok(origin) = Url::parse(address)
            && origin.domain() == Some(name.as_str())
        {
            return Some(Site { host: name, origin });
        }
        if name == "localhost" {
            let origin = Url::parse(&format!("http://{host}")).ok()?;
            return Some(Site { host: name, origin });
        }
        None
    }

    /// A challenge to make a passkey for oneself.
    ///
    /// # Errors
    /// [`Refused`]; when there are many already.
    pub async fn begin_passkey(&self, site: &Site, by: &Actor) -> Result<Ceremony> {
        let asked = by.clone();
        let allowed = self.change(move |change| {
            let (login, _) = change.authorize_lately(&asked)?;
            let all = change.txn.credentials_of(&login.person)?;
            Ok((login, all))
        });
        let (login, all) = allowed.await?;
        let mine: Vec<Stored> = all
            .iter()
            .filter(|one| one.kind == PASSKEY)
            .filter_map(|one| serde_json::from_slice(&one.secret).ok())
            .collect();
        ensure!(
            mine.len() < MOST_PASSKEYS,
            "you have {MOST_PASSKEYS} passkeys already"
        );
        let known = mine
            .iter()
            .filter(|one| one.host == site.host)
            .map(|one| one.passkey.cred_id().clone())
            .collect();
        let webauthn = site.webauthn(&self.home().name)?;
        let user = Uuid::parse_str(by.person.uuid())?;
        let (challenge, state) =
            webauthn.start_passkey_registration(user, &login.name, &by.name, Some(known))?;
        let mut options = serde_json::to_value(&challenge)?;
        // Kept on the device, so that nobody needs to type a name to sign in.
        if let Some(selection) = options
            .pointer_mut("/publicKey/authenticatorSelection")
            .and_then(Value::as_object_mut)
        {
            selection.insert("residentKey".to_owned(), json!("required"));
            selection.insert("requireResidentKey".to_owned(), json!(true));
        }
        let under = Under::Making(by.person.clone(), Box::new(state));
        Ok(self.ceremony(site, options, under))
    }

    /// The browser has made a passkey: from now on it lets somebody in.
    ///
    /// # Errors
    /// [`Refused::Wrong`] when the browser's answer does not fit the challenge; the other [`Refused`].
    pub async fn finish_passkey(
        &self,
        number: &str,
        answer: &str,
        label: &str,
        by: &Actor,
    ) -> Result<Secured> {
        let under = self.inner.ceremonies.end(number, self.now());
        let Some((site, Under::Making(person, state))) = under else {
            return Err(Refused::Wrong.into());
        };
        if person != by.person {
            return Err(Refused::Wrong.into());
        }
        let answer: RegisterPublicKeyCredential =
            serde_json::from_str(answer).map_err(|_| Refused::Wrong)?;
        let webauthn = site.webauthn(&self.home().name)?;
        let passkey = webauthn
            .finish_passkey_registration(&answer, &state)
            .map_err(|error| {
                tracing::info!(%error, "passkey.refused");
                Refused::Wrong
            })?;
        let lookup = URL_SAFE_NO_PAD.encode(passkey.cred_id());
        let stored = Stored {
            host: site.host,
            passkey,
        };
        let secret = serde_json::to_vec(&stored)?;
        let label: String = label
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect();
        let by = by.clone();
        let made = self.change(move |change| {
            let (login, method) = change.authorize_lately(&by)?;
            let person = login.person.clone();
            ensure!(
                change.txn.credential_by(PASSKEY, &lookup)?.is_none(),
                "this passkey is known already"
            );
            change.begin_anew(&person, method)?;
            change.txn.add_credential(&Credential {
                person: person.clone(),
                kind: PASSKEY.to_owned(),
                label: label.clone(),
                lookup,
                secret,
                created: change.now,
                ..Credential::default()
            })?;
            let detail = json!({ "kind": "passkey", "label": label });
            change.note(&by, "credential.add", &person, &detail)?;
            change.secured(&by, login, method, Method::Passkey)
        });
        made.await
    }

    /// A challenge for whoever wants to sign in with a passkey.
    ///
    /// # Errors
    /// When the site is not one for passkeys.
    pub fn challenge_passkey(&self, site: &Site) -> Result<Ceremony> {
        let webauthn = site.webauthn(&self.home().name)?;
        let (challenge, state) = webauthn.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(&challenge)?;
        // Asked for by a button, not offered while somebody types.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Ok(self.ceremony(site, options, Under::Showing(Box::new(state))))
    }

    /// Lets somebody in who shows a passkey.
    ///
    /// # Errors
    /// [`Refused::Wrong`] for whatever does not fit; [`Refused::Slow`] after many wrong tries from one place.
    pub async fn sign_in_passkey(
        &self,
        number: &str,
        answer: &str,
        from: IpAddr,
        origin: &str,
    ) -> Result<Opened> {
        let (place, origin) = (throttle::place(from), origin.to_owned());
        throttle::check(&*self.read()?, PASSKEY, &place, self.now())?;
        match self.shown_passkey(number, answer) {
            Ok((row, stored, used)) => {
                let secret = serde_json::to_vec(&stored)?;
                let opened = self.change(move |change| {
                    let login = change.txn.login(&row.person)?;
                    let login = login.filter(|login| State::parse(&login.state) == State::Active);
                    let login = login.ok_or(Refused::Wrong)?;
                    // Looked up again: it may have been taken away meanwhile, or shown twice at once.
                    let now = change.txn.credential_by(PASSKEY, &row.lookup)?;
                    if !now.is_some_and(|now| now.person == row.person && now.secret == row.secret)
                    {
                        return Err(Refused::Wrong.into());
                    }
                    change.txn.use_credential(row.id, &secret, change.now)?;
                    let detail = json!({ "passkey": row.id, "counter": used });
                    open_session(change, &login, Method::Passkey, &origin, detail)
                });
                opened.await
            }
            Err(error) => {
                tracing::info!(error = format!("{error:#}"), "passkey.refused");
                self.change(move |change| change.count_failure(PASSKEY, &place))
                    .await?;
                Err(Refused::Wrong.into())
            }
        }
    }

    fn shown_passkey(&self, number: &str, answer: &str) -> Result<(Credential, Stored, bool)> {
        let under = self.inner.ceremonies.end(number, self.now());
        let Some((site, Under::Showing(state))) = under else {
            anyhow::bail!("there is no such challenge");
        };
        let answer: PublicKeyCredential = serde_json::from_str(answer)?;
        let webauthn = site.webauthn(&self.home().name)?;
        let (user, id) = webauthn.identify_discoverable_authentication(&answer)?;
        let lookup = URL_SAFE_NO_PAD.encode(id);
        let row = self.read()?.credential_by(PASSKEY, &lookup)?;
        let row = row.context("nobody here has this passkey")?;
        let person = ObjectId::parse(&row.person)?;
        ensure!(
            person.uuid() == user.to_string(),
            "the passkey is somebody else's"
        );
        let mut stored: Stored = serde_json::from_slice(&row.secret)?;
        ensure!(
            stored.host == site.host,
            "the passkey is bound to another host"
        );
        let result =
            webauthn.finish_discoverable_authentication_v2(&answer, *state, &stored.passkey)?;
        let moved = stored.passkey.update_credential(&result).unwrap_or(false);
        Ok((row, stored, moved))
    }

    fn ceremony(&self, site: &Site, options: Value, under: Under) -> Ceremony {
        let number = codes::secret(self.chance().as_mut()).to_string();
        self.inner
            .ceremonies
            .begin(number.clone(), self.now(), site.clone(), under);
        Ceremony { number, options }
    }
}
