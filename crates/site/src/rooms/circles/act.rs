//! Making a circle, who joins and leaves it, and whose it is where several claim it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::Circle;
use policy::Member;
use stix::ObjectId;

use super::known;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/circles/new.html")]
struct New {
    frame: Frame,
    form: Form,
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let wording = Wording::of(visitor)?;
    let mut others: Vec<(String, String)> = visitor
        .node()
        .participants()
        .into_iter()
        .map(|known| (wording.name(known.id.as_str()), known.id.to_string()))
        .collect();
    words.sort(&mut others, |(name, _)| name);
    let choices = others
        .into_iter()
        .map(|(name, id)| Choice::new(id, name))
        .collect();
    Ok(Form::new(
        visitor,
        "circle-new",
        "/circles/new",
        words.t("circles-make"),
    )?
    .long()
    .fields([
        Field::new("name", words.t("circles-name"), Input::Line).hint(words.t("circles-name-hint")),
        Field::new("members", words.t("circles-members"), Input::Any(choices))
            .hint(words.t("circles-members-hint"))
            .optional(),
    ]))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("circles-new", nothing(), |(), frame| {
        let name = frame.t("circles-title");
        Ok(New {
            frame: frame.under("/circles", name),
            form,
        })
    })
}

/// `GET /circles/new`.
pub(super) async fn new(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /circles/new`.
pub(super) async fn create(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let mut form = form(visitor)?.filled(&typed);
            let name = form.need_name("name");
            if known(visitor).iter().any(|circle| circle.name == name) {
                form.wrong("name", words.t("circles-taken"));
            }
            let members: Vec<Member> = form
                .chosen("members")
                .iter()
                .filter_map(|id| ObjectId::parse(id).ok())
                .map(Member::Participant)
                .collect();
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let circle = visitor
                .node()
                .add_circle(&name, members, &visitor.acting()?)
                .wait()?;
            form.done(visitor)?;
            Ok(Move::to(format!("/circles/{}", circle.id.as_str()))
                .saying(words.t("circles-made"))
                .into())
        })
        .await
}

/// `POST /circles/{id}/join`.
pub(super) async fn join(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let circle = kept(visitor, &id)?;
            let member = ObjectId::parse(typed.text("member")).map_err(|_| Failure::Unreadable)?;
            let member = Member::Participant(member);
            // Who sends the form twice asked for it once.
            if !circle.members.iter().any(|(known, _)| *known == member) {
                visitor
                    .node()
                    .join_circle(&circle.id, member, &visitor.acting()?)
                    .wait()?;
            }
            Ok(Move::to(format!("/circles/{id}")).saying(visitor.words.t("circles-joined")))
        })
        .await
}

/// `POST /circles/{id}/leave`.
pub(super) async fn leave(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let circle = kept(visitor, &id)?;
            let gone = typed.text("member");
            let (member, _) = circle
                .members
                .iter()
                .find(|(member, _)| member.to_string() == gone)
                .ok_or(Failure::Unreadable)?;
            visitor
                .node()
                .leave_circle(&circle.id, member, &visitor.acting()?)
                .wait()?;
            Ok(Move::to(format!("/circles/{id}")).saying(visitor.words.t("circles-left")))
        })
        .await
}

/// `POST /circles/{id}/settle`.
pub(super) async fn settle(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let keeper = ObjectId::parse(typed.text("keeper")).map_err(|_| Failure::Unreadable)?;
            let circle = known(visitor)
                .into_iter()
                .find(|circle| circle.id.as_str() == id)
                .ok_or(Failure::Absent)?;
            // Who sends the form twice asked for it once.
            if circle.is_contested() || circle.owner != keeper {
                visitor
                    .node()
                    .settle_circle(&circle.id, &keeper, &visitor.acting()?)
                    .wait()?;
            }
            Ok(Move::to("/circles").saying(visitor.words.t("circles-settled")))
        })
        .await
}

/// A circle that this node keeps.
fn kept(visitor: &Visitor, id: &str) -> Result<Circle, Failure> {
    let home = &visitor.node().home().id;
    known(visitor)
        .into_iter()
        .find(|circle| circle.id.as_str() == id && circle.owner == *home)
        .ok_or(Failure::Absent)
}
