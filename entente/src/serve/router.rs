//! Which address leads where.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use node::Node;
use serde_json::json;
use site::SetUp;

use super::metrics::{self, Metrics};
use super::origin::local_or_allowed;

/// Everything that the node answers.
pub(crate) fn of(node: &Node, set_up: &Arc<SetUp>, metrics: &Arc<Metrics>) -> Router {
    let decided = &node.config().pages;
    let settings = site::Settings {
        design: decided.design,
        maps: decided.maps,
        exercise: decided.exercise.clone(),
    };
    let (_, site) = site::Site::mount(node, set_up, crate::desks::all(), settings);
    let local = Router::new()
        .route(
            "/metrics",
            get(metrics::page).with_state(Arc::clone(metrics)),
        )
        .layer(middleware::from_fn_with_state(
            node.clone(),
            local_or_allowed,
        ));
    Router::new()
        .route("/health", get(health).with_state(node.clone()))
        .merge(taxii::server::router(
            node.clone(),
            taxii::server::Bounds::of(node.config()),
        ))
        .merge(taxii::peer_routes::router(node.clone()))
        .merge(local)
        .merge(site)
        .layer(middleware::from_fn_with_state(
            Arc::clone(metrics),
            metrics::count,
        ))
}

/// `GET /health`: whether the node can do its work. It says no more, since anybody may ask.
async fn health(State(node): State<Node>) -> Response {
    let (status, word) = match node.storage_trouble() {
        None => (StatusCode::OK, "pass"),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, "fail"),
    };
    let headers = [
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/health+json"),
        ),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, json!({ "status": word }).to_string()).into_response()
}
