//! Coming in and going out: with a passkey, with a name, a password and a code, by a link that works once.
//! Invariant: no GET uses up a link: what guards mail follows links before anybody reads them.

use askama::Template;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use node::Refused;
use node::users::{Once, Shown};
use serde_json::json;
use zeroize::Zeroizing;

use super::{Carries as _, next_of, refusal};
use crate::parts::form::{Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::assets;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::prelude::parameter;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "signin/enter.html")]
struct Enter {
    frame: Frame,
    form: Form,
    passkeys: bool,
    script: Option<String>,
    next: String,
    openid: Option<String>,
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(visitor, "sign-in", "/sign-in", words.t("sign-in-verb"))?;
    Ok(form.long().unkept().fields([
        Field::new("login", words.t("sign-in-login"), Input::Line).completes("username"),
        Field::new(
            "secret-password",
            words.t("sign-in-password"),
            Input::Secret,
        )
        .completes("current-password"),
        Field::new("secret-code", words.t("sign-in-code"), Input::Line)
            .hint(words.t("sign-in-code-hint"))
            .completes("one-time-code"),
        Field::carried("next", "/"),
    ]))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    let next = next_of(form.text("next"));
    let passkeys = visitor.node().passkey_site(&visitor.caller.host).is_some();
    visitor.page("sign-in-title", nothing(), |(), frame| {
        Ok(Enter {
            frame,
            form,
            passkeys,
            script: assets::address("passkeys.js"),
            next,
            openid: visitor.openid_name(),
        })
    })
}

/// `GET /sign-in?next=`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            let next = next_of(&parameter(&visitor.query, "next").unwrap_or_default());
            let again = parameter(&visitor.query, "again").is_some();
            if visitor.actor.as_ref().is_some_and(|actor| !actor.enrolling) && !again {
                return Ok(Move::to(next).into());
            }
            let typed = Typed::of([("next".to_owned(), next)]);
            Ok(page(visitor, form(visitor)?.filled(&typed))?.into())
        })
        .await
}

/// `POST /sign-in`: name, password, code. Whatever is wrong, the answer is the same.
pub(super) async fn sign_in(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = form(visitor)?.filled(&typed);
            let shown = Shown {
                login: form.text("login").to_owned(),
                password: Zeroizing::new(typed.text("secret-password").to_owned()),
                code: Zeroizing::new(form.text("secret-code").to_owned()),
                from: visitor.caller.from,
                origin: visitor.caller.origin(),
            };
            match visitor.node().sign_in(&shown) {
                Ok(opened) => {
                    let next = next_of(form.text("next"));
                    Ok(Move::to(next).opened(visitor, &opened).into())
                }
                Err(error) => {
                    let wait = wait(&error);
                    form.wrong("sign-in", refusal::sentence(visitor, error)?);
                    let form = form.without("secret-code");
                    Ok(turned_away(page(visitor, form)?, wait).into())
                }
            }
        })
        .await
}

/// For how many seconds nobody is let in from where too many tries were wrong.
fn wait(error: &anyhow::Error) -> Option<i64> {
    match error.downcast_ref() {
        Some(Refused::Slow(seconds)) => Some(*seconds),
        _ => None,
    }
}

/// The page for whoever was not let in; one who has to wait is told so as programs read it, too (RFC 6585 §4).
fn turned_away(page: Page, wait: Option<i64>) -> Page {
    match wait {
        Some(seconds) => page
            .with_status(StatusCode::TOO_MANY_REQUESTS)
            .with_header(RETRY_AFTER, HeaderValue::from(seconds)),
        None => page.with_status(StatusCode::FORBIDDEN),
    }
}

/// `POST /sign-in/passkey/begin`: a challenge, for the script.
pub(super) async fn begin_passkey(visitor: Visitor) -> Response {
    let made = visitor
        .node()
        .passkey_site(&visitor.caller.host)
        .map(|site| visitor.node().challenge_passkey(&site));
    answer_ceremony(visitor, made.transpose()).await
}

/// A challenge as JSON; the failure page where there is none.
pub(super) async fn answer_ceremony(
    visitor: Visitor,
    made: anyhow::Result<Option<node::users::Ceremony>>,
) -> Response {
    match made {
        Ok(Some(ceremony)) => {
            let body = json!({ "number": ceremony.number, "options": ceremony.options });
            let headers = [("content-type", "application/json")];
            (StatusCode::OK, headers, body.to_string()).into_response()
        }
        Ok(None) => visitor.failed(Failure::Absent).await,
        Err(error) => visitor.failed(refusal::page(error)).await,
    }
}

/// `POST /sign-in/passkey`: what the browser answered.
pub(super) async fn passkey(visitor: Visitor, typed: Typed) -> Response {
    let (number, answer) = (typed.text("number"), typed.text("answer"));
    let origin = visitor.caller.origin();
    let signed = visitor
        .node()
        .sign_in_passkey(number, answer, visitor.caller.from, &origin)
        .await;
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            match signed {
                Ok(opened) => {
                    let next = next_of(typed.text("next"));
                    Ok(Move::to(next).opened(visitor, &opened).into())
                }
                Err(error) => {
                    let mut form = form(visitor)?;
                    let wait = wait(&error);
                    let wrong = matches!(error.downcast_ref(), Some(Refused::Wrong));
                    let sentence = if wrong {
                        visitor.words.t("sign-in-passkey-wrong")
                    } else {
                        refusal::sentence(visitor, error)?
                    };
                    form.wrong("sign-in", sentence);
                    Ok(turned_away(page(visitor, form)?, wait).into())
                }
            }
        })
        .await
}

/// `POST /sign-out`.
pub(super) async fn sign_out(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            if let Some(actor) = &visitor.actor {
                visitor.node().sign_out(actor).wait()?;
            }
            let gone = visitor
                .site
                .inner
                .cookies
                .session("", visitor.caller.secure);
            let to = Move::to("/sign-in").saying(visitor.words.t("sign-out-said"));
            Ok(match gone {
                Some(cookie) => to.with_header(SET_COOKIE, cookie).into(),
                None => to.into(),
            })
        })
        .await
}

/// Who a link from the terminal is for is not said, nor that it works, but by a button that uses it up.
fn by_link_form(visitor: &Visitor, key: &str) -> Result<Form, Failure> {
    let working = visitor.node().peek(key)?;
    if !matches!(working, Some((Once::Link, _))) {
        return Err(Failure::Said(
            StatusCode::FORBIDDEN,
            "link-used-title",
            "link-used-text",
        ));
    }
    let form = Form::new(visitor, "enter", "/enter", visitor.words.t("enter-verb"))?;
    Ok(form.unkept().field(Field::carried("secret-key", key)))
}

/// `GET /enter?key=`: a link from the terminal, used up by the button and not by whatever follows links before a person does.
pub(super) async fn by_link(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| -> Result<Reply, Failure> {
            let key = parameter(&visitor.query, "key").unwrap_or_default();
            let form = match by_link_form(visitor, &key) {
                // Whoever is in already goes on: they went back to the page that they came by.
                Err(_) if visitor.actor.is_some() => return Ok(Move::to("/").into()),
                form => form?,
            };
            let lead = visitor.words.t1("enter-lead", "name", visitor.home_name());
            let page = visitor.page("enter-title", nothing(), |(), frame| {
                Ok(Invited {
                    frame,
                    lead,
                    more: Vec::new(),
                    form,
                })
            })?;
            Ok(page.into())
        })
        .await
}

/// `POST /enter`: signs in by such a link.
pub(super) async fn use_link(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let key = typed.text("secret-key");
            by_link_form(visitor, key)?;
            let origin = visitor.caller.origin();
            let opened = visitor.node().redeem(key, &origin).wait();
            let opened = opened.map_err(refusal::page)?;
            Ok(Move::to("/").opened(visitor, &opened).into())
        })
        .await
}

#[derive(Template)]
#[template(path = "signin/form.html")]
struct Invited {
    frame: Frame,
    lead: String,
    more: Vec<String>,
    form: Form,
}

fn invitation(visitor: &Visitor, code: &str) -> Result<(Form, Once), Failure> {
    let found = visitor.node().peek(code)?;
    let found = found.filter(|(kind, _)| *kind != Once::Link);
    let (kind, _) = found.ok_or_else(|| refusal::page(Refused::NoSuchCode.into()))?;
    let words = &visitor.words;
    let form = Form::new(visitor, "welcome", "/welcome", words.t("invited-verb"))?;
    let form = form.unkept().field(Field::carried("secret-code", code));
    Ok((form, kind))
}

/// `GET /welcome?code=`: an invitation or a way back, used up by the button and not by whoever looks at the link first.
pub(super) async fn welcome(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let code = parameter(&visitor.query, "code").unwrap_or_default();
            let (form, kind) = invitation(visitor, &code)?;
            let words = &visitor.words;
            let lead = match kind {
                Once::Recovery => words.t("invited-recovery"),
                _ => words.t1("invited-lead", "name", visitor.home_name()),
            };
            visitor.page("invited-title", nothing(), |(), frame| {
                Ok(Invited {
                    frame,
                    lead,
                    more: Vec::new(),
                    form,
                })
            })
        })
        .await
}

/// `POST /welcome`: they are let in to choose how they will sign in.
pub(super) async fn redeem(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let code = typed.text("secret-code");
            invitation(visitor, code)?;
            let origin = visitor.caller.origin();
            let opened = visitor.node().redeem(code, &origin).wait();
            let opened = opened.map_err(refusal::page)?;
            Ok(Move::to("/account/choose").opened(visitor, &opened).into())
        })
        .await
}
