//! Saying what became of a commitment, for one's own part.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Move, Page, Reply, Visitor, nothing};
use stix::ObjectId;

use super::view::path;
use super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::records::{Commitment, Evidence, FollowUp, NewPiece, Piece, Place, State};
use crate::rules::accounts::states_for_itself;

/// A form with what it is for.
#[derive(Template)]
#[template(path = "dialogues/form.html")]
pub(super) struct Ask {
    pub(super) frame: Frame,
    pub(super) lead: String,
    pub(super) form: Form,
}

fn form(
    visitor: &Visitor,
    id: &ObjectId,
    known: Option<&Piece<FollowUp>>,
) -> Result<Form, Failure> {
    let words = &visitor.words;
    let states = State::ALL.iter().map(|state| {
        Choice::new(
            state.as_str(),
            words.t(&format!(
                "dialogues-state-{}",
                state.as_str().replace('_', "-")
            )),
        )
    });
    let action = format!("{}/follow-up", path(id));
    let form = Form::new(
        visitor,
        format!("dialogues-follow-up {id}"),
        action,
        words.t("dialogues-follow-up-send"),
    )?;
    let mut state = Field::new(
        "state",
        words.t("dialogues-follow-up-state"),
        Input::One(states.collect()),
    );
    let mut account = Field::new(
        "account",
        words.t("dialogues-follow-up-account"),
        Input::Lines(4),
    )
    .optional();
    if let Some(known) = known {
        state = state.with(known.what.state.as_str());
        account = account.with(known.what.account.clone().unwrap_or_default());
    }
    Ok(form
        .fields([
            state,
            account,
            Field::new("as_of", words.t("dialogues-follow-up-as-of"), Input::Day).optional(),
            Field::new(
                "evidence",
                words.t("dialogues-follow-up-evidence"),
                Input::Line,
            )
            .hint(words.t("dialogues-follow-up-evidence-hint"))
            .optional(),
            Field::new("url", words.t("dialogues-follow-up-url"), Input::Line).optional(),
        ])
        .fields(visitor.label_fields(&Marking::default())?))
}

fn page(
    visitor: &Visitor,
    one: policy::Released<Piece<Commitment>>,
    form: Form,
) -> Result<Page, Failure> {
    visitor.page(
        "dialogues-follow-up-title",
        one.zip(nothing()),
        |(one, ()), frame| {
            let name = frame.t("dialogues-title");
            let mut frame = frame.under("/dialogues", name);
            if let Some(label) = super::view::label(&one) {
                frame = frame.label(label);
            }
            Ok(Ask {
                lead: site::shown_lines(&one.what.words),
                frame,
                form,
            })
        },
    )
}

/// What our side said before, so that saying more is a new version of it.
fn before(visitor: &Visitor, id: &ObjectId) -> Result<Option<Piece<FollowUp>>, Failure> {
    let said = register_of(visitor)
        .having::<FollowUp>("follow_up.about", id.as_str(), 100)?
        .into_inner();
    Ok(said
        .into_iter()
        .find(|piece| piece.author == visitor.node().home().id))
}

/// What our side says became of it.
pub(crate) struct Said {
    pub(crate) state: State,
    pub(crate) account: Option<String>,
    pub(crate) as_of: Option<String>,
    /// What shows it, and where that is found.
    pub(crate) evidence: Option<(String, Option<String>)>,
}

/// States it: a new version of what our side said before, or the first. With the observers who were named and do not get it.
pub(crate) fn say(
    visitor: &Visitor,
    id: &ObjectId,
    one: &policy::Released<Piece<Commitment>>,
    said: Said,
    label: Label,
) -> Result<(ObjectId, Vec<ObjectId>), Failure> {
    let known = before(visitor, id)?;
    let ours = crate::names::ours(visitor.node());
    let commitment = one
        .as_ref()
        .map(|one| (one.what.actors.clone(), one.what.dialogue_ref.clone()));
    let (actors, dialogue_ref) = commitment.into_inner();
    // The name under which the text itself speaks of us, so that both accounts meet.
    let side = actors.into_iter().find(|actor| ours.contains(actor));
    let what = FollowUp {
        about_ref: id.to_string(),
        side: side.unwrap_or_else(|| visitor.node().home().id.to_string()),
        state: said.state,
        dialogue_ref,
        account: said.account,
        as_of: said.as_of,
        evidence: said
            .evidence
            .map(|(title, url)| Evidence {
                title,
                url,
                object_ref: None,
                date: None,
            })
            .into_iter()
            .collect(),
        superseded_by_ref: None,
    };
    if !states_for_itself(&what, &ours) {
        return Err(Failure::Absent);
    }
    let mut batch = Batch::new(visitor.node(), visitor.acting()?, label);
    let piece = batch.add(match &known {
        Some(known) => known.revised(what),
        None => NewPiece::of(what).in_language(visitor.words.tag()),
    })?;
    let left_out = batch.left_out();
    batch.send()?;
    Ok((piece.id, left_out))
}

/// `GET /dialogues/commitments/{id}/follow-up`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("commitment", &uuid)?;
            let one = register_of(visitor)
                .one::<Commitment>(&id)?
                .ok_or(Failure::Absent)?;
            let form = form(visitor, &id, before(visitor, &id)?.as_ref())?.resumed(visitor)?;
            page(visitor, one, form)
        })
        .await
}

/// `POST /dialogues/commitments/{id}/follow-up`.
pub(super) async fn send(visitor: Visitor, Path(uuid): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let id = object("commitment", &uuid)?;
            let one = register_of(visitor)
                .one::<Commitment>(&id)?
                .ok_or(Failure::Absent)?;
            let known = before(visitor, &id)?;
            let mut form = form(visitor, &id, known.as_ref())?.filled(&typed);
            let state = State::named(&form.need("state"));
            let url = form.text("url").trim().to_owned();
            if !url.is_empty() && !url.starts_with("https://") {
                form.wrong("url", visitor.words.t("dialogues-follow-up-url-wrong"));
            }
            let label = Label::chosen(visitor.node(), &visitor.label_chosen(&mut form));
            if label.leaves() && !visitor.may_send(crate::DESK) {
                form.wrong("for", visitor.words.t("dialogues-not-releaser"));
            }
            observers::circles(visitor, &mut form, &label, &Place::About(id.as_str()))?;
            let (Some(state), false) = (state, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let text = |name: &str| {
                Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty())
            };
            let said = Said {
                state,
                account: text("account"),
                as_of: text("as_of"),
                evidence: text("evidence").map(|title| (title, text("url"))),
            };
            let Some((_, left_out)) = form.taken(visitor, say(visitor, &id, &one, said, label))?
            else {
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let said = observers::told(visitor, "dialogues-follow-up-sent", &left_out);
            Ok(Move::to(path(&id)).saying(said).into())
        })
        .await
}
