//! `/dialogues/readings`: texts that were read and wait for a person; and bringing one in.

use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Field, Form, Input, Typed};
use site::parts::table::{Cell, Column, Row, Table};
use site::{Failure, Link, Move, Page, Reply, Visitor, nothing, shown};

use super::follow_up::Ask;
use super::view::Eyes;
use crate::import::{Stage, readings, take_in};

/// `GET /dialogues/readings`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let all = readings(visitor.node())?;
            let add = Link::new(
                "/dialogues/readings/new",
                visitor.words.t("dialogues-read-one"),
            );
            visitor.listing(
                "dialogues-readings",
                "dialogues-readings-lead",
                Some(add.clone()),
                nothing(),
                |()| {
                    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
                    let column = |key: &'static str, name: &str| Column::new(key, words.t(name));
                    let columns = vec![
                        column("name", "dialogues-name"),
                        column("stage", "dialogues-stage"),
                        column("parties", "dialogues-parties"),
                        column("date", "dialogues-from"),
                        column("read", "dialogues-read-on"),
                    ];
                    let rows =
                        all.iter().map(|reading| {
                            let heard = &reading.corrected;
                            let (sign, stage) = match reading.stage {
                                Stage::Waiting => ("wait", "dialogues-stage-waiting"),
                                Stage::Confirmed => ("good", "dialogues-stage-confirmed"),
                                Stage::Discarded => ("off", "dialogues-stage-discarded"),
                                Stage::Unread => ("bad", "dialogues-stage-unread"),
                            };
                            let title = heard.title.as_deref().unwrap_or(&reading.name);
                            Row::new(
                                format!("/dialogues/readings/{}", reading.id),
                                vec![
                                    Cell::In(shown(title), heard.language.clone()),
                                    Cell::State(sign, words.t(stage)),
                                    Cell::Text(eyes.sides(&heard.parties)),
                                    heard.event.start.as_deref().map_or(Cell::Nothing, |start| {
                                        Cell::Text(eyes.date(start))
                                    }),
                                    Cell::Text(words.moment(reading.read)),
                                ],
                            )
                        });
                    let table = Table::new(visitor, words.t("dialogues-readings"), columns)
                        .rows(rows.collect::<Vec<_>>())
                        .nothing(words.t("dialogues-empty"), Some(add));
                    Ok((table, None))
                },
            )
        })
        .await
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "dialogues-reading",
        "/dialogues/readings/new",
        words.t("dialogues-read"),
    )?;
    Ok(form.fields([
        Field::new("name", words.t("dialogues-read-name"), Input::Line).optional(),
        Field::new("text", words.t("dialogues-read-text"), Input::Lines(16))
            .hint(words.t("dialogues-read-hint")),
    ]))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("dialogues-read-one", nothing(), |(), frame| {
        let lead = frame.t("dialogues-read-lead");
        let name = frame.t("dialogues-title");
        let all = frame.t("dialogues-readings");
        Ok(Ask {
            frame: frame
                .under("/dialogues", name)
                .under("/dialogues/readings", all),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/readings/new`.
pub(super) async fn ask(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /dialogues/readings/new`.
pub(super) async fn send(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = form(visitor)?.filled(&typed);
            let text = form.need("text");
            if !form.is_wrong() {
                let name = form.text("name").trim().to_owned();
                let name = if name.is_empty() {
                    visitor.words.t("dialogues-read-pasted")
                } else {
                    name
                };
                match take_in(visitor.node(), &name, text.as_bytes(), visitor.person()) {
                    Ok(reading) => {
                        form.done(visitor)?;
                        return Ok(Move::to(format!("/dialogues/readings/{}", reading.id)).into());
                    }
                    Err(error) => match error.downcast_ref::<text::Failure>() {
                        Some(failure) => form.wrong("text", unread(visitor, failure)),
                        None => return Err(error.into()),
                    },
                }
            }
            form.keep(visitor)?;
            Ok(page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// Why a text could not be read, in the visitor's language.
fn unread(visitor: &Visitor, failure: &text::Failure) -> String {
    let key = match failure {
        text::Failure::Language(_) => "dialogues-unread-language",
        text::Failure::Empty => "dialogues-unread-empty",
        text::Failure::TooLarge(_) => "dialogues-unread-large",
        text::Failure::Damaged(_) => "dialogues-unread-damaged",
    };
    visitor.words.t(key)
}
