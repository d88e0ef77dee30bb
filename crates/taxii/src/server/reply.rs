//! Answers: one set of headers on all of them, content from [`Released`] values or from the node's own descriptions,
//! failures with a number under which the operator finds them.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use node::users::Patience;
use policy::Released;
use serde::Serialize;
use stix::Timestamp;

use crate::media;
use crate::problem::Problem;

const FIRST: HeaderName = HeaderName::from_static("x-taxii-date-added-first");
const LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");

/// Why a request has no other answer.
pub(super) enum Failure {
    /// The client can do something about it.
    Problem(Box<Problem>),
    /// Whoever asks has to wait before it may try a secret.
    Patience(Patience),
    /// It cannot: to be logged, and answered with a number.
    Internal(anyhow::Error),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl From<crate::query::Error> for Failure {
    fn from(error: crate::query::Error) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "The address is not understood")
            .describe(error.to_string())
            .into()
    }
}

/// The body of a page, and the dates at its ends.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) body: Bytes,
    pub(super) records: usize,
    pub(super) added: Option<(i64, i64)>,
}

/// Stands with an answer which says that something asked for by name is not there, whatever its status. Whoever serves gives it no
/// sooner than one about something else that is not there.
#[derive(Debug, Clone, Copy)]
pub struct NothingHere;

/// Marks it.
pub(super) fn lacking(mut response: Response) -> Response {
    response.extensions_mut().insert(NothingHere);
    response
}

/// The only place where records become a response.
pub(super) fn released(page: Released<Written>) -> Response {
    let Written { body, added, .. } = page.into_inner();
    let mut response = taxii(StatusCode::OK, body);
    if let Some((first, last)) = added {
        let headers = response.headers_mut();
        headers.insert(FIRST, date(first));
        headers.insert(LAST, date(last));
    }
    response
}

/// What the node says of itself: nothing of a record.
pub(super) fn own(status: StatusCode, resource: &impl Serialize) -> Result<Response, Failure> {
    let body = serde_json::to_vec(resource).map_err(anyhow::Error::new)?;
    Ok(taxii(status, Bytes::from(body)))
}

/// The methods of an endpoint.
pub(super) fn options(allow: &'static str) -> Response {
    let mut response = taxii(StatusCode::NO_CONTENT, Bytes::new());
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// A refusal.
pub(super) fn refused(problem: Problem) -> Response {
    let mut response = problem.into_response();
    protect(&mut response);
    response
}

fn taxii(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(6);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::TAXII));
    protect(&mut response);
    response
}

/// Records are for whoever asked: no cache keeps them, no browser takes them for something else.
fn protect(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

fn date(micros: i64) -> HeaderValue {
    let date = Timestamp::from_micros(micros);
    HeaderValue::from_str(date.as_str()).unwrap_or(HeaderValue::from_static(""))
}
