//! Taking everything that a collection has since the last time, page by page, in one run.
//!
//! Invariants: the cursor never moves past a page that was not handed out, and a run ends whatever the server says:
//! a page must bring something new or move the position. Reading a page twice is harmless to whoever takes them.

use std::cmp::Ordering;
use std::collections::{HashSet, VecDeque};

use node::clock::DAY;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use stix::Timestamp;

use super::error::Error;
use super::instant;
use super::page::{self, Ask, Page};
use super::{Client, below};

/// How far a reader has come in a collection. To keep after a page is durably accepted, not before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The date after which to ask, as the server wrote it.
    pub added_after: Option<String>,
    /// The token to go on with inside an unfinished run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How a server fell short, where that did not end the run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Complaint {
    /// It did not take the token with which an earlier run stopped; the run went on by date.
    #[error("the server no longer knew where the last run stopped; some pages were read again")]
    TokenRefused,
    /// It gives no date of addition that can be used: the next run reads again from the last known one.
    #[error("the server does not say when objects were added; the next run reads them again")]
    NoDates,
    /// Its dates run backwards from page to page.
    #[error("the server's pages are not in the order of their dates")]
    OutOfOrder,
    /// It dates objects more than a day ahead of our clock; that date was not followed.
    #[error("the server dates objects in the future ({0})")]
    Future(String),
    /// More objects of one instant than it pages through; it could not be proved that all were taken.
    #[error("the server has more objects of {0} than it gives at once; some may be missing")]
    Unproven(String),
}

/// One run over a collection. Ask for pages until there is none.
#[derive(Debug)]
pub struct Pull<'c> {
    client: &'c Client,
    collection: Url,
    ask: Ask,
    /// Where the run began: what is fallen back to when dates cannot be trusted.
    start: Option<String>,
    cursor: Cursor,
    step: Step,
    last: Option<String>,
    /// The instant that was stepped over, so that a server that comes back to it is seen.
    stepped: Option<String>,
    /// Objects of the last page, when that page did not leave its instant.
    crowd: usize,
    tokens: HashSet<[u8; 16]>,
    bodies: HashSet<[u8; 16]>,
    barren: usize,
    pages: usize,
    objects: usize,
    disordered: bool,
    complaints: Vec<Complaint>,
    ready: VecDeque<Page>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    /// By token; `true` when an earlier run left it.
    Next(String, bool),
    /// By date; `None` from the beginning.
    After(Option<String>),
    /// Nothing more.
    Done,
    /// The rest of the page could not be followed.
    Broken(String),
}

impl<'c> Pull<'c> {
    pub(super) fn new(client: &'c Client, collection: Url, ask: Ask, from: Cursor) -> Self {
        let start = from
            .added_after
            .as_ref()
            .map(|position| earlier(position, ask.overlap.as_micros().try_into().unwrap_or(0)));
        let step = match &from.next {
            Some(token) => Step::Next(token.clone(), true),
            None => Step::After(start.clone()),
        };
        Self {
            client,
            collection,
            ask,
            start,
            cursor: from,
            step,
            last: None,
            stepped: None,
            crowd: 0,
            tokens: HashSet::new(),
            bodies: HashSet::new(),
            barren: 0,
            pages: 0,
            objects: 0,
            disordered: false,
            complaints: Vec::new(),
            ready: VecDeque::new(),
        }
    }

    /// The next page that holds objects; `None` when the server has no more.
    ///
    /// # Errors
    /// Whatever ended the run. What was handed out before stays good, and [`cursor`](Self::cursor) stands after it.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        loop {
            if let Some(page) = self.ready.pop_front() {
                return Ok(Some(page));
            }
            let url = match &self.step {
                Step::Done => return Ok(None),
                Step::Broken(why) => return Err(Error::unreadable(why.clone())),
                step => self.address(step)?,
            };
            self.check_bounds()?;
            let page = match self.fetch(url).await {
                Err(Error::Refused(_) | Error::Absent(_))
                    if matches!(self.step, Step::Next(_, true)) =>
                {
                    self.complain(Complaint::TokenRefused);
                    self.step = Step::After(self.start.clone());
                    continue;
                }
                fetched => fetched?,
            };
            self.pages += 1;
            self.objects += page.len();
            if let Some(problem) = &page.lost {
                // What came before the break is good; where to go on is not known.
                self.step = Step::Broken(problem.to_string());
                return Ok(Some(page));
            }
            self.advance(&page).await?;
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
    }

    /// Where to go on after the pages handed out so far.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// How the server fell short so far.
    pub fn complaints(&self) -> &[Complaint] {
        &self.complaints
    }

    /// How many objects this run has handed out.
    pub fn objects(&self) -> usize {
        self.objects
    }

    async fn fetch(&self, url: Url) -> Result<Page, Error> {
        let answer = self.client.get(url).await?;
        page::read(&answer, &self.client.limits)
    }

    fn address(&self, step: &Step) -> Result<Url, Error> {
        let mut url = below(&self.collection, &["objects"])?;
        self.ask.write_to(&mut url);
        match step {
            Step::Next(token, _) => {
                url.query_pairs_mut().append_pair("next", token);
            }
            Step::After(Some(position)) => {
                url.query_pairs_mut().append_pair("added_after", position);
            }
            _ => {}
        }
        Ok(url)
    }

    fn check_bounds(&self) -> Result<(), Error> {
        let limits = &self.client.limits;
        if self.pages >= limits.run_pages {
            return Err(Error::Enough(format!("{} pages", self.pages)));
        }
        if self.objects >= limits.run_objects {
            return Err(Error::Enough(format!("{} objects", self.objects)));
        }
        Ok(())
    }

    /// Moves step and cursor past `page`, or finds that the server goes in circles.
    async fn advance(&mut self, page: &Page) -> Result<(), Error> {
        // Of a page with one object some servers name only the first date.
        let named = page
            .last
            .clone()
            .or_else(|| page.first.clone().filter(|_| page.len() == 1));
        let mut last = self.usable(named);
        let by_token = page.more() && page.next.is_some();
        if last.is_none() && !page.is_empty() && !by_token {
            let found = instant::of_last(self.client, &self.collection, page).await;
            last = self.usable(found);
            if last.is_none() {
                self.complain(Complaint::NoDates);
            }
        }
        let (moved, backwards) = match (&last, &self.last) {
            (Some(new), Some(old)) => match order(new, old) {
                Some(order) => (order.is_gt(), order.is_lt()),
                None => (new != old, false),
            },
            (new, _) => (new.is_some(), false),
        };
        if backwards {
            self.disordered = true;
            self.complain(Complaint::OutOfOrder);
        }
        let new = !page.is_empty() && self.bodies.insert(digest(page));
        self.barren = if new { 0 } else { self.barren + 1 };
        if page.more() && self.barren > self.client.limits.empty_pages {
            return Err(Error::Stuck(format!("{} pages in a row", self.barren)));
        }
        let dated = last.is_some();
        if moved {
            self.last.clone_from(&last);
        }
        match &page.next {
            _ if !page.more() => {
                if self.last.is_some() {
                    self.cursor.added_after.clone_from(&self.last);
                }
                self.cursor.next = None;
                self.step = Step::Done;
            }
            Some(token) => {
                let fresh = self.tokens.insert(hash(token.as_bytes()));
                if !new && (!fresh || (dated && !moved)) {
                    return Err(Error::Stuck("the same page again".to_owned()));
                }
                self.cursor.next = Some(token.clone());
                self.settle();
                self.step = Step::Next(token.clone(), false);
            }
            None => {
                let Some(last) = last else {
                    return Err(Error::Stuck("neither next nor a date".to_owned()));
                };
                self.cursor.next = None;
                self.by_date(page, &last, moved).await?;
                self.settle();
            }
        }
        Ok(())
    }

    /// Goes on by date where a server gives no token. Dates need not be unique, so the last one is read again.
    async fn by_date(&mut self, page: &Page, last: &str, moved: bool) -> Result<(), Error> {
        if moved {
            self.crowd = 0;
            self.step = Step::After(Some(earlier(last, 1)));
            return Ok(());
        }
        if self.stepped.as_deref() == Some(last) {
            return Err(Error::Stuck(format!(
                "it comes back to {last} when asked for what was added after it"
            )));
        }
        let widest = self.client.limits.widest_page;
        if self.ask.limit > 0 && self.ask.limit < widest && page.len() > self.crowd {
            self.crowd = page.len();
            self.ask.limit = self.ask.limit.saturating_mul(4).min(widest);
            return Ok(());
        }
        let rest = instant::rest(self.client, &self.collection, &self.ask, last, page).await;
        if !rest.proved {
            self.complain(Complaint::Unproven(last.to_owned()));
        }
        self.objects += rest.pages.iter().map(Page::len).sum::<usize>();
        self.ready.extend(rest.pages);
        self.stepped = Some(last.to_owned());
        self.step = Step::After(Some(last.to_owned()));
        Ok(())
    }

    /// The date to keep inside a run: just before the last one seen, as objects may share it.
    fn settle(&mut self) {
        if self.disordered {
            self.cursor.added_after.clone_from(&self.start);
        } else if let Some(last) = &self.last {
            self.cursor.added_after = Some(earlier(last, 1));
        }
    }

    /// A date that may be followed.
    fn usable(&mut self, date: Option<String>) -> Option<String> {
        let date = date?;
        let Ok(at) = Timestamp::parse(&date) else {
            // Opaque to us, but the server may know it again.
            return Some(date);
        };
        if at.micros() > self.client.clock.now().saturating_add(DAY) {
            self.complain(Complaint::Future(date));
            return None;
        }
        Some(date)
    }

    fn complain(&mut self, complaint: Complaint) {
        if !self.complaints.contains(&complaint) && self.complaints.len() < 20 {
            self.complaints.push(complaint);
        }
    }
}

/// `micros` before a date; a date that we cannot read stays as it is.
pub(super) fn earlier(date: &str, micros: i64) -> String {
    match Timestamp::parse(date) {
        Ok(at) if micros > 0 => Timestamp::from_micros(at.micros().saturating_sub(micros))
            .as_str()
            .to_owned(),
        _ => date.to_owned(),
    }
}

/// The order of two dates, if we can read both.
fn order(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (Timestamp::parse(one).ok()?, Timestamp::parse(other).ok()?);
    Some(one.cmp(&other))
}

fn digest(page: &Page) -> [u8; 16] {
    let mut hash = Sha256::new();
    for object in page.objects() {
        hash.update(object.len().to_be_bytes());
        hash.update(object);
    }
    first_half(hash.finalize().into())
}

fn hash(bytes: &[u8]) -> [u8; 16] {
    first_half(Sha256::digest(bytes).into())
}

fn first_half(hash: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash[..16]);
    half
}
