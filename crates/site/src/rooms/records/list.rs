//! `GET /records`: the latest records; with `?in=` all of one collection, in the order in which they came.

use askama::Template;
use axum::response::Response;
use node::Collection;
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::ObjectId;
use store::PageQuery;

use crate::locale::Voice;
use crate::rooms::wording::{BESIDE, Row, Wording};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::label::Tlp;
use crate::shell::prelude::parameter;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// Records on the list of the latest.
const LATEST: usize = 60;
/// Rows of a collection on a page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "rooms/records/list.html")]
struct List {
    frame: Frame,
    collections: Vec<Link>,
    chosen: Option<String>,
    rows: Vec<Row>,
    next: Option<String>,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let collections = node.collections()?;
            let links: Vec<Link> = collections
                .iter()
                .map(|collection| {
                    let name = collection.alias.as_ref().unwrap_or(&collection.id);
                    Link::new(format!("/records?in={name}"), title(visitor, collection))
                })
                .collect();
            let wanted = parameter(&visitor.query, "in");
            let chosen = match &wanted {
                None => None,
                Some(name) => Some(node.collection(name)?.ok_or(Failure::Absent)?),
            };
            let (stood, next) = match &chosen {
                None => {
                    let latest = node.newest(visitor.viewer(), Purpose::Show, &BESIDE, LATEST)?;
                    (latest.into_iter().collect(), None)
                }
                Some(collection) => of_collection(visitor, collection)?,
            };
            let chosen = chosen.map(|collection| title(visitor, &collection));
            let wording = Wording::of(visitor)?;
            visitor.page("records-title", stood, |stood: Vec<Stood>, frame| {
                let label = Tlp::strictest(stood.iter().map(|stood| &stood.label));
                let rows = stood.iter().map(|stood| wording.row(stood));
                Ok(List {
                    rows: rows.collect::<Result<_, _>>()?,
                    frame: frame.label(label),
                    collections: links,
                    chosen,
                    next,
                })
            })
        })
        .await
}

/// What a collection is called: those of the desks by their names in the visitor's language.
fn title(visitor: &Visitor, collection: &Collection) -> String {
    match (visitor.words.voice(), collection.desk) {
        (Voice::French, Some(desk)) if collection.alias.as_deref() == Some(desk.as_str()) => {
            desk.in_french().to_owned()
        }
        _ => shown(&collection.title),
    }
}

/// A page of a collection, and the query of the next.
fn of_collection(
    visitor: &Visitor,
    collection: &Collection,
) -> Result<(Released<Vec<Stood>>, Option<String>), Failure> {
    let node = visitor.node();
    let after = parameter(&visitor.query, "after").and_then(|after| after.parse().ok());
    let query = PageQuery {
        after: after.unwrap_or(0),
        ..PageQuery::of(collection.number, ROWS)
    };
    let page = node
        .manifest(visitor.viewer(), Purpose::Show, &query)?
        .into_inner();
    let next = page
        .rows
        .last()
        .filter(|_| page.more)
        .map(|last| visitor.query_with("after", &last.added.to_string()));
    let mut stood = Vec::new();
    for row in &page.rows {
        let kind = row.id.split("--").next().unwrap_or_default();
        if let Ok(id) = ObjectId::parse(&row.id)
            && !BESIDE.contains(&kind)
        {
            stood.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
        }
    }
    Ok((stood.into_iter().collect(), next))
}
