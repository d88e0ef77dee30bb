//! Finds a key that occurs twice in one object, escapes undone. Invariant: n keys cost O(n log n) comparisons, whoever chose them.

use crate::scan::{Text, unescape};

/// Up to this many keys are compared pair by pair, by their hashes.
const FEW: usize = 24;
/// Marks a key that lies in `unescaped` and not in the source; sources are shorter than this (`Limits::MAX_OBJECT`).
const UNESCAPED: u32 = 1 << 31;

/// The keys of all objects that are open, innermost last.
#[derive(Default)]
pub(crate) struct Keys {
    keys: Vec<Key>,
    unescaped: String,
}

#[derive(Clone, Copy)]
struct Key {
    hash: u32,
    start: u32,
    len: u32,
}

/// Where the keys of an object begin.
#[derive(Clone, Copy)]
pub(crate) struct Opened {
    keys: usize,
    unescaped: usize,
}

impl Keys {
    pub(crate) fn open(&self) -> Opened {
        Opened {
            keys: self.keys.len(),
            unescaped: self.unescaped.len(),
        }
    }

    /// Notes a key of the innermost object and returns it without escapes.
    #[inline]
    pub(crate) fn push<'k>(&'k mut self, source: &'k str, text: Text) -> &'k str {
        let (start, name) = if text.escaped {
            let start = self.unescaped.len();
            self.unescaped
                .push_str(&unescape(&source[text.start..text.end]));
            (start as u32 | UNESCAPED, &self.unescaped[start..])
        } else {
            (text.start as u32, &source[text.start..text.end])
        };
        self.keys.push(Key {
            hash: hash(name.as_bytes()),
            start,
            len: name.len() as u32,
        });
        name
    }

    /// The key pushed last that is still open, which `text` was.
    #[inline]
    pub(crate) fn name<'k>(&'k self, source: &'k str, text: Text) -> &'k str {
        if text.escaped {
            self.keys.last().map_or("", |key| self.text(source, *key))
        } else {
            &source[text.start..text.end]
        }
    }

    /// Forgets the keys of the innermost object; returns one that occurs twice in it.
    pub(crate) fn close(&mut self, source: &str, opened: Opened) -> Option<String> {
        let twice = if self.keys.len() - opened.keys <= FEW {
            self.twice_of_few(source, opened)
        } else {
            self.twice_of_many(source, opened)
        };
        let twice = twice.map(|key| self.text(source, key).to_owned());
        self.keys.truncate(opened.keys);
        self.unescaped.truncate(opened.unescaped);
        twice
    }

    fn text<'k>(&'k self, source: &'k str, key: Key) -> &'k str {
        let (from, start) = if key.start & UNESCAPED != 0 {
            (self.unescaped.as_str(), key.start & !UNESCAPED)
        } else {
            (source, key.start)
        };
        &from[start as usize..(start + key.len) as usize]
    }

    fn twice_of_few(&self, source: &str, opened: Opened) -> Option<Key> {
        let keys = &self.keys[opened.keys..];
        keys.iter().enumerate().find_map(|(index, key)| {
            let same = |other: &&Key| {
                other.hash == key.hash && self.text(source, **other) == self.text(source, *key)
            };
            keys[..index].iter().find(same).copied()
        })
    }

    fn twice_of_many(&mut self, source: &str, opened: Opened) -> Option<Key> {
        let mut keys = self.keys.split_off(opened.keys);
        // By text among equal hashes: somebody may have chosen the keys so that all hashes are equal.
        keys.sort_unstable_by(|a, b| {
            a.hash
                .cmp(&b.hash)
                .then_with(|| self.text(source, *a).cmp(self.text(source, *b)))
        });
        keys.windows(2)
            .find(|pair| {
                pair[0].hash == pair[1].hash
                    && self.text(source, pair[0]) == self.text(source, pair[1])
            })
            .map(|pair| pair[0])
    }
}

/// A quick hash: only speed hangs on its quality.
#[inline]
fn hash(name: &[u8]) -> u32 {
    const PRIME: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut state = name.len() as u64;
    let mut chunks = name.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk
            .first_chunk::<8>()
            .map_or(0, |c| u64::from_le_bytes(*c));
        state = (state.rotate_left(5) ^ word).wrapping_mul(PRIME);
    }
    let tail = chunks
        .remainder()
        .iter()
        .fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
    state = (state.rotate_left(5) ^ tail).wrapping_mul(PRIME);
    (state >> 32) as u32
}
