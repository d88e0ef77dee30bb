//! Correcting the head of a reading: title, parties, dates, place, number, and what it announced.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Reply, Visitor};

use super::reading::{asked, find};
use crate::import::{
    Correction, Heard, HeardEvent, HeardNext, HeardSeries, Reading, Stage, correct, save,
};
use crate::names;
use crate::records::TextKind;
use crate::rules::dates::Stretch;

/// The fields that hold a date.
const DATES: [&str; 4] = ["start", "end", "published", "next_date"];

fn form(visitor: &Visitor, reading: &Reading) -> Result<Form, Failure> {
    let words = &visitor.words;
    let heard = &reading.corrected;
    let kinds = TextKind::ALL.iter().map(|kind| {
        let key = format!("dialogues-kind-{}", kind.as_str().replace('_', "-"));
        Choice::new(kind.as_str(), words.t(&key))
    });
    let next = heard.next_meeting.clone().unwrap_or_default();
    let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    let line = |name: &str, key: &str, value: &Option<String>| {
        Field::new(name, words.t(key), Input::Line)
            .with(value.clone().unwrap_or_default())
            .optional()
    };
    let date = |name: &str, key: &str, value: &Option<String>| {
        line(name, key, value).hint(words.t("dialogues-due-hint"))
    };
    let sides = |name: &str, key: &str, value: &[String]| {
        Field::new(name, words.t(key), Input::Line)
            .hint(words.t("dialogues-actors-hint"))
            .with(value.join(", "))
            .optional()
    };
    let action = format!("/dialogues/readings/{}/head", reading.id);
    let name = format!("dialogues-head {}", reading.id);
    let form = Form::new(visitor, name, action, words.t("dialogues-correct"))?.long();
    Ok(form.fields([
        Field::carried("revision", reading.revision.to_string()),
        line("title", "dialogues-read-title", &heard.title),
        Field::new(
            "kind",
            words.t("dialogues-kind"),
            Input::One(kinds.collect()),
        )
        .with(&*heard.kind),
        sides("parties", "dialogues-parties", &heard.parties),
        sides("observers", "dialogues-observers", &heard.observers),
        date("start", "dialogues-from", &heard.event.start),
        date("end", "dialogues-to", &heard.event.end),
        line("place", "dialogues-place", &heard.event.place),
        Field::new("ordinal", words.t("dialogues-number"), Input::Number)
            .with(number(heard.series.ordinal))
            .optional(),
        date("published", "dialogues-dateline", &heard.published),
        date("next_date", "dialogues-next-date", &next.date),
        line("next_place", "dialogues-next-place", &next.place),
        Field::new(
            "next_ordinal",
            words.t("dialogues-next-number"),
            Input::Number,
        )
        .with(number(next.ordinal))
        .optional(),
    ]))
}

/// `GET /dialogues/readings/{id}/head`.
pub(super) async fn ask(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let reading = find(visitor, &id)?;
            let form = form(visitor, &reading)?.resumed(visitor)?;
            let lead = visitor.words.t("dialogues-head-lead");
            asked(visitor, &reading, lead, "dialogues-correct-head", form)
        })
        .await
}

/// `POST /dialogues/readings/{id}/head`.
pub(super) async fn send(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut reading = find(visitor, &id)?;
            let mut form = form(visitor, &reading)?.filled(&typed);
            let said = visitor.words.t("dialogues-corrected-meanwhile");
            form.meanwhile("revision", "title", said);
            if reading.stage == Stage::Confirmed {
                form.wrong("title", visitor.words.t("dialogues-confirmed-already"));
            }
            for name in DATES {
                let date = form.text(name).trim().to_owned();
                if !date.is_empty() && Stretch::parse(&date).is_none() {
                    form.wrong(name, visitor.words.t("dialogues-due-wrong"));
                }
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                let lead = visitor.words.t("dialogues-head-lead");
                let page = asked(visitor, &reading, lead, "dialogues-correct-head", form)?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            }
            let head = head(&reading.corrected, &form);
            let before = reading.clone();
            correct(
                &mut reading,
                Correction::Head(Box::new(head)),
                visitor.person(),
            )?;
            save(visitor.node(), Some(&before), &reading)?;
            form.done(visitor)?;
            Ok(Move::to(format!("/dialogues/readings/{id}")).into())
        })
        .await
}

/// What the form says, in place of what was found.
fn head(heard: &Heard, form: &Form) -> Heard {
    let text = |name: &str| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let sides = |name: &str| -> Vec<String> {
        let named = form.text(name).split([',', ';']).map(str::trim);
        named
            .filter(|name| !name.is_empty())
            .map(|name| names::code_of(name).unwrap_or_else(|| name.to_owned()))
            .collect()
    };
    let parties = sides("parties");
    // The key of a series follows its parties.
    let key = if parties == heard.parties {
        heard.series.id.clone()
    } else {
        let mut sorted = parties.clone();
        sorted.sort();
        (!sorted.is_empty()).then(|| format!("{}:cyber-dialogue", sorted.join("-")))
    };
    Heard {
        title: text("title"),
        kind: form.text("kind").to_owned(),
        observers: sides("observers"),
        event: HeardEvent {
            start: text("start"),
            end: text("end"),
            place: text("place"),
        },
        series: HeardSeries {
            id: key,
            ordinal: form.text("ordinal").parse().ok(),
        },
        published: text("published"),
        next_meeting: Some(HeardNext {
            date: text("next_date"),
            place: text("next_place"),
            ordinal: form.text("next_ordinal").parse().ok(),
        }),
        parties,
        ..heard.clone()
    }
}
