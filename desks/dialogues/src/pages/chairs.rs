//! Who chaired a session for each side, and which side was in the chair. What is known of everybody else who took part stays.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};

use super::follow_up::Ask;
use super::observers::ours;
use super::view::{Eyes, path};
use crate::compose::{Batch, Label};
use crate::records::{Piece, Session};
use crate::rules::attendance::{chair_of, chaired};

fn form(visitor: &Visitor, piece: &Piece<Session>) -> Result<Form, Failure> {
    let (words, eyes) = (&visitor.words, Eyes::new(visitor));
    let mut form = Form::new(
        visitor,
        format!("dialogues-chairs {}", piece.id),
        format!("{}/chairs", path(&piece.id)),
        words.t("chairs-keep"),
    )?
    .long()
    .field(Field::carried("version", piece.modified.as_str()));
    for (place, side) in piece.what.parties.iter().enumerate() {
        let known = chair_of(&piece.what, side);
        let name = known.map_or("", |one| one.name.as_str());
        let office = known.and_then(|one| one.role.clone()).unwrap_or_default();
        form = form.fields([
            Field::new(
                format!("name-{place}"),
                words.t1("chairs-name", "side", eyes.side(side)),
                Input::Line,
            )
            .with(name)
            .optional(),
            Field::new(
                format!("office-{place}"),
                words.t1("chairs-office", "side", eyes.side(side)),
                Input::Line,
            )
            .with(office)
            .optional(),
        ]);
    }
    let sides = piece.what.parties.iter();
    let sides = sides.map(|side| Choice::new(side, eyes.side(side)));
    Ok(form.field(
        Field::new("chair", words.t("chairs-in"), Input::Any(sides.collect()))
            .with_all(piece.what.chair.clone())
            .hint(words.t("chairs-in-hint"))
            .optional(),
    ))
}

fn page(visitor: &Visitor, piece: Released<Piece<Session>>, form: Form) -> Result<Page, Failure> {
    visitor.page("chairs-title", piece, |piece, frame| {
        let name = frame.t("dialogues-title");
        let session = Eyes::new(visitor).session(&piece.what);
        let mut frame = frame
            .under("/dialogues", name)
            .under(path(&piece.id), session);
        if let Some(label) = super::view::label(&piece) {
            frame = frame.label(label);
        }
        Ok(Ask {
            lead: frame.t("chairs-lead"),
            frame,
            form,
        })
    })
}

/// `GET /dialogues/sessions/{id}/chairs`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let piece = ours(visitor, &uuid)?;
            let form = form(visitor, piece.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, piece, form)
        })
        .await
}

/// `POST /dialogues/sessions/{id}/chairs`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let released = ours(visitor, &uuid)?;
            let piece = released.as_ref().into_inner().clone();
            let mut form = form(visitor, &piece)?.filled(&typed);
            let mut what = piece.what.clone();
            for (place, side) in piece.what.parties.iter().enumerate() {
                let (name, office) = (format!("name-{place}"), format!("office-{place}"));
                let told = (form.text(&name).to_owned(), form.text(&office).to_owned());
                if told.0.is_empty() && !told.1.is_empty() {
                    form.wrong(&name, visitor.words.t("chairs-name-missing"));
                }
                chaired(&mut what.persons, side, (&told.0, &told.1));
            }
            let parties = piece.what.parties.iter();
            what.chair = parties
                .filter(|side| form.chosen("chair").contains(side))
                .cloned()
                .collect();
            if form.text("version") != piece.modified.as_str() {
                form.wrong("name-0", visitor.words.t("edit-meanwhile"));
            }
            let label = piece.label.as_ref().map_or(Label::Ours, Label::same);
            if label.leaves() && !visitor.may_send(crate::DESK) {
                return Err(Failure::NotYours(site::Role::Releaser));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, released, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batch = Batch::new(visitor.node(), visitor.person().cloned(), label)?;
            batch.add(piece.revised(what))?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.words.t("chairs-kept"))
                .into())
        })
        .await
}
