//! The demo's folder: its mark, what it remembers from one start to the next, and starting over.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use node::folder::Folder;
use serde::{Deserialize, Serialize};

/// The mark by which the demo knows its own folder.
const MARK: &str = "entente-demo.json";
/// The first port that is tried.
const FIRST_PORT: u16 = 7117;

/// What the demo remembers.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// Why this file is here.
    about: String,
    /// The port of each node.
    pub(crate) ports: Vec<u16>,
    /// Whether the nodes have been introduced and everything was loaded.
    pub(crate) loaded: bool,
}

/// The demo's folder.
pub(crate) struct Place {
    root: PathBuf,
    pub(crate) memory: Memory,
}

impl Place {
    /// Opens the folder or makes it; with `fresh`, or if it was left half made, empties it first. Refuses any other folder.
    pub(crate) fn open(root: &Path, fresh: bool) -> Result<Self> {
        let mark = root.join(MARK);
        let empty = match fs::read_dir(root) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", root.display()));
            }
        };
        ensure!(
            empty || mark.is_file(),
            "{} is no demo's folder; nothing was touched. Name another, which the demo will make",
            root.display()
        );
        let mut memory = match fs::read(&mark) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_default(),
            Err(_) => Memory::default(),
        };
        if (fresh || !memory.loaded) && !empty {
            nobody_has_a_node_open(root)?;
            let ports = std::mem::take(&mut memory.ports);
            fs::remove_dir_all(root)
                .with_context(|| format!("{} could not be emptied", root.display()))?;
            memory = Memory {
                ports,
                ..Memory::default()
            };
        }
        fs::create_dir_all(root)
            .with_context(|| format!("{} could not be made", root.display()))?;
        memory.about =
            "The folder of `entente demo`. `entente demo --fresh` empties it.".to_owned();
        let place = Self {
            root: root.to_owned(),
            memory,
        };
        place.remember()?;
        Ok(place)
    }

    /// The folder of one node.
    pub(crate) fn node(&self, key: &str) -> PathBuf {
        self.root.join(key)
    }

    /// Writes down what is remembered.
    pub(crate) fn remember(&self) -> Result<()> {
        let text = serde_json::to_vec_pretty(&self.memory)?;
        fs::write(self.root.join(MARK), text)
            .with_context(|| format!("{} cannot be written", self.root.display()))
    }

    /// A free port for each node: the one it had, else the next free one; says whether any has changed.
    pub(crate) fn ports<const N: usize>(&mut self) -> Result<bool> {
        let before = self.memory.ports.clone();
        let mut held: Vec<TcpListener> = Vec::new();
        let mut ports = Vec::new();
        for place in 0..N {
            let wanted = before.get(place).copied();
            let others: Vec<u16> = before
                .iter()
                .copied()
                .filter(|port| Some(*port) != wanted)
                .collect();
            let next = (FIRST_PORT..u16::MAX).filter(|port| !others.contains(port));
            let found = wanted.into_iter().chain(next).find_map(|port| {
                TcpListener::bind(address(port))
                    .ok()
                    .map(|held| (port, held))
            });
            let (port, listener) = found.context("no port is free on this machine")?;
            held.push(listener);
            ports.push(port);
        }
        let changed = !before.is_empty() && before != ports;
        self.memory.ports = ports;
        self.remember()?;
        Ok(changed)
    }
}

/// Refuses while a node of this folder is served, by another demo or by hand: nothing is emptied under a process that goes on.
fn nobody_has_a_node_open(root: &Path) -> Result<()> {
    for entry in fs::read_dir(root)? {
        if let Ok(node) = Folder::open(&entry?.path()) {
            node.hold()?;
        }
    }
    Ok(())
}

/// A port of this machine, reachable from itself only.
pub(crate) fn address(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_folder_is_emptied() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("demo");
        let mut place = Place::open(&root, false).unwrap();
        fs::create_dir(place.node("valmora")).unwrap();
        place.memory.loaded = true;
        place.remember().unwrap();
        assert!(Place::open(&root, false).unwrap().node("valmora").exists());

        fs::write(place.node("valmora").join("config.toml"), "").unwrap();
        let held = Folder::open(&place.node("valmora"))
            .unwrap()
            .hold()
            .unwrap();
        let refused = Place::open(&root, true).err().unwrap().to_string();
        assert!(refused.contains("another process has"), "{refused}");
        assert!(place.node("valmora").exists());
        drop(held);
        assert!(!Place::open(&root, true).unwrap().node("valmora").exists());

        let other = folder.path().join("other");
        fs::create_dir(&other).unwrap();
        fs::write(other.join("thesis.txt"), "years of work").unwrap();
        assert!(Place::open(&other, true).is_err());
        assert!(other.join("thesis.txt").exists());
    }
}
