//! Several nodes in one process, with one clock that stands still and chance from a seed.

use std::sync::Arc;

use node::chance::SeededRandom;
use node::clock::{ManualClock, SECOND};
use node::{Kind, New, Node};
use stix::ObjectId;
use tempfile::TempDir;

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_262_400 * SECOND;

/// Nodes by the names of their participants.
pub(crate) struct Fleet {
    pub(crate) clock: ManualClock,
    pub(crate) nodes: Vec<Node>,
    _folders: Vec<TempDir>,
}

impl Fleet {
    /// Nodes that do not know each other.
    pub(crate) fn strangers(seed: u64, names: &[&str]) -> Self {
        let clock = ManualClock::new(NOON);
        let mut folders = Vec::new();
        let mut nodes = Vec::new();
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
            Node::create(&path, &new, &clock, &mut chance).unwrap();
            let chance = Box::new(SeededRandom::new(seed * 2_000 + at as u64));
            nodes.push(Node::open(&path, None, Arc::new(clock.clone()), chance).unwrap());
            folders.push(folder);
        }
        Self {
            clock,
            nodes,
            _folders: folders,
        }
    }

    /// Nodes each of which is a confirmed peer of every other.
    pub(crate) fn peers(seed: u64, names: &[&str]) -> Self {
        let fleet = Self::strangers(seed, names);
        for one in 0..fleet.nodes.len() {
            for other in 0..fleet.nodes.len() {
                if one != other {
                    fleet.introduce(one, other);
                }
            }
        }
        fleet
    }

    /// `to` takes the introduction of `who` and confirms it.
    pub(crate) fn introduce(&self, who: usize, to: usize) {
        let file = self.nodes[who].introduce(vec![format!("http://{who}.test/")]);
        let file = file.wait().unwrap();
        let introduced = self.nodes[to].add_peer(file.file().as_bytes()).unwrap();
        let heard = self.nodes[who].own_words().unwrap().unwrap().in_french();
        self.nodes[to]
            .confirm_peer(&introduced.participant, &heard)
            .unwrap();
    }

    pub(crate) fn id(&self, at: usize) -> ObjectId {
        self.nodes[at].home().id.clone()
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.close();
        }
    }
}
