//! Reading records: search, lists, one with its content, its versions, and why somebody got it or did not.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::ETAG;
use axum::response::Response;
use node::overview::Stood;
use policy::{Purpose, Released};
use serde::Serialize;
use serde_json::value::RawValue;
use stix::{ObjectId, Timestamp};
use store::PageQuery;

use crate::api::version::names;
use crate::api::{Given, Listed, Problem, Sent, tag};
use crate::rooms::wording::{BESIDE, Wording};
use crate::shell::answer::Page;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// A record on a list.
#[derive(Serialize)]
pub(super) struct Line {
    id: String,
    r#type: String,
    version: String,
    title: String,
    author: Option<String>,
    channel: Option<String>,
    accepted: String,
    revoked: bool,
    tlp: &'static str,
    embargo: Option<String>,
    expires: Option<String>,
}

/// One record.
#[derive(Serialize)]
struct Record {
    #[serde(flatten)]
    line: Line,
    who: String,
    object: Box<RawValue>,
}

fn line(wording: &Wording<'_>, stood: &Stood) -> Result<Line, Failure> {
    let time = |time: &Timestamp| time.as_str().to_owned();
    Ok(Line {
        id: stood.record.id.clone(),
        r#type: stood.kind.clone(),
        version: instant(&stood.record.version),
        title: wording.title(&stood.record.id, &stood.record.body)?.text,
        author: stood.author.as_ref().map(ObjectId::to_string),
        channel: stood.channel.as_ref().map(ToString::to_string),
        accepted: Timestamp::from_micros(stood.accepted).as_str().to_owned(),
        revoked: stood.revoked,
        tlp: stood.label.class.tlp().name(),
        embargo: stood.label.embargo.as_ref().map(time),
        expires: stood.label.expiry.as_ref().map(time),
    })
}

/// The instant of a version, as STIX writes it.
pub(super) fn instant(version: &str) -> String {
    let instant = version.split(' ').next().unwrap_or(version);
    match instant {
        "" => String::new(),
        instant => format!("{}Z", instant.trim_end_matches('Z')),
    }
}

fn lines(
    visitor: &Visitor,
    stood: Vec<Released<Stood>>,
    next: Option<String>,
) -> Result<Page, Failure> {
    lines_of(visitor, stood.into_iter().collect(), next)
}

fn lines_of(
    visitor: &Visitor,
    stood: Released<Vec<Stood>>,
    next: Option<String>,
) -> Result<Page, Failure> {
    let wording = Wording::of(visitor)?;
    let mut failed = None;
    let listed = stood.map(|stood| {
        let mut items = Vec::with_capacity(stood.len());
        for one in &stood {
            match line(&wording, one) {
                Ok(line) => items.push(line),
                Err(failure) => failed = Some(failure),
            }
        }
        Listed { items, next }
    });
    failed.map_or_else(|| Given::json(listed), Err)
}

/// `GET /api/v1/search`.
pub(super) async fn search(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let asked = visitor.asked("q").unwrap_or_default();
            let asked = asked.trim();
            if asked.is_empty() {
                return Err(Problem::unread("q has the words to look for.").into());
            }
            let (limit, cursor) = (visitor.limit()?, visitor.cursor()?);
            let mut stood = Vec::new();
            if let Ok(id) = ObjectId::parse(asked) {
                stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
                return lines(visitor, stood, None);
            }
            let before = cursor.unwrap_or(i64::MAX);
            let found = node
                .search(visitor.viewer(), asked, before, limit)?
                .into_inner();
            let last = found.rows.last().filter(|_| found.more);
            let next = last.map(|last| last.recno.to_string());
            for row in &found.rows {
                if let Ok(id) = ObjectId::parse(&row.id) {
                    stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
                }
            }
            lines(visitor, stood, next)
        })
        .await
}

/// `GET /api/v1/records`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let (limit, cursor) = (visitor.limit()?, visitor.cursor()?);
            let Some(name) = visitor.asked("collection") else {
                let latest = node.newest(visitor.viewer(), Purpose::Show, &BESIDE, limit)?;
                return lines_of(visitor, latest, None);
            };
            let collection = node.collection(&name)?.ok_or(Failure::Absent)?;
            let query = PageQuery {
                after: cursor.unwrap_or(0),
                ..PageQuery::of(collection.number, limit)
            };
            let page = node
                .manifest(visitor.viewer(), Purpose::Show, &query)?
                .into_inner();
            let last = page.rows.last().filter(|_| page.more);
            let next = last.map(|last| last.added.to_string());
            let mut stood = Vec::new();
            for row in &page.rows {
                let kind = row.id.split("--").next().unwrap_or_default();
                if let Ok(id) = ObjectId::parse(&row.id)
                    && !BESIDE.contains(&kind)
                {
                    stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
                }
            }
            lines(visitor, stood, next)
        })
        .await
}

/// The record that an address names, if it is there for the visitor.
pub(super) fn found(visitor: &Visitor, id: &str) -> Result<(ObjectId, Released<Stood>), Failure> {
    let id = ObjectId::parse(id).map_err(|_| Failure::Absent)?;
    let stood = visitor.node().stood(visitor.viewer(), Purpose::Show, &id)?;
    Ok((id, stood.ok_or(Failure::Absent)?))
}

/// `GET /api/v1/records/{id}`.
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let (_, stood) = found(visitor, &id)?;
            let tag = stood.as_ref().map(tag).into_inner();
            if names(sent.matches_none.as_deref(), &tag) {
                let page = Given::done().with_status(StatusCode::NOT_MODIFIED);
                return Ok(match tag.parse() {
                    Ok(tag) => page.with_header(ETAG, tag),
                    Err(_) => page,
                });
            }
            let wording = Wording::of(visitor)?;
            let mut failed = None;
            let record = stood.map(|stood| {
                let object = String::from_utf8(stood.record.body.clone()).unwrap_or_default();
                let made = line(&wording, &stood).and_then(|line| {
                    Ok(Record {
                        line,
                        who: wording.told(&stood.label)?,
                        object: RawValue::from_string(object)?,
                    })
                });
                made.map_err(|failure| failed = Some(failure)).ok()
            });
            failed.map_or_else(|| Given::tagged(record, &tag), Err)
        })
        .await
}

#[derive(Serialize)]
struct Version {
    version: String,
    object: Box<RawValue>,
}

/// `GET /api/v1/records/{id}/versions`.
pub(super) async fn versions(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, _) = found(visitor, &id)?;
            let node = visitor.node();
            for collection in node.collections()? {
                let held = node.history(visitor.viewer(), Purpose::Show, collection.number, &id)?;
                if held.as_ref().map(Vec::is_empty).into_inner() {
                    continue;
                }
                return Given::json(held.map(|held| {
                    let mut versions: Vec<Version> = held
                        .into_iter()
                        .filter_map(|record| {
                            Some(Version {
                                version: instant(&record.version),
                                object: RawValue::from_string(String::from_utf8(record.body).ok()?)
                                    .ok()?,
                            })
                        })
                        .collect();
                    versions.reverse();
                    versions
                }));
            }
            Err(Failure::Absent)
        })
        .await
}

#[derive(Serialize)]
struct Release {
    participant: String,
    name: String,
    granted: bool,
    reasons: Vec<String>,
}

/// `GET /api/v1/records/{id}/release`.
pub(super) async fn release(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, stood) = found(visitor, &id)?;
            let node = visitor.node();
            let wanted = visitor.asked("participant");
            let wanted = wanted.ok_or_else(|| Problem::unread("participant is missing."))?;
            let known = node.participant(&wanted).ok_or(Failure::Absent)?;
            let viewer = node.viewer_of(&known.id, true);
            let (_, decision) = node.explain(&id, &viewer, Purpose::Relay)?;
            let wording = Wording::of(visitor)?;
            Given::json(stood.map(|_| {
                Release {
                    name: wording.name(known.id.as_str()),
                    participant: known.id.to_string(),
                    granted: decision.is_granted(),
                    reasons: decision
                        .reasons()
                        .iter()
                        .map(|reason| visitor.words.reason(*reason))
                        .collect(),
                }
            }))
        })
        .await
}
