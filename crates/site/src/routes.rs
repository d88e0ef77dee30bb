//! The addresses of the pages.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use node::Node;
use std::collections::HashMap;

use crate::door::Door;
use crate::headers::secure;
use crate::language::Language;
use crate::page::{self, Notice};
use crate::words::Words;
use askama::Template as _;

/// What the pages are made of.
#[derive(Clone)]
struct Site {
    node: Node,
    door: Arc<Door>,
}

type Asked = Query<HashMap<String, String>>;

/// The pages of a node. Whoever serves them sees to it that only this machine reaches them.
pub fn routes(node: &Node, door: &Arc<Door>) -> Router {
    let site = Site {
        node: node.clone(),
        door: Arc::clone(door),
    };
    Router::new()
        .route("/", get(home))
        .route("/enter", get(enter))
        .route("/site.css", get(style))
        .with_state(site)
        .layer(middleware::from_fn(secure))
}

async fn style() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "max-age=300"),
    ];
    (headers, include_str!("../templates/site.css")).into_response()
}

/// `GET /`: the node's page, for whoever signed in.
async fn home(State(site): State<Site>, Query(asked): Asked, headers: HeaderMap) -> Response {
    let language = language(&asked, &headers);
    let w = Words::of(language);
    match site.node.is_set_up() {
        Ok(true) => {}
        Ok(false) => {
            return notice(
                StatusCode::OK,
                w.set_up,
                w.set_up_how,
                Some(("/setup".to_owned(), w.set_up_link)),
                w,
            );
        }
        Err(error) => return failed(&error, w),
    }
    let Some(person) = site.door.who(&headers, site.node.now()) else {
        return notice(StatusCode::UNAUTHORIZED, w.closed, w.closed_how, None, w);
    };
    let node = site.node.clone();
    let made = tokio::task::spawn_blocking(move || {
        let addresses: Vec<String> = node.config().address.iter().cloned().collect();
        page::page(&node, &addresses, person.as_ref(), language)
    })
    .await;
    match made {
        Ok(Ok(page)) => answer(StatusCode::OK, page.into_inner(), w),
        Ok(Err(error)) => failed(&error, w),
        Err(error) => failed(&error.into(), w),
    }
}

/// `GET /enter?key=`: uses up a sign-in link. The page that answers goes on by itself, so that the cookie counts as this site's own.
async fn enter(State(site): State<Site>, Query(asked): Asked, headers: HeaderMap) -> Response {
    let language = language(&asked, &headers);
    let w = Words::of(language);
    let now = site.node.now();
    let key = asked.get("key").map_or("", String::as_str);
    let cookie = site.door.enter(key, now);
    if cookie.is_none() && site.door.who(&headers, now).is_none() {
        return notice(StatusCode::FORBIDDEN, w.link_used, w.link_used_how, None, w);
    }
    let to = match asked.get("lang") {
        Some(_) => format!("/?lang={}", language.code()),
        None => "/".to_owned(),
    };
    let go = HeaderValue::from_str(&format!("0; url={to}"));
    let mut response = notice(StatusCode::OK, w.welcome, "", Some((to, w.go_on)), w);
    if let Ok(go) = go {
        response
            .headers_mut()
            .insert(HeaderName::from_static("refresh"), go);
    }
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

fn language(asked: &HashMap<String, String>, headers: &HeaderMap) -> Language {
    Language::of(asked.get("lang").map(String::as_str), headers)
}

fn notice(
    status: StatusCode,
    title: &'static str,
    text: &'static str,
    link: Option<(String, &'static str)>,
    w: &'static Words,
) -> Response {
    let notice = Notice {
        w,
        title,
        text,
        link,
    };
    match notice.render() {
        Ok(html) => answer(status, html, w),
        Err(error) => {
            tracing::error!(%error, "page.failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn failed(error: &anyhow::Error, w: &'static Words) -> Response {
    tracing::error!(error = format!("{error:#}"), "page.failed");
    notice(
        StatusCode::INTERNAL_SERVER_ERROR,
        w.failed,
        w.failed_how,
        None,
        w,
    )
}

fn answer(status: StatusCode, html: String, w: &Words) -> Response {
    let headers = [
        ("content-language", w.language.code()),
        ("vary", "accept-language, cookie"),
    ];
    (status, headers, Html(html)).into_response()
}
