//! A wire within one process, and what a bad one does: cut, lose answers, send pages again, shuffle them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use node::Node;
use node::chance::{Random, SeededRandom};
use node::peers::wire::{Answer, Batch, Destination, Head, Shelf, Wire};
use node::submission::{Channel, Marking, Submission};
use stix::ObjectId;
use store::{PageQuery, Versions};

/// How bad the wire is: one in so many answers suffers it; 0 is never.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weather {
    pub(crate) lose: u64,
    pub(crate) again: u64,
    pub(crate) shuffle: u64,
}

/// All nodes by their participants, as one of them sees the rest.
pub(crate) struct Mesh {
    nodes: Mutex<BTreeMap<ObjectId, Node>>,
    cut: Mutex<BTreeSet<(ObjectId, ObjectId)>>,
    weather: Weather,
    chance: Mutex<SeededRandom>,
    pub(crate) heads: Mutex<BTreeMap<ObjectId, Head>>,
    /// How many records are in a page at most.
    pub(crate) most: AtomicUsize,
    /// The next page of the situation is the first one: what comes after it was here.
    pub(crate) rewinds: AtomicBool,
}

/// The wire of one node.
pub(crate) struct End<'m> {
    pub(crate) mesh: &'m Mesh,
    pub(crate) from: ObjectId,
}

impl Mesh {
    pub(crate) fn new(nodes: &[Node], weather: Weather, seed: u64) -> Self {
        Self {
            nodes: Mutex::new(
                nodes
                    .iter()
                    .map(|node| (node.home().id.clone(), node.clone()))
                    .collect(),
            ),
            cut: Mutex::default(),
            weather,
            chance: Mutex::new(SeededRandom::new(seed)),
            heads: Mutex::default(),
            most: AtomicUsize::new(usize::MAX),
            rewinds: AtomicBool::default(),
        }
    }

    /// Cuts, or heals, what lies between two nodes.
    pub(crate) fn cut(&self, one: &ObjectId, other: &ObjectId, cut: bool) {
        let mut cuts = self.cut.lock().unwrap();
        for pair in [(one.clone(), other.clone()), (other.clone(), one.clone())] {
            if cut {
                cuts.insert(pair);
            } else {
                cuts.remove(&pair);
            }
        }
    }

    /// Another process has the node now.
    pub(crate) fn replace(&self, node: &Node) {
        let mut nodes = self.nodes.lock().unwrap();
        nodes.insert(node.home().id.clone(), node.clone());
    }

    fn happens(&self, one_in: u64) -> bool {
        one_in > 0 && self.chance.lock().unwrap().below(one_in) == 0
    }

    fn callee(&self, from: &ObjectId, to: &Destination) -> Result<(Node, node::Access)> {
        let cut = self.cut.lock().unwrap();
        ensure!(
            !cut.contains(&(from.clone(), to.participant.clone())),
            "no route to host"
        );
        drop(cut);
        let nodes = self.nodes.lock().unwrap();
        let node = nodes.get(&to.participant).cloned();
        let node = node.context("no such host")?;
        drop(nodes);
        let access = node
            .authenticate_peer(&to.token)?
            .context("401: not signed in")?;
        ensure!(access.participant == *from, "a token of somebody else");
        Ok((node, (*access).clone()))
    }
}

impl End<'_> {
    fn read(
        &self,
        to: &Destination,
        collection: &str,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Batch> {
        let (node, access) = self.mesh.callee(&self.from, to)?;
        let collection = node.collection(collection)?.context("404")?;
        let mut after: i64 = cursor.map_or(Ok(0), str::parse)?;
        let weather = self.mesh.weather;
        let rewinds = collection.alias.as_deref() == Some("situation")
            && self.mesh.rewinds.swap(false, Ordering::Relaxed);
        if rewinds || self.mesh.happens(weather.again) {
            after = 0;
        }
        let limit = limit.min(self.mesh.most.load(Ordering::Relaxed));
        let query = PageQuery {
            after,
            versions: Versions::all(),
            ..PageQuery::of(collection.number, limit)
        };
        let page = node.page_for_peer(&access, &query)?.into_inner();
        let last = page.rows.last().map_or(after, |row| row.added);
        let mut rows: Vec<Vec<u8>> = page.rows.into_iter().map(|row| row.body).collect();
        if self.mesh.happens(weather.shuffle) {
            let mut chance = self.mesh.chance.lock().unwrap();
            for at in (1..rows.len()).rev() {
                rows.swap(at, usize::try_from(chance.below(at as u64 + 1)).unwrap());
            }
        }
        ensure!(!self.mesh.happens(weather.lose), "connection reset by peer");
        let (bytes, objects) = joined(&rows);
        Ok(Batch {
            bytes,
            objects,
            cursor: last.to_string(),
            more: page.more,
            trouble: None,
        })
    }
}

/// Objects in one piece, and where each lies.
pub(crate) fn joined<T: AsRef<[u8]>>(rows: &[T]) -> (Bytes, Vec<std::ops::Range<usize>>) {
    let mut bytes = Vec::new();
    let mut objects = Vec::new();
    for row in rows {
        let start = bytes.len();
        bytes.extend_from_slice(row.as_ref());
        objects.push(start..bytes.len());
        bytes.push(b'\n');
    }
    (bytes.into(), objects)
}

impl Wire for End<'static> {
    fn collections<'a>(&'a self, to: &'a Destination) -> Answer<'a, Vec<Shelf>> {
        Box::pin(async move {
            let (node, access) = self.mesh.callee(&self.from, to)?;
            let collections = node.collections_of(&access)?;
            let shelf = |collection: node::Collection| Shelf {
                id: collection.id,
                alias: collection.alias,
                can_read: true,
                can_write: true,
            };
            Ok(collections.into_iter().map(shelf).collect())
        })
    }

    fn page<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        cursor: Option<&'a str>,
        limit: usize,
    ) -> Answer<'a, Batch> {
        Box::pin(async move { self.read(to, collection, cursor, limit) })
    }

    fn give<'a>(
        &'a self,
        to: &'a Destination,
        collection: &'a str,
        objects: Vec<Bytes>,
    ) -> Answer<'a, ()> {
        Box::pin(async move {
            let (node, access) = self.mesh.callee(&self.from, to)?;
            let (bytes, objects) = joined(&objects);
            let submission = Submission {
                bytes,
                objects,
                channel: Channel::Peer(access.participant.clone()),
                submitter: access.participant,
                person: None,
                collection: collection.to_owned(),
                marking: Marking::default(),
            };
            node.accept(submission)?.await?;
            ensure!(
                !self.mesh.happens(self.mesh.weather.lose),
                "connection reset by peer"
            );
            Ok(())
        })
    }

    fn poke<'a>(&'a self, to: &'a Destination) -> Answer<'a, ()> {
        Box::pin(async move {
            let (node, access) = self.mesh.callee(&self.from, to)?;
            node.poked(&access.participant);
            Ok(())
        })
    }

    fn head<'a>(&'a self, to: &'a Destination, from: Option<u64>) -> Answer<'a, Option<Head>> {
        Box::pin(async move {
            let (node, _) = self.mesh.callee(&self.from, to)?;
            if let Some(head) = self.mesh.heads.lock().unwrap().get(&to.participant) {
                return Ok(Some(head.clone()));
            }
            node.head_for_peer(from)
        })
    }

    fn cosigned<'a>(&'a self, to: &'a Destination, note: String) -> Answer<'a, ()> {
        Box::pin(async move {
            let (node, access) = self.mesh.callee(&self.from, to)?;
            node.take_cosignature(&access.participant, &note)?.await
        })
    }
}
