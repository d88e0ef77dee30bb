//! From a lot and what is known here to the label of each object: whose word counts, whether it is sealed, by which path it came.
//!
//! Invariant: only a seal that verifies lends its label; everything else is read from the markings, the path and the house.

use anyhow::Result;
use policy::{Handling, Label, Origin, Terms, needs_second_person, resolve};
use stix::ObjectId;

use crate::accept::Lot;
use crate::admission::Seal as SealState;
use crate::labels::authors_terms;
use crate::leaf;
use crate::reading::Good;
use crate::register::Register;
use crate::seal::{self, SealError};
use crate::writer::Change;

pub(crate) type FoundSeal = Result<Option<seal::Seal>, SealError>;

/// The seal that an object carries inside, or one that came beside it.
pub(crate) fn find_seal(lot: &Lot, good: &Good) -> FoundSeal {
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

pub(crate) fn check_seal(register: &Register, good: &Good, found: &FoundSeal) -> SealState {
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
pub(crate) struct Labelled {
    pub class: i64,
    pub digest: [u8; 32],
    pub label: Label,
    pub unresolved: Vec<ObjectId>,
    pub publish: Option<Label>,
}

/// Rules 2, 3, 6 and 7: the author's label, sealed or as marked; the handling by which it came; ours; the house's.
pub(crate) fn label(
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

pub(crate) fn labelled(
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
pub(crate) fn asker(lot: &Lot) -> String {
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
