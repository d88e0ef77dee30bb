//! What an administrator does about a peer. Each leads back to a page that says how it stands now.

use axum::extract::Path;
use axum::response::Response;
use node::UnfitName;
use stix::ObjectId;

use super::list::{adding_form, introduction_form};
use crate::parts::form::{Field, Form, Input, Typed};
use crate::shell::answer::Move;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// `POST /peers/introduce`: makes the file by which this node introduces itself.
pub(super) async fn introduce(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Move, Failure> {
            let form = introduction_form(visitor)?.filled(&typed);
            let address = Some(form.text("address").to_owned());
            let addresses = address.filter(|address| !address.is_empty());
            let made = visitor
                .node()
                .introduce(addresses.into_iter().collect(), &visitor.acting()?);
            match made.wait() {
                Ok(_) => {
                    form.done(visitor)?;
                    Ok(Move::to("/peers#introduce").saying(visitor.words.t("peers-made")))
                }
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.introduction_refused");
                    form.keep(visitor)?;
                    Ok(Move::to(match error.is::<UnfitName>() {
                        true => "/peers?wrong=own-name#introduce",
                        false => "/peers?wrong=address#introduce",
                    }))
                }
            }
        })
        .await
}

/// `POST /peers/add`: takes the file of another node.
pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Move, Failure> {
            let form = adding_form(visitor)?.filled(&typed);
            let file = form.text("file").as_bytes();
            match visitor.node().add_peer(file, &visitor.acting()?) {
                Ok(added) => {
                    form.done(visitor)?;
                    Ok(Move::to(format!("/peers/{}", added.participant))
                        .saying(visitor.words.t("peers-added")))
                }
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.file_refused");
                    form.keep(visitor)?;
                    Ok(Move::to(match error.is::<UnfitName>() {
                        true => "/peers?wrong=name#add",
                        false => "/peers?wrong=file#add",
                    }))
                }
            }
        })
        .await
}

/// What was heard of the words of a peer.
pub(super) fn words_form(visitor: &Visitor, peer: &ObjectId) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("peer-confirm {peer}"),
        format!("/peers/{peer}/confirm"),
        words.t("peers-confirm-do"),
    )?;
    Ok(form
        .long()
        .field(Field::new("words", words.t("peers-heard"), Input::Line)))
}

/// `POST /peers/{id}/confirm`: the words that were read aloud.
pub(super) async fn confirm(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Move, Failure> {
            let peer = known(visitor, &id)?;
            let form = words_form(visitor, &peer)?.filled(&typed);
            let (node, by) = (visitor.node(), visitor.acting()?);
            match node.confirm_peer(&peer, form.text("words"), &by) {
                Ok(_) => {
                    form.done(visitor)?;
                    Ok(Move::to(format!("/peers/{peer}"))
                        .saying(visitor.words.t("peers-confirmed")))
                }
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.words_refused");
                    form.keep(visitor)?;
                    Ok(Move::to(format!("/peers/{peer}?wrong=words#confirm")))
                }
            }
        })
        .await
}

/// `POST /peers/{id}/suspend`.
pub(super) async fn suspend(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let peer = known(visitor, &id)?;
            visitor
                .node()
                .suspend_peer(&peer, &visitor.acting()?)
                .wait()?;
            Ok(Move::to(format!("/peers/{peer}")).saying(visitor.words.t("peers-suspended")))
        })
        .await
}

/// `POST /peers/{id}/resume`.
pub(super) async fn resume(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let peer = known(visitor, &id)?;
            visitor
                .node()
                .resume_peer(&peer, &visitor.acting()?)
                .wait()?;
            Ok(Move::to(format!("/peers/{peer}")).saying(visitor.words.t("peers-resumed")))
        })
        .await
}

/// `POST /peers/{id}/forget`: for good, and only with its box ticked.
pub(super) async fn forget(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let peer = known(visitor, &id)?;
            if typed.text("sure") != "yes" {
                return Ok(Move::to(format!("/peers/{peer}?wrong=sure#forget")));
            }
            visitor
                .node()
                .forget_peer(&peer, &visitor.acting()?)
                .wait()?;
            Ok(Move::to("/peers").saying(visitor.words.t("peers-forgotten")))
        })
        .await
}

fn known(visitor: &Visitor, id: &str) -> Result<ObjectId, Failure> {
    let id = ObjectId::parse(id).map_err(|_| Failure::Absent)?;
    match visitor.node().peer(&id)? {
        Some(_) => Ok(id),
        None => Err(Failure::Absent),
    }
}
