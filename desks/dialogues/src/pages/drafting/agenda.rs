//! The agenda of a session: an item a line, each with the party that put it forward. What an item has besides stays while its title does.

use site::parts::form::{Field, Form, Input};
use site::{Failure, Visitor};

use super::super::anew::{Anew, standing};
use super::super::view::Eyes;
use super::label::{self, label};
use crate::compose::Label;
use crate::names::code_of;
use crate::records::{AgendaItem, Piece, Place, Session};

/// Items of an agenda at most.
const MOST: usize = 100;

fn written(eyes: &Eyes<'_>, session: &Session) -> String {
    let line = |item: &AgendaItem| match &item.proposed_by {
        Some(side) => format!("{} ({})", item.title, eyes.side(side)),
        None => item.title.clone(),
    };
    session
        .agenda
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

/// An item as it was written: the party stands in parentheses at the end.
fn item(eyes: &Eyes<'_>, session: &Session, line: &str) -> AgendaItem {
    let line = line.trim();
    let split = line
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('));
    let by = split.and_then(|(_, name)| {
        let name = name.trim();
        session
            .parties
            .iter()
            .find(|side| {
                side.as_str() == name
                    || eyes.side(side) == name
                    || code_of(name).is_some_and(|code| code == **side)
            })
            .cloned()
    });
    let title = match (&by, split) {
        (Some(_), Some((title, _))) => title.trim(),
        _ => line,
    };
    let known = session.agenda.iter().find(|known| known.title == title);
    AgendaItem {
        title: title.to_owned(),
        topics: known.map(|known| known.topics.clone()).unwrap_or_default(),
        proposed_by: by,
    }
}

/// The page of it.
pub(in super::super) struct Agenda;

impl Anew for Agenda {
    type What = Session;

    const AT: &'static str = "/dialogues/sessions/{id}/agenda";
    const TEXTS: [&'static str; 5] = [
        "drafting-agenda",
        "drafting-agenda-lead",
        "drafting-agenda-keep",
        "drafting-agenda-kept",
        "session-theirs",
    ];
    const ASKS: bool = true;

    fn called(eyes: &Eyes<'_>, piece: &Piece<Session>) -> String {
        eyes.session(&piece.what)
    }

    fn first(_: &Piece<Session>) -> String {
        "items".to_owned()
    }

    fn fields(visitor: &Visitor, piece: &Piece<Session>) -> Result<Vec<Field>, Failure> {
        let (words, eyes) = (&visitor.words, Eyes::new(visitor));
        let items = Field::new("items", words.t("dialogues-agenda"), Input::Lines(8))
            .hint(words.t("drafting-agenda-hint"))
            .with(written(&eyes, &piece.what))
            .optional();
        let mut fields = vec![items];
        let stands = standing(visitor, piece)?;
        let marking = stands.as_ref().map(Label::marking).unwrap_or_default();
        fields.extend(match is_public(stands.as_ref()) {
            true => visitor.label_fields(&marking)?,
            false => label::fields(visitor, &marking)?,
        });
        Ok(fields)
    }

    fn typed(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Session {
        let eyes = Eyes::new(visitor);
        let lines = form.text("items").to_owned();
        let agenda: Vec<AgendaItem> = lines
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| item(&eyes, &piece.what, line))
            .collect();
        if agenda.len() > MOST {
            form.wrong("items", visitor.words.t("drafting-text-long"));
        }
        Session {
            agenda,
            ..piece.what.clone()
        }
    }

    fn label(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Result<Label, Failure> {
        let stands = standing(visitor, piece)?;
        let marking = visitor.label_chosen(form);
        if is_public(stands.as_ref()) && Label::chosen(visitor.node(), &marking) == Label::Public {
            return Ok(Label::Public);
        }
        label(visitor, form, &Place::Session(&piece.what.observers), &[])
    }
}

/// Whether a session is published: then it stays so under its next agenda.
fn is_public(stands: Option<&policy::Label>) -> bool {
    stands.is_some_and(|label| label.class.is_public())
}
