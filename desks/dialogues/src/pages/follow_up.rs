//! Saying what became of a commitment, for one's own part.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Move, Page, Reply, Visitor, nothing};
use stix::ObjectId;

use super::taking_back::{ACCOUNT, asked_first};
use super::view::path;
use super::{object, observers, register_of};
use crate::compose::{Batch, Label};
use crate::records::{Commitment, Evidence, FollowUp, NewPiece, Piece, Place, Session, State};
use crate::rules::accounts::{is_ours, states_for_itself};

/// A form with what it is for.
#[derive(Template)]
#[template(path = "dialogues/form.html")]
pub(super) struct Ask {
    pub(super) frame: Frame,
    pub(super) lead: String,
    pub(super) form: Form,
}

/// A form about words of a text, which stand over it as they are.
#[derive(Template)]
#[template(path = "dialogues/form-of.html")]
pub(super) struct AskOf {
    pub(super) frame: Frame,
    pub(super) words: String,
    pub(super) lang: String,
    /// What to know before it is sent.
    pub(super) notice: Option<String>,
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
    let form = Form::new(visitor, format!("dialogues-follow-up {id}"), action, "")?
        .by_label(words.t("dialogues-follow-up-send"));
    let line = |name: &str, key: &str| Field::new(name, words.t(key), Input::Line).optional();
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
    let mut as_of =
        Field::new("as_of", words.t("dialogues-follow-up-as-of"), Input::Day).optional();
    let mut evidence = line("evidence", "dialogues-follow-up-evidence")
        .hint(words.t("dialogues-follow-up-evidence-hint"));
    let mut url = line("url", "dialogues-follow-up-url");
    let mut marking = Marking::default();
    // What is said anew begins with what stands, whom it goes to above all.
    if let Some(known) = known {
        let what = &known.what;
        state = state.with(what.state.as_str());
        account = account.with(what.account.clone().unwrap_or_default());
        as_of = as_of.with(what.as_of.clone().unwrap_or_default());
        if let Some(first) = what.evidence.first() {
            evidence = evidence.with(&*first.title);
            url = url.with(first.url.clone().unwrap_or_default());
        }
        let stands = super::anew::standing(visitor, known)?;
        marking = stands.as_ref().map(Label::marking).unwrap_or_default();
    }
    let version = known.map_or("", |known| known.modified.as_str());
    Ok(form
        .field(Field::carried("version", version))
        .fields([state, account, as_of, evidence, url])
        .fields(visitor.label_fields(&marking)?))
}

/// What shows it: the one that the form asks for, in the place of the first that stood; the others stay.
fn shown_by(
    known: Option<&Piece<FollowUp>>,
    title: Option<String>,
    url: Option<String>,
) -> Vec<Evidence> {
    let mut stood = known
        .map(|known| known.what.evidence.clone())
        .unwrap_or_default()
        .into_iter();
    let first = stood.next();
    let asked = title.map(|title| {
        let same = first.filter(|first| first.title == title);
        Evidence {
            url,
            object_ref: same.as_ref().and_then(|same| same.object_ref.clone()),
            date: same.and_then(|same| same.date),
            title,
        }
    });
    asked.into_iter().chain(stood).collect()
}

fn page(visitor: &Visitor, one: Released<Piece<Commitment>>, form: Form) -> Result<Page, Failure> {
    visitor.page(
        "dialogues-follow-up-title",
        one.zip(nothing()),
        |(one, ()), frame| {
            let name = frame.t("dialogues-title");
            let mut frame = frame.under("/dialogues", name);
            if let Some(label) = super::view::label(&one) {
                frame = frame.label(label);
            }
            let frame = frame.under(path(&one.id), site::shorten(&site::shown(&one.what.words)));
            Ok(AskOf {
                words: site::shown_words(&one.what.words),
                lang: one.lang.clone().unwrap_or_default(),
                notice: None,
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
    pub(crate) evidence: Vec<Evidence>,
}

/// The label that what our side wrote before has, or waits for; where it wrote nothing, that of our side alone.
pub(crate) fn in_force<T>(visitor: &Visitor, known: Option<&Piece<T>>) -> Result<Label, Failure> {
    let stands = known.map(|known| super::anew::standing(visitor, known));
    let stands = stands.transpose()?.flatten();
    Ok(stands.as_ref().map_or(Label::Ours, Label::same))
}

/// States it: a new version of what our side said before, or the first; without a label, under the one in force. With the observers who were named and do not get it.
pub(crate) fn say(
    visitor: &Visitor,
    id: &ObjectId,
    one: &Released<Piece<Commitment>>,
    said: Said,
    label: Option<Label>,
) -> Result<(ObjectId, Vec<ObjectId>), Failure> {
    let known = before(visitor, id)?;
    may_be_said(visitor, one, known.as_ref())?;
    let label = match label {
        Some(label) => label,
        None => in_force(visitor, known.as_ref())?,
    };
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
        evidence: said.evidence,
        // By what it is superseded stays said as long as it is.
        superseded_by_ref: known
            .as_ref()
            .filter(|known| known.what.state == said.state)
            .and_then(|known| known.what.superseded_by_ref.clone()),
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

/// Of a commitment that others made there is no part of ours to speak of; what was said of it before can be said anew, if a form can keep
/// its label.
fn may_be_said(
    visitor: &Visitor,
    one: &Released<Piece<Commitment>>,
    known: Option<&Piece<FollowUp>>,
) -> Result<(), Failure> {
    const TITLE: &str = "dialogues-follow-up-title";
    if let Some(known) = known {
        return super::anew::can_be_kept(visitor, known, TITLE);
    }
    let ours = crate::names::ours(visitor.node());
    let of = one.as_ref().map(|one| one.what.session_ref.clone());
    let of = of.into_inner().and_then(|id| id.parse().ok());
    let session = of.map(|id| register_of(visitor).one::<Session>(&id));
    let session = session.transpose()?.flatten().map(Released::into_inner);
    let session = session.as_ref().map(|session| &session.what);
    match one
        .as_ref()
        .map(|one| is_ours(&one.what, session, &ours))
        .into_inner()
    {
        true => Ok(()),
        false => Err(Failure::Said(
            StatusCode::CONFLICT,
            TITLE,
            "dialogues-follow-up-not-ours",
        )),
    }
}

/// `GET /dialogues/commitments/{id}/follow-up`.
pub(super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("commitment", &uuid)?;
            let one = register_of(visitor)
                .one::<Commitment>(&id)?
                .ok_or(Failure::Absent)?;
            let known = before(visitor, &id)?;
            may_be_said(visitor, &one, known.as_ref())?;
            let form = form(visitor, &id, known.as_ref())?.resumed(visitor)?;
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
            may_be_said(visitor, &one, known.as_ref())?;
            let mut form = form(visitor, &id, known.as_ref())?.filled(&typed);
            let state = State::named(&form.need("state"));
            form.meanwhile("version", "state", visitor.words.t("edit-meanwhile"));
            let url = form.text("url").trim().to_owned();
            if !url.is_empty() && !url.starts_with("https://") {
                form.wrong("url", visitor.words.t("dialogues-follow-up-url-wrong"));
            }
            let marking = visitor.label_chosen(&mut form);
            let label = Label::chosen(visitor.node(), &marking);
            observers::circles(visitor, &mut form, &label, &Place::About(id.as_str()))?;
            let record = known.iter().map(|known| &known.id);
            asked_first(visitor, (&mut form, &typed), record, &marking, ACCOUNT)?;
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
                evidence: shown_by(known.as_ref(), text("evidence"), text("url")),
            };
            let Some((said_in, left_out)) =
                form.taken(visitor, say(visitor, &id, &one, said, Some(label)))?
            else {
                return Ok(page(visitor, one, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let said = observers::sent(visitor, "dialogues-follow-up-sent", &said_in, &left_out)?;
            Ok(Move::to(path(&id)).saying(said).into())
        })
        .await
}
