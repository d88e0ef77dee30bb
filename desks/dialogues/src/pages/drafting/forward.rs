//! Putting a round forward: it becomes a record under the label that somebody chooses, and nobody gets it who may not have what it is made of.
//! With it the text can be moved to another session.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::Released;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::super::follow_up::Ask;
use super::super::meetings::Meetings;
use super::super::view::Eyes;
use super::super::{observers, register_of};
use super::label::{self, alone, label, proposed, unnamed};
use super::{bench_of, draft_of, framed_with, is_of_withdrawn, path, round_path, went_out};
use crate::drafting::bench::Bench;
use crate::drafting::rounds::Rounds;
use crate::drafting::send::put_forward;
use crate::drafting::sources::Sources;
use crate::records::{Part, Place};

/// Who is proposed to get it.
fn whom(visitor: &Visitor, rounds: &Rounds, bench: &Bench) -> Result<Marking, Failure> {
    let taken = bench.takes_up.iter();
    let taken: Vec<_> = taken.filter_map(|id| rounds.round(id)).collect();
    let parties = taken.first().map(|round| &*round.what.parties);
    let sources = Sources::of(&register_of(visitor), rounds, bench)?;
    let labels: Vec<&policy::Label> = sources.labels.iter().collect();
    Ok(proposed(
        visitor,
        &taken,
        parties.unwrap_or_default(),
        &labels,
    ))
}

/// The sessions that the text may be for from this round on.
fn meetings(visitor: &Visitor, rounds: &Rounds) -> Result<Released<Meetings>, Failure> {
    let newest = rounds.newest().ok_or(Failure::Absent)?;
    let (series, _) = rounds.made_for();
    Meetings::of(visitor, &newest.what.parties, series)
}

/// Which of them it is for: as before, where that one is not among them.
fn session(visitor: &Visitor, rounds: &Rounds, meetings: &Meetings) -> Option<Field> {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let (_, session) = rounds.made_for();
    let own = session.filter(|id| meetings.session(id).is_some());
    let before = Choice::new("", words.t("drafting-session-before"));
    let before = own.is_none().then_some(before).into_iter();
    let choices: Vec<Choice> = before.chain(meetings.choices(&eyes)).collect();
    let name = words.t("dialogues-session-one");
    (choices.len() > 1).then(|| {
        Field::new("session", name, Input::List(choices))
            .hint(words.t("drafting-session-hint"))
            .with(own.unwrap_or_default())
            .optional()
    })
}

fn form(
    visitor: &Visitor,
    id: &ObjectId,
    (rounds, meetings): (&Rounds, &Meetings),
    bench: &Bench,
) -> Result<Form, Failure> {
    let form = Form::new(
        visitor,
        format!("dialogues-forward {id}"),
        format!("{}/forward", path(id)),
        visitor.words.t("drafting-forward"),
    )?;
    let marking = whom(visitor, rounds, bench)?;
    let label = label::fields(visitor, &marking)?;
    // What leaves is what was read: words that somebody adds meanwhile don't go along unread.
    let revision = Field::carried("revision", bench.revision.to_string());
    // Nobody moves a text by a session that they did not choose: who put a round forward meanwhile may have moved it.
    let (_, session_before) = rounds.made_for();
    let before = Field::carried("session-before", session_before.unwrap_or_default());
    let form = form.fields(
        session(visitor, rounds, meetings)
            .into_iter()
            .chain([before]),
    );
    Ok(form.fields(label.into_iter().map(Field::fresh).chain([revision])))
}

fn page(
    visitor: &Visitor,
    rounds: Released<(Rounds, Meetings)>,
    bench: &Bench,
    form: Form,
) -> Result<Page, Failure> {
    let (all, _) = rounds.as_ref().into_inner();
    let gives_ours = Sources::of(&register_of(visitor), all, bench)?.gives_ours;
    visitor.page("drafting-forward", rounds, |(rounds, meetings), frame| {
        let eyes = Eyes::new(visitor);
        let mut lead = visitor.words.t2(
            "drafting-forward-lead",
            "number",
            f64::from(bench.round),
            "side",
            eyes.side(&bench.side),
        );
        if gives_ours {
            lead = format!("{lead} {}", visitor.words.t("drafting-forward-ours"));
        }
        let labels: Vec<&policy::Label> = meetings.labels().collect();
        Ok(Ask {
            frame: framed_with(visitor, &rounds, (frame, true), &labels),
            lead,
            form,
        })
    })
}

/// What is in preparation, to be put forward: not where it begins from what was withdrawn since.
fn ready(visitor: &Visitor, id: &ObjectId, rounds: &Rounds) -> Result<Bench, Failure> {
    let bench = bench_of(visitor, id, rounds)?.ok_or(Failure::Absent)?;
    match is_of_withdrawn(rounds, &bench) {
        true => Err(Failure::Said(
            StatusCode::CONFLICT,
            "drafting-changed-title",
            "drafting-withdrawn-begun",
        )),
        false => Ok(bench),
    }
}

/// `GET /dialogues/drafts/{id}/forward`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let bench = ready(visitor, &id, rounds.as_ref().into_inner())?;
            let meetings = meetings(visitor, rounds.as_ref().into_inner())?;
            let all = rounds.zip(meetings);
            let (rounds, meetings) = all.as_ref().into_inner();
            let form = form(visitor, &id, (rounds, meetings), &bench)?.resumed(visitor)?;
            page(visitor, all, &bench, form)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/forward`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            if let Some(round) = went_out(visitor, &id, rounds.as_ref().into_inner())? {
                let said = visitor.said_of_sent("drafting-forwarded", &round)?;
                return Ok(Move::to(round_path(&id, &round)).saying(said).into());
            }
            let bench = ready(visitor, &id, rounds.as_ref().into_inner())?;
            let meetings = meetings(visitor, rounds.as_ref().into_inner())?;
            let found = rounds.zip(meetings);
            let (all, meetings) = found.as_ref().into_inner();
            let mut form = form(visitor, &id, (all, meetings), &bench)?.filled(&typed);
            let chosen = form.text("session").to_owned();
            let is_chosen = !chosen.is_empty() && chosen != form.text("session-before");
            let session = meetings.session(&chosen).filter(|_| is_chosen).cloned();
            if session.is_none() && is_chosen {
                form.wrong("session", visitor.words.t("drafting-session-wrong"));
            }
            let said = visitor.words.t("drafting-changed");
            form.meanwhile("revision", "tlp", said);
            let made_of = Sources::of(&register_of(visitor), all, &bench)?;
            let sources: Vec<&policy::Label> = made_of.labels.iter().collect();
            let place = match &session {
                Some(session) => Place::In(Some(session.id.as_str()), Part::Between),
                None => Place::About(id.as_str()),
            };
            let label = label(visitor, &mut form, &place, &sources)?;
            // With nobody named it would stay with us, which is asked once and not taken for meant.
            let parties = all.newest().map(|newest| &*newest.what.parties);
            let unnamed = unnamed(
                visitor,
                &label,
                parties.unwrap_or_default(),
                &whom(visitor, all, &bench)?,
            )?;
            if let (Some(sides), false) = (unnamed, form.is_wrong()) {
                let keys = ["drafting-forward-alone", "drafting-forward-nobody"];
                alone(visitor, (&mut form, &typed), keys, sides);
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, found, &bench, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let before = bench.takes_up.first().and_then(|id| all.round(id));
            let before = before.ok_or(Failure::Absent)?;
            let by = visitor.acting()?;
            let (label, from) = ((label, &*sources), (before, all));
            let sent = put_forward(visitor.node(), by, label, from, session.as_ref(), &bench);
            let Some((round, left_out)) = form.taken(visitor, sent)? else {
                return Ok(page(visitor, found, &bench, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let said = observers::sent(visitor, "drafting-forwarded", &round, &left_out)?;
            Ok(Move::to(round_path(&id, &round)).saying(said).into())
        })
        .await
}
