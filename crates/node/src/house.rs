//! What an administrator changes of the house itself, in the browser as at the terminal: its name, whom it knows, its collections.
//!
//! Invariant: the right is looked up inside the transaction that makes the change, and each change is a line of the trail.

use std::sync::PoisonError;

use anyhow::{Result, bail, ensure};
use serde_json::json;
use stix::ObjectId;

use crate::called::fit_name;
use crate::collections::Collection;
use crate::keys::{KeyId, Use};
use crate::node::{HOME, Node};
use crate::pending::Pending;
use crate::people::{NewOwnCollection, insert_collection, put_participant};
use crate::register::{BOUND, Kind, Participant};
use crate::users::{Actor, Right};
use crate::writer::Change;

/// A name that fits, and that nobody else here has.
fn free_name(change: &Change<'_, '_>, name: &str, own: Option<&Participant>) -> Result<String> {
    let name = fit_name(name)?;
    if let Some(other) = change.register.named(&name)
        && own.is_none_or(|own| own.id != other.id)
    {
        bail!("there is a participant called {name:?} already");
    }
    Ok(name)
}

impl Node {
    /// Calls this node's participant otherwise, and says which country it is of. Peers go on calling it as it introduced itself, until it
    /// introduces itself anew; its identity, its log and its keys stay.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the name is none or somebody else's; those of the storage.
    pub fn rename(&self, name: &str, country: Option<&str>, by: &Actor) -> Result<Participant> {
        let (name, by) = (name.to_owned(), by.clone());
        let mut own = self.home().clone();
        let country = country.map(|country| country.trim().to_uppercase());
        let renamed = self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let before = own.name.clone();
            own.name = free_name(change, &name, Some(&own))?;
            if let Some(country) = country {
                let letters = country.chars().all(|c| c.is_ascii_uppercase());
                ensure!(
                    country.is_empty() || (country.len() == 2 && letters),
                    "a country is two letters of ISO 3166-1; {country:?} is something else"
                );
                own.country = Some(country).filter(|country| !country.is_empty());
            }
            change.txn.set_meta(HOME, &serde_json::to_vec(&own)?)?;
            put_participant(change, &own)?;
            let detail = json!({ "name": [before, own.name] });
            change.note(&by, "participant.rename", own.id.as_str(), &detail)?;
            Ok(own)
        });
        let renamed = renamed.wait()?;
        let mut home = self
            .inner
            .home
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *home = Box::leak(Box::new(renamed.clone()));
        Ok(renamed)
    }

    /// Notes a participant: an organ, an organisation, a State, or a client of the home participant. It gets a right to nothing by it.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the name is none or somebody else's; those of the storage.
    pub fn enter_participant(
        &self,
        mut participant: Participant,
        by: &Actor,
    ) -> Pending<Participant> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            participant.name = free_name(change, &participant.name, None)?;
            if participant.kind == Kind::Organ && participant.organ_of.is_none() {
                bail!("an organ is one of somebody: a State or an organisation");
            }
            put_participant(change, &participant)?;
            let detail = json!({ "name": participant.name });
            let id = participant.id.to_string();
            change.note(&by, "participant.add", &id, &detail)?;
            Ok(participant)
        })
    }

    /// Makes a collection.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the short name is none or taken; those of the storage.
    pub fn found_collection(&self, new: NewOwnCollection, by: &Actor) -> Pending<Collection> {
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            if Collection::find(change.txn, &new.alias)?.is_some() {
                bail!("there is a collection {:?} already", new.alias);
            }
            let made = insert_collection(change, &new)?;
            let detail = json!({ "alias": new.alias });
            change.note(&by, "collection.add", &made.id, &detail)?;
            Ok(made)
        })
    }
}

/// A seal key that an identity was bound to here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The key's identifier.
    pub key: String,
    /// Since when.
    pub since: i64,
    /// Until when, if another followed it.
    pub until: Option<i64>,
    /// Whether it was revoked, so that nothing said with it counts.
    pub revoked: bool,
}

impl Node {
    /// The seal keys that an identity is and was bound to, the newest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn bindings_of(&self, identity: &ObjectId) -> Result<Vec<Bound>> {
        let mut bindings = self.read()?.bindings_of(identity.as_str())?;
        bindings.sort_by_key(|binding| std::cmp::Reverse(binding.since));
        let bound = bindings.into_iter().map(|binding| Bound {
            key: KeyId::of(Use::Seal, &binding.key).to_string(),
            since: binding.since,
            until: binding.until,
            revoked: binding.state != BOUND,
        });
        Ok(bound.collect())
    }
}
