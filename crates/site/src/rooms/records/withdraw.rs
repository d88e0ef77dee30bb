//! `GET /records/{id}/withdraw`, and the form that is sent there: taking back a record of ours. Invariant: what is withdrawn is the version
//! that was read; who had it reads that, and why, under the label that it had.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use node::overview::Stood;
use node::submission::Marking;
use node::{Channel, Meanwhile, NotTaken, Submission};
use policy::{Purpose, Released};
use serde_json::json;
use stix::ObjectId;

use super::taken::takers;
use super::versions::{CHANGED, REFUSED, again, ours};
use crate::parts::form::{Field, Form, Input, Typed};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Visitor};

/// Where records of no desk go.
const COLLECTION: &str = "situation";

#[derive(Template)]
#[template(path = "rooms/records/withdraw.html")]
struct Withdraw {
    frame: Frame,
    form: Form,
    /// What is withdrawn.
    title: String,
    /// Those who have it.
    had: Option<String>,
}

/// Whether the visitor may take it back: it is ours, stands, and others may have it.
pub(super) fn may_withdraw(visitor: &Visitor, stood: &Stood, taken: bool) -> bool {
    let goes_out = || {
        let told = visitor.told_of(&stood.label);
        told.public || !told.seen_by.is_empty()
    };
    visitor.may(Right::Write) && ours(visitor, stood) && !stood.revoked && (taken || goes_out())
}

/// The next version of a record, which revokes it: its text, whom it is for, and where it goes.
pub(crate) fn revoking(
    visitor: &Visitor,
    id: &ObjectId,
    stood: &Stood,
) -> Result<(String, Marking, String), Failure> {
    let at = visitor.at();
    let body = &stood.record.body;
    let text = again(body, body, at.as_str()).ok_or(Failure::Unreadable)?;
    let text = text.strip_suffix('}').ok_or(Failure::Unreadable)?;
    let text = format!("{text},\"revoked\":true}}");
    // Whoever had it is to read that it is withdrawn: the label stays, or the one that it waits for.
    let label = visitor.label_anew(id, stood.label.clone())?;
    let place = visitor.places_of(stood)?.into_iter().next();
    let place = place.unwrap_or_else(|| COLLECTION.to_owned());
    let (marking, _) = visitor.said_anew(&text, &place, &label)?;
    Ok((text, marking, place))
}

fn found(visitor: &Visitor, id: &ObjectId) -> Result<Released<Stood>, Failure> {
    let stood = visitor.node().stood(visitor.viewer(), Purpose::Show, id)?;
    let stood = stood.ok_or(Failure::Absent)?;
    let may = stood
        .as_ref()
        .map(|stood| ours(visitor, stood) && !stood.revoked);
    match may.into_inner() {
        true => Ok(stood),
        false => Err(Failure::Said(
            StatusCode::FORBIDDEN,
            "versions-not-ours-title",
            "withdraw-not-ours",
        )),
    }
}

fn form(visitor: &Visitor, id: &ObjectId, stood: &Released<Stood>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let version = stood.as_ref().map(|stood| stood.record.version.clone());
    let form = Form::new(
        visitor,
        format!("withdraw {id}"),
        format!("/records/{id}/withdraw"),
        words.t("withdraw-do"),
    )?;
    Ok(form
        .long()
        .field(Field::carried("version", version.into_inner()))
        .field(
            Field::new("reason", words.t("withdraw-reason"), Input::Lines(3))
                .hint(words.t("withdraw-reason-hint")),
        ))
}

fn page(
    visitor: &Visitor,
    id: &ObjectId,
    form: Form,
    stood: Released<Stood>,
) -> Result<Page, Failure> {
    let wording = Wording::of(visitor)?;
    let mut had: Vec<String> = takers(visitor, &wording, id, &[])?
        .into_iter()
        .map(|taker| taker.name)
        .collect();
    visitor.words.sort(&mut had, |name| name);
    had.dedup();
    let had = (!had.is_empty()).then(|| {
        let names = visitor.words.list(&had);
        visitor.words.t1("withdraw-had", "names", names)
    });
    visitor.page("withdraw-title", stood, |stood: Stood, frame| {
        let title = wording.title(&stood.record.id, &stood.record.body)?;
        let records = frame.t("records-title");
        Ok(Withdraw {
            frame: frame
                .label(Tlp::strictest([&stood.label]))
                .under("/records", records)
                .under(format!("/records/{id}"), title.text.clone()),
            form,
            title: title.text,
            had,
        })
    })
}

pub(super) async fn ask(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let stood = found(visitor, &id)?;
            let form = form(visitor, &id, &stood)?.resumed(visitor)?;
            page(visitor, &id, form, stood)
        })
        .await
}

pub(super) async fn send(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let node = visitor.node();
            let here = node.version_here(&id)?;
            let stood = found(visitor, &id)?;
            let mut form = form(visitor, &id, &stood)?.filled(&typed);
            let reason = form.need("reason");
            if form.is_wrong() {
                form.keep(visitor)?;
                let page = page(visitor, &id, form, stood)?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            }
            let stood = stood.into_inner();
            if stood.record.version != typed.text("version") {
                return Err(CHANGED);
            }
            let (text, marking, place) = revoking(visitor, &id, &stood)?;
            let why = remark(visitor, &id, &reason)?;
            let label = visitor.label_anew(&id, stood.label.clone())?;
            let (own, _) = visitor.said_anew(&why, &place, &label)?;
            let all = [(text, marking), (why, own)];
            let all = all.map(|(text, marking)| Submission {
                objects: std::iter::once(0..text.len()).collect(),
                bytes: Bytes::from(text),
                channel: Channel::Local,
                submitter: node.home().id.clone(),
                person: visitor.person().cloned(),
                collection: place.clone(),
                marking,
            });
            let written = node.write_whole_after(all.to_vec(), (&id, here), &visitor.acting()?)?;
            match written.wait() {
                Ok(_) => {}
                Err(error) if error.is::<Meanwhile>() => return Err(CHANGED),
                Err(error) if error.is::<NotTaken>() => return Err(REFUSED),
                Err(error) => return Err(error.into()),
            }
            form.done(visitor)?;
            let said = visitor.said_of_written("withdraw-done", &id)?;
            Ok(Move::to(format!("/records/{id}")).saying(said).into())
        })
        .await
}

/// Why, as a note about the version that withdraws it.
fn remark(visitor: &Visitor, id: &ObjectId, reason: &str) -> Result<String, Failure> {
    let (node, at) = (visitor.node(), visitor.at());
    let remark = json!({
        "type": "note",
        "spec_version": "2.1",
        "id": node.new_id("note")?.as_str(),
        "created_by_ref": node.home().id.as_str(),
        "created": at.as_str(),
        "modified": at.as_str(),
        "lang": visitor.words.language(),
        "content": reason,
        "object_refs": [id.as_str()],
        "extensions": {
            node::seal::RECORDS_EXTENSION_ID: {
                "extension_type": "property-extension",
                "about_version": at.as_str(),
            }
        },
    });
    Ok(remark.to_string())
}
