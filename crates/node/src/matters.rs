//! What desks build on: finding records by their facets, how a record stands here, ids for new ones, and matters that stay on this node.
//!
//! Invariant: records come as [`Released`]; what is kept with [`Node::keep`] is no record and leaves through no door.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use policy::{Class, Label, Purpose, Released, Viewer};
use stix::{ObjectId, Timestamp};
use store::{FacetQuery, Hit, Local, Page, PageQuery, Reader, Record, Span, Value, Versions};

use crate::node::{Node, uuid_v4};
use crate::overview::{Stood, standing};
use crate::pending::Pending;

/// How many versions of one object are listed.
const VERSIONS: usize = 1_000;

/// Somebody has changed meanwhile what a change was made from. Nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("somebody has changed it meanwhile; nothing was done")]
pub struct Meanwhile;

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Match {
    /// The value by which it was found.
    pub value: Value,
    /// The record.
    pub record: Record,
    /// Who may have it.
    pub label: Label,
}

/// The labels of records; a class is looked up once, since many records share it.
#[derive(Default)]
struct Labels(BTreeMap<i64, Class>);

impl Labels {
    fn of(&mut self, reader: &Reader<'_>, hit: &Hit) -> Result<Label> {
        let class = match self.0.get(&hit.class) {
            Some(class) => class.clone(),
            None => {
                let class = reader.class(hit.class)?.context("a class is missing")?;
                self.0.insert(hit.class, class.clone());
                class
            }
        };
        Ok(Label {
            class,
            embargo: hit.embargo.clone(),
            expiry: hit.expiry.clone(),
        })
    }

    /// What was found, each with its label.
    fn with(
        &mut self,
        reader: &Reader<'_>,
        found: Released<Vec<Hit>>,
    ) -> Result<Released<Vec<Match>>> {
        let mut failed = None;
        let matches = found.map(|hits| {
            let mut matches = Vec::with_capacity(hits.len());
            for hit in hits {
                match self.of(reader, &hit) {
                    Ok(label) => matches.push(Match {
                        value: hit.value,
                        record: hit.record,
                        label,
                    }),
                    Err(error) => failed = Some(error),
                }
            }
            matches
        });
        failed.map_or(Ok(matches), Err)
    }
}

/// What is to be kept, before its time is known.
fn kept_as((room, kind, name): (&str, &str, &str), value: Vec<u8>) -> Local {
    Local {
        room: room.to_owned(),
        kind: kind.to_owned(),
        name: name.to_owned(),
        changed: 0,
        value,
    }
}

impl Node {
    /// Records by a facet: the newest version of each that the viewer may see, with the value by which it was found, and its label.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn find(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        query: &FacetQuery,
    ) -> Result<Released<Page<Match>>> {
        let reader = self.read()?;
        self.found(&reader, &mut Labels::default(), viewer, purpose, query)
    }

    fn found(
        &self,
        reader: &Reader<'_>,
        labels: &mut Labels,
        viewer: &Viewer,
        purpose: Purpose,
        query: &FacetQuery,
    ) -> Result<Released<Page<Match>>> {
        let at = Timestamp::from_micros(self.now());
        let page = reader.by_facet(viewer, purpose, &at, query)?;
        let more = page.as_ref().map(|page| page.more);
        let rows = labels.with(reader, page.map(|page| page.rows))?;
        Ok(rows.zip(more).map(|(rows, more)| Page { rows, more }))
    }

    /// Records of which a facet has any of some values, at most so many of each value, value by value, in one reading of the store.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn find_any<'v>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        facet: &str,
        (values, most): (impl IntoIterator<Item = &'v String>, usize),
    ) -> Result<Released<Vec<Page<Match>>>> {
        let spans = values.into_iter();
        let spans = spans.map(|value| Span::Texts(value.clone(), value.clone()));
        self.find_spans(viewer, purpose, facet, (spans, most))
    }

    /// Records of which a facet lies in any of some spans, for each span the first so many, in one reading of the store.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn find_spans(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        facet: &str,
        (spans, most): (impl IntoIterator<Item = Span>, usize),
    ) -> Result<Released<Vec<Page<Match>>>> {
        let reader = self.read()?;
        let mut labels = Labels::default();
        let mut all = Vec::new();
        for span in spans {
            let query = FacetQuery {
                name: facet.to_owned(),
                span,
                after: None,
                limit: most,
            };
            all.push(self.found(&reader, &mut labels, viewer, purpose, &query)?);
        }
        Ok(all.into_iter().collect())
    }

    /// The texts of a facet that lie in any of some spans, of each span at most so many: no content is read.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn facet_texts_in(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        facet: &str,
        (spans, most): (impl IntoIterator<Item = Span>, usize),
    ) -> Result<Released<Vec<String>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut all = Vec::new();
        for span in spans {
            let query = FacetQuery {
                name: facet.to_owned(),
                span,
                after: None,
                limit: most,
            };
            all.push(reader.facet_values(viewer, purpose, &at, &query)?);
        }
        let all: Released<Vec<Page<Value>>> = all.into_iter().collect();
        Ok(all.map(|all| {
            let values = all.into_iter().flat_map(|page| page.rows);
            let texts = values.filter_map(|value| match value {
                Value::Text(text) => Some(text),
                Value::Number(_) => None,
            });
            texts.collect()
        }))
    }

    /// The texts of a facet that objects have in their newest version that the viewer may see: no content is read.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn facet_texts_of<'i>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        facet: &str,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<Released<Vec<(ObjectId, String)>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut all = Vec::new();
        for id in ids {
            let found = reader.facet_texts_by_id(viewer, purpose, &at, (id, facet))?;
            let each = |values: Vec<String>| {
                let each = values.into_iter().map(|value| (id.clone(), value));
                each.collect::<Vec<_>>()
            };
            all.extend(found.map(|values| values.map(each)));
        }
        let all: Released<Vec<Vec<_>>> = all.into_iter().collect();
        Ok(all.map(|all| all.into_iter().flatten().collect()))
    }

    /// Records by their ids: the newest version of each that the viewer may see, with its label, in one reading of the store.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn find_ids<'i>(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) -> Result<Released<Vec<Match>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut labels = Labels::default();
        let mut all = Vec::new();
        for id in ids {
            all.extend(reader.by_id(viewer, purpose, &at, id)?);
        }
        labels.with(&reader, all.into_iter().collect())
    }

    /// The newest version of an object that the viewer may see, with how it stands here: its label, its door, when it came.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn stood(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        id: &ObjectId,
    ) -> Result<Option<Released<Stood>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let Some(record) = reader.object(viewer, purpose, &at, id)? else {
            return Ok(None);
        };
        let recno = record.as_ref().into_inner().recno;
        let held = reader
            .held_record(recno)?
            .context("a record that was just read is missing")?;
        Ok(Some(standing(&reader, record, held)?))
    }

    /// All versions of an object in a collection that the viewer may see, the oldest first.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn history(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        collection: i64,
        id: &ObjectId,
    ) -> Result<Released<Vec<Record>>> {
        let query = PageQuery {
            ids: vec![id.clone()],
            versions: Versions::all(),
            ..PageQuery::of(collection, VERSIONS)
        };
        let page = self.page(viewer, purpose, &query)?;
        Ok(page.map(|mut page| {
            page.rows
                .sort_by(|a, b| (&a.version, a.added).cmp(&(&b.version, b.added)));
            page.rows
        }))
    }

    /// All versions of an object that the viewer may see, wherever they stand, the oldest first, each with how it stands here.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn versions(
        &self,
        viewer: &Viewer,
        purpose: Purpose,
        id: &ObjectId,
    ) -> Result<Released<Vec<Stood>>> {
        let at = Timestamp::from_micros(self.now());
        let reader = self.read()?;
        let mut versions = Vec::new();
        if let Some(object) = reader.object_no(id)? {
            let held = reader.versions_of(object)?;
            let skipped = held.len().saturating_sub(VERSIONS);
            for held in held.into_iter().skip(skipped) {
                if let Some(record) = reader.record(viewer, purpose, &at, held.recno)? {
                    versions.push(standing(&reader, record, held)?);
                }
            }
        }
        Ok(versions.into_iter().collect())
    }

    /// The collections that a record stands in now, by their ids.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn stands_in(&self, recno: i64) -> Result<Vec<String>> {
        let mut places = self.read()?.places(recno)?;
        places.retain(|place| place.removed.is_none());
        let all = self.collections()?;
        let own = all
            .into_iter()
            .filter(|one| places.iter().any(|place| place.collection == one.number));
        Ok(own.map(|one| one.id).collect())
    }

    /// An id for a new object of a type.
    ///
    /// # Errors
    /// When no object can have such a type.
    pub fn new_id(&self, kind: &str) -> Result<ObjectId> {
        let uuid = uuid_v4(self.chance().as_mut());
        ObjectId::parse(&format!("{kind}--{uuid}")).with_context(|| format!("{kind:?} is no type"))
    }

    /// Keeps something on this node only, under a desk's name, a kind and a name of its own.
    pub fn keep(&self, room: &str, kind: &str, name: &str, value: Vec<u8>) -> Pending<()> {
        let mut new = kept_as((room, kind, name), value);
        self.change(move |change| {
            new.changed = change.now;
            Ok(change.txn.put_local(&new)?)
        })
    }

    /// Keeps it only while what is kept there is still what it was made from, as `still` says of it, in one transaction: of two who change
    /// the same at once one is taken, and the other hears of it.
    ///
    /// # Errors
    /// [`Meanwhile`] when it has changed; those of the storage.
    pub fn keep_if(
        &self,
        room: &str,
        kind: &str,
        name: &str,
        still: impl FnOnce(Option<&[u8]>) -> bool + Send + 'static,
        value: Vec<u8>,
    ) -> Pending<()> {
        let mut new = kept_as((room, kind, name), value);
        self.change(move |change| {
            let there = change.txn.local(&new.room, &new.kind, &new.name)?;
            if !still(there.as_ref().map(|there| there.value.as_slice())) {
                return Err(Meanwhile.into());
            }
            new.changed = change.now;
            Ok(change.txn.put_local(&new)?)
        })
    }

    /// What was kept so.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn kept(&self, room: &str, kind: &str, name: &str) -> Result<Option<Local>> {
        Ok(self.read()?.local(room, kind, name)?)
    }

    /// What is kept of a kind, by name, after the name `after`.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn all_kept(&self, room: &str, kind: &str, after: &str, most: usize) -> Result<Vec<Local>> {
        Ok(self.read()?.locals(room, kind, after, most)?)
    }

    /// Throws away what was kept; says whether it was there.
    pub fn let_go(&self, room: &str, kind: &str, name: &str) -> Pending<bool> {
        let (room, kind, name) = (room.to_owned(), kind.to_owned(), name.to_owned());
        self.change(move |change| Ok(change.txn.drop_local(&room, &kind, &name)?))
    }
}
