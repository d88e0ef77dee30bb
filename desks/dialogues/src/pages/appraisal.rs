//! Our own judgment on how a side kept a commitment. It is written for this node's own participant alone; the scale is that of the G7
//! Research Group, and nothing ever adds it up. How it goes out, is replied to and read stands in the rooms below.

pub(super) mod release;
pub(super) mod reply;
pub(super) mod stand;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::follow_up::Ask;
use super::view::{Eyes, path};
use super::{object, register_of};
use crate::compose::{Batch, Label};
use crate::records::{Appraisal, Commitment, NewPiece, Piece};

fn form(visitor: &Visitor, id: &ObjectId, one: &Piece<Commitment>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let eyes = Eyes::new(visitor);
    let sides = one
        .what
        .actors
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)));
    let scores = ["1", "0", "-1"].map(|score| {
        Choice::new(
            score,
            words.t(&format!("dialogues-score-{}", score.replace('-', "minus-"))),
        )
    });
    let action = format!("{}/appraisal", path(id));
    let form = Form::new(
        visitor,
        format!("dialogues-appraisal {id}"),
        action,
        words.t("dialogues-appraisal-keep"),
    )?;
    Ok(form.fields([
        Field::new(
            "of",
            words.t("dialogues-appraisal-of"),
            Input::One(sides.collect()),
        ),
        Field::new("basis", words.t("dialogues-appraisal-basis"), Input::Line),
        Field::new(
            "score",
            words.t("dialogues-appraisal-score"),
            Input::One(scores.to_vec()),
        )
        .optional(),
        Field::new(
            "account",
            words.t("dialogues-appraisal-account"),
            Input::Lines(4),
        )
        .optional(),
    ]))
}

fn page(
    visitor: &Visitor,
    one: policy::Released<Piece<Commitment>>,
    form: Form,
) -> Result<Page, Failure> {
    visitor.page("dialogues-appraisal", one, |one, frame| {
        let name = frame.t("dialogues-title");
        let lead = frame.t1(
            "dialogues-appraisal-lead",
            "words",
            site::shown_words(&one.what.words),
        );
        let frame = frame
            .under("/dialogues", name)
            .under(path(&one.id), site::shorten(&site::shown(&one.what.words)));
        Ok(Ask {
            frame: frame.label(site::Tlp::of(policy::Tlp::AmberStrict)),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/commitments/{id}/appraisal`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("commitment", &uuid)?;
            let one = register_of(visitor)
                .one::<Commitment>(&id)?
                .ok_or(Failure::Absent)?;
            let form = one
                .as_ref()
                .map(|one| form(visitor, &id, one))
                .into_inner()?
                .resumed(visitor)?;
            page(visitor, one, form)
        })
        .await
}

/// `POST /dialogues/commitments/{id}/appraisal`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = object("commitment", &uuid)?;
            let one = register_of(visitor)
                .one::<Commitment>(&id)?
                .ok_or(Failure::Absent)?;
            let mut form = one
                .as_ref()
                .map(|one| form(visitor, &id, one))
                .into_inner()?
                .filled(&typed);
            let (of, basis) = (form.need("of"), form.need("basis"));
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, Label::Ours);
            batch.add(
                NewPiece::of(Appraisal {
                    about_ref: id.to_string(),
                    of,
                    by: visitor.node().home().id.to_string(),
                    basis,
                    score: form.text("score").parse().ok(),
                    account: Some(form.text("account").trim().to_owned())
                        .filter(|text| !text.is_empty()),
                    released_by: None,
                    reply_ref: None,
                    period: None,
                    reply_by: None,
                    replies: Vec::new(),
                })
                .in_language(visitor.words.tag()),
            )?;
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            Ok(Move::to(path(&id))
                .saying(visitor.words.t("dialogues-appraised"))
                .into())
        })
        .await
}
