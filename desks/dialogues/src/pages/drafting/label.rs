//! The label under which something of a text in the making goes: asked for in one way on all pages. Invariant: nothing of it is published;
//! it goes to nobody who may not have what it is made of, and only by the hand of somebody who may send, or may ask for it where steps hold it.

use policy::Label as Told;
use site::parts::form::Form;
use site::{Failure, Visitor};

use super::super::observers;
use super::super::view::Eyes;
use crate::compose::Label;
use crate::drafting::send::too_many;
use crate::records::Place;

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
    } else if label.leaves() && !visitor.may_send(crate::DESK) {
        form.wrong("for", words.t("dialogues-not-releaser"));
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
