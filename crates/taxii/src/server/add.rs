//! Adding objects, and what became of them (TAXII 2.1 §5.5, §4.3).
//!
//! Invariant: a body that cannot be followed to its end adds nothing; one that can adds whatever is good in it, and
//! says of each of the others why not.

use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, header};
use node::access::Access;
use node::submission::{Channel, Line, Marking, Outcome, Receipt, Submission};
use serde::Serialize;
use stix::{Container, Limits, Rule, Timestamp};

use super::reply::{self, Failure};
use super::{Bounds, Host, Server, Shelf, upload};
use crate::media;
use crate::problem::Problem;

/// The outcome of an envelope, as its sender may ask for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Under which the sender asks for it: random, as whoever knows it is not thereby the sender.
    pub id: String,
    /// What became of each object.
    pub receipt: Receipt,
}

/// What can be said of a body before it is read.
pub(super) fn check_body(parts: &Parts, bounds: &Bounds) -> Result<(), Failure> {
    let unsupported = |text: String| -> Failure {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "No media type that we read",
        )
        .describe(text)
        .into()
    };
    let mut types = parts.headers.get_all(header::CONTENT_TYPE).iter();
    let taxii = match (types.next(), types.next()) {
        (Some(value), None) => value.to_str().is_ok_and(media::is_taxii),
        _ => false,
    };
    if !taxii {
        return Err(unsupported(format!("Send Content-Type: {}", media::TAXII)));
    }
    let coded = parts
        .headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if coded {
        return Err(unsupported(
            "Send the body without Content-Encoding.".to_owned(),
        ));
    }
    match announced(parts) {
        Some(length) if usize::try_from(length).is_ok_and(|length| length <= bounds.body_bytes) => {
            Ok(())
        }
        Some(_) => Err(upload::too_large(bounds).into()),
        None => Ok(()),
    }
}

fn announced(parts: &Parts) -> Option<u64> {
    parts
        .headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// `POST .../objects/`
pub(super) async fn add<H: Host>(
    server: &Server<H>,
    access: &Arc<Access>,
    shelf: &Shelf,
    parts: &Parts,
    body: Body,
) -> Result<Response, Failure> {
    let bounds = &server.shared.bounds;
    let _place = server.shared.uploads.begin(&access.name)?;
    let bytes = upload::read(body, announced(parts), bounds).await?;
    let objects = objects(&bytes, bounds)?;
    let submission = Submission {
        objects,
        bytes,
        channel: if access.peer {
            Channel::Peer(access.participant.clone())
        } else {
            Channel::Access(access.name.clone())
        },
        submitter: access.participant.clone(),
        person: access.person.clone(),
        collection: shelf.id.clone(),
        marking: Marking::default(),
    };
    let accepted = server.host.accept(access, submission).await?;
    reply::own(StatusCode::ACCEPTED, &Status::of(&accepted))
}

/// `GET /{root}/status/{id}/`
pub(super) fn status<H: Host>(host: &H, access: &Access, id: &str) -> Result<Response, Failure> {
    match host.accepted(access, id)? {
        Some(accepted) => reply::own(StatusCode::OK, &Status::of(&accepted)),
        None => Err(Problem::not_found().into()),
    }
}

/// Where the objects of a body lie.
fn objects(bytes: &Bytes, bounds: &Bounds) -> Result<Vec<Range<usize>>, Failure> {
    let limits = Limits {
        objects: bounds.body_objects,
        ..Limits::default()
    };
    let split = stix::split(bytes, &limits);
    if let Some(problem) = &split.lost {
        if problem.rule == Rule::Count {
            return Err(upload::too_large(bounds).into());
        }
        return Err(
            Problem::new(StatusCode::BAD_REQUEST, "The body is not an envelope")
                .describe(format!("{problem}. Nothing of it was kept."))
                .into(),
        );
    }
    if split.container == Container::Object || split.objects.is_empty() {
        return Err(
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "There is nothing to add")
                .describe("Send an envelope: {\"objects\": [...]} with at least one object.")
                .into(),
        );
    }
    let start = bytes.as_ptr().addr();
    let place = |object: &&[u8]| {
        let at = object.as_ptr().addr() - start;
        at..at + object.len()
    };
    Ok(split.objects.iter().map(place).collect())
}

/// The status resource (§4.3.1).
#[derive(Serialize)]
struct Status<'a> {
    id: &'a str,
    status: &'static str,
    request_timestamp: String,
    total_count: usize,
    success_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successes: Vec<Detail<'a>>,
    failure_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Detail<'a>>,
    pending_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pendings: Vec<Detail<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    id: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

impl<'a> Status<'a> {
    fn of(accepted: &'a Accepted) -> StatusText<'a> {
        StatusText {
            at: Timestamp::from_micros(accepted.receipt.at),
            accepted,
        }
    }
}

/// A status that can be written: it owns the time that objects without a version are listed under.
struct StatusText<'a> {
    at: Timestamp,
    accepted: &'a Accepted,
}

impl Serialize for StatusText<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let receipt = &self.accepted.receipt;
        let details = |wanted: fn(&Outcome) -> bool| -> Vec<Detail<'_>> {
            let lines = receipt.lines.iter().filter(|line| wanted(&line.outcome));
            lines.map(|line| self.detail(line)).collect()
        };
        let successes = details(Outcome::is_success);
        let failures = details(|outcome| matches!(outcome, Outcome::Refused { .. }));
        let pendings = details(|outcome| matches!(outcome, Outcome::Awaiting { .. }));
        Status {
            id: &self.accepted.id,
            status: if pendings.is_empty() {
                "complete"
            } else {
                "pending"
            },
            request_timestamp: self.at.to_string(),
            total_count: receipt.lines.len(),
            success_count: successes.len(),
            successes,
            failure_count: failures.len(),
            failures,
            pending_count: pendings.len(),
            pendings,
        }
        .serialize(serializer)
    }
}

impl StatusText<'_> {
    fn detail<'a>(&'a self, line: &'a Line) -> Detail<'a> {
        Detail {
            // Both are required, also of what has neither.
            id: line.id.as_deref().unwrap_or("unknown"),
            version: line.version.as_deref().unwrap_or(self.at.as_str()),
            message: match &line.outcome {
                Outcome::Refused { reason } | Outcome::Awaiting { reason, .. } => Some(reason),
                Outcome::Accepted | Outcome::Known => None,
            },
        }
    }
}
