//! `/setup`: where the one-time code is used up. Invariant: only a browser on this machine reaches it, and it works once.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use node::Node;
use node::chance::SystemRandom;
use serde::Deserialize;
use tokio::sync::watch;

use super::setup_code::{SetUpCode, Try};

/// Whether set-up is done, and the code while it isn't.
pub(crate) struct SetUp {
    node: Node,
    pages: Arc<site::Door>,
    code: Option<SetUpCode>,
    done: watch::Sender<bool>,
}

impl SetUp {
    /// As the node remembers it; a fresh code where it isn't done.
    pub(crate) fn of(node: &Node, pages: &Arc<site::Door>) -> Result<Arc<Self>> {
        let done = node.is_set_up()?;
        let code = if done {
            None
        } else {
            Some(SetUpCode::new(&mut SystemRandom::new()?))
        };
        Ok(Arc::new(Self {
            node: node.clone(),
            pages: Arc::clone(pages),
            code,
            done: watch::Sender::new(done),
        }))
    }

    pub(crate) fn is_done(&self) -> bool {
        *self.done.borrow()
    }

    /// The code to show on the terminal, while it is wanted.
    pub(crate) fn code(&self) -> Option<String> {
        self.code
            .as_ref()
            .filter(|_| !self.is_done())
            .map(SetUpCode::shown)
    }

    /// Waits until it is done.
    pub(crate) async fn wait(&self) {
        // The sender is ours: it cannot have gone.
        let _ = self.done.subscribe().wait_for(|done| *done).await;
    }
}

/// The page and its form.
pub(crate) fn routes(set_up: &Arc<SetUp>) -> Router {
    Router::new()
        .route("/setup", get(show).post(enter))
        .with_state(Arc::clone(set_up))
}

async fn show(State(set_up): State<Arc<SetUp>>) -> Response {
    if set_up.is_done() {
        return Redirect::to("/").into_response();
    }
    page(StatusCode::OK, "")
}

#[derive(Deserialize)]
struct Entered {
    code: String,
}

async fn enter(State(set_up): State<Arc<SetUp>>, Form(entered): Form<Entered>) -> Response {
    let Some(code) = set_up.code.as_ref().filter(|_| !set_up.is_done()) else {
        return Redirect::to("/").into_response();
    };
    match code.attempt(&entered.code) {
        Try::Right => {}
        Try::Wrong(0) => {
            return page(
                StatusCode::FORBIDDEN,
                "No tries are left. Start the node again: it shows a new code.",
            );
        }
        Try::Wrong(1) => return page(StatusCode::FORBIDDEN, "Wrong set-up code. 1 try left."),
        Try::Wrong(left) => {
            return page(
                StatusCode::FORBIDDEN,
                &format!("Wrong set-up code. {left} tries left."),
            );
        }
    }
    if let Err(error) = set_up.node.complete_set_up().await {
        tracing::error!(
            error = format!("{error:#}"),
            "set-up could not be completed"
        );
        let said = "The code was right, and the node could not write that down. Its log says why; start it again for a new code.";
        return page(StatusCode::INTERNAL_SERVER_ERROR, said);
    }
    tracing::info!("set-up is done");
    set_up.done.send_replace(true);
    // Who has read the code on the terminal may look at once.
    let cookie = set_up.pages.open(None, set_up.node.now());
    let mut response = Redirect::to("/").into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

fn page(status: StatusCode, said: &str) -> Response {
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("<p role=\"alert\" id=\"said\">{said}</p>")
    };
    let html = include_str!("setup.html").replace("<!-- said -->", &said);
    let headers = [
        (CACHE_CONTROL, "no-store"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers, Html(html)).into_response()
}
