//! The one way in, second half: with the transaction open, each object is admitted, labelled, logged and placed, or kept waiting.
//!
//! Invariant: a record, its leaf and its position are one transaction; whatever is not admitted is kept where a person can see it,
//! and no object holds up its neighbors.

use anyhow::{Context, Result};
use policy::{Label, Terms};
use stix::{ObjectId, SpecVersion, Timestamp};
use store::{Held, NewPosition, NewRecord, ObjectNo, Spec};

use crate::admission::{Facts, First, Verdict, admit};
use crate::again::{key_for, known, may_be_a_further_copy, same_version, says_the_same};
use crate::circles;
use crate::collections::Collection;
use crate::facets::awaiting;
use crate::keeping::honor;
use crate::labelling::{Labelled, label, labelled};
use crate::leaf::Leaf;
use crate::peers::evidence;
use crate::peers::notice;
use crate::reading::{Evidence, Good, Look};
use crate::relabel::{Newer, Older};
use crate::seal::{self, SealError};
use crate::submission::{Channel, Line, Outcome, Receipt};
use crate::waiting::Kept;
use crate::writer::Change;
use crate::{again, clearance, facets, relabel, withdrawal};

/// Why a version that is here under the same name, saying something else, is not taken.
pub(crate) const OTHER_CONTENT: &str =
    "another content is held under the same id and version; a change needs a new version";

/// Why what is marked above the ceiling is not taken.
pub(crate) const ABOVE: &str =
    "it is marked with a classification that this node may not hold; nothing of it was kept";

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
    /// Whether that person sends it, rather than a program by a token of theirs, which releases nothing.
    pub in_person: bool,
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
            in_person: self.in_person,
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
            Look::Good(good) => {
                let outcome = object(change, lot, good)?;
                Line {
                    id: Some(good.header.id.to_string()),
                    version: good
                        .header
                        .version()
                        .map(|version| version.as_str().to_owned()),
                    label_stays: match outcome {
                        Outcome::Known => again::label_that_stays(change, lot, good)?,
                        _ => None,
                    },
                    outcome,
                }
            }
            Look::Bad { id, reason, body } => {
                change.quarantine(&lot.channel, reason, body)?;
                Line::refused(id.clone(), reason.clone())
            }
            Look::Above => Line::refused(None, ABOVE.into()),
        });
    }
    Ok(Receipt {
        at: change.now,
        lines,
    })
}

fn object(change: &mut Change<'_, '_>, lot: &Lot, good: &Good) -> Result<Outcome> {
    let object = change.txn.object_no(&good.header.id)?;
    if lot.channel.peer().is_some() {
        evidence::weed(change, &good.header.id, good.header.version())?;
    }
    let hidden = hidden_from(change, lot, object)?;
    if let Some(object) = object
        && let Some(held) = same_version(change, object, good)?
        && (held.hash == good.hash || !may_be_a_further_copy(change, lot, good, &held))
    {
        if held.hash == good.hash {
            return known(change, lot, good, &held);
        }
        if says_the_same(change, good, &held)? {
            return Ok(Outcome::Known);
        }
        if !hidden {
            change.quarantine(&lot.channel, OTHER_CONTENT, &good.body)?;
            return Ok(Outcome::Refused {
                reason: OTHER_CONTENT.into(),
            });
        }
        let number = change.keep_waiting(lot, good, "other-content", OTHER_CONTENT)?;
        return as_if_new(change, lot, good, number);
    }
    if lot.channel.peer().is_some() && evidence::is_about_ours(change, good)? {
        // Our own record on its way back: what its holders say about their copies is nothing to us.
        return Ok(Outcome::Known);
    }
    let mut path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    if lot.decided {
        path = path.decided();
    } else if lot.channel.peer().is_some() && evidence::is_late_over_held(change, &path, good)? {
        return Ok(Outcome::Known);
    }
    let first = match object {
        Some(object) => change.txn.held_record(object.0)?,
        None => None,
    };
    let verdict = if lot.decided {
        Verdict::Admit
    } else {
        judge(change, lot, good, &path, first.as_ref())
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
                govern(change, lot, good, object, recno, &label)?;
            }
            evidence::settle(change, lot, good)?;
            Ok(Outcome::Accepted)
        }
        Verdict::Await(why) => {
            let reason = why.in_english();
            let waits = change.waits(lot, good)?;
            let number = change.keep_waiting(lot, good, why.code(), &reason)?;
            if hidden {
                return as_if_new(change, lot, good, number);
            }
            if !waits && why.concerns_the_author() {
                notice::tell_author(change, lot, good, &why)?;
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

/// Asks the rules of admission, given the first record of the object that counts.
fn judge(
    change: &Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    path: &evidence::Path,
    first: Option<&Held>,
) -> Verdict {
    let author = good.header.created_by_ref.as_ref();
    let unvouched =
        |author: Option<&ObjectId>| author.is_some_and(|who| change.register.is_unvouched(who));
    let bound = |author: Option<&ObjectId>| {
        author.is_some_and(|who| change.register.key(who).is_some()) || unvouched(author)
    };
    // A channel that cannot be read any more is nobody's.
    let source = first
        .and_then(|first| Channel::parse(&first.channel))
        .map_or_else(String::new, |door| door.source());
    admit(&Facts {
        source: &lot.channel.source(),
        ours: lot.channel.is_ours(),
        home: change.register.home(),
        author,
        author_bound: bound(author),
        author_unvouched: unvouched(author),
        seal: path.seal.clone(),
        loosened: path.loosened(change.register.home()),
        first: first.map(|first| First {
            source: &source,
            author: first.author.as_ref(),
            author_bound: bound(first.author.as_ref()),
        }),
        named_by_content: first.is_some() && good.is_named_by_content(),
        version: good.header.version().map(Timestamp::micros),
        now: change.now,
    })
}

/// Whether an object is here and nothing of it may be seen by the program that names it.
fn hidden_from(change: &Change<'_, '_>, lot: &Lot, object: Option<ObjectNo>) -> Result<bool> {
    let (Some(object), Channel::Access(_)) = (object, &lot.channel) else {
        return Ok(false);
    };
    if lot.decided {
        return Ok(false);
    }
    let sees = |recno: i64| -> Result<bool> {
        for place in change.txn.places(recno)? {
            if place.removed.is_none() && again::sees(change, lot, &place)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    // Whoever sends many versions mostly sees the last.
    if let Some(latest) = change.txn.latest_of(object)?
        && sees(latest.recno)?
    {
        return Ok(false);
    }
    for held in change.txn.versions_of(object)? {
        if sees(held.recno)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a program hears of an object that waits under a number, and of which it may not learn that something is here: the same as if
/// nothing were (ADR 5).
fn as_if_new(change: &Change<'_, '_>, lot: &Lot, good: &Good, number: i64) -> Result<Outcome> {
    let path = evidence::path(change, &lot.channel, lot.evidence(), good)?;
    Ok(match judge(change, lot, good, &path, None) {
        Verdict::Admit => Outcome::Accepted,
        Verdict::Await(why) | Verdict::Refuse(why) => Outcome::Awaiting {
            number,
            reason: why.in_english(),
        },
    })
}

/// A version governs those before it, in whatever order they come: who may not see it may not see them either (rule 8).
/// Loosening does not reach back (rule 7). What has no versions, an observable, has no later word either: a copy governs those of its own source.
fn govern(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    object: ObjectNo,
    recno: i64,
    labelled: &Labelled,
) -> Result<()> {
    let own = change.txn.held_record(recno)?;
    let own = own.context("a record is missing")?;
    let newest = change.txn.latest_of(object)?;
    if newest.is_none_or(|newest| newest.recno != recno) {
        let Some(version) = good.header.version() else {
            return Ok(());
        };
        let label = relabel::label_of(change, recno)?;
        let bound = relabel::under_newer(change, object, version, label)?;
        relabel::relabel(change, recno, &bound)?;
    }
    // What we hold until it is cleared takes nothing from those who had the version before: its own label will. What takes it back waits
    // for nobody.
    let sender = clearance::Sender::of(change, lot, good);
    let ours = lot.channel.is_ours() || sender.is_ours;
    let wanted = labelled.publish.as_ref();
    let wanted = wanted.filter(|_| ours && !(good.header.revoked && sender.is_ours));
    let label = wanted.unwrap_or(&labelled.label);
    let same = |held: &Held| {
        wanted.is_none()
            && held.class == labelled.class
            && held.embargo == label.embargo
            && held.expiry == label.expiry
    };
    // What we say ourselves is all ours; of others', a holder's word binds the path by which it came and no other (rule 6).
    let author = match sender.is_ours {
        true => Some(label),
        false => labelled.author.as_ref(),
    };
    let author = author.filter(|_| good.header.version().is_some());
    if good.header.version().is_some() {
        if ours || labelled.publish.is_some() {
            change.corrected.add(object, &own.version, &sender.name());
        }
        if !relabel::widens_older(change, object, &own.version, (label, author))? {
            return Ok(());
        }
    }
    let older = change.txn.older_than(object, &own.version)?;
    let source = lot.channel.source();
    let governed = |held: &Held| {
        good.header.version().is_some()
            || Channel::parse(&held.channel).is_some_and(|door| door.source() == source)
    };
    for held in older.iter().filter(|held| !held.erased && governed(held)) {
        let old = relabel::label_of(change, held.recno)?;
        if !same(held) && old.widens(label, &Timestamp::from_micros(change.now)) {
            relabel::relabel(change, held.recno, &policy::retroactive(&old, label))?;
        }
        if let Some(author) = author {
            relabel::places_under(change, held.recno, author)?;
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
    let beside = |newer: &Newer| object.is_none_or(|of| newer.stands_beside(of, &version));
    if !change.newer.as_ref().is_some_and(beside) {
        *change.newer = None;
    }
    let beside = |older: &Older| object.is_none_or(|of| older.stands_beside(of, &version));
    if !change.older.as_ref().is_some_and(beside) {
        *change.older = None;
    }
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
    if awaiting::concerns(change, good.header.type_name()) {
        awaiting::changed(change, recno)?;
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
            relabel::keep_path(change, recno, came, lot.in_person)?;
        }
    }
    if good.marking.is_some() {
        change.markings.forget(&good.header.id);
        relabel::resolved(change, &good.header.id)?;
    }
    let by_home = good.header.created_by_ref.as_ref() == Some(change.register.home());
    if by_home && lot.channel.is_ours() && good.seal.is_none() && good.evidence.is_none() {
        seal_beside(change, lot, good, &labelled.label)?;
    }
    if let Some(label) = &labelled.publish {
        let by = clearance::Sender::of(change, lot, good).name();
        clearance::ask(change, &by, recno, label)?;
    }
    honor(change, &lot.channel, good)?;
    match &good.evidence {
        Some(Ok(Evidence::Withdrawal(withdrawal))) => withdrawal::honor(change, lot, withdrawal)?,
        Some(Ok(Evidence::Roster(roster))) => {
            // Only the owner's word counts, and only under its seal: a person may admit another, which changes nothing.
            let key = change.register.key(roster.by());
            if key.is_some_and(|key| roster.verify(&key).is_ok()) {
                circles::arrived(change, roster, recno)?;
            }
        }
        Some(Ok(evidence)) => {
            evidence::remember(change, evidence, recno, &lot.channel)?;
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
    let text = seal.record()?;
    let said = Evidence::Seal(Box::new(seal));
    let good = Good::made(text.into(), said).context(NOT_WELL_FORMED)?;
    let recno = insert_good(change, &good, label, Some(&lot.collection))?;
    match &good.evidence {
        Some(Ok(seal)) => evidence::remember(change, seal, recno, &Channel::Local),
        _ => Ok(()),
    }
}

const NOT_WELL_FORMED: &str = "a record of our own making is not well formed";

/// Puts a record of the node's own making into the log: sealed in itself, under a label that is known, into a collection or none.
pub(crate) fn insert_own(
    change: &mut Change<'_, '_>,
    text: &str,
    label: &Label,
    collection: Option<&Collection>,
) -> Result<i64> {
    let good = Good::again(text.as_bytes().to_vec().into()).context(NOT_WELL_FORMED)?;
    insert_good(change, &good, label, collection)
}

fn insert_good(
    change: &mut Change<'_, '_>,
    good: &Good,
    label: &Label,
    collection: Option<&Collection>,
) -> Result<i64> {
    let labelled = labelled(change, label.clone(), Vec::new(), None)?;
    let object = change.txn.object_no(&good.header.id)?;
    insert(change, &Channel::Local, collection, good, object, &labelled)
}
