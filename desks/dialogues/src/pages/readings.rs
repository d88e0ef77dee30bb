//! `/dialogues/readings`: texts that were read and wait for a person; and bringing one in.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::parts::table::{Cell, Column, Filter, Row, Shape, Table};
use site::{Failure, Frame, Link, Move, Page, Reply, Visitor, nothing, shown};

use super::follow_up::Ask;
use super::view::Eyes;
use crate::import::intake::{Intake, Phase, intakes};
use crate::import::{Line, Stage, lines, sources, take_in};

/// Rows of a page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "dialogues/readings.html")]
struct List {
    frame: Frame,
    table: Table,
    brought: Vec<(Link, String)>,
}

/// `GET /dialogues/readings`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (all, brought) = (seen(visitor)?, intakes(visitor.node())?);
            visitor.page("dialogues-readings", nothing(), |(), frame| {
                let name = frame.t("dialogues-title");
                Ok(List {
                    table: table(visitor, all),
                    brought: brought.iter().map(|intake| line(visitor, intake)).collect(),
                    frame: frame.under("/dialogues", name),
                })
            })
        })
        .await
}

/// The readings that the visitor may see.
fn seen(visitor: &Visitor) -> Result<Vec<Line>, Failure> {
    let mut seen = Vec::new();
    for line in lines(visitor.node())? {
        if sources(visitor.node(), visitor.viewer(), &line.made_of)?.is_some() {
            seen.push(line);
        }
    }
    Ok(seen)
}

/// Files that were brought together, and how far they have come.
fn line(visitor: &Visitor, intake: &Intake) -> (Link, String) {
    #[expect(clippy::cast_precision_loss, reason = "files are few")]
    let n = intake.files as f64;
    let words = &visitor.words;
    let date = words.moment(intake.begun);
    let phase = if intake.stopped {
        "stopped"
    } else {
        match intake.phase {
            Phase::Bringing => "bringing",
            Phase::Trying => "trying",
            Phase::Tried => "tried",
            Phase::Taking => "taking",
            Phase::Taken => "taken",
        }
    };
    (
        Link::new(
            format!("/dialogues/intakes/{}", intake.id),
            words.t2("intake-line", "n", n, "date", date),
        ),
        words.t(&format!("intake-phase-{phase}")),
    )
}

fn stage(stage: Stage) -> (&'static str, &'static str, &'static str) {
    match stage {
        Stage::Waiting => ("wait", "waiting", "dialogues-stage-waiting"),
        Stage::Confirmed => ("good", "confirmed", "dialogues-stage-confirmed"),
        Stage::Discarded => ("off", "discarded", "dialogues-stage-discarded"),
        Stage::Unread => ("bad", "unread", "dialogues-stage-unread"),
    }
}

fn table(visitor: &Visitor, all: Vec<Line>) -> Table {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let column = |key: &'static str, name: &str| Column::new(key, words.t(name));
    let columns = vec![
        column("name", "dialogues-name"),
        column("stage", "dialogues-stage"),
        column("parties", "dialogues-parties"),
        column("date", "dialogues-from"),
        column("read", "dialogues-read-on"),
    ];
    let wanted = visitor.asked("stage");
    let named = visitor.asked("words").map(|words| words.to_lowercase());
    let mut fitting = all
        .into_iter()
        .filter(|line| {
            wanted
                .as_deref()
                .is_none_or(|one| one == stage(line.stage).1)
        })
        .filter(|line| {
            named
                .as_ref()
                .is_none_or(|words| line.title.to_lowercase().contains(words))
        })
        .skip_while({
            let after = visitor.asked("after");
            move |line| after.as_ref().is_some_and(|after| line.id != *after)
        });
    if visitor.asked("after").is_some() {
        fitting.next();
    }
    let shown_now: Vec<Line> = fitting.by_ref().take(PAGE).collect();
    let next = fitting
        .next()
        .and(shown_now.last().map(|line| line.id.clone()));
    let rows = shown_now.into_iter().map(|line| {
        let (sign, _, key) = stage(line.stage);
        Row::new(
            format!("/dialogues/readings/{}", line.id),
            vec![
                Cell::In(shown(&line.title), line.language.clone()),
                Cell::State(sign, words.t(key)),
                Cell::Text(eyes.sides(&line.parties)),
                line.start
                    .as_deref()
                    .map_or(Cell::Nothing, |start| Cell::Text(eyes.date(start))),
                Cell::Text(words.moment(line.read)),
            ],
        )
    });
    let stages = [Stage::Waiting, Stage::Confirmed, Stage::Discarded].map(|one| {
        let (_, value, key) = stage(one);
        Choice::new(value, words.t(key))
    });
    let filters = vec![
        Filter::new(
            "stage",
            words.t("dialogues-stage"),
            "dialogues-phrase-stage",
            Shape::One(stages.to_vec()),
        ),
        Filter::new(
            "words",
            words.t("dialogues-name"),
            "dialogues-phrase-words",
            Shape::Words,
        ),
    ];
    Table::new(visitor, words.t("dialogues-readings"), columns)
        .rows(rows.collect::<Vec<_>>())
        .filters(visitor, filters)
        .more(visitor, next)
        .nothing(words.t("dialogues-readings-none"), None)
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "dialogues-reading",
        "/dialogues/readings/new",
        words.t("dialogues-read"),
    )?;
    Ok(form.fields([
        Field::new("name", words.t("dialogues-read-name"), Input::Line).optional(),
        Field::new("text", words.t("dialogues-read-text"), Input::Lines(16))
            .hint(words.t("dialogues-read-hint")),
    ]))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("dialogues-read-one", nothing(), |(), frame| {
        let lead = frame.t("dialogues-read-lead");
        let name = frame.t("dialogues-title");
        let all = frame.t("dialogues-readings");
        Ok(Ask {
            frame: frame
                .under("/dialogues", name)
                .under("/dialogues/readings", all),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/readings/new`.
pub(super) async fn ask(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /dialogues/readings/new`.
pub(super) async fn send(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = form(visitor)?.filled(&typed);
            let text = form.need("text");
            if !form.is_wrong() {
                let name = form.text("name").trim().to_owned();
                let name = if name.is_empty() {
                    visitor.words.t("dialogues-read-pasted")
                } else {
                    name
                };
                match take_in(visitor.node(), &name, text.as_bytes(), visitor.person()) {
                    Ok(reading) => {
                        form.done(visitor)?;
                        return Ok(Move::to(format!("/dialogues/readings/{}", reading.id)).into());
                    }
                    Err(error) if error.is::<node::Above>() => {
                        form.wrong("text", visitor.words.t("form-above"));
                    }
                    Err(error) => match error.downcast_ref::<text::Failure>() {
                        Some(failure) => form.wrong("text", unread(visitor, failure)),
                        None => return Err(error.into()),
                    },
                }
            }
            form.keep(visitor)?;
            Ok(page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// Why a text could not be read, in the visitor's language.
fn unread(visitor: &Visitor, failure: &text::Failure) -> String {
    let key = match failure {
        text::Failure::Language(_) => "dialogues-unread-language",
        text::Failure::Empty => "dialogues-unread-empty",
        text::Failure::TooLarge(_) => "dialogues-unread-large",
        text::Failure::Damaged(_) => "dialogues-unread-damaged",
    };
    visitor.words.t(key)
}
