//! Noting a participant: `GET|POST /participants/new`.

use axum::http::StatusCode;
use axum::response::Response;
use node::{Kind, Participant};
use policy::Desk;

use super::{KINDS, kind};
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::settings::form_page;
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply};
use crate::shell::failure::Failure;
use crate::shell::frame::Link;
use crate::shell::visitor::Visitor;
use crate::signin::refusal;

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let wording = Wording::of(visitor)?;
    let kinds = KINDS.map(|(one, value)| {
        Choice::new(value, words.t(kind(one)))
            .meaning(words.t(&format!("participants-means-{value}")))
    });
    let mut above: Vec<Choice> = visitor
        .node()
        .participants()
        .iter()
        .filter(|one| matches!(one.kind, Kind::State | Kind::Organisation))
        .map(|one| Choice::new(one.id.as_str(), wording.name(one.id.as_str())))
        .collect();
    words.sort(&mut above, |choice| &choice.name);
    above.insert(0, Choice::new("", words.t("participants-of-nobody")));
    let mut desks = Desk::ALL.map(|desk| Choice::new(desk.as_str(), words.desk(desk)));
    words.sort(&mut desks, |choice| &choice.name);
    let form = Form::new(
        visitor,
        "participant-new",
        "/participants/new",
        words.t("participants-add"),
    )?;
    Ok(form.long().fields([
        Field::new("name", words.t("participants-name"), Input::Line)
            .hint(words.t("participants-name-hint")),
        Field::new(
            "kind",
            words.t("participants-kind"),
            Input::One(kinds.to_vec()),
        )
        .with("organ"),
        Field::new("of", words.t("participants-of"), Input::List(above))
            .hint(words.t("participants-of-hint"))
            .optional(),
        Field::new("country", words.t("participants-country"), Input::Line)
            .hint(words.t("participants-country-hint"))
            .optional(),
        Field::new(
            "desks",
            words.t("participants-need"),
            Input::Any(desks.to_vec()),
        )
        .hint(words.t("participants-need-hint"))
        .optional(),
    ]))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    let under = Link::new("/participants", visitor.words.t("participants-title"));
    form_page(
        visitor,
        "participants-new",
        "participants-new-lead",
        under,
        form,
    )
}

pub(super) async fn new(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?.resumed(visitor)?))
        .await
}

pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (node, words) = (visitor.node(), &visitor.words);
            let mut form = form(visitor)?.filled(&typed);
            let name = form.need_name("name");
            let chosen = KINDS.iter().find(|(_, word)| *word == form.text("kind"));
            let chosen = chosen.map_or(Kind::Organisation, |(kind, _)| *kind);
            let mut new = Participant::new(node.new_identity()?, &name, chosen);
            let above = node.participant(form.text("of"));
            if chosen == Kind::Organ {
                match above {
                    Some(above) => new.organ_of = Some(above.id),
                    None => form.wrong("of", words.t("participants-of-wrong")),
                }
            }
            let country = form.text("country").to_uppercase();
            if !country.is_empty() {
                let plain = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
                if plain {
                    new.country = Some(country);
                } else {
                    form.wrong("country", words.t("participants-country-wrong"));
                }
            }
            if chosen == Kind::Client {
                let desks = form.chosen("desks").iter();
                let known = desks.filter(|name| Desk::parse(name).is_some());
                new.client_of
                    .insert(node.home().id.clone(), known.cloned().collect());
            }
            if !form.is_wrong() {
                match node.enter_participant(new, &visitor.acting()?).wait() {
                    Ok(added) => {
                        form.done(visitor)?;
                        let said = words.t("participants-added");
                        return Ok(Move::to(super::path(&added)).saying(said).into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("name", words.t("participants-name-wrong")),
                }
            }
            form.keep(visitor)?;
            Ok(page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}
