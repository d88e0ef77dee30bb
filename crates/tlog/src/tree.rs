//! The right edge of the tree: all that must be in memory to append and to know the root. Its size is at most
//! 255 hashes per level of tiles, whatever the number of leaves.

use std::num::NonZeroU64;

use crate::Hash;
use crate::proof::{ReadError, Source};
use crate::tile::{HEIGHT, Tile, TileId, TileReader, WIDTH};

/// A growing tree. It is cheap to clone: append to a clone, and keep it once the tiles are durable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the perfect subtrees that make up the tree, the largest first: one per bit set in `size`.
    peaks: Vec<Hash>,
    /// Per level of tiles, the hashes of the tile that is not full.
    edge: Vec<Vec<u8>>,
}

impl Tree {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The right edge of a stored tree of `size` leaves, read from its tiles.
    ///
    /// It is as good as the tiles: compare [`Tree::root`] with the last checkpoint before going on.
    ///
    /// # Errors
    /// When a tile is missing or short, or the storage fails.
    pub fn load<R: TileReader>(size: u64, tiles: R) -> Result<Self, ReadError<R::Error>> {
        let source = Source::new(tiles);
        let mut edge = Vec::new();
        let mut count = size;
        while count > 0 {
            let width = count % u64::from(WIDTH);
            let id = TileId {
                level: u8::try_from(edge.len()).unwrap_or(u8::MAX),
                number: count >> HEIGHT,
            };
            edge.push(match width {
                0 => Vec::new(),
                _ => source.hashes(id, u16::try_from(width).unwrap_or(WIDTH))?,
            });
            count >>= HEIGHT;
        }
        let peaks = peaks(size)
            .map(|(level, number)| source.node(level, number))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, peaks, edge })
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash (RFC 9162 §2.1.1).
    pub fn root(&self) -> Hash {
        self.peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| Hash::node(&left, &right))
            .unwrap_or_else(Hash::empty)
    }

    /// Appends leaves and returns the tiles to write, lower levels first: those that became full, and on each level
    /// that changed the partial one. Each id occurs once.
    pub fn append(&mut self, leaves: impl IntoIterator<Item = Hash>) -> Vec<Tile> {
        let mut tiles = Vec::new();
        let mut touched = vec![false; self.edge.len()];
        for leaf in leaves {
            self.push(leaf, &mut tiles, &mut touched);
        }
        tiles.extend(self.edge_tiles().filter(|tile| {
            let touched = touched.get(usize::from(tile.id.level));
            touched.copied().unwrap_or(false)
        }));
        tiles.sort_by_key(|tile| tile.id);
        tiles
    }

    /// The tiles that are not full, lower levels first.
    pub fn edge_tiles(&self) -> impl Iterator<Item = Tile> + '_ {
        let edge = self.edge.iter().enumerate();
        edge.filter(|(_, hashes)| !hashes.is_empty())
            .map(|(level, hashes)| Tile {
                id: self.edge_id(level),
                hashes: hashes.clone(),
            })
    }

    fn push(&mut self, leaf: Hash, full: &mut Vec<Tile>, touched: &mut Vec<bool>) {
        let mut hash = leaf;
        let mut height = 0;
        loop {
            if height % HEIGHT == 0 {
                self.place((height / HEIGHT) as usize, &hash, full, touched);
            }
            // Each bit set in the old size, from the lowest up, is a peak that the new leaf completes.
            if self.size >> height & 1 == 0 {
                break;
            }
            if let Some(left) = self.peaks.pop() {
                hash = Hash::node(&left, &hash);
            }
            height += 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// Puts a hash on the edge of a level of tiles; a tile that becomes full is handed out.
    fn place(&mut self, level: usize, hash: &Hash, full: &mut Vec<Tile>, touched: &mut Vec<bool>) {
        let id = self.edge_id(level);
        if self.edge.len() <= level {
            self.edge.resize(level + 1, Vec::new());
        }
        touched.resize(self.edge.len(), false);
        if let (Some(hashes), Some(touched)) = (self.edge.get_mut(level), touched.get_mut(level)) {
            *touched = true;
            hashes.extend_from_slice(hash.as_bytes());
            if hashes.len() == usize::from(WIDTH) * Hash::LEN {
                full.push(Tile {
                    id,
                    hashes: std::mem::take(hashes),
                });
            }
        }
    }

    fn edge_id(&self, level: usize) -> TileId {
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        let shift = HEIGHT * (u32::from(level) + 1);
        TileId {
            level,
            number: self.size.checked_shr(shift).unwrap_or(0),
        }
    }
}

/// The perfect subtrees that make up a tree of this size, the largest (leftmost) first, as (height, number).
pub(crate) fn peaks(size: u64) -> impl Iterator<Item = (u32, u64)> {
    let mut rest = size;
    std::iter::from_fn(move || {
        let height = NonZeroU64::new(rest)?.ilog2();
        let left = (size ^ rest) >> height;
        rest ^= 1 << height;
        Some((height, left))
    })
}
