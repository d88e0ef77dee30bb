//! Confirming a reading: where it belongs, whose text it is; and it enters the register.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor, shown};

use super::apart::told_apart;
use super::follow_up::Ask;
use super::reading::{find, labeled};
use super::register_of;
use super::view::{Eyes, path};
use crate::compose::Label;
use crate::import::Heard;
use crate::import::{
    Decision, Reading, SameWords, Stage, Suggestion, Where, confirm as write, on_the_day, suggest,
};
use crate::records::{Act, Dialogue, Piece, Session, SessionState, Standing, Weight};
use crate::rules::announced::lies_ahead;
use crate::rules::dates::contradict;

fn confirm_form(visitor: &Visitor, reading: &Reading, found: &Suggestion) -> Result<Form, Failure> {
    let words = &visitor.words;
    let eyes = Eyes::new(visitor);
    let standings = Standing::ALL.iter().map(|one| {
        Choice::new(
            one.as_str(),
            words.t(&format!(
                "dialogues-standing-{}",
                one.as_str().replace('_', "-")
            )),
        )
    });
    let new = || Choice::new("", words.t("dialogues-new"));
    let sides = reading
        .corrected
        .parties
        .iter()
        .map(|side| Choice::new(side, eyes.side(side)));
    let named = |piece: &Piece<Dialogue>| {
        let every = found.dialogues.iter().chain(&found.joined);
        Choice::new(piece.id.as_str(), told_apart(&eyes, piece, every))
    };
    let series: Vec<Choice> = found.dialogues.iter().map(named).collect();
    let joined = found.joined.iter().map(named);
    // The likeliest is chosen already; one that a party would have joined never is.
    let chosen_series = series
        .first()
        .map(|choice| choice.value.clone())
        .unwrap_or_default();
    let series: Vec<Choice> = series.into_iter().chain(joined).collect();
    let session = |piece: &Piece<Session>| {
        let mut all = found.dialogues.iter();
        // Of several series, each may have a session of that number or day.
        let series = all
            .find(|series| series.id.as_str() == piece.what.dialogue_ref)
            .filter(|_| found.dialogues.len() > 1)
            .map(|series| told_apart(&eyes, series, &found.dialogues));
        let called = series.into_iter().chain([eyes.session(&piece.what)]);
        let called = called.collect::<Vec<_>>().join(&words.t("format-comma"));
        Choice::new(piece.id.as_str(), called)
    };
    let sessions: Vec<Choice> = found.sessions.iter().map(session).collect();
    let texts: Vec<Choice> = found
        .texts
        .iter()
        .map(|piece| Choice::new(piece.id.as_str(), shown(&piece.what.title)))
        .collect();
    let weights = Weight::ALL.iter().map(|one| {
        Choice::new(
            one.as_str(),
            words.t(&format!("dialogues-weight-{}", one.as_str())),
        )
    });
    let list = |choices: Vec<Choice>| Input::List(std::iter::once(new()).chain(choices).collect());
    let action = format!("/dialogues/readings/{}/confirm", reading.id);
    let form = Form::new(
        visitor,
        format!("dialogues-confirm {}", reading.id),
        action,
        words.t("dialogues-confirm"),
    )?
    .long();
    let standing = found.standing.unwrap_or(Standing::Joint);
    let chosen_session = found
        .sessions
        .first()
        .filter(|session| session.what.dialogue_ref == chosen_series)
        .map(|session| session.id.to_string())
        .unwrap_or_default();
    let others = found.others.iter().map(session);
    let sessions: Vec<Choice> = sessions.into_iter().chain(others).collect();
    Ok(form.fields(
        [
            Field::carried("revision", reading.revision.to_string()),
            Field::new(
                "standing",
                words.t("dialogues-standing"),
                Input::One(standings.collect()),
            )
            .with(standing.as_str()),
            Field::new(
                "reported_by",
                words.t("dialogues-issued-by"),
                Input::One(sides.collect()),
            )
            .hint(words.t("dialogues-issued-by-hint"))
            .optional(),
            Field::new("dialogue", words.t("dialogues-series"), list(series))
                .with(chosen_series)
                .hint(words.t("series-joins"))
                .optional(),
            Field::new("name", words.t("dialogues-series-name"), Input::Line).optional(),
            Field::new("session", words.t("dialogues-session-one"), list(sessions))
                .with(chosen_session)
                .optional(),
            Field::new(
                "version_of",
                words.t("dialogues-version-of"),
                list(texts.clone()),
            )
            .optional(),
            Field::new(
                "weight",
                words.t("dialogues-weight"),
                Input::One(weights.collect()),
            )
            .optional(),
            Field::new("replaces", words.t("dialogues-replaces"), list(texts)).optional(),
            Field::new("others", words.t("dialogues-record-others"), Input::Tick)
                .with("yes")
                .optional(),
        ]
        .map(Field::fresh),
    ))
}

fn confirm_page(
    visitor: &Visitor,
    reading: &Reading,
    found: Released<Suggestion>,
    form: Form,
) -> Result<Page, Failure> {
    let id = reading.id.clone();
    visitor.page("dialogues-confirm-title", found, |found, frame| {
        let name = frame.t("dialogues-title");
        let all = frame.t("dialogues-reading");
        let lead = match &found.same {
            Some(_) => frame.t("dialogues-same-words"),
            None => remarked(&Eyes::new(visitor), &reading.corrected, &found)
                .unwrap_or_else(|| frame.t("dialogues-confirm-lead")),
        };
        Ok(Ask {
            frame: labeled(visitor, reading, frame)?
                .under("/dialogues", name)
                .under(format!("/dialogues/readings/{id}"), all),
            lead,
            form,
        })
    })
}

/// What is to be looked at before it is entered: dates that don't go together, and another session on the day.
fn remarked(eyes: &Eyes<'_>, heard: &Heard, found: &Suggestion) -> Option<String> {
    let words = eyes.words;
    let mut said = Vec::new();
    if !found.conflicts.is_empty() {
        said.push(words.t("dialogues-dates-contradict"));
    }
    match found.sessions.first() {
        Some(one) if one.what.state == SessionState::Planned => {
            let start = heard.event.start.as_ref().or(one.what.start.as_ref());
            // The other side's own, and what others have, stays as it stands.
            let ours = one.author == eyes.node.home().id
                && !one
                    .label
                    .as_ref()
                    .is_some_and(|label| Label::same(label).leaves());
            if ours && start.is_some_and(|start| !lies_ahead(start, eyes.now)) {
                said.push(words.t1("confirm-planned", "session", eyes.session(&one.what)));
            }
        }
        Some(one) => {
            let dates = one.what.start.as_deref().zip(heard.event.start.as_deref());
            if let Some((was, is)) = dates.filter(|(was, is)| contradict(was, is)) {
                let (is, was) = (eyes.date(is), eyes.date(was));
                said.push(words.t2("confirm-apart", "is", is, "was", was));
            }
        }
        None => {
            if let Some(one) = on_the_day(&found.others, heard) {
                let session = eyes.session(&one.what);
                said.push(words.t1("confirm-same-day", "session", session));
            }
        }
    }
    (!said.is_empty()).then(|| said.join(" "))
}

/// `GET /dialogues/readings/{id}/confirm`.
pub(super) async fn ask(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let reading = find(visitor, &id)?;
            let found = suggest(&register_of(visitor), &reading)?;
            let form = found
                .as_ref()
                .map(|found| confirm_form(visitor, &reading, found))
                .into_inner()?
                .resumed(visitor)?;
            confirm_page(visitor, &reading, found, form)
        })
        .await
}

/// `POST /dialogues/readings/{id}/confirm`.
pub(super) async fn confirm(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut reading = find(visitor, &id)?;
            let found = suggest(&register_of(visitor), &reading)?;
            let form = found
                .as_ref()
                .map(|found| confirm_form(visitor, &reading, found))
                .into_inner()?;
            let mut form = form.filled(&typed);
            let standing = Standing::named(&form.need("standing"));
            let chosen = |form: &Form, name: &str| stix::ObjectId::parse(form.text(name)).ok();
            let at = |form: &Form, name: &str| chosen(form, name).map_or(Where::New, Where::There);
            let reported_by =
                Some(form.text("reported_by").to_owned()).filter(|side| !side.is_empty());
            if standing.is_some_and(Standing::is_one_sided) && reported_by.is_none() {
                form.wrong("reported_by", visitor.words.t("dialogues-issued-by-wrong"));
            }
            if at(&form, "dialogue") == Where::New && reading.corrected.parties.is_empty() {
                form.wrong("dialogue", visitor.words.t("dialogues-no-parties"));
            }
            let of = chosen(&form, "session").and_then(|id| {
                let all = found.as_ref().into_inner();
                let mut all = all.sessions.iter().chain(&all.others);
                let piece = all.find(|piece| piece.id == id)?;
                Some(piece.what.dialogue_ref.clone())
            });
            if of.is_some_and(|of| of != form.text("dialogue")) {
                form.wrong("session", visitor.words.t("confirm-other-series"));
            }
            // Who corrected it last knows of it, and of what stood before that.
            if reading.is_others(visitor.person()) {
                let said = visitor.words.t("confirm-meanwhile");
                form.meanwhile("revision", "standing", said);
            }
            if reading.stage == Stage::Confirmed {
                form.wrong("standing", visitor.words.t("dialogues-confirmed-already"));
            } else if found
                .as_ref()
                .map(|found| found.same.is_some())
                .into_inner()
            {
                form.wrong("standing", visitor.words.t("dialogues-same-words"));
            }
            let (Some(standing), false) = (standing, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(confirm_page(visitor, &reading, found, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let others = !form.text("others").is_empty();
            let done = write(
                visitor.node(),
                &mut reading,
                Decision {
                    standing,
                    reported_by,
                    dialogue: at(&form, "dialogue"),
                    name: Some(form.text("name").to_owned()),
                    session: at(&form, "session"),
                    version_of: chosen(&form, "version_of"),
                    weight: Weight::named(form.text("weight")),
                    replaces: chosen(&form, "replaces"),
                    acts: if others {
                        Act::ALL
                            .iter()
                            .copied()
                            .filter(|act| *act != Act::Report)
                            .collect()
                    } else {
                        Vec::new()
                    },
                    label: Label::Ours,
                    by: visitor.acting()?.into(),
                },
            );
            let done = match done {
                Err(error) if error.is::<SameWords>() => {
                    form.wrong("standing", visitor.words.t("dialogues-same-words"));
                    form.keep(visitor)?;
                    None
                }
                done => form.taken(visitor, done)?,
            };
            let Some(done) = done else {
                return Ok(confirm_page(visitor, &reading, found, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let mut said = visitor.words.t(match done.stays_planned {
                true => "confirm-stays-planned",
                false => "dialogues-confirmed",
            });
            // What it is stands on the page: a sentence that is said once names no content.
            if done.beside.is_some() {
                said = format!("{said} {}", visitor.words.t("confirm-beside-there"));
            }
            Ok(Move::to(path(&done.session)).saying(said).into())
        })
        .await
}
