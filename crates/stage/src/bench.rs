//! A node for tests, with a clock that they turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use desk::Piece;
use node::chance::SystemRandom;
use node::clock::Clock;
use node::submission::Marking;
use node::{Channel, Kind, New, Node, Submission};
use site::Desk;
use stix::marking::TlpName;
use tempfile::TempDir;

/// When every test begins, in microseconds: 18 November 2026.
const START: i64 = 1_795_000_000_000_000;

struct Turned(AtomicI64);

impl Clock for Turned {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A node of an invented participant, in a folder that goes with it.
pub struct Bench {
    /// The node.
    pub node: Node,
    clock: Arc<Turned>,
    folder: TempDir,
}

impl Bench {
    /// The node of a ministry, which knows a desk.
    pub fn new(desk: &dyn Desk) -> Self {
        let ministry = "Ministry of Foreign Affairs of Valmora";
        Self::of(desk, ministry, Some("Valmora"))
    }

    /// The node of a participant: a State, or an organ of one.
    pub fn of(desk: &dyn Desk, participant: &str, organ_of: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("node");
        let clock = Arc::new(Turned(AtomicI64::new(START)));
        let new = New {
            participant: participant.into(),
            kind: organ_of.map_or(Kind::State, |_| Kind::Organ),
            organ_of: organ_of.map(Into::into),
            country: None,
        };
        let mut chance = SystemRandom::new().unwrap();
        Node::create(&root, &new, clock.as_ref(), &mut chance).unwrap();
        let node = Node::open(&root, None, clock.clone(), Box::new(chance)).unwrap();
        desk.declare(&node);
        Self {
            node,
            clock,
            folder,
        }
    }

    /// Whether these letters lie in any file of the node, whoever could read it.
    pub fn holds(&self, letters: &str) -> bool {
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else if let Ok(bytes) = std::fs::read(entry.path()) {
                    let mut at = bytes.windows(letters.len());
                    if at.any(|own| own == letters.as_bytes()) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// A record comes in as an import brings it, which says itself under which TLP it is.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn imported<T: desk::Kind>(&self, desk: &str, piece: &Piece<T>, tlp: TlpName) {
        let text = piece.write(&[tlp.id().to_owned()]).unwrap();
        let submission = Submission {
            objects: std::iter::once(0..text.len()).collect(),
            bytes: text.into(),
            channel: Channel::Import,
            submitter: self.node.home().id.clone(),
            person: None,
            collection: desk.to_owned(),
            marking: Marking::default(),
        };
        let receipt = self.node.accept(submission).unwrap().await.unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    }

    /// Seconds pass.
    pub fn later(&self, seconds: i64) {
        self.clock
            .0
            .fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}
