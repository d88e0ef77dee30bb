//! What a program sends: a body of JSON, counted while it is read, and the headers that say under which condition.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use super::problem::Problem;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// How much a body may have beyond the one object in it.
const BESIDE: usize = 64 << 10;
/// The longest name of a request.
const KEY: usize = 200;

/// The body of a request and its conditions. An extractor: the last argument of a handler.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The body.
    pub body: Bytes,
    /// The name under which it is done once.
    pub key: Option<String>,
    /// `If-Match`.
    pub matches: Option<String>,
    /// `If-None-Match`.
    pub matches_none: Option<String>,
}

impl Sent {
    /// Reads the body.
    ///
    /// # Errors
    /// A problem that says where it is not what was expected.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Failure> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Problem::unread(format!("The body is not what was expected: {error}.")).into()
        })
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let Some(visitor) = request.extensions().get::<Visitor>().cloned() else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let headers = request.headers();
        let (matches, matches_none) = (text(headers, IF_MATCH), text(headers, IF_NONE_MATCH));
        let key = headers.get("idempotency-key");
        let key = key.map(|key| key.to_str().unwrap_or_default().to_owned());
        let kind = text(headers, CONTENT_TYPE).unwrap_or_default();
        let most = visitor
            .node()
            .config()
            .limits
            .object_bytes
            .saturating_add(BESIDE);
        let body = to_bytes(request.into_body(), most).await;
        let problem = match (&body, &key) {
            (Err(_), _) => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                format!("The body is cut off, or has more than {most} bytes."),
            ),
            (Ok(body), _) if !body.is_empty() && !kind.starts_with("application/json") => {
                Problem::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "not-json",
                    "Send a body of the type application/json.",
                )
            }
            (_, Some(key)) if key.is_empty() || key.len() > KEY => Problem::unread(format!(
                "An Idempotency-Key has from 1 to {KEY} plain characters."
            )),
            _ => {
                return Ok(Self {
                    body: body.unwrap_or_default(),
                    key,
                    matches,
                    matches_none,
                });
            }
        };
        Err(visitor.failed(problem.into()).await)
    }
}
