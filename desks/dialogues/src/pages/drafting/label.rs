//! The label under which something of a text in the making goes: asked for in one way on all pages. Invariant: nothing of it is published;
//! it goes to nobody who may not have what it is made of.

use std::collections::BTreeSet;

use node::submission::Marking;
use policy::{Label as Told, Member, Tlp};
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Visitor};

use super::super::observers;
use super::super::view::Eyes;
use crate::compose::Label;
use crate::drafting::send::{deaf, too_many};
use crate::names;
use crate::records::{Draft, Piece, Place};

/// The fields that choose it: all but what is for everybody.
pub(super) fn fields(visitor: &Visitor, marking: &Marking) -> Result<Vec<Field>, Failure> {
    let all = visitor.label_fields(marking)?.into_iter();
    Ok(all.map(|field| field.except(Tlp::Clear.name())).collect())
}

/// The label that was chosen; what is wrong with it stands beside its fields. `sources` are the labels of what it is made of.
pub(super) fn label(
    visitor: &Visitor,
    form: &mut Form,
    place: &Place<'_>,
    sources: &[&Told],
) -> Result<Label, Failure> {
    let words = &visitor.words;
    let marking = visitor.label_chosen(form);
    let label = Label::chosen(visitor.node(), &marking);
    if label == Label::Public {
        form.wrong("tlp", words.t("drafting-not-public"));
    } else if !sources.is_empty() {
        let (node, viewer) = (visitor.node(), visitor.viewer());
        let many = too_many(node, viewer, &marking, sources, &visitor.at());
        if !many.is_empty() {
            let eyes = Eyes::new(visitor);
            let names: Vec<String> = many.iter().map(|id| eyes.side(id.as_str())).collect();
            let names = words.list(&names);
            form.wrong("for", words.t1("drafting-too-many", "names", names));
        }
    }
    observers::circles(visitor, form, &label, place)?;
    Ok(label)
}

/// Who is proposed for what is made of rounds: those who had them and those who wrote them; where that is our side alone, the other parties.
/// Never somebody who may not have what it is made of.
pub(super) fn proposed(
    visitor: &Visitor,
    rounds: &[&Piece<Draft>],
    parties: &[String],
    sources: &[&Told],
) -> Marking {
    let node = visitor.node();
    let own = Member::Participant(node.home().id.clone());
    let mut marking = Marking::default();
    let mut named: Option<BTreeSet<Member>> = None;
    for round in rounds {
        // What is public says nothing of how far what is made of it goes.
        let label = round.label.as_ref();
        let label = label.filter(|label| !label.class.is_public());
        let of = label.map(Label::marking).unwrap_or_default();
        marking.tlp = marking.tlp.max(of.tlp);
        let mut had: BTreeSet<Member> = of.audience.into_iter().collect();
        if !of.tlp.is_some_and(Tlp::is_for_persons) {
            had.insert(Member::Participant(round.author.clone()));
        }
        named = Some(match named {
            Some(before) => before.intersection(&had).cloned().collect(),
            None => had,
        });
    }
    let named = named.unwrap_or_default().into_iter();
    marking.audience = named.filter(|one| *one != own).collect();
    if marking.audience.is_empty() && !marking.tlp.is_some_and(Tlp::is_for_persons) {
        let ours = names::ours(node);
        let others = parties.iter().filter(|party| !ours.contains(party));
        let known = others.filter_map(|party| names::participant(node, party));
        marking.audience = known.map(|one| Member::Participant(one.id)).collect();
    }
    let many = too_many(node, visitor.viewer(), &marking, sources, &visitor.at());
    marking.audience.retain(|one| match one {
        Member::Participant(id) => !many.contains(id),
        Member::Person(_) | Member::Circle { .. } => true,
    });
    marking
}

/// The names of the other parties that this node knows, where nobody at all would get what is sent though somebody was proposed.
pub(super) fn unnamed(
    visitor: &Visitor,
    label: &Label,
    parties: &[String],
    proposed: &Marking,
) -> Result<Option<String>, Failure> {
    if label.leaves() || proposed.audience.is_empty() {
        return Ok(None);
    }
    let eyes = Eyes::new(visitor);
    let deaf = deaf(visitor.node(), label, parties, &visitor.at())?;
    let mut names: Vec<String> = deaf.into_iter().map(|side| eyes.side(side)).collect();
    visitor.words.sort(&mut names, |name| name);
    Ok((!names.is_empty()).then(|| visitor.words.list(&names)))
}

/// Asks once whether something is meant for our side alone: a box to tick, and what is wrong as long as it is not ticked. `keys` are those of
/// the box, and of what is wrong.
pub(super) fn alone(
    visitor: &Visitor,
    (form, typed): (&mut Form, &Typed),
    [ask, wrong]: [&'static str; 2],
    sides: String,
) {
    let (words, ticked) = (&visitor.words, typed.text("alone"));
    form.add([Field::new("alone", words.t(ask), Input::Tick).with(ticked)]);
    if ticked.is_empty() {
        form.wrong("alone", words.t1(wrong, "sides", sides));
    }
}
