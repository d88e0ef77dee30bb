//! What is refused, as a problem (RFC 9457): a code that programs go by, a title and a sentence for people.
//!
//! Invariant: what is hidden and what is absent are one and the same problem, byte for byte.

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// A problem of one operation.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status.
    pub status: StatusCode,
    /// What programs go by, in kebab case.
    pub code: &'static str,
    /// What happened, what was kept, what to do; in English or from the locale files.
    pub detail: String,
    /// Where in the body, as a JSON pointer.
    pub pointer: Option<String>,
}

impl Problem {
    /// A problem in words.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            pointer: None,
        }
    }

    /// What was sent is not taken, for this reason.
    pub fn wrong(pointer: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(pointer.to_owned()),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-taken", detail)
        }
    }

    /// What was asked for is not understood.
    pub fn unread(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

fn written(
    status: StatusCode,
    code: &str,
    title: &str,
    detail: &str,
    pointer: Option<&str>,
) -> Page {
    let mut body = json!({
        "type": format!("urn:entente:problem:{code}"),
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
    });
    if let Some(pointer) = pointer {
        body["errors"] = Value::Array(vec![json!({ "pointer": pointer, "detail": detail })]);
    }
    Page::of(
        "application/problem+json",
        nothing().map(|()| body.to_string()),
    )
    .with_status(status)
}

/// What a program is told instead of a page.
pub(crate) fn problem(visitor: &Visitor, failure: Failure) -> Page {
    let words = &visitor.words;
    let told = |status: StatusCode, code: &str, title: &str, text: &str| {
        written(status, code, &words.t(title), &words.t(text), None)
    };
    match failure {
        Failure::Absent => told(
            StatusCode::NOT_FOUND,
            "absent",
            "absent-title",
            "absent-text",
        ),
        Failure::SignIn | Failure::Kept | Failure::Choose => told(
            StatusCode::UNAUTHORIZED,
            "no-token",
            "api-no-token-title",
            "api-no-token",
        )
        .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        Failure::NotYours(_) => told(
            StatusCode::FORBIDDEN,
            "not-allowed",
            "refused-title",
            "api-not-allowed",
        ),
        Failure::CrossSite => told(
            StatusCode::FORBIDDEN,
            "cross-site",
            "cross-site-title",
            "cross-site-text",
        ),
        Failure::Unreadable => told(
            StatusCode::BAD_REQUEST,
            "unreadable",
            "unreadable-title",
            "api-unreadable",
        ),
        Failure::TooLarge(_) => told(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            "too-large-title",
            "api-unreadable",
        ),
        Failure::NotTaken(not) => written(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-taken",
            &words.t("refused-title"),
            &words.t1("form-not-taken", "reason", not.reason),
            None,
        ),
        Failure::Said(status, title, text) => told(status, "refused", title, text),
        Failure::Problem(problem) => {
            let title = words.t("refused-title");
            written(
                problem.status,
                problem.code,
                &title,
                &problem.detail,
                problem.pointer.as_deref(),
            )
        }
        Failure::Broken(error) if node::is_unwritten(&error) => {
            tracing::error!(error = format!("{error:#}"), "api.unwritten");
            told(
                StatusCode::SERVICE_UNAVAILABLE,
                "unwritten",
                "unwritten-title",
                "unwritten-text",
            )
            .with_header(RETRY_AFTER, HeaderValue::from_static("60"))
        }
        Failure::Broken(error) => {
            tracing::error!(error = format!("{error:#}"), "api.failed");
            told(
                StatusCode::INTERNAL_SERVER_ERROR,
                "broken",
                "broken-title",
                "broken-text",
            )
        }
    }
}

/// What an action that was refused tells a program.
pub(crate) fn refused(error: anyhow::Error) -> Failure {
    match error.downcast_ref::<node::Refused>() {
        Some(node::Refused::SignedOut) => Failure::SignIn,
        Some(refused) => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", refused.to_string()).into()
        }
        None => Failure::Broken(error),
    }
}
