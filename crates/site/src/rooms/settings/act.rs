//! What of the settings is changed in the browser: the participant's name, and making a collection.

use axum::http::StatusCode;
use axum::response::Response;
use node::NewOwnCollection;
use node::submission::Marking;

use super::form_page;
use crate::parts::form::{Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Link;
use crate::shell::visitor::Visitor;
use crate::signin::refusal;

fn under(visitor: &Visitor) -> Link {
    Link::new("/settings", visitor.words.t("settings-title"))
}

fn name_form(visitor: &Visitor) -> Result<Form, Failure> {
    let (words, home) = (&visitor.words, visitor.node().home());
    let form = Form::new(
        visitor,
        "settings-participant",
        "/settings/participant",
        words.t("settings-rename-do"),
    )?;
    Ok(form.long().fields([
        Field::new("name", words.t("participants-name"), Input::Line).with(home.name.clone()),
        Field::new("country", words.t("participants-country"), Input::Line)
            .with(home.country.clone().unwrap_or_default())
            .hint(words.t("participants-country-hint"))
            .optional(),
    ]))
}

fn name_page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    form_page(
        visitor,
        "settings-rename",
        "settings-rename-lead",
        under(visitor),
        form,
    )
}

/// `GET /settings/participant`.
pub(super) async fn naming(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| name_page(visitor, name_form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /settings/participant`.
pub(super) async fn rename(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (node, words) = (visitor.node(), &visitor.words);
            let mut form = name_form(visitor)?.filled(&typed);
            let name = form.need_name("name");
            let country = form.text("country").to_uppercase();
            let letters = country.chars().all(|c| c.is_ascii_uppercase());
            if !(country.is_empty() || country.len() == 2 && letters) {
                form.wrong("country", words.t("participants-country-wrong"));
            }
            if !form.is_wrong() {
                match node.rename(&name, Some(&country), &visitor.acting()?) {
                    Ok(_) => {
                        form.done(visitor)?;
                        let said = words.t("settings-renamed");
                        return Ok(Move::to("/settings").saying(said).into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("name", words.t("participants-name-wrong")),
                }
            }
            form.keep(visitor)?;
            let page = name_page(visitor, form)?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into())
        })
        .await
}

fn collection_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "collection-new",
        "/settings/collections/new",
        words.t("settings-collection-make"),
    )?;
    Ok(form
        .long()
        .fields([
            Field::new("title", words.t("settings-collection"), Input::Line),
            Field::new("alias", words.t("settings-alias"), Input::Line)
                .hint(words.t("settings-alias-hint")),
            Field::new(
                "about",
                words.t("settings-collection-about"),
                Input::Lines(3),
            )
            .optional(),
        ])
        .fields(visitor.label_fields(&Marking::default())?))
}

fn collection_page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    form_page(
        visitor,
        "settings-collection-new",
        "settings-collection-lead",
        under(visitor),
        form,
    )
}

/// `GET /settings/collections/new`.
pub(super) async fn new(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| collection_page(visitor, collection_form(visitor)?.resumed(visitor)?))
        .await
}

/// `POST /settings/collections/new`.
pub(super) async fn found(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = collection_form(visitor)?.filled(&typed);
            let (title, alias) = (form.need_name("title"), form.need("alias"));
            let marking = visitor.label_chosen(&mut form);
            if !form.is_wrong() {
                let new = NewOwnCollection {
                    alias,
                    title: Some(title),
                    description: Some(form.text("about").to_owned())
                        .filter(|about| !about.is_empty()),
                    desk: None,
                    marking,
                };
                let made = visitor.node().found_collection(new, &visitor.acting()?);
                match made.wait() {
                    Ok(_) => {
                        form.done(visitor)?;
                        let said = visitor.words.t("settings-collection-made");
                        return Ok(Move::to("/settings").saying(said).into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("alias", visitor.words.t("settings-alias-wrong")),
                }
            }
            form.keep(visitor)?;
            let page = collection_page(visitor, form)?;
            Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into())
        })
        .await
}
