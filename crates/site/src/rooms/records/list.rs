//! `GET /records`: all that the visitor may see, or with `?in=` one collection; the newest first or the oldest (`?sort=accepted`), of one
//! type (`?kind=`), a page at a time from wherever the last one ended.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::Response;
use node::Collection;
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::ObjectId;
use store::{PageQuery, RunQuery};

use crate::parts::form::Choice;
use crate::rooms::wording::{BESIDE, Row, Wording};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::label::Tlp;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

/// Rows on a page.
const ROWS: usize = 50;

/// Types that a reader looks for besides those of the desks.
const KINDS: [&str; 18] = [
    "attack-pattern",
    "campaign",
    "course-of-action",
    "incident",
    "indicator",
    "infrastructure",
    "intrusion-set",
    "location",
    "malware",
    "note",
    "observed-data",
    "opinion",
    "relationship",
    "report",
    "sighting",
    "threat-actor",
    "tool",
    "vulnerability",
];

#[derive(Template)]
#[template(path = "rooms/records/list.html")]
struct List {
    frame: Frame,
    collections: Vec<Link>,
    chosen: Option<String>,
    /// The parameter that goes along with what narrows the list.
    within: Option<String>,
    kinds: Vec<Choice>,
    kind: Option<String>,
    rising: bool,
    newest: String,
    oldest: String,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
}

/// What the address asks for.
struct Asked {
    collection: Option<Collection>,
    kinds: Vec<String>,
    rising: bool,
    after: Option<i64>,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let collections = node.collections()?;
            let links: Vec<Link> = collections
                .iter()
                .map(|collection| {
                    let name = collection.alias.as_ref().unwrap_or(&collection.id);
                    Link::new(format!("/records?in={name}"), title(visitor, collection))
                })
                .collect();
            let within = visitor.asked("in");
            let known = kinds(visitor);
            let kind = visitor
                .asked("kind")
                .filter(|kind| known.contains(kind.as_str()));
            let asked = Asked {
                collection: match &within {
                    None => None,
                    Some(name) => Some(node.collection(name)?.ok_or(Failure::Absent)?),
                },
                kinds: kind.iter().cloned().collect(),
                rising: visitor.sorted() == Some(("accepted".to_owned(), false)),
                after: visitor.asked("after").and_then(|after| after.parse().ok()),
            };
            let (stood, next) = match &asked.collection {
                None => of_all(visitor, &asked)?,
                Some(collection) => of_collection(visitor, collection, &asked)?,
            };
            let chosen = asked.collection.as_ref().map(|own| title(visitor, own));
            let wording = Wording::of(visitor)?;
            let mut kinds: Vec<Choice> = known
                .iter()
                .map(|kind| Choice::new(*kind, wording.kind(kind)))
                .collect();
            words.sort(&mut kinds, |choice| &choice.name);
            let sorted = |sort: &str| {
                let kept = visitor.query_without(&["after", "sort", "lang", "theme"]);
                let and = if kept == "?" { "" } else { "&" };
                format!("{kept}{and}sort={sort}")
            };
            let (newest, oldest) = (sorted("-accepted"), sorted("accepted"));
            let next = next.map(|next| visitor.query_with("after", &next.to_string()));
            let first = asked.after.map(|_| visitor.query_without(&["after"]));
            visitor.page("records-title", stood, |stood: Vec<Stood>, frame| {
                let label = Tlp::strictest(stood.iter().map(|stood| &stood.label));
                let rows = stood.iter().map(|stood| wording.row(stood));
                Ok(List {
                    rows: rows.collect::<Result<_, _>>()?,
                    frame: frame.label(label),
                    collections: links,
                    chosen,
                    within,
                    kinds,
                    kind,
                    rising: asked.rising,
                    newest,
                    oldest,
                    first,
                    next,
                })
            })
        })
        .await
}

/// The types that the list can be narrowed to.
fn kinds(visitor: &Visitor) -> BTreeSet<&'static str> {
    let of_desks = visitor.site.desks().flat_map(|desk| desk.kinds());
    KINDS.iter().chain(of_desks).copied().collect()
}

/// What a collection is called: those of the desks by their names in the visitor's language.
pub(crate) fn title(visitor: &Visitor, collection: &Collection) -> String {
    let words = &visitor.words;
    match collection.desk.filter(|_| words.tag() != "en") {
        Some(desk) if collection.alias.as_deref() == Some(desk.as_str()) => words.desk(desk),
        _ => shown(&collection.title),
    }
}

/// Records, and after which the next page begins.
type Part = (Released<Vec<Stood>>, Option<i64>);

/// A page of all records, in the order in which they came.
fn of_all(visitor: &Visitor, asked: &Asked) -> Result<Part, Failure> {
    let query = RunQuery {
        after: asked.after,
        down: !asked.rising,
        limit: ROWS,
        kinds: asked.kinds.clone(),
        without: BESIDE.map(str::to_owned).to_vec(),
        collection: None,
    };
    let run = visitor
        .node()
        .run(visitor.viewer(), Purpose::Show, &query)?;
    let next = run.as_ref().map(|(_, next)| *next).into_inner();
    Ok((run.map(|(rows, _)| rows), next))
}

/// A page of a collection, in the order in which its records were put there.
fn of_collection(
    visitor: &Visitor,
    collection: &Collection,
    asked: &Asked,
) -> Result<Part, Failure> {
    let (node, viewer) = (visitor.node(), visitor.viewer());
    let query = PageQuery {
        after: asked.after.filter(|_| asked.rising).unwrap_or(0),
        kinds: asked.kinds.clone(),
        ..PageQuery::of(collection.number, ROWS)
    };
    let page = if asked.rising {
        node.manifest(viewer, Purpose::Show, &query)?
    } else {
        let before = asked.after.unwrap_or(i64::MAX);
        node.manifest_down(viewer, Purpose::Show, &query, before)?
    };
    let page = page.into_inner();
    let next = page
        .rows
        .last()
        .filter(|_| page.more)
        .map(|last| last.added);
    let mut stood = Vec::new();
    for row in &page.rows {
        let kind = row.id.split("--").next().unwrap_or_default();
        if let Ok(id) = ObjectId::parse(&row.id)
            && !BESIDE.contains(&kind)
        {
            stood.extend(node.stood(viewer, Purpose::Show, &id)?);
        }
    }
    Ok((stood.into_iter().collect(), next))
}
