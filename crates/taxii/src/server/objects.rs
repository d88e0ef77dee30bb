//! What is in a collection: objects, one object, manifest, versions (TAXII 2.1 §5.3, §5.4, §5.6, §5.8).
//!
//! Invariant: a page is cut by position and never by count; `next` says where it was cut, under the filters it was cut
//! by, and nothing is kept between two pages.

use std::sync::Arc;

use axum::response::Response;
use node::access::Access;
use node::ledger::Taken;
use policy::Released;
use stix::ObjectId;
use store::{PageQuery, Spec, Spliced, Versions};

use super::recent::Question;
use super::reply::{self, Failure, Written};
use super::{Host, Server, Shelf, envelope};
use crate::problem::Problem;
use crate::query::{Filters, Tokens, Version};

/// Up to how many objects a page is read on the thread that answers; what is larger goes where it may block.
const INLINE: usize = 128;
/// The same for objects that are asked for by name, which have any number of versions.
const INLINE_IDS: usize = 16;

/// `GET .../objects/`
pub(super) async fn page<H: Host>(
    server: &Server<H>,
    access: Arc<Access>,
    shelf: Shelf,
    filters: Filters,
) -> Result<Response, Failure> {
    let Some(query) = Query::new(server, &shelf, &filters, Place::Objects, None)? else {
        return nothing();
    };
    let owner = Arc::clone(&access);
    query
        .answer(server, &owner, move |host, query| {
            let page = host.page(&access, &query.page, envelope::OPEN, &query.asked)?;
            Ok(Some(page.map(|page| query.envelope(page))))
        })
        .await
}

/// `GET .../manifest/`
pub(super) async fn manifest<H: Host>(
    server: &Server<H>,
    access: Arc<Access>,
    shelf: Shelf,
    filters: Filters,
) -> Result<Response, Failure> {
    let Some(query) = Query::new(server, &shelf, &filters, Place::Manifest, None)? else {
        return nothing();
    };
    let owner = Arc::clone(&access);
    query
        .answer(server, &owner, move |host, query| {
            Ok(Some(host.manifest(&access, &query.page)?.map(|page| {
                let next = query.next(page.more, page.rows.last().map(|row| row.added));
                envelope::manifest(&page, next.as_deref())
            })))
        })
        .await
}

/// `GET .../objects/{id}/`: an object that is not there for this access is not found; filters that leave nothing of
/// one that is give an empty answer.
pub(super) async fn object<H: Host>(
    server: &Server<H>,
    access: Arc<Access>,
    shelf: Shelf,
    id: &str,
    filters: Filters,
) -> Result<Response, Failure> {
    let id = ObjectId::parse(id).map_err(|_| Problem::not_found())?;
    let place = Place::Object;
    let Some(query) = Query::new(server, &shelf, &filters, place, Some(&id))? else {
        return known(server, &access, &shelf, &id);
    };
    let owner = Arc::clone(&access);
    query
        .answer(server, &owner, move |host, query| {
            let page = host.page(&access, &query.page, envelope::OPEN, &query.asked)?;
            let page = page.map(|page| query.envelope(page));
            there(host, &access, &query.page, page)
        })
        .await
}

/// `GET .../objects/{id}/versions/`
pub(super) async fn versions<H: Host>(
    server: &Server<H>,
    access: Arc<Access>,
    shelf: Shelf,
    id: &str,
    filters: Filters,
) -> Result<Response, Failure> {
    let id = ObjectId::parse(id).map_err(|_| Problem::not_found())?;
    let place = Place::Versions;
    let Some(mut query) = Query::new(server, &shelf, &filters, place, Some(&id))? else {
        return known(server, &access, &shelf, &id);
    };
    query.page.versions = Versions::all();
    let owner = Arc::clone(&access);
    query
        .answer(server, &owner, move |host, query| {
            let page = host.manifest(&access, &query.page)?.map(|page| {
                let next = query.next(page.more, page.rows.last().map(|row| row.added));
                envelope::versions(&page, next.as_deref())
            });
            there(host, &access, &query.page, page)
        })
        .await
}

/// The page, unless it is empty because the object is not there for this access.
fn there<H: Host>(
    host: &H,
    access: &Access,
    query: &PageQuery,
    page: Released<Written>,
) -> anyhow::Result<Option<Released<Written>>> {
    if page.as_ref().into_inner().added.is_some() {
        return Ok(Some(page));
    }
    let known = match query.ids.first() {
        Some(id) => host.knows(access, query.collection, id)?,
        None => false,
    };
    Ok(known.then_some(page))
}

fn known<H: Host>(
    server: &Server<H>,
    access: &Access,
    shelf: &Shelf,
    id: &ObjectId,
) -> Result<Response, Failure> {
    if server.host.knows(access, shelf.number, id)? {
        return nothing();
    }
    Err(Problem::not_found().into())
}

fn nothing() -> Result<Response, Failure> {
    #[derive(serde::Serialize)]
    struct Nothing {}
    reply::own(http::StatusCode::OK, &Nothing {})
}

/// Which of the paged resources.
#[derive(Clone, Copy)]
enum Place {
    Objects,
    Manifest,
    Object,
    Versions,
}

/// A question to the node, and what its `next` has to say.
struct Query {
    page: PageQuery,
    filters: Filters,
    place: String,
    tokens: Tokens,
    /// The filters as the reader wrote them, for the ledger.
    asked: String,
    /// Whether the answer holds contents.
    contents: bool,
}

impl Query {
    /// `None` when nothing can match.
    fn new<H: Host>(
        server: &Server<H>,
        shelf: &Shelf,
        filters: &Filters,
        place: Place,
        object: Option<&ObjectId>,
    ) -> Result<Option<Self>, Failure> {
        let tokens = &server.shared.tokens;
        let name = match place {
            Place::Objects => "objects",
            Place::Manifest => "manifest",
            Place::Object => "object",
            Place::Versions => "versions",
        };
        let contents = matches!(place, Place::Objects | Place::Object);
        let object_name = object.map_or("", ObjectId::as_str);
        let place = format!("{}/{name}/{object_name}", shelf.id);
        let after = match &filters.next {
            // The token holds the position: a date beside it is where an earlier page began.
            Some(token) => tokens.open(filters, &place, token)?,
            None => filters.added_after.unwrap_or(i64::MIN),
        };
        let specs = specifications(&filters.specifications);
        if filters.impossible || specs.is_none() {
            return Ok(None);
        }
        let mut page = PageQuery::of(
            shelf.number,
            filters.limit.unwrap_or(server.shared.bounds.page),
        );
        page.after = after;
        page.ids = object.map_or_else(|| filters.ids.clone(), |id| vec![id.clone()]);
        page.kinds.clone_from(&filters.kinds);
        page.versions = which(&filters.versions);
        page.specs = specs.unwrap_or_default();
        Ok(Some(Self {
            page,
            filters: filters.clone(),
            place,
            tokens: tokens.clone(),
            asked: filters.to_string(),
            contents,
        }))
    }

    fn next(&self, more: bool, last: Option<i64>) -> Option<String> {
        let last = last.filter(|_| more)?;
        Some(self.tokens.seal(&self.filters, &self.place, last))
    }

    fn envelope(&self, page: Spliced) -> Written {
        let next = self.next(page.more, page.ends.map(|(_, last)| last));
        envelope::objects(page, next.as_deref())
    }

    /// Reads here when that is short, else where it may block.
    async fn answer<H: Host>(
        self,
        server: &Server<H>,
        access: &Arc<Access>,
        read: impl FnOnce(&H, &Self) -> anyhow::Result<Option<Released<Written>>> + Send + 'static,
    ) -> Result<Response, Failure> {
        // A peer's page is rendered for it each time; everybody else may have asked for the same a moment ago.
        let settled = server.host.settled().filter(|_| !access.peer);
        let question = Question {
            place: self.place.clone(),
            query: format!("{:?}", self.page),
        };
        if let Some(commit) = settled
            && let Some(page) = server.shared.recent.recall(access, &question, commit)
        {
            self.note_again(server, access, page.as_ref().into_inner());
            return Ok(reply::released(page));
        }
        let page = if self.is_short() {
            read(&server.host, &self)?
        } else {
            let _turn = server.shared.large_reads.acquire().await;
            let host = server.host.clone();
            let reading = tokio::task::spawn_blocking(move || read(&host, &self));
            reading.await.map_err(anyhow::Error::new)??
        };
        match page {
            Some(page) => {
                if let Some(commit) = settled {
                    server.shared.recent.keep(access, question, commit, &page);
                }
                Ok(reply::released(page))
            }
            None => Err(Problem::not_found().into()),
        }
    }

    /// The ledger has a line for contents that are given, whether they were read for it or a moment before.
    fn note_again<H: Host>(&self, server: &Server<H>, access: &Access, page: &Written) {
        let (Some((_, last)), true) = (page.added, self.contents) else {
            return;
        };
        let taken = Taken {
            collection: self.page.collection,
            filter: &self.asked,
            after: self.page.after.max(0),
            last,
            records: page.records,
        };
        server.host.given_again(access, &taken);
    }
}

impl Query {
    /// Whether its answer is found by a few seeks: other filters may pass over any number of records first.
    fn is_short(&self) -> bool {
        let PageQuery {
            limit,
            ids,
            versions,
            specs,
            ..
        } = &self.page;
        let by_seek = versions.all || *versions == Versions::default();
        (*limit <= INLINE && ids.is_empty() && specs.is_empty() && by_seek)
            || (1..=INLINE_IDS).contains(&ids.len())
    }
}

/// The default is the last one (§3.4.1).
pub(super) fn which(asked: &[Version]) -> Versions {
    if asked.is_empty() {
        return Versions::default();
    }
    let mut versions = Versions {
        all: false,
        first: false,
        last: false,
        at: Vec::new(),
    };
    for version in asked {
        match version {
            Version::All => versions.all = true,
            Version::First => versions.first = true,
            Version::Last => versions.last = true,
            Version::At(instant) => versions.at.push(instant.clone()),
        }
    }
    versions
}

/// What names of specifications stand for; `None` when they name none that exists.
fn specifications(names: &[String]) -> Option<Vec<Spec>> {
    let mut specs = Vec::new();
    for name in names {
        match name.as_str() {
            "2.1" => specs.push(Spec::V21),
            // A 2.0 object does not say so.
            "2.0" => specs.extend([Spec::V20, Spec::Unsaid]),
            _ => {}
        }
    }
    (names.is_empty() || !specs.is_empty()).then_some(specs)
}
