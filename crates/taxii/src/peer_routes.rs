//! What peers ask of each other beside TAXII: to look, to show the head of the log, to take a cosignature of it.
//!
//! Invariant: only a confirmed peer gets an answer, and none of them says anything about records.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router, middleware};
use bytes::Bytes;
use http::{StatusCode, header};
use node::Node;
use serde::Serialize;
use stix::ObjectId;

use crate::media;
use crate::wire::{COSIGNED, HEAD, POKE, Shown};

/// The largest body that these routes read: a checkpoint with the lines of many witnesses.
const LARGEST: usize = 64 << 10;

/// The routes, to be merged with those of TAXII.
pub fn router(node: Node) -> Router {
    Router::new()
        .route(POKE, post(poke))
        .route(HEAD, get(head))
        .route(COSIGNED, post(cosigned))
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST))
        .layer(middleware::from_fn_with_state(node.clone(), peers_only))
        .with_state(node)
}

/// Whose request it is.
#[derive(Clone)]
struct Caller(ObjectId);

async fn peers_only(
    State(node): State<Node>,
    mut request: Request,
    next: middleware::Next,
) -> Response {
    let mut shown = request.headers().get_all(header::AUTHORIZATION).iter();
    let token = match (shown.next(), shown.next()) {
        (Some(value), None) => value
            .to_str()
            .ok()
            .and_then(|text| text.strip_prefix("Bearer ")),
        _ => None,
    };
    match token.map(|token| node.authenticate_peer(token.trim())) {
        Some(Ok(Some(access))) => {
            request
                .extensions_mut()
                .insert(Caller(access.participant.clone()));
            next.run(request).await
        }
        Some(Err(error)) => failed(&error),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn poke(State(node): State<Node>, Extension(Caller(peer)): Extension<Caller>) -> Response {
    node.poked(&peer);
    json(&Shown {
        note: None,
        proof: Vec::new(),
    })
}

async fn head(State(node): State<Node>, request: Request) -> Response {
    let from = request
        .uri()
        .query()
        .and_then(|query| query.strip_prefix("from="))
        .and_then(|from| from.parse().ok());
    match node.head_for_peer(from) {
        Ok(head) => {
            let (note, proof) =
                head.map_or((None, Vec::new()), |head| (Some(head.note), head.proof));
            let proof = proof
                .iter()
                .map(|hash| hex::encode(hash.as_bytes()))
                .collect();
            json(&Shown { note, proof })
        }
        Err(error) => failed(&error),
    }
}

async fn cosigned(
    State(node): State<Node>,
    Extension(Caller(peer)): Extension<Caller>,
    body: Bytes,
) -> Response {
    let note = serde_json::from_slice::<Shown>(&body)
        .ok()
        .and_then(|shown| shown.note);
    let Some(note) = note else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Ok(pending) = node.take_cosignature(&peer, &note) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    match pending.await {
        Ok(()) => json(&Shown {
            note: None,
            proof: Vec::new(),
        }),
        Err(error) => failed(&error),
    }
}

fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => (
            [
                (header::CONTENT_TYPE, media::TAXII),
                (header::CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response(),
        Err(error) => failed(&error.into()),
    }
}

fn failed(error: &anyhow::Error) -> Response {
    tracing::error!(error = format!("{error:#}"), "a peer's request failed");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
