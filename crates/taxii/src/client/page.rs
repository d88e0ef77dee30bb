//! One page of objects: the body as it came, and where in it each object lies.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use stix::Container;

use super::answer::Answer;
use super::error::Error;
use super::settings::Limits;

/// What to ask a collection for. The default is everything, every version included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// `match[id]`; none: any.
    pub ids: Vec<String>,
    /// `match[type]`; none: any.
    pub kinds: Vec<String>,
    /// `match[version]`; none: the server's default, which is the last.
    pub versions: Vec<String>,
    /// `match[spec_version]`; none: the server's default, which is the newest.
    pub specifications: Vec<String>,
    /// Objects of a page; 0 leaves it to the server.
    pub limit: usize,
    /// How far before the cursor a run begins: for servers that date objects before they commit them.
    pub overlap: Duration,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            kinds: Vec::new(),
            versions: vec!["all".to_owned()],
            specifications: Vec::new(),
            limit: 1_000,
            overlap: Duration::ZERO,
        }
    }
}

impl Ask {
    pub(super) fn write_to(&self, url: &mut Url) {
        let mut query = url.query_pairs_mut();
        for (name, values) in [
            ("match[id]", &self.ids),
            ("match[type]", &self.kinds),
            ("match[version]", &self.versions),
            ("match[spec_version]", &self.specifications),
        ] {
            if !values.is_empty() {
                query.append_pair(name, &values.join(","));
            }
        }
        if self.limit > 0 {
            query.append_pair("limit", &self.limit.to_string());
        }
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    body: Bytes,
    places: Vec<Range<usize>>,
    pub(super) more: Option<bool>,
    pub(super) next: Option<String>,
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
    pub(super) lost: Option<stix::Problem>,
}

impl Page {
    /// The whole answer.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Where in [`body`](Self::body) each object lies.
    pub fn places(&self) -> &[Range<usize>] {
        &self.places
    }

    /// The bytes of each object, as they came.
    pub fn objects(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.places
            .iter()
            .filter_map(|place| self.body.get(place.clone()))
    }

    /// How many objects it holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether the server has more for the same question.
    pub fn more(&self) -> bool {
        self.more.unwrap_or(self.next.is_some())
    }

    /// What could not be read any more, if the page breaks off: the objects before it are whole.
    pub fn lost(&self) -> Option<&stix::Problem> {
        self.lost.as_ref()
    }

    /// `X-TAXII-Date-Added-First`, as it came.
    pub fn first_added(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// `X-TAXII-Date-Added-Last`, as it came.
    pub fn last_added(&self) -> Option<&str> {
        self.last.as_deref()
    }
}

/// Longest header or token that is kept and sent back.
const LONGEST: usize = 4 << 10;

/// Reads an envelope, or the bundle that some servers send in its place.
pub(super) fn read(answer: &Answer, limits: &Limits) -> Result<Page, Error> {
    let body = answer.body.clone();
    let bounds = stix::Limits {
        objects: limits.page_objects,
        ..stix::Limits::default()
    };
    if body.trim_ascii().is_empty() {
        return Err(Error::unreadable("an empty body in place of an envelope"));
    }
    let split = stix::split(&body, &bounds);
    if split.container == Container::Object {
        return Err(Error::unreadable("a single object in place of an envelope"));
    }
    if let (Some(problem), true) = (&split.lost, split.objects.is_empty()) {
        return Err(Error::unreadable(problem.to_string()));
    }
    let start = body.as_ptr().addr();
    let places = split
        .objects
        .iter()
        .map(|object| {
            let at = object.as_ptr().addr() - start;
            at..at + object.len()
        })
        .collect();
    let dated = |name: &str| {
        let value = answer.header(name)?;
        (value.len() <= LONGEST).then(|| value.to_owned())
    };
    Ok(Page {
        places,
        more: split.more,
        next: split
            .next
            .filter(|token| !token.is_empty() && token.len() <= LONGEST),
        first: dated("x-taxii-date-added-first"),
        last: dated("x-taxii-date-added-last"),
        lost: split.lost,
        body,
    })
}
