//! `GET /clearance/steps`: what the organ has defined, and, for whoever keeps the register, how to change it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::clearance::{Forbidden, Procedure, Step, StepKind};
use stix::ObjectId;

use super::forms::{desks, persons};
use super::told::{names, refused, step_name};
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::wording::Wording;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::visitor::{Right, Visitor};

/// The names of steps that every language has a word for.
const NAMES: [&str; 7] = [
    "legal",
    "political",
    "technical",
    "security",
    "protection",
    "linguistic",
    SIGNATURE,
];
/// The one of them that is no visa; the word for its kind, too.
const SIGNATURE: &str = "signature";

#[derive(Template)]
#[template(path = "rooms/clearance/steps.html")]
struct Show {
    frame: Frame,
    steps: Vec<Row>,
    about: Vec<String>,
    add: Option<Form>,
    rules: Option<Form>,
}

struct Row {
    key: String,
    name: String,
    kind: String,
    who: String,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(|visitor| page(visitor, None)).await
}

fn page(visitor: &Visitor, sent: Option<Form>) -> Result<Page, Failure> {
    let words = &visitor.words;
    let procedure = visitor.node().clearance().procedure();
    let wording = Wording::of(visitor)?;
    let keeps = visitor.may(Right::Register);
    let add = match sent {
        Some(sent) => Some(sent),
        None if keeps => Some(add_form(visitor)?.resumed(visitor)?),
        None => None,
    };
    let rules = keeps.then(|| rules_form(visitor, &procedure)).transpose()?;
    visitor.page("clearance-steps", nothing(), |(), frame| {
        let name = frame.t("clearance-title");
        let kind = |kind: StepKind| match kind {
            StepKind::Visa => words.t("clearance-kind-visa"),
            StepKind::Signature => words.t("clearance-kind-signature"),
        };
        let steps = procedure.steps.iter().map(|step| Row {
            key: step.name.clone(),
            name: step_name(words, &step.name),
            kind: kind(step.kind),
            who: names(words, &wording, &step.who, "clearance-anybody"),
        });
        Ok(Show {
            steps: steps.collect(),
            about: about(visitor, &procedure),
            add,
            rules,
            frame: frame.under("/clearance", name),
        })
    })
}

/// What follows from the definition, in sentences.
fn about(visitor: &Visitor, procedure: &Procedure) -> Vec<String> {
    let words = &visitor.words;
    if procedure.steps.is_empty() {
        return vec![words.t1(
            "clearance-lead-none",
            "n",
            visitor.node().config().publication_delay_hours,
        )];
    }
    let mut about = vec![words.t("clearance-steps-lead")];
    if !procedure.desks.is_empty() {
        let mut named: Vec<String> = procedure
            .desks
            .iter()
            .map(|desk| words.t(&format!("clearance-desk-{desk}")))
            .collect();
        words.sort(&mut named, |name| name);
        about.push(words.t1("clearance-steps-desks", "desks", words.list(&named)));
    }
    about.push(words.t(
        match (procedure.four_eyes, procedure.only_signature().is_some()) {
            (true, _) => "clearance-steps-four",
            (false, true) => "clearance-steps-one",
            (false, false) => "clearance-steps-own",
        },
    ));
    about
}

fn add_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let mut known: Vec<Choice> = NAMES
        .iter()
        .map(|name| Choice::new(*name, step_name(words, name)))
        .collect();
    known.push(Choice::new("other", words.t("clearance-step-other")));
    let kinds = vec![
        Choice::new("visa", words.t("clearance-kind-visa"))
            .meaning(words.t("clearance-kind-visa-hint")),
        Choice::new("signature", words.t("clearance-kind-signature"))
            .meaning(words.t("clearance-kind-signature-hint")),
    ];
    Ok(Form::new(
        visitor,
        "clearance-step",
        "/clearance/steps",
        words.t("clearance-step-add"),
    )?
    .long()
    .fields([
        Field::new("name", words.t("clearance-step-name"), Input::List(known)),
        Field::new("own", words.t("clearance-step-own-name"), Input::Line)
            .hint(words.t("clearance-step-own-hint"))
            .optional(),
        Field::new("kind", words.t("clearance-step-kind"), Input::One(kinds))
            .hint(words.t("clearance-step-kind-hint"))
            .optional(),
        Field::new(
            "who",
            words.t("clearance-step-who"),
            Input::Any(persons(visitor)?),
        )
        .hint(words.t("clearance-step-who-hint"))
        .optional(),
    ]))
}

fn rules_form(visitor: &Visitor, procedure: &Procedure) -> Result<Form, Failure> {
    let words = &visitor.words;
    let mut four = Field::new("four", words.t("clearance-four"), Input::Tick)
        .hint(words.t("clearance-four-hint"));
    if procedure.four_eyes {
        four = four.with("yes");
    }
    let desks = Field::new(
        "desks",
        words.t("clearance-desks"),
        Input::Any(desks(visitor)?),
    )
    .hint(words.t("clearance-desks-hint"))
    .optional();
    let form = Form::new(
        visitor,
        "clearance-rules",
        "/clearance/rules",
        words.t("clearance-rules-keep"),
    )?;
    Ok(form
        .long()
        .fields([four, desks.with_all(procedure.desks.clone())]))
}

fn define(visitor: &Visitor, change: impl FnOnce(&mut Procedure)) -> Result<(), anyhow::Error> {
    let me = visitor.acting().map_err(|_| node::Refused::SignedOut)?;
    let clearance = visitor.node().clearance();
    let mut procedure = clearance.procedure();
    change(&mut procedure);
    clearance.define(procedure, &me).wait()
}

pub(super) async fn add(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let words = &visitor.words;
            let mut form = add_form(visitor)?.filled(&typed);
            let name = match form.need("name").as_str() {
                "other" => form.need("own"),
                name => name.to_owned(),
            };
            // The names that every language has say what they are.
            let own = form.text("name") == "other";
            let kind = match own {
                true => form.need("kind"),
                false => name.clone(),
            };
            let kind = match kind.as_str() {
                SIGNATURE => StepKind::Signature,
                _ => StepKind::Visa,
            };
            let steps = visitor.node().clearance().procedure().steps;
            if steps.iter().any(|step| step.name == name) {
                form.wrong(
                    if own { "own" } else { "name" },
                    words.t("clearance-step-twice"),
                );
            }
            let who: Vec<ObjectId> = form
                .chosen("who")
                .iter()
                .filter_map(|id| ObjectId::parse(id).ok())
                .collect();
            let able = visitor.node().clearance().able(kind)?;
            let unable: Vec<&ObjectId> = who.iter().filter(|one| !able.contains(one)).collect();
            if !unable.is_empty() {
                let wording = Wording::of(visitor)?;
                let names: Vec<String> = unable
                    .into_iter()
                    .map(|one| wording.name(one.as_str()))
                    .collect();
                form.wrong(
                    "who",
                    words.t1("clearance-step-unable", "names", words.list(&names)),
                );
            }
            if !form.is_wrong() {
                let step = Step {
                    name,
                    kind,
                    who,
                    given: None,
                };
                match define(visitor, |procedure| procedure.steps.push(step)) {
                    Ok(()) => {
                        form.done(visitor)?;
                        return Ok(Move::to("/clearance/steps")
                            .saying(words.t("clearance-step-added"))
                            .into());
                    }
                    Err(error) if matches!(error.downcast_ref(), Some(Forbidden::Nonsense(_))) => {
                        form.wrong("name", words.t("clearance-step-wrong"));
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

pub(super) async fn remove(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let name = typed.text("step");
            define(visitor, |procedure| {
                procedure.steps.retain(|step| step.name != name)
            })
            .map_err(refused)?;
            Ok(Move::to("/clearance/steps").saying(visitor.words.t("clearance-step-removed")))
        })
        .await
}

pub(super) async fn rules(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let procedure = visitor.node().clearance().procedure();
            let form = rules_form(visitor, &procedure)?.filled(&typed);
            let known = desks(visitor)?;
            let chosen = form
                .chosen("desks")
                .iter()
                .filter(|desk| known.iter().any(|known| known.value == **desk));
            let (four, chosen) = (form.text("four") == "yes", chosen.cloned().collect());
            define(visitor, |procedure| {
                procedure.four_eyes = four;
                procedure.desks = chosen;
            })
            .map_err(refused)?;
            form.done(visitor)?;
            Ok(Move::to("/clearance/steps").saying(visitor.words.t("clearance-rules-kept")))
        })
        .await
}
