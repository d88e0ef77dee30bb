//! What comes before every handler: other sites' forms are refused, the visitor is made out; and after it: headers and cookies.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, SET_COOKIE};
use axum::middleware::Next;
use axum::response::Response;
use percent_encoding::percent_decode_str;
use policy::Viewer;

use super::failure::Failure;
use super::origin::is_foreign;
use super::site::Site;
use super::visitor::{Actor, Theme, Visitor};
use crate::api::is_for_programs;
use crate::signin::Caller;

/// Every request passes here.
pub(crate) async fn prelude(
    State(site): State<Site>,
    mut request: Request,
    next: Next,
) -> Response {
    let (visitor, chosen) = site.visitor(&request);
    let foreign = is_foreign(request.method(), request.uri(), request.headers());
    let said = visitor.said.is_some();
    let mut response = if foreign {
        visitor.failed(Failure::CrossSite).await
    } else {
        request.extensions_mut().insert(visitor);
        next.run(request).await
    };
    let is_page = response
        .headers()
        .get("content-type")
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page {
        let cookies = &site.inner.cookies;
        let lasting = chosen
            .iter()
            .filter_map(|(name, value)| cookies.lasting(name, value));
        let gone = said.then(|| cookies.gone("said")).flatten();
        for cookie in lasting.chain(gone) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// The value of a parameter in a query.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(own, _)| *own == name)?;
    let value = value.replace('+', " ");
    Some(percent_decode_str(&value).decode_utf8_lossy().into_owned())
}

/// A query without what opens a feed.
fn without_token(query: &str) -> String {
    let rest = query.split('&').filter(|pair| !pair.starts_with("token="));
    rest.collect::<Vec<_>>().join("&")
}

type Chosen = Vec<(&'static str, String)>;

impl Site {
    /// Who asks, and what is to be remembered of how.
    fn visitor(&self, request: &Request) -> (Visitor, Chosen) {
        let (headers, uri) = (request.headers(), request.uri());
        let (node, cookies) = (&self.inner.node, &self.inner.cookies);
        let query = uri.query().unwrap_or_default();
        let now = node.now();
        let mut chosen = Vec::new();
        let caller = Caller::of(request, node);
        let actor = self.by_token(headers, uri.path(), query);
        let actor = actor.unwrap_or_else(|| self.actor(headers, caller.secure));
        let own = actor.as_ref().and_then(|actor| actor.language.clone());
        let asked = parameter(query, "lang");
        let words = self.inner.locales.choose(
            asked.as_deref(),
            // What was chosen at the head of a page holds in this browser; elsewhere it is the account's.
            cookies.shown(headers, "lang").or(own).as_deref(),
            headers
                .get(ACCEPT_LANGUAGE)
                .and_then(|value| value.to_str().ok()),
        );
        if asked.is_some() {
            chosen.push(("lang", words.tag().to_owned()));
        }
        let theme = parameter(query, "theme").and_then(|name| Theme::parse(&name));
        if let Some(theme) = theme {
            chosen.push(("theme", theme.name().to_owned()));
        }
        let remembered = || cookies.shown(headers, "theme");
        let theme = theme
            .or_else(|| Theme::parse(&remembered()?))
            .unwrap_or_default();
        let visitor = Visitor {
            actor,
            caller,
            site: self.clone(),
            words,
            theme,
            now,
            path: uri.path().to_owned(),
            // A token in an address is read here and repeated nowhere.
            query: match self.is_feed(uri.path()) {
                true => without_token(query),
                false => query.to_owned(),
            },
            said: cookies
                .shown(headers, "said")
                .filter(|said| !said.is_empty()),
            public: Viewer::public(),
            ended: std::sync::Arc::default(),
            sent: std::sync::Arc::default(),
        };
        (visitor, chosen)
    }

    /// For whom a program acts that shows a token: in the header to the interface for programs, in the address to a feed. `None` where
    /// none is shown; one that is none is nobody's, whatever else the request shows.
    fn by_token(&self, headers: &HeaderMap, path: &str, query: &str) -> Option<Option<Actor>> {
        let secret = if is_for_programs(path) {
            let shown = headers.get(AUTHORIZATION)?.to_str().unwrap_or_default();
            let (kind, secret) = shown.split_once(' ').unwrap_or((shown, ""));
            let bearer = kind.eq_ignore_ascii_case("bearer");
            Some(secret.trim().to_owned()).filter(|_| bearer)
        } else {
            let asked = parameter(query, "token")?;
            if !self.is_feed(path) {
                return None;
            }
            Some(asked)
        };
        let found = self.inner.node.actor_by_token(&secret.unwrap_or_default());
        Some(found.unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "token.failed");
            None
        }))
    }

    /// Who signed in, looked up again for every request.
    fn actor(&self, headers: &HeaderMap, secure: bool) -> Option<Actor> {
        let secret = self.inner.cookies.session_shown(headers, secure)?;
        match self.inner.node.actor(&secret) {
            Ok(actor) => actor,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "session.failed");
                None
            }
        }
    }
}
