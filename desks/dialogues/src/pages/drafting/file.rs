//! A round as a file for who has no node: DOCX with what is open as tracked changes, each by the side whose it is.

use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Page, Visitor};

use super::super::view::Eyes;
use super::super::{file_names, object};
use super::show::called;
use super::{draft_of, lang, strictest};
use crate::drafting::docx::{self, Sheet};
use crate::drafting::rounds::Rounds;
use crate::drafting::stamp;
use crate::names;
use crate::records::{Draft, Piece};

/// What a file calls a side: the same whoever makes the file, so that it is known again.
pub(super) fn author(visitor: &Visitor, side: &str) -> String {
    names::side(visitor.node(), &names::words("en"), side)
}

/// A name for the file: the first words of the title, and the round.
fn file_name(piece: &Piece<Draft>) -> String {
    let round = format!("round-{}", piece.what.round);
    file_names::docx(&piece.what.title, &round)
}

fn made(visitor: &Visitor, rounds: &Rounds, piece: &Piece<Draft>) -> Result<Vec<u8>, Failure> {
    let eyes = Eyes::new(visitor);
    let label = piece
        .label
        .as_ref()
        .map_or_else(|| strictest(rounds), |label| site::Tlp::strictest([label]));
    let head = format!("{} · {}", called(visitor, &eyes, piece), label.text);
    let foot = shown_title(piece);
    let draft = piece.what.draft_ref.clone().unwrap_or_default();
    let sheet = Sheet {
        title: &piece.what.title,
        head: &head,
        foot: &foot,
        lang: &lang(piece),
        draft: &draft,
        round: piece.id.as_str(),
        stamp: &stamp(piece.created.as_str()),
        passages: &piece.what.passages,
    };
    Ok(docx::write(&sheet, &|side| author(visitor, side))?)
}

fn shown_title(piece: &Piece<Draft>) -> String {
    site::shown(&piece.what.title)
}

/// `GET /dialogues/drafts/{id}/rounds/{round}/round.docx`.
pub(in super::super) async fn round(
    visitor: Visitor,
    Path((uuid, round)): Path<(String, String)>,
) -> Response {
    visitor
        .answer(move |visitor| {
            let (_, rounds) = draft_of(visitor, &uuid)?;
            let round = object("draft", &round)?;
            let mut name = String::new();
            let mut failed = None;
            let bytes = rounds.map(|rounds| {
                let bytes = rounds
                    .round(round.as_str())
                    .ok_or(Failure::Absent)
                    .and_then(|piece| {
                        name = file_name(piece);
                        made(visitor, &rounds, piece)
                    });
                bytes.unwrap_or_else(|failure| {
                    failed = Some(failure);
                    Vec::new()
                })
            });
            match failed {
                Some(failure) => Err(failure),
                None => Ok(Page::bytes(docx::MEDIA, bytes).as_file(&name)),
            }
        })
        .await
}
