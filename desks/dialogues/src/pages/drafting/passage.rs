//! One passage, as our side would have it: its words with brackets, out as a whole, joined with the next; a remark.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use policy::Released;
use site::parts::form::{Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::ObjectId;

use super::super::follow_up::Ask;
use super::{bench_of, draft_of, framed, lang, path};
use crate::drafting::bench::Bench;
use crate::drafting::propose::{Wrong, propose, strike, view};
use crate::drafting::rounds::Rounds;
use crate::records::{Passage, Remark};

/// Letters of one passage at most.
const LONGEST: usize = 20_000;

fn form(
    visitor: &Visitor,
    (id, tag): (&ObjectId, &str),
    bench: &Bench,
    passage: &Passage,
) -> Result<Form, Failure> {
    let words = &visitor.words;
    let mark = passage.mark.as_deref().unwrap_or_default();
    let form = Form::new(
        visitor,
        format!("dialogues-passage {id} {mark}"),
        format!("{}/work/{mark}", path(id)),
        words.t("drafting-keep"),
    )?;
    Ok(form.fields([
        Field::new("words", words.t("drafting-passage"), Input::Lines(6))
            .hint(words.t("drafting-passage-hint"))
            .in_language(tag)
            .with(view(passage))
            .optional(),
        Field::new("strike", words.t("drafting-strike"), Input::Tick).optional(),
        Field::new("join", words.t("drafting-join"), Input::Tick).optional(),
        Field::new("remark", words.t("drafting-remark"), Input::Lines(2)).optional(),
        Field::new("on", words.t("drafting-remark-on"), Input::Line)
            .hint(words.t("drafting-remark-on-hint"))
            .optional(),
        Field::carried("revision", bench.revision.to_string()),
    ]))
}

fn page(visitor: &Visitor, rounds: Released<Rounds>, form: Form) -> Result<Page, Failure> {
    visitor.page("drafting-passage-title", rounds, |rounds, frame| {
        let lead = frame.t("drafting-passage-lead");
        let below = rounds
            .newest()
            .and_then(|newest| newest.what.draft_ref.clone());
        let below = below.and_then(|id| ObjectId::parse(&id).ok());
        let name = frame.t("drafting-work");
        let mut frame = framed(visitor, &rounds, frame, true);
        if let Some(draft) = below {
            frame = frame.under(format!("{}/work", path(&draft)), name);
        }
        Ok(Ask { frame, lead, form })
    })
}

/// The preparation and the passage in it.
fn found(
    visitor: &Visitor,
    id: &ObjectId,
    rounds: &Released<Rounds>,
    mark: &str,
) -> Result<(Bench, Passage, String, Vec<String>), Failure> {
    let rounds = rounds.as_ref().into_inner();
    let bench = bench_of(visitor, id, rounds)?.ok_or(Failure::Absent)?;
    let passage = bench.passage(mark).ok_or(Failure::Absent)?.clone();
    if bench.received.is_some() {
        return Err(Failure::Said(
            StatusCode::CONFLICT,
            "drafting-changed-title",
            "drafting-as-it-came",
        ));
    }
    let newest = rounds.newest().ok_or(Failure::Absent)?;
    let parties = newest.what.parties.clone();
    Ok((bench, passage, lang(newest), parties))
}

/// `GET /dialogues/drafts/{id}/work/{mark}`.
pub(in super::super) async fn ask(
    visitor: Visitor,
    Path((uuid, mark)): Path<(String, String)>,
) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (bench, passage, tag, _) = found(visitor, &id, &rounds, &mark)?;
            let form = form(visitor, (&id, &tag), &bench, &passage)?.resumed(visitor)?;
            page(visitor, rounds, form)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/work/{mark}`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path((uuid, mark)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let (mut bench, passage, tag, parties) = found(visitor, &id, &rounds, &mark)?;
            let mut form = form(visitor, (&id, &tag), &bench, &passage)?.filled(&typed);
            let side = bench.side.clone();
            let text = form.text("words").to_owned();
            if form.text("revision") != bench.revision.to_string() {
                form.wrong("words", visitor.words.t("drafting-changed"));
            } else if text.chars().count() > LONGEST {
                form.wrong("words", visitor.words.t("drafting-text-long"));
            }
            let new = if form.text("strike").is_empty() {
                propose(&passage, &side, &text)
            } else {
                Ok(strike(&passage, &side))
            };
            let (remark, on) = (form.text("remark").to_owned(), form.text("on").to_owned());
            if remark.is_empty() && !on.is_empty() {
                form.wrong("remark", visitor.words.t("drafting-remark-none"));
            } else if !on.is_empty() && !passage.words.contains(&on) && !text.contains(&on) {
                form.wrong("on", visitor.words.t("drafting-remark-on-wrong"));
            }
            let new = match new {
                Ok(new) => new,
                Err(Wrong::Brackets) => {
                    form.wrong("words", visitor.words.t("drafting-brackets"));
                    None
                }
            };
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, rounds, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let new = new.map(|mut new| {
                if !form.text("join").is_empty() && new.joins_by.is_none() {
                    new.joins_by = Some(side.clone());
                    new.state = crate::records::PassageState::Open;
                }
                if !remark.is_empty() {
                    new.remarks.push(Remark {
                        by: side.clone(),
                        words: remark.clone(),
                        at: visitor.at().as_str().to_owned(),
                        on: Some(on.clone()).filter(|on| !on.is_empty()),
                        answers: None,
                    });
                }
                new
            });
            bench.put(&mark, new, &parties);
            bench.save(visitor.node())?;
            form.done(visitor)?;
            Ok(Move::to(format!("{}/work#p-{mark}", path(&id)))
                .saying(visitor.words.t("drafting-kept"))
                .into())
        })
        .await
}
