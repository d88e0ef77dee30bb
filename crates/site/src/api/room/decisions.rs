//! What people decide: about what awaits, what is to be cleared, what is in quarantine.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Act, Forbidden, Said, State, StepKind};
use node::waiting::Decided;
use policy::Released;
use serde::{Deserialize, Serialize};
use serde_json::json;
use stix::Timestamp;

use crate::api::problem::refused;
use crate::api::{Done, Given, Listed, Problem, Sent, once};
use crate::shell::answer::nothing;
use crate::shell::failure::Failure;
use crate::shell::visitor::{Right, Visitor};

pub(super) fn moment(micros: i64) -> String {
    Timestamp::from_micros(micros).as_str().to_owned()
}

/// What was not decided: nothing was there to decide about, or it does not allow it.
fn gone(error: anyhow::Error) -> Failure {
    if error.is::<node::Refused>() {
        return refused(error);
    }
    Problem::new(StatusCode::CONFLICT, "gone", format!("{error:#}.")).into()
}

#[derive(Serialize)]
struct Waiting {
    number: i64,
    object: String,
    r#type: String,
    reason: String,
    channel: String,
    arrived: String,
}

/// `GET /api/v1/awaiting`.
pub(super) async fn awaiting(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (limit, cursor) = (visitor.limit()?, visitor.cursor()?);
            let mut waiting = visitor.node().awaiting(cursor.unwrap_or(0), limit + 1)?;
            let more = waiting.len() > limit;
            waiting.truncate(limit);
            let next = waiting
                .last()
                .filter(|_| more)
                .map(|last| last.id.to_string());
            let items = waiting.into_iter().map(|one| Waiting {
                number: one.id,
                r#type: one.object.split("--").next().unwrap_or_default().to_owned(),
                object: one.object,
                reason: one.reason,
                channel: one.channel,
                arrived: moment(one.arrived),
            });
            let items = items.collect();
            Given::json(nothing().map(|()| Listed { items, next }))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    decision: String,
}

/// `POST /api/v1/awaiting/{number}`.
pub(super) async fn decide(visitor: Visitor, Path(number): Path<String>, sent: Sent) -> Response {
    visitor
        .answer(move |visitor| {
            let number: i64 = number.parse().map_err(|_| Failure::Absent)?;
            once(visitor, &sent, || {
                let decision: Decision = sent.read()?;
                let decided = match decision.decision.as_str() {
                    "admit" => Decided::Admit,
                    "discard" => Decided::Discard,
                    _ => return Err(Problem::wrong("/decision", "It is admit or discard.").into()),
                };
                let made = visitor.node().decide(number, decided, &visitor.acting()?);
                let outcome = made.and_then(node::Pending::wait).map_err(gone)?;
                let word = match outcome {
                    node::Outcome::Accepted => "accepted",
                    node::Outcome::Known => "known",
                    node::Outcome::Awaiting { .. } => "awaiting",
                    node::Outcome::Refused { .. } => "discarded",
                };
                Ok(Done {
                    status: 200,
                    body: json!({ "number": number, "outcome": word }),
                    location: None,
                })
            })
        })
        .await
}

#[derive(Serialize)]
struct Step {
    name: String,
    kind: StepKind,
    given_by: Option<String>,
    given_at: Option<String>,
}

#[derive(Serialize)]
struct Case {
    number: u64,
    asked_by: String,
    asked_at: String,
    state: State,
    count: i64,
    tlp: Option<&'static str>,
    steps: Vec<Step>,
    not_before: Option<String>,
    seen: usize,
    records: Vec<String>,
}

impl Case {
    fn of(case: &node::clearance::Case, records: Vec<String>) -> Self {
        let steps = case.steps.iter().map(|step| Step {
            name: step.name.clone(),
            kind: step.kind,
            given_by: step.given.as_ref().map(|given| given.by.clone()),
            given_at: step.given.as_ref().map(|given| moment(given.at)),
        });
        Self {
            number: case.number,
            asked_by: case.asked_by.clone(),
            asked_at: moment(case.asked_at),
            state: case.state,
            count: case.count(),
            tlp: case.label().map(|label| label.class.tlp().name()),
            steps: steps.collect(),
            not_before: case.not_before.map(moment),
            seen: case.happened(),
            records,
        }
    }
}

/// `GET /api/v1/clearance`.
pub(super) async fn clearance(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let open = visitor.node().clearance().open_to(visitor.viewer())?;
            let open = open.into_iter().map(|seen| {
                seen.map(|seen| {
                    let ids = seen.records.into_iter().map(|stood| stood.record.id);
                    Case::of(&seen.case, ids.collect())
                })
            });
            let open: Released<Vec<Case>> = open.collect();
            Given::json(open)
        })
        .await
}

fn acted(
    visitor: &Visitor,
    number: &str,
    act: Act,
    said: Said,
) -> Result<node::clearance::Case, Failure> {
    let number: u64 = number.parse().map_err(|_| Failure::Absent)?;
    let clearance = visitor.node().clearance();
    let acted = clearance.act(number, act, said, &visitor.acting()?).wait();
    acted.map_err(|error| match error.downcast_ref::<Forbidden>() {
        Some(Forbidden::NoStep) => Failure::Absent,
        Some(Forbidden::Absent) => Failure::Absent,
        Some(Forbidden::Words) => {
            Problem::wrong("/words", "A reservation and a refusal take words.").into()
        }
        Some(Forbidden::Unseen) => {
            let said = "A step is given to what was read: send `seen` as the case has it.";
            Problem::wrong("/seen", said).into()
        }
        _ => gone(error),
    })
}

/// `GET /api/v1/clearance/{number}`.
pub(super) async fn case(visitor: Visitor, Path(number): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let number: u64 = number.parse().map_err(|_| Failure::Absent)?;
            let seen = visitor.node().clearance().case(visitor.viewer(), number)?;
            let seen = seen.ok_or(Failure::Absent)?;
            Given::json(seen.map(|seen| {
                let ids = seen.records.into_iter().map(|stood| stood.record.id);
                Case::of(&seen.case, ids.collect())
            }))
        })
        .await
}

/// What somebody says to a step.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verdict {
    /// `given`, `reserved` or `refused`.
    verdict: String,
    words: Option<String>,
    /// `seen` of the case as it was read.
    seen: Option<usize>,
    /// The delegation by which it is given in another's place.
    delegation: Option<u64>,
}

/// `POST /api/v1/clearance/{number}/sign/{step}`.
pub(super) async fn sign(
    visitor: Visitor,
    Path((number, step)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    give(visitor, number, step, sent, StepKind::Signature).await
}

/// `POST /api/v1/clearance/{number}/visa/{step}`.
pub(super) async fn visa(
    visitor: Visitor,
    Path((number, step)): Path<(String, String)>,
    sent: Sent,
) -> Response {
    give(visitor, number, step, sent, StepKind::Visa).await
}

async fn give(
    visitor: Visitor,
    number: String,
    step: String,
    sent: Sent,
    kind: StepKind,
) -> Response {
    visitor
        .answer(move |visitor| {
            // Whoever may not is told so before what they sent is looked at, and once more where it is done.
            let scope = visitor.actor.as_ref().and_then(|actor| actor.scope());
            if scope.is_some_and(|scope| !scope.covers(Right::Decide)) {
                return Err(refused(node::Refused::NotAllowed(Right::Decide).into()));
            }
            let step = step.parse().map_err(|_| Failure::Absent)?;
            let verdict: Verdict = sent.read()?;
            let reserved = match verdict.verdict.as_str() {
                "given" => Some(false),
                "reserved" => Some(true),
                "refused" => None,
                _ => {
                    let said = "It is given, reserved or refused.";
                    return Err(Problem::wrong("/verdict", said).into());
                }
            };
            let act = match (reserved, kind) {
                (Some(reserved), StepKind::Visa) => Act::Visa { step, reserved },
                (Some(reserved), StepKind::Signature) => Act::Sign { step, reserved },
                (None, _) => Act::Refuse { step },
            };
            let said = Said {
                words: verdict.words.unwrap_or_default(),
                seen: verdict.seen,
                delegation: verdict.delegation,
            };
            let case = acted(visitor, &number, act, said)?;
            Given::json(nothing().map(|()| Case::of(&case, Vec::new())))
        })
        .await
}

/// `POST /api/v1/clearance/{number}/withdraw`.
pub(super) async fn withdraw(visitor: Visitor, Path(number): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            acted(visitor, &number, Act::Withdraw, Said::default())?;
            Ok(Given::done())
        })
        .await
}

#[derive(Serialize)]
struct Broken {
    number: i64,
    reason: String,
    pointer: String,
    channel: String,
    arrived: String,
    size: i64,
    sha256: String,
}

/// `GET /api/v1/quarantine`.
pub(super) async fn quarantine(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (limit, cursor) = (visitor.limit()?, visitor.cursor()?);
            let mut broken = visitor.node().quarantine(cursor.unwrap_or(0), limit + 1)?;
            let more = broken.len() > limit;
            broken.truncate(limit);
            let next = broken
                .last()
                .filter(|_| more)
                .map(|last| last.id.to_string());
            let items = broken.into_iter().map(|one| Broken {
                number: one.id,
                reason: one.reason,
                pointer: one.pointer,
                channel: one.channel,
                arrived: moment(one.arrived),
                size: one.size,
                sha256: one.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            });
            let items = items.collect();
            Given::json(nothing().map(|()| Listed { items, next }))
        })
        .await
}

/// `DELETE /api/v1/quarantine/{number}`.
pub(super) async fn discard(visitor: Visitor, Path(number): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let number: i64 = number.parse().map_err(|_| Failure::Absent)?;
            let gone = visitor
                .node()
                .discard_quarantined(number, &visitor.acting()?);
            match gone.wait().map_err(refused)? {
                true => Ok(Given::done()),
                false => Err(Failure::Absent),
            }
        })
        .await
}
