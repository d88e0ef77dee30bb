//! The error resource (TAXII 2.1 §3.6.1): every refusal says what was wrong and what to do, in one shape.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::media;

/// A refusal as the client reads it.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_id: Option<String>,
    http_status: String,
    #[serde(skip)]
    status: StatusCode,
    #[serde(skip)]
    allow: Option<&'static str>,
}

impl Problem {
    /// A refusal with `status` and a short title.
    pub fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: None,
            error_id: None,
            http_status: status.as_u16().to_string(),
            status,
            allow: None,
        }
    }

    /// Adds what the client can do about it.
    pub fn describe(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Adds the number under which the operator finds the log line.
    pub fn logged_as(mut self, id: String) -> Self {
        self.error_id = Some(id);
        self
    }

    /// What does not exist, or is hidden: the two are the same, to the byte.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
            .describe("There is nothing here for you under this address.")
    }

    /// No credentials, or wrong ones.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Authentication required")
            .describe("Send Basic or Bearer credentials made with `entente access add`.")
    }

    /// The method does not exist here.
    pub fn method(allow: &'static str) -> Self {
        let mut problem = Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
        problem.allow = Some(allow);
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(axum::body::Body::from(Bytes::from(body)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media::TAXII));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"entente\", charset=\"UTF-8\""),
            );
            headers.append(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"entente\""),
            );
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}
