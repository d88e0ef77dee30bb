//! What an administrator does about a peer. Each leads back to a page that says how it stands now.

use std::collections::HashMap;

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use stix::ObjectId;

use crate::shell::answer::Move;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

type Typed = Form<HashMap<String, String>>;

fn typed<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map_or("", |value| value.trim())
}

/// `POST /peers/introduce`: makes the file by which this node introduces itself.
pub(super) async fn introduce(visitor: Visitor, Form(form): Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let address = typed(&form, "address").to_owned();
            let addresses: Vec<String> = Some(address)
                .filter(|address| !address.is_empty())
                .into_iter()
                .collect();
            match visitor
                .node()
                .introduce(addresses, &visitor.acting()?)
                .wait()
            {
                Ok(_) => Ok(Move::to("/peers#introduce").saying(visitor.words.t("peers-made"))),
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.introduction_refused");
                    Ok(Move::to("/peers?wrong=address#introduce"))
                }
            }
        })
        .await
}

/// `POST /peers/add`: takes the file of another node.
pub(super) async fn add(visitor: Visitor, Form(form): Typed) -> Response {
    visitor
        .answer(move |visitor| {
            match visitor
                .node()
                .add_peer(typed(&form, "file").as_bytes(), &visitor.acting()?)
            {
                Ok(added) => Ok(Move::to(format!("/peers/{}", added.participant))
                    .saying(visitor.words.t("peers-added"))),
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.file_refused");
                    Ok(Move::to("/peers?wrong=file#add"))
                }
            }
        })
        .await
}

/// `POST /peers/{id}/confirm`: the words that were read aloud.
pub(super) async fn confirm(visitor: Visitor, Path(id): Path<String>, form: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let peer = known(visitor, &id)?;
            match visitor
                .node()
                .confirm_peer(&peer, typed(&form, "words"), &visitor.acting()?)
            {
                Ok(_) => {
                    Ok(Move::to(format!("/peers/{peer}"))
                        .saying(visitor.words.t("peers-confirmed")))
                }
                Err(error) if error.is::<node::Refused>() => Err(error.into()),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "peer.words_refused");
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
pub(super) async fn forget(visitor: Visitor, Path(id): Path<String>, form: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let peer = known(visitor, &id)?;
            if typed(&form, "sure") != "yes" {
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
