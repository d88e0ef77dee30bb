//! Tables: what is listed as a sentence one can read and an address one can keep, sorted, a page at a time, to be taken along as CSV or
//! JSON.
//!
//! Invariant: a table on a page and in an export is the same rows, released to the same visitor.

mod cell;
mod export;
mod filter;

use askama::Template;

pub use cell::Cell;
pub(crate) use export::{Kind, Portion};
pub use filter::{Filter, Shape};

use super::views::View;
use crate::locale::Words;
use crate::shell::frame::Link;
use crate::shell::visitor::Visitor;

/// How many rows go into one file, or are looked at for it. One that has not all says where the rest is.
pub(super) const IN_A_FILE: usize = 10_000;
/// How many of them are read and written down before the next ones are.
pub(super) const IN_A_PORTION: usize = 500;

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    key: &'static str,
    number: bool,
    sortable: bool,
    aside: bool,
}

impl Column {
    /// A column: its key in addresses and exports, its name in the visitor's language.
    pub fn new(key: &'static str, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            key,
            number: false,
            sortable: false,
            aside: false,
        }
    }

    /// In a file only: what programs want and people don't.
    #[must_use]
    pub fn aside(mut self) -> Self {
        self.aside = true;
        self
    }

    /// Of figures: set to the end of the line.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.number = true;
        self
    }

    /// The rows can be put in its order: the handler looks at [`Visitor::sorted`].
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where a click anywhere on it leads.
    pub path: Option<String>,
    /// One for each column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// A row that leads somewhere; the first cell carries the link.
    pub fn new(path: impl Into<String>, cells: Vec<Cell>) -> Self {
        Self {
            path: Some(path.into()),
            cells,
        }
    }

    /// A row that leads nowhere.
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self { path: None, cells }
    }
}

/// A table.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/table.html")]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    filters: Vec<Filter>,
    /// What is listed, as a sentence.
    sentence: String,
    filtered: bool,
    sorted: Option<(String, bool)>,
    count: Option<String>,
    first: Option<String>,
    next: Option<String>,
    exports: Vec<Link>,
    views: Vec<View>,
    path: String,
    query: String,
    nothing: String,
    way: Option<Link>,
    words: Words,
}

impl askama::filters::HtmlSafe for Table {}

impl Table {
    /// A table of what `caption` names, in the visitor's language.
    pub fn new(visitor: &Visitor, caption: impl Into<String>, columns: Vec<Column>) -> Self {
        let caption = caption.into();
        Self {
            sentence: caption.clone(),
            caption,
            columns,
            rows: Vec::new(),
            filters: Vec::new(),
            filtered: false,
            sorted: visitor.sorted(),
            count: None,
            first: visitor
                .asked("after")
                .map(|_| visitor.query_without(&["after"])),
            next: None,
            exports: Vec::new(),
            views: Vec::new(),
            path: visitor.path.clone(),
            query: visitor.query_without(&["after", "lang", "theme", "as"]),
            nothing: String::new(),
            way: None,
            words: visitor.words.clone(),
        }
    }

    /// With its rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// With what it can be narrowed by. What is set now makes the sentence.
    #[must_use]
    pub fn filters(mut self, visitor: &Visitor, filters: Vec<Filter>) -> Self {
        let filters: Vec<Filter> = filters
            .into_iter()
            .map(|filter| filter.read(visitor))
            .collect();
        let phrases: Vec<String> = filters
            .iter()
            .filter_map(|filter| filter.phrase(&self.words))
            .collect();
        self.filtered = !phrases.is_empty();
        self.sentence = std::iter::once(self.caption.clone())
            .chain(phrases)
            .collect::<Vec<_>>()
            .join(&self.words.t("format-comma"));
        self.filters = filters;
        self
    }

    /// With how many there are in all, in words: "1,204 records".
    #[must_use]
    pub fn count(mut self, count: impl Into<String>) -> Self {
        self.count = Some(count.into());
        self
    }

    /// More rows follow: what the next page is asked for after.
    #[must_use]
    pub fn more(mut self, visitor: &Visitor, after: Option<String>) -> Self {
        self.next = after.map(|after| visitor.query_with("after", &after));
        self
    }

    /// It can be taken along, as CSV and JSON: all that is listed, from the first page on.
    #[must_use]
    pub fn exported(mut self, visitor: &Visitor) -> Self {
        let query = visitor.query_without(&["after", "as"]);
        let joint = if query == "?" { "" } else { "&" };
        self.exports = ["csv", "json"]
            .map(|kind| Link::new(format!("{query}{joint}as={kind}"), kind.to_uppercase()))
            .to_vec();
        self
    }

    /// With the views that the visitor keeps of this address.
    #[must_use]
    pub fn views(mut self, views: Vec<View>) -> Self {
        self.views = views;
        self
    }

    /// What is said when there is no row: what this is for; and the first thing to do.
    #[must_use]
    pub fn nothing(mut self, sentence: impl Into<String>, way: Option<Link>) -> Self {
        self.nothing = sentence.into();
        self.way = way;
        self
    }

    /// Whether it has no row, and shows the first thing to do instead.
    pub(super) fn leads(&self) -> bool {
        self.rows.is_empty() && !self.filtered && self.way.is_some()
    }

    /// Whether it is sorted by a column, and how: `ascending`, `descending`, `none`.
    fn order_of(&self, column: &Column) -> &'static str {
        match &self.sorted {
            Some((key, false)) if key == column.key => "ascending",
            Some((key, true)) if key == column.key => "descending",
            _ => "none",
        }
    }

    /// The query that sorts by a column, the other way round if it does so already.
    fn sort_query(&self, column: &Column) -> String {
        let turned = self.order_of(column) == "ascending";
        let sign = if turned { "-" } else { "" };
        let own = |pair: &&str| !pair.is_empty() && !pair.starts_with("sort=");
        let mut pairs: Vec<String> = self
            .query
            .trim_start_matches('?')
            .split('&')
            .filter(own)
            .map(str::to_owned)
            .collect();
        pairs.push(format!("sort={sign}{}", column.key));
        format!("?{}", pairs.join("&"))
    }

    /// Whether somebody narrows it by what is nothing: the filters are open then, and say so.
    fn is_wrong(&self) -> bool {
        self.filters.iter().any(Filter::is_wrong)
    }

    fn column(&self, place: &usize) -> &Column {
        static NONE: Column = Column {
            name: String::new(),
            key: "",
            number: false,
            sortable: false,
            aside: false,
        };
        self.columns.get(*place).unwrap_or(&NONE)
    }
}

impl Visitor {
    /// How many rows are wanted, or looked at: as many as for a page, or as for a portion of a file.
    pub fn rows_at_most(&self, page: usize) -> usize {
        match self.asked("as") {
            Some(_) => IN_A_PORTION,
            None => page,
        }
    }

    /// What the address asks for by a name; nothing is the same as empty.
    pub fn asked(&self, name: &str) -> Option<String> {
        crate::shell::prelude::parameter(&self.query, name).filter(|value| !value.is_empty())
    }

    /// All values of a name in the address.
    pub fn all_asked(&self, name: &str) -> Vec<String> {
        let typed = super::form::Typed::parse(self.query.as_bytes());
        typed
            .all(name)
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// The column that the rows are to be sorted by, and whether downwards: `?sort=date`, `?sort=-date`.
    pub fn sorted(&self) -> Option<(String, bool)> {
        let asked = self.asked("sort")?;
        Some(match asked.strip_prefix('-') {
            Some(key) => (key.to_owned(), true),
            None => (asked, false),
        })
    }

    /// The query of this page without some parameters.
    pub fn query_without(&self, names: &[&str]) -> String {
        let kept = self.query.split('&').filter(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            !name.is_empty() && !names.contains(&name)
        });
        format!("?{}", kept.collect::<Vec<_>>().join("&"))
    }
}
