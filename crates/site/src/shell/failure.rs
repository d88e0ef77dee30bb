//! What is answered when there is no page to give: what happened, what was kept, what to do.
//!
//! Invariant: what is hidden and what is absent are one and the same answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::{Page, Reply, nothing};
use super::frame::Frame;
use super::visitor::{Role, Visitor};
use crate::api::{is_for_programs, problem};

/// Why there is no page.
#[derive(Debug)]
pub enum Failure {
    /// It isn't there, or the visitor may not see it.
    Absent,
    /// Somebody has to sign in first.
    SignIn,
    /// The same, after what was typed into a form was kept.
    Kept,
    /// Somebody was let in to choose how they will sign in, and has to do that first.
    Choose,
    /// Somebody signed in, who has not this role.
    NotYours(Role),
    /// A form was sent from another site's page.
    CrossSite,
    /// What was sent is more than is taken, or not what a form sends.
    Unreadable,
    /// A page in one sentence, by the keys of its title and its text.
    Said(StatusCode, &'static str, &'static str),
    /// What only a program is told.
    Problem(crate::api::Problem),
    /// Something broke here. The cause is logged and not shown.
    Broken(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    /// What was refused to whoever asks is said as such, wherever it was found out: above all inside a transaction.
    fn from(error: E) -> Self {
        crate::signin::refusal::page(error.into())
    }
}

/// A page in one sentence.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice {
    frame: Frame,
    text: String,
    link: Option<(String, String)>,
}

impl Visitor {
    /// What this visitor is told.
    pub(crate) async fn failed(self, failure: Failure) -> Response {
        let (site, words) = (self.site.clone(), self.words.clone());
        if is_for_programs(&self.path) {
            return Reply::Page(problem(&self, failure)).into_response(&site, &words);
        }
        let made = tokio::task::spawn_blocking(move || self.notice(failure)).await;
        match made {
            Ok(Ok(page)) => Reply::Page(page).into_response(&site, &words),
            Ok(Err(error)) => {
                tracing::error!(error = format!("{error:#}"), "page.failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Err(error) => {
                tracing::error!(error = error.to_string(), "page.failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// Where one signs in, and goes on from there to where one was.
    pub(crate) fn sign_in_path(&self) -> String {
        let next = if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        };
        format!(
            "/sign-in?next={}",
            utf8_percent_encode(&next, NON_ALPHANUMERIC)
        )
    }

    fn notice(&self, failure: Failure) -> anyhow::Result<Page> {
        let words = &self.words;
        let (status, title, text, link) = match failure {
            Failure::Absent => (
                StatusCode::NOT_FOUND,
                "absent-title",
                words.t("absent-text"),
                Some(("/".to_owned(), words.t("absent-link"))),
            ),
            Failure::SignIn if !self.node().is_set_up()? && !self.node().has_users()? => (
                StatusCode::OK,
                "unset-title",
                words.t("unset-text"),
                Some(("/setup".to_owned(), words.t("unset-link"))),
            ),
            Failure::SignIn => (
                StatusCode::UNAUTHORIZED,
                "sign-in-title",
                words.t("sign-in-text"),
                Some((self.sign_in_path(), words.t("sign-in-link"))),
            ),
            Failure::Kept => (
                StatusCode::UNAUTHORIZED,
                "sign-in-title",
                words.t("sign-in-kept"),
                Some((self.sign_in_path(), words.t("sign-in-link"))),
            ),
            Failure::Choose => (
                StatusCode::FORBIDDEN,
                "choose-title",
                words.t("choose-lead"),
                Some(("/account/choose".to_owned(), words.t("invited-verb"))),
            ),
            Failure::NotYours(role) => (
                StatusCode::FORBIDDEN,
                "not-yours-title",
                words.t1(
                    "not-yours-text",
                    "role",
                    words.t(&format!("role-{}", role.as_str())),
                ),
                None,
            ),
            Failure::CrossSite => (
                StatusCode::FORBIDDEN,
                "cross-site-title",
                words.t("cross-site-text"),
                None,
            ),
            Failure::Unreadable => (
                StatusCode::BAD_REQUEST,
                "unreadable-title",
                words.t("unreadable-text"),
                None,
            ),
            Failure::Said(status, title, text) => (status, title, words.t(text), None),
            Failure::Problem(problem) => (problem.status, "refused-title", problem.detail, None),
            Failure::Broken(error) if node::is_unwritten(&error) => {
                tracing::error!(error = format!("{error:#}"), "page.unwritten");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unwritten-title",
                    words.t("unwritten-text"),
                    None,
                )
            }
            Failure::Broken(error) => {
                tracing::error!(error = format!("{error:#}"), "page.failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "broken-title",
                    words.t("broken-text"),
                    None,
                )
            }
        };
        let frame = Frame::bare(self, title);
        let notice = Notice { frame, text, link };
        let html = notice.render()?;
        Ok(Page::html(nothing().map(|()| html)).with_status(status))
    }
}
