//! The stage of the stories: a store in a folder of its own, three organs, and short ways to put records there.
#![allow(dead_code, reason = "each story uses a part of it")]

use policy::{Class, Clause, Label, Member, Purpose, Released, Tlp, Viewer};
use stix::{ObjectId, Timestamp};
use store::{
    NewCollection, NewPosition, NewRecord, ObjectNo, Options, Page, PageQuery, Record, Spec, Store,
    WriteTxn,
};

pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) collection: i64,
}

pub(crate) const NOON: &str = "2026-01-01T12:00:00Z";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn noon() -> Timestamp {
    time(NOON)
}

pub(crate) fn organ(n: u64) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{n:012x}")
        .parse()
        .unwrap()
}

pub(crate) fn id(kind: &str, n: u64) -> ObjectId {
    format!(
        "{kind}--{:08x}-1111-4111-8111-{n:012x}",
        n.wrapping_mul(0x9e37_79b9) as u32
    )
    .parse()
    .unwrap()
}

/// Organ 0 holds the copy; organ `n` reads it if it is in `to`.
pub(crate) fn class(tlp: Tlp, to: &[u64]) -> Class {
    let mut clause = Clause::own(tlp, organ(0));
    clause.audience = to.iter().map(|n| Member::Participant(organ(*n))).collect();
    Class::of(clause)
}

pub(crate) fn reader(n: u64) -> Viewer {
    Viewer::organ(organ(n))
}

pub(crate) fn version(n: u64) -> String {
    time(&format!(
        "2025-01-01T00:00:{:02}.{:03}Z",
        n / 1000 % 60,
        n % 1000
    ))
    .version_key()
}

pub(crate) struct Put<'a> {
    pub(crate) id: &'a ObjectId,
    pub(crate) version: u64,
    pub(crate) label: Label,
    pub(crate) added: i64,
    pub(crate) body: &'a [u8],
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("node.db"), options).unwrap();
        let collection = store
            .write(|txn| {
                txn.add_collection(&NewCollection {
                    uuid: "5a7d5a53-6a7e-4f3a-8a66-2d8d3f5a0001",
                    alias: Some("norms"),
                    title: "Norms",
                    ..NewCollection::default()
                })
            })
            .unwrap();
        Self {
            folder,
            store,
            collection,
        }
    }

    pub(crate) fn put(&self, put: &Put<'_>) -> i64 {
        let collection = self.collection;
        self.store.write(|txn| place(txn, collection, put)).unwrap()
    }

    pub(crate) fn page(&self, viewer: &Viewer, query: &PageQuery) -> Page<Record> {
        self.page_at(viewer, query, &noon())
    }

    pub(crate) fn page_at(
        &self,
        viewer: &Viewer,
        query: &PageQuery,
        at: &Timestamp,
    ) -> Page<Record> {
        let page: Released<Page<Record>> = self
            .store
            .read()
            .unwrap()
            .page(viewer, Purpose::Poll, at, query)
            .unwrap();
        page.into_inner()
    }

    pub(crate) fn bodies(&self, viewer: &Viewer, query: &PageQuery) -> Vec<String> {
        bodies(&self.page(viewer, query))
    }
}

pub(crate) fn bodies(page: &Page<Record>) -> Vec<String> {
    page.rows
        .iter()
        .map(|row| String::from_utf8(row.body.clone()).unwrap())
        .collect()
}

/// A record and its position, as the node would put them.
pub(crate) fn place(txn: &mut WriteTxn<'_>, collection: i64, put: &Put<'_>) -> store::Result<i64> {
    let recno = txn.records()?;
    let class = txn.intern_class(&put.label.class)?;
    let object: Option<ObjectNo> = txn.object_no(put.id)?;
    let object = txn.insert_record(&NewRecord {
        recno,
        object,
        id: put.id,
        version: &version(put.version),
        author: Some(&organ(0)),
        channel: "import",
        spec: Spec::V21,
        revoked: false,
        sealed: false,
        class,
        embargo: put.label.embargo.as_ref(),
        expiry: put.label.expiry.as_ref(),
        accepted: put.added,
        hash: &[7; 32],
        salt: &[9; 16],
        body: put.body,
    })?;
    txn.put_position(&NewPosition {
        collection,
        recno,
        object,
        kind: put.id.type_name(),
        spec: Spec::V21,
        class,
        embargo: put.label.embargo.as_ref(),
        expiry: put.label.expiry.as_ref(),
        added: put.added,
    })?;
    Ok(recno)
}
