//! The internal file of a series: positions, fallbacks, red lines, what services and capitals add. It is no record and never leaves.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Reply, Visitor};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::path;
use super::{object, register_of};
use crate::DESK;
use crate::records::Dialogue;

/// Under which kind it is kept on this node.
const KIND: &str = "file";
/// The parts of a file.
const PARTS: [&str; 4] = ["positions", "fallbacks", "red-lines", "contributions"];

/// What a file says, part by part, and how often it was changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct File {
    parts: Vec<String>,
    revision: u32,
}

fn read(visitor: &Visitor, id: &ObjectId) -> Result<File, Failure> {
    let kept = visitor.node().kept(DESK, KIND, id.as_str())?;
    Ok(match kept {
        Some(kept) => serde_json::from_slice(&kept.value)?,
        None => File::default(),
    })
}

fn form(visitor: &Visitor, id: &ObjectId, file: &File) -> Result<Form, Failure> {
    let words = &visitor.words;
    let action = format!("{}/file", path(id));
    let form = Form::new(
        visitor,
        format!("dialogues-file {id}"),
        action,
        words.t("dialogues-file-keep"),
    )?
    .long();
    let fields = PARTS.iter().enumerate().map(|(place, part)| {
        Field::new(
            *part,
            words.t(&format!("dialogues-file-{part}")),
            Input::Lines(6),
        )
        .with(file.parts.get(place).cloned().unwrap_or_default())
        .optional()
    });
    let revision = Field::carried("revision", file.revision.to_string());
    Ok(form.fields(fields.chain([revision]).collect::<Vec<_>>()))
}

fn page(visitor: &Visitor, id: &ObjectId, form: Form) -> Result<site::Page, Failure> {
    let there = register_of(visitor)
        .one::<Dialogue>(id)?
        .ok_or(Failure::Absent)?;
    visitor.page("dialogues-file", there, |piece, frame| {
        let eyes = super::view::Eyes::new(visitor);
        let lead = frame.t("dialogues-file-lead");
        let name = frame.t("dialogues-title");
        let frame = frame
            .under("/dialogues", name)
            .under(path(id), eyes.dialogue(&piece));
        let frame = frame.label(site::Tlp::of(policy::Tlp::AmberStrict));
        Ok(Ask { frame, lead, form })
    })
}

/// `GET /dialogues/series/{id}/file`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("dialogue", &uuid)?;
            let form = form(visitor, &id, &read(visitor, &id)?)?.resumed(visitor)?;
            page(visitor, &id, form)
        })
        .await
}

/// `POST /dialogues/series/{id}/file`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = object("dialogue", &uuid)?;
            let _ = register_of(visitor)
                .one::<Dialogue>(&id)?
                .ok_or(Failure::Absent)?;
            let file = read(visitor, &id)?;
            let mut form = form(visitor, &id, &file)?.filled(&typed);
            let said = visitor.words.t("dialogues-file-meanwhile");
            form.meanwhile("revision", PARTS[0], said);
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, &id, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let new = File {
                parts: PARTS
                    .iter()
                    .map(|part| form.text(part).to_owned())
                    .collect(),
                revision: file.revision + 1,
            };
            let still = move |there: Option<&[u8]>| match there {
                None => file == File::default(),
                Some(there) => serde_json::from_slice::<File>(there).is_ok_and(|own| own == file),
            };
            let new = serde_json::to_vec(&new)?;
            let kept = visitor
                .node()
                .keep_if(DESK, KIND, id.as_str(), still, new)
                .wait();
            if let Err(error) = kept {
                form.keep(visitor)?;
                return Err(error.into());
            }
            form.done(visitor)?;
            Ok(Move::to(path(&id))
                .saying(visitor.words.t("dialogues-file-kept"))
                .into())
        })
        .await
}
