//! `GET /circles/{id}`: who keeps a circle, who belongs to it, and since which of its epochs.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use policy::Member;

use super::{known, member_name};
use crate::rooms::wording::Wording;
use crate::shell::answer::nothing;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::{Role, Visitor};

#[derive(Template)]
#[template(path = "rooms/circles/show.html")]
struct Show {
    frame: Frame,
    id: String,
    keeper: String,
    epoch: String,
    members: Vec<Line>,
    others: Vec<(String, String)>,
    keeps: bool,
    /// Who says that they keep it, where there are several.
    claims: Vec<(String, String)>,
    decides: bool,
}

/// Somebody who belongs to it.
struct Line {
    member: String,
    name: String,
    since: String,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let circle = known(visitor)
                .into_iter()
                .find(|circle| circle.id.as_str() == id)
                .ok_or(Failure::Absent)?;
            let wording = Wording::of(visitor)?;
            visitor.page_called(&crate::shown(&circle.name), nothing(), |(), frame| {
                let mut members: Vec<Line> = circle
                    .members
                    .iter()
                    .map(|(member, since)| Line {
                        member: member.to_string(),
                        name: member_name(&wording, member),
                        since: words.figure(*since),
                    })
                    .collect();
                words.sort(&mut members, |line| &line.name);
                let keeps = circle.owner == node.home().id && visitor.has(Role::Administrator);
                let mut others: Vec<(String, String)> = node
                    .participants()
                    .into_iter()
                    .map(|known| known.id)
                    .filter(|id| {
                        let belongs = |member: &Member| matches!(member, Member::Participant(one) if one == id);
                        !circle.members.iter().any(|(member, _)| belongs(member))
                    })
                    .map(|id| (wording.name(id.as_str()), id.to_string()))
                    .collect();
                words.sort(&mut others, |(name, _)| name);
                let claims = match circle.is_contested() {
                    true => [std::slice::from_ref(&circle.owner), &circle.claimed_by].concat(),
                    false => Vec::new(),
                };
                let mut claims: Vec<(String, String)> = claims
                    .into_iter()
                    .map(|id| (wording.name(id.as_str()), id.to_string()))
                    .collect();
                words.sort(&mut claims, |(name, _)| name);
                Ok(Show {
                    claims,
                    decides: visitor.has(Role::Administrator),
                    id: circle.id.as_str().to_owned(),
                    keeper: wording.name(circle.owner.as_str()),
                    epoch: words.figure(circle.epoch),
                    members,
                    others,
                    keeps,
                    frame: frame.under("/circles", words.t("circles-title")),
                })
            })
        })
        .await
}
