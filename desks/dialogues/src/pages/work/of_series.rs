//! What is always of a series begins with it: its parties, and who has it. Invariant: of a series that the visitor does not see, nothing.

use node::submission::Marking;
use policy::{Member, Purpose, Released};
use site::{Failure, Visitor};
use stix::ObjectId;

use super::entered::{Entered, Opened};
use crate::compose::Label;
use crate::pages::register_of;
use crate::records::{Dialogue, Kind as _};

/// What is always of a series is of one that the visitor sees.
pub(super) fn in_series<T: Entered>(visitor: &Visitor, opened: Opened) -> Result<Opened, Failure> {
    if !T::OF_SERIES {
        return Ok(opened);
    }
    let series = series(&opened).ok_or(Failure::Absent)?;
    let series = register_of(visitor).one::<Dialogue>(&series)?;
    let parties = series.ok_or(Failure::Absent)?.into_inner().what.parties;
    Ok(Opened { parties, ..opened })
}

fn series(opened: &Opened) -> Option<ObjectId> {
    let id = opened.dialogue.as_deref()?;
    ObjectId::parse(id)
        .ok()
        .filter(|id| id.type_name() == Dialogue::TYPE)
}

/// Under which label something new of a series begins: that of the series, and for whoever wrote it. Of one that says what no form can say,
/// nothing is begun with; nor where the fields begin with what was for fewer.
pub(super) fn begins(
    visitor: &Visitor,
    opened: &Opened,
    source: Option<&policy::Label>,
) -> Result<Marking, Failure> {
    let Some(id) = series(opened) else {
        return Ok(Marking::default());
    };
    let stood = visitor.node().stood(visitor.viewer(), Purpose::Show, &id)?;
    let Some(stood) = stood.map(Released::into_inner) else {
        return Ok(Marking::default());
    };
    let label = visitor.label_anew(&id, stood.label)?;
    let is_wider = source.is_some_and(|source| visitor.was_for_fewer(source, &label));
    // What is published is a decision of its own: nothing new begins as public.
    if is_wider || label.class.is_public() || !Label::says_all(&label, &visitor.at()) {
        return Ok(Marking::default());
    }
    let mut marking = Label::marking(&label);
    let home = &visitor.node().home().id;
    if let Some(author) = stood.author.filter(|author| author != home) {
        let own = Member::Participant(home.clone());
        marking.audience.retain(|one| *one != own);
        marking.audience.push(Member::Participant(author));
    }
    Ok(marking)
}
