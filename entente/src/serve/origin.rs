//! Whether a request comes from this machine itself, rather than through something on it; or from a program that may read what only this
//! machine may.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use node::{Access, Node};
use tokio::sync::Semaphore;

/// What something in front of the node adds: behind it every caller has the address of this machine.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "via",
    "x-forwarded-host",
];

/// How many secrets are checked the slow way at a time: who guesses waits, and nobody else does.
static CHECKS: Semaphore = Semaphore::const_new(1);

/// Answers 404 to all but callers on this machine and programs with the right to read its figures.
pub(crate) async fn local_or_allowed(
    State(node): State<Node>,
    request: Request,
    next: Next,
) -> Response {
    let from = request.extensions().get().copied();
    if may_know(&node, from, request.headers()).await {
        next.run(request).await
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Whether the caller is on this machine, or a program with that right.
pub(super) async fn may_know(
    node: &Node,
    from: Option<ConnectInfo<SocketAddr>>,
    headers: &HeaderMap,
) -> bool {
    let local = from.is_some_and(|ConnectInfo(from)| is_local(from, headers));
    local || may_read(node, from, headers).await
}

async fn may_read(node: &Node, from: Option<ConnectInfo<SocketAddr>>, headers: &HeaderMap) -> bool {
    let Some(shown) = taxii::server::shown(headers) else {
        return false;
    };
    let allows = |access: Option<Arc<Access>>| access.is_some_and(|access| access.metrics);
    if let Some(access) = node.recall(&shown) {
        return access.metrics;
    }
    let access = node.authenticate_quickly(&shown).ok().flatten();
    let Some(name) = shown.name().filter(|_| access.is_none()).map(str::to_owned) else {
        return allows(access);
    };
    let Ok(tried) = node.begin_try(&name, from.map(|ConnectInfo(from)| from.ip())) else {
        return false;
    };
    let _turn = CHECKS.acquire().await;
    let verifying = node.clone();
    let verified = tokio::task::spawn_blocking(move || verifying.authenticate(&shown)).await;
    let access = verified.ok().and_then(Result::ok).flatten();
    tried.ended(access.is_some(), node.now());
    allows(access)
}

fn is_local(from: SocketAddr, headers: &HeaderMap) -> bool {
    let forwarded = FORWARDED
        .iter()
        .any(|name| headers.contains_key(HeaderName::from_static(name)));
    from.ip().to_canonical().is_loopback() && !forwarded
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_came_through_a_proxy_is_not_from_here() {
        for (from, header, local) in [
            ("127.0.0.1:9", None, true),
            ("127.8.8.8:9", None, true),
            ("[::1]:9", None, true),
            ("[::ffff:127.0.0.1]:9", None, true),
            ("192.0.2.1:9", None, false),
            ("[::ffff:192.0.2.1]:9", None, false),
            ("127.0.0.1:9", Some("x-forwarded-for"), false),
            ("127.0.0.1:9", Some("forwarded"), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(name) = header {
                headers.insert(
                    HeaderName::from_static(name),
                    HeaderValue::from_static("127.0.0.1"),
                );
            }
            assert_eq!(
                is_local(from.parse().unwrap(), &headers),
                local,
                "{from} {header:?}"
            );
        }
    }
}
