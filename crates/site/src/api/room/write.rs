//! Writing records: new ones, new versions, withdrawing. Invariant: everything ends in `Node::accept`; who writes here writes for the
//! node's own participant, and a program lets nobody else have it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::Response;
use bytes::Bytes;
use node::overview::Stood;
use node::submission::Marking;
use node::{Channel, Meanwhile, Outcome, Submission};
use policy::Purpose;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use stix::{ObjectId, Timestamp};

use super::records::{found, instant};
use crate::api::{Done, Given, Label, Problem, Sent, changed, condition, marking, once, tag};
use crate::rooms::records::withdraw::revoking;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// Where records of no desk go.
const COLLECTION: &str = "situation";

/// A record to be, as a program sends it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New<'a> {
    #[serde(borrow)]
    object: &'a RawValue,
    label: Option<Label>,
    collection: Option<String>,
}

/// The object as it is handed to the node: as it was sent where nothing is missing, else with what the node fills in.
fn filled(
    visitor: &Visitor,
    sent: &RawValue,
    (id, there): (Option<&ObjectId>, Option<&Stood>),
) -> Result<(ObjectId, String), Failure> {
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(sent.get()) else {
        return Err(Problem::wrong("/object", "It is no STIX object.").into());
    };
    let node = visitor.node();
    let home = node.home().id.to_string();
    let kind = object
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let mut whole = true;
    let mut fill = |object: &mut Map<String, Value>, name: &str, value: String| {
        if !object.contains_key(name) {
            object.insert(name.to_owned(), Value::String(value));
            whole = false;
        }
    };
    let given = object.get("id").and_then(Value::as_str).map(str::to_owned);
    let own = match (id, given) {
        (Some(id), Some(given)) if given != id.as_str() => {
            return Err(
                Problem::wrong("/object/id", "It is another than that of the address.").into(),
            );
        }
        (Some(id), _) => id.clone(),
        (None, Some(given)) => ObjectId::parse(&given)
            .map_err(|_| Problem::wrong("/object/id", "It is no id of STIX."))?,
        (None, None) => node
            .new_id(&kind)
            .map_err(|_| Problem::wrong("/object/type", "It is no type of STIX."))?,
    };
    let now = visitor.at().as_str().to_owned();
    let created = there.and_then(created);
    fill(&mut object, "spec_version", "2.1".to_owned());
    fill(&mut object, "id", own.to_string());
    fill(&mut object, "created_by_ref", home.clone());
    let first = created.as_ref().unwrap_or(&now);
    fill(&mut object, "created", first.clone());
    fill(&mut object, "modified", now);
    if object.get("created_by_ref").and_then(Value::as_str) != Some(&*home) {
        let said = format!(
            "You write for your own participant, {home}. What others say comes in by import."
        );
        return Err(Problem::wrong("/object/created_by_ref", said).into());
    }
    // STIX 2.1 §3.6: no version changes when its object was created.
    let at = |text: &str| Timestamp::parse(text).ok().map(|at| at.micros());
    let said = object.get("created").and_then(Value::as_str);
    if let Some(created) = &created
        && at(created).is_some()
        && said.and_then(at) != at(created)
    {
        let said = format!("It was created at {created}, and no new version changes that.");
        return Err(Problem::wrong("/object/created", said).into());
    }
    let text = match whole {
        true => sent.get().to_owned(),
        false => Value::Object(object).to_string(),
    };
    Ok((own, text))
}

/// When the object of a version was created, as it says.
fn created(there: &Stood) -> Option<String> {
    let object: Value = serde_json::from_slice(&there.record.body).ok()?;
    Some(object.get("created")?.as_str()?.to_owned())
}

/// What a record to be is made from.
#[derive(Clone, Copy)]
enum Base {
    /// It is new, whatever is there.
    Nothing,
    /// What was the newest version here when the sender's condition was looked at; and whether they saw one.
    Version { here: Option<i64>, seen: bool },
}

impl Base {
    fn is_new(self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Version { seen, .. } => !seen,
        }
    }
}

/// Hands it to the node, and says what became of it.
fn accepted(
    visitor: &Visitor,
    id: &ObjectId,
    text: String,
    (collection, marking): (&str, Marking),
    from: Base,
) -> Result<Done, Failure> {
    let node = visitor.node();
    let collection = node
        .collection(collection)?
        .ok_or_else(|| Problem::wrong("/collection", "There is no such collection."))?;
    let submission = Submission {
        objects: std::iter::once(0..text.len()).collect(),
        bytes: Bytes::from(text),
        channel: Channel::Local,
        submitter: node.home().id.clone(),
        person: visitor.person().cloned(),
        collection: collection.id,
        marking,
    };
    let by = &visitor.acting()?;
    let new = from.is_new();
    let receipt = match from {
        Base::Nothing => node.write(submission, by)?.wait()?,
        Base::Version { here, .. } => {
            let written = node.write_after(submission, (id, here), by)?.wait();
            match written {
                Err(error) if error.is::<Meanwhile>() => return Err(changed()),
                written => written?,
            }
        }
    };
    let line = receipt.lines.into_iter().next().ok_or(Failure::Absent)?;
    let mut body = json!({ "id": id.as_str(), "version": line.version });
    let status = match line.outcome {
        Outcome::Accepted => {
            body["outcome"] = json!("accepted");
            // It is a record; the label that was asked for may wait for others.
            let clearance = visitor.node().clearance();
            if let Some(case) = clearance.asked_for(visitor.viewer(), id)? {
                body["case"] = json!(case.into_inner().number);
            }
            if new {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            }
        }
        Outcome::Known => {
            body["outcome"] = json!("known");
            StatusCode::OK
        }
        Outcome::Awaiting { number, reason } => {
            body["outcome"] = json!("awaiting");
            body["number"] = json!(number);
            body["reason"] = json!(reason);
            StatusCode::ACCEPTED
        }
        Outcome::Refused { reason } => return Err(Problem::wrong("/object", reason).into()),
    };
    Ok(Done {
        status: status.as_u16(),
        body,
        location: new.then(|| format!("/api/v1/records/{id}")),
    })
}

/// The receipt, with the tag of what is there now.
fn receipt(visitor: &Visitor, id: &ObjectId, done: Done) -> Result<Page, Failure> {
    let page =
        Given::json(nothing().map(|()| done.body))?.with_status(StatusCode::from_u16(done.status)?);
    let page = match &done.location {
        Some(location) => Given::at(page, location),
        None => page,
    };
    let now = visitor.node().stood(visitor.viewer(), Purpose::Show, id)?;
    let tag = now.map(|stood| stood.as_ref().map(tag).into_inner());
    Ok(match tag.and_then(|tag| tag.parse().ok()) {
        Some(tag) => page.with_header(ETAG, tag),
        None => page,
    })
}

/// `POST /api/v1/records`.
pub(super) async fn create(visitor: Visitor, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            once(visitor, &sent, || {
                let new: New<'_> = sent.read()?;
                let marking = marking(visitor, new.label.as_ref())?;
                let (id, text) = filled(visitor, new.object, (None, None))?;
                let there = visitor.node().stood(visitor.viewer(), Purpose::Show, &id)?;
                if there.is_some_and(|there| there.into_inner().record.body != text.as_bytes()) {
                    let said =
                        "There is a record of this id. Change it with PUT under its address.";
                    return Err(Problem::wrong("/object/id", said).into());
                }
                let collection = new.collection.as_deref().unwrap_or(COLLECTION);
                accepted(visitor, &id, text, (collection, marking), Base::Nothing)
            })
        })
        .await
}

/// `PUT /api/v1/records/{id}`.
pub(super) async fn put(visitor: Visitor, Path(id): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let new: New<'_> = sent.read()?;
            // Before what the sender's condition is held against: what comes in after it is noticed when this is taken.
            let here = visitor.node().version_here(&id)?;
            let there = visitor.node().stood(visitor.viewer(), Purpose::Show, &id)?;
            let there = there.map(policy::Released::into_inner);
            let (id, text) = filled(visitor, new.object, (Some(&id), there.as_ref()))?;
            let same = there
                .as_ref()
                .is_some_and(|there| there.record.body == text.as_bytes());
            // The same bytes again change nothing, whatever the condition: what was sent twice is known.
            if !same {
                condition(&sent, there.as_ref().map(tag).as_deref())?;
                newer(&text, there.as_ref())?;
            }
            let marking = marking(visitor, new.label.as_ref())?;
            let collection = new.collection.as_deref().unwrap_or(COLLECTION);
            let from = match same {
                // What was sent twice is known.
                true => Base::Version {
                    here: visitor.node().version_here(&id)?,
                    seen: true,
                },
                false => Base::Version {
                    here,
                    seen: there.is_some(),
                },
            };
            let done = accepted(visitor, &id, text, (collection, marking), from)?;
            receipt(visitor, &id, done)
        })
        .await
}

/// A version comes after the one that it changes.
fn newer(text: &str, there: Option<&Stood>) -> Result<(), Failure> {
    let Some(there) = there else {
        return Ok(());
    };
    let object: Value = serde_json::from_str(text)?;
    let modified = object
        .get("modified")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let modified = Timestamp::parse(modified)
        .map_err(|_| Problem::wrong("/object/modified", "It is no time of STIX."))?;
    let before = Timestamp::parse(&instant(&there.record.version)).ok();
    if before.is_some_and(|before| modified <= before) {
        let said = "It is not after that of the version that you change.";
        return Err(Problem::wrong("/object/modified", said).into());
    }
    Ok(())
}

/// `POST /api/v1/records/{id}/withdraw`.
pub(super) async fn withdraw(visitor: Visitor, Path(id): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let named = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let here = visitor.node().version_here(&named)?;
            let (id, stood) = found(visitor, &id)?;
            let stood = stood.into_inner();
            if stood.author.as_ref() != Some(&visitor.node().home().id) {
                let said = "Only its author withdraws a record, and that is somebody else.";
                return Err(Problem::wrong("", said).into());
            }
            condition(&sent, Some(&tag(&stood)))?;
            let (text, marking, place) = revoking(visitor, &id, &stood)?;
            let from = Base::Version { here, seen: true };
            let done = accepted(visitor, &id, text, (&place, marking), from)?;
            receipt(visitor, &id, done)
        })
        .await
}
