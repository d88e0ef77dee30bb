//! Deleting an object from a collection (TAXII 2.1 §5.7).

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use node::access::Access;
use serde::Serialize;
use stix::ObjectId;
use store::Versions;

use super::objects::which;
use super::reply::{self, Failure};
use super::{Host, Server, Shelf};
use crate::problem::Problem;
use crate::query::Filters;

/// `DELETE .../objects/{id}/`: every version, or those that are named. It needs both rights: with neither, the
/// collection does not exist.
pub(super) async fn remove<H: Host>(
    server: &Server<H>,
    access: &Arc<Access>,
    shelf: &Shelf,
    id: &str,
    filters: &Filters,
) -> Result<Response, Failure> {
    if !(shelf.can_read && shelf.can_write) {
        return Err(
            Problem::new(StatusCode::FORBIDDEN, "This access may not delete here")
                .describe("Deleting takes the right to read and to add.")
                .into(),
        );
    }
    let id = ObjectId::parse(id).map_err(|_| Problem::not_found())?;
    let versions = if filters.versions.is_empty() {
        Versions::all()
    } else {
        which(&filters.versions)
    };
    let removed = server.host.remove(access, shelf.number, &id, &versions);
    if removed.await? {
        #[derive(Serialize)]
        struct Done {}
        return reply::own(StatusCode::OK, &Done {});
    }
    Err(Problem::not_found().into())
}
