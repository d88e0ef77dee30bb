//! What was said about an object by those who may: its author's seal, its author's later labels, the label of whoever gave it to us.
//!
//! Evidence is kept as records of no collection, found by the object and version that it is about, and travels beside its object.
//! Invariant: nothing counts that its signer's key does not verify over exactly these bytes, and of several statements by one signer the
//! last counts, in whatever order they come.

mod list;

use anyhow::{Context, Result};
use policy::Label;
use stix::{ObjectId, Timestamp};
use store::Look;

use crate::accept::{Lot, accept};
use crate::admission::{SEAL_LATE, Seal as SealState};
use crate::clearance;
use crate::clock::Micros;
use crate::collections::{Collection, read_terms};
use crate::keys::KeyId;
use crate::labelling::{in_microseconds, label};
use crate::reading::{Evidence, Good, Look as Looked};
use crate::register::{KeyOf, Register};
use crate::relabel::{good, relabel};
use crate::seal::{Claim, Handling, Seal, SealError, read_label};
use crate::submission::Channel;
use crate::waiting::Kept;
use crate::writer::Change;

pub(crate) use list::{is_long, kept, remember, seals_by, seals_over, standing, weed};

/// How many objects that wait are listed at a time.
const TOGETHER: usize = 200;
/// The reason of what waits because its seal does not fit.
const BROKEN: &str = "seal-broken";

/// A label that somebody signed, and when.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub label: Label,
    pub made: Micros,
}

/// What is known of one version before it is labelled.
#[derive(Debug)]
pub(crate) struct Path {
    /// What its author's seal comes to.
    pub seal: SealState,
    /// The author's label, last said.
    pub author: Option<Said>,
    /// What a seal says that comes late: it counts once a person has decided.
    late: Option<Said>,
    /// The label of the peer that gave it, if that is not the author.
    pub giver: Option<Said>,
}

impl Path {
    /// The same, where a person has decided to take the version although its seal comes late.
    pub(crate) fn decided(mut self) -> Self {
        self.author = self.author.or(self.late.take());
        self
    }

    /// Whether the author's label is that of a seal which comes late.
    pub(crate) fn is_late(&self) -> bool {
        self.seal == SealState::Late && self.author.is_some()
    }

    /// When the last of it was said.
    pub(crate) fn made(&self) -> Option<Micros> {
        [&self.author, &self.giver]
            .into_iter()
            .flatten()
            .map(|said| said.made)
            .max()
    }

    /// Whether the giver lets somebody in whom the author does not.
    pub(crate) fn loosened(&self, home: &ObjectId) -> bool {
        match (&self.author, &self.giver) {
            (Some(author), Some(giver)) => !giver
                .label
                .held_by(home)
                .covers(&author.label.held_by(home)),
            _ => false,
        }
    }
}

/// Under which name the store keeps when the label of a record that a peer gave was said.
fn said(recno: i64) -> String {
    format!("label.said/{recno}")
}

/// When the label of a record was said by whoever gave it.
pub(crate) fn label_said(look: &Look, recno: i64) -> Result<Option<Micros>> {
    match look.meta(&said(recno))? {
        Some(text) => Ok(Some(serde_json::from_slice(&text)?)),
        None => Ok(None),
    }
}

/// Notes when the label of a record was said, so that an older statement never takes its place.
pub(crate) fn note_said(change: &mut Change<'_, '_>, recno: i64, made: Micros) -> Result<()> {
    Ok(change
        .txn
        .set_meta(&said(recno), &serde_json::to_vec(&made)?)?)
}

/// When something came, where that counts: see [`KeyOf::covers`](crate::register::KeyOf::covers).
type Came = Option<Micros>;

/// When what somebody signed comes through a door: now, unless it is that somebody who brings it.
fn came(change: &Change<'_, '_>, channel: &Channel, by: &ObjectId) -> Came {
    (channel.peer() != Some(by)).then_some(change.now)
}

/// When these very bytes came first.
fn came_first(change: &Change<'_, '_>, channel: &Channel, good: &Good) -> Result<Came> {
    let Some(author) = &good.header.created_by_ref else {
        return Ok(None);
    };
    let by = match (&good.seal, &good.evidence) {
        (Some(Ok(seal)), _) => &seal.claim().key,
        (_, Some(Ok(evidence))) => evidence.key(),
        _ => return Ok(None),
    };
    if is_present(change, author, by) {
        return Ok(None);
    }
    bytes_came(change, channel, good)
}

/// Whether a key is the one that somebody has now: nothing hangs on when something came, then.
fn is_present(change: &Change<'_, '_>, who: &ObjectId, key: &KeyId) -> bool {
    let present = change.register.key(who);
    present.is_some_and(|present| KeyId::seal(&present) == *key)
}

/// When the bytes of an object came first, whatever they are sealed by.
fn bytes_came(change: &Change<'_, '_>, channel: &Channel, good: &Good) -> Result<Came> {
    if let Some(number) = change.txn.object_no(&good.header.id)? {
        let versions = change.txn.versions_of(number)?;
        if let Some(held) = versions.iter().find(|held| held.hash == good.hash) {
            return Ok(Some(held.accepted));
        }
    }
    let author = good.header.created_by_ref.as_ref();
    Ok(author.map_or(Some(change.now), |author| came(change, channel, author)))
}

/// Brings together what is said about a version that came through a door, beside it or before it.
pub(crate) fn path<'e>(
    change: &Change<'_, '_>,
    channel: &Channel,
    beside: impl Iterator<Item = &'e Evidence>,
    good: &Good,
) -> Result<Path> {
    let (id, version) = (&good.header.id, good.header.version());
    let about = |evidence: &&Evidence| match evidence {
        Evidence::Seal(seal) => {
            seal.claim().object == *id && seal.claim().version.as_ref() == version
        }
        Evidence::Handling(handling) => handling.object() == id && handling.version() == version,
        Evidence::Withdrawal(_) | Evidence::Roster(_) => false,
    };
    let beside = beside.filter(about).cloned();
    let mut all: Vec<(Evidence, Came)> = beside
        .map(|evidence| {
            let came = came(change, channel, evidence.author());
            (evidence, came)
        })
        .collect();
    if channel.peer().is_some() {
        for (evidence, _) in kept(change.txn, id, version)? {
            // By a former key, what was here before its object proves no more than when the object came.
            let came = match is_present(change, evidence.author(), evidence.key()) {
                true => None,
                false => bytes_came(change, channel, good)?,
            };
            all.push((evidence, came));
        }
    }
    let author = good.header.created_by_ref.as_ref();
    let first = came_first(change, channel, good)?;
    let (seal, sealed) = sealed(change.register, good, first, &all);
    let said = sealed.and_then(|seal| said_by(&seal, author));
    let (counts, late) = match seal {
        SealState::Late => (None, said),
        _ => (said, None),
    };
    let mut path = Path {
        seal,
        author: counts,
        late,
        giver: None,
    };
    for (evidence, came) in &all {
        let Evidence::Handling(handling) = evidence else {
            continue;
        };
        if handling.is_further() {
            continue;
        }
        let place = if Some(handling.by()) == author {
            &mut path.author
        } else if Some(handling.by()) == channel.peer() {
            &mut path.giver
        } else {
            continue;
        };
        let Some(found) = handled(change.register, handling, *came, good) else {
            continue;
        };
        if place
            .as_ref()
            .is_none_or(|before| before.made <= found.made)
        {
            *place = Some(found);
        }
    }
    Ok(path)
}

fn said_by(seal: &Seal, author: Option<&ObjectId>) -> Option<Said> {
    let claim = seal.claim();
    (author == Some(&claim.author)).then_some(Said {
        label: in_microseconds(read_label(&claim.label)?),
        made: claim.made.micros(),
    })
}

fn handled(register: &Register, handling: &Handling, came: Came, good: &Good) -> Option<Said> {
    let key = register.key_by(handling.by(), handling.key())?;
    if !key.covers(handling.made().micros(), came) {
        return None;
    }
    let label = good
        .with_object(|copy| handling.label(copy, &key.key))?
        .ok()?;
    Some(Said {
        label: in_microseconds(label),
        made: handling.made().micros(),
    })
}

/// The author's seal: the one inside, or the last good one beside, else the last that only comes late; and what it comes to.
fn sealed(
    register: &Register,
    good: &Good,
    first: Came,
    all: &[(Evidence, Came)],
) -> (SealState, Option<Seal>) {
    if let Some(inside) = &good.seal {
        return match inside {
            Ok(seal) => match fits(register, good, seal, first) {
                state @ (SealState::Good | SealState::Late) => (state, Some(seal.clone())),
                state => (state, None),
            },
            Err(error) => (SealState::Broken(error.to_string()), None),
        };
    }
    let mut state = vouched(register, good, first);
    let mut best: Option<Seal> = None;
    for (evidence, came) in all {
        let Evidence::Seal(seal) = evidence else {
            continue;
        };
        match fits(register, good, seal, *came) {
            fits @ (SealState::Good | SealState::Late) => {
                let before = (state == fits).then_some(best.as_ref()).flatten();
                let later = before.is_none_or(|best| best.claim().made <= seal.claim().made);
                if later && (state != SealState::Good || fits == SealState::Good) {
                    best = Some((**seal).clone());
                    state = fits;
                }
            }
            SealState::Former if !matches!(state, SealState::Good | SealState::Late) => {
                state = SealState::Former;
            }
            SealState::Broken(how) if state == SealState::Missing => {
                state = SealState::Broken(how);
            }
            _ => {}
        }
    }
    (state, best)
}

fn fits(register: &Register, good: &Good, seal: &Seal, came: Came) -> SealState {
    let claim = seal.claim();
    let Some(key) = register.key_by(&claim.author, &claim.key) else {
        return SealState::Missing;
    };
    let version = good.header.version().map(Timestamp::micros);
    let made = claim.made.micros();
    match good.with_object(|object| seal.check_content(object, &key.key)) {
        Some(Ok(())) if !key.covers(made.max(version.unwrap_or(made)), came) => {
            past(&key, made.max(version.unwrap_or(made)), came)
        }
        Some(Ok(())) => SealState::Good,
        Some(Err(error)) => SealState::Broken(error.to_string()),
        None => SealState::Missing,
    }
}

/// What a good signature by a key comes to that does not count for it any more.
fn past(key: &KeyOf, made: Micros, came: Came) -> SealState {
    match key.is_late(made, came) {
        true => SealState::Late,
        false => SealState::Former,
    }
}

/// Evidence is signed by itself: whether by the key of the one that it names.
fn vouched(register: &Register, good: &Good, came: Came) -> SealState {
    let checked: Result<(), SealError> = match &good.evidence {
        None => return SealState::Missing,
        Some(Err(error)) => Err(error.clone()),
        Some(Ok(evidence)) => match register.key_by(evidence.author(), evidence.key()) {
            None => return SealState::Missing,
            Some(key) => match evidence.verify(&key.key) {
                Ok(()) if !key.covers(evidence.made().micros(), came) => {
                    return past(&key, evidence.made().micros(), came);
                }
                checked => checked,
            },
        },
    };
    match checked {
        Ok(()) => SealState::Good,
        Err(error) => SealState::Broken(error.to_string()),
    }
}

/// Whether it is a seal or label of somebody over a record that this node's participant wrote.
pub(crate) fn is_about_ours(change: &Change<'_, '_>, good: &Good) -> Result<bool> {
    let object = match &good.evidence {
        Some(Ok(Evidence::Seal(seal))) => &seal.claim().object,
        Some(Ok(Evidence::Handling(handling))) => handling.object(),
        _ => return Ok(false),
    };
    let Some(number) = change.txn.object_no(object)? else {
        return Ok(false);
    };
    let latest = change.txn.latest_of(number)?;
    Ok(latest.is_some_and(|held| held.author.as_ref() == Some(change.register.home())))
}

/// Whether it is a seal that only comes late, over a record that is here: it proves nothing that has to be proven, and counts for no label.
pub(crate) fn is_late_over_held(change: &Change<'_, '_>, path: &Path, good: &Good) -> Result<bool> {
    let Some(Ok(Evidence::Seal(seal))) = good.evidence.as_ref() else {
        return Ok(false);
    };
    let claim = seal.claim();
    if path.seal != SealState::Late {
        return Ok(false);
    }
    let Some(number) = change.txn.object_no(&claim.object)? else {
        return Ok(false);
    };
    let copies = change.txn.versions_of(number)?;
    let is_it = |held: &store::Held| {
        held.author.as_ref() == Some(&claim.author) && hex::encode(&held.hash) == claim.sha256
    };
    Ok(copies.iter().any(is_it))
}

/// What an author brings itself settles what waits of it because its seal came late by another way: it is the same, byte for byte.
pub(crate) fn settle(change: &mut Change<'_, '_>, lot: &Lot, good: &Good) -> Result<()> {
    let author = good.header.created_by_ref.as_ref();
    if author.is_none() || lot.channel.peer() != author {
        return Ok(());
    }
    let key = (good.header.version()).map_or_else(String::new, Timestamp::version_key);
    let id = good.header.id.as_str();
    match change.txn.same_pending(id, &key, &good.hash)? {
        Some(number) => submit_again(change, number, SEAL_LATE),
        None => Ok(()),
    }
}

/// Evidence has come and is kept. What waited for it is looked at again; what is here gets the label that is now the last said.
pub(crate) fn arrived(change: &mut Change<'_, '_>, lot: &Lot, evidence: &Evidence) -> Result<()> {
    let (object, version) = match evidence {
        Evidence::Seal(seal) => (&seal.claim().object, seal.claim().version.as_ref()),
        Evidence::Handling(handling) => (handling.object(), handling.version()),
        Evidence::Withdrawal(_) | Evidence::Roster(_) => return Ok(()),
    };
    if let Evidence::Seal(seal) = evidence {
        look_again(change, seal.claim())?;
    }
    let Some(number) = change.txn.object_no(object)? else {
        return Ok(());
    };
    let key = version.map_or_else(String::new, Timestamp::version_key);
    let held = match version {
        Some(_) => change.txn.find_version(number, &key)?,
        None => change.txn.latest_of(number)?,
    };
    let Some(held) = held.filter(|held| !held.erased) else {
        return Ok(());
    };
    let channel = Channel::parse(&held.channel).context("the channel of a record is damaged")?;
    if channel.peer().is_none() {
        return Ok(());
    }
    let Some(good) = good(change, held.recno)? else {
        return Ok(());
    };
    let path = path(change, &channel, std::iter::empty(), &good)?;
    let (Some(made), before) = (path.made(), label_said(change.txn, held.recno)?) else {
        return Ok(());
    };
    if before.is_some_and(|before| made <= before) || path.loosened(change.register.home()) {
        return Ok(());
    }
    let again = Lot {
        looks: Vec::new(),
        submitter: channel.peer().unwrap_or(&lot.submitter).clone(),
        channel,
        person: None,
        in_person: false,
        terms: lot.collection.terms.clone(),
        collection: lot.collection.clone(),
        terms_text: None,
        decided: false,
    };
    let label = label(change, &again, &good, &path)?;
    note_said(change, held.recno, made)?;
    if let Some(public) = &label.publish {
        return clearance::ask(change, &again.channel.to_string(), held.recno, public);
    }
    relabel(change, held.recno, &label.label)
}

/// The copy that a seal is about, if it waits for nothing but that, is submitted again.
fn look_again(change: &mut Change<'_, '_>, claim: &Claim) -> Result<()> {
    let version = claim.version.as_ref();
    let key = version.map_or_else(String::new, Timestamp::version_key);
    let Ok(hash) = hex::decode(&claim.sha256) else {
        return Ok(());
    };
    let number = change
        .txn
        .same_pending(claim.object.as_str(), &key, &hash)?;
    match number {
        Some(number) => submit_again(change, number, "seal-missing"),
        None => Ok(()),
    }
}

/// What a peer brought before it told of its new key is submitted again, seals before what they seal.
pub(crate) fn look_again_at_peer(change: &mut Change<'_, '_>, peer: &ObjectId) -> Result<()> {
    let channels = [Channel::Peer(peer.clone()), Channel::Bundle(peer.clone())];
    for seals in [true, false] {
        for channel in &channels {
            let mut after = -1;
            loop {
                let some = (change.txn).pending_by(&channel.to_string(), after, TOGETHER)?;
                let Some(last) = some.last() else { break };
                after = last.id;
                for waits in some {
                    if waits.object.starts_with("seal--") == seals {
                        submit_again(change, waits.id, "seal-")?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Rosters that wait because their seal did not fit when they came: an earlier program cannot read those of circles that a later one made.
pub(crate) fn broken_rosters(look: &Look, register: &Register) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for peer in register.peers() {
        for channel in [Channel::Peer, Channel::Bundle] {
            let channel = channel(peer.participant.clone()).to_string();
            let mut after = -1;
            loop {
                let some = look.pending_by(&channel, after, TOGETHER)?;
                let Some(last) = some.last() else { break };
                after = last.id;
                let rosters = some
                    .iter()
                    .filter(|waits| waits.object.starts_with("roster--"));
                let broken = rosters.filter(|waits| waits.reason.starts_with(BROKEN));
                found.extend(broken.map(|waits| waits.id));
            }
        }
    }
    Ok(found)
}

/// The same are submitted again.
pub(crate) fn look_again_at_rosters(change: &mut Change<'_, '_>, rosters: &[i64]) -> Result<()> {
    for number in rosters {
        submit_again(change, *number, BROKEN)?;
    }
    Ok(())
}

/// Submits again what awaits a decision under a number, if it waits for such a reason.
fn submit_again(change: &mut Change<'_, '_>, number: i64, reason: &str) -> Result<()> {
    let waiting = change.txn.pending(number)?;
    let Some(waiting) = waiting.filter(|waiting| waiting.reason.starts_with(reason)) else {
        return Ok(());
    };
    let context: Kept = serde_json::from_slice(&waiting.context)?;
    let Some(collection) = Collection::find(change.txn, &context.collection)? else {
        return Ok(());
    };
    let Some(good) = Good::again(waiting.body.clone().into()) else {
        return Ok(());
    };
    let terms = match &context.terms {
        Some(text) => read_terms(text)?,
        None => collection.terms.clone(),
    };
    let lot = Lot {
        looks: vec![Looked::Good(Box::new(good))],
        channel: Channel::parse(&waiting.channel)
            .context("the channel of a waiting object is damaged")?,
        submitter: waiting.submitter.parse()?,
        person: context.person,
        in_person: context.in_person,
        terms,
        collection,
        terms_text: context.terms,
        decided: false,
    };
    let receipt = accept(change, &lot)?;
    if receipt.successes() == 1 {
        change.txn.drop_pending(waiting.id)?;
    }
    Ok(())
}
