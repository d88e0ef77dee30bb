//! `GET /clearance/deputies`: who signs for whom, for what, from when until when; and standing in for oneself.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Delegation, Forbidden, NewDelegation, Zone};

use super::forms::{desks, no_moment, persons, zones};
use super::told::{refused, step_name};
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::{Right, Visitor};

#[derive(Template)]
#[template(path = "rooms/clearance/deputies.html")]
struct Show {
    frame: Frame,
    rows: Vec<Row>,
    add: Form,
}

struct Row {
    number: u64,
    from: String,
    to: String,
    scope: Vec<String>,
    begins: String,
    ends: String,
    state: (&'static str, String),
    words: String,
    may_end: bool,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let form = form(visitor)?.resumed(visitor)?;
            page(visitor, form)
        })
        .await
}

fn page(visitor: &Visitor, add: Form) -> Result<Page, Failure> {
    let wording = Wording::of(visitor)?;
    let mut all = visitor.node().clearance().delegations();
    all.sort_by_key(|one| (one.is_over(visitor.now), std::cmp::Reverse(one.number)));
    visitor.page("clearance-deputies", nothing(), |(), frame| {
        let name = frame.t("clearance-title");
        Ok(Show {
            rows: all.iter().map(|one| row(visitor, &wording, one)).collect(),
            add,
            frame: frame.under("/clearance", name),
        })
    })
}

fn row(visitor: &Visitor, wording: &Wording<'_>, one: &Delegation) -> Row {
    let words = &visitor.words;
    let theirs = visitor
        .actor
        .as_ref()
        .is_some_and(|me| me.is(&one.from) || me.is(&one.to));
    Row {
        number: one.number,
        from: wording.name(&one.from),
        to: wording.name(&one.to),
        scope: scope(visitor, one),
        begins: words.moment(one.begins),
        ends: words.moment(one.ends),
        state: stands(visitor, one.is_over(visitor.now), one.begins),
        words: crate::shown(&one.words),
        may_end: !one.is_over(visitor.now) && (theirs || visitor.may(Right::Register)),
    }
}

/// Whether something that has a beginning and an end is in force.
pub(super) fn stands(visitor: &Visitor, over: bool, begins: i64) -> (&'static str, String) {
    let (sign, key) = match over {
        true => ("off", "clearance-is-over"),
        false if visitor.now < begins => ("wait", "clearance-not-begun"),
        false => ("good", "clearance-in-force"),
    };
    (sign, visitor.words.t(key))
}

fn scope(visitor: &Visitor, one: &Delegation) -> Vec<String> {
    let words = &visitor.words;
    let named = |names: Vec<String>, all: &str| {
        if names.is_empty() {
            words.t(all)
        } else {
            words.list(&names)
        }
    };
    let steps = one
        .steps
        .iter()
        .map(|step| step_name(words, step))
        .collect();
    let desks = one
        .desks
        .iter()
        .map(|desk| words.t(&format!("clearance-desk-{desk}")))
        .collect();
    vec![
        named(steps, "clearance-all-steps"),
        named(desks, "clearance-all-desks"),
        words.t(if one.publications {
            "clearance-with-publications"
        } else {
            "clearance-no-publications"
        }),
    ]
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let me = visitor
        .person()
        .map(ToString::to_string)
        .unwrap_or_default();
    let mut deputies = persons(visitor)?;
    deputies.retain(|choice| choice.value != me);
    deputies.insert(0, Choice::new("", words.t("clearance-choose")));
    let procedure = visitor.node().clearance().procedure();
    let mine = procedure
        .steps
        .iter()
        .filter(|step| step.who.iter().any(|id| id.as_str() == me));
    let steps: Vec<Choice> = mine
        .map(|step| Choice::new(step.name.clone(), step_name(words, &step.name)))
        .collect();
    let mut form = Form::new(
        visitor,
        "clearance-deputy",
        "/clearance/deputies",
        words.t("clearance-delegate"),
    )?
    .long();
    form = form.field(Field::new(
        "to",
        words.t("clearance-deputy"),
        Input::List(deputies),
    ));
    if !steps.is_empty() {
        form = form.field(
            Field::new("steps", words.t("clearance-steps"), Input::Any(steps))
                .hint(words.t("clearance-all-hint"))
                .optional(),
        );
    }
    Ok(form
        .field(
            Field::new(
                "desks",
                words.t("clearance-desks-of"),
                Input::Any(desks(visitor)?),
            )
            .hint(words.t("clearance-all-hint"))
            .optional(),
        )
        .field(Field::new(
            "publications",
            words.t("clearance-publications-too"),
            Input::Tick,
        ))
        .fields(days(visitor))
        .field(
            Field::new("words", words.t("clearance-words"), Input::Line)
                .hint(words.t("clearance-deputy-words"))
                .optional(),
        ))
}

/// How long a delegation lasts at most, in microseconds: the node decides, this only tells one mistake from another.
const YEAR: i64 = 366 * 24 * 3_600_000_000;

/// The first and the last day, and the zone that they are in.
pub(super) fn days(visitor: &Visitor) -> [Field; 3] {
    let words = &visitor.words;
    [
        Field::new("begins", words.t("clearance-begins"), Input::Day),
        Field::new("ends", words.t("clearance-ends"), Input::Day)
            .hint(words.t("clearance-ends-hint")),
        zones(visitor, "zone", "UTC"),
    ]
}

/// The days that were typed: from the first moment of the one to the last of the other.
pub(super) fn typed_days(visitor: &Visitor, form: &mut Form) -> Option<(i64, i64)> {
    let (begins, ends) = (form.need("begins"), form.need("ends"));
    if begins.is_empty() || ends.is_empty() {
        return None;
    }
    let zone = match Zone::named(form.text("zone")) {
        Ok(zone) => zone,
        Err(error) => {
            form.wrong("zone", visitor.words.t(no_moment(error)));
            return None;
        }
    };
    let mut day = |field: &str, date: &str| match zone.day(date) {
        Ok(day) => Some(day),
        Err(error) => {
            form.wrong(field, visitor.words.t(no_moment(error)));
            None
        }
    };
    let (first, last) = (day("begins", &begins), day("ends", &ends));
    Some((first?.0, last?.1))
}

/// Whether a mandate may last from one moment to another, as far as its days go.
pub(super) fn may_last(begins: i64, ends: i64, now: i64) -> bool {
    let lasts = ends.saturating_sub(begins);
    lasts > 0 && lasts <= YEAR && ends > now
}

pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let mut form = form(visitor)?.filled(&typed);
            let to = form.need("to");
            let days = typed_days(visitor, &mut form);
            if let (Some((begins, ends)), false) = (days, form.is_wrong()) {
                let new = NewDelegation {
                    to,
                    steps: form.chosen("steps").to_vec(),
                    desks: form.chosen("desks").to_vec(),
                    publications: form.text("publications") == "yes",
                    begins,
                    ends,
                    words: form.text("words").to_owned(),
                };
                match visitor
                    .node()
                    .clearance()
                    .delegate(new, &visitor.acting()?)
                    .wait()
                {
                    Ok(_) => {
                        form.done(visitor)?;
                        return Ok(Move::to("/clearance/deputies")
                            .saying(words.t("clearance-delegated"))
                            .into());
                    }
                    Err(error) if matches!(error.downcast_ref(), Some(Forbidden::Nonsense(_))) => {
                        // Either the days cannot be, or the deputy.
                        match may_last(begins, ends, visitor.now) {
                            true => form.wrong("to", words.t("clearance-deputy-wrong")),
                            false => form.wrong("ends", words.t("clearance-days-wrong")),
                        }
                    }
                    Err(error) => return Err(refused(error)),
                }
            }
            form.keep(visitor)?;
            Ok(page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

pub(super) async fn end(visitor: Visitor, Path(number): Path<u64>) -> Response {
    visitor
        .answer(move |visitor| {
            let ended = visitor
                .node()
                .clearance()
                .end_delegation(number, &visitor.acting()?);
            ended.wait().map_err(refused)?;
            Ok(Move::to("/clearance/deputies").saying(visitor.words.t("clearance-ended")))
        })
        .await
}
