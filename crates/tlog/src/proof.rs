//! Inclusion and consistency proofs: made from stored tiles, verified exactly as RFC 9162 §2.1.3 and §2.1.4 say.
//! Making trusts the tiles; verifying trusts nothing but the roots.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::Hash;
use crate::tile::{HEIGHT, TileId, TileReader};
use crate::tree::peaks;

/// That a leaf is in a tree (RFC 9162 §2.1.3).
pub mod inclusion {
    use super::{Hash, ProofError, ReadError, Source, TileReader};

    /// The path from the leaf `index` to the root of the first `size` leaves.
    ///
    /// # Errors
    /// When `index` is not below `size`, or the tiles do not hold that much.
    pub fn prove<R: TileReader>(
        tiles: R,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>, ReadError<R::Error>> {
        if index >= size {
            return Err(ReadError::OutOfRange);
        }
        let source = Source::new(tiles);
        let (mut low, mut high) = (0, size);
        let mut path = Vec::new();
        while high - low > 1 {
            let middle = low + super::split(high - low);
            if index < middle {
                path.push(source.range(middle, high)?);
                high = middle;
            } else {
                path.push(source.range(low, middle)?);
                low = middle;
            }
        }
        path.reverse();
        Ok(path)
    }

    /// Checks that `leaf` is the leaf `index` of the tree of `size` leaves with this `root` (§2.1.3.2).
    ///
    /// # Errors
    /// Says what does not fit; any change of any argument ends here.
    pub fn verify(
        leaf: &Hash,
        index: u64,
        size: u64,
        path: &[Hash],
        root: &Hash,
    ) -> Result<(), ProofError> {
        let (found, _) = roots(leaf, index, size, path)?;
        if found == *root {
            Ok(())
        } else {
            Err(ProofError::RootDiffers)
        }
    }

    /// The root of the tree that the path leads to, and the root that the first `index + 1` leaves of the same tree
    /// have: the left siblings of a path are all that is left of it.
    pub(crate) fn roots(
        leaf: &Hash,
        index: u64,
        size: u64,
        path: &[Hash],
    ) -> Result<(Hash, Hash), ProofError> {
        if index >= size {
            return Err(ProofError::OutOfRange);
        }
        let (mut node, mut last) = (index, size - 1);
        let (mut whole, mut prefix) = (*leaf, *leaf);
        for sibling in path {
            if last == 0 {
                return Err(ProofError::PathTooLong);
            }
            if node & 1 == 1 || node == last {
                whole = Hash::node(sibling, &whole);
                prefix = Hash::node(sibling, &prefix);
                while node & 1 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                whole = Hash::node(&whole, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(ProofError::PathTooShort);
        }
        Ok((whole, prefix))
    }
}

/// That a tree only grew (RFC 9162 §2.1.4).
pub mod consistency {
    use super::{Hash, ProofError, ReadError, Source, TileReader};

    /// The proof that the first `old` leaves are the beginning of the first `new` ones. Empty when `old` is 0 or `new`.
    ///
    /// # Errors
    /// When `old` is above `new`, or the tiles do not hold that much.
    pub fn prove<R: TileReader>(
        tiles: R,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>, ReadError<R::Error>> {
        if old > new {
            return Err(ReadError::OutOfRange);
        }
        let mut path = Vec::new();
        if old == 0 {
            return Ok(path);
        }
        let source = Source::new(tiles);
        let (mut low, mut high) = (0, new);
        while old != high {
            let middle = low + super::split(high - low);
            if old <= middle {
                path.push(source.range(middle, high)?);
                high = middle;
            } else {
                path.push(source.range(low, middle)?);
                low = middle;
            }
        }
        // As long as only right halves were cut off, the verifier has this hash: it is the old root.
        if low != 0 {
            path.push(source.range(low, high)?);
        }
        path.reverse();
        Ok(path)
    }

    /// Checks that a tree of `old` leaves with `old_root` grew into one of `new` leaves with `new_root` (§2.1.4.2).
    /// The empty tree is the beginning of every tree: its proof is empty (C2SP tlog-witness).
    ///
    /// # Errors
    /// [`ProofError::OldRootDiffers`] alone means that the path belongs to the new root and shows another past: such a
    /// path is [evidence](crate::Evidence::Consistency). Other errors show only that there is no proof.
    pub fn verify(
        old: u64,
        old_root: &Hash,
        new: u64,
        new_root: &Hash,
        path: &[Hash],
    ) -> Result<(), ProofError> {
        let (old_found, new_found) = roots(old, old_root, new, new_root, path)?;
        if new_found != *new_root {
            Err(ProofError::RootDiffers)
        } else if old_found != *old_root {
            Err(ProofError::OldRootDiffers)
        } else {
            Ok(())
        }
    }

    /// The old and the new root that the path leads to.
    pub(crate) fn roots(
        old: u64,
        old_root: &Hash,
        new: u64,
        new_root: &Hash,
        path: &[Hash],
    ) -> Result<(Hash, Hash), ProofError> {
        if old > new {
            return Err(ProofError::OutOfRange);
        }
        if old == 0 || old == new {
            let old_expected = if old == 0 { Hash::empty() } else { *new_root };
            return match path {
                [] => Ok((old_expected, *new_root)),
                _ => Err(ProofError::PathTooLong),
            };
        }
        // A tree of a power of two leaves is a node of the new tree: its root begins the path, unwritten.
        let (first, rest) = if old.is_power_of_two() {
            (old_root, path)
        } else {
            path.split_first().ok_or(ProofError::PathTooShort)?
        };
        let shift = (old - 1).trailing_ones();
        let (mut node, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
        let (mut old_found, mut new_found) = (*first, *first);
        for sibling in rest {
            if last == 0 {
                return Err(ProofError::PathTooLong);
            }
            if node & 1 == 1 || node == last {
                old_found = Hash::node(sibling, &old_found);
                new_found = Hash::node(sibling, &new_found);
                while node & 1 == 0 && node != 0 {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                new_found = Hash::node(&new_found, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(ProofError::PathTooShort);
        }
        Ok((old_found, new_found))
    }
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is not below the size, or the old size is above the new one: the question was wrong.
    #[error("the leaf or the older size lies beyond the tree")]
    OutOfRange,
    /// The path is shorter than the sizes demand: it was cut, or made for other sizes.
    #[error("the proof is too short for these sizes")]
    PathTooShort,
    /// The path is longer than the sizes demand: it was padded, or made for other sizes.
    #[error("the proof is too long for these sizes")]
    PathTooLong,
    /// The path does not lead to the root: the leaf, its index, the path or the root is another one.
    #[error("the proof does not lead to the root of the tree")]
    RootDiffers,
    /// The path leads to the new root, and shows that the older tree was not its beginning.
    #[error("the log's past was rewritten: its new tree does not begin with the older one")]
    OldRootDiffers,
}

/// Why tiles did not give what was asked of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The storage failed.
    #[error("the tiles cannot be read")]
    Storage(#[source] E),
    /// A tile is not there, or has fewer hashes than the size of the tree demands: the log was truncated.
    #[error("{0} is missing or too short")]
    Missing(TileId),
    /// More was asked than the tree has.
    #[error("the leaf or size lies beyond the tree")]
    OutOfRange,
}

/// Hashes of any perfect subtree, out of tiles. Keeps the tiles of one proof.
pub(crate) struct Source<R> {
    tiles: R,
    read: RefCell<HashMap<TileId, Vec<u8>>>,
}

impl<R: TileReader> Source<R> {
    pub(crate) fn new(tiles: R) -> Self {
        Self {
            tiles,
            read: RefCell::default(),
        }
    }

    /// Exactly the first `width` hashes of a tile.
    pub(crate) fn hashes(&self, id: TileId, width: u16) -> Result<Vec<u8>, ReadError<R::Error>> {
        self.slice(id, 0, width)
    }

    fn slice(&self, id: TileId, start: u16, end: u16) -> Result<Vec<u8>, ReadError<R::Error>> {
        let bytes = usize::from(start) * Hash::LEN..usize::from(end) * Hash::LEN;
        let mut read = self.read.borrow_mut();
        if let Some(found) = read.get(&id).and_then(|tile| tile.get(bytes.clone())) {
            return Ok(found.to_vec());
        }
        let tile = self.tiles.tile(id, end).map_err(ReadError::Storage)?;
        let tile = tile.ok_or(ReadError::Missing(id))?;
        let found = tile.get(bytes).ok_or(ReadError::Missing(id))?.to_vec();
        read.insert(id, tile);
        Ok(found)
    }

    /// The root of the perfect subtree of this height, counted from the left.
    pub(crate) fn node(&self, height: u32, number: u64) -> Result<Hash, ReadError<R::Error>> {
        let inner = height % HEIGHT;
        let first = number << inner;
        let id = TileId {
            level: u8::try_from(height / HEIGHT).unwrap_or(u8::MAX),
            number: first >> HEIGHT,
        };
        let start = u16::try_from(first & 0xff).unwrap_or_default();
        let bytes = self.slice(id, start, start + (1 << inner))?;
        let mut hashes: Vec<Hash> = bytes
            .chunks_exact(Hash::LEN)
            .filter_map(Hash::from_slice)
            .collect();
        while hashes.len() > 1 {
            hashes = hashes
                .chunks_exact(2)
                .filter_map(|pair| match pair {
                    [left, right] => Some(Hash::node(left, right)),
                    _ => None,
                })
                .collect();
        }
        hashes.first().copied().ok_or(ReadError::Missing(id))
    }

    /// The root of the leaves from `low` to before `high`, where `low` begins a subtree at least that large.
    fn range(&self, low: u64, high: u64) -> Result<Hash, ReadError<R::Error>> {
        let nodes = peaks(high - low)
            .map(|(height, number)| self.node(height, (low >> height) + number))
            .collect::<Result<Vec<_>, _>>()?;
        nodes
            .into_iter()
            .rev()
            .reduce(|right, left| Hash::node(&left, &right))
            .ok_or(ReadError::OutOfRange)
    }
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}
