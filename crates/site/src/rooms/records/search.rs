//! `GET /search?q=`: what has all these words, of all that the visitor may see.

use askama::Template;
use axum::response::Response;
use node::overview::Stood;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Purpose, Released};
use stix::ObjectId;

use crate::rooms::wording::{Row, Wording};
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::prelude::parameter;
use crate::shell::visitor::Visitor;

/// Rows on a page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "rooms/records/search.html")]
struct Search {
    frame: Frame,
    asked: String,
    rows: Vec<Row>,
    next: Option<String>,
    /// Where the same is as a feed.
    feed: String,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let asked = parameter(&visitor.query, "q").unwrap_or_default();
            let asked = asked.trim().to_owned();
            // An id leads to its record as well as its words do.
            let before = parameter(&visitor.query, "before").and_then(|before| before.parse().ok());
            let (mut stood, mut next) = (Vec::new(), None);
            if let Ok(id) = ObjectId::parse(&asked) {
                stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
            } else if !asked.is_empty() {
                let found = node
                    .search(visitor.viewer(), &asked, before.unwrap_or(i64::MAX), ROWS)?
                    .into_inner();
                next = found
                    .rows
                    .last()
                    .filter(|_| found.more)
                    .map(|last| visitor.query_with("before", &last.recno.to_string()));
                for row in &found.rows {
                    if let Ok(id) = ObjectId::parse(&row.id) {
                        stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
                    }
                }
            }
            let stood: Released<Vec<Stood>> = stood.into_iter().collect();
            let wording = Wording::of(visitor)?;
            visitor.page("search-title", stood, |stood, frame| {
                let label = Tlp::strictest(stood.iter().map(|stood| &stood.label));
                let rows = stood.iter().map(|stood| wording.row(stood));
                Ok(Search {
                    rows: rows.collect::<Result<_, _>>()?,
                    frame: if stood.is_empty() {
                        frame
                    } else {
                        frame.label(label)
                    }
                    .asking(asked.clone()),
                    feed: format!(
                        "/search.atom?q={}",
                        utf8_percent_encode(&asked, NON_ALPHANUMERIC)
                    ),
                    asked,
                    next,
                })
            })
        })
        .await
}
