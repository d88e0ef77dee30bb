//! What awaits a decision: `GET /awaiting`, and the decision, `POST /awaiting/{number}`. Its content is not shown: nothing has decided
//! yet who may see it.

use std::collections::HashMap;

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::Channel;
use node::waiting::Decided;
use policy::Released;

use super::wording::Wording;
use crate::shell::answer::{Move, nothing};
use crate::shell::desk::{Desk, Nav, Need, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::prelude::parameter;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Right, Visitor};

/// Rows on a page.
const ROWS: usize = 50;

pub(crate) struct Awaiting;

impl Desk for Awaiting {
    fn name(&self) -> &'static str {
        "awaiting"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Day,
            path: "/awaiting",
            key: "awaiting-title",
            letter: 'a',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/awaiting", Who::SignedIn, show).form(
            "/awaiting/{number}",
            Who::May(Right::Decide),
            decide,
        )
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        // Of those who may not decide, nobody needs it.
        let count = match visitor.may(Right::Decide) {
            true => visitor.node().count_awaiting()?,
            false => 0,
        };
        let needs = (count > 0).then(|| Need {
            sentence: visitor.words.t1("awaiting-count", "n", count),
            path: "/awaiting".to_owned(),
        });
        Ok(nothing().map(|()| needs.into_iter().collect()))
    }
}

#[derive(Template)]
#[template(path = "rooms/awaiting/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    all: String,
    more: Option<String>,
    decides: bool,
}

struct Row {
    number: i64,
    kind: String,
    object: String,
    /// Who it says wrote it: for those who decide.
    by: Option<String>,
    why: String,
    from: String,
    arrived: String,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let after = parameter(&visitor.query, "after").and_then(|after| after.parse().ok());
            let mut waiting = node.awaiting(after.unwrap_or(0), ROWS + 1)?;
            let more = waiting.len() > ROWS;
            waiting.truncate(ROWS);
            let last = waiting.last().map(|last| last.id.to_string());
            let all = node.count_awaiting()?;
            let wording = Wording::of(visitor)?;
            let decides = visitor.may(Right::Decide);
            visitor.page("awaiting-title", nothing(), |(), frame| {
                let rows = waiting.into_iter().map(|waiting| Row {
                    by: decides.then(|| said_by(&wording, &waiting.body)).flatten(),
                    number: waiting.id,
                    kind: wording.kind(waiting.object.split("--").next().unwrap_or_default()),
                    why: wording.awaits(&waiting.reason),
                    from: wording.channel(Channel::parse(&waiting.channel).as_ref()),
                    arrived: words.moment(waiting.arrived),
                    object: waiting.object,
                });
                Ok(List {
                    rows: rows.collect(),
                    all: match decides {
                        true => words.t1("awaiting-count", "n", all),
                        false => words.t1("awaiting-count-others", "n", all),
                    },
                    more: last
                        .filter(|_| more)
                        .map(|last| visitor.query_with("after", &last)),
                    decides,
                    frame,
                })
            })
        })
        .await
}

/// Who wrote it, by its own words: nobody has shown yet that it is so.
fn said_by(wording: &Wording<'_>, body: &[u8]) -> Option<String> {
    let limits = stix::Limits::default();
    let object = stix::check(body, &limits).ok()?;
    let author = object.header().created_by_ref.as_ref()?;
    Some(wording.name(author.as_str()))
}

async fn decide(
    visitor: Visitor,
    Path(number): Path<i64>,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    visitor
        .answer(move |visitor| {
            let (decided, said) = match form.get("decision").map(String::as_str) {
                Some("admit") => (Decided::Admit, "awaiting-admitted"),
                Some("discard") => (Decided::Discard, "awaiting-discarded"),
                _ => return Err(Failure::Unreadable),
            };
            let decision = visitor
                .node()
                .decide(number, decided, &visitor.acting()?)
                .and_then(node::Pending::wait);
            match decision {
                Ok(_) => Ok(Move::to("/awaiting").saying(visitor.words.t(said))),
                Err(error) => {
                    tracing::info!(error = format!("{error:#}"), "awaiting.not_decided");
                    Err(Failure::Said(
                        StatusCode::CONFLICT,
                        "awaiting-gone-title",
                        "awaiting-gone-text",
                    ))
                }
            }
        })
        .await
}
