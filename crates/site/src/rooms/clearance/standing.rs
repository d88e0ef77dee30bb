//! `GET /clearance/standing`: what may leave without being asked for each time, by whose word, until when.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Forbidden, NewStanding, Standing};
use node::submission::Marking;

use super::deputies::{days, may_last, stands, typed_days};
use super::forms::desks;
use super::told::refused;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::parts::label::WhoSees;
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Visitor};

/// The types of records that are sent often enough to be authorized beforehand.
const KINDS: [&str; 9] = [
    "indicator",
    "sighting",
    "malware",
    "vulnerability",
    "infrastructure",
    "tool",
    "attack-pattern",
    "note",
    "report",
];

/// The labels that no authorization stands for (rule 7; what is for persons named is for those of each record).
const NEVER: [&str; 2] = ["CLEAR", "RED"];

#[derive(Template)]
#[template(path = "rooms/clearance/standing.html")]
struct Show {
    frame: Frame,
    rows: Vec<Row>,
    add: Option<Form>,
}

struct Row {
    number: u64,
    by: String,
    what: String,
    desks: String,
    label: Option<Tlp>,
    who: Option<WhoSees>,
    begins: String,
    ends: String,
    state: (&'static str, String),
    words: String,
    may_end: bool,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let form = visitor
                .may(Right::Release)
                .then(|| form(visitor))
                .transpose()?;
            let form = form.map(|form| form.resumed(visitor)).transpose()?;
            page(visitor, form)
        })
        .await
}

fn page(visitor: &Visitor, add: Option<Form>) -> Result<Page, Failure> {
    let wording = Wording::of(visitor)?;
    let mut all = visitor.node().clearance().standing();
    all.sort_by_key(|one| (one.is_over(visitor.now), std::cmp::Reverse(one.number)));
    visitor.page("clearance-standing", nothing(), |(), frame| {
        let name = frame.t("clearance-title");
        let rows = all.iter().map(|one| row(visitor, &wording, one));
        Ok(Show {
            rows: rows.collect::<Result<_, _>>()?,
            add,
            frame: frame.under("/clearance", name),
        })
    })
}

fn row(visitor: &Visitor, wording: &Wording<'_>, one: &Standing) -> Result<Row, Failure> {
    let words = &visitor.words;
    let kinds: Vec<String> = one.kinds.iter().map(|kind| wording.kind(kind)).collect();
    let named: Vec<String> = one
        .desks
        .iter()
        .map(|desk| words.t(&format!("clearance-desk-{desk}")))
        .collect();
    let widest = one.widest();
    Ok(Row {
        number: one.number,
        by: wording.name(&one.by),
        what: words.list(&kinds),
        desks: if named.is_empty() {
            words.t("clearance-all-desks")
        } else {
            words.list(&named)
        },
        who: widest
            .as_ref()
            .map(|label| WhoSees::of(visitor, &visitor.told_of(label))),
        label: widest.map(|label| Tlp::of(label.class.tlp())),
        begins: words.moment(one.begins),
        ends: words.moment(one.ends),
        state: stands(visitor, one.is_over(visitor.now), one.begins),
        words: crate::shown(&one.words),
        may_end: !one.is_over(visitor.now) && visitor.may(Right::Stop),
    })
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let wording = Wording::of(visitor)?;
    let kinds = KINDS
        .iter()
        .map(|kind| Choice::new(*kind, wording.kind(kind)))
        .collect();
    let form = Form::new(
        visitor,
        "clearance-standing",
        "/clearance/standing",
        words.t("clearance-authorize"),
    )?
    .long();
    let label = visitor.label_fields(&Marking::default())?.into_iter();
    let label = label.map(|field| field.never(&NEVER));
    Ok(form
        .field(Field::new(
            "kinds",
            words.t("clearance-kinds"),
            Input::Any(kinds),
        ))
        .field(
            Field::new(
                "desks",
                words.t("clearance-desks-of"),
                Input::Any(desks(visitor)?),
            )
            .hint(words.t("clearance-all-hint"))
            .optional(),
        )
        .fields(label)
        .fields(days(visitor))
        .field(
            Field::new("words", words.t("clearance-words"), Input::Line)
                .hint(words.t("clearance-standing-words"))
                .optional(),
        ))
}

pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let mut form = form(visitor)?.filled(&typed);
            let marking = visitor.label_chosen(&mut form);
            if marking.misses() {
                form.wrong("for", words.t("clearance-standing-wrong"));
            }
            if form.chosen("kinds").is_empty() {
                form.wrong("kinds", words.t("clearance-kinds-none"));
            }
            let days = typed_days(visitor, &mut form);
            if let (Some((begins, ends)), false) = (days, form.is_wrong()) {
                let new = NewStanding {
                    kinds: form.chosen("kinds").to_vec(),
                    desks: form.chosen("desks").to_vec(),
                    marking,
                    begins,
                    ends,
                    words: form.text("words").to_owned(),
                };
                match visitor
                    .node()
                    .clearance()
                    .authorize(new, &visitor.acting()?)
                    .wait()
                {
                    Ok(_) => {
                        form.done(visitor)?;
                        return Ok(Move::to("/clearance/standing")
                            .saying(words.t("clearance-authorized"))
                            .into());
                    }
                    Err(error) if matches!(error.downcast_ref(), Some(Forbidden::Nonsense(_))) => {
                        match may_last(begins, ends, visitor.now) {
                            true => form.wrong("for", words.t("clearance-standing-wrong")),
                            false => form.wrong("ends", words.t("clearance-days-wrong")),
                        }
                    }
                    Err(error) => return Err(refused(error)),
                }
            }
            form.keep(visitor)?;
            Ok(page(visitor, Some(form))?
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
                .end_standing(number, &visitor.acting()?);
            ended.wait().map_err(refused)?;
            Ok(Move::to("/clearance/standing").saying(visitor.words.t("clearance-ended")))
        })
        .await
}
