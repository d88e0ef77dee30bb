//! Doing something once though it is asked for twice: by a name that the program gives its request.
//!
//! Invariant: what is kept of a request is its hash and the receipt, which has no content of any record.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::answer::Given;
use super::problem::Problem;
use super::sent::Sent;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// The room and kind under which receipts are kept on the node.
const ROOM: (&str, &str) = ("api", "receipt");
/// How long, in microseconds: two days.
const LASTS: i64 = 172_800_000_000;
/// How many old ones are looked at for each new one.
const TIDIED: usize = 20;

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

/// Requests that are being done under a name.
static RUNNING: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

struct Running(String);

impl Running {
    fn begin(name: &str) -> Option<Self> {
        let mut all = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(name.to_owned()).then(|| Self(name.to_owned()))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut all = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.0);
    }
}

fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
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
    for old in node.all_kept(ROOM.0, ROOM.1, &name, TIDIED)? {
        let over =
            serde_json::from_slice::<Kept>(&old.value).is_ok_and(|kept| kept.until < visitor.now);
        if over {
            node.let_go(ROOM.0, ROOM.1, &old.name).wait()?;
        }
    }
    page(done)
}
