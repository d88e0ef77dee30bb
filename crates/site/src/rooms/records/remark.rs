//! `GET|POST /records/{id}/remark`: a comment on a record or an opinion of it, as a record of its own with a label of its own.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use node::overview::Stood;
use node::submission::Marking;
use node::{Channel, Outcome, Submission};
use policy::Purpose;
use serde_json::json;
use stix::ObjectId;

use super::show::versions;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

/// What one can think of it (STIX 2.1 §10.7), from one end to the other.
const STANCES: [&str; 5] = [
    "strongly-agree",
    "agree",
    "neutral",
    "disagree",
    "strongly-disagree",
];

#[derive(Template)]
#[template(path = "rooms/records/remark.html")]
struct Remark {
    frame: Frame,
    form: Form,
}

fn form(visitor: &Visitor, id: &ObjectId) -> Result<Form, Failure> {
    let words = &visitor.words;
    // What is said is said of what was read: a version that comes while it is being written is not meant.
    let newest = versions(visitor, id)?.map(|all| all.into_iter().next());
    let newest = newest.map(|newest| newest.map_or_else(String::new, |one| one.instant));
    let stances = STANCES.map(|stance| Choice::new(stance, words.t(&format!("stance-{stance}"))));
    let choices = std::iter::once(Choice::new("none", words.t("remark-comment")))
        .chain(stances)
        .collect();
    let form = Form::new(
        visitor,
        format!("remark {id}"),
        format!("/records/{id}/remark"),
        words.t("remark-send"),
    )?;
    Ok(form
        .long()
        .field(Field::carried("version", newest.into_inner()))
        .field(Field::new("text", words.t("remark-text"), Input::Lines(5)))
        .field(
            Field::new("stance", words.t("remark-stance"), Input::One(choices))
                .hint(words.t("remark-stance-hint"))
                .with("none"),
        )
        .fields(visitor.label_fields(&Marking::default())?))
}

fn page(visitor: &Visitor, id: &ObjectId, form: Form) -> Result<Page, Failure> {
    let stood = visitor
        .node()
        .stood(visitor.viewer(), Purpose::Show, id)?
        .ok_or(Failure::Absent)?;
    let wording = Wording::of(visitor)?;
    visitor.page("remark-title", stood, |stood: Stood, frame| {
        let title = wording.title(&stood.record.id, &stood.record.body)?;
        let records = frame.t("records-title");
        Ok(Remark {
            frame: frame
                .label(Tlp::strictest([&stood.label]))
                .under("/records", records)
                .under(format!("/records/{id}"), title.text),
            form,
        })
    })
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            page(visitor, &id, form(visitor, &id)?.resumed(visitor)?)
        })
        .await
}

pub(super) async fn send(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let node = visitor.node();
            let about = node
                .stood(visitor.viewer(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let mut form = form(visitor, &id)?.filled(&typed);
            let text = form.need("text");
            let marking = visitor.label_chosen(&mut form);
            if form.is_wrong() {
                form.keep(visitor)?;
                let page = page(visitor, &id, form)?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            }
            let stance = STANCES
                .into_iter()
                .find(|stance| *stance == form.text("stance"));
            let recno = about.as_ref().map(|about| about.record.recno).into_inner();
            let kind = if stance.is_some() { "opinion" } else { "note" };
            let at = visitor.at();
            let own = node.new_id(kind)?;
            let mut remark = json!({
                "type": kind,
                "spec_version": "2.1",
                "id": own.as_str(),
                "created_by_ref": node.home().id.as_str(),
                "created": at.as_str(),
                "modified": at.as_str(),
                "lang": visitor.words.language(),
                "object_refs": [id.as_str()],
            });
            match stance {
                Some(stance) => {
                    remark["opinion"] = stance.into();
                    remark["explanation"] = text.into();
                }
                None => remark["content"] = text.into(),
            }
            // Only a version that they may see can be meant.
            let meant = form.text("version");
            let seen =
                versions(visitor, &id)?.map(|all| all.iter().any(|one| one.instant == meant));
            if seen.into_inner() {
                remark["extensions"] = json!({
                    node::seal::RECORDS_EXTENSION_ID: {
                        "extension_type": "property-extension",
                        "about_version": meant,
                    }
                });
            }
            let bytes = remark.to_string();
            let collection = node.stands_in(recno)?.into_iter().next();
            let submission = Submission {
                objects: std::iter::once(0..bytes.len()).collect(),
                bytes: Bytes::from(bytes),
                channel: Channel::Local,
                submitter: node.home().id.clone(),
                person: visitor.person().cloned(),
                collection: collection
                    .unwrap_or_else(|| policy::Desk::Situation.as_str().to_owned()),
                marking,
            };
            let receipt = node.write(submission, &visitor.acting()?)?.wait()?;
            match receipt.lines.first().map(|line| &line.outcome) {
                Some(Outcome::Accepted | Outcome::Known) => {
                    form.done(visitor)?;
                    let said = visitor.said_of_written("remark-sent", &own)?;
                    Ok(Move::to(format!("/records/{id}#remarks"))
                        .saying(said)
                        .into())
                }
                _ => Err(Failure::Said(
                    StatusCode::CONFLICT,
                    "versions-refused-title",
                    "versions-refused-text",
                )),
            }
        })
        .await
}
