//! What a handler gives back. Invariant: a page is made of what was released, and of nothing else.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE, VARY};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use policy::Released;

use super::failure::Failure;
use super::frame::Frame;
use super::once;
use super::site::Site;
use super::visitor::Visitor;
use crate::locale::Words;

/// What stands in no address as it is; letters beyond ASCII never do.
const TYPED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');

/// What a page without records is made of: of nothing, the empty collection is released.
pub fn nothing() -> Released<()> {
    let none: Released<Vec<()>> = std::iter::empty::<Released<()>>().collect();
    none.map(|_| ())
}

/// Something to be written out.
#[derive(Debug)]
pub struct Page {
    status: StatusCode,
    body: Released<Vec<u8>>,
    content: &'static str,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Page {
    /// A page in HTML. [`Visitor::page`] makes one of a template.
    pub fn html(body: Released<String>) -> Self {
        Self::of("text/html; charset=utf-8", body)
    }

    /// Something of another media type: a feed, a calendar, an export.
    pub fn of(content: &'static str, body: Released<String>) -> Self {
        Self::bytes(content, body.map(String::into_bytes))
    }

    /// Something that is no text.
    pub fn bytes(content: &'static str, body: Released<Vec<u8>>) -> Self {
        Self {
            status: StatusCode::OK,
            body,
            content,
            headers: Vec::new(),
        }
    }

    /// The same, with a status other than 200.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same as a file to keep, under this name, which is ours and plain ASCII.
    #[must_use]
    pub fn as_file(self, name: &str) -> Self {
        let name: String = name
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            .collect();
        let value = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
        match value {
            Ok(value) => self.with_header(CONTENT_DISPOSITION, value),
            Err(_) => self,
        }
    }

    /// The same with a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// On to another page, after a form was taken.
#[derive(Debug)]
pub struct Move {
    to: String,
    said: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Move {
    /// To an address of this site, by GET.
    pub fn to(path: impl Into<String>) -> Self {
        Self {
            to: path.into(),
            said: None,
            headers: Vec::new(),
        }
    }

    /// With a sentence in the visitor's language that the next page shows once. It is kept in a cookie: names no content.
    #[must_use]
    pub fn saying(mut self, sentence: impl Into<String>) -> Self {
        self.said = Some(sentence.into());
        self
    }

    /// With a header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Where it leads, if nothing else comes along but what is said there.
    pub(super) fn plain(&self) -> Option<String> {
        self.headers.is_empty().then(|| self.to.clone())
    }
}

/// A page, or on to another.
#[derive(Debug)]
pub enum Reply {
    /// A page.
    Page(Page),
    /// On to another page.
    Move(Move),
}

impl From<Page> for Reply {
    fn from(page: Page) -> Self {
        Self::Page(page)
    }
}

impl From<Move> for Reply {
    fn from(to: Move) -> Self {
        Self::Move(to)
    }
}

impl Reply {
    /// The last moment before it is written out.
    pub(crate) fn into_response(self, site: &Site, words: &Words) -> Response {
        match self {
            Self::Page(page) => {
                let language = HeaderValue::from_str(words.tag());
                let mut response = (page.status, page.body.into_inner()).into_response();
                let headers = response.headers_mut();
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(page.content));
                headers.insert(VARY, HeaderValue::from_static("accept-language, cookie"));
                if let Ok(language) = language {
                    headers.insert("content-language", language);
                }
                headers.extend(page.headers);
                response
            }
            Self::Move(to) => {
                let mut response = StatusCode::SEE_OTHER.into_response();
                let headers = response.headers_mut();
                // An address of another site is none of ours to lead to.
                let own = to.to.starts_with('/')
                    && !to.to.starts_with("//")
                    && !to.to.contains(['\\', '\n', '\r', '\t']);
                let place = if own { to.to.as_str() } else { "/" };
                // What an address may have only in disguise (RFC 3986 §2) comes from what was typed.
                let place = utf8_percent_encode(place, TYPED).to_string();
                let place = HeaderValue::from_str(&place);
                headers.insert(LOCATION, place.unwrap_or(HeaderValue::from_static("/")));
                if let Some(cookie) = to
                    .said
                    .and_then(|said| site.inner.cookies.brief("said", &said))
                {
                    headers.append(SET_COOKIE, cookie);
                }
                for (name, value) in to.headers {
                    headers.append(name, value);
                }
                response
            }
        }
    }
}

impl Visitor {
    /// Makes an answer where it may block, and writes it out.
    pub async fn answer<R, F>(self, make: F) -> Response
    where
        R: Into<Reply>,
        F: FnOnce(&Self) -> Result<R, Failure> + Send + 'static,
    {
        let (site, words) = (self.site.clone(), self.words.clone());
        let visitor = self.clone();
        let turn = site.inner.making.acquire().await;
        let make = move || once::form(&visitor, |visitor| make(visitor).map(Into::into));
        let made = tokio::task::spawn_blocking(make).await;
        drop(turn);
        match made {
            Ok(Ok(reply)) => reply.into_response(&site, &words),
            Ok(Err(failure)) => self.failed(failure).await,
            Err(error) => self.failed(error.into()).await,
        }
    }

    /// A page: its title by key, what it is made of, and the template, which gets the frame to go in.
    ///
    /// # Errors
    /// Those of the closure, and of what stands in the frame.
    pub fn page<T, P: Template>(
        &self,
        title: &str,
        released: Released<T>,
        fill: impl FnOnce(T, Frame) -> Result<P, Failure>,
    ) -> Result<Page, Failure> {
        self.framed(&self.words.t(title), released, fill)
    }

    /// The same with a title that is no key: the name of what is shown. What of it stands in a record or was typed by somebody is made
    /// fit to be shown before: see [`shown`](crate::shown). Words of our own may isolate what they name, which is not to be seen.
    ///
    /// # Errors
    /// See [`page`](Self::page).
    pub fn page_called<T, P: Template>(
        &self,
        title: &str,
        released: Released<T>,
        fill: impl FnOnce(T, Frame) -> Result<P, Failure>,
    ) -> Result<Page, Failure> {
        self.framed(title, released, fill)
    }

    fn framed<T, P: Template>(
        &self,
        title: &str,
        released: Released<T>,
        fill: impl FnOnce(T, Frame) -> Result<P, Failure>,
    ) -> Result<Page, Failure> {
        let needs = self.needs()?;
        let mut failed = None;
        let html = released.zip(needs).map(|(released, needs)| {
            let frame = Frame::around(self, title, needs);
            let written = fill(released, frame).and_then(|page| Ok(page.render()?));
            written.unwrap_or_else(|failure| {
                failed = Some(failure);
                String::new()
            })
        });
        failed.map_or(Ok(Page::html(html)), Err)
    }
}
