//! Which address leads where.

use std::sync::Arc;

use axum::routing::get;
use axum::{Router, middleware};
use node::Node;
use site::SetUp;

use super::health;
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
            get(metrics::page).with_state((Arc::clone(metrics), node.clone())),
        )
        .layer(middleware::from_fn_with_state(
            node.clone(),
            local_or_allowed,
        ));
    Router::new()
        .route("/health", get(health::page).with_state(node.clone()))
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
