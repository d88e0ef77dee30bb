//! `GET /enter?key=`: uses up a sign-in link. The page that answers goes on by itself, so that the cookie counts as this site's own.

use askama::Template;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::shell::answer::nothing;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::prelude::parameter;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "notice.html")]
struct Welcome {
    frame: Frame,
    text: String,
    link: Option<(&'static str, String)>,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let key = parameter(&visitor.query, "key").unwrap_or_default();
            let cookie = visitor.site.inner.door.enter(&key, visitor.now);
            if cookie.is_none() && visitor.actor.is_none() {
                return Err(Failure::Said(
                    StatusCode::FORBIDDEN,
                    "link-used-title",
                    "link-used-text",
                ));
            }
            let page = visitor.page("welcome-title", nothing(), |(), frame| {
                Ok(Welcome {
                    text: String::new(),
                    link: Some(("/", frame.t("welcome-link"))),
                    frame,
                })
            })?;
            let page = page.with_header(
                HeaderName::from_static("refresh"),
                HeaderValue::from_static("0; url=/"),
            );
            Ok(match cookie {
                Some(cookie) => page.with_header(SET_COOKIE, cookie),
                None => page,
            })
        })
        .await
}
