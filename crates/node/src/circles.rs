//! Circles: sets of participants or persons that a label can name. The participant that made one keeps it; its members' nodes get the
//! roster, sealed, and nobody else learns more than an opaque id.
//!
//! Invariant: a label names a circle as it was: who joins later sees from before only what is granted, because joining opens an epoch.

mod arrival;

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use policy::{CircleId, Epoch, Member, Viewer};
use serde_json::{Value, json};
use stix::ObjectId;

use crate::accept::insert_own;
use crate::called::fit_name;
use crate::collections::Collection;
use crate::node::{Node, uuid_v4};
use crate::peers::notice::for_participants;
use crate::pending::Pending;
use crate::register::{Circle, LEFT, Left};
use crate::seal::{CircleName, Roster};
use crate::users::{Actor, Right};
use crate::writer::Change;

pub(crate) use arrival::{Known, arrived};

impl Node {
    /// The circles whose rosters are here, by name.
    pub fn circles(&self) -> Vec<Circle> {
        let mut circles: Vec<Circle> = self.register().circles().cloned().collect();
        circles.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        circles
    }

    /// Whether a viewer may know a circle: its name and its members are for those who keep it or belong to it.
    pub fn is_known(&self, viewer: &Viewer, circle: &Circle) -> bool {
        let participant = viewer.standing.participant.as_ref();
        let belongs = circle.since(participant, viewer.person.as_ref());
        circle.owner == self.home().id || belongs.is_some()
    }

    /// Makes a circle; its members' nodes get the roster.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when the name is none or taken; those of the storage.
    pub fn add_circle(&self, name: &str, members: Vec<Member>, by: &Actor) -> Pending<Circle> {
        let (name, by) = (name.trim().to_owned(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let home = change.register.home().clone();
            let CircleName { id, nonce } = CircleName::of(&home, &uuid_v4(change.chance))?;
            check_name(change, &home, &name)?;
            change.txn.put_circle(&store::Circle {
                id: id.as_str().to_owned(),
                name,
                owner: home.to_string(),
                epoch: 1,
                profile: Known::ours(nonce).text()?,
            })?;
            for member in &members {
                check_member(member)?;
                change
                    .txn
                    .join_circle(id.as_str(), &member.to_string(), 1)?;
            }
            change.note(&by, "circle.add", id.as_str(), &Value::Null)?;
            publish(change, &id)
        })
    }

    /// Somebody joins one of our circles, and opens its next epoch.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when it belongs to it already, or the circle is another's; those of the storage.
    pub fn join_circle(&self, circle: &CircleId, member: Member, by: &Actor) -> Pending<Circle> {
        let (id, by) = (circle.clone(), by.clone());
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            check_member(&member)?;
            let mut stored = ours(change, &id)?;
            let text = member.to_string();
            let stays = change.txn.roster(id.as_str())?;
            ensure!(
                !stays
                    .iter()
                    .any(|stay| stay.member == text && stay.until.is_none()),
                "it belongs to the circle already"
            );
            stored.epoch += 1;
            change.txn.put_circle(&stored)?;
            change.txn.join_circle(id.as_str(), &text, stored.epoch)?;
            change.note(&by, "circle.join", id.as_str(), &json!({ "member": text }))?;
            publish(change, &id)
        })
    }

    /// Somebody leaves one of our circles: from now on nothing is released to it through the circle.
    ///
    /// # Errors
    /// [`Refused`](crate::Refused); when it does not belong to it, or the circle is another's; those of the storage.
    pub fn leave_circle(&self, circle: &CircleId, member: &Member, by: &Actor) -> Pending<Circle> {
        let (id, member, text) = (circle.clone(), member.clone(), member.to_string());
        let by = by.clone();
        self.change(move |change| {
            change.authorize(&by, Right::Register)?;
            let mut stored = ours(change, &id)?;
            ensure!(
                leave(change, id.as_str(), &text, stored.epoch)?,
                "it does not belong to the circle"
            );
            // Coming back is joining anew, in a later epoch than anything that was given while it was away.
            stored.epoch += 1;
            change.txn.put_circle(&stored)?;
            change.note(&by, "circle.leave", id.as_str(), &json!({ "member": text }))?;
            let circle = publish(change, &id)?;
            bid_farewell(change, &circle, &member)?;
            Ok(circle)
        })
    }
}

/// Ends a stay, and keeps until when it lasted by the clock.
fn leave(change: &mut Change<'_, '_>, circle: &str, member: &str, epoch: i64) -> Result<bool> {
    let stays = change.txn.roster(circle)?;
    let stay = stays
        .into_iter()
        .find(|stay| stay.until.is_none() && stay.member == member);
    let Some(stay) = stay else {
        return Ok(false);
    };
    let mut left: Vec<Left> = match change.txn.meta(LEFT)? {
        Some(json) => {
            serde_json::from_slice(&json).context("the list of ended stays is damaged")?
        }
        None => Vec::new(),
    };
    left.push(Left {
        circle: circle.to_owned(),
        member: member.to_owned(),
        since: Epoch::try_from(stay.since)?,
        at: change.now,
    });
    change.txn.set_meta(LEFT, &serde_json::to_vec(&left)?)?;
    Ok(change.txn.leave_circle(circle, member, epoch)?)
}

/// Who has left gets a last roster with nobody in it, so that its node gives nothing on to those who were in it with it.
fn bid_farewell(change: &mut Change<'_, '_>, circle: &Circle, member: &Member) -> Result<()> {
    let organ = match member {
        Member::Participant(participant) => Some(participant.clone()),
        Member::Person(person) => change.register.organ_of_person(person).cloned(),
        Member::Circle { .. } => None,
    };
    let stays = |organ: &ObjectId| {
        circle.members.iter().any(|(member, _)| match member {
            Member::Participant(id) => id == organ,
            Member::Person(id) => change.register.organ_of_person(id) == Some(organ),
            Member::Circle { .. } => false,
        })
    };
    let Some(organ) = organ.filter(|organ| *organ != circle.owner && !stays(organ)) else {
        return Ok(());
    };
    let roster = Roster::make(
        &circle.owner,
        &named(change, &circle.id)?,
        &circle.name,
        circle.epoch,
        Vec::new(),
        &change.keys.seal,
        change.now,
    )?;
    let collection = contacts(change)?;
    let to = BTreeSet::from([organ]);
    let label = for_participants(&circle.owner, &to, collection.desk);
    insert_own(change, &roster.record()?, &label, Some(&collection))?;
    Ok(())
}

fn contacts(change: &Change<'_, '_>) -> Result<Collection> {
    Collection::find(change.txn, policy::Desk::Contacts.as_str())?
        .context("the collection of contacts is missing")
}

fn check_name(change: &Change<'_, '_>, owner: &ObjectId, name: &str) -> Result<()> {
    ensure!(
        fit_name(name)? == name,
        "the name of a circle has no white space around it"
    );
    let taken = change
        .register
        .circles()
        .any(|circle| circle.owner == *owner && circle.name == name);
    ensure!(!taken, "there is a circle called {name:?} already");
    Ok(())
}

fn check_member(member: &Member) -> Result<()> {
    ensure!(
        !matches!(member, Member::Circle { .. }),
        "a circle has participants and persons, no circles"
    );
    Ok(())
}

fn ours(change: &Change<'_, '_>, id: &CircleId) -> Result<store::Circle> {
    let stored = change
        .txn
        .circle(id.as_str())?
        .context("there is no such circle")?;
    ensure!(
        stored.owner == change.register.home().as_str(),
        "another participant keeps this circle; ask it"
    );
    Ok(stored)
}

/// A circle of ours by its id, with what shows that the id is ours.
fn named(change: &Change<'_, '_>, id: &CircleId) -> Result<CircleName> {
    let stored = ours(change, id)?;
    Ok(CircleName {
        id: id.clone(),
        nonce: Known::read(&stored.profile)?.nonce,
    })
}

/// Reads the circle anew, and gives its members the roster as it is now.
fn publish(change: &mut Change<'_, '_>, id: &CircleId) -> Result<Circle> {
    change.reload()?;
    let circle = change
        .register
        .circle(id)
        .cloned()
        .context("the circle is gone")?;
    let roster = Roster::make(
        &circle.owner,
        &named(change, id)?,
        &circle.name,
        circle.epoch,
        circle.members.clone(),
        &change.keys.seal,
        change.now,
    )?;
    let mut to = BTreeSet::new();
    for (member, _) in &circle.members {
        match member {
            Member::Participant(participant) => to.extend([participant.clone()]),
            Member::Person(person) => {
                to.extend(change.register.organ_of_person(person).cloned());
            }
            Member::Circle { .. } => {}
        }
    }
    let collection = contacts(change)?;
    let label = for_participants(&circle.owner, &to, collection.desk);
    insert_own(change, &roster.record()?, &label, Some(&collection))?;
    Ok(circle)
}
