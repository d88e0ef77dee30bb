//! `GET /health`: whether the node can do its work, as health+json has it (draft-inadarei-api-health-check).
//!
//! Invariant: anybody may ask and learns one word. What is not well, and what to do, is for callers on this machine and programs that may
//! read its figures.

use std::net::SocketAddr;

use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use node::Node;
use node::health::{Finding, Found, Grade, Part};
use serde_json::{Map, Value, json};

use super::origin;

/// The page.
pub(super) async fn page(
    State(node): State<Node>,
    from: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let insider = origin::may_know(&node, from.map(|Extension(from)| from), &headers).await;
    // Looking at a disk that answers slowly must not hold up others.
    let asked = node.clone();
    let found = tokio::task::spawn_blocking(move || asked.health()).await;
    let found = found.unwrap_or_default();
    let worst = found.iter().map(Finding::grade).max();
    let worst = worst.unwrap_or(Grade::Fail);
    let status = match worst {
        Grade::Pass | Grade::Warn => StatusCode::OK,
        Grade::Fail => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut told = json!({ "status": worst.as_str() });
    if insider {
        let checks: Map<String, Value> = found.iter().map(check).collect();
        told["version"] = json!(env!("CARGO_PKG_VERSION"));
        told["checks"] = Value::Object(checks);
    }
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/health+json"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, told.to_string()).into_response()
}

/// One part, under its name and what is observed of it.
fn check(one: &Finding) -> (String, Value) {
    let name = match one.part {
        Part::Room => "room:free".to_owned(),
        part => part.as_str().to_owned(),
    };
    let mut told = json!({ "status": one.grade().as_str() });
    match one.found {
        Found::Enough(bytes) | Found::Little(bytes) | Found::NoRoom(bytes) => {
            told["observedValue"] = json!(bytes);
            told["observedUnit"] = json!("bytes");
        }
        _ => {}
    }
    if let Some(remedy) = one.remedy() {
        told["output"] = json!(one.told());
        told["remedy"] = json!(remedy);
    }
    (name, json!([told]))
}
