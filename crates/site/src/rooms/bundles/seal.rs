//! `POST /bundles/seal`: makes a bundle for a peer; the answer is the file. If it gets lost, the next one holds the same and its number
//! tells of the gap.

use axum::http::StatusCode;
use axum::response::Response;
use node::peers::State;

use crate::parts::form::Typed;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;
use crate::signin::refusal;

pub(super) async fn seal(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let node = visitor.node();
            let peers = node.peers()?;
            let peer = peers
                .iter()
                .find(|peer| peer.participant.as_str() == typed.text("peer"))
                .ok_or(Failure::Absent)?;
            if peer.state != State::Confirmed {
                return Err(Failure::Said(
                    StatusCode::CONFLICT,
                    "bundles-not-sealed-title",
                    "bundles-not-sealed-text",
                ));
            }
            let sealed = node.seal_bundle_by(&peer.participant, &visitor.acting()?);
            let (sealed, bundle) = sealed.map_err(refusal::page)?;
            // What is in it was released to the peer where it was sealed, and only its node opens it.
            let file = nothing().map(|()| bundle);
            let name = format!("{}-{}.bundle", peer.participant.uuid(), sealed.number);
            Ok(Page::bytes("application/octet-stream", file).as_file(&name))
        })
        .await
}
