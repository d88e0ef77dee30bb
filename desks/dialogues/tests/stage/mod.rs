//! A node for the tests of the desk, with a clock that they turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use dialogues::register::{Register, declare};
use node::chance::SystemRandom;
use node::clock::Clock;
use node::{Kind, New, Node};
use policy::Purpose;
use tempfile::TempDir;

const START: i64 = 1_795_000_000_000_000;

struct Turned(AtomicI64);

impl Clock for Turned {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A node of an invented ministry.
pub(crate) struct Bench {
    pub(crate) node: Node,
    clock: Arc<Turned>,
    _folder: TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::of("Ministry of Foreign Affairs of Valmora", Some("Valmora"))
    }

    /// The node of a participant.
    pub(crate) fn of(participant: &str, organ_of: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("node");
        let clock = Arc::new(Turned(AtomicI64::new(START)));
        let new = New {
            participant: participant.into(),
            kind: organ_of.map_or(Kind::State, |_| Kind::Organ),
            organ_of: organ_of.map(Into::into),
            country: None,
        };
        Node::create(
            &root,
            &new,
            clock.as_ref(),
            &mut SystemRandom::new().unwrap(),
        )
        .unwrap();
        let node = Node::open(
            &root,
            None,
            clock.clone(),
            Box::new(SystemRandom::new().unwrap()),
        )
        .unwrap();
        declare(&node);
        Self {
            node,
            clock,
            _folder: folder,
        }
    }

    pub(crate) fn register(&self) -> Register<'_> {
        Register::new(&self.node, self.node.home_viewer(), Purpose::Show)
    }

    /// Seconds pass.
    pub(crate) fn later(&self, seconds: i64) {
        self.clock
            .0
            .fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}
