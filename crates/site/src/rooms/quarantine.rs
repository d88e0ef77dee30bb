//! What was malformed: `GET /quarantine`, and letting one go, `POST /quarantine/{number}`. Invariant: its beginning is shown, as plain
//! text, to those alone who decide about it: it may be anybody's.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::Channel;

use super::wording::Wording;
use crate::shell::answer::{Move, nothing};
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::prelude::parameter;
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::{shorten, shown, shown_lines};
use crate::shell::visitor::{Right, Visitor};

/// Rows on a page.
const ROWS: usize = 50;

pub(crate) struct Quarantine;

impl Desk for Quarantine {
    fn name(&self) -> &'static str {
        "quarantine"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Exchange,
            path: "/quarantine",
            key: "quarantine-title",
            letter: 'q',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/quarantine", Who::SignedIn, show).form(
            "/quarantine/{number}",
            Who::May(Right::Decide),
            discard,
        )
    }
}

#[derive(Template)]
#[template(path = "rooms/quarantine/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    more: Option<String>,
    decides: bool,
}

struct Row {
    number: i64,
    /// The language that it says why in.
    lang: String,
    why: String,
    /// The node's own sentence, where it is another.
    as_found: Option<String>,
    place: String,
    from: String,
    arrived: String,
    size: String,
    hash: String,
    /// How it begins, for who decides.
    head: Option<String>,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let after = parameter(&visitor.query, "after").and_then(|after| after.parse().ok());
            let mut broken = node.quarantine(after.unwrap_or(0), ROWS + 1)?;
            let more = broken.len() > ROWS;
            broken.truncate(ROWS);
            let last = broken.last().map(|last| last.id.to_string());
            let wording = Wording::of(visitor)?;
            let decides = visitor.may(Right::Decide);
            // What label it had is not known: a page that shows how one begins counts as the strictest, on paper above all.
            let begins = decides && broken.iter().any(|broken| !broken.head.is_empty());
            visitor.page("quarantine-title", nothing(), |(), frame| {
                let frame = match begins {
                    true => frame.label(Tlp::of(policy::Tlp::Red)),
                    false => frame,
                };
                let rows = broken.iter().map(|broken| Row {
                    number: broken.id,
                    lang: match wording.broken(&broken.reason) == broken.reason {
                        true => "en".to_owned(),
                        false => words.tag().to_owned(),
                    },
                    why: shown(&shorten(&wording.broken(&broken.reason))),
                    as_found: (wording.broken(&broken.reason) != broken.reason)
                        .then(|| shown(&shorten(&broken.reason))),
                    place: shown(&shorten(&broken.pointer)),
                    from: wording.channel(Channel::parse(&broken.channel).as_ref()),
                    arrived: words.moment(broken.arrived),
                    size: words.figure(broken.size),
                    hash: broken
                        .hash
                        .iter()
                        .map(|byte| format!("{byte:02x}"))
                        .collect(),
                    head: (decides && !broken.head.is_empty())
                        .then(|| shown_lines(&String::from_utf8_lossy(&broken.head))),
                });
                Ok(List {
                    rows: rows.collect(),
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

async fn discard(visitor: Visitor, Path(number): Path<i64>) -> Response {
    visitor
        .answer(move |visitor| {
            let gone = visitor
                .node()
                .discard_quarantined(number, &visitor.acting()?);
            if gone.wait()? {
                return Ok(Move::to("/quarantine").saying(visitor.words.t("quarantine-discarded")));
            }
            Err(Failure::Said(
                StatusCode::CONFLICT,
                "awaiting-gone-title",
                "awaiting-gone-text",
            ))
        })
        .await
}
