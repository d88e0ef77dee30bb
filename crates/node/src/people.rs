//! Keeping the register: participants, persons, collections, machine access, and finding each by the name that people use.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use policy::{Desk, Member, Tlp, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stix::ObjectId;
use store::{NewCollection, Person};

use crate::access::{Access, Credentials, Kept, digest};
use crate::called::fit_name;
use crate::clock::Micros;
use crate::collections::{Collection, write_terms};
use crate::node::{Node, identity, uuid_v4};
use crate::pending::Pending;
use crate::register::{Circle, PARTICIPANTS, Participant, Register};
use crate::submission::Marking;
use crate::users::vouched::granting;
use crate::users::{Actor, Patience, Right, Try};
use crate::writer::Change;

/// The rights of a program, as the store keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rights {
    pub(crate) read: BTreeSet<String>,
    pub(crate) write: BTreeSet<String>,
    /// Whether it may read the figures of the process.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) metrics: bool,
    /// SHA-256 of a generated secret, by which it is found when it comes alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bearer: Option<String>,
}

/// A program that is to come in.
#[derive(Debug, Clone, Default)]
pub struct NewAccess {
    /// Its name.
    pub name: String,
    /// The participant it acts for, by id or name.
    pub participant: String,
    /// The person it is bound to, by name.
    pub person: Option<String>,
    /// The collections that it may read, by id or short name.
    pub read: Vec<String>,
    /// The collections that it may write.
    pub write: Vec<String>,
    /// Whether it may read the figures of the process, from wherever it comes.
    pub metrics: bool,
    /// A chosen secret; without one, one is generated.
    pub secret: Option<String>,
}

/// A program that may come in now, with its secret, which is kept nowhere.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Its name.
    pub name: String,
    /// Its secret.
    pub secret: String,
    /// The participant it acts for.
    pub participant: Participant,
}

/// A collection that is to be.
#[derive(Debug, Clone, Default)]
pub struct NewOwnCollection {
    /// Its short name, which serves wherever its id does.
    pub alias: String,
    /// Its title; the short name by default.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The desk that its records belong to.
    pub desk: Option<Desk>,
    /// The label of what comes in without one.
    pub marking: Marking,
}

impl Node {
    /// All participants known here, by name.
    pub fn participants(&self) -> Vec<Participant> {
        self.register()
            .participants()
            .into_iter()
            .cloned()
            .collect()
    }

    /// A participant by id, or by name without regard to case.
    pub fn participant(&self, name: &str) -> Option<Participant> {
        self.register().named(name).cloned()
    }

    /// Somebody that a label can name: a participant, person or circle by name, or by id.
    ///
    /// # Errors
    /// When nobody here is called so, with those who are.
    pub fn member(&self, name: &str) -> Result<Member> {
        self.named(name, |_| true)
    }

    /// The same for a viewer: a circle that they may not know is nobody.
    ///
    /// # Errors
    /// See [`Node::member`].
    pub fn member_for(&self, viewer: &Viewer, name: &str) -> Result<Member> {
        self.named(name, |circle| self.is_known(viewer, circle))
    }

    fn named(&self, name: &str, known: impl Fn(&Circle) -> bool) -> Result<Member> {
        let register = self.register();
        if let Some(participant) = register.named(name) {
            return Ok(Member::Participant(participant.id.clone()));
        }
        if let Some(circle) = register
            .circles()
            .find(|circle| (circle.name == name || circle.id.as_str() == name) && known(circle))
        {
            ensure!(
                !circle.is_contested(),
                "several participants say that they keep the circle {:?}; an administrator has to say whose it is first",
                circle.name
            );
            return Ok(Member::Circle {
                id: circle.id.clone(),
                epoch: circle.epoch,
            });
        }
        let reader = self.read()?;
        if let Some(person) = reader
            .persons()?
            .into_iter()
            .find(|person| person.name == name || person.id == name)
        {
            return Ok(Member::Person(person.id.parse()?));
        }
        let known: Vec<String> = register
            .participants()
            .into_iter()
            .map(|known| known.name.clone())
            .collect();
        bail!(
            "nobody here is called {name:?}; known: {}",
            known.join(", ")
        )
    }

    /// Notes a participant, or puts it in place of what was known of it. It gets a right to nothing by it.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when nobody can be called so; those of the storage.
    pub fn add_participant(
        &self,
        mut participant: Participant,
        by: &Actor,
    ) -> Pending<Participant> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let known = change.register.participant(&participant.id);
            if known.is_none_or(|known| known.name != participant.name) {
                participant.name = fit_name(&participant.name)?;
            }
            put_participant(change, &participant)?;
            let detail = json!({ "name": participant.name });
            change.note(&by, "participant.add", participant.id.as_str(), &detail)?;
            Ok(participant)
        })
    }

    /// A random identity for somebody new.
    ///
    /// # Errors
    /// None that can happen: an identity made of a random UUID is well formed.
    pub fn new_identity(&self) -> Result<ObjectId> {
        identity(self.chance().as_mut())
    }

    /// Adds a person of this node's participant, who does not sign in.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the name is none or taken; those of the storage.
    pub fn add_person(&self, name: &str, role: &str, by: &Actor) -> Pending<Person> {
        let (name, role, home) = (name.to_owned(), role.to_owned(), self.home().id.clone());
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Users)?;
            let name = fit_name(&name)?;
            if change.txn.person(&name)?.is_some() {
                bail!("there is a person called {name:?} already");
            }
            let person = Person {
                id: identity(change.chance)?.to_string(),
                organ: home.to_string(),
                name,
                role,
                profile: "{}".to_owned(),
                created: change.now,
                ..Person::default()
            };
            change.txn.put_person(&person)?;
            change.reload()?;
            change.note(
                &by,
                "person.add",
                &person.id,
                &json!({ "name": person.name }),
            )?;
            Ok(person)
        })
    }

    /// The persons of this node's participant.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn persons(&self) -> Result<Vec<Person>> {
        Ok(self.read()?.persons()?)
    }

    /// Lets a program in; its rights hold from the next request.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when participant, person or a collection is unknown, the name is taken or the secret too short.
    pub fn add_access(&self, new: NewAccess, by: &Actor) -> Result<Pending<Granted>> {
        let participant = self
            .participant(&new.participant)
            .with_context(|| format!("no participant is called {:?}", new.participant))?;
        let person = match &new.person {
            Some(name) => match self.member(name)? {
                Member::Person(id) => Some(id.to_string()),
                _ => bail!("{name:?} is no person"),
            },
            None => None,
        };
        let named = |names: &[String]| -> Result<BTreeSet<String>> {
            names
                .iter()
                .map(|name| {
                    Ok(self
                        .collection(name)?
                        .with_context(|| format!("there is no collection {name:?}"))?
                        .id)
                })
                .collect()
        };
        let mut rights = Rights {
            read: named(&new.read)?,
            write: named(&new.write)?,
            metrics: new.metrics,
            bearer: None,
        };
        let (secret, kept) = match new.secret {
            Some(secret) => {
                let kept = Kept::choose(&secret, self.chance().as_mut())?;
                (secret, kept)
            }
            None => Kept::generate(self.chance().as_mut()),
        };
        if let Kept::Generated(hex) = &kept {
            rights.bearer = Some(hex.clone());
        }
        let (name, by) = (new.name, by.clone());
        Ok(self.change(move |change| {
            change.authorize(&by, Right::Access)?;
            if fit_name(&name)? != name || name.contains(':') {
                bail!("the name of a program has no colon, and no white space around it");
            }
            if change.txn.access(&name)?.is_some() {
                bail!("there is a program called {name:?} already");
            }
            let access = store::Access {
                name: name.clone(),
                participant: participant.id.to_string(),
                person,
                secret: kept.text(),
                rights: serde_json::to_string(&rights)?,
                created: change.now,
                revoked: None,
            };
            change.txn.add_access(&access)?;
            change.reload()?;
            let detail = json!({
                "participant": participant.id, "read": rights.read.len(), "write": rights.write.len(),
                "metrics": rights.metrics, "reads": rights.read, "writes": rights.write,
            });
            let detail = granting(detail, &access);
            change.note(&by, "access.add", &name, &detail)?;
            Ok(Granted {
                name,
                secret,
                participant,
            })
        }))
    }

    /// Shuts a program out, from the next request on.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused).
    pub fn revoke_access(&self, name: &str, by: &Actor) -> Pending<bool> {
        let (name, by) = (name.to_owned(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Access)?;
            let revoked = change.txn.revoke_access(&name, change.now)?;
            change.reload()?;
            if revoked {
                change.note(&by, "access.revoke", &name, &Value::Null)?;
            }
            Ok(revoked)
        })
    }

    /// The programs that may come in, and those that once might.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn accesses(&self) -> Result<Vec<store::Access>> {
        Ok(self.read()?.accesses()?)
    }

    /// When each program last came in, to some minutes.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn access_uses(&self) -> Result<BTreeMap<String, i64>> {
        Ok(self.read()?.access_uses()?.into_iter().collect())
    }

    /// Who shows these credentials; `None` for a wrong secret and an unknown name alike.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn authenticate(&self, credentials: &Credentials) -> Result<Option<Arc<Access>>> {
        if let Credentials::Bearer(token) = credentials
            && Self::is_peer_token(token)
        {
            return self.authenticate_peer(token);
        }
        let (now, generation) = (self.now(), self.inner.store.generation());
        self.inner.warm.keep_to(generation);
        if let Some(access) = self.inner.warm.find(credentials, now) {
            return Ok(Some(access));
        }
        let Some(stored) = self.verify(credentials, false)? else {
            return Ok(None);
        };
        self.come_in(credentials, &stored, (now, generation))
    }

    /// The same of credentials that no slow hash is needed for: a peer's, and secrets that were generated. `None` says only that
    /// [`Node::authenticate`] has to be asked.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn authenticate_quickly(&self, credentials: &Credentials) -> Result<Option<Arc<Access>>> {
        if credentials.name().is_none() {
            return self.authenticate(credentials);
        }
        let moment = (self.now(), self.inner.store.generation());
        self.inner.warm.keep_to(moment.1);
        match self.verify(credentials, true)? {
            Some(stored) => self.come_in(credentials, &stored, moment),
            None => Ok(None),
        }
    }

    /// Whether somebody may now try a secret for a name; not, where wrong ones came from there, or too many wait.
    ///
    /// # Errors
    /// After which time again.
    pub fn begin_try(&self, name: &str, from: Option<IpAddr>) -> Result<Try, Patience> {
        self.inner.guesses.begin(name, from, self.now())
    }

    fn come_in(
        &self,
        credentials: &Credentials,
        stored: &store::Access,
        (now, generation): (Micros, u64),
    ) -> Result<Option<Arc<Access>>> {
        let access = Arc::new(self.access_of(stored)?);
        self.inner
            .warm
            .remember(credentials, Arc::clone(&access), now, generation);
        if self.inner.warm.is_news(&access.name, now) {
            let name = access.name.clone();
            // Nobody waits for it: it is noted that a program came, to some minutes.
            drop(self.change(move |change| Ok(change.txn.use_access(&name, change.now)?)));
        }
        Ok(Some(access))
    }

    fn verify(&self, credentials: &Credentials, quickly: bool) -> Result<Option<store::Access>> {
        let reader = self.read()?;
        let found = match credentials {
            Credentials::Basic { name, secret } => {
                reader.access(name)?.map(|found| (found, secret.clone()))
            }
            Credentials::Bearer(secret) => {
                let hex = digest(secret);
                let all = reader.accesses()?;
                let alone = all.iter().find(|access| {
                    rights(access).is_ok_and(|rights| rights.bearer.as_ref() == Some(&hex))
                });
                match alone {
                    Some(found) => Some((found.clone(), secret.clone())),
                    // A chosen secret is not found by itself: it comes with the name, as under Basic.
                    None => match secret.split_once(':') {
                        Some((name, secret)) => {
                            reader.access(name)?.map(|found| (found, secret.to_owned()))
                        }
                        None => None,
                    },
                }
            }
        };
        drop(reader);
        let found = found.filter(|(found, _)| found.revoked.is_none());
        let kept = found.as_ref().map(|(found, _)| Kept::parse(&found.secret));
        let slow = kept.as_ref().is_some_and(Kept::is_slow);
        let fits = match (&found, kept) {
            (Some((_, secret)), Some(kept)) if !(slow && quickly) => kept.fits(secret),
            _ => false,
        };
        if !fits
            && !slow
            && !quickly
            && let Some(name) = credentials.name()
        {
            // Who asks does not learn by the time it takes whether there is such a name, and how its secret is kept.
            Kept::take_as_long(name);
        }
        Ok(found.filter(|_| fits).map(|(found, _)| found))
    }

    fn access_of(&self, stored: &store::Access) -> Result<Access> {
        let rights = rights(stored)?;
        let participant: ObjectId = stored.participant.parse()?;
        let person = stored.person.as_deref().map(str::parse).transpose()?;
        let viewer: Viewer = self.register().viewer(&participant, person.as_ref(), true);
        Ok(Access {
            name: stored.name.clone(),
            participant,
            person,
            read: rights.read,
            write: rights.write,
            metrics: rights.metrics,
            viewer,
            peer: false,
        })
    }

    /// What a label that somebody chose means here: TLP:GREEN without anybody named is for this node's community, where it has one.
    pub fn meant(&self, mut chosen: Marking) -> Marking {
        if chosen.tlp.is_some_and(Tlp::is_for_community) && chosen.audience.is_empty() {
            chosen
                .audience
                .extend(self.register().house().community.clone());
        }
        chosen
    }

    /// Reads a label that somebody typed: a TLP name and whom it is for.
    ///
    /// # Errors
    /// When the name is no TLP label, somebody is unknown, or is no person under TLP:RED.
    pub fn marking(&self, tlp: Option<&str>, audience: &[String]) -> Result<Marking> {
        self.marking_by(tlp, audience, |name| self.member(name))
    }

    /// The same for a viewer: a circle that they may not know is nobody.
    ///
    /// # Errors
    /// See [`Node::marking`].
    pub fn marking_for(
        &self,
        viewer: &Viewer,
        tlp: Option<&str>,
        audience: &[String],
    ) -> Result<Marking> {
        self.marking_by(tlp, audience, |name| self.member_for(viewer, name))
    }

    fn marking_by(
        &self,
        tlp: Option<&str>,
        audience: &[String],
        member: impl Fn(&str) -> Result<Member>,
    ) -> Result<Marking> {
        let tlp: Option<Tlp> = match tlp {
            Some(text) => Some(text.parse().map_err(|_| {
                anyhow::anyhow!(
                    "{text:?} is no TLP label; there are RED, AMBER+STRICT, AMBER, GREEN and CLEAR"
                )
            })?),
            None => None,
        };
        let audience = audience
            .iter()
            .map(|name| member(name))
            .collect::<Result<_>>()?;
        let marking = Marking { tlp, audience };
        if marking.misses() {
            bail!("RED reaches named persons only; name them, or choose AMBER+STRICT");
        }
        Ok(marking)
    }
}

fn rights(stored: &store::Access) -> Result<Rights> {
    serde_json::from_str(&stored.rights).context("the rights of a program are damaged")
}

pub(crate) fn insert_collection(
    change: &mut Change<'_, '_>,
    new: &NewOwnCollection,
) -> Result<Collection> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if new.alias.is_empty() || !new.alias.chars().all(plain) {
        bail!(
            "a short name has letters, digits, dots, dashes and underscores; {:?} has others",
            new.alias
        );
    }
    let uuid = uuid_v4(change.chance);
    let marking = &new.marking;
    let terms = (!marking.is_empty()).then(|| write_terms(marking.tlp, &marking.audience));
    change.txn.add_collection(&NewCollection {
        uuid: &uuid,
        alias: Some(&new.alias),
        title: new.title.as_deref().unwrap_or(&new.alias),
        description: new.description.as_deref(),
        desk: new.desk.map(Desk::as_str),
        terms: terms.as_deref(),
    })?;
    Collection::find(change.txn, &uuid)?.context("a collection that was just made is missing")
}

/// Adds a participant to the list, or puts it in place of what was known of it.
pub(crate) fn put_participant(
    change: &mut Change<'_, '_>,
    participant: &Participant,
) -> Result<()> {
    let mut all: Vec<Participant> = change
        .register
        .participants()
        .into_iter()
        .cloned()
        .collect();
    all.retain(|known| known.id != participant.id);
    all.push(participant.clone());
    change
        .txn
        .set_meta(PARTICIPANTS, &serde_json::to_vec(&all)?)?;
    change.txn.move_generation();
    change.reload()
}

impl Register {
    /// A participant by id, or by name without regard to case.
    pub(crate) fn named(&self, name: &str) -> Option<&Participant> {
        if let Ok(id) = ObjectId::parse(name) {
            return self.participant(&id);
        }
        let wanted = name.trim().to_lowercase();
        let called = |known: &&Participant| known.name.trim().to_lowercase() == wanted;
        let found: Vec<&Participant> = self.participants().into_iter().filter(called).collect();
        // Whoever has a key is who is meant, rather than who was noted by hand before.
        let known_by_key = found.iter().find(|known| self.key(&known.id).is_some());
        known_by_key.or(found.first()).copied()
    }
}
