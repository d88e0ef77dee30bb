//! Facets: typed values of records that can be asked for. Invariant: a facet has its record's class, so that a viewer's seek
//! touches no other's, and lives and goes with its record.

use policy::{Purpose, Released, Viewer};
use stix::{ObjectId, Timestamp};

use crate::error::{Error, Result};
use crate::look::Look;
use crate::positions::Stand;
use crate::query::{Page, Record};
use crate::read::{Asking, Reader, record_at};
use crate::sources::Slot;
use crate::sql::{findings, records};
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

/// A record that was found: by which value, and its label.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The value.
    pub value: Value,
    /// The record.
    pub record: Record,
    /// Its class.
    pub class: i64,
    /// Not before then.
    pub embargo: Option<Timestamp>,
    /// Not from then on.
    pub expiry: Option<Timestamp>,
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

    /// Gives a record one value more of a facet of numbers, which it may have already.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no such record.
    pub fn add_facet(&mut self, recno: i64, name: &str, value: i64) -> Result<()> {
        let held = self
            .held_record(recno)?
            .ok_or_else(|| Error::Missing(format!("record {recno}")))?;
        let name = self.intern_word(name)?;
        let params = (name, held.class, value, recno);
        self.db().run(findings::ADD_FACET_NUMBER, params)?;
        Ok(())
    }

    /// Takes a facet of numbers from a record, which keeps its others.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn drop_facet(&mut self, recno: i64, name: &str) -> Result<()> {
        if let Some(name) = self.word_number(name)? {
            self.db().run(findings::DROP_FACET_NUMBER, (recno, name))?;
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

impl Look {
    /// A record's values of a facet of texts, each with the class it stands in.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn facet_texts_of(&self, recno: i64, name: &str) -> Result<Vec<(i64, String)>> {
        let Some(name) = self.word_number(name)? else {
            return Ok(Vec::new());
        };
        self.db()
            .all(findings::FACET_TEXTS_OF, (recno, name), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
    }

    /// The records of one class with this value of a facet of texts, in all versions: to keep facets by, never for showing.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn facet_peers(&self, name: &str, class: i64, value: &str) -> Result<Vec<i64>> {
        let Some(name) = self.word_number(name)? else {
            return Ok(Vec::new());
        };
        self.db()
            .all(findings::FACET_PEERS, (name, class, value), |row| {
                row.get(0)
            })
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
    ) -> Result<Released<Page<Hit>>> {
        let asking = self.asking(viewer, purpose, at)?;
        self.sought(&asking, query, |value, stand| {
            self.hit(&asking, value, stand)
        })
    }

    /// The values themselves by which records are found: no content is read.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn facet_values(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        query: &FacetQuery,
    ) -> Result<Released<Page<Value>>> {
        let asking = self.asking(viewer, purpose, at)?;
        self.sought(&asking, query, |value, stand| {
            let times = (stand.embargo, stand.expires);
            Ok(asking.release(stand.class, times, value))
        })
    }

    /// The values of a facet of texts that the newest version of an object has, as far as the viewer may see it: no content is read.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn facet_texts_by_id(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        (id, name): (&ObjectId, &str),
    ) -> Result<Option<Released<Vec<String>>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let newest = match self.object_no(id)? {
            Some(object) => self.newest(&asking, object)?,
            None => None,
        };
        let Some(stand) = newest else {
            return Ok(None);
        };
        let values = self.facet_texts_of(stand.recno, name)?;
        let values = values.into_iter().map(|(_, value)| value).collect();
        Ok(asking.release(stand.class, (stand.embargo, stand.expires), values))
    }

    /// What a query finds, each taken up in its own way.
    fn sought<T>(
        &self,
        asking: &Asking<'_>,
        query: &FacetQuery,
        take: impl Fn(Value, &Stand) -> Result<Option<Released<T>>>,
    ) -> Result<Released<Page<T>>> {
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
                    if released.len() >= enough {
                        break;
                    }
                    let newest = match self.object_of(recno)? {
                        Some(object) => self.newest(asking, object)?,
                        None => None,
                    };
                    if let Some(stand) = newest.filter(|newest| newest.recno == recno) {
                        released.extend(take(value, &stand)?);
                    }
                }
                if !whole || released.len() >= enough {
                    break;
                }
            }
        }
        let rows: Released<Vec<T>> = released.into_iter().collect();
        Ok(rows.map(|mut rows| {
            let more = rows.len() > query.limit;
            rows.truncate(query.limit);
            Page { rows, more }
        }))
    }

    /// The newest version of an object that the viewer may see, as if it was found by its id.
    ///
    /// # Errors
    /// Only those of the engine.
    pub fn by_id(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        at: &Timestamp,
        id: &ObjectId,
    ) -> Result<Option<Released<Hit>>> {
        let asking = self.asking(viewer, purpose, at)?;
        let newest = match self.object_no(id)? {
            Some(object) => self.newest(&asking, object)?,
            None => None,
        };
        newest.map_or(Ok(None), |stand| {
            self.hit(&asking, Value::Text(id.to_string()), &stand)
        })
    }

    fn hit(
        &self,
        asking: &Asking<'_>,
        value: Value,
        stand: &Stand,
    ) -> Result<Option<Released<Hit>>> {
        let record = self.fetch(asking, &Slot::of(stand), records::RECORD, record_at)?;
        let hit = |record| Hit {
            value,
            record,
            class: stand.class,
            embargo: stand.embargo.map(Timestamp::from_micros),
            expiry: stand.expires.map(Timestamp::from_micros),
        };
        Ok(record.map(|record| record.map(hit)))
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
