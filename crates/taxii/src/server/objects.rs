//! What is in a collection: objects, one object, manifest, versions (TAXII 2.1 §5.3, §5.4, §5.6, §5.8).
//!
//! Invariant: a page is cut by position and never by count; `next` says where it was cut, under the filters it was cut
//! by, and nothing is kept between two pages.

use std::sync::Arc;

use axum::response::Response;
use node::access::Access;
use policy::Released;
use stix::ObjectId;
use store::{PageQuery, Spec, Versions};

use super::envelope::{self, Text};
use super::host::taken;
use super::recent::{Question, Recall};
use super::reply::{self, Failure, Written};
use super::{Host, Server, Shelf};
use crate::problem::Problem;
use crate::query::{Filters, Tokens, Version};

/// Up to how many objects a page is read on the thread that answers; what is larger goes where it may block.
const INLINE: usize = 128;
/// The same for objects that are asked for by name, which have any number of versions.
const INLINE_IDS: usize = 16;
/// For how many versions of an object room is made before it is known how many there are.
const FEW: usize = 8;

/// Which of the paged resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// `.../objects/`
    Objects,
    /// `.../manifest/`
    Manifest,
    /// `.../objects/{id}/`
    Object,
    /// `.../objects/{id}/versions/`
    Versions,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::Manifest => "manifest",
            Self::Object => "object",
            Self::Versions => "versions",
        }
    }

    /// Whether its answers hold contents.
    pub(super) fn has_contents(self) -> bool {
        matches!(self, Self::Objects | Self::Object)
    }
}

/// Answers with a page. An object that is not there for this access is not found; filters that leave nothing of one that is give an
/// empty answer.
pub(super) async fn page<H: Host>(
    server: &Server<H>,
    access: Arc<Access>,
    shelf: Shelf,
    (place, object): (Place, Option<&str>),
    filters: Filters,
) -> Result<Response, Failure> {
    let object = object.map(ObjectId::parse).transpose();
    let object = object.map_err(|_| Problem::not_found())?;
    let Some(query) = Query::new(server, &shelf, filters, place, object.as_ref())? else {
        return match &object {
            Some(id) if !server.host.knows(&access, shelf.number, id)? => {
                Err(Problem::not_found().into())
            }
            _ => nothing(),
        };
    };
    query.answer(server, access).await
}

fn nothing() -> Result<Response, Failure> {
    #[derive(serde::Serialize)]
    struct Nothing {}
    reply::own(http::StatusCode::OK, &Nothing {})
}

/// A question to the node, and what its `next` has to say.
struct Query {
    page: PageQuery,
    place: Place,
    filters: Filters,
    /// What its tokens are bound to: resource, collection and object.
    bound: String,
    tokens: Tokens,
    /// The filters as the reader wrote them, for the ledger.
    asked: String,
}

impl Query {
    /// `None` when nothing can match.
    fn new<H: Host>(
        server: &Server<H>,
        shelf: &Shelf,
        filters: Filters,
        place: Place,
        object: Option<&ObjectId>,
    ) -> Result<Option<Self>, Failure> {
        let tokens = &server.shared.tokens;
        let object_name = object.map_or("", ObjectId::as_str);
        let bound = [&shelf.id, "/", place.name(), "/", object_name].concat();
        let after = match &filters.next {
            // The token holds the position: a date beside it is where an earlier page began.
            Some(token) => tokens.open(&filters, &bound, token)?,
            None => filters.added_after.unwrap_or(i64::MIN),
        };
        let specs = specifications(&filters.specifications);
        if filters.impossible || specs.is_none() {
            return Ok(None);
        }
        let mut asked = filters.to_string();
        if let Some(id) = object {
            let rest = if asked.is_empty() { "" } else { "&" };
            asked = format!("match[id]={id}{rest}{asked}");
        }
        let limit = filters.limit.unwrap_or(server.shared.bounds.page);
        let page = PageQuery {
            after,
            ids: object.map_or_else(|| filters.ids.clone(), |id| vec![id.clone()]),
            kinds: filters.kinds.clone(),
            versions: match place {
                Place::Versions => Versions::all(),
                _ => which(&filters.versions),
            },
            specs: specs.unwrap_or_default(),
            ..PageQuery::of(shelf.number, limit)
        };
        Ok(Some(Self {
            page,
            place,
            filters,
            bound,
            tokens: tokens.clone(),
            asked,
        }))
    }

    fn next(&self, more: bool, ends: Option<(i64, i64)>) -> Option<String> {
        let (_, last) = ends.filter(|_| more)?;
        Some(self.tokens.seal(&self.filters, &self.bound, last))
    }

    /// The page; `None` if it is empty because the object is not there for this access.
    fn read<H: Host>(
        &self,
        host: &H,
        access: &Access,
    ) -> anyhow::Result<Option<Released<Written>>> {
        let page = if self.place.has_contents() {
            let page = host.page(access, &self.page, envelope::OPEN, &self.asked)?;
            page.map(|page| {
                let next = self.next(page.more, page.ends);
                envelope::objects(page, next.as_deref())
            })
        } else {
            let text = match self.place {
                Place::Versions => Text::versions(self.page.limit.min(FEW)),
                _ => Text::manifest(self.page.limit),
            };
            host.list(access, &self.page, text)?.map(|list| {
                let next = self.next(list.more, list.ends);
                envelope::listed(list, next.as_deref())
            })
        };
        if !matches!(self.place, Place::Object | Place::Versions)
            || page.as_ref().into_inner().added.is_some()
        {
            return Ok(Some(page));
        }
        let known = match self.page.ids.first() {
            Some(id) => host.knows(access, self.page.collection, id)?,
            None => false,
        };
        Ok(known.then_some(page))
    }

    /// Reads here when that is short, else where it may block.
    async fn answer<H: Host>(
        mut self,
        server: &Server<H>,
        access: Arc<Access>,
    ) -> Result<Response, Failure> {
        // A peer keeps every version, whatever specification it follows.
        self.page.newest_spec = self.page.specs.is_empty() && !access.peer;
        // A peer's page is rendered for it each time; everybody else may have asked for the same a moment ago.
        let settled = server.host.settled().filter(|_| !access.peer);
        let asked = settled.map(|commit| (commit, self.question()));
        let asked = match asked {
            Some((commit, question)) => {
                match server.shared.recent.recall(&access, &question, commit) {
                    Recall::Page(page) => {
                        self.note_again(server, &access, page.as_ref().into_inner(), commit);
                        return Ok(given(page, self.least()));
                    }
                    Recall::Again => Some((commit, question)),
                    Recall::Unheard => None,
                }
            }
            None => None,
        };
        let least = self.least();
        let page = if self.is_short(server, &access) {
            self.read(&server.host, &access)?
        } else {
            let _turn = server.shared.large_reads.acquire().await;
            let (host, access) = (server.host.clone(), Arc::clone(&access));
            let reading = tokio::task::spawn_blocking(move || self.read(&host, &access));
            reading.await.map_err(anyhow::Error::new)??
        };
        match page {
            Some(page) => {
                if let Some((commit, question)) = asked {
                    server.shared.recent.keep(&access, question, commit, &page);
                }
                Ok(given(page, least))
            }
            None => Err(Problem::not_found().into()),
        }
    }

    /// How many records a page has on which nothing is lacking that was asked for by name; all, where that cannot be told.
    fn least(&self) -> usize {
        match (self.place, self.page.ids.len()) {
            // Where the object is not there, there is no page.
            (Place::Object | Place::Versions, _) => 0,
            (_, names @ 0..=1) => names,
            (_, names) if self.page.versions == Versions::default() => names,
            _ => usize::MAX,
        }
    }

    fn question(&self) -> Question {
        Question::new(self.place, &self.page, &self.asked)
    }

    /// The ledger has a line for contents that are given, whether they were read for it or a moment before.
    fn note_again<H: Host>(
        &self,
        server: &Server<H>,
        access: &Access,
        page: &Written,
        reached: u64,
    ) {
        let (Some(ends), true) = (page.added, self.place.has_contents()) else {
            return;
        };
        let taken = taken(&self.page, &self.asked, ends, page.records, reached);
        server.host.given_again(access, &taken);
    }
}

impl Query {
    /// Whether its answer is found by a few seeks: other filters may pass over any number of records first.
    fn is_short<H: Host>(&self, server: &Server<H>, access: &Access) -> bool {
        let PageQuery {
            collection,
            after,
            limit,
            ids,
            versions,
            specs,
            ..
        } = &self.page;
        let by_seek = versions.all || *versions == Versions::default();
        (*limit <= INLINE && ids.is_empty() && specs.is_empty() && by_seek)
            || (1..=INLINE_IDS).contains(&ids.len())
            || server.host.nothing_beyond(access, *collection, *after)
    }
}

/// The answer; marked where it has fewer records than were asked for by name.
fn given(page: Released<Written>, least: usize) -> Response {
    let lacks = page.as_ref().into_inner().records < least;
    let answer = reply::released(page);
    match lacks {
        true => reply::lacking(answer),
        false => answer,
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
