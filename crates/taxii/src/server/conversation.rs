//! One request from its address to its answer.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};
use node::access::Access;
use node::peers::Surplus;
use node::users::Patience;

use super::address::Endpoint;
use super::objects::Place;
use super::reply::{self, Failure};
use super::{Host, Server, Shelf};
use super::{add, credentials, describe, objects, remove};
use crate::media;
use crate::problem::Problem;
use crate::query::{Filters, Scope};

/// Answers, whatever happens.
pub(super) async fn answer<H: Host>(server: &Server<H>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let endpoint = Endpoint::of(parts.uri.path());
    match respond(server, endpoint.as_ref(), &parts, body).await {
        Ok(response) => response,
        Err(Failure::Problem(problem)) => reply::refused(*problem),
        Err(Failure::Patience(Patience(seconds))) => later(
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many tries")
                .describe("Wrong secrets came from where you are, or many are tried at present. Try again later, with the right one."),
            seconds,
        ),
        Err(Failure::Internal(error)) => {
            if let Some(surplus) = error.downcast_ref() {
                return too_much(surplus);
            }
            let number = server.shared.errors.fetch_add(1, Ordering::Relaxed);
            let id = format!("{:x}-{number:x}", server.host.now());
            let endpoint = endpoint.as_ref().map_or("none", Endpoint::name);
            tracing::error!(
                error_id = id,
                endpoint,
                error = format!("{error:#}"),
                "TAXII request failed"
            );
            failed(&error, id)
        }
    }
}

/// What a peer is told that has brought as much as it may.
fn too_much(surplus: &Surplus) -> Response {
    let problem = Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "This is more than a peer may bring",
    );
    let told = format!("Nothing of this request was kept: {surplus}. Send it again later.");
    later(problem.describe(told), surplus.retry_after())
}

/// A refusal, and after how many seconds there may be another answer.
fn later(problem: Problem, seconds: u64) -> Response {
    let mut response = reply::refused(problem);
    let after = HeaderValue::from(seconds);
    response.headers_mut().insert(header::RETRY_AFTER, after);
    response
}

/// What a client is told of what it can do nothing about, but wait where that helps.
fn failed(error: &anyhow::Error, id: String) -> Response {
    if !node::is_unwritten(error) {
        return reply::refused(
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The node failed")
                .describe("Nothing of this request was kept. Its operator finds the reason in the log under error_id.")
                .logged_as(id),
        );
    }
    later(
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The node cannot store anything at present")
            .describe("Nothing of this request was kept: send it again later. Reading goes on. Its operator finds the reason in the log under error_id, and at /health.")
            .logged_as(id),
        60,
    )
}

async fn respond<H: Host>(
    server: &Server<H>,
    endpoint: Option<&Endpoint>,
    parts: &Parts,
    body: Body,
) -> Result<Response, Failure> {
    if let (Some(endpoint), &Method::OPTIONS) = (endpoint, &parts.method) {
        return Ok(reply::options(endpoint.allow()));
    }
    let access = credentials::access(server, parts).await?;
    let Some(endpoint) = endpoint else {
        return Err(Problem::not_found().into());
    };
    if !endpoint.has(&parts.method) {
        return Err(Problem::method(endpoint.allow()).into());
    }
    check_accept(parts)?;
    let query = parts.uri.query().unwrap_or("");
    match endpoint {
        Endpoint::Discovery => describe::discovery(&server.host),
        Endpoint::Root => describe::root(&server.host, &server.shared.bounds),
        Endpoint::Status(id) => add::status(&server.host, &access, id),
        Endpoint::Collections => describe::collections(&server.host, &access),
        Endpoint::Collection(name) => describe::collection(&shelf(server, &access, name)?),
        Endpoint::Manifest(name) => {
            page(server, &access, name, (Place::Manifest, None), query).await
        }
        Endpoint::Objects(name) if parts.method == Method::POST => {
            add::check_body(parts, &server.shared.bounds)?;
            let shelf = writable(server, &access, name)?;
            add::add(server, &access, &shelf, parts, body).await
        }
        Endpoint::Objects(name) => page(server, &access, name, (Place::Objects, None), query).await,
        Endpoint::Object(name, id) if parts.method == Method::DELETE => {
            let filters = Filters::parse(query, Scope::Object)?;
            let shelf = shelf(server, &access, name)?;
            remove::remove(server, &access, &shelf, id, &filters).await
        }
        Endpoint::Object(name, id) => {
            page(server, &access, name, (Place::Object, Some(id)), query).await
        }
        Endpoint::Versions(name, id) => {
            page(server, &access, name, (Place::Versions, Some(id)), query).await
        }
    }
}

async fn page<H: Host>(
    server: &Server<H>,
    access: &Arc<Access>,
    name: &str,
    (place, id): (Place, Option<&str>),
    query: &str,
) -> Result<Response, Failure> {
    let scope = match place {
        Place::Objects | Place::Manifest => Scope::Collection,
        Place::Object => Scope::Object,
        Place::Versions => Scope::Versions,
    };
    let filters = Filters::parse(query, scope)?;
    let shelf = readable(server, access, name)?;
    objects::page(server, Arc::clone(access), shelf, (place, id), filters).await
}

fn check_accept(parts: &Parts) -> Result<(), Failure> {
    let values = parts.headers.get_all(header::ACCEPT);
    // What is not ASCII accepts nothing that we have.
    if media::accepts(values.iter().map(|value| value.to_str().unwrap_or("-"))) {
        return Ok(());
    }
    Err(
        Problem::new(StatusCode::NOT_ACCEPTABLE, "No media type that you accept")
            .describe(format!("Send Accept: {}", media::TAXII))
            .into(),
    )
}

fn shelf<H: Host>(server: &Server<H>, access: &Access, name: &str) -> Result<Shelf, Failure> {
    let shelf = server.host.collection(access, name)?;
    shelf.ok_or_else(|| Problem::not_found().into())
}

fn readable<H: Host>(
    server: &Server<H>,
    access: &Arc<Access>,
    name: &str,
) -> Result<Shelf, Failure> {
    let shelf = shelf(server, access, name)?;
    if shelf.can_read {
        return Ok(shelf);
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "This access may not read this collection",
    )
    .describe("It may add to it. What became of an addition is in its status resource.")
    .into())
}

fn writable<H: Host>(
    server: &Server<H>,
    access: &Arc<Access>,
    name: &str,
) -> Result<Shelf, Failure> {
    let shelf = shelf(server, access, name)?;
    if shelf.can_write {
        return Ok(shelf);
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "This access may not add to this collection",
    )
    .describe("It may read it. The operator gives more with `entente access add --write`.")
    .into())
}
