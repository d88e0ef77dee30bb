//! Bringing a bundle in: the file is kept as it came and tried, `POST /bundles/try`; what would come of it is shown, `GET
//! /bundles/brought`; then it is taken or thrown away.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::keeping::bundle::{Refused, Tried as Rehearsed};
use node::{NotTaken, Outcome};
use serde::{Deserialize, Serialize};

use super::{ROOM, refused, told};
use crate::parts::form::Typed;
use crate::parts::steps::{Action, Trial, Tried};
use crate::parts::upload::Upload;
use crate::rooms::wording::{Wording, why_not};
use crate::shell::answer::{Move, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;
use crate::signin::refusal;

/// What one person brought and has not decided about, by the person.
const BROUGHT: &str = "brought";
/// How it came: its name and whether missing ones are passed over.
const NOTE: &str = "brought as";

/// What is kept beside the file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    name: String,
    gap: bool,
}

#[derive(Template)]
#[template(path = "rooms/bundles/brought.html")]
struct Brought {
    frame: Frame,
    file: String,
    from: String,
    made: String,
    receipt: String,
    receipts: String,
    trial: Trial,
}

/// Since when something waits that the visitor brought.
pub(super) fn waiting(visitor: &Visitor) -> Result<Option<i64>, Failure> {
    let kept = visitor.node().kept(ROOM, NOTE, &visitor.owner())?;
    Ok(kept.map(|kept| kept.changed))
}

/// What the visitor brought.
fn brought(visitor: &Visitor) -> Result<Option<(Note, Vec<u8>)>, Failure> {
    let (node, owner) = (visitor.node(), visitor.owner());
    let Some(file) = node.kept(ROOM, BROUGHT, &owner)? else {
        return Ok(None);
    };
    let note = node.kept(ROOM, NOTE, &owner)?;
    let note = note.and_then(|note| serde_json::from_slice(&note.value).ok());
    Ok(Some((note.unwrap_or_default(), file.value)))
}

fn forget(visitor: &Visitor) -> Result<(), Failure> {
    let (node, owner) = (visitor.node(), visitor.owner());
    node.let_go(ROOM, NOTE, &owner).wait()?;
    node.let_go(ROOM, BROUGHT, &owner).wait()?;
    Ok(())
}

pub(super) async fn bring(visitor: Visitor, upload: Upload) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let node = visitor.node();
            let Some(file) = upload.files.into_iter().next() else {
                let wrong = visitor.words.t("bundles-no-file");
                let page = super::page(visitor, Some(wrong))?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            };
            let gap = upload.typed.text("gap") == "yes";
            match node.try_bundle(&file.bytes[..], gap) {
                Ok(_) => {
                    let note = Note {
                        name: shown(&file.name),
                        gap,
                    };
                    let note = serde_json::to_vec(&note).map_err(anyhow::Error::from)?;
                    let owner = visitor.owner();
                    node.keep(ROOM, BROUGHT, &owner, file.bytes).wait()?;
                    node.keep(ROOM, NOTE, &owner, note).wait()?;
                    Ok(Move::to("/bundles/brought").into())
                }
                Err(error) => {
                    let wrong = turned_down(visitor, &file.name, error)?;
                    let page = super::page(visitor, Some(wrong))?;
                    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into())
                }
            }
        })
        .await
}

/// Keeps that a bundle was refused, and says why in the visitor's words.
fn turned_down(visitor: &Visitor, file: &str, error: anyhow::Error) -> Result<String, Failure> {
    match error.downcast::<Refused>() {
        Ok(why) => {
            let why = refused::Why::of(&why);
            refused::note(visitor, file, &why)?;
            Ok(why.in_words(visitor, &Wording::of(visitor)?))
        }
        Err(error) => Err(Failure::Broken(error)),
    }
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let Some((note, file)) = brought(visitor)? else {
                return Ok(Move::to("/bundles").into());
            };
            let tried = match visitor.node().try_bundle(&file[..], note.gap) {
                Ok(tried) => tried,
                Err(error) => {
                    let wrong = turned_down(visitor, &note.name, error)?;
                    forget(visitor)?;
                    return Ok(super::page(visitor, Some(wrong))?.into());
                }
            };
            let wording = Wording::of(visitor)?;
            let trial = trial(visitor, &tried);
            let page = visitor.page("bundles-brought", nothing(), |(), frame| {
                let above = frame.t("bundles-title");
                Ok(Brought {
                    frame: frame.under("/bundles", above),
                    file: note.name,
                    from: wording.name(tried.from.as_str()),
                    made: words.moment(tried.made),
                    receipt: told(visitor, &tried.receipt),
                    receipts: words.t1("bundles-brings-receipts", "n", tried.receipts),
                    trial,
                })
            })?;
            Ok(page.into())
        })
        .await
}

/// What would not simply be taken, and the buttons.
fn trial(visitor: &Visitor, tried: &Rehearsed) -> Trial {
    let words = &visitor.words;
    let problems = tried.problems.iter().map(|line| {
        let state = match &line.outcome {
            Outcome::Awaiting { .. } => ("wait", "bundles-would-wait"),
            Outcome::Refused { .. } => ("bad", "bundles-would-refuse"),
            Outcome::Accepted | Outcome::Known => ("good", "bundles-would-take"),
        };
        Tried {
            name: line.id.as_deref().map_or_else(|| "–".to_owned(), shown),
            state: (state.0, words.t(state.1)),
            why: NotTaken::of(line).map_or_else(String::new, |not| why_not(words, &not)),
        }
    });
    let problems: Vec<Tried> = problems.collect();
    let told = if problems.is_empty() {
        words.t("bundles-all-taken")
    } else {
        words.t("bundles-some-not")
    };
    Trial::of(words, told, problems)
        .action(Action::main("/bundles/take", words.t("bundles-take")))
        .action(Action::other(
            "/bundles/discard",
            words.t("bundles-discard"),
        ))
}

pub(super) async fn take(visitor: Visitor, _: Typed) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            let Some((note, file)) = brought(visitor)? else {
                return Ok(Move::to("/bundles").into());
            };
            let by = visitor.acting()?;
            match visitor.node().open_bundle_by(&file, note.gap, &by) {
                Ok(opened) => {
                    forget(visitor)?;
                    let said = told(visitor, &opened.receipt);
                    Ok(Move::to("/bundles").saying(said).into())
                }
                Err(error) if error.is::<node::Refused>() => Err(refusal::page(error)),
                Err(error) => {
                    let wrong = turned_down(visitor, &note.name, error)?;
                    forget(visitor)?;
                    let page = super::page(visitor, Some(wrong))?;
                    Ok(page.with_status(StatusCode::CONFLICT).into())
                }
            }
        })
        .await
}

pub(super) async fn discard(visitor: Visitor, _: Typed) -> Response {
    visitor
        .answer(|visitor| {
            forget(visitor)?;
            Ok(Move::to("/bundles").saying(visitor.words.t("bundles-discarded")))
        })
        .await
}
