//! The status resource (TAXII 2.1 §4.3.1): what a server says became of an envelope.

use serde_json::Value;

use super::answer::Answer;
use super::error::Error;
use super::resource::{count, list, text, words};

/// What became of an envelope, as far as the server knows yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Under which it can be asked for again.
    pub id: Option<String>,
    /// Whether the server has decided on every object.
    pub complete: bool,
    /// How many went in.
    pub success_count: u64,
    /// How many did not.
    pub failure_count: u64,
    /// How many wait.
    pub pending_count: u64,
    /// Those that went in, where the server names them.
    pub successes: Vec<Detail>,
    /// Those that did not.
    pub failures: Vec<Detail>,
    /// Those that wait.
    pub pendings: Vec<Detail>,
}

/// What a server says of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The object.
    pub id: String,
    /// Its version.
    pub version: Option<String>,
    /// Why.
    pub message: Option<String>,
}

impl Status {
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        let value = answer.json()?;
        let pending_count = count(&value, "pending_count").unwrap_or(0);
        let status = text(&value, "status");
        if status.is_none() && value.get("success_count").is_none() {
            return Err(Error::unreadable("a status without status and counts"));
        }
        Ok(Self {
            id: text(&value, "id").map(str::to_owned),
            complete: status.map_or(pending_count == 0, |status| status == "complete"),
            success_count: count(&value, "success_count").unwrap_or(0),
            failure_count: count(&value, "failure_count").unwrap_or(0),
            pending_count,
            successes: details(&value, "successes"),
            failures: details(&value, "failures"),
            pendings: details(&value, "pendings"),
        })
    }
}

fn details(value: &Value, key: &str) -> Vec<Detail> {
    list(value, key)
        .filter_map(|one| {
            // TAXII 2.0 lists bare ids.
            let id = one.as_str().or_else(|| text(one, "id"))?;
            Some(Detail {
                id: id.to_owned(),
                version: text(one, "version").map(str::to_owned),
                message: words(one, "message"),
            })
        })
        .collect()
}
