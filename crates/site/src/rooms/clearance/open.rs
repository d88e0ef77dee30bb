//! `GET /clearance/open?record=`: asking that a record go to others, or be agreed on in silence.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Forbidden, Opened, Opening};
use node::overview::Stood;
use node::submission::Marking;
use policy::{Purpose, Released};
use stix::ObjectId;

use super::forms::{asked, typed_until, zones};
use super::told::refused;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::wording::{BESIDE, Row, Wording};
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Role, Visitor};

#[derive(Template)]
#[template(path = "rooms/clearance/open.html")]
struct Ask {
    frame: Frame,
    form: Form,
}

/// What somebody gives instead of an address: words. Our records that have them and that the visitor may see, the newest first; and after
/// how many records with these words the look ended, if before the last.
fn found(visitor: &Visitor, text: &str) -> Result<(Released<Vec<Stood>>, Option<usize>), Failure> {
    let node = visitor.node();
    if visitor.record_at(text).is_some() {
        return Ok((std::iter::empty::<Released<Stood>>().collect(), None));
    }
    let ours = visitor.found(text, |id| {
        let stood = node.stood(visitor.viewer(), Purpose::Show, id)?;
        let own = |stood: &Stood| stood.author.as_ref() == Some(&node.home().id);
        let beside = BESIDE.contains(&id.type_name());
        Ok(stood.filter(|stood| !beside && stood.as_ref().map(own).into_inner()))
    })?;
    Ok((ours.found.into_iter().collect(), ours.ended_after))
}

/// The field to choose one of them.
fn which(visitor: &Visitor, found: &Released<Vec<Stood>>) -> Result<Option<Field>, Failure> {
    let wording = Wording::of(visitor)?;
    let rows = found.as_ref().map(|found| {
        let rows = found.iter().map(|stood| wording.row(stood));
        rows.collect::<Result<Vec<Row>, _>>()
    });
    let rows = rows.into_inner()?;
    if rows.is_empty() {
        return Ok(None);
    }
    let choices = rows.into_iter().map(|row| {
        Choice::new(row.id, row.title.text).meaning(format!("{} · {}", row.kind, row.accepted))
    });
    let asked = visitor.words.t("clearance-record-which");
    Ok(Some(Field::new(
        "which",
        asked,
        Input::One(choices.collect()),
    )))
}

fn form(visitor: &Visitor, opened: &str, found: &Released<Vec<Stood>>) -> Result<Form, Failure> {
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
        format!("clearance-open {opened}"),
        "/clearance/open",
        words.t("clearance-ask-do"),
    )?
    .long();
    Ok(form
        .field(Field::carried("opened", opened))
        .field(
            Field::new("record", words.t("clearance-record"), Input::Line)
                .hint(words.t("clearance-record-hint"))
                .finding(words.t("clearance-record-find"), "record")
                .with(opened),
        )
        .fields(which(visitor, found)?)
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

fn page(visitor: &Visitor, form: Form, found: Released<Vec<Stood>>) -> Result<Page, Failure> {
    visitor.page("clearance-ask", found, |found, frame| {
        let name = frame.t("clearance-title");
        let frame = match found.is_empty() {
            true => frame,
            false => frame.label(Tlp::strictest(found.iter().map(|stood| &stood.label))),
        };
        Ok(Ask {
            frame: frame.under("/clearance", name),
            form,
        })
    })
}

pub(super) async fn ask(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let opened = visitor.asked("record").unwrap_or_default();
            let begun = form(visitor, &opened, &found(visitor, "")?.0)?.resumed(visitor)?;
            let (found, _) = found(visitor, begun.text("record"))?;
            let form = form(visitor, &opened, &found)?.resumed(visitor)?;
            page(visitor, form, found)
        })
        .await
}

pub(super) async fn send(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let (found, ended_after) = found(visitor, typed.text("record"))?;
            let mut form = form(visitor, typed.text("opened"), &found)?.filled(&typed);
            let offered = form.offers("which").to_vec();
            let chosen = |id: &str| offered.iter().any(|choice| choice.value == id);
            let text = if typed.looks() {
                form.text("record").to_owned()
            } else {
                form.need("record")
            };
            let record = visitor.record_at(&text).or_else(|| {
                ObjectId::parse(form.text("which"))
                    .ok()
                    .filter(|id| chosen(id.as_str()))
            });
            if record.is_none() && !text.is_empty() && offered.is_empty() {
                let none = match ended_after {
                    Some(n) => words.t1("clearance-record-none-newest", "n", n),
                    None => words.t("clearance-record-none"),
                };
                form.wrong("record", none);
            }
            if typed.looks() {
                if text.trim().is_empty() {
                    form.wrong("record", words.t("clearance-record-empty"));
                }
                // What is found stands in the form, and nothing is said of what else is missing in it.
                form.keep(visitor)?;
                return Ok(page(visitor, form, found)?.into());
            }
            if record.is_none() && !offered.is_empty() {
                form.wrong("which", words.t("clearance-record-choose"));
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
            Ok(page(visitor, form, found)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}
