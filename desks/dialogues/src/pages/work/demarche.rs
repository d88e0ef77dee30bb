//! One démarche towards a third State or body, with what was answered; an answer is added as a new version under the label that it has.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor, shown};

use super::entered::{Entered as _, Entry};
use super::show::{around, begun, fact, one, withdrawn};
use crate::compose::{Batch, Label};
use crate::pages::register_of;
use crate::pages::view::{Eyes, path};
use crate::records::{Answer, Demarche, Piece};

fn answer_form(visitor: &Visitor, one: &Piece<Demarche>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let action = format!("{}/answer", path(&one.id));
    let form = Form::new(
        visitor,
        format!("dialogues-answer {}", one.id),
        action,
        words.t("work-answer-keep"),
    )?;
    let form = form.fields([
        Field::new("gist", words.t("work-answer-gist"), Input::Lines(3)),
        Field::new("by", words.t("work-answer-by"), Input::Line)
            .with(Eyes::new(visitor).side(&one.what.towards))
            .optional(),
        Field::new("date", words.t("work-answer-date"), Input::Day).optional(),
    ]);
    let label = crate::pages::anew::standing(visitor, one)?;
    let verb = "work-answer-keep";
    Ok(crate::pages::anew::seen(
        visitor,
        form,
        verb,
        label.as_ref(),
    ))
}

fn page(
    visitor: &Visitor,
    this: Released<Piece<Demarche>>,
    form: Option<Form>,
) -> Result<Page, Failure> {
    let register = register_of(visitor);
    let (title, near) = this
        .as_ref()
        .map(|this| (shown(&this.what.subject), around(&register, &this.what)))
        .into_inner();
    visitor.page_called(&title, this.zip(near?), |(this, near), frame| {
        let eyes = Eyes::new(visitor);
        let mut show = begun(visitor, &this, &near, frame)?;
        let what = &this.what;
        fact(
            visitor,
            &mut show.facts,
            "work-towards",
            Some(eyes.side(&what.towards)),
        );
        fact(
            visitor,
            &mut show.facts,
            "work-by",
            Some(eyes.sides(&what.by)),
        );
        let day = what.at.get(..10).unwrap_or(&what.at);
        fact(visitor, &mut show.facts, "work-at", Some(eyes.date(day)));
        show.text = what.message.as_deref().map(shown);
        show.is_demarche = true;
        show.answers = what
            .answers
            .iter()
            .map(|answer| {
                let by = answer.by.as_deref().map(|by| eyes.side(by));
                let date = answer.date.as_deref().map(|date| eyes.date(date));
                let told: Vec<String> = [by, date].into_iter().flatten().collect();
                (
                    shown(&answer.gist),
                    told.join(&visitor.words.t("format-comma")),
                )
            })
            .collect();
        show.answer = match (form, &show.edit) {
            (Some(form), _) => Some(form),
            (None, Some(_)) => Some(answer_form(visitor, &this)?.resumed(visitor)?),
            (None, None) => None,
        };
        Ok(show)
    })
}

/// `GET /dialogues/demarches/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| match one(visitor, &uuid)? {
            Some(this) => page(visitor, this, None),
            None => withdrawn::<Demarche>(visitor, &uuid),
        })
        .await
}

/// `POST /dialogues/demarches/{id}/answer`: what was answered, as a new version under the same label.
pub(super) async fn answered(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let this = one::<Demarche>(visitor, &uuid)?.ok_or(Failure::Absent)?;
            let piece = this.clone().into_inner();
            if piece.author != visitor.node().home().id {
                return Err(Failure::Absent);
            }
            let mut entry = Entry {
                form: answer_form(visitor, &piece)?.filled(&typed),
                visitor,
            };
            let answer = Answer {
                gist: entry.form.need("gist"),
                date: entry.date("date"),
                by: entry.sides("by").into_iter().next(),
            };
            let mut form = entry.form;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, this, Some(form))?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            crate::pages::anew::can_be_kept(visitor, &piece, Demarche::EDIT)?;
            let label = crate::pages::anew::standing(visitor, &piece)?;
            let label = label.as_ref().map(Label::same).unwrap_or_default();
            let mut what = piece.what.clone();
            what.answers.push(answer);
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            batch.add(piece.revised(what))?;
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, this, Some(form))?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.said_of_written("work-kept", &piece.id)?)
                .into())
        })
        .await
}
