//! Set-up, from the code on the terminal to the first page. Invariant: only a browser on this machine begins it, and when somebody can
//! sign in, the code opens nothing more.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::chance::Random;
use node::{Kind, Node, Participant, UnfitName};
use tokio::sync::watch;

use super::code::{SetUpCode, Try};
use super::{Carries as _, refusal};
use crate::locale::Words;
use crate::parts::form::{Choice, Field, Form, Input, Typed, unfit_name};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// Whether set-up is done, and the code while it isn't.
pub struct SetUp {
    node: Node,
    code: RwLock<Option<SetUpCode>>,
    done: watch::Sender<bool>,
}

impl SetUp {
    /// As the node remembers it; a fresh code where it isn't done. A set-up that was broken off after somebody could sign in is done.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn of(node: &Node, chance: &mut dyn Random) -> Result<Arc<Self>> {
        let done = node.is_set_up()? || node.has_users()?;
        let code = (!done).then(|| SetUpCode::new(chance));
        Ok(Arc::new(Self {
            node: node.clone(),
            code: RwLock::new(code),
            done: watch::Sender::new(done),
        }))
    }

    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        *self.done.borrow()
    }

    /// The code to show on the terminal, while it is wanted.
    pub fn code(&self) -> Option<String> {
        let code = self.code.read().unwrap_or_else(PoisonError::into_inner);
        code.as_ref()
            .filter(|_| !self.is_done())
            .map(SetUpCode::shown)
    }

    /// Waits until it is done.
    pub async fn wait(&self) {
        // The sender is ours: it cannot have gone.
        let _ = self.done.subscribe().wait_for(|done| *done).await;
    }

    fn attempt(&self, text: &str) -> Option<Try> {
        let code = self.code.read().unwrap_or_else(PoisonError::into_inner);
        code.as_ref().map(|code| code.attempt(text))
    }

    /// Somebody can sign in now: the code has done its work.
    pub(super) fn code_is_used(&self) {
        let code = self.code.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = code.as_ref() {
            code.end();
        }
    }

    fn complete(&self) -> Result<()> {
        self.node.complete_set_up().wait()?;
        self.done.send_replace(true);
        tracing::info!("set-up is done");
        Ok(())
    }
}

#[derive(Template)]
#[template(path = "signin/form.html")]
struct Step {
    frame: Frame,
    lead: String,
    more: Vec<String>,
    form: Form,
}

fn step(
    visitor: &Visitor,
    title: &str,
    lead: String,
    more: Vec<String>,
    form: Form,
) -> Result<Page, Failure> {
    visitor.page(title, nothing(), |(), frame| {
        Ok(Step {
            frame,
            lead,
            more,
            form,
        })
    })
}

fn first(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(visitor, "set-up", "/setup", words.t("set-up-begin"))?;
    Ok(form.long().unkept().fields([
        Field::new("secret-code", words.t("set-up-code"), Input::Line)
            .hint(words.t("set-up-code-hint"))
            .completes("one-time-code"),
        Field::new("name", words.t("set-up-name"), Input::Line)
            .hint(words.t("set-up-name-hint"))
            .completes("name"),
        Field::new("login", words.t("set-up-login"), Input::Line)
            .hint(words.t("set-up-login-hint"))
            .completes("username"),
    ]))
}

/// Whether set-up can still begin here: not done, and asked for on this machine.
fn here(visitor: &Visitor) -> Result<bool, Failure> {
    if !visitor.caller.local {
        return Err(Failure::Absent);
    }
    Ok(!visitor.site.inner.set_up.is_done() && !visitor.node().has_users()?)
}

/// `GET /setup`: the code, and who begins.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            if !here(visitor)? {
                return Ok(Move::to("/").into());
            }
            let lead = visitor.words.t("set-up-lead");
            Ok(step(visitor, "set-up-title", lead, Vec::new(), first(visitor)?)?.into())
        })
        .await
}

/// `POST /setup`.
pub(super) async fn begin(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            if !here(visitor)? {
                return Ok(Move::to("/").into());
            }
            let words = &visitor.words;
            let mut form = first(visitor)?.filled(&typed);
            let mut status = StatusCode::UNPROCESSABLE_ENTITY;
            match visitor.site.inner.set_up.attempt(form.text("secret-code")) {
                Some(Try::Right) => {}
                Some(Try::Wrong(0)) | None => {
                    status = StatusCode::FORBIDDEN;
                    form.wrong("secret-code", words.t("set-up-no-tries"));
                }
                Some(Try::Wrong(left)) => {
                    status = StatusCode::FORBIDDEN;
                    form.wrong("secret-code", words.t1("set-up-wrong", "left", left));
                }
            }
            let (name, login) = (form.need_name("name"), form.need("login"));
            if !form.is_wrong() {
                let origin = visitor.caller.origin();
                match visitor.node().begin_set_up(&name, &login, &origin).wait() {
                    Ok(opened) => {
                        return Ok(Move::to("/account/choose").opened(visitor, &opened).into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("login", words.t("set-up-login-wrong")),
                }
            }
            let lead = words.t("set-up-lead");
            let page = step(visitor, "set-up-title", lead, Vec::new(), form)?;
            Ok(page.with_status(status).into())
        })
        .await
}

fn organs(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "set-up-organs",
        "/setup/participant",
        words.t("set-up-go-on"),
    )?;
    let own = Field::new("name", words.t("set-up-own"), Input::Line)
        .with(visitor.node().home().name.clone())
        .hint(words.t("set-up-own-hint"))
        .completes("organization");
    Ok(form.long().field(own).field(
        Field::new("organs", words.t("set-up-organs"), Input::Lines(5))
            .hint(words.t("set-up-organs-hint"))
            .optional(),
    ))
}

fn about(visitor: &Visitor) -> (String, Vec<String>) {
    let (words, node) = (&visitor.words, visitor.node());
    let home = node.home();
    let lead = words.t1("set-up-participant-lead", "name", shown(&home.name));
    let all = node.participants();
    let above = home.organ_of.as_ref();
    let known = all
        .iter()
        .filter(|one| one.kind == Kind::Organ && one.id != home.id);
    let organs: Vec<String> = known
        .filter(|one| one.organ_of.as_ref() == above.or(Some(&home.id)))
        .map(|one| shown(&one.name))
        .collect();
    let more = if organs.is_empty() {
        Vec::new()
    } else {
        vec![words.t1("set-up-organs-known", "names", words.list(&organs))]
    };
    (lead, more)
}

/// `GET /setup/participant`: whom this node stands for, and its other organs.
pub(super) async fn participant(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (lead, more) = about(visitor);
            let form = organs(visitor)?.resumed(visitor)?;
            step(visitor, "set-up-participant-title", lead, more, form)
        })
        .await
}

/// `POST /setup/participant`: what the participant is called, and its organs, one a line.
pub(super) async fn name_organs(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = organs(visitor)?.filled(&typed);
            let node = visitor.node();
            let name = form.need_name("name");
            let organs = organs_named(&visitor.words, &mut form);
            if !form.is_wrong() && name != node.home().name {
                match node.rename(&name, None, &visitor.acting()?) {
                    Ok(_) => {}
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(_) => form.wrong("name", visitor.words.t("set-up-own-wrong")),
                }
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                let (lead, more) = about(visitor);
                let page = step(visitor, "set-up-participant-title", lead, more, form)?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            }
            let above = node
                .home()
                .organ_of
                .clone()
                .unwrap_or(node.home().id.clone());
            for name in organs {
                if node.participant(&name).is_some() {
                    continue;
                }
                let mut organ = Participant::new(node.new_identity()?, &name, Kind::Organ);
                organ.organ_of = Some(above.clone());
                node.add_participant(organ, &visitor.acting()?).wait()?;
            }
            form.done(visitor)?;
            Ok(Move::to("/setup/languages").into())
        })
        .await
}

/// The organs, one a line; an error beside the field where one can't be called so.
fn organs_named(words: &Words, form: &mut Form) -> Vec<String> {
    let lines: Vec<String> = form.text("organs").lines().map(str::to_owned).collect();
    let mut named = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        match node::fit_name(line) {
            Ok(name) => named.push(name),
            Err(UnfitName::Empty) => {}
            Err(unfit) => {
                let why = unfit_name(words, unfit);
                form.wrong(
                    "organs",
                    words.t2("set-up-organs-wrong", "n", place + 1, "why", why),
                );
            }
        }
    }
    named
}

fn tongues(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "set-up-languages",
        "/setup/languages",
        words.t("set-up-end"),
    )?;
    let choices = visitor
        .site
        .languages()
        .map(|language| Choice::new(language.tag(), language.t("language-name")));
    Ok(form.long().field(
        Field::new(
            "language",
            words.t("set-up-language"),
            Input::One(choices.collect()),
        )
        .with(words.tag()),
    ))
}

/// `GET /setup/languages`: the language of one's pages.
pub(super) async fn languages(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let lead = visitor.words.t("set-up-languages-lead");
            let form = tongues(visitor)?;
            step(visitor, "set-up-languages-title", lead, Vec::new(), form)
        })
        .await
}

/// `POST /setup/languages`: set-up is done, and the node listens where its operator chose.
pub(super) async fn finish(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let form = tongues(visitor)?.filled(&typed);
            if let Some(actor) = &visitor.actor {
                let language = form.text("language");
                visitor.node().choose_language(language, actor).wait()?;
            }
            visitor.site.inner.set_up.complete()?;
            let said = visitor.words.t("set-up-done");
            Ok(Move::to("/").saying(said).into())
        })
        .await
}
