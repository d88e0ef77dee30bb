//! `/design/form`: a long form with every kind of field.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;

use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/design/form.html")]
struct Show {
    frame: Frame,
    form: Form,
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let sides: Vec<Choice> = ["valmora", "kestria", "belmark"]
        .map(|side| Choice::new(side, words.t(&format!("design-{side}"))))
        .to_vec();
    let states = ["planned", "begun", "done"].map(|state| {
        Choice::new(state, words.t(&format!("design-state-{state}")))
            .meaning(words.t(&format!("design-means-{state}")))
    });
    let label = visitor.label_fields(&Marking::default())?;
    let form = Form::new(visitor, "design", "/design/form", words.t("design-send"))?;
    Ok(form
        .long()
        .fields([
            Field::new("title", words.t("design-field-title"), Input::Line)
                .hint(words.t("design-hint-title")),
            Field::new("text", words.t("design-field-text"), Input::Lines(5)),
            Field::new("due", words.t("design-field-due"), Input::Day).optional(),
            Field::new(
                "state",
                words.t("design-field-state"),
                Input::One(states.to_vec()),
            ),
            Field::new(
                "sides",
                words.t("design-field-sides"),
                Input::Any(sides.clone()),
            ),
            Field::new("host", words.t("design-field-host"), Input::List(sides)),
            Field::new("agreed", words.t("design-field-agreed"), Input::Tick).optional(),
        ])
        .fields(label))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("design-form", nothing(), |(), frame| {
        let frame = {
            let name = frame.t("design-title");
            frame.under("/design", name)
        };
        Ok(Show { frame, form })
    })
}

/// `GET /design/form`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /design/form`: nothing is done with what was typed.
pub(super) async fn send(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = form(visitor)?.filled(&typed);
            form.need("title");
            form.need("text");
            form.need("state");
            if form.chosen("sides").is_empty() {
                form.wrong("sides", visitor.words.t("design-no-side"));
            }
            visitor.label_chosen(&mut form);
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            form.done(visitor)?;
            Ok(Move::to("/design")
                .saying(visitor.words.t("design-sent"))
                .into())
        })
        .await
}
