//! Saying a record anew for fewer takes it back from those who have it. Invariant: nobody loses by a form what they have unless whoever
//! sends it was told who that is, and ticked that they mean it; who has what is what `policy` says of the labels in force.

use std::collections::BTreeSet;

use node::submission::Marking;
use policy::{Desk, Member, Purpose};
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Visitor};
use stix::ObjectId;

use super::view::Eyes;
use crate::compose::Label;

/// The field by which somebody says that they mean it.
const FIELD: &str = "take-back";
/// From whom, as the box that they ticked says: it goes along with it.
const FROM: &str = "take-back-from";
/// What a form asks about a record, and says until that is ticked.
pub(super) const RECORD: [&str; 2] = ["dialogues-take-back", "dialogues-take-back-losing"];
/// The same of an account of what followed.
pub(super) const ACCOUNT: [&str; 2] = ["dialogues-follow-up-back", "dialogues-follow-up-losing"];
/// The same of what stands in a session.
pub(super) const SESSION: [&str; 2] = [
    "dialogues-take-back-session",
    "dialogues-take-back-session-losing",
];

/// The same of what was entered by mistake, and goes whole.
pub(super) const MISTAKE: [&str; 2] = ["mistaken-back", "mistaken-losing"];

/// Those of others whom a label lets have something, by name; `None` where it is everybody.
pub(super) fn let_in(visitor: &Visitor, label: &policy::Label) -> Option<BTreeSet<String>> {
    let told = visitor.told_of(label);
    let names = told.seen_by.iter().map(|(name, _)| name.clone());
    (!told.public).then(|| names.collect())
}

pub(super) fn listed(visitor: &Visitor, names: BTreeSet<String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    visitor.words.sort(&mut names, |name| name);
    visitor.words.list(&names)
}

/// The labels of the versions of a record that stand here.
pub(super) fn labels(visitor: &Visitor, id: &ObjectId) -> Result<Vec<policy::Label>, Failure> {
    let all = visitor
        .node()
        .versions(visitor.viewer(), Purpose::Show, id)?;
    let all = all.into_inner();
    Ok(all.into_iter().map(|stood| stood.label).collect())
}

/// Records, with whom they go to from now on.
pub(super) type Going = (Marking, Vec<ObjectId>);

/// Those who have records of ours, in whichever version, and would not have them under the labels that the next ones get; `None` where
/// everybody has some.
fn losing(
    visitor: &Visitor,
    records: &[ObjectId],
    chosen: &Marking,
) -> Result<Option<BTreeSet<String>>, Failure> {
    let told = visitor.told(chosen, Some(Desk::Dialogues));
    if told.public {
        return Ok(Some(BTreeSet::new()));
    }
    let keep = told.seen_by.iter().map(|(name, _)| name.clone());
    let keep: BTreeSet<String> = keep.collect();
    let mut seen: Vec<policy::Label> = Vec::new();
    for id in records {
        for label in labels(visitor, id)? {
            // Most of what goes together has one label: it is asked once whom that lets in.
            if !seen.contains(&label) {
                seen.push(label);
            }
        }
    }
    let (mut lose, eyes) = (BTreeSet::new(), Eyes::new(visitor));
    for label in &seen {
        match let_in(visitor, label) {
            None => return Ok(None),
            Some(names) => lose.extend(names.into_iter().filter(|name| !keep.contains(name))),
        }
        let persons = Label::marking(label).audience.into_iter();
        let persons = persons.filter(|one| !chosen.audience.contains(one));
        lose.extend(persons.filter_map(|one| match one {
            Member::Person(id) => Some(eyes.side(id.as_str())),
            Member::Participant(_) | Member::Circle { .. } => None,
        }));
    }
    Ok(Some(lose))
}

/// The same of several, in words.
fn losing_any(visitor: &Visitor, all: &[Going]) -> Result<Option<String>, Failure> {
    let mut lose = BTreeSet::new();
    for (chosen, records) in all {
        match losing(visitor, records, chosen)? {
            None => return Ok(Some(visitor.words.t("dialogues-share-public"))),
            Some(names) => lose.extend(names),
        }
    }
    Ok((!lose.is_empty()).then(|| listed(visitor, lose)))
}

/// Where what is sent takes records back from somebody: a box to tick with their names, and what is wrong as long as it is not ticked. Asked
/// last, of a form in which nothing else is wrong.
pub(super) fn asked_first<'i>(
    visitor: &Visitor,
    form: (&mut Form, &Typed),
    records: impl IntoIterator<Item = &'i ObjectId>,
    chosen: &Marking,
    keys: [&'static str; 2],
) -> Result<(), Failure> {
    let records = records.into_iter().cloned().collect();
    let chosen = Marking {
        audience: chosen.audience.clone(),
        ..*chosen
    };
    asked_first_of(visitor, form, &[(chosen, records)], keys)
}

/// The same of records that do not all go to the same.
pub(super) fn asked_first_of(
    visitor: &Visitor,
    (form, typed): (&mut Form, &Typed),
    all: &[Going],
    [ask, wrong]: [&'static str; 2],
) -> Result<(), Failure> {
    if form.is_wrong() {
        return Ok(());
    }
    let Some(names) = losing_any(visitor, all)? else {
        return Ok(());
    };
    let (words, ticked) = (&visitor.words, typed.text(FIELD));
    let ask = words.t1(ask, "names", names.clone());
    // Whoever ticked for some did not tick for others who lose it since.
    let others = typed.all(FROM).any(|from| from != names);
    let ticked = if others { "" } else { ticked };
    form.add([
        Field::new(FIELD, ask, Input::Tick).with(ticked),
        Field::carried(FROM, &names),
    ]);
    if ticked.is_empty() {
        form.wrong(FIELD, words.t1(wrong, "names", names));
    }
    Ok(())
}
