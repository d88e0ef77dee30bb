//! Which version of a record a program changes: the tag by which it knows one, and the condition under which it writes the next.

use axum::http::StatusCode;
use node::overview::Stood;
use stix::Timestamp;

use super::answer::Given;
use super::problem::Problem;
use super::sent::Sent;
use crate::shell::failure::Failure;

const CHANGED: &str = "It has changed since you read it. Read it again, and decide again.";

/// By what a record is known again: its bytes and its label.
pub fn tag(stood: &Stood) -> String {
    let time =
        |time: &Option<Timestamp>| time.as_ref().map_or_else(String::new, ToString::to_string);
    Given::tag(&[
        &stood.record.body,
        stood.label.class.key().as_bytes(),
        time(&stood.label.embargo).as_bytes(),
        time(&stood.label.expiry).as_bytes(),
    ])
}

/// Whether a condition names this tag (RFC 9110 §13.1).
pub(super) fn names(condition: Option<&str>, tag: &str) -> bool {
    let strong = |one: &str| one.trim().trim_start_matches("W/").to_owned();
    condition.is_some_and(|all| all.trim() == "*" || all.split(',').any(|one| strong(one) == tag))
}

/// What a program hears whose version is not the newest any more.
pub fn changed() -> Failure {
    failed(CHANGED)
}

fn failed(said: &str) -> Failure {
    Problem::new(StatusCode::PRECONDITION_FAILED, "changed", said).into()
}

/// What a condition asks of what is there, by its tag.
///
/// # Errors
/// 412 where it is not met, 428 where what is there is to be changed without one.
pub fn condition(sent: &Sent, there: Option<&str>) -> Result<(), Failure> {
    match (there, &sent.matches, &sent.matches_none) {
        (Some(tag), _, Some(none)) if names(Some(none), tag) => Err(failed("It is there already.")),
        (None, Some(_), _) => Err(failed("It is not there.")),
        (Some(tag), Some(condition), _) if !names(Some(condition), tag) => Err(changed()),
        (Some(_), None, _) => Err(Problem::new(
            StatusCode::PRECONDITION_REQUIRED,
            "no-condition",
            "Say with If-Match which version you change: its ETag.",
        )
        .into()),
        _ => Ok(()),
    }
}
