//! What the server says of itself: discovery, the API root, collections (TAXII 2.1 §4, §5.1, §5.2).

use axum::response::Response;
use http::StatusCode;
use node::access::Access;
use serde::Serialize;

use super::reply::{self, Failure};
use super::{Bounds, Host, ROOT, Shelf};
use crate::media;

#[derive(Serialize)]
struct Discovery<'a> {
    title: &'a str,
    default: &'static str,
    api_roots: [&'static str; 1],
}

pub(super) fn discovery<H: Host>(host: &H) -> Result<Response, Failure> {
    let title = host.title();
    let discovery = Discovery {
        title: &title,
        default: ROOT,
        api_roots: [ROOT],
    };
    reply::own(StatusCode::OK, &discovery)
}

#[derive(Serialize)]
struct Root<'a> {
    title: &'a str,
    versions: [&'static str; 1],
    max_content_length: usize,
}

pub(super) fn root<H: Host>(host: &H, bounds: &Bounds) -> Result<Response, Failure> {
    let title = host.title();
    let root = Root {
        title: &title,
        versions: [media::TAXII],
        max_content_length: bounds.body_bytes,
    };
    reply::own(StatusCode::OK, &root)
}

#[derive(Serialize)]
struct Collections<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    collections: Vec<Collection<'a>>,
}

#[derive(Serialize)]
struct Collection<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    can_read: bool,
    can_write: bool,
    media_types: [&'static str; 1],
}

impl<'a> Collection<'a> {
    fn of(shelf: &'a Shelf) -> Self {
        Self {
            id: &shelf.id,
            title: &shelf.title,
            description: shelf.description.as_deref(),
            alias: shelf.alias.as_deref(),
            can_read: shelf.can_read,
            can_write: shelf.can_write,
            media_types: [media::STIX],
        }
    }
}

pub(super) fn collections<H: Host>(host: &H, access: &Access) -> Result<Response, Failure> {
    let shelves = host.collections(access)?;
    let collections = Collections {
        collections: shelves.iter().map(Collection::of).collect(),
    };
    reply::own(StatusCode::OK, &collections)
}

pub(super) fn collection(shelf: &Shelf) -> Result<Response, Failure> {
    reply::own(StatusCode::OK, &Collection::of(shelf))
}
