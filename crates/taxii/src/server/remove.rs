//! Deleting an object from a collection (TAXII 2.1 §5.7).

use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use node::{Access, Removal};
use serde::Serialize;
use stix::ObjectId;
use store::Versions;

use super::objects::which;
use super::reply::{self, Failure};
use super::{Host, Server, Shelf};
use crate::problem::Problem;
use crate::query::Filters;

/// `DELETE .../objects/{id}/`: every version, or those that are named. It needs both rights: with neither, the
/// collection does not exist. What others brought stays, and a peer deletes nothing.
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
    if access.peer {
        return Err(others("A peer withdraws what is its own"));
    }
    let id = ObjectId::parse(id).map_err(|_| Problem::not_found())?;
    let versions = if filters.versions.is_empty() {
        Versions::all()
    } else {
        which(&filters.versions)
    };
    let removed = server.host.remove(access, shelf.number, &id, &versions);
    match removed.await? {
        Removal::Done => {
            #[derive(Serialize)]
            struct Done {}
            reply::own(StatusCode::OK, &Done {})
        }
        Removal::Others => Err(others("Others brought this object")),
        Removal::Absent => Err(Problem::not_found().into()),
    }
}

fn others(title: &str) -> Failure {
    Problem::new(StatusCode::FORBIDDEN, title)
        .describe(
            "A program deletes what its participant wrote or brought. Everything stands as it did.",
        )
        .into()
}
