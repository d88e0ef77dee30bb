//! From a lot and what is known here to the label of each object: whose word counts, whether it is sealed, by which path it came.
//!
//! Invariant: only a seal that verifies lends its label; everything else is read from the markings, the path and the house. Markings of
//! what may not be its author's open nothing.

use anyhow::Result;
use policy::{Desk, Handling, Label, Origin, SetBy, Terms, needs_second_person, resolve};
use stix::{ObjectId, Timestamp};

use crate::accept::Lot;
use crate::admission::Seal as SealState;
use crate::again::same_version;
use crate::clearance;
use crate::labels::authors_terms;
use crate::leaf;
use crate::peers::evidence::Path;
use crate::reading::Good;
use crate::register::Register;
use crate::relabel::label_of;
use crate::submission::Channel;
use crate::withdrawal;
use crate::writer::Change;

/// The label that a record gets, and what follows from it.
pub(crate) struct Labelled {
    pub class: i64,
    pub digest: [u8; 32],
    pub label: Label,
    /// What its author alone says of it, where that is known.
    pub author: Option<Label>,
    pub unresolved: Vec<ObjectId>,
    pub publish: Option<Label>,
    pub came: Option<Came>,
}

/// Rules 2, 3, 6 and 7: the author's label, sealed or as marked; the handling by which it came; ours; the house's.
pub(crate) fn label(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    path: &Path,
) -> Result<Labelled> {
    let about_another = lot.channel.peer().is_some() && good.speaks_of_another();
    if !about_another && !withdrawal::stands(change, &lot.channel, good, path)? {
        return understood(change, lot, good, path);
    }
    let origin = origin(change.register, lot, good);
    let nobody = change.register.nobody(&origin, lot.collection.desk);
    // What was withdrawn goes to nobody more than before: who was kept from it stays so.
    let fresh = understood(change, lot, good, path)?.label;
    let label = policy::combine([&fresh, &nobody]).unwrap_or(nobody);
    labelled(change, label, Vec::new(), None)
}

/// The same, for what speaks of nobody else and is withdrawn by nobody.
fn understood(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    path: &Path,
) -> Result<Labelled> {
    let home = change.register.home().clone();
    let said = [&path.author, &path.giver].into_iter().flatten();
    let parts: Vec<Label> = said.map(|said| said.label.held_by(&home)).collect();
    let mut came = Came {
        parts,
        ours: lot.terms.clone(),
        origin: origin(change.register, lot, good),
        desk: lot.collection.desk,
    };
    let by_peer = lot.channel.peer().is_some();
    let signed = path.author.as_ref();
    let signed = signed.map(|said| said.label.held_by(&home));
    if signed.is_some() && by_peer {
        let label = came.join(change.register, None).0;
        let (label, publish) = match path.is_late() && label.class.is_public() {
            true => (change.register.nobody(&came.origin, came.desk), Some(label)),
            false => (label, None),
        };
        let mut labelled = labelled(change, label, Vec::new(), publish)?;
        labelled.author = signed;
        return Ok(labelled);
    }
    let marked = authors_terms(
        &good.header,
        &lot.channel.source(),
        &mut change.definitions(),
    )?;
    let (mut label, mut publish) = came.join(change.register, Some(&marked.terms));
    // A peer's handling that says CLEAR where the author says nothing is a holder's word like any other; and what a key seals that was
    // replaced long ago is not published by one person's decision.
    let by_holder = path.giver.is_some() && !marked.terms.is_label();
    if (by_holder || path.is_late()) && label.class.is_public() {
        publish = Some(label);
        label = change.register.nobody(&came.origin, came.desk);
    }
    let sender = clearance::Sender::of(change, lot, good);
    let doubtful = is_doubtful(change, lot, good, path)?;
    let author = match doubtful {
        true => None,
        false => signed.or_else(|| came.marked(change.register, &marked.terms)),
    };
    if doubtful {
        (label, publish) = of_doubtful(change, (lot, good), &mut came, publish.unwrap_or(label))?;
    } else if let Some(public) = &publish
        && sender.is_ours
        && clearance::only_takes_back(change, good, public)?
    {
        label = public.clone();
        publish = None;
    }
    if publish.is_none()
        && let Some(held) = clearance::hold(change, &sender, good, &label)?
    {
        publish = Some(std::mem::replace(&mut label, held));
    }
    let mut labelled = labelled(change, label, marked.unresolved, publish)?;
    labelled.author = author;
    labelled.came = Some(came);
    Ok(labelled)
}

/// Whether the markings of an object may not be its author's: its author, or that of the object, seals what it says, and has not sealed this;
/// or it is here by nothing but a person's decision.
fn is_doubtful(change: &Change<'_, '_>, lot: &Lot, good: &Good, path: &Path) -> Result<bool> {
    if path.seal == SealState::Good || path.author.is_some() {
        return Ok(false);
    }
    if lot.decided {
        return Ok(true);
    }
    let register = &change.register;
    let bound = |who: &ObjectId| register.key(who).is_some() || register.is_unvouched(who);
    let author = good.header.created_by_ref.as_ref();
    let ours = author == Some(register.home()) && lot.channel.is_ours();
    if author.is_some_and(bound) && !ours {
        return Ok(true);
    }
    let Some(object) = change.txn.object_no(&good.header.id)? else {
        return Ok(false);
    };
    let Some(first) = change.txn.held_record(object.0)? else {
        return Ok(false);
    };
    if first.author.as_ref().is_some_and(bound) && first.author.as_ref() != author {
        return Ok(true);
    }
    if first.hash == good.hash || good.is_named_by_content() {
        return Ok(false);
    }
    // It came once by another way than the object did, so it was a person who let it in: that it comes again changes nothing.
    let held = same_version(change, object, good)?;
    let held = held.filter(|held| held.hash == good.hash);
    let source = |held: &store::Held| Channel::parse(&held.channel).map(|door| door.source());
    Ok(held.is_some_and(|held| source(&held) != source(&first)))
}

/// The label of what may not be its author's: what it says of itself is a holder's word. It lets in nobody whom the object's label does not let
/// in as far as it is known here, nobody where it is not and no operator chose; and publishing it takes a second person.
fn of_doubtful(
    change: &Change<'_, '_>,
    (lot, good): (&Lot, &Good),
    came: &mut Came,
    says: Label,
) -> Result<(Label, Option<Label>)> {
    let latest = match change.txn.object_no(&good.header.id)? {
        Some(object) => change.txn.latest_of(object)?,
        None => None,
    };
    let known = match latest {
        Some(held) => Some(label_of(change, held.recno)?),
        None => None,
    };
    let nobody = change.register.nobody(&came.origin, came.desk);
    let says = policy::combine(known.iter().chain([&says])).unwrap_or(says);
    // Where nothing is known, an operator who names an audience chooses as its holder.
    let chosen = lot.channel.is_ours() && lot.terms_text.is_some();
    let bound = known
        .or_else(|| chosen.then(|| says.clone()))
        .filter(|label| !label.class.is_public())
        .unwrap_or(nobody);
    let label = policy::combine([&says, &bound]).unwrap_or_else(|| bound.clone());
    // Also once a marking of it is understood.
    came.parts.push(bound);
    Ok((label, says.class.is_public().then_some(says)))
}

/// For the one that brings a record that is here already: what it would get if it were the first to bring it, and nobody but it.
pub(crate) fn label_for_bringer(
    change: &mut Change<'_, '_>,
    lot: &Lot,
    good: &Good,
    path: &Path,
) -> Result<Label> {
    let fresh = label(change, lot, good, path)?.label;
    let origin = origin(change.register, lot, good);
    let nobody = change.register.nobody(&origin, lot.collection.desk);
    Ok(policy::combine([&fresh, &nobody]).unwrap_or(nobody))
}

/// How a record came, apart from what its author's markings say: what is needed to label it once more when those are understood.
pub(crate) struct Came {
    /// The labels that the author's seal and the giver's handling lend it.
    pub parts: Vec<Label>,
    /// What an operator or a collection says of it.
    pub ours: Terms,
    /// Where the copy comes from and lies.
    pub origin: Origin,
    /// The desk.
    pub desk: Option<Desk>,
}

impl Came {
    /// What the author's markings say by themselves, if they say whom it is for.
    fn marked(&self, register: &Register, marked: &Terms) -> Option<Label> {
        let resolved = resolve(&self.origin, self.desk, marked, &[], register.house());
        marked.is_label().then_some(resolved.label)
    }

    /// The label, with what the author's markings say where they count; and the public one that two persons have to agree to first.
    pub(crate) fn join(
        &self,
        register: &Register,
        marked: Option<&Terms>,
    ) -> (Label, Option<Label>) {
        let mut parts = self.parts.clone();
        let mut publish = None;
        if let Some(marked) =
            marked.filter(|marked| parts.is_empty() || **marked != Terms::silent())
        {
            let ours = Handling {
                by: register.home().clone(),
                terms: self.ours.clone(),
            };
            let path = if self.ours.is_label() {
                std::slice::from_ref(&ours)
            } else {
                &[]
            };
            let mut resolved = resolve(&self.origin, self.desk, marked, path, register.house());
            // What an operator chose is no marking of the author's, even for a record of our own: one person alone publishes nothing.
            if !marked.is_label() && resolved.set_by == SetBy::Author {
                resolved.set_by = SetBy::Holder;
            }
            if needs_second_person(None, &resolved) {
                publish = Some(resolved.label);
                parts.push(register.nobody(&self.origin, self.desk));
            } else {
                parts.push(resolved.label);
            }
        }
        let label =
            policy::combine(&parts).unwrap_or_else(|| register.nobody(&self.origin, self.desk));
        (label, publish)
    }
}

pub(crate) fn labelled(
    change: &mut Change<'_, '_>,
    label: Label,
    unresolved: Vec<ObjectId>,
    publish: Option<Label>,
) -> Result<Labelled> {
    let label = in_microseconds(label);
    let class = change.txn.intern_class(&label.class)?;
    let digest = leaf::label_digest(&label);
    Ok(Labelled {
        class,
        digest,
        label,
        author: None,
        unresolved,
        publish,
        came: None,
    })
}

/// A label whose times are those of the clock: the first microsecond that is not before the instant that was written. By the clock that is
/// the same rule, and the store keeps no finer one, so every label is brought to it once, before it is compared, signed or bound.
pub(crate) fn in_microseconds(label: Label) -> Label {
    let round = |time: Timestamp| {
        let down = Timestamp::from_micros(time.micros());
        if down < time {
            Timestamp::from_micros(time.micros().saturating_add(1))
        } else {
            down
        }
    };
    Label {
        class: label.class,
        embargo: label.embargo.map(round),
        expiry: label.expiry.map(round),
    }
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
