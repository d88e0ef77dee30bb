//! What a program is given: JSON made of what was released, page by page, with the tag by which it is known again.

use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use policy::Released;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;
use crate::shell::answer::Page;
use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// Items of a page where nothing is said.
const SOME: usize = 50;
/// At most.
const MOST: usize = 200;

/// A page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next goes on.
    pub next: Option<String>,
}

/// Makes answers.
#[derive(Debug, Clone, Copy)]
pub struct Given;

impl Given {
    /// JSON of what was released.
    ///
    /// # Errors
    /// When a value has no JSON form.
    pub fn json<T: Serialize>(released: Released<T>) -> Result<Page, Failure> {
        let mut failed = None;
        let text = released.map(|value| match serde_json::to_string(&value) {
            Ok(text) => text,
            Err(error) => {
                failed = Some(error);
                String::new()
            }
        });
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(Page::of("application/json", text)),
        }
    }

    /// The same, known again by this tag.
    ///
    /// # Errors
    /// See [`Given::json`].
    pub fn tagged<T: Serialize>(released: Released<T>, tag: &str) -> Result<Page, Failure> {
        let page = Self::json(released)?;
        Ok(match HeaderValue::from_str(tag) {
            Ok(tag) => page.with_header(ETAG, tag),
            Err(_) => page,
        })
    }

    /// Nothing but that it was done.
    pub fn done() -> Page {
        let nothing = crate::shell::answer::nothing().map(|()| String::new());
        Page::of("application/json", nothing).with_status(StatusCode::NO_CONTENT)
    }

    /// The same, and where what was made is.
    #[must_use]
    pub fn at(page: Page, path: &str) -> Page {
        match HeaderValue::from_str(path) {
            Ok(path) => page.with_header(LOCATION, path),
            Err(_) => page,
        }
    }

    /// The tag of something by what it is made of.
    pub fn tag(parts: &[&[u8]]) -> String {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let hash = hash.finalize();
        let short: String = hash
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("\"{short}\"")
    }
}

impl Visitor {
    /// How many items the program asked for.
    ///
    /// # Errors
    /// When it asked for something else.
    pub fn limit(&self) -> Result<usize, Failure> {
        match self.asked("limit") {
            None => Ok(SOME),
            Some(text) => match text.parse() {
                Ok(limit @ 1..=MOST) => Ok(limit),
                _ => Err(Problem::unread(format!("limit is from 1 to {MOST}.")).into()),
            },
        }
    }

    /// Where the program goes on: a number that a page before gave it.
    ///
    /// # Errors
    /// When no page gave it.
    pub fn cursor(&self) -> Result<Option<i64>, Failure> {
        let number = |text: String| {
            let number = text
                .parse()
                .map_err(|_| Problem::unread("cursor is `next` of a page before."));
            number.map_err(Failure::from)
        };
        self.asked("cursor").map(number).transpose()
    }
}
