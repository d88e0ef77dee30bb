//! A new node in a temporary folder, for measurements.

use std::sync::Arc;

use node::chance::SeededRandom;
use node::clock::Clock;
use node::{Kind, New, Node};
use tempfile::TempDir;

/// Makes one that goes by a clock. It is gone with the folder.
pub(crate) fn node(clock: impl Clock + 'static) -> anyhow::Result<(Node, TempDir)> {
    let dir = tempfile::tempdir()?;
    let root = dir.path().join("n");
    let mut chance = SeededRandom::new(1);
    let new = New {
        participant: "Ministry of Valmora".into(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &clock, &mut chance)?;
    let node = Node::open(&root, None, Arc::new(clock), Box::new(chance))?;
    Ok((node, dir))
}
