//! Facets: typed values of records that can be asked for. Invariant: a facet has its record's class, so that a viewer's seek
//! touches no other's, and lives and goes with its record.

use policy::{Purpose, Released, Viewer};
use stix::Timestamp;

use crate::error::{Error, Result};
use crate::query::{Page, Record};
use crate::read::Reader;
use crate::sql::findings;
use crate::write::WriteTxn;

/// A value by which a record can be found. Times are numbers of microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet<'a> {
    /// A text, folded by who declares the facet if spellings shall not count.
    Text(&'a str),
    /// A number or a time.
    Number(i64),
}

/// A stretch of values, ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Of texts, by their bytes.
    Texts(String, String),
    /// Of numbers.
    Numbers(i64, i64),
}

/// A question for records by a facet: the newest version of each object that the viewer may see, in the order of values.
#[derive(Clone, Debug)]
pub struct FacetQuery {
    /// The facet.
    pub name: String,
    /// Its values.
    pub span: Span,
    /// The record that the last page ended with: only what comes after it.
    pub after: Option<Found>,
    /// At most so many.
    pub limit: usize,
}

/// A record that was found, and by which value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub value: Value,
    /// The record's number.
    pub recno: i64,
}

/// A facet's value, kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number or a time.
    Number(i64),
}

impl WriteTxn<'_> {
    /// Gives a record its facets, in place of those it had.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such record.
    pub fn put_facets(&mut self, recno: i64, facets: &[(&str, Facet<'_>)]) -> Result<()> {
        let held = self
            .held_record(recno)?
            .ok_or_else(|| Error::Missing(format!("record {recno}")))?;
        self.drop_facets(recno)?;
        for (name, facet) in facets {
            let name = self.intern_word(name)?;
            match facet {
                Facet::Text(value) => self
                    .db()
                    .run(findings::ADD_FACET_TEXT, (name, held.class, value, recno))?,
                Facet::Number(value) => self
                    .db()
                    .run(findings::ADD_FACET_NUMBER, (name, held.class, value, recno))?,
            };
        }
        Ok(())
    }

    pub(crate) fn drop_facets(&mut self, recno: i64) -> Result<()> {
        self.db().run(findings::DROP_FACET_TEXTS, [recno])?;
        self.db().run(findings::DROP_FACET_NUMBERS, [recno])?;
        Ok(())
    }

    pub(crate) fn class_facets(&mut self, recno: i64, class: i64) -> Result<()> {
        self.db().run(findings::CLASS_FACET_TEXTS, (class, recno))?;
        self.db()
            .run(findings::CLASS_FACET_NUMBERS, (class, recno))?;
        Ok(())
    }
}

impl Reader<'_> {
    /// Records by a facet, with the value by which each was found.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn by_facet(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &FacetQuery,
    ) -> Result<Released<Page<(Value, Record)>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let enough = query.limit.saturating_add(1);
        let mut released = Vec::new();
        let mut after = query.after.clone();
        if let Some(name) = self.word_number(&query.name)? {
            loop {
                let portion = self.portion(
                    &asking.reach.classes().collect::<Vec<_>>(),
                    name,
                    query,
                    after,
                    enough,
                )?;
                let whole = portion.len() >= enough;
                after = portion.last().cloned();
                for Found { value, recno } in portion {
                    if released.len() < enough && self.is_newest(&asking, recno)? {
                        let record = self.record_for(&asking, recno)?;
                        released.extend(record.map(|record| record.map(|record| (value, record))));
                    }
                }
                if !whole || released.len() >= enough {
                    break;
                }
            }
        }
        let rows: Released<Vec<(Value, Record)>> = released.into_iter().collect();
        Ok(rows.map(|mut rows| {
            let more = rows.len() > query.limit;
            rows.truncate(query.limit);
            Page { rows, more }
        }))
    }

    /// What stands next in any of the classes: the first `enough` of all, in order.
    fn portion(
        &self,
        classes: &[i64],
        name: i64,
        query: &FacetQuery,
        after: Option<Found>,
        enough: usize,
    ) -> Result<Vec<Found>> {
        let limit = i64::try_from(enough).unwrap_or(i64::MAX);
        let mut found = Vec::new();
        for class in classes {
            match &query.span {
                Span::Texts(from, to) => {
                    let (value, recno) = match &after {
                        Some(Found {
                            value: Value::Text(value),
                            recno,
                        }) => (value, *recno),
                        _ => (from, -1),
                    };
                    let params = (name, class, value, recno, to, limit);
                    found.extend(self.db().all(findings::FACET_TEXTS, params, |row| {
                        Ok(Found {
                            value: Value::Text(row.get(0)?),
                            recno: row.get(1)?,
                        })
                    })?);
                }
                Span::Numbers(from, to) => {
                    let (value, recno) = match &after {
                        Some(Found {
                            value: Value::Number(value),
                            recno,
                        }) => (*value, *recno),
                        _ => (*from, -1),
                    };
                    let params = (name, class, value, recno, to, limit);
                    found.extend(self.db().all(findings::FACET_NUMBERS, params, |row| {
                        Ok(Found {
                            value: Value::Number(row.get(0)?),
                            recno: row.get(1)?,
                        })
                    })?);
                }
            }
        }
        found.sort_unstable_by(|a, b| (&a.value, a.recno).cmp(&(&b.value, b.recno)));
        found.truncate(enough);
        Ok(found)
    }
}
