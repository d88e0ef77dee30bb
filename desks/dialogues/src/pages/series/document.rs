//! `/dialogues/series/{id}/register.docx`: the register of a series as a document: each of its meetings with its texts, what was committed to
//! there, and what each side says became of it.

use axum::extract::Path;
use axum::response::Response;
use site::{Failure, Page, Visitor, shown};

use super::super::brief::item;
use super::super::view::Eyes;
use super::super::{file_names, object, register_of, strictest};
use crate::drafting::docx::{self, Block, Paper};
use crate::records::{Act, Commitment, Dialogue, Piece};
use crate::register::Folded;

pub(in super::super) async fn file(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("dialogue", &uuid)?;
            let register = register_of(visitor);
            let known = register.folded(register.series(&id)?.ok_or(Failure::Absent)?)?;
            let (mut name, mut failed) = (String::new(), None);
            let bytes = known.map(|known| {
                let series = known.dialogue(Some(id.as_str())).ok_or(Failure::Absent);
                let made = series.and_then(|series| {
                    let paper = paper(visitor, &known, series);
                    name = file_names::docx(&paper.title, "register");
                    Ok(docx::paper(&paper)?)
                });
                made.unwrap_or_else(|failure| {
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

fn paper(visitor: &Visitor, known: &Folded, series: &Piece<Dialogue>) -> Paper {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let mut blocks = Vec::new();
    let mut add = |head: String, session: Option<&str>| {
        let texts = known.texts.iter();
        let texts = texts.filter(|text| text.what.session_ref.as_deref() == session);
        let texts: Vec<Block> = texts
            .map(|text| {
                let standing = text.what.standing.as_str().replace('_', "-");
                let standing = words.t(&format!("dialogues-standing-{standing}"));
                Block::Text(format!("{} ({standing})", shown(&text.what.title)))
            })
            .collect();
        let own = known.commitments.iter().filter(|one| {
            one.what.session_ref.as_deref() == session && one.what.act == Act::Commitment
        });
        let mut own: Vec<&Piece<Commitment>> = own.collect();
        own.sort_by_key(|one| one.what.place.as_ref().map_or(0, |place| place.start));
        let rows = eyes.rows(known, own);
        if session.is_some() || !texts.is_empty() || !rows.is_empty() {
            blocks.push(Block::Head(head));
            blocks.extend(texts);
            blocks.extend(rows.iter().map(|row| item(visitor, row)));
        }
    };
    for session in known.sessions_of(&series.id) {
        add(eyes.session(&session.what), Some(session.id.as_str()));
    }
    add(words.t("series-apart"), None);
    blocks.extend(visitor.ended().map(Block::Text));
    blocks.push(Block::Text(words.t("frame-political")));
    let label = strictest(known).map(|label| label.text);
    let home = visitor.home_name();
    Paper {
        title: eyes.dialogue(series),
        under: eyes.sides(&series.what.parties),
        head: label.unwrap_or_default(),
        foot: format!("{home} · {}", words.moment(visitor.now)),
        lang: words.tag().to_owned(),
        is: "register",
        blocks,
    }
}
