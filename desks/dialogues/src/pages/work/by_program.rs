//! A session as a program enters and changes it. Invariant: by the very fields and rules of its page, in whose words the program hears what
//! is wrong.

use policy::Released;
use site::api::{Problem, changed};
use site::parts::form::{Form, Typed};
use site::{Failure, Visitor};
use stix::ObjectId;

use super::entered::{Entered as _, Entry, Opened};
use super::of_series::in_series;
use crate::compose::{Batch, Label};
use crate::pages::anew::own;
use crate::pages::follow_up::in_force;
use crate::pages::view::Eyes;
use crate::records::{NewPiece, Piece, Session};

/// What a program says of a session.
pub(crate) struct Says {
    /// The fields of the page's form; one that is left out is empty.
    pub(crate) fields: Vec<(&'static str, String)>,
    /// The session beside which it stands though that has the same number or day.
    pub(crate) beside: Option<String>,
    /// Its label; without one, that in force.
    pub(crate) label: Option<Label>,
}

/// A session of our own, with its label, for its next version.
pub(crate) fn own_session(visitor: &Visitor, id: &ObjectId) -> Result<Piece<Session>, Failure> {
    let texts = (Session::EDIT, Session::THEIRS);
    own(visitor, id.uuid(), texts).map(Released::into_inner)
}

/// Enters a session of a series.
pub(crate) fn enter(visitor: &Visitor, series: &str, says: Says) -> Result<ObjectId, Failure> {
    let opened = Opened {
        dialogue: Some(series.to_owned()),
        ..Opened::default()
    };
    let opened = in_series::<Session>(visitor, opened).map_err(|failure| match failure {
        Failure::Absent => Problem::wrong("/series", "There is no such series.").into(),
        other => other,
    })?;
    let label = says.label.clone().unwrap_or(Label::Ours);
    let what = said(visitor, None, opened, says)?;
    let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
    let new = batch.add(NewPiece::of(what).in_language(visitor.words.tag()))?;
    batch.send()?;
    Ok(new.id)
}

/// Changes one of our own, from what was its newest version when it was read.
pub(crate) fn change(
    visitor: &Visitor,
    (known, here): (&Piece<Session>, Option<i64>),
    says: Says,
) -> Result<(), Failure> {
    let label = match says.label.clone() {
        Some(label) => label,
        None => in_force(visitor, Some(known))?,
    };
    let what = said(visitor, Some(known), known.what.opened(), says)?;
    let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
    batch.add(known.revised(what))?;
    match batch.send_after(&known.id, here) {
        Err(error) if error.is::<node::Meanwhile>() => Err(changed()),
        sent => Ok(sent.map(drop)?),
    }
}

/// Where a field of the form stands in what a program sends.
fn pointer(field: &str) -> String {
    match field.strip_prefix("next_") {
        Some(of_next) => format!("/next/{of_next}"),
        None => format!("/{field}"),
    }
}

/// The session as it is said now, by the rules of its page.
fn said(
    visitor: &Visitor,
    known: Option<&Piece<Session>>,
    opened: Opened,
    says: Says,
) -> Result<Session, Failure> {
    let eyes = Eyes::new(visitor);
    let before = known.map(|known| &known.what);
    let typed = says.fields.into_iter();
    let typed = Typed::of(typed.map(|(name, value)| (name.to_owned(), value)));
    let form = Form::new(visitor, "dialogues-sessions", "", "")?
        .fields(Session::fields(&eyes, before, &opened))
        .filled(&typed);
    let state = form.text("state");
    if !form.offers("state").iter().any(|one| one.value == state) {
        let said = "It is none of the states that it can have from here.";
        return Err(Problem::wrong("/state", said).into());
    }
    let beside = Session::beside(visitor, &opened)?;
    let mut entry = Entry { form, visitor };
    let what = Session::entered(&mut entry, before, opened);
    if let Some((field, sentence)) = entry.form.first_wrong() {
        let place = field.map(pointer).unwrap_or_default();
        return Err(Problem::wrong(&place, sentence).into());
    }
    if let Some(alike) = what.alike(&eyes, known, beside.as_ref().into_inner())
        && says.beside.as_deref() != Some(alike.other.as_str())
    {
        let other = alike.other;
        let said = format!(
            "{other} has it already. Change that one, or name it in `beside` if both are meant."
        );
        return Err(Problem::wrong(&pointer(alike.field), said).into());
    }
    Ok(what)
}
