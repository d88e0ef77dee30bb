//! One run: what is done to a store and to the model of it, and whether the two agree.

use std::collections::{BTreeMap, BTreeSet};

use policy::{Label, Purpose, Tlp};
use stix::Timestamp;
use store::{List, Named, NewPosition, Options, PageQuery, Spec, Store, Versions};

use crate::stage::{Put, Stage, class, id, reader, version};

const DAY: i64 = 86_400_000_000;
const START: i64 = 1_767_225_600_000_000;
pub(crate) const VIEWERS: u64 = 4;

/// What is done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    Append {
        object: u64,
        version: u64,
        class: usize,
        times: usize,
    },
    Relabel {
        record: usize,
        class: usize,
        times: usize,
    },
    Grant {
        record: usize,
        class: usize,
    },
    Remove {
        object: u64,
        version: Option<u64>,
    },
    Poll {
        viewer: u64,
        limit: usize,
    },
    Erase {
        record: usize,
    },
    Wait,
}

/// A way in which paging could be wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plant {
    None,
    /// A date that was taken before the commit, and is behind a poller when it appears.
    EarlyDate,
    /// A change of label that leaves the position where it was.
    InPlace,
    /// Paging by counting rows.
    Offset,
    /// Positions in memory that are no longer those of the table.
    Held,
    /// Contents in memory that are no longer those of the table.
    Content,
}

/// Who is in the audience; the last is everybody.
const AUDIENCES: [&[u64]; 4] = [&[1], &[2], &[1, 2], &[1, 2, 3]];

fn label(class_no: usize, times: usize, now: i64) -> Label {
    let tlp = if class_no == 3 {
        Tlp::Clear
    } else {
        Tlp::Amber
    };
    let to: &[u64] = if class_no == 3 {
        &[]
    } else {
        AUDIENCES[class_no]
    };
    let label = Label::always(class(tlp, to));
    let day = |n: i64| Some(Timestamp::from_micros(now + n * DAY));
    match times {
        0 => Label {
            embargo: day(1),
            ..label
        },
        1 => Label {
            expiry: day(2),
            ..label
        },
        2 => Label {
            embargo: day(1),
            expiry: day(3),
            ..label
        },
        _ => label,
    }
}

#[derive(Clone, Debug)]
struct Position {
    added: i64,
    record: usize,
    class: usize,
    open: (Option<i64>, Option<i64>),
}

/// A store, and what should be in it.
pub(crate) struct Run {
    stage: Stage,
    plant: Plant,
    now: i64,
    added: i64,
    /// Object and version of each record; its number is its place here.
    records: Vec<(u64, u64)>,
    positions: Vec<Position>,
    cursors: BTreeMap<u64, (i64, usize)>,
    received: BTreeMap<u64, BTreeSet<(i64, i64)>>,
}

impl Run {
    pub(crate) fn new(plant: Plant) -> Self {
        Self {
            // What is tested is order, not the disk.
            stage: Stage::with(Options {
                durable: false,
                ..Options::default()
            }),
            plant,
            now: START,
            added: 0,
            records: Vec::new(),
            positions: Vec::new(),
            cursors: BTreeMap::new(),
            received: BTreeMap::new(),
        }
    }

    pub(crate) fn carry_out(&mut self, op: Op) {
        self.added += 10;
        match op {
            Op::Append {
                object,
                version,
                class,
                times,
            } => {
                if !self.records.contains(&(object, version)) {
                    self.append(object, version, class, times);
                }
            }
            Op::Relabel {
                record,
                class,
                times,
            } if !self.records.is_empty() => {
                self.relabel(record % self.records.len(), class, times);
            }
            Op::Grant { record, class } if !self.records.is_empty() => {
                self.grant(record % self.records.len(), class)
            }
            Op::Remove { object, version } => self.remove(object, version),
            Op::Poll { viewer, limit } => self.poll(viewer, limit),
            Op::Erase { record } if !self.records.is_empty() => {
                self.erase(record % self.records.len());
            }
            Op::Wait => self.now += DAY,
            Op::Relabel { .. } | Op::Grant { .. } | Op::Erase { .. } => {}
        }
    }

    fn append(&mut self, object: u64, version: u64, class: usize, times: usize) {
        let label = label(class, times, self.now);
        let body = format!("{{\"n\":{}}}", self.records.len());
        let put = Put {
            id: &id("note", object),
            version,
            label: label.clone(),
            added: self.added,
            body: body.as_bytes(),
        };
        self.stage.put(&put);
        self.records.push((object, version));
        self.stand(self.records.len() - 1, class, &label);
        if self.plant == Plant::EarlyDate && self.added > 40 {
            self.tamper(&format!(
                "UPDATE position SET added = added - 35 WHERE added = {}",
                self.added
            ));
            self.positions.last_mut().unwrap().added -= 35;
        }
        if self.plant == Plant::Content && self.added > 40 {
            self.tamper_unseen("UPDATE record SET body = 'other' WHERE recno = 0");
        }
        if self.plant == Plant::Held && self.added > 40 {
            self.tamper_unseen(&format!(
                "UPDATE position SET added = added + 1 WHERE added = {}",
                self.added
            ));
        }
    }

    fn relabel(&mut self, record: usize, class: usize, times: usize) {
        let label = label(class, times, self.now);
        let before = self.positions.len();
        if self.plant == Plant::InPlace {
            self.relabel_in_place(record, class);
            return;
        }
        self.positions.retain(|position| position.record != record);
        let stands = self.positions.len() < before;
        let added = self.added;
        let moved = self.stage.store.write(|txn| {
            let class = txn.intern_class(&label.class)?;
            txn.relabel(
                record as i64,
                (class, label.embargo.as_ref(), label.expiry.as_ref()),
                0,
                |_| false,
                |_, _| added,
            )
        });
        assert_eq!(!moved.unwrap().is_empty(), stands);
        if stands {
            self.stand(record, class, &label);
        }
    }

    fn relabel_in_place(&mut self, record: usize, class: usize) {
        let label = label(class, 9, self.now);
        let number = self
            .stage
            .store
            .write(|txn| txn.intern_class(&label.class))
            .unwrap();
        self.tamper(&format!(
            "UPDATE OR IGNORE position SET class = {number} WHERE recno = {record}"
        ));
        for position in self
            .positions
            .iter_mut()
            .filter(|position| position.record == record)
        {
            position.class = class;
        }
    }

    fn grant(&mut self, record: usize, class: usize) {
        if self
            .positions
            .iter()
            .all(|position| position.record != record)
        {
            return;
        }
        let (object, _) = self.records[record];
        let (label, collection, added) =
            (label(class, 9, self.now), self.stage.collection, self.added);
        let put = self.stage.store.write(|txn| {
            let class = txn.intern_class(&label.class)?;
            let object = txn.object_no(&id("note", object))?.unwrap();
            txn.put_position(&NewPosition {
                collection,
                recno: record as i64,
                object,
                kind: "note",
                spec: Spec::V21,
                class,
                embargo: None,
                expiry: None,
                added,
            })
        });
        put.unwrap();
        self.positions
            .retain(|position| (position.record, position.class) != (record, class));
        self.stand(record, class, &label);
    }

    fn remove(&mut self, object: u64, number: Option<u64>) {
        let version = number.map(version);
        let removed = self
            .stage
            .store
            .write(|txn| match txn.object_no(&id("note", object))? {
                Some(object) => {
                    txn.remove_from(self.stage.collection, object, version.as_deref(), 0)
                }
                None => Ok(0),
            });
        let before = self.positions.len();
        let records = &self.records;
        self.positions.retain(|position| {
            let (of, version) = records[position.record];
            of != object || number.is_some_and(|number| number != version)
        });
        assert_eq!(removed.unwrap(), before - self.positions.len());
    }

    fn erase(&mut self, record: usize) {
        let erased = self.stage.store.write(|txn| txn.erase(record as i64, 0));
        erased.unwrap();
        self.positions.retain(|position| position.record != record);
    }

    fn stand(&mut self, record: usize, class: usize, label: &Label) {
        let open = (
            label.embargo.as_ref().map(Timestamp::micros),
            label.expiry.as_ref().map(Timestamp::micros),
        );
        self.positions.push(Position {
            added: self.added,
            record,
            class,
            open,
        });
    }

    fn poll(&mut self, viewer: u64, limit: usize) {
        let (after, count) = self.cursors.get(&viewer).copied().unwrap_or_default();
        let (after, skip) = if self.plant == Plant::Offset {
            (0, count)
        } else {
            (after, 0)
        };
        let rows = self.page(viewer, Versions::all(), after, limit + skip).0;
        let rows = &rows[skip.min(rows.len())..];
        if let Some((_, last)) = rows.last() {
            self.cursors.insert(viewer, (*last, count + rows.len()));
        }
        self.received.entry(viewer).or_default().extend(rows);
    }

    /// As another program would: what is held in memory is of another epoch then.
    fn tamper(&self, sql: &str) {
        self.tamper_unseen(&format!(
            "{sql}; UPDATE meta SET value = '-7' WHERE name = 'store.epoch'"
        ));
    }

    fn tamper_unseen(&self, sql: &str) {
        rusqlite::Connection::open(self.stage.store.path())
            .unwrap()
            .execute_batch(sql)
            .unwrap();
    }

    /// What the store answers: record and position, and whether there is more.
    fn page(
        &self,
        viewer: u64,
        versions: Versions,
        after: i64,
        limit: usize,
    ) -> (Vec<(i64, i64)>, bool) {
        let query = PageQuery {
            after,
            versions,
            ..PageQuery::of(self.stage.collection, limit)
        };
        self.page_of(&self.stage.store, viewer, &query)
    }

    fn page_of(&self, store: &Store, viewer: u64, query: &PageQuery) -> (Vec<(i64, i64)>, bool) {
        let (read, now) = (store.read().unwrap(), Timestamp::from_micros(self.now));
        let page = read
            .page(&reader(viewer), Purpose::Poll, &now, query)
            .unwrap()
            .into_inner();
        (
            page.rows.iter().map(|row| (row.recno, row.added)).collect(),
            page.more,
        )
    }

    /// The same as texts: contents, and names.
    fn texts_of(&self, store: &Store, viewer: u64, query: &PageQuery) -> (String, Vec<String>) {
        let (read, now) = (store.read().unwrap(), Timestamp::from_micros(self.now));
        let (viewer, purpose) = (reader(viewer), Purpose::Poll);
        let contents = read.splice(&viewer, purpose, &now, query, b"");
        let names = read.list(&viewer, purpose, &now, query, Names::default());
        let contents = contents.unwrap().into_inner().text;
        let names = names.unwrap().into_inner().list;
        (String::from_utf8(contents).unwrap(), names.0)
    }

    /// What the model says, all of it.
    fn expected(&self, viewer: u64, versions: &Versions) -> Vec<(i64, i64)> {
        let mut last: BTreeMap<usize, i64> = BTreeMap::new();
        for position in &self.positions {
            let admitted =
                viewer == 0 || position.class == 3 || AUDIENCES[position.class].contains(&viewer);
            let (embargo, expiry) = position.open;
            let open =
                embargo.is_none_or(|at| self.now >= at) && expiry.is_none_or(|at| self.now < at);
            if admitted && open {
                let added = last.entry(position.record).or_insert(position.added);
                *added = position.added.max(*added);
            }
        }
        let mut of_object: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        for record in last.keys() {
            let (object, version) = self.records[*record];
            of_object.entry(object).or_default().insert(version);
        }
        let chosen = last.into_iter().filter(|(record, _)| {
            let (object, version) = self.records[*record];
            let seen = &of_object[&object];
            versions.all
                || versions.first && seen.first() == Some(&version)
                || versions.last && seen.last() == Some(&version)
        });
        let mut rows: Vec<(i64, i64)> = chosen
            .map(|(record, added)| (record as i64, added))
            .collect();
        rows.sort_by_key(|(_, added)| *added);
        rows
    }

    /// Whether store and model agree, for everybody and every filter, in one page and in many.
    pub(crate) fn agree(&self) -> Result<(), String> {
        let first = Versions {
            first: true,
            last: false,
            ..Versions::default()
        };
        let both = Versions {
            first: true,
            ..Versions::default()
        };
        // The same file by itself: it holds nothing in memory, and asks the tables.
        let tables = Store::open(
            self.stage.store.path(),
            Options {
                positions_held: 0,
                durable: false,
                ..Options::default()
            },
        )
        .unwrap();
        for viewer in 0..VIEWERS {
            for versions in [
                Versions::default(),
                Versions::all(),
                first.clone(),
                both.clone(),
            ] {
                let expected = self.expected(viewer, &versions);
                let mut rows = Vec::new();
                let after = |after| PageQuery {
                    after,
                    versions: versions.clone(),
                    ..PageQuery::of(self.stage.collection, 3)
                };
                let named = |objects: &[u64]| PageQuery {
                    ids: objects.iter().map(|object| id("note", *object)).collect(),
                    ..after(0)
                };
                for query in [
                    after(0),
                    after(self.added / 2),
                    after(self.added - 5),
                    named(&[0]),
                    named(&[1, 3]),
                    PageQuery {
                        newest_spec: true,
                        ..named(&[2, 0])
                    },
                ] {
                    let (held, asked) = (
                        self.page_of(&self.stage.store, viewer, &query),
                        self.page_of(&tables, viewer, &query),
                    );
                    let texts = (
                        self.texts_of(&self.stage.store, viewer, &query),
                        self.texts_of(&tables, viewer, &query),
                    );
                    if held != asked || texts.0 != texts.1 {
                        return Err(format!(
                            "{viewer} {query:?}: memory says {held:?}, the tables {asked:?}; {texts:?}"
                        ));
                    }
                }
                loop {
                    let after = rows.last().map_or(0, |(_, added)| *added);
                    let (page, more) = self.page(viewer, versions.clone(), after, 2);
                    if page.is_empty() && more {
                        return Err("a page without rows and yet more".to_owned());
                    }
                    rows.extend(page);
                    if !more || rows.len() > expected.len() {
                        break;
                    }
                }
                if rows != expected {
                    return Err(format!(
                        "{viewer} {versions:?}: {rows:?} instead of {expected:?}"
                    ));
                }
            }
        }
        Ok(())
    }

    /// Whether pollers, having polled to the end, have everything that they may have now, as it is now.
    pub(crate) fn lossless(&mut self) -> Result<(), String> {
        for viewer in 0..VIEWERS {
            for _ in 0..64 {
                self.poll(viewer, 3);
            }
            let received = self.received.get(&viewer).cloned().unwrap_or_default();
            for row in self.expected(viewer, &Versions::all()) {
                let (record, _) = row;
                // What an embargo hid comes by a new position, which is the node's to give: see `Look::embargo_over`.
                let timed = self
                    .positions
                    .iter()
                    .any(|p| p.record as i64 == record && p.open.0.is_some());
                if !received.contains(&row) && !timed {
                    return Err(format!("{viewer} never got {row:?}, and has {received:?}"));
                }
            }
        }
        Ok(())
    }
}

/// Names as they are listed.
#[derive(Default)]
struct Names(Vec<String>);

impl List for Names {
    fn add(&mut self, named: Named<'_>) {
        self.0.push(format!("{named:?}"));
    }
}
