//! `/dialogues/series/{id}/edit`: a series that is called otherwise now, or that a party has joined. Invariant: it keeps its id, and the
//! names that it had before stay beside it.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};

use super::super::follow_up::Ask;
use super::super::view::{Eyes, path};
use super::super::{object, register_of};
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Dialogue, FormerName, Piece};
use crate::rules::dates::Stretch;

fn form(visitor: &Visitor, piece: &Piece<Dialogue>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let line = |name: &str, key: &str, value: &str| {
        Field::new(name, words.t(key), Input::Line).with(value.to_owned())
    };
    let what = &piece.what;
    let form = Form::new(
        visitor,
        format!("dialogues-series {}", piece.id),
        format!("{}/edit", path(&piece.id)),
        words.t("series-keep"),
    )?;
    Ok(form
        .fields([
            Field::carried("version", piece.modified.as_str()),
            line("name", "series-name", &what.name),
            line(
                "name_fr",
                "series-name-french",
                what.name_fr.as_deref().unwrap_or_default(),
            )
            .optional(),
            line("until", "series-until", "")
                .hint(words.t("dialogues-due-hint"))
                .optional(),
            line("parties", "dialogues-parties", &what.parties.join(", "))
                .hint(words.t("dialogues-actors-hint")),
        ])
        .fields(visitor.label_fields(&Marking::default())?))
}

fn page(visitor: &Visitor, series: Released<Piece<Dialogue>>, form: Form) -> Result<Page, Failure> {
    visitor.page("series-edit", series, |series, frame| {
        let (name, lead) = (frame.t("dialogues-title"), frame.t("series-lead"));
        let mut frame = frame
            .under("/dialogues", name)
            .under(path(&series.id), Eyes::new(visitor).dialogue(&series));
        if let Some(label) = super::super::view::label(&series) {
            frame = frame.label(label);
        }
        Ok(Ask { frame, lead, form })
    })
}

fn series(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Dialogue>>, Failure> {
    let id = object("dialogue", uuid)?;
    let series = register_of(visitor)
        .one::<Dialogue>(&id)?
        .ok_or(Failure::Absent)?;
    let author = series.as_ref().map(|one| one.author.clone()).into_inner();
    if author != visitor.node().home().id {
        return Err(Failure::Said(
            StatusCode::CONFLICT,
            "series-edit",
            "series-theirs",
        ));
    }
    Ok(series)
}

/// `GET /dialogues/series/{id}/edit`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let series = series(visitor, &uuid)?;
            let form = form(visitor, series.as_ref().into_inner())?.resumed(visitor)?;
            page(visitor, series, form)
        })
        .await
}

/// `POST /dialogues/series/{id}/edit`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let series = series(visitor, &uuid)?;
            let piece = series.as_ref().into_inner().clone();
            let mut form = form(visitor, &piece)?.filled(&typed);
            let name = form.need("name");
            let parties = parties(&form.need("parties"));
            if form.text("version") != piece.modified.as_str() {
                form.wrong("name", visitor.words.t("drafting-changed"));
            }
            let text = |name: &str| {
                Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty())
            };
            let (name_fr, until) = (text("name_fr"), text("until"));
            if until
                .as_deref()
                .is_some_and(|day| Stretch::parse(day).is_none())
            {
                form.wrong("until", visitor.words.t("dialogues-due-wrong"));
            }
            if parties.len() < 2 {
                form.wrong("parties", visitor.words.t("series-two-parties"));
            }
            let label = Label::chosen(visitor.node(), &visitor.label_chosen(&mut form));
            if label.leaves() && !visitor.may_send(crate::DESK) {
                form.wrong("for", visitor.words.t("dialogues-not-releaser"));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, series, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batch = Batch::new(visitor.node(), visitor.person().cloned(), label)?;
            batch.add(piece.revised(renamed(piece.what.clone(), name, name_fr, parties, until)))?;
            batch.send()?;
            form.done(visitor)?;
            Ok(Move::to(path(&piece.id))
                .saying(visitor.words.t("series-kept"))
                .into())
        })
        .await
}

fn parties(typed: &str) -> Vec<String> {
    let named = typed.split([',', ';']).map(str::trim);
    named
        .filter(|name| !name.is_empty())
        .map(|name| names::code_of(name).unwrap_or_else(|| name.to_owned()))
        .collect()
}

/// The series under a new name: the one that it had stays, once.
fn renamed(
    mut what: Dialogue,
    name: String,
    name_fr: Option<String>,
    parties: Vec<String>,
    until: Option<String>,
) -> Dialogue {
    if name != what.name {
        let former = std::mem::replace(&mut what.name, name);
        what.former_names.retain(|known| known.name != former);
        what.former_names.push(FormerName {
            name: former,
            until,
        });
    }
    what.name_fr = name_fr;
    what.parties = parties;
    what
}
