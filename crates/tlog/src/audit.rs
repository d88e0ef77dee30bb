//! Recomputes a whole tree from its records and compares it with every stored tile and the root.
//! Reads each tile once, in order, and keeps one tile per level in memory.

use std::fmt;

use crate::proof::ReadError;
use crate::tile::{Tile, TileId, TileReader, WIDTH};
use crate::{Hash, Tree};

/// What is left of a record that was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Content and salt are there and give this leaf ([`record_leaf`](crate::record_leaf)).
    Kept(Hash),
    /// Content and salt were erased: the leaf that the tiles hold stands for it.
    Erased,
}

/// One thing that is not as it was when the head was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// The record or the salt at this index no longer gives its leaf; the tree around it is whole.
    Record {
        /// Its index in the log.
        index: u64,
    },
    /// A hash in a stored tile is not what lies below it gives.
    Tile {
        /// The tile.
        id: TileId,
        /// Which of its hashes, from 0.
        offset: u16,
    },
    /// The leaf of one of the erased records of this tile was changed; which one can no longer be told.
    ErasedLeaf {
        /// A tile of level 0.
        id: TileId,
    },
    /// A tile is missing or too short.
    Missing {
        /// The tile.
        id: TileId,
    },
    /// There are fewer or more records than leaves.
    Count {
        /// How many records were found; counting ends one after the size.
        found: u64,
    },
    /// The tree that the records give is not the tree of the head.
    Root {
        /// What they give.
        found: Hash,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record { index } => write!(out, "record {index}: content or salt was changed"),
            Self::Tile { id, offset } => write!(out, "{id}: hash {offset} was changed"),
            Self::ErasedLeaf { id } => {
                write!(out, "{id}: the leaf of an erased record was changed")
            }
            Self::Missing { id } => write!(out, "{id}: missing or too short"),
            Self::Count { found } => write!(out, "{found} records, not one per leaf"),
            Self::Root { found } => {
                write!(out, "the records give the root {found}, not the signed one")
            }
        }
    }
}

/// What a recomputation found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// How many leaves were recomputed.
    pub leaves: u64,
    /// What is wrong, in the order of the log; empty when nothing is. At most [`Audit::MOST`], and count and root.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// A damaged disk needs no longer list than this.
    pub const MOST: usize = 1000;

    /// Whether the log is as it was signed.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Recomputes the tree of `size` leaves with this `root` from `entries`, one per leaf in order, against all stored tiles.
///
/// Time is some 3 SHA-256 blocks per leaf; memory does not depend on the size. An entry that cannot be read is given as
/// what it is to the tree: `Kept` with any other hash.
///
/// # Errors
/// Only when the storage of tiles fails; everything else is a finding.
pub fn audit<R: TileReader>(
    size: u64,
    root: &Hash,
    tiles: R,
    entries: impl IntoIterator<Item = Entry>,
) -> Result<Audit, ReadError<R::Error>> {
    let mut run = Run {
        tiles,
        tree: Tree::new(),
        findings: Vec::new(),
        suspects: Vec::new(),
        root: *root,
    };
    let mut entries = entries.into_iter();
    let mut chunk = Vec::with_capacity(usize::from(WIDTH));
    let mut rest = size;
    while rest > 0 {
        let width = rest.min(u64::from(WIDTH)) as usize;
        chunk.clear();
        chunk.extend(entries.by_ref().take(width));
        if chunk.is_empty() {
            break;
        }
        run.leaves(&chunk, rest <= u64::from(WIDTH))?;
        if chunk.len() < width {
            break;
        }
        rest -= width as u64;
    }
    let found = run.tree.size() + u64::from(entries.next().is_some());
    run.finish(size, found)
}

struct Run<R> {
    tiles: R,
    tree: Tree,
    findings: Vec<Finding>,
    /// Tiles whose erased leaves may have been changed: it is so if the root differs in the end.
    suspects: Vec<TileId>,
    root: Hash,
}

impl<R: TileReader> Run<R> {
    /// One tile of leaves: decides for those that differ from the stored ones which of the two was changed.
    fn leaves(&mut self, chunk: &[Entry], last: bool) -> Result<(), ReadError<R::Error>> {
        let id = TileId {
            level: 0,
            number: self.tree.size() / u64::from(WIDTH),
        };
        let stored = self.stored(id, chunk.len())?;
        if stored.len() < chunk.len() {
            self.find(Finding::Missing { id });
        }
        let mut own = Vec::with_capacity(chunk.len());
        let mut theirs = Vec::with_capacity(chunk.len());
        let mut differ = Vec::new();
        for (offset, entry) in (0..WIDTH).zip(chunk) {
            let tile = stored.get(usize::from(offset)).copied();
            let leaf = match entry {
                Entry::Kept(leaf) => *leaf,
                Entry::Erased => tile.unwrap_or_else(Hash::empty),
            };
            if tile.is_some_and(|tile| tile != leaf) {
                differ.push(offset);
            }
            own.push(leaf);
            theirs.push(tile.unwrap_or(leaf));
        }
        let mut chosen = own;
        if differ.is_empty() {
            // The last, partial tile is measured by the root alone, which an earlier suspect may have changed.
            let judged = chunk.len() == usize::from(WIDTH) || self.suspects.is_empty();
            let erased = chunk.contains(&Entry::Erased);
            if judged && erased && !self.fits(id.number, &chosen, last)? {
                self.suspects.push(id);
            }
        } else if self.fits(id.number, &chosen, last)? {
            for offset in differ {
                self.find(Finding::Tile { id, offset });
            }
        } else {
            for offset in differ {
                let index = id.number * u64::from(WIDTH) + u64::from(offset);
                self.find(Finding::Record { index });
            }
            chosen = theirs;
        }
        for tile in self.tree.append(chosen) {
            if tile.id.level > 0 && tile.is_full() {
                self.compare(&tile)?;
            }
        }
        Ok(())
    }

    /// Whether these leaves are what the rest of the stored tree, or else the root, has in their place.
    fn fits(&self, number: u64, leaves: &[Hash], last: bool) -> Result<bool, ReadError<R::Error>> {
        let mut alone = Tree::new();
        alone.append(leaves.iter().copied());
        if alone.size() == u64::from(WIDTH) {
            let above = TileId {
                level: 1,
                number: number / u64::from(WIDTH),
            };
            let offset = (number % u64::from(WIDTH)) as usize;
            let stored = self.stored(above, offset + 1)?;
            return Ok(stored.get(offset) == Some(&alone.root()));
        }
        let mut whole = self.tree.clone();
        whole.append(leaves.iter().copied());
        Ok(last && whole.root() == self.root)
    }

    fn stored(&self, id: TileId, width: usize) -> Result<Vec<Hash>, ReadError<R::Error>> {
        let asked = u16::try_from(width).unwrap_or(WIDTH);
        let bytes = self.tiles.tile(id, asked).map_err(ReadError::Storage)?;
        Ok(bytes
            .unwrap_or_default()
            .chunks_exact(Hash::LEN)
            .take(width)
            .filter_map(Hash::from_slice)
            .collect())
    }

    fn compare(&mut self, tile: &Tile) -> Result<(), ReadError<R::Error>> {
        let id = tile.id;
        let stored = self.stored(id, usize::from(tile.width()))?;
        if stored.len() < usize::from(tile.width()) {
            self.find(Finding::Missing { id });
        }
        let computed = tile.hashes.chunks_exact(Hash::LEN);
        for ((offset, computed), stored) in (0..WIDTH).zip(computed).zip(&stored) {
            if computed != stored.as_bytes() {
                self.find(Finding::Tile { id, offset });
            }
        }
        Ok(())
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < Audit::MOST {
            self.findings.push(finding);
        }
    }

    fn finish(mut self, size: u64, found: u64) -> Result<Audit, ReadError<R::Error>> {
        let leaves = self.tree.size();
        if found != size {
            self.findings.push(Finding::Count { found });
        }
        if leaves == size {
            let edge: Vec<Tile> = self.tree.edge_tiles().collect();
            for tile in edge.iter().filter(|tile| tile.id.level > 0) {
                self.compare(tile)?;
            }
            let found = self.tree.root();
            if found != self.root {
                self.blame_erased();
                self.findings.push(Finding::Root { found });
            }
        }
        self.findings.sort_by_key(|finding| match finding {
            Finding::Root { .. } => 1,
            _ => 0,
        });
        Ok(Audit {
            leaves,
            findings: self.findings,
        })
    }

    /// An erased leaf that was changed made the hashes above it differ: it is the one to name.
    fn blame_erased(&mut self) {
        for suspect in std::mem::take(&mut self.suspects) {
            self.findings.retain(|finding| match finding {
                Finding::Tile { id, offset } if id.level > 0 => {
                    let above = suspect.number >> (8 * (u32::from(id.level) - 1));
                    (id.number, u64::from(*offset)) != (above >> 8, above & 0xff)
                }
                _ => true,
            });
            self.find(Finding::ErasedLeaf { id: suspect });
        }
    }
}
