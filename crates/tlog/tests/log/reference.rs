//! What the tests compare with: the definitions of RFC 9162 §2.1 written down as they stand, and tiles in a map.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use tlog::{Hash, Tile, TileId, TileReader, Tree};

/// The recursive definitions over a list of leaf hashes.
pub(crate) struct Definition {
    leaves: Vec<Hash>,
    known: RefCell<HashMap<(usize, usize), Hash>>,
}

impl Definition {
    pub(crate) fn new(leaves: Vec<Hash>) -> Self {
        Self {
            leaves,
            known: RefCell::default(),
        }
    }

    /// MTH(D[low:high])
    pub(crate) fn root(&self, low: usize, high: usize) -> Hash {
        match high - low {
            0 => Hash::empty(),
            1 => self.leaves[low],
            count => {
                if let Some(hash) = self.known.borrow().get(&(low, high)) {
                    return *hash;
                }
                let middle = low + split(count);
                let hash = Hash::node(&self.root(low, middle), &self.root(middle, high));
                self.known.borrow_mut().insert((low, high), hash);
                hash
            }
        }
    }

    /// PATH(m, D[low:high])
    pub(crate) fn path(&self, m: usize, low: usize, high: usize) -> Vec<Hash> {
        if high - low == 1 {
            return Vec::new();
        }
        let middle = low + split(high - low);
        let (mut path, sibling) = if m < middle {
            (self.path(m, low, middle), self.root(middle, high))
        } else {
            (self.path(m, middle, high), self.root(low, middle))
        };
        path.push(sibling);
        path
    }

    /// SUBPROOF(m, D[low:high], known)
    pub(crate) fn subproof(&self, m: usize, low: usize, high: usize, known: bool) -> Vec<Hash> {
        if m == high {
            return if known {
                Vec::new()
            } else {
                vec![self.root(low, high)]
            };
        }
        let middle = low + split(high - low);
        let (mut path, sibling) = if m <= middle {
            (
                self.subproof(m, low, middle, known),
                self.root(middle, high),
            )
        } else {
            (
                self.subproof(m, middle, high, false),
                self.root(low, middle),
            )
        };
        path.push(sibling);
        path
    }
}

fn split(count: usize) -> usize {
    let mut power = 1;
    while power * 2 < count {
        power *= 2;
    }
    power
}

/// Stored tiles.
#[derive(Clone, Default)]
pub(crate) struct Stored(pub(crate) BTreeMap<TileId, Vec<u8>>);

impl Stored {
    pub(crate) fn write(&mut self, tiles: Vec<Tile>) {
        for tile in tiles {
            if let Some(old) = self.0.get(&tile.id) {
                assert!(
                    tile.hashes.starts_with(old),
                    "{} was not extended but changed",
                    tile.id
                );
                assert!(
                    tile.hashes.len() > old.len(),
                    "{} was written for nothing",
                    tile.id
                );
            }
            self.0.insert(tile.id, tile.hashes);
        }
    }
}

impl TileReader for Stored {
    type Error = Infallible;

    fn tile(&self, id: TileId, _: u16) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.0.get(&id).cloned())
    }
}

/// Leaves that differ for every index and `seed`.
pub(crate) fn leaves(seed: u8, count: usize) -> Vec<Hash> {
    (0..count)
        .map(|index| Hash::leaf(&[&[seed][..], &index.to_be_bytes()].concat()))
        .collect()
}

/// A tree of these leaves, appended in batches of this size, and its tiles.
pub(crate) fn grown(leaves: &[Hash], batch: usize) -> (Tree, Stored) {
    let (mut tree, mut stored) = (Tree::new(), Stored::default());
    for batch in leaves.chunks(batch) {
        stored.write(tree.append(batch.iter().copied()));
    }
    (tree, stored)
}
