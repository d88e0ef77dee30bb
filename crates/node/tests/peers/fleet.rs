//! Several nodes in one process, with one clock that stands still and chance from a seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use node::chance::SeededRandom;
use node::clock::{ManualClock, SECOND};
use node::config::Config;
use node::keys::Recovery;
use node::peers::Synced;
use node::submission::{Channel, Marking, Receipt, Submission};
use node::{Kind, New, Node};
use policy::{Member, Purpose, Tlp};
use stix::{ObjectId, Timestamp};
use store::{PageQuery, Versions};
use tempfile::TempDir;

use crate::mesh::{End, Mesh, Weather, joined};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_262_400 * SECOND;

/// Nodes by the order of their participants' names.
pub(crate) struct Fleet {
    pub(crate) clock: ManualClock,
    pub(crate) nodes: Vec<Node>,
    pub(crate) mesh: &'static Mesh,
    pub(crate) runtime: tokio::runtime::Runtime,
    recoveries: Vec<Recovery>,
    _folders: Vec<TempDir>,
}

impl Fleet {
    /// Nodes that do not know each other.
    pub(crate) fn strangers(seed: u64, names: &[&str]) -> Self {
        Self::in_weather(seed, names, Weather::default(), None)
    }

    fn in_weather(seed: u64, names: &[&str], weather: Weather, config: Option<&Config>) -> Self {
        let clock = ManualClock::new(NOON);
        let mut folders = Vec::new();
        let mut nodes = Vec::new();
        let mut recoveries = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("node");
            let mut chance = SeededRandom::new(seed * 1_000 + at as u64);
            let new = New {
                participant: (*name).to_owned(),
                kind: Kind::Organ,
                organ_of: Some(format!("State of {name}")),
                country: None,
            };
            recoveries.push(Node::create(&path, &new, &clock, &mut chance).unwrap());
            let chance = Box::new(SeededRandom::new(seed * 2_000 + at as u64));
            nodes
                .push(Node::open(&path, config.cloned(), Arc::new(clock.clone()), chance).unwrap());
            folders.push(folder);
        }
        // The wire outlives every task that may still hold it; a test process is short.
        let mesh: &'static Mesh = Box::leak(Box::new(Mesh::new(&nodes, weather, seed)));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        Self {
            clock,
            nodes,
            mesh,
            runtime,
            recoveries,
            _folders: folders,
        }
    }

    /// Nodes each of which is a confirmed peer of every other.
    pub(crate) fn peers(seed: u64, names: &[&str]) -> Self {
        Self::peers_in(seed, names, Weather::default())
    }

    /// The same over a bad wire.
    pub(crate) fn peers_in(seed: u64, names: &[&str], weather: Weather) -> Self {
        Self::peers_with(seed, names, weather, &Config::default())
    }

    /// The same with a configuration.
    pub(crate) fn peers_with(seed: u64, names: &[&str], weather: Weather, config: &Config) -> Self {
        let fleet = Self::in_weather(seed, names, weather, Some(config));
        for who in 0..fleet.nodes.len() {
            let addresses = vec![format!("http://{who}.test/")];
            fleet.make_known(who, addresses);
        }
        fleet
    }

    /// Every other node takes the introduction of `who` and confirms it.
    pub(crate) fn make_known(&self, who: usize, addresses: Vec<String>) {
        let file = self.nodes[who]
            .introduce(addresses, &self.nodes[who].at_terminal("operator"))
            .wait()
            .unwrap()
            .file();
        let words = self.nodes[who].own_words().unwrap().unwrap().in_french();
        for (to, node) in self.nodes.iter().enumerate() {
            if to != who {
                let introduced = node
                    .add_peer(file.as_bytes(), &node.at_terminal("operator"))
                    .unwrap();
                node.confirm_peer(
                    &introduced.participant,
                    &words,
                    &node.at_terminal("operator"),
                )
                .unwrap();
            }
        }
    }

    /// The recovery key of a node.
    pub(crate) fn recovery(&self, at: usize) -> &Recovery {
        &self.recoveries[at]
    }

    /// `to` takes the introduction of `who`, and confirms it by its words.
    pub(crate) fn meet(&self, who: usize, to: usize) {
        let addresses = vec![format!("http://{who}.test/")];
        let file = self.nodes[who]
            .introduce(addresses, &self.nodes[who].at_terminal("operator"))
            .wait()
            .unwrap()
            .file();
        let words = self.nodes[who].own_words().unwrap().unwrap().in_english();
        let introduced = self.nodes[to]
            .add_peer(file.as_bytes(), &self.nodes[to].at_terminal("operator"))
            .unwrap();
        self.nodes[to]
            .confirm_peer(
                &introduced.participant,
                &words,
                &self.nodes[to].at_terminal("operator"),
            )
            .unwrap();
    }

    pub(crate) fn id(&self, at: usize) -> ObjectId {
        self.nodes[at].home().id.clone()
    }

    pub(crate) fn wire(&self, at: usize) -> End<'static> {
        End {
            mesh: self.mesh,
            from: self.id(at),
        }
    }

    /// `who` exchanges with `with`.
    pub(crate) fn sync(&self, who: usize, with: usize) -> anyhow::Result<Synced> {
        let wire = self.wire(who);
        self.runtime
            .block_on(self.nodes[who].sync(&wire, &self.id(with)))
    }

    /// Everybody exchanges with everybody; errors of the wire are part of it.
    pub(crate) fn round(&self) {
        for who in 0..self.nodes.len() {
            for with in 0..self.nodes.len() {
                if who != with {
                    let _ = self.sync(who, with);
                }
            }
        }
    }

    /// A report by `author`, at a version.
    pub(crate) fn report(&self, author: usize, number: u32, version: u32, more: &str) -> String {
        let id = format!("report--00000000-0000-4000-8000-{author:04}{number:08}");
        let home = self.id(author);
        let modified = Timestamp::from_micros(NOON + i64::from(version) * SECOND);
        format!(
            r#"{{"type":"report","spec_version":"2.1","id":"{id}","created_by_ref":"{home}","created":"2026-11-21T12:00:00Z","modified":"{}","name":"{more}","published":"2026-11-21T12:00:00Z","object_refs":["{home}"]{}}}"#,
            modified.as_str(),
            if more.contains("revoked") {
                r#","revoked":true"#
            } else {
                ""
            },
        )
    }

    /// `at` writes objects into its situation collection.
    pub(crate) fn write(&self, at: usize, marking: Marking, objects: &[String]) -> Receipt {
        self.clock.advance(SECOND);
        self.submit(at, Channel::Local, self.id(at), marking, objects)
    }

    pub(crate) fn submit(
        &self,
        at: usize,
        channel: Channel,
        submitter: ObjectId,
        marking: Marking,
        objects: &[String],
    ) -> Receipt {
        let (bytes, objects) = joined(objects);
        let submission = Submission {
            bytes,
            objects,
            channel,
            submitter,
            person: None,
            collection: "situation".to_owned(),
            marking,
        };
        self.nodes[at].accept(submission).unwrap().wait().unwrap()
    }

    pub(crate) fn to(&self, tlp: Tlp, whom: &[usize]) -> Marking {
        Marking {
            tlp: Some(tlp),
            audience: whom
                .iter()
                .map(|at| Member::Participant(self.id(*at)))
                .collect(),
        }
    }

    /// What the participant of `at` sees of the types that people write, on its own node: object and version to bytes.
    pub(crate) fn held(&self, at: usize) -> BTreeMap<(String, String), Vec<u8>> {
        self.seen(at, &self.nodes[at].home_viewer(), Purpose::Show)
    }

    /// What `whom` could take from `at`.
    pub(crate) fn seen(
        &self,
        at: usize,
        viewer: &policy::Viewer,
        purpose: Purpose,
    ) -> BTreeMap<(String, String), Vec<u8>> {
        let node = &self.nodes[at];
        let number = node.collection("situation").unwrap().unwrap().number;
        let query = PageQuery {
            versions: Versions::all(),
            ..PageQuery::of(number, 10_000)
        };
        let page = node.page(viewer, purpose, &query).unwrap().into_inner();
        let mut found = BTreeMap::new();
        for row in page.rows {
            let before = found.insert((row.id.clone(), row.version), row.body);
            assert!(before.is_none(), "{} stands twice", row.id);
        }
        found.retain(|(id, _), _| !id.starts_with("seal--") && !id.starts_with("withdrawal--"));
        found
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.close();
        }
    }
}
