//! Withdrawals: an author asks those who have a record to stop releasing it (rule 8).
//!
//! Tightening, revocation and erasure take effect here at once. Whoever took the record and may no longer have it is asked, in a signed
//! request that names ids and versions only, and finds it at its next poll as a record for its participant alone. A request is honored
//! from the author of an object, or from the holder that gave the copy; from nobody else.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use policy::{Class, Label, Member};
use stix::{ObjectId, Timestamp};
use store::{Held, LedgerEntry, Place};

use crate::accept::{Lot, insert_own};
use crate::again;
use crate::clock::Micros;
use crate::collections::Collection;
use crate::ledger::{Taker, was_open};
use crate::node::Node;
use crate::peers::evidence::{self, Path};
use crate::peers::notice::for_members;
use crate::reading::Good;
use crate::relabel::{forget_way, good, label_of, relabel};
use crate::seal::{Withdrawal, Withdrawn};
use crate::submission::Channel;
use crate::writer::Change;

/// A version that we were asked to stop releasing, or that we asked others to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Request {
    /// The object.
    pub object: ObjectId,
    /// The participant that is asked; this node's own where others ask us.
    pub recipient: ObjectId,
    /// When it was asked.
    pub made: Micros,
    /// When the peer had it on its disk: it has asked for what comes after it. Of a request to this node: when it came.
    pub delivered: Option<Micros>,
}

impl Node {
    /// The requests to stop releasing an object: those that we made, and those that we were sent.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn withdrawals(&self, object: &ObjectId) -> Result<Vec<Request>> {
        let rows = self.read()?.withdrawals_of(object.as_str())?;
        rows.into_iter()
            .map(|row| {
                Ok(Request {
                    object: row.object.parse()?,
                    recipient: row.recipient.parse()?,
                    made: row.made,
                    delivered: row.delivered,
                })
            })
            .collect()
    }

    /// Which of these objects their author, or the holder that gave them, asked us to stop releasing, in the version that is the newest
    /// here; and when. What was given again since is not among them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn asked_back<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<BTreeMap<ObjectId, Micros>> {
        let (reader, home) = (self.read()?, &self.home().id);
        let mut asked = BTreeMap::new();
        for id in ids {
            let rows = reader.withdrawals_of(id.as_str())?;
            let ours = rows.iter().filter(|row| row.recipient == home.as_str());
            let mut ours = ours.peekable();
            if ours.peek().is_none() {
                continue;
            }
            let object = reader.object_no(id)?;
            let newest = object.map(|object| reader.latest_of(object)).transpose()?;
            let Some(newest) = newest.flatten() else {
                continue;
            };
            let said = evidence::label_said(&reader, newest.recno)?;
            let made = ours
                .filter(|row| {
                    row.version
                        .as_ref()
                        .is_none_or(|one| *one == newest.version)
                })
                .map(|row| row.made)
                .max();
            let made = made.filter(|made| said.is_none_or(|said| said <= *made));
            asked.extend(made.map(|made| (id.clone(), made)));
        }
        Ok(asked)
    }

    /// Which objects of these types others asked us to stop releasing since a time, by when the request came here; the latest, at most so
    /// many. What was given again since is not among them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn asked_back_since(
        &self,
        kinds: &[&str],
        since: Micros,
        most: usize,
    ) -> Result<Vec<(ObjectId, Micros)>> {
        let (reader, home) = (self.read()?, &self.home().id);
        let (mut came, mut known) = (Vec::new(), BTreeSet::new());
        let (mut before, mut looked_at) = (i64::MAX, 0);
        while came.len() < most && looked_at < LATELY {
            let rows = reader.latest_withdrawals_for(home.as_str(), before, OWED)?;
            let Some(last) = rows.last() else { break };
            (before, looked_at) = (last.id, looked_at + rows.len());
            for row in rows {
                let at = row.delivered.unwrap_or(row.made);
                if at < since {
                    return Ok(came);
                }
                let object: ObjectId = row.object.parse()?;
                let is_new = kinds.contains(&object.type_name()) && known.insert(object.clone());
                if is_new && came.len() < most && !self.asked_back([&object])?.is_empty() {
                    came.push((object, at));
                }
            }
        }
        Ok(came)
    }
}

impl Node {
    /// A peer has what stands in a collection up to a position: it asks for what comes after it, or said so. Notes it of the requests to
    /// withdraw that stand there.
    pub(crate) fn acknowledged(&self, peer: &ObjectId, collection: i64, up_to: i64) -> Result<()> {
        if up_to <= 0 {
            return Ok(());
        }
        let exchange = &self.inner.exchange;
        let reader = self.read()?;
        let (mut done, mut settled) = (Vec::new(), true);
        for row in reader.withdrawals_for(peer.as_str(), exchange.delivered(peer), OWED)? {
            if row.delivered.is_none() && stands_before(&reader, &row.note, collection, up_to)? {
                done.push(row.id);
            }
            settled &= row.delivered.is_some();
            if settled {
                exchange.keep_delivered(peer, row.id);
            }
        }
        drop(reader);
        if !done.is_empty() {
            // Nobody waits for it: it is noted with the next commit, or at the peer's next question.
            drop(self.change(move |change| {
                for number in done {
                    change.txn.deliver_withdrawal(number, change.now)?;
                }
                Ok(())
            }));
        }
        Ok(())
    }
}

/// The same, within a change: a peer has given a receipt for it.
pub(crate) fn delivered(
    change: &mut Change<'_, '_>,
    peer: &ObjectId,
    collection: i64,
    up_to: i64,
) -> Result<()> {
    for row in change.txn.withdrawals_for(peer.as_str(), 0, i64::MAX)? {
        if row.delivered.is_none() && stands_before(change.txn, &row.note, collection, up_to)? {
            change.txn.deliver_withdrawal(row.id, change.now)?;
        }
    }
    Ok(())
}

/// How many requests to withdraw are looked at when a peer asks for more.
const OWED: i64 = 256;
/// So many requests to this node are looked at for those that came lately.
const LATELY: usize = 10_000;

/// Whether the record of a request stands in a collection, no further than a position.
fn stands_before(look: &store::Look, note: &[u8], collection: i64, up_to: i64) -> Result<bool> {
    let request = Good::again(note.to_vec().into());
    let Some(object) = request.map(|request| look.object_no(&request.header.id)) else {
        return Ok(false);
    };
    let Some(object) = object? else {
        return Ok(false);
    };
    for held in look.versions_of(object)? {
        let places = look.places(held.recno)?;
        if places
            .iter()
            .any(|place| place.collection == collection && place.added <= up_to)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A record has another label, or is erased: asks everybody who took it from where it stood and may not have it any more.
pub(crate) fn ask(
    change: &mut Change<'_, '_>,
    held: &Held,
    before: &[Place],
    now: Option<&Label>,
) -> Result<()> {
    ask_but(change, held, before, now, None)
}

/// A program of `by` has taken a record away: asks everybody else who took it from where it stood.
pub(crate) fn ask_others(
    change: &mut Change<'_, '_>,
    held: &Held,
    before: &[Place],
    by: &ObjectId,
) -> Result<()> {
    ask_but(change, held, before, None, Some(by))
}

fn ask_but(
    change: &mut Change<'_, '_>,
    held: &Held,
    before: &[Place],
    now: Option<&Label>,
    but: Option<&ObjectId>,
) -> Result<()> {
    change.moved.push(Moved {
        recno: held.recno,
        before: before.to_vec(),
    });
    let doors = doors(change, held, now)?;
    let mut asked = BTreeSet::new();
    let mut collection = None;
    for place in before {
        for line in change.txn.takers(place.collection, place.added)? {
            if let Some(taker) = loses(change, &line, place, &doors)?
                && Some(&taker.participant) != but
            {
                asked.insert(taker);
                collection.get_or_insert(place.collection);
            }
        }
    }
    match collection {
        Some(collection) => request(change, held, asked, collection),
        None => Ok(()),
    }
}

/// The labels by which somebody may have a record now: its own, and those of its places by other paths.
fn doors(change: &Change<'_, '_>, held: &Held, now: Option<&Label>) -> Result<Vec<Label>> {
    let Some(own) = now else {
        return Ok(Vec::new());
    };
    let mut doors = vec![own.clone()];
    for place in change.txn.places(held.recno)? {
        if place.removed.is_none() {
            let class = change.txn.class(place.class)?;
            doors.push(again::place_label(
                class.context("a class is missing")?,
                &place,
            ));
        }
    }
    Ok(doors)
}

/// What stood somewhere until a commit took it from there: whoever reads meanwhile may have got it, and is noted only afterwards.
#[derive(Debug, Clone)]
pub(crate) struct Moved {
    /// The record.
    pub recno: i64,
    /// Where it stood.
    pub before: Vec<Place>,
}

/// A read that began before a record was tightened is noted after it: its reader is asked as well, as if it had been noted in time.
pub(crate) fn ask_late(
    change: &mut Change<'_, '_>,
    line: &LedgerEntry,
    moved: &Moved,
) -> Result<()> {
    let Some(held) = change.txn.held_record(moved.recno)? else {
        return Ok(());
    };
    let now = match held.erased {
        true => None,
        false => Some(label_of(change, held.recno)?),
    };
    let doors = doors(change, &held, now.as_ref())?;
    for place in &moved.before {
        let covers = line.collection == place.collection
            && line.low < place.added
            && place.added <= line.high;
        if covers && let Some(taker) = loses(change, line, place, &doors)? {
            return request(change, &held, BTreeSet::from([taker]), place.collection);
        }
    }
    Ok(())
}

/// Who took a record from where it stood, if it may not have it any more: the participant, or the person, where it was that person's alone.
fn loses(
    change: &Change<'_, '_>,
    line: &LedgerEntry,
    place: &Place,
    doors: &[Label],
) -> Result<Option<Asked>> {
    let Some(taker) = Taker::of(line) else {
        return Ok(None);
    };
    let class = change
        .txn
        .class(place.class)?
        .context("a class is missing")?;
    let loses = taker.participant != *change.register.home()
        && was_open(place, line)
        && had(change, &taker, taker.person.as_ref(), &class)
        && !keeps(change, &taker, doors);
    if !loses {
        return Ok(None);
    }
    // That there was something for one person is nothing to the others there.
    let person = taker
        .person
        .clone()
        .filter(|_| !had(change, &taker, None, &class));
    Ok(Some(Asked {
        participant: taker.participant,
        person,
    }))
}

/// Who is asked to stop releasing something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    participant: ObjectId,
    /// The one who alone had it there.
    person: Option<ObjectId>,
}

/// Asks them to stop releasing a version.
fn request(
    change: &mut Change<'_, '_>,
    held: &Held,
    asked: BTreeSet<Asked>,
    collection: i64,
) -> Result<()> {
    let home = change.register.home().clone();
    let collection = collection_of(change, collection)?;
    let version = good(change, held.recno)?.and_then(|good| good.header.version().cloned());
    let item = Withdrawn {
        object: held.id.clone(),
        version,
    };
    let request = Withdrawal::make(&home, vec![item], Vec::new(), &change.keys.seal, change.now)?;
    let text = request.record()?;
    let members = asked.iter().map(|taker| match &taker.person {
        Some(person) => Member::Person(person.clone()),
        None => Member::Participant(taker.participant.clone()),
    });
    let label = for_members(&home, members.collect(), collection.desk);
    insert_own(change, &text, &label, Some(&collection))?;
    let participants: BTreeSet<ObjectId> =
        asked.into_iter().map(|taker| taker.participant).collect();
    for taker in participants {
        note(change, held, &taker, text.as_bytes(), change.now)?;
    }
    Ok(())
}

/// Whether a line of the ledger means that this record was taken: its stretch covers the place, and the class let the taker in, as what it
/// was then, for this person or for none.
fn had(change: &Change<'_, '_>, taker: &Taker, person: Option<&ObjectId>, class: &Class) -> bool {
    let register = &change.register;
    let viewer = register.viewer_at(&taker.participant, person, taker.at);
    policy::admits(&viewer, class, taker.purpose)
}

fn keeps(change: &Change<'_, '_>, taker: &Taker, doors: &[Label]) -> bool {
    let register = &change.register;
    let viewer = register.viewer(&taker.participant, taker.person.as_ref(), true);
    let at = Timestamp::from_micros(change.now);
    let lets_in = |label| policy::decide(&viewer, label, taker.purpose, &at).is_granted();
    doors.iter().any(lets_in)
}

fn collection_of(change: &Change<'_, '_>, number: i64) -> Result<Collection> {
    let all = change.txn.collections()?;
    let found = all.into_iter().find(|collection| collection.id == number);
    Collection::of(found.context("a collection is missing")?)
}

fn note(
    change: &mut Change<'_, '_>,
    held: &Held,
    recipient: &ObjectId,
    text: &[u8],
    made: Micros,
) -> Result<i64> {
    Ok(change.txn.add_withdrawal(&store::Withdrawal {
        object: held.id.to_string(),
        version: Some(held.version.clone()),
        recipient: recipient.to_string(),
        note: text.to_vec(),
        made,
        ..store::Withdrawal::default()
    })?)
}

/// Stops releasing what its author, or the holder that gave it, withdraws; and asks the same of those who had it from us.
pub(crate) fn honor(change: &mut Change<'_, '_>, lot: &Lot, withdrawal: &Withdrawal) -> Result<()> {
    let author = withdrawal.by().clone();
    if author == *change.register.home() {
        return Ok(());
    }
    let Some(key) = change.register.key(&author) else {
        return Ok(());
    };
    let made = withdrawal.made().micros();
    for item in &withdrawal.check(&key)?.items {
        remember(change, item, &author, made)?;
        let Some(object) = change.txn.object_no(&item.object)? else {
            continue;
        };
        let held = match &item.version {
            Some(version) => change.txn.find_version(object, &version.version_key())?,
            None => change.txn.latest_of(object)?,
        };
        let Some(held) = held.filter(|held| may_withdraw(&author, held)) else {
            continue;
        };
        if evidence::label_said(change.txn, held.recno)?.is_some_and(|said| said > made) {
            continue;
        }
        let origin = policy::Origin {
            author: held
                .author
                .clone()
                .filter(|author| change.register.is_participant(author)),
            writer: None,
            holder: change.register.home().clone(),
            bringer: None,
        };
        let nobody = change.register.nobody(&origin, lot.collection.desk);
        // Whom the record did not let in here, and what may not be done with it, stays so.
        let here = label_of(change, held.recno)?;
        let label = policy::combine([&here, &nobody]).unwrap_or(nobody);
        evidence::note_said(change, held.recno, made)?;
        let home = change.register.home().clone();
        let number = note(change, &held, &home, b"", made)?;
        // What was asked of us is here as soon as it is noted; by its author's clock it may be older than that.
        change.txn.deliver_withdrawal(number, change.now)?;
        relabel(change, held.recno, &label)?;
        // A marking that is understood later opens nothing that was withdrawn.
        forget_way(change, held.recno)?;
    }
    Ok(())
}

fn may_withdraw(who: &ObjectId, held: &Held) -> bool {
    let giver = Channel::parse(&held.channel);
    held.author.as_ref() == Some(who) || giver.as_ref().and_then(Channel::peer) == Some(who)
}

/// Under which name the store keeps that somebody withdrew a version, for a copy that comes after the request.
fn withdrawn(item: &Withdrawn, by: &ObjectId) -> String {
    let version = item
        .version
        .as_ref()
        .map_or_else(String::new, Timestamp::version_key);
    format!("withdrawn/{}/{version}/{by}", item.object)
}

fn remember(
    change: &mut Change<'_, '_>,
    item: &Withdrawn,
    by: &ObjectId,
    made: Micros,
) -> Result<()> {
    let name = withdrawn(item, by);
    let before = withdrawn_at(change, &name)?;
    if before.is_none_or(|before| before < made) {
        change.txn.set_meta(&name, &serde_json::to_vec(&made)?)?;
    }
    Ok(())
}

fn withdrawn_at(change: &Change<'_, '_>, name: &str) -> Result<Option<Micros>> {
    match change.txn.meta(name)? {
        Some(text) => Ok(Some(serde_json::from_slice(&text)?)),
        None => Ok(None),
    }
}

/// Whether a copy that comes now was withdrawn after its label was last said: a page that was on its way, or one that is replayed.
pub(crate) fn stands(
    change: &Change<'_, '_>,
    channel: &Channel,
    good: &Good,
    path: &Path,
) -> Result<bool> {
    let item = Withdrawn {
        object: good.header.id.clone(),
        version: good.header.version().cloned(),
    };
    let said_by = |said: &Option<evidence::Said>| said.as_ref().map(|said| said.made);
    let author = good.header.created_by_ref.as_ref();
    // An author who gives it itself says one thing only, and what it said last counts: it may let in again whom it asked.
    let giver = channel.peer().filter(|peer| Some(*peer) != author);
    for (who, said) in [
        (author, said_by(&path.author)),
        (giver, said_by(&path.giver)),
    ] {
        if let Some(who) = who
            && let Some(at) = withdrawn_at(change, &withdrawn(&item, who))?
            && said.is_none_or(|said| said <= at)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
