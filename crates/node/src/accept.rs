//! The one way in, second half: with the transaction open, each object is admitted, labelled, logged and placed, or kept waiting.
//!
//! Invariant: a record, its leaf and its position are one transaction; whatever is not admitted is kept where a person can see it,
//! and no object holds up its neighbors.

use anyhow::{Context, Result};
use policy::{Handling, Label, Origin, Terms, needs_second_person, resolve};
use stix::{ObjectId, SpecVersion, Timestamp};
use store::{Held, NewPosition, NewRecord, ObjectNo, Spec};

use crate::admission::{Facts, First, Seal as SealState, Verdict, admit};
use crate::collections::Collection;
use crate::labels::authors_terms;
use crate::leaf::{self, Leaf};
use crate::reading::{Evidence, Good, Look};
use crate::register::Register;
use crate::seal::{self, SealError};
use crate::submission::{Channel, Line, Outcome, Receipt};
use crate::waiting::Kept;
use crate::writer::Change;
use crate::{publication, relabel, withdrawal};

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
    fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.looks.iter().filter_map(|look| match look {
            Look::Good(good) => good.evidence.as_ref()?.as_ref().ok(),
            _ => None,
        })
    }

    fn seals(&self) -> impl Iterator<Item = &seal::Seal> {
        self.evidence().filter_map(|evidence| match evidence {
            Evidence::Seal(seal) => Some(&**seal),
            _ => None,
        })
    }

    fn handlings(&self) -> impl Iterator<Item = &seal::Handling> {
        self.evidence().filter_map(|evidence| match evidence {
            Evidence::Handling(handling) => Some(&**handling),
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
    {
        return known(change, lot, good, &held);
    }
    let author = good.header.created_by_ref.as_ref();
    let seal = find_seal(lot, good);
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
            seal: check_seal(change.register, good, &seal),
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
            let sealed = seal.ok().flatten();
            let label = label(change, lot, good, sealed.as_ref())?;
            let recno = insert(
                change,
                &lot.channel,
                Some(&lot.collection),
                good,
                object,
                &label,
            )?;
            follow(change, lot, good, recno, &label)?;
            Ok(Outcome::Accepted)
        }
        Verdict::Await(why) => {
            let reason = why.in_english();
            let number = change.keep_waiting(lot, good, why.code(), &reason)?;
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
        return Ok(change.txn.find_version(object, &version.version_key())?);
    }
    let versions = change.txn.versions_of(object)?;
    Ok(versions.into_iter().find(|held| held.hash == good.hash))
}

/// It is here: byte for byte, or under the same name with another content.
fn known(change: &mut Change<'_, '_>, lot: &Lot, good: &Good, held: &Held) -> Result<Outcome> {
    if held.hash != good.hash {
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
        let added = change.next_position(lot.collection.number)?;
        change.txn.put_position(&NewPosition {
            collection: lot.collection.number,
            recno: held.recno,
            object: held.object,
            kind: &held.kind,
            spec: held.spec,
            class: held.class,
            embargo: held.embargo.as_ref(),
            expiry: held.expiry.as_ref(),
            added,
        })?;
        change.touched.insert(held.class);
    }
    Ok(Outcome::Known)
}

type FoundSeal = Result<Option<seal::Seal>, SealError>;

/// The seal that an object carries inside, or one that came beside it.
fn find_seal(lot: &Lot, good: &Good) -> FoundSeal {
    if let Some(inside) = &good.seal {
        return inside.clone().map(Some);
    }
    let header = &good.header;
    let digest = hex::encode(good.hash);
    let fits = |seal: &&seal::Seal| {
        let claim = seal.claim();
        claim.object == header.id && claim.version.as_ref() == header.version()
    };
    let mut beside = lot.seals().filter(fits).peekable();
    let first = beside.peek().copied();
    let exact = beside.find(|seal| seal.claim().sha256 == digest);
    Ok(exact.or(first).cloned())
}

fn check_seal(register: &Register, good: &Good, found: &FoundSeal) -> SealState {
    let seal = match found {
        Ok(Some(seal)) => seal,
        Ok(None) => return vouched(register, good),
        Err(error) => return SealState::Broken(error.to_string()),
    };
    let Some(key) = register.key(&seal.claim().author) else {
        return SealState::Missing;
    };
    match good.with_object(|object| seal.check_content(object, &key)) {
        Some(Ok(())) => SealState::Good,
        Some(Err(error)) => SealState::Broken(error.to_string()),
        None => SealState::Missing,
    }
}

/// The label that a record gets, and what follows from it.
struct Labelled {
    class: i64,
    digest: [u8; 32],
    label: Label,
    unresolved: Vec<ObjectId>,
    publish: Option<Label>,
}

/// Rules 2, 3, 6 and 7: the author's label, sealed or as marked; the handling by which it came; ours; the house's.
fn label(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    sealed: Option<&seal::Seal>,
) -> Result<Labelled> {
    let home = change.register.home().clone();
    let mut parts: Vec<Label> = Vec::new();
    let mut unresolved = Vec::new();
    if let Some(seal) = sealed {
        parts.extend(seal::read_label(&seal.claim().label).map(|label| label.held_by(&home)));
    }
    parts.extend(handled(change.register, lot, good, &home));
    let mut publish = None;
    let by_peer = lot.channel.peer().is_some();
    if sealed.is_none() || !by_peer {
        let marked = authors_terms(&good.header, &mut change.definitions())?;
        unresolved = marked.unresolved;
        if parts.is_empty() || marked.terms != Terms::silent() {
            let ours = Handling {
                by: home.clone(),
                terms: lot.terms.clone(),
            };
            let path = if lot.terms.is_label() {
                std::slice::from_ref(&ours)
            } else {
                &[]
            };
            let resolved = resolve(
                &origin(change.register, lot, good),
                lot.collection.desk,
                &marked.terms,
                path,
                change.register.house(),
            );
            if needs_second_person(None, &resolved) {
                publish = Some(resolved.label);
                parts.push(
                    change
                        .register
                        .nobody(&origin(change.register, lot, good), lot.collection.desk),
                );
            } else {
                parts.push(resolved.label);
            }
        }
    }
    let label = policy::combine(&parts).unwrap_or_else(|| {
        change
            .register
            .nobody(&origin(change.register, lot, good), lot.collection.desk)
    });
    labelled(change, label, unresolved, publish)
}

fn labelled(
    change: &mut Change<'_, '_>,
    label: Label,
    unresolved: Vec<ObjectId>,
    publish: Option<Label>,
) -> Result<Labelled> {
    let class = change.txn.intern_class(&label.class)?;
    let digest = leaf::label_digest(&label);
    Ok(Labelled {
        class,
        digest,
        label,
        unresolved,
        publish,
    })
}

/// Who asks to publish: the person, or the door.
fn asker(lot: &Lot) -> String {
    lot.person
        .as_ref()
        .map_or_else(|| lot.channel.to_string(), ToString::to_string)
}

/// The labels of holders along the path by which this copy came.
fn handled(register: &Register, lot: &Lot, good: &Good, home: &ObjectId) -> Option<Label> {
    let peer = lot.channel.peer()?;
    let handling = lot
        .handlings()
        .find(|handling| handling.object() == &good.header.id && handling.holder() == peer)?;
    let key = register.key(peer)?;
    let label = good
        .with_object(|object| handling.check(object, &key))?
        .ok()?;
    Some(label.held_by(home))
}

/// Where this copy comes from and lies. An author nobody here knows is no organ that could look at it.
fn origin(register: &Register, lot: &Lot, good: &Good) -> Origin {
    let author = good
        .header
        .created_by_ref
        .clone()
        .filter(|author| register.is_participant(author));
    let home = register.home();
    Origin {
        bringer: Some(lot.submitter.clone()).filter(|id| id != home && author.as_ref() != Some(id)),
        author,
        writer: lot.person.clone(),
        holder: home.clone(),
    }
}

/// Evidence is signed by itself: whether by the key of the one that it names.
fn vouched(register: &Register, good: &Good) -> SealState {
    let checked = match &good.evidence {
        None => return SealState::Missing,
        Some(Err(error)) => Err(error.clone()),
        Some(Ok(evidence)) => match register.key(evidence.author()) {
            None => return SealState::Missing,
            Some(key) => evidence.verify(&key),
        },
    };
    match checked {
        Ok(()) => SealState::Good,
        Err(error) => SealState::Broken(error.to_string()),
    }
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
        Some(version) => version.version_key(),
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
    }
    if good.marking.is_some() {
        change.register.forget_marking(&good.header.id);
        relabel::resolved(change, &good.header.id)?;
    }
    if let Some(label) = &labelled.publish {
        publication::ask(change, &asker(lot), recno, label)?;
    }
    if let Some(Ok(Evidence::Withdrawal(withdrawal))) = &good.evidence {
        withdrawal::honor(change, withdrawal)?;
    }
    Ok(())
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
