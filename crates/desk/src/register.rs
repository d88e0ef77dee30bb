//! Reading the records of a desk for somebody.
//! Invariant: every list is one seek by a facet and comes as [`Released`]; a record that cannot be read is passed over and logged. A list
//! that is to be whole and is not makes the visitor's page say so.

use std::collections::BTreeSet;

use anyhow::Result;
use node::Node;
use node::matters::Match;
use policy::{Purpose, Released, Viewer};
use site::Visitor;
use stix::ObjectId;
use store::{FacetQuery, Found, Page, Record, Span};

use crate::{Kind, Piece, Translation, Worded};

/// The greatest text that a value can have, for a seek through all of them.
const LAST: &str = "\u{10FFFF}";

/// The register as one viewer sees it.
pub struct Register<'a> {
    node: &'a Node,
    collection: &'static str,
    viewer: Viewer,
    purpose: Purpose,
    visitor: Option<&'a Visitor>,
}

/// A part of a list, and where the next part begins.
#[derive(Debug, Clone)]
pub struct Part<T> {
    /// The records.
    pub rows: Vec<T>,
    /// What the next part comes after; `None` at the end.
    pub next: Option<Found>,
}

impl<'a> Register<'a> {
    /// Of a desk, by its name; for a viewer and a purpose.
    pub fn new(node: &'a Node, collection: &'static str, viewer: Viewer, purpose: Purpose) -> Self {
        Self {
            node,
            collection,
            viewer,
            purpose,
            visitor: None,
        }
    }

    /// For a page of a visitor's, which says where a list that is to be whole ends early.
    #[must_use]
    pub fn on_page_of(mut self, visitor: &'a Visitor) -> Self {
        self.visitor = Some(visitor);
        self
    }

    /// Notes that a list that is to be whole ended after so many.
    pub fn ended(&self, after: usize) {
        if let Some(visitor) = self.visitor {
            visitor.ends_after(after);
        }
    }

    /// The node.
    pub fn node(&self) -> &'a Node {
        self.node
    }

    /// Of a desk, by its name; as a visitor of its pages sees it.
    pub fn of(visitor: &'a Visitor, collection: &'static str) -> Self {
        let viewer = visitor.viewer().clone();
        Self::new(visitor.node(), collection, viewer, Purpose::Show).on_page_of(visitor)
    }

    /// For whom.
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// For what.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// One record, in its newest version.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn one<T: Kind>(&self, id: &ObjectId) -> Result<Option<Released<Piece<T>>>> {
        if id.type_name() != T::TYPE {
            return Ok(None);
        }
        let found = self.ones(std::iter::once(id))?;
        Ok(keep(found.map(|mut all| all.pop())))
    }

    /// The records of these ids, as far as the viewer may see them.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn ones<'i, T: Kind>(
        &self,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let own = ids.into_iter().filter(|id| id.type_name() == T::TYPE);
        let found = self.node.find_ids(&self.viewer, self.purpose, own)?;
        Ok(found.map(pieces))
    }

    /// The texts of a facet that these objects have, by object; the objects themselves are not read.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn texts_of<'i>(
        &self,
        facet: &str,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<Released<Vec<(ObjectId, String)>>> {
        self.node
            .facet_texts_of(&self.viewer, self.purpose, facet, ids)
    }

    /// The first text of a facet in each of these spans, where there is any; the objects that have it are not read.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn texts_in(
        &self,
        facet: &str,
        spans: impl IntoIterator<Item = Span>,
    ) -> Result<Released<Vec<String>>> {
        self.node
            .facet_texts_in(&self.viewer, self.purpose, facet, (spans, 1))
    }

    /// The records of which a facet has any of these values, at most so many of each value.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn any<T: Kind>(
        &self,
        facet: &str,
        values: &BTreeSet<String>,
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let found = self
            .node
            .find_any(&self.viewer, self.purpose, facet, (values, most))?;
        let cut = found.as_ref().map(|all| all.iter().any(|page| page.more));
        if cut.into_inner() {
            self.ended(most);
        }
        // A record that has two of the values is one record.
        let mut known = BTreeSet::new();
        Ok(found.map(|all| {
            let all = all.into_iter().flat_map(|page| pieces::<T>(page.rows));
            all.filter(|piece| known.insert(piece.id.clone())).collect()
        }))
    }

    /// Which of these values a facet has in any record.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn given<T: Kind>(
        &self,
        facet: &str,
        values: &BTreeSet<String>,
    ) -> Result<Released<BTreeSet<String>>> {
        let found = self
            .node
            .find_any(&self.viewer, self.purpose, facet, (values, 1))?;
        let sure = found.as_ref().map(|all| {
            let all = values.iter().zip(all);
            let sorted = all.filter_map(|(value, page)| {
                let stands = !pieces::<T>(page.rows.clone()).is_empty();
                (stands || page.more).then(|| (value.clone(), stands))
            });
            sorted.collect::<Vec<_>>()
        });
        let mut given = Vec::new();
        for (value, stands) in sure.into_inner() {
            // Where the first was withdrawn, another may stand.
            let one = match stands {
                true => Some(value.clone()),
                false => self.some::<T>(facet, &value)?.map(|_| value.clone()),
            };
            given.extend(one);
        }
        let given: BTreeSet<String> = given.into_iter().collect();
        Ok(found.map(|_| given))
    }

    /// A record of which a facet has exactly this value, if there is any.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn some<T: Kind>(&self, facet: &str, value: &str) -> Result<Option<Released<Piece<T>>>> {
        let span = Span::Texts(value.to_owned(), value.to_owned());
        let mut after = None;
        loop {
            let part = self.part::<T>(facet, span.clone(), after, 1)?;
            after = part.as_ref().map(|part| part.next.clone()).into_inner();
            let one = keep(part.map(|part| part.rows.into_iter().next()));
            if one.is_some() || after.is_none() {
                return Ok(one);
            }
        }
    }

    /// The records of which a facet of words lies in any of these spans, for each span the first so many, in order.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn spans<T: Kind>(
        &self,
        facet: &str,
        spans: Vec<(String, String)>,
        most: usize,
    ) -> Result<Released<Vec<Vec<Piece<T>>>>> {
        let spans = spans.into_iter().map(|(from, to)| Span::Texts(from, to));
        let found = self
            .node
            .find_spans(&self.viewer, self.purpose, facet, (spans, most))?;
        Ok(found.map(|all| all.into_iter().map(|page| pieces(page.rows)).collect()))
    }

    /// The records of which a facet has exactly this value.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn having<T: Kind>(
        &self,
        facet: &str,
        value: &str,
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let span = Span::Texts(value.to_owned(), value.to_owned());
        self.whole(facet, span, most)
    }

    /// The same of records that their authors withdrew: each in its last version.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn withdrawn<T: Kind>(
        &self,
        facet: &str,
        value: &str,
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let query = FacetQuery {
            name: facet.to_owned(),
            span: Span::Texts(value.to_owned(), value.to_owned()),
            after: None,
            limit: most,
        };
        let page = self.node.find(&self.viewer, self.purpose, &query)?;
        let read = page.map(|page| every(page.rows));
        Ok(read.map(|all| all.into_iter().filter(|piece| piece.revoked).collect()))
    }

    /// All records that have a facet, in the order of its values.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn all<T: Kind>(&self, facet: &str, most: usize) -> Result<Released<Vec<Piece<T>>>> {
        self.whole(facet, Span::Texts(String::new(), LAST.to_owned()), most)
    }

    /// A list that is to be whole: where it is not, the page says so.
    fn whole<T: Kind>(
        &self,
        facet: &str,
        span: Span,
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let part = self.part(facet, span, None, most)?;
        if part.as_ref().map(|part| part.next.is_some()).into_inner() {
            self.ended(most);
        }
        Ok(part.map(|part| part.rows))
    }

    /// The records of which a facet lies between two moments, ends included, in order.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn between<T: Kind>(
        &self,
        facet: &str,
        (from, to): (i64, i64),
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        self.whole(facet, Span::Numbers(from, to), most)
    }

    /// The first so many of them, where no more are wanted.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn first<T: Kind>(
        &self,
        facet: &str,
        (from, to): (i64, i64),
        most: usize,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let part = self.part(facet, Span::Numbers(from, to), None, most)?;
        Ok(part.map(|part| part.rows))
    }

    /// Of what a facet finds the first `most` that fit, among the first `looked_at`. Where more might fit, the page says that it ends
    /// early.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn fitting<T: Kind>(
        &self,
        seek: (&str, Span),
        enough: (usize, usize),
        fits: impl Fn(&Piece<T>) -> bool,
    ) -> Result<Released<Vec<Piece<T>>>> {
        self.fitting_any([seek], enough, fits)
    }

    /// The same of what several facets find, one after another: a record that two of them find is one record.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn fitting_any<'f, T: Kind>(
        &self,
        seeks: impl IntoIterator<Item = (&'f str, Span)>,
        enough: (usize, usize),
        fits: impl Fn(&Piece<T>) -> bool,
    ) -> Result<Released<Vec<Piece<T>>>> {
        self.fitting_by(seeks, enough, |rows| {
            Ok(rows.map(|rows| rows.into_iter().filter(|piece| fits(piece)).collect()))
        })
    }

    /// The same, where what fits is asked of several at once.
    ///
    /// # Errors
    /// Those of the storage, and of who is asked.
    pub fn fitting_by<'f, T: Kind>(
        &self,
        seeks: impl IntoIterator<Item = (&'f str, Span)>,
        (most, looked_at): (usize, usize),
        fitting: impl Fn(Released<Vec<Piece<T>>>) -> Result<Released<Vec<Piece<T>>>>,
    ) -> Result<Released<Vec<Piece<T>>>> {
        let (mut kept, mut seen, mut after) = (Vec::new(), 0, None);
        let mut known = BTreeSet::new();
        let mut seeks = seeks.into_iter().peekable();
        while let Some((facet, span)) = seeks.peek() {
            if known.len() >= most || seen >= looked_at {
                break;
            }
            let part = self.part::<T>(facet, span.clone(), after, most)?;
            after = part.as_ref().map(|part| part.next.clone()).into_inner();
            let rows = fitting(part.map(|part| part.rows))?;
            kept.push(rows.map(|mut rows| {
                rows.retain(|piece| known.insert(piece.id.clone()));
                rows
            }));
            // What was withdrawn was looked at as well.
            seen += if after.is_some() { most } else { 1 };
            if after.is_none() {
                seeks.next();
            }
        }
        if known.len() > most || seeks.peek().is_some() {
            self.ended(most);
        }
        let kept: Released<Vec<Vec<Piece<T>>>> = kept.into_iter().collect();
        Ok(kept.map(|all| all.into_iter().flatten().take(most).collect()))
    }

    /// A part of what a facet finds, after where the last part ended.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn part<T: Kind>(
        &self,
        facet: &str,
        span: Span,
        after: Option<Found>,
        limit: usize,
    ) -> Result<Released<Part<Piece<T>>>> {
        let query = FacetQuery {
            name: facet.to_owned(),
            span,
            after,
            limit,
        };
        let page = self.node.find(&self.viewer, self.purpose, &query)?;
        Ok(page.map(|page: Page<Match>| {
            let last = page.rows.last().map(|found| Found {
                value: found.value.clone(),
                recno: found.record.recno,
            });
            Part {
                next: last.filter(|_| page.more),
                rows: pieces(page.rows),
            }
        }))
    }

    /// Versions of a field of a record in other languages.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn translations(&self, of: &ObjectId, field: &str) -> Result<Released<Vec<Translation>>> {
        self.about(of, |body| Translation::read(body, field))
    }

    /// The words of a record in other languages that this node itself wrote.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn worded(&self, of: &ObjectId, field: &str) -> Result<Released<Vec<Worded>>> {
        let home = &self.node.home().id;
        self.about(of, |body| Worded::read(body, field, home))
    }

    /// What is read from the records that are about another; one that can't be read is passed over.
    fn about<T>(
        &self,
        of: &ObjectId,
        read: impl Fn(&[u8]) -> Result<Vec<T>>,
    ) -> Result<Released<Vec<T>>> {
        let query = FacetQuery {
            name: "about".to_owned(),
            span: Span::Texts(of.to_string(), of.to_string()),
            after: None,
            limit: 50,
        };
        let page = self.node.find(&self.viewer, self.purpose, &query)?;
        Ok(page.map(|page| {
            let found = page.rows.iter();
            found
                .filter_map(|found| read(&found.record.body).ok())
                .flatten()
                .collect()
        }))
    }

    /// All versions of a record that the viewer may see, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn versions<T: Kind>(&self, id: &ObjectId) -> Result<Released<Vec<Piece<T>>>> {
        let Some(collection) = self.node.collection(self.collection)? else {
            return Ok(std::iter::empty::<Released<Piece<T>>>().collect());
        };
        let records = self
            .node
            .history(&self.viewer, self.purpose, collection.number, id)?;
        Ok(records.map(|records| records.iter().filter_map(read::<T>).collect()))
    }
}

/// What was found, read, with its label; what was withdrawn by its author is left out.
fn pieces<T: Kind>(found: Vec<Match>) -> Vec<Piece<T>> {
    let mut all = every(found);
    all.retain(|piece| !piece.revoked);
    all
}

fn every<T: Kind>(found: Vec<Match>) -> Vec<Piece<T>> {
    let read = found
        .into_iter()
        .filter_map(|found| Some(read::<T>(&found.record)?.under(found.label)));
    read.collect()
}

fn read<T: Kind>(record: &Record) -> Option<Piece<T>> {
    match Piece::read(&record.body) {
        Ok(piece) => Some(piece),
        Err(error) => {
            // Others write records too: what lacks something is kept as it is, and shown nowhere.
            tracing::debug!(
                id = record.id.as_str(),
                error = format!("{error:#}"),
                "desk.unread"
            );
            None
        }
    }
}

/// A released option as an option of what is released.
fn keep<T>(value: Released<Option<T>>) -> Option<Released<T>> {
    value
        .map(|value| value.into_iter().collect::<Vec<T>>())
        .into_iter()
        .next()
}

/// The span of a day or of all time, for lists by time.
pub const ALWAYS: (i64, i64) = (i64::MIN, i64::MAX);
