//! `GET /clearance/open?record=`: asking that a record go to others, or be agreed on in silence.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Forbidden, Opened, Opening};
use node::submission::Marking;
use stix::ObjectId;

use super::forms::{asked, typed_until, zones};
use super::told::refused;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::{Right, Role, Visitor};

#[derive(Template)]
#[template(path = "rooms/clearance/open.html")]
struct Ask {
    frame: Frame,
    form: Form,
}

fn form(visitor: &Visitor, record: &str) -> Result<Form, Failure> {
    if !visitor.may(Right::Write) && !visitor.may(Right::Release) {
        return Err(Failure::NotYours(Role::Editor));
    }
    let words = &visitor.words;
    let aims = vec![
        Choice::new("label", words.t("clearance-aim-label-do"))
            .meaning(words.t("clearance-aim-label-hint")),
        Choice::new("agree", words.t("clearance-aim-agree-do"))
            .meaning(words.t("clearance-aim-agree-hint")),
    ];
    let form = Form::new(
        visitor,
        format!("clearance-open {record}"),
        "/clearance/open",
        words.t("clearance-ask-do"),
    )?
    .long();
    Ok(form
        .field(
            Field::new("record", words.t("clearance-record"), Input::Line)
                .hint(words.t("clearance-record-hint"))
                .with(record),
        )
        .field(Field::new("aim", words.t("clearance-aim"), Input::One(aims)).with("label"))
        .fields(visitor.label_fields(&Marking::default())?)
        .field(
            Field::new("words", words.t("clearance-words"), Input::Lines(3))
                .hint(words.t("clearance-open-words"))
                .optional(),
        )
        .field(
            Field::new("silence-until", words.t("clearance-until"), Input::Moment)
                .hint(words.t("clearance-silence-maybe"))
                .optional(),
        )
        .field(zones(visitor, "silence-zone", "UTC"))
        .field(asked(visitor)?))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("clearance-ask", nothing(), |(), frame| {
        let name = frame.t("clearance-title");
        Ok(Ask {
            frame: frame.under("/clearance", name),
            form,
        })
    })
}

/// The record that somebody means who gives the address of its page, or its id.
fn record_at(text: &str) -> Option<ObjectId> {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next()?;
    ObjectId::parse(last).ok()
}

pub(super) async fn ask(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let record = visitor.asked("record").unwrap_or_default();
            page(visitor, form(visitor, &record)?.resumed(visitor)?)
        })
        .await
}

pub(super) async fn send(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let mut form = form(visitor, typed.text("record").trim())?.filled(&typed);
            let record = record_at(&form.need("record"));
            if record.is_none() && !form.text("record").is_empty() {
                form.wrong("record", words.t("clearance-record-none"));
            }
            let agrees = form.text("aim") == "agree";
            let marking = if agrees {
                None
            } else {
                Some(visitor.label_chosen(&mut form))
            };
            let silence = if agrees || !form.text("silence-until").is_empty() {
                typed_until(visitor, &mut form, "silence")
            } else {
                None
            };
            let of: Vec<ObjectId> = form
                .chosen("silence-of")
                .iter()
                .filter_map(|id| ObjectId::parse(id).ok())
                .collect();
            if let (Some(record), false) = (record, form.is_wrong()) {
                let opening = Opening {
                    records: vec![record.clone()],
                    marking,
                    silence: silence.map(|(until, zone)| (until, zone, of)),
                    page: None,
                    words: form.text("words").to_owned(),
                };
                match visitor
                    .node()
                    .clearance()
                    .open(opening, &visitor.acting()?)
                    .wait()
                {
                    Ok(opened) => {
                        form.done(visitor)?;
                        let to = match opened {
                            Opened::Case(number) => Move::to(format!("/clearance/cases/{number}"))
                                .saying(words.t("clearance-said-open")),
                            Opened::AtOnce => Move::to(format!("/records/{record}"))
                                .saying(words.t("clearance-said-at-once")),
                        };
                        return Ok(to.into());
                    }
                    Err(error) => match error.downcast_ref::<Forbidden>() {
                        Some(Forbidden::Absent) => {
                            form.wrong("record", words.t("clearance-record-none"))
                        }
                        Some(Forbidden::NotOurs) => {
                            form.wrong("record", words.t("clearance-no-ours"))
                        }
                        Some(Forbidden::SaysItself) => {
                            form.wrong("record", words.t("clearance-no-itself"))
                        }
                        Some(Forbidden::OpenAlready) => {
                            form.wrong("record", words.t("clearance-no-twice"))
                        }
                        Some(Forbidden::NothingWider) => {
                            form.wrong("for", words.t("clearance-no-wider"))
                        }
                        Some(Forbidden::NotLater) => {
                            form.wrong("silence-until", words.t("clearance-no-later"))
                        }
                        _ => return Err(refused(error)),
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
