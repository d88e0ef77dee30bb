//! Beginning a draft for a session: its title and first paragraphs, under a label.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::super::follow_up::Ask;
use super::super::view::{Eyes, path as path_of};
use super::super::{object, observers, register_of};
use super::label::{self, label};
use crate::drafting::send::{Beginning, begin};
use crate::records::{Part, Piece, Place, Session};

/// Paragraphs that a draft may begin with.
const MOST: usize = 400;

fn form(visitor: &Visitor, id: &ObjectId) -> Result<Form, Failure> {
    let words = &visitor.words;
    let action = format!("{}/drafts/new", path_of(id));
    let name = format!("dialogues-draft {id}");
    let languages = [
        Choice::new("en", words.t("drafting-language-en")),
        Choice::new("fr", words.t("drafting-language-fr")),
    ];
    let form = Form::new(visitor, name, action, words.t("drafting-begin"))?.long();
    Ok(form
        .fields([
            Field::new("title", words.t("drafting-title"), Input::Line),
            Field::new(
                "language",
                words.t("drafting-language"),
                Input::One(languages.to_vec()),
            )
            .with(if words.tag().starts_with("fr") {
                "fr"
            } else {
                "en"
            }),
            Field::new("text", words.t("drafting-text"), Input::Lines(12))
                .hint(words.t("drafting-text-hint")),
        ])
        .fields(label::fields(visitor, &Marking::default())?))
}

fn page(visitor: &Visitor, session: Released<Piece<Session>>, form: Form) -> Result<Page, Failure> {
    visitor.page("drafting-begin", session, |session, frame| {
        let eyes = Eyes::new(visitor);
        let (name, drafts) = (frame.t("dialogues-title"), frame.t("drafting-drafts"));
        let lead = visitor.words.t1(
            "drafting-begin-lead",
            "session",
            eyes.session(&session.what),
        );
        let frame = frame.under("/dialogues", name);
        let (mut frame, labels) = super::of_session(visitor, &session, frame);
        if let Some(label) = desk::strictest(&labels) {
            frame = frame.label(label);
        }
        Ok(Ask {
            frame: frame.under(format!("{}/drafts", path_of(&session.id)), drafts),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/sessions/{id}/drafts/new`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("session", &uuid)?;
            let session = register_of(visitor)
                .one::<Session>(&id)?
                .ok_or(Failure::Absent)?;
            page(visitor, session, form(visitor, &id)?.resumed(visitor)?)
        })
        .await
}

/// The paragraphs of a text: what empty lines part; without any, its lines.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let parts: Vec<&str> = if text.trim().contains("\n\n") {
        text.split("\n\n").collect()
    } else {
        text.lines().collect()
    };
    parts
        .into_iter()
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}

/// `POST /dialogues/sessions/{id}/drafts/new`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = object("session", &uuid)?;
            let session = register_of(visitor)
                .one::<Session>(&id)?
                .ok_or(Failure::Absent)?;
            let mut form = form(visitor, &id)?.filled(&typed);
            let (title, text) = (form.need("title"), form.need("text"));
            let paragraphs = paragraphs(&text);
            if text.contains(['[', ']']) {
                form.wrong("text", visitor.words.t("drafting-text-brackets"));
            } else if paragraphs.len() > MOST {
                form.wrong("text", visitor.words.t("drafting-text-long"));
            }
            let place = Place::In(Some(id.as_str()), Part::Between);
            let label = label(visitor, &mut form, &place, &[])?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, session, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let lang = match form.text("language") {
                "fr" => "fr",
                _ => "en",
            };
            let beginning = Beginning {
                title,
                lang: lang.to_owned(),
                paragraphs: paragraphs.into_iter().map(|words| (words, None)).collect(),
            };
            let shown = session.clone();
            let session = session.into_inner();
            let by = visitor.acting()?;
            let begun = begin(visitor.node(), by, label, &session, beginning);
            let Some((draft, left_out)) = form.taken(visitor, begun)? else {
                return Ok(page(visitor, shown, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let said = observers::sent(visitor, "drafting-begun", &draft, &left_out)?;
            Ok(Move::to(super::path(&draft)).saying(said).into())
        })
        .await
}
