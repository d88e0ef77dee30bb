//! Another label for a record that is here: tightened, loosened by its author, published, or at last understood.
//!
//! Invariant: the label that a record was taken with is bound by its leaf; each later one is a handling record of ours in the log, so
//! that no label changes in silence. A label that takes something from somebody reaches every place where the record stands; one that does
//! not leaves alone whom it was given to by another path.

use anyhow::{Context, Result};
use policy::Label;
use serde::{Deserialize, Serialize};
use stix::{ObjectId, Timestamp};
use store::{Held, ObjectNo, Place};

use crate::accept::insert_own;
use crate::again::{narrow_place, place_label};
use crate::clearance;
use crate::collections::{read_terms, write_said};
use crate::facets::awaiting;
use crate::labelling::{Came, in_microseconds};
use crate::labels::authors_terms;
use crate::peers::evidence;
use crate::reading::Good;
use crate::seal::{Handling, label_text, read_label};
use crate::submission::Channel;
use crate::withdrawal;
use crate::writer::Change;

/// Under which name the store keeps the label that a record was taken with, once it has another.
pub(crate) fn taken_with(recno: i64) -> String {
    format!("label.taken/{recno}")
}

/// Gives a record another label. Who loses it loses it with this commit; who gains it finds it at a new position.
pub(crate) fn relabel(change: &mut Change<'_, '_>, recno: i64, label: &Label) -> Result<()> {
    let Some((held, before)) = turn(change, recno, label)? else {
        return Ok(());
    };
    // Its seals stand beside it for the same eyes.
    for seal in evidence::standing(change.txn, &held)? {
        turn(change, seal, label)?;
    }
    withdrawal::ask(change, &held, &before, Some(label))
}

/// The change itself, and where the record stood before; `None` when it has this label already or is erased.
fn turn(
    change: &mut Change<'_, '_>,
    recno: i64,
    label: &Label,
) -> Result<Option<(Held, Vec<Place>)>> {
    let held = change
        .txn
        .held_record(recno)?
        .with_context(|| format!("record {recno} is missing"))?;
    let old = label_of(change, recno)?;
    let label = &in_microseconds(label.clone());
    if old == *label || held.erased {
        return Ok(None);
    }
    let beside = |newer: &Newer| newer.stands_beside(held.object, &held.version);
    if !change.newer.as_ref().is_some_and(beside) {
        *change.newer = None;
    }
    let beside = |older: &Older| older.stands_beside(held.object, &held.version);
    if !change.older.as_ref().is_some_and(beside) {
        *change.older = None;
    }
    let good =
        good(change, recno)?.with_context(|| format!("record {recno} cannot be read any more"))?;
    if change.txn.meta(&taken_with(recno))?.is_none() {
        change
            .txn
            .set_meta(&taken_with(recno), label_text(&old).as_bytes())?;
    }
    let before = change.txn.places(recno)?;
    let stay = staying(change, &before, &old, label)?;
    awaiting::changed(change, recno)?;
    let class = change.txn.intern_class(&label.class)?;
    let (now, chance) = (change.now, &mut *change.chance);
    change.txn.relabel(
        recno,
        (class, label.embargo.as_ref(), label.expiry.as_ref()),
        now,
        |place| stay.contains(place),
        |_, last| {
            last.max(now)
                .saturating_add(1 + i64::try_from(chance.below(16)).unwrap_or(0))
        },
    )?;
    change.touched.extend([held.class, class]);
    awaiting::changed(change, recno)?;
    let home = change.register.home().clone();
    let handling = good
        .with_object(|copy| {
            Handling::make(
                copy,
                label,
                &home,
                Vec::new(),
                &change.keys.seal,
                change.now,
            )
        })
        .context("a record cannot be read any more")??;
    insert_own(change, &handling.record()?, label, None)?;
    Ok(Some((held, before)))
}

/// The places by other paths that another label of the record leaves as they are: none where it may take something from anybody, since what
/// is left of any of them under it lets in nobody whom it does not let in itself (rule 8); else all that let in somebody besides (rule 6).
fn staying(
    change: &Change<'_, '_>,
    places: &[Place],
    old: &Label,
    new: &Label,
) -> Result<Vec<Place>> {
    let mut stay = Vec::new();
    if !old.covers(new) {
        return Ok(stay);
    }
    for place in places.iter().filter(|place| place.removed.is_none()) {
        let class = change.txn.class(place.class)?;
        let label = place_label(class.context("a class is missing")?, place);
        if !label.covers(new) {
            stay.push(*place);
        }
    }
    Ok(stay)
}

/// Takes from the places of a record by other paths whom the author of a newer version lets in no more (rule 8): the record's own label, by
/// the path that brought it, may keep them out already.
pub(crate) fn places_under(change: &mut Change<'_, '_>, recno: i64, author: &Label) -> Result<()> {
    let at = Timestamp::from_micros(change.now);
    let held = change.txn.held_record(recno)?;
    let held = held.with_context(|| format!("record {recno} is missing"))?;
    let own = label_of(change, recno)?;
    let before = change.txn.places(recno)?;
    let mut taken = false;
    for place in before.iter().filter(|place| place.removed.is_none()) {
        let class = change.txn.class(place.class)?;
        let label = place_label(class.context("a class is missing")?, place);
        if label == own || !exceeds(&label, author, &at) {
            continue;
        }
        if !std::mem::replace(&mut taken, true) {
            awaiting::changed(change, recno)?;
        }
        let left = policy::retroactive(&label, &author.brought_as(&label));
        narrow_place(change, &held, place, &in_microseconds(left))?;
    }
    if !taken {
        return Ok(());
    }
    *change.older = None;
    awaiting::changed(change, recno)?;
    withdrawal::ask(change, &held, &before, Some(&own))
}

/// Whether a place lets in somebody whom an author's word does not, whoever brought the record there.
fn exceeds(place: &Label, author: &Label, at: &Timestamp) -> bool {
    place.widens(&author.brought_as(place), at)
}

/// The labels of the versions of an object that are newer than one, each once; kept for the next older one, so that of a file that lists
/// thousands of versions newest first not all are looked at again for each.
#[derive(Debug)]
pub(crate) struct Newer {
    object: ObjectNo,
    /// The key of the version.
    than: String,
    labels: Vec<Label>,
}

impl Newer {
    /// Whether another version, or another label of one, makes no difference to it.
    pub(crate) fn stands_beside(&self, object: ObjectNo, version: &str) -> bool {
        self.object != object || version <= self.than.as_str()
    }
}

/// What a label of a version comes to under those of the newer versions that are here: they govern it, whichever came first (rule 8).
pub(crate) fn under_newer(
    change: &mut Change<'_, '_>,
    object: ObjectNo,
    version: &Timestamp,
    mut label: Label,
) -> Result<Label> {
    let key = version.version_key();
    let known = change.newer.take();
    let known = known.filter(|known| known.object == object && key <= known.than);
    let (up_to, mut labels) = match known {
        Some(known) => (Some(known.than), known.labels),
        None => (None, Vec::new()),
    };
    let between = change.txn.labels_between(object, &key, up_to.as_deref())?;
    add_labels(change, between, &mut labels)?;
    let at = Timestamp::from_micros(change.now);
    for theirs in &labels {
        if label.widens(theirs, &at) {
            label = policy::retroactive(&label, theirs);
        }
    }
    *change.newer = Some(Newer {
        object,
        than: key,
        labels,
    });
    Ok(label)
}

/// The labels of the versions of an object up to one, each once; kept for the next newer one, so that of a file that lists thousands of
/// versions oldest first not all are looked at again for each.
#[derive(Debug)]
pub(crate) struct Older {
    object: ObjectNo,
    /// The key of the version.
    up_to: String,
    labels: Vec<Label>,
    /// Those of the places where they stand.
    places: Vec<Label>,
}

impl Older {
    /// Whether another version, or another label of one, makes no difference to it.
    pub(crate) fn stands_beside(&self, object: ObjectNo, version: &str) -> bool {
        self.object != object || is_newer(version, &self.up_to)
    }
}

/// Whether one of the versions of an object up to a key lets in somebody whom a label does not, or stands where somebody is let in whom its
/// author, as far as that one's word is known, does not.
pub(crate) fn widens_older(
    change: &mut Change<'_, '_>,
    object: ObjectNo,
    key: &str,
    (label, author): (&Label, Option<&Label>),
) -> Result<bool> {
    let known = change.older.take();
    let known = known.filter(|known| known.object == object && known.up_to.as_str() <= key);
    let mut known = known.unwrap_or_else(|| Older {
        object,
        up_to: String::new(),
        labels: Vec::new(),
        places: Vec::new(),
    });
    let (look, after) = (&change.txn, &*known.up_to);
    let between = look.labels_between(object, after, Some(key))?;
    let places = look.labels_of_places_between(object, after, Some(key))?;
    add_labels(change, between, &mut known.labels)?;
    add_labels(change, places, &mut known.places)?;
    known.up_to = key.to_owned();
    let at = Timestamp::from_micros(change.now);
    let widens = known.labels.iter().any(|old| old.widens(label, &at))
        || author.is_some_and(|author| known.places.iter().any(|old| exceeds(old, author, &at)));
    *change.older = Some(known);
    Ok(widens)
}

/// Adds labels to others, each once.
fn add_labels(
    change: &Change<'_, '_>,
    more: Vec<store::Labeled>,
    labels: &mut Vec<Label>,
) -> Result<()> {
    for (class, embargo, expiry) in more {
        let class = change.txn.class(class)?.context("a class is missing")?;
        let theirs = Label {
            class,
            embargo,
            expiry,
        };
        if !labels.contains(&theirs) {
            labels.push(theirs);
        }
    }
    Ok(())
}

/// The records of the versions of an object that come after one.
pub(crate) fn newer_than(
    change: &Change<'_, '_>,
    object: ObjectNo,
    version: &Timestamp,
) -> Result<Vec<i64>> {
    let key = version.version_key();
    let mut all = change.txn.versions_of(object)?;
    all.retain(|held| is_newer(&held.version, &key) && !held.erased);
    Ok(all.into_iter().map(|held| held.recno).collect())
}

/// Whether a version is newer than that of a key, and not another copy of it: that has the key, and a number behind it.
pub(crate) fn is_newer(version: &str, key: &str) -> bool {
    let copy = version.strip_prefix(key);
    version > key && !copy.is_some_and(|rest| rest.starts_with(' '))
}

/// The label that a record has now.
pub(crate) fn label_of(change: &Change<'_, '_>, recno: i64) -> Result<Label> {
    let held = change
        .txn
        .held_record(recno)?
        .with_context(|| format!("record {recno} is missing"))?;
    let class = change
        .txn
        .class(held.class)?
        .context("a class is missing")?;
    Ok(Label {
        class,
        embargo: held.embargo,
        expiry: held.expiry,
    })
}

/// The label that a record was taken with.
pub(crate) fn label_taken(look: &store::Look, recno: i64, now: &Label) -> Result<Label> {
    let Some(text) = look.meta(&taken_with(recno))? else {
        return Ok(now.clone());
    };
    read_label(std::str::from_utf8(&text)?)
        .context("the label that a record was taken with is damaged")
}

/// The record as it was looked at when it came.
pub(crate) fn good(change: &Change<'_, '_>, recno: i64) -> Result<Option<Good>> {
    let kept = change.txn.kept_from(recno, 1)?.into_iter().next();
    let body = kept
        .filter(|kept| kept.held.recno == recno)
        .and_then(|kept| kept.content)
        .map(|(_, body)| body);
    Ok(body.and_then(|body| Good::again(body.into())))
}

/// Under which name the store keeps how a record came, while a marking of it is not understood.
fn came_by(recno: i64) -> String {
    format!("label.came/{recno}")
}

/// Lets go of how a record came: it keeps the label that it has, whatever is understood later.
pub(crate) fn forget_way(change: &mut Change<'_, '_>, recno: i64) -> Result<()> {
    Ok(change.txn.remove_meta(&came_by(recno))?)
}

/// How a record came, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptPath {
    parts: Vec<String>,
    ours: String,
    /// Whether a person sent it, rather than a program by their token.
    #[serde(default)]
    in_person: bool,
}

/// Keeps how a record came until its markings are understood: what its giver and our operator said of it stays true then.
pub(crate) fn keep_path(
    change: &mut Change<'_, '_>,
    recno: i64,
    came: &Came,
    in_person: bool,
) -> Result<()> {
    let kept = KeptPath {
        parts: came.parts.iter().map(label_text).collect(),
        ours: write_said(&came.ours),
        in_person,
    };
    Ok(change
        .txn
        .set_meta(&came_by(recno), &serde_json::to_vec(&kept)?)?)
}

/// Who sent a record whose marking is understood only now.
fn sender(
    change: &Change<'_, '_>,
    came: &Came,
    channel: Channel,
    good: &Good,
    in_person: bool,
) -> clearance::Sender {
    let ours = match &good.header.created_by_ref {
        Some(author) => author == change.register.home(),
        None => came.origin.bringer.is_none(),
    };
    clearance::Sender {
        is_ours: ours && channel.peer().is_none() && good.evidence.is_none(),
        channel,
        person: came.origin.writer.clone(),
        in_person,
        desk: came.desk,
    }
}

/// A marking definition has come: what referred to it is labelled by what it says, if it may say so.
pub(crate) fn resolved(change: &mut Change<'_, '_>, marking: &ObjectId) -> Result<()> {
    for recno in change.txn.unresolved_by(marking.as_str(), -1, i64::MAX)? {
        let held = change.txn.held_record(recno)?;
        let Some((held, good)) = held.zip(good(change, recno)?) else {
            change.txn.resolved(marking.as_str(), recno)?;
            continue;
        };
        let channel = Channel::parse(&held.channel);
        let source = channel
            .as_ref()
            .map_or_else(String::new, |door| door.source());
        let marked = authors_terms(&good.header, &source, &mut change.definitions())?;
        if marked.unresolved.contains(marking) {
            continue;
        }
        change.txn.resolved(marking.as_str(), recno)?;
        let old = label_of(change, recno)?;
        let first = old.class.clauses().next();
        let Some((origin, desk)) = first.map(|clause| (clause.origin.clone(), clause.desk)) else {
            continue;
        };
        let Some(kept) = change.txn.meta(&came_by(recno))? else {
            continue;
        };
        let kept: KeptPath =
            serde_json::from_slice(&kept).context("how a record came is damaged")?;
        let parts = kept
            .parts
            .iter()
            .map(|text| read_label(text).context("how a record came is damaged"));
        let came = Came {
            parts: parts.collect::<Result<_>>()?,
            ours: read_terms(&kept.ours)?,
            origin,
            desk,
        };
        let (mut label, mut publish) = came.join(change.register, Some(&marked.terms));
        if let Some(version) = good.header.version() {
            label = under_newer(change, held.object, version, label)?;
        }
        let sender = channel.map(|channel| sender(change, &came, channel, &good, kept.in_person));
        // It is held as it would have been, had its marking been here first.
        if publish.is_none()
            && let Some(sender) = &sender
            && let Some(inside) = clearance::hold(change, sender, &good, &label)?
        {
            publish = Some(std::mem::replace(&mut label, inside));
        }
        relabel(change, recno, &label)?;
        if let Some(wider) = &publish {
            let by = sender.map_or_else(|| held.channel.to_string(), |sender| sender.name());
            clearance::ask(change, &by, recno, wider)?;
        }
        if marked.unresolved.is_empty() {
            change.txn.remove_meta(&came_by(recno))?;
        }
    }
    Ok(())
}
