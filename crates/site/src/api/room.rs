//! The operations of the node's own rooms, as they are listed in the document.

mod decisions;
mod records;
mod rooms;
mod write;

use axum::response::Response;
use serde_json::Value;

use super::answer::Given;
use super::operation::{Operation, Shape};
use crate::shell::answer::nothing;
use crate::shell::desk::Desk;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Right, Role, Visitor};

pub(crate) struct Api;

impl Desk for Api {
    fn name(&self) -> &'static str {
        "api"
    }

    fn schemas(&self) -> Value {
        // Written by hand beside the code; a test holds every answer against it.
        serde_json::from_str(include_str!("room/schemas.json")).unwrap_or_default()
    }

    fn routes(&self) -> Routes {
        let (get, post) = (Operation::get, Operation::post);
        Routes::new()
            .operation(
                get("/api/v1/openapi.json", "describe", "This document")
                    .who(Who::Everyone)
                    .gives(200, "Document", "OpenAPI 3.1"),
                describe,
            )
            .operation(
                get(
                    "/api/v1/me",
                    "me",
                    "Who the caller is, and what they may do",
                )
                .gives(200, "Me", "The person behind the token"),
                rooms::me,
            )
            .operation(
                get(
                    "/api/v1/search",
                    "search",
                    "Records that have all these words",
                )
                .needs("q", Shape::Text, "Words, or the id of a record")
                .lists("Line", "What was found, the last accepted first"),
                records::search,
            )
            .operation(
                get(
                    "/api/v1/collections",
                    "collections",
                    "The collections of the node",
                )
                .gives(200, "Collections", "All of them"),
                rooms::collections,
            )
            .and(records())
            .operation(
                get(
                    "/api/v1/peers",
                    "peers",
                    "The peers, and how the exchange with each goes",
                )
                .gives(200, "Peers", "All of them"),
                rooms::peers,
            )
            .operation(
                get(
                    "/api/v1/circles",
                    "circles",
                    "The circles that the caller may know of",
                )
                .gives(200, "Circles", "All of them"),
                rooms::circles,
            )
            .operation(
                get("/api/v1/awaiting", "awaiting", "What awaits a decision")
                    .lists("Waiting", "The oldest first"),
                decisions::awaiting,
            )
            .operation(
                post(
                    "/api/v1/awaiting/{number}",
                    "decide",
                    "Admits or discards what awaits a decision",
                )
                .who(Who::May(Right::Decide))
                .body("Decision")
                .once()
                .gives(200, "Decided", "It is decided")
                .refuses(
                    409,
                    "Nothing waits under this number any more, or it cannot be taken",
                ),
                decisions::decide,
            )
            .operation(
                get(
                    "/api/v1/clearance",
                    "clearance",
                    "What is to go to others and waits for steps, a signature or a delay",
                )
                .gives(200, "Cases", "The open cases that the caller may see"),
                decisions::clearance,
            )
            .operation(
                get(
                    "/api/v1/clearance/{number}",
                    "clearanceCase",
                    "One case, open or over",
                )
                .gives(200, "Case", "As it stands"),
                decisions::case,
            )
            .operation(
                post(
                    "/api/v1/clearance/{number}/visa/{step}",
                    "visa",
                    "Gives or refuses a visa, by the place of its step; a token does for its owner, with the scope decide",
                )
                .who(Who::May(Right::Read))
                .body("Verdict")
                .gives(200, "Case", "It is said; perhaps a reservation stands beside it")
                .refuses(
                    409,
                    "It is over, or the step is not for the caller, or not now",
                ),
                decisions::visa,
            )
            .operation(
                post(
                    "/api/v1/clearance/{number}/sign/{step}",
                    "sign",
                    "Signs a case or refuses to; a token never does, a person who signed in may",
                )
                .who(Who::May(Right::Release))
                .body("Verdict")
                .gives(200, "Case", "It is signed; perhaps a delay runs")
                .refuses(
                    409,
                    "It is over, or the step is not for the caller, or not now",
                ),
                decisions::sign,
            )
            .operation(
                post(
                    "/api/v1/clearance/{number}/withdraw",
                    "withdrawCase",
                    "Takes a case back; a token never does, a person who signed in may",
                )
                .who(Who::May(Right::Stop))
                .gives_other(204, "", "It is taken back; the records stay as they are")
                .refuses(409, "It is over"),
                decisions::withdraw,
            )
            .operation(
                get("/api/v1/quarantine", "quarantine", "What was malformed")
                    .lists("Broken", "The oldest first"),
                decisions::quarantine,
            )
            .operation(
                Operation::delete(
                    "/api/v1/quarantine/{number}",
                    "discard",
                    "Lets something in quarantine go",
                )
                .who(Who::May(Right::Decide))
                .gives_other(204, "", "It is gone"),
                decisions::discard,
            )
            .operation(
                get(
                    "/api/v1/log",
                    "log",
                    "The head of the log, and who signed it beside this node",
                )
                .gives(200, "Log", "The head")
                .refuses(404, "The log is empty"),
                rooms::log,
            )
            .operation(
                get(
                    "/api/v1/log/checkpoint",
                    "checkpoint",
                    "The signed head itself (C2SP tlog-checkpoint)",
                )
                .gives_other(200, "text/plain", "A signed note")
                .refuses(404, "The log is empty"),
                rooms::checkpoint,
            )
            .operation(
                get(
                    "/api/v1/log/proof",
                    "proof",
                    "That a record is in the log (RFC 9162)",
                )
                .needs("record", Shape::Text, "The id of a record")
                .gives(200, "Proof", "Leaf, path and signed head")
                .refuses(404, "It is not there, or not for you"),
                rooms::proof,
            )
            .operation(
                get("/api/v1/audit", "audit", "The audit trail, line by line")
                    .who(Who::May(Right::Trail))
                    .takes(
                        "subject",
                        Shape::Text,
                        "Only lines about this person or record",
                    )
                    .lists("AuditLine", "The newest first"),
                rooms::audit,
            )
            .operation(
                get(
                    "/api/v1/health",
                    "health",
                    "Whether the node can do its work, line by line",
                )
                .who(Who::Role(Role::Administrator))
                .gives(200, "Health", "With a remedy where something is not well"),
                rooms::health,
            )
    }
}

fn records() -> Routes {
    let (get, post) = (Operation::get, Operation::post);
    let writes = Who::May(Right::Write);
    Routes::new()
        .operation(
            get("/api/v1/records", "records", "The latest records, or all of one collection")
                .takes("collection", Shape::Text, "Its id or short name; without it, the latest on one page")
                .lists("Line", "Without content")
                .refuses(404, "There is no such collection"),
            records::list,
        )
        .operation(
            post("/api/v1/records", "create", "Writes a new record for the node's own participant")
                .who(writes)
                .body("NewRecord")
                .once()
                .gives(201, "Receipt", "It is a record")
                .gives(202, "Receipt", "It awaits a decision")
                .gives(200, "Receipt", "It was one already, byte for byte"),
            write::create,
        )
        .operation(
            get("/api/v1/records/{id}", "record", "One record in its newest version")
                .header("If-None-Match", "The tag of what you have")
                .gives(200, "Record", "With its content; `ETag` is its tag")
                .gives_other(304, "", "What you have is what there is"),
            records::show,
        )
        .operation(
            Operation::put("/api/v1/records/{id}", "put", "Writes a record under an id of your own, or a new version of it")
                .who(writes)
                .header("If-Match", "The tag of the version that you change; needed where there is one")
                .header("If-None-Match", "`*`: only if there is none yet")
                .body("NewRecord")
                .gives(200, "Receipt", "A new version; or what was there, byte for byte")
                .gives(201, "Receipt", "A new record")
                .gives(202, "Receipt", "It awaits a decision")
                .refuses(412, "It has changed since you read it, or is there already, or is not")
                .refuses(428, "It is there already: say with If-Match which version you change"),
            write::put,
        )
        .operation(
            post("/api/v1/records/{id}/withdraw", "withdraw", "Revokes a record of the node's own participant; whoever may have it reads that it is revoked")
                .who(writes)
                .header("If-Match", "The tag of the version that you withdraw")
                .gives(200, "Receipt", "It is withdrawn")
                .gives(202, "Receipt", "It awaits a decision")
                .refuses(412, "It has changed since you read it")
                .refuses(422, "It is not yours to withdraw")
                .refuses(428, "Say with If-Match which version you withdraw"),
            write::withdraw,
        )
        .operation(
            get("/api/v1/records/{id}/versions", "versions", "The versions of a record, the newest first")
                .gives(200, "Versions", "Those that the caller may see"),
            records::versions,
        )
        .operation(
            get("/api/v1/records/{id}/release", "release", "Why somebody got a record, or did not")
                .needs("participant", Shape::Text, "Its id or name")
                .gives(200, "Release", "The verdict with its reasons"),
            records::release,
        )
}

async fn describe(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| Given::json(nothing().map(|()| visitor.site.described().clone())))
        .await
}
