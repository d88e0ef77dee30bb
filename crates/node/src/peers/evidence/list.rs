//! Which evidence is kept about a version, and how it is found.
//!
//! Invariant: a list is at most twice as long as there are those who may say something about that version, through a program or a peer: the
//! author's seal, the labels of the author and of the peers that gave it, of each the last said, over the bytes that are held. It is looked
//! through when it has doubled, so that many that come cost each the same. What this node says itself is always on it.

use std::collections::HashMap;

use anyhow::{Context, Result};
use stix::{ObjectId, Timestamp};
use store::{Held, Look};

use crate::clock::Micros;
use crate::keys::KeyId;
use crate::reading::{Evidence, Good};
use crate::submission::Channel;
use crate::writer::Change;

/// So many are listed as they come: each is by somebody who may have a say. With more, and twice as many as when that was last done, it is
/// looked who said what.
const FEW: usize = 8;

/// How many seals that were followed by others are remembered of a version.
const FOLLOWED: usize = 1_000;

/// What is kept of each: what it is, by whom, over which bytes, whether others see it in collections, and who brought it where that
/// cannot be proven.
#[derive(PartialEq, Eq, Hash)]
struct Place {
    seal: bool,
    stands: bool,
    signer: Option<ObjectId>,
    sha256: Option<String>,
    bringer: Option<String>,
}

/// What a piece of evidence is about.
fn subject(evidence: &Evidence) -> Option<(&ObjectId, Option<&Timestamp>)> {
    match evidence {
        Evidence::Seal(seal) => Some((&seal.claim().object, seal.claim().version.as_ref())),
        Evidence::Handling(handling) => Some((handling.object(), handling.version())),
        Evidence::Withdrawal(_) | Evidence::Roster(_) => None,
    }
}

/// Under which name the store finds what is said about a version.
fn index(object: &ObjectId, version: Option<&Timestamp>) -> String {
    let version = version.map_or_else(String::new, Timestamp::version_key);
    format!("evidence/{object}/{version}")
}

/// Under which name the store finds the author's seals that were followed by others: nobody reads them, and they go with what they seal.
fn followed(name: &str) -> String {
    format!("{name} followed")
}

/// Under which name the store finds how long a list was when it was last looked through.
fn looked(name: &str) -> String {
    format!("looked.{name}")
}

/// Whether a list of such a length has to be looked through: reading what is on it costs more than one more costs.
fn is_due(look: &Look, name: &str, length: usize) -> Result<bool> {
    if length <= FEW {
        return Ok(false);
    }
    let before = match look.meta(&looked(name))? {
        Some(length) => serde_json::from_slice(&length).context("a list of evidence is damaged")?,
        None => 0_usize,
    };
    Ok(length > before.saturating_mul(2))
}

fn numbers(look: &Look, name: &str) -> Result<Vec<i64>> {
    match look.meta(name)? {
        Some(list) => serde_json::from_slice(&list).context("a list of evidence is damaged"),
        None => Ok(Vec::new()),
    }
}

/// Notes that a record is evidence, if whoever signed it has a say and it is about the bytes that are held.
pub(crate) fn remember(
    change: &mut Change<'_, '_>,
    evidence: &Evidence,
    recno: i64,
    channel: &Channel,
) -> Result<()> {
    let Some((object, version)) = subject(evidence) else {
        return Ok(());
    };
    let copies = |change: &Change<'_, '_>| Copies::of(change, object, version);
    if !channel.is_ours() && !copies(change)?.may_be_about(evidence, channel) {
        return Ok(());
    }
    let name = index(object, version);
    let mut list = numbers(change.txn, &name)?;
    list.push(recno);
    if is_due(change.txn, &name, list.len())? {
        let copies = copies(change)?;
        list = weeded(change, &copies, &name, list)?;
    }
    Ok(change.txn.set_meta(&name, &serde_json::to_vec(&list)?)?)
}

/// Takes from a list what has no place on it: an older program listed whatever came.
pub(crate) fn weed(
    change: &mut Change<'_, '_>,
    object: &ObjectId,
    version: Option<&Timestamp>,
) -> Result<()> {
    let name = index(object, version);
    let list = numbers(change.txn, &name)?;
    if !is_due(change.txn, &name, list.len())? {
        return Ok(());
    }
    let before = list.len();
    let copies = Copies::of(change, object, version)?;
    let list = weeded(change, &copies, &name, list)?;
    match list.len() < before {
        true => Ok(change.txn.set_meta(&name, &serde_json::to_vec(&list)?)?),
        false => Ok(()),
    }
}

/// Whether a list is longer than any that this program makes, among so many peers, and was not looked through since it was half as long.
pub(crate) fn is_long(
    look: &Look,
    object: &ObjectId,
    version: Option<&Timestamp>,
    peers: usize,
) -> Result<bool> {
    let most = FEW
        .saturating_mul(8)
        .saturating_add(peers.saturating_mul(4));
    let name = index(object, version);
    let length = numbers(look, &name)?.len();
    Ok(length > most && is_due(look, &name, length)?)
}

/// The last of each that may say something.
fn weeded(
    change: &mut Change<'_, '_>,
    copies: &Copies,
    name: &str,
    list: Vec<i64>,
) -> Result<Vec<i64>> {
    let mut stays = Vec::new();
    let mut before = numbers(change.txn, &followed(name))?;
    let known = before.len();
    let mut last: HashMap<Place, (Micros, i64)> = HashMap::new();
    for recno in list {
        let Some((held, evidence, _)) = read(change.txn, recno)? else {
            continue;
        };
        let channel = Channel::parse(&held.channel);
        let Some(channel) = channel.filter(|channel| !channel.is_ours()) else {
            stays.push(recno);
            continue;
        };
        let Some((place, proven)) = copies.place(change, &evidence, &channel) else {
            continue;
        };
        let said = (made(&evidence), recno);
        let (is_seal, stands) = (place.seal && proven, place.stands);
        let place = last.entry(place).or_insert(said);
        let older = (*place).min(said);
        *place = (*place).max(said);
        if older == *place {
            continue;
        }
        if stands {
            leave(change, older.1)?;
        }
        if is_seal && before.len() < FOLLOWED {
            before.push(older.1);
        }
    }
    if before.len() > known {
        change
            .txn
            .set_meta(&followed(name), &serde_json::to_vec(&before)?)?;
    }
    stays.extend(last.into_values().map(|(_, recno)| recno));
    stays.sort_unstable();
    let length = serde_json::to_vec(&stays.len())?;
    change.txn.set_meta(&looked(name), &length)?;
    Ok(stays)
}

/// What stood where others see it, under the label of what it is about, leaves that place: from now on it would not follow that label.
fn leave(change: &mut Change<'_, '_>, recno: i64) -> Result<()> {
    for place in change.txn.places(recno)? {
        if place.removed.is_none() {
            change
                .txn
                .remove_position(place.collection, place.added, change.now)?;
            change.touched.insert(place.class);
        }
    }
    Ok(())
}

fn made(evidence: &Evidence) -> Micros {
    match evidence {
        Evidence::Seal(seal) => seal.claim().made.micros(),
        Evidence::Handling(handling) => handling.made().micros(),
        Evidence::Withdrawal(_) | Evidence::Roster(_) => Micros::MIN,
    }
}

/// What is held of a version: hash and author of each copy.
struct Copies(Vec<(String, Option<ObjectId>)>);

impl Copies {
    fn of(change: &Change<'_, '_>, object: &ObjectId, version: Option<&Timestamp>) -> Result<Self> {
        let Some(number) = change.txn.object_no(object)? else {
            return Ok(Self(Vec::new()));
        };
        let copies = match version {
            Some(version) => crate::again::copies(change, number, version)?,
            None => change.txn.versions_of(number)?,
        };
        let copy = |held: Held| (hex::encode(held.hash), held.author);
        Ok(Self(copies.into_iter().map(copy).collect()))
    }

    /// Whether it is about a copy that is held, and by somebody who may have a say about that. Of what is not held yet nobody knows.
    fn may_be_about(&self, evidence: &Evidence, channel: &Channel) -> bool {
        let gave = match evidence {
            Evidence::Handling(handling) => {
                !handling.is_further() && Some(handling.by()) == channel.peer()
            }
            _ => false,
        };
        let further = matches!(evidence, Evidence::Handling(handling) if handling.is_further());
        let fits = |(sha256, author): &(String, Option<ObjectId>)| {
            let about = match evidence {
                Evidence::Seal(seal) => seal.claim().sha256 == *sha256,
                Evidence::Handling(handling) => handling.is_about(sha256),
                Evidence::Withdrawal(_) | Evidence::Roster(_) => false,
            };
            about && (gave || author.as_ref() == Some(evidence.author()))
        };
        !further && (self.0.is_empty() || self.0.iter().any(fits))
    }

    /// What it takes the place of, and whether its signer was proven; `None` if it has none.
    fn place(
        &self,
        change: &Change<'_, '_>,
        evidence: &Evidence,
        channel: &Channel,
    ) -> Option<(Place, bool)> {
        if !self.may_be_about(evidence, channel) {
            return None;
        }
        let signer = evidence.author();
        let proven = match change.register.key_by(signer, evidence.key()) {
            Some(key) if key.covers(made(evidence), None) => {
                evidence.verify(&key.key).is_ok().then_some(true)?
            }
            Some(_) => return None,
            None => false,
        };
        let held = !self.0.is_empty();
        let sha256 = match evidence {
            Evidence::Seal(seal) => Some(seal.claim().sha256.clone()),
            _ => None,
        };
        let place = Place {
            seal: matches!(evidence, Evidence::Seal(_)),
            // What a program brings goes into its collection, what a peer says into none.
            stands: matches!(channel, Channel::Access(_)),
            signer: (held || proven).then(|| signer.clone()),
            sha256: sha256.filter(|_| held),
            bringer: (!proven).then(|| channel.source()),
        };
        Some((place, proven))
    }
}

fn read(look: &Look, recno: i64) -> Result<Option<(Held, Evidence, Vec<u8>)>> {
    let kept = look.kept_from(recno, 1)?.into_iter().next();
    let Some(kept) = kept.filter(|kept| kept.held.recno == recno) else {
        return Ok(None);
    };
    let Some((_, body)) = kept.content else {
        return Ok(None);
    };
    let read = Good::again(body.clone().into());
    Ok(match read.and_then(|read| read.evidence) {
        Some(Ok(evidence)) => Some((kept.held, evidence, body)),
        _ => None,
    })
}

/// The evidence about a version that is kept here, with its bytes.
pub(crate) fn kept(
    look: &Look,
    object: &ObjectId,
    version: Option<&Timestamp>,
) -> Result<Vec<(Evidence, Vec<u8>)>> {
    let mut found = Vec::new();
    for recno in numbers(look, &index(object, version))? {
        found.extend(read(look, recno)?.map(|(_, evidence, body)| (evidence, body)));
    }
    Ok(found)
}

/// The evidence about a version that stands in collections of its own accord: the seals that we made beside our records.
pub(crate) fn standing(look: &Look, held: &Held) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for recno in numbers(look, &format!("evidence/{}/{}", held.id, held.version))? {
        if look
            .places(recno)?
            .iter()
            .any(|place| place.removed.is_none())
        {
            found.push(recno);
        }
    }
    Ok(found)
}

/// The seals beside a record that are over its bytes, ours and those that came along.
pub(crate) fn seals_over(look: &Look, held: &Held) -> Result<Vec<i64>> {
    let found = over(look, held)?;
    Ok(found.into_iter().map(|(recno, _)| recno).collect())
}

/// The keys that they are by.
pub(crate) fn seals_by(look: &Look, held: &Held) -> Result<Vec<KeyId>> {
    let found = over(look, held)?;
    Ok(found.into_iter().map(|(_, key)| key).collect())
}

fn over(look: &Look, held: &Held) -> Result<Vec<(i64, KeyId)>> {
    // A further copy of a version has a number behind the version's key.
    let version = held.version.splitn(3, ' ').take(2);
    let version = version.collect::<Vec<_>>().join(" ");
    let sha256 = hex::encode(&held.hash);
    let mut found = Vec::new();
    for name in [version.as_str(), ""] {
        let name = format!("evidence/{}/{name}", held.id);
        let mut listed = numbers(look, &name)?;
        listed.extend(numbers(look, &followed(&name))?);
        for recno in listed {
            if let Some((_, Evidence::Seal(seal), _)) = read(look, recno)?
                && seal.claim().sha256 == sha256
            {
                found.push((recno, seal.claim().key.clone()));
            }
        }
    }
    Ok(found)
}
