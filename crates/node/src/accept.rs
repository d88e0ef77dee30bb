//! The one way in, second half: with the transaction open, each object is admitted, labelled, logged and placed, or kept waiting.
//!
//! Invariant: a record, its leaf and its position are one transaction; whatever is not admitted is kept where a person can see it,
//! and no object holds up its neighbors.

use anyhow::{Context, Result};
use policy::{Label, Terms};
use stix::{ObjectId, SpecVersion, Timestamp};
use store::{Held, NewPosition, NewRecord, ObjectNo, Spec};

use crate::admission::{Facts, First, Verdict, admit};
use crate::circles;
use crate::collections::Collection;
use crate::keeping::honor;
use crate::labelling::{Labelled, asker, label, labelled};
use crate::leaf::Leaf;
use crate::peers::evidence;
use crate::peers::notice;
use crate::reading::{Evidence, Good, Look};
use crate::seal::{self, SealError};
use crate::submission::{Channel, Line, Outcome, Receipt};
use crate::waiting::Kept;
use crate::writer::Change;
use crate::{facets, publication, relabel, withdrawal};

/// What was read of a submission, on its way to the writing thread.
pub(crate) struct Lot {
    /// The objects, in their order.
    pub looks: Vec<Look>,
    /// The door.
    pub channel: Channel,
    /// Who brought them.
    pub submitter: ObjectId,
    /// The person who did.
    pub person: Option<ObjectId>,
    /// Where they go.
    pub collection: Collection,
    /// What the operator says of them.
    pub terms: Terms,
    /// The same as it was written.
    pub terms_text: Option<String>,
    /// A person has decided to take them, whatever the rules of admission say.
    pub decided: bool,
}

impl Lot {
    /// What has to be known to take a waiting object later.
    pub(crate) fn context(&self) -> Kept {
        Kept {
            collection: self.collection.id.clone(),
            person: self.person.clone(),
            terms: self.terms_text.clone(),
        }
    }

    /// What came along that speaks about others.
    pub(crate) fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.looks.iter().filter_map(|look| match look {
            Look::Good(good) => good.evidence.as_ref()?.as_ref().ok(),
            _ => None,
        })
    }
}

/// Lets a lot in.
pub(crate) fn accept(change: &mut Change<'_, '_>, lot: &Lot) -> Result<Receipt> {
    let mut lines = Vec::with_capacity(lot.looks.len());
    for look in &lot.looks {
        lines.push(match look {
            Look::Good(good) => Line {
                id: Some(good.header.id.to_string()),
                version: good.header.version().map(|version| version.as_str().to_owned()),
                outcome: object(change, lot, good)?,
            },
            Look::Bad { id, reason, body } => {
                change.quarantine(&lot.channel, reason, body)?;
                Line { id: id.clone(), version: None, outcome: Outcome::Refused { reason: reason.clone() } }
            }
            Look::Above => Line {
                id: None,
                version: None,
                outcome: Outcome::Refused {
                    reason: "it is marked with a classification that this node may not hold; nothing of it was kept".into(),
                },
            },
        });
    }
    Ok(Receipt {
        at: change.now,
        lines,
    })
}

fn object(change: &mut Change<'_, '_>, lot: &Lot, good: &Good) -> Result<Outcome> {
    let object = change.txn.object_no(&good.header.id)?;
    if let Some(object) = object
        && let Some(held) = same_version(change, object, good)?
        // An operator's files may hold one version in several layouts, or with several contents: every copy is kept as it is.
        && (held.hash == good.hash || lot.channel != Channel::Import)
    {
        return known(change, lot, good, &held);
    }
    if lot.channel.peer().is_some() && evidence::is_about_ours(change, good)? {
        // Our own record on its way back: what its holders say about their copies is nothing to us.
        return Ok(Outcome::Known);
    }
    let author = good.header.created_by_ref.as_ref();
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    let first = match object {
        Some(object) => change.txn.held_record(object.0)?,
        None => None,
    };
    // A channel that cannot be read any more is nobody's.
    let source = first
        .as_ref()
        .and_then(|first| Channel::parse(&first.channel))
        .map_or_else(String::new, |door| door.source());
    let verdict = if lot.decided {
        Verdict::Admit
    } else {
        admit(&Facts {
            source: &lot.channel.source(),
            ours: lot.channel.is_ours(),
            home: change.register.home(),
            author,
            author_bound: author.is_some_and(|author| change.register.key(author).is_some()),
            seal: path.seal.clone(),
            loosened: path.loosened(change.register.home()),
            first: first.as_ref().map(|first| First {
                source: &source,
                author: first.author.as_ref(),
                author_bound: first
                    .author
                    .as_ref()
                    .is_some_and(|author| change.register.key(author).is_some()),
            }),
            version: good.header.version().map(Timestamp::micros),
            now: change.now,
        })
    };
    match verdict {
        Verdict::Admit => {
            let label = label(change, lot, good, &path)?;
            // What a peer says about records is kept for their sake and stands in no collection.
            let aside = lot.channel.peer().is_some() && good.speaks_of_another();
            let collection = (!aside).then_some(&lot.collection);
            let recno = insert(change, &lot.channel, collection, good, object, &label)?;
            if let (Some(_), Some(made)) = (lot.channel.peer(), path.made()) {
                evidence::note_said(change, recno, made)?;
            }
            follow(change, lot, good, recno, &label)?;
            if let Some(object) = object {
                govern(change, object, recno, &label)?;
            }
            Ok(Outcome::Accepted)
        }
        Verdict::Await(why) => {
            let reason = why.in_english();
            let waits = change.waits(good)?;
            let number = change.keep_waiting(lot, good, why.code(), &reason)?;
            if !waits && why.is_alteration() {
                notice::tell_author(change, lot, good, &reason)?;
            }
            Ok(Outcome::Awaiting { number, reason })
        }
        Verdict::Refuse(why) => {
            let reason = why.in_english();
            change.quarantine(&lot.channel, &reason, &good.body)?;
            Ok(Outcome::Refused { reason })
        }
    }
}

/// The version that is here already under the same name, or, where versions have no names, the one with the same bytes.
fn same_version(change: &Change<'_, '_>, object: ObjectNo, good: &Good) -> Result<Option<Held>> {
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

/// The key of a further copy of one version whose bytes differ from those of the copies before.
fn another_copy(version: &Timestamp, copy: usize) -> String {
    format!("{} {copy}", version.version_key())
}

/// The key under which a version is kept: its own, or that of a further copy where an operator brings other bytes for it.
fn key_for(
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

/// Whether two objects say the same, however their bytes are laid out.
fn says_the_same(change: &Change<'_, '_>, good: &Good, held: &Held) -> Result<bool> {
    let Some(other) = relabel::good(change, held.recno)? else {
        return Ok(false);
    };
    let limits = stix::Limits::default();
    let form = |good: &Good| stix::canonical(&good.body, &limits).ok();
    Ok(form(good).is_some_and(|ours| form(&other) == Some(ours)))
}

/// It is here: byte for byte, or under the same name with another content.
fn known(change: &mut Change<'_, '_>, lot: &Lot, good: &Good, held: &Held) -> Result<Outcome> {
    if held.hash != good.hash {
        if says_the_same(change, good, held)? {
            return Ok(Outcome::Known);
        }
        let reason =
            "another content is held under the same id and version; a change needs a new version";
        change.quarantine(&lot.channel, reason, &good.body)?;
        return Ok(Outcome::Refused {
            reason: reason.into(),
        });
    }
    if held.erased {
        return Ok(Outcome::Known);
    }
    let places = change.txn.places(held.recno)?;
    let placed = places
        .iter()
        .any(|place| place.collection == lot.collection.number);
    if !placed && lot.channel.is_ours() {
        let here = relabel::label_of(change, held.recno)?;
        place(change, lot.collection.number, held, &here)?;
    }
    if lot.channel.peer().is_some() {
        another_path(change, lot, good, held)?;
    }
    Ok(Outcome::Known)
}

/// The same record by another path: the least strict path counts, never below the author's own label (rule 6).
fn another_path(change: &mut Change<'_, '_>, lot: &Lot, good: &Good, held: &Held) -> Result<()> {
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    let here = relabel::label_of(change, held.recno)?;
    let by_home = held.author.as_ref() == Some(change.register.home());
    if by_home || path.loosened(change.register.home()) || good.speaks_of_another() {
        return Ok(());
    }
    let theirs = label(change, lot, good, &path)?.label;
    match policy::least_strict([here.clone(), theirs.clone()]).as_slice() {
        [only] if *only != here => relabel::relabel(change, held.recno, only),
        // Neither contains the other: whoever either of them lets in, each at a position of its own.
        [_, _] => place(change, lot.collection.number, held, &theirs),
        _ => Ok(()),
    }
}

fn place(change: &mut Change<'_, '_>, collection: i64, held: &Held, label: &Label) -> Result<()> {
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
    Ok(())
}

/// A new version governs those before it: who may not see it any more may not see them either (rule 8). Loosening does not reach
/// back (rule 7).
fn govern(
    change: &mut Change<'_, '_>,
    object: ObjectNo,
    recno: i64,
    labelled: &Labelled,
) -> Result<()> {
    let newest = change.txn.latest_of(object)?;
    if newest.is_none_or(|newest| newest.recno != recno) {
        return Ok(());
    }
    let label = &labelled.label;
    let same = |held: &Held| {
        held.class == labelled.class && held.embargo == label.embargo && held.expiry == label.expiry
    };
    let older = change.txn.versions_of(object)?;
    for held in older
        .iter()
        .filter(|held| held.recno != recno && !held.erased && !same(held))
    {
        let old = relabel::label_of(change, held.recno)?;
        if !old.covers(label) {
            relabel::relabel(change, held.recno, &policy::retroactive(&old, label))?;
        }
    }
    Ok(())
}

fn insert(
    change: &mut Change<'_, '_>,
    channel: &Channel,
    collection: Option<&Collection>,
    good: &Good,
    object: Option<ObjectNo>,
    labelled: &Labelled,
) -> Result<i64> {
    let recno = i64::try_from(change.log.size())?;
    let added = match collection {
        Some(collection) => change.next_position(collection.number)?,
        None => change.now,
    };
    let version = match good.header.version() {
        Some(version) => key_for(change, object, version)?,
        // An observable has no version of its own: it gets the time at which it came (TAXII 2.1 §3.4.1).
        None => Timestamp::from_micros(added).version_key(),
    };
    let mut salt = [0; 16];
    change.chance.fill(&mut salt);
    let channel = channel.to_string();
    let (id, label) = (good.header.id.as_str(), &labelled.label);
    let leaf = Leaf {
        id,
        version: &version,
        hash: &good.hash,
        label: &labelled.digest,
        channel: &channel,
        accepted: change.now,
    };
    change.log.append(&salt, &leaf.hash())?;
    let spec = spec(good);
    let number = change.txn.insert_record(&NewRecord {
        recno,
        object,
        id: &good.header.id,
        version: &version,
        author: good.header.created_by_ref.as_ref(),
        channel: &channel,
        spec,
        revoked: good.header.revoked,
        sealed: good.seal.is_some(),
        class: labelled.class,
        embargo: label.embargo.as_ref(),
        expiry: label.expiry.as_ref(),
        accepted: change.now,
        hash: &good.hash,
        salt: &salt,
        body: &good.body,
    })?;
    let declared = change.declarations.all();
    if facets::has(&declared, good.header.type_name()) {
        let values = good.with_object(|object| facets::of(&declared, object));
        facets::put(change, recno, &values.unwrap_or_default())?;
    }
    let Some(collection) = collection else {
        return Ok(recno);
    };
    change.txn.put_position(&NewPosition {
        collection: collection.number,
        recno,
        object: number,
        kind: good.header.type_name(),
        spec,
        class: labelled.class,
        embargo: label.embargo.as_ref(),
        expiry: label.expiry.as_ref(),
        added,
    })?;
    change.touched.insert(labelled.class);
    Ok(recno)
}

fn spec(good: &Good) -> Spec {
    match good.header.spec() {
        SpecVersion::V20 => Spec::V20,
        SpecVersion::V21 => Spec::V21,
        SpecVersion::Other => Spec::Other,
    }
}

/// What a new record brings about: definitions that others waited for, a publication to be agreed to, a withdrawal to be honored.
fn follow(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    recno: i64,
    labelled: &Labelled,
) -> Result<()> {
    for marking in &labelled.unresolved {
        change.txn.add_unresolved(marking.as_str(), recno)?;
        if let Some(came) = &labelled.came {
            relabel::keep_path(change, recno, came)?;
        }
    }
    if good.marking.is_some() {
        change.register.forget_marking(&good.header.id);
        relabel::resolved(change, &good.header.id)?;
    }
    let by_home = good.header.created_by_ref.as_ref() == Some(change.register.home());
    if by_home && lot.channel.is_ours() && good.seal.is_none() && good.evidence.is_none() {
        seal_beside(change, lot, good, &labelled.label)?;
    }
    if let Some(label) = &labelled.publish {
        publication::ask(change, &asker(lot), recno, label)?;
    }
    honor(change, &lot.channel, good)?;
    match &good.evidence {
        Some(Ok(Evidence::Withdrawal(withdrawal))) => withdrawal::honor(change, lot, withdrawal)?,
        Some(Ok(Evidence::Roster(roster))) => {
            // Only the owner's word counts, and only under its seal: a person may admit another, which changes nothing.
            let key = change.register.key(roster.owner());
            if key.is_some_and(|key| roster.verify(&key).is_ok()) {
                circles::arrived(change, roster)?;
            }
        }
        Some(Ok(evidence)) => {
            evidence::remember(change, evidence, recno)?;
            evidence::arrived(change, lot, evidence)?;
        }
        _ => {}
    }
    Ok(())
}

/// What we say in an object that came to us finished is sealed by a record beside it, in the same place under the same label.
fn seal_beside(change: &mut Change<'_, '_>, lot: &Lot, good: &Good, label: &Label) -> Result<()> {
    let home = change.register.home().clone();
    let made = good
        .with_object(|object| {
            seal::Seal::beside(object, label, &home, &change.keys.seal, change.now)
        })
        .context("a record cannot be read any more")?;
    let seal = match made {
        Ok(seal) => seal,
        // No canonical form, no seal: it stays a record of this node that cannot prove itself elsewhere.
        Err(SealError::NotCanonical(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let recno = insert_own(change, &seal.record()?, label, Some(&lot.collection))?;
    evidence::remember(change, &Evidence::Seal(Box::new(seal)), recno)
}

/// Puts a record of the node's own making into the log: sealed in itself, under a label that is known, into a collection or none.
pub(crate) fn insert_own(
    change: &mut Change<'_, '_>,
    text: &str,
    label: &Label,
    collection: Option<&Collection>,
) -> Result<i64> {
    let good = Good::again(text.as_bytes().to_vec().into())
        .context("a record of our own making is not well formed")?;
    let labelled = labelled(change, label.clone(), Vec::new(), None)?;
    let object = change.txn.object_no(&good.header.id)?;
    insert(
        change,
        &Channel::Local,
        collection,
        &good,
        object,
        &labelled,
    )
}
