//! The agenda of a session: an item a line, each with the party that put it forward. What an item has besides stays while its title does.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};

use super::super::follow_up::Ask;
use super::super::view::{Eyes, path as path_of};
use super::super::{object, register_of};
use super::label::label;
use crate::compose::Batch;
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

fn form(visitor: &Visitor, piece: &Piece<Session>) -> Result<Form, Failure> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let form = Form::new(
        visitor,
        format!("dialogues-agenda {}", piece.id),
        format!("{}/agenda", path_of(&piece.id)),
        words.t("drafting-agenda-keep"),
    )?;
    Ok(form
        .fields([
            Field::new("items", words.t("dialogues-agenda"), Input::Lines(8))
                .hint(words.t("drafting-agenda-hint"))
                .with(written(&eyes, &piece.what))
                .optional(),
            Field::carried("version", piece.modified.as_str()),
        ])
        .fields(visitor.label_fields(&Marking::default())?))
}

fn page(visitor: &Visitor, session: Released<Piece<Session>>, form: Form) -> Result<Page, Failure> {
    visitor.page("drafting-agenda", session, |session, frame| {
        let eyes = Eyes::new(visitor);
        let (name, lead) = (frame.t("dialogues-title"), frame.t("drafting-agenda-lead"));
        Ok(Ask {
            frame: frame
                .under("/dialogues", name)
                .under(path_of(&session.id), eyes.session(&session.what)),
            lead,
            form,
        })
    })
}

fn session(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Session>>, Failure> {
    let id = object("session", uuid)?;
    let session = register_of(visitor)
        .one::<Session>(&id)?
        .ok_or(Failure::Absent)?;
    let author = session.as_ref().map(|one| one.author.clone()).into_inner();
    if author != visitor.node().home().id {
        return Err(Failure::Said(
            StatusCode::CONFLICT,
            "drafting-agenda",
            "drafting-agenda-theirs",
        ));
    }
    Ok(session)
}

/// `GET /dialogues/sessions/{id}/agenda`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let session = session(visitor, &uuid)?;
            let form = form(visitor, session.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, session, form)
        })
        .await
}

/// `POST /dialogues/sessions/{id}/agenda`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let session = session(visitor, &uuid)?;
            let mut form = form(visitor, session.as_ref().into_inner())?.filled(&typed);
            let piece = session.as_ref().into_inner().clone();
            let eyes = Eyes::new(visitor);
            let lines = form.text("items").to_owned();
            let agenda: Vec<AgendaItem> = lines
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(|line| item(&eyes, &piece.what, line))
                .collect();
            if form.text("version") != piece.modified.as_str() {
                form.wrong("items", visitor.words.t("drafting-changed"));
            } else if agenda.len() > MOST {
                form.wrong("items", visitor.words.t("drafting-text-long"));
            }
            let place = Place::Session(&piece.what.observers);
            let label = label(visitor, &mut form, &place, &[])?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, session, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut what = piece.what.clone();
            what.agenda = agenda;
            let mut batch = Batch::new(visitor.node(), visitor.person().cloned(), label)?;
            batch.add(piece.revised(what))?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path_of(&piece.id))
                .saying(visitor.words.t("drafting-agenda-kept"))
                .into())
        })
        .await
}
