//! What the rooms of the node show: who one is, collections, peers, circles, the log, the audit trail, health.

use axum::response::Response;
use policy::{Member, Purpose, Released};
use serde::Serialize;
use serde_json::{Value, json};
use stix::ObjectId;

use super::decisions::moment;
use crate::api::problem::refused;
use crate::api::{Given, Listed, Problem};
use crate::rooms::records::proof::written;
use crate::rooms::{circles, health};
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::visitor::{Right, Visitor};

/// What shows no record.
fn plain(value: &Value) -> Result<Page, Failure> {
    Given::json(nothing().map(|()| value))
}

/// `GET /api/v1/me`.
pub(super) async fn me(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let me = visitor.acting()?;
            let rights = Right::ALL.into_iter().filter(|right| me.may(*right));
            plain(&json!({
                "person": me.person.as_str(),
                "name": me.name,
                "participant": visitor.node().home().id.as_str(),
                "roles": me.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(),
                "rights": rights.map(|right| right.as_str()).collect::<Vec<_>>(),
                "scope": me.scope().map(|scope| scope.as_str()),
                "language": me.language,
            }))
        })
        .await
}

/// `GET /api/v1/collections`.
pub(super) async fn collections(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let all = visitor.node().collections()?;
            let all = all.into_iter().map(|one| {
                json!({ "id": one.id, "alias": one.alias, "title": one.title, "desk": one.desk.map(|desk| desk.as_str()) })
            });
            plain(&all.collect())
        })
        .await
}

/// `GET /api/v1/peers`.
pub(super) async fn peers(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let all = visitor.node().peers()?;
            let all = all.into_iter().map(|peer| {
                json!({
                    "participant": peer.participant.as_str(),
                    "name": peer.name,
                    "state": peer.state.as_str(),
                    "addresses": peer.addresses,
                    "last_contact": peer.last_contact.map(moment),
                    "last_error": peer.last_error,
                    "failures": peer.failures,
                    "taken": peer.taken,
                    "log_renamed": peer.log_renamed,
                    "log_lost": peer.log_lost,
                    "log_size": peer.log_size,
                    "inconsistent": peer.inconsistent.is_some(),
                })
            });
            plain(&all.collect())
        })
        .await
}

/// `GET /api/v1/circles`.
pub(super) async fn circles(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let member = |member: &Member| match member {
                Member::Participant(id) | Member::Person(id) => id.to_string(),
                Member::Circle { id, .. } => id.as_str().to_owned(),
            };
            let all = circles::known(visitor).into_iter().map(|circle| {
                json!({
                    "id": circle.id.as_str(),
                    "name": circle.name,
                    "owner": circle.owner.as_str(),
                    "epoch": circle.epoch,
                    "claimed_by": circle.claimed_by.iter().map(ObjectId::as_str).collect::<Vec<_>>(),
                    "members": circle.members.iter().map(|(one, _)| member(one)).collect::<Vec<_>>(),
                })
            });
            plain(&all.collect())
        })
        .await
}

/// `GET /api/v1/log`.
pub(super) async fn log(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let head = node.head()?.ok_or(Failure::Absent)?;
            let mut witnesses = Vec::new();
            for peer in node.peers()? {
                let note = node.cosigned_by(&peer.participant)?;
                let size = note.and_then(|note| note.lines().nth(1)?.parse::<u64>().ok());
                witnesses.push(json!({ "participant": peer.participant.as_str(), "size": size }));
            }
            plain(&json!({
                "size": head.size,
                "root": head.root,
                "signed": head.signed.map(moment),
                "issued": head.issued,
                "witnesses": witnesses,
            }))
        })
        .await
}

/// `GET /api/v1/log/checkpoint`.
pub(super) async fn checkpoint(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let head = visitor.node().head()?.ok_or(Failure::Absent)?;
            let note: Released<String> = nothing().map(|()| head.note);
            Ok(Page::of("text/plain; charset=utf-8", note))
        })
        .await
}

/// `GET /api/v1/log/proof`.
pub(super) async fn proof(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let id = visitor.asked("record");
            let id = id.ok_or_else(|| Problem::unread("record is missing."))?;
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let proof = visitor.node().proof(visitor.viewer(), Purpose::Show, &id)?;
            let proof = proof.ok_or(Failure::Absent)?;
            Given::json(proof.map(|proof| written(&proof)))
        })
        .await
}

#[derive(Serialize)]
struct AuditLine {
    number: i64,
    at: String,
    person: String,
    name: String,
    through: String,
    action: String,
    subject: String,
    detail: Value,
    hash: String,
}

/// `GET /api/v1/audit`.
pub(super) async fn audit(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (limit, before) = (visitor.limit()?, visitor.cursor()?);
            let subject = visitor.asked("subject");
            let me = visitor.acting()?;
            let lines = visitor
                .node()
                .trail(before, subject.as_deref(), limit + 1, &me);
            let mut lines = lines.map_err(refused)?;
            let more = lines.len() > limit;
            lines.truncate(limit);
            let next = lines
                .last()
                .filter(|_| more)
                .map(|last| last.number.to_string());
            let items = lines.into_iter().map(|line| AuditLine {
                number: line.number,
                at: moment(line.at),
                person: line.person,
                name: line.name,
                through: line.through,
                action: line.action,
                subject: line.subject,
                detail: serde_json::from_str(&line.detail).unwrap_or_default(),
                hash: line.hash.iter().map(|byte| format!("{byte:02x}")).collect(),
            });
            let items = items.collect();
            Given::json(nothing().map(|()| Listed { items, next }))
        })
        .await
}

/// `GET /api/v1/health`.
pub(super) async fn health(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let lines = health::lines(visitor)?;
            let well = lines.iter().all(|line| line.sign != "bad");
            let lines = lines.into_iter().map(|line| {
                json!({ "name": line.name, "state": line.sign, "told": line.state, "remedy": line.remedy })
            });
            plain(&json!({ "well": well, "lines": lines.collect::<Vec<_>>() }))
        })
        .await
}
