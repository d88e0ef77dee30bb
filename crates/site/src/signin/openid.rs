//! Signing in through the provider of identities that the operator named (OpenID Connect, by an authorization code with PKCE): going out
//! to it, coming back from it, and binding oneself to who one is there.
//!
//! Invariant: who comes back left from this browser a moment ago, and the provider has said who it is in an answer to that very question.

mod attempts;
mod provider;
mod token;

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use node::{Node, Refused};
use sha2::{Digest as _, Sha256};
use url::Url;

use self::attempts::{Attempt, Attempts, Purpose};
use self::provider::{Doors, Provider, Trouble};
use self::token::{Fault, Subject};
use super::{Carries as _, choose, next_of, refusal};
use crate::parts::form::Typed;
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::prelude::parameter;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// Where the provider sends browsers back to; the operator tells it so.
pub(super) const BACK: &str = "/sign-in/openid/back";
/// The cookie of the browser that goes out.
const COOKIE: &str = "openid";
/// How long it lasts, in seconds.
const LASTS: u32 = 600;

/// The way in through a provider.
pub(crate) struct OpenId {
    decided: node::config::OpenId,
    provider: Result<Provider, String>,
    attempts: Attempts,
    trouble: Mutex<Option<String>>,
}

impl OpenId {
    /// As the configuration says; `None` where it names no provider.
    pub(crate) fn of(node: &Node) -> Option<Arc<Self>> {
        let decided = node.config().openid.as_ref()?;
        let provider = Provider::of(node, decided).map_err(|error| format!("{error:#}"));
        if let Err(error) = &provider {
            tracing::error!(error, "openid.unusable");
        }
        Some(Arc::new(Self {
            trouble: Mutex::new(provider.as_ref().err().cloned()),
            decided: decided.clone(),
            provider,
            attempts: Attempts::default(),
        }))
    }

    /// What the operator has to look at, since the last answer of the provider.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The address that names it.
    pub(crate) fn issuer(&self) -> &str {
        &self.decided.issuer
    }

    fn provider(&self) -> Result<&Provider, Trouble> {
        let provider = self.provider.as_ref();
        provider.map_err(|error| Trouble::Useless(error.clone()))
    }

    /// Remembers how it went, for the health page and the journal.
    fn note<T>(&self, went: Result<T, Trouble>) -> Result<T, Trouble> {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match &went {
            Ok(_) => *trouble = None,
            Err(error @ (Trouble::Down(_) | Trouble::Useless(_))) => {
                tracing::warn!(error = error.to_string(), "openid.trouble");
                *trouble = Some(error.to_string());
            }
            Err(error) => tracing::info!(error = error.to_string(), "openid.refused"),
        }
        went
    }
}

impl Visitor {
    /// What the provider of identities is called, where there is one.
    pub(super) fn openid_name(&self) -> Option<String> {
        let openid = self.site.inner.openid.as_ref()?;
        Some(shown(&openid.decided.name(self.words.tag())))
    }
}

#[derive(Template)]
#[template(path = "signin/openid.html")]
struct Said {
    frame: Frame,
    text: String,
    subject: Option<String>,
    link: (String, String),
}

fn back(visitor: &Visitor) -> String {
    let scheme = match visitor.caller.secure {
        true => "https",
        false => "http",
    };
    format!("{scheme}://{}{BACK}", visitor.caller.host)
}

/// The provider's address with our question (OpenID Connect Core 1.0 §3.1.2.1, RFC 7636).
fn question(openid: &OpenId, doors: &Doors, state: &str, attempt: &Attempt) -> Url {
    let mut to = doors.authorization.clone();
    let mut scopes = vec!["openid"];
    scopes.extend(openid.decided.scopes.iter().map(String::as_str));
    if openid.decided.by_email && !scopes.contains(&"email") {
        scopes.push("email");
    }
    let digest = Sha256::digest(attempt.verifier.as_bytes());
    to.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &openid.decided.client_id)
        .append_pair("redirect_uri", &attempt.back)
        .append_pair("scope", &scopes.join(" "))
        .append_pair("state", state)
        .append_pair("nonce", &attempt.nonce)
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(digest))
        .append_pair("code_challenge_method", "S256");
    to
}

/// `POST /sign-in/openid`: out to the provider.
pub(super) async fn sign_in(visitor: Visitor, typed: Typed) -> Response {
    let next = next_of(typed.text("next"));
    go(visitor, Purpose::SignIn(next)).await
}

/// `POST /account/openid`: the same, to bind oneself to who one is there.
pub(super) async fn bind(visitor: Visitor) -> Response {
    match visitor.person().cloned() {
        Some(person) => go(visitor, Purpose::Bind(person)).await,
        None => visitor.failed(Failure::SignIn).await,
    }
}

async fn go(visitor: Visitor, purpose: Purpose) -> Response {
    let Some(openid) = visitor.site.inner.openid.clone() else {
        return visitor.failed(Failure::Absent).await;
    };
    let doors = match openid.provider() {
        Ok(provider) => provider.doors(visitor.now).await,
        Err(trouble) => Err(trouble),
    };
    let doors = match openid.note(doors) {
        Ok(doors) => doors,
        Err(trouble) => return told(visitor, trouble).await,
    };
    visitor
        .answer(move |visitor| {
            let node = visitor.node();
            let (state, browser) = (node.challenge(), node.challenge());
            let attempt = Attempt {
                nonce: node.challenge(),
                verifier: node.challenge(),
                back: back(visitor),
                purpose,
            };
            let to = question(&openid, &doors, &state, &attempt).to_string();
            let name = visitor.openid_name().unwrap_or_default();
            openid
                .attempts
                .begin(&state, &browser, attempt, visitor.now);
            // A page rather than a redirect: a form of ours leads to our own pages only.
            let refresh = HeaderValue::from_str(&format!("0; url={to}"))?;
            let title = visitor.words.t1("openid-going-title", "name", name);
            let page = visitor.page_called(&title, nothing(), |(), frame| {
                Ok(Said {
                    text: String::new(),
                    subject: None,
                    link: (to, frame.t("openid-going-link")),
                    frame,
                })
            })?;
            let page = page.with_header(HeaderName::from_static("refresh"), refresh);
            let cookies = &visitor.site.inner.cookies;
            let kept = cookies.passing(COOKIE, &browser, LASTS, visitor.caller.secure);
            Ok(match kept {
                Some(cookie) => page.with_header(SET_COOKIE, cookie),
                None => page,
            })
        })
        .await
}

/// `GET /sign-in/openid/back`: who comes back from the provider.
pub(super) async fn come_back(visitor: Visitor, headers: axum::http::HeaderMap) -> Response {
    let Some(openid) = visitor.site.inner.openid.clone() else {
        return visitor.failed(Failure::Absent).await;
    };
    let asked = ["state", "error", "code", "iss"].map(|name| parameter(&visitor.query, name));
    let [state, error, code, named] = asked;
    let cookies = &visitor.site.inner.cookies;
    let browser = cookies.passed(&headers, COOKIE, visitor.caller.secure);
    let found = state
        .zip(browser)
        .and_then(|(state, browser)| openid.attempts.end(&state, &browser, visitor.now));
    let Some(attempt) = found else {
        return page(visitor, StatusCode::FORBIDDEN, "openid-lost", None).await;
    };
    if let Some(error) = error {
        tracing::info!(
            error = error.chars().take(60).collect::<String>(),
            "openid.denied"
        );
        let key = match error.as_str() {
            "access_denied" | "login_required" | "interaction_required" | "consent_required" => {
                "openid-denied"
            }
            "server_error" | "temporarily_unavailable" => "openid-down",
            _ => "openid-useless",
        };
        return page(visitor, StatusCode::FORBIDDEN, key, None).await;
    }
    let code = code.unwrap_or_default();
    let went = vouched(&openid, &code, named, &attempt, visitor.now).await;
    match openid.note(went) {
        Err(trouble) => told(visitor, trouble).await,
        Ok(subject) => match attempt.purpose {
            Purpose::SignIn(next) => enter(visitor, &openid, subject, next).await,
            Purpose::Bind(person) => bound(visitor, &openid, subject, person).await,
        },
    }
}

/// Whom the provider vouches for.
async fn vouched(
    openid: &OpenId,
    code: &str,
    named: Option<String>,
    attempt: &Attempt,
    now: i64,
) -> Result<Subject, Trouble> {
    let provider = openid.provider()?;
    // Another provider's code is not for this one's ears (RFC 9207).
    let doors = provider.doors(now).await?;
    match named {
        Some(named) if named != openid.decided.issuer => return Err(Fault::Issuer.into()),
        None if doors.names_itself => return Err(Fault::Issuer.into()),
        _ => {}
    }
    provider
        .subject(
            code,
            (&attempt.verifier, &attempt.back),
            &attempt.nonce,
            now,
        )
        .await
}

async fn enter(visitor: Visitor, openid: &OpenId, subject: Subject, next: String) -> Response {
    let email = subject.email.as_deref().filter(|_| openid.decided.by_email);
    let origin = visitor.caller.origin();
    let opened = visitor
        .node()
        .sign_in_openid(&openid.decided.issuer, &subject.name, email, &origin)
        .await;
    match opened {
        Ok(opened) => {
            visitor
                .answer(move |visitor| -> Result<Reply, Failure> {
                    Ok(Move::to(next).opened(visitor, &opened).into())
                })
                .await
        }
        Err(error) if matches!(error.downcast_ref(), Some(Refused::Wrong)) => {
            let name = Some(subject.name);
            page(visitor, StatusCode::FORBIDDEN, "openid-unbound", name).await
        }
        Err(error) => visitor.failed(refusal::page(error)).await,
    }
}

async fn bound(
    visitor: Visitor,
    openid: &OpenId,
    subject: Subject,
    person: stix::ObjectId,
) -> Response {
    // Somebody else has signed in here meanwhile: it was not they who asked.
    let Some(actor) = visitor.actor.clone().filter(|actor| actor.person == person) else {
        return page(visitor, StatusCode::FORBIDDEN, "openid-lost", None).await;
    };
    let made = visitor
        .node()
        .bind_own_openid(&openid.decided.issuer, &subject.name, &actor)
        .await;
    match made {
        Ok(secured) => {
            visitor
                .answer(move |visitor| choose::secured_page(visitor, secured))
                .await
        }
        Err(error) if matches!(error.downcast_ref(), Some(Refused::BoundAlready)) => {
            page(visitor, StatusCode::CONFLICT, "openid-taken", None).await
        }
        Err(error) => visitor.failed(refusal::page(error)).await,
    }
}

/// What somebody reads when it did not go.
async fn told(visitor: Visitor, trouble: Trouble) -> Response {
    let (status, key) = match &trouble {
        Trouble::Down(_) => (StatusCode::SERVICE_UNAVAILABLE, "openid-down"),
        Trouble::Useless(_) => (StatusCode::BAD_GATEWAY, "openid-useless"),
        Trouble::Code(_) => (StatusCode::FORBIDDEN, "openid-code"),
        Trouble::Token(Fault::Expired(_) | Fault::Early(_)) => {
            (StatusCode::FORBIDDEN, "openid-clock")
        }
        Trouble::Token(_) => (StatusCode::FORBIDDEN, "openid-token"),
    };
    page(visitor, status, key, None).await
}

async fn page(
    visitor: Visitor,
    status: StatusCode,
    key: &'static str,
    subject: Option<String>,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Page, Failure> {
            let name = visitor.openid_name().unwrap_or_default();
            let text = visitor.words.t1(key, "name", name);
            let to = match visitor.actor.is_some() {
                true => ("/account".to_owned(), visitor.words.t("account-title")),
                false => ("/sign-in".to_owned(), visitor.words.t("sign-in-link")),
            };
            let page = visitor.page("openid-title", nothing(), |(), frame| {
                Ok(Said {
                    frame,
                    text,
                    subject: subject.as_deref().map(shown),
                    link: to,
                })
            })?;
            Ok(page.with_status(status))
        })
        .await
}
