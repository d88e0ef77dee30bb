//! Choosing how to sign in: a passkey, or a password with codes by time; and the recovery codes that come with either, shown once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::users::Secured;

use super::enter::answer_ceremony;
use super::{Carries as _, qr, refusal};
use crate::parts::form::{Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::assets;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "signin/choose.html")]
struct Choose {
    frame: Frame,
    form: Form,
    passkeys: bool,
    /// What the provider of identities is called, where there is one.
    openid: Option<String>,
    /// Where passkeys would work, when they don't here.
    elsewhere: Option<String>,
    script: Option<String>,
    secret: String,
    side: usize,
    path: String,
    said: Option<String>,
    login: String,
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(visitor, "choose", "/account/choose", words.t("choose-verb"))?;
    Ok(form.long().unkept().fields([
        Field::new("secret-password", words.t("choose-password"), Input::Secret)
            .hint(words.t("choose-password-hint"))
            .completes("new-password"),
        Field::new("secret-again", words.t("choose-again"), Input::Secret)
            .completes("new-password"),
        Field::new("secret-code", words.t("choose-code"), Input::Line)
            .hint(words.t("choose-code-hint"))
            .completes("one-time-code"),
    ]))
}

fn page(visitor: &Visitor, form: Form, said: Option<String>) -> Result<Page, Failure> {
    let actor = visitor.actor.as_ref().ok_or(Failure::SignIn)?;
    let node = visitor.node();
    let secret = node.new_totp(actor).wait().map_err(refusal::page)?;
    let user = node.user(&actor.person, actor)?.ok_or(Failure::SignIn)?;
    let (side, path) = qr::picture(&secret.address(&node.home().name, &user.login))?;
    let passkeys = node.passkey_site(&visitor.caller.host).is_some();
    let port = visitor.caller.host.rsplit_once(':').map(|(_, port)| port);
    let elsewhere = (!passkeys && visitor.caller.local).then(|| {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("http://localhost{port}")
    });
    let grouped = secret
        .text()
        .as_bytes()
        .chunks(4)
        .fold(String::new(), |text, four| {
            format!("{text} {}", String::from_utf8_lossy(four))
        });
    visitor.page("choose-title", nothing(), |(), frame| {
        Ok(Choose {
            frame,
            form,
            passkeys,
            openid: visitor.openid_name(),
            elsewhere,
            script: assets::address("passkeys.js"),
            secret: grouped.trim().to_owned(),
            side,
            path,
            said,
            login: shown(&user.login),
        })
    })
}

/// `GET /account/choose`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?, None))
        .await
}

/// `POST /account/choose`: a password, and a first code.
pub(super) async fn password(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let actor = visitor.actor.as_ref().ok_or(Failure::SignIn)?;
            let words = &visitor.words;
            let mut form = form(visitor)?.filled(&typed);
            let password = typed.text("secret-password");
            if password != typed.text("secret-again") {
                form.wrong("secret-again", words.t("choose-differs"));
            }
            form.need("secret-password");
            let code = form.need("secret-code");
            if !form.is_wrong() {
                match visitor.node().choose_password(password, &code, actor) {
                    Ok(secured) => return secured_page(visitor, secured),
                    Err(error) => {
                        let weak = error.is::<node::users::Weak>();
                        let wrong = matches!(error.downcast_ref(), Some(node::Refused::Wrong));
                        if wrong {
                            form.wrong("secret-code", words.t("choose-code-wrong"));
                        } else if weak {
                            form.wrong("secret-password", refusal::sentence(visitor, error)?);
                        } else {
                            return Err(refusal::page(error));
                        }
                    }
                }
            }
            let form = form.without("secret-code");
            Ok(page(visitor, form, None)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// `POST /account/passkeys/begin`: a challenge, for the script.
pub(super) async fn begin_passkey(visitor: Visitor) -> Response {
    let (node, actor) = (visitor.node().clone(), visitor.actor.clone());
    let made = match (node.passkey_site(&visitor.caller.host), actor) {
        (Some(site), Some(actor)) => node.begin_passkey(&site, &actor).await.map(Some),
        _ => Ok(None),
    };
    answer_ceremony(visitor, made).await
}

/// `POST /account/passkeys`: the passkey that the browser has made.
pub(super) async fn passkey(visitor: Visitor, typed: Typed) -> Response {
    let Some(actor) = visitor.actor.clone() else {
        return visitor.failed(Failure::SignIn).await;
    };
    let (number, answer) = (typed.text("number"), typed.text("answer"));
    let label = typed.text("label");
    let node = visitor.node().clone();
    let made = node.finish_passkey(number, answer, label, &actor).await;
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            match made {
                Ok(secured) => secured_page(visitor, secured),
                Err(error) if matches!(error.downcast_ref(), Some(node::Refused::Wrong)) => {
                    let said = visitor.words.t("choose-passkey-wrong");
                    let page = page(visitor, form(visitor)?, Some(said))?;
                    Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into())
                }
                Err(error) => Err(refusal::page(error)),
            }
        })
        .await
}

#[derive(Template)]
#[template(path = "signin/codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<String>,
    next: String,
}

/// Where somebody goes on to: through set-up, or to their account.
fn next(visitor: &Visitor) -> Result<&'static str, Failure> {
    Ok(
        if visitor.node().is_set_up()? || visitor.site.inner.set_up.is_done() {
            "/account"
        } else {
            "/setup/participant"
        },
    )
}

/// Recovery codes, shown this once. The page is the answer to the form itself: nothing of it can be asked for again.
pub(super) fn codes_page(visitor: &Visitor, codes: Vec<String>) -> Result<Page, Failure> {
    let next = next(visitor)?.to_owned();
    visitor.page("codes-title", nothing(), |(), frame| {
        Ok(Codes { frame, codes, next })
    })
}

/// What follows a new way to sign in.
pub(super) fn secured_page(visitor: &Visitor, secured: Secured) -> Result<Reply, Failure> {
    visitor.site.inner.set_up.code_is_used();
    let mut visitor = visitor.clone();
    visitor.actor = Some(secured.opened.actor.clone());
    Ok(match &secured.recovery_codes {
        Some(codes) => codes_page(&visitor, codes.to_vec())?
            .opened(&visitor, &secured.opened)
            .into(),
        None => Move::to(next(&visitor)?)
            .saying(visitor.words.t("choose-done"))
            .opened(&visitor, &secured.opened)
            .into(),
    })
}
