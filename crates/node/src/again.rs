//! What is sent again: the record is here, byte for byte. What may change is where it stands and, by another path, for whom.
//!
//! Invariant: the record and its leaf stay one; whoever sends what somebody else brought sees what it sent, and lets nobody else in.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use policy::{Class, Label, Purpose};
use stix::Timestamp;
use store::{Held, NewPosition, ObjectNo, Place};

use crate::accept::{Lot, insert_own};
use crate::clearance;
use crate::labelling::{label, label_for_bringer};
use crate::peers::evidence;
use crate::reading::{Good, UNBOUNDED};
use crate::relabel::{self, Older};
use crate::seal::Handling;
use crate::submission::{Channel, Outcome};
use crate::withdrawal;
use crate::writer::Change;

/// It is here, byte for byte: it gets the place that it was sent to.
pub(crate) fn known(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    held: &Held,
) -> Result<Outcome> {
    if held.erased {
        return Ok(Outcome::Known);
    }
    let mut places = change.txn.places(held.recno)?;
    places.retain(|place| place.collection == lot.collection.number);
    let stands = places.iter().any(|place| place.removed.is_none());
    if lot.channel.peer().is_some() {
        return by_peer(change, lot, good, held, !places.is_empty());
    }
    if !stands {
        let here = relabel::label_of(change, held.recno)?;
        place(change, lot.collection.number, held, &here)?;
    }
    if matches!(lot.channel, Channel::Access(_)) {
        to_bringer(change, lot, good, held)?;
    }
    Ok(Outcome::Known)
}

/// A program sees what it sends, as it would if nobody had sent it before. The place that it gets for itself lets in nobody besides.
fn to_bringer(change: &mut Change<'_, '_>, lot: &Lot, good: &Good, held: &Held) -> Result<()> {
    for place in change.txn.places(held.recno)? {
        let here = place.collection == lot.collection.number && place.removed.is_none();
        if here && sees(change, lot, &place)? {
            return Ok(());
        }
    }
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    let own = label_for_bringer(change, lot, good, &path)?;
    let viewer = change
        .register
        .viewer(&lot.submitter, lot.person.as_ref(), true);
    if policy::admits(&viewer, &own.class, Purpose::Poll) {
        further_place(change, lot.collection.number, held, &own)?;
    }
    Ok(())
}

/// The label under which a record stands at a place.
pub(crate) fn place_label(class: Class, place: &Place) -> Label {
    Label {
        class,
        embargo: place.embargo.map(Timestamp::from_micros),
        expiry: place.expires.map(Timestamp::from_micros),
    }
}

/// Whether the program that sends something sees a record at one of its places now.
pub(crate) fn sees(change: &Change<'_, '_>, lot: &Lot, place: &Place) -> Result<bool> {
    let viewer = change
        .register
        .viewer(&lot.submitter, lot.person.as_ref(), true);
    let Some(class) = change.txn.class(place.class)? else {
        return Ok(false);
    };
    let label = place_label(class, place);
    let at = Timestamp::from_micros(change.now);
    Ok(policy::decide(&viewer, &label, Purpose::Poll, &at).is_granted())
}

/// A peer has it too. It comes at each round of its own accord, so it does not undo that somebody took the record out of a collection.
fn by_peer(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    held: &Held,
    stood: bool,
) -> Result<Outcome> {
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    let home = change.register.home();
    if held.author.as_ref() == Some(home) || path.loosened(home) || good.speaks_of_another() {
        return Ok(Outcome::Known);
    }
    if !stood {
        let here = relabel::label_of(change, held.recno)?;
        place(change, lot.collection.number, held, &here)?;
    }
    another_path(change, lot, good, held, &path)?;
    Ok(Outcome::Known)
}

/// The same record by another path: the least strict path counts, never below the author's own label (rule 6). To publish by it takes
/// a second person (rule 7).
fn another_path(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    held: &Held,
    path: &evidence::Path,
) -> Result<()> {
    // By a path that was withdrawn nobody gets anything.
    if withdrawal::stands(change, &lot.channel, good, path)? {
        return Ok(());
    }
    let here = relabel::label_of(change, held.recno)?;
    let theirs = label(change, lot, good, path)?;
    if let Some(public) = theirs
        .publish
        .filter(|wider| !here.class.is_public() && *wider != here)
    {
        return clearance::ask(change, &lot.channel.to_string(), held.recno, &public);
    }
    let mut theirs = theirs.label;
    if let Some(version) = good.header.version() {
        theirs = relabel::under_newer(change, held.object, version, theirs)?;
    }
    match policy::least_strict([here.clone(), theirs.clone()]).as_slice() {
        [only] if *only != here => relabel::relabel(change, held.recno, only),
        // Neither contains the other: whoever either of them lets in, each at a position of its own.
        [_, _] => further_place(change, lot.collection.number, held, &theirs),
        _ => Ok(()),
    }
}

/// One more place where the record stands, unless it stands there under this label already, under embargo or expired as it may be: what is
/// sent time and again makes nothing new. Where somebody took it out it does not come back by this.
fn further_place(
    change: &mut Change<'_, '_>,
    collection: i64,
    held: &Held,
    label: &Label,
) -> Result<()> {
    let class = change.txn.intern_class(&label.class)?;
    let micros = |time: &Option<Timestamp>| time.as_ref().map(Timestamp::micros);
    let (embargo, expires) = (micros(&label.embargo), micros(&label.expiry));
    let mut places = change.txn.places(held.recno)?;
    places.retain(|place| place.collection == collection && place.removed.is_none());
    let is_same = |place: &Place| {
        place.class == class && place.embargo == embargo && place.expires == expires
    };
    if places.is_empty() || places.iter().any(is_same) {
        return Ok(());
    }
    place(change, collection, held, label)
}

/// A place is for fewer from now on. Where the record stands for as many or more in that collection, that is place enough.
pub(crate) fn narrow_place(
    change: &mut Change<'_, '_>,
    held: &Held,
    old: &Place,
    label: &Label,
) -> Result<()> {
    change
        .txn
        .remove_position(old.collection, old.added, change.now)?;
    change.touched.insert(old.class);
    let wanted = change.txn.intern_class(&label.class)?;
    for place in change.txn.places(held.recno)? {
        if place.collection != old.collection || place.removed.is_some() {
            continue;
        }
        let class = change.txn.class(place.class)?;
        let stands = place_label(class.context("a class is missing")?, &place);
        // A place in the same class would take this one's place.
        if place.class == wanted || label.covers(&stands) {
            return Ok(());
        }
    }
    place(change, old.collection, held, label)
}

/// The label under which something stays that is here already, where an operator's file came with the wish for another. A label is neither
/// tightened nor loosened in passing.
pub(crate) fn label_that_stays(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
) -> Result<Option<String>> {
    if lot.channel != Channel::Import || lot.terms_text.is_none() {
        return Ok(None);
    }
    let Some(object) = change.txn.object_no(&good.header.id)? else {
        return Ok(None);
    };
    let held = same_version(change, object, good)?;
    let Some(held) = held.filter(|held| !held.erased) else {
        return Ok(None);
    };
    let here = relabel::label_of(change, held.recno)?;
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    let wished = label(change, lot, good, &path)?;
    // Who brought it, or wrote it, is no part of the wish.
    let says = |label: &Label| -> BTreeSet<_> {
        let clauses = label.class.clauses();
        clauses
            .map(|clause| (clause.tlp, clause.audience.clone()))
            .collect()
    };
    let mut wishes = [Some(&wished.label), wished.publish.as_ref()]
        .into_iter()
        .flatten();
    let stays = !wishes.any(|wish| says(wish) == says(&here));
    Ok(stays.then(|| here.class.tlp().to_string()))
}

/// Another label than the record has is said in the log: a place in nobody's log would be one that somebody made past the node.
fn place(change: &mut Change<'_, '_>, collection: i64, held: &Held, label: &Label) -> Result<()> {
    let beside = |older: &Older| older.stands_beside(held.object, &held.version);
    if !change.older.as_ref().is_some_and(beside) {
        *change.older = None;
    }
    let class = change.txn.intern_class(&label.class)?;
    let added = change.next_position(collection)?;
    change.txn.put_position(&NewPosition {
        collection,
        recno: held.recno,
        object: held.object,
        kind: &held.kind,
        spec: held.spec,
        class,
        embargo: label.embargo.as_ref(),
        expiry: label.expiry.as_ref(),
        added,
    })?;
    change.touched.insert(class);
    if class == held.class && label.embargo == held.embargo && label.expiry == held.expiry {
        return Ok(());
    }
    let good = relabel::good(change, held.recno)?.context("a record cannot be read any more")?;
    let home = change.register.home().clone();
    let said = good
        .with_object(|copy| Handling::further(copy, label, &home, &change.keys.seal, change.now))
        .context("a record cannot be read any more")??;
    insert_own(change, &said.record()?, label, None)?;
    Ok(())
}

/// The same place once more, at the end of its collection: whoever polls finds it there.
pub(crate) fn place_again(change: &mut Change<'_, '_>, held: &Held, place: &Place) -> Result<()> {
    let time = |micros: Option<i64>| micros.map(Timestamp::from_micros);
    let (embargo, expiry) = (time(place.embargo), time(place.expires));
    let added = change.next_position(place.collection)?;
    change.txn.put_position(&NewPosition {
        collection: place.collection,
        recno: held.recno,
        object: held.object,
        kind: &held.kind,
        spec: held.spec,
        class: place.class,
        embargo: embargo.as_ref(),
        expiry: expiry.as_ref(),
        added,
    })?;
    change.touched.insert(place.class);
    Ok(())
}

/// The version that is here already under the same name, or, where versions have no names, the one with the same bytes.
pub(crate) fn same_version(
    change: &Change<'_, '_>,
    object: ObjectNo,
    good: &Good,
) -> Result<Option<Held>> {
    if let Some(version) = good.header.version() {
        let mut held = change.txn.find_version(object, &version.version_key())?;
        let mut copy = 2;
        while let Some(other) = held.as_ref().filter(|held| held.hash != good.hash).cloned() {
            held = change
                .txn
                .find_version(object, &another_copy(version, copy))?;
            copy += 1;
            if held.is_none() {
                return Ok(Some(other));
            }
        }
        return Ok(held);
    }
    let versions = change.txn.versions_of(object)?;
    Ok(versions.into_iter().find(|held| held.hash == good.hash))
}

/// Every copy of a version that is held.
pub(crate) fn copies(
    change: &Change<'_, '_>,
    object: ObjectNo,
    version: &Timestamp,
) -> Result<Vec<Held>> {
    let mut copies = Vec::new();
    let mut key = version.version_key();
    while let Some(held) = change.txn.find_version(object, &key)? {
        copies.push(held);
        key = another_copy(version, copies.len() + 1);
    }
    Ok(copies)
}

/// The keys of the copies of a version before one, the first one's first; none where it is the first itself.
pub(crate) fn keys_before(key: &str) -> impl Iterator<Item = String> {
    // A key is an instant and how many digits were written; behind that of a further copy stands its number.
    let further = key.rsplit_once(' ');
    let further = further.filter(|(version, _)| version.contains(' '));
    let (version, copies) = further.map_or((key, 0), |(version, copy)| {
        (version, copy.parse::<usize>().unwrap_or(0))
    });
    (1..copies).map(move |copy| copy_key(version, copy))
}

fn copy_key(version: &str, copy: usize) -> String {
    match copy {
        ..2 => version.to_owned(),
        _ => format!("{version} {copy}"),
    }
}

/// The key of a further copy of one version whose bytes differ from those of the copies before.
fn another_copy(version: &Timestamp, copy: usize) -> String {
    copy_key(&version.version_key(), copy)
}

/// The key under which a version is kept: its own, or that of a further copy where an operator brings other bytes for it.
pub(crate) fn key_for(
    change: &Change<'_, '_>,
    object: Option<ObjectNo>,
    version: &Timestamp,
) -> Result<String> {
    let mut key = version.version_key();
    let mut copy = 2;
    if let Some(object) = object {
        while change.txn.find_version(object, &key)?.is_some() {
            key = another_copy(version, copy);
            copy += 1;
        }
    }
    Ok(key)
}

/// Whether other bytes under a version that is here are kept beside it. An operator's files may hold one version of another's in several
/// layouts, or with several contents: every copy is kept as it is. What we say ourselves, we say once under one version.
pub(crate) fn may_be_a_further_copy(
    change: &Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    held: &Held,
) -> bool {
    let authors = [good.header.created_by_ref.as_ref(), held.author.as_ref()];
    lot.channel == Channel::Import && !authors.contains(&Some(change.register.home()))
}

/// Whether two objects say the same, however their bytes are laid out.
pub(crate) fn says_the_same(change: &Change<'_, '_>, good: &Good, held: &Held) -> Result<bool> {
    let Some(other) = relabel::good(change, held.recno)? else {
        return Ok(false);
    };
    let form = |good: &Good| stix::canonical(&good.body, &UNBOUNDED).ok();
    Ok(form(good).is_some_and(|ours| form(&other) == Some(ours)))
}
