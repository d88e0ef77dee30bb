//! Replying to an appraisal of our own part. Invariant: only the side judged replies, in its own name; its words stand as large as the
//! appraisal, and go to others only as far as it lets them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::{Member, Released, Tlp};
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor, shown};
use stix::ObjectId;

use super::super::anew::can_be_kept;
use super::super::follow_up::Ask;
use super::super::taking_back::{RECORD, asked_first};
use super::super::view::{Eyes, label, path};
use super::super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::names;
use crate::records::{Appraisal, AppraisalReply, NewPiece, Piece, Place};

/// The address at which the side judged replies.
pub(in super::super) fn address(id: &ObjectId) -> String {
    format!("/dialogues/appraisals/{}/reply", id.uuid())
}

/// An appraisal of our part that somebody else made.
fn of_us(visitor: &Visitor, uuid: &str) -> Result<Released<Piece<Appraisal>>, Failure> {
    let id = object("appraisal", uuid)?;
    let one = register_of(visitor).one::<Appraisal>(&id)?;
    let one = one.ok_or(Failure::Absent)?;
    let ours = names::ours(visitor.node());
    let home = &visitor.node().home().id;
    let mine = one
        .as_ref()
        .map(|one| ours.contains(&one.what.of) && one.author != *home);
    if mine.into_inner() {
        Ok(one)
    } else {
        Err(Failure::Absent)
    }
}

/// The key of the page's title.
const TITLE: &str = "appraisal-reply-title";

/// What we replied before, so that saying more is a new version of it.
fn before(visitor: &Visitor, id: &ObjectId) -> Result<Option<Piece<AppraisalReply>>, Failure> {
    let found = register_of(visitor)
        .having::<AppraisalReply>("appraisal_reply.about", id.as_str(), 50)?
        .into_inner();
    let home = &visitor.node().home().id;
    Ok(found.into_iter().find(|one| one.author == *home))
}

fn form(
    visitor: &Visitor,
    one: &Piece<Appraisal>,
    known: Option<&Piece<AppraisalReply>>,
) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        format!("dialogues-appraisal-reply {}", one.id),
        address(&one.id),
        words.t("appraisal-reply"),
    )?;
    let said = known.map(|known| known.what.words.clone());
    let beside = known.is_some_and(|known| known.what.beside);
    let marking = Marking {
        tlp: Some(Tlp::AmberStrict),
        audience: vec![Member::Participant(one.author.clone())],
    };
    Ok(form
        .fields([
            Field::new("words", words.t("appraisal-reply-words"), Input::Lines(6))
                .with(said.unwrap_or_default()),
            Field::new("beside", words.t("appraisal-reply-beside"), Input::Tick)
                .with(if beside { "yes" } else { "" })
                .hint(words.t("appraisal-reply-beside-hint"))
                .optional(),
        ])
        .fields(visitor.label_fields(&marking)?))
}

fn page(visitor: &Visitor, one: Released<Piece<Appraisal>>, form: Form) -> Result<Page, Failure> {
    visitor.page(TITLE, one, |one, frame| {
        let eyes = Eyes::new(visitor);
        let name = frame.t("dialogues-title");
        let mut frame = frame.under("/dialogues", name);
        if let Some(label) = label(&one) {
            frame = frame.label(label);
        }
        let said = one.what.account.as_deref().unwrap_or(&one.what.basis);
        let lead = frame.t2(
            "appraisal-reply-lead",
            "by",
            eyes.side(&one.what.by),
            "words",
            shown(said),
        );
        Ok(Ask { frame, lead, form })
    })
}

/// `GET /dialogues/appraisals/{id}/reply`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let one = of_us(visitor, &uuid)?;
            let piece = one.as_ref().into_inner();
            let known = before(visitor, &piece.id)?;
            if let Some(known) = &known {
                can_be_kept(visitor, known, TITLE)?;
            }
            let form = form(visitor, piece, known.as_ref())?.resumed(visitor)?;
            page(visitor, one, form)
        })
        .await
}

/// `POST /dialogues/appraisals/{id}/reply`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let one = of_us(visitor, &uuid)?;
            let piece = one.as_ref().into_inner().clone();
            let known = before(visitor, &piece.id)?;
            if let Some(known) = &known {
                can_be_kept(visitor, known, TITLE)?;
            }
            let mut form = form(visitor, &piece, known.as_ref())?.filled(&typed);
            let words = form.need("words");
            let marking = visitor.label_chosen(&mut form);
            let label = Label::chosen(visitor.node(), &marking);
            let place = Place::About(&piece.what.about_ref);
            observers::circles(visitor, &mut form, &label, &place)?;
            let record = known.iter().map(|known| &known.id);
            asked_first(visitor, (&mut form, &typed), record, &marking, RECORD)?;
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let what = AppraisalReply {
                about_ref: piece.id.to_string(),
                commitment_ref: piece.what.about_ref.clone(),
                side: piece.what.of.clone(),
                words: words.trim().to_owned(),
                beside: !form.text("beside").is_empty(),
            };
            let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
            let added = batch.add(match &known {
                Some(known) => known.revised(what),
                None => NewPiece::of(what).in_language(visitor.words.tag()),
            })?;
            let left_out = batch.left_out();
            if form.taken(visitor, batch.send())?.is_none() {
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            let about = ObjectId::parse(&piece.what.about_ref).map_err(|_| Failure::Absent)?;
            let said = observers::sent(visitor, "appraisal-replied", &added.id, &left_out)?;
            Ok(Move::to(path(&about)).saying(said).into())
        })
        .await
}
