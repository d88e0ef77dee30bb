//! `GET /records/{id}/proof`: that a record is a leaf of the log, to be checked by anybody without this node; as a file, `proof.json`.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::proof::Proof;
use policy::{Purpose, Released};
use serde_json::{Value, json};
use stix::ObjectId;

use super::show::instant;
use crate::rooms::wording::Wording;
use crate::shell::answer::Page;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/records/proof.html")]
struct Show {
    frame: Frame,
    title: String,
    id: String,
    version: String,
    leaf: String,
    size: String,
    proof: Proof,
}

/// What a file says of it, and what programs get.
pub(crate) fn written(proof: &Proof) -> Value {
    json!({
        "id": proof.id,
        "version": instant(&proof.version),
        "leaf": proof.leaf,
        "size": proof.size,
        "salt": proof.salt,
        "digest": proof.digest,
        "hash": proof.hash,
        "path": proof.path,
        "root": proof.root,
        "checkpoint": proof.checkpoint,
    })
}

fn found(visitor: &Visitor, id: &str) -> Result<(ObjectId, Released<Proof>), Failure> {
    let id = ObjectId::parse(id).map_err(|_| Failure::Absent)?;
    let proof = visitor.node().proof(visitor.viewer(), Purpose::Show, &id)?;
    Ok((id, proof.ok_or(Failure::Absent)?))
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, proof) = found(visitor, &id)?;
            let stood = visitor
                .node()
                .stood(visitor.viewer(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let wording = Wording::of(visitor)?;
            let words = &visitor.words;
            visitor.page("proof-title", proof.zip(stood), |(proof, stood), frame| {
                let title = wording.title(&stood.record.id, &stood.record.body)?;
                let records = frame.t("records-title");
                Ok(Show {
                    frame: frame
                        .label(Tlp::strictest([&stood.label]))
                        .under("/records", records)
                        .under(format!("/records/{id}"), title.text.clone()),
                    title: title.text,
                    id: proof.id.clone(),
                    version: instant(&proof.version),
                    leaf: words.figure(proof.leaf),
                    size: words.figure(proof.size),
                    proof,
                })
            })
        })
        .await
}

pub(super) async fn file(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, proof) = found(visitor, &id)?;
            let text = proof.map(|proof| format!("{:#}\n", written(&proof)));
            Ok(Page::of("application/json", text).as_file(&format!("{id}.proof.json")))
        })
        .await
}
