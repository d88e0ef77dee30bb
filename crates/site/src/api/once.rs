//! Doing something once though it is asked for twice: by a name that the program gives its request.
//!
//! Invariant: what is kept of a request is its hash and the receipt, which has no content of any record.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Given;
use super::problem::Problem;
use super::sent::Sent;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::once::{Running, hash, tidy};
use crate::shell::visitor::Visitor;

/// The room and kind under which receipts are kept on the node.
const ROOM: (&str, &str) = ("api", "receipt");
/// How long, in microseconds: two days.
const LASTS: i64 = 172_800_000_000;

/// What was done, and how it is told again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Done {
    /// The status.
    pub status: u16,
    /// The receipt.
    pub body: Value,
    /// Where what was made is.
    pub location: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    hash: String,
    until: i64,
    done: Done,
}

fn page(done: Done) -> Result<Page, Failure> {
    let status = StatusCode::from_u16(done.status)?;
    let page = Given::json(nothing().map(|()| done.body))?.with_status(status);
    Ok(match &done.location {
        Some(location) => Given::at(page, location),
        None => page,
    })
}

/// Does it, or tells again what came of it when it was done under the same name.
///
/// # Errors
/// Those of doing it; when the name was used for something else, or it is being done this moment.
pub fn once(
    visitor: &Visitor,
    sent: &Sent,
    run: impl FnOnce() -> Result<Done, Failure>,
) -> Result<Page, Failure> {
    let Some(key) = &sent.key else {
        return page(run()?);
    };
    let me = visitor.person().ok_or(Failure::SignIn)?;
    let name = hash(&[me.as_str().as_bytes(), key.as_bytes()]);
    let own = hash(&[visitor.path.as_bytes(), &sent.body]);
    let Some(_running) = Running::begin(&name) else {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "being-done",
            "The same request is being done this moment. Ask again in a moment.",
        )
        .into());
    };
    let node = visitor.node();
    let kept = node.kept(ROOM.0, ROOM.1, &name)?;
    let kept = kept
        .map(|kept| serde_json::from_slice::<Kept>(&kept.value))
        .transpose()?;
    if let Some(kept) = kept.filter(|kept| visitor.now < kept.until) {
        if kept.hash != own {
            return Err(Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-used",
                "This Idempotency-Key was used for another request. Take a new one.",
            )
            .into());
        }
        return page(kept.done);
    }
    let done = run()?;
    let kept = Kept {
        hash: own,
        until: visitor.now.saturating_add(LASTS),
        done: done.clone(),
    };
    node.keep(ROOM.0, ROOM.1, &name, serde_json::to_vec(&kept)?)
        .wait()?;
    tidy(node, ROOM, &name, |old| {
        serde_json::from_slice::<Kept>(old).is_ok_and(|kept| kept.until < visitor.now)
    })?;
    page(done)
}
