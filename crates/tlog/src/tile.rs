//! Tiles: rows of up to 256 hashes in which the tree is stored (C2SP tlog-tiles). A full tile never changes;
//! a partial one only grows.

use std::fmt;
use std::str::FromStr;

use crate::Hash;

/// How many levels of the tree one tile spans.
pub(crate) const HEIGHT: u32 = 8;
/// How many hashes a full tile has.
pub(crate) const WIDTH: u16 = 256;

/// Which tile: its level (0 = leaves, then every eighth level of the tree) and its number from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for leaves; the hashes of level L are roots of full subtrees of 256^L leaves. At most 63.
    pub level: u8,
    /// Counted from 0 at the left.
    pub number: u64,
}

/// A tile to write, full or partial; it replaces a stored one of the same id, which is a prefix of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it belongs.
    pub id: TileId,
    /// 1 to 256 hashes of 32 bytes, one after the other.
    pub hashes: Vec<u8>,
}

impl Tile {
    /// How many hashes it has, 1 to 256.
    pub fn width(&self) -> u16 {
        u16::try_from(self.hashes.len() / Hash::LEN).unwrap_or(WIDTH)
    }

    /// Whether it is complete and will never change.
    pub fn is_full(&self) -> bool {
        self.width() == WIDTH
    }

    /// Its path under the log's prefix, e.g. `tile/0/x001/234` or `tile/1/000.p/7`.
    pub fn path(&self) -> String {
        self.id.path(self.width())
    }
}

/// Where stored tiles are read from.
pub trait TileReader {
    /// What can go wrong with the storage itself.
    type Error;

    /// The bytes of a tile, of which the first `width` hashes are needed. A wider one may be returned (the tree has
    /// grown since); what is not there is `None`. Nothing needs to be checked: what proofs are made of is verified
    /// by whoever receives them, and [`audit`](crate::audit) verifies all of it.
    ///
    /// # Errors
    /// When the storage cannot be read.
    fn tile(&self, id: TileId, width: u16) -> Result<Option<Vec<u8>>, Self::Error>;
}

impl<R: TileReader + ?Sized> TileReader for &R {
    type Error = R::Error;

    fn tile(&self, id: TileId, width: u16) -> Result<Option<Vec<u8>>, Self::Error> {
        (**self).tile(id, width)
    }
}

impl TileId {
    /// The path of this tile when it has `width` hashes: 256 is full, less has the suffix `.p/<width>`.
    pub fn path(self, width: u16) -> String {
        let mut groups = vec![format!("{:03}", self.number % 1000)];
        let mut rest = self.number / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let mut path = format!("tile/{}/{}", self.level, groups.join("/"));
        if width < WIDTH {
            path.push_str(&format!(".p/{width}"));
        }
        path
    }

    /// Reads a tile path: the id, and the width (256 when full).
    ///
    /// # Errors
    /// When it is not written exactly as [`TileId::path`] writes it.
    pub fn parse(path: &str) -> Result<(Self, u16), TilePathError> {
        let rest = path.strip_prefix("tile/").ok_or(TilePathError)?;
        let (level, rest) = rest.split_once('/').ok_or(TilePathError)?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| TilePathError)?),
            None => (rest, WIDTH),
        };
        let level = level.parse().map_err(|_| TilePathError)?;
        let number = number.split('/').try_fold(0u64, |sum, group| {
            let digits: u64 = group
                .strip_prefix('x')
                .unwrap_or(group)
                .parse()
                .map_err(|_| TilePathError)?;
            sum.checked_mul(1000)
                .and_then(|sum| sum.checked_add(digits))
                .ok_or(TilePathError)
        })?;
        let id = Self { level, number };
        // There is one spelling of a path: signs, spaces, missing or extra zeros do not come back equal.
        if level > 63 || width == 0 || id.path(width) != path {
            return Err(TilePathError);
        }
        Ok((id, width))
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path(WIDTH))
    }
}

/// The text is not a tile path as C2SP tlog-tiles writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path such as tile/0/x001/234 or tile/0/000.p/7")]
pub struct TilePathError;

impl FromStr for TileId {
    type Err = TilePathError;

    fn from_str(path: &str) -> Result<Self, TilePathError> {
        Self::parse(path).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_and_read_as_the_specification_has_them() {
        let cases = [
            (0, 0, 256, "tile/0/000"),
            (0, 0, 1, "tile/0/000.p/1"),
            (3, 1_234_067, 256, "tile/3/x001/x234/067"),
            (0, 1_000, 255, "tile/0/x001/000.p/255"),
            (63, 999, 256, "tile/63/999"),
            (1, u64::MAX, 256, "tile/1/x018/x446/x744/x073/x709/x551/615"),
        ];
        for (level, number, width, path) in cases {
            let id = TileId { level, number };
            assert_eq!(id.path(width), path);
            assert_eq!(TileId::parse(path), Ok((id, width)), "{path}");
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for path in [
            "",
            "tile/0",
            "tile/0/0",
            "tile/00/000",
            "tile/64/000",
            "tile/+1/000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/257",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
        ] {
            assert_eq!(TileId::parse(path), Err(TilePathError), "{path}");
        }
    }
}
